"""Documents that a text refers to: titles in 《》, document numbers (国办发〔2018〕37号), and their year."""

from __future__ import annotations

import re
from typing import NamedTuple


class Found(NamedTuple):
    """Reference at text[start:end] of the folded text."""

    start: int
    end: int
    title: str | None
    number: str | None
    year: int | None


_NUMBER = r"(?P<{0}>(?:[一-龥]{{1,14}})?[〔（](?P<{0}y>(?:19|20)\d{{2}})[〕）](?:第)?\d{{1,5}}号)"
_TITLE = re.compile(
    "《(?P<title>[^《》]{2,90}(?:《[^《》]{1,60}》[^《》]{0,40})?)》(?:（(?=[^（）]{0,14}[〔（])"
    + _NUMBER.format("n")
    + "）)?"
)
# Read from its bracket backwards: a pattern that began with the words before it would try them at every character.
_LOOSE = re.compile(r"[〔（](?P<ny>(?:19|20)\d{2})[〕）](?:第)?\d{1,5}号")
_WORDS_BEFORE = re.compile("[一-龥]{1,8}$")
# A verb is no part of the number: 按照临政发〔2024〕5号.
_VERB_BEFORE = re.compile("(?:按照|根据|参照|依据|依照|落实|贯彻|执行|详见|见|按)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


def find(text: str) -> list[Found]:
    """References in a folded text, in order of place."""
    found: list[Found] = []
    for match in _TITLE.finditer(text):
        title = match["title"]
        year = _YEAR.search(title)
        printed = int(match["ny"]) if match["ny"] else int(year.group(1)) if year else None
        found.append(Found(match.start(), match.end(), title, match["n"], printed))
    taken = [(f.start, f.end) for f in found]
    i = 0
    last = 0
    for match in _LOOSE.finditer(text) if "号" in text else ():
        words = _WORDS_BEFORE.search(text, max(last, match.start() - 8), match.start())
        if not words:
            continue
        verb = _VERB_BEFORE.match(words.group())
        start, end = words.start() + (verb.end() if verb else 0), match.end()
        last = end
        while i < len(taken) and taken[i][1] <= start:
            i += 1
        if i < len(taken) and taken[i][0] < end:
            continue
        found.append(Found(start, end, None, text[start:end], int(match["ny"])))
    return sorted(found, key=lambda f: f.start)
