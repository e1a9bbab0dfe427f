"""Tickets: what remains when nobody is there. They are written down, and mailed to the group."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import formataddr
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.core.exceptions import ValidationError as NotAnId
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ..conf import settings
from ..delivery import log
from ..delivery.database import atomic
from ..errors import GroupNotFound, TooManyRequests, ValidationFailed
from ..models import Agent, Customer, Group, Organization, Ticket
from ..protocol.answers import (
    FilledEmail,
    FilledField,
    FilledName,
    FilledSubject,
)
from ..protocol.forms import check, is_address
from . import addresses, forms, mails
from .organizations import GENERAL_GROUP

_SAME_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class NewTicket:
    """``time_zone`` is an IANA name; times in the mail are given in it."""

    email: str
    message: str
    name: str = ""
    subject: str = ""
    group_number: int = GENERAL_GROUP
    source_url: str = ""
    time_zone: str = ""
    answers: Sequence[FilledField] = field(default=())


@atomic
def write(
    organization: Organization | int,
    new: NewTicket,
    *,
    customer: Customer | None = None,
    address: str = "",
) -> Ticket:
    """Write a ticket down, and its mails. ``address`` is where it came from, to be counted by.

    Raises ``ValidationFailed``, ``GroupNotFound`` and ``TooManyRequests``.
    """
    _check(new)
    sender = addresses.digest(address) if address else ""
    _check_rate(sender)
    group = Group.objects.filter(organization=organization, number=new.group_number).first()
    if group is None:
        raise GroupNotFound
    ticket = Ticket.objects.create(
        group=group,
        customer=customer,
        name=mails.one_line(new.name, 200),
        email=new.email,
        subject=mails.one_line(new.subject, 200),
        message=new.message,
        answers=msgspec.to_builtins(list(new.answers)),
        source_url=mails.one_line(new.source_url, 2000),
        time_zone=new.time_zone,
        sender=sender,
        created_at=now(),
    )
    _write_mails(ticket)
    return ticket


@atomic
def fill(
    customer: Customer,
    group_number: int,
    answers: Sequence[FilledField],
    *,
    source_url: str = "",
    time_zone: str = "",
    address: str = "",
) -> Ticket:
    """A ticket from the group's ticket form; what it does not ask is taken from the customer.

    The same answers once more, within an hour, are the same ticket: its answer was lost on the way,
    or a button was pressed twice.
    """
    log.lock(customer=customer)
    form = forms.find(customer.organization_id, group_number, "ticket")
    if form is None:
        raise ValidationFailed("fields: this group has no ticket form.")
    checked = [one for one in check(form, answers) if one.is_answered()]
    said: dict[type, FilledField] = {}
    for filled in checked:
        said.setdefault(type(filled), filled)
    headers = (FilledName, FilledEmail, FilledSubject)
    new = NewTicket(
        email=_text(said, FilledEmail) or customer.email,
        name=_text(said, FilledName) or customer.name,
        subject=_text(said, FilledSubject),
        message="\n".join(
            f"{one.label}: {one.as_text()}" for one in checked if not isinstance(one, headers)
        ),
        group_number=forms.chosen_group(checked, group_number),
        source_url=source_url,
        time_zone=time_zone,
        answers=checked,
    )
    earlier = _find_same(customer, checked)
    return earlier or write(customer.organization_id, new, customer=customer, address=address)


def find_customer(organization: Organization, visitor_id: str) -> Customer | None:
    """Whom a client says that it is; nothing is told to it, and nothing else depends on it."""
    try:
        return Customer.objects.filter(organization=organization, pk=visitor_id).first()
    except NotAnId:
        return None


def seen_by(user: Any) -> QuerySet[Ticket]:
    """All for a superuser; otherwise those of the groups whose chats the user's agent sees."""
    if user.is_superuser:
        return Ticket.objects.all()
    agent = Agent.objects.filter(user=user.pk).first()
    if agent is None:
        return Ticket.objects.none()
    agent.user = user  # this one has looked up its permissions already
    return Ticket.objects.seen_by(agent)


def _find_same(customer: Customer, checked: Sequence[FilledField]) -> Ticket | None:
    recent = Ticket.objects.filter(customer=customer, created_at__gt=now() - _SAME_WITHIN)
    answers = msgspec.to_builtins(list(checked))
    return next((one for one in recent.order_by("pk") if one.answers == answers), None)


def _text(said: dict[type, FilledField], kind: type) -> str:
    return said[kind].as_text().strip() if kind in said else ""


def _check(new: NewTicket) -> None:
    if not is_address(new.email):
        raise ValidationFailed("requester.mail: write an e-mail address, such as vera@example.org.")
    if not new.message.strip():
        raise ValidationFailed("message: write something; the ticket is blank.")
    if len(new.message.encode()) > settings.MAX_TEXT_BYTES:
        raise ValidationFailed(f"message: at most {settings.MAX_TEXT_BYTES} bytes.")
    if new.time_zone and _zone(new.time_zone) is None:
        raise ValidationFailed("timezone: use a name such as Europe/Paris, or leave it out.")


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if len(name) <= 64 else None
    except (ValueError, LookupError, OSError):  # a folder of zones, such as "Europe", is no zone
        return None


def _check_rate(sender: str) -> None:
    recent = Ticket.objects.filter(sender=sender, created_at__gt=now() - timedelta(hours=1))
    if sender and recent.count() >= settings.TICKETS_PER_HOUR:
        raise TooManyRequests(
            f"At most {settings.TICKETS_PER_HOUR} tickets an hour are taken from one address;"
            " try again later."
        )


def _write_mails(ticket: Ticket) -> None:
    to = ticket.group.email or _general_email(ticket)
    title = ticket.subject or _("Message from %(name)s") % {"name": ticket.name or ticket.email}
    if to:
        requester = formataddr((ticket.name, ticket.email))
        mails.write(to, f"[{ticket.pk}] {title}", _body(ticket), reply_to=requester)
    if settings.TICKET_RECEIPTS:
        # Whoever sent it may have given somebody else's address: nothing of it is repeated here.
        text = _("We have received your message and will answer by mail. Its number is %(id)s.")
        subject = _("Your message to %(name)s")
        name = ticket.group.organization.name
        mails.write(ticket.email, subject % {"name": name}, text % {"id": ticket.pk}, reply_to=to)


def _general_email(ticket: Ticket) -> str:
    groups = Group.objects.filter(organization=ticket.group.organization_id, number=GENERAL_GROUP)
    return groups.values_list("email", flat=True).first() or ""


def _body(ticket: Ticket) -> str:
    zone = _zone(ticket.time_zone) if ticket.time_zone else None
    local = ticket.created_at.astimezone(zone) if zone else ticket.created_at
    moment = f"{date_format(local, 'DATETIME_FORMAT')} {local.tzname()}"
    lines = [
        ticket.message,
        "",
        "-- ",
        f"{_('From')}: {formataddr((ticket.name, ticket.email))}",
        f"{_('Sent')}: {moment}",
        f"{_('Page')}: {ticket.source_url}" if ticket.source_url else "",
    ]
    return "\n".join(lines).rstrip()
