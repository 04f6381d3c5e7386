"""Flattened tables: one cell a line, as tables come out of PDF files and old web pages.

A bare number that continues the count opens a row; units and times are told from the back of the row, title and
score from its front. Headers repeated on each page are passed over.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from anlan.plan.compiler.header import Header
from anlan.plan.compiler.items import Item
from anlan.plan.compiler.layout import Layout, Line
from anlan.plan.compiler.outline import Node, value_of
from anlan.plan.compiler.rows import (
    EMPTY,
    INTEGER,
    LABELLED,
    REST,
    SECTION,
    UNIT_COLUMNS,
    Cell,
    Column,
    column_of,
    is_units,
    item,
    settled,
)

_END_OF_TABLE = re.compile(r"^(?:附件|附表|备注：|注：|说明：|抄送：|（此件|.{2,30}(?:办公室|人民政府)20\d\d年)")


def header_width(layout: Layout, i: int) -> int:
    """Number of consecutive lines from i on that are header cells, 0 where they are no table's head."""
    columns: list[Column] = []
    j = i
    while j < len(layout.lines) and j - i < 12 and layout.lines[j].cells < 2:
        text = layout.lines[j].text
        column = column_of(text)
        if (
            column is None
            and not columns
            and text == "序"
            and j + 1 < len(layout.lines)
            and layout.lines[j + 1].text == "号"
        ) or (column is None and len(columns) == 1 and text == "号" and columns[0] is Column.NUMBER):
            column = Column.NUMBER
        if column is None:
            break
        columns.append(column)
        j += 1
    if len(columns) < 3 or not any(c in UNIT_COLUMNS for c in columns):
        return 0
    if Column.NUMBER not in columns and not any(c in (Column.TITLE, Column.TEXT) for c in columns):
        return 0
    return len(columns)


def _head_columns(layout: Layout, first: int, width: int) -> list[Column | None]:
    """Columns that the head announces; 序 and 号 on two lines are one."""
    columns: list[Column | None] = []
    for k in range(width):
        text = layout.lines[first + k].text
        if text == "号" and columns == [Column.NUMBER]:
            continue
        columns.append(Column.NUMBER if text == "序" else column_of(text))
    return columns


def read(
    layout: Layout, header: Header, first: int, width: int, first_leads: bool, limit: int
) -> tuple[list[Item], int]:
    """Measures of a flattened table whose header stands at lines[first:first+width], and the line where it ends,
    which is the first at or after place `limit` of the view at the latest."""
    announced = _head_columns(layout, first, width)
    columns = [c or Column.OTHER for c in settled(announced)]
    heads = [layout.lines[first + k].text for k in range(width)]
    lines: list[Line] = []
    i = first + width
    while i < len(layout.lines):
        text = layout.lines[i].text
        again = header_width(layout, i)
        if again and _head_columns(layout, i, again) == announced:
            i += again
            continue
        place = layout.lines[i].place
        stop = bisect_left(header.stops, place)
        if _END_OF_TABLE.match(text) or header.stops[stop : stop + 1] == (place,) or len(text) > 400 or place >= limit:
            break
        if not _repeats_header(layout, i, heads):
            lines.append(layout.lines[i])
        i += 1
    items = _flat_items(layout, header, lines, columns, first_leads)
    return items, i


def _repeats_header(layout: Layout, i: int, heads: list[str]) -> bool:
    """Whether the line is a header word that stands among others of its kind."""
    text = layout.lines[i].text
    if text not in heads:
        return False
    around = [layout.lines[j].text for j in (i - 1, i + 1) if 0 <= j < len(layout.lines)]
    return any(t in heads for t in around)


@dataclass(slots=True)
class _Row:
    """Row under way: lines of the row, the first holds the number."""

    lines: list[Line]
    path: list[Node]
    section: bool


def _flat_items(
    layout: Layout, header: Header, lines: list[Line], columns: list[Column], first_leads: bool
) -> list[Item]:
    rows: list[_Row] = []
    path: list[Node] = []
    expected = 1
    scored = Column.SCORE in columns
    units = any(c in UNIT_COLUMNS for c in columns)
    for k, line in enumerate(lines):
        section = SECTION.match(line.text)
        if (
            section
            and (len(line.text) <= 4 or not re.search("[。；]", line.text))
            and _opens_section(line, rows, section)
        ):
            node = _flat_section(lines, k, section)
            path = [node] if node.kind == "cn_dot" else [*[n for n in path if n.kind == "cn_dot"], node]
            rows.append(_Row([line], list(path[:-1]), True))
            expected = expected if expected > 1 else 1
            continue
        if (
            INTEGER.match(line.text)
            and int(line.text) in (expected, 1)
            and _opens_row(lines, k, rows, scored, units, int(line.text))
        ):
            rows.append(_Row([line], list(path), False))
            expected = int(line.text) + 1
            continue
        if rows:
            rows[-1].lines.append(line)
    items: list[Item] = []
    for n, row in enumerate(rows):
        if row.section and (n + 1 < len(rows) and not rows[n + 1].section):
            continue
        cells = _assign(row, columns)
        if row.section and not any(c.column in UNIT_COLUMNS for c in cells):
            continue
        items.append(item(layout, header, cells, row.path, first_leads))
    return items


def _opens_section(line: Line, rows: list[_Row], section: re.Match[str]) -> bool:
    return len(line.text) <= 4 or line.text[0] == "（" or "、" in line.text[:4] or len(line.text) < 30


def _flat_section(lines: list[Line], k: int, section: re.Match[str]) -> Node:
    line = lines[k]
    printed = section["n"] or f"（{section['p']}）"
    kind = "cn_dot" if section["n"] else "cn_paren"
    title = section["title"] if section["n"] else section["ptitle"]
    if title:
        body, end = line.place + len(line.text) - len(title), line.place + len(line.text)
    elif k + 1 < len(lines):
        body, end = lines[k + 1].place, lines[k + 1].place + len(lines[k + 1].text)
    else:
        body = end = line.place + len(line.text)
    node = Node(kind, value_of(section["n"] or section["p"]), line.place, line.place + len(printed), body, end, end)
    node.title_end = end
    return node


def _opens_row(lines: list[Line], k: int, rows: list[_Row], scored: bool, units: bool, value: int) -> bool:
    """Whether a bare number opens a row: text follows it, and the row before has come to its units."""
    if k + 1 >= len(lines) or INTEGER.match(lines[k + 1].text):
        return False
    if not rows:
        return value == 1
    previous = rows[-1]
    if previous.section:
        return not scored or len(previous.lines) > 1
    if value == 1 and not any(r.section for r in rows):
        return False
    if scored and not any(_SCORE.fullmatch(line.text) for line in previous.lines[1:]):
        return False
    return not units or any(
        is_units(line.text) or LABELLED.match(line.text) or EMPTY.match(line.text) for line in previous.lines[2:]
    )


_TIME_LINE = re.compile(
    r"^.{0,6}(?:\d{4}年|\d{1,2}月|年底|年内|全年|季度|半年|长期|持续|立行立改|立即|每月|每周|每年|常年|适时|汛期|20\d\d[.\-/]).{0,12}$"
)


def _assign(row: _Row, columns: list[Column]) -> list[Cell]:
    """Cells of a flattened row: number, title and score from the front, units and time from the back, text between."""
    cells = [Cell(line.text, line.place, line.place + len(line.text)) for line in row.lines]
    cells[0].column = Column.NUMBER
    front: list[Column] = [c for c in columns if c is not Column.NUMBER]
    k = 1
    tail: list[Column] = [c for c in front if c in UNIT_COLUMNS or c in (Column.DEADLINE, Column.PERSON)]
    middle: list[Column] = []
    for n, column in enumerate(front):
        if k >= len(cells) or column in UNIT_COLUMNS or column in (Column.DEADLINE, Column.PERSON):
            break
        if column in (Column.TITLE, Column.GROUP) and not middle:
            cells[k].column = column
            k += 1
            if k < len(cells) and _wraps(cells[k - 1].text, cells[k].text):
                cells[k].column = column
                k += 1
        elif column is Column.SCORE and not middle:
            if _SCORE.fullmatch(cells[k].text):
                cells[k].column = column
                k += 1
        else:
            middle = [c for c in front[n:] if c not in UNIT_COLUMNS and c not in (Column.DEADLINE, Column.PERSON)]
            break
    labelled = next((i for i in range(k, len(cells)) if LABELLED.match(cells[i].text)), 0)
    if labelled:
        _assign_middle(cells[k:labelled], middle)
        _assign_labelled(cells[labelled:])
        return cells
    back = len(cells)
    if tail and tail[-1] is Column.DEADLINE and front and front[-1] is Column.DEADLINE:
        # The time may be said in a whole line (自清单印发之日起20日内): it stands behind the units.
        limit = next((i for i in range(back - 1, max(k - 1, back - 3), -1) if is_units(cells[i].text)), 0)
        if limit and limit == back - 2 and len(cells[-1].text) <= 40 and "。" not in cells[-1].text:
            cells[-1].column, back = Column.DEADLINE, back - 1
    timed = back
    while back > k:
        if _tail_like(cells[back - 1].text, tail) or (
            back < timed and back - 1 >= k and _torn(cells[back - 1].text, cells[back].text, tail)
        ):
            back -= 1
        else:
            break
    _assign_middle(cells[k:back], middle, k > 1 and cells[k - 1].column is Column.TITLE)
    _assign_tail(cells[back:timed], tail)
    return cells


_TIME_REST = re.compile(r"(?:\d{1,2}日|月?底|年?底|日)?(?:之?前|底)(?:完成)?|\d{1,2}[日月](?:底?前)?")


def _assign_labelled(cells: list[Cell]) -> None:
    """Columns of the lines from 牵头：… on: the units, and behind them the time."""
    stop = len(cells)
    if stop > 1 and _TIME_REST.fullmatch(cells[-1].text) and _TIME_LINE.match(cells[-2].text):
        stop -= 2
    elif stop > 1 and _TIME_LINE.match(cells[-1].text):
        stop -= 1
    for i, cell in enumerate(cells):
        cell.column = Column.RESPONSIBLE if i < stop else Column.DEADLINE


def _wraps(title: str, following: str) -> bool:
    """Whether a short line is the rest of a title that the width of its cell broke (编制年度水量调度|计划)."""
    return (
        len(title) >= 6
        and len(following) <= min(5, len(title) - 2)
        and not re.search(r"[\d，。；：、（）-]", following)
    )


_SCORE = re.compile(r"\d{1,3}(?:\.\d)?分?|-")


def _assign_middle(cells: list[Cell], columns: list[Column], titled: bool = False) -> None:
    """Columns of the text between title and units. A score between two texts is the only sure boundary."""
    first = columns[0] if columns else Column.TEXT
    if Column.SCORE in columns:
        at = columns.index(Column.SCORE)
        for n, cell in enumerate(cells):
            if n and _SCORE.fullmatch(cell.text):
                cell.column = Column.SCORE
                for later in cells[n + 1 :]:
                    later.column = columns[at + 1] if at + 1 < len(columns) else Column.OTHER
                for earlier in cells[:n]:
                    earlier.column = first if first is not Column.OTHER else Column.TEXT
                return
    if not columns and titled:
        # 工作任务 is the only column of content: what follows its first line is the same cell.
        for cell in cells:
            cell.column = Column.TITLE
        return
    for cell in cells:
        cell.column = Column.PROBLEM if Column.TEXT not in columns and Column.PROBLEM in columns else Column.TEXT


def _torn(text: str, following: str, tail: list[Column]) -> bool:
    """Whether a line is the first half of a list of units (or of a time) that goes on in the next line."""
    if len(text) > 40 or re.search("[。；：]$", text):
        return False
    if len(following) <= 5 and REST.fullmatch(following):
        # 县公安局森林警察|大队: no body is called that alone.
        return True
    return is_units(text + following) and not is_units(text) and "、" in text + following


_POST = re.compile(r"^[^。；，\d]{2,24}(?:长|主任|主席|书记|经理|负责人|理事|委员|专员)$")


def _tail_like(text: str, tail: list[Column]) -> bool:
    if EMPTY.match(text):
        return True
    if Column.DEADLINE in tail and re.fullmatch("(?:月|年)?(?:底|末)?前(?:完成)?|月?底|日前?|完成", text):
        return True
    if Column.DEADLINE in tail and _TIME_LINE.match(text) and len(text) <= 30 and "。" not in text:
        return True
    if Column.PERSON in tail and _POST.search(text):
        return True
    return is_units(text) or (text.endswith("、") and is_units(text[:-1]))


def _assign_tail(cells: list[Cell], tail: list[Column]) -> None:
    units = [c for c in tail if c in UNIT_COLUMNS]
    unit_cells: list[list[Cell]] = []
    for cell in cells:
        if (
            Column.DEADLINE in tail
            and not is_units(cell.text)
            and (
                _TIME_LINE.match(cell.text)
                or re.fullmatch("(?:月|年)?(?:底|末)?前(?:完成)?|月?底|日前?|完成", cell.text)
            )
        ):
            cell.column = Column.DEADLINE
        elif Column.PERSON in tail and _POST.search(cell.text):
            cell.column = Column.PERSON
        elif unit_cells and (
            unit_cells[-1][-1].text.endswith(("、", "，"))
            or REST.fullmatch(cell.text)
            or not (is_units(unit_cells[-1][-1].text) or EMPTY.match(unit_cells[-1][-1].text))
        ):
            unit_cells[-1].append(cell)
        else:
            unit_cells.append([cell])
    if not units:
        return
    extra = max(0, len(unit_cells) - len(units))
    for n, group in enumerate(unit_cells):
        column = (
            units[min(n, len(units) - 1)]
            if not extra or len(units) == 1
            else units[0]
            if n == 0
            else units[min(max(n - extra, 1), len(units) - 1)]
        )
        for cell in group:
            cell.column = None if EMPTY.match(cell.text) else column
