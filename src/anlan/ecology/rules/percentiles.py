"""Percentiles of samples, exact. They differ by method, so the method is always named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import cast

from anlan.foundation.calc.explain import Bilingual
from anlan.foundation.calc.inputs import Choice, Input

# Plotting positions (alpha, beta) of Hyndman and Fan, by the names numpy gives them.
_POSITIONS = {
    "linear": (Fraction(1), Fraction(1)),
    "weibull": (Fraction(0), Fraction(0)),
    "hazen": (Fraction(1, 2), Fraction(1, 2)),
    "median_unbiased": (Fraction(1, 3), Fraction(1, 3)),
    "normal_unbiased": (Fraction(3, 8), Fraction(3, 8)),
    "interpolated_inverted_cdf": (Fraction(0), Fraction(1)),
}
METHOD = Input(
    "percentile",
    Choice(
        {
            "linear": Bilingual("类型7，线性内插（缺省）", "type 7, linear (default)"),
            "weibull": Bilingual("类型6", "type 6"),
            "hazen": Bilingual("类型5", "type 5"),
            "median_unbiased": Bilingual("类型8", "type 8"),
            "normal_unbiased": Bilingual("类型9", "type 9"),
            "interpolated_inverted_cdf": Bilingual("类型4", "type 4"),
        }
    ),
    Bilingual("分位数方法", "method of percentiles"),
    required=False,
    default="linear",
)


def percentile(values: Sequence[Fraction], share: Fraction, method: str = "linear") -> Fraction:
    """Percentile of a sample that is not empty, `share` of 1, by a method of Hyndman and Fan.

    >>> percentile([Fraction(n) for n in (1, 2, 3, 10)], Fraction(1, 4))
    Fraction(7, 4)
    """
    alpha, beta = _POSITIONS[method]
    ordered = sorted(values)
    place = min(max(len(ordered) * share + alpha + share * (1 - alpha - beta), Fraction(1)), Fraction(len(ordered)))
    low = int(place)
    high = min(low + 1, len(ordered))
    return ordered[low - 1] + (place - low) * (ordered[high - 1] - ordered[low - 1])


def fractions(inputs: Mapping[str, object], name: str) -> list[Fraction]:
    """List of figures of an input as fractions, empty where it was not given."""
    return [Fraction(value) for value in cast("list[Decimal]", inputs[name] or ())]
