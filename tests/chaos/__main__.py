"""Break things on purpose.

python -m tests.chaos                       every fault and every planted bug, once
python -m tests.chaos run F5 "F9 hangs" B3  some of them; --seed replays one of an earlier run
python -m tests.chaos list                  what there is
python -m tests.chaos soak --slice 7        a slice of the large run; done slices are skipped
python -m tests.chaos summary               the sum of all slices so far
"""

import argparse
import asyncio
import random
import signal
import sys
import tempfile
from pathlib import Path

import uvloop

from .faults import FAULTS
from .lane import ALL, run_lane, seed_of
from .planted import PLANTED
from .report import print_report, read_outcomes
from .services import missing
from .soak import print_summary, run_slice
from .workers import ROOT

IN_CI = [fault for fault in FAULTS.values() if not fault.soak_only]
# Two rigs at once: one for most faults, one for the rest of them and the planted bugs.
SECOND = {fault.id for fault in IN_CI if fault.rig != "main"} | {fault.id for fault in IN_CI[-16:]}


def main() -> int:
    asked = _read_arguments()
    if asked.what == "list":
        for fault in ALL.values():
            print(f"{fault.id:16} {fault.title}")
        return 0
    if asked.what == "summary":
        return 0 if print_summary(asked.results) else 1
    if lacking := missing():
        print(f"not on this machine: {', '.join(lacking)}")
        return 1
    asked.folder.mkdir(parents=True, exist_ok=True)
    try:
        return uvloop.run(_until_terminated(_work(asked)))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 130


async def _work(asked: argparse.Namespace) -> int:
    if asked.what == "soak":
        await run_slice(asked.slice, asked.results, asked.folder)
        return 0
    if asked.what == "lane":
        await run_lane([ALL[name] for name in asked.names], asked.seed, asked.folder)
        return 0
    if asked.what == "run":
        # A trial's seed was made of the run's and its name; given one, undo that.
        base = asked.seed - seed_of(0, asked.names[0]) if asked.seed else random.randrange(1 << 31)
        folder = asked.folder / f"run-{base}"
        await run_lane([ALL[name] for name in asked.names], base, folder)
        outcomes = read_outcomes([folder / "outcomes.jsonl"])
        return 0 if all(one["passed"] for one in outcomes) else 1
    return await _run_everything(asked.seed or random.randrange(1 << 31), asked.folder)


async def _run_everything(base: int, folder: Path) -> int:
    folder = folder / str(base)
    print(f"seed {base}; histories and logs of failures stay in {folder}", flush=True)
    first = [fault.id for fault in IN_CI if fault.id not in SECOND]
    second = [fault.id for fault in IN_CI if fault.id in SECOND] + list(PLANTED)
    folders = [folder / "first", folder / "second"]
    await asyncio.gather(
        *(
            _run_apart(names, base, place)
            for names, place in zip((first, second), folders, strict=True)
        )
    )
    outcomes = read_outcomes(place / "outcomes.jsonl" for place in folders)
    complete = len(outcomes) == len(first) + len(second)
    return 0 if print_report(outcomes, len(PLANTED)) and complete else 1


async def _run_apart(names: list[str], base: int, folder: Path) -> None:
    """A process of its own, since clients and checker need a processor, too."""
    command = [sys.executable, "-m", "tests.chaos", "lane", *names]
    options = ["--seed", str(base), "--folder", str(folder)]
    process = await asyncio.create_subprocess_exec(
        *command, *options, cwd=ROOT, start_new_session=True
    )
    try:
        await process.wait()
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await process.wait()


async def _until_terminated(work: "asyncio.Future[int] | object") -> int:
    """SIGTERM ends it as Ctrl-C does: everything that was started is stopped first."""
    task = asyncio.ensure_future(work)  # type: ignore[arg-type, var-annotated]
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    kinds = ("all", "run", "lane", "list", "soak", "summary")
    parser.add_argument("what", nargs="?", default="all", choices=kinds)
    parser.add_argument("names", nargs="*", help="of faults and planted bugs")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--slice", type=int, default=1)
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / "livechat-chaos-runs"
    )
    parser.add_argument("--results", type=Path, default=Path("chaos-soak.jsonl"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
