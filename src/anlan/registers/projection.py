"""Keeping the projection of a register as its revisions say; built anew from them whenever somebody asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils import timezone

from anlan.registers import conditions, tables
from anlan.registers.book import Installed
from anlan.registers.drafting import Draft, Drafter
from anlan.registers.models import Revision, Row
from anlan.registers.naming import Naming
from anlan.registers.spec.model import OF_CHOICES, PERIOD, Type

_BATCH = 1000
_HEAD = ("row_id", "label", "words", "unit_id", "place", "period", "state", "flags", "sample", "changed_at")
# What people look for when they type into the search box of a list.
_SEARCHED = (Type.TEXT, Type.REFERENCE, Type.UNIT, Type.PLACE)


def unit_of(installed: Installed, draft: Draft) -> int | None:
    """Unit whose row it is."""
    found: int | None = draft.kept.get(installed.spec.unit) if installed.spec.unit else None
    return found


def place_of(installed: Installed, draft: Draft) -> str:
    """Division in which it lies, "" where nothing says so."""
    return str(draft.kept.get(installed.spec.place) or "") if installed.spec.place else ""


def columns(installed: Installed) -> list[str]:
    """Columns of the projection in the order of `line`."""
    return [str(field.column) for field in installed.model._meta.local_fields]


def line(
    installed: Installed, row: int, draft: Draft, naming: Naming, *, sample: bool, at: dt.datetime
) -> tuple[Any, ...]:
    """What the projection holds for one row, in the order of `columns`."""
    spec = installed.spec
    words = [draft.label]
    cells: list[Any] = []
    for field in spec.fields:
        kept = draft.kept.get(field.id)
        cells += conditions.columns(field, kept)
        # A search by who only reads must not tell what is private.
        if field.type in _SEARCHED and kept is not None and not field.private:
            words.append(naming.told(field, kept, "zh"))
        if field.type is Type.REFERENCE:
            cells.append(naming.told(field, kept, "zh") if kept is not None else None)
    head = (
        row,
        draft.label,
        " ".join(dict.fromkeys(words)).casefold()[:4000],
        unit_of(installed, draft),
        place_of(installed, draft),
        str(draft.kept.get(PERIOD) or ""),
        draft.state,
        draft.flags,
        sample,
        at,
    )
    return (*head, *cells)


def adapted(installed: Installed, cells: tuple[Any, ...]) -> tuple[Any, ...]:
    """Line as the driver of the store takes it: SQLite keeps instants as text."""
    if connection.vendor != "sqlite":
        return cells
    at = _HEAD.index("changed_at")
    return (*cells[:at], connection.ops.adapt_datetimefield_value(cells[at]), *cells[at + 1 :])


def put(installed: Installed, lines: Sequence[tuple[Any, ...]], *, ready: bool = False, new: bool = False) -> None:
    """Writes rows into the projection. `ready` ones are adapted already, `new` ones are certainly not there yet."""
    if not lines:
        return
    names = columns(installed)
    quoted = [connection.ops.quote_name(name) for name in names]
    table = connection.ops.quote_name(installed.register.table)
    changed = ", ".join(f"{name} = excluded.{name}" for name in quoted[1:])
    statement = f"INSERT INTO {table} ({', '.join(quoted)}) VALUES ({', '.join(['%s'] * len(names))}) " + (
        "" if new else f"ON CONFLICT ({quoted[0]}) DO UPDATE SET {changed}"
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, lines if ready else [adapted(installed, one) for one in lines])


def analyse(installed: Installed) -> None:
    """Lets the store count what is in the projection, so that it chooses the right index for a list."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit = 2000")
        cursor.execute(f"ANALYZE {connection.ops.quote_name(installed.register.table)}")


def remove(installed: Installed, rows: Iterable[int]) -> None:
    """Takes rows out of the projection: they were deleted."""
    installed.rows.filter(row_id__in=list(rows)).delete()


def rebuild(installed: Installed) -> int:
    """Builds the projection anew from the revisions; gives the number of rows. Within the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(installed.register.table)}")
    count = 0
    for batch in _batches(installed):
        drafter = Drafter(installed)
        drafts = [drafted(drafter, row, revision) for row, revision in batch]
        drafter.finish(drafts, beside=False)
        put(
            installed,
            [
                line(installed, row.pk, draft, drafter.naming, sample=row.sample, at=revision.at)
                for (row, revision), draft in zip(batch, drafts, strict=True)
            ],
        )
        count += len(batch)
    analyse(installed)
    return count


def drafted(drafter: Drafter, row: Row, revision: Revision) -> Draft:
    """Row as it stands, as a draft: values that the spec in force does not know or take are left out."""
    spec = drafter.spec
    kept = {id: value for id, value in revision.values.items() if id == PERIOD or id in spec.by_id}
    for id in [id for id in kept if id != PERIOD and not fits(drafter, id, kept[id])]:
        del kept[id]
    return Draft(kept, revision.state, row, key=row.key, label=row.label)


def fits(drafter: Drafter, id: str, value: Any) -> bool:
    """Whether a kept value still is one of its field: of its type, and of its choices."""
    if value is None:
        return True
    field = drafter.spec.field(id)
    if field.type in OF_CHOICES:
        return field.choice(str(value)) is not None
    if field.type in (Type.INTEGER, Type.DECIMAL, Type.QUANTITY, Type.COMPUTED):
        from decimal import Decimal, InvalidOperation

        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return False
        scale = 0 if field.type is Type.INTEGER else field.scale
        return number == number.quantize(Decimal(1).scaleb(-scale))
    if field.type is Type.DATE:
        try:
            dt.date.fromisoformat(value)
        except (TypeError, ValueError):
            return False
    if field.type in (Type.UNIT, Type.REFERENCE):
        return isinstance(value, int)
    if field.type is Type.YESNO:
        return isinstance(value, bool)
    if field.type is Type.POINT or field.type in (Type.FILE, Type.PHOTO):
        return isinstance(value, list)
    if field.type is Type.GEOMETRY:
        return isinstance(value, dict)
    return isinstance(value, str)


def _batches(installed: Installed) -> Iterator[list[tuple[Row, Revision]]]:
    last = 0
    while True:
        revisions = list(
            Revision.objects.filter(
                row__register=installed.register, row__deleted=False, row__gt=last, number=F("row__revision")
            )
            .select_related("row")
            .order_by("row_id")[:_BATCH]
        )
        if not revisions:
            return
        yield [(one.row, one) for one in revisions]
        last = revisions[-1].row_id


def follow(installed: Installed, row: Row) -> None:
    """Works rows of other registers out anew that refer to this one: what it is called, and figures that use it."""
    from anlan.registers.book import book

    registers = book()
    for code, field in registers.referring.get(installed.code, []):
        other = registers[code]
        column = tables.column(other.spec.field(field))
        keys = list(other.rows.filter(**{column: row.pk}).values_list("row_id", flat=True))
        for begin in range(0, len(keys), _BATCH):
            _again(other, keys[begin : begin + _BATCH])


def _again(installed: Installed, keys: list[int]) -> None:
    revisions = list(
        Revision.objects.filter(row__in=keys, number=F("row__revision")).select_related("row").order_by("row_id")
    )
    drafter = Drafter(installed)
    drafts = [drafted(drafter, one.row, one) for one in revisions]
    drafter.finish(drafts, beside=False)
    changed = []
    for one, draft in zip(revisions, drafts, strict=True):
        if (one.row.key, one.row.label) != (draft.key, draft.label):
            one.row.key, one.row.label = draft.key, draft.label
            changed.append(one.row)
    Row.objects.bulk_update(changed, ["key", "label"], batch_size=200)
    put(
        installed,
        [
            line(installed, one.row_id, draft, drafter.naming, sample=one.row.sample, at=one.at or timezone.now())
            for one, draft in zip(revisions, drafts, strict=True)
        ],
    )
