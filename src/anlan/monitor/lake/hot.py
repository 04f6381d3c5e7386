"""The hot table: rows come in once, a second different value for the same moment is kept beside the first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db import connections

from anlan.monitor.lake import bulk
from anlan.monitor.lake.rows import Row
from anlan.monitor.models import READINGS

_COLUMNS = ("at", "sender", "factor", "kind", "digits", "scale", "flag", "state", "frame")
_THERE = """SELECT digits, scale, flag, frame FROM monitor_reading
WHERE at = %s AND sender = %s AND factor = %s AND kind = %s"""
_KEEP = """INSERT INTO monitor_conflict (at, sender, factor, kind, digits, scale, flag, frame)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (at, sender, factor, kind, frame) DO NOTHING"""


def put(rows: Sequence[Row]) -> list[Row]:
    """Writes rows in the transaction that is open; gives those that differ from what stood there before."""
    if not rows:
        return []
    if bulk.insert("monitor_reading", _COLUMNS, "at, sender, factor, kind", rows) == len(rows):
        return []
    with connections[READINGS].cursor() as cursor:
        differing = []
        for row in rows:
            cursor.execute(_THERE, row[:4])
            digits, scale, flag, frame = cursor.fetchone()
            if frame != row[8] and (flag != row[6] or not same(digits, scale, row[4], row[5])):
                differing.append(row)
        if differing:
            cursor.executemany(_KEEP, [(*row[:7], row[8]) for row in differing])
        return differing


def same(one: int | None, scale: int, other: int | None, other_scale: int) -> bool:
    """Whether two values are equal whatever their decimals.

    >>> same(70, 1, 700, 2), same(None, 0, 700, 2)
    (True, False)
    """
    if one is None or other is None:
        return one is other
    return bool(one * 10**other_scale == other * 10**scale)


def text(digits: int | None, scale: int) -> str:
    """Value as printed, with the decimals it was sent with; "" for none.

    >>> text(7030, 3), text(-41, 3), text(None, 0)
    ('7.030', '-0.041', '')
    """
    return "" if digits is None else f"{Decimal(digits).scaleb(-scale):f}"


def sorted_by_time(rows: Iterable[Row]) -> list[Row]:
    """Rows in the order of the table's key, which is how it takes them fastest."""
    return sorted(rows, key=lambda row: row[:4])
