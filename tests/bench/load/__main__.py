"""
Carry out one job: a JSON file, named by the only argument. Lines on stdout say how far it is.

A job has a ``url``, a ``dialect``, and either ``rooms`` and ``phases``, or a ``crowd`` and
``marks``: numbers of connections at which to stop until a line comes in.
"""

import asyncio
import gc
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import uvloop

from .dialects import DIALECTS, Dialect, Member
from .phases import PHASES
from .room import Room
from .wire import Wire

AT_ONCE = 25
Job = dict[str, Any]


async def connect(job: Job, dialect: Dialect, members: list[Member]) -> list[Wire]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(member: Member) -> Wire:
        async with gate:
            wire = Wire()
            await wire.open(job["url"] + member["path"], _headers(job, member))
            await dialect.greet(wire, member)
            return wire

    return await asyncio.gather(*map(one, members))


async def play(job: Job, dialect: Dialect) -> None:
    members = [member for room in job["rooms"] for member in room]
    wires = iter(await connect(job, dialect, members))
    rooms = [Room(dialect, [next(wires) for _ in room], room) for room in job["rooms"]]
    gc.freeze()
    gc.disable()  # a collection here would be read as a slow server
    results = [await PHASES[phase["kind"]](rooms, phase, say) for phase in job["phases"]]
    counts = [room.count() for room in rooms]
    total = {name: sum(one[name] for one in counts) for name in counts[0]}
    say(json.dumps({"phases": results, **total}))
    for room in rooms:
        for wire in room.wires:
            wire.leave()


async def stand(job: Job, dialect: Dialect) -> None:
    wires: list[Wire] = []
    for mark in job["marks"]:
        wires += await connect(job, dialect, job["crowd"][len(wires) : mark])
        say("there")
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    for wire in wires:
        wire.leave()


async def main(job: Job) -> None:
    asyncio.get_running_loop().set_exception_handler(_fail)
    dialect = DIALECTS[job["dialect"]]()
    await (stand if "crowd" in job else play)(job, dialect)
    await asyncio.sleep(0.1)  # the closing frames are on their way


def say(line: str) -> None:
    print(line, flush=True)


def _headers(job: Job, member: Member) -> dict[str, str]:
    return {"Origin": job["url"].replace("ws", "http", 1), **member.get("headers", {})}


def _fail(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A broken frame or a lost connection spoils the whole run."""
    traceback.print_exception(context.get("exception") or RuntimeError(context["message"]))
    sys.stderr.flush()
    os._exit(1)


if __name__ == "__main__":
    uvloop.run(main(json.loads(Path(sys.argv[1]).read_text())))
