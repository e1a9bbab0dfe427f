"""The log: what was delivered, and in what order. The database is the truth about it.

The stream's row is locked from the first look at the chat to the commit, so sequence order is
commit order and a reader can never meet number n + 1 before n.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import time_ns
from typing import Any, NamedTuple

from django.db.models import Max

from ..models import Event, Stream, StreamEntry
from ..protocol.views import View
from . import publish
from . import rows as rows_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = {View.CUSTOMER: "public_seq", View.AGENT: "seq"}
PAGE = 100


@dataclass
class NewEntry:
    """A push to be numbered; not ``public`` means that only agents get it, or learn of it."""

    action: str
    payload: dict[str, Any] = field(default_factory=dict)
    event: Event | None = None
    public: bool = True


def lock(**customer: Any) -> Stream:
    """Lock the stream found by these terms, such as ``customer__chat=...``, until the commit."""
    return Stream.objects.select_for_update(of=("self",)).get(**customer)


def next_time(stream: Stream) -> datetime:
    """A time after every other that this stream gave out, also when the clock steps back.

    Clients use creation times as cursors and as order, so two events never share one.
    """
    stream.clock = max(stream.clock + 1, time_ns() // 1000)
    return clock_time(stream)


def clock_time(stream: Stream) -> datetime:
    return _at(stream.clock)


def _at(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def append(stream: Stream, *entries: NewEntry) -> list[StreamEntry]:
    """Number the entries and write them; call with the stream locked, after its events."""
    return append_all([(stream, entries)])


def append_all(batch: Iterable[tuple[Stream, Sequence[NewEntry]]]) -> list[StreamEntry]:
    """The same for several streams at once; one may come more than once."""
    written: dict[int, list[StreamEntry]] = {}
    streams: dict[int, Stream] = {}
    rows: list[StreamEntry] = []
    for stream, entries in batch:
        streams[stream.pk] = stream
        numbered = [_number(stream, entry) for entry in entries]
        written.setdefault(stream.pk, []).extend(numbered)
        rows += numbered
    rows_of.update(
        Stream,
        [
            {"id": pk, "seq": one.seq, "public_seq": one.public_seq, "clock": one.clock}
            for pk, one in streams.items()
        ],
    )
    rows_of.insert(StreamEntry, rows)
    publish.entries([(streams[pk], entries) for pk, entries in written.items()])
    return rows


def _number(stream: Stream, entry: NewEntry) -> StreamEntry:
    stream.seq += 1
    stream.public_seq += entry.public
    values = {
        "stream_id": stream.pk,
        "seq": stream.seq,
        "public_seq": stream.public_seq if entry.public else None,
        "action": entry.action,
        "event_id": entry.event.pk if entry.event else None,
        "payload": entry.payload,
        # The clock stands still between events; what is as old as the last may be forgotten.
        "created_at": _at(max(stream.clock, time_ns() // 1000)),
    }
    return rows_of.bare(StreamEntry, values, event=entry.event)


class Head(NamedTuple):
    """The last number of a stream, in either view."""

    seq: int
    public_seq: int


def heads(stream_ids: Iterable[int]) -> dict[int, Head]:
    """The heads of these streams, in one query."""
    condition, values = rows_of.among(list(stream_ids))
    sql = f"SELECT id, seq, public_seq FROM {rows_of.table(Stream)} WHERE id {condition}"
    return {pk: Head(*numbers) for pk, *numbers in rows_of.select((sql, values))[0]}


def thread_starts(stream_ids: Iterable[int]) -> dict[int, int]:
    """The number of the entry before the last start of each stream's chat."""
    starts = (
        StreamEntry.objects.filter(stream_id__in=stream_ids, action="incoming_chat")
        .values("stream_id")
        .annotate(start=Max("seq"))
    )
    return {row["stream_id"]: row["start"] - 1 for row in starts}


def serves(stream: Stream, view: View, number: int) -> bool:
    """Whether the log still holds everything after this number of the view."""
    last = stream.public_seq if view is View.CUSTOMER else stream.seq
    if number >= last:
        return number == last
    return stream.entries.filter(**{_NUMBER[view]: number + 1}).exists()


def after(stream_id: int, view: View, number: int) -> list[StreamEntry]:
    """The next entries of a view, in order, at most ``PAGE``."""
    column = _NUMBER[view]
    entries = StreamEntry.objects.filter(stream_id=stream_id, **{f"{column}__gt": number})
    return list(entries.select_related("event").order_by(column)[:PAGE])
