"""The database of the chat: which one, and whether it takes many writers at once."""

import re
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from ..models import Chat
from .options import TAG, value_of

OLDEST_SQLITE = (3, 35)
SQLITE_SECONDS = 20
# What Django's pool grows to when nothing is said: the smallest and the largest size are both 4.
POOL_SIZE = 4
# psycopg_pool waits twice as long before each attempt; it starts afresh when it has given up.
LONGEST_RECONNECT = 10


@register(TAG)
def check_vendor(**_: Any) -> list[CheckMessage]:
    alias, connection = _own()
    if connection.vendor in ("postgresql", "sqlite"):
        return []
    return [
        Error(
            f'The chat cannot be kept in DATABASES["{alias}"]: it is {connection.vendor}, and only'
            " PostgreSQL and SQLite are supported.",
            hint=f'Set DATABASES["{alias}"]["ENGINE"] = "django.db.backends.postgresql", or'
            ' "django.db.backends.sqlite3".',
            id="livechat_widget.E010",
        )
    ]


@register(TAG)
def check_sqlite(**_: Any) -> list[CheckMessage]:
    alias, connection = _own()
    if connection.vendor != "sqlite":
        return []
    found: tuple[int, ...] = connection.Database.sqlite_version_info  # type: ignore[attr-defined]
    if found < OLDEST_SQLITE:
        return [
            Error(
                f"SQLite is {'.'.join(map(str, found))}; the chat needs 3.35 or later.",
                hint="Use a Python that brings a newer SQLite, or PostgreSQL.",
                id="livechat_widget.E011",
            )
        ]
    if missing := _sqlite_lacks(connection):
        return [
            Warning(
                "On SQLite, people who write at the same time will find the database locked:"
                f' DATABASES["{alias}"] lacks {", ".join(missing)}.',
                hint=f'Add to the settings: DATABASES["{alias}"]["OPTIONS"] = {{'
                f'"transaction_mode": "IMMEDIATE", "timeout": {SQLITE_SECONDS}, "init_command":'
                ' "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"}',
                id="livechat_widget.W012",
            )
        ]
    return []


@register(TAG)
def check_postgresql(**_: Any) -> list[CheckMessage]:
    alias, connection = _own()
    if connection.vendor != "postgresql":
        return []
    if connection.Database.__version__.startswith("2."):  # type: ignore[attr-defined]
        return [
            Error(
                "The chat talks to PostgreSQL through psycopg 3; only psycopg2 is installed.",
                hint='Install "psycopg[binary,pool]": Django prefers it by itself.',
                id="livechat_widget.E016",
            )
        ]
    options = connection.settings_dict["OPTIONS"]
    age = connection.settings_dict["CONN_MAX_AGE"]
    if pool := options.get("pool"):
        return _check_pool(alias, {} if pool is True else pool, age)
    if age != 0:
        return []
    return [
        Warning(
            "A new connection to PostgreSQL is opened for every request.",
            hint=_pool_hint(alias),
            id="livechat_widget.W013",
        )
    ]


def _check_pool(alias: str, pool: dict[str, Any], age: Any) -> list[CheckMessage]:
    if age != 0:
        return [
            Error(
                "A pool of connections does not go together with CONN_MAX_AGE.",
                hint=f'Set DATABASES["{alias}"]["CONN_MAX_AGE"] = 0.',
                id="livechat_widget.E014",
            )
        ]
    size = pool.get("max_size") or pool.get("min_size", POOL_SIZE)
    kept = _kept_connections()
    if size > kept:
        return _check_reconnecting(alias, pool)
    return [
        Error(
            f"The pool has {size} connections, and the threads behind the sockets keep up to {kept}"
            " of them: none may be left for pages.",
            hint=_pool_hint(alias),
            id="livechat_widget.E015",
        )
    ]


def _check_reconnecting(alias: str, pool: dict[str, Any]) -> list[CheckMessage]:
    if pool.get("reconnect_timeout", LONGEST_RECONNECT + 1) <= LONGEST_RECONNECT:
        return []
    return [
        Warning(
            "After an outage of PostgreSQL the pool may not look for it again for minutes.",
            hint=f'Set "reconnect_timeout": 5 in DATABASES["{alias}"]["OPTIONS"]["pool"].',
            id="livechat_widget.W017",
        )
    ]


def _pool_hint(alias: str) -> str:
    size = 2 * _kept_connections()
    return (
        f'Install "psycopg[pool]" and set DATABASES["{alias}"]["OPTIONS"] = {{"pool":'
        f' {{"min_size": 2, "max_size": {size}, "reconnect_timeout": 5}}}}, and leave CONN_MAX_AGE'
        " at 0."
    )


def _kept_connections() -> int:
    """Those of the threads behind the sockets, and the writer's."""
    threads: int = value_of("DATABASE_THREADS")
    return threads + 1


def _sqlite_lacks(connection: BaseDatabaseWrapper) -> list[str]:
    options = connection.settings_dict["OPTIONS"]
    lacks = []
    if str(options.get("transaction_mode", "")).upper() not in ("IMMEDIATE", "EXCLUSIVE"):
        lacks.append("transaction_mode")
    if options.get("timeout", 0) < SQLITE_SECONDS:
        lacks.append(f"a timeout of {SQLITE_SECONDS} seconds")
    if not re.search(r"journal_mode\s*[=(]\s*'?WAL\b", options.get("init_command", ""), re.I):
        lacks.append("journal_mode=WAL")
    return lacks


def _own() -> tuple[str, BaseDatabaseWrapper]:
    alias = router.db_for_write(Chat)
    return alias, connections[alias]
