"""The text as written: brackets, doubled words and marks, how documents and the plan itself are called."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterator

from anlan.plan.compiler.diagnostics.source import Finding, Source
from anlan.plan.compiler.model import Span, squeeze
from anlan.plan.compiler.patterns import any_of
from anlan.plan.compiler.view import fold

_BRACKET = re.compile(r"[（）《》]|\n[ \t\u3000\r]*\n")
_PARTNER = {"）": "（", "》": "《"}
# 1) and a) open a line or a part of a sentence: they close nothing.
_LIST_MARK = re.compile(r"(?:^|[\s。；：，、！？]|^\s*)(?:\d{1,3}|[a-zA-Z]|[一二三四五六七八九十]{1,3}|[ivxIVX]{1,4})$")
_DOUBLED_PAIR = re.compile(r"(?P<word>[一-龥][一-龥])(?P=word)")
_DOUBLED_LONG = re.compile(r"(?P<word>[一-龥][一-龥]{2,5})(?P=word)")
_FINE_DOUBLED = re.compile("^(.)\\1|^一|^逐")
_ETC = re.compile("等等[一-龥]{2}")
_SAME_VERB = re.compile(
    r"(?P<word>保持|实现|达到|完成|确保|控制|力争|提高到|提升到|占)[^，。；：、！？（）《》“”|\s]{1,24}?(?P=word)"
    r"(?=在|到|至|了|率|全|[零≥≤]|\d)"
)
_OF_TWICE = re.compile("[一-龥]的的[一-龥]")
_MARKS = re.compile("(?P<run>[，。；：、][，。；：、]+)")
_DRAFT = re.compile("征求意见稿|意见征求稿|征求意见稿子|意见征集稿|征集意见稿")
_EDITION = any_of("办法 细则 规定 标准 目录 清单 名录 方案 意见 通知 指南 导则 规范 规程 计划 要点 纲要 规划 措施 准则")
_EDITIONED = re.compile(f"(?:{_EDITION})(?:（[^（）]{{1,12}}）)?$")
_DATED_TITLE = re.compile(r"(?:19|20)\d\d|十[一二三四五六七八九]五|[（〔][一二三四五六七八九十0-9]{1,4}[）〕]号")
_REFERENCES = 200
# A text with more faults of one sort than this is damaged; nobody mends it bracket by bracket.
_MOST = 1000


def check(source: Source) -> Iterator[Finding]:
    """Findings on the text."""
    for faults in (_brackets, _repeats, _marks):
        yield from itertools.islice(faults(source), _MOST)
    yield from _references(source)
    yield from _titles(source)


def _brackets(source: Source) -> Iterator[Finding]:
    """Brackets without their other half. What opens in a measure must close in it; a blank line ends a paragraph."""
    text = source.folded
    opened: list[re.Match[str]] = []
    measure: int | None = None
    for match in _BRACKET.finditer(text):
        mark = match.group()
        here = source.measure_at(match.start())
        if opened and (here != measure or len(mark) > 1):
            yield from _unclosed(source, opened)
            opened = []
        measure = here
        if len(mark) > 1:
            continue
        if mark not in _PARTNER:
            opened.append(match)
        elif opened and opened[-1].group() == _PARTNER[mark]:
            opened.pop()
        elif _PARTNER[mark] in {m.group() for m in opened[-4:]}:
            while opened[-1].group() != _PARTNER[mark]:
                yield from _unclosed(source, [opened.pop()])
            opened.pop()
        elif mark == "》" or not _LIST_MARK.search(text[max(0, match.start() - 6) : match.start()]):
            yield Finding("W505", Span(*match.span()), {"mark": source.plan.text[match.start()]})
    yield from _unclosed(source, opened)


def _unclosed(source: Source, opened: list[re.Match[str]]) -> Iterator[Finding]:
    for match in opened:
        yield Finding("W505", Span(*match.span()), {"open_mark": source.plan.text[match.start()]})


def _repeats(source: Source) -> Iterator[Finding]:
    """Words said twice in a row. White space between them is a line or a cell: no repeat."""
    text = source.folded
    for pattern in (_DOUBLED_PAIR, _DOUBLED_LONG):
        for match in pattern.finditer(text):
            if not _FINE_DOUBLED.match(match["word"]):
                yield _repeat(match, match["word"])
    for match in _ETC.finditer(text):
        start = match.start()
        while start > match.start() - 2 and "一" <= text[start - 1 : start] <= "龥":
            start -= 1
        yield Finding("W504", Span(start, match.end()), {"text": text[start : match.end()], "word": "等"})
    for match in _SAME_VERB.finditer(text):
        yield _repeat(match, match["word"])
    for match in _OF_TWICE.finditer(text) if "的的" in text else ():
        yield _repeat(match, "的")


def _repeat(match: re.Match[str], word: str) -> Finding:
    return Finding("W504", Span(*match.span()), {"text": match.group(), "word": word})


def _marks(source: Source) -> Iterator[Finding]:
    for match in _MARKS.finditer(source.folded):
        run = match["run"]
        # Longer runs are leaders and ellipses.
        if len(run) == 2:
            yield Finding("W506", Span(*match.span()), {"text": source.plan.printed(Span(*match.span()))})


def _references(source: Source) -> Iterator[Finding]:
    """Documents with editions that the text cites without year or number; each once."""
    own = _bare_title(source.plan.title or "")
    named: set[str] = set()
    for reference in source.plan.references:
        if reference.title is None:
            continue
        title = fold(squeeze(reference.title))
        bare = _bare_title(title)
        if reference.year or reference.number or bare in named or _DATED_TITLE.search(title):
            continue
        named.add(bare)
        if _EDITIONED.search(title) and bare != own:
            yield Finding("W507", reference.span, {"name": title})


def _bare_title(title: str) -> str:
    return re.sub("（[^（）]*稿）$", "", fold(squeeze(title)))


def _titles(source: Source) -> Iterator[Finding]:
    """Two spellings of the mark of a draft, or of the plan's own title."""
    found = list(_DRAFT.finditer(source.folded))
    if found:
        usual = found[0].group()
        other = next((m for m in found if m.group() != usual), None)
        if other:
            yield _variant(source, Span(*found[0].span()), Span(*other.span()))
            for match in found:
                if match.group() != usual:
                    yield _variant(source, Span(*match.span()), Span(*found[0].span()))
    own = _bare_title(source.plan.title or "")
    if len(own) < 8 or not source.plan.title_span:
        return
    for reference in source.plan.references[:_REFERENCES]:
        title = _bare_title(reference.title or "")
        if title == own or abs(len(title) - len(own)) > 3 or (title[:4] != own[:4] and title[-4:] != own[-4:]):
            continue
        if re.sub("[^一-龥]", "", title) == re.sub("[^一-龥]", "", own) or _other_year(title, own):
            continue
        if difflib.SequenceMatcher(None, title, own, autojunk=False).ratio() >= 0.88:
            yield _variant(source, reference.span, source.plan.title_span)
            yield _variant(source, source.plan.title_span, reference.span)


def _other_year(one: str, other: str) -> bool:
    return re.findall(r"\d+|十.五", one) != re.findall(r"\d+|十.五", other)


def _variant(source: Source, span: Span, other: Span) -> Finding:
    printed = source.plan.printed
    return Finding(
        "W508",
        span,
        {"text": squeeze(printed(span)), "other": squeeze(printed(other)), "line": source.line(other.start)},
    )
