"""Put what docs/deploy.md describes under load; ends with 1 where a limit is not kept.

python -m tests.scale            everything; the turnover takes most of the time
python -m tests.scale storm      some of it: promise, storm, idle, turnover
"""

import argparse
import asyncio
import signal
import sys
import tempfile
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from tests.bench.machine import facts

from . import idle, storm, turnover
from .fleet import missing, raise_fleet
from .promise import CUSTOMERS, FAULTS, keeps

CLIENTS = 1000
IDLE = (1000, 5000)


async def promise() -> bool:
    """With two workers and with four."""
    good = True
    for size in (2, 4):
        async with raise_fleet(size) as fleet:
            casts = await fleet.draw_casts(len(FAULTS), CUSTOMERS)
            for name, cast in zip(FAULTS, casts, strict=True):
                with tempfile.TemporaryDirectory() as folder:
                    verdict = await keeps(fleet, cast, name, Path(folder))
                print(f"{size} workers, {name}: {verdict.sends} sends, {verdict.violations}")
                good &= verdict.green
    return good


async def storms() -> bool:
    good = True
    for size in (2, 4):
        async with raise_fleet(size) as fleet:
            found = await storm.brew(fleet, CLIENTS)
        print(f"{size} workers: {found}")
        good &= found.within_limits()
    return good


async def sit() -> bool:
    """No limit: these are figures for docs/deploy.md."""
    async with raise_fleet(1) as fleet:
        for found in await idle.sit(fleet, *IDLE):
            print(found)
    return True


async def turn_over(connections: int) -> bool:
    async with raise_fleet(1) as fleet:
        found = await turnover.turn_over(fleet, connections)
    print(f"{found}: {found.growth:.0f} bytes a connection")
    return found.is_flat()


def main() -> int:
    asked = _read_arguments()
    parts = {
        "promise": promise,
        "storm": storms,
        "idle": sit,
        "turnover": partial(turn_over, asked.connections),
    }
    if lacking := missing():
        print(f"not on this machine: {', '.join(lacking)}")
        return 1
    print("\n".join(f"{name}: {value}" for name, value in facts().items()), flush=True)
    bad = [name for name in asked.parts or parts if not asyncio.run(_until_told(parts[name]))]
    print(f"limits not kept: {', '.join(bad)}" if bad else "all limits kept")
    return 1 if bad else 0


async def _until_told(part: Callable[[], Coroutine[Any, Any, bool]]) -> bool:
    """SIGTERM ends it as Ctrl-C does: everything that was started is stopped first."""
    task = asyncio.ensure_future(part())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("parts", nargs="*", help="all of them, where none is named")
    parser.add_argument("--connections", type=int, default=100_000, help="of the turnover")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
