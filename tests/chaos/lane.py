"""Many trials on a few rigs: an outcome per trial, printed and kept."""

import asyncio
import dataclasses
import os
import shutil
import zlib
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from .fault import CAST, Fault
from .faults import FAULTS
from .planted import CAUGHT_BY, PLANTED
from .report import Record
from .rig import Rig, Shape, raise_rig
from .trial import Outcome, run_trial

SHAPES = {
    "main": Shape("main"),
    # The shortest life that the core layer takes for a group: sockets outlive it in every trial.
    "core": Shape("core", layer="core"),
    "sqlite": Shape("sqlite", kinds=("daphne",), postgres=False),
    "soak": Shape("soak"),
}
# Rigs that stand side by side, since trials mostly wait: the shapes that each of them takes on.
RIGS = (("main",), ("main",), ("main",), ("core", "sqlite", "main"))
ALL = {**FAULTS, **PLANTED}
BUSY = 1.5
# Drawn at a time, since each time is a process.
CASTS = 8


def seed_of(base: int, fault: str) -> int:
    return (base + zlib.crc32(fault.encode())) % (1 << 31)


class Lane:
    """Faults that wait for a rig of their shape. Outcomes are printed, and kept as records."""

    def __init__(self, faults: Sequence[Fault], base: int, folder: Path) -> None:
        self.records: list[Record] = []
        self._base, self._folder = base, folder
        ordered = sorted(faults, key=lambda fault: not fault.alone)
        self._queues = {
            shape: deque(fault for fault in ordered if fault.rig == shape) for shape in SHAPES
        }
        self._to_measure = sum(fault.alone for fault in faults)
        self._measured = asyncio.Event()

    async def run(self) -> list[Record]:
        self._count(0)
        async with asyncio.TaskGroup() as rigs:
            for number in range(len(RIGS)):
                rigs.create_task(self._serve(number))
        return self.records

    async def _serve(self, number: int) -> None:
        """What is measured comes first, on a machine that does nothing else."""
        if number:
            await self._measured.wait()
        for shape in RIGS[number]:
            queue = self._queues[shape]
            if queue:
                fault = queue.popleft()  # before the rig: nobody else is to start one for it
                async with raise_rig(SHAPES[shape]) as rig:
                    await self._take(rig, fault)
                    while queue:
                        await self._take(rig, queue.popleft())

    async def _take(self, rig: Rig, fault: Fault) -> None:
        outcome = await self._run(rig, fault)
        if _may_be_late(outcome):
            print(
                f"      {fault.id}: late on a machine with load {load():.1f}; once more", flush=True
            )
            outcome = await self._run(rig, fault)
        print(describe(outcome), flush=True)
        self.records.append(as_record(outcome))
        self._count(fault.alone)
        if passed(outcome):
            shutil.rmtree(outcome.folder)

    def _count(self, measured: int) -> None:
        self._to_measure -= measured
        if not self._to_measure:
            self._measured.set()

    async def _run(self, rig: Rig, fault: Fault) -> Outcome:
        if not _spare(rig, fault):
            await rig.draw_casts(CASTS if fault.cast == CAST else 1, fault.cast)
        cast = _spare(rig, fault)[0]
        rig.casts.remove(cast)
        folder = self._folder / fault.id.replace(" ", "-")
        outcome = await run_trial(rig, fault, cast, seed_of(self._base, fault.id), folder)
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


def as_record(outcome: Outcome) -> Record:
    verdict = dataclasses.asdict(outcome.verdict)
    verdict["violations"] = {key: wrong[:20] for key, wrong in verdict["violations"].items()}
    return {
        "fault": outcome.fault,
        "seed": outcome.seed,
        "passed": passed(outcome),
        "planted": outcome.fault in PLANTED,
        "caught": caught(outcome),
        "effects": dict(outcome.effects),
        "figures": outcome.figures,
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
