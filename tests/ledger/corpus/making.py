"""Tools to write workbooks as clerks do, with the true records beside them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter

Truth = dict[str, Any]
DAY = "yyyy-mm-dd"
MONTH = 'yyyy"年"m"月"'


@dataclass
class Made:
    """A file and what is in it: `records` name only the fields that a reader must find."""

    name: str
    data: bytes
    records: list[Truth]
    columns: dict[str, Any] = field(default_factory=dict)


class Page:
    """A sheet to write on; rows count from 1, columns from 0."""

    def __init__(self, book: Book, sheet: Any, name: str) -> None:
        self._book = book
        self._sheet = sheet
        self.name = name
        self.at = 1

    def put(self, row: int, column: int, value: Any, shape: str | None = None) -> None:
        """Writes a cell; a date shows as 2021-08-06 unless `shape` says otherwise."""
        if value is None:
            return
        if isinstance(value, dt.date):
            self._sheet.write_datetime(row - 1, column, value, self._book.shape(shape or DAY))
        elif isinstance(value, str):
            self._sheet.write_string(row - 1, column, value)
        else:
            self._sheet.write(row - 1, column, value, self._book.shape(shape) if shape else None)

    def row(self, *values: Any, start: int = 0) -> int:
        """Writes the next row and gives its number."""
        row = self.at
        for column, value in enumerate(values, start):
            self.put(row, column, value)
        self.at += 1
        return row

    def blank(self, rows: int = 1) -> None:
        """Leaves rows out."""
        self.at += rows

    def merge(self, top: int, left: int, bottom: int, right: int, value: Any = "") -> None:
        """Merges an area; the value goes into its first cell."""
        self._sheet.merge_range(top - 1, left, bottom - 1, right, "")
        self.put(top, left, value if value != "" else None)

    def wide(self, value: str, right: int, left: int = 0) -> int:
        """Writes the next row as one cell across."""
        row = self.at
        self.merge(row, left, row, right, value)
        self.at += 1
        return row

    def hide(self, row: int) -> None:
        """Hides a row, as a filter does."""
        self._sheet.set_row(row - 1, None, None, {"hidden": True})

    def filter(self, top: int, left: int, bottom: int, right: int) -> None:
        """Puts a filter on a range."""
        self._sheet.autofilter(top - 1, left, bottom - 1, right)

    def conceal(self) -> None:
        """Hides the sheet."""
        self._sheet.hide()


class Book:
    """A workbook and its true records."""

    def __init__(self, name: str, **options: Any) -> None:
        self.name = name
        self._out = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._out, {"in_memory": True, **options})
        self._book.set_properties({"created": dt.datetime(2022, 1, 1)})  # noqa: DTZ001
        self._shapes: dict[str, Any] = {}
        self.records: list[Truth] = []

    def page(self, name: str) -> Page:
        """A new sheet."""
        return Page(self, self._book.add_worksheet(name), name)

    def shape(self, code: str) -> Any:
        """Cell format of a number format."""
        if code not in self._shapes:
            self._shapes[code] = self._book.add_format({"num_format": code})
        return self._shapes[code]

    def true(self, page: Page, row: int, **fields: Any) -> None:
        """A record that is in the file."""
        self.records.append({"sheet": page.name, "excel_row": row, **fields})

    def made(self) -> Made:
        """The file."""
        self._book.close()
        return Made(self.name, self._out.getvalue(), self.records)


def text_file(name: str, rows: Sequence[Sequence[str]], mark: str, encoding: str, records: list[Truth]) -> Made:
    """Rows parted by a mark; cells with the mark, quotes or line breaks are quoted."""

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if any(one in text for one in (mark, '"', "\n")) else text

    text = "\r\n".join(mark.join(cell(one) for one in row) for row in rows) + "\r\n"
    return Made(name, text.encode(encoding), [{"sheet": None, **record} for record in records])


MAKERS: list[Callable[[], Made]] = []


def maker(function: Callable[[], Made]) -> Callable[[], Made]:
    """Puts a workbook on the list."""
    MAKERS.append(function)
    return function
