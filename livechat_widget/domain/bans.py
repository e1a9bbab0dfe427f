"""Who is kept out: bans by days, blocks by seconds, and lifting either.

A socket that is open hears of it within a few seconds (``standing``), whichever process it is on.
"""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.timezone import now

from ..delivery import log
from ..delivery.database import atomic
from ..errors import CustomerBanned, ValidationFailed
from ..models import Agent, Ban, Customer
from . import chats

MOST_DAYS = 3650


@atomic
def ban(customer: Customer, days: int, agent: Agent | None = None) -> Ban:
    """Ends the customer's chat, and keeps the customer and its last address out for so long."""
    if not 1 <= days <= MOST_DAYS:
        raise ValidationFailed(f"days: give a number from 1 to {MOST_DAYS}.")
    stream = log.lock(customer=customer)
    customer.refresh_from_db()  # the address of its last visit
    chats.end_by_ban(stream, customer, agent, days)
    moment = now()
    return Ban.objects.create(
        organization_id=customer.organization_id,
        customer=customer,
        address=customer.address,
        agent=agent,
        created_at=moment,
        expires_at=moment + timedelta(days=days),
    )


def block(customer: Customer, seconds: int) -> Ban:
    """Keep this customer alone out for a while; its chat goes on afterwards."""
    if seconds < 1:
        raise ValidationFailed("seconds: give a number above 0.")
    moment = now()
    return Ban.objects.create(
        organization_id=customer.organization_id,
        customer=customer,
        temporary=True,
        created_at=moment,
        expires_at=moment + timedelta(seconds=seconds),
    )


def lift(customer: Customer) -> None:
    """Every ban and block of the customer, its address included, ends now."""
    moment = now()
    Ban.objects.filter(customer=customer, expires_at__gt=moment).update(expires_at=moment)


def check(organization_id: int, customer: Customer | None, address: str) -> None:
    """Raise ``CustomerBanned`` where the customer, or the address (a digest), is kept out."""
    running = Ban.objects.filter(
        of_customer(customer and customer.pk, organization_id, address), expires_at__gt=now()
    )
    if found := running.order_by("-expires_at").first():
        raise refusal(found.expires_at)


def of_customer(customer_id: object, organization_id: object, address: str) -> Q:
    """Which bans keep a customer out who comes from this address."""
    by_address = Q(organization=organization_id, address=address) if address else Q(pk=None)
    return Q(customer=customer_id) | by_address


def refusal(until: datetime) -> CustomerBanned:
    """``data.timeout``: the seconds that are left."""
    return CustomerBanned(data={"timeout": seconds_until(until)})


def seconds_until(moment: datetime) -> int:
    return max(1, round((moment - now()).total_seconds()))
