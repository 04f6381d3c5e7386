"""What numbers show where that is less than they hold, in new and old Excel files, and from when days count."""

from __future__ import annotations

import datetime as dt
import io
from random import Random

import pytest
import xlsxwriter
from tests.ledger.corpus.oldexcel import MONTHLY, workbook

from anlan.foundation.sheets import oldexcel
from anlan.foundation.sheets.reading import read

DAY = dt.date(2021, 8, 1)


def xlsx(since_1904: bool) -> bytes:
    """Dates in several formats below each other."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": since_1904})
    sheet = book.add_worksheet("表")
    # 57 and 17 are built in: 2021年8月 and Aug-21. A quoted d is no day.
    for row, code in enumerate(
        ('yyyy"年"m"月"', 57, 17, "yyyy.mm", "yyyy-mm-dd", 'yyyy"d"', "[$-804]yyyy/m;@", "h:mm")
    ):
        sheet.write_datetime(row, 0, dt.datetime.combine(DAY, dt.time()), book.add_format({"num_format": code}))
    sheet.write_number(8, 0, 2022.1, book.add_format({"num_format": "0.00"}))
    book.close()
    return out.getvalue()


@pytest.mark.parametrize("since_1904", [False, True])
def test_a_day_that_shows_as_a_month_or_a_year_says_so(since_1904: bool) -> None:
    (grid,) = read(xlsx(since_1904), "a.xlsx")
    assert grid.since_1904 is since_1904
    assert grid.shapes == {
        (1, 0): "month", (2, 0): "month", (3, 0): "month", (4, 0): "month", (6, 0): "year", (7, 0): "month", (9, 0): "0.00",
    }  # fmt: skip


@pytest.mark.parametrize("since_1904", [False, True])
def test_the_old_excel_says_so_too(since_1904: bool) -> None:
    data = workbook({"表": ({(1, 0): DAY, (2, 1): (DAY, MONTHLY), (3, 0): "甲"}, [(1, 0, 1, 1)])}, since_1904)
    (grid,) = read(data, "a.xls")
    assert (grid.shapes, grid.since_1904) == ({(2, 1): "month"}, since_1904)
    assert grid.rows[1] == (2, [None, DAY])
    assert grid.merged == [(1, 0, 1, 1)]


def test_a_broken_old_file_gives_no_hints_and_no_traceback() -> None:
    data = workbook({"表": ({(1, 0): (DAY, MONTHLY)}, [])})
    random = Random(1)
    for _ in range(300):
        spoilt = bytearray(data)
        for _ in range(random.choice((1, 5, 40))):
            spoilt[random.randrange(len(spoilt))] = random.randrange(256)
        oldexcel.shapes(bytes(spoilt[: random.randrange(1, len(spoilt))]), lambda key, code: "")
    assert oldexcel.shapes(b"", lambda key, code: "") == ({}, False)
