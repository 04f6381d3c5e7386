"""Random re-checks among closures: drawn so that nobody can choose, and everybody can draw again.

First the list is fixed: `sealed` gives its SHA-256, which is journalled and made known. Only then a seed is named that
nobody could know before (a lottery's figures, the head of the journal on a day named beforehand). Each closure gets a
number from SHA-256 of seed, list and name; the heavier its signs, the likelier a small one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any, Final

from anlan.settings import InputError, Words

# Decimal's logarithm is rounded correctly everywhere, so the same seed draws the same on every machine.
_EXACT: Final = Context(prec=40)
_SPACE: Final = 2**256


@dataclass(frozen=True, slots=True)
class Drawn:
    """One closure as drawn: `weight` it had, `number` it got, in ascending order of which it was taken."""

    id: str
    weight: int
    number: Decimal


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw: hash of the list, seed, how many of how many, and who was drawn, in order."""

    list_sha256: str
    seed: str
    size: int
    drawn: tuple[Drawn, ...]

    def plain(self) -> dict[str, Any]:
        """As values of JSON."""
        return {
            "list_sha256": self.list_sha256,
            "seed": self.seed,
            "size": self.size,
            "drawn": [{"id": one.id, "weight": one.weight, "number": f"{one.number:.12f}"} for one in self.drawn],
        }


def weights(signs: Mapping[str, Iterable[int]]) -> dict[str, int]:
    """Weight of each closure in the draw: one, and what its open signs weigh. Nobody is left out by having none."""
    return {id: 1 + sum(found) for id, found in signs.items()}


def canonical(closures: Mapping[str, int]) -> bytes:
    """The list as it is hashed: JSON of [id, weight] by id, UTF-8, without blanks."""
    return json.dumps(sorted(closures.items()), ensure_ascii=False, separators=(",", ":")).encode()


def sealed(closures: Mapping[str, int]) -> str:
    """SHA-256 of the list, to be journalled before the seed is known."""
    return hashlib.sha256(canonical(closures)).hexdigest()


def draw(closures: Mapping[str, int], seed: str, number: int, *, list_sha256: str) -> Draw:
    """Draws `number` closures. `list_sha256` is what was journalled: InputError if the list was changed since.

    Weighted sampling without replacement: the smallest of −ln(u)/weight (Efraimidis and Spirakis, 2006).
    """
    found = sealed(closures)
    problems = []
    if found != list_sha256:
        problems.append(
            Words(
                f"名单与登记的不同（登记 {list_sha256[:12]}…，现在 {found[:12]}…），不能抽取；请恢复原名单或重新登记",
                f"the list is not the one that was sealed ({list_sha256[:12]}…, now {found[:12]}…): "
                "restore it, or seal anew",
            )
        )
    if not seed.strip():
        problems.append(
            Words(
                "缺随机种子；请填写事先约定、事后才知道的数",
                "there is no seed: give the figure that was named beforehand and known only afterwards",
            )
        )
    if not 0 < number <= len(closures):
        problems.append(
            Words(
                f"要抽 {number} 个，名单有 {len(closures)} 个", f"{number} to be drawn from a list of {len(closures)}"
            )
        )
    problems += [
        Words(f"{id} 的权重 {weight} 不是正数", f"the weight {weight} of {id} is not above zero")
        for id, weight in closures.items()
        if weight < 1
    ]
    if problems:
        raise InputError(*problems)
    numbered = sorted((_number(id, weight, seed, found), id) for id, weight in closures.items())
    drawn = tuple(Drawn(id, closures[id], value) for value, id in numbered[:number])
    return Draw(found, seed, len(closures), drawn)


def _number(id: str, weight: int, seed: str, list_sha256: str) -> Decimal:
    digest = hashlib.sha256("\n".join((seed, list_sha256, id)).encode()).digest()
    # Never 0 and never 1: half a step inside.
    share = _EXACT.divide(Decimal(2 * int.from_bytes(digest) + 1), Decimal(2 * _SPACE))
    return _EXACT.divide(-_EXACT.ln(share), Decimal(weight))
