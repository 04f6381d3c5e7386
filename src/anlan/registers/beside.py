"""Checks against the other rows of a register: values that may stand once only, shapes that may not overlap."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from anlan.registers import tables
from anlan.registers.conditions import condition, projected
from anlan.registers.spec import judging, shapes, values
from anlan.registers.spec.model import PERIOD, STATE, Check, Spec

if TYPE_CHECKING:
    from anlan.registers.drafting import Draft, Drafter

_BATCH = 200


def collisions(drafter: Drafter, check: Check, drafts: Sequence[Draft]) -> Iterator[tuple[Draft, str]]:
    """Drafts that collide with a row that is there or with another of the drafts, each with what that is called."""
    mine = [draft for draft in drafts if not draft.wrong and _among(drafter, check, draft)]
    yield from _with_rows(drafter, check, mine)
    if check.own:
        yield from _with_each_other(check, mine)


def _among(drafter: Drafter, check: Check, draft: Draft) -> bool:
    spec = drafter.spec
    for one in check.among:
        if one.field == STATE:
            value: Any = draft.state
        elif one.field == PERIOD:
            value = draft.kept.get(PERIOD)
        else:
            value = values.seen(spec.field(one.field), draft.kept.get(one.field))
        if not judging.meets(one, value):
            return False
    return True


def _with_rows(drafter: Drafter, check: Check, drafts: Sequence[Draft]) -> Iterator[tuple[Draft, str]]:
    from anlan.registers.book import book

    spec, rows = drafter.spec, drafter.installed.rows
    for one in check.among:
        rows = rows.filter(condition(spec, one))
    compared = check.unique or (check.overlap,)
    if check.own:
        yield from _with(drafter, check, drafts, rows, [_column(spec, id) for id in compared], own=True)
    registers = book()
    for other in check.beside:
        there = registers.get(other.register)
        if there is None:
            continue
        rows = there.rows
        for one in other.where:
            rows = rows.filter(condition(there.spec, one))
        columns = [_column(there.spec, id) for id in other.fields]
        for draft, label in _with(drafter, check, drafts, rows, columns, own=False):
            yield draft, f"{there.spec.title.zh} {label}"


def _column(spec: Spec, id: str) -> str:
    return id if id == PERIOD else tables.column(spec.field(id))


def _with(
    drafter: Drafter, check: Check, drafts: Sequence[Draft], rows: QuerySet[Any], columns: list[str], *, own: bool
) -> Iterator[tuple[Draft, str]]:
    """Drafts that collide with these rows, of their own register or of another one, in these columns."""
    if check.unique:
        yield from _unique(drafter, check, drafts, rows, columns, own=own)
        return
    column = columns[0]
    for draft in drafts:
        shape = draft.kept.get(check.overlap)
        if shape is None:
            continue
        west, south, east, north = shapes.bounds(shape)
        near = rows.filter(
            **{f"{column}_west__lte": east, f"{column}_east__gte": west},
            **{f"{column}_south__lte": north, f"{column}_north__gte": south},
        )
        if own and draft.row is not None:
            near = near.exclude(row_id=draft.row.pk)
        for label, text in near.values_list("label", column):
            if shapes.overlap(shape, json.loads(text)):
                yield draft, label
                break


def _unique(
    drafter: Drafter, check: Check, drafts: Sequence[Draft], rows: QuerySet[Any], columns: list[str], *, own: bool
) -> Iterator[tuple[Draft, str]]:
    spec = drafter.spec
    wanted: dict[tuple[Any, ...], list[Draft]] = {}
    for draft in drafts:
        key = tuple(
            draft.kept.get(PERIOD) if id == PERIOD else projected(spec.field(id), draft.kept.get(id))
            for id in check.unique
        )
        if None not in key:
            wanted.setdefault(key, []).append(draft)
    keys = list(wanted)
    for begin in range(0, len(keys), _BATCH):
        either = Q()
        for key in keys[begin : begin + _BATCH]:
            either |= Q(**dict(zip(columns, key, strict=True)))
        for row, label, *found in rows.filter(either).values_list("row_id", "label", *columns):
            for draft in wanted.get(tuple(str(v) if hasattr(v, "isoformat") else v for v in found), ()):
                if not own or draft.row is None or draft.row.pk != row:
                    yield draft, label


def _with_each_other(check: Check, drafts: Sequence[Draft]) -> Iterator[tuple[Draft, str]]:
    if check.unique:
        seen: dict[tuple[Any, ...], Draft] = {}
        for draft in drafts:
            key = tuple(draft.kept.get(id) for id in check.unique)
            if None in key:
                continue
            first = seen.setdefault(key, draft)
            if first is not draft:
                yield draft, first.label
        return
    from shapely import STRtree
    from shapely.geometry import shape

    placed = [draft for draft in drafts if draft.kept.get(check.overlap) is not None]
    tree = STRtree([shape(draft.kept[check.overlap]) for draft in placed])
    for at, draft in enumerate(placed):
        for other in tree.query(tree.geometries[at]):
            if other < at and judging.collides(check, draft.kept, placed[other].kept):
                yield draft, placed[other].label
                break
