"""Connections come and go: what a worker keeps of each, once it is gone."""

from dataclasses import dataclass
from typing import Any

from .crowd import Member, at_once
from .fleet import Fleet, Worker

CUSTOMERS = 100
AT_ONCE = 25
# Pools, caches and the allocator have their size by then.
WARM = 300
# One object that is kept of each would be more.
MOST_BYTES = 1000


@dataclass(frozen=True)
class Turnover:
    """Bytes: resident, before and after, and what they grew by per connection."""

    connections: int
    before: int
    after: int

    @property
    def growth(self) -> float:
        return (self.after - self.before) / self.connections

    def is_flat(self) -> bool:
        return self.growth < MOST_BYTES


async def turn_over(fleet: Fleet, connections: int) -> Turnover:
    """Each logs in to one worker, says one thing, and leaves."""
    [cast] = await fleet.draw_casts(1, CUSTOMERS)
    worker = fleet.units[0]
    chats: dict[str, str] = {}
    await _visit(cast, worker, WARM, chats)
    before = worker.memory()
    await _visit(cast, worker, connections, chats)
    return Turnover(connections, before, worker.memory())


async def _visit(cast: Any, worker: Worker, times: int, chats: dict[str, str]) -> None:
    async def visit(member: Member) -> None:
        await member.open()
        key = member.record["id"]
        if key in chats:
            member.chat = chats[key]
            await member.say("one thing")
        else:
            await member.start_chat()
            chats[key] = member.chat
        await member.close()

    records = cast["customers"]
    for begin in range(0, times, CUSTOMERS):
        visitors = [Member(one, worker.port) for one in records[: times - begin]]
        await at_once(visitors, visit, AT_ONCE)
