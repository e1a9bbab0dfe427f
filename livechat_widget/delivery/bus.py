"""One bus per process: it hears of new entries and hands them to the sockets of its process.

Hints may be lost, doubled or late. A feed always reads on from the last number that it handed
out, so a hint only decides when, never what.
"""

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import suppress
from typing import Any

from ..conf import settings
from ..counters import counters, gauges
from . import log
from .agents import admission, open_chats
from .encode import encode_push
from .feed import Feed, Subscriber
from .layer import SENDER, Sender, get_layer, group_name
from .publish import KINDS, Ephemeral, News, as_message, hand_over_to
from .threads import run

logger = logging.getLogger("livechat_widget.delivery")

REJOIN_SECONDS = 60
GATHER_SECONDS = 0.02
SETTLE_SECONDS = 1.0
LOOK_SECONDS = 0.5


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
        gauges["streams_followed"] = self.feeds.__len__
        gauges["subscribers"] = lambda: sum(len(feed.live) for feed in list(self.feeds.values()))
        gauges["hints_paused"] = self._sender.is_paused

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
            if news.is_fresh():
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

        What many ask within a moment is one query. Where the database takes its time the answer
        is empty: who asks wants a sign of life as well.
        """
        self._doubted.update(stream_ids)
        if self._looking is None:
            self._looking = self.loop.create_task(self._look())
        looking = self._looking
        await asyncio.wait({looking}, timeout=LOOK_SECONDS)
        return looking.result() if looking.done() else {}

    async def _look(self) -> dict[int, log.Head]:
        await asyncio.sleep(GATHER_SECONDS)
        doubted, self._doubted, self._looking = self._doubted, set(), None
        try:
            heads = await run(log.heads, doubted)
        except Exception as error:
            logger.warning("The heads of the streams could not be read: %r", error)
            return {}
        self._wake(heads)
        return heads

    def _wake(self, heads: Mapping[int, log.Head]) -> None:
        for stream_id, head in heads.items():
            if feed := self.feeds.get(stream_id):
                counters.gaps_found += feed.lacks(head.seq)
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

    async def _admit_missed(self) -> None:
        """The same for all chats that are open: no hint is needed for it."""
        manned = [organization_id for organization_id, desk in self.desks.items() if desk]
        if not manned:
            return
        for chat in await run(open_chats, manned):
            for subscriber in self.desks[chat.organization_id]:
                may_follow = subscriber.desk is not None and chat.is_for(subscriber.desk)
                if may_follow and not self._follows(subscriber, chat.stream_id):
                    counters.gaps_found += 1
                    self._start(self._admit(chat.organization_id, chat.stream_id))
                    break

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
            if message.get("sender") == SENDER:
                continue
            for kind, *fields in filter(None, message.get("items", ())):
                # A newer process may send what this one does not know, or not so.
                if known := KINDS.get(kind):
                    with suppress(TypeError):
                        self.hear(known(*fields))

    async def _reconcile(self) -> None:
        """Find what no hint told: one query for all streams of this process."""
        await asyncio.sleep(settings.RECONCILE_SECONDS * random.uniform(0.8, 1.2))
        self._wake(await run(log.heads, list(self.feeds)))
        await self._admit_missed()

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
