"""Film residue, manure, growth of inputs, scale of farms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.calculations import registry
from anlan.foundation.calc.registry import Registry
from anlan.monitor.standards import farmland
from anlan.monitor.standards.words import facts


def run(id: str, **inputs: Any) -> dict[str, Any]:
    return registry().run(id, inputs)


def faults(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(fault["code"], fault["field"]) for fault in answer["errors"]]


@pytest.mark.parametrize("mass, residue, meets", [("7.5", 75, True), ("7.51", 75.1, False), (0, 0, True)])
def test_seventy_five_kilograms_a_hectare_still_meet_the_limit(mass: Any, residue: float, meets: bool) -> None:
    answer = run("agri.film", mass_g=Decimal(mass), square_m2=1)
    assert (answer["kg_hm2"], answer["meets"]) == (residue, meets)


def test_squares_are_averaged_each_by_its_own_area() -> None:
    # 10 g on 2 m² are 50 kg/hm², 4 g on 1 m² are 40: mean 45.
    assert run("agri.film", mass_g=[10, 4], square_m2=[2, 1])["kg_hm2"] == 45
    assert faults(run("agri.film", mass_g=[10, 4], square_m2=[2])) == [("wrong_length", "square_m2")]
    assert faults(run("agri.film", mass_g=-1, square_m2=0)) == [
        ("out_of_range", "mass_g"),
        ("out_of_range", "square_m2"),
    ]
    assert run("agri.film", mass_g=[], square_m2=1)["meets"] is None


def test_fewer_than_five_squares_are_said() -> None:
    few, enough = (run("agri.film", mass_g=[5] * n, square_m2=1)["explain"]["steps"] for n in (4, 5))
    assert "不少于 5 个" in few[-1]
    assert "不少于 5 个" not in enough[-1]


def test_a_pack_may_set_the_film_limit() -> None:
    table = facts("farmland.toml")
    table["film"]["limit_kg_hm2"] = 60
    own = Registry(farmland.calculations(table))
    assert own.run("agri.film", {"mass_g": 6.1, "square_m2": 1})["meets"] is False


def test_a_rate_of_use_needs_something_produced() -> None:
    assert run("agri.manure", produced=200, used=150)["rate"] == 75
    assert run("agri.manure", produced=0, used=0)["rate"] is None
    assert faults(run("agri.manure", produced=1, used=2)) == [("out_of_range", "used")]


@pytest.mark.parametrize(
    "last, this, percent, negative",
    [
        (1000, 999, -0.1, True),
        (1000, 1000, 0, False),
        (1000, 1001, 0.1, False),
        (0, 5, None, None),
        (None, 5, None, None),
    ],
)
def test_only_less_than_last_year_is_negative_growth(last: Any, this: int, percent: Any, negative: Any) -> None:
    answer = run("agri.input_growth", last=last, this=this)
    assert (answer["percent"], answer["negative"]) == (percent, negative)


@pytest.mark.parametrize(
    "animal, first, second",
    [("pig", 3000, 500), ("layer", 100000, 15000), ("broiler", 200000, 30000), ("dairy", 200, 100), ("beef", 400, 200)],
)
def test_one_kind_of_animal_goes_by_its_own_bounds(animal: str, first: int, second: int) -> None:
    found = [run("agri.farm_scale", **{animal: n})["class"] for n in (first, first - 1, second, second - 1)]
    assert found == ["Ⅰ", "Ⅱ", "Ⅱ", None]


@pytest.mark.parametrize(
    "animal, first, second",
    [
        ("pig", 6000, 3000),
        ("layer", 200000, 100000),
        ("broiler", 400000, 200000),
        ("dairy", 400, 200),
        ("beef", 800, 400),
    ],
)
def test_a_breeding_zone_has_bounds_of_its_own(animal: str, first: int, second: int) -> None:
    found = [
        run("agri.farm_scale", place="zone", **{animal: n})["class"] for n in (first, first - 1, second, second - 1)
    ]
    assert found == ["Ⅰ", "Ⅱ", "Ⅱ", None]


def test_a_mixed_herd_is_put_into_pigs() -> None:
    # 30 layers, 60 broilers, a tenth of a cow, a fifth of a beef head and 3 sheep are a pig each.
    herd = {"pig": 1, "layer": 30, "broiler": 60, "dairy": 1, "beef": 1, "sheep": 3}
    # 1 + 1 + 1 + 10 + 5 + 1 = 19.
    assert run("agri.farm_scale", **herd)["pig_equivalent"] == 19
    # 499 + 1 = 500 and 499 + 29/30.
    assert run("agri.farm_scale", pig=499, layer=30)["class"] == "Ⅱ"
    assert run("agri.farm_scale", pig=499, layer=29)["class"] is None
    # Sheep have no bounds of their own: 1500/3 = 500.
    assert run("agri.farm_scale", sheep=1500)["class"] == "Ⅱ"


def test_an_empty_farm_has_no_scale() -> None:
    answer = run("agri.farm_scale", pig=0, dairy=0)
    assert (answer["pig_equivalent"], answer["class"]) == (0, None)
    assert faults(run("agri.farm_scale")) == [("at_least_one", "pig")]


@given(st.integers(0, 9000), st.integers(0, 9000), st.integers(1, 90000))
def test_more_pigs_never_give_a_smaller_scale(a: int, b: int, layers: int) -> None:
    order = [None, "Ⅱ", "Ⅰ"]
    few, many = sorted((a, b))
    found = [run("agri.farm_scale", pig=n + 1, layer=layers)["class"] for n in (few, many)]
    assert order.index(found[0]) <= order.index(found[1])
