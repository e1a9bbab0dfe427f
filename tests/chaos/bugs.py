"""Twelve planted bugs, each a patch of the product that the switch ``bug`` turns on.

They exist to show that the checker sees. A name that the product no longer has raises at the
start: a bug that cannot be planted any more must be planted anew, not forgotten.
"""

import asyncio
import os
import time
from collections import Counter
from functools import wraps
from typing import Any

import psycopg
from django.db import router, transaction

from .control import Effects, Switches
from .plot import Plot


def install(switches: Switches, effects: Effects) -> None:
    plot = Plot(switches, effects)
    for plant in (_write_path, _numbers, _dedupe, _read_path, _members, _marks):
        plant(plot)


def _write_path(plot: Plot) -> None:
    """B1: answered, then not committed. B5: announced before the commit."""
    from livechat_widget.delivery import publish
    from livechat_widget.domain import events
    from livechat_widget.sockets import writer

    def answer_before_commit(carry_out: Any, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic(using=_alias()):
            results = carry_out(*args, **kwargs)
            if any(getattr(result, "seq", 1) % 5 == 0 for result in results):
                plot.struck("B1")
                transaction.set_rollback(True, using=_alias())
        return results

    def announce_at_once(entries: Any, written: Any) -> None:
        plot.struck("B5")
        assert publish._listener is not None
        for stream, rows in written:
            hint = publish.Hint(stream.organization_id, stream.pk, rows[0].seq, rows[-1].seq)
            publish._listener(hint)
        time.sleep(0.2)  # the commit comes when everybody has looked

    for owner in (events, writer):
        plot.replace(owner, "carry_out", "B1", answer_before_commit)
    plot.replace(publish, "entries", "B5", announce_at_once)


def _numbers(plot: Plot) -> None:
    """B4: numbers from a counter of their own, without the row's lock. B10: times with skew."""
    from livechat_widget.delivery import log
    from livechat_widget.domain import batch as hot
    from livechat_widget.models import Stream

    def number_from_a_counter(append_all: Any, batch: Any) -> Any:
        batch = list(batch)
        counts = Counter(stream.pk for stream, entries in batch for _ in entries)
        for stream in {stream.pk: stream for stream, _ in batch}.values():
            stream.seq, stream.public_seq = _draw_numbers(stream.pk, counts[stream.pk])
        plot.struck("B4")
        return append_all(batch)

    def keep_the_counter(update: Any, model: Any, rows: Any) -> None:
        if model is not Stream:
            update(model, rows)

    def read_own_clock(next_time: Any, stream: Any) -> Any:
        plot.struck("B10")
        stream.clock = time.time_ns() // 1000 - (os.getpid() % 3) * 2_000_000
        return log.clock_time(stream)

    def lock_nothing(lock_sql: Any, *args: Any) -> str:
        return str(lock_sql(*args)).partition(" FOR UPDATE")[0]

    plot.replace(Stream.objects, "select_for_update", "B4", lambda *_, **__: Stream.objects.all())
    plot.replace(hot, "_lock_sql", "B4", lock_nothing)
    plot.replace(log.rows_of, "update", "B4", keep_the_counter)
    plot.replace(log, "append_all", "B4", number_from_a_counter)
    plot.replace(log, "next_time", "B10", read_own_clock)


def _draw_numbers(stream_id: int, count: int) -> tuple[int, int]:
    """As a database sequence does: at once, whatever becomes of the transaction."""
    # A transaction that began before the bug was on holds the row that this one waits for.
    patience = {"options": "-c lock_timeout=300"}
    with psycopg.connect(os.environ["CHAOS_DATABASE"], autocommit=True, **patience) as counter:
        row = counter.execute(
            "UPDATE livechat_widget_stream SET seq = seq + %s, public_seq = public_seq + %s"
            " WHERE id = %s RETURNING seq, public_seq",
            [count, count, stream_id],
        ).fetchone()
    assert row is not None
    return row[0] - count, row[1] - count


def _dedupe(plot: Plot) -> None:
    """B6: a custom_id is taken whoever used it. B7: repeats are known to one process only."""
    from livechat_widget.domain import batch, events
    from livechat_widget.sockets import writer

    said: dict[tuple[str, str], Any] = {}

    def find_by_anybody(find: Any, commands: Any) -> Any:
        plot.struck("B6")
        return _ByAnybody(find(commands))

    def remember_here(carry_out: Any, commands: Any, **kwargs: Any) -> Any:
        keys = [_key(command) for command in commands]
        fresh = [one for one, key in zip(commands, keys, strict=True) if key not in said]
        results = iter(carry_out(fresh, **kwargs))
        plot.struck("B7")
        given = [said[key] if key in said else next(results) for key in keys]
        said.update(
            (key, one)
            for key, one in zip(keys, given, strict=True)
            if key[1] and hasattr(one, "seq")
        )
        return given

    plot.replace(batch, "_find_earlier", "B6", find_by_anybody)
    plot.replace(batch, "_find_earlier", "B7", lambda find, commands: {})
    for owner in (events, writer):
        plot.replace(owner, "carry_out", "B7", remember_here)


class _ByAnybody(dict[tuple[str, str, Any], Any]):
    def get(self, key: tuple[str, str, Any], default: Any = None) -> Any:
        same = (row for known, row in self.items() if known[::2] == key[::2] and key[2])
        return next(same, default)


def _key(command: Any) -> tuple[str, str]:
    new = getattr(command, "new", None)
    return command.author.author_id, (new.custom_id or "") if new else ""


def _read_path(plot: Plot) -> None:
    """B2 drops on replay, B3 replays one too many, B9 reads before it listens, B11 gives up."""
    from livechat_widget.delivery import bus
    from livechat_widget.delivery import feed as feeds
    from livechat_widget.protocol.views import View
    from livechat_widget.sockets.connection import Connection

    def read_with_holes(read: Any, stream_id: int, view: Any, number: int, how: Any) -> Any:
        page = read(stream_id, view, number, how)
        for item in page.items if view is View.CUSTOMER else ():  # live reading is done as agent
            if item.seq % 5 == 0:
                plot.struck("B2")
                item.frames.clear()
        return page

    def start_one_early(start_at: Any, self: Any, stream_id: int, number: int) -> None:
        plot.struck("B3")
        start_at(self, stream_id, max(number - 1, 0))

    async def read_then_listen(join: Any, feed: Any, subscriber: Any) -> None:
        while await feed._replay(subscriber):
            pass
        await asyncio.sleep(0.3)
        head = await _head(feed.stream_id)
        if subscriber.holds(feed.stream_id) < head:
            plot.struck("B9")
        subscriber._positions[feed.stream_id] = head
        feed.head = max(feed.head or 0, head)
        feed.live.add(subscriber)

    plot.replace(feeds, "read", "B2", read_with_holes)
    plot.replace(Connection, "start_at", "B3", start_one_early)
    plot.replace(feeds.Feed, "join", "B9", read_then_listen)
    _let_the_reconciler_give_up(bus.Bus, plot)


def _let_the_reconciler_give_up(bus: Any, plot: Plot) -> None:
    """Not by ``replace``: what fails may have begun before the bug was turned on."""
    reconcile = bus._reconcile

    @wraps(reconcile)
    async def give_up(self: Any) -> None:
        try:
            await reconcile(self)
        except Exception:
            if not plot.on("B11"):
                raise
            plot.struck("B11")
            while plot.on("B11"):
                await asyncio.sleep(0.2)

    bus._reconcile = give_up


async def _head(stream_id: int) -> int:
    from livechat_widget.delivery import log
    from livechat_widget.delivery.threads import run

    heads = await run(log.heads, [stream_id])
    return heads[stream_id].seq if stream_id in heads else 0


def _members(plot: Plot) -> None:
    """B8: what happens in a chat is pushed to agents who may not see it."""
    from livechat_widget.delivery import agents
    from livechat_widget.models import Chat

    def find_all(chats_of: Any, desk: Any, *_: Any) -> Any:
        plot.struck("B8")
        return Chat.objects.filter(organization_id=desk.organization_id)

    plot.replace(agents, "_chats_of", "B8", find_all)


def _marks(plot: Plot) -> None:
    """B12: a seen mark goes where the last one to speak puts it."""
    from livechat_widget.domain.batch import _Batch

    def always(is_behind: Any, *_: Any) -> bool:
        plot.struck("B12")
        return True

    plot.replace(_Batch, "_is_behind", "B12", always)


def _alias() -> str:
    from livechat_widget.models import Chat

    return router.db_for_write(Chat)
