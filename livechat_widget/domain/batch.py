"""The hot verbs, sending and marking as seen: any number of them in one transaction.

Six statements, however many commands. What a command may not do is decided before anything is
written, so a refusal harms no neighbour; what the database itself refuses rolls all of it back,
and the caller tries again one by one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from ..delivery import log, rows
from ..delivery.database import atomic, connection
from ..errors import ChatInactive, LivechatError, NotAllowed, NotFound, ValidationFailed
from ..models import Agent, Chat, ChatUser, Customer, Event, Stream, StreamEntry, Thread
from ..models.ids import draw_event_id
from ..protocol.events import TAGS, AnyNew
from ..protocol.properties import check_new
from ..protocol.times import format_time
from ..protocol.views import View
from . import contents, files
from .contents import Content

Author = Customer | Agent


def view_of(author: Author) -> View:
    return View.AGENT if isinstance(author, Agent) else View.CUSTOMER


@dataclass(frozen=True, slots=True)
class Send:
    """Write an event into the active thread of a chat that the author is in."""

    chat_id: str
    author: Author
    new: AnyNew
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


def check(new: AnyNew, author: Author) -> Content:
    """What is kept of an event; refuses it, or properties that are not the author's to set."""
    content = contents.read(new, author)
    check_new(new.properties, view_of(author), "event")
    return content


def new_event(
    stream: Stream, thread_id: str, chat_id: str, author: Author, new: AnyNew, content: Content
) -> Event:
    """An event, not stored yet, with the next time of its stream; its file is the chat's now."""
    if "file_id" in content:
        files.attach(content["file_id"], chat_id)
    values = {
        "id": draw_event_id(),
        "chat_id": chat_id,
        "thread_id": thread_id,
        "type": TAGS[type(new)],
        "author": author.author_id,
        "custom_id": new.custom_id or None,
        "content": content,
        "properties": new.properties,
        "visibility": new.recipients,
        "created_at": log.next_time(stream),
    }
    return rows.bare(Event, values)


class _Member(NamedTuple):
    """A chat user, and the last thread of the chat."""

    chat_id: str
    author: str
    pk: int
    present: bool
    seen_up_to: datetime | None
    thread_id: str | None
    active: bool | None


_STREAM = ("id", "organization_id", "seq", "public_seq", "clock")
_ABSENT = "There is no such chat, or it is not yours."
_Plan = Callable[[], Done]


class _Batch:
    """The rows that the commands are about, and what is to be written."""

    def __init__(self, commands: Sequence[Command], *, wait: bool, look_for_repeats: bool) -> None:
        self._waited = wait
        ids = list({command.chat_id for command in commands})
        # Two statements: what is read together with the lock may be older than the lock.
        condition, values = rows.among(ids)
        locked, members = rows.select(
            (_lock_sql(condition, wait), values), (_members_sql(condition), values)
        )
        self._streams = {
            chat_id: rows.bare(Stream, dict(zip(_STREAM, columns, strict=True)))
            for chat_id, *columns in locked
        }
        found = [_Member(*row) for row in members]
        self._members = {(member.chat_id, member.author): member for member in found}
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
        if not self._entries:
            return
        with rows.together():
            if self._events:
                rows.insert(Event, self._events)
            self._rows = log.append_all(self._entries)
            if self._marks:
                marks = sorted(self._marks.items())
                rows.update(ChatUser, [{"id": pk, "seen_up_to": moment} for pk, moment in marks])

    def _find_stream(self, command: Command) -> Stream:
        stream = self._streams.get(command.chat_id)
        if stream is None:
            raise NotFound(_ABSENT) if self._waited or not self._is_known(command) else Locked
        if not self._is_known(command):
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
        new = command.new
        content = check(new, command.author)
        author = command.author.author_id
        if earlier := self._earlier.get((command.chat_id, author, new.custom_id)):
            repeated = _repeat(stream, earlier, new, content)
            return lambda: repeated
        member = self._members.get((command.chat_id, author))
        if member is None or not member.present:
            raise NotAllowed("Join the chat before you write into it.")
        if member.thread_id is None or not (member.active or command.attach_to_last):
            raise ChatInactive
        event = new_event(stream, member.thread_id, command.chat_id, command.author, new, content)
        self._events.append(event)
        public = new.recipients == "all"
        if public:  # a mark tells customers when an agent was there
            self._marks[member.pk] = event.created_at
        place = self._append(stream, log.NewEntry("incoming_event", event=event, public=public))
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
        seen = self._marks.get(member.pk) or rows.as_time(member.seen_up_to)
        return seen is None or seen < moment

    def _append(self, stream: Stream, entry: log.NewEntry) -> int:
        """Where the entry's row will be among those that are written."""
        self._entries.append((stream, [entry]))
        return len(self._entries) - 1


def _lock_sql(condition: str, wait: bool) -> str:
    lock = f"FOR UPDATE OF s{'' if wait else ' SKIP LOCKED'}"
    return (
        f"SELECT c.id, {', '.join(f's.{name}' for name in _STREAM)} FROM {rows.table(Stream)} s"
        f" JOIN {rows.table(Chat)} c ON c.customer_id = s.customer_id"
        f" WHERE c.id {condition} ORDER BY s.id"
        f" {lock if connection().features.has_select_for_update else ''}"
    )


def _members_sql(condition: str) -> str:
    return (
        "SELECT u.chat_id, u.author, u.id, u.present, u.seen_up_to, t.id, t.active"
        f" FROM {rows.table(ChatUser)} u JOIN {rows.table(Chat)} c ON c.id = u.chat_id"
        f" LEFT JOIN {rows.table(Thread)} t ON t.id = c.last_thread_id"
        f" WHERE u.chat_id {condition}"
    )


def _find_earlier(commands: Sequence[Command]) -> dict[tuple[str, str, Any], Event]:
    sends = [one for one in commands if isinstance(one, Send) and one.new.custom_id]
    if not sends:
        return {}
    found = Event.objects.filter(
        chat__in={one.chat_id for one in sends},
        custom_id__in={one.new.custom_id for one in sends},
    )
    return {(row.chat_id, row.author, row.custom_id): row for row in found}


def _repeat(stream: Stream, row: Event, new: AnyNew, content: Content) -> Sent:
    same = (row.type, row.visibility) == (TAGS[type(new)], new.recipients)
    if not same or not contents.is_same(row.content, content):
        raise ValidationFailed("event.custom_id: you used it already, for another event.")
    entry = StreamEntry.objects.filter(stream=stream, event=row, action="incoming_event").first()
    return Sent(stream.pk, entry.seq if entry else 0, row, repeated=True)
