"""Sheets for tests: rows as an office fills them in."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

HEAD = [
    "编号",
    "河流",
    "所在乡镇",
    "责任单位",
    "高度（m）",
    "责任河段长（km）",
    "状况",
    "最近检查",
    "位置经度（度）",
    "位置纬度（度）",
]


def row(number: str = "CJ-01", **more: Any) -> list[Any]:
    """A sign as a row of the sheet; names of columns by their Chinese title without the unit."""
    given = {
        "编号": number, "河流": "昌江", "所在乡镇": "上渡镇", "责任单位": "上渡镇", "高度": 2.5, "责任河段长": 12.5,
        "状况": "完好", "最近检查": "2022-05-06", "经度": 117.2034, "纬度": 29.2921, **more,
    }  # fmt: skip
    return list(given.values())


def book(rows: list[list[Any]], head: list[str] | None = None, merge: tuple[int, int, int, int] | None = None) -> bytes:
    """Workbook of these rows; a text that begins with "=" is a formula. `merge` is first row, column, last row, column."""
    out = io.BytesIO()
    work = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = work.add_worksheet("公示牌")
    for line, cells in enumerate([head or HEAD, *rows]):
        for at, value in enumerate(cells):
            if isinstance(value, str) and value.startswith("="):
                sheet.write_formula(line, at, value)
            elif value is not None:
                sheet.write(line, at, value)
    if merge is not None:
        sheet.merge_range(*merge, "昌江")
    work.close()
    return out.getvalue()
