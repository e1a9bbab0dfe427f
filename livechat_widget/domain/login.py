"""A customer logs in to a socket: who it is, and how things stand."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from ..delivery import log
from ..delivery.greetings import describe
from ..models import (
    Chat,
    ChatUser,
    Customer,
    Deployment,
    Event,
    Greeting,
    Organization,
    Stream,
    StreamEntry,
)
from ..protocol.views import View
from . import customers, greetings, groups, tokens
from .organizations import GENERAL_GROUP

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Details:
    """What a client may say of the customer at login.

    ``after`` is the number that it holds, of the log ``epoch``; ``referrer``, where its page was
    come from; ``address``, a digest of that which it logs in from.
    """

    customer: Any
    page: customers.Page | None = None
    side_storage: dict[str, str] | None = None
    group_number: int | None = None
    language: str = ""
    after: int | None = None
    epoch: str = ""
    referrer: str = ""
    address: str = ""


@dataclass(frozen=True)
class Result:
    """The answer, and the point of the stream that it speaks of.

    ``resumable``: the log still holds everything after the number that the client holds.
    ``group_number`` is the group that the customer is in, ``statuses`` what the answer tells.
    """

    customer: Customer
    payload: dict[str, Any]
    epoch: str
    stream_id: int
    seq: int
    resumable: bool
    group_number: int
    statuses: groups.Statuses
    # What the client should keep instead of the side storage that it brought.
    side_storage: dict[str, str] | None = None


def log_in(token: str, organization: Organization, details: Details) -> Result:
    """Raises ``Unauthenticated`` also for the token of another organization.

    When a server was away everybody comes back at once, so this asks the database seldom.
    """
    next_one = StreamEntry.objects.filter(
        stream__customer=OuterRef("pk"), public_seq=(details.after or 0) + 1
    )
    epoch = Deployment.objects.values("epoch")[:1]
    facts = {"epoch": Subquery(epoch), "next_is_there": Exists(next_one)}
    customer: Any = tokens.read_for(token, organization, details.address, **facts)
    # The number is read before the state: what comes between is in both, never in neither.
    stream = customer.stream
    held = details.after if details.epoch == str(customer.epoch) else None
    resumable = held is not None and (
        held == stream.public_seq or (held < stream.public_seq and customer.next_is_there)
    )
    statuses = groups.list_statuses(organization.pk)
    asked = GENERAL_GROUP if details.group_number is None else details.group_number
    group = asked if asked in statuses else GENERAL_GROUP
    offered = _take_over(customer, stream, details, group)
    aside = customers.compare_aside(customer, details.side_storage or {})
    # Who resumes has the greeting, or gets it by its number like everything else.
    greeting = {} if resumable else _describe_greeting(customer, offered)
    config = {
        "online_groups_ids": [one for one, status in statuses.items() if status != "offline"],
        "customer_groups": {"monitoring": {"id": group}},
    }
    return Result(
        customer=customer,
        payload={**_describe(customer), **greeting, "__priv_dynamic_config": config},
        epoch=str(customer.epoch),
        stream_id=stream.pk,
        seq=stream.public_seq,
        resumable=resumable,
        group_number=group,
        statuses=statuses,
        side_storage=aside,
    )


def can_resume(customer: Customer, seq: int) -> bool:
    """Whether the log still holds everything after the customer's number."""
    customer.stream.refresh_from_db()
    return log.serves(customer.stream, View.CUSTOMER, seq)


def _take_over(
    customer: Customer, stream: Stream, details: Details, group_number: int
) -> Greeting | None:
    """Gives the greeting that was offered on the page where the customer is now."""
    known = msgspec.to_builtins(details.customer)
    if known:
        customers.introduce(customer, **known)
    customers.set_language(customer, details.language)
    elsewhere = details.page is not None and details.page.url != customer.page.get("url")
    came_back = details.after is not None and not elsewhere
    offered = None
    if not came_back:
        customers.arrive(customer, details.page, details.address)
        offered = greetings.offer(customer, group_number, details.referrer)
    if known or offered:
        stream.refresh_from_db()  # what the answer says this client need not be told
    if known or not came_back:
        customer.refresh_from_db()
    return offered


def _describe(customer: Customer) -> dict[str, Any]:
    chats = list(_chats_of(customer))
    return {
        "customer_id": str(customer.pk),
        "customer": customers.describe_with(customer, [chat.size for chat in chats]),
        "has_active_thread": any(_is_active(chat) for chat in chats),
        "chats": [
            {
                "chat_id": chat.pk,
                "has_unread_events": chat.unread,
                "has_active_thread": _is_active(chat),
            }
            for chat in chats
        ],
    }


def _describe_greeting(customer: Customer, offered: Greeting | None) -> dict[str, Any]:
    shown = greetings.last_shown(customer)
    if shown is None:
        return {}
    return {"greeting": describe(shown, first_time=shown == offered)}


def _chats_of(customer: Customer) -> "QuerySet[Any]":
    """With their ``size`` in threads, and whether something is ``unread``."""
    mine = ChatUser.objects.filter(chat=OuterRef("pk"), author=customer.author_id)
    unread = Event.objects.filter(chat=OuterRef("pk"), visibility=Event.Visibility.ALL)
    unread = unread.exclude(author=customer.author_id).filter(created_at__gt=OuterRef("seen"))
    seen = Coalesce(Subquery(mine.values("seen_up_to")[:1]), Value(_LONG_AGO))
    return (
        Chat.objects.filter(customer=customer)
        .select_related("last_thread")
        .annotate(size=Count("threads"), seen=seen)
        .annotate(unread=Exists(unread))
    )


def _is_active(chat: Chat) -> bool:
    return bool(chat.last_thread and chat.last_thread.active)
