"""Class of surface water by the worst item, with main indicators: GB 3838 limits, 环办〔2011〕22号 method."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.monitor.standards.exact import fixed, fraction, mean, told
from anlan.monitor.standards.items import Result, by_code, listed, unit_words
from anlan.monitor.standards.words import Source, facts, source, word

CLASSES = ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ")
THIRD = 2
WORST = 5
BODIES = {"river": Bilingual("河流", "river"), "lake": Bilingual("湖库", "lake or reservoir")}
_MAIN = 3
# Saturated oxygen in fresh water at 1 atm, HJ 2.3-2018: 468 / (31.6 + T) mg/L; class Ⅰ from 90 % of it.
_SATURATION = (Fraction(468), Fraction(316, 10), Fraction(9, 10))


@dataclass(frozen=True, slots=True)
class Limit:
    """Limits of one item. `op` is at_most or at_least with five bounds Ⅰ–Ⅴ, or inside with two; `text` shows them."""

    item: str
    op: str
    bounds: tuple[Fraction, ...]
    text: str

    def grade(self, value: Fraction) -> int:
        """Best class the value meets, 0 for Ⅰ … 5 for 劣Ⅴ; a value on the limit meets it."""
        if self.op == "inside":
            return 0 if self.bounds[0] <= value <= self.bounds[1] else WORST
        for grade, bound in enumerate(self.bounds):
            if value <= bound if self.op == "at_most" else value >= bound:
                return grade
        return WORST

    def multiple(self, value: Fraction) -> Fraction | None:
        """How far above the class Ⅲ limit, as a multiple of it; None for pH and oxygen."""
        return (value - self.bounds[THIRD]) / self.bounds[THIRD] if self.op == "at_most" else None


@dataclass(frozen=True, slots=True)
class SurfaceLimits:
    """One edition of the table of limits: limits by water body and item, items apart, decimals of means."""

    source: Source
    limits: Mapping[str, Mapping[str, Limit]]
    apart: tuple[str, ...]
    first: tuple[str, ...]
    decimals: Mapping[str, int]

    def judged(self, body: str) -> tuple[str, ...]:
        """Items that count for the class, in the order of the table."""
        return tuple(item for item in self.limits[body] if item not in self.apart)


def surface_limits(table: Mapping[str, Any]) -> SurfaceLimits:
    """Table from its facts: `order`, `inside`, `at_least`, `at_most`, `river`, `lake`, `apart`, `first`, `decimals`."""
    limits: dict[str, dict[str, Limit]] = {}
    for body in BODIES:
        rows = {op: table[op] for op in ("inside", "at_least")} | {"at_most": table["at_most"] | table[body]}
        found = {
            item: _limit(item, op, [fraction(bound) for bound in bounds])
            for op, group in rows.items()
            for item, bounds in group.items()
        }
        limits[body] = {item: found[item] for item in table["order"] if item in found}
    decimals = {item: n for item, n in table["decimals"].items() if item != "confidence"}
    return SurfaceLimits(source(table), limits, tuple(table["apart"]), tuple(table["first"]), decimals)


def _limit(item: str, op: str, bounds: list[Fraction]) -> Limit:
    return Limit(item, op, tuple(bounds), ("~" if op == "inside" else "/").join(map(told, bounds)))


@functools.cache
def carried() -> SurfaceLimits:
    """Edition carried here."""
    return surface_limits(facts("surface.toml"))


@dataclass(frozen=True, slots=True)
class Figure:
    """What is held against the limits: a single result or a rounded mean. `below`: below the detection limit."""

    value: Fraction
    below: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """One item with its class and its multiple over class Ⅲ."""

    item: str
    grade: int
    multiple: Fraction | None

    def to_json(self) -> list[object]:
        """[item, class, multiple], the multiple a decimal string of one place or null."""
        return [self.item, CLASSES[self.grade], None if self.multiple is None else fixed(self.multiple, 1)]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Judgement of one section. `grade` is None when no judged item had a result."""

    grade: int | None
    items: tuple[Judged, ...]
    apart: tuple[Judged, ...]
    main: tuple[Judged, ...]
    missing: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def name(self) -> str | None:
        """Class as printed, None when not judged."""
        return None if self.grade is None else CLASSES[self.grade]


def single(results: Mapping[str, Result]) -> tuple[dict[str, Figure], list[Step]]:
    """Figures of one sample as they are; zero and negative ones are no results and drop out, which a step says."""
    figures = {
        item: Figure(result.value, result.below is not None, result.text)
        for item, result in results.items()
        if result.usable
    }
    dropped = [item for item, result in results.items() if not result.usable]
    return figures, [_dropped(dropped)] if dropped else []


def _dropped(items: list[str]) -> Step:
    return step(
        "{items}：零或负值不是有效结果，按缺测处理。",
        "{items}: zero or negative is no result and counts as missing.",
        items=listed(items),
    )


@dataclass(frozen=True, slots=True)
class Means:
    """Mean of each item over points or sections: exact, and as it is compared (rounded to the item's decimals)."""

    exact: Mapping[str, Fraction]
    compared: Mapping[str, Figure]
    steps: tuple[Step, ...]

    def rounded(self) -> dict[str, str]:
        """Figures compared, as decimal strings."""
        return {item: figure.text for item, figure in self.compared.items()}


def means(points: Sequence[Mapping[str, Result]], decimals: Mapping[str, int]) -> Means:
    """Arithmetic means over the points that have the item, half the detection limit for a result below it."""
    exact: dict[str, Fraction] = {}
    compared: dict[str, Figure] = {}
    steps: list[Step] = []
    unusable: list[str] = []
    for item in by_code():
        found = [point[item] for point in points if item in point]
        usable = [result for result in found if result.usable]
        if len(usable) < len(found):
            unusable.append(item)
        average = mean([result.value for result in usable])
        if average is None:
            continue
        places = decimals.get(item)
        # A mean below every detection limit stays a result below it; rounding could make it zero.
        below = [result.below for result in usable if result.below is not None]
        hidden = bool(below) and average < min(below)
        text = told(average) if places is None or hidden else fixed(average, places)
        exact[item] = average
        compared[item] = Figure(average if places is None or hidden else Fraction(text), hidden, text)
        steps.append(
            step(
                "{item}:({results})/{n} = {mean}，以 {text} 比较。",
                "{item}: ({results}) / {n} = {mean}, compared as {text}.",
                item=by_code()[item].name,
                results=" + ".join(result.text for result in usable[:10]) + (" + …" if len(usable) > 10 else ""),
                n=len(usable),
                mean=told(average),
                text=text,
            )
        )
    if unusable:
        steps.append(_dropped(unusable))
    return Means(exact, compared, tuple(steps))


def judge(
    figures: Mapping[str, Figure], body: str, table: SurfaceLimits, water_temp: Decimal | None = None
) -> Judgement:
    """Class of a section: the worst of its judged items. Missing items are listed, never read as met."""
    limits = table.limits[body]
    steps: list[Step] = []
    judged: list[Judged] = []
    apart: list[Judged] = []
    for item, limit in limits.items():
        figure = figures.get(item)
        if figure is None:
            continue
        one, reason = _item(limit, figure, water_temp)
        is_apart = item in table.apart
        (apart if is_apart else judged).append(one)
        steps.append(_told(limit, figure, one, reason, is_apart))
    if left := [item for item in figures if item not in limits]:
        steps.append(step("{items} 无类别限值，不评价。", "{items}: no class limits, not judged.", items=listed(left)))
    missing = tuple(item for item in table.judged(body) if item not in figures)
    if missing:
        steps.append(
            step(
                "缺测 {n} 项（不视为达标）:{items}。",
                "{n} items are missing and not taken as met: {items}.",
                n=len(missing),
                items=listed(missing),
            )
        )
    grade = max((one.grade for one in judged), default=None)
    return Judgement(grade, tuple(judged), tuple(apart), _main(judged, grade, table), missing, tuple(steps))


def _item(limit: Limit, figure: Figure, water_temp: Decimal | None) -> tuple[Judged, Bilingual]:
    if figure.below and limit.op == "at_most":
        return Judged(limit.item, 0, None), Bilingual("低于检出限", "below the detection limit")
    grade = limit.grade(figure.value)
    if limit.item == "do" and grade > 0 and water_temp is not None:
        top, offset, share = _SATURATION
        saturated = top / (offset + fraction(water_temp))
        if figure.value >= share * saturated:
            return Judged(limit.item, 0, None), Bilingual(
                f"饱和率 {told(figure.value / saturated * 100)}% 不低于 90%", "saturation at least 90 %"
            )
    return Judged(limit.item, grade, limit.multiple(figure.value)), Bilingual("", "")


def _told(limit: Limit, figure: Figure, one: Judged, reason: Bilingual, is_apart: bool) -> Step:
    item = by_code()[limit.item]
    name = CLASSES[one.grade]
    return step(
        "{item} {value}{unit},{range} {bounds}:{reason}{verdict}{apart}。",
        "{item} {value}{unit}, {range} {bounds}: {reason}{verdict}{apart}.",
        item=item.name,
        value=figure.text or told(figure.value),
        unit=unit_words(item.unit),
        range=Bilingual("限值范围", "range") if limit.op == "inside" else Bilingual("Ⅰ–Ⅴ类限值", "limits Ⅰ–Ⅴ"),
        bounds=limit.text,
        reason=Bilingual(reason.zh + "," if reason.zh else "", reason.en + ", " if reason.en else ""),
        verdict=Bilingual(
            "劣于Ⅴ类" if one.grade == WORST else f"符合{name}类",
            "worse than Ⅴ" if one.grade == WORST else f"meets {name}",
        ),
        apart=Bilingual("(仅作参考，不参与评价)", " (for reference, not part of the class)")
        if is_apart
        else Bilingual("", ""),
    )


def _main(judged: list[Judged], grade: int | None, table: SurfaceLimits) -> tuple[Judged, ...]:
    """Items worse than Ⅲ: cyanide and heavy metals first, then the worse class, then the larger multiple; three."""
    if grade is None or grade <= THIRD:
        return ()
    bad = [one for one in judged if one.grade > THIRD]
    # Items without a multiple come after those with one in the same class; sorting is stable: ties keep table order.
    bad.sort(key=lambda o: (o.item not in table.first, -o.grade, o.multiple is None, -(o.multiple or 0)))
    return tuple(bad[:_MAIN])


@dataclass(frozen=True, slots=True)
class Assessment:
    """Words of the evaluation method: statuses of sections and rivers."""

    source: Source
    sections: Mapping[str, tuple[str, str]]
    rivers: tuple[Mapping[str, Any], ...]

    def section(self, name: str | None) -> tuple[str | None, str | None]:
        """Status and colour of a class; nulls when not judged."""
        return (None, None) if name is None else self.sections[name]

    def river(self, good: Fraction, bad: Fraction) -> tuple[str, str]:
        """Status and colour of a river from its shares in percent, the first row that holds."""
        for row in self.rivers:
            if good >= row.get("good_at_least", 0) and bad < row.get("bad_below", 101):
                return row["status"], row["colour"]
        raise ValueError("the table of river statuses has no last row that always holds")


@functools.cache
def assessment() -> Assessment:
    """Method carried here."""
    table = facts("assessment.toml")
    sections = {name: (row["status"], row["colour"]) for row in table["section"] for name in row["classes"]}
    return Assessment(source(table["method"]), sections, tuple(table["river"]))


def concluded(judgement: Judgement, status: str | None, colour: str | None) -> Step:
    """Step that names the class and what decided it."""
    if judgement.grade is None:
        return step("没有参评项目的有效结果，不评价。", "No judged item has a result: not judged.")
    deciding = [one.item for one in judgement.items if one.grade == judgement.grade]
    if judgement.grade == 0:
        return step(
            "全部参评项目符合Ⅰ类：Ⅰ类，水质状况{status}({colour})。",
            "All judged items meet Ⅰ: class Ⅰ, {status} ({colour}).",
            status=word(status),
            colour=word(colour),
        )
    return step(
        "最差的是{items}:{name}，水质状况{status}({colour})。",
        "Worst: {items}. Class {name}, {status} ({colour}).",
        items=listed(deciding),
        name=Bilingual(
            "劣Ⅴ类" if judgement.grade == WORST else f"{CLASSES[judgement.grade]}类", word(judgement.name).en
        ),
        status=word(status),
        colour=word(colour),
    )
