"""Trophic level, city index, change and trend of surface water."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.calculations import registry
from anlan.monitor.standards import classes
from anlan.monitor.standards.change import ranks


def run(id: str, **inputs: Any) -> dict[str, Any]:
    return registry().run(id, inputs)


def faults(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(fault["code"], fault["field"]) for fault in answer["errors"]]


def test_the_trophic_index_weighs_by_squared_correlations() -> None:
    # With every value 1 the logarithms vanish: the parts are 25, 94.36, 54.53, 51.18 and 1.09, and
    # (25 + 0.7056×94.36 + 0.6724×54.53 + 0.6889×51.18 + 0.6889×1.09) / 3.7558
    # = (25 + 66.580416 + 36.665972 + 35.257902 + 0.750901) / 3.7558 = 164.255191 / 3.7558 = 43.73374…
    answer = run("water.tli", chla=1, tp=1, tn=1, codmn=1, sd=1)
    assert answer["tli"] == pytest.approx(164.255191 / 3.7558, rel=1e-14)


# With chlorophyll alone the index is 25 + 10.86 × ln chla, so that chla = exp((TLI − 25)/10.86) hits a bound.
@pytest.mark.parametrize(
    "bound, below, above",
    [
        (30, "贫营养", "中营养"),
        (50, "中营养", "轻度富营养"),
        (60, "轻度富营养", "中度富营养"),
        (70, "中度富营养", "重度富营养"),
    ],
)
def test_the_trophic_grade_changes_at_its_bound(bound: int, below: str, above: str) -> None:
    chla = math.exp((bound - 25) / 10.86)
    assert run("water.tli", chla=round(chla * 0.9999, 6))["grade"] == below
    assert run("water.tli", chla=round(chla * 1.0001, 6))["grade"] == above


def test_a_trophic_index_of_some_items_says_what_is_missing() -> None:
    # Weights 1/1.6889 and 0.6889/1.6889: (25 + 0.6889 × 51.18)/1.6889 = 60.257902/1.6889.
    answer = run("water.tli", chla=1, sd=1)
    assert answer["tli"] == pytest.approx(60.257902 / 1.6889, rel=1e-14)
    assert answer["missing"] == ["tp", "tn", "codmn"]


def test_a_trophic_index_takes_no_zero_and_needs_something() -> None:
    assert faults(run("water.tli", chla=0, sd=-1)) == [("out_of_range", "chla"), ("out_of_range", "sd")]
    assert faults(run("water.tli")) == [("at_least_one", "chla")]


@given(st.decimals("0.1", "200", places=3), st.decimals("0.1", "200", places=3))
def test_more_chlorophyll_never_gives_a_lower_index(a: Decimal, b: Decimal) -> None:
    low, high = sorted((a, b))
    assert run("water.tli", chla=low, tp=0.05)["tli"] <= run("water.tli", chla=high, tp=0.05)["tli"]


def everything(body: str) -> dict[str, str]:
    """Every judged item on its class Ⅲ limit, pH on its upper bound: 21 indices of 1."""
    limits = classes.carried().limits[body]
    thirds = {
        item: limits[item].bounds[min(2, len(limits[item].bounds) - 1)] for item in classes.carried().judged(body)
    }
    return {item: str(Decimal(third.numerator) / Decimal(third.denominator)) for item, third in thirds.items()}


@pytest.mark.parametrize("body", ["river", "lake"])
def test_the_index_of_every_item_on_its_class_three_limit_is_one(body: str) -> None:
    answer = run("water.cwqi", kind=body, values=everything(body))
    assert (answer["cwqi"], answer["status"], answer["missing"]) == (21, "ok", [])
    assert set(answer["parts"].values()) == {1}


def test_the_index_of_ph_counts_from_seven_on_either_side() -> None:
    # (7 − 6.4)/1 = 0.6; (7.6 − 7)/2 = 0.3.
    indices = [run("water.cwqi", kind="river", values={"ph": ph})["cwqi"] for ph in (6.4, 7, 7.6)]
    assert indices == [0.6, 0, 0.3]


def test_an_index_without_all_items_says_so_and_one_of_nothing_is_null() -> None:
    partial = run("water.cwqi", kind="lake", values={"tp": 0.1, "tn": 9})
    # 0.1/0.05 = 2; total nitrogen takes no part.
    assert (partial["cwqi"], partial["status"], len(partial["missing"])) == (2, "incomplete", 20)
    empty = run("water.cwqi", kind="lake", values={"tn": 1})
    assert (empty["cwqi"], empty["status"]) == (None, "not_judged")


def test_below_detection_counts_half_in_the_index() -> None:
    # 0.02/2 = 0.01; 0.01/0.05 = 0.2.
    assert run("water.cwqi", kind="river", values={"oil": "<0.02"})["cwqi"] == 0.2


def test_a_city_weighs_rivers_and_lakes_by_their_numbers() -> None:
    assert run("water.cwqi_city", river=4, M=3, lake=8, N=1)["cwqi"] == 5
    assert run("water.cwqi_city", river=4)["cwqi"] == 4
    assert run("water.cwqi_city", lake=8, N=2)["cwqi"] == 8
    assert run("water.cwqi_city", river=4, M=0)["cwqi"] is None
    assert faults(run("water.cwqi_city", river=4, lake=8)) == [("missing", "M"), ("missing", "N")]
    assert faults(run("water.cwqi_city", river=4, M=3, N=1)) == [("missing", "lake")]


@pytest.mark.parametrize("now, percent, better", [(4, -20, True), (5, 0, False), (6, 20, False)])
def test_a_smaller_index_is_better(now: int, percent: int, better: bool) -> None:
    answer = run("water.cwqi_change", now=now, before=5)
    assert (answer["percent"], answer["better"]) == (percent, better)


def test_no_change_from_an_index_of_zero() -> None:
    answer = run("water.cwqi_change", now=1, before=0)
    assert (answer["percent"], answer["better"]) == (None, None)


@pytest.mark.parametrize(
    "good, bad, x, verdict",
    [
        (60, 10, 10, "无明显变化"),
        (60.1, 10, 10.1, "有所好转"),
        (60, 0, 20, "有所好转"),
        (60.1, 0, 20.1, "明显好转"),
        (40, 10, -10, "无明显变化"),
        (39.9, 10, -10.1, "有所下降"),
        (40, 20, -20, "有所下降"),
        (39.9, 20, -20.1, "明显下降"),
    ],
)
def test_change_by_shares_has_bounds_at_ten_and_twenty(good: float, bad: float, x: float, verdict: str) -> None:
    answer = run("water.change_share", before={"good": 50, "bad": 10}, after={"good": good, "bad": bad})
    assert (answer["x"], answer["verdict"]) == (x, verdict)


def test_shares_cannot_add_up_to_more_than_all() -> None:
    whole, more = {"good": 90, "bad": 10}, {"good": 90, "bad": 10.1}
    assert faults(run("water.change_share", before=more, after=more)) == [
        ("out_of_range", "before.bad"),
        ("out_of_range", "after.bad"),
    ]
    assert run("water.change_share", before=whole, after=whole)["x"] == 0


@pytest.mark.parametrize(
    "before, after, steps, verdict",
    [
        ("良好", "良好", 0, "无明显变化"),
        ("良好", "优", 1, "有所好转"),
        ("良好", "轻度污染", 1, "有所下降"),
        ("重度污染", "轻度污染", 2, "明显好转"),
        ("优", "重度污染", 4, "明显下降"),
    ],
)
def test_change_by_status_counts_grades(before: str, after: str, steps: int, verdict: str) -> None:
    answer = run("water.change_status", before=before, after=after)
    assert (answer["steps"], answer["verdict"]) == (steps, verdict)


def test_equal_values_share_their_mean_rank() -> None:
    assert ranks([Fraction(3), Fraction(1), Fraction(3), Fraction(2)]) == [Fraction(7, 2), 1, Fraction(7, 2), 2]


def test_a_trend_is_significant_on_the_critical_value() -> None:
    # N = 6, order 2 1 3 4 6 5: d = 1 −1 0 0 1 −1, Σd² = 4, 1 − 24/210 = 0.8857… ≥ 0.829; at 0.01: < 0.943.
    values = [2, 1, 3, 4, 6, 5]
    at_five, at_one = (run("water.trend", values=values, alpha=alpha) for alpha in (0.05, "0.01"))
    assert at_five["rs"] == pytest.approx(1 - 24 / 210)
    assert [(one["wp"], one["verdict"]) for one in (at_five, at_one)] == [(0.829, "上升"), (0.943, "平稳")]
    # N = 5 and rs = 0.9 exactly, ranks 2 1 3 4 5: Σd² = 2, 1 − 12/120.
    five = run("water.trend", values=[2, 1, 3, 4, 5])
    assert (five["rs"], five["wp"], five["verdict"]) == (0.9, 0.9, "上升")
    # N = 5, at 0.01 the bound is 1.
    assert run("water.trend", values=[1, 2, 3, 4, 5], alpha=0.01)["verdict"] == "上升"


def test_between_two_numbers_of_periods_the_smaller_and_stricter_holds() -> None:
    assert run("water.trend", values=list(range(11)))["wp"] == 0.564
    assert run("water.trend", values=list(range(40)))["wp"] == 0.306


@pytest.mark.parametrize("n", [5, 14, 30])
def test_a_constant_series_has_no_trend_although_the_printed_formula_gives_a_half(n: int) -> None:
    answer = run("water.trend", values=[0.01] * n)
    assert (answer["rs"], answer["verdict"]) == (0.5, "平稳")


def test_mostly_equal_values_show_no_trend() -> None:
    # Ranks 8 fifteen times and 16 in place 12: Σd² = 328 + 16 = 344, 1 − 6×344/4080 = 0.494 ≥ 0.425.
    # Corrected for ties it is 28/√(60×340) = 0.196.
    answer = run("water.trend", values=[1] * 11 + [2] + [1] * 4)
    assert answer["rs"] > answer["wp"]
    assert answer["verdict"] == "平稳"


def test_fewer_than_five_periods_are_not_judged_and_other_levels_refused() -> None:
    assert run("water.trend", values=[1, 2, 3, 4])["status"] == "not_judged"
    assert run("water.trend", values=[])["verdict"] is None
    assert faults(run("water.trend", values=[1, 2], alpha=0.1)) == [("not_a_choice", "alpha")]


# Ties lift the printed rs in both directions alike: only series without them mirror.
@given(st.lists(st.integers(0, 500), min_size=5, max_size=30, unique=True))
def test_a_series_read_backward_turns_its_trend(values: list[int]) -> None:
    turned = {"上升": "下降", "下降": "上升", "平稳": "平稳"}
    forward, backward = (run("water.trend", values=series) for series in (values, values[::-1]))
    assert backward["rs"] == pytest.approx(-forward["rs"])
    assert backward["verdict"] == turned[forward["verdict"]]


@given(st.lists(st.integers(0, 50), min_size=5, max_size=30), st.integers(1, 1000))
def test_the_unit_of_the_values_changes_no_trend(values: list[int], factor: int) -> None:
    scaled = run("water.trend", values=[value * factor for value in values])
    assert scaled == run("water.trend", values=values)
