"""Bearer tokens and the identity cookie: both are signed, neither is stored."""

import time
from typing import Any, NamedTuple

from django.core import signing
from django.db.models import F, OuterRef, Subquery
from django.utils.timezone import now

from ..conf import settings
from ..errors import OrganizationSuspended, Unauthenticated
from ..models import Ban, Customer, Organization
from . import bans, users

_TOKEN_SALT = "livechat_widget.token"
_IDENTITY_SALT = "livechat_widget.identity"
IDENTITY_SECONDS = 63_072_000  # two years, extended by every visit


class Claims(NamedTuple):
    """``ends_at``: in seconds of the epoch; ``vouched``: of a user, as ``users.digest`` had it."""

    customer_id: str
    organization_id: int
    generation: int
    ends_at: float
    vouched: str


def mint(customer: Customer) -> str:
    """A bearer token that stands for one customer of one organization."""
    claims = [
        str(customer.pk),
        customer.organization_id,
        customer.token_generation,
        int(time.time()),
        users.digest(customer.user) if customer.user else "",
    ]
    return signing.dumps(claims, salt=_TOKEN_SALT, compress=False)


def read(token: str, address: str = "", **facts: Any) -> Customer:
    """The customer of a token, given with or without ``Bearer``.

    Raises ``Unauthenticated``, ``OrganizationSuspended`` and ``CustomerBanned``, the last one also
    for the ``address`` (a digest). ``facts`` are annotations that the same query is to bring.
    """
    claims = claims_of(token)
    ban = Ban.objects.filter(
        bans.of_customer(OuterRef("pk"), OuterRef("organization"), address), expires_at__gt=now()
    )
    banned = Subquery(ban.order_by("-expires_at").values("expires_at")[:1])
    found: Any = (
        Customer.objects.select_related("organization", "stream", "user")
        .annotate(banned_until=banned, **facts)
        .filter(
            pk=claims.customer_id,
            organization=claims.organization_id,
            token_generation=claims.generation,
        )
        .first()
    )
    if found is None or not _is_vouched_for(found, claims.vouched):
        raise Unauthenticated
    if found.organization.suspended:
        raise OrganizationSuspended
    if found.banned_until:
        raise bans.refusal(found.banned_until)
    customer: Customer = found
    return customer


def claims_of(token: str) -> Claims:
    """What a token says, which may be withdrawn; raises ``Unauthenticated``."""
    try:
        claims = signing.loads(
            token.removeprefix("Bearer ").strip(),
            salt=_TOKEN_SALT,
            max_age=settings.TOKEN_LIFETIME_SECONDS,
        )
        customer_id, organization_id, generation, minted_at, vouched = claims
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Unauthenticated from error
    ends_at = minted_at + settings.TOKEN_LIFETIME_SECONDS
    return Claims(customer_id, organization_id, generation, ends_at, vouched)


def _is_vouched_for(customer: Customer, vouched: str) -> bool:
    """A user's token ends with the password, whoever has changed it and in whatever way."""
    return users.vouches(customer.user, vouched) if customer.user else not vouched


def read_for(token: str, organization: Organization, address: str = "", **facts: Any) -> Customer:
    """The same, of this organization alone."""
    customer = read(token, address, **facts)
    if customer.organization_id != organization.pk:
        raise Unauthenticated
    return customer


def describe(customer: Customer) -> dict[str, Any]:
    """A fresh token, as both token flows give it."""
    return {
        "access_token": mint(customer),
        "entity_id": str(customer.pk),
        "expires_in": settings.TOKEN_LIFETIME_SECONDS,
        "token_type": "Bearer",
        "organization_id": str(customer.organization.organization_id),
    }


def revoke(customer: Customer) -> None:
    """No token that the customer has is good any more; its browser may fetch another one."""
    _end_generation(customer, token_generation=F("token_generation") + 1)


def log_out(customer: Customer) -> None:
    """Neither tokens nor cookies of the customer are good any more: its browsers are strangers."""
    _end_generation(
        customer,
        token_generation=F("token_generation") + 1,
        identity_generation=F("identity_generation") + 1,
    )


def _end_generation(customer: Customer, **generations: Any) -> None:
    Customer.objects.filter(pk=customer.pk).update(revoked_at=now(), **generations)


def seal_identity(customer: Customer) -> str:
    """What the browser keeps, so that it stays the same customer."""
    return signing.dumps([str(customer.pk), customer.identity_generation], salt=_IDENTITY_SALT)


def open_identity(cookie: str, organization: Organization) -> Customer | None:
    """The anonymous customer who was given this cookie; None for a forged or expired one.

    It never stands for who is known: whoever comes to the browser later is somebody else.
    """
    try:
        customer_id, generation = signing.loads(
            cookie, salt=_IDENTITY_SALT, max_age=IDENTITY_SECONDS
        )
    except (signing.BadSignature, ValueError, TypeError):
        return None
    customers = Customer.objects.select_related("organization", "stream")
    return customers.filter(
        pk=customer_id,
        organization=organization,
        identity_generation=generation,
        user=None,
        external_id="",
    ).first()


def cookie_name(organization: Organization, *, secure: bool, group: int | None = None) -> str:
    """One cookie per organization; with ``uniqueGroups`` one per group."""
    prefix = "__Host-" if secure else ""
    suffix = "" if group is None else f"_g{group}"
    return f"{prefix}livechat_{organization.license_id}{suffix}"
