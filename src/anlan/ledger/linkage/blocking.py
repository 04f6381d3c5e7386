"""Which pairs are worth comparing: rows that share a place, a figure, a company or their very words.

Every rule is exact on its key. A key shared by very many rows is refined by further facts until few share it, and
where nothing tells the rows apart any more, each is compared with its neighbours only, so that the number of pairs
stays in proportion to the number of rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence

from anlan.ledger.linkage.facts import Facts

# Rows under one key that are all compared with each other; above it the key is refined.
MOST = 48
_NEIGHBOURS = 12

Key = tuple[Hashable, ...]


def keys(facts: Facts) -> Iterator[Key]:
    """Keys of a row."""
    place = facts.place
    if place.tail:
        yield "tail", place.tail
        # Rows whose town is missing or written otherwise meet by the end of the village's name within the county.
        yield "village", place.county, place.tail[-2:]
    for amount in facts.amounts:
        if not amount.aside and amount.value > 1:
            yield "amount", place.county, amount.dimension, amount.value, amount.dimension == "倍" and place.tail
            # Where one of two lists leaves out the county.
            for kind in facts.kinds:
                yield "figure", kind, amount.dimension, amount.value
    for company in facts.companies:
        yield "company", company.brand, company.trade
        yield "brand", place.county, company.brand
    if not place.tail and len(facts.text) > 5:
        yield "text", place.county, facts.text[:12]


def refined(facts: Facts) -> Iterator[Key]:
    """What tells the rows of a crowded key apart; two rows have to share one of these."""
    for amount in facts.amounts:
        yield "amount", amount.dimension, amount.value
        yield "digits", amount.digits.rstrip("0")
    for company in facts.companies:
        yield "company", company.brand
    for kind in facts.kinds:
        if facts.disclosed:
            yield "month", kind, facts.disclosed.month
            if not facts.disclosed.exact or facts.disclosed.last % 30 < 15:
                yield "month", kind, facts.disclosed.month - 1
        if facts.deadline:
            yield "deadline", kind, facts.deadline.month, facts.place.tail
    yield "text", facts.text


def pairs(rows: Sequence[Facts]) -> set[tuple[int, int]]:
    """Pairs of positions to compare, smaller first. The order of the rows makes no difference to which they are."""
    blocks: dict[Key, list[int]] = defaultdict(list)
    for position, facts in enumerate(rows):
        for key in set(keys(facts)):
            blocks[key].append(position)
    found: set[tuple[int, int]] = set()
    counties = [facts.place.county for facts in rows]
    for members in blocks.values():
        if len(members) <= MOST:
            _all(members, counties, found)
            continue
        within: dict[Key, list[int]] = defaultdict(list)
        for position in members:
            for key in set(refined(rows[position])):
                within[key].append(position)
        for closer in within.values():
            if len(closer) <= MOST:
                _all(closer, counties, found)
            else:
                _neighbours(closer, rows, found)
    return found


def _all(members: list[int], counties: list[str], found: set[tuple[int, int]]) -> None:
    """All pairs but those of two counties, which can't be the same."""
    for place, one in enumerate(members):
        county = counties[one]
        for other in members[place + 1 :]:
            theirs = counties[other]
            if county == theirs or not county or not theirs:
                found.add((one, other) if one < other else (other, one))


def _neighbours(members: list[int], rows: Sequence[Facts], found: set[tuple[int, int]]) -> None:
    ordered = sorted(members, key=lambda position: _likeness_order(rows[position]))
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 : place + 1 + _NEIGHBOURS]:
            found.add((one, other) if one < other else (other, one))


def _likeness_order(facts: Facts) -> tuple[object, ...]:
    return (
        facts.place.county,
        facts.place.tail,
        sorted(facts.kinds),
        sorted((a.dimension, a.value) for a in facts.amounts),
        facts.disclosed.first if facts.disclosed else 0,
        facts.whole,
        facts.row.id,
    )


def candidates(facts: Facts, blocks: dict[Key, list[int]], inner: dict[Key, list[int]]) -> set[int]:
    """Positions of rows to compare one new row with. `inner` holds the refined keys of rows, within each key."""
    found: set[int] = set()
    for key in set(keys(facts)):
        members = blocks.get(key, [])
        if len(members) <= MOST:
            found.update(members)
            continue
        for finer in set(refined(facts)):
            found.update(inner.get((key, finer), ())[: MOST * 4])
    return found
