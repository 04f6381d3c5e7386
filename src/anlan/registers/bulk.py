"""Writing many rows at once: worked out before, written with a few statements in one short transaction."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

from anlan.foundation.access.actor import Actor
from anlan.foundation.search import index
from anlan.registers import projection
from anlan.registers.book import Installed
from anlan.registers.drafting import Draft, Drafter
from anlan.registers.models import Did, Row
from anlan.settings import InputError, Words

# Beyond so many rows the search index follows at night, or by `anlan search rebuild`: it would hold the writers up.
INDEXED_AT_ONCE = 500
_BATCH = 500


@dataclass(slots=True)
class Written:
    """Rows that are ready to be written, as the tables take them; keys of new rows are put in when it is written."""

    actor: Actor
    installed: Installed
    reason: str
    at: dt.datetime
    sample: bool = False
    new: list[tuple[Draft, str, tuple[Any, ...]]] = field(default_factory=list)
    changed: list[tuple[Row, Draft, str, tuple[Any, ...]]] = field(default_factory=list)
    renamed: list[Row] = field(default_factory=list)

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
        """Everything worked out that can be before the transaction: JSON, cells of the projection."""
        found = cls(actor, installed, reason.strip(), timezone.now(), sample)
        for draft in drafts:
            values = json.dumps(
                {id: value for id, value in draft.kept.items() if value is not None}, ensure_ascii=False
            )
            line = projection.line(installed, 0, draft, drafter.naming, sample=sample, at=found.at)
            if draft.row is None:
                found.new.append((draft, values, line))
            else:
                if (draft.row.key, draft.row.label) != (draft.key, draft.label):
                    found.renamed.append(draft.row)
                found.changed.append((draft.row, draft, values, line))
        return found


def write(work: Written) -> dict[str, object]:
    """Writes the rows in the transaction that is open. Raises InputError if a row was changed meanwhile."""
    installed = work.installed
    _refuse_moved(work)
    keys = _keys(len(work.new))
    rows = [
        (
            key,
            installed.register.pk,
            draft.key,
            draft.label,
            projection.unit_of(installed, draft),
            projection.place_of(installed, draft),
            draft.state,
            False,
            1,
            work.sample,
            work.at,
        )
        for key, (draft, _values, _line) in zip(keys, work.new, strict=True)
    ]
    _insert(
        Row._meta.db_table,
        (
            "id",
            "register_id",
            "key",
            "label",
            "unit_id",
            "place",
            "state",
            "deleted",
            "revision",
            "sample",
            "created_at",
        ),
        rows,
    )
    for row, draft, _values, _line in work.changed:
        row.revision += 1
        row.key, row.label = draft.key, draft.label
        row.unit_id, row.place = projection.unit_of(installed, draft), projection.place_of(installed, draft)
    Row.objects.bulk_update(
        [row for row, _draft, _values, _line in work.changed],
        ["revision", "key", "label", "unit", "place"],
        batch_size=100,
    )
    revisions = [
        _revision(work, key, 1, Did.ADD, draft, values)
        for key, (draft, values, _line) in zip(keys, work.new, strict=True)
    ]
    revisions += [
        _revision(work, row.pk, row.revision, Did.CORRECT, draft, values) for row, draft, values, _line in work.changed
    ]
    _insert("registers_revision", _REVISION, revisions)
    lines = [(key, *line[1:]) for key, (_draft, _values, line) in zip(keys, work.new, strict=True)]
    lines += [(row.pk, *line[1:]) for row, _draft, _values, line in work.changed]
    projection.put(installed, lines)
    for row, *_rest in work.changed:
        projection.follow(installed, row)
    touched = [*keys, *(row.pk for row, *_rest in work.changed)]
    if len(touched) <= INDEXED_AT_ONCE:
        index.put_where("register_row", pk__in=touched)
    return {"new_rows": len(work.new), "corrected_rows": len(work.changed)}


_REVISION = (
    "row_id", "number", "did", "at", "actor", "actor_name", "unit_name", "reason", "source", "version", "state",
    "values",
)  # fmt: skip


def _revision(work: Written, row: int, number: int, did: Did, draft: Draft, values: str) -> tuple[Any, ...]:
    actor = work.actor
    return (
        row,
        number,
        did.value,
        work.at,
        actor.account_id,
        actor.name[:120],
        actor.unit_name[:200],
        work.reason,
        "sheet",
        work.installed.spec.version,
        draft.state,
        values,
    )


def _refuse_moved(work: Written) -> None:
    """Rows that somebody changed since the comparison: nothing is written over them."""
    there: dict[int, int] = {}
    keys = [row.pk for row, *_rest in work.changed]
    for begin in range(0, len(keys), _BATCH):
        there |= dict(
            Row.objects.select_for_update()
            .filter(pk__in=keys[begin : begin + _BATCH], deleted=False)
            .values_list("pk", "revision")
        )
    moved = [row for row, *_rest in work.changed if there.get(row.pk) != row.revision]
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


def _insert(table: str, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    quoted = ", ".join(connection.ops.quote_name(name) for name in names)
    marks = ", ".join("%s::jsonb" if name == "values" and connection.vendor == "postgresql" else "%s" for name in names)
    statement = f"INSERT INTO {connection.ops.quote_name(table)} ({quoted}) VALUES ({marks})"
    if connection.vendor == "sqlite":
        rows = (
            tuple(connection.ops.adapt_datetimefield_value(v) if isinstance(v, dt.datetime) else v for v in row)
            for row in rows
        )
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(rows))
