"""Starting, ending and reading chats (Customer Chat API: chats)."""

from typing import Annotated, Literal, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

from ...domain import chats, history
from ...errors import ValidationFailed
from ...protocol.events import NewEvent
from ...protocol.fields import Id, NewProperties, PageId
from ...protocol.objects import Chat, ChatSummary, Thread
from ...protocol.pushes import IncomingChat
from ..registry import Answer, Caller, Nothing
from .registry import ACTIONS

SortOrder = Literal["asc", "desc"]
P = TypeVar("P")


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
    """The customer's first thread: its group, its first events.

    Without ``continuous`` it is refused while nobody accepts chats.
    """

    chat: NewChat | None = None
    active: bool = True
    continuous: bool = False


class ChatStarted(Struct):
    """``event_ids``: of the first events, in order."""

    chat_id: str
    thread_id: str
    event_ids: list[str] | UnsetType = UNSET


@ACTIONS.action
def start_chat(caller: Caller, request: StartChat) -> Answer[ChatStarted]:
    started = chats.start(caller.customer, _opening(caller, request.chat, request))
    return _settle(started, ChatStarted(started.chat.pk, started.thread.pk, _event_ids(started)))


class ResumeChat(Struct, kw_only=True):
    """Another thread of a chat that ended.

    Without ``continuous`` the chat stays as it was in that.
    """

    chat: ResumedChat
    active: bool = True
    continuous: bool | None = None


class ChatResumed(Struct):
    thread_id: str
    event_ids: list[str] | UnsetType = UNSET


@ACTIONS.action
def resume_chat(caller: Caller, request: ResumeChat) -> Answer[ChatResumed]:
    opening = _opening(caller, request.chat, request)
    started = chats.resume(request.chat.id, caller.customer, opening)
    return _settle(started, ChatResumed(started.thread.pk, _event_ids(started)))


class DeactivateChat(Struct):
    """End the active thread of this chat."""

    id: Id


@ACTIONS.action
def deactivate_chat(caller: Caller, request: DeactivateChat) -> Answer[Nothing]:
    entry = chats.deactivate(request.id, caller.customer)
    return Answer(settles=(entry.stream_id, entry.seq))


class ListChats(Struct):
    """The chats of the customer, who has one at most: there is one page."""

    limit: Annotated[int, Meta(ge=1, le=25)] | UnsetType = UNSET
    sort_order: SortOrder | UnsetType = UNSET
    page_id: PageId | UnsetType = UNSET


class ChatsPage(Struct, kw_only=True):
    chats_summary: list[ChatSummary] | UnsetType = UNSET
    chats_info: list[ChatSummary] | UnsetType = UNSET
    total_chats: int


@ACTIONS.action
def list_chats(caller: Caller, request: ListChats) -> Answer[ChatsPage]:
    _check_page(request.page_id, limit=request.limit, sort_order=request.sort_order)
    summaries = history.list_chats(caller.customer)
    return Answer(
        ChatsPage(chats_summary=summaries, chats_info=summaries, total_chats=len(summaries))
    )


class ListThreads(Struct, kw_only=True):
    """Either a first page by order and size, or a later one by its id alone."""

    chat_id: Id
    sort_order: SortOrder | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=100)] | UnsetType = UNSET
    min_events_count: Annotated[int, Meta(ge=1, le=100)] | UnsetType = UNSET
    page_id: PageId | UnsetType = UNSET


class ThreadsPage(Struct):
    """``found_threads``: how many there are on all pages."""

    threads: list[Thread]
    found_threads: int
    next_page_id: str | UnsetType = UNSET
    previous_page_id: str | UnsetType = UNSET


@ACTIONS.action
def list_threads(caller: Caller, request: ListThreads) -> Answer[ThreadsPage]:
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
    return Answer(ThreadsPage(**history.list_threads(request.chat_id, caller.customer, page)))


class GetChat(Struct):
    """A chat with the given thread, or its last one."""

    chat_id: Id
    thread_id: Id | UnsetType = UNSET


@ACTIONS.action
def get_chat(caller: Caller, request: GetChat) -> Answer[Chat]:
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


def _event_ids(started: chats.Started) -> list[str] | UnsetType:
    return [str(row.pk) for row in started.events] or UNSET


def _settle(started: chats.Started, payload: P) -> Answer[P]:
    if not started.repeated:
        return Answer(payload, settles=(started.stream_id, started.seq))
    chat = history.get_chat(started.chat.pk, started.chat.customer, started.thread.pk)
    return Answer(payload, repeat=IncomingChat(chat=chat))


def _check_page(page_id: str | UnsetType, **others: object) -> None:
    """A page id carries the order and size of the first page; none may come with it."""
    given = [name for name, value in others.items() if value is not UNSET]
    if page_id is not UNSET and given:
        raise ValidationFailed(f"payload.{given[0]}: not together with page_id.")
