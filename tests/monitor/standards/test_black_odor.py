"""Black-odorous water: both sides of every bound, shallow water, missing items, points and bodies."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.calculations import registry

GOOD = {"sd_cm": 30, "do": 3, "orp": 60, "nh3n": 1}
GRADES = ["不黑臭", "轻度黑臭", "重度黑臭"]


def run(id: str, **inputs: Any) -> dict[str, Any]:
    return registry().run(id, inputs)


def urban(**inputs: Any) -> dict[str, Any]:
    return run("water.black_odor", area="urban", **{**GOOD, **inputs})


def rural(**inputs: Any) -> dict[str, Any]:
    return run("water.black_odor", area="rural", **{"sd_cm": 30, "do": 3, "nh3n": 1, **inputs})


def faults(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(fault["code"], fault["field"]) for fault in answer["errors"]]


@pytest.mark.parametrize(
    "item, good, light, heavy",
    [
        ("sd_cm", "25.01", ("25", "10"), "9.99"),
        ("do", "2.01", ("2.0", "0.2"), "0.19"),
        ("orp", "50.1", ("50", "-200"), "-200.1"),
        ("nh3n", "7.99", ("8.0", "15"), "15.01"),
    ],
)
def test_the_light_range_is_closed(item: str, good: str, light: tuple[str, str], heavy: str) -> None:
    found = [urban(**{item: Decimal(text)})["grade"] for text in (good, *light, heavy)]
    assert found == ["不黑臭", "轻度黑臭", "轻度黑臭", "重度黑臭"]
    assert urban(**{item: Decimal(heavy)})["sample_heavy_items"] == ["sd" if item == "sd_cm" else item]


@pytest.mark.parametrize("item, on, over", [("sd_cm", "25", "24.9"), ("do", "2", "1.99"), ("nh3n", "15", "15.01")])
def test_rural_water_has_one_bound_for_each_item(item: str, on: str, over: str) -> None:
    assert rural(**{item: Decimal(on)})["grade"] == "不黑臭"
    assert rural(**{item: Decimal(over)})["grade"] == "黑臭"


def test_rural_water_does_not_need_a_redox_potential() -> None:
    assert rural(orp=-300)["grade"] == "不黑臭"
    assert rural()["missing"] == []


@pytest.mark.parametrize(
    "sd, depth, grade",
    [
        (7.9, 20, "重度黑臭"),  # 40 % of 20 cm are 8 cm
        (8, 20, "轻度黑臭"),
        (19.9, 20, "轻度黑臭"),
        (20, 20, "不黑臭"),  # seen to the bottom
        (9.8, 24.9, "重度黑臭"),  # 40 % of 24.9 are 9.96
        (9.97, 24.9, "轻度黑臭"),
        (9.97, 25, "重度黑臭"),  # from 25 cm depth the plain bound of 10 holds
    ],
)
def test_in_shallow_water_transparency_is_held_against_the_depth(sd: float, depth: float, grade: str) -> None:
    assert urban(sd_cm=sd, depth_cm=depth)["grade"] == grade


def test_shallow_rural_water_is_held_against_forty_percent_of_its_depth() -> None:
    assert rural(sd_cm=8, depth_cm=20)["grade"] == "不黑臭"
    assert rural(sd_cm=7.9, depth_cm=20)["grade"] == "黑臭"


def test_a_missing_item_is_never_read_as_met() -> None:
    partly = run("water.black_odor", area="urban", nh3n=1)
    assert (partly["grade"], partly["missing"]) == (None, ["sd", "do", "orp"])
    # What is over is over, whatever is missing.
    assert run("water.black_odor", area="urban", nh3n=16)["grade"] == "重度黑臭"
    assert faults(run("water.black_odor", area="urban")) == [("at_least_one", "sd_cm")]


@pytest.mark.parametrize(
    "samples, heavy, point",
    [
        (5, {"do": 3}, "重度黑臭"),  # 60 %
        (100, {"do": 59}, "轻度黑臭"),
        (10, {"do": 3, "orp": 3}, "重度黑臭"),  # 30 % each
        (100, {"do": 30, "orp": 29}, "轻度黑臭"),
        (4, {}, "轻度黑臭"),
        (0, {}, None),
    ],
)
def test_a_point_is_heavy_by_one_item_or_by_two(samples: int, heavy: dict[str, int], point: str | None) -> None:
    assert run("water.black_odor_point", samples=samples, heavy=heavy)["point"] == point


def test_no_item_is_heavy_more_often_than_there_are_samples() -> None:
    answer = run("water.black_odor_point", samples=3, heavy={"do": 4, "sd": 9})
    assert faults(answer) == [("out_of_range", "heavy.do"), ("out_of_range", "heavy.sd")]


def body(pattern: str) -> dict[str, Any]:
    words = {"h": "重度黑臭", "l": "轻度黑臭"}
    return run("water.black_odor_body", points=[words[one] for one in pattern])


@pytest.mark.parametrize(
    "pattern, percent, grade, stretches",
    [
        ("hhhll", 60, "重度黑臭", [[1, 3]]),
        ("hlhlhl", 50, "轻度黑臭", []),
        ("lhhhllhhhh", 70, "重度黑臭", [[2, 4], [7, 10]]),
        ("lhhhllll", 37.5, "轻度黑臭", [[2, 4]]),
    ],
)
def test_a_body_is_heavy_from_sixty_percent_of_its_points(
    pattern: str, percent: float, grade: str, stretches: list[list[int]]
) -> None:
    answer = body(pattern)
    assert (answer["heavy_percent"], answer["body"], answer["stretches"]) == (percent, grade, stretches)


def test_a_body_without_points_is_not_judged() -> None:
    assert (body("")["heavy_percent"], body("")["body"]) == (None, None)


concentrations = st.decimals("0", "40", places=2)


@given(concentrations, concentrations)
def test_more_ammonia_never_gives_a_better_grade(a: Decimal, b: Decimal) -> None:
    low, high = sorted((a, b))
    assert GRADES.index(urban(nh3n=low)["grade"]) <= GRADES.index(urban(nh3n=high)["grade"])


@given(concentrations, concentrations, st.sampled_from(["do", "sd_cm"]), st.sampled_from([None, 12, 20, 40]))
def test_less_oxygen_or_transparency_never_gives_a_better_grade(a: Decimal, b: Decimal, item: str, depth: Any) -> None:
    low, high = sorted((a, b))
    found = [urban(**{item: value, "depth_cm": depth})["grade"] for value in (high, low)]
    assert GRADES.index(found[0]) <= GRADES.index(found[1])
