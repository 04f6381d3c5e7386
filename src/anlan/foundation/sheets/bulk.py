"""Tens of thousands of rows into a table with a few statements: worked out before the transaction, written in it.

An import that writes row by row keeps the only writer's place of SQLite for minutes. Here values are made ready as the
driver takes them while others still write, and go in with one statement for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

Ready = list[tuple[Any, ...]]


def ready(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Ready:
    """Values of these fields (names as in the table's columns, such as `unit_id`) as the driver takes them."""
    fields = [_field(model, name) for name in names]
    return [
        tuple(field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True))
        for row in rows
    ]


def keys(model: type[models.Model], count: int) -> list[int]:
    """Keys for so many new rows; only inside a transaction.

    On SQLite the open transaction is the only writer, so that the next numbers are free.
    """
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            found = cursor.fetchone()
            last = int(found[0]) if found else 0
            return list(range(last + 1, last + count + 1))
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [int(row[0]) for row in cursor.fetchall()]


def insert(model: type[models.Model], names: Sequence[str], rows: Ready) -> None:
    """Inserts rows that are ready. One statement, executed for all of them."""
    if not rows:
        return
    columns = ", ".join(map(_quoted, (_field(model, name).column for name in names)))
    marks = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES ({marks})", rows)


def update(model: type[models.Model], names: Sequence[str], rows: Ready) -> None:
    """Sets these fields of rows that are ready, each with its key at the end. One statement, executed for all."""
    if not rows:
        return
    sets = ", ".join(f"{_quoted(_field(model, name).column)} = %s" for name in names)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {_quoted(model._meta.db_table)} SET {sets} WHERE id = %s", rows)


def delete(model: type[models.Model], numbers: Sequence[int]) -> None:
    """Deletes rows by key. One statement, executed for all; nothing may hang on them."""
    if numbers:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"DELETE FROM {_quoted(model._meta.db_table)} WHERE id = %s", [(number,) for number in numbers]
            )


def _field(model: type[models.Model], name: str) -> Any:
    return next(field for field in model._meta.concrete_fields if name in (field.attname, field.name))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
