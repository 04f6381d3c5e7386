"""Ecological flow, volumes, masses, conversions, rural plants, online means."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.calculations import registry
from anlan.monitor.standards.exact import cut, decimal, fixed, told


def run(id: str, **inputs: Any) -> dict[str, Any]:
    return registry().run(id, inputs)


def faults(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(fault["code"], fault["field"]) for fault in answer["errors"]]


@pytest.mark.parametrize(
    "total, met, exempt, rate, ok",
    [
        (221, 203, 0, "91.85", True),  # 91.8552… cut
        (365, 364, 0, "99.72", True),  # 99.7260… cut, 99.73 if it were rounded
        (100, 80, 0, "80.00", True),
        (1000, 799, 0, "79.90", False),
        (365, 280, 15, "80.00", True),  # 280/350
        (365, 360, 15, "100.00", True),  # 360/350, at most 100
        (365, 0, 0, "0.00", False),
    ],
)
def test_the_rate_of_ecological_flow_is_cut_and_held_against_eighty(
    total: int, met: int, exempt: int, rate: str, ok: bool
) -> None:
    answer = run("water.eco_flow", total_days=total, met_days=met, exempt_days=exempt)
    assert (answer["rate"], answer["ok_at_80"]) == (rate, ok)


def test_decimals_may_be_set_and_nothing_judged_gives_null() -> None:
    assert run("water.eco_flow", total_days=3, met_days=2, cut_decimals=0)["rate"] == "66"
    empty = run("water.eco_flow", total_days=5, met_days=0, exempt_days=5)
    assert (empty["rate"], empty["ok_at_80"], empty["days"]) == (None, None, 0)
    # 2927/3660 = 79.97… %: cut to 79, and not 80.
    near = run("water.eco_flow", total_days=3660, met_days=2927, cut_decimals=0)
    assert (near["rate"], near["ok_at_80"]) == ("79", False)


def test_more_days_than_there_are_is_a_fault() -> None:
    answer = run("water.eco_flow", total_days=5, met_days=6, exempt_days=7)
    assert faults(answer) == [("out_of_range", "met_days"), ("out_of_range", "exempt_days")]


def test_the_annex_example_of_a_flow_holds() -> None:
    answer = run("water.volume", Q_L_s=17.5)
    assert [answer[key] for key in ("ten_minutes_m3", "hour_m3", "day_m3")] == [10.5, 63, 1512]
    assert faults(run("water.volume", Q_L_s=-1)) == [("out_of_range", "Q_L_s")]


def test_a_mass_below_detection_is_zero_and_half_of_it_only_in_means() -> None:
    assert run("water.mass", D_m3=1000, C_mg_L=50)["kg"] == 50
    assert run("water.mass", D_m3=1000, C_mg_L="<4")["kg"] == 0
    assert run("water.below_limit", results=["<4"])["mean"] == 2


@given(st.decimals("0", "1000", places=3))
def test_volume_and_mass_agree_with_the_conversion_of_a_load(q: Decimal) -> None:
    day = run("water.volume", Q_L_s=q)["day_m3"]
    # A tonne of water is a cubic metre: the load of a day is the same by either way.
    assert run("calc.convert", flow_t_d=day, conc_mg_L=50)["load_kg_d"] == run("water.mass", D_m3=day, C_mg_L=50)["kg"]


def test_areas_are_exact_and_a_year_may_be_shorter() -> None:
    # 6.05 × 10000 = 60500; /15 = 4033.33…; /100.
    answer = run("calc.convert", wan_mu=6.05)
    assert answer["mu"] == 60500
    assert answer["hm2"] == pytest.approx(60500 / 15)
    assert answer["km2"] == pytest.approx(60500 / 1500)
    assert answer["load_kg_d"] is None
    # 36 kg × 330 d = 11.88 t.
    assert run("calc.convert", flow_t_d=720, conc_mg_L=50, days_a=330)["load_t_a"] == 11.88


def test_a_load_needs_flow_and_concentration() -> None:
    assert faults(run("calc.convert", flow_t_d=720)) == [("missing", "conc_mg_L")]
    assert faults(run("calc.convert", conc_mg_L=1, wan_mu=1)) == [("missing", "flow_t_d")]
    assert faults(run("calc.convert")) == [("at_least_one", "flow_t_d")]


def test_a_rural_plant_is_sized_by_what_is_known() -> None:
    # 360 m³ / (720/24 m³/h) = 12 h; 720/720 = 1; 14550/731 = 19.9042…
    answer = run("water.rural_plant", capacity_t_d=720, tank_m3=360, wetland_m2=720, pipe_m=14550, manholes=731)
    assert (answer["HRT_h"], answer["surface_load_m3_m2_d"]) == (12, 1)
    assert answer["pipe_per_manhole_m"] == pytest.approx(14550 / 731)
    bare = run("water.rural_plant", capacity_t_d=720, wetland_m2=0, pipe_m=5, manholes=0)
    assert [bare[key] for key in ("HRT_h", "surface_load_m3_m2_d", "pipe_per_manhole_m")] == [None, None, None]


def hours(*pairs: tuple[Any, Any]) -> list[dict[str, Any]]:
    return [{"c": c, "q": q} for c, q in pairs]


def test_a_daily_mean_is_weighted_by_flow() -> None:
    # (10×1 + 20×3)/4 = 17.5, where the plain mean would be 15.
    answer = run("water.daily_mean", item="cod", due=2, hours=hours((10, 1), (20, 3)))
    assert (answer["valid"], answer["mean"], answer["min"], answer["max"]) == (True, 17.5, 10, 20)


@pytest.mark.parametrize("due, valid", [(4, True), (5, False)])
def test_a_daily_mean_needs_three_quarters_of_the_values_due(due: int, valid: bool) -> None:
    # 3/4 = 75 %, 3/5 = 60 %.
    answer = run("water.daily_mean", item="cod", due=due, hours=hours((10, 1), (10, 1), (10, 1)))
    assert (answer["valid"], answer["mean"]) == (valid, 10 if valid else None)


def test_each_value_that_does_not_count_says_why() -> None:
    given = [
        {"c": 10, "q": 1, "flag": "N"},
        {"c": 10, "q": 1, "flag": "M"},
        {"c": None, "q": 1},
        {"c": -0.1, "q": 1},
        {"c": 10},
        {"c": 10, "q": 0},
        {"c": 0, "q": 1},
    ]
    answer = run("water.daily_mean", item="nh3n", due=2, hours=given)
    assert [one["reason"] for one in answer["dropped"]] == ["flag", "no_value", "negative", "no_flow", "zero_flow"]
    assert [one["hour"] for one in answer["dropped"]] == [1, 2, 3, 4, 5]
    # A zero is counted and shown for a check on site.
    assert (answer["valid_count"], answer["mean"]) == (2, 5)
    assert any("现场核实" in step for step in answer["explain"]["steps"])


def test_ph_is_not_averaged_and_needs_no_flow() -> None:
    answer = run("water.daily_mean", item="pH", due=2, hours=[{"c": 6.4}, {"c": 8.9, "q": 3}])
    assert (answer["mean"], answer["min"], answer["max"], answer["valid_count"]) == (None, 6.4, 8.9, 2)


def test_a_day_with_nothing_due_is_not_judged() -> None:
    answer = run("water.daily_mean", item="cod", due=0, hours=[])
    assert (answer["valid"], answer["mean"], answer["valid_count"]) == (None, None, 0)


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 50)), min_size=1, max_size=24), st.integers(1, 1000))
def test_a_daily_mean_lies_between_its_values_whatever_the_unit_of_flow(
    pairs: list[tuple[int, int]], factor: int
) -> None:
    answer = run("water.daily_mean", item="cod", due=len(pairs), hours=hours(*pairs))
    other = run("water.daily_mean", item="cod", due=len(pairs), hours=hours(*((c, q * factor) for c, q in pairs)))
    assert answer["min"] <= answer["mean"] <= answer["max"]
    assert other["mean"] == answer["mean"]


@pytest.mark.parametrize("due, count, valid", [(28, 21, True), (28, 20, False), (31, 24, True), (31, 23, False)])
def test_a_monthly_mean_needs_three_quarters_of_the_days_due(due: int, count: int, valid: bool) -> None:
    # 21/28 = 75 %; 24/31 = 77.4 %, 23/31 = 74.2 %.
    assert run("water.monthly_mean", due_days=due, valid_days=count)["valid"] is valid


def test_a_month_with_nothing_due_is_not_judged() -> None:
    assert run("water.monthly_mean", due_days=0, valid_days=0)["valid"] is None


def test_half_the_limit_counts_below_detection_and_zero_is_no_result() -> None:
    answer = run("water.below_limit", results=["<0.01", "＜0.01", 0, -1, "0.02"])
    # (0.005 + 0.005 + 0.02)/3 = 0.01.
    assert (answer["mean"], answer["count"], answer["below_count"], answer["all_below"]) == (0.01, 3, 2, False)
    assert run("water.below_limit", results=["0.02L"])["all_below"] is True
    empty = run("water.below_limit", results=[0])
    assert (empty["mean"], empty["all_below"]) == (None, None)
    assert faults(run("water.below_limit", results=["ND", "<", "0.1", True])) == [
        ("wrong_type", "results[0]"),
        ("wrong_type", "results[1]"),
        ("wrong_type", "results[3]"),
    ]


def test_exact_figures_are_rounded_once_and_cut_towards_zero() -> None:
    assert [fixed(Fraction(n, 100), 1) for n in (5, 15, 25, -25)] == ["0.0", "0.2", "0.2", "-0.2"]
    assert [cut(Fraction(n, 3), 2) for n in (2, -2)] == ["0.66", "-0.66"]
    assert fixed(Fraction(5), 0) == "5"
    assert told(Fraction(20)) == "20"
    assert decimal(Fraction(1, 8)) == Decimal("0.125")
