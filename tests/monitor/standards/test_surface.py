"""Class of surface water: both sides of every limit, main indicators, means, shares."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.calculations import registry
from anlan.foundation.calc.registry import Registry
from anlan.monitor.standards import classes, surface
from anlan.monitor.standards.classes import CLASSES
from anlan.monitor.standards.words import facts


def run(id: str, **inputs: Any) -> dict[str, Any]:
    return registry().run(id, inputs)


def section(values: dict[str, Any], water_body: str = "river", **inputs: Any) -> dict[str, Any]:
    return run("water.section", water_body=water_body, values=values, **inputs)


def many(inputs: dict[str, Any]) -> dict[str, Any]:
    """water.river_many; the names of classes cannot be keywords, which Python would turn into plain letters."""
    return registry().run("water.river_many", inputs)


def faults(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(fault["code"], fault["field"]) for fault in answer["errors"]]


LIMITS = [
    (body, item, grade)
    for body in ("river", "lake")
    for item, limit in classes.carried().limits[body].items()
    if limit.op != "inside" and item not in classes.carried().apart
    for grade in range(5)
]


@pytest.mark.parametrize("body, item, grade", LIMITS)
def test_a_value_on_a_limit_meets_it_and_one_beyond_does_not(body: str, item: str, grade: int) -> None:
    limit = classes.carried().limits[body][item]
    bound = limit.bounds[grade]
    # The best class with this very limit: COD has 15 for Ⅰ and Ⅱ, and 15 is Ⅰ.
    best = limit.bounds.index(bound)
    # The class after the last one with this limit.
    after = 5 - tuple(reversed(limit.bounds)).index(bound)
    sign = -1 if limit.op == "at_least" else 1
    on = str(Decimal(bound.numerator) / Decimal(bound.denominator))
    beyond = str(Decimal(on) + sign * Decimal("0.0000001"))
    assert section({item: on}, body)["class"] == CLASSES[best]
    assert section({item: beyond}, body)["class"] == CLASSES[after]


@pytest.mark.parametrize("ph, grade", [("5.99", "劣Ⅴ"), ("6", "Ⅰ"), (7, "Ⅰ"), (9, "Ⅰ"), ("9.01", "劣Ⅴ"), (14, "劣Ⅴ")])
def test_ph_is_a_closed_range(ph: object, grade: str) -> None:
    assert section({"ph": ph})["class"] == grade


@pytest.mark.parametrize(
    "name, status, colour",
    [
        (0.1, "优", "蓝色"),
        (0.5, "优", "蓝色"),
        (1, "良好", "绿色"),
        (1.5, "轻度污染", "黄色"),
        (2, "中度污染", "橙色"),
        (2.1, "重度污染", "红色"),
    ],
)
def test_each_class_has_its_status_and_colour(name: float, status: str, colour: str) -> None:
    answer = section({"nh3n": name})
    assert (answer["status"], answer["colour"]) == (status, colour)


def test_rivers_and_lakes_have_their_own_phosphorus_limits() -> None:
    assert section({"tp": 0.1})["class"] == "Ⅱ"
    assert section({"tp": 0.1}, "lake")["class"] == "Ⅳ"


def test_total_nitrogen_and_coliforms_stand_apart() -> None:
    lake = section({"cod": 10, "tn": 5, "fcoli": 20000}, "lake")
    assert lake["class"] == "Ⅰ"
    assert lake["apart"] == {"tn": "劣Ⅴ", "fcoli": "Ⅳ"}
    # Rivers have no limits for total nitrogen at all.
    assert section({"cod": 10, "tn": 5})["apart"] == {}


def test_missing_items_are_listed_and_nothing_judged_gives_null() -> None:
    assert len(section({"cod": 10})["missing"]) == 20
    for values in ({}, {"tn": 1}, {"cod": None}, {"chla": 5, "sd": 1}):
        answer = section(values, "lake")
        assert (answer["class"], answer["status"], answer["colour"], answer["main"]) == (None, None, None, [])


@pytest.mark.parametrize("value", [0, -1, "0.00"])
def test_zero_and_negative_are_no_results(value: object) -> None:
    answer = section({"cod": value, "nh3n": 0.4})
    assert answer["class"] == "Ⅱ"
    assert "cod" in answer["missing"]
    assert "按缺测处理" in answer["explain"]["steps"][0]


def test_below_detection_meets_class_one_whatever_the_limit_of_detection() -> None:
    # Half of 0.1 would be class Ⅰ too, but half of 0.2 is 0.1: Ⅳ.
    assert section({"oil": "<0.2"})["items"] == {"oil": "Ⅰ"}
    assert section({"oil": "0.2L"})["items"] == {"oil": "Ⅰ"}
    # For oxygen less is worse: half of 0.5 is below 2.
    assert section({"do": "<0.5"})["class"] == "劣Ⅴ"


def test_oxygen_is_class_one_from_ninety_percent_saturation_where_the_temperature_is_known() -> None:
    # 468/(31.6 + 28.4) = 468/60 = 7.8; 90 % are 7.02 mg/L.
    assert section({"do": "7.02"}, water_temp=28.4)["class"] == "Ⅰ"
    assert section({"do": "7.01"}, water_temp=28.4)["class"] == "Ⅱ"
    assert section({"do": "7.02"})["class"] == "Ⅱ"
    # At 0 °C saturation is 14.81 and 90 % of it 13.3, but 7.5 mg/L is class Ⅰ as it stands.
    assert section({"do": 7.5}, water_temp=0)["class"] == "Ⅰ"


def test_main_indicators_are_three_by_class_then_multiple() -> None:
    # COD (41 − 20)/20 = 1.05 → 1.0 (half to even), CODMn (13.2 − 6)/6 = 1.2, NH3-N 1.4 Ⅳ 0.4, TP 0.45 劣Ⅴ 1.25 → 1.2.
    answer = section({"cod": 41, "codmn": 13.2, "nh3n": 1.4, "tp": 0.45})
    assert answer["main"] == [["tp", "劣Ⅴ", "1.2"], ["cod", "劣Ⅴ", "1.0"], ["codmn", "Ⅴ", "1.2"]]


def test_cyanide_and_heavy_metals_lead_and_oxygen_comes_last_in_its_class() -> None:
    # Lead 0.06: Ⅴ, (0.06 − 0.05)/0.05 = 0.2.
    answer = section({"pb": 0.06, "do": 2.5, "cod": 31, "nh3n": 3})
    assert answer["main"] == [["pb", "Ⅴ", "0.2"], ["nh3n", "劣Ⅴ", "2.0"], ["cod", "Ⅴ", "0.6"]]
    assert section({"do": 2.5, "cod": 31})["main"] == [["cod", "Ⅴ", "0.6"], ["do", "Ⅴ", None]]
    # Cyanide at class Ⅲ does not lead.
    assert section({"cn": 0.2, "cod": 31})["main"] == [["cod", "Ⅴ", "0.6"]]


def test_equal_multiples_keep_the_order_of_the_table() -> None:
    # Both 劣Ⅴ with multiple 2: CODMn 18/6 and COD 60/20.
    assert [one[0] for one in section({"cod": 60, "codmn": 18})["main"]] == ["codmn", "cod"]


def test_there_are_no_main_indicators_up_to_class_three() -> None:
    assert section({"cod": 20, "tp": 0.2})["main"] == []


def test_all_that_is_wrong_is_told_at_once() -> None:
    answer = run("water.section", water_body="sea", values={"cod": "many", "nh3": 1, "ph": 15, "hg": "<0"}, tmp=3)
    assert faults(answer) == [
        ("unknown_field", "tmp"),
        ("not_a_choice", "water_body"),
        ("wrong_type", "values.cod"),
        ("unknown_field", "values.nh3"),
        ("out_of_range", "values.ph"),
        ("wrong_type", "values.hg"),
    ]


def test_the_mean_over_points_is_rounded_before_it_is_compared() -> None:
    # (0.050 + 0.051)/2 = 0.0505, to three decimals 0.050 (half to even): Ⅲ; (0.051 + 0.052)/2 = 0.0515 → 0.052: Ⅳ.
    low = run("water.lake_mean", water_body="lake", points=[{"tp": 0.050}, {"tp": 0.051}])
    high = run("water.lake_mean", water_body="lake", points=[{"tp": 0.051}, {"tp": 0.052}])
    assert (low["mean"], low["compared"], low["class"]) == ({"tp": 0.0505}, {"tp": "0.050"}, "Ⅲ")
    assert (high["mean"], high["compared"], high["class"]) == ({"tp": 0.0515}, {"tp": "0.052"}, "Ⅳ")
    # The decimals are not established: a caller sets others.
    four = run("water.lake_mean", water_body="lake", points=[{"tp": 0.050}, {"tp": 0.051}], decimals={"tp": 4})
    assert (four["compared"], four["class"]) == ({"tp": "0.0505"}, "Ⅳ")


def test_a_mean_below_detection_counts_as_class_one_and_is_not_rounded_to_zero() -> None:
    # Halves: 0.000002 each; to five decimals that would be 0.
    answer = run("water.lake_mean", water_body="lake", points=[{"hg": "<0.000004"}, {"hg": "<0.000004"}])
    assert (answer["mean"], answer["compared"], answer["class"]) == ({"hg": 0.000002}, {"hg": "0.000002"}, "Ⅰ")


def test_a_point_without_the_item_does_not_count_in_its_mean() -> None:
    answer = run("water.lake_mean", water_body="lake", points=[{"cod": 10}, {"cod": 20, "do": 8}, {"do": 6, "cod": 0}])
    assert answer["mean"] == {"do": 7, "cod": 15}


def test_few_sections_are_averaged_and_five_are_refused() -> None:
    answer = run("water.river_few", sections=[{"tp": 0.1}, {"tp": 0.3}])
    assert (answer["class"], answer["sections"], answer["main"]) == ("Ⅲ", ["Ⅱ", "Ⅳ"], [])
    assert faults(run("water.river_few", sections=[{"tp": 0.1}] * 5)) == [("wrong_length", "sections")]
    assert faults(run("water.river_few", sections=[])) == [("wrong_length", "sections")]


def test_decimals_of_an_unknown_item_are_a_fault() -> None:
    assert faults(run("water.river_few", sections=[{"tp": 0.1}], decimals={"tpp": 2})) == [
        ("unknown_field", "decimals.tpp")
    ]


@pytest.mark.parametrize(
    "counts, status",
    [
        ({"Ⅱ": 90, "Ⅳ": 10}, "优"),
        ({"Ⅱ": 899, "Ⅳ": 101}, "良好"),
        ({"Ⅲ": 75, "劣Ⅴ": 25}, "良好"),
        ({"Ⅲ": 749, "Ⅳ": 251}, "轻度污染"),
        ({"Ⅲ": 74, "Ⅳ": 7, "劣Ⅴ": 19}, "轻度污染"),
        ({"Ⅲ": 74, "Ⅳ": 6, "劣Ⅴ": 20}, "中度污染"),
        ({"Ⅲ": 601, "劣Ⅴ": 399}, "中度污染"),
        ({"Ⅲ": 60, "劣Ⅴ": 40}, "重度污染"),
        ({"劣Ⅴ": 5}, "重度污染"),
    ],
)
def test_the_status_of_many_sections_goes_by_shares(counts: dict[str, int], status: str) -> None:
    assert many(counts)["status"] == status
    assert many({"counts": counts})["status"] == status


def test_shares_may_be_given_of_a_hundred_or_of_one_and_miss_it_by_their_rounding() -> None:
    # Printed thirds: 33.3 + 33.3 + 33.3 = 99.9.
    for shares in (
        {"shares": {"Ⅱ": 33.3, "Ⅲ": 33.3, "劣Ⅴ": 33.3}},
        {"Ⅱ": 33.3, "Ⅲ": 33.3, "劣Ⅴ": 33.3},
        {"shares": {"Ⅱ": 0.333, "Ⅲ": 0.333, "劣Ⅴ": 0.333}},
    ):
        answer = many(shares)
        assert (answer["good_percent"], answer["bad_percent"]) == ("66.6", "33.3")
    assert faults(many({"shares": {"Ⅱ": 50}})) == [("out_of_range", "shares")]
    assert faults(many({"Ⅱ": 50.5, "Ⅲ": 3})) == [("out_of_range", "Ⅱ")]


def test_shares_are_compared_unrounded() -> None:
    # 1499/2000 = 74.95 %, printed 75.0 (the digit before the half is odd: up), yet below 75.
    answer = many({"Ⅱ": 1499, "Ⅳ": 501})
    assert (answer["good_percent"], answer["status"]) == ("75.0", "轻度污染")


def test_no_sections_give_nulls_and_two_forms_are_a_fault() -> None:
    empty = many({"Ⅰ": 0})
    assert (empty["good_percent"], empty["status"]) == (None, None)
    assert faults(many({})) == [("at_least_one", "Ⅰ")]
    assert faults(many({"counts": {"Ⅰ": 1}, "Ⅱ": 1})) == [("exactly_one", "counts")]


def test_a_pack_may_bring_its_own_table() -> None:
    table = facts("surface.toml")
    table["at_most"]["cod"] = [1, 2, 3, 4, 5]
    own = Registry(surface.calculations(classes.surface_limits(table), classes.assessment()))
    assert own.run("water.section", {"water_body": "river", "values": {"cod": 4.5}})["class"] == "Ⅴ"


AT_MOST = [item for item, limit in classes.carried().limits["river"].items() if limit.op == "at_most"]
figures = st.decimals("0.000001", "100", places=6)


@given(st.sampled_from(AT_MOST), figures, figures)
def test_more_of_a_pollutant_never_gives_a_better_class(item: str, a: Decimal, b: Decimal) -> None:
    low, high = sorted((a, b))
    limit = classes.carried().limits["river"][item]
    assert limit.grade(Fraction(low)) <= limit.grade(Fraction(high))


@given(figures, figures)
def test_less_oxygen_never_gives_a_better_class(a: Decimal, b: Decimal) -> None:
    low, high = sorted((a, b))
    limit = classes.carried().limits["river"]["do"]
    assert limit.grade(Fraction(high)) <= limit.grade(Fraction(low))


samples = st.dictionaries(
    st.sampled_from(["do", "cod", "codmn", "nh3n", "tp", "pb", "cn"]), figures.map(str), min_size=1
)


@given(samples, st.randoms(use_true_random=False))
def test_the_order_of_items_changes_nothing(values: dict[str, str], random: Any) -> None:
    keys = list(values)
    random.shuffle(keys)
    a, b = section(values), section({key: values[key] for key in keys})
    assert a == b


@given(samples, samples)
def test_another_item_never_makes_the_class_better(values: dict[str, str], more: dict[str, str]) -> None:
    both = {**more, **values}
    assert CLASSES.index(section(values)["class"]) <= CLASSES.index(section(both)["class"])


@given(st.lists(samples, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_points_changes_nothing_but_the_steps(points: list[dict[str, str]], random: Any) -> None:
    other = list(points)
    random.shuffle(other)
    a, b = (run("water.lake_mean", water_body="lake", points=given) for given in (points, other))
    assert {k: v for k, v in a.items() if k != "explain"} == {k: v for k, v in b.items() if k != "explain"}


@given(samples)
def test_a_mean_of_one_point_without_rounding_is_that_point(values: dict[str, str]) -> None:
    mean = run("water.lake_mean", water_body="river", points=[values], decimals=dict.fromkeys(values, 6))
    assert (mean["class"], mean["main"]) == (section(values)["class"], section(values)["main"])
