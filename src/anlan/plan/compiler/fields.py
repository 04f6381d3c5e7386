"""Field lines of a measure (责任单位：…, 整改时限：…): where each begins and ends.

A label stands at the start of a printed line, of a bracket or after a mark, never in the middle of a
sentence; behind it a colon, a bracket round it (【责任单位】), white space, or the end of its line. Works on
folded text (see `view.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from anlan.plan.compiler import names
from anlan.plan.compiler.labels import LONGEST, Content, content_of, is_plain
from anlan.plan.compiler.patterns import any_of


class Field(NamedTuple):
    """Label from `start`, its value from `value` to `end`."""

    content: Content
    start: int
    value: int
    end: int


Predicate = Callable[[int], bool]
_OPENING = "。；！？（〔）〕，、|：”●★※▲◆■□◇○·*-"
# A label that nothing but its line, its bracket or white space sets off ends like one of these.
_BARE_END = re.compile(
    any_of("单位 部门 站所 主体 时限 期限 时间 时间节点 目标 内容 措施 要求 领导 责任人 负责人 问题 描述 情况")
)


def find(text: str, at_line_start: Predicate, after_space: Predicate = lambda _: False) -> list[Field]:
    """Fields of one measure, in order. `at_line_start(i)` tells whether character i begins a printed line,
    `after_space(i)` whether white space stands before it in print."""
    labels: dict[int, tuple[Content, int, bool]] = {}
    colon = text.find("：")
    while colon >= 0:
        label = _label_before(text, colon, at_line_start, after_space)
        if label:
            labels[label[1]] = (label[0], colon + 1, False)
        colon = text.find("：", colon + 1)
    for match in _BARE_END.finditer(text):
        bare = _bare_label(text, match.end(), at_line_start, after_space)
        if bare and bare[1] not in labels:
            labels[bare[1]] = (bare[0], bare[2], bare[3])
    starts = sorted(labels)
    fields: list[Field] = []
    for i, start in enumerate(starts):
        content, value, alone = labels[start]
        end = starts[i + 1] if i + 1 < len(starts) else len(text)
        if content not in (Content.TEXT, Content.PROBLEM):
            end = _value_end(text, start, value, end, at_line_start, alone)
        fields.append(Field(content, start, value, end))
    return fields


def _label_before(
    text: str, colon: int, at_line_start: Predicate, after_space: Predicate
) -> tuple[Content, int] | None:
    """Label that ends at this colon: the longest one that starts where a label may."""
    first = max(0, colon - LONGEST, text.rfind("：", max(0, colon - LONGEST), colon) + 1)
    for start in range(first, colon - 1):
        mark = text[start - 1] if start else ""
        opens = not mark or at_line_start(start) or (mark in _NUMBERS_END and _numbered(text, start, at_line_start))
        if not opens and mark not in _OPENING and not after_space(start):
            continue
        content = content_of(
            text[start:colon].rstrip("〕）")
            if text[start:colon].count("（") < text[start:colon].count("）")
            else text[start:colon]
        )
        if content is None:
            continue
        if content in (Content.PROBLEM, Content.TEXT) and not (opens or text[start - 1] in "；。〕）|"):
            continue
        return content, start
    return _run_on_label(text, first, colon)


def _run_on_label(text: str, first: int, colon: int) -> tuple[Content, int] | None:
    """Label that follows a whole name without any mark: 牵头单位：区水利局配合单位：区城管局."""
    for start in range(max(first, colon - 6), colon - 2):
        content = content_of(text[start:colon])
        if content and content.role and names.is_strong(text[max(first, start - 8) : start][-8:]):
            return content, start
    return None


def _bare_label(
    text: str, end: int, at_line_start: Predicate, after_space: Predicate
) -> tuple[Content, int, int, bool] | None:
    """Label without a colon that ends here: content, start, place of its value, whether it has a line of its own."""
    closing = text[end : end + 1]
    bracketed = closing in ("）", "〕")
    value = end + 1 if bracketed else end
    alone = value < len(text) and at_line_start(value)
    if not (bracketed or alone or after_space(end)) or closing == "：":
        return None
    for start in range(max(0, end - LONGEST), end - 1):
        begin = start - 1 if bracketed else start
        opens = begin == 0 or (begin > 0 and (at_line_start(begin) or (bracketed and after_space(begin))))
        if not opens or (bracketed and text[begin] not in "（〔"):
            continue
        label = text[start:end]
        content = content_of(label)
        if content is None or (not bracketed and is_plain(label)):
            continue
        if not alone and not bracketed and content in (Content.TEXT, Content.PROBLEM):
            return None
        return content, begin, value, alone
    return None


_LINE_NUMBER = re.compile(r"(?:\d{1,2}[.、]|（[\d一二三四五六七八九十]{1,2}）|[①-⑩]|[一二三四五六七八九十]、|\d）)$")


_NUMBERS_END = ".、）①②③④⑤⑥⑦⑧⑨⑩"


def _numbered(text: str, start: int, at_line_start: Predicate) -> bool:
    """Whether only a number stands between the start of the line and this place (1.问题：)."""
    match = _LINE_NUMBER.search(text, max(0, start - 4), start)
    return match is not None and (match.start() == 0 or at_line_start(match.start()))


def _value_end(text: str, start: int, value: int, end: int, at_line_start: Predicate, alone: bool) -> int:
    """End of a field that lists units, people or a time: its bracket's, else a full stop's, else its printed line's.

    A line that breaks after a mark of enumeration, or inside a bracket, goes on; a label that has a line of its
    own owns the lines below.
    """
    inside = start > 0 and text[start - 1] in "（〔"
    depth = 0
    for i in range(value, end):
        c = text[i]
        breaks = (
            i - value > 1 and depth == 0 and text[i - 1] not in "、，；,;和及与" and not inside and at_line_start(i)
        )
        if breaks and not alone and not _goes_on(text, i, end):
            return i
        if breaks and alone and text[i - 1] in "。！？":
            return i
        if c in "（〔":
            depth += 1
        elif c in "）〕":
            if depth == 0:
                return i
            depth -= 1
        elif c == "|" or (c == "。" and depth == 0):
            return i
    return end


_NAME_TAIL = re.compile(
    r"^[一-龥（）、，]{0,12}(?:局|委|办|部|厅|室|会|中心|公司|政府|处|院|所|队|站|街道)(?:[、，；。）]|$)"
)
_WHOLE_END = re.compile(
    "(?:局|委|办|部|厅|院|室|会|中心|公司|政府|处|所|队|站|街道|镇|乡|区|县|集团|单位|部门|支队|大队|社|团|日|底|前|坚持|推进|立改|）)$"
)


def _goes_on(text: str, i: int, end: int) -> bool:
    """Whether the line that starts at i is the torn-off rest of the last name (市公安\\n局)."""
    if text[i] == "（":
        # The bracket of a name came to stand on the next line: 各镇⏎（街道）.
        close = text.find("）", i, i + 10)
        return 0 < close < end
    return not _WHOLE_END.search(text, max(0, i - 8), i) and bool(_NAME_TAIL.match(text[i : min(end, i + 24)]))
