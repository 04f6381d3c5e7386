"""Dates as ledgers write them, as the span of days they may mean: 2022年5月 is any day of that month."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from anlan.ledger.linkage.folding import fold

_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_SPELLED_YEAR = re.compile(r"[二一][〇○零一二三四五六七八九]{3}(?=年)|[〇○零一二三四五六七八九]{2}(?=年)")
_SPELLED = re.compile(r"[一二三四五六七八九十]{1,3}(?=月|日|季度)")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])?(?!\d)")
_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)?\d\d)(?:年|[-./](?=\d))"
    r"(?:(?P<month>1[0-2]|0?[1-9])(?:月份?|(?=[-./]\d)|(?!\d))(?:[-./]?(?P<day>3[01]|[12]\d|0?[1-9])(?:日|号|(?!\d)))?)?"
)
_PART = re.compile(
    r"(?:年)?(?P<half>上半年|下半年)|第?(?P<quarter>[1-4])季度|(?P<end>年底|年末|年终|底|末)|(?P<ten>上旬|中旬|下旬|初|中(?!心))"
)
_SERIAL = re.compile(r"[345]\d{4}(?:\.\d+)?")
# Day 0 of Excel, for the serials that it gives days of this century.
_EXCEL = date(1899, 12, 30).toordinal()


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, as ordinals of the proleptic Gregorian calendar."""

    first: int
    last: int

    def gap(self, other: Span) -> int:
        """Days between the two, 0 where they overlap."""
        return max(0, self.first - other.last, other.first - self.last)

    @property
    def exact(self) -> bool:
        """Whether it is one day."""
        return self.first == self.last

    @property
    def month(self) -> int:
        """Month of the last day, counted from the year 0."""
        day = date.fromordinal(self.last)
        return day.year * 12 + day.month - 1

    def __str__(self) -> str:
        first, last = date.fromordinal(self.first), date.fromordinal(self.last)
        return first.isoformat() if self.exact else f"{first.isoformat()}～{last.isoformat()}"


@lru_cache(maxsize=65536)
def span(text: str) -> Span | None:
    """Days that a date may mean, of several the last; None where there is none (长期坚持).

    >>> str(span("2022年5月中旬")), str(span("二〇二〇年七月三十日")), str(span("21年8月16日")), str(span("20210416"))
    ('2022-05-11～2022-05-20', '2020-07-30', '2021-08-16', '2021-04-16')
    >>> str(span("2023年上半年")), str(span("2022.9.30")), str(span("44562")), span("长期坚持")
    ('2023-01-01～2023-06-30', '2022-09-30', '2022-01-01', None)
    """
    text = fold(text)
    if _SERIAL.fullmatch(text):
        day = _EXCEL + int(float(text))
        return Span(day, day)
    text = _SPELLED.sub(_spelled, _SPELLED_YEAR.sub(lambda year: year[0].translate(_DIGITS), text))
    text = _COMPACT.sub(lambda one: f"{one[1]}年{one[2]}月" + (f"{one[3]}日" if one[3] else ""), text)
    found = None
    for one in _DATE.finditer(text):
        found = _days(one, text) or found
    return found


def _spelled(number: re.Match[str]) -> str:
    tens, ten, units = number[0].rpartition("十")
    if not ten:
        return number[0].translate(_DIGITS)
    return str(int(tens.translate(_DIGITS) or 1) * 10 + int(units.translate(_DIGITS) or 0))


def _days(one: re.Match[str], text: str) -> Span | None:
    year = int(one["year"]) if len(one["year"]) == 4 else 2000 + int(one["year"])
    part = _PART.match(text, one.end())
    if not one["month"]:
        if part and part["half"]:
            return _months(year, *((1, 6) if part["half"] == "上半年" else (7, 12)))
        if part and part["quarter"]:
            last = int(part["quarter"]) * 3
            return _months(year, last - 2, last)
        if part and part["end"]:
            return _months(year, 12, 12)
        return _months(year, 1, 12)
    month = int(one["month"])
    if one["day"]:
        try:
            day = date(year, month, int(one["day"])).toordinal()
        except ValueError:
            return _months(year, month, month)
        return Span(day, day)
    whole = _months(year, month, month)
    if part and part["ten"]:
        first = whole.first
        return {
            "上旬": Span(first, first + 9),
            "初": Span(first, first + 9),
            "中旬": Span(first + 10, first + 19),
            "中": Span(first + 10, first + 19),
            "下旬": Span(first + 20, whole.last),
        }[part["ten"]]
    return whole


def _months(year: int, first: int, last: int) -> Span:
    return Span(date(year, first, 1).toordinal(), date(year, last, calendar.monthrange(year, last)[1]).toordinal())
