"""The keeper of a process's connections: ends dead ones, and sees all off at a planned stop."""

import asyncio
import gc
import logging
import random
import signal
import threading
from collections import Counter
from types import FrameType
from typing import Any, ClassVar, Protocol

from ..counters import counters, gauges

logger = logging.getLogger("livechat_widget.sockets")

LOOK_SECONDS = 2.0
DRAIN_SECONDS = 5.0
RECONNECT_MS = (200, 2000)


class Kept(Protocol):
    """A connection, as its keeper knows it."""

    door: ClassVar[str]
    logged_in: bool

    def look_after(self) -> None: ...
    def fail(self) -> None: ...
    def say_goodbye(self, reconnect_after_ms: int) -> None: ...
    async def finish(self) -> None: ...


class Keeper:
    """Knows every open connection of the process; ``stopping`` once it was told to stop."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.stopping = False
        self._kept: set[Kept] = set()
        self._tasks = {self.loop.create_task(self._look())}
        self._next_handler: Any = None
        # What the server is made of by now stays: no collection of garbage need walk it again.
        gc.freeze()
        if threading.current_thread() is threading.main_thread():
            self._next_handler = signal.signal(signal.SIGTERM, self._stop)
        gauges["sockets"] = lambda: Counter(one.door for one in list(self._kept))
        gauges["sockets_logged_in"] = lambda: Counter(
            one.door for one in list(self._kept) if one.logged_in
        )
        gauges["stopping"] = is_stopping

    def add(self, connection: Kept) -> None:
        counters.sockets_opened[connection.door] += 1
        self._kept.add(connection)

    def discard(self, connection: Kept) -> None:
        self._kept.discard(connection)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for connection in list(self._kept):
                self._look_after(connection)

    def _look_after(self, connection: Kept) -> None:
        try:
            connection.look_after()
        except Exception:  # one connection's trouble is not the others'
            logger.exception("A connection could not be looked after and is closed")
            connection.fail()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        """A planned stop: see everybody off, then let the server's own handler do its work."""
        if self.stopping or self.loop.is_closed():
            self._go_on(number, frame)
            return
        self.stopping = True
        self.loop.call_soon_threadsafe(self._see_off, number, frame)

    def _see_off(self, number: int, frame: FrameType | None) -> None:
        task = self.loop.create_task(self._drain(number, frame))
        self._tasks.add(task)

    async def _drain(self, number: int, frame: FrameType | None) -> None:
        connections = list(self._kept)
        for connection in connections:
            connection.say_goodbye(random.randint(*RECONNECT_MS))
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await asyncio.gather(*(one.finish() for one in connections), return_exceptions=True)
        except TimeoutError:
            logger.warning("Some connections were not drained within %s s", DRAIN_SECONDS)
        self._go_on(number, frame)

    def _go_on(self, number: int, frame: FrameType | None) -> None:
        if callable(self._next_handler):
            self._next_handler(number, frame)
        else:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)


_keeper: Keeper | None = None


def get_keeper() -> Keeper:
    """This process's keeper; the first call, from the server's loop, starts it."""
    global _keeper
    if _keeper is None or _keeper.loop.is_closed():
        _keeper = Keeper()
    return _keeper


def is_stopping() -> bool:
    """Whether this process was told to stop."""
    return _keeper is not None and _keeper.stopping


async def turn_away(scope: Any, send: Any, status: int = 503, reason: str = "") -> None:
    """Answer a handshake with 503, which sends a proxy to the next process, or another status; a
    server that cannot say that answers 403."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close"})
        return
    await send({"type": "websocket.http.response.start", "status": status, "headers": []})
    await send({"type": "websocket.http.response.body", "body": reason.encode()})
