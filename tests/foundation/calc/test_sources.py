"""Facts beside the rules: exact figures, named sources, doubts said aloud; figures as the steps tell them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from anlan.foundation.calc.exact import decimal, told
from anlan.foundation.calc.sources import facts, source

METHOD: dict[str, Any] = {
    "id": "x-1",
    "title": {"zh": "办法", "en": "rules"},
    "effective_from": dt.date(2020, 1, 1),
    "confidence": "high",
}


def test_figures_of_a_table_are_exact() -> None:
    assert facts("anlan.ecology.rules", "gep.toml")["alpha_percent"]["常绿阔叶林"] == Decimal("2.67")


def test_a_source_says_when_it_is_not_sure() -> None:
    assert source(METHOD).doubt == ()
    for confidence, word in (("medium", "可信度中"), ("low", "可信度低"), ("design", "并非法定")):
        (said,) = source({**METHOD, "confidence": confidence}).doubt
        assert word in said.tell("zh")


def test_an_unknown_confidence_is_refused() -> None:
    with pytest.raises(ValueError, match="x-1"):
        source({**METHOD, "confidence": "certain"})


@pytest.mark.parametrize(
    "value, text",
    [
        (Fraction(1, 3), "≈0.333333"),
        (Fraction(-200, 3), "≈-66.6667"),
        (Fraction(1, 30000), "≈0.0000333333"),
        (Decimal("0.10"), "0.1"),
        (1_000_000, "1000000"),
        (0, "0"),
        (Fraction(10**40, 3), "≈3.33333e+39"),
    ],
)
def test_figures_are_told_exactly_or_marked_as_near(value: Any, text: str) -> None:
    assert told(value) == text


def test_a_fraction_that_ends_keeps_every_digit() -> None:
    assert decimal(Fraction(1, 1024)) == Decimal("0.0009765625")
