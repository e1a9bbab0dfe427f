"""The one database that everything of ours is in, and how a transaction begins there."""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from ..conf import settings
from ..models import Chat

P = ParamSpec("P")
R = TypeVar("R")
_ours = threading.local()


def alias() -> str:
    """By the project's routers, asked about chats; the rest of ours has to be with them."""
    return router.db_for_write(Chat)


def connection() -> Any:
    """The thread's connection."""
    return connections[alias()]


def mark_thread() -> None:
    """Connections that this thread opens get our time limits once and for all."""
    _ours.marked = True


def _is_ours() -> bool:
    return getattr(_ours, "marked", False)


def _limit_session(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if _is_ours() and connection.vendor == "postgresql":
        _limit_time(connection, for_good=True)


def _limit_time(connection: BaseDatabaseWrapper, *, for_good: bool = False) -> None:
    """Nobody waits for a lock without end: a lock that lasts is an error that can be retried."""
    local = "false" if for_good else "true"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT set_config('lock_timeout', %s, {local}),"
            f" set_config('statement_timeout', %s, {local})",
            [str(settings.LOCK_TIMEOUT_MS), str(settings.STATEMENT_TIMEOUT_MS)],
        )


connection_created.connect(_limit_session, dispatch_uid="livechat_widget.limit_session")


def after_commit(work: Callable[[], Any]) -> None:
    """Do it once the transaction is committed; what fails there is logged, and undoes nothing."""

    def carry_out() -> None:  # Django logs a failure by a name, which a partial has not
        work()

    transaction.on_commit(carry_out, using=alias(), robust=True)


def atomic(function: Callable[P, R]) -> Callable[P, R]:
    """Run a verb in a transaction of that database.

    SQLite takes its lock at the first write by default, and where two transactions have read
    before, one fails at once, whatever the time-out. Ours write: they take the lock at the start.
    """

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        current = connection()
        if current.vendor != "sqlite" or current.in_atomic_block:
            outermost = not current.in_atomic_block
            with transaction.atomic(using=current.alias):
                if outermost and current.vendor == "postgresql" and not _is_ours():
                    _limit_time(current)
                return function(*args, **kwargs)
        current.ensure_connection()  # which reads the mode from the settings
        before, current.transaction_mode = current.transaction_mode, "IMMEDIATE"
        try:
            with transaction.atomic(using=current.alias):
                return function(*args, **kwargs)
        finally:
            current.transaction_mode = before

    return call
