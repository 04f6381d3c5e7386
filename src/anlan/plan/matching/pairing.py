"""Which clause of the old version is which of the new one: the same, changed, split, merged, added, dropped.

First clauses with the same words, wherever they stand; then the most alike of what is left, one to one; then what is
left over is looked for inside clauses that grew or shrank. Time grows with the number of clauses, not its square, for
only clauses that share rare pairs of characters are compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from anlan.plan.matching.clauses import Clause, Profiles, shared, words

# Likeness (weighed share of common pairs) from which two clauses are one that was edited; below SURE a person confirms.
ALIKE = 0.35
SURE = 0.6
# With the same title less is enough, and a person confirms.
SAME_TITLE = 0.15
# Share of a clause that must stand in the part of another that its own match leaves over, to be split off or merged.
INSIDE = 0.5
INSIDE_SURE = 0.85
# Share of a clause that must be its own, and not also in the match, for that part alone to tell.
LEAST = 0.3
# How near the next best may come before a person is asked which of the two it is.
CLEAR = 0.08
# Clauses compared at most for each, those that share the rarest pairs first.
_CANDIDATES = 12
# Pairs that stand in more clauses than this find no candidates.
_COMMON = 40


class Kind(StrEnum):
    """What became of a clause."""

    SAME = "same"
    RENUMBERED = "renumbered"
    CHANGED = "changed"
    SPLIT = "split"
    MERGED = "merged"
    ADDED = "added"
    DROPPED = "dropped"


class Edge(NamedTuple):
    """Old clause taken for a new one, by their keys; None on one side for dropped and added. `score` from 0 to 1."""

    old: int | None
    new: int | None
    score: float
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """Clauses that belong together: one and one, one and several (split), several and one (merged), or one alone.

    `keeps` is the edge on which what was done for the old clause goes on: the one most alike.
    """

    kind: Kind
    edges: tuple[Edge, ...]
    keeps: Edge


def match(old: Sequence[Clause], new: Sequence[Clause]) -> list[Edge]:
    """Edges between two versions; every clause stands in at least one. Those of the new version in its order first."""
    a = {clause.key: words(clause.text) for clause in old}
    b = {clause.key: words(clause.text) for clause in new}
    edges = _equal(old, new, a, b)
    paired_old, paired_new = {edge.old for edge in edges}, {edge.new for edge in edges}
    profiles = Profiles(a.values(), b.values())
    rest_old = [clause for clause in old if clause.key not in paired_old]
    rest_new = [clause for clause in new if clause.key not in paired_new]
    alike = _alike(rest_old, rest_new, a, b, profiles)
    partner_of_old = {edge.old: edge.new for edge in alike}
    partner_of_new = {edge.new: edge.old for edge in alike}
    edges += alike
    edges += _split_and_merged(
        [c for c in rest_old if c.key not in partner_of_old],
        [c for c in rest_new if c.key not in partner_of_new],
        _Rests(rest_old, a, b, partner_of_old, profiles),
        _Rests(rest_new, b, a, partner_of_new, profiles),
        (a, b, partner_of_new, profiles),
    )
    place_old = {clause.key: place for place, clause in enumerate(old)}
    place_new = {clause.key: place for place, clause in enumerate(new)}
    last = len(new)
    return sorted(
        edges,
        key=lambda e: (
            place_new[e.new] if e.new is not None else last,
            place_old[e.old] if e.old is not None else -1,
        ),
    )


def likeness(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 1, whatever else there is."""
    left, right = words(one), words(other)
    return 1.0 if left == right else _likeness(Profiles([left], [right]), left, right)


def _equal(old: Sequence[Clause], new: Sequence[Clause], a: dict[int, str], b: dict[int, str]) -> list[Edge]:
    """Clauses with the same words. Of several, those under the same heading and number first, then in their order."""
    waiting: dict[str, list[Clause]] = defaultdict(list)
    for clause in old:
        if a[clause.key]:
            waiting[a[clause.key]].append(clause)
    edges = []
    left: list[Clause] = []
    for same_place in (True, False):
        for clause in new if same_place else left:
            candidates = waiting.get(b[clause.key], [])
            chosen = next((c for c in candidates if not same_place or _place(c) == _place(clause)), None)
            if chosen is None:
                if same_place:
                    left.append(clause)
                continue
            candidates.remove(chosen)
            edges.append(Edge(chosen.key, clause.key, 1.0))
    return edges


def _place(clause: Clause) -> tuple[tuple[str, ...], str]:
    return clause.path, clause.number


def _alike(
    old: Sequence[Clause], new: Sequence[Clause], a: dict[int, str], b: dict[int, str], profiles: Profiles
) -> list[Edge]:
    """Most alike pairs, one to one, the surest first."""
    index: dict[str, list[Clause]] = defaultdict(list)
    titles: dict[str, list[Clause]] = defaultdict(list)
    for clause in old:
        for pair in profiles.pairs(a[clause.key]):
            index[pair].append(clause)
        if len(clause.title) > 2:
            titles[words(clause.title)].append(clause)
    found: list[tuple[float, float, Clause, Clause]] = []
    for clause in new:
        pairs = profiles.pairs(b[clause.key])
        votes: Counter[int] = Counter()
        by_key = {}
        for pair in pairs:
            holders = index.get(pair, ())
            if len(holders) > _COMMON:
                continue
            for holder in holders:
                votes[holder.key] += 1
                by_key[holder.key] = holder
        near = [by_key[key] for key, _ in votes.most_common(_CANDIDATES)]
        namesakes = titles.get(words(clause.title), []) if len(clause.title) > 2 else []
        for other in dict.fromkeys([*near, *namesakes[:_CANDIDATES]]):
            likeness = _likeness(profiles, a[other.key], b[clause.key])
            same_title = other in namesakes
            if likeness >= (SAME_TITLE if same_title else ALIKE):
                # The place decides between clauses that are alike to the same degree, never against their words.
                nudge = 0.05 * same_title + 0.02 * (other.path == clause.path) + 0.01 * (other.number == clause.number)
                found.append((likeness + nudge, likeness, other, clause))
    return _choose(found)


def _likeness(profiles: Profiles, one: str, other: str) -> float:
    """Weighed share of common pairs, from 0 to 1 (Dice's coefficient over weights)."""
    left, right = profiles.pairs(one), profiles.pairs(other)
    whole = profiles.weight(left) + profiles.weight(right)
    return 2 * profiles.weight(shared(left, right)) / whole if whole else 0.0


def _choose(found: list[tuple[float, float, Clause, Clause]]) -> list[Edge]:
    of_old: dict[int, list[tuple[float, int]]] = defaultdict(list)
    of_new: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for rank, _, one, other in found:
        of_old[one.key].append((rank, other.key))
        of_new[other.key].append((rank, one.key))
    old_at: dict[int, float] = {}
    new_at: dict[int, float] = {}
    chosen: list[tuple[float, float, Clause, Clause]] = []
    for row in sorted(found, key=lambda row: -row[0]):
        rank, _, one, other = row
        if one.key not in old_at and other.key not in new_at:
            old_at[one.key] = new_at[other.key] = rank
            chosen.append(row)
    edges = []
    for rank, likeness, one, other in chosen:
        close = _rival(rank, other.key, of_old[one.key], new_at) or _rival(rank, one.key, of_new[other.key], old_at)
        edges.append(Edge(one.key, other.key, likeness, likeness < SURE or close))
    return edges


def _rival(rank: float, partner: int, offers: list[tuple[float, int]], found_at: dict[int, float]) -> bool:
    """Whether another clause comes as near as the chosen one, and has nothing clearly nearer itself."""
    return any(
        key != partner and rank - offer < CLEAR and found_at.get(key, 0.0) - offer < CLEAR for offer, key in offers
    )


class _Rests:
    """What each matched clause holds that its match does not, and where to look for a text in it."""

    def __init__(
        self,
        hosts: Sequence[Clause],
        host_words: dict[int, str],
        partner_words: dict[int, str],
        partners: dict[int | None, int | None],
        profiles: Profiles,
    ) -> None:
        self._profiles = profiles
        self._partners: dict[int, Counter[str]] = {}
        self._rests: dict[int, Counter[str]] = {}
        self._index: dict[str, list[int]] = defaultdict(list)
        for host in hosts:
            partner = partners.get(host.key)
            if partner is not None:
                self._partners[host.key] = profiles.pairs(partner_words[partner])
                rest = profiles.pairs(host_words[host.key]) - self._partners[host.key]
                self._rests[host.key] = rest
                for pair in rest:
                    self._index[pair].append(host.key)

    def home(self, text: str) -> tuple[int, float] | None:
        """Clause in whose rest most of the text stands, with the weighed share; None below INSIDE."""
        own = self._profiles.pairs(text)
        votes: Counter[int] = Counter()
        for pair in own:
            holders = self._index.get(pair, ())
            if len(holders) <= _COMMON:
                votes.update(holders)
        shares = [(self._share(own, key), key) for key, _ in votes.most_common(_CANDIDATES)]
        share, key = max(shares, default=(0.0, 0))
        return (key, share) if share >= INSIDE else None

    def _share(self, own: Counter[str], key: int) -> float:
        # What the match has as well, such as the bracket with the units that each part repeats, tells nothing.
        told = own - self._partners[key]
        if self._profiles.weight(told) < LEAST * self._profiles.weight(own):
            told = own
        whole = self._profiles.weight(told)
        return self._profiles.weight(shared(told, self._rests[key])) / whole if whole else 0.0


def _split_and_merged(
    old: Sequence[Clause],
    new: Sequence[Clause],
    grown: _Rests,
    shrunk: _Rests,
    known: tuple[dict[int, str], dict[int, str], dict[int | None, int | None], Profiles],
) -> list[Edge]:
    """What is left over, at home in a clause that was split or merged, else added or dropped.

    No clause is both: where an old clause lost a part to a new one of its own, and its match took another in, the
    surer of the two counts.
    """
    a, b, partner_of_new, profiles = known
    found = [(home, clause.key, Kind.SPLIT) for clause in new if (home := grown.home(b[clause.key]))]
    found += [(home, clause.key, Kind.MERGED) for clause in old if (home := shrunk.home(a[clause.key]))]
    edges = []
    used: dict[int | None, Kind] = {}
    placed: set[tuple[Kind, int]] = set()
    for (host, share), key, kind in sorted(found, key=lambda row: -row[0][1]):
        # The old clause of the matched pair that takes it in.
        pair = host if kind is Kind.SPLIT else partner_of_new[host]
        if used.setdefault(pair, kind) is not kind:
            continue
        placed.add((kind, key))
        old_key, new_key = (host, key) if kind is Kind.SPLIT else (key, host)
        edges.append(Edge(old_key, new_key, _likeness(profiles, a[old_key], b[new_key]), share < INSIDE_SURE))
    edges += [Edge(None, clause.key, 0.0) for clause in new if (Kind.SPLIT, clause.key) not in placed]
    edges += [Edge(clause.key, None, 0.0) for clause in old if (Kind.MERGED, clause.key) not in placed]
    return edges


def relations(edges: Iterable[Edge], old: Iterable[Clause], new: Iterable[Clause]) -> list[Relation]:
    """Edges put together by clause, in the order of the new version, dropped ones after what stood before them."""
    a, b = {clause.key: clause for clause in old}, {clause.key: clause for clause in new}
    of_old: dict[int, list[Edge]] = defaultdict(list)
    of_new: dict[int, list[Edge]] = defaultdict(list)
    rows = list(edges)
    for edge in rows:
        if edge.old is not None and edge.new is not None:
            of_old[edge.old].append(edge)
            of_new[edge.new].append(edge)
    found: list[Relation] = []
    seen: set[Edge] = set()
    for edge in rows:
        if edge in seen:
            continue
        if edge.old is None or edge.new is None:
            group = [edge]
            kind = Kind.ADDED if edge.old is None else Kind.DROPPED
        elif len(of_old[edge.old]) > 1:
            group, kind = of_old[edge.old], Kind.SPLIT
        elif len(of_new[edge.new]) > 1:
            group, kind = of_new[edge.new], Kind.MERGED
        else:
            group, kind = [edge], _kind(a[edge.old], b[edge.new])
        seen.update(group)
        found.append(Relation(kind, tuple(group), max(group, key=lambda e: e.score)))
    return _in_order(found, a, b)


def _kind(old: Clause, new: Clause) -> Kind:
    if words(old.text) != words(new.text):
        return Kind.CHANGED
    return Kind.SAME if _place(old) == _place(new) else Kind.RENUMBERED


def _in_order(found: list[Relation], a: dict[int, Clause], b: dict[int, Clause]) -> list[Relation]:
    place_old = {key: place for place, key in enumerate(a)}
    place_new = {key: place for place, key in enumerate(b)}
    last_new: dict[int, int] = {}
    for relation in found:
        for edge in relation.edges:
            if edge.old is not None and edge.new is not None:
                last_new[place_old[edge.old]] = place_new[edge.new]
    # A dropped clause is shown after the clause that stood before it.
    after: list[int] = []
    for place in range(len(a)):
        after.append(last_new.get(place, after[-1] if after else -1))

    def key(relation: Relation) -> tuple[int, int, int]:
        news = [place_new[edge.new] for edge in relation.edges if edge.new is not None]
        if news:
            return min(news), 0, 0
        old = relation.edges[0].old
        place = place_old[old] if old is not None else 0
        return after[place], 1, place

    return sorted(found, key=key)
