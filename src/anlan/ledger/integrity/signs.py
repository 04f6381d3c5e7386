"""A sign: its rule, what was seen, how heavy it weighs, and the question it raises. It accuses nobody."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from anlan.foundation.calc.sources import facts
from anlan.ledger.integrity.cases import Answer
from anlan.settings import Words

# Signs that rest on photographs, and so on.
KINDS: Final = {"K": "table", "P": "photographs", "T": "course", "D": "readings"}


@dataclass(frozen=True, slots=True)
class Rule:
    """Rule of a sign: `of` is the row of the reference table it belongs to ("" where it is an addition)."""

    id: str
    of: str
    weight: int
    title: Words
    rule: Words
    ask: Words


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign at one problem.

    `seen` says what was seen, with the figures; `objects` are the photographs, reports and so on it rests on; `key`
    stays the same as long as rule and objects do, so that an answer finds it again.
    """

    rule: Rule
    seen: tuple[Words, ...]
    objects: tuple[str, ...]
    answer: Answer | None = None

    @property
    def key(self) -> str:
        """Key of the sign within its problem: id and a digest of the objects."""
        return f"{self.rule.id}-{hashlib.sha256(json.dumps(sorted(self.objects)).encode()).hexdigest()[:12]}"

    def plain(self) -> dict[str, Any]:
        """As values of JSON, texts in both languages."""
        return {
            "id": self.rule.id,
            "of": self.rule.of or None,
            "key": self.key,
            "weight": self.rule.weight,
            "title": _both(self.rule.title),
            "rule": _both(self.rule.rule),
            "seen": [_both(one) for one in self.seen],
            "question": _both(self.rule.ask),
            "objects": list(self.objects),
            "answer": self.answer
            and {"text": self.answer.text, "by": self.answer.by, "at": self.answer.at.isoformat()},
        }


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Signs that could not be looked for, and what is missing for it."""

    signs: tuple[str, ...]
    why: Words

    def plain(self) -> dict[str, Any]:
        """As values of JSON."""
        return {"signs": list(self.signs), "why": _both(self.why)}


def _both(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


@dataclass(frozen=True, slots=True)
class Table:
    """Rules with their bounds and words, as the data say."""

    rules: dict[str, Rule]
    bounds: dict[str, Decimal]
    fastest: tuple[tuple[tuple[str, ...], int, Words], ...]
    words: dict[str, Any]

    def sign(self, id: str, seen: Iterable[Words], objects: Iterable[str]) -> Sign:
        """Sign of a rule."""
        return Sign(self.rules[id], tuple(seen), tuple(dict.fromkeys(objects)))

    def number(self, name: str) -> int:
        """A bound that is a whole number."""
        return int(self.bounds[name])


@functools.cache
def table() -> Table:
    """The table carried here; titles and weights of K03, K04 and K06 are those of the rules of the ledger."""
    own = facts("anlan.ledger.integrity", "signs.toml")
    shared = facts("anlan.ledger.rules", "rectification.toml")["signs"]
    bounds = {name: Decimal(value) for name, value in own["bounds"].items()}
    bounds |= {name: Decimal(shared[name]) for name in ("near_bits", "far_m")}
    shown = {
        name: f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
        for name, value in bounds.items()
    }
    rules = {}
    for id, row in own["sign"].items():
        row = {**shared.get(id, {}), **row}
        of = row.get("of", id if id.startswith("K") else "")
        rules[id] = Rule(
            id, of, int(row["weight"]), _words(row["title"]),
            Words(row["rule"]["zh"].format(**shown), row["rule"]["en"].format(**shown)), _words(row["ask"]),
        )  # fmt: skip
    words = {**own["words"], "paper": frozenset(word.lower() for word in shared["paper"])}
    fastest = tuple((tuple(one["words"]), int(one["days"]), _words(one["title"])) for one in own["fastest"])
    return Table(dict(sorted(rules.items())), bounds, fastest, words)


def _words(row: dict[str, str]) -> Words:
    return Words(row["zh"], row["en"])
