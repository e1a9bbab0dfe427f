"""The same trials at volume: slices that can be run one by one, each with seeds of its own.

A slice is a number of long, loud trials, with several faults in each. What is done is in a
JSON-lines file; a slice that is in it is not run again.
"""

import asyncio
import json
import random
from pathlib import Path
from typing import Any

from .fault import Fault
from .faults import FAULTS
from .lane import SHAPES, as_record
from .report import quantile, read_outcomes, summarise
from .rig import raise_rig
from .scene import Pace, Scene
from .trial import run_trial

LOUD = Pace(talkers=16, pause=(0.0, 0.05), voices=3, echoes=0.12)
FAULTS_PER_TRIAL = 6
TRIALS_PER_SLICE = 10
# Loads that need a scene of their own, and faults that measure what a loud scene hides.
LEFT_OUT = ("F0", "F10", "F22", "F24", "F26", "F27", "F30")


def compose(rng: random.Random) -> Fault:
    """Several faults one after the other, with what any of them may do allowed throughout."""
    suited = [
        fault
        for fault in FAULTS.values()
        if fault.rig == "main" and not fault.id.startswith(LEFT_OUT)
    ]
    chosen = rng.sample(suited, FAULTS_PER_TRIAL)

    async def inject(scene: Scene) -> None:
        for fault in chosen:
            scene.history.note("nemesis", fault=fault.id)
            await fault.inject(scene)
            await scene.rig.reset()
            await asyncio.sleep(2)

    return Fault(
        "soak",
        ", then ".join(fault.id for fault in chosen),
        inject,
        tuple({name for fault in chosen for name in fault.effects}),
        bound=max(fault.bound for fault in chosen),
        closes=frozenset().union(*(fault.closes for fault in chosen)),
        tracebacks=tuple({one for fault in chosen for one in fault.tracebacks}),
        cast=LOUD.talkers + 1,
        patience=40,
    )


async def run_slice(number: int, results: Path, folder: Path) -> None:
    done = {(one["slice"], one["trial"]) for one in read_outcomes([results])}
    async with raise_rig(SHAPES["main"]) as rig:
        for trial in range(TRIALS_PER_SLICE):
            if (number, trial) in done:
                continue
            seed = number * 1000 + trial
            fault = compose(random.Random(seed))
            await rig.draw_casts(1, fault.cast)
            place = folder / f"slice-{number}-{trial}"
            outcome = await run_trial(rig, fault, rig.casts.pop(), seed, place, LOUD)
            record = {"slice": number, "trial": trial, "faults": fault.title, **as_record(outcome)}
            _write_down(results, record)
            if outcome.passed:
                (place / "history.jsonl").unlink()


def _write_down(results: Path, record: dict[str, Any]) -> None:
    latencies = record.pop("latencies")
    record["p50"], record["p99"] = quantile(latencies, 0.5), quantile(latencies, 0.99)
    with results.open("a") as file:
        file.write(json.dumps(record) + "\n")
    word = "ok  " if record["passed"] else "FAIL"
    print(f"{word}  slice {record['slice']}.{record['trial']} (seed {record['seed']}):", flush=True)
    print(f"      {record['faults']}\n      {summarise([record])}", flush=True)
    for name, wrong in record["violations"].items():
        print(f"      {name}: {wrong[0]} ({len(wrong)})", flush=True)


def print_summary(results: Path) -> bool:
    outcomes = read_outcomes([results])
    failed = [one for one in outcomes if not one["passed"]]
    for one in failed:
        what = ", ".join(one["violations"]) or one["trouble"] or f"no {one['missing']}"
        print(f"  slice {one['slice']}.{one['trial']} failed: {what} (seed {one['seed']})")
    effects: dict[str, int] = {}
    for one in outcomes:
        for name, count in one["effects"].items():
            effects[name] = effects.get(name, 0) + count
    print("effects: " + ", ".join(f"{count:,} {name}" for name, count in sorted(effects.items())))
    print(f"trials passed: {len(outcomes) - len(failed)} of {len(outcomes)}")
    print(summarise(outcomes))
    return bool(outcomes) and not failed
