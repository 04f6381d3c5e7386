"""Rows of tables: what the columns of a plan's table hold, and the measure that one row makes."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from anlan.plan.compiler import deadlines, duties, names
from anlan.plan.compiler.header import Header
from anlan.plan.compiler.items import Item
from anlan.plan.compiler.labels import Content, content_of
from anlan.plan.compiler.layout import Layout
from anlan.plan.compiler.outline import Node, value_of
from anlan.plan.compiler.prose import Found


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


UNIT_COLUMNS = (Column.LEAD, Column.RESPONSIBLE, Column.COOPERATING)
_NUMBERS = re.compile("序号|编号|项号|序|条目号|序列|任务编号|问题编号")
_PLAIN = re.compile(
    "备注|进展(?:情况)?|资金(?:来源|规模)?|投资|(?:总)?投资额?|联系电话|落实情况|完成情况|销号情况|签字"
)
_HEADS: tuple[tuple[Column, str], ...] = (
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
# Words that tell an unknown header by how it ends.
_LOOSE = (
    (Column.RESPONSIBLE, "(?:单位|部门)$"),
    (Column.DEADLINE, "(?:时限|期限|完成时间|时间节点)$"),
    (Column.PERSON, "(?:领导|责任人|联系人)$"),
    (Column.SCORE, "(?:分值|得分|权重)$"),
    (Column.TEXT, "(?:内容|指标|措施|任务|要求|目标|举措)(?:[及和与].{2,6})?$"),
)
# What is left of a name that a line broke: no body is called that alone.
REST = re.compile(
    "(?:大队|支队|中队|办事处|中心|分局|局|委员会|办公室|分公司|公司|集团|总站|站|所|处|院|室|部|组|监察组|管理处|管理局|有限公司|服务中心|督查组)$"
)
LABELLED = re.compile("(?:牵头|责任|配合|主办|协办|负责)(?:单位|部门)?：")
INTEGER = re.compile(r"^\d{1,3}$")
SECTION = re.compile(
    "^(?P<n>[一二三四五六七八九十]{1,3})(?:[、.](?P<title>.{0,60}))?$|^（(?P<p>[一二三四五六七八九十]{1,3})）(?P<ptitle>.{0,60})$"
)
EMPTY = re.compile("^[-/无\\\\]{1,3}$")


def column_of(text: str) -> Column | None:
    """What a header cell announces, None where it is no header.

    >>> column_of("牵头单位"), column_of("具体措施"), column_of("县河长办")
    (<Column.LEAD: 'lead'>, <Column.TEXT: 'text'>, None)
    """
    return _column_of(text) if len(text) <= 26 else None


# One pattern of all: the first that fits the whole text counts.
_KINDS = re.compile(
    "|".join(
        [
            *(f"(?P<{column}>{pattern})" for column, pattern in _HEADS),
            "(?P<shared>(?:负责)?(?:考核|考评|评价|督办|验收|包保)?(?:部门|单位|责任部门|责任单位)|责任(?:分工|落实)|分工)",
            "(?P<other>(?:考核|考评|评分|扣分|计分|打分|赋分|评价|得分)(?:办法|标准|方式|细则|说明|依据|方法))",
        ]
    )
)
_ENDINGS = re.compile("|".join(f"(?P<{column}>.*{ending})" for column, ending in _LOOSE))
_REMARK = re.compile("（[^（）]{1,12}）$")
_DIGIT = re.compile(r"\d")


@functools.lru_cache(maxsize=2048)
def _column_of(text: str) -> Column | None:
    text = _REMARK.sub("", text) if text.endswith("）") else text
    if not 1 < len(text) <= 12:
        return Column.NUMBER if text == "序" else None
    if _NUMBERS.fullmatch(text):
        return Column.NUMBER
    content = content_of(text)
    if content in (Content.LEAD, Content.COOPERATING, Content.RESPONSIBLE, Content.DEADLINE, Content.PERSON):
        return Column(content.value)
    if kind := _KINDS.fullmatch(text):
        return Column.RESPONSIBLE if kind.lastgroup == "shared" else Column(str(kind.lastgroup))
    if content is Content.PROBLEM:
        return Column.PROBLEM
    if loose := _ENDINGS.fullmatch(text):
        return Column(str(loose.lastgroup))
    if content is Content.TEXT or _PLAIN.fullmatch(text):
        return Column.OTHER
    return None


@dataclass(slots=True)
class Cell:
    """Cell at view[start:end]."""

    text: str
    start: int
    end: int
    column: Column | None = None


def settled(columns: Sequence[Column | None]) -> list[Column | None]:
    """Columns with a title: where none is called so, the first of two columns of text names the task."""
    out = list(columns)
    texts = [i for i, column in enumerate(out) if column is Column.TEXT]
    if Column.TITLE not in out and texts and (len(texts) > 1 or Column.OTHER in out[texts[0] + 1 :]):
        out[texts[0]] = Column.TITLE
    return out


# What a list of units says beside the names: who leads, who joins.
_PARTS = re.compile(
    "（(?:牵头|配合|主办|协办|责任|负责)(?:单位|部门)?）|等?(?:有关|相关)(?:部门|单位)(?=$|[，、；])"
    "|(?:按|按照)(?:各自)?职责(?:分工)?(?:负责|落实)?(?=$|[，、；])|(?:牵头|配合|参与|协助|负责|分工负责)(?=$|[，、；])"
)


def is_units(text: str) -> bool:
    """Whether a line or cell is a list of units and nothing else: A牵头，B、C配合."""
    return 2 <= len(text) <= 120 and "。" not in text and _is_units(text)


# A row is tried cell by cell, from both ends and with its neighbours: each text is asked several times.
@functools.lru_cache(maxsize=2048)
def _is_units(text: str) -> bool:
    plain = _PARTS.sub("", text).replace("；", "、").strip("、，")
    pieces = names.split(plain, 0, len(plain))
    return bool(pieces) and all(
        names.is_group(p.text) or (names.is_complete(p.text) and not _DIGIT.search(p.text)) for p in pieces
    )


def item(layout: Layout, header: Header, cells: list[Cell], path: list[Node], first_leads: bool) -> Item:
    """Measure of one row."""
    cells = _merged(layout, _from_number(cells))
    start, end = cells[0].start, cells[-1].end
    if layout.view.text[end : end + 1] == '"':
        # The cell keeps the quotes of the spreadsheet; the row ends behind them.
        end += 1
    first = cells[0]
    number_end = first.end if first.column is Column.NUMBER or INTEGER.match(first.text) else start
    while number_end > start and layout.view.text[number_end - 1] in ".、":
        number_end -= 1
    node = Node("row", value_of(first.text) if number_end > start else 0, start, number_end, number_end, end, end)
    found: list[Found] = []
    limits: list[deadlines.Found] = []
    pieces: list[tuple[int, int]] = []
    text = layout.view.text[start:end]
    for cell in cells:
        a, b = cell.start - start, cell.end - start
        if cell.column in UNIT_COLUMNS:
            role = Content(cell.column.value).role
            assert role is not None
            if LABELLED.match(cell.text):
                # 牵头：A　配合：B in one cell.
                stated = duties.find(
                    cell.text,
                    lambda i, c=cell: layout.starts_line(c.start + i) and bool(LABELLED.match(c.text, i)),  # type: ignore[misc]
                    None,
                    first_leads,
                    lambda i, at=cell.start: layout.view.after_space(at + i),  # type: ignore[misc]
                )
                found.extend(duties.moved(f, a) for f in stated.found)
                continue
            units = duties.spaced_units(text, a, b, role, "field", lambda i: layout.view.after_space(start + i))
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


def _from_number(cells: list[Cell]) -> list[Cell]:
    """Cells from the number on: a 类别 cell to its left is no part of the measure."""
    at = next((i for i, cell in enumerate(cells) if cell.column is Column.NUMBER), 0)
    return cells[at:]


def _merged(layout: Layout, cells: list[Cell]) -> list[Cell]:
    """Cells with those joined that the paper's width broke: neighbours of the same column, numbers apart."""
    out: list[Cell] = []
    for cell in cells:
        last = out[-1] if out else None
        if (
            last
            and last.column is cell.column
            and cell.column in (Column.TITLE, Column.TEXT, Column.DEADLINE, *UNIT_COLUMNS)
            and (
                cell.column not in UNIT_COLUMNS
                or LABELLED.match(last.text)
                or REST.fullmatch(cell.text)
                or last.text.endswith(("、", "，"))
                or not is_units(last.text)
            )
        ):
            last.end = cell.end
            last.text = layout.view.text[last.start : last.end]
        else:
            out.append(Cell(cell.text, cell.start, cell.end, cell.column))
    return out


def _title(layout: Layout, cells: list[Cell]) -> tuple[int, int] | None:
    named = next((c for c in cells if c.column is Column.TITLE and c.text), None)
    chosen = named or next((c for c in cells if c.column is Column.TEXT and c.text), None)
    if not chosen:
        return None
    text = chosen.text
    stop = re.search("[。：]", text)
    end = stop.start() if stop else len(text)
    alone = named is None or (not any(c.column is Column.TEXT for c in cells) and bool(re.search("[，。；]", text)))
    if alone and (not stop or stop.end() == len(text)):
        # One plain sentence is no lead phrase.
        return None
    if end > 46 or end < 2:
        return None
    lead = re.match(r"(?:\d{1,2}[.、]|（\d{1,2}）)", text)
    begin = lead.end() if lead and named else 0
    return (chosen.start + begin, chosen.start + end) if begin < end else None
