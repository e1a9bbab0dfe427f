"""Many rows in one statement, without a model's price for each.

A model instance on its way through ``bulk_create`` costs several times what the row costs the
database. This is for the hot path only: no defaults, no signals, columns as they are stored.
"""

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from django.db import models

from .database import alias, connection

Row = dict[str, Any]
_encode = msgspec.json.Encoder().encode


def insert(model: type[models.Model], rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns."""
    names = tuple(rows[0])
    if connection().vendor == "postgresql":
        _execute(_insert_sql(model, names, alias()), [_encode(rows).decode()])
    else:
        marks = ", ".join("%s" for _ in names)
        sql = f"INSERT INTO {_table(model)} ({', '.join(names)}) VALUES ({marks})"
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
        _execute_many(f"UPDATE {_table(model)} SET {changes} WHERE id = %s", values)


@cache
def _insert_sql(model: type[models.Model], names: tuple[str, ...], using: str) -> str:
    columns = ", ".join(names)
    return (
        f"INSERT INTO {_table(model)} ({columns}) SELECT {columns}"
        f" FROM jsonb_to_recordset(%s::jsonb) AS v({_types(model, names)})"
    )


@cache
def _update_sql(model: type[models.Model], names: tuple[str, ...], using: str) -> str:
    changes = ", ".join(f"{name} = v.{name}" for name in names if name != "id")
    return (
        f"UPDATE {_table(model)} AS t SET {changes}"
        f" FROM jsonb_to_recordset(%s::jsonb) AS v({_types(model, names)}) WHERE t.id = v.id"
    )


def _types(model: type[models.Model], names: tuple[str, ...]) -> str:
    kinds = {field.column: field.db_type(connection()) for field in model._meta.local_fields}
    return ", ".join(f"{name} {kinds[name]}" for name in names)


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table


def _plain(value: Any) -> Any:
    """As SQLite stores it."""
    if isinstance(value, datetime):
        return connection().ops.adapt_datetimefield_value(value)
    if isinstance(value, uuid.UUID):
        return value.hex
    return json.dumps(value) if isinstance(value, dict) else value


def _execute(sql: str, values: Sequence[Any]) -> None:
    with connection().cursor() as cursor:
        cursor.execute(sql, values)


def _execute_many(sql: str, values: Sequence[Sequence[Any]]) -> None:
    with connection().cursor() as cursor:
        cursor.executemany(sql, values)
