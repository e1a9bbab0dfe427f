"""Many clients of one process, as light as they can be: each connects, logs in, resumes, speaks."""

import asyncio
import itertools
import json
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

Frame = dict[str, Any]
_sources = itertools.cycle(f"127.0.0.{number}" for number in range(1, 33))


class Member:
    """A customer with one connection at a time, and the cursor that it left with."""

    def __init__(self, record: Frame, port: int) -> None:
        self.record, self.port = record, port
        self.seq, self.epoch, self.chat = 0, "", ""
        self.handshake = self.synced = 0.0
        self.socket: ClientConnection | None = None
        self._numbers = itertools.count(1)

    async def open(self, *, resume: bool = False) -> None:
        """Connect, log in, and wait until everything up to the head of the log is here.

        ``handshake`` is how long the first took, ``synced`` all of it, in seconds.
        """
        began = time.monotonic()
        self.socket = await connect(
            f"ws://127.0.0.1:{self.port}/livechat/v3.5/customer/rtm/ws"
            f"?organization_id={self.record['organization_id']}",
            local_addr=(next(_sources), 0),  # each address has ports of its own
            proxy=None,
            compression=None,
            open_timeout=60,
            ping_interval=None,
            max_size=None,
        )
        self.handshake = time.monotonic() - began
        login: Frame = {"token": f"Bearer {self.record['token']}"}
        if resume:
            login["cursor"] = {"epoch": self.epoch, "seq": self.seq}
        sync = (await self.ask("login", login))["sync"]
        self.epoch = sync["epoch"]
        if resume:
            await self.catch_up(sync["seq"])
        else:
            self.seq = sync["seq"]
        self.synced = time.monotonic() - began

    async def start_chat(self) -> None:
        event = {"type": "message", "text": "hello", "custom_id": "first"}
        chat = {"chat": {"thread": {"events": [event]}}, "continuous": True}
        self.chat = (await self.ask("start_chat", chat))["chat_id"]

    async def catch_up(self, seq: int) -> None:
        """Until the push of this number is here."""
        while self.seq < seq:
            self.take(await self.read())

    async def say(self, text: str) -> float:
        """Seconds until it was acknowledged; what came meanwhile is taken."""
        began = time.monotonic()
        event = {"type": "message", "text": text}
        await self.ask("send_event", {"chat_id": self.chat, "event": event})
        return time.monotonic() - began

    async def ask(self, action: str, payload: Frame) -> Frame:
        assert self.socket
        asked = f"r{next(self._numbers)}"
        request = {"request_id": asked, "action": action, "payload": payload}
        await self.socket.send(json.dumps(request))
        while (frame := await self.read())["type"] != "response" or frame["request_id"] != asked:
            self.take(frame)
        assert frame["success"], frame
        answer: Frame = frame["payload"]
        return answer

    async def read(self) -> Frame:
        assert self.socket
        frame: Frame = json.loads(await self.socket.recv())
        return frame

    def take(self, frame: Frame) -> None:
        """Numbers rise by one: nothing is lost, and nothing comes twice."""
        if "seq" in frame:
            assert frame["seq"] == self.seq + 1, (frame["seq"], self.seq)
            self.seq = frame["seq"]

    async def close(self) -> None:
        if self.socket:
            await self.socket.close()

    def drop(self) -> None:
        """As a link that breaks."""
        if self.socket:
            self.socket.transport.abort()


async def at_once(
    members: Iterable[Member], act: Callable[[Member], Any], most: int = 1_000_000
) -> list[Any]:
    """Let all of them do it, at most so many at the same time."""
    room = asyncio.Semaphore(most)

    async def one(member: Member) -> Any:
        async with room:
            return await act(member)

    return await asyncio.gather(*(one(member) for member in members))


async def patiently(member: Member) -> None:
    """Come back with the cursor, again and again."""
    while True:
        try:
            await member.open(resume=True)
            return
        except (OSError, WebSocketException, TimeoutError):
            await asyncio.sleep(0.2)


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
