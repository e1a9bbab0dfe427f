"""A feed: one stream, read once for everybody in this process who listens to it."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from typing import Protocol

from ..models import StreamEntry
from ..protocol.views import View
from . import log
from .agents import Desk
from .encode import Encoding, Item, encode, need_state, read
from .state import ChatState
from .threads import run

logger = logging.getLogger("livechat_widget.delivery")

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

        The head is read before the last page and both under the lock, so nothing falls between
        replay and live. Others get their turn between two pages.
        """
        while True:
            async with self.lock:
                head = (await run(log.heads, [self.stream_id])).get(self.stream_id, NOWHERE).seq
                items = await self._replay(subscriber)
                if subscriber.is_lagging(self.stream_id):
                    return  # its window is full: it joins again when there is room
                if subscriber.is_gone():
                    return  # it left while it was being let in
                if len(items) < log.PAGE:
                    if not self.live:
                        self.head = head
                    self.live.add(subscriber)
                    return

    async def _replay(self, subscriber: Subscriber) -> list[Item]:
        encoding = subscriber.encoding
        number = subscriber.holds(self.stream_id)
        page = await run(read, self.stream_id, encoding.view, number, {encoding})
        for item in page.items:
            subscriber.deliver(item)
        return page.items

    def lacks(self, last: int) -> bool:
        """Whether there are entries that nobody has told of yet."""
        return self.head is not None and max(self.head, self.target) < last

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
