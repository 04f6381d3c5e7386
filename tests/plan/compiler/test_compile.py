"""The compiler as a whole: what its parts give together, and that it refuses nothing."""

from __future__ import annotations

import json

import pytest
from tests.plan.compiler.invariants import broken
from tests.plan.compiler.notation import HEAD, item_of, lines, plan_of

from anlan.plan.compiler.compile import compile_text
from anlan.plan.compiler.model import Kind, Role, squeeze
from anlan.plan.compiler.output import to_dict

PLAN = """临江区2024年河湖保护工作方案

为贯彻《河湖管理条例》，制定本方案。

一、总体要求
到2025年，水质优良比例达到93%以上。

二、重点任务
（一）控源截污（牵头单位：区住建局）
1.排查管网。6月底前查清120公里管网底数。（区住建局、各镇街负责）
2.修复管网。年内修复破损管网35公里，投资不超过2000万元。
责任单位：区住建局
（二）加固堤防。落实《堤防设计规范》（临水发〔2023〕6号）要求，到2025年加固堤防8.5公里。由区水利局牵头，区财政局配合。

三、保障措施
（一）加强领导。区河长办负责统筹协调。
各单位要抓好落实。

临江区人民政府
2024年3月5日
"""


def test_a_plan_gives_all_its_fields() -> None:
    plan = compile_text(PLAN)
    assert (plan.title, plan.issuer, plan.year, plan.kind) == (
        "临江区2024年河湖保护工作方案",
        "临江区人民政府",
        2024,
        Kind.ACTION_PLAN,
    )
    assert lines(plan) == [
        "（一） [重点任务] 控源截污 {L 区住建局}",
        "1 [重点任务/控源截污] 排查管网 {R 区住建局 各镇街} by 2024-06-30",
        "2 [重点任务/控源截污] 修复管网 {R 区住建局} during 2024-12-31",
        "（二） [重点任务] 加固堤防 {L 区水利局 | C 区财政局} by 2025-12-31",
        "（一） [保障措施] 加强领导 {R 区河长办}",
    ]


def test_targets_and_references_stand_in_their_measure() -> None:
    plan = compile_text(PLAN)
    targets = {m.title: [(t.comparator.value, str(t.value), t.unit) for t in m.targets] for m in plan.measures}
    assert targets["修复管网"] == [("eq", "35", "公里"), ("le", "2000", "万元")]
    assert targets["加固堤防"] == [("eq", "8.5", "公里")]
    assert [(r.title, r.number) for r in plan.measures[3].references] == [("堤防设计规范", "临水发〔2023〕6号")]
    assert [r.title for r in plan.references] == ["河湖管理条例", "堤防设计规范"]


def test_every_field_shows_its_own_characters() -> None:
    plan = compile_text(PLAN)
    for measure in plan.measures:
        assert plan.measure_text(measure).startswith(measure.number)
        for duty in measure.duties:
            assert squeeze(plan.printed(duty.span)) == duty.unit
        for deadline in measure.deadlines:
            assert plan.printed(deadline.span) == deadline.text
        for target in measure.targets:
            assert plan.printed(target.span) == target.text


def test_the_same_plan_in_other_widths_says_the_same() -> None:
    narrow = PLAN.translate(str.maketrans("（）：，；", "():,;"))
    assert narrow != PLAN
    assert [line.replace("(", "（").replace(")", "）") for line in lines(compile_text(narrow))] == lines(
        compile_text(PLAN)
    )


def test_the_same_plan_with_windows_line_ends_says_the_same() -> None:
    assert lines(compile_text(PLAN.replace("\n", "\r\n"))) == lines(compile_text(PLAN))


def test_the_same_plan_with_indents_and_blank_lines_says_the_same() -> None:
    assert lines(compile_text(PLAN.replace("\n", "\n\n\u3000\u3000"))) == lines(compile_text(PLAN))


def test_text_before_and_after_moves_the_spans_and_nothing_else() -> None:
    plain, moved = compile_text(PLAN), compile_text("\n" * 7 + PLAN)
    assert lines(moved) == lines(plain)
    assert [m.span.start - 7 for m in moved.measures] == [m.span.start for m in plain.measures]


@pytest.mark.parametrize(
    "text",
    [
        "一",
        "一、",
        "（",
        "）",
        "（一）",
        "1.",
        "《》",
        "责任单位：",
        "序号\t任务\t责任单位\n",
        "\x00",
        "a" * 5000,
        "（" * 3000,
    ],
)
def test_any_text_compiles_and_keeps_the_promise(text: str) -> None:
    assert broken(text) == []


def test_an_empty_text_is_an_empty_plan() -> None:
    plan = compile_text("")
    assert (plan.title, plan.issuer, plan.year, plan.kind, plan.measures) == (None, None, None, Kind.OTHER, ())


def test_the_plan_is_plain_data_that_json_can_hold() -> None:
    data = to_dict(compile_text(PLAN))
    assert json.loads(json.dumps(data, ensure_ascii=False)) == data
    assert data["measures"][0]["duties"] == {"lead": ["区住建局"], "cooperating": [], "responsible": []}
    assert data["measures"][1]["deadlines"] == [
        {"text": "6月底前", "date": "2024-06-30", "kind": "by", "precision": "month"}
    ]


def test_units_are_given_in_order_of_first_appearance() -> None:
    measure = item_of("排查管网。（区水利局、区住建局负责）修复管网。（区住建局、区财政局负责）")
    assert measure.units(Role.RESPONSIBLE) == ["区水利局", "区住建局", "区财政局"]
    assert measure.units(Role.LEAD) == []


def test_a_thousand_items_are_all_found() -> None:
    body = "".join(f"{i}.完善管网。查清底数。（区住建局负责，6月底前完成）\n" for i in range(1, 1000))
    plan = compile_text(f"{HEAD}一、治水\n{body}")
    assert [m.number for m in plan.measures] == [str(i) for i in range(1, 1000)]
    assert {str(m.deadlines[0].date) for m in plan.measures} == {"2024-06-30"}


def test_names_keep_their_misprints() -> None:
    assert item_of("排查管网。查清底数。（区住健局负责）").units(Role.RESPONSIBLE) == ["区住健局"]


def test_a_measure_reaches_over_blank_lines_to_its_duty() -> None:
    plan = plan_of("一、治水\n\n（一）排查管网。查清底数。\n\n责任单位：区住建局\n\n（二）修复管网。消除隐患。\n")
    assert plan.measure_text(plan.measures[0]) == "（一）排查管网。查清底数。\n\n责任单位：区住建局"
