"""Tables: rows on a line with tabs (as the readers give them), or flattened to one cell a line.

A row that begins with a number is a measure; its columns say who leads, who cooperates and by when. Headers
repeated on each page are passed over. Rules: section "Measure" of the corpus gold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from anlan.plan.compiler import flat_tables
from anlan.plan.compiler.header import Header
from anlan.plan.compiler.items import Item
from anlan.plan.compiler.layout import Layout
from anlan.plan.compiler.outline import Node, value_of
from anlan.plan.compiler.rows import INTEGER, SECTION, UNIT_COLUMNS, Cell, Column, column_of, item, settled


def find(layout: Layout, header: Header, first_leads: bool) -> tuple[list[Item], list[tuple[int, int]]]:
    """Measures that stand in tables, and the ranges of the view that tables take."""
    found: list[Item] = []
    closed: list[tuple[int, int]] = []
    for start, end in _tabbed_regions(layout, header.begin):
        rows = [_cells(layout, first, last) for first, last in _logical(layout, start, end)]
        items, used = _rows(layout, header, rows, first_leads)
        if items:
            found.extend(items)
            closed.append(used)
    i, tabbed = 0, 0
    # Heads that no row follows are read on from again: a document of nothing else must not take its length squared.
    allowance = 8 * len(layout.lines)
    ranges = sorted(closed)
    while i < len(layout.lines):
        width = flat_tables.header_width(layout, i)
        while tabbed < len(ranges) and ranges[tabbed][1] <= layout.lines[i].place:
            tabbed += 1
        ahead = ranges[tabbed][0] if tabbed < len(ranges) else len(layout.view)
        if width and layout.lines[i].place < ahead and allowance > 0:
            items, stop = flat_tables.read(layout, header, i, width, first_leads, ahead)
            allowance -= stop - i
            if items:
                found.extend(items)
                last = layout.lines[stop - 1]
                closed.append((layout.lines[i].place, last.place + len(last.text)))
                i = stop
                continue
            i += width
        i += 1
    return found, sorted(closed)


def _tabbed_regions(layout: Layout, begin: int) -> list[tuple[int, int]]:
    """Runs of lines with several cells, from a header row on."""
    regions: list[tuple[int, int]] = []
    i = 0
    lines = layout.lines
    while i < len(lines):
        if lines[i].cells < 2:
            i += 1
            continue
        j, last, quoted = i, i, 0
        while j < len(lines) and (j - last <= 3 or quoted % 2):
            if lines[j].cells >= 2 or quoted % 2:
                last = j
            quoted = (quoted + lines[j].text.count('"')) if j - last < 60 else 0
            j += 1
        if last > i:
            regions.append((i, last + 1))
        i = last + 1
    return regions


def _logical(layout: Layout, start: int, end: int) -> list[tuple[int, int]]:
    """First and last line of each row: a cell copied from a spreadsheet keeps its line ends inside quotes."""
    rows: list[tuple[int, int]] = []
    first, quotes = start, 0
    for i in range(start, end):
        quotes += layout.lines[i].text.count('"')
        if quotes % 2 == 0 or i - first > 40:
            rows.append((first, i))
            first, quotes = i + 1, 0
    if first < end:
        rows.append((first, end - 1))
    return rows


def _cells(layout: Layout, first: int, last: int) -> list[Cell]:
    line = layout.lines[first]
    raw = layout.raw[line.start : layout.lines[last].end]
    separator = "\t" if "\t" in raw else "|"
    cells: list[Cell] = []
    offset = line.start
    for piece in raw.split(separator):
        a, b = layout.view.find(offset), layout.view.find(offset + len(piece))
        if b - a > 1 and layout.view.text[a] == layout.view.text[b - 1] == '"':
            a, b = a + 1, b - 1
        cells.append(Cell(layout.view.text[a:b], a, b))
        offset += len(piece) + 1
    if separator == "|" and cells and not cells[0].text:
        cells = cells[1:]
    return cells


def _header_columns(row: Sequence[Cell]) -> list[Column | None] | None:
    columns = [column_of(cell.text) for cell in row]
    known = sum(1 for c in columns if c)
    return columns if known >= 2 and known * 2 >= sum(1 for cell in row if cell.text) else None


def _rows(
    layout: Layout, header: Header, rows: list[list[Cell]], first_leads: bool
) -> tuple[list[Item], tuple[int, int]]:
    columns: list[Column | None] | None = None
    items: list[tuple[list[Cell], list[Node]]] = []
    path: list[Node] = []
    begin = end = -1
    for row in rows:
        announced = _header_columns(row)
        if announced:
            if begin < 0:
                begin = row[0].start
            # A head in two rows (责任分工 over 牵头单位, 配合单位): the lower one says more.
            merged = [b or a for a, b in zip_longest(columns or [], announced)]
            columns = settled(announced if columns is None or items else merged)
            continue
        filled = [cell for cell in row if cell.text]
        if columns is None or not filled:
            continue
        for cell, column in zip(row, columns, strict=False):
            cell.column = column
        for cell in row[len(columns) :]:
            cell.column = None
        end = filled[-1].end
        number = next((c for c in row if c.column is Column.NUMBER and c.text), None)
        if (
            len(filled) <= 2
            and (len(filled) == 1 or not INTEGER.match(filled[0].text))
            and SECTION.match(filled[0].text)
            and not any(c.column in UNIT_COLUMNS for c in filled)
        ):
            path = _section_path(path, filled)
        elif (
            number
            and re.match(
                r"^(?:\d{1,3}(?:[-.]\d{1,3})*|[一二三四五六七八九十]{1,3}|（[一二三四五六七八九十\d]{1,3}）)[.、]?$",
                number.text,
            )
        ) or (
            Column.NUMBER not in columns
            and any(c.column in (Column.TITLE, Column.TEXT) for c in filled)
            and any(c.column in UNIT_COLUMNS for c in filled)
        ):
            items.append((filled, path))
        elif items and not number:
            items[-1][0].extend(filled)
    built = [item(layout, header, cells, nodes, first_leads) for cells, nodes in items]
    return built, (begin, end)


def _section_path(path: list[Node], filled: list[Cell]) -> list[Node]:
    match = SECTION.match(filled[0].text)
    assert match is not None
    printed = match["n"] or f"（{match['p']}）"
    kind = "cn_dot" if match["n"] else "cn_paren"
    body = filled[0].start + (
        match.end("n") + 1
        if match["n"] and match["title"] is not None
        else match.end("n")
        if match["n"]
        else match.start("ptitle")
    )
    title_end = filled[0].end
    if body == title_end and len(filled) > 1:
        body, title_end = filled[1].start, filled[1].end
    node = Node(
        kind,
        value_of(match["n"] or match["p"]),
        filled[0].start,
        filled[0].start + len(printed),
        body,
        title_end,
        title_end,
    )
    node.title_end = title_end
    return [node] if kind == "cn_dot" else [*[n for n in path if n.kind == "cn_dot"], node]
