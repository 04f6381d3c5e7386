"""Indicators of registers as facts: what there is to ask for, and the figures themselves, worked out of the rows."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.http import urlencode

from anlan.foundation.access.actor import Actor
from anlan.foundation.facts.kinds import COUNTED, INDICATORS, Asked, Counted, Indicator, Narrowing
from anlan.foundation.facts.providers import FACTS
from anlan.foundation.org.models import Division, Unit
from anlan.registers import figures, grants, queries
from anlan.registers.book import Installed, book
from anlan.registers.conditions import condition
from anlan.registers.spec import model
from anlan.registers.spec.model import OF_CHOICES, PERIOD, STATE, Condition, Field, How, Measure, Spec
from anlan.settings import Words

LATEST = "latest"
_HOW = {
    How.COUNT: Words("记录数", "number of rows"),
    How.SUM: Words("“{zh}”合计", "sum of {en}"),
    How.MEAN: Words("“{zh}”平均", "mean of {en}"),
    How.MIN: Words("“{zh}”最小", "least {en}"),
    How.MAX: Words("“{zh}”最大", "greatest {en}"),
    How.DISTINCT: Words("不同的“{zh}”数", "number of different {en}"),
}


def indicators(source: str = "", whole: bool = True) -> Iterator[Indicator]:
    """Indicators of one register, or of all that are in force. Two queries if `whole`, however many."""
    units: dict[str, Words] = {}
    places: dict[str, Words] = {}
    if whole:
        units = {str(one.pk): Words(one.short_name, one.short_name) for one in Unit.objects.all()}
        places = {one.code: Words(one.name, one.name) for one in Division.objects.order_by("code")}
    for installed in book().values():
        if installed.register.retired or source not in ("", installed.code):
            continue
        spec = installed.spec
        narrowings = tuple(_narrowings(spec, units, places)) if whole else ()
        owners = sorted({name for grant in spec.fill for name in grant.units})
        for one in spec.indicators:
            # Growth compares periods, and has no value over rows taken together.
            if one.measure.how is not How.GROWTH:
                yield Indicator(
                    spec.id,
                    spec.title,
                    one.id,
                    one.title,
                    one.unit,
                    one.decimals,
                    told(spec, one),
                    definition(spec, one),
                    narrowings,
                    spec.period.every.value if spec.period else "",
                    tuple(owners),
                    reverse("register-indicators", args=[spec.id]),
                )


def counted(asked: Iterable[Asked], actor: Actor | None = None) -> Iterator[Counted]:
    """Figures asked for, of registers and indicators in force; what is not known any more is left out.

    Those that ask for the same rows take two queries together, and one more where they ask for the latest period. The
    figures are of all rows, whoever reads them; their address is for those who may read the register (None: anybody).
    """
    alike: dict[tuple[str, tuple[tuple[str, str], ...], str, str], list[Asked]] = {}
    for one in asked:
        # The latest period is the last that has rows for the very indicator: a preliminary figure is no verified one.
        alone = one.id if one.period == LATEST else ""
        alike.setdefault((one.source, one.narrowed, one.period, alone), []).append(one)
    registers = book()
    for (source, narrowed, label, _alone), together in alike.items():
        installed = registers.get(source)
        if installed is None or installed.register.retired:
            continue
        by_id = {one.id: one for one in installed.spec.indicators if one.measure.how is not How.GROWTH}
        wanted = [by_id[one.id] for one in together if one.id in by_id]
        try:
            rows = queries.narrowed(installed, installed.rows, dict(narrowed))
        except (KeyError, ValueError):
            # Narrowed by a field that the register has no more.
            continue
        if not wanted:
            continue
        rows, period = _of_period(installed, rows, label, _meant(installed, wanted[0]))
        values = figures.figures(installed, rows, wanted)
        numbers = rows.aggregate(**{f"{one.id}__n": Count("pk", filter=_meant(installed, one)) for one in wanted})
        is_open = actor is None or bool(grants.reads(actor, installed.spec))
        for one in together:
            if one.id in by_id:
                url = _address(installed, one, period) if is_open else ""
                yield Counted(one, values[one.id].value, numbers[f"{one.id}__n"], period, url)


def _of_period(installed: Installed, rows: Any, period: str, meant: Q | None) -> tuple[Any, str]:
    if installed.spec.period is None or not period:
        return rows, ""
    if period == LATEST:
        last = rows.filter(meant or Q()).aggregate(last=Max("period"))["last"] or ""
        return rows.filter(period=last), last
    return rows.filter(period__startswith=period), period


def _meant(installed: Installed, wanted: model.Indicator) -> Q | None:
    """Which rows a figure is worked out of: those of the whole where it is a rate. None for all."""
    measure = wanted.whole if wanted.whole is not None else wanted.measure
    return reduce(and_, (condition(installed.spec, one) for one in measure.where), Q()) or None


def _address(installed: Installed, asked: Asked, period: str) -> str:
    """Address of the list, narrowed by what the list can be narrowed by."""
    spec = installed.spec
    fields = {"unit": spec.unit, "place": spec.place}
    parts = {fields.get(id, id): value for id, value in asked.narrowed}
    parts = {id: value for id, value in parts.items() if id in spec.filters}
    if period and spec.period is not None and len(period) == len(str(spec.period.starts)):
        parts[PERIOD] = period
    tail = f"?{urlencode(parts)}" if parts else ""
    return reverse("register", args=[spec.id]) + tail


def _narrowings(spec: Spec, units: dict[str, Words], places: dict[str, Words]) -> Iterator[Narrowing]:
    if spec.unit:
        yield Narrowing("unit", spec.field(spec.unit).title, tuple(units.items()))
    if spec.place:
        yield Narrowing("place", spec.field(spec.place).title, tuple(places.items()))
    if spec.states:
        titles = tuple((one.id, one.title) for one in spec.states)
        yield Narrowing(STATE, Words("状态", "State"), titles)
    for field in spec.of_type(*OF_CHOICES):
        if not field.private:
            yield Narrowing(field.id, field.title, tuple((one.id, one.words) for one in field.choices))


def told(spec: Spec, one: model.Indicator) -> Words:
    """How an indicator is worked out, in words: 总投资（万元）合计，只计：状态 为 完工、投运."""
    if one.part is not None and one.whole is not None:
        part, whole = _measure(spec, one.part), _measure(spec, one.whole)
        times = f" × {one.times:f}" if one.times != 1 else ""
        return Words(f"{part.zh} ÷ {whole.zh}{times}", f"{part.en} / {whole.en}{times}")
    return _measure(spec, one.measure)


def _measure(spec: Spec, measure: Measure) -> Words:
    heading = spec.field(measure.field).heading if measure.field else Words("", "")
    how = _HOW[measure.how]
    zh, en = how.zh.format(zh=heading.zh), how.en.format(en=heading.en)
    if not measure.where:
        return Words(zh, en)
    conditions = [_condition(spec, one) for one in measure.where]
    return Words(
        f"{zh}（只计：{'；'.join(one.zh for one in conditions)}）",
        f"{en} (only {'; '.join(one.en for one in conditions)})",
    )


def _condition(spec: Spec, one: Condition) -> Words:
    field = spec.by_id.get(one.field)
    title = field.title if field else {STATE: Words("状态", "state"), PERIOD: Words("期次", "period")}[one.field]
    zh, en = [], []
    for values, front in ((one.among, Words("为", "is")), (one.none_of, Words("不为", "is not"))):
        if values:
            names = [_value(spec, field, one.field, value) for value in values]
            zh.append(front.zh + "、".join(name.zh for name in names))
            en.append(f"{front.en} {', '.join(name.en for name in names)}")
    bounds = ((one.low, "不小于", "at least"), (one.high, "不大于", "at most"))
    for bound, in_zh, in_en in (*bounds, (one.above, "大于", "more than"), (one.below, "小于", "less than")):
        if bound is not None:
            zh.append(f"{in_zh}{bound}")
            en.append(f"{in_en} {bound}")
    if one.filled is not None:
        zh.append("已填" if one.filled else "未填")
        en.append("is filled in" if one.filled else "is not filled in")
    return Words(title.zh + "，".join(zh), f"{title.en} {', '.join(en)}")


def _value(spec: Spec, field: Field | None, id: str, value: object) -> Words:
    if isinstance(value, bool):
        return Words("是", "yes") if value else Words("否", "no")
    if id == STATE and (state := spec.state(str(value))):
        return state.title
    if field is not None and (choice := field.choice(str(value))):
        return choice.words
    return Words(str(value), str(value))


def definition(spec: Spec, one: model.Indicator) -> str:
    """Digest of all that gives an indicator its meaning: how, of which fields, of which rows, in which unit."""
    measures = [measure for measure in (one.part, one.whole) if measure is not None] or [one.measure]
    names = {measure.field for measure in measures if measure.field}
    names |= {each.field for measure in measures for each in measure.where}
    meant = {
        "unit": one.unit,
        "times": str(one.times) if one.part is not None else "",
        "measures": [
            {"how": measure.how.value, "field": measure.field, "where": [_plain(each) for each in measure.where]}
            for measure in measures
        ],
        "fields": {
            name: [spec.by_id[name].type.value, spec.by_id[name].unit, _formula(spec.by_id[name])]
            for name in sorted(names)
            if name in spec.by_id
        },
    }
    return hashlib.sha256(json.dumps(meant, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _formula(field: Field) -> str:
    return field.formula.text if field.formula is not None else ""


def _plain(one: Condition) -> dict[str, object]:
    found: dict[str, object] = {"field": one.field}
    if one.among:
        found["is"] = sorted(str(value) for value in one.among)
    if one.none_of:
        found["not"] = sorted(str(value) for value in one.none_of)
    bounds: dict[str, Decimal | dt.date | bool | None] = {
        "min": one.low,
        "max": one.high,
        "above": one.above,
        "below": one.below,
        "filled": one.filled,
    }
    return found | {name: str(bound) for name, bound in bounds.items() if bound is not None}


def offer() -> None:
    """Names the providers."""
    FACTS.offer(INDICATORS.name, "registers", indicators)
    FACTS.offer(COUNTED.name, "registers", counted)
