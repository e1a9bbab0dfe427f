"""What is promised, across workers: while one is killed, and while all are restarted in turn."""

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests.chaos.checker import Verdict, check
from tests.chaos.history import History
from tests.chaos.scene import Scene
from tests.chaos.traffic import open_talk
from tests.chaos.trial import read_finally

from .fleet import Fleet

Fault = Callable[[Fleet, Scene], Awaitable[None]]
CUSTOMERS = 6
# Seconds until everybody has to hold everything.
PATIENCE = 17
# Closed by a planned stop, and where a worker went away without a word.
PLANNED, CUT = (1000, 1001, 4012), (1006,)


async def kill(fleet: Fleet, scene: Scene) -> None:
    unit = scene.rng.choice(fleet.units)
    async with scene.outage("worker"):
        await unit.end(signal.SIGKILL, 5)
        await asyncio.sleep(1)  # everybody goes on with the others
        unit.start()
        await unit.ready()


async def restart_all(fleet: Fleet, scene: Scene) -> None:
    """No outage: nobody is to notice more than a goodbye."""
    for unit in fleet.units:
        await unit.restart()


FAULTS: dict[str, tuple[Fault, tuple[int, ...]]] = {
    "worker killed": (kill, (*PLANNED, *CUT)),
    "rolling restart": (restart_all, PLANNED),
}


async def keeps(fleet: Fleet, cast: dict[str, Any], name: str, folder: Path) -> Verdict:
    """The verdict of the chaos lane's checker on what was seen and stored meanwhile."""
    inject, closes = FAULTS[name]
    history = History(folder / f"{name}.jsonl")
    history.note(
        "run", fault=name, organization=cast["organization"], closes=closes, all_answered=False
    )
    scene = Scene(fleet, cast, history, random.Random())  # type: ignore[arg-type]
    logs = [unit.log.stat().st_size for unit in fleet.units]
    tasks = await open_talk(scene)
    spread = [(await unit.metrics()).get("livechat_sockets", 0) for unit in fleet.units]
    try:
        await inject(fleet, scene)
        await asyncio.sleep(1)
    finally:
        scene.stopping.set()
        await asyncio.gather(*tasks)
    if not await scene.settle(PATIENCE):
        history.note("unsettled", parties=await scene.behind())
    await read_finally(scene, PATIENCE)
    await scene.close()
    for unit, start in zip(fleet.units, logs, strict=True):
        end = unit.log.stat().st_size
        history.note("log", worker=unit.number, path=str(unit.log), start=start, end=end)
    history.close()
    verdict = await asyncio.to_thread(check, folder / f"{name}.jsonl", fleet.store)
    if CUT[0] in closes:
        _forgive_the_proxy(verdict)
    if not all(spread):
        verdict.violations["scale"] = [f"not everybody has sockets: {spread}"]
    return verdict


def _forgive_the_proxy(verdict: Verdict) -> None:
    """nginx does not repeat a post that died with its worker: it answers 502, and pages do."""
    left = [one for one in verdict.violations.get("I15", []) if not one.endswith("http 502")]
    verdict.violations.pop("I15", None)
    if left:
        verdict.violations["I15"] = left
