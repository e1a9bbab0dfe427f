"""A WebSocket that comes back: connect, log in, read, ping; after a loss again, with the cursor."""

import asyncio
import contextlib
import itertools
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from .history import History

# Production: a ping every 15 s, answered within 10 s, and a back-off from 0.5 to 30 s.
PING_SECONDS = 1.0
PONG_SECONDS = 3.0
BACKOFF = (0.05, 1.0)
ANSWER_SECONDS = 5.5
# What a connection has received is acknowledged at the login, and then this often.
ACK_PUSHES = 20
Frame = dict[str, Any]
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class Lost(Exception):
    """No answer: the request may have been carried out, or not."""


class Home(Protocol):
    """A worker as its clients see it: a port that may lead nowhere."""

    number: int

    @property
    def proxy(self) -> Any: ...


class Line:
    """The base of every party with a socket. ``homes`` are tried in turn."""

    path = ""
    headers: dict[str, str] = {}
    plain = False

    def __init__(self, party: str, homes: Sequence[Home], history: History) -> None:
        self.party, self.homes, self.history = party, homes, history
        self.online = asyncio.Event()
        self.gate = asyncio.Event()  # closed: nothing is read, as by a page that hangs
        self.gate.set()
        self.pings = True
        self.resets = 0
        self.goodbyes = 0
        self.conn = ""
        self.asked: Counter[str] = Counter()  # on this connection, by action
        self._received = self._acknowledged = 0
        self._numbers = itertools.count(1)
        self._pending: dict[str, asyncio.Future[Frame]] = {}
        self._attempts = 0
        self._socket: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None

    # -- for subclasses ----------------------------------------------------------------------

    def greet(self) -> Frame:
        """The payload of ``login``."""
        raise NotImplementedError

    def logged_in(self, payload: Frame) -> None:
        """Note where this connection starts."""
        raise NotImplementedError

    def take(self, frame: Frame) -> None:
        """A push."""
        raise NotImplementedError

    def is_behind(self, pong: Frame) -> bool:
        return False

    @property
    def port(self) -> int:
        """Ours, of the connection of now."""
        return int(self._socket.local_address[1]) if self._socket else 0

    # -- life --------------------------------------------------------------------------------

    def open(self) -> None:
        self._task = asyncio.create_task(self._live())

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def drop(self) -> None:
        """Lose the connection without a word, as a laptop does that is shut."""
        if self._socket:
            self._socket.transport.abort()

    async def _live(self) -> None:
        wait = BACKOFF[0]
        while True:
            home = self.homes[self._attempts % len(self.homes)]
            self._attempts += 1
            try:
                if await self._visit(home):
                    wait = BACKOFF[0]
            except (OSError, WebSocketException, TimeoutError, EOFError) as error:
                self.history.note("unreachable", party=self.party, why=type(error).__name__)
            await asyncio.sleep(random.uniform(0.5, 1) * wait)
            wait = min(wait * 2, BACKOFF[1])

    async def _visit(self, home: Home) -> bool:
        """One connection from first to last; gives whether it came to be logged in."""
        socket = await connect(
            f"ws://127.0.0.1:{home.proxy.port}{self.path}",
            additional_headers=self.headers,
            proxy=None,
            compression=None,
            open_timeout=5,
            close_timeout=1,
            ping_interval=None,
            max_queue=64,
            max_size=None,
        )
        self._socket = socket
        self.conn = f"{self.party}#{self._attempts}@{home.number}"
        self._received = self._acknowledged = 0
        self.asked.clear()
        reader = asyncio.create_task(self._read(socket))
        greeter = asyncio.create_task(self._keep(socket))
        reason = "server"
        try:
            done, _ = await asyncio.wait({reader, greeter}, return_when=asyncio.FIRST_COMPLETED)
            if reader not in done:
                reason = greeter.result()
        except asyncio.CancelledError:
            reason = "done"
            raise
        finally:
            was_online = self._end(socket, reader, greeter, reason)
            with contextlib.suppress(Exception):
                await asyncio.wait_for(socket.close(), 1) if reason == "done" else None
            socket.transport.abort()
        return was_online

    def _end(self, socket: ClientConnection, reader: Any, greeter: Any, reason: str) -> bool:
        was_online = self.online.is_set()
        self.online.clear()
        self._socket = None
        for task in (reader, greeter):
            task.cancel()
        code = socket.close_code if socket.close_code is not None else 1006
        self.history.note("close", party=self.party, conn=self.conn, code=code, by=reason)
        for waiting in self._pending.values():
            if not waiting.done():
                waiting.set_exception(Lost("the connection ended"))
        self._pending.clear()
        return was_online

    async def _read(self, socket: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for text in socket:
                await self.gate.wait()
                frame = _decode(text)
                if frame["type"] == "response":
                    self._settle(frame)
                elif frame["action"] == "goodbye":
                    self.goodbyes += 1
                else:
                    self.take(frame)
                    self._received += "seq" in frame
                    if self._received - self._acknowledged >= ACK_PUSHES:
                        await self._acknowledge()

    async def _acknowledge(self) -> None:
        """Ours tell what they received, so that the server never sends more than they can take."""
        if self.plain or self._socket is None:
            return
        self._acknowledged = self._received
        with contextlib.suppress(WebSocketException):
            payload = {"received": self._received}
            await self._socket.send(_encode({"action": "ack", "payload": payload}), text=True)

    def _settle(self, frame: Frame) -> None:
        if frame["action"] == "login" and frame["success"]:
            self.logged_in(frame["payload"])  # before the pushes that follow are read
            self.online.set()
        waiting = self._pending.pop(frame.get("request_id", ""), None)
        if waiting and not waiting.done():
            waiting.set_result(frame)

    async def _keep(self, socket: ClientConnection) -> str:
        """Log in, then ping until something is wrong; gives what it was."""
        try:
            answer = await self.ask("login", self.greet(), seconds=10)
            if not answer["success"]:
                return "refused"
            await self._acknowledge()
            while self._socket is socket:  # a cancellation may be lost to an answer
                await asyncio.sleep(PING_SECONDS)
                if self._received > self._acknowledged and self.gate.is_set():
                    await self._acknowledge()
                if self.pings and not await self._is_well():
                    return "behind"
            return "server"
        except (Lost, TimeoutError):
            return "heartbeat"

    async def _is_well(self) -> bool:
        """Ping; a number that we lack may be on its way, so it gets a second."""
        pong = await self.ask("ping", seconds=PONG_SECONDS)
        if not self.is_behind(pong["payload"]):
            return True
        await asyncio.sleep(1)
        return not self.is_behind(pong["payload"])

    # -- requests ----------------------------------------------------------------------------

    async def ask(
        self, action: str, payload: Frame | None = None, seconds: float = ANSWER_SECONDS
    ) -> Frame:
        """One request on the connection of now; raises ``Lost`` without an answer."""
        socket = self._socket
        request = f"{self.conn}/{next(self._numbers)}"
        if socket is None:
            raise Lost("there is no connection")
        self.asked[action] += 1
        waiting = self._pending[request] = asyncio.get_running_loop().create_future()
        self.history.note("try", party=self.party, conn=self.conn, request=request, action=action)
        try:
            frame = {"request_id": request, "action": action, "payload": payload or {}}
            await socket.send(_encode(frame), text=True)
            answer: Frame = await asyncio.wait_for(waiting, seconds)
        except (TimeoutError, WebSocketException, OSError) as error:
            self.history.note("unanswered", request=request, action=action)
            raise Lost(repr(error)) from error
        finally:
            self._pending.pop(request, None)
        problem = None if answer["success"] else answer["payload"]["error"]["type"]
        event = answer["payload"].get("event_id")
        self.history.note("answer", request=request, action=action, error=problem, event=event)
        return answer
