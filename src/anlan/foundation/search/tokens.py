"""Text as tokens for a full-text index that splits at white space: two characters of Chinese, whole words of Latin.

Pure. Two-character words are the commonest in Chinese, and index and query cut alike, so that 排污 is found inside
入河排污口 and inside nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_LATIN = re.compile("[a-z0-9]")
_RUN = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
# A search for more is no search by a person.
MOST = 40


def tokens(text: str) -> list[str]:
    """Tokens of a text to be indexed, in order, with repeats.

    >>> tokens("入河排污口 DN300")
    ['入河', '河排', '排污', '污口', 'dn300']
    >>> tokens("江")
    ['江']
    """
    found: list[str] = []
    for run in _runs(text):
        if run[0].isascii() or len(run) == 1:
            found.append(run)
        else:
            found.extend(run[place : place + 2] for place in range(len(run) - 1))
    return found


@dataclass(frozen=True, slots=True)
class Term:
    """What must be there: tokens one behind the other, the last of them whole or only its beginning."""

    tokens: tuple[str, ...]
    beginning: bool = False

    @property
    def is_character(self) -> bool:
        """Whether it is a single character of Chinese, of which the index knows only words that begin with it."""
        return self.beginning and len(self.tokens[0]) == 1 and not self.tokens[0].isascii()


def wanted(words: str) -> list[Term]:
    """Terms of a query, each once. Latin words are found by their beginning, runs of Chinese as they stand.

    >>> wanted("排污口 dn")
    [Term(tokens=('排污', '污口'), beginning=False), Term(tokens=('dn',), beginning=True)]
    """
    terms = []
    for run in _runs(words):
        if run[0].isascii() or len(run) == 1:
            terms.append(Term((run,), beginning=True))
        else:
            terms.append(Term(tuple(run[place : place + 2] for place in range(len(run) - 1))[:MOST]))
    return list(dict.fromkeys(terms))[:MOST]


def marked(text: str, words: str) -> list[tuple[str, bool]]:
    """Text in pieces, each with whether the query found it: for marking what was found.

    >>> marked("排查入河排污口", "排污")
    [('排查入河', False), ('排污', True), ('口', False)]
    """
    # Character by character, so that places in the folded text are places in the text.
    folded = "".join(one if len(one) == 1 else "\0" for one in (_folded(character) for character in text))
    found = [False] * len(text)
    for run in _runs(words):
        place = folded.find(run)
        while place >= 0:
            # A Latin word is found by its beginning only.
            if not run[0].isascii() or place == 0 or not _LATIN.match(folded[place - 1]):
                found[place : place + len(run)] = [True] * len(run)
            place = folded.find(run, place + 1)
    pieces: list[tuple[str, bool]] = []
    for character, hit in zip(text, found, strict=True):
        if pieces and pieces[-1][1] == hit:
            pieces[-1] = pieces[-1][0] + character, hit
        else:
            pieces.append((character, hit))
    return pieces


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _runs(text: str) -> list[str]:
    return _RUN.findall(_folded(text))
