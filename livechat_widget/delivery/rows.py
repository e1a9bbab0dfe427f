"""Many rows in one statement, without a model's price for each.

A model instance on its way through ``bulk_create`` costs several times what the row costs the
database, and so does compiling a query. This is for the hot path only: no defaults, no signals.
"""

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

import msgspec
from django.db import models
from django.db.models.base import ModelState

from .database import alias, connection

Row = dict[str, Any]
M = TypeVar("M", bound=models.Model)
_encode = msgspec.json.Encoder().encode


def bare(model: type[M], values: Row, **related: models.Model | None) -> M:
    """An instance with these columns, as if it had been loaded; ``related`` are its relations."""
    instance = model.__new__(model)
    instance._state = ModelState()
    instance._state.adding = False
    instance._state.fields_cache = related
    instance.__dict__.update(values)
    return instance


@contextmanager
def together() -> Iterator[None]:
    """Statements in this block reach PostgreSQL at once and are answered at once.

    Their errors come at the end of the block; results can be fetched after it. Other databases
    carry out one after the other.
    """
    current = connection()
    if current.vendor != "postgresql":
        yield
        return
    current.ensure_connection()
    # The driver speaks up when the block ends, where no cursor of Django's translates for it.
    with current.wrap_database_errors, current.connection.pipeline():
        yield


def select(*queries: tuple[str, Sequence[Any]]) -> list[list[tuple[Any, ...]]]:
    """The rows of each query, in the order of the queries; a later one sees what is newer."""
    if len(queries) == 1 or connection().vendor != "postgresql":
        return [_fetch(_start(sql, values)) for sql, values in queries]
    with together():
        cursors = [_start(sql, values) for sql, values in queries]
    return [_fetch(cursor) for cursor in cursors]


def insert(model: type[models.Model], instances: Sequence[models.Model]) -> None:
    """Insert rows; what the database numbers by itself is left out, and stays unknown here."""
    names = _columns(model)
    rows = [{name: one.__dict__[name] for name in names} for one in instances]
    if connection().vendor == "postgresql":
        _execute(_insert_sql(model, names, alias()), [_encode(rows).decode()])
    else:
        marks = ", ".join("%s" for _ in names)
        sql = f"INSERT INTO {table(model)} ({', '.join(names)}) VALUES ({marks})"
        _execute_many(sql, [[_plain(value) for value in row.values()] for row in rows])


def update(model: type[models.Model], rows: Sequence[Row]) -> None:
    """Set the columns of the rows with these ids; all rows have the same columns."""
    names = tuple(rows[0])
    if connection().vendor == "postgresql":
        _execute(_update_sql(model, names, alias()), [_encode(rows).decode()])
    else:
        changes = ", ".join(f"{name} = %s" for name in names if name != "id")
        values = [
            [*(_plain(value) for name, value in row.items() if name != "id"), row["id"]]
            for row in rows
        ]
        _execute_many(f"UPDATE {table(model)} SET {changes} WHERE id = %s", values)


def table(model: type[models.Model]) -> str:
    return model._meta.db_table


def among(values: Sequence[Any]) -> tuple[str, list[Any]]:
    """The condition that a column is one of these, and its values. On PostgreSQL its text is the
    same for any number of them, so that the statement can be prepared."""
    if connection().vendor == "postgresql":
        return "= ANY(%s)", [list(values)]
    return f"IN ({', '.join(['%s'] * len(values))})", list(values)


def as_time(value: datetime | None) -> datetime | None:
    """A time as it was selected: SQLite keeps none of the zone, which is UTC."""
    return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


@cache
def _columns(model: type[models.Model]) -> tuple[str, ...]:
    fields = model._meta.local_concrete_fields
    return tuple(field.attname for field in fields if not isinstance(field, models.AutoField))


@cache
def _insert_sql(model: type[models.Model], names: tuple[str, ...], using: str) -> str:
    columns = ", ".join(names)
    return (
        f"INSERT INTO {table(model)} ({columns}) SELECT {columns}"
        f" FROM jsonb_to_recordset(%s::jsonb) AS v({_types(model, names)})"
    )


@cache
def _update_sql(model: type[models.Model], names: tuple[str, ...], using: str) -> str:
    changes = ", ".join(f"{name} = v.{name}" for name in names if name != "id")
    return (
        f"UPDATE {table(model)} AS t SET {changes}"
        f" FROM jsonb_to_recordset(%s::jsonb) AS v({_types(model, names)}) WHERE t.id = v.id"
    )


def _types(model: type[models.Model], names: tuple[str, ...]) -> str:
    kinds = {field.column: field.db_type(connection()) for field in model._meta.local_fields}
    return ", ".join(f"{name} {kinds[name]}" for name in names)


def _plain(value: Any) -> Any:
    """As SQLite stores it."""
    convert = _PLAIN.get(type(value))
    return convert(value) if convert else value


_PLAIN: dict[type[Any], Callable[[Any], Any]] = {
    datetime: lambda value: connection().ops.adapt_datetimefield_value(value),
    uuid.UUID: lambda value: value.hex,
    dict: json.dumps,
}


def _start(sql: str, values: Sequence[Any]) -> Any:
    cursor = _cursor()
    cursor.execute(sql, values)
    return cursor


def _fetch(cursor: Any) -> list[tuple[Any, ...]]:
    with cursor:
        return list(cursor.fetchall())


def _execute(sql: str, values: Sequence[Any]) -> None:
    with _cursor() as cursor:
        cursor.execute(sql, values)


def _execute_many(sql: str, values: Sequence[Sequence[Any]]) -> None:
    with connection().cursor() as cursor:
        cursor.executemany(sql, values)


def _cursor() -> Any:
    """On PostgreSQL one whose statements the server can keep prepared (``prepare_threshold``):
    Django's own writes the values into the text."""
    current = connection()
    if current.vendor != "postgresql":
        return current.cursor()
    import psycopg  # not there where no PostgreSQL is

    current.ensure_connection()
    cursor = psycopg.Cursor(current.connection)
    log = current.queries_logged
    return current.make_debug_cursor(cursor) if log else current.make_cursor(cursor)
