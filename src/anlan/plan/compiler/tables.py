"""Tables: rows on a line with tabs (as the readers give them), or flattened to one cell a line.

A row that begins with a number is a measure; its columns say who leads, who cooperates and by when. Headers
repeated on each page are passed over. Rules: section "Measure" of the corpus gold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from anlan.plan.compiler import deadlines, duties, fields, names
from anlan.plan.compiler.fields import Content
from anlan.plan.compiler.header import Header
from anlan.plan.compiler.items import Item
from anlan.plan.compiler.layout import Layout, Line
from anlan.plan.compiler.outline import Node, value_of


class Column(StrEnum):
    """What a column of a plan's table holds."""

    NUMBER = "number"
    GROUP = "group"
    TITLE = "title"
    TEXT = "text"
    SCORE = "score"
    PROBLEM = "problem"
    LEAD = "lead"
    RESPONSIBLE = "responsible"
    COOPERATING = "cooperating"
    DEADLINE = "deadline"
    PERSON = "person"
    OTHER = "other"


_UNIT_COLUMNS = (Column.LEAD, Column.RESPONSIBLE, Column.COOPERATING)
_HEADS: tuple[tuple[Column, str], ...] = (
    (Column.NUMBER, "序号|编号|项号|序|条目号|序列|任务编号|问题编号"),
    (Column.GROUP, "类别|方面|领域|板块|大类|项目类别|任务类别|工作类别|类型|一级指标"),
    (
        Column.TITLE,
        "考核项目|(?:重点|工作|主要|整治|目标)?任务(?:名称|事项)?|(?:重点)?工作(?:事项|项目|名称)?|事项(?:名称)?|重点事项|项目(?:名称)?|民生实事(?:项目)?|二级指标|指标|任务分解|任务清单|工作任务(?:及目标)?|改革(?:任务|事项)|实事项目|任务项|建设项目",
    ),
    (Column.SCORE, "各?项?分值|分数|标准分|权重|得分|基础分|满分|赋分|自评分"),
    (
        Column.TEXT,
        "(?:考核|工作|主要|建设|具体|任务|整改|年度|目标|推进|评分|责任|实施|阶段)(?:指标|措施|内容|要求|目标|任务|标准|举措|安排|计划|成果|办法|细则|任务及目标|目标任务)(?:[及和与](?:要求|标准|措施|目标|内容))?|措施|举措|内容|目标|要求|工作目标及措施|目标任务及具体措施|成果形式|年度工作目标|完成标准|预期成效|主要措施及要求|具体任务措施",
    ),
)
_END_OF_TABLE = re.compile(r"^(?:附件|附表|备注：|注：|说明：|抄送：|（此件|.{2,30}(?:办公室|人民政府)20\d\d年)")
_INTEGER = re.compile(r"^\d{1,3}$")
_SECTION = re.compile(
    "^(?P<n>[一二三四五六七八九十]{1,3})[、.]?(?P<title>.{0,60})$|^（(?P<p>[一二三四五六七八九十]{1,3})）(?P<ptitle>.{0,60})$"
)
_EMPTY = re.compile("^[-/无\\\\]{1,3}$")


def column_of(text: str) -> Column | None:
    """What a header cell announces, None where it is no header.

    >>> column_of("牵头单位"), column_of("具体措施"), column_of("县河长办")
    (<Column.LEAD: 'lead'>, <Column.TEXT: 'text'>, None)
    """
    text = re.sub("（[^（）]{1,12}）$", "", text)
    if not 1 < len(text) <= 12:
        return Column.NUMBER if text == "序" else None
    for column, pattern in _HEADS[:1]:
        if re.fullmatch(pattern, text):
            return column
    content = fields.content_of(text)
    if content in (Content.LEAD, Content.COOPERATING, Content.RESPONSIBLE, Content.DEADLINE, Content.PERSON):
        return Column(content.value)
    for column, pattern in _HEADS[1:]:
        if re.fullmatch(pattern, text):
            return column
    if re.fullmatch(
        "(?:负责)?(?:考核|考评|评价|督办|验收|包保)?(?:部门|单位|责任部门|责任单位)|责任(?:分工|落实)|分工", text
    ):
        return Column.RESPONSIBLE
    if re.fullmatch("(?:考核|考评|评分|扣分|计分|打分|赋分|评价|得分)(?:办法|标准|方式|细则|说明|依据|方法)", text):
        return Column.OTHER
    if content is Content.PROBLEM:
        return Column.PROBLEM
    if content is Content.TEXT or re.fullmatch(
        "备注|进展(?:情况)?|资金(?:来源|规模)?|投资|(?:总)?投资额?|联系电话|落实情况|完成情况|销号情况|签字", text
    ):
        return Column.OTHER
    return None


@dataclass(slots=True)
class _Cell:
    """Cell at view[start:end]."""

    text: str
    start: int
    end: int
    column: Column | None = None


def find(layout: Layout, header: Header, first_leads: bool) -> tuple[list[Item], list[tuple[int, int]]]:
    """Measures that stand in tables, and the ranges of the view that tables take."""
    found: list[Item] = []
    closed: list[tuple[int, int]] = []
    for start, end in _tabbed_regions(layout, header.begin):
        rows = [_cells(layout, layout.lines[i]) for i in range(start, end)]
        items, used = _rows(layout, header, rows, first_leads)
        if items:
            found.extend(items)
            closed.append(used)
    i = 0
    while i < len(layout.lines):
        width = _flat_header(layout, i)
        if width and not any(a <= layout.lines[i].place < b for a, b in closed):
            items, stop = _flat(layout, header, i, width, first_leads)
            if items:
                found.extend(items)
                last = layout.lines[stop - 1]
                closed.append((layout.lines[i].place, last.place + len(last.text)))
                i = stop
                continue
            i += width
        i += 1
    return found, sorted(closed)


# ——— one row a line ———


def _tabbed_regions(layout: Layout, begin: int) -> list[tuple[int, int]]:
    """Runs of lines with several cells, from a header row on."""
    regions: list[tuple[int, int]] = []
    i = 0
    lines = layout.lines
    while i < len(lines):
        if lines[i].cells < 2:
            i += 1
            continue
        j, last = i, i
        while j < len(lines) and j - last <= 3:
            if lines[j].cells >= 2:
                last = j
            j += 1
        if last > i:
            regions.append((i, last + 1))
        i = last + 1
    return regions


def _cells(layout: Layout, line: Line) -> list[_Cell]:
    raw = layout.raw[line.start : line.end]
    separator = "\t" if "\t" in raw else "|"
    cells: list[_Cell] = []
    offset = line.start
    for piece in raw.split(separator):
        a, b = layout.view.find(offset), layout.view.find(offset + len(piece))
        cells.append(_Cell(layout.view.text[a:b], a, b))
        offset += len(piece) + 1
    if separator == "|" and cells and not cells[0].text:
        cells = cells[1:]
    return cells


def _header_columns(row: Sequence[_Cell]) -> list[Column | None] | None:
    columns = [column_of(cell.text) for cell in row]
    known = sum(1 for c in columns if c)
    return columns if known >= 2 and known * 2 >= sum(1 for cell in row if cell.text) else None


def _rows(
    layout: Layout, header: Header, rows: list[list[_Cell]], first_leads: bool
) -> tuple[list[Item], tuple[int, int]]:
    columns: list[Column | None] | None = None
    items: list[tuple[list[_Cell], list[Node]]] = []
    path: list[Node] = []
    begin = end = -1
    for row in rows:
        announced = _header_columns(row)
        if announced:
            if begin < 0:
                begin = row[0].start
            columns = announced
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
            and (len(filled) == 1 or not _INTEGER.match(filled[0].text))
            and _SECTION.match(filled[0].text)
            and not any(c.column in _UNIT_COLUMNS for c in filled)
        ):
            path = _section_path(path, filled)
        elif number and re.match(
            r"^(?:\d{1,3}(?:[-.]\d{1,3})*|[一二三四五六七八九十]{1,3}|（[一二三四五六七八九十\d]{1,3}）)[.、]?$",
            number.text,
        ):
            items.append((filled, path))
        elif (
            Column.NUMBER not in columns
            and any(c.column in (Column.TITLE, Column.TEXT) for c in filled)
            and any(c.column in _UNIT_COLUMNS for c in filled)
        ):
            items.append((filled, path))
        elif items and not number:
            items[-1] = (items[-1][0] + filled, items[-1][1])
    built = [_item(layout, header, cells, nodes, first_leads) for cells, nodes in items]
    return built, (begin, end)


def _section_path(path: list[Node], filled: list[_Cell]) -> list[Node]:
    match = _SECTION.match(filled[0].text)
    assert match is not None
    printed = match["n"] or f"（{match['p']}）"
    kind = "cn_dot" if match["n"] else "cn_paren"
    body = filled[0].start + (match.start("title") if match["n"] else match.start("ptitle"))
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


def _item(layout: Layout, header: Header, cells: list[_Cell], path: list[Node], first_leads: bool) -> Item:
    """Measure of one row."""
    cells = _merged(layout, cells)
    start, end = cells[0].start, cells[-1].end
    first = cells[0]
    number_end = first.end if first.column is Column.NUMBER or _INTEGER.match(first.text) else start
    while number_end > start and layout.view.text[number_end - 1] in ".、":
        number_end -= 1
    node = Node("row", value_of(first.text) if number_end > start else 0, start, number_end, number_end, end, end)
    found: list[duties.Found] = []
    limits: list[deadlines.Found] = []
    pieces: list[tuple[int, int]] = []
    text = layout.view.text[start:end]
    for cell in cells:
        a, b = cell.start - start, cell.end - start
        if cell.column in _UNIT_COLUMNS:
            role = Content(cell.column.value).role
            assert role is not None
            units = duties.clause_units(text, a, b, role, "field")
            found.extend(duties.lead_first(units) if first_leads and cell.column is Column.RESPONSIBLE else units)
        if cell.column in (Column.TITLE, Column.TEXT, Column.DEADLINE, None):
            # Cell by cell: figures of two cells must not run together.
            whole = [(0, b - a)] if cell.column is Column.DEADLINE else []
            limits.extend(
                f._replace(start=f.start + a, end=f.end + a)
                for f in deadlines.find(cell.text, header.plan_year, (), whole, header.year)
            )
        if cell.column in (Column.TITLE, Column.TEXT):
            pieces.append((a, b))
    title = _title(layout, cells)
    content = [c for c in cells if c.column in (Column.TEXT, Column.TITLE)]
    if not found:
        for cell in content:
            inner = layout.view.text[cell.start : cell.end]
            statement = duties.find(inner, lambda _: False, None, first_leads)
            found.extend(duties.moved(f, cell.start - start) for f in statement.found)
    statement = duties.Statement(tuple(duties.resolved(found)), (), ())
    return Item(node, start, end, title, statement, limits, None, tuple(path), pieces)


def _merged(layout: Layout, cells: list[_Cell]) -> list[_Cell]:
    """Cells with those joined that the paper's width broke: neighbours of the same column, numbers apart."""
    out: list[_Cell] = []
    for cell in cells:
        last = out[-1] if out else None
        if (
            last
            and last.column is cell.column
            and cell.column in (Column.TEXT, Column.DEADLINE, *_UNIT_COLUMNS)
            and (cell.column not in _UNIT_COLUMNS or last.text.endswith(("、", "，")) or not _is_units(last.text))
        ):
            last.end = cell.end
            last.text = layout.view.text[last.start : last.end]
        else:
            out.append(replace(cell))
    return out


def _title(layout: Layout, cells: list[_Cell]) -> tuple[int, int] | None:
    named = next((c for c in cells if c.column is Column.TITLE and c.text), None)
    chosen = named or next((c for c in cells if c.column is Column.TEXT and c.text), None)
    if not chosen:
        return None
    text = chosen.text
    stop = re.search("[。：]", text)
    end = stop.start() if stop else len(text)
    if named is None and (not stop or stop.end() == len(text)):
        return None
    if end > 46 or end < 2:
        return None
    lead = re.match(r"(?:\d{1,2}[.、]|（\d{1,2}）)", text)
    return chosen.start + (lead.end() if lead and named else 0), chosen.start + end


# ——— one cell a line ———


def _flat_header(layout: Layout, i: int) -> int:
    """Number of consecutive lines from i on that are header cells, 0 where they are no table's head."""
    columns: list[Column] = []
    j = i
    while j < len(layout.lines) and j - i < 12 and layout.lines[j].cells < 2:
        column = column_of(layout.lines[j].text)
        if column is None:
            break
        columns.append(column)
        j += 1
    if len(columns) < 3 or not any(c in _UNIT_COLUMNS for c in columns):
        return 0
    if Column.NUMBER not in columns and not any(c in (Column.TITLE, Column.TEXT) for c in columns):
        return 0
    return len(columns)


def _flat(layout: Layout, header: Header, first: int, width: int, first_leads: bool) -> tuple[list[Item], int]:
    """Measures of a flattened table whose header stands at lines[first:first+width], and where it ends."""
    columns = [column_of(layout.lines[first + k].text) or Column.OTHER for k in range(width)]
    heads = [layout.lines[first + k].text for k in range(width)]
    lines: list[Line] = []
    i = first + width
    while i < len(layout.lines):
        text = layout.lines[i].text
        if text == heads[0] and [line.text for line in layout.lines[i : i + width]] == heads:
            i += width
            continue
        if _END_OF_TABLE.match(text) or layout.lines[i].place in header.stops or len(text) > 400:
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
    units = any(c in _UNIT_COLUMNS for c in columns)
    for k, line in enumerate(lines):
        section = _SECTION.match(line.text)
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
            _INTEGER.match(line.text)
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
        if row.section and not any(c.column in _UNIT_COLUMNS for c in cells):
            continue
        items.append(_item(layout, header, cells, row.path, first_leads))
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
    if k + 1 >= len(lines) or _INTEGER.match(lines[k + 1].text):
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
    return not units or any(_is_units(line.text) or _EMPTY.match(line.text) for line in previous.lines[2:])


def _is_units(text: str) -> bool:
    pieces = names.split(text.rstrip("、，"), 0, len(text.rstrip("、，")))
    return (
        2 <= len(text) <= 120
        and "。" not in text
        and bool(pieces)
        and all(names.is_complete(p.text) or names.is_group(p.text) for p in pieces)
    )


_TIME_LINE = re.compile(
    r"^.{0,6}(?:\d{4}年|\d{1,2}月|年底|年内|全年|季度|半年|长期|持续|立行立改|立即|每月|每周|每年|常年|适时|汛期|20\d\d[.\-/]).{0,12}$"
)


def _assign(row: _Row, columns: list[Column]) -> list[_Cell]:
    """Cells of a flattened row: number, title and score from the front, units and time from the back, text between."""
    cells = [_Cell(line.text, line.place, line.place + len(line.text)) for line in row.lines]
    cells[0].column = Column.NUMBER
    front = [c for c in columns if c is not Column.NUMBER]
    k = 1
    if row.section and not _SECTION.fullmatch(cells[0].text[:4]) and len(cells[0].text) > 4:
        pass
    tail = [c for c in front if c in _UNIT_COLUMNS or c in (Column.DEADLINE, Column.PERSON)]
    middle: list[Column] = []
    for n, column in enumerate(front):
        if k >= len(cells) or column in _UNIT_COLUMNS or column in (Column.DEADLINE, Column.PERSON):
            break
        if column in (Column.TITLE, Column.GROUP) and not middle:
            cells[k].column = column
            k += 1
        elif column is Column.SCORE and not middle:
            if _SCORE.fullmatch(cells[k].text):
                cells[k].column = column
                k += 1
        else:
            middle = [c for c in front[n:] if c not in _UNIT_COLUMNS and c not in (Column.DEADLINE, Column.PERSON)]
            break
    back = len(cells)
    while back > k:
        if _tail_like(cells[back - 1].text, tail):
            back -= 1
        elif back < len(cells) and back - 1 > k and _torn(cells[back - 1].text, cells[back].text, tail):
            back -= 1
        else:
            break
    _assign_middle(cells[k:back], middle)
    _assign_tail(cells[back:], tail)
    return cells


_SCORE = re.compile(r"\d{1,3}(?:\.\d)?分?|-")


def _assign_middle(cells: list[_Cell], columns: list[Column]) -> None:
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
    for cell in cells:
        cell.column = Column.PROBLEM if Column.TEXT not in columns and Column.PROBLEM in columns else Column.TEXT


def _torn(text: str, following: str, tail: list[Column]) -> bool:
    """Whether a line is the first half of a list of units (or of a time) that goes on in the next line."""
    if len(text) > 40 or re.search("[。；：]$", text):
        return False
    return (_is_units(text + following) and not _is_units(text)) and "、" in text + following


def _tail_like(text: str, tail: list[Column]) -> bool:
    if _EMPTY.match(text):
        return True
    if Column.DEADLINE in tail and re.fullmatch("(?:月|年)?(?:底|末)?前(?:完成)?|月?底|日前?|完成", text):
        return True
    if Column.DEADLINE in tail and _TIME_LINE.match(text) and len(text) <= 30 and "。" not in text:
        return True
    return _is_units(text) or text.endswith("、") and _is_units(text[:-1])


def _assign_tail(cells: list[_Cell], tail: list[Column]) -> None:
    units = [c for c in tail if c in _UNIT_COLUMNS]
    unit_cells: list[list[_Cell]] = []
    for cell in cells:
        if (
            Column.DEADLINE in tail
            and not _is_units(cell.text)
            and (
                _TIME_LINE.match(cell.text)
                or re.fullmatch("(?:月|年)?(?:底|末)?前(?:完成)?|月?底|日前?|完成", cell.text)
            )
        ):
            cell.column = Column.DEADLINE
        elif unit_cells and (
            unit_cells[-1][-1].text.endswith(("、", "，"))
            or not (_is_units(unit_cells[-1][-1].text) or _EMPTY.match(unit_cells[-1][-1].text))
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
            cell.column = None if _EMPTY.match(cell.text) else column
