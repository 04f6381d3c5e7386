"""What changed between two texts of a clause, character by character, as a reader would mark it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import NamedTuple

from anlan.plan.compiler.view import fold

# Equal stretches shorter than this between two changes are part of the change: 2022年 → 2023年 is read as a year.
_SHORTEST = 2
# Characters on each side up to which single characters are compared; longer texts are compared sentence by sentence.
_LONGEST = 1500
_SENTENCE = re.compile(r"[^。；;\n]*[。；;\n]?")


class Run(NamedTuple):
    """Characters that are the same in both texts, or that only this one has."""

    text: str
    changed: bool


class Block(NamedTuple):
    """Stretch that both texts have: places in the old and the new text as printed, ends exclusive."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def marks(old: str, new: str) -> tuple[list[Run], list[Run]]:
    """Runs of the old and of the new text; put together, each side gives its text. White space is never a change.

    >>> marks("排查120个", "排查 130个")[1]
    [Run(text='排查 1', changed=False), Run(text='3', changed=True), Run(text='0个', changed=False)]
    """
    blocks = same(old, new)
    return (
        _runs(old, [(block.old_start, block.old_end) for block in blocks]),
        _runs(new, [(block.new_start, block.new_end) for block in blocks]),
    )


def same(old: str, new: str) -> list[Block]:
    """Stretches that both texts have, in order."""
    a_places, b_places = _printed(old), _printed(new)
    folded_old, folded_new = fold(old), fold(new)
    a = "".join(folded_old[place] for place in a_places)
    b = "".join(folded_new[place] for place in b_places)
    return [
        Block(a_places[i], a_places[i + size - 1] + 1, b_places[j], b_places[j + size - 1] + 1)
        for i, j, size in _blocks(a, b)
    ]


def carried(blocks: Iterable[Block], start: int, end: int) -> tuple[int, int] | None:
    """Place in the new text of characters of the old one; None where they changed."""
    for block in blocks:
        if block.old_start <= start and end <= block.old_end:
            if block.old_end - block.old_start != block.new_end - block.new_start:
                return None  # white space came or went inside: the caller looks for the words themselves
            shift = block.new_start - block.old_start
            return start + shift, end + shift
    return None


def _printed(text: str) -> list[int]:
    return [place for place, character in enumerate(text) if not character.isspace()]


def _blocks(a: str, b: str) -> list[tuple[int, int, int]]:
    """Equal stretches (place in a, place in b, length); the ends of the texts first, for there most is the same."""
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    middle = _middle(a[head : len(a) - tail], b[head : len(b) - tail])
    found = [(0, 0, head)] if head else []
    found += [(i + head, j + head, size) for i, j, size in middle if size >= _SHORTEST]
    if tail:
        found.append((len(a) - tail, len(b) - tail, tail))
    return found


def _middle(a: str, b: str) -> list[tuple[int, int, int]]:
    if not a or not b:
        return []
    if max(len(a), len(b)) <= _LONGEST:
        blocks = difflib.SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
        return [(block.a, block.b, block.size) for block in blocks]
    left, right = _SENTENCE.findall(a), _SENTENCE.findall(b)
    starts_left, starts_right = _starts(left), _starts(right)
    found = []
    for i, j, size in difflib.SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
        found.append((starts_left[i], starts_right[j], starts_left[i + size] - starts_left[i]))
    return found


def _starts(parts: list[str]) -> list[int]:
    places = [0]
    for part in parts:
        places.append(places[-1] + len(part))
    return places


def _runs(text: str, kept: list[tuple[int, int]]) -> list[Run]:
    runs: list[Run] = []
    place = 0

    def add(end: int, changed: bool) -> None:
        nonlocal place
        if end <= place:
            return
        piece = text[place:end]
        # White space alone is no change: it goes with what stands before it.
        changed = changed and not piece.isspace()
        if runs and runs[-1].changed == changed:
            runs[-1] = Run(runs[-1].text + piece, changed)
        else:
            runs.append(Run(piece, changed))
        place = end

    for start, end in kept:
        add(start, True)
        add(end, False)
    add(len(text), True)
    return runs
