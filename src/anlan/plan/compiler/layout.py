"""Printed lines of a document, without the furniture of its pages, and the folded view over them.

Page numbers, running headers, tables of contents and web navigation stand between the lines of an item;
they are set aside here so that no later rule sees them. Spans still count in the whole text.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from anlan.plan.compiler.patterns import any_of
from anlan.plan.compiler.view import View, fold, solid

_PAGE_NUMBER = re.compile(
    r"^(?:-{1,2}\d{1,4}-{1,2}|[·.]\d{1,4}[·.]|第[\d一二三四五六七八九十百]{1,4}页(?:[，/]?共[\d一二三四五六七八九十百]{1,4}页)?|\d{1,4}/\d{1,4}|共\d{1,4}页)$"
)
_HASHES = re.compile(r"\s{0,3}#{1,6}[ \t]+(?=\S)")
_BARE_NUMBER = re.compile(r"^\d{1,3}$")
_CONTENTS = re.compile(r"(?:[.·…]{4,}|-{6,}|_{4,})\d{0,4}$")
_WEB = re.compile(
    "^(?:"
    + any_of(
        """
    >+ 当前位置 您(?:当前)?的?(?:所在)?位置 首页> 打印(?:本页)? 关闭(?:窗口|本页)? （?字[体号]
    分享到? 扫一扫 相关(?:文档|附件|链接|阅读|文章|稿件|新闻) 上一[篇条] 下一[篇条]
    返回(?:顶部|首页|列表) 网站地图 版权所有 主办单位： 承办单位： 技术支持 网站标识码 .{0,3}ICP备
    .{0,4}公网安备 责任编辑 编辑： 浏览(?:次数|量) 访问量 来源： 信息来源 发布(?:时间|日期|机构)
    索引号 主题分类 发文(?:机关|机构|字号|日期)： 成文日期 公开(?:方式|范围) 有效性
    网友(?:意见|留言) 征(?:求意见|集)结果： 暂无
    """
    )
    + ")"
)


class Line(NamedTuple):
    """Printed line that is not blank: its folded text without white space, its raw span, its place in the view."""

    text: str
    start: int
    end: int
    place: int
    after_blank: bool
    cells: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Lines of the document in order and the view over exactly these lines."""

    raw: str
    view: View
    lines: tuple[Line, ...]
    places: tuple[int, ...]

    def line_at(self, place: int) -> int:
        """Index of the line that holds character `place` of the view."""
        return max(0, bisect_right(self.places, place) - 1)

    def starts_line(self, place: int) -> bool:
        """Whether the character at `place` of the view begins a printed line."""
        i = bisect_right(self.places, place) - 1
        return i >= 0 and self.places[i] == place


def lay_out(raw: str) -> Layout:
    """Layout of a decoded text. Time and memory grow with its length."""
    folded = fold(raw)
    kept: list[tuple[str, int, int, bool, int]] = []
    start, blank = 0, True
    for piece in folded.split("\n"):
        # ### 二、重点任务: the mark of a heading in plain-text formats is no character of the document.
        lead = _HASHES.match(piece)
        skipped = lead.end() if lead else 0
        squeezed = solid(piece[skipped:])
        if squeezed:
            kept.append(
                (
                    squeezed,
                    start + skipped,
                    start + len(piece),
                    blank,
                    piece.count("\t") + 1 if "\t" in piece else piece.count("|"),
                )
            )
            blank = False
        else:
            blank = True
        start += len(piece) + 1
    aside = _furniture([k[0] for k in kept])
    view = View(raw, [(k[1], k[2]) for i, k in enumerate(kept) if i not in aside], folded)
    lines: list[Line] = []
    place = 0
    for i, (text, a, b, after_blank, cells) in enumerate(kept):
        if i in aside:
            continue
        lines.append(Line(text, a, b, place, after_blank, cells))
        place += len(text)
    return Layout(raw, view, tuple(lines), tuple(line.place for line in lines))


def _furniture(texts: list[str]) -> set[int]:
    """Indexes of the lines that belong to the page and not to the document."""
    aside = {i for i, text in enumerate(texts) if len(text) < 24 and _PAGE_NUMBER.match(text)}
    aside |= {
        i
        for i, text in enumerate(texts)
        if len(text) < 80 and (text[-1].isdecimal() or text[-1] in ".·…-_") and _CONTENTS.search(text)
    }
    if any(text in ("目录", "目次", "目录页") for text in texts):
        aside |= {i for i, text in enumerate(texts) if text in ("目录", "目次")}
    if not any(text in ("序号", "编号") for text in texts):
        aside |= _bare_page_numbers(texts)
    near = {j for i in aside for j in (i - 1, i + 1)}
    aside |= _contents(texts)
    counts = Counter(text for text in texts if 4 <= len(text) <= 60)
    at_pages = Counter(texts[j] for j in near if 0 <= j < len(texts))
    running = {
        text
        for text, n in counts.items()
        if n >= 2
        and at_pages[text] >= (1 if re.search("20\\d\\d年.{4,}|.{8,}(?:表|方案|计划|清单|要点|细则)$", text) else 2)
        and at_pages[text] * 2 >= n
        and not re.search("[。；：、，]$", text)
    }
    if running:
        seen: set[str] = set()
        for i, text in enumerate(texts):
            if text in running:
                # The first one may be the title itself.
                if text in seen or i in near:
                    aside.add(i)
                seen.add(text)
    return aside


def _contents(texts: list[str]) -> set[int]:
    """Lines of a table of contents without leaders: from 目录 to where its first entry comes again."""
    for i, text in enumerate(texts[:60]):
        if text in ("目录", "目次") and i + 2 < len(texts):
            first = re.sub(r"\d{1,3}$", "", texts[i + 1])
            for j in range(i + 2, min(len(texts), i + 200)):
                if len(first) > 2 and re.sub(r"\d{1,3}$", "", texts[j]) == first:
                    return set(range(i, j))
    return set()


def _bare_page_numbers(texts: list[str]) -> set[int]:
    """Lines that hold only a number, where they count pages: 1, 2, 3 … far apart. In a table they are cells."""
    bare = [(i, int(t)) for i, t in enumerate(texts) if _BARE_NUMBER.match(t)]
    if len(bare) < 2 or len(bare) * 4 > len(texts):
        return set()
    apart = all(b[1] == a[1] + 1 and b[0] - a[0] > 8 for a, b in itertools.pairwise(bare))
    return {i for i, _ in bare} if apart else set()


def is_web_furniture(text: str) -> bool:
    """Whether a folded line is navigation or metadata of a web page."""
    return bool(_WEB.match(text))
