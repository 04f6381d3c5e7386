"""Indicators over the rows of a projection: exact, all in one query, split by unit, place, period or a choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from anlan.registers import tables
from anlan.registers.book import Installed
from anlan.registers.conditions import condition
from anlan.registers.spec import periods
from anlan.registers.spec.functions import rounded
from anlan.registers.spec.model import NUMBERS, PERIOD, STATE, How, Indicator, Measure, Spec, Type

Group = Any


@dataclass(frozen=True, slots=True)
class Figure:
    """Indicator worked out: exact value, None where there is none, and the parts of a rate."""

    indicator: Indicator
    value: Fraction | None
    part: Fraction | None = None
    whole: Fraction | None = None

    @property
    def shown(self) -> Decimal | None:
        """Value to the decimals of the indicator, half up."""
        if self.value is None:
            return None
        number = rounded(self.value, Fraction(self.indicator.decimals))
        return Decimal(number.numerator * 10**self.indicator.decimals // number.denominator).scaleb(
            -self.indicator.decimals
        )


def column_of(installed: Installed, by: str) -> str:
    """Column to split by: unit, place, period, state or a choice field. KeyError for anything else."""
    if by == "unit":
        return "unit_id"
    if by in ("place", PERIOD, STATE):
        return by
    field = installed.spec.field(by)
    if field.type not in (Type.CHOICE, Type.JUDGED, Type.UNIT, Type.PLACE, Type.YESNO):
        raise KeyError(by)
    return tables.column(field)


def figures(installed: Installed, rows: QuerySet[Any], wanted: Iterable[Indicator] | None = None) -> dict[str, Figure]:
    """Indicators over these rows, by id. One query; growth needs periods and has no value here."""
    plain = list(wanted if wanted is not None else installed.spec.indicators)
    asked = _Asked(installed.spec, plain)
    if len(plain) == 1 and asked.common:
        rows = rows.filter(asked.common)
    answer = rows.aggregate(**asked.aggregates) if asked.aggregates else {}
    return {one.id: asked.figure(one, answer) for one in plain}


def split(
    installed: Installed, rows: QuerySet[Any], by: str, wanted: Sequence[Indicator] | None = None
) -> dict[Group, dict[str, Figure]]:
    """Indicators for each group, by its value in the column. One query. Growth needs the period for `by`."""
    plain = list(wanted if wanted is not None else installed.spec.indicators)
    spec = installed.spec
    needed = {one.id: one for one in plain}
    for one in plain:
        if one.measure.how is How.GROWTH:
            needed.setdefault(one.of, spec.indicator(one.of))
    asked = _Asked(spec, list(needed.values()))
    column = column_of(installed, by)
    answers = rows.order_by().values(column).annotate(rows_there=Count("pk"), **asked.aggregates)
    found = {
        answer[column]: {one.id: asked.figure(one, answer) for one in needed.values()}
        for answer in sorted(answers, key=lambda answer: str(answer[column]))
    }
    if by == PERIOD and spec.period is not None:
        for label, there in found.items():
            for one in needed.values():
                if one.measure.how is How.GROWTH:
                    there[one.id] = _growth(spec, found, one, label)
    return found


def _growth(spec: Spec, found: Mapping[str, Mapping[str, Figure]], one: Indicator, label: str) -> Figure:
    assert spec.period is not None
    period = periods.parse(label, spec.period.every)
    if period is None:
        return Figure(one, None)
    before = found.get(str(period.previous if one.against == "previous" else period.last_year), {}).get(one.of)
    now = found[label][one.of].value
    if before is None or not before.value or now is None:
        return Figure(one, None, now, before.value if before else None)
    return Figure(one, (now - before.value) / before.value * Fraction(one.times), now, before.value)


@dataclass(frozen=True, slots=True)
class Broken:
    """Identity that does not hold: its title, for which period ("" without), the figures in it."""

    identity: str
    period: str
    figures: tuple[tuple[str, str], ...]


def broken(installed: Installed, rows: QuerySet[Any], lang: str = "zh") -> list[Broken]:
    """Identities of the register that do not hold over these rows; with periods, each of them is looked at."""
    spec = installed.spec
    if not spec.identities:
        return []
    if spec.period is None:
        there: dict[str, dict[str, Figure]] = {"": figures(installed, rows)}
    else:
        there = split(installed, rows, PERIOD)
    found = []
    for label, now in there.items():
        given = {id: one.value for id, one in now.items()}
        if spec.period is not None and (period := periods.parse(label, spec.period.every)) is not None:
            earlier = there.get(str(period.previous), {})
            given |= {f"previous.{id}": one.value for id, one in earlier.items()}
        for identity in spec.identities:
            if identity.expression(given) is False:
                told = []
                for name in sorted(identity.expression.names):
                    indicator = spec.indicator(name.rpartition(".")[2])
                    value = given.get(name)
                    front = {"zh": "上期", "en": "previous "}[lang] if name.startswith("previous.") else ""
                    told.append((front + indicator.title.speak(lang), "" if value is None else _plain(value)))
                found.append(Broken(identity.title.speak(lang), label, tuple(told)))
    return found


def _plain(value: Fraction) -> str:
    number = Decimal(value.numerator) / Decimal(value.denominator)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class _Asked:
    """Aggregates of a set of indicators, and how their answers become figures."""

    def __init__(self, spec: Spec, indicators: Sequence[Indicator]) -> None:
        self.spec = spec
        self.aggregates: dict[str, Any] = {}
        self.common = Q()
        for place, one in enumerate(indicators):
            if one.measure.how is How.RATE:
                assert one.part is not None
                assert one.whole is not None
                self._ask(f"{one.id}__p", one.part)
                self._ask(f"{one.id}__w", one.whole)
            elif one.measure.how is not How.GROWTH:
                self._ask(f"{one.id}__v", one.measure)
                if place == 0 and one.measure.where:
                    self.common = self._where(one.measure)

    def _where(self, measure: Measure) -> Q:
        return reduce(and_, (condition(self.spec, one) for one in measure.where), Q())

    def _ask(self, name: str, measure: Measure) -> None:
        where = self._where(measure) or None
        column = tables.column(self.spec.field(measure.field)) if measure.field else "pk"
        match measure.how:
            case How.COUNT:
                self.aggregates[name] = Count("pk", filter=where)
            case How.DISTINCT:
                self.aggregates[name] = Count(column, filter=where, distinct=True)
            case How.MIN:
                self.aggregates[name] = Min(column, filter=where)
            case How.MAX:
                self.aggregates[name] = Max(column, filter=where)
            case How.MEAN:
                # Not Avg, which is a float: the sum and the number are exact.
                self.aggregates[name] = Sum(column, filter=where)
                self.aggregates[f"{name}n"] = Count(column, filter=where)
            case _:
                self.aggregates[name] = Sum(column, filter=where)

    def figure(self, one: Indicator, answer: Mapping[str, Any]) -> Figure:
        """Figure of an indicator in an answer of the store."""
        if one.measure.how is How.GROWTH:
            return Figure(one, None)
        if one.measure.how is How.RATE:
            assert one.part is not None
            assert one.whole is not None
            part = self._value(f"{one.id}__p", one.part, answer)
            whole = self._value(f"{one.id}__w", one.whole, answer)
            value = part / whole * Fraction(one.times) if part is not None and whole else None
            return Figure(one, value, part, whole)
        return Figure(one, self._value(f"{one.id}__v", one.measure, answer))

    def _value(self, name: str, measure: Measure, answer: Mapping[str, Any]) -> Fraction | None:
        found = answer.get(name)
        if found is None:
            # The sum over no rows is nothing, their extremes are none.
            return Fraction(0) if measure.how is How.SUM else None
        scale = 0
        if measure.field and measure.how is not How.DISTINCT:
            field = self.spec.field(measure.field)
            scale = field.scale if field.type in NUMBERS and field.type is not Type.INTEGER else 0
        number: Fraction = Fraction(found) / 10**scale
        if measure.how is How.MEAN:
            count: int = answer[f"{name}n"]
            return number / count if count else None
        return number
