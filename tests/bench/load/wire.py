"""A client's WebSocket, as little as it takes: text frames both ways, pings answered."""

import asyncio
import base64
import os
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
# Masking with zeros is no work here and as much as ever for the server.
_MASK = bytes(4)
Hear = Callable[[bytes], None]


class Broken(Exception):
    """No OSError, which event loops take for a client that went away, and keep to themselves."""


class Wire(asyncio.Protocol):
    """One connection. ``hear`` is called with the payload of every text frame."""

    def __init__(self) -> None:
        self.hear: Hear = self._keep
        self.leaving = False
        self._kept: deque[bytes] = deque()
        self._news = asyncio.Event()
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._data = b""

    async def open(self, url: str, headers: dict[str, str]) -> None:
        where = urlsplit(url)
        await asyncio.get_running_loop().create_connection(lambda: self, where.hostname, where.port)
        self._transport.write(_handshake(url, headers))
        await asyncio.wait_for(self._opened, 60)

    def send(self, text: bytes, opcode: int = TEXT) -> None:
        self._transport.write(_frame(text, opcode))

    async def receive(self) -> bytes:
        """The next frame, for as long as nobody else hears them."""
        while not self._kept:
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), 60)
        return self._kept.popleft()

    def listen(self, hear: Hear) -> None:
        """From now on frames go to ``hear``, those that came meanwhile first."""
        self.hear = hear
        while self._kept:
            hear(self._kept.popleft())

    def leave(self) -> None:
        self.leaving = True
        self._transport.close()

    def _keep(self, payload: bytes) -> None:
        self._kept.append(payload)
        self._news.set()

    # -- asyncio.Protocol ----------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]

    def connection_lost(self, error: Exception | None) -> None:
        if not self._opened.done():
            self._opened.set_exception(ConnectionError("closed during the handshake"))
        elif not self.leaving:
            raise Broken(f"the server closed a connection: {error}")

    def data_received(self, data: bytes) -> None:
        data = self._data + data if self._data else data
        if not self._opened.done():
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self._data = head
                return
            self._greeted(head)
        self._data = self._read(data)

    def _greeted(self, head: bytes) -> None:
        if head.startswith(b"HTTP/1.1 101"):
            self._opened.set_result(None)
        else:
            self._opened.set_exception(ConnectionError(head.decode("latin-1")))

    def _read(self, data: bytes) -> bytes:
        """Handle the whole frames in ``data``; gives the rest."""
        offset, end = 0, len(data)
        while end - offset >= 2:
            start, length = offset + 2, data[offset + 1]
            if length > 125:
                size = 2 if length == 126 else 8
                length = int.from_bytes(data[start : start + size], "big")
                start += size
            if end < start + length or end < start:
                break
            self._heard(data[offset], data[start : start + length])
            offset = start + length
        return data[offset:]

    def _heard(self, first: int, payload: bytes) -> None:
        if first == 0x80 | TEXT:
            self.hear(payload)
        elif first == 0x80 | PING:
            self.send(payload, PONG)
        elif first == 0x80 | CLOSE:
            if not self.leaving:
                raise Broken(f"the server closes a connection: {payload!r}")
        else:
            raise Broken(f"a frame that this client cannot read: {first:#x}")


def _frame(text: bytes, opcode: int) -> bytes:
    length = len(text)
    if length < 126:
        return bytes((0x80 | opcode, 0x80 | length)) + _MASK + text
    return bytes((0x80 | opcode, 0x80 | 126)) + length.to_bytes(2, "big") + _MASK + text


def _handshake(url: str, headers: dict[str, str]) -> bytes:
    where = urlsplit(url)
    path = f"{where.path}?{where.query}" if where.query else where.path
    lines = {
        "Host": where.netloc,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()
