"""What the database says about one organization, in plain values."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .store import Store


@dataclass(frozen=True)
class Event:
    id: str
    stream: str
    thread: str
    author: str
    custom_id: str | None
    text: str
    public: bool
    created_at: str


@dataclass(frozen=True)
class Entry:
    """``seq`` is the agents' number, ``public_seq`` the customer's or None."""

    stream: str
    seq: int
    public_seq: int | None
    action: str
    event: str | None
    payload: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass
class Ledger:
    """Streams are named by their customer's id, everything in order."""

    events: list[Event] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    heads: dict[str, tuple[int, int]] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    threads: dict[str, list[str]] = field(default_factory=dict)
    seen: dict[tuple[str, str], str | None] = field(default_factory=dict)


def read_ledger(store: Store, organization: int) -> Ledger:
    return Ledger(
        events=_events(store, organization),
        entries=_entries(store, organization),
        heads=read_heads(store, organization),
        groups=_groups(store, organization),
        threads=_threads(store, organization),
        seen=_seen(store, organization),
    )


def read_heads(store: Store, organization: int) -> dict[str, tuple[int, int]]:
    """``(seq, public_seq)`` per customer."""
    query = "SELECT customer_id, seq, public_seq FROM livechat_widget_stream"
    rows = store.rows(f"{query} WHERE organization_id = ?", organization)
    return {uuid(customer): (seq, public) for customer, seq, public in rows}


def _events(store: Store, organization: int) -> list[Event]:
    rows = store.rows(
        "SELECT e.id, c.customer_id, e.thread_id, e.author, e.custom_id, e.content, e.visibility,"
        " e.created_at FROM livechat_widget_event e"
        " JOIN livechat_widget_chat c ON c.id = e.chat_id"
        " WHERE c.organization_id = ? ORDER BY c.id, e.created_at, e.id",
        organization,
    )
    return [
        Event(
            uuid(id_),
            uuid(customer),
            thread,
            author,
            custom_id,
            json_of(content).get("text", ""),
            visibility == "all",
            time_of(created_at),
        )
        for id_, customer, thread, author, custom_id, content, visibility, created_at in rows
    ]


def _entries(store: Store, organization: int) -> list[Entry]:
    rows = store.rows(
        "SELECT s.customer_id, n.seq, n.public_seq, n.action, n.event_id, n.payload"
        " FROM livechat_widget_streamentry n JOIN livechat_widget_stream s ON s.id = n.stream_id"
        " WHERE s.organization_id = ? ORDER BY s.id, n.seq",
        organization,
    )
    return [
        Entry(uuid(customer), seq, public, action, event and uuid(event), json_of(payload))
        for customer, seq, public, action, event, payload in rows
    ]


def _groups(store: Store, organization: int) -> dict[str, int]:
    """The group of each customer's last thread."""
    rows = store.rows(
        "SELECT c.customer_id, g.number FROM livechat_widget_chat c"
        " JOIN livechat_widget_thread t ON t.id = c.last_thread_id"
        " JOIN livechat_widget_group g ON g.id = t.group_id WHERE c.organization_id = ?",
        organization,
    )
    return {uuid(customer): number for customer, number in rows}


def _threads(store: Store, organization: int) -> dict[str, list[str]]:
    rows = store.rows(
        "SELECT c.customer_id, t.id FROM livechat_widget_thread t"
        " JOIN livechat_widget_chat c ON c.id = t.chat_id"
        " WHERE c.organization_id = ? ORDER BY t.created_at",
        organization,
    )
    threads: dict[str, list[str]] = {}
    for customer, thread in rows:
        threads.setdefault(uuid(customer), []).append(thread)
    return threads


def _seen(store: Store, organization: int) -> dict[tuple[str, str], str | None]:
    """The mark of each (stream, author)."""
    rows = store.rows(
        "SELECT c.customer_id, u.author, u.seen_up_to FROM livechat_widget_chatuser u"
        " JOIN livechat_widget_chat c ON c.id = u.chat_id WHERE c.organization_id = ?",
        organization,
    )
    return {
        (uuid(customer), author): time_of(moment) if moment else None
        for customer, author, moment in rows
    }


def uuid(value: Any) -> str:
    """SQLite keeps 32 digits, PostgreSQL a UUID; here it always has its dashes."""
    digits = str(value).replace("-", "")
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def json_of(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return found


def time_of(value: Any) -> str:
    """As on the wire: ``2026-01-02T03:04:05.000006Z``, so that order of text is order of time."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return str(moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
