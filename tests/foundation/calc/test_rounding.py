"""GB/T 8170: half to even on the decimal digits, once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.calculations import registry
from anlan.foundation.calc.rounding import rounded


@pytest.mark.parametrize(
    "value, decimals, out",
    [
        ("12.1498", 1, "12.1"),  # less than half is dropped
        ("1268", -2, "1300"),  # more than half: up
        ("10.5002", 0, "11"),  # 5 followed by something: up
        ("1.050", 1, "1.0"),  # exactly half after an even digit: stays
        ("0.35", 1, "0.4"),  # exactly half after an odd digit: up
        ("2500", -3, "2000"),
        ("3500", -3, "4000"),
        ("0.0325", 3, "0.032"),
        ("32500", -3, "32000"),
        ("-0.365", 2, "-0.36"),  # the absolute value is rounded, the sign comes back
        ("15.4546", 0, "15"),  # in one go; 15.455, 15.46, 15.5, 16 would be forbidden steps
        ("-0.04", 1, "0.0"),  # zero carries no sign
        ("2", 3, "2.000"),
        ("1E+2", 0, "100"),
    ],
)
def test_figures_round_as_the_standard_says(value: str, decimals: int, out: str) -> None:
    assert rounded(Decimal(value), decimals) == out


def test_the_calculation_takes_one_number_of_decimals_or_one_per_value() -> None:
    assert registry().run("calc.round", {"values": [0.15, "0.25", 1], "decimals": 1})["out"] == ["0.2", "0.2", "1.0"]
    assert registry().run("calc.round", {"values": ["1.005", 7], "decimals": [2, 0]})["out"] == ["1.00", "7"]


def test_there_must_be_as_many_decimals_as_values() -> None:
    answer = cast("Any", registry().run("calc.round", {"values": [1, 2], "decimals": [1]}))
    assert (answer["error"]["code"], answer["error"]["field"]) == ("wrong_length", "decimals")


def test_no_values_give_no_figures() -> None:
    assert registry().run("calc.round", {"values": [], "decimals": 1})["out"] == []


def test_the_explanation_says_why_and_stays_short() -> None:
    explain = cast("Any", registry().run("calc.round", {"values": ["0.25"] * 30, "decimals": 1}))["explain"]
    assert "恰为半个单位" in explain["steps"][0]
    assert explain["steps"][20:] == ["其余 10 个同理。"]


decimals = st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**9), max_value=10**9)


@given(decimals, st.integers(-6, 10))
def test_a_rounded_figure_is_within_half_a_unit_and_keeps_its_decimals(value: Decimal, places: int) -> None:
    out = rounded(value, places)
    assert abs(Decimal(out) - value) <= Decimal(1).scaleb(-places) / 2
    assert len(out.partition(".")[2]) == max(places, 0)


@given(decimals, decimals, st.integers(-6, 10))
def test_rounding_keeps_the_order(a: Decimal, b: Decimal, places: int) -> None:
    low, high = sorted((a, b))
    assert Decimal(rounded(low, places)) <= Decimal(rounded(high, places))


@given(st.integers(-(10**6), 10**6), st.integers(0, 6))
def test_half_way_goes_to_the_even_digit(n: int, places: int) -> None:
    half_way = (Decimal(n) + Decimal("0.5")).scaleb(-places)
    assert Decimal(rounded(half_way, places)).scaleb(places) % 2 == 0
