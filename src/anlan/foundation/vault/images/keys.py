"""Keys by which photographs are found again among many without comparing each with each.

A mark gives two keys of 20 bits of its code, the slowest waves first, for they last longest. A copy shares several with
its original even when a quarter was cut away; two photographs that have nothing in common share two by chance once in
three thousand. What is plain has few marks and is found by its hash of the whole, in four parts of 16 bits, each also
with one bit turned: so every hash within 7 bits is found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from anlan.foundation.vault.images.features import WAYS, Codes, Features, laid
from anlan.foundation.vault.images.matching import NEAR_WHOLE, Likeness, compare

Keys = npt.NDArray[np.int64]
# Of the strongest marks.
_STRONGEST: Final = 48
_BITS: Final = 20
# Waves by how slow they are; the first place holds the mean, which says nothing.
_SLOW: Final = sorted(range(1, 64), key=lambda place: (place // 8 + place % 8, place))
_BANDS: Final = (_SLOW[:_BITS], _SLOW[_BITS : 2 * _BITS])
# Fewer marks than this, and the hash of the whole is asked too.
_FEW: Final = 24
# Keys in common, laid the same way, from which on two photographs are compared.
VOTES: Final = 2
# So many of those with most keys in common are compared.
MOST: Final = 300

T = TypeVar("T", bound=Hashable)


def keys(photo: Features) -> Keys:
    """Keys under which a photograph is filed: up to 96 of its marks, and four of the whole."""
    return np.concatenate([_mark_keys(photo.marks["code"][:_STRONGEST]), _whole_keys(photo.whole)])


def probes(photo: Features) -> dict[str, Keys]:
    """Keys to look for, by the way the photograph is laid for it."""
    found = {way: _mark_keys(laid(photo.marks["code"][:_STRONGEST], way)) for way in WAYS}
    return {way: one for way, one in found.items() if len(one)}


def plain_probes(photo: Features) -> dict[str, Keys]:
    """Keys of the whole to look for; empty where the marks are enough."""
    if len(photo.marks) >= _FEW:
        return {}
    found = {}
    for way in WAYS:
        parts = _whole_keys(int(laid(np.array([photo.whole], np.uint64), way)[0]))
        turned = np.concatenate([np.zeros(1, np.int64), np.int64(1) << np.arange(16, dtype=np.int64)])
        found[way] = (parts[:, None] ^ turned[None, :]).reshape(-1)
    return found


def near_whole(photo: Features, whole: int, way: str) -> bool:
    """Whether a hash of the whole is near that of the photograph laid that way."""
    return (int(laid(np.array([photo.whole], np.uint64), way)[0]) ^ whole).bit_count() <= NEAR_WHOLE


def most_likely(votes: Counter[tuple[T, str]]) -> dict[T, tuple[str, ...]]:
    """Whom to compare, with the ways to lay it, from the keys in common by photograph and way."""
    found: dict[T, tuple[str, ...]] = {}
    for (one, way), count in votes.most_common(MOST):
        if count >= VOTES:
            found[one] = (*found.get(one, ()), way)
    return found


def _mark_keys(codes: Codes) -> Keys:
    found = []
    for number, places in enumerate(_BANDS):
        band = np.full(len(codes), number << _BITS, np.int64)
        for position, place in enumerate(places):
            band |= ((codes >> np.uint64(place)) & np.uint64(1)).astype(np.int64) << position
        found.append(band)
    return np.unique(np.concatenate(found))


def _whole_keys(whole: int) -> Keys:
    parts = [(2 + number) << _BITS | whole >> 16 * number & 0xFFFF for number in range(4)]
    return np.array(parts, np.int64)


class Index(Generic[T]):
    """Photographs in memory, found again by their keys; for lists of some ten thousand."""

    def __init__(self) -> None:
        self._photos: dict[T, Features] = {}
        self._by_key: dict[int, list[T]] = {}

    def __len__(self) -> int:
        return len(self._photos)

    def add(self, name: T, photo: Features) -> None:
        """Files a photograph; the same name twice is an error."""
        if name in self._photos:
            raise ValueError(f"{name!r} is filed already")
        self._photos[name] = photo
        for key in keys(photo).tolist():
            self._by_key.setdefault(key, []).append(name)

    def find(self, photo: Features, without: Iterable[T] = ()) -> list[tuple[T, Likeness]]:
        """Photographs that are alike, copies first; `without` are names left out."""
        out = set(without)
        votes: Counter[tuple[T, str]] = Counter()
        for way, wanted in probes(photo).items():
            for key in wanted.tolist():
                votes.update((name, way) for name in self._by_key.get(key, ()))
        ways = most_likely(votes)
        for way, wanted in plain_probes(photo).items():
            for name in {name for key in wanted.tolist() for name in self._by_key.get(key, ())}:
                if near_whole(photo, self._photos[name].whole, way):
                    ways[name] = (*ways.get(name, ()), way)
        found = [(name, likeness) for name, tried in ways.items() if name not in out
                 for likeness in [compare(photo, self._photos[name], in_order(tried))] if likeness]  # fmt: skip
        return sorted(found, key=lambda item: (not item[1].is_copy, -item[1].agreeing, -item[1].shared))


def in_order(ways: Iterable[str]) -> tuple[str, ...]:
    """The ways each once, as it is first: of two that fit equally well, the simpler one is told."""
    return tuple(sorted(set(ways), key=WAYS.index))
