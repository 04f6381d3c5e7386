"""Writing many rows at once: worked out before, written with a few statements in one short transaction."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

from anlan.foundation.access.actor import Actor
from anlan.foundation.search import index
from anlan.registers import projection, todos
from anlan.registers.book import Installed
from anlan.registers.drafting import Draft, Drafter
from anlan.registers.models import Did, Row
from anlan.settings import InputError, Words

# Beyond so many rows the search index follows at night: it would hold the other writers up.
INDEXED_AT_ONCE = 500
_BATCH = 500
# So many new rows change what the store's planner should believe of the table.
_MANY = 1000
_ROW = ("id", "register_id", "key", "label", "unit_id", "place", "state", "deleted", "revision", "sample", "created_at")
_REVISION = (
    "row_id", "number", "did", "at", "actor", "actor_name", "unit_name", "reason", "source", "version", "state",
    "values",
)  # fmt: skip
# Pages of SQLite's own memory while many rows go in, in KiB: indexes are then written once and not many times.
_CACHE_KIB = 128_000


@dataclass(slots=True)
class Written:
    """Rows ready to be written, as the tables take them. The keys of new rows are put before them when they are."""

    installed: Installed
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    revisions: list[tuple[Any, ...]] = field(default_factory=list)
    lines: list[tuple[Any, ...]] = field(default_factory=list)
    changed: list[tuple[Row, Draft]] = field(default_factory=list)
    later: list[tuple[Any, ...]] = field(default_factory=list)
    changed_lines: list[tuple[Any, ...]] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        actor: Actor,
        installed: Installed,
        drafter: Drafter,
        drafts: Sequence[Draft],
        reason: str,
        *,
        sample: bool = False,
    ) -> Written:
        """Everything worked out that can be before the transaction opens."""
        found = cls(installed)
        at, stored = timezone.now(), _stored(timezone.now())
        who = (
            actor.account_id,
            actor.name[:120],
            actor.unit_name[:200],
            reason.strip(),
            "sheet",
            installed.spec.version,
        )
        for draft in drafts:
            values = json.dumps(
                {id: value for id, value in draft.kept.items() if value is not None}, ensure_ascii=False
            )
            unit, place = projection.unit_of(installed, draft), projection.place_of(installed, draft)
            line = projection.line(installed, 0, draft, drafter.naming, sample=sample, at=at)
            if draft.row is None:
                about = (installed.register.pk, draft.key, draft.label, unit, place, draft.state)
                found.rows.append((*about, False, 1, sample, stored))
                found.revisions.append((1, Did.ADD.value, stored, *who, draft.state, values))
                found.lines.append(projection.adapted(installed, line)[1:])
            else:
                found.changed.append((draft.row, draft))
                number = draft.row.revision + 1
                found.later.append((draft.row.pk, number, Did.CORRECT.value, stored, *who, draft.state, values))
                found.changed_lines.append((draft.row.pk, *projection.adapted(installed, line)[1:]))
        return found


def write(work: Written) -> dict[str, object]:
    """Writes the rows in the transaction that is open. Raises InputError if a row was changed meanwhile."""
    installed = work.installed
    _refuse_moved(work)
    keys = _keys(len(work.rows))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        _insert(cursor, Row._meta.db_table, _ROW, [(key, *row) for key, row in zip(keys, work.rows, strict=True)])
        revisions = [(key, *one) for key, one in zip(keys, work.revisions, strict=True)]
        _insert(cursor, "registers_revision", _REVISION, [*revisions, *work.later])
    for row, draft in work.changed:
        row.revision += 1
        row.key, row.label = draft.key, draft.label
        row.unit_id, row.place = projection.unit_of(installed, draft), projection.place_of(installed, draft)
    Row.objects.bulk_update(
        [row for row, _draft in work.changed], ["revision", "key", "label", "unit", "place"], batch_size=100
    )
    lines = [(key, *line) for key, line in zip(keys, work.lines, strict=True)]
    projection.put(installed, lines, ready=True, new=True)
    projection.put(installed, work.changed_lines, ready=True)
    if len(lines) >= _MANY:
        projection.analyse(installed)
    for row, _draft in work.changed:
        projection.follow(installed, row)
    if installed.spec.period is not None:
        todos.settle(installed, {row[3] for row in work.rows})
    touched = [*keys, *(row.pk for row, _draft in work.changed)]
    if len(touched) <= INDEXED_AT_ONCE:
        index.put_where("register_row", pk__in=touched)
    return {"new_rows": len(work.rows), "corrected_rows": len(work.changed)}


def _refuse_moved(work: Written) -> None:
    """Rows that somebody changed since the comparison: nothing is written over them."""
    there: dict[int, int] = {}
    keys = [row.pk for row, _draft in work.changed]
    for begin in range(0, len(keys), _BATCH):
        there |= dict(
            Row.objects.select_for_update()
            .filter(pk__in=keys[begin : begin + _BATCH], deleted=False)
            .values_list("pk", "revision")
        )
    moved = [row for row, _draft in work.changed if there.get(row.pk) != row.revision]
    if moved:
        raise InputError(
            *(
                Words(f"“{row}”刚被别人改过，没有写入；请重新导入", f"somebody has just changed {row}; import it again")
                for row in moved[:20]
            )
        )


def _keys(count: int) -> list[int]:
    """Keys for new rows. On SQLite the open transaction is the only writer, so that the next numbers are free."""
    if not count:
        return []
    table = Row._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            found = cursor.fetchone()
            last = int(found[0]) if found else 0
            return list(range(last + 1, last + count + 1))
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [int(row[0]) for row in cursor.fetchall()]


def _stored(at: dt.datetime) -> Any:
    """Instant as the driver of the store takes it."""
    return connection.ops.adapt_datetimefield_value(at) if connection.vendor == "sqlite" else at


def _insert(cursor: Any, table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    if not rows:
        return
    quoted = ", ".join(connection.ops.quote_name(name) for name in names)
    marks = ", ".join("%s::jsonb" if name == "values" and connection.vendor == "postgresql" else "%s" for name in names)
    cursor.executemany(f"INSERT INTO {connection.ops.quote_name(table)} ({quoted}) VALUES ({marks})", rows)
