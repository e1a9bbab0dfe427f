"""What goes out on one connection, in order, and how far the other side has got with it."""

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Coroutine, Generator
from functools import partial
from typing import Any

from ..conf import settings
from ..counters import counters

logger = logging.getLogger("livechat_widget.sockets")

SLOW_CONSUMER = 4409
# Pushes, and their bytes, that may be out unacknowledged: for clients that acknowledge at all.
WINDOW_FRAMES = 200
WINDOW_BYTES = 256 * 1024
STUCK_SECONDS = 10.0


class Outbox:
    """A queue that is sent at once while the server takes what it is given, else by a task."""

    def __init__(self, send: Any) -> None:
        self._send = send
        self._queue: deque[bytes | int] = deque()
        self._emptying = False
        self._closed = False
        self._task: asyncio.Task[None] | None = None
        self._sent = 0
        self._acknowledged: int | None = None
        self._flying: deque[int] = deque()
        self._flying_bytes = 0
        self._full_since: float | None = None
        self._sending_since: float | None = None

    def put(self, frame: bytes) -> None:
        if self._closed:
            return
        self._queue.append(frame)
        if len(self._queue) > settings.MAX_WAITING_FRAMES:
            self._queue.clear()  # a cursor makes this lossless: the client comes back with it
            self._queue.append(SLOW_CONSUMER)
            counters.slow_consumers += 1
        self._start()

    def put_push(self, frame: bytes) -> None:
        """A durable push, which the other side may acknowledge."""
        self._sent += 1
        if self._acknowledged is not None:
            self._flying.append(len(frame))
            self._flying_bytes += len(frame)
        self.put(frame)

    def close(self, code: int) -> None:
        """After everything that was put so far."""
        self._queue.append(code)
        self._start()

    def abandon(self) -> None:
        """The connection is gone: nothing goes out any more."""
        self._closed = True
        if self._task:
            self._task.cancel()

    def acknowledge(self, received: int) -> None:
        """The other side has received so many durable pushes since it logged in."""
        if self._acknowledged is None:
            self._acknowledged = self._sent  # from here on they are counted
        landed = min(received, self._sent) - (self._sent - len(self._flying))
        for _ in range(max(0, landed)):
            self._flying_bytes -= self._flying.popleft()
        if not self.is_full():
            self._full_since = None

    def is_full(self) -> bool:
        """Whether nothing durable should go out before the next acknowledgement."""
        full = len(self._flying) >= WINDOW_FRAMES or self._flying_bytes >= WINDOW_BYTES
        if full and self._full_since is None:
            self._full_since = time.monotonic()
        return full

    def has_room(self) -> bool:
        """Whether a page fits. To read on for every few that landed reads each page many times."""
        return len(self._flying) <= WINDOW_FRAMES // 2 and self._flying_bytes <= WINDOW_BYTES // 2

    def is_stuck(self) -> bool:
        """Whether the other side has stopped acknowledging what it used to acknowledge."""
        return _is_long_ago(self._full_since)

    def is_blocked(self) -> bool:
        """Whether one send does not come back: the other side reads nothing."""
        return _is_long_ago(self._sending_since)

    def _start(self) -> None:
        """A task costs more than a send itself: there is one only where a send has to wait."""
        if self._emptying:
            return
        self._emptying = True
        emptying = self._empty()
        try:
            waiting = emptying.send(None)
        except StopIteration:
            return
        self._task = asyncio.get_running_loop().create_task(_finish(emptying, waiting))

    async def _empty(self) -> None:
        """Send what is put, until nothing is left or the connection is closed.

        A server without back-pressure takes everything; one with it blocks here while the
        network does.
        """
        try:
            while self._queue and not self._closed:
                await self._send(self._next())
        except Exception as error:  # the other side is gone, as the reading half is about to hear
            logger.debug("A frame could not be sent: %r", error)
            self._closed = True
        finally:
            self._sending_since = None
            self._emptying = False

    def _next(self) -> dict[str, Any]:
        frame = self._queue.popleft()
        if isinstance(frame, int):
            self._closed = True
            return {"type": "websocket.close", "code": frame}
        self._sending_since = time.monotonic()
        return {"type": "websocket.send", "text": frame.decode()}


async def _finish(begun: Coroutine[Any, Any, None], waiting: Any) -> None:
    """Go on with a coroutine that was begun outside of any task and waits for something."""
    await _Begun(begun, waiting)


class _Begun:
    def __init__(self, begun: Coroutine[Any, Any, None], waiting: Any) -> None:
        self._begun, self._waiting = begun, waiting

    def __await__(self) -> Generator[Any, Any, None]:
        while True:
            try:
                received = yield self._waiting
            except BaseException as error:
                step = partial(self._begun.throw, error)
            else:
                step = partial(self._begun.send, received)
            try:
                self._waiting = step()
            except StopIteration:
                return


def _is_long_ago(moment: float | None) -> bool:
    return moment is not None and time.monotonic() - moment > STUCK_SECONDS


def with_request_id(frame: bytes, request_id: str) -> bytes:
    """Splice the id into a push that was encoded once for everybody."""
    return b'{"request_id":' + json.dumps(request_id).encode() + b"," + frame[1:]
