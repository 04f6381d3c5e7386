"""Rows that should be there and are not: who owes one for which period, since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone

from anlan.foundation.access.actor import Actor
from anlan.foundation.org.models import Unit, in_force
from anlan.registers import grants, tables
from anlan.registers.book import Installed, book, once
from anlan.registers.conditions import condition
from anlan.registers.spec import periods
from anlan.registers.spec.model import PERIOD
from anlan.registers.spec.periods import Period

# How many periods back a list looks: older gaps are for the archive.
LOOKED_AT = {"month": 12, "quarter": 8, "year": 5}


@dataclass(frozen=True, slots=True)
class Missing:
    """Row that is owed: by which unit, about which row (None for the unit itself), for which period, due when."""

    unit_id: int | None
    unit: str
    about: str
    about_id: int | None
    period: str
    due: dt.date
    late: bool


def due_periods(installed: Installed, today: dt.date) -> list[Period]:
    """Periods that are over by `today`, the latest first; those of which rows are owed."""
    spec = installed.spec.period
    if spec is None or not spec.expects:
        return []
    first = periods.parse(spec.starts, spec.every)
    last = periods.of(today, spec.every).previous
    if first is None:
        return []
    return periods.between(first, last)[::-1][: LOOKED_AT[spec.every.value]]


def missing(
    installed: Installed,
    actor: Actor | None = None,
    *,
    today: dt.date | None = None,
    units: Iterable[int] | None = None,
    only_late: bool = False,
) -> list[Missing]:
    """Rows that are owed and not there, the latest period first: what the actor may read, or what some units owe."""
    day = today or timezone.localdate()
    spec = installed.spec
    wanted = due_periods(installed, day)
    if spec.period is None or not wanted or installed.register.retired:
        return []
    owed = list(_expected(installed, day))
    if actor is not None:
        reach = grants.reads(actor, spec)
        owed = [one for one in owed if reach.all or one.unit_id in reach.units]
    if units is not None:
        mine = set(units)
        owed = [one for one in owed if one.unit_id in mine]
    column = "unit_id" if spec.period.expects == "unit" else tables.column(spec.field(spec.period.expects))
    there = set(
        installed.rows.filter(period__in=[str(one) for one in wanted]).order_by().values_list(column, PERIOD).distinct()
    )
    found = []
    for period in wanted:
        due = period.due(spec.period.due_days)
        if only_late and due >= day:
            continue
        for one in owed:
            if (one.key, str(period)) not in there and (one.since is None or one.since <= period.last):
                about = None if spec.period.expects == "unit" else one.key
                found.append(Missing(one.unit_id, one.unit, one.about, about, str(period), due, late=due < day))
    return found


@dataclass(frozen=True, slots=True)
class _Owed:
    key: int
    unit_id: int | None
    unit: str
    about: str = ""
    since: dt.date | None = None


def _expected(installed: Installed, day: dt.date) -> Iterator[_Owed]:
    """Who owes a row each period."""
    spec = installed.spec
    assert spec.period is not None
    if spec.period.expects == "unit":
        names = {name for grant in spec.fill if grant.at == "unit" for name in grant.units}
        for unit in Unit.objects.filter(in_force(day)):
            if unit.short_name in names or unit.kind in names:
                yield _Owed(unit.pk, unit.pk, unit.short_name, since=unit.since)
        return
    field = spec.field(spec.period.expects)
    registers = book()
    if field.register not in registers:
        return
    other = registers[field.register]
    rows = other.rows
    for one in spec.period.where:
        rows = rows.filter(condition(other.spec, one))
    names_of = once("names of units", lambda: dict(Unit.objects.values_list("pk", "short_name")))
    for row, label, unit in rows.order_by("label").values_list("row_id", "label", "unit_id"):
        yield _Owed(row, unit, names_of.get(unit, ""), label)
