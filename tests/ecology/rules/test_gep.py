"""Gross ecosystem product: the worked example down to its total, negative and missing figures, parameters."""

from __future__ import annotations

import json
import math
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.calculations import registry


def run(id: str, **inputs: Any) -> Any:
    return registry().run(f"eco.gep_{id}", inputs)


def test_the_worked_example_gives_its_total(shared: Path) -> None:
    example = tomllib.loads((shared / "reference" / "gep-example.toml").read_text(encoding="utf-8"))
    given, expected = example["inputs"], example["expected"]
    price = given["c_res_yuan_per_m3"]
    water = [run("water", c_res=price, **one) for one in given["water"]]
    assert {one["type"]: answer["Q_m3"] for one, answer in zip(given["water"], water, strict=True)} == pytest.approx(
        expected["water_by_type_m3"]
    )
    soil = run(
        "soil",
        **{key: given["soil"][key] for key in ("R", "K", "LS", "C", "P", "A_hm2")},
        rho=given["soil"]["rho_t_m3"],
        dredge=given["soil"]["dredge_yuan_m3"],
        nutrients=[
            {"fraction": given["soil"][f"{element}_fraction"], "price": given["soil"][f"{element}_yuan_per_t"]}
            for element in ("N", "P")
        ],
    )
    assert (soil["unit_t_hm2"], soil["Q_t"], soil["V_silt_yuan"], soil["V_nutrient_yuan"]) == pytest.approx(
        tuple(expected[f"soil_{key}"] for key in ("unit_t_hm2", "t", "silt_yuan", "nutrient_yuan")), abs=0.01
    )
    flood = run(
        "flood",
        P_h_mm=given["flood"]["storm_P_mm"],
        R_fh_mm=given["flood"]["storm_R_mm"],
        veg_km2=given["flood"]["veg_km2"],
        reservoir_total_m3=given["flood"]["reservoir_total_m3"],
        c_res=price,
    )
    assert flood["V_yuan"] == expected["flood_yuan"]
    clean = run(
        "air_water",
        SO2_t=given["air_t"]["SO2"],
        NOx_t=given["air_t"]["NOx"],
        dust_t=given["air_t"]["一般性粉尘"],
        COD_t=given["water_t"]["COD"],
        NH3N_t=given["water_t"]["氨氮"],
        TP_t=given["water_t"]["总磷"],
    )
    air, waterq = (sum(clean[f"{x}_yuan"] for x in items) for items in (("SO2", "NOx", "dust"), ("COD", "NH3N", "TP")))
    assert (air, waterq) == pytest.approx((expected["air_yuan"], expected["waterq_yuan"]), abs=0.01)
    carbon = run("carbon", NEP_tC=given["carbon"]["NEP_tC"], price=given["carbon_yuan_per_t"])
    assert (carbon["CO2_t"], carbon["V_yuan"]) == (expected["co2_t"], expected["carbon_yuan"])
    climate = run(
        "climate",
        forest_km2=given["climate"]["forest_km2"],
        grass_km2=given["climate"]["grass_km2"],
        days=given["climate"]["hot_days"],
        evap_m3=given["climate"]["evap_m3"],
        price=given["electricity_yuan_per_kWh"],
    )
    assert (climate["veg_kWh"], climate["water_kWh"], climate["V_yuan"]) == pytest.approx(
        tuple(expected[f"climate_{key}"] for key in ("veg_kWh", "water_kWh", "yuan")), abs=0.05
    )
    regulating = (
        sum(one["V_yuan"] for one in water)
        + soil["V_silt_yuan"]
        + soil["V_nutrient_yuan"]
        + flood["V_yuan"]
        + air
        + waterq
        + carbon["V_yuan"]
        + climate["V_yuan"]
    )
    assert regulating == pytest.approx(expected["regulating_yuan"], abs=0.01)
    # Material products and tourism are figures of statistics: 142.5 and 234 million.
    total = regulating + expected["material_yuan"] + expected["tourism_yuan"]
    assert round(total / 1e8, 4) == expected["gep_yi_yuan"] == 40.7695


WOOD: dict[str, Any] = {"type": "湿地", "A_km2": 2, "P_mm": 1000}


@pytest.mark.parametrize("lost, kept, flag", [(900, 200_000, None), (1000, 0, None), ("1000.5", -1000, "negative")])
def test_a_negative_amount_of_water_stays_and_is_marked(lost: Any, kept: int, flag: str | None) -> None:
    # 2 km² × (1000 − 0 − ET) mm × 1000.
    answer = run("water", **WOOD, ET_mm=lost)
    assert (answer["Q_m3"], answer["flag"], answer["V_yuan"]) == (kept, flag, None)


def test_an_ecosystem_without_a_coefficient_is_refused() -> None:
    assert run("water", **{**WOOD, "type": "水田"}, ET_mm=1)["error"]["code"] == "not_a_choice"


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 500))
def test_water_kept_never_exceeds_the_rain(rain: int, lost: int, area: int) -> None:
    answer = run("water", type="常绿针叶林", A_km2=area, P_mm=rain, ET_mm=lost)
    assert answer["Q_m3"] <= area * rain * 1000


def test_the_share_that_silts_up_is_a_parameter() -> None:
    soil = {"R": 10, "K": 1, "LS": 1, "C": 0, "P": 0, "A_hm2": 1, "rho": 1, "dredge": 1}
    # 10 t of soil: 0.24 × 10 = 2.4 by default, 0.5 × 10 = 5.
    assert [run("soil", **soil)["V_silt_yuan"], run("soil", **soil, **{"lambda": 0.5})["V_silt_yuan"]] == [2.4, 5]


@pytest.mark.parametrize("lack", ["rho", "dredge"])
def test_without_a_price_there_is_no_value(lack: str) -> None:
    soil = {"R": 10, "K": 1, "LS": 1, "C": 0, "P": 0, "A_hm2": 1, "rho": 1, "dredge": 1}
    answer = run("soil", **{key: value for key, value in soil.items() if key != lack})
    assert (answer["Q_t"], answer["V_silt_yuan"]) == (10, None)


def test_pollutants_that_are_not_given_are_null_and_zero_is_zero() -> None:
    answer = run("air_water", COD_t=0, NH3N_t=8)
    # 8000 kg / 0.8 × 1.4 = 14,000.
    assert [answer[f"{x}_yuan"] for x in ("SO2", "COD", "NH3N")] == [None, 0, 14_000]
    assert run("air_water", COD_t=1, water_rate=2.8)["COD_yuan"] == 2800
    assert run("air_water")["error"]["code"] == "at_least_one"


def test_a_source_of_carbon_stays_negative() -> None:
    answer = run("carbon", NEP_tC=-3, price=10)
    assert (answer["CO2_t"], answer["V_yuan"], answer["O2_t"]) == (-11, -110, -8)


def test_humidifying_and_the_efficiency_of_the_water_term_are_parameters() -> None:
    water = {"days": 0, "evap_m3": 3600, "q": 3000}
    # 3600 × 1000 × 3000 / 3600 = 3,000,000; ÷ 3 = 1,000,000; humidifying adds 3600 × 125 = 450,000.
    assert run("climate", **water)["water_kWh"] == 1_000_000
    assert run("climate", **water, humidify=True)["water_kWh"] == 1_450_000
    assert run("climate", **water, humidify=125)["water_kWh"] == 1_450_000
    assert run("climate", **water, humidify=False)["water_kWh"] == 1_000_000
    assert run("climate", **water, r_water=1)["water_kWh"] == 3_000_000
    assert run("climate", **water)["veg_kWh"] is None
    assert run("climate", **water, r=0)["error"]["code"] == "out_of_range"


def test_lakes_by_the_formula_of_the_eastern_plain() -> None:
    # At 1 km² the power is 1: e^4.924 × 3.19.
    answer = run("flood", lake_km2=1)
    assert answer["lake_wan_m3"] == pytest.approx(math.exp(4.924) * 3.19)
    assert answer["veg_plus_res_m3"] is None
    assert run("flood", lake_km2=0)["lake_wan_m3"] == 0


@pytest.mark.parametrize(
    "inputs, faults",
    [
        ({}, ["veg_km2"]),
        ({"veg_km2": 1}, ["P_h_mm", "R_fh_mm"]),
        ({"veg_km2": 1, "P_h_mm": 10, "R_fh_mm": 11}, ["R_fh_mm"]),
        ({"veg_km2": -1, "lake_km2": "x"}, ["veg_km2", "lake_km2"]),
    ],
)
def test_wrong_input_is_told_at_once(inputs: dict[str, Any], faults: list[str]) -> None:
    assert [fault["field"] for fault in run("flood", **inputs)["errors"]] == faults


def test_enormous_figures_are_told_without_breaking() -> None:
    answer = run("water", type="湿地", A_km2="9" * 60, P_mm="9" * 60, ET_mm="0.00001", c_res="9" * 60)
    json.dumps(answer)
    assert answer["Q_m3"] > 10**120
