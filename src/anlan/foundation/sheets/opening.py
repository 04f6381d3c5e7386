"""Child process that opens one spreadsheet: bytes on standard input, JSON on standard output. See `reading`.

Its memory and time are bounded before it looks at the file. Macros are never run: only cells are read.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import posixpath
import re
import resource
import sys
import zipfile
from typing import Any

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from anlan.foundation.sheets import oldexcel

# Address space. Python with its libraries takes 0.3 GB of it, three million cells some 0.6 GB.
MEMORY_BYTES = 1_500_000_000
CPU_S = 50
UNPACKED_BYTES = 400_000_000
MAX_CELLS = 3_000_000
MAX_COLUMNS = 300
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# Number formats that Excel knows by number: 2 is 0.00, 17 mmm-yy, those of Chinese Excel 2021年8月.
_SHAPES = {"2": "0.00", "17": "month", "27": "month", "36": "month", "50": "month", "52": "month", "57": "month"}
# The built-in formats 0% and 0.00%.
_PERCENTS = ("9", "10")
_DAMAGE = (
    CalamineError, zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, ValueError, IndexError, OSError, EOFError,
    NotImplementedError, RuntimeError,
)  # fmt: skip


class Flood(Exception):  # noqa: N818
    """More cells than anybody fills in."""


def main() -> None:
    """Reads the file and prints what is in it, or the name of the fault."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    data = sys.stdin.buffer.read()
    try:
        answer: dict[str, Any] = {"sheets": _sheets(data)}
    except (Flood, MemoryError):
        answer = {"fault": "flood"}
    except PasswordError:
        answer = {"fault": "protected"}
    except _DAMAGE:
        answer = {"fault": "protected" if _encrypted(data) else "damaged"}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))


def _sheets(data: bytes) -> list[dict[str, Any]]:
    formulas, shapes, since_1904 = _formulas(data) if data.startswith(b"PK") else ({}, *oldexcel.shapes(data, _shown))
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    found, cells = [], 0
    for about in book.sheets_metadata:
        sheet = book.get_sheet_by_name(about.name)
        rows = []
        for number, values in enumerate(sheet.to_python(skip_empty_area=False), 1):
            kept = [_value(value) for value in values]
            while kept and kept[-1] is None:
                kept.pop()
            if kept:
                cells += len(kept)
                if cells > MAX_CELLS or len(kept) > MAX_COLUMNS:
                    raise Flood
                rows.append((number, kept))
        merged = [(a[0] + 1, a[1], b[0] + 1, b[1]) for a, b in sheet.merged_cell_ranges or ()]
        found.append(
            {
                "name": about.name,
                "rows": rows,
                "formulas": sorted(formulas.get(about.name, ())),
                "merged": merged,
                "hidden": about.visible != SheetVisibleEnum.Visible,
                "shapes": [
                    (*cell, shape) for cell, shape in sorted(shapes.get(about.name, {}).items()) if shape != "%"
                ],
                "percents": sorted(cell for cell, shape in shapes.get(about.name, {}).items() if shape == "%"),
                "since_1904": since_1904,
            }
        )
    return found


def _value(value: object) -> object:
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, dt.datetime):
        return ["time", value.isoformat()] if value.time() != dt.time() else ["date", value.date().isoformat()]
    if isinstance(value, dt.date):
        return ["date", value.isoformat()]
    if isinstance(value, dt.time | dt.timedelta):
        return str(value)
    return value


def _formulas(data: bytes) -> tuple[dict[str, set[tuple[int, int]]], dict[str, dict[tuple[int, int], str]], bool]:
    """What calamine does not tell: cells with a formula, shapes of numbers, whether days count from 1904.

    Both by sheet name. A shape says what a number shows: "month" of a day that shows as 2021年8月, "year", "0.00", and
    "%" for one that shows a hundred times what it holds.
    """
    found: dict[str, set[tuple[int, int]]] = {}
    shapes: dict[str, dict[tuple[int, int], str]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > UNPACKED_BYTES:
            raise Flood
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
            return found, shapes, False
        styles = _styles(_parsed(archive.read("xl/styles.xml"))) if "xl/styles.xml" in names else {}
        targets = {
            str(one.get("Id")): str(one.get("Target")) for one in _parsed(archive.read("xl/_rels/workbook.xml.rels"))
        }
        workbook = _parsed(archive.read("xl/workbook.xml"))
        since_1904 = any(one.get("date1904") in ("1", "true") for one in workbook.iter("{*}workbookPr"))
        for sheet in workbook.iter("{*}sheet"):
            path = posixpath.normpath(posixpath.join("xl", targets.get(str(sheet.get(_RELATION)), "")))
            path = path.removeprefix("xl/xl/") if path.startswith("xl//") else path.lstrip("/")
            if path in names:
                with archive.open(path) as stream:
                    name = str(sheet.get("name"))
                    found[name], shapes[name] = _in_sheet(stream, styles)
    return found, shapes, since_1904


def _styles(root: Any) -> dict[str, str]:
    """Shapes of the cell styles that have one, by the number of the style."""
    codes = {str(one.get("numFmtId")): str(one.get("formatCode")) for one in root.iter("{*}numFmt")}
    found = {}
    for number, style in enumerate(one for all_ in root.iter("{*}cellXfs") for one in all_.iter("{*}xf")):
        key = str(style.get("numFmtId"))
        if shape := _shown(key, codes.get(key, "")):
            found[str(number)] = shape
    return found


def _shown(key: str, code: str) -> str:
    return "%" if key in _PERCENTS else _SHAPES.get(key) or _shape(code)


def _shape(code: str) -> str:
    first = re.sub(r'"[^"]*"|\\.|_.|\[[^\]]*\]', "", code.partition(";")[0]).lower()
    if first == "0.00":
        return first
    if "%" in first:
        return "%"
    letters = {letter for letter in "ymdhs" if letter in first}
    return {"ym": "month", "y": "year"}.get("".join(sorted(letters, key="ymdhs".index)), "")


def _parsed(text: bytes) -> Any:
    return etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True))


def _in_sheet(stream: Any, styles: dict[str, str]) -> tuple[set[tuple[int, int]], dict[tuple[int, int], str]]:
    cells: set[tuple[int, int]] = set()
    shapes: dict[tuple[int, int], str] = {}
    row = column = 0
    events = etree.iterparse(
        stream, events=("start", "end"), tag=("{*}row", "{*}c"), resolve_entities=False, no_network=True
    )
    for event, element in events:
        is_row = etree.QName(element).localname == "row"
        if event == "start":
            if is_row:
                row, column = int(element.get("r") or row + 1), 0
            else:
                column = _column(element.get("r")) or column + 1
                if shape := styles.get(element.get("s", "")):
                    shapes[(row, column - 1)] = shape
        elif is_row:
            # What was read is let go, the empty shells before it as well.
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
        elif element.find("{*}f") is not None:
            cells.add((row, column - 1))
    return cells, shapes


def _column(reference: str | None) -> int:
    number = 0
    for letter in reference or "":
        if not letter.isascii() or not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - 64
    return number


def _encrypted(data: bytes) -> bool:
    # An Office file with a password is an OLE file that holds these streams, named in UTF-16.
    return "EncryptedPackage".encode("utf-16-le") in data[:200_000] if data.startswith(b"\xd0\xcf") else False


if __name__ == "__main__":
    main()
