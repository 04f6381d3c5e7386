"""Clauses as the matching sees them: their words without white space and widths, counted in pairs of characters."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from anlan.plan.compiler.view import fold, solid


@dataclass(frozen=True, slots=True)
class Clause:
    """Clause of a document: `key` is the caller's, `text` its words as printed, without the number.

    `path` holds the headings above, outermost first.
    """

    key: int
    number: str
    path: tuple[str, ...]
    title: str
    text: str


def words(text: str) -> str:
    """Text as it is compared: white space left out, widths and traditional characters in one form.

    >>> words("排查 排污口\\n(120个)")
    '排查排污口（120个）'
    """
    return solid(fold(text))


class Profiles:
    """Pairs of neighbouring characters of many clauses, each weighed by how few clauses hold it.

    What stands in every clause, such as the bracket with the units, says little about which clause it is.
    """

    def __init__(self, *versions: Iterable[str]) -> None:
        self._pairs: dict[str, Counter[str]] = {}
        # In the version that has it most: what stands in both versions is no more common for that.
        self.held: Counter[str] = Counter()
        self._number = 1
        for texts in versions:
            held: Counter[str] = Counter()
            different = set(texts)
            for text in different:
                if text not in self._pairs:
                    self._pairs[text] = _pairs(text)
                held.update(self._pairs[text].keys())
            self.held |= held
            self._number = max(self._number, len(different))

    def pairs(self, text: str) -> Counter[str]:
        """Pairs of a text with how often each stands in it."""
        return self._pairs[text]

    def weight(self, pairs: Mapping[str, int]) -> float:
        """Weight of some pairs together."""
        return sum(count * self.rarity(pair) for pair, count in pairs.items())

    def rarity(self, pair: str) -> float:
        """Weight of one pair: from log 2 for one that stands in every text to log(1 + number of texts)."""
        return math.log(1 + self._number / self.held[pair])


def _pairs(text: str) -> Counter[str]:
    # A text of one character is its own pair; nothing is like an empty one.
    return Counter([text] if len(text) == 1 else [text[place : place + 2] for place in range(len(text) - 1)])


def shared(one: Counter[str], other: Counter[str]) -> Counter[str]:
    """Pairs that both hold, as often as both do."""
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    return Counter({pair: min(count, large[pair]) for pair, count in small.items() if pair in large})
