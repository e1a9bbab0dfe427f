"""A customer logs in to a socket: who it is, and how things stand."""

from dataclasses import dataclass
from typing import Any

from msgspec import UNSET, structs

from ..delivery import log
from ..delivery.epoch import read_epoch
from ..models import Chat, ChatUser, Customer, Event, Group, Organization
from ..protocol.views import View
from . import customers, tokens
from .organizations import GENERAL_GROUP


@dataclass(frozen=True)
class Details:
    """What a client may say of the customer at login."""

    customer: Any
    page: customers.Page | None = None
    side_storage: dict[str, str] | None = None
    group_number: int | None = None
    language: str = ""


@dataclass(frozen=True)
class Result:
    """The answer, and the point of the stream that it speaks of."""

    customer: Customer
    payload: dict[str, Any]
    epoch: str
    stream_id: int
    seq: int
    # What the client should keep instead of the side storage that it brought.
    side_storage: dict[str, str] | None = None


def log_in(token: str, organization: Organization, details: Details) -> Result:
    """Raises ``Unauthenticated`` also for the token of another organization."""
    customer = tokens.read_for(token, organization)
    _take_over(customer, details)
    aside = customers.compare_aside(customer, details.side_storage or {})
    # The number is read before the state: what comes between is in both, never in neither.
    customer.stream.refresh_from_db()
    seq = customer.stream.public_seq
    answer = _answer(customer, details)
    return Result(customer, answer, read_epoch(), customer.stream.pk, seq, aside)


def can_resume(customer: Customer, seq: int) -> bool:
    """Whether the log still holds everything after the customer's number."""
    customer.stream.refresh_from_db()
    return log.serves(customer.stream, View.CUSTOMER, seq)


def _take_over(customer: Customer, details: Details) -> None:
    given = structs.asdict(details.customer)
    if known := {key: value for key, value in given.items() if value is not UNSET}:
        customers.update(customer, **known)
    customers.arrive(customer, details.page)
    customers.set_language(customer, details.language)
    customer.refresh_from_db()


def _answer(customer: Customer, details: Details) -> dict[str, Any]:
    chats = Chat.objects.filter(customer=customer).select_related("last_thread")
    asked = GENERAL_GROUP if details.group_number is None else details.group_number
    groups = Group.objects.filter(organization=customer.organization_id)
    known = set(groups.values_list("number", flat=True))
    monitoring = asked if asked in known else GENERAL_GROUP
    return {
        "customer_id": str(customer.pk),
        "customer": customers.describe(customer),
        "has_active_thread": any(_is_active(chat) for chat in chats),
        "chats": [
            {
                "chat_id": chat.pk,
                "has_unread_events": _has_unread(chat, customer),
                "has_active_thread": _is_active(chat),
            }
            for chat in chats
        ],
        "__priv_dynamic_config": {
            "online_groups_ids": sorted(groups.online().values_list("number", flat=True)),
            "customer_groups": {"monitoring": {"id": monitoring}},
        },
    }


def _is_active(chat: Chat) -> bool:
    return bool(chat.last_thread and chat.last_thread.active)


def _has_unread(chat: Chat, customer: Customer) -> bool:
    mine = ChatUser.objects.filter(chat=chat, author=customer.author_id)
    seen = mine.values_list("seen_up_to", flat=True).first()
    events = Event.objects.filter(chat=chat, visibility=Event.Visibility.ALL)
    events = events.exclude(author=customer.author_id)
    return (events.filter(created_at__gt=seen) if seen else events).exists()
