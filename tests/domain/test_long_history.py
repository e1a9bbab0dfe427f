"""A chat of 100,000 events: reading it costs what reading a short one does."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from livechat_widget.actions.customer.login import LoginCustomer
from livechat_widget.delivery import agents as desks
from livechat_widget.delivery import encode, rows
from livechat_widget.delivery.encode import Encoding
from livechat_widget.delivery.epoch import read_epoch
from livechat_widget.delivery.state import load_chat, load_recent_events
from livechat_widget.domain import history, login
from livechat_widget.domain.history import Page
from livechat_widget.models import Chat, Event, Stream, StreamEntry, Thread
from livechat_widget.protocol.views import View
from tests.cast import Cast

THREADS, EVENTS = 1000, 100
START = datetime(2020, 1, 1, tzinfo=UTC)
# What a plan says where it reads all of a large table; a thousand threads PostgreSQL reads whole.
WHOLE = {
    "postgresql": re.compile(r"Seq Scan on livechat_widget_(?:event|streamentry)\b"),
    "sqlite": re.compile(r"SCAN (?:livechat_widget_(?:event|streamentry|thread)|U\d)\b(?! USING)"),
}


@pytest.fixture
def chat(cast: Cast) -> Chat:
    """A thousand threads that ended, before the one that is active."""
    chat = cast.chat()
    stream = Stream.objects.get(customer=chat.customer_id)
    threads = [
        Thread(chat=chat, group=cast.general, active=False, created_at=START + timedelta(days=day))
        for day in range(THREADS)
    ]
    Thread.objects.bulk_create(threads)
    events = [
        Event(
            chat=chat,
            thread=thread,
            # One file, long ago: what is rare must not be looked for in all the others.
            type="file" if not (place or number) else "message",
            author=chat.customer.author_id,
            content={"name": "a", "content_type": "a/b", "url": "https://a.example/"}
            if not (place or number)
            else {"text": "Hi"},
            created_at=thread.created_at + timedelta(minutes=number),
        )
        for place, thread in enumerate(threads)
        for number in range(EVENTS)
    ]
    insert(Event, events)
    entries = [
        StreamEntry(
            stream=stream,
            seq=stream.seq + place,
            public_seq=stream.public_seq + place,
            action="incoming_event",
            event=event,
            created_at=event.created_at,
        )
        for place, event in enumerate(events, 1)
    ]
    insert(StreamEntry, entries)
    stream.seq += len(entries)
    stream.public_seq += len(entries)
    stream.save()
    with connection.cursor() as cursor:  # as any server has done long before
        cursor.execute("ANALYZE")
    return chat


def insert(model: type[Model], made: Sequence[Model]) -> None:
    for start in range(0, len(made), 10_000):
        rows.insert(model, made[start : start + 10_000])


def cost(act: Callable[[], object]) -> tuple[int, list[str]]:
    """How many queries, and those that read more than what they are for."""
    with CaptureQueriesContext(connection) as captured:
        act()
    queries = [one["sql"] for one in captured.captured_queries]
    return len(queries), [one for one in queries if _reads_all(one)]


def _reads_all(sql: str) -> bool:
    if "OFFSET" in sql:
        return True
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # where an index serves, it is not the statistics'
            cursor.execute("SET LOCAL enable_seqscan = off")  # choice of the moment that counts
        cursor.execute(f"{explain} {sql.replace('%', '%%')}")
        plan = "\n".join(" ".join(map(str, row)) for row in cursor.fetchall())
    return WHOLE[connection.vendor].search(plan) is not None


def test_reading(cast: Cast, chat: Chat) -> None:
    """One test: the chat is made once."""
    customer = chat.customer
    stream = Stream.objects.get(customer=customer)

    assert cost(lambda: history.list_chats(customer)) == (3, [])
    summary = history.list_chats(customer)[0]
    assert set(summary.last_event_per_type) == {"file", "message"}

    assert cost(lambda: history.get_chat(chat.pk, customer)) == (5, [])
    first = Thread.objects.filter(chat=chat).order_by("created_at")[0]
    assert cost(lambda: history.get_chat(chat.pk, customer, first.pk)) == (6, [])

    for page in (Page(limit=100), Page(min_events_count=100)):
        assert cost(lambda page=page: history.list_threads(chat.pk, customer, page)) == (7, [])

    middle = stream.public_seq // 2
    for encodings in ({Encoding(View.CUSTOMER, "3.5")}, {Encoding(View.CUSTOMER, "3.5", "en")}):
        read = encode.read
        count, whole = cost(lambda: read(stream.pk, View.CUSTOMER, middle, encodings))  # noqa: B023
        assert (count <= 5, whole) == (True, [])

    def draw() -> None:
        state = load_chat(stream.pk)
        assert state
        load_recent_events(state, up_to=START + timedelta(days=THREADS))

    assert cost(draw) == (4, [])

    coming_back(cast, chat)
    assert len(list(_pages(chat))) == THREADS + 1


def coming_back(cast: Cast, chat: Chat) -> None:
    """Logins of the customer and of an agent."""
    customer, organization = chat.customer, cast.organization
    held = customer.stream.public_seq // 2
    acts = [
        partial(login.log_in, cast.token(customer), organization, details)
        for details in (
            login.Details(customer=LoginCustomer()),
            login.Details(customer=LoginCustomer(), after=held, epoch=read_epoch()),
        )
    ]
    desk = desks.Desk(cast.ann.pk, organization.pk)
    acts += [partial(desks.cursors, desk, {}), partial(desks.admission, desk, customer.stream.pk)]
    for act in acts:
        count, whole = cost(act)
        assert count <= 8
        # SQLite reads tables of one row whole, under names that larger ones have as well.
        assert connection.vendor == "sqlite" or whole == []


def _pages(chat: Chat) -> Iterator[Any]:
    """Every thread, page by page, newest first, each once."""
    page = Page(limit=100)
    seen = set()
    while True:
        answer = history.list_threads(chat.pk, chat.customer, page)
        for thread in answer["threads"]:
            assert thread.id not in seen
            seen.add(thread.id)
            yield thread
        if "next_page_id" not in answer:
            return
        page = history.open_page(answer["next_page_id"])
