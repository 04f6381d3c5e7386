"""Outline: numbers at line starts make a tree of headings and items.

Kinds of numbers rank as offices use them (章 over 一、 over （一） over 1. over （1） over ①); where a document
turns two of them round, the one that restarts under the other lies below it. Text that lost its line breaks
(OCR) is cut at numbers that continue a count at the end of a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from anlan.plan.compiler.layout import Layout

_CN = "一二三四五六七八九十百零○两"
_CN_VALUE = {c: i for i, c in enumerate("○一二三四五六七八九")} | {"零": 0, "两": 2}
_CIRCLED = {chr(0x2460 + i): i + 1 for i in range(20)}
_BRACKETED_CN = {chr(0x3220 + i): i + 1 for i in range(10)}
_BRACKETED = {chr(0x2474 + i): i + 1 for i in range(20)}
_DOTTED = {chr(0x2488 + i): i + 1 for i in range(20)}

# Rank of each kind of number; a smaller rank stands above.
RANKS = {
    "part": 0.0,
    "chapter": 1.0,
    "section": 2.0,
    "cn_dot": 3.0,
    "article": 3.5,
    "letter": 3.8,
    "bare": 3.9,
    "spaced": 3.0,
    "cn_paren": 4.0,
    "stage": 4.2,
    "word": 4.5,
    "ar_dot": 5.0,
    "multi2": 5.1,
    "multi3": 5.2,
    "multi4": 5.3,
    "ar_paren": 6.0,
    "ar_half": 7.0,
    "circled": 8.0,
}

_PATTERN = (
    rf"(?P<part>第(?P<part_n>[{_CN}]{{1,4}}|\d{{1,2}})(?:部分|篇|编))[：、.，]?"
    rf"|(?P<chapter>第(?P<chapter_n>[{_CN}]{{1,4}}|\d{{1,3}})章)[：、.]?"
    rf"|(?P<section>第(?P<section_n>[{_CN}]{{1,4}}|\d{{1,3}})节)[：、.]?"
    rf"|(?P<article>第(?P<article_n>[{_CN}]{{1,6}}|\d{{1,3}})条)(?!的|规定|第|所|款|、第|和第|至第)[：、.]?"
    rf"|(?P<stage>第(?P<stage_n>[一二三四五六七]|\d)阶段)(?:为|是)?[：、，]?(?!的|和|与|及|性)"
    rf"|(?P<word>(?:任务|行动|工程|问题|清单|反馈问题|整改任务|重点任务|专项行动|具体问题)(?P<word_n>[{_CN}]{{1,3}}|\d{{1,3}}))[：、.]"
    rf"|(?P<cn_dot>(?P<cn_dot_n>[{_CN}]{{1,4}}))(?:、|\.|，(?=[^，。]{{2,30}}$)|：(?=[^：]{{2,40}}$))"
    rf"|(?P<cn_paren>（(?P<cn_paren_n>[{_CN}]{{1,4}})）)[、.：，]?"
    rf"|(?P<multi>(?P<multi_n>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}))[.、]?(?=[^\d.%‰\-月年日])"
    r"|(?P<letter>(?P<letter_n>[A-Z]))[.、](?=[一-龥])"
    rf"|(?P<ar_dot>(?P<ar_dot_n>\d{{1,3}}))(?:、|\.(?![\d.])|\.(?=(?:19|20)\d\d年)|\.(?=\d{{1,2}}月[底前末初中上下份\d日])|[，。](?=[一-龥“]))"
    rf"|(?P<ar_paren>（(?P<ar_paren_n>\d{{1,3}})）)[、.]?"
    rf"|(?P<ar_half>(?P<ar_half_n>\d{{1,3}})）)[、.]?"
    rf"|(?P<circled>[{''.join(_CIRCLED)}])[、.]?"
    rf"|(?P<single>[{''.join([*_BRACKETED_CN, *_BRACKETED, *_DOTTED])}])[、.]?"
)
# At a line start white space alone may stand behind the number.
_MARK = re.compile(
    _PATTERN
    + r"|(?P<bare>(?P<bare_n>\d{1,2}))(?=[一-龥“])"
    + r"|(?P<spaced>(?P<spaced_n>[一二三四五六七八九十]{1,3}))(?=[一-龥“])"
)
# One look at the first character tells most places apart before any alternative is tried.
_FIRST = "".join(["第任行工问清反整重专具（", _CN, *_CIRCLED, *_BRACKETED_CN, *_BRACKETED, *_DOTTED])
_INLINE = re.compile(rf"(?=[{_FIRST}\dA-Z])(?:{_PATTERN})")


@dataclass(slots=True)
class Node:
    """Numbered piece of the document. Places count in the view: the number stands at [start, number_end),
    its text begins at `body`, its own text ends at `own_end` (first child or next mark), the whole at `end`."""

    kind: str
    value: int
    start: int
    number_end: int
    body: int
    own_end: int = 0
    end: int = 0
    rank: float = 0.0
    title_end: int = 0
    children: list[Node] = field(default_factory=list)
    parent: Node | None = None
    annex: int = 0

    def ancestors(self) -> list[Node]:
        """Nodes above, outermost first."""
        chain: list[Node] = []
        node = self.parent
        while node:
            chain.append(node)
            node = node.parent
        return chain[::-1]

    def walk(self) -> list[Node]:
        """The node and all below, in order of place."""
        out: list[Node] = []
        stack = [self]
        while stack:
            node = stack.pop()
            out.append(node)
            stack.extend(reversed(node.children))
        return out


def value_of(text: str) -> int:
    """Number that Chinese or Arabic digits write, 0 where they write none.

    >>> value_of("二十一"), value_of("7"), value_of("十")
    (21, 7, 10)
    """
    if text.isdigit() and text.isascii():
        return int(text)
    if len(text) == 1 and "A" <= text <= "Z":
        return ord(text) - 64
    total, digit = 0, 0
    for c in text:
        if c == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif c == "十":
            total, digit = total + (digit or 1) * 10, 0
        else:
            digit = _CN_VALUE.get(c, 0)
    return total + digit


def _node(match: re.Match[str], offset: int) -> Node:
    kind = str(match.lastgroup).removesuffix("_n")
    for name in RANKS:
        if name in match.re.groupindex and match[name] is not None:
            kind = name
            break
    printed = match[kind] if kind in match.re.groupindex else ""
    if match["multi"] is not None:
        kind = f"multi{min(4, match['multi_n'].count('.') + 1)}"
        printed, value = match["multi"], int(match["multi_n"].rsplit(".", 1)[1])
    elif match["circled"] is not None:
        kind, printed = "circled", match["circled"]
        value = _CIRCLED[printed]
    elif match["single"] is not None:
        printed = match["single"]
        for table, name in ((_BRACKETED_CN, "cn_paren"), (_BRACKETED, "ar_paren"), (_DOTTED, "ar_dot")):
            if printed in table:
                kind, value = name, table[printed]
    else:
        value = value_of(match[f"{kind}_n"])
    start = match.start() + offset
    return Node(kind, value, start, start + len(printed), match.end() + offset)


_ANNEX = re.compile(
    r"^附(?:件|表|录)?\d{0,2}(?:-\d)?(?:[：:.、]|$)|^附(?:件|表|录)[一二三四五六七八九十]{0,2}(?:[：:]|$)"
)
_ANNEX_LIST = re.compile(r"^附(?:件|表)：")
_END = re.compile(
    r"^(?:（此件(?:主动|公开|不|依)|抄送：|主题词：|（?联系人[：及]|联系电话|(?:20\d\d|二○[一二三四五六七八九○]{2})年\d{0,2}[一二三四五六七八九十]{0,3}月[\d一二三四五六七八九十]{1,3}日(?:印发|发布)?$|公开方式|信息公开选项|征求意见结果|网友意见|网友留言|意见反馈|相关(?:文档|附件|链接|阅读|新闻|稿件)|责任编辑|打印本页|关闭窗口|【?打印|上一篇|下一篇|扫一扫|分享到|版权所有|主办单位：.{0,20}(?:承办|$)|网站标识码)"
)
_GLOSSARY = re.compile(
    r"^(?:专栏[\d一二三四五六七八九十]{0,3}.{0,40}|名词解释|名词注释|附注|注释|名词术语解释|有关名词解释)：?$"
)
# A number that takes up the document again behind notes or a box.
_RESUMES = re.compile(
    "[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|第[一二三四五六七八九十]{1,3}[章部节]"
)
_PLACE_BREAK = "。；！？：”）》】…"


def build(
    layout: Layout, begin: int, closed: list[tuple[int, int]], signatures: tuple[int, ...] = ()
) -> tuple[list[Node], list[int]]:
    """Roots of the outline from place `begin` of the view on, and the places where the document proper stops
    (signatures, annex marks). `closed` are ranges that hold no numbers (tables)."""
    marks: list[Node] = []
    stops: list[int] = [*signatures, *(a for a, _ in closed)]
    annex = 0
    attachments = glossary = False
    # Lines ascend, and so do the ranges: `reach` is as far as those go that began at or before the line.
    passed = reach = 0
    for i, line in enumerate(layout.lines):
        end = layout.lines[i + 1].place if i + 1 < len(layout.lines) else len(layout.view)
        while passed < len(closed) and closed[passed][0] <= line.place:
            reach = max(reach, closed[passed][1])
            passed += 1
        if line.place + len(line.text) <= begin or line.place < reach:
            attachments = False
            continue
        text = line.text
        if _ANNEX_LIST.match(text) and (len(text) > 5 or _is_list_below(layout, i)):
            attachments = True
            stops.append(line.place)
            continue
        if _ANNEX.match(text) and len(text) <= 40 and not text.endswith(("。", "；")):
            annex += 1
            attachments = False
            stops.append(line.place)
            continue
        below_table = reach and not _marked_since(marks, reach) and re.match("(?:备注|注|说明|填表说明)：", text)
        if below_table or _GLOSSARY.match(text):
            stops.append(line.place)
            glossary = True
            continue
        if _END.match(text):
            stops.append(line.place)
            continue
        if glossary and not _RESUMES.match(text):
            continue
        glossary = False
        if line.place < begin:
            marks.extend(_inline(text, line.place, begin - line.place, marks, annex))
            continue
        match = _MARK.match(text)
        if not match or not _is_mark(layout, i, match, marks):
            if attachments and len(text) > 60:
                attachments = False
            if not attachments:
                marks.extend(_inline(text, line.place, 0, marks, annex))
            continue
        if attachments and len(text) < 60 and not re.search("[。；]", text):
            continue
        attachments = False
        node = _node(match, line.place)
        if node.kind == "spaced":
            node.kind = "cn_dot"
        elif node.kind == "bare" and not _is_bare_heading(layout, i, match):
            node.kind = "ar_dot"
        node.annex = annex
        marks.append(node)
        if end - line.place > 150:
            marks.extend(_inline(text, line.place, match.end(), marks, annex))
    return _tree(marks, sorted(stops), len(layout.view)), sorted(stops)


def _marked_since(marks: list[Node], place: int) -> bool:
    """Whether anything is numbered after this place: then a note is a field of that, not of the table above."""
    return bool(marks) and marks[-1].start >= place


def _is_list_below(layout: Layout, i: int) -> bool:
    following = layout.lines[i + 1 : i + 3]
    return bool(following) and all(
        len(line.text) < 60 and not line.text.endswith("。") and _MARK.match(line.text) for line in following[:1]
    )


def _is_mark(layout: Layout, i: int, match: re.Match[str], marks: list[Node]) -> bool:
    """Whether a number at a line start numbers something: not a figure torn off by a line break."""
    if match["multi"] is not None:
        parts = [int(p) for p in match["multi_n"].split(".")]
        if match["multi_n"].endswith(".0") or any(p == 0 for p in parts):
            return False
        tail = layout.lines[i].text[match.end() : match.end() + 2]
        if re.match("[万亿亩吨米公元个倍%年月日]", tail) and parts[-1] != 1:
            return any(m.kind.startswith("multi") for m in marks[-8:]) and not re.match("[万亿亩吨米元%倍]", tail)
        return parts[-1] == 1 or any(m.kind.startswith("multi") or m.kind == "ar_dot" for m in marks[-20:])
    if match["spaced"] is not None:
        counted = next((m.value for m in reversed(marks) if m.kind == "cn_dot"), 0)
        apart = layout.view.after_space(layout.lines[i].place + match.end())
        return apart and len(layout.lines[i].text) <= 40 and value_of(match["spaced_n"]) == counted + 1
    if match["bare"] is not None:
        return _is_bare_heading(layout, i, match) or _is_bare_item(layout, i, match, marks)
    if match["letter"] is not None:
        previous = next((m.value for m in reversed(marks) if m.kind == "letter"), 0)
        return value_of(match["letter_n"]) == previous + 1
    if match["ar_dot"] is not None:
        raw = layout.raw[layout.lines[i].start : layout.lines[i].end].lstrip()
        if match.group()[-1] in "，。" or re.match(r"\d{1,3}[.．]\d{1,2}月", raw):
            # 1，排查 and 1.6月底前: only where the count goes on.
            previous = next((m.value for m in reversed(marks) if m.kind in ("ar_dot", "cn_dot", "cn_paren")), 0)
            counted = next((m.value for m in reversed(marks) if m.kind == "ar_dot"), 0)
            return value_of(match["ar_dot_n"]) in (1, counted + 1) and (previous > 0 or counted > 0 or i < 8)
        return not re.match(r"\d{1,3}[.．]\d", raw) or bool(re.match(r"\d{1,3}[.．](?:19|20)\d\d年", raw))
    if match["cn_dot"] is not None and match.group().endswith(("，", "：")):
        last = next((m for m in reversed(marks) if m.kind == "cn_dot"), None)
        return value_of(match["cn_dot_n"]) == (last.value + 1 if last else 1)
    return True


def _is_bare_heading(layout: Layout, i: int, match: re.Match[str]) -> bool:
    """Whether a number without a mark heads a chapter: white space behind it, 2.1 soon below 2."""
    line = layout.lines[i]
    if len(line.text) > 40 or not layout.view.after_space(line.place + match.end()) or re.search("[。；，]", line.text):
        return False
    first = f"{match['bare_n']}.1"
    return any(below.text.startswith(first) for below in layout.lines[i + 1 : i + 4])


def _is_bare_item(layout: Layout, i: int, match: re.Match[str], marks: list[Node]) -> bool:
    """Whether a number with only white space behind it counts an item: the count goes on from the last, or to 2."""
    line = layout.lines[i]
    value = value_of(match["bare_n"])
    if line.cells > 1 or not layout.view.after_space(line.place + match.end()) or len(line.text) < 6:
        return False
    last = next((m.value for m in reversed(marks) if m.kind == "ar_dot"), 0)
    if value not in (1, last + 1):
        return False
    following = f"{value + 1}"
    return (value > 1 and value == last + 1) or any(
        below.text.startswith(following) and layout.view.after_space(below.place + len(following))
        for below in layout.lines[i + 1 : i + 30]
    )


def _inline(text: str, offset: int, start: int, marks: list[Node], annex: int) -> list[Node]:
    """Numbers inside a long line that carries several items: each must continue a count where a sentence ends."""
    if len(text) - start < 150:
        return []
    found: list[Node] = []
    latest: dict[str, int] = {}
    running: dict[str, int] = {}
    for node in marks[-40:]:
        latest[node.kind] = running[node.kind] = node.value
        for kind in RANKS:
            if RANKS[kind] > RANKS[node.kind]:
                latest.pop(kind, None)
    candidates = list(_INLINE.finditer(text, start))
    for k, match in enumerate(candidates):
        node = _node(match, offset)
        place = match.start()
        before = text[place - 1] if place else "。"
        expected = latest.get(node.kind, 0) + 1
        if node.value == running.get(node.kind, 0) + 1 > 1 and node.kind not in latest:
            # The count goes on below the next heading: 三、护航行动。（五）….
            expected = node.value
        if node.value != expected or node.kind in ("circled", "ar_half", "ar_paren"):
            continue
        at_sentence = before in _PLACE_BREAK
        last = found[-1] if found else marks[-1] if marks and marks[-1].start >= offset else None
        after_heading = (
            last is not None
            and place - (last.start - offset) <= 24
            and (node.value == 1 or node.kind not in latest)
            and RANKS[node.kind] > RANKS[last.kind]
        )
        opens = (
            node.kind == "cn_dot" and node.value > 1 and bool(re.search("（一）", text[match.end() : match.end() + 24]))
        )
        if not at_sentence and not after_heading and not opens:
            continue
        if node.value == 1 and not after_heading and not _continues(candidates[k + 1 : k + 401], node):
            continue
        node.annex = annex
        found.append(node)
        latest[node.kind] = running[node.kind] = node.value
        for kind in RANKS:
            if RANKS[kind] > RANKS[node.kind]:
                latest.pop(kind, None)
    return found


def _continues(following: list[re.Match[str]], node: Node) -> bool:
    """Whether a 2 is the next number of the same kind in the line."""
    for other in following:
        later = _node(other, 0)
        if later.kind == node.kind:
            return later.value == 2
    return False


def _ranks(marks: list[Node]) -> dict[str, float]:
    """Ranks of the kinds in this document: as usual, unless it turns two kinds round."""
    ranks = dict(RANKS)
    for upper, lower in (
        ("cn_paren", "ar_dot"),
        ("cn_dot", "ar_dot"),
        ("cn_dot", "cn_paren"),
        ("cn_dot", "article"),
        ("ar_dot", "ar_paren"),
    ):
        usual = _restarts(marks, upper, lower)
        turned = _restarts(marks, lower, upper)
        if turned >= 2 and usual == 0:
            ranks[upper], ranks[lower] = ranks[lower], ranks[upper]
    return ranks


def _restarts(marks: list[Node], upper: str, lower: str) -> int:
    """How often `lower` begins again at 1 right after a number of `upper` that is itself no first one."""
    count, last_upper, seen_lower = 0, 0, False
    for node in marks:
        if node.kind == upper:
            last_upper, seen_lower = node.value, False
        elif node.kind == lower:
            if node.value == 1 and last_upper >= 2 and not seen_lower:
                count += 1
            seen_lower = True
    return count


def _tree(marks: list[Node], stops: list[int], length: int) -> list[Node]:
    ranks = _ranks(marks)
    roots: list[Node] = []
    stack: list[Node] = []
    annex = 0
    for i, node in enumerate(marks):
        node.rank = ranks[node.kind]
        if node.annex != annex:
            stack, annex = [], node.annex
        while stack and stack[-1].rank >= node.rank:
            stack.pop()
        if stack:
            node.parent = stack[-1]
            stack[-1].children.append(node)
        else:
            roots.append(node)
        stack.append(node)
        node.own_end = marks[i + 1].start if i + 1 < len(marks) else length
    _close(roots, stops)
    return roots


def _close(roots: list[Node], stops: list[int]) -> None:
    """Ends: a node goes as far as its last descendant, and no further than a stop after it."""
    order = [node for root in roots for node in root.walk()]
    j = 0
    for node in order:
        while j < len(stops) and stops[j] <= node.start:
            j += 1
        if j < len(stops):
            node.own_end = min(node.own_end, stops[j])
    for node in reversed(order):
        node.end = max([node.own_end, *(child.end for child in node.children)])
