"""Legal periods: from a start and a length to the last day, with the steps that led there.

民法典 arts. 201–204: the first day is not counted, a month ends on the day of the same number or else on its last
day, and a period whose last day is a statutory holiday ends on the day after it. What may start on the first
day (public notices as practised) says so with `include_first`.
"""

from __future__ import annotations

import calendar as gregorian
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.foundation.calendars.calendar import Calendar, Mark, NoticeNotPublishedError

_DAY = dt.timedelta(days=1)


class Unit(StrEnum):
    """What a period is counted in. DAY_OF_NEXT_MONTH names a day: "by the 10th of the month after"."""

    NATURAL_DAYS = "natural_days"
    WORKDAYS = "workdays"
    MONTHS = "months"
    HOURS = "hours"
    DAY_OF_NEXT_MONTH = "day_of_next_month"


class Convention(StrEnum):
    """Whether the start day counts: legal periods exclude it, public notices as practised include it."""

    EXCLUDE_FIRST = "exclude_first"
    INCLUDE_FIRST = "include_first"


@dataclass(frozen=True, slots=True)
class Period:
    """Length of time in law. `backward` counts to days before the start (materials 7 days before a hearing)."""

    amount: Decimal
    unit: Unit
    convention: Convention = Convention.EXCLUDE_FIRST
    extend_if_holiday: bool = False
    backward: bool = False

    def __post_init__(self) -> None:
        """ValueError for an amount below its unit's least, or an extension that would shorten a backward period."""
        if self.amount <= 0 or (self.unit is not Unit.HOURS and self.amount != self.amount.to_integral_value()):
            raise ValueError(f"no period of {self.amount} {self.unit}")
        if self.backward and self.extend_if_holiday:
            raise ValueError("a period counted backward is not extended: a later day would shorten it")
        if self.unit is Unit.DAY_OF_NEXT_MONTH and self.amount > 28:
            raise ValueError("not every month has this day")


@dataclass(frozen=True, slots=True)
class Reckoning:
    """End of a period. Days give `last_day`, hours give `last_time`; both None when a needed notice is missing.

    `workdays` counts the working days of the stretch counted (start day by convention, last day included);
    it and `is_workday` (of the last day) are None for hours and where the calendar does not know.
    `missing` are the years whose notice the last day itself needs: not empty means the end is unknown.
    """

    last_day: dt.date | None
    last_time: dt.datetime | None
    workdays: int | None
    is_workday: bool | None
    missing: tuple[int, ...]
    steps: tuple[Step, ...]


_WEEKDAYS = [
    Bilingual(f"星期{zh}", en)
    for zh, en in zip(
        "一二三四五六日", ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True
    )
]
_UNITS = {
    Unit.NATURAL_DAYS: Bilingual("个自然日", "natural days"),
    Unit.WORKDAYS: Bilingual("个工作日", "working days"),
    Unit.MONTHS: Bilingual("个月", "months"),
    Unit.HOURS: Bilingual("小时", "hours"),
}
_HOLIDAYS_EN = {
    "元旦": "New Year",
    "春节": "Spring Festival",
    "清明节": "Qingming",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
}
_FIRST = {
    Convention.EXCLUDE_FIRST: Bilingual("起始日不计入", "the start day is not counted"),
    Convention.INCLUDE_FIRST: Bilingual("起始日计入", "the start day is counted"),
}


def months_later(day: dt.date, months: int) -> dt.date:
    """Day of the same number `months` later (earlier if negative), or the last day of that month (民法典 art. 202).

    >>> months_later(dt.date(2025, 1, 31), 1), months_later(dt.date(2024, 3, 31), -1)
    (datetime.date(2025, 2, 28), datetime.date(2024, 2, 29))
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, min(day.day, gregorian.monthrange(year, month)[1]))


def reckon(start: dt.date, period: Period, calendar: Calendar) -> Reckoning:
    """End of a period that starts on `start`; hours need a datetime and run through rest days.

    A missing notice is an answer, not an error: see :class:`Reckoning`. Source: 民法典 arts. 200–204.
    """
    if period.unit is Unit.HOURS:
        return _hours(start, period)
    if isinstance(start, dt.datetime):
        start = start.date()
    steps = [_opening(start, period)]
    try:
        last = _last_day(start, period, calendar)
        if period.extend_if_holiday and period.unit is not Unit.WORKDAYS:
            nominal, last = last, calendar.next_workday(last)
            steps.append(_extension(nominal, last))
    except NoticeNotPublishedError as unknown:
        steps.append(
            step(
                "算到 {day} 须有 {years} 年放假通知，尚未公布或未录入，不按普通周末推算。",
                "{day} needs the holiday notice of {years}, which is not here; plain weekends are not assumed.",
                day=unknown.day,
                years=", ".join(map(str, unknown.years)),
            )
        )
        return Reckoning(None, None, None, None, unknown.years, tuple(steps))
    one = 1 if period.convention is Convention.EXCLUDE_FIRST else 0
    first, end = (last, start - one * _DAY) if period.backward else (start + one * _DAY, last)
    is_workday = None if calendar.missing(last) else calendar.is_workday(last)
    workdays = None
    try:
        workdays = calendar.workdays_between(first, end)
    except NoticeNotPublishedError as unknown:
        steps.append(
            step(
                "没有 {years} 年放假通知，其间工作日数不能确定；末日按日历推算，不受影响。",
                "there is no holiday notice of {years}: the working days within are not known; the last day "
                "does not hang on it.",
                years=", ".join(map(str, unknown.years)),
            )
        )
    else:
        steps.extend(_stretch(first, end, workdays, calendar))
    steps.append(_closing(last, is_workday, period.backward))
    return Reckoning(last, None, workdays, is_workday, (), tuple(steps))


def _last_day(start: dt.date, period: Period, calendar: Calendar) -> dt.date:
    """Last day before any extension."""
    n = int(period.amount)
    included = period.convention is Convention.INCLUDE_FIRST
    sign = -1 if period.backward else 1
    if period.unit is Unit.NATURAL_DAYS:
        return start + sign * (n - included) * _DAY
    if period.unit is Unit.WORKDAYS:
        # With its start day included a period is the same as one that excludes the day before.
        return calendar.nth_workday(start - sign * included * _DAY, n, period.backward)
    if period.unit is Unit.DAY_OF_NEXT_MONTH:
        return months_later(start.replace(day=1), 1).replace(day=n)
    last = months_later(start, sign * n)
    # From 1 March, counted, a month is full on 31 March. Where the same number is absent the month's end stays.
    return last - sign * _DAY if included and last.day == start.day else last


def _hours(start: dt.date, period: Period) -> Reckoning:
    if not isinstance(start, dt.datetime):
        raise TypeError("a period of hours starts at a time, not on a day")
    length = dt.timedelta(microseconds=int(period.amount * 3_600_000_000))
    end = start - length if period.backward else start + length
    return Reckoning(
        None,
        end,
        None,
        None,
        (),
        (
            step(
                "自 {start} 起{sense} {n} 小时，按钟点连续计算，休息日不扣除，至 {end}。",
                "{n} hours {sense} {start} by the clock, rest days included: {end}.",
                start=start.isoformat(),
                sense=Bilingual("向前倒推", "before") if period.backward else Bilingual("经过", "after"),
                n=f"{period.amount.normalize():f}",
                end=end.isoformat(),
            ),
        ),
    )


def _opening(start: dt.date, period: Period) -> Step:
    if period.unit is Unit.DAY_OF_NEXT_MONTH:
        return step(
            "期限:{start} 所在月的次月 {n} 日。",
            "Period: day {n} of the month after that of {start}.",
            start=start,
            n=int(period.amount),
        )
    return step(
        "期限：自 {start}({weekday})起{sense} {n} {unit},{first}。",
        "Period: {n} {unit} {sense} {start} ({weekday}), {first}.",
        start=start,
        weekday=_WEEKDAYS[start.weekday()],
        sense=Bilingual("向前倒数", "before") if period.backward else Bilingual("", "from"),
        n=int(period.amount),
        unit=_UNITS[period.unit],
        first=_FIRST[period.convention],
    )


def _extension(nominal: dt.date, last: dt.date) -> Step:
    weekday = _WEEKDAYS[nominal.weekday()]
    if nominal == last:
        return step(
            "届满日 {day}({weekday})为工作日，不顺延。",
            "It ends on {day} ({weekday}), a working day: no extension.",
            day=nominal,
            weekday=weekday,
        )
    return step(
        "届满日 {day}({weekday})为休息日，顺延 {n} 日至 {last}。",
        "It ends on {day} ({weekday}), a rest day: extended by {n} days to {last}.",
        day=nominal,
        weekday=weekday,
        n=(last - nominal).days,
        last=last,
    )


# A stretch of years has dozens of marked days; the first few let a reader check, the count tells the rest.
_NAMED = 12


def _stretch(first: dt.date, end: dt.date, workdays: int, calendar: Calendar) -> Iterator[Step]:
    total = max((end - first).days + 1, 0)
    yield step(
        "{first} 至 {end} 共 {total} 个自然日，其中工作日 {workdays} 个，休息日 {rest} 个。",
        "{first} to {end}: {total} natural days, {workdays} of them working days, {rest} rest days.",
        first=first,
        end=end,
        total=total,
        workdays=workdays,
        rest=total - workdays,
    )
    marks = calendar.marks_between(first, end)
    for works, zh, en in ((False, "按放假通知休息", "Rest days by notice"), (True, "调休上班", "Make-up working days")):
        named = [mark for mark in marks if mark.works is works]
        if named:
            yield step(
                zh + " {n} 天:{days}。",
                en + " ({n}): {days}.",
                n=len(named),
                days=_listed(named),
            )


def _listed(marks: list[Mark]) -> Bilingual:
    more = "…" if len(marks) > _NAMED else ""
    return Bilingual(
        "、".join(f"{m.day}({m.holiday})" for m in marks[:_NAMED]) + more,
        ", ".join(f"{m.day} ({_english(m.holiday)})" for m in marks[:_NAMED]) + more,
    )


def _english(holiday: str) -> str:
    return " and ".join(_HOLIDAYS_EN.get(name, name) for name in holiday.split("、"))


def _closing(last: dt.date, is_workday: bool | None, backward: bool) -> Step:
    if is_workday is None:
        kind = Bilingual("是否工作日待通知公布", "working day or not: the notice is awaited")
    else:
        kind = Bilingual("工作日", "a working day") if is_workday else Bilingual("休息日", "a rest day")
    return step(
        "{which} {last}({weekday}),{kind}。",
        "{which}: {last} ({weekday}), {kind}.",
        which=Bilingual("最晚应在", "No later than") if backward else Bilingual("末日为", "Last day"),
        last=last,
        weekday=_WEEKDAYS[last.weekday()],
        kind=kind,
    )
