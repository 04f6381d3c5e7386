"""Legal periods: conventions, month ends, extension, hours, and counting backward."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.foundation.calendars.calendar import national
from anlan.foundation.calendars.periods import Convention, Period, Reckoning, Unit, reckon

D = dt.date
at = dt.datetime.fromisoformat
INCLUDE = Convention.INCLUDE_FIRST


def end_of(start: dt.date, amount: int | str, unit: Unit, **more: Any) -> Reckoning:
    return reckon(start, Period(Decimal(amount), unit, **more), national())


@pytest.mark.parametrize(
    "start, n, convention, last",
    [
        # Public notice of a closure: Wed 21 May is the first; 8 weekdays to Fri 30; 31 May–2 June off; 3, 4 June: 10.
        (D(2025, 5, 21), 10, INCLUDE, D(2025, 6, 4)),
        # The same excluding the first day ends a working day later.
        (D(2025, 5, 21), 10, Convention.EXCLUDE_FIRST, D(2025, 6, 5)),
        # Mon 11 October to Fri 5 November 2021: four weeks of five.
        (D(2021, 10, 11), 20, INCLUDE, D(2021, 11, 5)),
        # A first day that rests counts for nothing: Sat 24 May → Mon 26 is the first.
        (D(2025, 5, 24), 1, INCLUDE, D(2025, 5, 26)),
        # Fri 26 Sept 2025: Sun 28 made up (1), 29, 30 (3), 1–8 Oct off, 9, 10 (5), Sat 11 made up (6), Mon 13 (7).
        (D(2025, 9, 26), 7, Convention.EXCLUDE_FIRST, D(2025, 10, 13)),
        # Across a new year whose notices are both there: Tue 31 Dec 2024 → 1 Jan off, 2 (1), 3 (2), Mon 6 (3).
        (D(2024, 12, 31), 3, Convention.EXCLUDE_FIRST, D(2025, 1, 6)),
        # The last one that the notice of 2026 alone decides: Fri 25 Dec → Mon 28.
        (D(2026, 12, 25), 1, Convention.EXCLUDE_FIRST, D(2026, 12, 28)),
    ],
)
def test_working_days(start: dt.date, n: int, convention: Convention, last: dt.date) -> None:
    end = end_of(start, n, Unit.WORKDAYS, convention=convention)
    assert (end.last_day, end.workdays, end.is_workday) == (last, n, True)


@pytest.mark.parametrize(
    "start, n, convention, last",
    [
        (D(2022, 5, 6), 30, Convention.EXCLUDE_FIRST, D(2022, 6, 5)),  # 25 left in May + 5
        (D(2022, 5, 6), 30, INCLUDE, D(2022, 6, 4)),  # 26 in May with the 6th + 4
        (D(2024, 2, 28), 1, Convention.EXCLUDE_FIRST, D(2024, 2, 29)),  # leap year
        (D(2025, 2, 28), 1, Convention.EXCLUDE_FIRST, D(2025, 3, 1)),
        (D(2025, 2, 28), 1, INCLUDE, D(2025, 2, 28)),
    ],
)
def test_natural_days(start: dt.date, n: int, convention: Convention, last: dt.date) -> None:
    assert end_of(start, n, Unit.NATURAL_DAYS, convention=convention).last_day == last


@pytest.mark.parametrize(
    "start, n, convention, last",
    [
        (D(2025, 3, 15), 2, Convention.EXCLUDE_FIRST, D(2025, 5, 15)),
        (D(2025, 1, 31), 1, Convention.EXCLUDE_FIRST, D(2025, 2, 28)),  # no 31st: the month's last day
        (D(2024, 1, 31), 1, Convention.EXCLUDE_FIRST, D(2024, 2, 29)),  # in a leap year
        (D(2024, 2, 29), 12, Convention.EXCLUDE_FIRST, D(2025, 2, 28)),
        (D(2025, 2, 28), 1, Convention.EXCLUDE_FIRST, D(2025, 3, 28)),  # the same number, not the month's end
        (D(2024, 11, 30), 3, Convention.EXCLUDE_FIRST, D(2025, 2, 28)),  # over the year's end
        (D(2025, 3, 1), 1, INCLUDE, D(2025, 3, 31)),  # 1 March counted: March is the month
        (D(2025, 3, 15), 1, INCLUDE, D(2025, 4, 14)),
        (D(2025, 1, 31), 1, INCLUDE, D(2025, 2, 28)),
    ],
)
def test_months(start: dt.date, n: int, convention: Convention, last: dt.date) -> None:
    assert end_of(start, n, Unit.MONTHS, convention=convention).last_day == last


@pytest.mark.parametrize(
    "start, n, last",
    [
        (D(2026, 4, 28), 3, D(2026, 5, 6)),  # Fri 1 May is off until Tue 5
        (D(2026, 4, 27), 3, D(2026, 4, 30)),  # a Thursday: nothing to extend
        (D(2026, 2, 25), 3, D(2026, 2, 28)),  # a Saturday that is made up: a working day
        (D(2025, 9, 28), 3, D(2025, 10, 9)),  # 1 October, off until the 8th
        (D(2018, 12, 27), 3, D(2019, 1, 2)),  # 30 and 31 Dec, 1 Jan are named by the notice of 2019
    ],
)
def test_a_rest_day_extends_to_the_next_working_day(start: dt.date, n: int, last: dt.date) -> None:
    end = end_of(start, n, Unit.NATURAL_DAYS, extend_if_holiday=True)
    assert end.last_day == last


def test_without_extension_a_rest_day_stays_and_is_called_one() -> None:
    end = end_of(D(2026, 4, 28), 3, Unit.NATURAL_DAYS)
    assert (end.last_day, end.is_workday, end.workdays) == (D(2026, 5, 1), False, 2)  # 29 and 30 April


def test_hours_run_through_night_and_rest_days() -> None:
    # From the evening before 春节 2026 (15–23 February off): 24 hours are one day by the clock.
    end = end_of(at("2026-02-14T22:15"), 24, Unit.HOURS)
    assert end.last_time == at("2026-02-15T22:15")
    assert (end.last_day, end.workdays, end.is_workday) == (None, None, None)


def test_hours_need_no_notice_and_may_be_broken() -> None:
    assert end_of(at("2026-12-31T23:00"), "1.5", Unit.HOURS).last_time == at("2027-01-01T00:30")


def test_hours_from_a_day_without_time_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError):
        end_of(D(2026, 1, 5), 24, Unit.HOURS)


def test_a_backward_period_ends_before_its_start() -> None:
    # Materials 7 days before a hearing on 20 May; the stretch 13–19 May has Tue–Fri and Mon: 5 working days (2025).
    end = end_of(D(2025, 5, 20), 7, Unit.NATURAL_DAYS, backward=True)
    assert (end.last_day, end.workdays) == (D(2025, 5, 13), 5)


def test_backward_working_days_skip_rest_days() -> None:
    # Before Thu 9 Oct 2025: 30 Sept (1), 29 (2); with the 9th itself counted: 9 (1), 30 Sept (2).
    assert end_of(D(2025, 10, 9), 2, Unit.WORKDAYS, backward=True).last_day == D(2025, 9, 29)
    assert end_of(D(2025, 10, 9), 2, Unit.WORKDAYS, backward=True, convention=INCLUDE).last_day == D(2025, 9, 30)


def test_a_day_of_the_next_month() -> None:
    assert end_of(D(2025, 12, 31), 10, Unit.DAY_OF_NEXT_MONTH).last_day == D(2026, 1, 10)


@pytest.mark.parametrize(
    "start, n, unit, extend",
    [
        (D(2026, 12, 25), 2, Unit.WORKDAYS, False),  # Mon 28 is the first; 29 December hangs on the notice of 2027
        (D(2026, 12, 1), 60, Unit.WORKDAYS, False),
        (D(2026, 12, 20), 30, Unit.NATURAL_DAYS, True),  # 19 January 2027: working day or not?
        (D(2026, 11, 30), 3, Unit.MONTHS, True),
    ],
)
def test_a_missing_notice_leaves_the_end_unknown(start: dt.date, n: int, unit: Unit, extend: bool) -> None:
    end = end_of(start, n, unit, extend_if_holiday=extend)
    assert (end.last_day, end.workdays, end.is_workday, end.missing) == (None, None, None, (2027,))
    assert "2027" in end.steps[-1].tell("zh")


def test_natural_days_without_extension_need_no_notice() -> None:
    # 11 left in December + 19: the calendar year is enough for the day, though not for its working days.
    end = end_of(D(2026, 12, 20), 30, Unit.NATURAL_DAYS)
    assert (end.last_day, end.workdays, end.is_workday, end.missing) == (D(2027, 1, 19), None, None, ())


@pytest.mark.parametrize(
    "amount, unit, backward, why",
    [
        ("0", Unit.WORKDAYS, False, "no period of 0"),
        ("1.5", Unit.MONTHS, False, r"no period of 1\.5"),
        ("3", Unit.NATURAL_DAYS, True, "shorten"),
        ("31", Unit.DAY_OF_NEXT_MONTH, False, "not every month"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(amount: str, unit: Unit, backward: bool, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Period(Decimal(amount), unit, extend_if_holiday=True, backward=backward)


def test_the_steps_tell_the_numbers_in_both_languages() -> None:
    end = end_of(D(2025, 4, 25), 10, Unit.WORKDAYS, convention=INCLUDE)
    # Fri 25 (1), Sun 27 made up (2), 28–30 (5), 1–5 May off, 6–9 (9), Mon 12 (10): 18 natural days, 8 rest.
    zh, en = (" ".join(s.tell(lang) for s in end.steps) for lang in ("zh", "en"))
    assert "共 18 个自然日，其中工作日 10 个，休息日 8 个" in zh
    assert "2025-04-27(劳动节)" in zh
    assert "18 natural days, 10 of them working days, 8 rest days" in en
    assert "2025-04-27 (Labour Day)" in en
    assert not any("\u4e00" <= mark <= "\u9fff" for mark in en)


starts = st.dates(D(2019, 1, 1), D(2025, 12, 31))
day_units = st.sampled_from([Unit.NATURAL_DAYS, Unit.WORKDAYS, Unit.MONTHS])


def last_day(start: dt.date, n: int, unit: Unit, **more: Any) -> dt.date:
    last = end_of(start, n, unit, **more).last_day
    assert last is not None
    return last


@given(starts, st.integers(1, 9), day_units, st.booleans())
def test_a_longer_period_never_ends_earlier(start: dt.date, n: int, unit: Unit, extend: bool) -> None:
    more = {"extend_if_holiday": extend}
    assert last_day(start, n, unit, **more) <= last_day(start, n + 1, unit, **more)


@given(starts, st.integers(1, 10), day_units, st.booleans())
def test_a_later_start_never_ends_earlier(start: dt.date, n: int, unit: Unit, extend: bool) -> None:
    more = {"extend_if_holiday": extend}
    assert last_day(start, n, unit, **more) <= last_day(start + dt.timedelta(1), n, unit, **more)


@given(starts, st.integers(1, 60), st.sampled_from(list(Convention)))
def test_a_period_of_n_working_days_holds_n_of_them(start: dt.date, n: int, convention: Convention) -> None:
    end = end_of(start, n, Unit.WORKDAYS, convention=convention)
    assert (end.workdays, end.is_workday) == (n, True)


@given(starts, st.integers(1, 120))
def test_extension_gives_the_first_working_day_from_the_nominal_one(start: dt.date, n: int) -> None:
    nominal, extended = (last_day(start, n, Unit.NATURAL_DAYS, extend_if_holiday=on) for on in (False, True))
    assert national().is_workday(extended)
    assert nominal <= extended
    assert national().workdays_between(nominal, extended) == 1
