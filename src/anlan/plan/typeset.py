"""Lines of Chinese and Latin text for a terminal, whose characters are one or two cells wide."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from typing import Final

from rich.cells import cell_len, chop_cells

GAP: Final = "  "
_UNIT = re.compile(r"[A-Za-z0-9.%&/+_-]+|\s|.", re.DOTALL)
_NEVER_FIRST: Final = frozenset("，。、；：？！）》」』】”’…,.;:?!)]%")
_NEVER_LAST: Final = frozenset("（《「『【“‘([")


def fold(text: str, width: int) -> list[str]:
    """Text broken into lines of at most `width` cells (2 or more), as Chinese is set: between any two characters,
    never inside a number or a Latin word that fits, no closing mark first, no opening mark last.

    >>> fold("责任单位，另行通知", 8)
    ['责任单', '位，另行', '通知']
    """
    return pack(_UNIT.findall(text), width)


def pack(tokens: Sequence[str], width: int) -> list[str]:
    """Tokens that stay whole where they can, in lines of at most `width` cells; one that is wider is folded.

    >>> pack(["区教育局、", "区财政局"], 14)
    ['区教育局、', '区财政局']
    """
    done: list[str] = []
    line: list[str] = []
    used = 0
    for token in tokens:
        size = cell_len(token)
        if size > width and len(token) > 1:
            *whole, last = chop_cells(token, width) if _UNIT.fullmatch(token) else fold(token, width)
            done += ["".join(line).rstrip(), *whole] if line else whole
            line, used = [last], cell_len(last)
            continue
        if used + size > width:
            moved: list[str] = []
            # What must not be parted from its neighbour goes down with it, unless nothing would be left.
            while len(line) > 1 and ((not moved and token in _NEVER_FIRST) or line[-1] in _NEVER_LAST):
                moved.insert(0, line.pop())
            done.append("".join(line).rstrip())
            line, used = moved, sum(map(cell_len, moved))
            if used + size > width:
                done.append("".join(line))
                line, used = [], 0
        if line or not token.isspace():
            line.append(token)
            used += size
    rest = "".join(line).rstrip()
    return [*done, rest] if rest or not done else done


def pad(text: str, width: int) -> str:
    """Text with spaces behind it up to `width` cells."""
    return text + " " * (width - cell_len(text))


def labelled(rows: Sequence[tuple[str, Sequence[str]]], width: int) -> Iterator[tuple[str, str]]:
    """Label and text of each line: texts (tokens, packed) begin at one column, a label that repeats is shown once."""
    column = max((cell_len(label) for label, _ in rows), default=0)
    above = ""
    for label, tokens in rows:
        first = "" if label == above else label
        above = label
        for shown, part in zip(chain([first], repeat("")), pack(tokens, width - column - len(GAP)), strict=False):
            yield pad(shown, column) + GAP, part
