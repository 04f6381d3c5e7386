"""Ledgers merged as a whole, and an index that one new problem is looked up in."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from anlan.ledger.linkage import blocking
from anlan.ledger.linkage.clustering import clusters
from anlan.ledger.linkage.comparing import Frequencies, Term, compare, worthwhile
from anlan.ledger.linkage.explaining import Reason, reasons
from anlan.ledger.linkage.facts import Facts, Reader
from anlan.ledger.linkage.model import Model, odds, probability, standard
from anlan.ledger.linkage.rivals import discounted
from anlan.ledger.linkage.rows import Row
from anlan.settings import InputError, Words


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows with the probability that they are the same problem, and why."""

    a: str
    b: str
    probability: float
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Row of the index that may be the same problem as the one looked up."""

    id: str
    probability: float
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """Clusters of row ids, every row in exactly one; and the pairs from the likeliest to those worth a look."""

    clusters: tuple[tuple[str, ...], ...]
    pairs: tuple[Pair, ...]


def merge(rows: Iterable[Row], model: Model | None = None) -> Merged:
    """Which rows are the same problem. The order of the rows changes nothing.

    Raises InputError if two rows have one id.
    """
    model = model or standard()
    # One order for any order given, so that every tie is broken alike.
    ordered = sorted(rows, key=lambda one: one.id)
    _distinct(ordered)
    reader = Reader(ordered)
    facts = [reader.read(row) for row in ordered]
    often = Frequencies()
    for one in facts:
        often.add(one)
    scores: dict[tuple[int, int], float] = {}

    def score(a: int, b: int) -> float:
        pair = (a, b) if a < b else (b, a)
        if (known := scores.get(pair)) is None:
            known = scores[pair] = _odds(compare(facts[pair[0]], facts[pair[1]], often, model), model)
        return known

    least, merged, veto = odds(model.review), odds(model.merge), odds(model.veto)
    likely = [
        (rated, a, b)
        for a, b in sorted(blocking.pairs(facts))
        if worthwhile(facts[a], facts[b]) and (rated := score(a, b)) >= least
    ]
    told = [one for one in discounted(likely, score, veto) if one[0][0] >= least]
    told.sort(key=lambda one: (-one[0][0], one[0][1:]))
    links = (link for link, _ in told if link[0] >= merged)
    gathered = clusters(len(facts), links, score, veto)
    return Merged(
        tuple(tuple(ordered[position].id for position in cluster) for cluster in gathered),
        tuple(
            Pair(
                ordered[a].id,
                ordered[b].id,
                probability(rated),
                reasons(compare(facts[a], facts[b], often, model), model, cost),
            )
            for (rated, a, b), cost in told
        ),
    )


class Index:
    """Problems that one new problem is looked up in, for the review queue.

    Made of the rows that there are; `add` takes one more. Counties, towns and waters are those of the rows it was made
    of, so an index that has grown much is better made anew (100,000 rows: under a minute).
    """

    def __init__(self, rows: Iterable[Row] = (), model: Model | None = None) -> None:
        self._model = model or standard()
        rows = list(rows)
        self._reader = Reader(rows)
        self._often = Frequencies()
        self._facts: list[Facts] = []
        self._ids: set[str] = set()
        self._blocks: dict[blocking.Key, list[int]] = {}
        self._inner: dict[blocking.Key, list[int]] = {}
        for row in rows:
            self.add(row)

    def __len__(self) -> int:
        return len(self._facts)

    def add(self, row: Row) -> None:
        """Takes in a row. Raises InputError if its id is there already."""
        if row.id in self._ids:
            raise _twice([row.id])
        facts = self._reader.read(row)
        position = len(self._facts)
        self._ids.add(row.id)
        self._facts.append(facts)
        self._often.add(facts)
        for key in set(blocking.keys(facts)):
            members = self._blocks.setdefault(key, [])
            members.append(position)
            if len(members) == blocking.MOST + 1:
                # The key has become crowded: from now on its rows are found by what refines it.
                for member in members:
                    self._refine(key, member)
            elif len(members) > blocking.MOST:
                self._refine(key, position)

    def _refine(self, key: blocking.Key, position: int) -> None:
        for finer in set(blocking.refined(self._facts[position])):
            self._inner.setdefault((key, finer), []).append(position)

    def match(self, row: Row, least: float | None = None) -> list[Match]:
        """Rows that may be the same problem, likeliest first.

        From the probability `least` up, by default the one from which a person looks (`review` of the data).
        """
        facts = self._reader.read(row)
        bound = self._model.review if least is None else least
        # The row looked up stands behind all others, as far as positions go.
        new = len(self._facts)
        terms: dict[int, list[Term]] = {}
        links = []
        for position in sorted(blocking.candidates(facts, self._blocks, self._inner)):
            other = self._facts[position]
            if other.row.id == row.id or not worthwhile(facts, other):
                continue
            terms[position] = compare(facts, other, self._often, self._model)
            rated = _odds(terms[position], self._model)
            if rated >= odds(self._model.review):
                links.append((rated, position, new))

        def score(a: int, b: int) -> float:
            return _odds(compare(self._facts[a], self._facts[b], self._often, self._model), self._model)

        found = [
            Match(self._facts[position].row.id, probability(rated), reasons(terms[position], self._model, cost))
            for (rated, position, _), cost in discounted(links, score, odds(self._model.veto))
            if probability(rated) >= bound
        ]
        return sorted(found, key=lambda one: (-one.probability, one.id))


def _odds(terms: Sequence[Term], model: Model) -> float:
    return model.start + sum(model.weight(term.field, term.level) * term.strength for term in terms)


def _distinct(ordered: Sequence[Row]) -> None:
    twice = sorted({a.id for a, b in itertools.pairwise(ordered) if a.id == b.id})
    if twice:
        raise _twice(twice)


def _twice(ids: Sequence[str]) -> InputError:
    listed = "、".join(ids[:5]) + ("…" if len(ids) > 5 else "")
    return InputError(
        Words(f"编号重复：{listed}；每行的编号须不同", f"the same id more than once: {listed}; each row needs its own")
    )
