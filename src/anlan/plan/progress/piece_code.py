"""The number in the first column of a piece: which report a row is of, where that stood, and what it said then.

    R123-2-5-KQXT-MPLWRR

Report owed 123, revision 2, saved 5 times; then letters by which a number that was changed, or comes from elsewhere, is
noticed; then letters of what the row said, by which a row that nobody filled in is told from one that somebody did.
Letters at the end, so that Excel does not count on when the cell is pulled down. Pure.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

# Without vowels, so that no word comes out, and without what looks like a digit.
_LETTERS = "BCDFGHJKLMNPQRTVWXYZ"
_CHECKED, _SAID = 4, 6
_CODE = re.compile(rf"R(\d{{1,15}})-(\d{{1,6}})-(\d{{1,9}})-([{_LETTERS}]{{{_CHECKED}}})-([{_LETTERS}]{{{_SAID}}})")


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a report stood: revision and number of saves, both 0 before there is one."""

    revision: int = 0
    lock: int = 0


@dataclass(frozen=True, slots=True)
class Code:
    """Number of a row, taken apart. `check` and `said` are letters; see `checked` and `digest`."""

    owed: int
    stand: Stand
    check: str
    said: str

    def __str__(self) -> str:
        return f"R{self.owed}-{self.stand.revision}-{self.stand.lock}-{self.check}-{self.said}"


def parse(text: str) -> Code | None:
    """Number as it was written, None for anything else. Width, case, blanks and the sort of dash do not matter.

    >>> parse("r123－2–5-KQXT-MPLAWR") is None, str(parse("r123－2–5-KQXT-MPLWRR"))
    (True, 'R123-2-5-KQXT-MPLWRR')
    """
    narrow = "".join(unicodedata.normalize("NFKC", text).upper().split())
    found = _CODE.fullmatch(re.sub("[‐‑‒–—−]", "-", narrow))
    if found is None:
        return None
    return Code(int(found[1]), Stand(int(found[2]), int(found[3])), found[4], found[5])


def checked(owed: int, stand: Stand, salt: str) -> str:
    """Letters that belong to a number. `salt` is what no other installation, and no other round, has."""
    return _letters(f"{owed}|{stand.revision}|{stand.lock}|{salt}", _CHECKED)


def digest(values: Iterable[object]) -> str:
    """Letters of what a row says. White space does not matter, nor whether a number was typed as 6.05 or 6.050.

    >>> digest([40, "已排查72个。", ""]) == digest(["40", " 已排查 72个。 ", None])
    True
    >>> digest([40, ""]) == digest(["", 40])
    False
    """
    return _letters("\x1f".join(plain(one) for one in values), _SAID)


def plain(value: object) -> str:
    """Value as it is compared: without white space and what no cell can hold, a number in its shortest form.

    >>> plain("6.050"), plain(" 6.05 万亩"), plain(None), plain(1000.0)
    ('6.05', '6.05万亩', '', '1000')
    """
    if value is None:
        return ""
    text = "".join(one for one in str(value) if one.isprintable() and not one.isspace())
    try:
        number = Decimal(unicodedata.normalize("NFKC", text))
    except InvalidOperation:
        return text
    if not number.is_finite() or "_" in text or abs(number.adjusted()) > 30:
        return text
    return format(number.normalize() + 0, "f")


def _letters(text: str, count: int) -> str:
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")
    found = []
    for _ in range(count):
        number, rest = divmod(number, len(_LETTERS))
        found.append(_LETTERS[rest])
    return "".join(found)
