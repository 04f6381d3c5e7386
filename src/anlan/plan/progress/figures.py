"""Figures as people type them, in the unit of a target: 6.05万亩 and 60500 亩 are the same, exactly."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from anlan.foundation import quantities
from anlan.foundation.quantities import Comparator
from anlan.settings import InputError, Words

# Finer than any target of a plan; an amount that needs more did not come out even.
MOST_PLACES = 6
_GREATEST = 2**63 - 1
_SCALED = frozenset("万亿萬億")
# Of these each unit must reach the level by itself: shares do not add up.
_LEVELS = frozenset({"ratio", "points", "times", "level"})


@dataclass(frozen=True, slots=True)
class Exact:
    """Number as the stores keep it: `value` is an integer of 10**-scale."""

    value: int
    scale: int

    @property
    def number(self) -> Decimal:
        """The number itself."""
        return Decimal(self.value).scaleb(-self.scale)

    def __str__(self) -> str:
        """Digits without zeros at the end: 6.05, 60500."""
        return written(self.number)


def written(number: Decimal) -> str:
    """Number as pages print it, without zeros at the end and never with an exponent.

    >>> written(Decimal("60500.00")), written(Decimal("6.050")), written(Decimal("1E+3"))
    ('60500', '6.05', '1000')
    """
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def exact(number: Decimal) -> Exact:
    """Number as an integer with the smallest scale that holds it.

    >>> exact(Decimal("6.050")), exact(Decimal("60500"))
    (Exact(value=605, scale=2), Exact(value=60500, scale=0))
    """
    plain = number.normalize()
    scale = max(0, -int(plain.as_tuple().exponent))
    return Exact(int(plain.scaleb(scale)), scale)


def adds_up(unit: str) -> bool:
    """Whether shares of a target in this unit add up to the whole, as amounts do and percentages do not.

    >>> adds_up("万亩"), adds_up("%")
    (True, False)
    """
    return quantities.kind(unit) not in _LEVELS


def read(typed: str, unit: str) -> Exact:
    """Figure in the target's unit. A bare number is in that unit already; another unit of the same kind is converted.

    Raises InputError with what was typed and what to type instead: for several figures, a range, an approximate or a
    negative figure, a unit that measures something else, an amount that does not come out even.

    >>> read("60500 亩", "万亩"), read("6.05万亩", "万亩"), read("6.05", "万亩")
    (Exact(value=605, scale=2), Exact(value=605, scale=2), Exact(value=605, scale=2))
    """
    text = "".join(unicodedata.normalize("NFKC", typed).split())
    example = f"6.05{unit}" if adds_up(unit) else f"95{unit}"
    bare = quantities.number(text)
    if bare is not None and not text.endswith(("%", "‰")) and "分之" not in text:
        # 6.05万 beside a target in 万亩 means mu: whoever writes the 万 does not mean it twice.
        scale = quantities.base(unit)[0] if _SCALED & set(text) else 1
        return _fitting(typed, bare / scale, unit)
    found = quantities.find(text)
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(text)):
        raise InputError(
            Words(
                f"“{typed}”不是一个数：请只填一个数字，可带单位，如 {example}",
                f"“{typed}” is not one figure: give one number, with or without its unit, such as {example}",
            )
        )
    one = found[0]
    if isinstance(one.value, tuple) or one.comparator is not Comparator.EQ or one.approximate:
        raise InputError(
            Words(
                f"“{typed}”不是确数：请填实际完成的数，不带“约”“以上”“至”等字",
                f"“{typed}” is not exact: give the figure reached, without “about”, “more than” or a range",
            )
        )
    if one.unit == unit or not one.unit:
        return _fitting(typed, one.value, unit)
    try:
        value = quantities.convert(one.value, one.unit, unit)
    except ValueError as error:
        raise InputError(
            Words(
                f"“{typed}”的单位“{one.unit}”换算不成“{unit}”：请按“{unit}”填写",
                f"“{typed}” is in {one.unit}, which does not convert to {unit}: give it in {unit}",
            )
        ) from error
    return _fitting(typed, value, unit)


def _fitting(typed: str, number: Decimal, unit: str) -> Exact:
    found = exact(number)
    if found.scale > MOST_PLACES:
        raise InputError(
            Words(
                f"“{typed}”换算成“{unit}”后超过 {MOST_PLACES} 位小数：请直接按“{unit}”填写",
                f"“{typed}” has more than {MOST_PLACES} places in {unit}: give it in {unit}",
            )
        )
    if not 0 <= found.value <= _GREATEST:
        raise InputError(Words(f"“{typed}”太大：请核对", f"“{typed}” is too large: check it"))
    return found


def of(row: HasFigure) -> Exact | None:
    """Figure of a row, None where its text gives none."""
    return None if row.value is None else Exact(row.value, row.scale)


def goal(target: HasRange) -> tuple[Exact | None, Exact | None]:
    """Least and greatest that meets a target; None where it has no such bound."""
    low = None if target.low is None else Exact(target.low, target.scale)
    high = None if target.high is None else Exact(target.high, target.scale)
    if target.comparator in ("le", "lt"):
        return None, high
    return low, high if target.comparator == "range" else None


def meets(found: Exact, target: HasRange) -> bool:
    """Whether a figure meets a target; more than a range asks for is no fault where amounts add up."""
    low, high = goal(target)
    if low is not None and (found.number <= low.number if target.comparator == "gt" else found.number < low.number):
        return False
    if high is not None and target.comparator in ("le", "lt"):
        return found.number < high.number if target.comparator == "lt" else found.number <= high.number
    return True


def shortfall(row: HasFigure, target: HasTarget) -> Words | None:
    """That a figure does not meet its target, None if it does or there is nothing to compare."""
    found = of(row)
    if found is None or (target.low is None and target.high is None) or meets(found, target):
        return None
    return Words(
        f"“{target.indicator}”报 {found}{target.unit}，没有达到目标（{target.text}）",
        f"{target.indicator}: {found} {target.unit} does not meet the target ({target.text})",
    )


class HasFigure(Protocol):
    """Row that keeps a figure."""

    value: int | None
    scale: int


class HasRange(Protocol):
    """Row that keeps what a target asks for."""

    low: int | None
    high: int | None
    scale: int
    comparator: str


class HasTarget(HasRange, Protocol):
    """Target with its words."""

    indicator: str
    unit: str
    text: str
