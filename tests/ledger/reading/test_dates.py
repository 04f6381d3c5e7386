"""Dates as clerks write them."""

from __future__ import annotations

import datetime as dt

import pytest

from anlan.ledger.reading.dates import deadline, disclosed


@pytest.mark.parametrize(
    "cell, as_fine, last",
    [
        ("2022年5月6日", "2022-05-06", "2022-05-06"),
        ("2022.5.6", "2022-05-06", "2022-05-06"),
        ("２０２２／５／６", "2022-05-06", "2022-05-06"),
        ("20220506", "2022-05-06", "2022-05-06"),
        ("2022-05-06 00:00:00", "2022-05-06", "2022-05-06"),
        ("6-May-22", "2022-05-06", "2022-05-06"),
        # The fifth of June or the sixth of May: Excel's own order is month first.
        ("5/6/2022", "2022-05-06", "2022-05-06"),
        ("22年5月", "2022-05", "2022-05-31"),
        ("2022年2月", "2022-02", "2022-02-28"),
        ("2024.02", "2024-02", "2024-02-29"),
        ("202205", "2022-05", "2022-05-31"),
        ("二〇二二年十一月", "2022-11", "2022-11-30"),
        ("2022年5月底前", "2022-05", "2022-05-31"),
        ("2022年底", "2022", "2022-12-31"),
        ("2022年第二季度", "2022", "2022-06-30"),
        ("2022年9月中旬", "2022-09", "2022-09-20"),
        ("2021年8月至2022年5月", "2021-08", "2022-05-31"),
        ("2021年3-5月", "2021-03", "2021-05-31"),
        ("2022年6月30日前取缔，12月底前复绿", "2022-06-30", "2022-12-31"),
        ("“十四五”末", "2025", "2025-12-31"),
        ("长期坚持", None, None),
        ("立行立改", None, None),
        ("收到通知后15日内", None, None),
        ("2022年2月30日", None, None),
        ("", None, None),
        (None, None, None),
        (44885.0, "2022-11-20", "2022-11-20"),
        ("44885", "2022-11-20", "2022-11-20"),
        (20220506, "2022-05-06", "2022-05-06"),
        (2022.5, "2022-05", "2022-05-31"),
        (dt.date(2022, 5, 6), "2022-05-06", "2022-05-06"),
        (True, None, None),
        (3.0, None, None),
    ],
)
def test_a_date_is_no_finer_than_its_cell_and_a_limit_is_its_last_day(
    cell: str | float | dt.date | None, as_fine: str | None, last: str | None
) -> None:
    assert disclosed(cell) == as_fine
    assert deadline(cell) == last


def test_a_month_without_a_year_takes_that_of_what_stands_around_it() -> None:
    assert deadline("5月底前") is None
    assert deadline("5月底前", year=2022) == "2022-05-31"
    assert deadline("明年3月", year=2022) == "2023-03-31"


def test_what_has_been_done_is_no_time_limit() -> None:
    assert deadline("立行立改（已于2022年3月完成）") is None
    assert deadline("立行立改，2022年6月底前完成") == "2022-06-30"


def test_a_day_that_shows_as_a_month_is_a_month() -> None:
    assert disclosed(dt.date(2021, 8, 1), shape="month") == "2021-08"
    assert deadline(dt.date(2021, 8, 1), shape="month") == "2021-08-31"
    assert disclosed(dt.date(2021, 8, 1), shape="year") == "2021"
    # 2022.10 is kept as 2022.1; its format still shows two digits.
    assert disclosed(2022.1, shape="0.00") == "2022-10"


def test_days_from_1904_are_four_years_and_a_day_later() -> None:
    # 44687 is 2022-05-06 from 1900 on; 44687 - 1462 = 43225.
    assert disclosed(44687.0) == disclosed(43225.0, since_1904=True) == "2022-05-06"


def test_no_text_takes_long() -> None:
    for text in ("2022年" * 5000, "1" * 20000, "年月日" * 7000, "." * 20000):
        disclosed(text)
        deadline(text)
