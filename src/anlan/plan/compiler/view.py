"""Text the recognisers read: white space gone, widths and traditional characters folded, every place mapped back.

Word and PDF break lines inside words and numbers, clerks mix half- and full-width marks. Folding once,
one character for one, lets each rule be written for one form; `span` gives back where it really stands.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from anlan.plan.compiler.model import Span

# Mark that the rules are written for, and the marks that print the same.
_ALIKE = {
    "，": ",",
    "；": ";",
    "：": ":∶﹕︰",
    "（": "(﹙【",
    "）": ")﹚】",
    "〔": "[［",
    "〕": "]］",
    "？": "?",
    "！": "!",
    "、": "﹑､",
    "。": "｡",
    "·": "•・",
    "-": "－—–―−﹣‐‑⁃",
    ".": "．﹒",
    "%": "％﹪",
    "|": "｜¦",
    "/": "／",
    "~": "～",
    "+": "＋",
    "<": "＜",
    ">": "＞",
    "≥": "≧⩾",
    "≤": "≦⩽",
    "&": "＆",
    '"': "＂",
    "○": "〇",
}
_PUNCTUATION = {ord(other): mark for mark, others in _ALIKE.items() for other in others}
_FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_FOLDED = {chr(code): mark for code, mark in _PUNCTUATION.items()} | {
    chr(code): chr(plain) for code, plain in _FULL_WIDTH.items()
}
# Looked for, not translated character by character: few characters of a text are folded.
_TO_FOLD = re.compile(f"[{re.escape(''.join(_FOLDED))}]")
# Format characters that print nothing: zero-width spaces, joiners, byte order marks, soft hyphens.
_SOLID = re.compile(r"[^\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")
_CJK = range(0x4E00, 0x9FFF)


@functools.cache
def _simplified() -> dict[int, str]:
    """Map of traditional to simplified characters, one for one (OpenCC's table, 20 ms to load: only when needed)."""
    import opencc

    characters = [chr(code) for code in _CJK]
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {ord(a): b for a, b in zip(characters, converted, strict=True) if a != b and len(b) == 1}


# Common characters that stand only in traditional text; one of them is enough to load the table.
_SIGNS = "責單標導辦實爲為與進關設區縣鎮鄉鄉時間長達內個項測點頭處務應將專產業環衛規農"
_TRADITIONAL = re.compile(f"[{_SIGNS}]")


# Scans and typists write the letter O for zero: 2O25年, 1O月底.
# The digit before it is looked at last: a search that begins with a letter passes over all other characters.
_LETTER_ZERO = re.compile(r"[OoΟО](?<=\d.)(?=[\d年月日号%])")


# One look for all that may have to change: most names and short texts hold nothing of it.
_UNUSUAL = re.compile(f"[{re.escape(''.join(_FOLDED))}{_SIGNS}OoΟО]")


def _mark(match: re.Match[str]) -> str:
    return _FOLDED[match.group()]


def fold(text: str) -> str:
    """Text of the same length with widths, marks and traditional characters brought to one form.

    >>> fold("(牵头部门:市科委)３５％")
    '（牵头部门：市科委）35%'
    """
    if not _UNUSUAL.search(text):
        return text
    folded = _TO_FOLD.sub(_mark, text)
    if _LETTER_ZERO.search(folded):
        folded = _LETTER_ZERO.sub("0", folded)
    if _TRADITIONAL.search(folded):
        folded = folded.translate(_simplified())
    return folded


def solid(folded: str) -> str:
    """Folded text without white space and without characters that print nothing."""
    # What does not print is no printable character, nor is any white space but the blank: most lines have neither.
    if folded.isprintable() and " " not in folded:
        return folded
    return "".join(_SOLID.findall(folded))


class View:
    """Folded text without white space over a stretch of the raw text.

    `text` is what rules read; `offset(i)` is the raw place of its character i, `span(a, b)` that of a slice.
    """

    __slots__ = ("_raw_starts", "_starts", "text")

    def __init__(self, raw: str, pieces: Iterable[tuple[int, int]] | None = None, folded: str | None = None) -> None:
        """View of `raw`, or of those `pieces` of it (ascending, apart): running headers can be left out.

        `folded` is `fold(raw)` where the caller has it.
        """
        folded = fold(raw) if folded is None else folded
        chunks: list[str] = []
        self._starts: list[int] = []
        self._raw_starts: list[int] = []
        length = 0
        for start, end in pieces if pieces is not None else [(0, len(raw))]:
            printed = folded[start:end]
            bare = printed.strip()
            if bare and solid(bare) is bare:
                self._starts.append(length)
                self._raw_starts.append(start + len(printed) - len(printed.lstrip()))
                chunks.append(bare)
                length += len(bare)
                continue
            for match in _SOLID.finditer(folded, start, end):
                self._starts.append(length)
                self._raw_starts.append(match.start())
                chunks.append(match.group())
                length += match.end() - match.start()
        self.text = "".join(chunks)

    def __len__(self) -> int:
        return len(self.text)

    def offset(self, place: int) -> int:
        """Raw place of character `place`."""
        i = bisect_right(self._starts, place) - 1
        return self._raw_starts[i] + place - self._starts[i]

    def span(self, start: int, end: int) -> Span:
        """Raw span of the slice [start, end), which must not be empty."""
        starts, raw_starts = self._starts, self._raw_starts
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        return Span(raw_starts[first] + start - starts[first], raw_starts[last] + end - starts[last])

    def spaces(self, start: int, end: int) -> set[int]:
        """Places from `start` to `end`, both included, with white space before them in print; counted from `start`."""
        first, last = bisect_left(self._starts, start), bisect_right(self._starts, end)
        return {place - start for place in self._starts[first:last]}

    def after_space(self, place: int) -> bool:
        """Whether white space (or something set aside) stands before character `place` in print."""
        i = bisect_left(self._starts, place)
        return i < len(self._starts) and self._starts[i] == place

    def find(self, offset: int) -> int:
        """Place of the first character at or after a raw offset; the length of the text if there is none."""
        i = bisect_left(self._raw_starts, offset + 1) - 1
        if i < 0:
            return 0
        end = self._starts[i + 1] if i + 1 < len(self._starts) else len(self.text)
        return min(self._starts[i] + offset - self._raw_starts[i], end)
