"""A room: its first member writes, every member must hear each message once and in order."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter

from .dialects import Dialect, Member
from .wire import Wire

# As long as what people write: most messages of a chat are one or two short sentences.
BODY = "Does the harbour teapot fit under a shelf of twenty centimetres? It should."


@dataclass
class Record:
    """What one window saw; times in seconds."""

    complete: int = 0
    acks: list[float] = field(default_factory=list)
    deliveries: list[float] = field(default_factory=list)
    lasts: list[float] = field(default_factory=list)


class Room:
    """``record`` is where times go; it is changed at the start of a window."""

    def __init__(self, dialect: Dialect, wires: Sequence[Wire], members: list[Member]) -> None:
        self.dialect, self.wires, self.members = dialect, wires, members
        self.record = Record()
        self.completed: Callable[[Room], None] = _nothing
        self.number = 0
        self.acked: list[int] = []
        self.refused: set[int] = set()
        self.seen: list[list[int]] = [[] for _ in wires]
        self.waiting: dict[int, tuple[float, int]] = {}
        for place, wire in enumerate(wires):
            wire.listen(partial(self._hear, place))

    def send(self, due: float | None = None) -> None:
        """The next message; ``due`` is when it should have gone, if that was earlier."""
        self.number += 1
        text = f"#{self.number} {BODY}"
        expected = len(self.wires) + self.dialect.acknowledges
        self.waiting[self.number] = (due or perf_counter(), expected)
        self.wires[0].send(self.dialect.request(self.members[0], self.number, text))

    def _hear(self, place: int, frame: bytes) -> None:
        heard = self.dialect.read(frame)
        if heard is None:
            return
        number, is_ack, refused = heard
        if refused:
            self._refuse(number)
            return
        (self.acked if is_ack else self.seen[place]).append(number)
        if number not in self.waiting:
            return  # a double; ``count`` finds it
        started, left = self.waiting[number]
        late = perf_counter() - started
        (self.record.acks if is_ack else self.record.deliveries).append(late)
        self.waiting[number] = (started, left - 1)
        if left == 1:
            del self.waiting[number]
            self.record.lasts.append(late)
            self.record.complete += 1
            self.completed(self)

    def _refuse(self, number: int) -> None:
        """A server that is too busy and says so: nothing is lost, but it is as late as can be."""
        del self.waiting[number]
        self.refused.add(number)
        self.record.deliveries += [math.inf] * len(self.wires)

    def count(self) -> dict[str, int]:
        """What was taken, and over all members what is not there, came twice, or too early."""
        sent = set(range(1, self.number + 1)) - self.refused
        unanswered = sent - set(self.acked) if self.dialect.acknowledges else set()
        return {
            "sent": len(sent),
            "refused": len(self.refused),
            "lost": sum(len(sent - set(seen)) for seen in self.seen) + len(unanswered),
            "duplicated": sum(len(seen) - len(set(seen)) for seen in [*self.seen, self.acked]),
            "misordered": sum(_falls(seen) for seen in self.seen),
        }


def _falls(numbers: list[int]) -> int:
    return sum(later < earlier for earlier, later in zip(numbers, numbers[1:], strict=False))


def _nothing(room: Room) -> None:
    pass
