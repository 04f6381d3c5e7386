"""Rows as an Excel file to download, in constant memory. Text stays text: nothing in a cell is ever a formula."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter
from django.http import FileResponse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anlan.foundation.screens.texts import local, text_of

# Limits of the format.
_CELL_CHARACTERS = 32_767
_SHEET_ROWS = 1_048_576
# Excel keeps numbers as binary floats of about 15 digits: longer ones are written as text, with every digit.
_EXACT = 10**15
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True, slots=True)
class Head:
    """Column of the sheet; `kind` as of a listing's column."""

    title: str
    kind: str = "text"
    wide: bool = False

    @property
    def width(self) -> int:
        """Width in characters."""
        return 48 if self.wide else 12 if self.kind in ("number", "date") else 20


def download(
    name: str, heads: Sequence[Head], rows: Iterable[Sequence[object]], full: int = _SHEET_ROWS
) -> FileResponse:
    """Excel file `name` with the day of today. A sheet has `full` rows; what is beyond is said in its last one."""
    # Closed by the response once it is sent.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    book = xlsxwriter.Workbook(file, _OPTIONS)
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", name)[:31])
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top", "align": "left"})
    for at, head in enumerate(heads):
        sheet.set_column(at, at, head.width)
    sheet.freeze_panes(1, 0)
    for at, head in enumerate(heads):
        sheet.write_string(0, at, head.title, bold)
    line = 0
    for line, row in enumerate(rows, start=1):
        if line == full - 1:
            sheet.write_string(line, 0, _("Excel 表格到此已满，其余各行没有写入：请先筛选再导出"), bold)
            break
        for at, value in enumerate(row):
            if isinstance(value, dt.datetime):
                sheet.write_datetime(line, at, local(value).replace(tzinfo=None), moment)
            elif isinstance(value, dt.date):
                sheet.write_datetime(line, at, dt.datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
            elif (number := _number(value)) is not None:
                sheet.write_number(line, at, number)
            elif words := _words(value):
                sheet.write_string(line, at, words, text)
    sheet.autofilter(0, 0, max(line, 1), len(heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name} {timezone.localdate():%Y-%m-%d}.xlsx")


def _number(value: object) -> int | float | Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return value if -_EXACT < value < _EXACT else None


def _words(value: object) -> str:
    text = strip_tags(value).strip() if isinstance(value, SafeString) else text_of(value)
    return text if len(text) <= _CELL_CHARACTERS else text[: _CELL_CHARACTERS - 1] + "…"
