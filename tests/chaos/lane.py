"""Trials in sequence: one rig per shape, an outcome per trial, printed and written down."""

import dataclasses
import json
import os
import shutil
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from .fault import Fault
from .faults import FAULTS
from .planted import CAUGHT_BY, PLANTED
from .rig import Rig, Shape, raise_rig
from .trial import Outcome, run_trial

SHAPES = {
    "main": Shape("main"),
    "soak": Shape("soak"),
    # Old age within a trial: groups lapse after 3 s, and daphne ends sockets after 4.
    "core": Shape("core", layer="core", options={"daphne": ["--websocket_timeout", "4"]}),
    "sqlite": Shape("sqlite", kinds=("daphne",), postgres=False),
}
ALL = {**FAULTS, **PLANTED}
BUSY = 1.5


def seed_of(base: int, fault: str) -> int:
    return (base + zlib.crc32(fault.encode())) % (1 << 31)


async def run_lane(faults: Sequence[Fault], base: int, folder: Path) -> None:
    """Outcomes are appended to ``outcomes.jsonl`` in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, shape in SHAPES.items():
        chosen = [fault for fault in faults if fault.rig == name]
        if chosen:
            async with raise_rig(shape) as rig:
                await _run_on(rig, chosen, base, folder)


async def _run_on(rig: Rig, faults: Sequence[Fault], base: int, folder: Path) -> None:
    for size, count in Counter(fault.cast for fault in faults).items():
        await rig.draw_casts(count, size)
    for fault in faults:
        outcome = await _run(rig, fault, base, folder)
        if _may_be_late(outcome):
            print(
                f"      {fault.id}: late on a machine with load {load():.1f}; once more",
                flush=True,
            )
            outcome = await _run(rig, fault, base, folder)
        print(describe(outcome), flush=True)
        with (folder / "outcomes.jsonl").open("a") as file:
            file.write(json.dumps(as_record(outcome)) + "\n")
        if passed(outcome):
            shutil.rmtree(outcome.folder)


async def _run(rig: Rig, fault: Fault, base: int, folder: Path) -> Outcome:
    if not _spare(rig, fault):
        await rig.draw_casts(1, fault.cast)
    cast = _spare(rig, fault)[0]
    rig.casts.remove(cast)
    name = fault.id.replace(" ", "-")
    outcome = await run_trial(rig, fault, cast, seed_of(base, fault.id), folder / name)
    return await outcome.judge(rig.store)


def _spare(rig: Rig, fault: Fault) -> list[dict[str, object]]:
    return [cast for cast in rig.casts if len(cast["customers"]) == fault.cast]


def load() -> float:
    """Per processor, over the last minute."""
    return os.getloadavg()[0] / (os.cpu_count() or 1)


def _may_be_late(outcome: Outcome) -> bool:
    """A promise in seconds is none where others take the processors; a calm machine has no
    second try."""
    return outcome.verdict.late_only and outcome.fault not in PLANTED and load() > BUSY


# -- what is said of an outcome ----------------------------------------------------------------


def caught(outcome: Outcome) -> str:
    """The invariant that named a planted bug; empty when none of the right ones did."""
    named = outcome.verdict.violations.keys() & CAUGHT_BY.get(outcome.fault, set())
    return min(named, default="")


def passed(outcome: Outcome) -> bool:
    if outcome.fault in PLANTED:
        return bool(caught(outcome)) and not outcome.missing
    return outcome.passed


def as_record(outcome: Outcome) -> dict[str, object]:
    verdict = dataclasses.asdict(outcome.verdict)
    verdict["violations"] = {key: wrong[:20] for key, wrong in verdict["violations"].items()}
    return {
        "fault": outcome.fault,
        "seed": outcome.seed,
        "passed": passed(outcome),
        "planted": outcome.fault in PLANTED,
        "caught": caught(outcome),
        "effects": dict(outcome.effects),
        "missing": outcome.missing,
        "trouble": outcome.trouble,
        "seconds": round(outcome.seconds, 1),
        **verdict,
    }


def describe(outcome: Outcome) -> str:
    verdict, fault = outcome.verdict, ALL[outcome.fault]
    word = "ok  " if passed(outcome) else "FAIL"
    effects = ", ".join(f"{count} {name}" for name, count in outcome.effects.items() if count)
    lines = [f"{word}  {fault.id}: {fault.title} ({outcome.seconds:.0f} s, seed {outcome.seed})"]
    lines.append(f"      {verdict.sends} sends, {effects or 'no effect'}")
    if outcome.fault in PLANTED:
        lines.append(f"      caught by {caught(outcome) or 'nobody'}")
    if not passed(outcome):
        lines += [f"      without effect: {name}" for name in outcome.missing]
        lines += [f"      {outcome.trouble}"] if outcome.trouble else []
        for name, wrong in verdict.violations.items():
            lines += [f"      {name}: {one}" for one in wrong[:4]]
            lines += [f"      {name}: and {len(wrong) - 4} more"] if len(wrong) > 4 else []
        lines.append(f"      history and logs: {outcome.folder}")
    return "\n".join(lines)
