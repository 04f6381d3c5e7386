"""siting.negative_list: both sides of every distance, exceptions, and never a pass on what is not known."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.calculations import registry

# A chemical plant (2614) in a recognised park on 昌江, a tributary by the table of rivers.
PLANT: dict[str, Any] = {
    "river": "昌江",
    "zones": [],
    "action": "新建",
    "industry": "2614",
    "distance_m": 1001,
    "crs": "cgcs2000",
    "park": {"recognised": True},
}
POND: dict[str, Any] = {
    "river_kind": "main_stem",
    "zones": [],
    "action": "新建",
    "facility": "尾矿库",
    "distance_m": 3000,
    "crs": "cgcs2000",
}
# A pharmaceutical plant of no listed class: what decides is the zone.
HOUSE: dict[str, Any] = {"zones": [], "action": "新建", "industry": "2740"}


def run(base: dict[str, Any], **changes: Any) -> Any:
    return registry().run("siting.negative_list", {**base, **changes})


def verdict(base: dict[str, Any], **changes: Any) -> tuple[str, list[str]]:
    answer = run(base, **changes)
    return answer["verdict"], answer["hits"]


@pytest.mark.parametrize(
    "changes, expected",
    [
        ({}, ("pass", [])),
        ({"distance_m": 1000}, ("block", ["N08a"])),
        ({"distance_m": "1000.001"}, ("pass", [])),
        ({"distance_m": 0}, ("block", ["N08a"])),
        ({"distance_m": 800, "action": "扩建"}, ("block", ["N08a"])),
        ({"distance_m": 800, "action": "改建", "capacity_increase": False}, ("pass", [])),
        ({"distance_m": 800, "action": "改建", "capacity_increase": True}, ("review", [])),
        ({"distance_m": 800, "action": "改建"}, ("incomplete", [])),
        ({"distance_m": 800, "industry": "2642"}, ("review", [])),  # ink: national scope not established
        ({"distance_m": 800, "industry": "C2710"}, ("block", ["N08a"])),  # raw medicines
        ({"distance_m": 800, "industry": "2740"}, ("pass", [])),
        ({"distance_m": 800, "industry": "1310"}, ("pass", [])),  # not in the table, not near chemistry
        ({"distance_m": 800, "industry": "2699"}, ("review", [])),  # not in the table, division 26
        ({"distance_m": 800, "industry": None, "facility": "化工园区"}, ("block", ["N08a"])),  # whatever moves in
        ({"distance_m": 800, "river": "某湖", "river_kind": "lake"}, ("review", [])),
        ({"distance_m": 800, "river": "鄱阳湖"}, ("block", ["N08a"])),
        ({"distance_m": 800, "river": "某水"}, ("incomplete", [])),
        ({"distance_m": 5000, "river": "某水"}, ("pass", [])),  # too far for any river
    ],
)
def test_chemical_projects_within_a_kilometre(changes: dict[str, Any], expected: tuple[str, list[str]]) -> None:
    assert verdict(PLANT, **changes) == expected


@pytest.mark.parametrize(
    "changes, expected",
    [
        ({}, ("block", ["N08b"])),
        ({"distance_m": "3000.1"}, ("pass", [])),
        ({"river_kind": "important_tributary", "distance_m": 1000}, ("block", ["N08b"])),
        ({"river_kind": "important_tributary", "distance_m": 1001}, ("pass", [])),
        ({"river_kind": "tributary", "basin_km2": 10000, "distance_m": 1000}, ("block", ["N08b"])),
        ({"river_kind": "tributary", "basin_km2": "9999.9", "distance_m": 10}, ("pass", [])),
        ({"river_kind": None, "river": "昌江", "distance_m": 10}, ("pass", [])),  # about 6,000 km²
        ({"river_kind": "tributary", "distance_m": 900}, ("incomplete", [])),  # basin not known
        ({"river_kind": "tributary", "distance_m": 1100}, ("pass", [])),  # too far even for an important one
        ({"facility": "磷石膏库"}, ("block", ["N08b"])),
        ({"action": "改建", "purpose": "以提升安全水平为目的"}, ("pass_with_evidence", [])),
        ({"action": "改建", "purpose": "提升安全水平"}, ("pass_with_evidence", [])),
        ({"action": "扩建", "purpose": "提升安全水平"}, ("block", ["N08b"])),  # the exception is for rebuilding
        ({"action": "存量"}, ("pass", [])),
    ],
)
def test_tailings_within_three_kilometres_or_one(changes: dict[str, Any], expected: tuple[str, list[str]]) -> None:
    assert verdict(POND, **changes) == expected


@pytest.mark.parametrize("crs", ["gcj02", "bd09", "GCJ-02", None])
def test_a_distance_on_shifted_or_unnamed_coordinates_decides_nothing(crs: str | None) -> None:
    for distance in (300, 1001, 50_000):
        answer = run(PLANT, distance_m=distance, crs=crs)
        assert (answer["verdict"], answer["missing"]) == ("incomplete", ["crs"])


@pytest.mark.parametrize("crs", ["WGS84", "EPSG:4548", "CGCS2000"])
def test_reference_systems_are_known_by_their_usual_names(crs: str) -> None:
    assert verdict(PLANT, crs=crs, distance_m=900) == ("block", ["N08a"])


@pytest.mark.parametrize(
    "park, expected",
    [
        ({"recognised": True}, ("pass", [])),
        ({"name": "江西乐平工业园区"}, ("pass", [])),
        ({"recognised": False, "compliant": True}, ("block", ["JX-chem-park"])),
        ({"recognised": False, "compliant": False}, ("block", ["N09", "JX-chem-park"])),
        ({"recognised": False}, ("block", ["JX-chem-park"])),
        ({"name": "昌江化工园区"}, ("incomplete", [])),  # a statistical name proves nothing
        ({"name": "昌江化工园区", "recognised": True}, ("review", [])),
        ({"name": "某园区"}, ("incomplete", [])),
        ({}, ("incomplete", [])),
        (None, ("incomplete", [])),
    ],
)
def test_a_chemical_project_needs_a_recognised_park(park: Any, expected: tuple[str, list[str]]) -> None:
    assert verdict(PLANT, park=park) == expected


def test_pharmaceutical_raw_materials_need_the_park_too() -> None:
    assert verdict(PLANT, industry="2710", park={"recognised": False, "compliant": True}) == ("block", ["JX-chem-park"])


@pytest.mark.parametrize(
    "changes, expected",
    [
        ({}, ("pass", [])),
        ({"zones": ["饮用水水源一级保护区"]}, ("block", ["N03a"])),
        ({"zones": ["饮用水源一级保护区"]}, ("block", ["N03a"])),  # as other papers print it
        ({"zones": ["饮用水水源一级保护区"], "purpose": "供水设施改造"}, ("pass_with_evidence", [])),
        ({"zones": ["饮用水水源二级保护区"], "discharges_pollutants": True}, ("block", ["N03b"])),
        ({"zones": ["饮用水水源二级保护区"], "discharges_pollutants": False}, ("pass", [])),
        ({"zones": ["饮用水水源二级保护区"]}, ("incomplete", [])),
        ({"zones": ["自然保护区核心区"]}, ("block", ["N02"])),
        ({"zones": ["风景名胜区核心景区"], "purpose": "风景名胜资源保护"}, ("pass_with_evidence", [])),
        ({"zones": ["水产种质资源保护区"]}, ("pass", [])),
        ({"zones": ["水产种质资源保护区"], "action": "围湖造田"}, ("block", ["N04a"])),
        ({"zones": ["国家湿地公园"]}, ("review", [])),
        ({"zones": ["国家湿地公园"], "purpose": "采砂"}, ("block", ["N04b"])),
        ({"zones": ["河湖岸线"]}, ("block", ["N05a"])),
        ({"zones": ["河湖岸线"], "approval_no": " "}, ("block", ["N05a"])),
        ({"zones": ["河湖岸线"], "approval_no": "许〔2025〕1号"}, ("pass_with_evidence", [])),
        ({"zones": ["长江岸线保护区"]}, ("block", ["N05b"])),
        ({"zones": ["长江岸线保护区"], "purpose": "防洪护岸"}, ("pass_with_evidence", [])),
        ({"zones": ["水功能区保留区"]}, ("review", [])),
        ({"facility": "排污口", "action": "新设"}, ("block", ["N06"])),
        ({"facility": "入河排污口", "action": "扩大", "approval_no": "批1"}, ("pass_with_evidence", [])),
        ({"zones": ["332个水生生物保护区"], "action": "生产性捕捞"}, ("block", ["N07"])),
        ({"industry": "3071", "zones": ["合规园区以外"]}, ("block", ["N09"])),
        ({"industry": "3071", "zones": ["合规园区"]}, ("pass", [])),
        ({"industry": "3041", "zones": ["合规园区"]}, ("review", [])),  # flat glass: capacity replacement
        ({"facility": "码头"}, ("review", [])),
        ({"zones": ["某保护地"]}, ("review", [])),  # a zone no rule knows is never passed in silence
    ],
)
def test_zones_and_facilities(changes: dict[str, Any], expected: tuple[str, list[str]]) -> None:
    assert verdict(HOUSE, **changes) == expected


def test_a_block_stands_even_where_other_things_are_not_known() -> None:
    assert verdict({"zones": ["饮用水水源一级保护区"], "action": "新建"}) == ("block", ["N03a"])


@pytest.mark.parametrize("lack, missing", [("zones", ["zones"]), ("action", ["action"]), ("industry", ["industry"])])
def test_what_is_needed_and_missing_is_named(lack: str, missing: list[str]) -> None:
    answer = run({key: value for key, value in HOUSE.items() if key != lack})
    assert (answer["verdict"], answer["hits"]) == ("incomplete", [])
    assert answer["missing"][0] == missing[0]


def test_nothing_known_is_incomplete() -> None:
    assert verdict({}) == ("incomplete", [])


def test_hits_are_empty_unless_blocked_and_the_clause_is_told() -> None:
    answer = run(PLANT, distance_m=1000)
    assert any("第二十六条第二款" in one and "1000 m 不超过 1000 m" in one for one in answer["explain"]["steps"])
    assert any("N11a, N11c, N12" in one for one in answer["explain"]["steps"])


def test_everything_wrong_is_told_at_once() -> None:
    answer = run({"industry": "26", "distance_m": -1, "crs": "beijing54", "action": "重建", "zone": []})
    assert [fault["field"] for fault in answer["errors"]] == ["zone", "action", "industry", "distance_m", "crs"]


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "river": st.sampled_from(["昌江", "长江", "某水"]),
            "zones": st.lists(st.sampled_from(["饮用水水源二级保护区", "合规园区", "水功能区保护区"]), max_size=2),
            "action": st.sampled_from(["新建", "改建", "扩建", "存量"]),
            "industry": st.sampled_from(["2614", "2642", "2740", "3011"]),
            "distance_m": st.integers(0, 4000),
            "crs": st.sampled_from(["cgcs2000", "gcj02"]),
            "facility": st.sampled_from(["尾矿库", "厂房"]),
            "capacity_increase": st.booleans(),
            "discharges_pollutants": st.booleans(),
            "park": st.fixed_dictionaries({}, optional={"recognised": st.booleans()}),
        },
    )
)
def test_a_verdict_agrees_with_its_lists(inputs: dict[str, Any]) -> None:
    answer = run(inputs)
    assert (answer["verdict"] == "block") == bool(answer["hits"])
    if answer["verdict"].startswith("pass"):
        assert answer["missing"] == answer["review"] == []
    if answer["verdict"] == "pass":
        assert answer["evidence"] == []
