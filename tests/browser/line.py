"""A line between a browser and a server that can really be cut: a TCP proxy in a thread."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

CHUNK = 65_536
REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Line:
    """``cut`` resets every connection, open sockets included, and each new one at once.

    Chromium's own offline switch leaves open WebSockets alone, and so proves nothing here.
    """

    def __init__(self, port: int) -> None:
        self.target = port
        self._down = False
        self._refusing = False
        self._fatal: bytes | None = None
        self._ends: set[asyncio.Transport] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "Line":
        self._thread.start()
        listening = asyncio.start_server(self._accept, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result()
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        done = threading.Event()
        self._loop.call_soon_threadsafe(lambda: (self._cut(), done.set()))
        done.wait()

    def restore(self) -> None:
        self._down = False

    def refuse_sockets(self) -> None:
        """As a proxy does that knows no WebSocket."""
        self._refusing = True

    def cut_at_answer_to(self, start: bytes) -> None:
        """Cut when the server answers such a request: it has done its part, and nobody hears."""
        self._fatal = start

    def _cut(self) -> None:
        self._down, self._fatal = True, None
        for transport in self._ends:
            transport.abort()

    async def _end(self) -> None:
        self._server.close()
        self._cut()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._ends.add(writer.transport)
        with suppress(ConnectionError):
            await self._carry(reader, writer)
        if self._down:
            writer.transport.abort()
        writer.close()
        self._ends.discard(writer.transport)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = b"" if self._down else await reader.read(CHUNK)
        if not first or self._down:
            return
        if self._refusing and b"upgrade: websocket" in first.lower():
            writer.write(REFUSAL)
            return
        answers, server = await asyncio.open_connection("127.0.0.1", self.target)
        self._ends.add(server.transport)
        server.write(first)
        request = [first]
        up = asyncio.create_task(_pump(reader, server, lambda chunk: _note(request, chunk)))
        down = asyncio.create_task(_pump(answers, writer, lambda _: self._heed(request[0])))
        await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
        server.close()
        writer.close()
        await asyncio.wait({up, down})
        self._ends.discard(server.transport)

    def _heed(self, request: bytes) -> None:
        if self._fatal and request.startswith(self._fatal):
            self._cut()


async def _pump(
    source: asyncio.StreamReader, sink: asyncio.StreamWriter, look: Callable[[bytes], None]
) -> None:
    with suppress(ConnectionError):
        while chunk := await source.read(CHUNK):
            look(chunk)
            sink.write(chunk)
            await sink.drain()


def _note(request: list[bytes], chunk: bytes) -> None:
    """Keep the head of the last request of a connection; what else comes is a body's rest."""
    if chunk.startswith((b"GET ", b"POST ")):
        request[0] = chunk
