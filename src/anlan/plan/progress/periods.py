"""Periods of rounds: which one a day belongs to, when its round opens, when its reports are due. Pure."""

from __future__ import annotations

import calendar as gregorian
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from anlan.foundation.calendars.calendar import Calendar
from anlan.foundation.calendars.periods import Period as Length
from anlan.foundation.calendars.periods import Reckoning, Unit, reckon

MONTHS = {"month": 1, "quarter": 3}
_DAY = dt.timedelta(days=1)


class Span(NamedTuple):
    """First and last day of a period."""

    first: dt.date
    last: dt.date


def holding(day: dt.date, rhythm: str) -> Span:
    """Period of a rhythm ("month" or "quarter") that a day lies in.

    >>> holding(dt.date(2022, 8, 9), "quarter")
    Span(first=datetime.date(2022, 7, 1), last=datetime.date(2022, 9, 30))
    """
    months = MONTHS[rhythm]
    first = day.replace(day=1, month=(day.month - 1) // months * months + 1)
    month = first.month + months - 1
    return Span(first, first.replace(month=month, day=gregorian.monthrange(first.year, month)[1]))


def between(start: dt.date, end: dt.date, rhythm: str) -> Iterator[Span]:
    """Periods that touch the stretch, in order."""
    day = start
    while day <= end:
        span = holding(day, rhythm)
        yield span
        day = span.last + _DAY


def opens_on(span: Span, opens_day: int) -> dt.date:
    """Day on which the round of a period opens: that day of its last month, or the month's end.

    >>> opens_on(Span(dt.date(2022, 2, 1), dt.date(2022, 2, 28)), 30)
    datetime.date(2022, 2, 28)
    """
    return span.last.replace(day=min(opens_day, span.last.day))


def due(opened: dt.date, workdays: int, calendar: Calendar) -> Reckoning:
    """Day on which reports are due, so many working days after the opening, explained; None in it where the notice
    of the year's holidays is not out."""
    return reckon(opened, Length(Decimal(workdays), Unit.WORKDAYS), calendar)
