"""Weights and bounds of the comparison: data (`data/model.toml`), learned where labelled ledgers could teach them."""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Model:
    """Weights in natural log odds by field and level, and the bounds of the levels.

    `chance` is how often two unlike rows agree in a field before anything is counted, `expected` how many rows that
    guess is worth, `rarest` the most a rarity counts. `plain` is the rarity below which an equal amount does not
    outweigh an unequal one. `gaps` are days between disclosures and `likeness` least similarities of texts, each with
    the name of its level. A pair is the same problem from `merge`, goes to a person from `review`; `veto` is the
    probability below which no two rows of one cluster may be.
    """

    start: float
    weights: Mapping[tuple[str, str], float]
    chance: Mapping[str, float]
    expected: float
    rarest: float
    plain: float
    gaps: tuple[tuple[str, int], ...]
    near_months: int
    likeness: tuple[tuple[str, float], ...]
    merge: float
    certain: float
    review: float
    veto: float

    def weight(self, field: str, level: str) -> float:
        """Weight of a level, 0 for one that says nothing."""
        return self.weights.get((field, level), 0.0)


@functools.cache
def standard() -> Model:
    """The model in force."""
    learned = files("anlan.ledger.linkage") / "data" / "learned.toml"
    return of(hand(), tomllib.loads(learned.read_text(encoding="utf-8")))


def hand() -> dict[str, Any]:
    """What a person set: bounds, chances and weights as they were before anything was learned."""
    return tomllib.loads((files("anlan.ledger.linkage") / "data" / "model.toml").read_text(encoding="utf-8"))


def of(data: Mapping[str, Any], learned: Mapping[str, Mapping[str, float]] | None = None) -> Model:
    """Model of the data as TOML gives them; `learned` weights stand in for those of the data."""
    bounds, taught = data["bounds"], learned or {}
    weights = {field: {**levels, **taught.get(field, {})} for field, levels in data["weights"].items()}
    return Model(
        start=weights["start"]["odds"],
        weights={(f, level): w for f, levels in weights.items() for level, w in levels.items()},
        chance=dict(data["chance"]),
        expected=bounds["expected"],
        rarest=bounds["rarest"],
        plain=bounds["plain"],
        gaps=tuple(bounds["gaps"].items()),
        near_months=bounds["near_months"],
        likeness=tuple(sorted(bounds["likeness"].items(), key=lambda one: -one[1])),
        merge=bounds["merge"],
        certain=bounds["certain"],
        review=bounds["review"],
        veto=bounds["veto"],
    )


def probability(odds: float) -> float:
    """Probability of log odds.

    >>> probability(0.0), round(probability(math.log(99)), 4)
    (0.5, 0.99)
    """
    if odds < 0:
        return math.exp(odds) / (1 + math.exp(odds))
    return 1 / (1 + math.exp(-odds))


def odds(probability: float) -> float:
    """Log odds of a probability strictly between 0 and 1."""
    return math.log(probability / (1 - probability))
