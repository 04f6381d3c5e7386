"""Tables that are no spreadsheets: HTML that office systems export as .xls, and tables drawn with strokes. Pure."""

from __future__ import annotations

import codecs
import re
from typing import Final

from lxml import etree, html

from anlan.foundation.sheets.reading import MAX_CELLS, MAX_COLUMNS, Cell, Grid
from anlan.ledger.reading.grid import CSV_NAME

_STARTS: Final = re.compile(rb"^\s*(?:<!doctype\s+html|<html|<table|<meta|<head|<body|<div)", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_BREAKS: Final = frozenset({"br", "p", "div", "li"})
_MOST_SPAN: Final = 1000


def grids_of(data: bytes) -> list[Grid] | None:
    """Tables of an HTML file, each a sheet; None for what is no HTML with a table."""
    if not _STARTS.match(data[:1000].removeprefix(codecs.BOM_UTF8)) or b"<t" not in data.lower():
        return None
    try:
        root = html.document_fromstring(_decoded(data))
    except (etree.ParserError, ValueError):
        return None
    # A table in a table is layout; the innermost hold what is meant.
    tables = [table for table in root.iter("table") if not len(list(table.iterdescendants("table")))]
    found = [grid for table in tables if (grid := _grid(table)).rows]
    if len(found) == 1:
        return [Grid(CSV_NAME, found[0].rows, merged=found[0].merged)]
    return [Grid(f"表{at}", grid.rows, merged=grid.merged) for at, grid in enumerate(found, 1)] or None


def _decoded(data: bytes) -> str:
    named = _CHARSET.search(data[:2000])
    for encoding in ("utf-8-sig", named[1].decode("ascii") if named else "gb18030", "gb18030"):
        try:
            return data.decode(encoding).replace("\x00", "")
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("utf-8", "replace").replace("\x00", "")


def _grid(table: html.HtmlElement) -> Grid:
    cells: dict[tuple[int, int], Cell] = {}
    taken: set[tuple[int, int]] = set()
    merged: list[tuple[int, int, int, int]] = []
    row = 0
    for line in table.iter("tr"):
        row += 1
        column = 0
        for cell in line:
            if cell.tag not in ("td", "th"):
                continue
            while (row, column) in taken:
                column += 1
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            if column + across > MAX_COLUMNS or len(taken) + down * across > MAX_CELLS:
                break
            taken |= {(row + low, column + left) for low in range(down) for left in range(across)}
            if down > 1 or across > 1:
                merged.append((row, column, row + down - 1, column + across - 1))
            if text := _text(cell):
                cells[(row, column)] = text
            column += across
    width = 1 + max((column for _, column in cells), default=-1)
    rows = sorted({row for row, _ in cells})
    return Grid("", [(row, [cells.get((row, column)) for column in range(width)]) for row in rows], merged=merged)


def _span(cell: html.HtmlElement, name: str) -> int:
    text = str(cell.get(name, "1")).strip()
    return min(max(int(text), 1), _MOST_SPAN) if text.isascii() and text.isdecimal() and len(text) < 9 else 1


def _text(cell: html.HtmlElement) -> str:
    pieces: list[str] = []
    for event, node in etree.iterwalk(cell, events=("start", "end")):
        if not isinstance(node.tag, str):
            continue
        if event == "start":
            pieces.append(node.text or "")
        elif node is not cell:
            pieces.append("\n" if node.tag in _BREAKS else "")
            pieces.append(node.tail or "")
    lines = [re.sub(r"[ \t\r\f\u00a0]+", " ", part).strip() for part in "".join(pieces).split("\n")]
    return "\n".join(part for part in lines if part)


def unstroked(data: bytes) -> bytes:
    """A table drawn with strokes, as chats and notes have it, parted by tabs; anything else as it is."""
    if not data.lstrip().startswith(b"|"):
        return data
    lines = data.decode("utf-8", "replace").split("\n")
    if sum(line.lstrip().startswith("|") for line in lines) * 2 <= sum(bool(line.strip()) for line in lines):
        return data
    rows = [line.strip().strip("|").split("|") if line.strip() else [] for line in lines]
    ruled = [[] if all(re.fullmatch(r"\s*:?-+:?\s*", cell) for cell in row) else row for row in rows]
    return "\n".join("\t".join(cell.strip() for cell in row) for row in ruled).encode()
