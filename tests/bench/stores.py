"""Databases of this run alone, made and dropped by it."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg

from tests.databases import SQLITE_OPTIONS
from tests.services import POSTGRES_URL

Settings = dict[str, Any]


@dataclass(frozen=True)
class Store:
    """A database: as an entry of ``settings.DATABASES``, and by its name."""

    name: str
    settings: Settings

    @property
    def is_postgres(self) -> bool:
        return self.settings["ENGINE"].endswith("postgresql")

    @property
    def url(self) -> str:
        return f"{POSTGRES_URL}/{self.name}"

    def settle(self) -> None:
        """What was written before is on the disk, and known to the planner: nobody's run pays it.

        Checkpoints are for superusers; without the right to it they come when they come.
        """
        if not self.is_postgres:
            return
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")
            with suppress(psycopg.errors.InsufficientPrivilege):
                connection.execute("CHECKPOINT")

    def count(self, table: str) -> int:
        """Rows that are committed, as another connection sees them."""
        query = f"SELECT count(*) FROM {table}"
        if self.is_postgres:
            with psycopg.connect(self.url) as connection:
                return connection.execute(query).fetchone()[0]
        with closing(sqlite3.connect(self.name)) as connection:
            return connection.execute(query).fetchone()[0]


@contextmanager
def postgres(purpose: str, **options: Any) -> Iterator[Store]:
    name = f"livechat_bench_{os.getpid()}_{purpose}"
    with psycopg.connect(f"{POSTGRES_URL}/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield Store(name, _postgres_settings(name, options))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def sqlite(purpose: str) -> Iterator[Store]:
    with tempfile.TemporaryDirectory(prefix=f"livechat-bench-{purpose}-") as folder:
        name = str(Path(folder) / "bench.sqlite3")
        engine = "django.db.backends.sqlite3"
        yield Store(name, {"ENGINE": engine, "NAME": name, "OPTIONS": SQLITE_OPTIONS})


def _postgres_settings(name: str, options: Settings) -> Settings:
    where = urlsplit(POSTGRES_URL)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(where.username or ""),
        "PASSWORD": unquote(where.password or ""),
        "HOST": unquote(where.hostname or ""),
        "PORT": where.port or "",
        "OPTIONS": options,
    }
