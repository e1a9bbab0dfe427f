"""Closed loop: as fast as it goes. Open loop: at a given rate, whatever the server says."""

import asyncio
import random
from collections.abc import Callable
from time import perf_counter, process_time
from typing import Any

from .room import Record, Room

SETTLE_SECONDS = 20
Say = Callable[[str], None]


async def closed(rooms: list[Room], phase: dict[str, Any], say: Say) -> dict[str, Any]:
    """Every room sends its next message when all its members have the last one."""
    for room in rooms:
        room.completed = Room.send
        room.send()
    await asyncio.sleep(phase["warm"])
    result = await _window(rooms, asyncio.sleep(phase["seconds"]), say)
    for room in rooms:
        room.completed = _stop
    await settle(rooms)
    return result


async def opened(rooms: list[Room], phase: dict[str, Any], say: Say) -> dict[str, Any]:
    """Messages at random moments, ``rate`` a second in all; times count from when they were due."""
    dice = random.Random(phase["seed"])
    result = await _window(rooms, _at_random(rooms, phase, dice), say, settled=True)
    return result


async def counted(rooms: list[Room], phase: dict[str, Any], say: Say) -> dict[str, Any]:
    """One message after the other, ``count`` of them."""

    async def one_by_one() -> None:
        for _ in range(phase["count"]):
            rooms[0].send()
            if not await settle(rooms):
                return

    rooms[0].send()
    await settle(rooms)
    return await _window(rooms, one_by_one(), say)


async def settle(rooms: list[Room]) -> bool:
    """Until everything is there; False where it is long overdue."""
    deadline = perf_counter() + SETTLE_SECONDS
    while any(room.waiting for room in rooms) and perf_counter() < deadline:
        await asyncio.sleep(0.001)
    return not any(room.waiting for room in rooms)


async def _at_random(rooms: list[Room], phase: dict[str, Any], dice: random.Random) -> None:
    due = start = perf_counter()
    while (due := due + dice.expovariate(phase["rate"])) < start + phase["seconds"]:
        if (wait := due - perf_counter()) > 0:
            await asyncio.sleep(wait)
        dice.choice(rooms).send(due)


async def _window(
    rooms: list[Room], load: Any, say: Say, *, settled: bool = False
) -> dict[str, Any]:
    record = Record()
    for room in rooms:
        room.record = record
    say("begin")
    start, busy = perf_counter(), process_time()
    await load
    if settled:
        await settle(rooms)
    seconds, busy = perf_counter() - start, process_time() - busy
    complete = record.complete
    say("end")
    for room in rooms:
        room.record = Record()
    return {
        "seconds": seconds,
        "messages": complete,
        "generator": busy / seconds,
        "acks": percentiles(record.acks),
        "deliveries": percentiles(record.deliveries),
        "lasts": percentiles(record.lasts),
    }


def percentiles(times: list[float]) -> dict[str, float]:
    """Seconds; empty where nothing was measured."""
    ranked = sorted(times)
    return {f"p{n}": ranked[(len(ranked) - 1) * n // 100] for n in (50, 99)} if ranked else {}


def _stop(room: Room) -> None:
    pass


PHASES = {"closed": closed, "open": opened, "counted": counted}
