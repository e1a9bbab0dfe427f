"""From rows to the wire, per view. An agent's id is translated here and nowhere else."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from ..models import Agent, ChatUser, Customer, Event, StreamEntry, Thread
from ..protocol import events, objects, pushes
from ..protocol.properties import Location, readable, readable_names
from ..protocol.times import format_time
from ..protocol.views import View
from . import links
from .state import ChatState

_Presenter = Callable[[StreamEntry, ChatState | None, View], pushes.Push]


def agent_id(agent: Agent, view: View) -> str:
    """The opaque id for customers, the login for agents."""
    return agent.public_id if view is View.CUSTOMER else agent.login


def author_id(author: str, state: ChatState | None, view: View) -> str:
    """An author as the view knows it; customers have the same id everywhere."""
    if view is View.CUSTOMER or state is None:
        return author
    user = state.by_author.get(author)
    return agent_id(user.agent, view) if user and user.agent else author


def event(row: Event, state: ChatState | None, view: View) -> events.Event:
    kind = events.KINDS[row.type]
    content = links.shown(row.content, row.chat_id, view) if kind is events.File else row.content
    common: dict[str, Any] = {
        "id": str(row.pk),
        "custom_id": row.custom_id or UNSET,
        "created_at": format_time(row.created_at),
        "properties": readable(row.properties, view, "event") or UNSET,
        **content,
    }
    if row.author and kind is not events.SystemMessage:
        common["author_id"] = author_id(row.author, state, view)
    if row.visibility == Event.Visibility.AGENTS:
        common["visibility"] = "agents"
    return kind(**common)


def customer(row: Customer, user: ChatUser | None = None) -> objects.Customer:
    """Unset names are absent; a chat user's presence comes from ``user``."""
    return objects.Customer(
        id=str(row.pk),
        name=row.name or UNSET,
        email=row.email or UNSET,
        avatar=row.avatar or UNSET,
        phone_number=row.phone_number or UNSET,
        address=row.postal_address or UNSET,
        omnichannel=row.omnichannel or UNSET,
        session_fields=row.session_fields,
        present=user.present if user else UNSET,
        events_seen_up_to=_time(user.seen_up_to if user else None),
    )


def user(row: ChatUser, state: ChatState, view: View) -> objects.User:
    if row.agent is None:
        return customer(state.customer, row)
    return objects.Agent(
        id=agent_id(row.agent, view),
        name=row.agent.name,
        avatar=row.agent.avatar,
        job_title=row.agent.job_title,
        present=row.present,
        events_seen_up_to=_time(row.seen_up_to),
    )


def thread(
    row: Thread,
    rows: Iterable[Event],
    state: ChatState,
    view: View,
    queue: objects.Queue | UnsetType = UNSET,
    **links: str | UnsetType,
) -> objects.Thread:
    """A thread with the given events, which are in order and visible to the view."""
    properties = row.properties
    if queue:  # older clients look for it among the properties
        place = {"queue_pos": queue.position, "queue_waiting_time": queue.wait_time}
        properties = {**properties, "lc2": {**properties.get("lc2", {}), **place}}
    return objects.Thread(
        id=row.pk,
        active=row.active,
        created_at=format_time(row.created_at),
        user_ids=[author_id(user.author, state, view) for user in state.users],
        events=[event(one, state, view) for one in rows],
        properties=readable(properties, view, "thread"),
        access=objects.Access(group_ids=[row.group.number]),
        queue=queue,
        **links,
    )


def chat(state: ChatState, shown: objects.Thread | None, view: View) -> objects.Chat:
    return objects.Chat(
        id=state.chat.pk,
        users=[user(one, state, view) for one in state.users],
        access=objects.Access(group_ids=[state.thread.group.number]),
        properties=readable(state.chat.properties, view, "chat"),
        thread=shown,
    )


def summary(state: ChatState, last_events: Iterable[Event], view: View) -> objects.ChatSummary:
    """``last_events`` is the newest of each type, of whichever thread."""
    last_events = list(last_events)
    shown = {row.type: event(row, state, view) for row in last_events}
    created_at = format_time(state.thread.created_at)
    return objects.ChatSummary(
        id=state.chat.pk,
        active=state.thread.active,
        users=[user(one, state, view) for one in state.users],
        access=objects.Access(group_ids=[state.thread.group.number]),
        properties=readable(state.chat.properties, view, "chat"),
        last_thread_id=state.thread.pk,
        last_thread_created_at=created_at,
        last_event_per_type={
            row.type: objects.LastEvent(
                thread_id=row.thread_id,
                thread_created_at=format_time(row.thread.created_at),
                event=shown[row.type],
            )
            for row in last_events
        },
        last_thread_info=objects.LastThread(
            id=state.thread.pk,
            created_at=created_at,
            last_event_per_type={
                kind: objects.LastEventOfThread(one) for kind, one in shown.items()
            },
        ),
    )


def push(entry: StreamEntry, state: ChatState | None, view: View) -> pushes.Push:
    """The push of an entry. What happened to a chat needs the state of the chat."""
    return _PUSHES[entry.action](entry, state, view)


def _incoming_event(entry: StreamEntry, state: ChatState | None, view: View) -> pushes.Push:
    row = _event_of(entry)
    return pushes.IncomingEvent(
        chat_id=row.chat_id, thread_id=row.thread_id, event=event(row, state, view)
    )


def _event_updated(entry: StreamEntry, state: ChatState | None, view: View) -> pushes.Push:
    row = _event_of(entry)
    return pushes.EventUpdated(
        chat_id=row.chat_id, thread_id=row.thread_id, event=event(row, state, view)
    )


def _postback(entry: StreamEntry, state: ChatState | None, view: View) -> pushes.Push:
    row = _event_of(entry)
    return pushes.IncomingRichMessagePostback(
        user_id=entry.payload["user_id"],
        chat_id=row.chat_id,
        thread_id=row.thread_id,
        event_id=str(row.pk),
        postback=pushes.Pressed(**entry.payload["postback"]),
    )


def _event_of(entry: StreamEntry) -> Event:
    if entry.event is None:
        raise LookupError(f"entry {entry} lost its event")
    return entry.event


def _incoming_chat(entry: StreamEntry, state: ChatState | None, view: View) -> pushes.Push:
    state = _need(state)
    rows = [
        row
        for row in state.events_for(view)
        if row.thread_id == state.thread.pk and row.created_at <= entry.created_at
    ]
    # Read late, the entry shows the thread that is the last one by now.
    is_last = entry.payload["thread_id"] == state.thread.pk
    before = entry.payload.get("previous_thread_id", UNSET) if is_last else UNSET
    shown = thread(state.thread, rows, state, view, previous_thread_id=before)
    return pushes.IncomingChat(
        requester_id=_author(entry, "requester_id", state, view), chat=chat(state, shown, view)
    )


def _chat_deactivated(entry: StreamEntry, state: ChatState | None, view: View) -> pushes.Push:
    payload = {key: entry.payload[key] for key in ("chat_id", "thread_id")}
    return pushes.ChatDeactivated(user_id=_author(entry, "user_id", state, view), **payload)


def _user_added(entry: StreamEntry, state: ChatState | None, view: View) -> pushes.Push:
    state = _need(state)
    added = state.by_author[entry.payload["user_id"]]
    return pushes.UserAddedToChat(
        chat_id=entry.payload["chat_id"],
        thread_id=entry.payload["thread_id"],
        user=user(added, state, view),
        reason=entry.payload["reason"],
        requester_id=_author(entry, "requester_id", state, view),
    )


def _user_removed(entry: StreamEntry, state: ChatState | None, view: View) -> pushes.Push:
    return pushes.UserRemovedFromChat(
        chat_id=entry.payload["chat_id"],
        thread_id=entry.payload["thread_id"],
        user_id=author_id(entry.payload["user_id"], state, view),
        reason=entry.payload["reason"],
        requester_id=_author(entry, "requester_id", state, view),
    )


def _seen(entry: StreamEntry, state: ChatState | None, view: View) -> pushes.Push:
    return pushes.EventsMarkedAsSeen(
        user_id=author_id(entry.payload["user_id"], state, view),
        chat_id=entry.payload["chat_id"],
        seen_up_to=entry.payload["seen_up_to"],
    )


def _as_stored(entry: StreamEntry, state: ChatState | None, view: View) -> pushes.Push:
    """Everybody sees the same, and the entry has it all."""
    return msgspec.convert(entry.payload, pushes.PUSHES[entry.action])


def _properties_changed(location: Location, read: Callable[..., Any]) -> _Presenter:
    def show(entry: StreamEntry, state: ChatState | None, view: View) -> pushes.Push:
        seen = read(entry.payload["properties"], view, location)
        return pushes.PUSHES[entry.action](**{**entry.payload, "properties": seen})

    return show


_PUSHES: dict[str, _Presenter] = {
    "incoming_chat": _incoming_chat,
    "incoming_event": _incoming_event,
    "event_updated": _event_updated,
    "incoming_rich_message_postback": _postback,
    "chat_deactivated": _chat_deactivated,
    "user_added_to_chat": _user_added,
    "user_removed_from_chat": _user_removed,
    "events_marked_as_seen": _seen,
    "customer_updated": _as_stored,
    "event_deleted": _as_stored,
    "incoming_greeting": _as_stored,
    "greeting_accepted": _as_stored,
    "greeting_canceled": _as_stored,
    "chat_properties_updated": _properties_changed("chat", readable),
    "chat_properties_deleted": _properties_changed("chat", readable_names),
    "thread_properties_updated": _properties_changed("thread", readable),
    "thread_properties_deleted": _properties_changed("thread", readable_names),
    "event_properties_updated": _properties_changed("event", readable),
    "event_properties_deleted": _properties_changed("event", readable_names),
}
# These cannot be presented without the state of the chat, whoever looks.
NEED_STATE = frozenset({"incoming_chat", "user_added_to_chat"})


def _author(entry: StreamEntry, key: str, state: ChatState | None, view: View) -> str | UnsetType:
    author = entry.payload.get(key)
    return author_id(author, state, view) if author else UNSET


def _time(moment: datetime | None) -> str | UnsetType:
    return format_time(moment) if moment else UNSET


def _need(state: ChatState | None) -> ChatState:
    if state is None:
        raise LookupError("this push is about a chat that is not there")
    return state
