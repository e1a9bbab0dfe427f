"""The one database that everything of ours is in, and how a transaction begins there."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connections, router, transaction

from ..models import Chat

P = ParamSpec("P")
R = TypeVar("R")


def alias() -> str:
    """By the project's routers, asked about chats; the rest of ours has to be with them."""
    return router.db_for_write(Chat)


def connection() -> Any:
    """The thread's connection."""
    return connections[alias()]


def atomic(function: Callable[P, R]) -> Callable[P, R]:
    """Run a verb in a transaction of that database.

    SQLite takes its lock at the first write by default, and where two transactions have read
    before, one fails at once, whatever the time-out. Ours write: they take the lock at the start.
    """

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        current = connection()
        if current.vendor != "sqlite" or current.in_atomic_block:
            with transaction.atomic(using=current.alias):
                return function(*args, **kwargs)
        current.ensure_connection()  # which reads the mode from the settings
        before, current.transaction_mode = current.transaction_mode, "IMMEDIATE"
        try:
            with transaction.atomic(using=current.alias):
                return function(*args, **kwargs)
        finally:
            current.transaction_mode = before

    return call
