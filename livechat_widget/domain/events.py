"""Events: what is said in a chat, and how far it was seen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from ..conf import settings
from ..delivery import log
from ..errors import ChatInactive, NotAllowed, NotFound, ValidationFailed
from ..models import Agent, Chat, ChatUser, Customer, Event, Stream, StreamEntry, Thread
from ..protocol.events import NewEvent
from ..protocol.times import format_time

Author = Customer | Agent


@dataclass(frozen=True)
class Sent:
    """An event and its number; ``repeated``: it was there already, under the same custom_id."""

    event: Event
    stream_id: int
    seq: int
    repeated: bool = False


@transaction.atomic
def send(chat_id: str, author: Author, new: NewEvent, *, attach_to_last: bool = False) -> Sent:
    """Write an event into the active thread of a chat that the author is in.

    A second call with the same ``custom_id`` answers as the first one did. Raises ``NotFound``
    (absent, or not the author's), ``ChatInactive``, ``NotAllowed`` and ``ValidationFailed``.
    """
    check(new)
    stream = lock_chat(chat_id, author)
    chats = Chat.objects.select_related("last_thread").annotate(earlier=_earlier(author, new))
    chat: Any = chats.get(pk=chat_id)
    if chat.earlier:
        return _repeat(stream, chat.earlier, new)
    thread = chat.last_thread
    if thread is None or not (thread.active or attach_to_last):
        raise ChatInactive
    row = write(stream, thread, author, new)
    if not _mark(chat_id, author, row.created_at):
        raise NotAllowed("Join the chat before you write into it.")
    entry = log.append(stream, log.NewEntry("incoming_event", event=row))[0]
    return Sent(row, stream.pk, entry.seq)


@transaction.atomic
def mark_as_seen(chat_id: str, author: Author, seen_up_to: datetime) -> None:
    """Move the author's seen mark forward; a mark never moves back."""
    stream = lock_chat(chat_id, author)
    times = Event.objects.filter(chat=chat_id).order_by("-created_at")
    newest = times.values_list("created_at", flat=True).first()
    moment = min(seen_up_to, newest) if newest else seen_up_to
    if _mark(chat_id, author, moment):
        payload = {
            "user_id": author.author_id,
            "chat_id": chat_id,
            "seen_up_to": format_time(moment),
        }
        log.append(stream, log.NewEntry("events_marked_as_seen", payload))


def lock_chat(chat_id: str, author: Author) -> Stream:
    """Lock the stream of a chat; the same ``NotFound`` for a foreign chat as for an absent one.

    An agent's own are those of the groups that the agent may see.
    """
    own: dict[str, Any] = (
        {"customer": author}
        if isinstance(author, Customer)
        else {"customer__chat__in": Chat.objects.seen_by(author)}
    )
    try:
        return log.lock(customer__chat=chat_id, **own)
    except Stream.DoesNotExist as error:
        raise NotFound("There is no such chat, or it is not yours.") from error


def write(stream: Stream, thread: Thread, author: Author, new: NewEvent) -> Event:
    """Store an event; the caller appends its entry, or that of the chat that it came with."""
    return Event.objects.create(
        chat_id=thread.chat_id,
        thread=thread,
        type="message",
        author=author.author_id,
        custom_id=new.custom_id or None,
        content={"text": new.text},
        created_at=log.next_time(stream),
    )


def check(new: NewEvent) -> None:
    """Refuse a text that is blank or too long."""
    if not new.text.strip():
        raise ValidationFailed("event.text: write something; the text is blank.")
    if len(new.text.encode()) > settings.MAX_TEXT_BYTES:
        raise ValidationFailed(
            f"event.text: at most {settings.MAX_TEXT_BYTES} bytes; send it in parts."
        )


def find_repeated(author: Author, news: list[NewEvent]) -> Event | None:
    """An event of the author that one of ``news`` repeats."""
    custom_ids = [new.custom_id for new in news if new.custom_id]
    if not custom_ids:
        return None
    return Event.objects.filter(author=author.author_id, custom_id__in=custom_ids).first()


def _earlier(author: Author, new: NewEvent) -> Subquery:
    events = Event.objects.filter(
        chat=OuterRef("pk"), author=author.author_id, custom_id=new.custom_id or None
    )
    return Subquery((events if new.custom_id else Event.objects.none()).values("pk")[:1])


def _repeat(stream: Stream, event_id: Any, new: NewEvent) -> Sent:
    row = Event.objects.get(pk=event_id)
    if row.content.get("text") != new.text:
        raise ValidationFailed("event.custom_id: you used it already, for another event.")
    entry = StreamEntry.objects.filter(stream=stream, event=row).first()
    return Sent(row, stream.pk, entry.seq if entry else 0, repeated=True)


def _mark(chat_id: str, author: Author, moment: datetime) -> bool:
    """False where the author is not in the chat, or the mark is there already."""
    behind = Q(seen_up_to=None) | Q(seen_up_to__lt=moment)
    user = ChatUser.objects.filter(behind, chat=chat_id, author=author.author_id, present=True)
    return bool(user.update(seen_up_to=moment))
