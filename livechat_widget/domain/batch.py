"""The hot verbs, sending and marking as seen: any number of them in one transaction.

Six statements, however many commands. What a command may not do is decided before anything is
written, so a refusal harms no neighbour; what the database itself refuses rolls all of it back,
and the caller tries again one by one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F

from ..conf import settings
from ..delivery import log, rows
from ..delivery.database import atomic
from ..errors import ChatInactive, LivechatError, NotAllowed, NotFound, ValidationFailed
from ..models import Agent, Chat, ChatUser, Customer, Event, Stream, StreamEntry
from ..protocol.events import NewEvent
from ..protocol.times import format_time

Author = Customer | Agent


@dataclass(frozen=True, slots=True)
class Send:
    """Write an event into the active thread of a chat that the author is in."""

    chat_id: str
    author: Author
    new: NewEvent
    attach_to_last: bool = False


@dataclass(frozen=True, slots=True)
class MarkAsSeen:
    """Move the author's seen mark forward; a mark never moves back."""

    chat_id: str
    author: Author
    seen_up_to: datetime


@dataclass(frozen=True)
class Done:
    """A command that is in the log under this number."""

    stream_id: int
    seq: int


@dataclass(frozen=True)
class Sent(Done):
    """An event in the log; ``repeated``: it was there already, under the same custom_id."""

    event: Event
    repeated: bool = False


class Locked(LivechatError):
    """Another transaction holds the stream: not an error, but not for this batch either."""


Command = Send | MarkAsSeen
Result = Done | LivechatError


@atomic
def carry_out(
    commands: Sequence[Command], *, wait: bool = True, look_for_repeats: bool = True
) -> list[Result]:
    """Do what can be done and give a result for each command, in order.

    Without ``wait`` a chat that somebody else has locked gives ``Locked``. Without
    ``look_for_repeats`` a ``custom_id`` that is there already raises ``IntegrityError`` for all.
    """
    batch = _Batch(commands, wait=wait, look_for_repeats=look_for_repeats)
    plans = [batch.plan(command) for command in commands]
    batch.write()
    return [plan if isinstance(plan, LivechatError) else plan() for plan in plans]


def check(new: NewEvent) -> None:
    """Refuse a text that is blank or too long."""
    if not new.text.strip():
        raise ValidationFailed("event.text: write something; the text is blank.")
    if len(new.text.encode()) > settings.MAX_TEXT_BYTES:
        raise ValidationFailed(
            f"event.text: at most {settings.MAX_TEXT_BYTES} bytes; send it in parts."
        )


def new_event(stream: Stream, thread_id: str, chat_id: str, author: Author, new: NewEvent) -> Event:
    """An event, not stored yet, with the next time of its stream."""
    return Event(
        chat_id=chat_id,
        thread_id=thread_id,
        type="message",
        author=author.author_id,
        custom_id=new.custom_id or None,
        content={"text": new.text},
        created_at=log.next_time(stream),
    )


class _Member(NamedTuple):
    """A chat user, and the last thread of the chat."""

    chat_id: str
    author: str
    pk: int
    present: bool
    seen_up_to: datetime | None
    thread_id: str | None
    active: bool | None


_COLUMNS = ("chat_id", "author", "pk", "present", "seen_up_to", "chat__last_thread")
_ABSENT = "There is no such chat, or it is not yours."
_Plan = Callable[[], Done]


class _Batch:
    """The rows that the commands are about, and what is to be written."""

    def __init__(self, commands: Sequence[Command], *, wait: bool, look_for_repeats: bool) -> None:
        self._waited = wait
        ids = {command.chat_id for command in commands}
        locking = Stream.objects.select_for_update(of=("self",), skip_locked=not wait)
        streams = locking.filter(customer__chat__in=ids).annotate(chat_id=F("customer__chat"))
        found: list[Any] = list(streams.order_by("pk"))
        self._streams: dict[str, Stream] = {row.chat_id: row for row in found}
        # Read after the lock: what is read together with it may be older than the lock.
        users = ChatUser.objects.filter(chat__in=ids)
        members = users.values_list(*_COLUMNS, "chat__last_thread__active")
        users_found = [_Member(*row) for row in members]
        self._members = {(member.chat_id, member.author): member for member in users_found}
        self._earlier = _find_earlier(commands) if look_for_repeats else {}
        self._events: list[Event] = []
        self._entries: list[tuple[Stream, Sequence[log.NewEntry]]] = []
        self._rows: list[StreamEntry] = []
        self._marks: dict[int, datetime] = {}

    def plan(self, command: Command) -> LivechatError | _Plan:
        """A refusal, or a function that gives the result once everything is written."""
        try:
            stream = self._find_stream(command)
            if isinstance(command, Send):
                return self._plan_send(stream, command)
            return self._plan_mark(stream, command)
        except LivechatError as error:
            return error

    def write(self) -> None:
        if self._events:
            rows.insert(Event, [_as_row(event) for event in self._events])
        if self._entries:
            self._rows = log.append_all(self._entries)
        if self._marks:
            marks = [{"id": pk, "seen_up_to": moment} for pk, moment in sorted(self._marks.items())]
            rows.update(ChatUser, marks)

    def _find_stream(self, command: Command) -> Stream:
        stream = self._streams.get(command.chat_id)
        if stream is None:
            raise NotFound(_ABSENT) if self._waited or not self._is_known(command) else Locked
        if not self._is_known(command):
            raise NotFound(_ABSENT)
        if isinstance(command.author, Customer) and stream.customer_id != command.author.pk:
            raise NotFound(_ABSENT)
        return stream

    def _is_known(self, command: Command) -> bool:
        """Whether the author was ever in the chat, or is an agent who may see it."""
        if (command.chat_id, command.author.author_id) in self._members:
            return True
        if isinstance(command.author, Customer):
            return False
        return Chat.objects.seen_by(command.author).filter(pk=command.chat_id).exists()

    def _plan_send(self, stream: Stream, command: Send) -> _Plan:
        check(command.new)
        author = command.author.author_id
        if earlier := self._earlier.get((command.chat_id, author, command.new.custom_id)):
            repeated = _repeat(stream, earlier, command.new)
            return lambda: repeated
        member = self._members.get((command.chat_id, author))
        if member is None or not member.present:
            raise NotAllowed("Join the chat before you write into it.")
        if member.thread_id is None or not (member.active or command.attach_to_last):
            raise ChatInactive
        event = new_event(stream, member.thread_id, command.chat_id, command.author, command.new)
        self._events.append(event)
        self._marks[member.pk] = event.created_at
        place = self._append(stream, log.NewEntry("incoming_event", event=event))
        return lambda: Sent(stream.pk, self._rows[place].seq, event)

    def _plan_mark(self, stream: Stream, command: MarkAsSeen) -> _Plan:
        member = self._members.get((command.chat_id, command.author.author_id))
        moment = min(command.seen_up_to, log.clock_time(stream))
        if member is None or not member.present or not self._is_behind(member, moment):
            return lambda: Done(stream.pk, stream.seq)
        self._marks[member.pk] = moment
        payload = {
            "user_id": command.author.author_id,
            "chat_id": command.chat_id,
            "seen_up_to": format_time(moment),
        }
        place = self._append(stream, log.NewEntry("events_marked_as_seen", payload))
        return lambda: Done(stream.pk, self._rows[place].seq)

    def _is_behind(self, member: _Member, moment: datetime) -> bool:
        seen = self._marks.get(member.pk, member.seen_up_to)
        return seen is None or seen < moment

    def _append(self, stream: Stream, entry: log.NewEntry) -> int:
        """Where the entry's row will be among those that are written."""
        self._entries.append((stream, [entry]))
        return len(self._entries) - 1


def _find_earlier(commands: Sequence[Command]) -> dict[tuple[str, str, Any], Event]:
    sends = [one for one in commands if isinstance(one, Send) and one.new.custom_id]
    if not sends:
        return {}
    rows = Event.objects.filter(
        chat__in={one.chat_id for one in sends},
        custom_id__in={one.new.custom_id for one in sends},
    )
    return {(row.chat_id, row.author, row.custom_id): row for row in rows}


def _repeat(stream: Stream, row: Event, new: NewEvent) -> Sent:
    if row.content.get("text") != new.text:
        raise ValidationFailed("event.custom_id: you used it already, for another event.")
    entry = StreamEntry.objects.filter(stream=stream, event=row).first()
    return Sent(stream.pk, entry.seq if entry else 0, row, repeated=True)


def _as_row(event: Event) -> rows.Row:
    return {
        "id": event.pk,
        "chat_id": event.chat_id,
        "thread_id": event.thread_id,
        "type": event.type,
        "author": event.author,
        "custom_id": event.custom_id,
        "content": event.content,
        "properties": event.properties,
        "visibility": event.visibility,
        "created_at": event.created_at,
    }
