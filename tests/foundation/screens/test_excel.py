"""The Excel file of a list: all rows, exact values, and nothing that a spreadsheet would run."""

from __future__ import annotations

import datetime as dt
import io
import urllib.parse
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from django.http import FileResponse
from django.utils import timezone
from django.utils.safestring import mark_safe
from python_calamine import CalamineWorkbook
from tests import people
from tests.foundation.screens.rows import listing, twelve

from anlan.foundation.screens.excel import Head, download
from anlan.foundation.screens.marks import light


def content(response: FileResponse) -> bytes:
    data = b"".join(response.streaming_content)  # type: ignore[arg-type]
    close(response)
    return data


def close(response: FileResponse) -> None:
    # Not response.close(): that tells Django that a request has ended.
    assert response.file_to_stream is not None
    response.file_to_stream.close()


def cells(response: FileResponse) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content(response))).get_sheet_by_index(0).to_python()


def one(value: object) -> Any:
    """What stands in the file for this value."""
    rows = cells(download("表", [Head("列")], [[value]]))
    return rows[1][0] if len(rows) > 1 else ""


@pytest.mark.django_db(databases=["default", "scratch"])
def test_the_file_holds_all_rows_that_the_filters_leave_not_one_page() -> None:
    twelve()
    asked = listing("/?kind=department&sort=-short_name&page=2&export=xlsx", per_page=3)
    assert asked.wants_export
    rows = cells(asked.export())
    assert rows[0] == ["单位", "类别", "说明", "序号（号）"]
    assert [row[0] for row in rows[1:]] == [f"甲{n:02}" for n in range(9, -1, -1)]


@pytest.mark.django_db(databases=["default", "scratch"])
def test_the_file_is_named_after_the_list_and_the_day() -> None:
    people.unit("局")
    response = listing("/?export=xlsx").export()
    close(response)
    assert urllib.parse.unquote(response["Content-Disposition"]).endswith(f"单位 {timezone.localdate():%Y-%m-%d}.xlsx")


@pytest.mark.parametrize("text", ["=1+1", "=HYPERLINK(A1)", "+1", "-1", "@SUM(A1)", "{=1}", "\t=1", "007", "1e5"])
def test_text_that_looks_like_a_formula_or_a_number_stays_text(text: str) -> None:
    response = content(download("表", [Head("列")], [[text]]))
    sheet = zipfile.ZipFile(io.BytesIO(response)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert 't="inlineStr"' in sheet
    assert one(text) == text


def test_numbers_dates_and_instants_come_as_what_they_are() -> None:
    assert one(42) == 42
    assert one(Decimal("0.15")) == 0.15
    assert one(dt.date(2022, 9, 30)) == dt.date(2022, 9, 30)
    # 16:30 in London is half past midnight of the next day in Shanghai.
    assert one(dt.datetime(2022, 9, 30, 16, 30, tzinfo=dt.UTC)) == dt.datetime.fromisoformat("2022-10-01T00:30")


def test_a_number_longer_than_excel_keeps_is_written_with_every_digit() -> None:
    assert one(12345678901234567890) == "12345678901234567890"
    assert one(float("nan")) == "nan"


def test_marks_html_and_nothing_come_as_plain_text() -> None:
    assert one(light("red")) == "红灯"
    assert one(mark_safe("<em>好</em>")) == "好"
    assert one(True) == "是"
    assert one(None) == ""


def test_text_beyond_the_limit_of_a_cell_is_cut_visibly() -> None:
    told = one("长" * 40_000)
    assert len(told) == 32_767
    assert told.endswith("…")


def test_a_full_sheet_says_that_rows_are_missing() -> None:
    # Four rows in a sheet: the header, two rows, and the one that says so.
    rows = cells(download("表", [Head("列")], ([n] for n in range(9)), full=4))
    assert [row[0] for row in rows[:3]] == ["列", 0, 1]
    assert "没有写入" in rows[3][0]


def test_a_name_that_excel_forbids_for_a_sheet_is_no_obstacle() -> None:
    assert cells(download("a/b:c*[d]?" + "长" * 40, [Head("列")], [[1]]))[1] == [1]
