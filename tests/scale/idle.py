"""Sockets that are open and say nothing: what a worker needs for each."""

import asyncio
from dataclasses import dataclass

from .crowd import Member, at_once
from .fleet import Fleet

AT_ONCE = 50
WARM = 50


@dataclass(frozen=True)
class Idle:
    """Bytes per socket of the worker, and of nginx."""

    sockets: int
    worker: float
    nginx: float


async def sit(fleet: Fleet, *sizes: int) -> list[Idle]:
    """All customers follow a chat of their own, on as many workers as there are."""
    [cast] = await fleet.draw_casts(1, WARM + max(sizes))
    members = [Member(record, fleet.port) for record in cast["customers"]]
    await at_once(members[:WARM], _settle_in, AT_ONCE)
    empty = _memory(fleet)
    found = []
    came = WARM
    for size in sizes:
        await at_once(members[came : WARM + size], _settle_in, AT_ONCE)
        came = WARM + size
        await asyncio.sleep(3)
        worker, nginx = (now - then for now, then in zip(_memory(fleet), empty, strict=True))
        found.append(Idle(size, worker / size, nginx / size))
    for member in members:
        member.drop()
    return found


async def _settle_in(member: Member) -> None:
    await member.open()
    await member.start_chat()


def _memory(fleet: Fleet) -> tuple[int, int]:
    assert fleet.nginx
    return sum(unit.memory() for unit in fleet.units), fleet.nginx.memory()
