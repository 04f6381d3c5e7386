"""One sheet to look things up in: texts of cells, merged areas, what a number shows. Pure."""

from __future__ import annotations

import bisect
import datetime as dt
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeAlias

from anlan.foundation.sheets.reading import MAX_CELLS, Cell, Grid

Spot: TypeAlias = tuple[int, int]
Area: TypeAlias = tuple[int, int, int, int]
# CSV and pasted text have no sheets: this is what `foundation/sheets` calls theirs.
CSV_NAME: Final = "CSV"
_QUOTED: Final = re.compile(r'="([^"]*)"')
# Excel keeps numbers as binary floats: longer ones are no whole numbers any more.
_EXACT: Final = 10**15
_INVISIBLE: Final = str.maketrans("", "", "\u200b\u200c\u200d\ufeff\u2060\x00")


def letters(column: int) -> str:
    """Column as a spreadsheet shows it, from 0.

    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def written(cell: Cell) -> str:
    """What a cell shows, without white space around it; whole numbers without a point.

    >>> written(3.0), written(" a\\u3000"), written(dt.date(2021, 8, 6)), written(0.1 + 0.2)
    ('3', 'a', '2021-08-06', '0.3')
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        found = _QUOTED.fullmatch(cell)
        return (found[1] if found else cell).translate(_INVISIBLE).replace("\r\n", "\n").replace("\r", "\n").strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float | int):
        return str(int(cell)) if abs(cell) < _EXACT and float(cell).is_integer() else f"{cell:.12g}"
    if isinstance(cell, dt.datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    return cell.isoformat()


@dataclass
class Sheet:
    """Cells that hold anything, by row (from 1) and column (from 0)."""

    name: str | None
    cells: dict[Spot, Cell]
    rows: list[int]
    width: int
    areas: list[Area] = field(default_factory=list)
    shapes: dict[Spot, str] = field(default_factory=dict)
    since_1904: bool = False

    @cached_property
    def covered(self) -> dict[Spot, Area]:
        """The merged area that each cell of one lies in."""
        found: dict[Spot, Area] = {}
        last = self.rows[-1] if self.rows else 0
        for area in self.areas:
            top, left, bottom, right = area
            bottom, right = min(bottom, last), min(right, self.width - 1)
            # Rows that hold nothing at all are never looked at, so that an endless area costs nothing.
            rows = self.between(top, bottom)
            if len(rows) * (right - left + 1) + len(found) > MAX_CELLS:
                continue
            for row in rows:
                for column in range(left, right + 1):
                    found[(row, column)] = (top, left, bottom, right)
        return found

    def between(self, first: int, last: int) -> list[int]:
        """Rows from `first` to `last` that hold anything."""
        return self.rows[bisect.bisect_left(self.rows, first) : bisect.bisect_right(self.rows, last)]

    def area(self, row: int, column: int) -> Area:
        """Merged area of a cell, or the cell itself."""
        return self.covered.get((row, column)) or (row, column, row, column)

    def origin(self, row: int, column: int) -> Spot:
        """Cell that holds what this one shows."""
        area = self.covered.get((row, column))
        return (area[0], area[1]) if area else (row, column)

    def cell(self, row: int, column: int) -> Cell:
        """What is in a cell, merged areas filled."""
        return self.cells.get(self.origin(row, column))

    def text(self, row: int, column: int) -> str:
        """Text of a cell, merged areas filled."""
        return self.shown(*self.origin(row, column))

    def own(self, row: int, column: int) -> str:
        """Text of a cell that holds it itself: of a merged area, only the first."""
        return self.shown(row, column) if self.origin(row, column) == (row, column) else ""

    def shown(self, row: int, column: int) -> str:
        """Text of the cell that holds it, as the sheet shows it."""
        text = self._texts.get((row, column))
        if text is None:
            text = self._texts[(row, column)] = self._shown(row, column)
        return text

    @cached_property
    def _texts(self) -> dict[Spot, str]:
        return {}

    def _shown(self, row: int, column: int) -> str:
        cell = self.cells.get((row, column))
        shape = self.shapes.get((row, column))
        if shape == "0.00" and isinstance(cell, float | int) and not isinstance(cell, bool):
            return f"{cell:.2f}"
        return written(cell)

    def filled(self, row: int) -> list[int]:
        """Columns of a row whose cells hold something themselves."""
        return self._filled.get(row, [])

    @cached_property
    def _filled(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for row, column in sorted(self.cells):
            if self.shown(row, column):
                found.setdefault(row, []).append(column)
        return found

    def texts(self, row: int) -> list[str]:
        """Texts of a row's cells that hold something themselves."""
        return [self.shown(row, column) for column in self.filled(row)]

    def whole(self, row: int) -> str:
        """All texts of a row, parted by a stroke."""
        return "｜".join(self.shown(row, column) for column in self.filled(row))


def sheet_of(grid: Grid) -> Sheet:
    """The grid to look things up in."""
    cells: dict[Spot, Cell] = {
        (row, column): cell
        for row, values in grid.rows
        for column, cell in enumerate(values)
        if cell is not None and cell != ""
    }
    # The first cell of an area is the one that holds it; what a writer left in the others is not shown.
    areas = sorted({(top, left, bottom, right) for top, left, bottom, right in grid.merged})
    width = 1 + max((column for _, column in cells), default=-1)
    rows = sorted({row for row, _ in cells})
    return Sheet(None if grid.name == CSV_NAME else grid.name, cells, rows, width, areas, grid.shapes, grid.since_1904)
