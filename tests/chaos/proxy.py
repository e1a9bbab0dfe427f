"""A TCP proxy between clients and one worker, which can treat every link badly.

Directions are seen from the client: ``up`` goes to the worker, ``down`` comes from it.
"""

import asyncio
import contextlib
import random
import socket
import struct
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

Direction = Literal["up", "down"]
_RESET = struct.pack("ii", 1, 0)  # linger of zero seconds: close sends RST instead of FIN
_CHUNK = 16 * 1024


@dataclass
class Treatment:
    """What happens to the bytes of one direction; ``cut``: seconds from the first byte that a
    hole swallows to the end of the link."""

    hole: bool = False
    cut: float = 0
    delay: float = 0
    jitter: float = 0
    stalls: float = 0  # how often, 0 to 1, a chunk waits for two seconds
    bytes_per_second: int = 0


@dataclass(eq=False)
class Link:
    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    treatments: dict[Direction, Treatment] = field(
        default_factory=lambda: {"up": Treatment(), "down": Treatment()}
    )
    torn: bool = False  # it swallowed something, so nothing after that may come through

    def close(self) -> None:
        for writer in (self.client, self.server):
            writer.close()

    def reset(self) -> None:
        for writer in (self.client, self.server):
            sock = writer.get_extra_info("socket")
            with contextlib.suppress(OSError, ValueError):  # it may be closed already
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()


class Proxy:
    """``effects`` counts bytes and links by what was done to them."""

    def __init__(self) -> None:
        self.target = 0
        self.port = 0
        self.links: set[Link] = set()
        self.effects: Counter[str] = Counter()
        self.refusing = False
        self.treatments: dict[Direction, Treatment] = {"up": Treatment(), "down": Treatment()}
        self.unheard: Treatment | None = None  # down, for the next link alone
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._meet, "127.0.0.1", 0, backlog=1024)
            self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        self.reset()

    # -- what a nemesis does ---------------------------------------------------------------

    def treat(self, direction: Direction, *, new_too: bool = False, **how: float) -> None:
        """Change the links that are there now; ``new_too``: those to come as well."""
        for link in self.links:
            link.treatments[direction] = Treatment(**how)
        if new_too:
            self.treatments[direction] = Treatment(**how)

    def lose_answers(self, port: int | None = None) -> None:
        """What comes down to the client at this port, or to the next, is lost; then its link."""
        lost = Treatment(hole=True, cut=0.3)
        if port is None:
            self.unheard = lost
        for link in self.links:
            if link.client.get_extra_info("peername")[1] == port:
                link.treatments["down"] = lost

    def heal(self) -> None:
        """What lost bytes is ended: no network brings the rest of a stream without its middle."""
        for link in [link for link in self.links if link.torn]:
            link.reset()
        self.refusing = False
        self.unheard = None
        for direction in self.treatments:
            self.treat(direction, new_too=True)

    def reset(self) -> None:
        self.effects["links reset"] += len(self.links)
        for link in list(self.links):
            link.reset()

    def close(self) -> None:
        self.effects["links closed"] += len(self.links)
        for link in list(self.links):
            link.close()

    # -- the links -------------------------------------------------------------------------

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusing:
            self.effects["links refused"] += 1
            writer.transport.abort()
            return
        try:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        link = Link(writer, to_server)
        link.treatments = {key: Treatment(**vars(how)) for key, how in self.treatments.items()}
        if self.unheard:
            link.treatments["down"], self.unheard = self.unheard, None
        self.links.add(link)
        pumps = [
            asyncio.create_task(self._pump(link, "up", reader, to_server)),
            asyncio.create_task(self._pump(link, "down", from_server, writer)),
        ]
        self._tasks.update(pumps)
        try:
            await asyncio.gather(*pumps, return_exceptions=True)
        finally:
            self._tasks.difference_update(pumps)
            self.links.discard(link)
            link.close()

    async def _pump(
        self,
        link: Link,
        direction: Direction,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        try:
            while chunk := await reader.read(_CHUNK):
                if await self._treat(link, link.treatments[direction], chunk):
                    writer.write(chunk)
                    await writer.drain()
            if not link.treatments[direction].hole:
                link.close()
        except (OSError, asyncio.CancelledError):
            link.reset()

    async def _treat(self, link: Link, how: Treatment, chunk: bytes) -> bool:
        """Whether the chunk goes on, after whatever it has to suffer."""
        if how.hole:
            link.torn = True
            self.effects["bytes lost"] += len(chunk)
            if how.cut:
                asyncio.get_running_loop().call_later(how.cut, link.reset)
            return False
        wait = how.delay + random.uniform(-how.jitter, how.jitter)
        if how.stalls and random.random() < how.stalls:
            wait += 2
        if how.bytes_per_second:
            wait += len(chunk) / how.bytes_per_second
        if wait > 0:
            self.effects["bytes delayed"] += len(chunk)
            await asyncio.sleep(wait)
        return True
