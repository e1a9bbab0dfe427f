"""Starting, ending and reading chats (Customer Chat API: chats)."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from ...domain import chats, history
from ...errors import ValidationFailed
from ...protocol.events import NewEvent
from ...protocol.fields import Id, NewProperties, PageId
from ...protocol.pushes import IncomingChat
from ..registry import Answer, Caller
from .registry import ACTIONS

SortOrder = Literal["asc", "desc"]


class NewThread(Struct):
    events: Annotated[list[NewEvent], Meta(max_length=20)] = []
    properties: NewProperties = {}


class NewAccess(Struct):
    group_ids: Annotated[list[int], Meta(max_length=1)] = []


class NewChat(Struct):
    access: NewAccess | None = None
    properties: NewProperties = {}
    thread: NewThread | None = None


class ResumedChat(NewChat, kw_only=True):
    id: Id


class StartChat(Struct):
    """A chat, its group and its first events; ``continuous`` needs nobody online."""

    chat: NewChat | None = None
    active: bool = True
    continuous: bool = False


@ACTIONS.action
def start_chat(caller: Caller, request: StartChat) -> Answer:
    started = chats.start(caller.customer, _opening(caller, request.chat, request))
    return _answer(started, {"chat_id": started.chat.pk})


class ResumeChat(Struct, kw_only=True):
    """Without ``continuous`` the chat stays as it was in that."""

    chat: ResumedChat
    active: bool = True
    continuous: bool | None = None


@ACTIONS.action
def resume_chat(caller: Caller, request: ResumeChat) -> Answer:
    opening = _opening(caller, request.chat, request)
    return _answer(chats.resume(request.chat.id, caller.customer, opening), {})


class DeactivateChat(Struct):
    id: Id


@ACTIONS.action
def deactivate_chat(caller: Caller, request: DeactivateChat) -> Answer:
    entry = chats.deactivate(request.id, caller.customer)
    return Answer(settles=(entry.stream_id, entry.seq))


class ListChats(Struct):
    limit: Annotated[int, Meta(ge=1, le=25)] | UnsetType = UNSET
    sort_order: SortOrder | UnsetType = UNSET
    page_id: PageId | UnsetType = UNSET


@ACTIONS.action
def list_chats(caller: Caller, request: ListChats) -> Answer:
    """A customer has one chat, so there is one page."""
    _check_page(request.page_id, limit=request.limit, sort_order=request.sort_order)
    summaries = history.list_chats(caller.customer)
    return Answer({"chats_summary": summaries, "total_chats": len(summaries)})


class ListThreads(Struct, kw_only=True):
    """Either a first page by order and size, or a later one by its id alone."""

    chat_id: Id
    sort_order: SortOrder | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=100)] | UnsetType = UNSET
    min_events_count: Annotated[int, Meta(ge=1, le=100)] | UnsetType = UNSET
    page_id: PageId | UnsetType = UNSET


@ACTIONS.action
def list_threads(caller: Caller, request: ListThreads) -> Answer:
    given = {
        "sort_order": request.sort_order,
        "limit": request.limit,
        "min_events_count": request.min_events_count,
    }
    _check_page(request.page_id, **given)
    if request.limit is not UNSET and request.min_events_count is not UNSET:
        raise ValidationFailed("payload.limit: not together with min_events_count.")
    page = history.open_page(
        request.page_id or "", **{key: value for key, value in given.items() if value is not UNSET}
    )
    return Answer(history.list_threads(request.chat_id, caller.customer, page))


class GetChat(Struct):
    chat_id: Id
    thread_id: Id | UnsetType = UNSET


@ACTIONS.action
def get_chat(caller: Caller, request: GetChat) -> Answer:
    return Answer(history.get_chat(request.chat_id, caller.customer, request.thread_id or None))


def _opening(
    caller: Caller, chat: NewChat | None, request: StartChat | ResumeChat
) -> chats.Opening:
    groups = chat.access.group_ids if chat and chat.access else []
    return chats.Opening(
        group_number=groups[0] if groups else caller.group_number,
        active=request.active,
        continuous=request.continuous,
        events=chat.thread.events if chat and chat.thread else (),
        chat_properties=chat.properties if chat else {},
        thread_properties=chat.thread.properties if chat and chat.thread else {},
    )


def _answer(started: chats.Started, payload: dict[str, Any]) -> Answer:
    payload["thread_id"] = started.thread.pk
    if started.events:
        payload["event_ids"] = [str(row.pk) for row in started.events]
    if not started.repeated:
        return Answer(payload, settles=(started.stream_id, started.seq))
    chat = history.get_chat(started.chat.pk, started.chat.customer, started.thread.pk)
    return Answer(payload, repeat=IncomingChat(chat=chat))


def _check_page(page_id: str | UnsetType, **others: object) -> None:
    """A page id carries the order and size of the first page; none may come with it."""
    given = [name for name, value in others.items() if value is not UNSET]
    if page_id is not UNSET and given:
        raise ValidationFailed(f"payload.{given[0]}: not together with page_id.")
