"""Workbooks as they come back: cells changed in place as Excel does, or the whole written anew as WPS does."""

from __future__ import annotations

import copy
import io
import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from anlan.foundation.sheets.reading import read

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
Table = list[list[Any]]


def tables(data: bytes) -> dict[str, Table]:
    """Cells of the visible sheets by name, row 1 first; an empty cell is None."""
    found: dict[str, Table] = {}
    for grid in read(data, "x.xlsx"):
        if not grid.hidden:
            rows: Table = [[] for _ in range(max((number for number, _ in grid.rows), default=0))]
            for number, cells in grid.rows:
                rows[number - 1] = list(cells)
            found[grid.name] = rows
    return found


def place(table: Table, title: str, task: str, head: int = 2) -> str:
    """Address of the cell in the column of this title and the row of this task, as Excel names it."""
    at = [str(cell) for cell in table[head - 1]].index(title)
    key = [str(cell) for cell in table[head - 1]].index("任务" if "任务" in table[head - 1] else "Task")
    line = next(n for n, cells in enumerate(table, 1) if n > head and len(cells) > key and task in str(cells[key]))
    return f"{_letters(at)}{line}"


def _letters(at: int) -> str:
    text = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = chr(65 + rest) + text
    return text


def edited(data: bytes, changes: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The file with cells changed in place; everything else stays as it is. Changes by sheet and address.

    A text beginning with "=" is a formula. A cell keeps its style.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        paths = _paths(source)
        wanted = {paths[name]: cells for name, cells in changes.items()}
        for name in source.namelist():
            text = source.read(name)
            archive.writestr(name, _changed(text, wanted[name]) if name in wanted else text)
    return out.getvalue()


def _paths(source: zipfile.ZipFile) -> dict[str, str]:
    links = etree.fromstring(source.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): posixpath.join("xl", str(one.get("Target"))) for one in links}
    book = etree.fromstring(source.read("xl/workbook.xml"))
    return {str(one.get("name")): targets[one.get(_ID)] for one in book.iter(f"{_MAIN}sheet")}


def _changed(text: bytes, cells: Mapping[str, Any]) -> bytes:
    root = etree.fromstring(text)
    known = {str(one.get("r")): one for one in root.iter(f"{_MAIN}c")}
    for address, value in cells.items():
        cell = known[address]
        for child in list(cell):
            cell.remove(child)
        if "t" in cell.attrib:
            del cell.attrib["t"]
        if value is None:
            continue
        if isinstance(value, str) and value.startswith("="):
            etree.SubElement(cell, f"{_MAIN}f").text = value[1:]
            etree.SubElement(cell, f"{_MAIN}v").text = "1"
        elif isinstance(value, str):
            cell.set("t", "inlineStr")
            etree.SubElement(etree.SubElement(cell, f"{_MAIN}is"), f"{_MAIN}t").text = value
        else:
            etree.SubElement(cell, f"{_MAIN}v").text = repr(value)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{types}</Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="xl/workbook.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
}
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_SHEET_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"


def rewritten(sheets: Mapping[str, Table], merged: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """The cells alone, every text inline: no protection, no drop-downs, no styles, no hidden sheet."""
    out = io.BytesIO()
    names = list(sheets)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_SHEET_TYPE}"/>'
        for n in range(1, len(names) + 1)
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, text.replace("{types}", types))
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN[1:-1]}" xmlns:r="{_ID[1:-3]}"><sheets>'
            + "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
            + "</sheets></workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            + "".join(
                f'<Relationship Id="rId{n}" Type="{_SHEET_LINK}" Target="worksheets/sheet{n}.xml"/>'
                for n in range(1, len(names) + 1)
            )
            + "</Relationships>",
        )
        for n, name in enumerate(names, 1):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", _sheet(sheets[name], (merged or {}).get(name, ())))
    return out.getvalue()


def _sheet(table: Table, merged: Sequence[str]) -> str:
    lines = []
    for n, cells in enumerate(table, 1):
        found = "".join(_cell(f"{_letters(at)}{n}", cell) for at, cell in enumerate(cells) if cell is not None)
        lines.append(f'<row r="{n}">{found}</row>')
    areas = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
    return (
        f'<worksheet xmlns="{_MAIN[1:-1]}"><sheetData>{"".join(lines)}</sheetData>'
        + (f"<mergeCells>{areas}</mergeCells>" if areas else "")
        + "</worksheet>"
    )


def _cell(address: str, value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f'<c r="{address}"><v>{value!r}</v></c>'
    text = escape(str(value))
    return f'<c r="{address}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def copied(sheets: Mapping[str, Table]) -> dict[str, Table]:
    """Tables that may be changed without changing these."""
    return copy.deepcopy(dict(sheets))


def column(table: Table, title: str, head: int = 2) -> int:
    """Index of a column."""
    return [re.sub(r"\s", "", str(cell)) for cell in table[head - 1]].index(title)
