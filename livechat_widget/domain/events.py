"""Events: what is said in a chat, and how far it was seen."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from ..delivery import log
from ..errors import LivechatError, NotFound
from ..models import Chat, Customer, Event, Stream
from ..protocol.events import AnyNew
from .batch import Author, Command, Done, MarkAsSeen, Send, Sent, carry_out, check, new_event


def send(chat_id: str, author: Author, new: AnyNew, *, attach_to_last: bool = False) -> Sent:
    """Write an event into the active thread of a chat that the author is in.

    A second call with the same ``custom_id`` answers as the first one did. Raises ``NotFound``
    (absent, or not the author's), ``ChatInactive``, ``NotAllowed`` and ``ValidationFailed``.
    """
    sent = perform(Send(chat_id, author, new, attach_to_last))
    assert isinstance(sent, Sent)
    return sent


def mark_as_seen(chat_id: str, author: Author, seen_up_to: datetime) -> Done:
    """Move the author's seen mark forward; a mark never moves back."""
    return perform(MarkAsSeen(chat_id, author, seen_up_to))


def perform(command: Command) -> Done:
    """Carry out one command at once; raises what it is refused for."""
    result = carry_out([command])[0]
    if isinstance(result, LivechatError):
        raise result
    return result


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


def find(chat_id: str, thread_id: str | None, event_id: str, author: Author) -> Event:
    """An event of a chat that ``lock_chat`` let the author into. For a customer one that only
    agents see is not there."""
    found = Event.objects.shown().filter(thread=thread_id, chat=chat_id)
    if isinstance(author, Customer):
        found = found.filter(visibility=Event.Visibility.ALL)
    event = found.filter(pk=event_id).first() if _is_id(event_id) else None
    if event is None:
        raise NotFound("There is no such event in this thread.")
    return event


def _is_id(text: str) -> bool:
    """Written as we write it: ``UUID`` itself also takes braces, capitals and underscores."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def write_first(
    stream: Stream, thread_id: str, chat_id: str, author: Author, news: Sequence[AnyNew]
) -> list[Event]:
    """Store the events that a thread begins with; they have no entries of their own."""
    read = [(new, check(new, author)) for new in news]
    rows = [new_event(stream, thread_id, chat_id, author, new, content) for new, content in read]
    return Event.objects.bulk_create(rows)


def find_repeated(author: Author, news: Sequence[AnyNew]) -> Event | None:
    """An event of the author that one of ``news`` repeats."""
    custom_ids = [new.custom_id for new in news if new.custom_id]
    if not custom_ids:
        return None
    return Event.objects.filter(author=author.author_id, custom_id__in=custom_ids).first()
