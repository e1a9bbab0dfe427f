"""One socket: its own receive loop, what it is asked and how that is answered.

Channels' loop hops to a thread for every frame and dies with the channel layer; this one does
neither. Nothing that a client sends ends it.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar

import msgspec
from msgspec import UNSET

from ..actions.refusal import refusal_of
from ..actions.registry import Answer, decode
from ..conf import settings
from ..counters import counters
from ..delivery.bus import get_bus
from ..delivery.encode import encode_push
from ..domain import addresses
from ..domain.batch import Command, Result
from ..errors import (
    LivechatError,
    NotAllowed,
    OrganizationNotFound,
    PendingRequestsLimitReached,
    RequestTimeout,
    Unauthenticated,
    ValidationFailed,
)
from ..protocol import envelope
from ..protocol.pushes import Goodbye, Reason
from .follower import Follower
from .keeper import get_keeper, turn_away
from .limits import Pace, gate
from .outbox import SLOW_CONSUMER, Outbox, with_request_id
from .writer import get_writer

logger = logging.getLogger("livechat_widget.sockets")
_json = msgspec.json.Encoder()

LOGIN_FAILED = 4401
LOGIN_TIMEOUT = 4408
FAILED = 4500
# Statuses of a handshake.
REFUSED = 403
TOO_MANY_REQUESTS = 429
# daphne refuses to send the registered 1012.
RESTARTING = 4012
# A client that has sent a ping, and then nothing, is taken for gone after this time.
SILENT_SECONDS = 35.0


class _Fallback(msgspec.Struct):
    """What can be told of a frame that is not a request."""

    action: Any = ""
    request_id: Any = None


class Acknowledgement(msgspec.Struct):
    """Ours: how many numbered pushes this connection has received; it is not answered."""

    received: int


class Connection(Follower):
    """The base of every socket of ours; subclasses say who may log in and what is asked."""

    door: ClassVar[str]
    ALLOWED_BEFORE_LOGIN: ClassVar[frozenset[str]] = frozenset({"login", "ping"})

    def __init__(self, scope: Any, send: Any, **route: str) -> None:
        """``route``: what the path says."""
        super().__init__(Outbox(send))
        self._send = send
        self.scope = scope
        self.route = route
        self.logged_in = False
        self._refusal = ""
        self.pace = Pace()
        self.address = addresses.of_visitor((scope.get("client") or ("",))[0])
        self._pending = 0
        self._nothing_pending = asyncio.Event()
        self._nothing_pending.set()
        self._heard_at: float | None = None
        self._reader: asyncio.Task[Any] | None = None

    async def live(self, receive: Any) -> None:
        """From the handshake to the end."""
        await receive()  # websocket.connect
        if get_keeper().stopping:
            await turn_away(self.scope, self._send)
            return
        if not gate.knock(self.address):
            counters.handshakes_refused += 1
            await turn_away(self.scope, self._send, TOO_MANY_REQUESTS)
            return
        if not await self._may_come_in():
            counters.handshakes_refused += 1
            await turn_away(self.scope, self._send, REFUSED, self._refusal)
            return
        await self._send({"type": "websocket.accept"})
        self.opened()
        await self._listen(receive)

    async def _may_come_in(self) -> bool:
        try:
            return await self.is_welcome()
        except (NotAllowed, OrganizationNotFound) as error:
            self._refusal = error.message
            return False
        except Exception as error:
            logger.warning("A handshake could not be looked at: %r", error)
            return self.stumble(error)

    async def is_welcome(self) -> bool:
        """Whether the handshake may succeed; looks at the path and the Origin."""
        raise NotImplementedError

    def stumble(self, error: Exception) -> bool:
        """Whether to let somebody in all the same, to be told that this went wrong."""
        return False

    def opened(self) -> None:
        """Right after the handshake: say what needs no question."""

    def closed(self) -> None:
        """After the end of what was opened: take it out of the books."""

    async def answer(self, request: envelope.Request) -> Answer[Any]:
        """Carry out a request; raises ``LivechatError``."""
        raise NotImplementedError

    def prepare(
        self, request: envelope.Request
    ) -> tuple[Command, Callable[[Any], Answer[Any]]] | None:
        """The command of a hot request, and what answers it; None for every other request."""
        return None

    def adapt(self, request: envelope.Request, answer: Answer[Any]) -> Answer[Any]:
        """The answer as the connection's version has it."""
        return answer

    def word(self, request: envelope.Request, refusal: LivechatError) -> dict[str, Any]:
        """What is said of a refusal."""
        return refusal.as_wire()

    # -- what comes in -------------------------------------------------------------------

    async def _listen(self, receive: Any) -> None:
        self._reader = asyncio.current_task()
        loop = asyncio.get_running_loop()
        deadline = loop.call_later(settings.LOGIN_TIMEOUT_SECONDS, self._expire)
        get_keeper().add(self)
        try:
            while (message := await receive())["type"] == "websocket.receive":
                await self._handle(message.get("text") or message.get("bytes") or "")
        finally:
            deadline.cancel()
            self.gone.set()
            get_keeper().discard(self)
            get_bus().leave(self)
            self.outbox.abandon()
            self.closed()

    def _expire(self) -> None:
        if not self.logged_in:
            self.disconnect(LOGIN_TIMEOUT, "connection_timeout")

    async def _handle(self, frame: str | bytes) -> None:
        request: envelope.Request | None = None
        try:
            request = self._decode(frame)
            if self._heard_at is not None or request.action == "ping":
                self._heard_at = time.monotonic()
            self.pace.check(request.action)
            if not self.logged_in and request.action not in self.ALLOWED_BEFORE_LOGIN:
                raise Unauthenticated("Log in first: send the action login with a token.")
            if request.action == "ack":
                self.acknowledge(decode(request.payload, Acknowledgement).received)
            elif not self._hand_to_writer(request):
                await self._carry_out(request)
        except Exception as error:
            self._refuse(request or self._guess(frame), error)

    def _hand_to_writer(self, request: envelope.Request) -> bool:
        """Reading goes on while hot verbs wait for their commit."""
        prepared = self.prepare(request)
        if prepared is None:
            return False
        if self._pending >= settings.PENDING_REQUESTS:
            raise PendingRequestsLimitReached
        command, answer = prepared
        get_writer().submit(command, partial(self._settle_command, request, answer))
        self._pending += 1
        self._nothing_pending.clear()
        return True

    def _settle_command(
        self, request: envelope.Request, answer: Callable[[Any], Answer[Any]], result: Result
    ) -> None:
        self._pending -= 1
        if not self._pending:
            self._nothing_pending.set()
        if isinstance(result, LivechatError):
            self._refuse(request, result)
            return
        try:
            self._respond(request, self.adapt(request, answer(result)))
        except Exception as error:  # one connection's trouble is not the others'
            self._refuse(request, error)

    async def _carry_out(self, request: envelope.Request) -> None:
        """Everything else is done at once; earlier requests of this connection come first."""
        await self._nothing_pending.wait()
        self.hold()
        try:
            async with asyncio.timeout(settings.REQUEST_TIMEOUT_SECONDS):
                answer = await self.answer(request)
            self._respond(request, self.adapt(request, answer))
        except TimeoutError as error:
            raise RequestTimeout from error
        finally:
            self.release()

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

    def push(self, action: str, payload: Any) -> None:
        """A push to this connection alone, outside the log."""
        if frame := encode_push(self.encoding, action, payload):
            self.send_on(frame)

    def _respond(self, request: envelope.Request, answer: Answer[Any]) -> None:
        """The response first; then the push that settles it, with the request's id."""
        asked = request.request_id
        # Before anything goes out: a request has one answer, also where this fails.
        push = answer.repeat
        repeat = encode_push(self.encoding, push.action, push) if push is not None else None
        if answer.settles and asked is not UNSET:
            self.will_settle(answer.settles, asked)
        response = envelope.Response(
            request_id=asked, action=request.action, success=True, payload=answer.payload
        )
        self._reply(response)
        if repeat is not None:
            self.outbox.put(repeat if asked is UNSET else with_request_id(repeat, asked))

    def _refuse(self, request: envelope.Request, error: Exception) -> None:
        refusal = refusal_of(error)
        counters.refusals[refusal.type] += 1
        response = envelope.Response(
            request_id=request.request_id,
            action=request.action,
            success=False,
            payload={"error": self.word(request, refusal)},
        )
        self._reply(response)

    def _reply(self, response: envelope.Response) -> None:
        self.outbox.put(_json.encode(response))

    # -- kept by the keeper --------------------------------------------------------------

    def look_after(self) -> None:
        """Every two seconds."""
        silent = self._heard_at is not None and time.monotonic() - self._heard_at > SILENT_SECONDS
        if self.outbox.is_blocked() and self._reader:
            counters.slow_consumers += 1
            self._reader.cancel()  # no close frame would get through; the cursor makes it lossless
        elif silent or self.outbox.is_stuck():
            counters.slow_consumers += 1
            self.disconnect(SLOW_CONSUMER, "connection_evicted")
        else:
            self.catch_up()

    def fail(self) -> None:
        self.disconnect(FAILED, "internal_error")

    def disconnect(self, code: int, reason: Reason, **data: Any) -> None:
        """Close; where the protocol of the door has words for the reason, these go first."""
        self.outbox.close(code)

    def say_goodbye(self, reconnect_after_ms: int) -> None:
        self.push("goodbye", Goodbye(reconnect_after_ms=reconnect_after_ms))

    async def finish(self) -> None:
        """Answer what is under way, send everything, close."""
        await self._nothing_pending.wait()
        self.outbox.close(RESTARTING)
        await self.gone.wait()
