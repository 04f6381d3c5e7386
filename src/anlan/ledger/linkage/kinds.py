"""Kind of a problem and where it came from, by words that are data (`data/kinds.toml`, `data/sources.toml`)."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from anlan.settings import Words

_STRONG, _WORD = 3, 1
# Two kinds that are told this nearly equally well are both kept.
_CLOSE = 0.6
_YEAR = re.compile(r"(20\d\d)年?|(?<!\d)(\d\d)年")


@dataclass(frozen=True, slots=True)
class Kind:
    """Kind of problem: its name, the kinds near to it."""

    code: str
    name: Words
    near: frozenset[str]


@functools.cache
def kinds() -> dict[str, Kind]:
    """Kinds by code."""
    return {
        code: Kind(code, Words(entry["zh"], entry["en"]), frozenset(entry["near"]))
        for code, entry in _data("kinds.toml")["kind"].items()
    }


@functools.cache
def _words() -> tuple[re.Pattern[str], dict[str, tuple[tuple[str, int], ...]]]:
    told: dict[str, dict[str, int]] = {}
    for code, entry in _data("kinds.toml")["kind"].items():
        for weight, listed in ((_STRONG, entry["strong"]), (_WORD, entry["words"])):
            for word in listed:
                told.setdefault(word, {}).setdefault(code, weight)
    pattern = "|".join(map(re.escape, sorted(told, key=lambda word: (-len(word), word))))
    return re.compile(pattern), {word: tuple(codes.items()) for word, codes in told.items()}


@functools.lru_cache(maxsize=16384)
def kinds_of(text: str) -> frozenset[str]:
    """Codes of the kinds that a folded description tells, mostly one, at most two; empty if it tells none.

    >>> sorted(kinds_of("陆水河岸线被某公司侵占230米,未复绿")), sorted(kinds_of("情况属实"))
    (['shore'], [])
    """
    pattern, told = _words()
    scores: dict[str, int] = {}
    for word in dict.fromkeys(pattern.findall(text)):
        for code, weight in told[word]:
            scores[code] = scores.get(code, 0) + weight
    if not scores:
        return frozenset()
    best = max(scores.values())
    ranked = sorted((code for code in scores if scores[code] >= best * _CLOSE), key=lambda c: (-scores[c], c))
    return frozenset(ranked[:2])


@dataclass(frozen=True, slots=True)
class Source:
    """Where a problem came from; `year` is 0 where the cell names none."""

    code: str
    name: Words
    year: int = 0


@functools.lru_cache(maxsize=4096)
def source_of(text: str) -> Source | None:
    """Source of a folded cell, None for one that the data does not know.

    >>> source_of("2021年省环保督察").code, source_of("长江警示片").code, source_of("")
    ('province_inspection', 'nation_film', None)
    """
    year = _YEAR.search(text)
    number = int(year[1] or "20" + year[2]) if year else 0
    for pattern, code, name in _sources():
        if pattern.search(text):
            return Source(code, name, number)
    return None


@functools.cache
def _sources() -> tuple[tuple[re.Pattern[str], str, Words], ...]:
    return tuple(
        (re.compile(entry["pattern"]), entry["code"], Words(entry["zh"], entry["en"]))
        for entry in _data("sources.toml")["source"]
    )


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads((files("anlan.ledger.linkage") / "data" / name).read_text(encoding="utf-8"))
