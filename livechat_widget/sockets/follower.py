"""The half of a connection that follows streams: what it holds of each, and what goes out."""

import asyncio
from collections.abc import Collection

from ..counters import counters
from ..delivery.agents import Desk
from ..delivery.bus import get_bus
from ..delivery.encode import Encoding, Item
from .outbox import WINDOW_FRAMES, Outbox, with_request_id


class Follower:
    """A subscriber of the bus. It drops what it holds, and reads again what does not follow."""

    encoding: Encoding
    desk: Desk | None = None

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox
        self._held: list[tuple[bytes, int, int]] = []
        self._answering = False
        self._settling: dict[tuple[int, int], str] = {}
        self._positions: dict[int, int] = {}
        self._lagging: set[int] = set()
        self.gone = asyncio.Event()

    def wants(self, action: str) -> bool:
        """Whether the client asked for pushes of this name."""
        return True

    def deliver(self, item: Item) -> None:
        """An entry. What is held already is dropped; what does not follow is read again."""
        if item.public_seq is None and not self.desk:
            return
        number = item.number(self.encoding.view)
        held = self._positions.get(item.stream_id, 0)
        if number <= held:
            return
        if number != held + 1 or self._is_full():
            self.lag(item.stream_id)
            return
        self._positions[item.stream_id] = number
        frame = item.frames.get(self.encoding)
        if frame is not None and self.wants(item.action):
            self.send_on(frame, item.stream_id, item.seq)

    def _is_full(self) -> bool:
        """What waits for a response goes out with it at once, so it must not be too much."""
        return self.outbox.is_full() or len(self._held) >= WINDOW_FRAMES

    def deliver_ephemeral(self, stream_id: int, action: str, frame: bytes) -> None:
        if self.wants(action):
            self.send_on(frame)

    def holds(self, stream_id: int) -> int:
        return self._positions.get(stream_id, 0)

    def streams(self) -> Collection[int]:
        """Every stream that was ever followed here."""
        return self._positions.keys()

    def lag(self, stream_id: int) -> None:
        """Leave a stream until there is room, or the keeper comes by."""
        self._lagging.add(stream_id)
        get_bus().leave_stream(self, stream_id)

    def is_gone(self) -> bool:
        return self.gone.is_set()

    def is_lagging(self, stream_id: int) -> bool:
        return stream_id in self._lagging

    def start_at(self, stream_id: int, number: int) -> None:
        self._positions.setdefault(stream_id, number)

    # -- what goes out -------------------------------------------------------------------

    def hold(self) -> None:
        """While a request is being carried out pushes wait, so that its response comes first."""
        self._answering = True

    def release(self) -> None:
        self._answering = False
        held, self._held = self._held, []
        for frame, stream_id, seq in held:
            self.send_on(frame, stream_id, seq)
        self.catch_up()

    def will_settle(self, entry: tuple[int, int], request_id: str) -> None:
        """The push of this entry (stream, number) answers a request of this connection."""
        self._settling[entry] = request_id

    def send_on(self, frame: bytes, stream_id: int = 0, seq: int = 0) -> None:
        """A push, now or after the response; without a number it is outside the log."""
        if self._answering:
            self._held.append((frame, stream_id, seq))
            return
        counters.pushes += 1
        asked = self._settling.pop((stream_id, seq), None) if self._settling else None
        if asked is not None:
            frame = with_request_id(frame, asked)
        if seq:
            self.outbox.put_push(frame)
        else:
            self.outbox.put(frame)

    def acknowledge(self, received: int) -> None:
        self.outbox.acknowledge(received)
        if self.outbox.has_room():
            self.catch_up()

    def catch_up(self) -> None:
        """Go on with the streams that were left behind, as far as there is room."""
        if self._lagging and not self.outbox.is_full():
            lagging, self._lagging = self._lagging, set()
            for stream_id in lagging:
                get_bus().rejoin(self, stream_id)
