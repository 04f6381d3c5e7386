"""What a figure in a text is: value, unit, how it binds, and where each part stands."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Comparator(StrEnum):
    """How a figure binds: equal, at least, at most, more than, less than, or within a range."""

    EQ = "eq"
    GE = "ge"
    LE = "le"
    GT = "gt"
    LT = "lt"
    RANGE = "range"


class Place(NamedTuple):
    """Half-open range of characters [start, end) of the text that was read."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """Figure as printed: 不低于6.05万亩 is at least 6.05 of the unit 万亩.

    `start` and `end` take in the comparator words. `value` is a pair (low, high) for a range, in `unit`.
    `unit` is as printed, scale included, and empty where the number has none. `comparator_place` is the word
    that decides (the last one: 达到98%以上 is decided by 以上), None for a bare number. `approximate` is set by
    约, 近, 左右, 余, 多. `spelled` says that the number is written in Chinese numerals.
    """

    start: int
    end: int
    value: Decimal | tuple[Decimal, Decimal]
    unit: str
    comparator: Comparator
    number_place: Place
    unit_place: Place
    comparator_place: Place | None = None
    approximate: bool = False
    spelled: bool = False
