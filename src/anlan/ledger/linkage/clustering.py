"""Clusters from pairs, without chaining: a row joins a cluster only if it fits all of it.

Pairs are taken from the likeliest down. Two clusters become one if their rows fit on average and no two of them
contradict each other. Near-twins (two ponds of one village, each close to a third row that is vague) stay apart where
single links would have run them together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

# Clusters larger than this are sampled when they are compared with another.
_LOOKED_AT = 12


def clusters(
    count: int, links: Iterable[tuple[float, int, int]], odds: Callable[[int, int], float], veto: float
) -> list[list[int]]:
    """Clusters of the positions 0 to `count` - 1, each ascending, ordered by their first.

    `links` are pairs that may be the same, best first; `odds` gives the log odds of any pair, `veto` the log odds below
    which two rows can't be in one cluster.
    """
    home = list(range(count))
    members: dict[int, list[int]] = {}
    for _, a, b in links:
        left, right = home[a], home[b]
        if left == right:
            continue
        mine, theirs = members.get(left, [left]), members.get(right, [right])
        if not _fits(_sample(mine, a), _sample(theirs, b), odds, veto):
            continue
        if len(mine) < len(theirs):
            left, right, mine, theirs = right, left, theirs, mine
        members[left] = mine + theirs
        members.pop(right, None)
        for position in theirs:
            home[position] = left
    gathered: dict[int, list[int]] = {}
    for position, at in enumerate(home):
        gathered.setdefault(at, []).append(position)
    return sorted(gathered.values())


def _sample(rows: list[int], always: int) -> list[int]:
    if len(rows) <= _LOOKED_AT:
        return rows
    step = len(rows) / (_LOOKED_AT - 1)
    return [always, *(sorted(rows)[int(place * step)] for place in range(_LOOKED_AT - 1))]


def _fits(mine: list[int], theirs: list[int], odds: Callable[[int, int], float], veto: float) -> bool:
    total = 0.0
    for a in mine:
        for b in theirs:
            one = odds(a, b)
            if one < veto:
                return False
            total += one
    return total > 0
