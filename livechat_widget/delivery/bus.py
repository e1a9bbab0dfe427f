"""One bus per process: it hears of new entries and hands them to the sockets of its process.

Hints may be lost, doubled or late. A feed always reads on from the last number that it handed
out, so a hint only decides when, never what.
"""

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

from ..conf import settings
from ..models import StreamEntry
from ..protocol.views import View
from . import log
from .agents import Desk, admission, cursors
from .encode import Encoding, Item, encode, encode_push, need_state, read
from .layer import Sender, get_layer, group_name
from .publish import KINDS, Ephemeral, News, as_message, hand_over_to
from .state import ChatState
from .threads import run

logger = logging.getLogger("livechat_widget.delivery")

REJOIN_SECONDS = 60
GATHER_SECONDS = 0.02
SETTLE_SECONDS = 1.0
NOWHERE = log.Head(0, 0)


class Subscriber(Protocol):
    """A connection. ``desk`` is set for agents, who follow every open chat they may see."""

    encoding: Encoding
    desk: Desk | None

    def deliver(self, item: Item) -> None: ...
    def deliver_ephemeral(self, stream_id: int, action: str, frame: bytes) -> None: ...
    def holds(self, stream_id: int) -> int: ...
    def start_at(self, stream_id: int, number: int) -> None: ...
    def is_lagging(self, stream_id: int) -> bool: ...
    def lag(self, stream_id: int) -> None: ...
    def streams(self) -> Collection[int]: ...
    def is_gone(self) -> bool: ...


class Feed:
    """One stream, read once for all its subscribers in this process."""

    def __init__(self, stream_id: int) -> None:
        self.stream_id = stream_id
        self.head: int | None = None
        self.target = 0
        self.state: ChatState | None = None
        self.lock = asyncio.Lock()
        self.live: set[Subscriber] = set()
        self.joining = 0
        self.task: asyncio.Task[None] | None = None

    async def join(self, subscriber: Subscriber) -> None:
        """Replay what the subscriber misses, then count it among the live ones.

        The last pages are read under the lock, so nothing falls between replay and live.
        """
        while len(await self._replay(subscriber)) == log.PAGE:
            if subscriber.is_lagging(self.stream_id):
                return
        async with self.lock:
            head = (await run(log.heads, [self.stream_id])).get(self.stream_id, NOWHERE).seq
            while await self._replay(subscriber) and not subscriber.is_lagging(self.stream_id):
                pass
            if subscriber.is_lagging(self.stream_id):
                return  # its window is full: it joins again when there is room
            if subscriber.is_gone():
                return  # it left while it was being let in
            if not self.live:
                self.head = head
            self.live.add(subscriber)

    async def _replay(self, subscriber: Subscriber) -> list[Item]:
        encoding = subscriber.encoding
        number = subscriber.holds(self.stream_id)
        page = await run(read, self.stream_id, encoding.view, number, {encoding})
        for item in page.items:
            subscriber.deliver(item)
        return page.items

    def wake(self, last: int, entries: Sequence[StreamEntry] = ()) -> None:
        """Entries up to ``last`` are there; some may have come along, fresh from the writer."""
        self.target = max(self.target, last)
        if not self.live or self.head is None or self.head >= last or self._is_reading():
            return
        if not self._pass_on(entries):
            self.task = asyncio.create_task(self._catch_up())

    def _is_reading(self) -> bool:
        return self.task is not None and not self.task.done()

    def _pass_on(self, entries: Sequence[StreamEntry]) -> bool:
        """Deliver at once what follows on the last number, if no query is needed for it."""
        if not entries or self.head != entries[0].seq - 1 or self.lock.locked():
            return False
        if self.state and not all(self.state.follow(entry) for entry in entries):
            self.state = None
        encodings = {subscriber.encoding for subscriber in self.live}
        if self.state is None and need_state({entry.action for entry in entries}, encodings):
            return False
        self._deliver(encode(entries, self.state, encodings))
        return True

    def _deliver(self, items: Sequence[Item]) -> None:
        for item in items:
            self.head = item.seq
            for subscriber in list(self.live):
                subscriber.deliver(item)

    async def _catch_up(self) -> None:
        while self.live and self.head is not None and self.head < self.target:
            try:
                if not await self._read_on():
                    return
            except Exception:
                logger.exception(
                    "Stream %s could not be read; the reconciler retries", self.stream_id
                )
                return

    async def _read_on(self) -> bool:
        async with self.lock:
            if self.head is None:
                return False
            encodings = {subscriber.encoding for subscriber in self.live}
            page = await run(read, self.stream_id, View.AGENT, self.head, encodings)
            self.state = page.state
            self._deliver(page.items)
            return bool(page.items)


class Bus:
    """The feeds and the agents' desks of one process."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.feeds: dict[int, Feed] = {}
        self.desks: dict[int, set[Subscriber]] = defaultdict(set)
        self._outgoing: list[Any] = []
        self._sender = Sender()
        self._sending = False
        self._has_layer = get_layer() is not None
        self._group = ""
        self._doubted: set[int] = set()
        self._looking: asyncio.Task[dict[int, log.Head]] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        for job in (self._listen, self._reconcile):
            self._start(self._forever(job))

    # -- what is announced ---------------------------------------------------------------

    def announce(self, news: News) -> bool:
        """From any thread."""
        if self.loop.is_closed():
            return False
        self.loop.call_soon_threadsafe(self._announced, news)
        return True

    def _announced(self, news: News) -> None:
        self.hear(news)
        if not self._has_layer:
            return
        self._outgoing.append(as_message(news))
        if not self._sending:
            self._sending = True
            self._start(self._send())

    def announce_now(self, news: Iterable[News]) -> None:
        """From the loop itself."""
        for one in news:
            self._announced(one)

    async def _send(self) -> None:
        """What gathers while one batch is on its way makes the next."""
        while self._outgoing:
            items, self._outgoing = self._outgoing, []
            if self._group:  # not yet known: the other processes' reconcilers find the entries
                await self._sender.send(self._group, items)
        self._sending = False

    def hear(self, news: News) -> None:
        if isinstance(news, Ephemeral):
            self._pass_on(news)
            return
        if feed := self.feeds.get(news.stream_id):
            feed.wake(news.last, news.entries)
        if news.opens and self.desks.get(news.organization_id):
            self._start(self._admit(news.organization_id, news.stream_id))

    def _pass_on(self, news: Ephemeral) -> None:
        feed = self.feeds.get(news.stream_id)
        for subscriber in list(feed.live if feed else ()):
            if subscriber.encoding.view == news.view:
                frame = encode_push(subscriber.encoding, news.action, news.payload)
                if frame:
                    subscriber.deliver_ephemeral(news.stream_id, news.action, frame)

    # -- who listens ---------------------------------------------------------------------

    async def join(self, subscriber: Subscriber, stream_id: int) -> None:
        """From the number that the subscriber holds of this stream on."""
        feed = self.feeds.setdefault(stream_id, Feed(stream_id))
        feed.joining += 1
        try:
            await feed.join(subscriber)
        finally:
            feed.joining -= 1
            self._drop_if_empty(feed)

    def leave(self, subscriber: Subscriber) -> None:
        for desks in self.desks.values():
            desks.discard(subscriber)
        for stream_id in list(subscriber.streams()):
            self.leave_stream(subscriber, stream_id)

    def leave_stream(self, subscriber: Subscriber, stream_id: int) -> None:
        """Until it rejoins; its own number says where it left."""
        if feed := self.feeds.get(stream_id):
            feed.live.discard(subscriber)
            self._drop_if_empty(feed)

    def rejoin(self, subscriber: Subscriber, stream_id: int) -> "asyncio.Task[None]":
        """Join in a task of its own; where that fails, it is tried again."""
        return self._start(self._join_soon(subscriber, stream_id))

    async def settle(self, subscriber: Subscriber, stream_ids: Iterable[int]) -> None:
        """Join these, and wait a moment for it: who missed a lot is not kept from its answer."""
        joins = [self.rejoin(subscriber, stream_id) for stream_id in stream_ids]
        if joins:
            await asyncio.wait(joins, timeout=SETTLE_SECONDS)

    async def _join_soon(self, subscriber: Subscriber, stream_id: int) -> None:
        try:
            await self.join(subscriber, stream_id)
        except Exception as error:
            logger.warning("Stream %s could not be joined: %r", stream_id, error)
            subscriber.lag(stream_id)  # its keeper lets it join again

    def _drop_if_empty(self, feed: Feed) -> None:
        if not feed.live and not feed.joining:
            self.feeds.pop(feed.stream_id, None)

    async def open_desk(self, subscriber: Subscriber, stream_ids: Iterable[int]) -> None:
        """Let an agent follow these streams now, and every chat that opens later."""
        if subscriber.desk:
            self.desks[subscriber.desk.organization_id].add(subscriber)
        await self.settle(subscriber, stream_ids)

    async def look(self, stream_ids: Iterable[int]) -> dict[int, log.Head]:
        """What the log has now; feeds that are behind go on. For who has reason to doubt.

        What many ask within a moment is one query.
        """
        self._doubted.update(stream_ids)
        if self._looking is None:
            self._looking = self.loop.create_task(self._look())
        return await asyncio.shield(self._looking)

    async def _look(self) -> dict[int, log.Head]:
        await asyncio.sleep(GATHER_SECONDS)
        doubted, self._doubted, self._looking = self._doubted, set(), None
        heads = await run(log.heads, doubted)
        self._wake(heads)
        return heads

    def _wake(self, heads: Mapping[int, log.Head]) -> None:
        for stream_id, head in heads.items():
            if feed := self.feeds.get(stream_id):
                feed.wake(head.seq)

    async def _admit(self, organization_id: int, stream_id: int) -> None:
        """Let the agents who may see a chat that has just opened follow it."""
        for subscriber in list(self.desks[organization_id]):
            if subscriber.desk is None or self._follows(subscriber, stream_id):
                continue
            number = await run(admission, subscriber.desk, stream_id)
            if number is not None:
                subscriber.start_at(stream_id, number)
                await self.join(subscriber, stream_id)

    async def _admit_everywhere(self, subscriber: Subscriber) -> None:
        """The same for all chats that this agent may see: no hint is needed for it."""
        if subscriber.desk is None:
            return
        for stream_id, number in (await run(cursors, subscriber.desk, {})).items():
            if not self._follows(subscriber, stream_id):
                subscriber.start_at(stream_id, number)
                self.rejoin(subscriber, stream_id)

    def _follows(self, subscriber: Subscriber, stream_id: int) -> bool:
        feed = self.feeds.get(stream_id)
        return subscriber.is_lagging(stream_id) or (feed is not None and subscriber in feed.live)

    # -- tasks that nothing may end ------------------------------------------------------

    async def _forever(self, job: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            try:
                await job()
            except Exception as error:
                logger.warning("%s failed and starts again: %r", job.__name__, error)
                await asyncio.sleep(1)

    async def _listen(self) -> None:
        layer = get_layer()
        if layer is None:
            await asyncio.Event().wait()
        self._group = await run(group_name)
        while True:  # a layer forgets its groups, so they are joined again and again
            channel = await layer.new_channel()
            await layer.group_add(self._group, channel)
            with suppress(TimeoutError):
                async with asyncio.timeout(REJOIN_SECONDS):
                    await self._hear_from(layer, channel)

    async def _hear_from(self, layer: Any, channel: str) -> None:
        while True:
            message = await layer.receive(channel)
            for kind, *fields in filter(None, message.get("items", ())):
                # A newer process may send what this one does not know, or not so.
                if known := KINDS.get(kind):
                    with suppress(TypeError):
                        self.hear(known(*fields))

    async def _reconcile(self) -> None:
        """Find what no hint told: one query for all streams of this process."""
        await asyncio.sleep(settings.RECONCILE_SECONDS * random.uniform(0.8, 1.2))
        self._wake(await run(log.heads, list(self.feeds)))
        for subscriber in [one for desks in self.desks.values() for one in desks]:
            await self._admit_everywhere(subscriber)

    def _start(self, coroutine: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = self.loop.create_task(coroutine)
        self._tasks.add(task)  # the loop itself keeps only a weak reference
        task.add_done_callback(self._tasks.discard)
        return task


_bus: Bus | None = None


def get_bus() -> Bus:
    """This process's bus; the first call, from the server's loop, starts it."""
    global _bus
    if _bus is None or _bus.loop.is_closed():
        _bus = Bus()
        hand_over_to(_bus.announce)
    return _bus
