"""Small spreadsheets of every kind, made here."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from anlan.foundation.sheets.spec import Choice, Column, Kind, SheetSpec
from anlan.settings import Words

SITES = SheetSpec(
    code="sites",
    title=Words("点位", "Sites"),
    columns=(
        Column("code", Words("编码", "Code"), required=True, synonyms=("点位编码",), narrow=True, longest=12),
        Column("name", Words("名称", "Name"), required=True, longest=20),
        Column("count", Words("数量", "Count"), Kind.INT, low=0, high=100),
        Column("due", Words("整改时限", "Due"), Kind.DATE),
        Column(
            "kind",
            Words("类别", "Kind"),
            Kind.CHOICE,
            choices=(Choice("river", Words("河流", "River"), ("江河",)), Choice("lake", Words("湖泊", "Lake"))),
        ),
        Column("open", Words("是否公开", "Public"), Kind.BOOL),
        Column("tags", Words("标签", "Tags"), Kind.LIST, longest=10),
        Column("unit", Words("单位", "Unit"), reference=lambda: {"区水利局": "区水利局", "水利局": "区水利局"}),
    ),
    key=("code",),
    rows=50,
)
HEADER = ("编码", "名称", "数量", "整改时限", "类别", "是否公开", "标签", "单位")


def xlsx(rows: Sequence[Sequence[Any]], merged: Sequence[tuple[int, int, int, int, str]] = ()) -> bytes:
    """Excel file of these rows; a text beginning with "=" is a formula. `merged` areas count from 0."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("表")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for line, row in enumerate(rows):
        for at, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, dt.date):
                sheet.write_datetime(line, at, value, day)
            else:
                sheet.write(line, at, value)
    for area in merged:
        sheet.merge_range(*area)
    book.close()
    return out.getvalue()


def csv(rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> bytes:
    """CSV of these rows."""
    return "\r\n".join(",".join(row) for row in rows).encode(encoding)


def raw(sheet: str) -> bytes:
    """Excel file with this XML for the rows of its sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx([["甲"]]))) as source, zipfile.ZipFile(out, "w") as archive:
        for name in source.namelist():
            text = source.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                begin, end = text.index("<sheetData>"), text.index("</sheetData>")
                text = text[:begin] + f"<sheetData>{sheet}" + text[end:]
                text = text.replace('<dimension ref="A1"/>', "")
            archive.writestr(name, text)
    return out.getvalue()
