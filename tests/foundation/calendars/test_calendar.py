"""The working calendar: weekends, notices, make-up days, and years whose notice is not there."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.foundation.calendars.calendar import (
    Calendar,
    HolidayFileError,
    Mark,
    NoticeNotPublishedError,
    days,
    national,
    read_file,
    read_marks,
)

REPOSITORY = Path(__file__).parents[3]
REFERENCE = REPOSITORY.parent / "shared" / "reference" / "holidays-cn.csv"

D = dt.date
HEADER = "date,kind,holiday,notice_year\n"


@pytest.mark.parametrize(
    "day, works",
    [
        (D(2025, 5, 21), True),  # a plain Wednesday
        (D(2025, 5, 24), False),  # a plain Saturday
        (D(2025, 6, 2), False),  # a Monday, 端午节
        (D(2026, 2, 28), True),  # a Saturday, made up for 春节
        (D(2026, 1, 4), True),  # a Sunday, made up for 元旦
        (D(2022, 12, 31), False),  # named by the notice of 2023
        (D(2024, 12, 31), True),  # a Tuesday that no notice names; those of 2024 and 2025 are there
        (D(2018, 12, 29), True),  # a Saturday made a working day by the notice of 2019; that of 2018 is not here
    ],
)
def test_a_day_is_worked_by_weekday_and_notice(day: dt.date, works: bool) -> None:
    assert national().is_workday(day) is works


def test_notices_of_2019_to_2026_are_carried() -> None:
    assert national().years == frozenset(range(2019, 2027))


@pytest.mark.parametrize(
    "day, years",
    [
        (D(2027, 1, 4), (2027,)),  # a Monday, but never plain weekends
        (D(2027, 6, 12), (2027,)),  # a Saturday is not known either: it may be made a working day
        (D(2018, 12, 28), (2018,)),
        (D(2026, 12, 28), ()),  # the notice of 2026 decides
        (D(2026, 12, 29), (2027,)),  # that of 2027 could make it a rest or a make-up day, as 2018-12-29 was
        (D(2027, 12, 31), (2027, 2028)),
    ],
)
def test_a_day_needs_exactly_the_notices_that_could_name_it(day: dt.date, years: tuple[int, ...]) -> None:
    assert national().missing(day) == years
    if years:
        with pytest.raises(NoticeNotPublishedError) as caught:
            national().is_workday(day)
        assert caught.value.years == years


def test_the_nth_working_day_skips_rest_days_and_counts_make_up_days() -> None:
    # Fri 27 Feb 2026 → Sat 28 is made up (1), Sun 1 March rests, Mon 2 (2).
    assert national().nth_workday(D(2026, 2, 27), 1) == D(2026, 2, 28)
    assert national().nth_workday(D(2026, 2, 27), 2) == D(2026, 3, 2)


def test_the_nth_working_day_is_found_backward_too() -> None:
    # Before Wed 8 Oct 2025 all of 1–8 October rests; 30 Sept (1), 29 (2), Sun 28 is made up (3).
    assert national().nth_workday(D(2025, 10, 9), 3, backward=True) == D(2025, 9, 28)


def test_there_is_no_zeroth_working_day() -> None:
    with pytest.raises(ValueError, match="no 0th"):
        national().nth_workday(D(2025, 1, 6), 0)


def test_the_next_working_day_is_the_day_itself_if_it_works() -> None:
    assert national().next_workday(D(2025, 9, 30)) == D(2025, 9, 30)
    assert national().next_workday(D(2025, 10, 1)) == D(2025, 10, 9)


def test_a_stretch_counts_both_ends() -> None:
    # October 2021 notice: 1–7 off, Sat 9 made up. 8 and 9: 2.
    assert national().workdays_between(D(2021, 10, 1), D(2021, 10, 10)) == 2
    assert national().workdays_between(D(2021, 10, 8), D(2021, 10, 8)) == 1
    assert national().workdays_between(D(2021, 10, 8), D(2021, 10, 7)) == 0


def test_the_year_2025_has_248_working_days() -> None:
    # 2025: 261 weekdays (52 × 5 and Wed 31 December). Off on weekdays: 元旦 1, 春节 28–31 Jan, 3–4 Feb 6, 清明 1,
    # 劳动节 1, 2, 5 May 3, 端午 1, 国庆 1–3, 6–8 Oct 6 = 18. Made up: 26 Jan, 8 Feb, 27 April, 28 Sept, 11 Oct = 5.
    assert national().workdays_between(D(2025, 1, 1), D(2025, 12, 31)) == 261 - 18 + 5


def test_a_pack_lays_the_next_notice_over() -> None:
    names = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
    notice = [Mark(D(2027, month + 1, 1), False, name, 2027) for month, name in enumerate(names)]
    calendar = national().overlaid(notice)
    assert calendar.is_workday(D(2026, 12, 31))
    assert not calendar.is_workday(D(2027, 1, 1))
    assert calendar.missing(D(2027, 12, 31)) == (2028,)
    assert national().missing(D(2027, 1, 1)) == (2027,)


def test_half_a_notice_makes_no_year_known() -> None:
    calendar = national().overlaid([Mark(D(2027, 1, 1), False, "元旦", 2027)])
    assert not calendar.is_workday(D(2027, 1, 1))
    assert calendar.missing(D(2027, 1, 4)) == (2027,)


def test_a_pack_may_change_one_day() -> None:
    calendar = national().overlaid([Mark(D(2025, 5, 21), False, "本区放假", 2025)])
    assert not calendar.is_workday(D(2025, 5, 21))
    assert national().is_workday(D(2025, 5, 21))


def test_a_pack_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "holidays.csv"
    file.write_text("\ufeff" + HEADER + "2026-12-31,off,元旦,2027\n", encoding="utf-8")
    assert read_file(file) == [Mark(D(2026, 12, 31), False, "元旦", 2027)]


def test_a_bad_file_tells_all_its_errors_at_once() -> None:
    with pytest.raises(HolidayFileError) as caught:
        read_marks(
            HEADER
            + "2026-02-30,off,春节,2026\n"  # no such day
            + "2026-05-01,rest,劳动节,2026\n"  # no such kind
            + "2026-05-02,off,劳动节,2028\n"  # that notice cannot reach it
            + "2026-05-01,off,劳动节,2026\n"  # stands in line 3
            + "2026-10-01,off,国庆节\n"  # a column short
        )
    assert [problem.split(":")[0] for problem in caught.value.problems] == [f"line {n}" for n in range(2, 7)]


def test_a_file_with_other_columns_is_refused() -> None:
    with pytest.raises(HolidayFileError, match="columns"):
        read_marks("day,kind\n2026-01-01,off\n")


def test_what_is_carried_is_what_the_reference_says() -> None:
    if not REFERENCE.exists():
        pytest.skip("the reference tables are not beside this checkout")
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        rows = {(row["date"], row["kind"], row["holiday"], row["notice_year"]) for row in csv.DictReader(file)}
    ours = {(m.day.isoformat(), "work" if m.works else "off", m.holiday, str(m.notice_year)) for m in national()}
    assert ours == rows


def test_all_286_marks_are_there_and_make_up_days_are_weekend_days_but_one() -> None:
    worked = [mark.day for mark in national() if mark.works]
    assert len(list(national())) == 286
    # One make-up mark is a Monday: in 2020 a second notice ended the longer 春节 by naming 3 February.
    assert [day for day in worked if day.weekday() < 5] == [D(2020, 2, 3)]


known_days = st.dates(D(2019, 1, 1), D(2026, 12, 28))


@given(known_days, known_days, known_days)
def test_stretches_add_up(a: dt.date, b: dt.date, c: dt.date) -> None:
    first, middle, last = sorted((a, b, c))
    whole = national().workdays_between(first, last)
    parts = national().workdays_between(first, middle) + national().workdays_between(middle + dt.timedelta(1), last)
    assert whole == parts


@given(known_days, st.integers(1, 300))
def test_the_nth_working_day_has_n_working_days_up_to_it(start: dt.date, n: int) -> None:
    try:
        end = national().nth_workday(start, n)
    except NoticeNotPublishedError:
        assert national().workdays_between(start + dt.timedelta(1), D(2026, 12, 28)) < n
        return
    assert national().is_workday(end)
    assert national().workdays_between(start + dt.timedelta(1), end) == n
    assert national().nth_workday(end + dt.timedelta(1), n, backward=True) > start


def test_days_of_a_stretch_come_in_order() -> None:
    assert list(days(D(2024, 2, 28), D(2024, 3, 1))) == [D(2024, 2, 28), D(2024, 2, 29), D(2024, 3, 1)]


def test_an_empty_calendar_knows_nothing() -> None:
    assert Calendar([]).missing(D(2025, 1, 1)) == (2025,)
