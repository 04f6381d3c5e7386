"""Exact arithmetic of the standards: fractions inside, decimals outside, rounded or cut once."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from decimal import Context, Decimal
from fractions import Fraction

_WIDE = Context(prec=40)
_SHOWN = 6


@functools.lru_cache(maxsize=4096)
def fraction(value: Decimal | int) -> Fraction:
    """Exact fraction of a decimal or whole number."""
    return Fraction(value)


def decimal(value: Fraction) -> Decimal:
    """Decimal of a fraction: exact when it ends within 40 digits, else its first 40."""
    return _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))


def mean(values: Sequence[Fraction]) -> Fraction | None:
    """Arithmetic mean, None of nothing."""
    return sum(values, Fraction(0)) / len(values) if values else None


def percent(part: Fraction | int, whole: Fraction | int) -> Fraction | None:
    """Part of a whole in percent, None of nothing."""
    return Fraction(part) * 100 / Fraction(whole) if whole else None


def fixed(value: Fraction, decimals: int) -> str:
    """Decimal string rounded once as GB/T 8170 says (half to even), from the exact fraction.

    >>> fixed(Fraction(1, 4), 1), fixed(Fraction(2, 3), 2), fixed(Fraction(-1, 100), 1)
    ('0.2', '0.67', '0.0')
    """
    return _placed(round(value * 10**decimals), decimals)


def cut(value: Fraction, decimals: int) -> str:
    """Decimal string with the digits after `decimals` places cut off, not rounded.

    >>> cut(Fraction(20300, 221), 2)
    '91.85'
    """
    return _placed(int(value * 10**decimals), decimals)


def _placed(units: int, decimals: int) -> str:
    digits = str(abs(units)).rjust(decimals + 1, "0")
    sign = "-" if units < 0 else ""
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)


def told(value: Fraction) -> str:
    """Figure as a step shows it: exact where it ends within 12 decimals, else its first six digits and an ellipsis.

    >>> told(Fraction(1, 8)), told(Fraction(200, 3)), told(Fraction(1, 30000))
    ('0.125', '66.6666…', '0.0000333333…')
    """
    exact = decimal(value)
    if int(exact.as_tuple().exponent) >= -12 and fraction(exact) == value:
        return f"{exact.normalize() if exact != exact.to_integral_value() else exact.to_integral_value():f}"
    places = max(_SHOWN - 1 - exact.adjusted(), 0)
    return cut(value, places) + "…"
