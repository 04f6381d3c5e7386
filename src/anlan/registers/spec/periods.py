"""Periods of a register: months, quarters, years, written 2022-09, 2022-Q3, 2022. Pure."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Every(StrEnum):
    """How often."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}
_DIGITS = str.maketrans("一二三四", "1234")
_PATTERNS = {
    Every.MONTH: re.compile(r"(\d{4})(?:[-./]|年)(\d{1,2})月?"),
    Every.QUARTER: re.compile(r"(\d{4})(?:[-./]?Q|年?第?)([1-4])(?:季度|季)?", re.IGNORECASE),
    Every.YEAR: re.compile(r"(\d{4})年?(?:度)?()"),
}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Month, quarter or year; `number` counts within the year from 1."""

    year: int
    number: int
    every: Every

    def __str__(self) -> str:
        if self.every is Every.MONTH:
            return f"{self.year}-{self.number:02}"
        return f"{self.year}-Q{self.number}" if self.every is Every.QUARTER else str(self.year)

    @property
    def first(self) -> dt.date:
        """First day."""
        return dt.date(self.year, (self.number - 1) * _MONTHS[self.every] + 1, 1)

    @property
    def last(self) -> dt.date:
        """Last day."""
        month = self.number * _MONTHS[self.every]
        return dt.date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1

    def shifted(self, count: int) -> Period:
        """Period so many later (earlier where negative)."""
        a_year = 12 // _MONTHS[self.every]
        place = self.year * a_year + self.number - 1 + count
        return Period(place // a_year, place % a_year + 1, self.every)

    @property
    def previous(self) -> Period:
        """Period just before."""
        return self.shifted(-1)

    @property
    def last_year(self) -> Period:
        """Same period of the year before."""
        return Period(self.year - 1, self.number, self.every)

    def due(self, days: int) -> dt.date:
        """Last day to hand in, so many days after the end of the period."""
        return self.last + dt.timedelta(days=days)


def parse(text: str, every: Every) -> Period | None:
    """Period that a text names, None if it names none of this length.

    >>> str(parse("2022年9月", Every.MONTH)), str(parse("2022年三季度", Every.QUARTER)), parse("2022-13", Every.MONTH)
    ('2022-09', '2022-Q3', None)
    """
    folded = unicodedata.normalize("NFKC", text).replace(" ", "").translate(_DIGITS)
    found = _PATTERNS[every].fullmatch(folded)
    if found is None:
        return None
    number = int(found[2] or 1)
    if not 1 <= number <= 12 // _MONTHS[every] or not 1949 <= int(found[1]) <= 2100:
        return None
    return Period(int(found[1]), number, every)


def of(day: dt.date, every: Every) -> Period:
    """Period in which a day lies."""
    return Period(day.year, (day.month - 1) // _MONTHS[every] + 1, every)


def between(first: Period, last: Period) -> list[Period]:
    """Periods from one to another, both of them in it; none if the first is later."""
    found = []
    while (first.year, first.number) <= (last.year, last.number):
        found.append(first)
        first = first.shifted(1)
    return found
