"""A paper: what an office prints or sends round, said once and given as Word, PDF or Excel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """Column of a paper's table. `width` is its share of the page; `centred` for numbers, dates and short words."""

    title: str
    width: float
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Table of texts, one row a tuple of as many cells as columns. `groups` are row numbers before which a line of
    text spans the whole width (a chapter)."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    groups: tuple[tuple[int, str], ...] = ()

    def __post_init__(self) -> None:
        """ValueError for a row that is longer or shorter than the head."""
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ValueError(f"row {number} has {len(row)} cells, the head {len(self.columns)}")


@dataclass(frozen=True, slots=True)
class Section:
    """Part of a paper in words: heading ("" for none), paragraphs, and a table under them where it needs one."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """Title, a line below it, sections in words, a table, notes under it; sections or a table, or both.

    `mark` stands at the head of every page (a sample says so).
    """

    title: str
    table: Table | None = None
    below_title: str = ""
    sections: tuple[Section, ...] = ()
    notes: Sequence[str] = ()
    mark: str = ""
    landscape: bool = True
    page_words: str = "第 {page} 页，共 {pages} 页"
