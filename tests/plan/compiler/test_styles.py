"""Whole documents in the styles that offices use beside the usual one: each a form in which every item was once lost."""

from __future__ import annotations

from anlan.plan.compiler.compile import compile_text
from anlan.plan.compiler.model import Measure, Plan

HEAD = "临江区2025年河湖管护工作要点\n"


def owners(measure: Measure) -> list[str]:
    return [duty.unit for duty in measure.duties]


def by_number(plan: Plan) -> dict[str, Measure]:
    return {measure.number: measure for measure in plan.measures}


def test_a_count_goes_on_below_a_heading_inside_one_paragraph() -> None:
    # Each chapter is one printed line; （三） is the first number of the second chapter.
    filler = (
        "各地要把这项工作摆上重要位置，逐级压实责任，按时报送进展，发现问题及时处置，处置结果要留有记录可供核查。" * 2
    )
    text = HEAD + (
        f"一、治水任务。（一）清理河道。{filler}（责任单位：区水利局）（二）整治排口。{filler}（责任单位：区住建局）\n"
        f"二、护岸任务。（三）巡查岸线。{filler}（责任单位：区交通局）（四）复绿滩地。{filler}（责任单位：区林业局）\n"
    )
    plan = compile_text(text)
    assert [(m.number, m.path, owners(m)) for m in plan.measures] == [
        ("（一）", ("治水任务",), ["区水利局"]),
        ("（二）", ("治水任务",), ["区住建局"]),
        ("（三）", ("护岸任务",), ["区交通局"]),
        ("（四）", ("护岸任务",), ["区林业局"]),
    ]


def test_a_table_stands_below_its_heading() -> None:
    text = HEAD + (
        "一、总体要求\n保护优先。\n二、任务分工\n序号\t任务\t措施\t责任单位\t完成时限\n"
        "1\t清理河道\t清理河道12公里\t区水利局\t6月底前\n2\t整治排口\t整治排口9个\t区住建局\t9月底前\n"
        "三、保障措施\n（一）加强督导。区河长办负责督导。\n"
    )
    plan = compile_text(text)
    assert [(m.number, m.path) for m in plan.measures if m.number in "12"] == [
        ("1", ("任务分工",)),
        ("2", ("任务分工",)),
    ]


def test_marks_of_plain_text_headings_are_no_characters_of_the_plan() -> None:
    text = HEAD + (
        "## 一、治水任务\n\n### （一）河道\n\n1.清理河道。（区水利局负责）\n\n### （二）排口\n\n1.整治排口。（区住建局负责）\n"
    )
    plan = compile_text(text)
    assert [(m.path, text[m.span.start : m.span.end]) for m in plan.measures] == [
        (("治水任务", "河道"), "1.清理河道。（区水利局负责）"),
        (("治水任务", "排口"), "1.整治排口。（区住建局负责）"),
    ]


FLAT = "序号\n工作任务\n责任单位\n完成时限\n"


def test_a_flattened_list_of_sentences_has_owners_who_lead_and_join() -> None:
    text = HEAD + FLAT + (
        "1\n清理河道12公里，\n两岸垃圾日产日清。\n区水利局牵头，区财政局、\n沿河各镇配合\n6月底前\n"
        "2\n整治排口9个。\n区住建局（牵头）\n自清单印发之日起20日内\n"
        "3\n巡查岸线。\n区交通局\n长期坚持\n"
    )  # fmt: skip
    measures = by_number(compile_text(text))
    assert {n: [(d.unit, d.role.value) for d in m.duties] for n, m in measures.items()} == {
        "1": [("区水利局", "lead"), ("区财政局", "cooperating"), ("沿河各镇", "cooperating")],
        "2": [("区住建局", "lead")],
        "3": [("区交通局", "responsible")],
    }
    # One plain sentence is no lead phrase.
    assert [m.title for m in measures.values()] == [None, None, None]


def test_a_flattened_table_with_posts_names_no_post_as_owner() -> None:
    text = HEAD + (
        "序号\n项目名称\n建设内容\n责任单位\n完成时限\n责任人\n"
        "1\n清理河道\n清理河道12公里\n区水利局\n6月底前\n区水利局局长\n"
        "2\n整治排口\n整治排口9个\n区住建局、区财政局\n9月底前\n分管副区长\n"
    )
    assert [owners(m) for m in compile_text(text).measures] == [["区水利局"], ["区住建局", "区财政局"]]


def test_a_flattened_table_with_labelled_cells_and_a_repeated_head() -> None:
    head = "序号\n工作任务\n主要内容\n责任分工\n完成时间\n"
    text = HEAD + head.replace("序号", "序\n号") + (
        "1\n清理河道\n清理河道12公里。\n牵头：区水利局\n配合：区财政局、沿河各\n镇人民政府\n2025年6月底前\n"
        "- 1 -\n" + head + "2\n整治排口\n整治排口9个。\n牵头：区住建局\n9月底前\n"
    )  # fmt: skip
    plan = compile_text(text)
    assert [owners(m) for m in plan.measures] == [["区水利局", "区财政局", "沿河各镇人民政府"], ["区住建局"]]
    assert text[plan.measures[0].span.start : plan.measures[0].span.end].endswith("2025年6月底前")


def test_labels_in_square_brackets_may_share_a_line() -> None:
    text = HEAD + (
        "1.清理河道。清理12公里。\n【牵头领导】分管副区长　【责任单位】区水利局牵头，区财政局配合　【完成时间】9月底前\n"
        "2.整治排口。整治9个。\n【责任单位】区住建局　【完成时间】年内\n"
    )
    first, second = compile_text(text).measures
    assert [(d.unit, d.role.value) for d in first.duties] == [("区水利局", "lead"), ("区财政局", "cooperating")]
    assert [str(d.date) for d in (*first.deadlines, *second.deadlines)] == ["2025-09-30", "2025-12-31"]


def test_a_quoted_cell_lists_one_unit_a_line() -> None:
    text = HEAD + (
        "序号\t任务\t措施\t责任单位\n"
        '1\t清理河道\t清理河道12公里\t"区水利局\n区供销合作社联合社\n各镇人民政府"\n'
        "2\t整治排口\t整治排口9个\t区住建局\n"
    )
    first, second = compile_text(text).measures
    assert owners(first) == ["区水利局", "区供销合作社联合社", "各镇人民政府"]
    assert owners(second) == ["区住建局"]
    assert text[first.span.start : first.span.end].endswith('"')


def test_a_rule_in_the_bracket_makes_the_first_unit_lead() -> None:
    text = HEAD + (
        "（一）清理河道。（责任单位：区水利局、区财政局、各镇人民政府，责任单位中第一个为牵头单位，下同）\n"
        "（二）整治排口。（责任单位：区住建局、区财政局）\n"
    )
    assert [[(d.unit, d.role.value) for d in m.duties] for m in compile_text(text).measures] == [
        [("区水利局", "lead"), ("区财政局", "responsible"), ("各镇人民政府", "responsible")],
        [("区住建局", "lead"), ("区财政局", "responsible")],
    ]


def test_a_finding_states_no_target_of_its_own() -> None:
    text = "临江区督察反馈问题整改方案\n一、整改任务\n" + (
        "问题一：雨污合流。合流管网23.4公里，浓度低。\n整改措施：改造管网20公里。\n责任单位：区住建局\n"
        "问题二：粪污直排。抽查14家有5家直排。\n整改措施：配套设施5套。\n责任单位：区农业农村局\n"
    )
    figures = [[str(t.value) for t in m.targets] for m in compile_text(text).measures]
    assert [("23.4" in found, "14" in found) for found in figures] == [(False, False)] * len(figures)
    assert len(figures) >= 2


def test_a_line_below_the_title_names_the_issuer() -> None:
    body = "一、清理河道。（区水利局负责）\n二、整治排口。（区住建局负责）\n"
    for line in (
        "（临江区水利局编制，2025年1月29日）",
        "（临江区水利局 2025年2月26日）",
        "制表单位：临江区水利局　　2025年3月8日",
        "临江区水利局　2025年3月",
    ):
        assert compile_text(HEAD + line + "\n" + body).issuer == "临江区水利局", line
