"""The working calendar: weekends, and the rest and make-up days of the State Council's yearly notices."""

from __future__ import annotations

import csv
import datetime as dt
import functools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

COLUMNS = ("date", "kind", "holiday", "notice_year")

_DAY = dt.timedelta(days=1)
# Every notice arranges these seven (全国年节及纪念日放假办法 art. 2). A file that lacks one is half entered, and a
# half-entered year must not pass for a published one.
_HOLIDAYS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
# The notice for a year arranges New Year's Day and with it the days before: the one for 2019 made Saturday
# 2018-12-29 a working day. No notice carried here reaches further back.
_NEXT_NOTICE_FROM = (12, 29)


class HolidayFileError(ValueError):
    """Holiday data that cannot be used; `problems` lists everything wrong, each with its line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class NoticeNotPublishedError(LookupError):
    """A day whose kind hangs on a notice that is not there. `years` are the years of the missing notices."""

    def __init__(self, day: dt.date, years: tuple[int, ...]) -> None:
        super().__init__(f"{day}: no holiday notice for {', '.join(map(str, years))}")
        self.day = day
        self.years = years


@dataclass(frozen=True, slots=True)
class Mark:
    """Day that a notice names: rest day or make-up working day, for which holiday, by the notice of which year."""

    day: dt.date
    works: bool
    holiday: str
    notice_year: int


class Calendar:
    """Working days by the notices it was given. It never falls back to plain weekends for a year without a notice.

    A day is known when a notice names it or when the notices that could name it are all there: that of its own
    year, and from 29 December on that of the next year too. Immutable.
    """

    def __init__(self, marks: Iterable[Mark]) -> None:
        """Calendar of these marks; a later mark of a day replaces an earlier one."""
        self._marks = dict(sorted({mark.day: mark for mark in marks}.items()))
        self._marked = list(self._marks)
        named: dict[int, str] = {}
        for mark in self._marks.values():
            if not mark.works:
                named[mark.notice_year] = named.get(mark.notice_year, "") + mark.holiday
        self._years = frozenset(year for year, text in named.items() if all(h in text for h in _HOLIDAYS))
        self._works: dict[dt.date, bool] = {}
        for year in self._years:
            day = dt.date(year, 1, 1)
            while day.year == year:
                if not self._unpublished(day):
                    self._works[day] = day.weekday() < 5
                day += _DAY
        self._works.update((mark.day, mark.works) for mark in self._marks.values())

    @property
    def years(self) -> frozenset[int]:
        """Years whose notice is here whole."""
        return self._years

    def __iter__(self) -> Iterator[Mark]:
        """Marks in order of their days."""
        return iter(self._marks.values())

    def overlaid(self, marks: Iterable[Mark]) -> Calendar:
        """Calendar with these marks over its own: a pack's new year, or a day of its own."""
        return Calendar([*self, *marks])

    def mark(self, day: dt.date) -> Mark | None:
        """What a notice says about this day, None where it says nothing."""
        return self._marks.get(day)

    def _unpublished(self, day: dt.date) -> tuple[int, ...]:
        needed = (day.year, day.year + 1) if (day.month, day.day) >= _NEXT_NOTICE_FROM else (day.year,)
        return tuple(year for year in needed if year not in self._years)

    def missing(self, day: dt.date) -> tuple[int, ...]:
        """Years whose notice must be published before the day is known; empty when it is known."""
        return () if day in self._works else self._unpublished(day)

    def is_workday(self, day: dt.date) -> bool:
        """Whether the day is worked: a weekday not marked off, or a make-up day. NoticeNotPublishedError if unknown."""
        works = self._works.get(day)
        if works is None:
            raise NoticeNotPublishedError(day, self._unpublished(day))
        return works

    def next_workday(self, day: dt.date) -> dt.date:
        """First working day on or after `day`. NoticeNotPublishedError where the search meets an unknown day."""
        while not self.is_workday(day):
            day += _DAY
        return day

    def nth_workday(self, start: dt.date, n: int, backward: bool = False) -> dt.date:
        """`n`th working day (n ≥ 1) after `start`, `start` itself not counted; before it if `backward`."""
        if n < 1:
            raise ValueError(f"no {n}th working day")
        step = -_DAY if backward else _DAY
        day = start
        while n:
            day += step
            n -= self.is_workday(day)
        return day

    def workdays_between(self, first: dt.date, last: dt.date) -> int:
        """Working days of the stretch, both ends counted; 0 when `last` comes before `first`."""
        return sum(self.is_workday(day) for day in days(first, last))

    def marks_between(self, first: dt.date, last: dt.date) -> list[Mark]:
        """Marks of the stretch, both ends counted."""
        inside = self._marked[bisect_left(self._marked, first) : bisect_right(self._marked, last)]
        return [self._marks[day] for day in inside]


def days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Days from `first` to `last`, both counted."""
    for n in range((last - first).days + 1):
        yield first + dt.timedelta(days=n)


def read_marks(text: str) -> list[Mark]:
    """Marks of a CSV: date (ISO), kind (off or work), holiday, notice_year. HolidayFileError lists every error."""
    reader = csv.DictReader(text.removeprefix("\ufeff").splitlines())
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise HolidayFileError([f"line 1: columns must be {','.join(COLUMNS)}"])
    marks: list[Mark] = []
    problems: list[str] = []
    seen: dict[dt.date, int] = {}
    for row in reader:
        line = reader.line_num
        try:
            day, year = dt.date.fromisoformat(row["date"] or ""), int(row["notice_year"] or "")
        except ValueError as error:
            problems.append(f"line {line}: {error}")
            continue
        if row["kind"] not in ("off", "work"):
            problems.append(f"line {line}: kind must be off or work, not {row['kind']!r}")
        # A notice arranges its own year and the end of the year before.
        if year != day.year and (year != day.year + 1 or (day.month, day.day) < _NEXT_NOTICE_FROM):
            problems.append(f"line {line}: the notice of {year} cannot name {day}")
        if day in seen:
            problems.append(f"line {line}: {day} stands already in line {seen[day]}")
        seen[day] = line
        marks.append(Mark(day, row["kind"] == "work", row["holiday"] or "", year))
    if problems:
        raise HolidayFileError(problems)
    return marks


def read_file(path: Path) -> list[Mark]:
    """Marks of a holiday file, a pack's for example; see :func:`read_marks`."""
    return read_marks(path.read_text(encoding="utf-8"))


@functools.cache
def national() -> Calendar:
    """Calendar of the notices carried in this package (2019–2026)."""
    data = resources.files("anlan.foundation.calendars") / "data" / "holidays-cn.csv"
    return Calendar(read_marks(data.read_text(encoding="utf-8")))
