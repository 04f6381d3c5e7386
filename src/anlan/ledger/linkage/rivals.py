"""A row can be the same problem as one of two others that exclude each other, not as both.

A vague row (鱼塘尾水直排, no figure) fits each of two ponds of its village. Taken one by one both pairs look likely;
taken together each can only be right if the other is wrong. With log odds s for the one and r for its best rival the
odds become exp(s) to 1 + exp(r), so that two equal rivals leave one chance in two, and a person decides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

# Likeliest partners of a row that are looked at.
_LOOKED_AT = 12

Link = tuple[float, int, int]


def discounted(links: Sequence[Link], odds: Callable[[int, int], float], veto: float) -> list[tuple[Link, float]]:
    """Links (log odds, a, b) with their odds after rivalry, and what the best rival cost each (0 without one)."""
    partners: dict[int, list[tuple[float, int]]] = {}
    for rated, a, b in links:
        partners.setdefault(a, []).append((rated, b))
        partners.setdefault(b, []).append((rated, a))
    for listed in partners.values():
        listed.sort(key=lambda one: (-one[0], one[1]))
        del listed[_LOOKED_AT:]
    found = []
    for rated, a, b in links:
        rival = max(_rival(a, b, partners, odds, veto), _rival(b, a, partners, odds, veto))
        cost = math.log1p(math.exp(min(rival, 50.0)))
        found.append(((rated - cost, a, b), cost))
    return found


def _rival(
    row: int, partner: int, partners: dict[int, list[tuple[float, int]]], odds: Callable[[int, int], float], veto: float
) -> float:
    """Log odds of the likeliest other partner of a row that can't be the same as this one."""
    for rated, other in partners[row]:
        if other != partner and odds(other, partner) < veto:
            return rated
    return -math.inf
