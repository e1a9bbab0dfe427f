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
import resource
import signal
import sys
import tempfile
from pathlib import Path

import uvloop

from .faults import FAULTS
from .lane import ALL, Lane, seed_of
from .planted import PLANTED
from .report import measurements, print_report
from .services import missing
from .soak import print_summary, run_slice

IN_CI = [fault for fault in FAULTS.values() if not fault.soak_only]


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
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))  # clients and proxies are many
    asked.folder.mkdir(parents=True, exist_ok=True)
    try:
        return uvloop.run(_until_terminated(_work(asked)))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 130


async def _work(asked: argparse.Namespace) -> int:
    if asked.what == "soak":
        await run_slice(asked.slice, asked.results, asked.folder)
        return 0
    if asked.what == "run":
        # A trial's seed was made of the run's and its name; given one, undo that.
        base = asked.seed - seed_of(0, asked.names[0]) if asked.seed else random.randrange(1 << 31)
        faults = [ALL[name] for name in asked.names]
        records = await Lane(faults, base, asked.folder / f"run-{base}").run()
        print(*measurements(records), sep="\n")
        return 0 if all(one["passed"] for one in records) else 1
    return await _run_everything(asked.seed or random.randrange(1 << 31), asked.folder)


async def _run_everything(base: int, folder: Path) -> int:
    folder = folder / str(base)
    print(f"seed {base}; histories and logs of failures stay in {folder}", flush=True)
    for fault in IN_CI:
        if reason := fault.impossible():
            print(f"left out: {fault.id}, {fault.title}: {reason}", flush=True)
    faults = [*(fault for fault in IN_CI if not fault.impossible()), *PLANTED.values()]
    records = await Lane(faults, base, folder).run()
    return 0 if print_report(records, len(PLANTED)) and len(records) == len(faults) else 1


async def _until_terminated(work: "asyncio.Future[int] | object") -> int:
    """SIGTERM ends it as Ctrl-C does: everything that was started is stopped first."""
    task = asyncio.ensure_future(work)  # type: ignore[arg-type, var-annotated]
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    kinds = ("all", "run", "list", "soak", "summary")
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
