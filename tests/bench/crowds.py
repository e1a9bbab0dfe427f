"""Many connections that say nothing: what they weigh, and what they cost others."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

from .contestants import Contestant
from .generator import generate
from .meter import Cost, Meter, memory
from .plan import Plan
from .runs import Bench

# Pools, caches and templates are there before the counting starts.
WARM = 50
Members = list[dict[str, Any]]


class Sweep(NamedTuple):
    """CPU microseconds a connection, of the first and of all; bytes of memory a connection."""

    cpu_first: float
    cpu_all: float
    memory: float


def sweep(
    plan: Plan, start: Callable[[], AbstractContextManager[Contestant]], members: Members
) -> Sweep:
    """Fill a fresh server with connections, all logged in."""
    first, weighed, last = plan.sweep
    marks = [WARM, *(WARM + mark for mark in plan.sweep)]
    with start() as contestant, generate(crowd_job(contestant, members, marks)) as generator:
        pid = contestant.server.pid
        meter = Meter(pid, contestant.database)
        generator.wait_for_crowd()
        empty = memory(pid)
        meter.start()
        costs: list[Cost] = []
        sizes: list[int] = []
        for _ in plan.sweep:
            generator.go_on()
            generator.wait_for_crowd()
            costs.append(meter.stop())
            sizes.append(memory(pid))
        generator.go_on()
    return Sweep(
        cpu_first=1e6 * costs[0].total / first,
        cpu_all=1e6 * costs[2].total / last,
        memory=(sizes[1] - empty) / weighed,
    )


def with_and_without_idle(
    bench: Bench, contestant: Contestant, members: Members
) -> tuple[float, float]:
    """Messages a second: with the crowd connected, and with nobody but the talkers."""
    alone = bench.run(contestant).rate
    job = crowd_job(contestant, members, [bench.plan.idle])
    with generate(job) as generator:
        generator.wait_for_crowd()
        crowded = bench.run(contestant).rate
        generator.go_on()
    return crowded, alone


def crowd_job(contestant: Contestant, members: Members, marks: list[int]) -> dict[str, Any]:
    return {
        "url": contestant.server.socket_url,
        "dialect": contestant.dialect,
        "crowd": members,
        "marks": marks,
    }
