"""Exact figures: fractions inside a rule, decimals on its way out, and words for its steps."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction

_WIDE = Context(prec=40)
_SHOWN = 6
_LONGEST = 30


def decimal(value: Fraction | int | Decimal) -> Decimal:
    """Decimal of an exact figure: the figure itself when it ends within 40 digits, else its first 40."""
    exact = Fraction(value)
    return _WIDE.divide(Decimal(exact.numerator), Decimal(exact.denominator))


def told(value: Fraction | int | Decimal | float) -> str:
    """Figure as a step shows it: exact where it ends within 12 decimals, else about six digits, marked ≈.

    >>> told(Fraction(1, 8)), told(Fraction(200, 3)), told(Decimal("30.00")), told(0.693147180559945309)
    ('0.125', '≈66.6667', '30', '≈0.693147')
    """
    exact = Fraction(value)
    shown = decimal(exact)
    if (
        not isinstance(value, float)
        and shown.adjusted() < _LONGEST
        and _places(shown) <= 12
        and Fraction(shown) == exact
    ):
        return _plain(shown)
    if shown.adjusted() >= _LONGEST:
        return f"≈{shown:.{_SHOWN - 1}e}"
    digits = max(_SHOWN - 1 - shown.adjusted(), 0)
    return "≈" + _plain(shown.quantize(Decimal(1).scaleb(-digits), context=_WIDE))


def _places(value: Decimal) -> int:
    return -int(value.normalize().as_tuple().exponent)


def _plain(value: Decimal) -> str:
    whole = value.to_integral_value()
    return f"{whole if value == whole else value.normalize():f}"
