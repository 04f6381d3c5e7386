"""An edition of a ledger against the one before: which rows are the same, which changed, which are new. Pure.

A row is known again by all it says; else by its own id; else by its number with a text much like the old one; else by a
text that is nearly the same at the same place. Rows that an edition no longer has are named and nothing more happens.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from anlan.ledger.linkage.comparing import likeness

# Where a row stands may change without the row having changed.
_POSITION = frozenset({"sheet", "excel_row", "rows", "part"})
_LIKE, _NEARLY = 0.4, 0.75
# Comparisons of texts, so that two files that have nothing in common do not take minutes.
_MOST = 2_000_000


@dataclass(frozen=True, slots=True)
class Known:
    """Row of an earlier edition: key in the store, what it said."""

    pk: int
    fingerprint: str
    data: Mapping[str, Any]


@dataclass(slots=True)
class Edition:
    """What came of the comparison: for each row its predecessor (key) and what changed; keys of rows that are gone."""

    same: dict[int, int] = field(default_factory=dict)
    changed: dict[int, tuple[int, dict[str, list[Any]]]] = field(default_factory=dict)
    new: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)


def fingerprint(data: Mapping[str, Any]) -> str:
    """What a row says, as 32 hex digits; where it stands does not count."""
    said = {name: value for name, value in data.items() if name not in _POSITION and value not in (None, "", {})}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def compare(rows: Sequence[Mapping[str, Any]], before: Iterable[Known]) -> Edition:
    """The edition `rows` against what is known of the ledger."""
    found = Edition()
    waiting: dict[str, list[Known]] = defaultdict(list)
    for known in before:
        waiting[known.fingerprint].append(known)
    left = []
    for at, data in enumerate(rows):
        if pile := waiting.get(fingerprint(data)):
            found.same[at] = pile.pop(0).pk
        else:
            left.append(at)
    rest = {known.pk: known for pile in waiting.values() for known in pile}
    for match in (_by_id, _by_number, _by_text):
        for at, known in match([(at, rows[at]) for at in left], list(rest.values())):
            if known.pk in rest:
                del rest[known.pk]
                left.remove(at)
                found.changed[at] = (known.pk, differences(known.data, rows[at]))
    found.new = left
    found.gone = sorted(rest)
    return found


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Fields that say something else, each as [before, after]."""
    names = [name for name in new if name not in _POSITION | {"original"}]
    return {name: [old.get(name), new[name]] for name in names if (old.get(name) or None) != (new[name] or None)}


def _by_id(rows: list[tuple[int, Mapping[str, Any]]], before: list[Known]) -> list[tuple[int, Known]]:
    mine = Counter(data.get("record_id") for _, data in rows)
    theirs = Counter(known.data.get("record_id") for known in before)
    own = {key: known for known in before if (key := known.data.get("record_id")) and theirs[key] == 1}
    return [(at, own[key]) for at, data in rows if (key := data.get("record_id")) and mine[key] == 1 and key in own]


def _by_number(rows: list[tuple[int, Mapping[str, Any]]], before: list[Known]) -> list[tuple[int, Known]]:
    piles: dict[Any, list[Known]] = defaultdict(list)
    for known in before:
        if known.data.get("number"):
            piles[known.data.get("sheet"), known.data["number"]].append(known)
    return _best(((at, data, piles.get((data.get("sheet"), data.get("number")), [])) for at, data in rows), _LIKE)


def _by_text(rows: list[tuple[int, Mapping[str, Any]]], before: list[Known]) -> list[tuple[int, Known]]:
    if len(rows) * len(before) <= _MOST:
        return _best(((at, data, before) for at, data in rows), _NEARLY)
    piles: dict[Any, list[Known]] = defaultdict(list)
    for known in before:
        piles[known.data.get("place")].append(known)
    return _best(((at, data, piles.get(data.get("place"), [])[:200]) for at, data in rows), _NEARLY)


def _best(asked: Iterable[tuple[int, Mapping[str, Any], list[Known]]], least: float) -> list[tuple[int, Known]]:
    """The likeliest pairs first, each row and each predecessor once."""
    scored = []
    for at, data, pile in asked:
        for known in pile:
            score = likeness(data.get("description") or "", known.data.get("description") or "")
            if score >= least and (data.get("place") or None) == (known.data.get("place") or None):
                scored.append((-score, at, known.pk, known))
    taken: set[int] = set()
    used: set[int] = set()
    found = []
    for _score, at, pk, known in sorted(scored, key=lambda one: one[:3]):
        if at not in taken and pk not in used:
            taken.add(at)
            used.add(pk)
            found.append((at, known))
    return found
