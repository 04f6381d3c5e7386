"""Measures of an outline: the smallest numbered unit that carries its own duty or deadline.

Only the part of a plan that says what is to be done counts; a parent that carries something of its own is a
measure too and ends before its first child. Rules: section "Measure" of the corpus gold.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from anlan.plan.compiler import deadlines, duties, names, titles
from anlan.plan.compiler.fields import find as find_fields
from anlan.plan.compiler.header import Header
from anlan.plan.compiler.labels import Content, content_of
from anlan.plan.compiler.layout import Layout
from anlan.plan.compiler.outline import RANKS, Node
from anlan.plan.compiler.patterns import any_of

_ASIDE_WORDS = any_of(
    """
    指导思想 基本原则 工作原则 主要原则 遵循原则 原则 总体要求 总体思路 总体目标 总目标 工作目标
    发展目标 主要目标 行动目标 目标要求 目标任务 主要指标 年度目标 预期目标 整治目标 治理目标
    整改目标 建设目标 阶段目标 阶段性目标 具体目标 创建目标 任务目标 活动目标 目标 工作思路 基本思路
    总体考虑 编制依据 编制背景 编制目的 制定依据 依据 目的意义 重要意义 目的 意义 现状 基本情况
    工作基础 发展基础 面临形势 形势 背景 存在问题 存在的问题 主要问题 适用范围 实施范围 试点范围
    整治范围 检查范围 排查范围 工作范围 整治对象 范围 实施对象 对象 名词解释 附则 术语 活动主题 主题
    总则 活动时间 整治时间 实施期限 发展现状 工作背景 时间范围 时间 实施原则
    """
)
_ASIDE = re.compile(
    f"^(?:{_ASIDE_WORDS}|[一-龥]{{2}}(?:范围|对象|原则|背景|现状|依据|目标))(?:(?:和|与|及|、|，)?(?:{_ASIDE_WORDS})){{0,3}}$"
)
_ASIDE_LOOSE = re.compile(f"^(?:{'|'.join(w for w in _ASIDE_WORDS.split('|') if len(w) > 3)})")
_LONGEST_TITLE = 46


@dataclass(slots=True)
class Item:
    """Candidate measure: view[start:end] with what was read from it."""

    node: Node
    start: int
    end: int
    title: tuple[int, int] | None
    statement: duties.Statement
    deadlines: list[deadlines.Found]
    title_bracket: tuple[int, int] | None = None
    path: tuple[Node, ...] = ()
    pieces: list[tuple[int, int]] | None = None


_Title = tuple[tuple[int, int] | None, tuple[int, int] | None]


@dataclass(slots=True)
class _Reader:
    """What every item is read with."""

    layout: Layout
    header: Header
    first_leads: bool
    wrapped: int
    deep: bool
    tables: list[int]
    own: dict[int, Item] = field(default_factory=dict)
    titles: dict[tuple[int, int], _Title] = field(default_factory=dict)

    def read(self, node: Node, end: int) -> Item:
        """Item of a node up to `end` or to the first table behind its number, read once."""
        table = bisect_right(self.tables, node.start)
        end = min([end, *self.tables[table : table + 1]])
        key = id(node) * 2 + (end != node.own_end)
        if key not in self.own or self.own[key].end != end:
            self.own[key] = self._read(node, end)
        return self.own[key]

    def _read(self, node: Node, end: int) -> Item:
        text = self.layout.view.text[node.start : end]
        starts = {p - node.start for p in self._line_places(node.start, end)}
        title, bracket = self.title(node, end)
        statement = duties.find(
            text,
            starts.__contains__,
            title and (title[0] - node.start, title[1] - node.start),
            self.first_leads,
            self.layout.view.spaces(node.start, end).__contains__,
            (
                title[1]
                if title and text[title[1] - node.start : title[1] - node.start + 1] not in "。：；，（"
                else node.body
            )
            - node.start,
        )
        fields = [(f.start, f.end) for f in statement.fields if f.content is Content.DEADLINE]
        fields += [(b.start, b.end) for b in statement.brackets]
        skip = [(f.start, f.end) for f in statement.fields if f.content in (Content.PROBLEM, Content.PERSON)]
        if bracket:
            fields.append((bracket[0] - node.start, bracket[1] - node.start))
        year = self.header.plan_year
        if bracket:
            year = titles.phase_year(self.layout.view.text[bracket[0] : bracket[1]]) or year
        found = deadlines.find(text, year, skip, fields, self.header.year)
        if bracket:
            found = [titles.in_phase(f, text, bracket[0] - node.start, bracket[1] - node.start) for f in found]
        return Item(node, node.start, end, title, statement, found, bracket)

    def _line_places(self, start: int, end: int) -> tuple[int, ...]:
        places = self.layout.places
        return places[self.layout.line_at(start) : bisect_left(places, end)]

    def title(self, node: Node, end: int) -> _Title:
        """Place of the lead phrase of a node, and of the bracket at its end that holds only a time; looked for once."""
        key = id(node), end
        if key not in self.titles:
            self.titles[key] = self._title(node, end)
        return self.titles[key]

    def _title(self, node: Node, end: int) -> _Title:
        text = self.layout.view.text
        line = self.layout.line_at(node.start)
        line_end = self.layout.places[line + 1] if line + 1 < len(self.layout.places) else len(text)
        if line_end <= node.body < end:
            # The number stands alone on its line.
            line += 1
            line_end = self.layout.places[line + 1] if line + 1 < len(self.layout.places) else len(text)
        while self._torn(line, line_end) and line_end < min(end, node.body + 60):
            line += 1
            line_end = self.layout.places[line + 1] if line + 1 < len(self.layout.places) else len(text)
        limit = min(end, line_end)
        breaks = {p - node.start for p in self._line_places(node.start, limit)}
        head = text[node.start : min(end, node.body + 400)]
        stating = (
            duties.find_brackets(
                head,
                breaks.__contains__,
                node.body - node.start,
                # Without children the phrase ends on this line, and so do the brackets it may end with.
                None if node.children else max(limit, node.body) - node.start,
            )
            if "（" in head or "〔" in head
            else []
        )
        begin, leading = titles.after_time(text, node.body, limit)
        if stating and stating[0].start == node.body - node.start:
            begin = node.start + stating[0].end
        stop = titles.first_stop(text, begin, limit)
        finish = limit if stop < 0 else stop
        if node.children and node.children[0].start < limit:
            finish = min(finish, node.children[0].start)
        elif (
            node.children
            and stop < 0
            and limit < end
            and end - begin <= 60
            and not re.search("[。；：]", text[limit:end])
        ):
            # A heading broken by hand: the rest of it stands on the next line.
            finish = end
        if node.children and not self.layout.starts_line(node.start):
            finish = titles.without_run_on(text, begin, finish)
        finish, bracket = titles.without_brackets(text, begin, finish)
        for duty in stating:
            if node.start + duty.end == finish and node.start + duty.start > begin:
                finish = node.start + duty.start
        bracket = leading or bracket
        if finish - begin < 2 or finish - begin > _LONGEST_TITLE:
            return None, bracket
        phrase = text[begin:finish]
        if "；" in phrase or (text[finish : finish + 1] == "：" and content_of(phrase)):
            return None, bracket
        if self._body_follows(node, finish, end):
            return (begin, finish), bracket
        return None, bracket

    def _body_follows(self, node: Node, finish: int, end: int) -> bool:
        """Whether more than the sentence itself and its duties follows a phrase: else it is a plain sentence."""
        text = self.layout.view.text
        if node.children:
            return True
        rest = text[finish:end].lstrip("。：；")
        if not rest:
            return text[finish : finish + 1] != "。" and finish - node.body <= 30 and node.rank <= RANKS["cn_paren"]
        place = end - len(rest)
        brackets: list[duties.Bracket] = []
        if text.find("（", node.start, place + 1) >= 0:
            breaks = {p - node.start for p in self._line_places(node.start, end)}
            brackets = duties.find_brackets(text[node.start : end], breaks.__contains__, last=place - node.start)
        for bracket in brackets:
            if bracket.start + node.start <= place and bracket.end + node.start >= end - 2:
                return text[finish : finish + 1] != "。" and finish - node.body <= 24
        if text.find("：", place, place + 16) < 0:
            # No label can begin the rest: a label is shorter than that.
            return True
        starts = {p - place for p in self._line_places(place, end)}
        labelled = find_fields(rest, starts.__contains__)
        if (
            labelled
            and labelled[0].start == 0
            and all(f.content.role or f.content in (Content.DEADLINE, Content.PERSON) for f in labelled)
        ):
            return text[finish : finish + 1] != "。"
        return True

    def _torn(self, line: int, line_end: int) -> bool:
        """Whether this printed line was broken by the paper's width and goes on in the next."""
        if not self.wrapped or line + 1 >= len(self.layout.lines):
            return False
        text = self.layout.lines[line].text
        return len(text) >= self.wrapped - 3 and text[-1] not in "。：；！？"


def select(
    layout: Layout,
    header: Header,
    roots: list[Node],
    first_leads: bool,
    closed: list[tuple[int, int]],
    tabled: Sequence[Item] = (),
) -> tuple[list[Item], list[Node]]:
    """Measures of the outline, in order of place, and the headings above them. None goes on into a table (`closed`),
    whose measures (`tabled`) take the headings above the table into their path."""
    deep = any(root.children for root in roots if root.rank <= RANKS["cn_dot"])
    reader = _Reader(layout, header, first_leads, titles.wrap_width(layout), deep, [start for start, _ in closed])
    chosen: list[Item] = []
    for root in roots:
        chosen.extend(_select(reader, root, False))
    chosen.sort(key=lambda item: item.start)
    for item in chosen:
        item.path = tuple(item.node.ancestors())
    _trim(reader, chosen)
    measured = {id(item.node) for item in chosen}
    headings = {id(n): n for item in chosen for n in item.path}
    for item in tabled:
        i = bisect_right(closed, (item.start, len(layout.view))) - 1
        above = _open_at(roots, closed[i][0] if i >= 0 else item.start, measured)
        item.path = (*above, *item.path)
        headings |= {id(n): n for n in above}
    for node in headings.values():
        title, _ = reader.title(node, node.own_end)
        node.title_end = title[1] if title else 0
    return chosen, sorted(headings.values(), key=lambda n: n.start)


def _open_at(roots: Sequence[Node], place: int, measured: set[int]) -> list[Node]:
    """Headings that a table beginning at this place stands under, outermost first; measures are none."""
    chain: list[Node] = []
    nodes = roots
    while nodes:
        i = bisect_right(nodes, place, key=lambda n: n.start) - 1
        if i < 0 or nodes[i].end < place or id(nodes[i]) in measured:
            break
        chain.append(nodes[i])
        nodes = nodes[i].children
    return chain


def _heading_text(reader: _Reader, node: Node) -> str:
    title, _ = reader.title(node, node.own_end)
    text = reader.layout.view.text
    if title:
        return text[title[0] : title[1]]
    return text[node.body : min(node.own_end, node.body + 30)]


def _is_aside(reader: _Reader, node: Node) -> bool:
    title, _ = reader.title(node, node.own_end)
    text = reader.layout.view.text
    if title:
        phrase = text[title[0] : title[1]]
        if phrase.endswith("）"):
            phrase = re.sub("（[^（）]*）$", "", phrase)
        return bool(_ASIDE.match(phrase))
    start = text[node.body : node.body + 24]
    first = re.split("[。：，\n]", start)[0]
    return (
        bool(_ASIDE.match(first))
        or (
            node.rank <= RANKS["cn_paren"]
            and bool(_ASIDE_LOOSE.match(start))
            and not reader.layout.starts_line(node.start)
        )
        or bool(_ASIDE_LOOSE.match(start) and len(start) < 24)
    )


def _states(item: Item) -> bool:
    return any(f.source in ("field", "bracket") for f in item.statement.found)


def _assigns(item: Item) -> bool:
    """Whether an introduction names a doer outright (本部分均由A牵头), not merely a group."""
    return any(f.source == "by" and not names.is_group(f.unit) for f in item.statement.found)


def _carries(item: Item, weak: bool) -> bool:
    """Whether an item carries a duty or deadline; with `weak` false only what no introduction would say."""
    if (
        _states(item)
        or _assigns(item)
        or any(
            item.title_bracket and item.title_bracket[0] - item.start <= d.start < item.title_bracket[1] - item.start
            for d in item.deadlines
        )
    ):
        return True
    return weak and bool(item.statement.found or item.deadlines)


def _select(reader: _Reader, node: Node, aside: bool) -> list[Item]:
    aside = aside or _is_aside(reader, node)
    if not node.children:
        item = reader.read(node, node.end)
        if aside or (reader.deep and node.rank <= RANKS["cn_dot"]):
            return [item] if _states(item) or (not aside and item.deadlines) else []
        return [item]
    below = [_select(reader, child, aside) for child in node.children]
    own = reader.read(node, node.own_end)
    if aside:
        return [item for items in below for item in items]
    leaf = node.rank >= RANKS["cn_paren"] or (node.rank == RANKS["article"]) or not node.parent
    children_state = [any(_carries(i, _weak(i.node, own)) for i in items) for items in below]
    inside_field = any(
        f.content in (Content.TEXT, Content.PROBLEM) and f.end >= node.own_end - node.start
        for f in own.statement.fields
    )
    child_rank = node.children[0].rank
    if (
        inside_field
        and any(
            f.content.role or f.content in (Content.DEADLINE, Content.PROBLEM, Content.TEXT)
            for f in own.statement.fields
        )
        and child_rank >= RANKS["ar_dot"]
    ):
        return [reader.read(node, node.end)]
    if sum(_is_field(reader, child) for child in node.children) * 2 > len(node.children):
        return [reader.read(node, node.end)]
    if (
        node.rank > RANKS["cn_dot"]
        and child_rank >= RANKS["ar_paren"]
        and not any(_states(i) for items in below for i in items)
    ):
        whole = reader.read(node, node.end)
        if _carries(whole, True) or _slight(reader, node):
            return [whole]
    chapter = node.rank < RANKS["cn_paren"]
    if leaf and len(below) > 1 and _closing_duty(reader, node, below, own, on_own_line=chapter):
        return [reader.read(node, node.end)]
    if not any(children_state) and leaf and _carries(own, True) and child_rank >= RANKS["ar_dot"]:
        return [reader.read(node, node.end)]
    out: list[Item] = []
    if _carries(own, weak=node.rank >= RANKS["cn_paren"] and _long_own(reader, node)):
        out.append(own)
    for items in below:
        out.extend(items)
    return out


def _is_field(reader: _Reader, node: Node) -> bool:
    """Whether a numbered line is a field of the item above it (1.问题：…)."""
    text = reader.layout.view.text
    colon = text.find("：", node.body, node.body + 12)
    return colon > 0 and content_of(text[node.body : colon]) is not None


def _weak(node: Node, own: Item) -> bool:
    """A deadline alone makes a measure of a 1. but not of a （1） below an item that carries its own duty."""
    return node.rank < RANKS["ar_paren"] or not own.statement.found


def _long_own(reader: _Reader, node: Node) -> bool:
    return node.own_end - node.body > 4


def _slight(reader: _Reader, node: Node) -> bool:
    """Whether the pieces below are mere points of an enumeration, too short to be items."""
    lengths = [child.end - child.start for child in node.children]
    return sum(lengths) / len(lengths) < 25


def _closing_duty(reader: _Reader, node: Node, below: list[list[Item]], own: Item, on_own_line: bool) -> bool:
    """Whether the only duty below stands at the very end of the last child: it is the parent's. A chapter's must
    have a line of its own."""
    stated = [bool(items) and any(_states(i) for i in items) for items in below]
    if not stated[-1] or any(_carries(i, True) for items in below[:-1] for i in items) or _states(own):
        return False
    last = below[-1][-1]
    ends = [b.end for b in last.statement.brackets] + [f.end for f in last.statement.fields if f.content.role]
    tail = last.end - last.start
    if on_own_line:
        starts = [f.start for f in last.statement.fields if f.content.role]
        if any(child.children for child in node.children) or not any(
            reader.layout.starts_line(last.start + start) for start in starts if start
        ):
            return False
    return bool(ends) and max(ends) >= tail - 30


# ——— where an item ends ———


def _trim(reader: _Reader, chosen: list[Item]) -> None:
    """Cuts from each item the paragraph that closes a section and belongs to no item."""
    many = _many_paragraphs(reader, chosen)
    for i, item in enumerate(chosen):
        if item.end != item.node.end and item.node.children:
            continue
        following = chosen[i + 1] if i + 1 < len(chosen) else None
        last = following is None or following.node.parent is not item.node.parent or following.start > item.end
        end = _paragraph_end(reader, item, last, many.get(id(item.node.parent), False))
        if end < item.end:
            fresh = reader.read(item.node, end)
            fresh.path = item.path
            chosen[i] = fresh


def _breaks(reader: _Reader, item: Item) -> list[int]:
    """Places inside an item where a new paragraph begins."""
    layout = reader.layout
    out: list[int] = []
    # A label line ends without a mark: 责任单位：区水利局.
    stated = {f.end for f in item.statement.fields if f.content.role or f.content is Content.DEADLINE}
    i = layout.line_at(item.start) + 1
    while i < len(layout.lines) and layout.lines[i].place < item.end:
        previous = layout.lines[i - 1]
        whole = not reader.wrapped or len(previous.text) < reader.wrapped - 3
        ended = previous.text[-1] in "。）；！”" or layout.lines[i].place - item.start in stated
        if ended and (whole or layout.lines[i].after_blank):
            out.append(layout.lines[i].place)
        i += 1
    return out


def _many_paragraphs(reader: _Reader, chosen: list[Item]) -> dict[int, bool]:
    counts: dict[int, list[int]] = {}
    for item in chosen:
        stated = _last_stated(item)
        plain = [p for p in _breaks(reader, item) if not _belongs(reader, item, p, stated)]
        counts.setdefault(id(item.node.parent), []).append(len(plain))
    return {key: sum(1 for n in ns[:-1] if n) * 2 >= len(ns[:-1]) > 0 for key, ns in counts.items()}


def _last_stated(item: Item) -> int:
    """Where the last field that lists units or a time begins, counted from the item's start; -1 without one."""
    return max((f.start for f in item.statement.fields if f.content.role or f.content is Content.DEADLINE), default=-1)


def _belongs(reader: _Reader, item: Item, place: int, stated: int) -> bool:
    """Whether a paragraph says of itself that it is part of the item: a field, a duty, a numbered line.

    `stated` is the item's `_last_stated`.
    """
    text = reader.layout.view.text
    relative = place - item.start
    fields, brackets = item.statement.fields, item.statement.brackets
    at = bisect_right(fields, relative, key=lambda f: f.start) - 1
    if (
        at >= 0
        and fields[at].start == relative > stated > 0
        and "：" not in text[place : item.start + fields[at].value]
    ):
        # 工作要求 alone on its line, behind a white line, after owner and time: a heading without a number.
        line = reader.layout.lines[reader.layout.line_at(place)]
        if line.after_blank and item.start + fields[at].value >= line.place + len(line.text):
            return False
    if at >= 0 and (
        fields[at].start == relative
        or (relative < fields[at].end and fields[at].content in (Content.TEXT, Content.PROBLEM))
    ):
        return True
    if brackets and brackets[-1].start >= relative:
        return True
    if stated > relative:
        return True
    return bool(
        re.match("[（(]?[\\d一二三四五六七八九十①-⑳]{1,2}[）).、是]|[-·●■◆▲*]|其中|同时", text[place : place + 6])
    ) or bool(item.node.children and item.node.children[-1].start >= place)


def _paragraph_end(reader: _Reader, item: Item, last: bool, many: bool) -> int:
    if not last or many:
        return item.end
    stated = _last_stated(item)
    for place in _breaks(reader, item):
        if _belongs(reader, item, place, stated):
            continue
        head = max(item.title[1] if item.title else 0, item.title_bracket[1] if item.title_bracket else 0)
        if place <= head + 2:
            # The title has the line before to itself.
            continue
        return place
    return item.end
