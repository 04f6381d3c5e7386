"""Lines of a web page while it streams by: tables become one row a line, tables that only lay out a page do not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from anlan.plan.compiler.reading import limits

# Old sites put a whole article into one cell. A cell of a real table with more than this is not to be expected.
_CELL_LINES: Final = 12
_CELL_CHARACTERS: Final = 3_000
_SPACE = re.compile(r"[ \t\n\r\f]+")


@dataclass(slots=True)
class Flow:
    """Lines with the one that is being written; white space as a browser shows it."""

    lines: list[str] = field(default_factory=list)
    linked: int = 0
    size: int = 0
    holds_table: bool = False
    columns: int = 1
    rows: int = 1
    _line: list[str] = field(default_factory=list)

    def add(self, text: str, linked: bool = False) -> None:
        """Text to the line that is being written."""
        self._line.append(text)
        size = len(text.strip())
        self.size += size
        self.linked += size if linked else 0

    def end_line(self) -> None:
        """End the line; one without text is no line."""
        line = _SPACE.sub(" ", "".join(self._line)).strip(" ").replace("\xa0", " ")
        self._line.clear()
        if line.strip():
            self.lines.append(line)

    def take(self, lines: list[str], size: int) -> None:
        """Whole lines of a table or region."""
        self.end_line()
        self.lines.extend(lines)
        self.size += size


@dataclass(slots=True)
class Table:
    """Rows of cells as they come."""

    rows: list[list[Flow]] = field(default_factory=list)

    def add(self, cell: Flow) -> None:
        """Cell to the last row."""
        if not self.rows:
            self.rows.append([])
        self.rows[-1].append(cell)

    def size(self) -> int:
        """Characters in all cells."""
        return sum(cell.size for row in self.rows for cell in row)

    def lines(self) -> list[str]:
        """One row a line, cells separated by a tab; the lines of its cells if the table only lays out a page."""
        if self._lays_out():
            return [line for row in self.rows for cell in row for line in cell.lines]
        lines = []
        spanning: dict[int, int] = {}
        for row in self.rows:
            cells = _filled(row, spanning)
            if any(cells):
                lines.append("\t".join(cells))
        return lines

    def _lays_out(self) -> bool:
        cells = [cell for row in self.rows for cell in row]
        return max((len(row) for row in self.rows), default=0) <= 1 or any(
            cell.holds_table or len(cell.lines) > _CELL_LINES or cell.size > _CELL_CHARACTERS for cell in cells
        )


def _filled(row: list[Flow], spanning: dict[int, int]) -> list[str]:
    """Cells of a row, an empty one where a cell of a row above reaches into it; `spanning`: rows left by column."""
    cells: list[str] = []
    column = 0

    def reached_into() -> None:
        nonlocal column
        while spanning.get(column, 0) > 0:
            spanning[column] -= 1
            cells.append("")
            column += 1

    for cell in row:
        reached_into()
        cells.append(" ".join(line.replace("\t", " ").strip() for line in cell.lines))
        if cell.rows > 1:
            spanning[column] = cell.rows - 1
        column += cell.columns
    reached_into()
    return cells


def _span(text: str | None) -> int:
    return min(int(text), limits.SPAN_COLUMNS) if text and text.isascii() and text.isdigit() and len(text) < 6 else 1


class TableStack:
    """Flow of the page with the tables, cells and header or footer regions that are open."""

    def __init__(self) -> None:
        self._frames: list[tuple[str, Flow | Table]] = [("page", Flow())]
        self._ignored_tables = 0
        self._ignored_regions = 0
        self.flow = self._flow()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open a table, row or cell. Beyond the depth limit tables are blocks like any other."""
        if tag == "table":
            if len(self._frames) < 2 * limits.TABLE_DEPTH:
                self._push("table", Table())
            else:
                self._ignored_tables += 1
        elif not self._ignored_tables:
            table = self._frames[-1][1]
            if isinstance(table, Table) and tag == "tr":
                table.rows.append([])
            elif isinstance(table, Table) and tag in {"td", "th"}:
                columns, rows = _span(attributes.get("colspan")) or 1, _span(attributes.get("rowspan")) or 1
                self._push("cell", Flow(columns=columns, rows=rows))

    def end(self, tag: str) -> None:
        """Close a cell or table with all that is open inside it."""
        if tag == "table" and self._ignored_tables:
            self._ignored_tables -= 1
        elif tag == "table":
            self._close("table")
        elif tag in {"td", "th"} and not self._ignored_tables:
            self._close("cell")

    def open_region(self) -> None:
        """Open a header or footer, which is dropped if it proves to be mostly links."""
        if len(self._frames) < 2 * limits.TABLE_DEPTH:
            self._push("region", Flow())
        else:
            self._ignored_regions += 1

    def close_region(self) -> None:
        """Close a header or footer."""
        if self._ignored_regions:
            self._ignored_regions -= 1
        else:
            self._close("region")

    def finish(self) -> list[str]:
        """Lines of the page, all that is open closed."""
        while len(self._frames) > 1:
            self._pop()
        self.flow.end_line()
        return self.flow.lines

    def _push(self, kind: str, frame: Flow | Table) -> None:
        self._frames.append((kind, frame))
        self.flow = self._flow()

    def _close(self, kind: str) -> None:
        # A cell is looked for only down to its table: a stray </td> must not close the table around it.
        for i in range(len(self._frames) - 1, 0, -1):
            found = self._frames[i][0]
            if found == kind:
                while len(self._frames) > i:
                    self._pop()
                return
            if found == "table":
                return

    def _pop(self) -> None:
        kind, frame = self._frames.pop()
        self.flow = self._flow()
        if isinstance(frame, Table):
            self.flow.take(frame.lines(), frame.size())
            self.flow.holds_table = True
            return
        frame.end_line()
        below = self._frames[-1][1]
        if kind == "cell" and isinstance(below, Table):
            below.add(frame)
        elif 2 * frame.linked <= frame.size:
            self.flow.take(frame.lines, frame.size)
            self.flow.holds_table |= frame.holds_table

    def _flow(self) -> Flow:
        return next(frame for _, frame in reversed(self._frames) if isinstance(frame, Flow))
