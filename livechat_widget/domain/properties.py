"""Properties of chats, threads, events, licenses and groups: written, deleted, listed."""

from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from ..delivery import log
from ..delivery.database import atomic
from ..errors import GroupNotFound, NotFound, ValidationFailed
from ..models import Agent, Chat, Event, Group, Organization, Stream, Thread
from ..protocol.fields import NewProperties, Properties, PropertyNames
from ..protocol.properties import (
    Location,
    check_access,
    check_amount,
    check_values,
    readable,
    readable_names,
)
from ..protocol.views import View
from .batch import Author, view_of
from .events import lock_chat


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
    kept = _lock(place, author)
    changed = put(kept.row, kept.location, author, given)
    if changed:
        kept.row.save(update_fields=["properties"])
        seen = readable(changed, View.CUSTOMER, kept.location)
        log.append(kept.stream, kept.entry("updated", changed, public=bool(seen)))


@atomic
def delete(place: Place, author: Author, names: PropertyNames) -> None:
    """Delete properties; those that are not set are passed over. Raises as ``update`` does."""
    kept = _lock(place, author)
    gone = take_out(kept.row, kept.location, author, names)
    if gone:
        kept.row.save(update_fields=["properties"])
        seen = readable_names(gone, View.CUSTOMER, kept.location)
        log.append(kept.stream, kept.entry("deleted", gone, public=bool(seen)))


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


def set_ours(row: Chat | Thread, namespace: str, **values: Any) -> None:
    """Set what no client may, without saving the row; None is left out."""
    known = {name: value for name, value in values.items() if value is not None}
    if known:
        kept = row.properties.get(namespace, {})
        row.properties = {**row.properties, namespace: {**kept, **known}}


def read(row: Chat | Thread, namespace: str, name: str) -> Any:
    """The value; None where it is not set."""
    return row.properties.get(namespace, {}).get(name)


def checked(given: Any) -> Properties:
    """Properties that an administrator wrote; raises ``ValidationFailed``."""
    try:
        written = msgspec.convert(given, NewProperties)
    except msgspec.ValidationError as error:
        raise ValidationFailed(f"properties: {error}.") from error
    check_values(written)
    check_amount(written)
    return written


def list_license_properties(
    organization: Organization, namespace: str | None = None, name: str | None = None
) -> Properties:
    """What customers may read of the organization's properties, of one namespace or name."""
    return _pick(readable(organization.properties, View.CUSTOMER, "license"), namespace, name)


def list_group_properties(
    organization: Organization, number: int, namespace: str | None = None, name: str | None = None
) -> Properties:
    """The same of a group; raises ``GroupNotFound``."""
    group = Group.objects.filter(organization=organization, number=number).first()
    if group is None:
        raise GroupNotFound
    return _pick(readable(group.properties, View.CUSTOMER, "group"), namespace, name)


class _Kept(NamedTuple):
    """The row that carries the properties, its stream locked, and the ids of its pushes."""

    stream: Stream
    row: Chat | Thread | Event
    location: Location
    ids: dict[str, str]
    hidden: bool = False

    def entry(self, verb: str, properties: object, *, public: bool) -> log.NewEntry:
        """``public``: customers may read some of it; from an event that is hidden, nothing."""
        action = f"{self.location}_properties_{verb}"
        payload = {**self.ids, "properties": properties}
        return log.NewEntry(action, payload, public=public and not self.hidden)


def _lock(place: Place, author: Author) -> _Kept:
    stream = lock_chat(place.chat_id, author)
    ids = {"chat_id": place.chat_id}
    if place.thread_id is None:
        return _Kept(stream, Chat.objects.get(pk=place.chat_id), "chat", ids)
    ids["thread_id"] = place.thread_id
    if place.event_id is None:
        thread = Thread.objects.filter(pk=place.thread_id, chat=place.chat_id).first()
        if thread is None:
            raise NotFound("There is no such thread in this chat.")
        return _Kept(stream, thread, "thread", ids)
    event = _find_event(place, author)
    hidden = event.visibility == Event.Visibility.AGENTS
    return _Kept(stream, event, "event", {**ids, "event_id": str(event.pk)}, hidden)


def _find_event(place: Place, author: Author) -> Event:
    """For a customer an event that only agents see is not there."""
    try:
        key = UUID(place.event_id)
    except ValueError:
        event = None
    else:
        events = Event.objects.filter(pk=key, thread=place.thread_id, chat=place.chat_id)
        if not isinstance(author, Agent):
            events = events.filter(visibility=Event.Visibility.ALL)
        event = events.first()
    if event is None:
        raise NotFound("There is no such event in this thread.")
    return event


def _is_own(row: Chat | Thread | Event, author: Author) -> bool:
    return not isinstance(row, Event) or row.author == author.author_id


def _pick(properties: Properties, namespace: str | None, name: str | None) -> Properties:
    picked = {
        space: {one: value for one, value in names.items() if name in (None, one)}
        for space, names in properties.items()
        if namespace in (None, space)
    }
    return {space: names for space, names in picked.items() if names}
