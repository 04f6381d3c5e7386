"""Files of rows as they are: xlsx and xls by calamine in a process of its own, CSV in UTF-8 or GB 18030.

A spreadsheet from a stranger may unpack to a flood, or name a cell at the far corner of an endless sheet. So it is
opened by a child process with bounded memory and time (`opening`), which can only fail, never harm the server.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import json
import logging
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from anlan.settings import InputError, Words

Cell: TypeAlias = str | int | float | bool | dt.date | dt.datetime | None
# A sheet of 50 000 rows with 40 columns is far below.
MAX_BYTES = 64_000_000
MAX_CELLS = 3_000_000
MAX_COLUMNS = 300
# Seconds for the child; the largest sheet allowed takes about 5.
PATIENCE_S = 60
# Characters at the beginning of a CSV by which its mark is told.
_SNIFFED = 20_000
_LOG = logging.getLogger(__name__)
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: rows that hold anything, each with its number as Excel shows it.

    `formulas` are the cells with a formula (row number, column index from 0), `merged` the merged areas (first row,
    first column, last row, last column). `shapes` says what numbers show where that is less than they hold: "month",
    "year", or "0.00"; `percents` are the cells that show a hundred times what they hold; `since_1904` that days count
    from 1 January 1904.
    """

    name: str
    rows: list[tuple[int, list[Cell]]]
    formulas: frozenset[tuple[int, int]] = frozenset()
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    shapes: dict[tuple[int, int], str] = field(default_factory=dict)
    since_1904: bool = False
    percents: frozenset[tuple[int, int]] = frozenset()


def read(data: bytes, name: str, *, limit: int | None = None) -> list[Grid]:
    """Sheets of a file; a CSV has one. The format is told by the content, `name` only stands in messages.

    `limit` is the largest number of bytes, MAX_BYTES unless given.

    Raises InputError for what is no sheet, is damaged, protected, or larger than the limits.
    """
    if not data.strip():
        raise InputError(Words(f"{name}：文件是空的", f"{name}: the file is empty"))
    refuse_size(len(data), name, limit)
    if data.startswith((_ZIP, _OLE)):
        return _spreadsheet(data, name)
    return [_csv(data, name)]


def refuse_size(size: int, name: str, limit: int | None = None) -> None:
    """InputError for a file of more bytes than are read: `limit`, or else MAX_BYTES."""
    limit = MAX_BYTES if limit is None else limit
    if size > limit:
        raise InputError(
            Words(
                f"{name}：文件有 {size / 1e6:.0f} MB，最多 {limit // 1_000_000} MB；请拆成几个文件",
                f"{name}: {size / 1e6:.0f} MB, at most {limit // 1_000_000} MB; split it into several files",
            )
        )


def _spreadsheet(data: bytes, name: str) -> list[Grid]:
    try:
        child = subprocess.run(
            [sys.executable, "-m", "anlan.foundation.sheets.opening"],
            input=data,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise _flood(name) from late
    if child.returncode:
        # Out of memory or out of time: the allocator or the kernel ended it.
        _LOG.warning("%s was not opened: status %s, %s", name, child.returncode, child.stderr[-500:])
        raise _flood(name)
    answer: dict[str, Any] = json.loads(child.stdout)
    if fault := answer.get("fault"):
        raise InputError(Words(*_FAULTS[fault](name)))
    return [
        Grid(
            sheet["name"],
            [(number, [_cell(value) for value in cells]) for number, cells in sheet["rows"]],
            frozenset((row, column) for row, column in sheet["formulas"]),
            [tuple(area) for area in sheet["merged"]],
            sheet["hidden"],
            {(row, column): shape for row, column, shape in sheet["shapes"]},
            sheet["since_1904"],
            frozenset((row, column) for row, column in sheet["percents"]),
        )
        for sheet in answer["sheets"]
    ]


def _flood(name: str) -> InputError:
    return InputError(Words(*_FAULTS["flood"](name)))


_FAULTS = {
    "flood": lambda name: (
        f"{name}：表格解开后过大（上限 {MAX_CELLS:,} 格、{MAX_COLUMNS} 列），没有读入；请删去空白行列，另存后再导入",
        f"{name}: too large once unpacked (at most {MAX_CELLS:,} cells, {MAX_COLUMNS} columns) and was not read; "
        "delete empty rows and columns, and save it anew",
    ),
    "protected": lambda name: (
        f"{name}：文件有打开密码；请取消密码后再导入",
        f"{name}: the file has a password; remove it first",
    ),
    "damaged": lambda name: (
        f"{name}：不是完整的 Excel 文件；请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入",
        f"{name}: no complete Excel file; open it in Excel or WPS, and save it as .xlsx",
    ),
}


def _cell(value: Any) -> Cell:
    if isinstance(value, list):
        # Dates come as ["date", "2022-05-06"], instants as ["time", …].
        kind, text = value
        return dt.date.fromisoformat(text) if kind == "date" else dt.datetime.fromisoformat(text)
    result: Cell = value
    return result


def _csv(data: bytes, name: str) -> Grid:
    text = _decoded(data, name)
    if "\x00" in text:
        raise InputError(
            Words(
                f"{name}：不是表格文件；请用 Excel 文件（.xlsx、.xls）或 CSV 文件",
                f"{name}: no sheet; use an Excel file (.xlsx, .xls) or a CSV file",
            )
        )
    # Excel in some languages parts with semicolons, and what is copied from a sheet has tabs. A title line has neither.
    lines = [line for line in text[:_SNIFFED].splitlines() if line.strip()]
    mark = max(",\t;", key=lambda one: (sum(one in line for line in lines), sum(line.count(one) for line in lines)))
    try:
        rows = [
            (number, list[Cell](cells))
            for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=mark), 1)
            if any(cell.strip() for cell in cells)
        ]
    except csv.Error as error:
        raise InputError(
            Words(
                f"{name}：CSV 文件有误（{error}）；请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入",
                f"{name}: the CSV file is broken ({error}); open it in Excel or WPS, and save it as .xlsx",
            )
        ) from error
    if sum(len(cells) for _, cells in rows) > MAX_CELLS or any(len(cells) > MAX_COLUMNS for _, cells in rows):
        raise _flood(name)
    # What Excel would take for a formula, a program would too.
    formulas = frozenset(
        (number, at) for number, cells in rows for at, cell in enumerate(cells) if str(cell).lstrip().startswith("=")
    )
    return Grid("CSV", rows, formulas)


def _decoded(data: bytes, name: str) -> str:
    marked = next((encoding for bom, encoding in _BOMS if data.startswith(bom)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(
        Words(
            f"{name}：不是表格文件，文字编码也认不出；请用 Excel 文件（.xlsx、.xls），或 UTF-8、GB 18030 编码的 CSV",
            f"{name}: no sheet, and no text in a known encoding; use .xlsx, .xls, or CSV in UTF-8 or GB 18030",
        )
    )
