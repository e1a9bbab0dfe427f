"""The bridge from the event loop to the database: a bounded pool of threads.

Channels' own bridge shares one thread between all sockets of a process. Each of these threads
keeps its connection, with time limits on it, and mends it when it broke.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import ParamSpec, TypeVar

from django.db import OperationalError

from ..conf import settings
from ..counters import gauges
from .database import connection, mark_thread

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 3
# SQLSTATE of what PostgreSQL rolled back so that somebody else could go on.
_RETRYABLE = frozenset({"40001", "40P01"})


def mend_connection() -> None:
    """Drop the thread's connection if it broke; the next query opens another."""
    current = connection()
    if current.errors_occurred:
        if current.in_atomic_block or not current.is_usable():
            current.close()
        current.errors_occurred = False


def is_rolled_back(error: Exception) -> bool:
    """Whether trying again is safe: the database undid it for the sake of another transaction."""
    return getattr(error.__cause__, "sqlstate", None) in _RETRYABLE


async def run(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a synchronous function in the pool; a deadlock's victim is tried again."""
    global _calls
    loop = asyncio.get_running_loop()
    _calls += 1
    try:
        return await loop.run_in_executor(_pool(), lambda: _attempt(function, *args, **kwargs))
    finally:
        _calls -= 1


def _attempt(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return function(*args, **kwargs)
        except OperationalError as error:
            if attempt == ATTEMPTS or not is_rolled_back(error):
                raise
        finally:
            mend_connection()
    raise AssertionError("unreachable")


# How many wait for their end; only the loop counts.
_calls = 0
gauges["database_threads_busy"] = lambda: min(_calls, settings.DATABASE_THREADS)
gauges["database_threads_waiting"] = lambda: max(0, _calls - settings.DATABASE_THREADS)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(
        settings.DATABASE_THREADS, thread_name_prefix="livechat", initializer=mark_thread
    )
