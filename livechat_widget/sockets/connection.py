"""One socket: its own receive loop, its own writer, and what it holds of each stream.

Channels' loop hops to a thread for every frame and dies with the channel layer; this one does
neither. Nothing that a client sends ends it.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar

import msgspec
from channels.consumer import AsyncConsumer
from django.db import OperationalError
from msgspec import UNSET

from ..actions.registry import Answer
from ..conf import settings
from ..delivery.agents import Desk
from ..delivery.bus import get_bus
from ..delivery.encode import Encoding, Item, encode_push
from ..domain.batch import Command, Result
from ..errors import (
    Internal,
    LivechatError,
    PendingRequestsLimitReached,
    ServiceUnavailable,
    Unauthenticated,
    ValidationFailed,
)
from ..protocol import envelope
from .writer import get_writer

logger = logging.getLogger("livechat_widget.sockets")
_json = msgspec.json.Encoder()

Receive = Any
Send = Any


class _Fallback(msgspec.Struct):
    """What can be told of a frame that is not a request."""

    action: Any = ""
    request_id: Any = None


class Connection(AsyncConsumer):  # type: ignore[misc]  # channels has no types
    """The base of every socket of ours; subclasses say who may log in and what is asked."""

    REFUSED: ClassVar[int] = 4403
    LOGIN_FAILED: ClassVar[int] = 4401
    LOGIN_TIMEOUT: ClassVar[int] = 4408
    SLOW_CONSUMER: ClassVar[int] = 4409
    ALLOWED_BEFORE_LOGIN: ClassVar[frozenset[str]] = frozenset({"login", "ping"})

    encoding: Encoding
    desk: Desk | None = None

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        self.scope = scope
        self._send = send
        self._outbox: deque[bytes | int] = deque()
        self._pending: set[asyncio.Future[Result]] = set()
        self._held: list[tuple[bytes, int, int]] = []
        self._answering = False
        self._settling: dict[tuple[int, int], str] = {}
        self._positions: dict[int, int] = {}
        self._wake = asyncio.Event()
        self.logged_in = False
        await receive()  # websocket.connect
        if not await self.is_welcome():
            await send({"type": "websocket.close", "code": self.REFUSED})
            return
        await send({"type": "websocket.accept"})
        self.opened()
        await self._live(receive)

    async def is_welcome(self) -> bool:
        """Whether the handshake may succeed; looks at the path and the Origin."""
        raise NotImplementedError

    def opened(self) -> None:
        """Right after the handshake: say what needs no question."""

    async def answer(self, request: envelope.Request) -> Answer:
        """Carry out a request; raises ``LivechatError``."""
        raise NotImplementedError

    def prepare(self, request: envelope.Request) -> tuple[Command, Callable[[Any], Answer]] | None:
        """The command of a hot request, and what answers it; None for every other request."""
        return None

    def adapt(self, request: envelope.Request, answer: Answer) -> Answer:
        """The answer as the connection's version has it."""
        return answer

    # -- the loop ------------------------------------------------------------------------

    async def _live(self, receive: Receive) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.call_later(settings.LOGIN_TIMEOUT_SECONDS, self._expire)
        writer = loop.create_task(self._write())
        try:
            while (message := await receive())["type"] == "websocket.receive":
                await self._handle(message.get("text") or message.get("bytes") or "")
        finally:
            deadline.cancel()
            get_bus().leave(self)
            writer.cancel()

    def _expire(self) -> None:
        if not self.logged_in:
            self.close(self.LOGIN_TIMEOUT)

    async def _handle(self, frame: str | bytes) -> None:
        request: envelope.Request | None = None
        try:
            request = self._decode(frame)
            if not self.logged_in and request.action not in self.ALLOWED_BEFORE_LOGIN:
                raise Unauthenticated("Log in first: send the action login with a token.")
            if not self._hand_to_writer(request):
                await self._carry_out(request)
        except Exception as error:
            self._refuse(request or self._guess(frame), error)

    def _hand_to_writer(self, request: envelope.Request) -> bool:
        """Reading goes on while hot verbs wait for their commit."""
        prepared = self.prepare(request)
        if prepared is None:
            return False
        if len(self._pending) >= settings.PENDING_REQUESTS:
            raise PendingRequestsLimitReached
        command, answer = prepared
        future = get_writer().submit(command)
        self._pending.add(future)
        future.add_done_callback(partial(self._settle_command, request, answer))
        return True

    def _settle_command(
        self,
        request: envelope.Request,
        answer: Callable[[Any], Answer],
        future: "asyncio.Future[Result]",
    ) -> None:
        self._pending.discard(future)
        result = future.result()
        if isinstance(result, LivechatError):
            self._refuse(request, result)
        else:
            self._respond(request, self.adapt(request, answer(result)))

    async def _carry_out(self, request: envelope.Request) -> None:
        """Everything else is done at once; earlier requests of this connection come first."""
        if self._pending:
            await asyncio.wait(self._pending)
        self._answering = True
        try:
            self._respond(request, self.adapt(request, await self.answer(request)))
        finally:
            self._answering = False
            self._release()

    def _decode(self, frame: str | bytes) -> envelope.Request:
        if len(frame) > settings.MAX_FRAME_BYTES:
            raise ValidationFailed(f"A frame has at most {settings.MAX_FRAME_BYTES} bytes.")
        try:
            return msgspec.json.decode(frame, type=envelope.Request)
        except msgspec.ValidationError as error:
            raise ValidationFailed(f"The frame is not a request: {error}.") from error
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise ValidationFailed("The frame is not valid JSON.") from error

    def _guess(self, frame: str | bytes) -> envelope.Request:
        """The action and the id of a frame that is no request, as far as they can be told."""
        found = _Fallback()
        if len(frame) <= settings.MAX_FRAME_BYTES:
            with suppress(msgspec.DecodeError, UnicodeError, RecursionError):
                found = msgspec.json.decode(frame, type=_Fallback)
        return envelope.Request(
            action=found.action if isinstance(found.action, str) else "",
            request_id=found.request_id if isinstance(found.request_id, str) else UNSET,
        )

    # -- what goes out -------------------------------------------------------------------

    def _respond(self, request: envelope.Request, answer: Answer) -> None:
        """The response first; then the push that settles it, with the request's id."""
        asked = request.request_id
        if answer.settles and asked is not UNSET:
            self._settling[answer.settles] = asked
        self._reply(envelope.Response(asked, request.action, True, answer.payload))
        if answer.repeat is not None:
            frame = encode_push(self.encoding, answer.repeat.action, answer.repeat)
            if frame is not None:
                self._queue(frame if asked is UNSET else _with_request_id(frame, asked))

    def _refuse(self, request: envelope.Request, error: Exception) -> None:
        refusal = {"error": _as_ours(error).as_wire()}
        self._reply(envelope.Response(request.request_id, request.action, False, refusal))
        self._release()

    def _reply(self, response: envelope.Response) -> None:
        self._queue(_json.encode(response))

    def deliver(self, item: Item) -> None:
        """An entry, from the bus. What this connection holds already is dropped."""
        number = item.number(self.encoding.view)
        if number <= self._positions.get(item.stream_id, 0):
            return
        frame = item.frames.get(self.encoding)
        if item.public_seq is not None or self.desk:
            self._positions[item.stream_id] = number
        if frame is not None and self.wants(item.action):
            self._push(frame, item.stream_id, item.seq)

    def deliver_ephemeral(self, stream_id: int, action: str, frame: bytes) -> None:
        if self.wants(action):
            self._push(frame, stream_id, 0)

    def wants(self, action: str) -> bool:
        return True

    def holds(self, stream_id: int) -> int:
        return self._positions.get(stream_id, 0)

    def start_at(self, stream_id: int, number: int) -> None:
        self._positions.setdefault(stream_id, number)

    def push(self, action: str, payload: Any) -> None:
        """A push to this connection alone, outside the log."""
        if frame := encode_push(self.encoding, action, payload):
            self._queue(frame)

    def close(self, code: int) -> None:
        """After everything queued so far."""
        self._outbox.append(code)
        self._wake.set()

    def _push(self, frame: bytes, stream_id: int, seq: int) -> None:
        # While a request is being carried out pushes wait, so that its response comes first.
        if self._answering:
            self._held.append((frame, stream_id, seq))
        else:
            self._queue(self._settle(frame, stream_id, seq))

    def _release(self) -> None:
        held, self._held = self._held, []
        for frame, stream_id, seq in held:
            self._queue(self._settle(frame, stream_id, seq))

    def _settle(self, frame: bytes, stream_id: int, seq: int) -> bytes:
        asked = self._settling.pop((stream_id, seq), None)
        return frame if asked is None else _with_request_id(frame, asked)

    def _queue(self, frame: bytes) -> None:
        self._outbox.append(frame)
        if len(self._outbox) > settings.MAX_WAITING_FRAMES:
            self._outbox.clear()  # the cursor makes this lossless: the client comes back with it
            self._outbox.append(self.SLOW_CONSUMER)
        self._wake.set()

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._outbox:
                frame = self._outbox.popleft()
                if isinstance(frame, int):
                    await self._send({"type": "websocket.close", "code": frame})
                    return
                await self._send({"type": "websocket.send", "text": frame.decode()})


def _as_ours(error: Exception) -> LivechatError:
    """What the client cannot mend becomes an answer that says so."""
    if isinstance(error, LivechatError):
        return error
    if isinstance(error, OperationalError):
        logger.warning("The database did not answer: %s", error)
        return ServiceUnavailable()
    logger.error("A request failed", exc_info=error)
    return Internal()


def _with_request_id(frame: bytes, request_id: str) -> bytes:
    """Splice the id into a push that was encoded once for everybody."""
    return b'{"request_id":' + _json.encode(request_id) + b"," + frame[1:]
