"""Where the tables of a sheet are: headers of one to three rows, tables below and beside each other. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from anlan.ledger.reading.grid import Sheet
from anlan.ledger.reading.model import Field
from anlan.ledger.reading.words import COUNTS, LONGEST_TITLE, classify, folded, unbracketed

_MOST_HEADER_ROWS: Final = 4
# Titles are short: rows of longer texts are not looked at any further.
_MEAN_TITLE: Final = 14
_NUMBERING: Final = re.compile(r"[（(]?(\d{1,2}|[a-z]|[甲乙丙丁戊己庚辛壬癸]|[①-⑳])[)）.栏列]?", re.IGNORECASE)
_VALUE: Final = re.compile(r"\d|[。；]|^(?:是|否|有|无|√|/|-)$")
# 问题一, 问题2, 整改时限③, 第二个问题
_ORDERED: Final = re.compile(
    r"^(?P<name>[^\d①-⑨（()]{2,8}?)[（(]?(?P<n>[1-9]|[一二三四五六七八九])[)）]?$|^第(?P<m>[1-9一二三四五六七八九])个?(?P<tail>.{2,6})$"
)
# What is parted like a sentence is no title.
_SENTENCE: Final = re.compile(r"[，。；！？,;]")
# Hints under a title: how to fill it in.
_HINT: Final = re.compile(
    r"^[（(【\[]?(?:请|按|填|如|例如|格式|注明|须|必填|选填|精确|下拉|限\d|不超过|写明|具体到|从下拉)"
)


@dataclass
class Column:
    """A column of a table: its titles from top to bottom, and what it is taken for."""

    at: int
    titles: tuple[str, ...]
    fields: tuple[tuple[Field, float], ...] = ()
    by_content: bool = False

    @cached_property
    def title(self) -> str:
        """All titles in one."""
        return "/".join(self.titles)

    @property
    def leaf(self) -> str:
        """The lowest title."""
        return self.titles[-1] if self.titles else ""


@dataclass(slots=True)
class Table:
    """A table with its titles on top: header rows, first and last row below, columns.

    `caption` stands over one of several tables beside each other. `shared` says that its rows hold further problems in
    other columns, `bounded` that what stands beside it is no part of it.
    """

    header: tuple[int, int]
    first: int
    last: int
    columns: list[Column]
    repeats: set[int] = field(default_factory=set)
    caption: str = ""
    shared: bool = False
    bounded: bool = False

    def at(self, *wanted: Field) -> list[Column]:
        """Columns whose leading field is one of these."""
        return [column for column in self.columns if column.fields and column.fields[0][0] in wanted]


def title_fields(text: str) -> tuple[tuple[Field, float], ...]:
    """Fields of a cell if it can be a title."""
    short = unbracketed(text) if len(text) > LONGEST_TITLE else text
    if not short or len(short) > LONGEST_TITLE or _SENTENCE.search(unbracketed(short)):
        return ()
    return classify(short)


def header_score(sheet: Sheet, row: int) -> tuple[int, bool]:
    """Number of fields that a row's cells name, and whether it can be a header."""
    filled = sheet.filled(row)
    named: set[Field] = set()
    if len(filled) < 2 or any(not isinstance(sheet.cells[(row, column)], str) for column in filled):
        return 0, False
    lengths = [len(text) if len(text) <= LONGEST_TITLE else len(unbracketed(text)) for text in sheet.texts(row)]
    if max(lengths) > LONGEST_TITLE or sum(lengths) > _MEAN_TITLE * len(lengths):
        return 0, False
    # Titles hold few figures (整改时限1): this spares looking at most rows of a long table.
    figures = sum(sum(map(str.isdecimal, text)) > 1 or text.isdecimal() for text in sheet.texts(row))
    if figures * 3 > len(filled):
        return 0, False
    hits = values = 0
    for column in filled:
        text = sheet.shown(row, column)
        fields = [one for one, sure in title_fields(text) if sure >= 0.5]
        if fields:
            hits += 1
            named.update(fields)
        elif _VALUE.search(folded(text)) and not _BRACKETED.search(text):
            values += 1
    good = len(named) >= 3 or (len(named) == 2 and Field.DESCRIPTION in named and len(filled) <= 4)
    return len(named), good and hits * 2 >= len(filled) and values * 3 <= len(filled)


_BRACKETED: Final = re.compile(r"[（(]")


def tables(sheet: Sheet) -> list[Table]:
    """Tables of a sheet, from top to bottom, those beside each other from left to right."""
    blocks: list[tuple[int, int]] = []
    done = 0
    for row in sheet.rows:
        if row <= done or not header_score(sheet, row)[1]:
            continue
        top, bottom = _extent(sheet, row, done)
        blocks.append((top, bottom))
        done = bottom
    found: list[Table] = []
    for number, (top, bottom) in enumerate(blocks):
        last = blocks[number + 1][0] - 1 if number + 1 < len(blocks) else (sheet.rows[-1] if sheet.rows else 0)
        columns = _columns(sheet, top, bottom)
        if not columns:
            continue
        if found and _same(found[-1], columns):
            # The header once more, as on each printed page: the table goes on.
            found[-1].repeats.update(range(top, bottom + 1))
            found[-1].last = last
            continue
        first = _below(sheet, bottom)
        found.append(Table((top, bottom), first, last, columns))
    parts = [part for table in found for part in _beside(sheet, table)]
    for part in parts:
        _add_untitled(sheet, part, {column.at for other in parts for column in other.columns})
    return parts


def _add_untitled(sheet: Sheet, table: Table, taken: set[int]) -> None:
    """Columns without a title that hold something in the rows below, next to or between those that have one."""
    first, last = table.columns[0].at, table.columns[-1].at
    rows = [row for row in range(table.first, min(table.last, table.first + 60) + 1) if len(sheet.filled(row)) > 2]
    for column in range(max(0, first - 1), min(sheet.width - 1, last + 1) + 1):
        if column in taken:
            continue
        held = [
            row for row in rows if sheet.own(row, column) and sheet.area(row, column)[1] == sheet.area(row, column)[3]
        ]
        if held and len(held) * 3 >= len(rows):
            table.columns.append(Column(column, ("",)))
    table.columns.sort(key=lambda one: one.at)


def _same(table: Table, columns: list[Column]) -> bool:
    return [(one.at, folded(one.title)) for one in table.columns] == [(one.at, folded(one.title)) for one in columns]


def _extent(sheet: Sheet, row: int, done: int) -> tuple[int, int]:
    """First and last row of the header that a row belongs to."""
    top = bottom = row
    # A row of parents above: several short texts, at least one of them over more than one column.
    while top - 1 > done and row - top < _MOST_HEADER_ROWS - 1:
        above = top - 1
        filled = sheet.filled(above)
        texts = [sheet.shown(above, column) for column in filled]
        if len(filled) < 2 or any(len(text) > 20 or _VALUE.search(folded(text)) for text in texts):
            break
        wide = any(sheet.area(above, column)[3] > column or sheet.area(above, column)[2] > above for column in filled)
        named = sum(bool(title_fields(text)) for text in texts)
        if not (wide and named) and named < 2:
            break
        top = above
    while bottom - top < _MOST_HEADER_ROWS - 1:
        below = bottom + 1
        reach = max(
            (sheet.area(one, column)[2] for one in range(top, bottom + 1) for column in range(sheet.width)), default=0
        )
        filled = sheet.filled(below)
        if not filled:
            if reach >= below and any(sheet.covered.get((below, column)) for column in range(sheet.width)):
                bottom = below
                continue
            break
        if (
            reach >= below
            and all(
                sheet.area(below, column)[2] <= reach and len(sheet.shown(below, column)) <= 20 for column in filled
            )
            and _titles_below(sheet, top, bottom, below)
        ):
            bottom = below
            continue
        if _sub_header(sheet, top, bottom, below):
            bottom = below
            continue
        break
    return top, bottom


def _titles_below(sheet: Sheet, top: int, bottom: int, below: int) -> bool:
    """Whether a row that vertical merges of the header reach into holds titles, not values."""
    texts = [sheet.shown(below, column) for column in sheet.filled(below)]
    named = sum(bool(title_fields(text)) for text in texts)
    return named * 2 >= len(texts) or not any(_VALUE.search(text) for text in texts)


def _sub_header(sheet: Sheet, top: int, bottom: int, below: int) -> bool:
    """Whether a row holds titles under parents: short texts, some of them fields, none over a title of its own."""
    filled = sheet.filled(below)
    texts = [sheet.shown(below, column) for column in filled]
    if any(len(text) > 16 or _VALUE.search(folded(text)) for text in texts):
        return False
    under = 0
    for column in filled:
        over = sheet.area(bottom, column)
        parent = sheet.text(bottom, column)
        if over[3] > over[1] or (not parent and any(sheet.own(bottom, left) for left in range(column))):
            under += 1
        elif parent and not (column + 1 < sheet.width and not sheet.text(bottom, column + 1)):
            # Something stands right above, and it reaches over no other column.
            return False
    named = sum(
        bool(classify(text, _parent(sheet, bottom, column))) for text, column in zip(texts, filled, strict=True)
    )
    return under > 0 and named * 2 >= len(filled)


def _parent(sheet: Sheet, row: int, column: int) -> str:
    """Text over a column in a header row: its own, or where nothing is merged, the next to the left."""
    text = sheet.text(row, column)
    while not text and column > 0:
        column -= 1
        text = sheet.text(row, column)
    return text


def _columns(sheet: Sheet, top: int, bottom: int) -> list[Column]:
    found = []
    for column in range(sheet.width):
        titles: list[str] = []
        for row in range(top, bottom + 1):
            text = sheet.text(row, column)
            if not text and row < bottom and any(sheet.text(below, column) for below in range(row + 1, bottom + 1)):
                # Without merged cells (CSV), a parent stands over the first of its columns only.
                text = _parent(sheet, row, column)
            if text and (not titles or titles[-1] != text):
                titles.append(text)
        if not titles:
            continue
        # A title over the whole table is none of a column.
        fields: tuple[tuple[Field, float], ...] = ()
        for at in range(len(titles) - 1, -1, -1):
            fields = classify(titles[at], "".join(titles[max(0, at - 1) : at]))
            if fields:
                break
        found.append(Column(column, tuple(re.sub(r"\s+", "", title) for title in titles), fields))
    return found


def _below(sheet: Sheet, bottom: int) -> int:
    """First row after a header and the rows that number its columns or tell how to fill them in."""
    row = bottom + 1
    for _ in range(2):
        texts = [sheet.shown(row, column) for column in sheet.filled(row)]
        numbered = len(texts) >= 3 and all(_NUMBERING.fullmatch(folded(text)) for text in texts) and _counts(texts)
        hints = sum(bool(_HINT.match(text)) for text in texts)
        if numbered or (len(texts) >= 2 and hints * 2 > len(texts)):
            row += 1
    return row


def _counts(texts: list[str]) -> bool:
    digits = [int(match[1]) for text in texts if (match := _NUMBERING.fullmatch(folded(text))) and match[1].isdecimal()]
    return not digits or (len(digits) >= 2 and digits == list(range(digits[0], digits[0] + len(digits))))


def _beside(sheet: Sheet, table: Table) -> list[Table]:
    """The tables of one header that stand beside each other: the same titles once more, or each with its problems."""
    if parts := _repeated(table.columns) or _parted(table.columns):
        return [
            Table(table.header, table.first, table.last, part, table.repeats, _caption(sheet, table.header, part))
            for part in parts
        ]
    if columns := _without_counts(table.columns):
        return [Table(table.header, table.first, table.last, columns, table.repeats, bounded=True)]
    shared, groups = _several(table.columns)
    return [
        Table(
            table.header, table.first, table.last, _copies([*shared, *group]), table.repeats,
            shared=True,
        )
        for group in groups
    ] or [table]  # fmt: skip


def _copies(columns: list[Column]) -> list[Column]:
    """Columns of a table's own: what one table settles of a shared column must not change the others."""
    return [Column(one.at, one.titles, one.fields) for one in sorted(columns, key=lambda one: one.at)]


def _without_counts(columns: list[Column]) -> list[Column]:
    """Columns without a small table of counts beside them, which an empty column parts; empty where there is none."""
    groups: list[list[Column]] = [[]]
    for at, column in enumerate(columns):
        if at and column.at - columns[at - 1].at > 1:
            groups.append([])
        groups[-1].append(column)
    counts = [
        group for group in groups if not _tells(group) and any(COUNTS.search(folded(column.leaf)) for column in group)
    ]
    rest = [column for group in groups if group not in counts for column in group]
    return rest if counts and _tells(rest) else []


def _several(columns: list[Column]) -> tuple[list[Column], list[list[Column]]]:
    """Columns that all problems of a row share, and those of each (问题一, 时限一, 问题二, 时限二)."""
    groups: dict[str, list[Column]] = {}
    for column in columns:
        for title in column.titles[::-1]:
            match = _ORDERED.match(folded(title))
            named = classify(match["name"] or match["tail"] or "问题") if match else ()
            if match and named:
                number = match["n"] or match["m"]
                key = str("一二三四五六七八九".find(number) + 1 or number)
                own = column.fields if column.leaf != title and column.fields else ((named[0][0], 0.85),)
                groups.setdefault(key, []).append(Column(column.at, column.titles, own))
                break
    parts = list(groups.values())
    if len(parts) < 2 or not all(_tells(part) for part in parts):
        return _leading(columns)
    taken = {column.at for part in parts for column in part}
    return [column for column in columns if column.at not in taken], parts


def _leading(columns: list[Column]) -> tuple[list[Column], list[list[Column]]]:
    """The same titles twice or more behind columns that stand once."""
    titles = [folded(column.leaf) for column in columns]
    for start in range(1, len(titles) - 1):
        for size in range(1, (len(titles) - start) // 2 + 1):
            end = start + size
            while titles[start : start + size] == titles[end : end + size]:
                end += size
            groups = [columns[at : at + size] for at in range(start, end, size)]
            if len(groups) > 1 and all(_tells(group) for group in groups):
                return [*columns[:start], *columns[end:]], groups
    return [], []


def _repeated(columns: list[Column]) -> list[list[Column]]:
    """Columns in groups of the same titles in the same order."""
    titles = [folded(column.leaf) for column in columns]
    for size in range(2, len(titles) // 2 + 1):
        if titles[size] != titles[0] or titles[:size] != titles[size : 2 * size] or not _tells(columns[:size]):
            continue
        groups = [columns[start : start + size] for start in range(0, len(titles), size)]
        return [group for group in groups if len(group) >= 2 and _tells(group)]
    return []


def _parted(columns: list[Column]) -> list[list[Column]]:
    """Columns in groups parted by an empty column or begun by a number, where each group tells problems of its own."""
    for by_gap in (True, False):
        groups: list[list[Column]] = [[]]
        for at, column in enumerate(columns):
            gap = at > 0 and column.at - columns[at - 1].at > 1
            numbered = bool(column.fields) and column.fields[0][0] is Field.NUMBER
            if groups[-1] and (gap if by_gap else numbered):
                groups.append([])
            groups[-1].append(column)
        if len(groups) > 1 and all(len(group) >= 2 and _tells(group) for group in groups):
            return groups
    return []


def _tells(columns: list[Column]) -> bool:
    """Whether a column holds the texts of problems, by a title that leaves no doubt."""
    return any(one is Field.DESCRIPTION and sure >= 0.8 for column in columns for one, sure in column.fields)


def _caption(sheet: Sheet, header: tuple[int, int], columns: list[Column]) -> str:
    """What stands over some columns of a sheet and over no others, in the header or right above it."""
    first, last = columns[0].at, columns[-1].at
    for row in (header[0], header[0] - 1, header[0] - 2):
        filled = sheet.filled(row)
        inside = [column for column in filled if first <= column <= last]
        if len(inside) == 1 and len(filled) > 1 and sheet.area(row, inside[0])[3] <= last:
            text = sheet.shown(row, inside[0])
            if not title_fields(text):
                return text
    return ""
