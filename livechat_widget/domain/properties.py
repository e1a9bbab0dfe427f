"""Properties of chats, threads and events: written and deleted."""

from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from ..delivery import log
from ..delivery.database import atomic
from ..errors import NotAllowed, NotFound
from ..models import Chat, Event, Stream, Thread
from ..protocol.fields import Properties, PropertyNames
from ..protocol.properties import (
    Location,
    check_access,
    check_amount,
    check_values,
    readable,
    readable_names,
)
from ..protocol.views import View
from . import ratings, transcripts
from .batch import Author, view_of
from .events import find, lock_chat

Shares = TypeVar("Shares", Properties, PropertyNames)


@dataclass(frozen=True)
class Place:
    """A chat, or a thread of it, or an event of that thread."""

    chat_id: str
    thread_id: str | None = None
    event_id: str | None = None


@atomic
def update(place: Place, author: Author, given: Properties) -> None:
    """Set properties; what has its value already is neither written nor pushed.

    Raises ``NotFound``, ``NotAllowed`` for what the author may not write, ``ValidationFailed``.
    """
    stream, keepers = _lock(place, author, rated="rating" in given)
    entries: list[log.NewEntry] = []
    for one in keepers:
        changed = put(one.row, one.location, author, one.share(given))
        if changed:
            one.row.save(update_fields=["properties"])
            seen = readable(changed, View.CUSTOMER, one.location)
            entries.append(one.entry("updated", changed, public=bool(seen)))
            if isinstance(one.row, Thread):
                entries += follow_up(stream, one.row, author, changed)
    if entries:
        log.append(stream, *entries)


@atomic
def delete(place: Place, author: Author, names: PropertyNames) -> None:
    """Delete properties; those that are not set are passed over. Raises as ``update`` does."""
    stream, keepers = _lock(place, author, rated="rating" in names)
    entries: list[log.NewEntry] = []
    for one in keepers:
        gone = take_out(one.row, one.location, author, one.share(names))
        if gone:
            one.row.save(update_fields=["properties"])
            seen = readable_names(gone, View.CUSTOMER, one.location)
            entries.append(one.entry("deleted", gone, public=bool(seen)))
            if isinstance(one.row, Thread):
                entries += _undo(stream, one.row, author, gone)
    if entries:
        log.append(stream, *entries)


def follow_up(
    stream: Stream, thread: Thread, author: Author, changed: Properties
) -> list[log.NewEntry]:
    """What else happens when these properties of a thread were written."""
    entries = ratings.tell(stream, thread, author, changed.get("rating", {}))
    if "transcript_email" in changed.get("routing", {}):
        email = changed["routing"]["transcript_email"]
        entries += transcripts.request(stream, thread, author, email)
    return entries


def _undo(
    stream: Stream, thread: Thread, author: Author, gone: PropertyNames
) -> list[log.NewEntry]:
    if "transcript_email" in gone.get("routing", ()):
        transcripts.withdraw(thread)
    return ratings.tell_of_withdrawal(stream, thread, author, gone.get("rating", ()))


def put(
    row: Chat | Thread | Event, location: Location, author: Author, given: Properties
) -> Properties:
    """Set properties without saving the row; gives those that changed."""
    check_access(given, view_of(author), location, own=_is_own(row, author))
    check_values(given)
    changed = {
        namespace: {
            name: value
            for name, value in names.items()
            if row.properties.get(namespace, {}).get(name) != value
        }
        for namespace, names in given.items()
    }
    changed = {namespace: names for namespace, names in changed.items() if names}
    merged = dict(row.properties)
    for namespace, names in changed.items():
        merged[namespace] = {**merged.get(namespace, {}), **names}
    check_amount(merged)
    row.properties = merged
    return changed


def take_out(
    row: Chat | Thread | Event, location: Location, author: Author, names: PropertyNames
) -> PropertyNames:
    """Delete properties without saving the row; gives the names of those that were there."""
    check_access(names, view_of(author), location, own=_is_own(row, author))
    gone = {
        namespace: [name for name in dict.fromkeys(found) if name in row.properties[namespace]]
        for namespace, found in names.items()
        if namespace in row.properties
    }
    gone = {namespace: found for namespace, found in gone.items() if found}
    left = {
        namespace: {
            name: value for name, value in kept.items() if name not in gone.get(namespace, ())
        }
        for namespace, kept in row.properties.items()
    }
    row.properties = {namespace: kept for namespace, kept in left.items() if kept}
    return gone


def put_first(
    chat: Chat, thread: Thread, author: Author, of_chat: Properties, of_thread: Properties
) -> Properties:
    """The same for a thread that begins, and its chat; gives those of the thread."""
    put(chat, "chat", author, of_chat)
    if rating := of_chat.get("rating"):
        of_thread = {**of_thread, "rating": {**rating, **of_thread.get("rating", {})}}
    return put(thread, "thread", author, of_thread)


def set_ours(row: Chat | Thread, namespace: str, **values: Any) -> None:
    """Set what no client may, without saving the row; None is left out."""
    known = {name: value for name, value in values.items() if value is not None}
    if known:
        kept = row.properties.get(namespace, {})
        row.properties = {**row.properties, namespace: {**kept, **known}}


def read(row: Chat | Thread, namespace: str, name: str) -> Any:
    """The value; None where it is not set."""
    return row.properties.get(namespace, {}).get(name)


class _Keeper(NamedTuple):
    """A row that carries properties, and the ids of its pushes."""

    row: Chat | Thread | Event
    location: Location
    ids: dict[str, str]
    rating_only: bool = False

    def share(self, given: Shares) -> Shares:
        """What of the properties, or of their names, is for this row."""
        return {"rating": given["rating"]} if self.rating_only else given

    def entry(self, verb: str, properties: object, *, public: bool) -> log.NewEntry:
        """``public``: customers may read some of it; of an event that is hidden, nothing."""
        hidden = isinstance(self.row, Event) and self.row.visibility == Event.Visibility.AGENTS
        payload = {**self.ids, "properties": properties}
        action = f"{self.location}_properties_{verb}"
        return log.NewEntry(action, payload, public=public and not hidden)


def _lock(place: Place, author: Author, *, rated: bool) -> tuple[Stream, list[_Keeper]]:
    """The stream, locked, and the rows; a rating of the chat is one of its last thread as well."""
    stream = lock_chat(place.chat_id, author)
    ids = {"chat_id": place.chat_id}
    chat = Chat.objects.select_related("last_thread").get(pk=place.chat_id)
    if place.thread_id is None:
        keepers = [_Keeper(chat, "chat", ids)]
        if rated and chat.last_thread:
            thread_ids = {**ids, "thread_id": chat.last_thread.pk}
            keepers.append(_Keeper(chat.last_thread, "thread", thread_ids, rating_only=True))
        return stream, keepers
    ids["thread_id"] = place.thread_id
    if place.event_id is not None:
        event = find(place.chat_id, place.thread_id, place.event_id, author)
        return stream, [_Keeper(event, "event", {**ids, "event_id": str(event.pk)})]
    thread = _find_thread(chat, place.thread_id)
    if rated and thread.pk != chat.last_thread_id:
        raise NotAllowed("properties.rating: only the last thread of a chat can be rated.")
    return stream, [_Keeper(thread, "thread", ids)]


def _find_thread(chat: Chat, thread_id: str) -> Thread:
    thread = Thread.objects.filter(pk=thread_id, chat=chat).first()
    if thread is None:
        raise NotFound("There is no such thread in this chat.")
    return thread


def _is_own(row: Chat | Thread | Event, author: Author) -> bool:
    return not isinstance(row, Event) or row.author == author.author_id
