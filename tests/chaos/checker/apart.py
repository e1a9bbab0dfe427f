"""The checker in a process of its own: it takes its time while the next trial already runs."""

import asyncio
import multiprocessing
import signal
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from . import Verdict, check
from .store import Store

# What a large history leaves behind goes with the process.
CHECKS_PER_PROCESS = 20


async def check_apart(history: Path, store: Store) -> Verdict:
    """As ``check``; at most one at a time, in the order of the calls."""
    return await asyncio.get_running_loop().run_in_executor(_pool(), check, history, store)


@cache
def _pool() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        1,
        mp_context=multiprocessing.get_context("spawn"),
        max_tasks_per_child=CHECKS_PER_PROCESS,
        initializer=signal.signal,  # a Ctrl-C is for the rig
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
