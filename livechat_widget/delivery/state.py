"""What is known of a chat at one moment: the rows that a presenter or a template needs.

It is loaded before anything is drawn; drawing runs no query.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from time import monotonic
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.timezone import now

from ..models import Chat, ChatUser, Customer, Event, Group, StreamEntry, Thread
from ..models.agent import staffed
from ..protocol.times import parse_time
from ..protocol.views import View

RECENT = 50
LAST = 12
GOOD_FOR_SECONDS = 60


@dataclass
class ChatState:
    """A chat, its last thread, everybody who was ever in it, and recent events in order."""

    chat: Chat
    users: list[ChatUser]
    events: Sequence[Event] = ()
    online: bool = False
    loaded_at: float = field(default_factory=monotonic)
    # What is drawn of its people, by author and language.
    cards: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    @property
    def customer(self) -> Customer:
        return self.chat.customer

    @property
    def thread(self) -> Thread:
        if self.chat.last_thread is None:
            raise LookupError(f"chat {self.chat.pk} has no thread")
        return self.chat.last_thread

    @cached_property
    def by_author(self) -> dict[str, ChatUser]:
        return {user.author: user for user in self.users}

    @property
    def agents(self) -> list[ChatUser]:
        """The agents who are in the chat now."""
        return [user for user in self.users if user.agent_id and user.present]

    def follow(self, entry: StreamEntry) -> bool:
        """Bring the state up to an entry without a query; False where only loading helps.

        What no entry tells, such as a new name of an agent, is seen when it is loaded again.
        """
        if monotonic() - self.loaded_at > GOOD_FOR_SECONDS:
            return False
        if entry.action == "incoming_event" and entry.event:
            self.events = [*self.events, entry.event][-RECENT:]
            if entry.public_seq is not None:
                self._see(entry.event.author, entry.event.created_at)
            return True
        if entry.action == "events_marked_as_seen":
            self._see(entry.payload["user_id"], parse_time(entry.payload["seen_up_to"]))
            return True
        return False

    def _see(self, author: str, moment: datetime) -> None:
        if user := self.by_author.get(author):
            user.seen_up_to = max(moment, user.seen_up_to or moment)

    def events_for(self, view: View) -> list[Event]:
        """The recent events that this view may see."""
        if view is View.AGENT:
            return list(self.events)
        return [row for row in self.events if row.visibility == Event.Visibility.ALL]


def load_chats(chats: Iterable[Chat]) -> list[ChatState]:
    """Two queries for any number of chats; events are not loaded."""
    chats = list(chats)
    users: dict[str, list[ChatUser]] = {chat.pk: [] for chat in chats}
    for user in (
        ChatUser.objects.filter(chat__in=chats).select_related("agent__user").order_by("pk")
    ):
        users[user.chat_id].append(user)
    return [ChatState(chat, users[chat.pk]) for chat in chats]


def load_chat(stream_id: int) -> ChatState | None:
    chats = Chat.objects.filter(customer__stream=stream_id).select_related(
        "customer", "last_thread__group"
    )
    return next(iter(load_chats(chats)), None)


def load_last_events(states: Collection[ChatState]) -> None:
    """Add the newest events of each chat's last thread, oldest first: one query for all."""
    rank = Window(RowNumber(), partition_by=F("thread"), order_by=F("created_at").desc())
    events = Event.objects.shown().filter(thread__in=[state.thread.pk for state in states])
    newest = events.annotate(rank=rank).filter(rank__lte=LAST).order_by("created_at")
    rows: dict[str, list[Event]] = {state.chat.pk: [] for state in states}
    for row in newest:
        rows[row.chat_id].append(row)
    for state in states:
        state.events = rows[state.chat.pk]


def load_recent_events(state: ChatState, *, up_to: datetime) -> None:
    """Add the newest events of all threads, oldest first, and whether somebody is there."""
    events = Event.objects.shown().filter(chat=state.chat, created_at__lte=up_to)
    state.events = list(events.order_by("-created_at")[:RECENT])[::-1]
    state.online = somebody_is_there(state.chat.organization_id)


def somebody_is_there(organization_id: int) -> bool:
    """In any of the groups, within its hours."""
    moment = now()
    groups = Group.objects.filter(organization=organization_id)
    return any(group.is_open(moment) for group in staffed(groups, moment))
