"""The functions that expressions may use, each with what it takes and gives. Pure."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from anlan.registers.rules.projects import check_digit
from anlan.registers.spec.expression import Kind
from anlan.settings import Words

# Mean radius of the earth, IUGG; a sphere is within 0.6 % of the ellipsoid, and this is for plausibility only.
EARTH_RADIUS_M = 6_371_008.8
_PROJECT = re.compile(r"(\d{2})(\d{2})-(\d{6})-(\d{2})-(\d{2})-(\d{6})", re.ASCII)
# GB 32100-2015: digits and capitals without I, O, S, V, Z; weights 3**i mod 31.
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True, slots=True)
class Function:
    """Function of the expressions. `takes` are the kinds of its arguments (None: any), the last one for all further.

    `unknown` functions are asked with unknown values too; the others are unknown if any argument is.
    """

    run: Callable[..., Any]
    takes: tuple[Kind | None, ...]
    gives: Kind
    least: int
    most: int
    words: Words
    unknown: bool = False


def rounded(value: Fraction, places: Fraction = Fraction(0)) -> Fraction:
    """Half up, away from zero.

    >>> rounded(Fraction("2.345"), Fraction(2)), rounded(Fraction("-0.5"))
    (Fraction(47, 20), Fraction(-1, 1))
    """
    factor = 10 ** int(places)
    scaled = abs(value) * factor
    whole = math.floor(scaled + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, factor)


def distance_m(one: tuple[Fraction, Fraction], other: tuple[Fraction, Fraction]) -> Fraction:
    """Distance of two points in metres, on the sphere: for plausibility, never for a legal limit."""
    (lon1, lat1), (lon2, lat2) = (tuple(math.radians(float(x)) for x in point) for point in (one, other))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return Fraction(round(2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(h))) * 10), 10)


def project_code(text: str) -> bool:
    """Whether a code of an investment project (发改投资〔2020〕1439号) is well formed, with its check digit.

    >>> project_code("2309-510822-04-01-953573"), project_code("2309-510822-04-01-953574")
    (True, False)
    """
    found = _PROJECT.fullmatch(text)
    if found is None:
        return False
    if not 1 <= int(found[2]) <= 12:
        # A code from before November 2020 begins with the year; whether it has a check digit is not known.
        return 1949 <= int(found[1] + found[2]) <= 2020
    digits = text.replace("-", "")
    return check_digit(digits[:-1]) == int(digits[-1])


def credit_code(text: str) -> bool:
    """Whether a unified social credit code (GB 32100-2015) is well formed, with its check character.

    >>> credit_code("91350100M000100Y43"), credit_code("91350100M000100Y44")
    (True, False)
    """
    if len(text) != 18 or any(character not in _CREDIT for character in text):
        return False
    total = sum(_CREDIT.index(character) * pow(3, place, 31) for place, character in enumerate(text[:17]))
    return _CREDIT[(31 - total % 31) % 31] == text[17]


def _total(*values: Fraction | None) -> Fraction | None:
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) if known else None


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


_MANY = 30
_N, _T, _D, _Y = Kind.NUMBER, Kind.TEXT, Kind.DATE, Kind.YESNO
FUNCTIONS: dict[str, Function] = {
    "abs": Function(abs, (_N,), _N, 1, 1, Words("绝对值", "absolute value")),
    "min": Function(min, (_N,), _N, 1, _MANY, Words("最小的一个", "the smallest")),
    "max": Function(max, (_N,), _N, 1, _MANY, Words("最大的一个", "the largest")),
    "round": Function(rounded, (_N, _N), _N, 1, 2, Words("四舍五入到若干位小数", "rounded half up to decimals")),
    "floor": Function(
        lambda x: Fraction(math.floor(x)), (_N,), _N, 1, 1, Words("不大于它的整数", "whole number not above it")
    ),
    "sum": Function(
        _total, (_N,), _N, 1, _MANY, Words("相加，没填的不计；都没填则未知", "sum of those filled in"), unknown=True
    ),
    "filled": Function(lambda x: x is not None, (None,), _Y, 1, 1, Words("已填", "is filled in"), unknown=True),
    "missing": Function(lambda x: x is None, (None,), _Y, 1, 1, Words("没填", "is not filled in"), unknown=True),
    "count": Function(
        lambda *values: Fraction(sum(value is not None for value in values)),
        (None,), _N, 1, _MANY, Words("填了几项", "how many are filled in"), unknown=True,
    ),
    "or_zero": Function(
        lambda x: Fraction(0) if x is None else x, (_N,), _N, 1, 1, Words("没填的按 0", "0 if not filled in"),
        unknown=True,
    ),
    "length": Function(lambda x: Fraction(len(x)), (_T,), _N, 1, 1, Words("字数", "number of characters")),
    "starts": Function(lambda x, y: x.startswith(y), (_T, _T), _Y, 2, 2, Words("以……开头", "begins with")),
    "contains": Function(lambda x, y: y in x, (_T, _T), _Y, 2, 2, Words("包含", "contains")),
    "date": Function(_day, (_T,), _D, 1, 1, Words("日期，如 date('2022-09-30')", "date, like date('2022-09-30')")),
    "days": Function(
        lambda a, b: Fraction((b - a).days), (_D, _D), _N, 2, 2, Words("从前者到后者的天数", "days between the two")
    ),
    "year": Function(lambda x: Fraction(x.year), (_D,), _N, 1, 1, Words("年", "year")),
    "month": Function(lambda x: Fraction(x.month), (_D,), _N, 1, 1, Words("月", "month")),
    "distance": Function(
        distance_m, (Kind.POINT, Kind.POINT), _N, 2, 2, Words("两点距离（米，按球面）", "metres between points")
    ),
    "project_code": Function(
        project_code, (_T,), _Y, 1, 1, Words("项目代码合格（含校验位）", "is a valid project code")
    ),
    "credit_code": Function(
        credit_code, (_T,), _Y, 1, 1, Words("是合格的统一社会信用代码", "is a valid unified social credit code")
    ),
}  # fmt: skip
