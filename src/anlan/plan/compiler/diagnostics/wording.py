"""Vague words: what nobody can check. The words are data; each class asks for something else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anlan.plan.compiler.diagnostics.source import Finding, Source
from anlan.plan.compiler.model import Span
from anlan.plan.compiler.patterns import any_of

_TIME = "适时 尽快 尽早 及时 逐步 加快 抓紧 早日 近期 条件成熟时 必要时 适当时候 分期分批 不定期 力争 争取 原则上"
_PARTY = "有关 相关 部分 若干 一批 一定数量 酌情 视情 适当 因地制宜"
_EXTENT = (
    "进一步 积极 大力 切实 着力 努力 不断 尽可能 充分 有所 大幅 "
    "持续提升 有效提升 明显提升 显著提升 全面提升 稳步提升 明显改善"
)
_CODES = {
    word: code for code, words in (("W501", _TIME), ("W502", _PARTY), ("W503", _EXTENT)) for word in words.split()
}
# Bare words without groups: the search passes over characters that begin none of them.
_VAGUE = re.compile(any_of(" ".join(_CODES)))
# Parts of other words: 一部分, 积极性 …
_NOT_AFTER = {"积极": "性", "部分": "省", "充分": "必"}
_NOT_BEFORE = {"有关": "没具所", "相关": "互", "部分": "大绝", "一批": "第"}


def check(source: Source) -> Iterator[Finding]:
    """Vague words of the measures; each word once a measure, names of units aside."""
    text = source.folded
    said: set[tuple[int, str]] = set()
    for match in _VAGUE.finditer(text):
        word = match.group()
        if _inside_another(text, match):
            continue
        span = Span(*match.span())
        index = source.measure_at(span.start)
        if index is None or (index, word) in said:
            continue
        duties = source.plan.measures[index].duties
        if _CODES[word] == "W502" and any(d.span.start <= span.start < d.span.end for d in duties):
            continue
        said.add((index, word))
        yield Finding(_CODES[word], span, {"word": word})


def _inside_another(text: str, match: re.Match[str]) -> bool:
    word = match.group()
    after, before = text[match.end() : match.end() + 1], text[match.start() - 1 : match.start()]
    return bool(after and after in _NOT_AFTER.get(word, "")) or bool(before and before in _NOT_BEFORE.get(word, ""))
