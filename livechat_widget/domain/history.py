"""Reading back: chats, threads and their events, page by page, always for one customer."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from msgspec import UNSET, UnsetType

from ..delivery import present
from ..delivery.state import ChatState, load_chats
from ..errors import NotFound, ValidationFailed
from ..models import Chat, Customer, Event, Thread
from ..models.event import RARE
from ..protocol import objects
from ..protocol.events import KINDS
from ..protocol.times import format_time, parse_time
from ..protocol.views import View
from . import queue

_PAGE_SALT = "livechat_widget.page"
_PAGE_SECONDS = 30 * 24 * 3600
# Most events are messages: these are found in the order of the chat, the others in an index.
_OF_ONE_TYPE = [Q(type=kind) & (Q() if kind == "message" else RARE) for kind in KINDS]


@dataclass(frozen=True)
class Page:
    """A page of threads; ``before`` or ``after`` is the created_at of a neighbour."""

    sort_order: str = "desc"
    limit: int = 3
    min_events_count: int = 0
    before: str = ""
    after: str = ""


def open_page(page_id: str, **given: Any) -> Page:
    """From an opaque page id, good for a month, or from the terms of a first page."""
    if not page_id:
        return Page(**given)
    try:
        return Page(**signing.loads(page_id, salt=_PAGE_SALT, max_age=_PAGE_SECONDS))
    except (signing.BadSignature, TypeError) as error:
        raise ValidationFailed(
            "payload.page_id: not one of ours, or older than a month."
        ) from error


def list_chats(customer: Customer) -> list[objects.ChatSummary]:
    """The customer's one chat, or none."""
    chats = _chats(customer).filter(last_thread__isnull=False)
    return [
        present.summary(state, _last_event_per_type(state), View.CUSTOMER)
        for state in load_chats(chats)
    ]


def get_chat(chat_id: str, customer: Customer, thread_id: str | None = None) -> objects.Chat:
    """A chat with the given thread, or its last one."""
    state = _load(chat_id, customer)
    threads = _threads(state.chat)
    row = threads.filter(pk=thread_id).first() if thread_id else state.thread
    if row is None:
        raise NotFound("There is no such thread in this chat.")
    shown = _present_threads(state, [row], *_around(threads, [row]))
    return present.chat(state, shown[0], View.CUSTOMER)


def list_threads(chat_id: str, customer: Customer, page: Page) -> dict[str, Any]:
    """``threads``, ``found_threads`` and the ids of the neighbouring pages."""
    state = _load(chat_id, customer)
    threads = _threads(state.chat)
    rows = _page_rows(threads, page)
    older, newer = _around(threads, rows)
    answer: dict[str, Any] = {
        "threads": _present_threads(state, rows, older, newer),
        "found_threads": threads.count(),
    }
    return {**answer, **_pages_around(rows, page, older, newer)}


def _page_rows(threads: QuerySet[Thread], page: Page) -> list[Thread]:
    """In page order. A page that ends at ``before`` is read backwards from there."""
    falling = page.sort_order == "desc"
    backwards = bool(page.before)
    if anchor := page.before or page.after:
        older = falling != backwards
        threads = threads.filter(**{f"created_at__{'lt' if older else 'gt'}": parse_time(anchor)})
    threads = threads.order_by("-created_at" if falling != backwards else "created_at")
    rows = (
        _enough(threads, page.min_events_count)
        if page.min_events_count
        else list(threads[: page.limit])
    )
    return rows[::-1] if backwards else rows


def _enough(threads: QuerySet[Thread], count: int) -> list[Thread]:
    """As many threads as it takes to have ``count`` events, a hundred at most."""
    counts = (
        Event.objects.filter(thread=OuterRef("pk"), visibility=Event.Visibility.ALL)
        .order_by()
        .values("thread")
    )
    rows: list[Thread] = []
    found = 0
    annotated = threads.annotate(size=Subquery(counts.annotate(n=Count("pk")).values("n")))
    for row in annotated[:100]:
        rows.append(row)
        found += row.size or 0
        if found >= count:
            break
    return rows


def _around(threads: QuerySet[Thread], rows: Sequence[Thread]) -> tuple[str, str]:
    """The ids of the threads before and after these; empty where there is none."""
    if not rows:
        return "", ""
    times = [row.created_at for row in rows]
    ids = threads.values_list("pk", flat=True)
    older = ids.filter(created_at__lt=min(times)).order_by("-created_at").first()
    newer = ids.filter(created_at__gt=max(times)).order_by("created_at").first()
    return older or "", newer or ""


def _pages_around(rows: Sequence[Thread], page: Page, older: str, newer: str) -> dict[str, str]:
    following, preceding = (older, newer) if page.sort_order == "desc" else (newer, older)
    terms = {**asdict(page), "before": "", "after": ""}
    pages = {}
    if following:
        pages["next_page_id"] = _seal({**terms, "after": format_time(rows[-1].created_at)})
    if preceding:
        pages["previous_page_id"] = _seal({**terms, "before": format_time(rows[0].created_at)})
    return pages


def _seal(terms: dict[str, Any]) -> str:
    return signing.dumps(terms, salt=_PAGE_SALT)


def _present_threads(
    state: ChatState, rows: Sequence[Thread], older: str, newer: str
) -> list[objects.Thread]:
    """Threads that follow one another, in either order, with the ids around them as links."""
    events: dict[str, list[Event]] = {row.pk: [] for row in rows}
    visible = Event.objects.filter(thread__in=rows, visibility=Event.Visibility.ALL)
    for event in visible.order_by("created_at"):
        events[event.thread_id].append(event)
    order = [older, *(row.pk for row in sorted(rows, key=lambda row: row.created_at)), newer]
    links = {
        pk: {"previous_thread_id": before or UNSET, "next_thread_id": after or UNSET}
        for before, pk, after in zip(order, order[1:], order[2:], strict=False)
    }
    return [
        present.thread(row, events[row.pk], state, View.CUSTOMER, _queue(row), **links[row.pk])
        for row in rows
    ]


def _queue(row: Thread) -> objects.Queue | UnsetType:
    place = queue.place_of(row)
    return place.describe() if place else UNSET


def _last_event_per_type(state: ChatState) -> list[Event]:
    """One step into an index for each type, however many events there are."""
    public = Event.objects.filter(chat=state.chat, visibility=Event.Visibility.ALL)
    newest: list[Any] = [
        Subquery(public.filter(condition).order_by("-created_at").values("pk")[:1])
        for condition in _OF_ONE_TYPE
    ]
    return list(public.filter(pk__in=newest).select_related("thread").order_by("created_at"))


def _load(chat_id: str, customer: Customer) -> ChatState:
    states = load_chats(_chats(customer).filter(pk=chat_id, last_thread__isnull=False))
    if not states:
        raise NotFound("There is no such chat, or it is not yours.")
    return states[0]


def _chats(customer: Customer) -> QuerySet[Chat]:
    return Chat.objects.filter(customer=customer).select_related("customer", "last_thread__group")


def _threads(chat: Chat) -> QuerySet[Thread]:
    return Thread.objects.select_related("group").filter(chat=chat)
