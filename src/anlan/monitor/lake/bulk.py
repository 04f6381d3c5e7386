"""Many rows into one table of the store of readings at once."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.db import connections

from anlan.monitor.models import READINGS

# Rows of one statement. Few sizes, so that SQLite keeps their plans.
_SIZES = (256, 64, 16, 4, 1)


@functools.cache
def _statement(table: str, columns: tuple[str, ...], unique: str, rows: int, mark: str) -> str:
    one = f"({', '.join([mark] * len(columns))})"
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([one] * rows)} ON CONFLICT ({unique}) DO NOTHING"
    )


def insert(table: str, columns: tuple[str, ...], unique: str, rows: Sequence[Sequence[Any]]) -> int:
    """Inserts those that are not there yet, in the transaction that is open; gives how many they were.

    On SQLite many rows go in one statement: between two statements Python lets other threads run and then has to wait
    for them, which for single rows costs more than the rows.
    """
    connection = connections[READINGS]
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.executemany(_statement(table, columns, unique, 1, "%s"), rows)
            return int(cursor.rowcount)
    # The connection below Django's: it would look for % in each of the long statements.
    raw = connection.connection
    count = first = 0
    for size in _SIZES:
        while len(rows) - first >= size:
            statement = _statement(table, columns, unique, size, "?")
            count += raw.execute(statement, list(chain.from_iterable(rows[first : first + size]))).rowcount
            first += size
    return int(count)
