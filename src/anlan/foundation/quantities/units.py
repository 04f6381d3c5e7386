"""Units: which characters are one, what they multiply, and exact conversion between them.

The table is `units.csv`: name, kind, dimension, exact factor to the dimension's base as a fraction, and the
characters that must not follow (个 before 月 is part of 个月). 1 亩 is 10000/15 m2.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files

from anlan.foundation.quantities.numerals import decimal, multiplier

_SCALE = "十百千万亿"
_PER = ("/", "／", "每")
# Durations; 月 and 季度 name dates far more often, and count only as denominators. 年 and 日 are left to the finder.
_DURATIONS = frozenset(
    {
        "天",
        "日",
        "小时",
        "个小时",
        "分钟",
        "秒",
        "个月",
        "周",
        "工作日",
        "个工作日",
        "自然日",
        "个自然日",
        "年",
        "毫秒",
        "微秒",
    }
)
# 720 t/d of sewage is 720 m3/d: density of water, 1000 kg per m3, used only when the caller says it is water.
_WATER_KG_PER_M3 = 1000


@dataclass(frozen=True, slots=True)
class Unit:
    """Row of the table. `factor` turns one of it into the base of `dimension`."""

    name: str
    kind: str
    dimension: str
    factor: Fraction
    block: frozenset[str]


@functools.cache
def table() -> dict[str, Unit]:
    """Units by name."""
    with (files("anlan.foundation.quantities") / "units.csv").open(encoding="utf-8") as lines:
        return {
            row["unit"]: Unit(
                row["unit"], row["kind"], row["dimension"], Fraction(row["factor"]), frozenset(row["block"])
            )
            for row in csv.DictReader(lines)
        }


@functools.cache
def _longest() -> dict[str, int]:
    """Length of the longest unit by first character."""
    longest: dict[str, int] = {}
    for name in table():
        longest[name[0]] = max(longest.get(name[0], 0), len(name))
    return longest


def _word(text: str, place: int) -> Unit | None:
    """Longest unit name that stands at `place` and is not cut out of a longer word."""
    units = table()
    for length in range(_longest().get(text[place : place + 1], 0), 0, -1):
        unit = units.get(text[place : place + length])
        if unit is None or place + length > len(text):
            continue
        following = text[place + length : place + length + 1]
        if following in unit.block or (_latin(unit.name[-1]) and _latin(following)):
            continue
        return unit
    return None


def _latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


def read(text: str, place: int) -> int:
    """End of the unit that stands at `place`, `place` itself if there is none.

    Months and quarters are units only after 每 or /, for a number before them is most often a date.

    >>> read("6.05万亩", 4), read("720吨/天", 3), read("3个月", 1), read("5台（套）", 1), read("6月", 1)
    (6, 6, 3, 5, 1)
    """
    unit = _word(text, place)
    end = place
    if unit is None:
        while end < place + 2 and text[end : end + 1] and text[end] in _SCALE:
            end += 1
        unit = _word(text, end) if end > place else None
        if unit is None and end > place + 1:
            end -= 1
            unit = _word(text, end)
        if unit is None:
            # A bare scale is a unit of its own in 培训1.2万, never in 110千伏.
            return place + 1 if text[place : place + 1] in ("万", "亿") else place
    if unit.kind == "time" and unit.name not in _DURATIONS:
        return place
    end += len(unit.name)
    if text[end : end + 1] in ("（", "("):
        inner = _word(text, end + 1)
        if inner and inner.kind not in ("time", "ratio") and text[end + 1 + len(inner.name) :][:1] in ("）", ")"):
            end += len(inner.name) + 2
    return _per(text, end)


def _per(text: str, end: int) -> int:
    """End of the denominators after a unit: 吨/天, 元每人, 元/人·年."""
    for _ in range(2):
        if text[end : end + 1] not in (*_PER, "·"):
            return end
        unit = _word(text, end + 1)
        scale = 0
        if unit is None and text[end + 1 : end + 2] in ("万", "亿"):
            unit, scale = _word(text, end + 2), 1
        if unit is None:
            return end
        end += 1 + scale + len(unit.name)
    return end


@functools.lru_cache(maxsize=4096)
def base(unit: str) -> tuple[int, str]:
    """Scale and unit proper of a unit as printed.

    >>> base("万亩"), base("千瓦"), base("亿元"), base("万吨/年"), base("万")
    ((10000, '亩'), (1, '千瓦'), (100000000, '元'), (10000, '吨/年'), (10000, ''))
    """
    head = _head(unit)
    if head in table():
        return 1, unit
    length = 0
    while length < len(unit) and unit[length] in _SCALE:
        length += 1
    while length and head[length:] and head[length:] not in table():
        length -= 1
    return multiplier(unit[:length]), unit[length:]


def _head(unit: str) -> str:
    """Unit before its denominators and brackets."""
    for i, character in enumerate(unit):
        if i and character in (*_PER, "（", "(") and unit not in table():
            return unit[:i]
    return unit


@functools.lru_cache(maxsize=4096)
def kind(unit: str) -> str:
    """What a unit counts: area, length, volume, mass, money, energy, power, ratio, points, times, people, thing, act …

    Empty for an unknown unit or a bare scale. A rate has the kind of its numerator.

    >>> kind("万亩"), kind("吨/天"), kind("个"), kind("万")
    ('area', 'mass', 'count', '')
    """
    row = table().get(_head(base(unit)[1]))
    return row.kind if row else ""


def convert(value: Decimal | Fraction | int, from_unit: str, to_unit: str, *, water: bool = False) -> Decimal:
    """Value in another unit of the same dimension, exact; rounded half to even at 28 digits where it does not end.

    `water` lets mass and volume of water stand for each other at 1 t per m3. A year has 365 days.
    Raises ValueError where the units are unknown or measure different things.

    >>> convert(Decimal("6.05"), "万亩", "亩"), convert(15, "亩", "公顷"), convert(Decimal("6.0"), "万亩", "km2")
    (Decimal('60500'), Decimal('1'), Decimal('40'))
    >>> convert(720, "吨/天", "m3/d", water=True), convert(1, "t/d", "t/a"), convert(Decimal("1.2"), "亿元", "万元")
    (Decimal('720'), Decimal('365'), Decimal('12000'))
    >>> convert(8, "毫克/升", "kg/m3"), convert(2, "斤", "公斤"), convert(1, "亩", "平方米")
    (Decimal('0.008'), Decimal('1'), Decimal('666.6666666666666666666666667'))
    """
    factor, dimension = _dimension(from_unit, water)
    divisor, wanted = _dimension(to_unit, water)
    if dimension != wanted:
        raise ValueError(f"{from_unit} and {to_unit} measure different things: {dimension} and {wanted}")
    return decimal(Fraction(value) * factor / divisor)


def _dimension(unit: str, water: bool) -> tuple[Fraction, tuple[str, ...]]:
    """Factor to base units, and the dimensions: numerator first, then the denominators."""
    scale, proper = base(unit)
    names = [proper] if proper in table() else proper.replace("／", "/").replace("每", "/").replace("·", "/").split("/")
    factor, dimensions = Fraction(scale), []
    for i, printed in enumerate(names):
        inner, name = base(printed)
        row = table().get(_head(name))
        if row is None:
            raise ValueError(f"unknown unit: {unit}")
        one, dimension = inner * row.factor, row.dimension
        if water and dimension == "m3":
            one, dimension = one * _WATER_KG_PER_M3, "kg"
        factor = factor / one if i else factor * one
        dimensions.append(dimension)
    return factor, tuple(dimensions)
