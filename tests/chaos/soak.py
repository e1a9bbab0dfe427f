"""The same trials at volume: slices that can be run one by one, each with seeds of its own.

A slice is a number of long, loud trials, with several faults in each. What is done is in a
JSON-lines file; a slice that is in it is not run again. While one trial runs, the one before it
is being checked.
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
from .rig import Rig, raise_rig
from .scene import Pace, Scene
from .trial import Outcome, run_trial

# Eight unanswered messages per customer; in one second of four, repeats only.
LOUD = Pace(talkers=20, pause=(0, 0), voices=8, types_every=200, sees_every=50, waves=(4.0, 1.0))
FAULTS_PER_TRIAL = 6
TRIALS_PER_SLICE = 4
CALM_SECONDS = 6.0
WATCHED = 2
# Loads that need a scene of their own, faults that measure what a loud scene hides, links and
# disks too small for what is said.
LEFT_OUT = (
    "F0",
    "F10",
    "F16",
    "F18 missed",
    "F20 narrow",
    "F22",
    "F23",
    "F24",
    "F26",
    "F27",
    "F29",
    "F30",
)


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
            await fault.inject(scene)
            await scene.rig.reset()
            scene.history.note("calm", after=fault.id)
            await asyncio.sleep(CALM_SECONDS)

    return Fault(
        "soak",
        ", then ".join(fault.id for fault in chosen),
        inject,
        tuple({name for fault in chosen for name in fault.effects}),
        bound=max(fault.bound for fault in chosen),
        # In all that noise a ping may have no answer in time: 1011 is uvicorn's word for that.
        closes=frozenset({1011}).union(*(fault.closes for fault in chosen)),
        tracebacks=tuple({one for fault in chosen for one in fault.tracebacks}),
        cast=LOUD.talkers,
        patience=40,
    )


async def run_slice(number: int, results: Path, folder: Path) -> None:
    done = {(one["slice"], one["trial"]) for one in read_outcomes([results])}
    left = [trial for trial in range(TRIALS_PER_SLICE) if (number, trial) not in done]
    if not left:
        return
    async with raise_rig(SHAPES["soak"]) as rig:
        checking: list[asyncio.Task[None]] = []
        try:
            for trial in left:
                outcome, title = await _run(rig, number * 1000 + trial, folder)
                about = {"slice": number, "trial": trial, "faults": title}
                checking.append(asyncio.create_task(_finish(outcome, rig, about, results)))
        finally:
            await asyncio.gather(*checking)


async def _run(rig: Rig, seed: int, folder: Path) -> tuple[Outcome, str]:
    fault = compose(random.Random(seed))
    await rig.draw_casts(1, fault.cast, WATCHED)
    outcome = await run_trial(rig, fault, rig.casts.pop(), seed, folder / f"soak-{seed}", LOUD)
    return outcome, fault.title


async def _finish(outcome: Outcome, rig: Rig, about: dict[str, Any], results: Path) -> None:
    await outcome.judge(rig.store)
    record = {**about, **as_record(outcome), "late": outcome.verdict.late_only}
    latencies = record.pop("latencies")
    record["p50"], record["p99"] = quantile(latencies, 0.5), quantile(latencies, 0.99)
    with results.open("a") as file:
        file.write(json.dumps(record) + "\n")
    _describe(record)
    if outcome.passed:
        (outcome.folder / "history.jsonl").unlink()


def _describe(record: dict[str, Any]) -> None:
    word = "ok  " if record["passed"] else "late" if record["late"] else "FAIL"
    pace = record["sends"] / record["seconds"]
    print(
        f"{word}  slice {record['slice']}.{record['trial']} (seed {record['seed']}):"
        f" {record['faults']}\n      {summarise([record])}, {pace:.0f} sends/s",
        flush=True,
    )
    for name in record["missing"]:
        print(f"      without effect: {name}", flush=True)
    if record["trouble"]:
        print(f"      {record['trouble']}", flush=True)
    for name, wrong in record["violations"].items():
        print(f"      {name}: {wrong[0]} ({len(wrong)})", flush=True)


def print_summary(results: Path) -> bool:
    """A soak is as loud as the machine can bear: what was late is counted, and no failure."""
    outcomes = read_outcomes([results])
    late = [one for one in outcomes if one["late"] and not one["missing"] and not one["trouble"]]
    failed = [one for one in outcomes if not one["passed"] and one not in late]
    for one in failed:
        what = ", ".join(one["violations"]) or one["trouble"] or f"no {one['missing']}"
        print(f"  slice {one['slice']}.{one['trial']} failed: {what} (seed {one['seed']})")
    effects: dict[str, int] = {}
    for one in outcomes:
        for name, count in one["effects"].items():
            effects[name] = effects.get(name, 0) + count
    print("effects: " + ", ".join(f"{count:,} {name}" for name, count in sorted(effects.items())))
    print("seeds: " + ", ".join(str(one["seed"]) for one in outcomes))
    print(f"trials passed: {len(outcomes) - len(failed)} of {len(outcomes)}, {len(late)} late")
    print(summarise(outcomes))
    return bool(outcomes) and not failed
