"""Discharge limits: both sides of each, grades, cold water, year built, removal, what is not judged."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.calculations import registry
from anlan.foundation.calc.registry import Registry
from anlan.monitor.standards import discharge, limits
from anlan.monitor.standards.words import facts

PLANT = "GB 18918-2002"


def run(**inputs: Any) -> dict[str, Any]:
    return registry().run("water.discharge", inputs)


def plant(item: str, value: Any, grade: str = "一级A", **inputs: Any) -> dict[str, Any]:
    return run(standard=PLANT, grade=grade, item=item, value=value, **inputs)


def faults(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(fault["code"], fault["field"]) for fault in answer["errors"]]


EVERY_LIMIT = [
    (id, grade, item, one)
    for id, standard in limits.carried().items()
    for grade, items in standard.limits.items()
    for item, several in items.items()
    for one in several
]


@pytest.mark.parametrize("id, grade, item, limit", EVERY_LIMIT)
def test_a_value_on_a_limit_meets_it_and_one_beyond_does_not(id: str, grade: str, item: str, limit: Any) -> None:
    built = limit.since or limit.until

    def exceeds(value: Decimal) -> Any:
        answer = run(standard=id, grade=grade, item=item, value=str(value), built=built)
        assert answer["status"] == "ok"
        return answer["exceeds"]

    if limit.op == "not_detected":
        assert [exceeds(Decimal(text)) for text in ("0", "0.000001")] == [False, True]
        return
    bounds = [Decimal(bound.numerator) / Decimal(bound.denominator) for bound in limit.bounds]
    little = Decimal("0.0000001")
    assert [exceeds(bound) for bound in bounds] == [False] * len(bounds)
    assert exceeds(bounds[-1] + little) is True
    if limit.op == "inside":
        assert exceeds(bounds[0] - little) is True


def test_a_multiple_is_given_only_where_a_limit_is_exceeded() -> None:
    # (12 − 10)/10 = 0.2.
    assert plant("bod5", 12)["multiple"] == 0.2
    assert plant("bod5", 10)["multiple"] is None
    # pH has no multiple.
    acid = plant("ph", 5.9)
    assert (acid["limit"], acid["exceeds"], acid["multiple"]) == ("6~9", True, None)


def test_codes_and_names_mean_the_same_item() -> None:
    assert plant("cod", 55) == plant("化学需氧量", 55)


@pytest.mark.parametrize(
    "temp, limit, exceeds, assumed",
    [(12, 8, False, []), (12.1, 5, True, []), (None, 5, True, ["water_temp_unknown"])],
)
def test_the_bracketed_ammonia_limit_needs_cold_water(temp: Any, limit: int, exceeds: bool, assumed: list[str]) -> None:
    answer = plant("nh3n", 8, water_temp=temp)
    assert (answer["limit"], answer["exceeds"], answer["assumed"]) == (limit, exceeds, assumed)


@pytest.mark.parametrize(
    "built, limit, assumed",
    [
        (2005, 1, []),
        ("2005-12-31", 1, []),
        (2006, 0.5, []),
        ("2006-01-01", 0.5, []),
        ("2019", 0.5, []),
        (None, 0.5, ["built_unknown"]),
    ],
)
def test_the_phosphorus_limit_goes_by_the_year_built(built: Any, limit: float, assumed: list[str]) -> None:
    answer = plant("tp", 0.4, built=built)
    assert (answer["limit"], answer["assumed"]) == (limit, assumed)


def test_nothing_is_assumed_where_old_and_new_plants_have_one_limit() -> None:
    assert plant("tp", 2, grade="二级")["assumed"] == []


@pytest.mark.parametrize(
    "influent, removal, exceeds",
    [
        (400, 62.5, False),  # (400 − 150)/400
        (375, 60, True),  # 60 % is not above 60 %
        (350, Decimal("57.142857"), True),
        (None, None, True),
    ],
)
def test_at_grade_three_a_high_removal_also_meets_the_limit(influent: Any, removal: Any, exceeds: bool) -> None:
    answer = plant("cod", 150, grade="三级", influent=influent)
    assert answer["exceeds"] is exceeds
    assert answer["removal_percent"] == (None if removal is None else pytest.approx(float(removal)))


def test_removal_needs_an_influent_above_its_figure_and_another_grade_has_no_such_way() -> None:
    # Influent 340 is not above 350: (340 − 121)/340 = 64.4 % does not help.
    assert plant("cod", 121, grade="三级", influent=340)["exceeds"] is True
    assert plant("cod", 150, grade="二级", influent=1000)["exceeds"] is True
    # BOD: above 160 and above 50 %: (200 − 99)/200 = 50.5 %; (200 − 100)/200 = 50 %.
    assert plant("bod5", 99, grade="三级", influent=200)["exceeds"] is False
    assert plant("bod5", 100, grade="三级", influent=200)["exceeds"] is True


def test_first_class_pollutants_have_one_limit_whatever_the_grade() -> None:
    for grade in ("一级A", "三级"):
        assert plant("hg", 0.002, grade=grade)["limit"] == 0.001
    assert run(standard=PLANT, item="总汞", value=0.002)["exceeds"] is True
    assert "不分级" in run(standard=PLANT, item="总汞", value=0.002)["explain"]["steps"][0]


def test_an_item_without_a_limit_is_not_judged_and_not_met() -> None:
    answer = plant("tn", 40, grade="三级")
    assert [answer[key] for key in ("limit", "exceeds", "status", "reason")] == [None, None, "not_judged", "no_limit"]
    assert plant("f", 1)["status"] == "not_judged"


def test_a_grade_is_needed_only_where_there_are_several() -> None:
    assert run(standard="GB 18596-2001", item="cod", value=401)["exceeds"] is True
    assert faults(run(standard=PLANT, item="cod", value=1)) == [("missing", "grade")]


def test_below_detection_meets_a_limit_above_it_and_says_nothing_of_one_below() -> None:
    assert plant("hg", "<0.0005")["exceeds"] is False
    blind = plant("hg", "<0.01")
    assert (blind["exceeds"], blind["status"], blind["reason"]) == (None, "not_judged", "detection_limit_above_limit")
    assert run(standard="GB 21903-2008", grade="特别限值", item="cn", value="<0.004")["exceeds"] is False


def test_a_limit_says_how_sure_it_is() -> None:
    assert plant("cod", 1)["confidence"] == "high"
    rural = run(standard="DB36/1102-2019", grade="一级", item="cod", value=61)
    assert (rural["limit"], rural["exceeds"], rural["confidence"]) == (60, True, "low")
    assert "凭记忆" in rural["explain"]["steps"][0]
    assert rural["explain"]["rule_version"] == "DB36/1102-2019"


def test_all_that_is_wrong_is_told_at_once() -> None:
    answer = run(standard="GB 18918", grade="一级A", item="coд", value=-1, built="soon", water_temp="cold")
    assert faults(answer) == [
        ("not_a_choice", "standard"),
        ("not_a_choice", "item"),
        ("out_of_range", "value"),
        ("wrong_type", "water_temp"),
        ("wrong_type", "built"),
    ]
    assert faults(plant("cod", 1, grade="一级C")) == [("not_a_choice", "grade")]


def test_a_pack_may_bring_a_standard_of_its_own() -> None:
    table = facts("discharge.toml")
    table["standard"] = [
        {
            **table["standard"][-1],
            "id": "DB00/1",
            "table": [
                {"clause": {"zh": "表", "en": "table"}, "grades": ["一级"], "limits": {"总磷": [Decimal("0.3")]}}
            ],
        }
    ]
    own = Registry(discharge.calculations(limits.discharge_standards(table)))
    assert own.run("water.discharge", {"standard": "DB00/1", "item": "tp", "value": 0.31})["exceeds"] is True


@given(st.decimals("0", "1000", places=3), st.decimals("0", "1000", places=3))
def test_more_never_turns_an_exceedance_into_compliance(a: Decimal, b: Decimal) -> None:
    low, high = sorted((a, b))
    assert plant("cod", str(low))["exceeds"] <= plant("cod", str(high))["exceeds"]
