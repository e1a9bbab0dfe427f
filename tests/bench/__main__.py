"""
``python -m tests.bench [full | quick | profile] [--only PARTS] [--seed N]``

``full`` writes docs/performance.md; ``quick`` takes less than four minutes and only prints.
``--only rate,fan`` measures these parts alone, and writes nothing.
"""

import argparse
import random
import signal
import sys

from . import profile, report
from .gates import judge
from .machine import LOAD
from .measure import PARTS, measure
from .plan import FULL, QUICK
from .runs import Bench

QUIET_LOAD = 0.7


def main() -> None:
    # Databases and servers are given back however it ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("what", nargs="?", choices=["full", "quick", "profile"], default="full")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--only", type=_parts, default=list(PARTS), metavar=",".join(PARTS))
    asked = parser.parse_args()
    if asked.what == "profile":
        print(profile.describe())
        return
    bench = Bench(QUICK if asked.what == "quick" else FULL, asked.seed)
    print(f"{bench.plan.name}, seed {bench.seed}", flush=True)
    if LOAD > QUIET_LOAD:
        print(f"  The machine is busy (load {LOAD:.1f}): what is measured now is disturbed.")
    complete = asked.only == list(PARTS)
    # First: should it fail, then before the long part.
    where = profile.describe() if asked.what == "full" and complete else ""
    figures = measure(bench, asked.only)
    gates = judge(figures, bench.tally, asked.only)
    print(report.results(bench, figures, gates))
    if where:
        command = f"python -m tests.bench --seed {bench.seed}"
        report.write(bench, figures, gates, where, command)
        print(f"\n{report.DOCUMENT} is written.")
    elif asked.what == "quick":
        print(f"\nquick: {_smaller()}")
    print(report.last_line(gates))


def _parts(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - set(PARTS):
        raise argparse.ArgumentTypeError(f"There is no part {', '.join(sorted(unknown))}.")
    return [name for name in PARTS if name in names]


def _smaller() -> str:
    sweep, idle = QUICK.sweep, QUICK.idle
    return (
        f"{QUICK.rounds} rounds; memory at {sweep[1]} connections instead of {FULL.sweep[1]},"
        f" logins at {sweep[2]} / {sweep[0]} instead of {FULL.sweep[2]} / {FULL.sweep[0]},"
        f" {idle} idle connections instead of {FULL.idle}."
    )


if __name__ == "__main__":
    main()
