"""Rows by SQL, from PostgreSQL or SQLite, without a line of the product."""

import sqlite3
import time
from typing import Any
from urllib.parse import urlsplit

import psycopg

PATIENCE_SECONDS = 20


class Store:
    """A database by its URL; a connection per question, since faults end connections."""

    def __init__(self, url: str) -> None:
        self.url = url

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """``?`` stands for a value. A database that is on its way up again is waited for."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self._ask(query, values)
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def _ask(self, query: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        where = urlsplit(self.url)
        if where.scheme == "sqlite":
            connection = sqlite3.connect(where.path, timeout=20)
            try:
                return connection.execute(query, values).fetchall()
            finally:
                connection.close()
        with psycopg.connect(self.url, connect_timeout=5) as postgres:
            return postgres.execute(query.replace("?", "%s"), values).fetchall()
