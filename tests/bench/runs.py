"""One run of one server: messages a second, what they cost, how late they came, what is lost."""

import os
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from .contestants import Contestant
from .generator import play
from .meter import Cost, Meter
from .plan import Plan


@dataclass(frozen=True)
class Run:
    """Of the closed loop, and deliveries of the open one. CPU in us a message, times in s."""

    rate: float
    server: float
    postgres: float
    ack: dict[str, float]
    delivery: dict[str, float]
    open_delivery: dict[str, float]
    generator: float
    # The share of the machine that went to none of these, nor to the load generator.
    others: float

    @property
    def cpu(self) -> float:
        return self.server + self.postgres


@dataclass
class Tally:
    """Every run of the bench adds to it what was sent and what went wrong."""

    sent: int = 0
    # The server was busy and said so, before it took the message.
    refused: int = 0
    faults: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, result: dict[str, Any], stored: int | None) -> None:
        self.sent += result["sent"]
        self.refused += result["refused"]
        for name in ("lost", "duplicated", "misordered"):
            self.faults[name] += result[name]
        if stored is not None and stored != result["sent"]:
            self.faults["acknowledged and not stored once"] += abs(stored - result["sent"])


class Bench:
    """What all measurements share: how much to measure, the seed, and the tally."""

    def __init__(self, plan: Plan, seed: int) -> None:
        self.plan, self.seed, self.tally = plan, seed, Tally()

    def run(self, contestant: Contestant, *, opened: bool = False) -> Run:
        """The closed loop, and then the open one if it is asked for, on the same connections."""
        phases = [{"kind": "closed", "warm": self.plan.warm, "seconds": self.plan.closed}]
        if opened:
            rate, seconds = self.plan.rate, self.plan.open
            phases += [{"kind": "open", "rate": rate, "seconds": seconds, "seed": self.seed}]
        closed, *rest = self.play(contestant, phases)
        if not closed["messages"]:
            raise RuntimeError(f"{contestant.name} delivered nothing: {contestant.server.tail()}")
        cost: Cost = closed["cost"]
        return Run(
            rate=closed["messages"] / closed["seconds"],
            server=1e6 * cost.server / closed["messages"],
            postgres=1e6 * cost.postgres / closed["messages"],
            ack=closed["acks"],
            delivery=closed["deliveries"],
            open_delivery=rest[0]["deliveries"] if rest else {},
            generator=closed["generator"],
            others=_others(closed),
        )

    def play(self, contestant: Contestant, phases: list[dict[str, Any]]) -> list[dict[str, Any]]:
        job = {
            "url": contestant.server.socket_url,
            "dialect": contestant.dialect,
            "rooms": next(contestant.sets),
            "phases": phases,
        }
        meter = Meter(contestant.server.pid, contestant.database)
        before = self._stored(contestant)
        result = play(job, meter.start, meter.stop)
        stored = self._stored(contestant)
        self.tally.add(result, None if stored is None or before is None else stored - before)
        return result["phases"]

    def _stored(self, contestant: Contestant) -> int | None:
        return contestant.store.count(contestant.table) if contestant.store else None


def _others(phase: dict[str, Any]) -> float:
    cost: Cost = phase["cost"]
    generator = phase["generator"] * phase["seconds"]
    left = cost.machine - cost.total - generator
    return max(0, left) / phase["seconds"] / (os.cpu_count() or 1)
