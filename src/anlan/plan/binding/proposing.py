"""Which indicators a target could be counted by: by what they are called, their units and who keeps them. Pure.

Nothing is bound by itself; a proposal says why it is one, and a person confirms or refuses it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from anlan.foundation.facts.kinds import Indicator
from anlan.plan.binding.converting import fits, fits_as_water

# Below this share of common pairs of characters two names have nothing to do with each other.
LEAST = 0.3
MOST = 5
_OWNER = 0.15
_MEASURE = 0.25
# What every target and every indicator says.
_EMPTY = re.compile(r"(完成|保持|达到|累计|新建|建设|总量|合计|数量|情况|面积|比重|占|率|的|了)")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Indicator that could count a target, and why: common words, whether the unit is the same, common units."""

    indicator: Indicator
    score: float
    words: tuple[str, ...]
    same_unit: bool
    water: bool
    owners: tuple[str, ...]


def propose(
    name: str,
    measure: str,
    unit: str,
    owners: Iterable[str],
    indicators: Sequence[Indicator],
) -> list[Proposal]:
    """Proposals for a target, the best first, at most five.

    `name` is the target's own words, `measure` the title of its measure, `owners` short names and kinds of the units
    that have a duty in it. An indicator in a unit that does not convert is none.
    """
    mine = set(owners)
    found = []
    for one in indicators:
        water = not fits(one.unit, unit)
        if water and not fits_as_water(one.unit, unit):
            continue
        theirs = f"{one.title.zh} {one.source_title.zh} {one.told.zh}"
        # What the indicator is called tells more than what it is worked out of.
        close = max(_alike(name, one.title.zh), 0.9 * _alike(name, theirs))
        close = max(close, 0.8 * _alike(one.title.zh, name))
        if close < LEAST:
            continue
        shared = tuple(sorted(mine & set(one.owners)))
        score = close + _MEASURE * _alike(measure, theirs) + (_OWNER if shared else 0) - (_OWNER if water else 0)
        found.append(Proposal(one, round(score, 3), _words(name, theirs), one.unit == unit, water, shared))
    found.sort(key=lambda one: (-one.score, one.indicator.source, one.indicator.id))
    return found[:MOST]


def _pairs(text: str) -> set[str]:
    plain = _EMPTY.sub(" ", unicodedata.normalize("NFKC", text).upper())
    return {run[i : i + 2] for run in re.findall(r"[^\W_]+", plain) for i in range(len(run) - 1)}


def _alike(text: str, other: str) -> float:
    """Share of the pairs of characters of a text that stand in the other as well, 0 to 1."""
    mine = _pairs(text)
    return len(mine & _pairs(other)) / len(mine) if mine else 0.0


def _words(text: str, other: str) -> tuple[str, ...]:
    """Longest common words, as people are told them."""
    text, other = (unicodedata.normalize("NFKC", one) for one in (text, other))
    blocks = SequenceMatcher(None, text, other, autojunk=False).get_matching_blocks()
    words = [text[block.a : block.a + block.size].strip() for block in blocks if block.size > 1]
    return tuple(dict.fromkeys(word for word in words if len(word) > 1))[:3]
