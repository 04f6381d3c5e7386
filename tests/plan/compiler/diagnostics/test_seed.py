"""The anomalies of the seed plan are found, each at its place, in the original and in the pack's own telling."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.plan.compiler.diagnostics.finding import measures, said, standing

from anlan.plan import pack
from anlan.plan.compiler.compile import compile_text
from anlan.plan.compiler.model import Plan, Severity

RIGHT, WRONG_15, WRONG_25 = (
    "市自然资源和规划局昌江分局",
    "市自然资源局规划局昌江分局",
    "市自然资源局规划和昌江分局",
)


@pytest.fixture(scope="module")
def packed(root: Path) -> Plan:
    return compile_text((root / "packs" / "changjiang" / "plan.txt").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=["original", "pack", "pack with register"])
def plan(request: pytest.FixtureRequest, root: Path, packed: Plan) -> Plan:
    if request.param == "pack":
        return packed
    if request.param == "pack with register":
        return compile_text(packed.text, register=pack.load("changjiang").organs)
    shared: Path = request.getfixturevalue("shared")
    return compile_text((shared / "corpus" / "plans" / "00-changjiang-2022.txt").read_text(encoding="utf-8"))


def test_a01_opinions_were_due_seventeen_days_before_publication(plan: Plan) -> None:
    assert standing(plan, "N701") == ["2022-05-06", "2022年4月19日"]
    assert all("2022-04-19" in text and "2022-05-06" in text and "17天" in text for text in said(plan, "N701"))


def test_a02_the_mark_of_a_draft_is_spelled_in_two_ways(plan: Plan) -> None:
    assert standing(plan, "W508") == ["征求意见稿", "意见征求稿"]


def test_a03_the_list_of_channels_has_one_entry(plan: Plan) -> None:
    assert standing(plan, "S604") == ["(一)"]


def test_a04_the_consultation_is_over_without_a_result(plan: Plan) -> None:
    assert standing(plan, "N702") == ["已结束", "暂无征集结果"]


def test_a05_two_pipes_have_the_same_length(plan: Plan) -> None:
    assert standing(plan, "T404") == ["14550米", "14550米"]
    assert measures(plan, "T404") == ["4", "4"]
    one, other = sorted(said(plan, "T404"))
    assert "DN110mm" in one
    assert "DN300mm" in one
    assert "DN110mm" in other
    assert "DN300mm" in other


def test_a08_nominal_widths_stand_with_and_without_mm(plan: Plan) -> None:
    assert sorted(standing(plan, "T405")) == ["DN110mm", "DN220", "DN300mm"]


def test_a09_four_plus_one_announces_five_parts_and_three_follow(plan: Plan) -> None:
    assert standing(plan, "S603") == ["4+1"]
    assert "应有5项，下面只有3项" in said(plan, "S603")[0]


def test_a10_the_project_centre_is_spelled_in_two_ways(plan: Plan) -> None:
    names = {"区重点项目推进中心": "5", "区重点推进项目中心": "13"}
    found = dict(zip(standing(plan, "U103"), measures(plan, "U103"), strict=True))
    assert {name: found.get(name) for name in names} == names


def test_a11_the_planning_branch_is_misprinted_twice(plan: Plan) -> None:
    found = dict(zip(standing(plan, "U103"), measures(plan, "U103"), strict=True))
    assert (found[RIGHT], found[WRONG_15], found[WRONG_25]) == ("1", "15", "25")
    assert any(f"“{WRONG_15}”与第" in text and f"“{RIGHT}”" in text for text in said(plan, "U103"))


def test_a12_company_and_commission_are_left_for_a_person_to_tell_apart(plan: Plan) -> None:
    assert standing(plan, "U104") == ["区国资委", "区国资公司"]
    assert measures(plan, "U104") == ["1", "18"]


def test_a13_the_office_of_the_office_is_found_in_running_text(plan: Plan) -> None:
    assert standing(plan, "U105") == ["区长江办领导小组办公室"]
    assert measures(plan, "U105") == ["28"]


def test_a14_the_last_items_have_no_owner_and_one_only_in_its_text(plan: Plan) -> None:
    assert measures(plan, "R201") == ["29", "30"]
    assert measures(plan, "R202") == ["28"]
    severity = {d.code: d.severity for d in plan.diagnostics}
    assert severity["R202"] is Severity.INFO


def test_a15_eight_items_name_a_group_nobody_can_call(plan: Plan) -> None:
    assert measures(plan, "U106") == ["3", "10", "11", "16", "17", "18", "21", "22"]
    assert set(standing(plan, "U106")) == {"区直有关单位", "区直有关部门"}


def test_a16_one_bracket_too_many_and_two_sets_of_owners(plan: Plan) -> None:
    assert standing(plan, "W505") == [")"]
    bracket = next(d.span for d in plan.diagnostics if d.code == "W505")
    # The second of the two brackets is the one too many.
    assert plan.text[bracket.start - 3 : bracket.end] == "负责))"
    assert measures(plan, "R205") == ["15", "15"]


def test_a17_and_a18_words_are_said_twice(plan: Plan) -> None:
    first, second = standing(plan, "W504")
    assert "等等" in first
    assert second.startswith("保持R&D经费")
    assert second.endswith("保持")
    assert measures(plan, "W504") == ["11", "18"]


def test_a24_detailed_rules_are_cited_without_year(plan: Plan) -> None:
    assert "《江西省长江经济带发展负面清单实施细则(试行)》" in standing(plan, "W507")


def test_only_the_dates_of_the_notice_are_errors(plan: Plan) -> None:
    assert {d.code for d in plan.diagnostics if d.severity is Severity.ERROR} == {"N701"}


def test_the_register_names_the_right_spelling_and_the_company_it_does_not_know(packed: Plan) -> None:
    plan = compile_text(packed.text, register=pack.load("changjiang").organs)
    assert standing(plan, "U101") == ["区国资公司"]
    assert "区国资委" in said(plan, "U101")[0]
    assert sum(f"单位表中写作“{RIGHT}”" in text for text in said(plan, "U103")) == 3
    assert standing(plan, "U102") == []
