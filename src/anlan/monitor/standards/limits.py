"""Discharge limits as data: standards, their tables, and the limit that fits an item, a grade and a plant."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from anlan.foundation.calc.explain import Bilingual
from anlan.monitor.standards.exact import fraction, told
from anlan.monitor.standards.items import by_name
from anlan.monitor.standards.words import Source, facts, source


@dataclass(frozen=True, slots=True)
class Removal:
    """Other way to meet a limit: influent above `influent_above` mg/L and removal above `removal_above` percent."""

    influent_above: Fraction
    removal_above: Fraction


@dataclass(frozen=True, slots=True)
class DischargeLimit:
    """Limit of one item for one grade.

    `bounds` is (limit,) for at_most, (low, high) for inside, empty for not_detected. `cold` holds at water
    temperatures up to 12 ℃. `since` and `until` are the years a plant was built in.
    """

    item: str
    op: str
    bounds: tuple[Fraction, ...]
    unit: str
    clause: Bilingual
    cold: Fraction | None = None
    since: int | None = None
    until: int | None = None
    removal: Removal | None = None

    def told(self) -> str:
        """Limit as it is printed: 50, 6~9, 不得检出."""
        return "~".join(told(bound) for bound in self.bounds) or "不得检出"


@dataclass(frozen=True, slots=True)
class DischargeStandard:
    """One discharge standard. `limits` by grade and item; grades that are no grades (tables 2 and 3) in `ungraded`."""

    source: Source
    limits: Mapping[str, Mapping[str, tuple[DischargeLimit, ...]]]
    ungraded: tuple[str, ...]

    @property
    def grades(self) -> tuple[str, ...]:
        """Grades a plant can be held to."""
        return tuple(grade for grade in self.limits if grade not in self.ungraded)

    def find(self, grade: str, names: tuple[str, ...]) -> tuple[DischargeLimit, ...]:
        """Limits of the item by any of its names: those of the grade, else of the tables without grades, else none."""
        for place in (grade, *self.ungraded):
            for name in names:
                if found := self.limits.get(place, {}).get(name):
                    return found
        return ()


def discharge_standards(table: Mapping[str, Any]) -> dict[str, DischargeStandard]:
    """Standards by number from their facts. ValueError names an item that the list of items lacks."""
    return {entry["id"]: _standard(entry) for entry in table["standard"]}


def _standard(entry: Mapping[str, Any]) -> DischargeStandard:
    limits: dict[str, dict[str, tuple[DischargeLimit, ...]]] = {}
    ungraded: list[str] = []
    for table in entry["table"]:
        if table.get("ungraded"):
            ungraded += table["grades"]
        for at, grade in enumerate(table["grades"]):
            of_grade = limits.setdefault(grade, {})
            for limit in _limits(entry["id"], table, grade, at):
                of_grade[limit.item] = (*of_grade.get(limit.item, ()), limit)
    return DischargeStandard(source(entry), limits, tuple(ungraded))


def _limits(standard: str, table: Mapping[str, Any], grade: str, at: int) -> list[DischargeLimit]:
    clause = Bilingual(f"{standard} {table['clause']['zh']}", f"{standard} {table['clause']['en']}")

    def made(item: str, op: str, bounds: tuple[Fraction, ...]) -> DischargeLimit:
        if item not in by_name():
            raise ValueError(f"{standard}: the list of items has no {item}")
        cold = table.get("cold", {}).get(item, [""] * len(table["grades"]))[at]
        only, influent, removal = table.get("removal", {}).get(item, (None, 0, 0))
        return DischargeLimit(
            item=item,
            op=op,
            bounds=bounds,
            unit=table.get("units", {}).get(item, by_name()[item].unit),
            clause=clause,
            cold=None if cold == "" else fraction(cold),
            since=table.get("since"),
            until=table.get("until"),
            removal=Removal(fraction(influent), fraction(removal)) if only == grade else None,
        )

    found = [made(item, "inside", tuple(map(fraction, pair))) for item, pair in table.get("range", {}).items()]
    found += [made(item, "at_most", (fraction(row[at]),)) for item, row in table["limits"].items() if row[at] != ""]
    found += [
        made(item, "not_detected", ()) for item, grades in table.get("not_detected", {}).items() if grade in grades
    ]
    return found


@functools.cache
def carried() -> Mapping[str, DischargeStandard]:
    """Standards carried here."""
    return discharge_standards(facts("discharge.toml"))
