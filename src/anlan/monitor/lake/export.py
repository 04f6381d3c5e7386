"""Readings as CSV, in the order of time."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TextIO

from django.db import connections

from anlan.monitor.hj212.times import BEIJING
from anlan.monitor.lake import kinds
from anlan.monitor.lake.hot import text
from anlan.monitor.models import READINGS, ReadingState, moment

COLUMNS = ("time", "device", "factor", "kind", "value", "flag", "state")
_SELECT = """SELECT r.at, s.mn, r.factor, r.kind, r.digits, r.scale, r.flag, r.state, r.frame
FROM (SELECT at, sender, factor, kind, digits, scale, flag, state, frame FROM monitor_reading
      UNION ALL SELECT at, sender, factor, kind, digits, scale, flag, 2, frame FROM monitor_conflict) r
JOIN monitor_sender s ON s.id = r.sender
WHERE r.at >= %s AND r.at < %s AND (%s = '' OR s.mn = %s)
ORDER BY r.at, s.mn, r.factor, r.kind, r.state, r.frame"""
_EVER = 1 << 62


def rows(since: int = -_EVER, until: int = _EVER, mn: str = "") -> Iterator[tuple[str, ...]]:
    """Rows of COLUMNS between two moments (milliseconds, the second exclusive), of one device or of all.

    A time is ISO 8601 with +08:00, as the frames have it. `state` is ok, no_value or conflict: the value of a row in
    conflict came later than another one for the same moment, which stands in the row above.
    """
    with connections[READINGS].cursor() as cursor:
        cursor.execute(_SELECT, [since, until, mn, mn])
        while block := cursor.fetchmany(5000):
            for at, device, factor, kind, digits, scale, flag, state, _frame in block:
                when = moment(at).astimezone(BEIJING)
                shown = when.isoformat(timespec="milliseconds" if at % 1000 else "seconds")
                label = str(ReadingState(state).label)
                yield shown, device, factor, kinds.name(kind), text(digits, scale), flag, label


def write(file: TextIO, since: int = -_EVER, until: int = _EVER, mn: str = "") -> int:
    """Writes the CSV with its header; gives the number of rows."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for row in rows(since, until, mn):
        writer.writerow(row)
        count += 1
    return count
