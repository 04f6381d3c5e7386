"""Numbers make a tree: every style of number, restarts, kinds turned round, text that lost its line breaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plan.compiler.notation import HEAD, lines, plan_of

from anlan.plan.compiler import outline
from anlan.plan.compiler.compile import compile_text
from anlan.plan.compiler.layout import lay_out

VALUES = [
    ("一", 1), ("两", 2), ("十", 10), ("十二", 12), ("二十", 20), ("二十一", 21), ("九十九", 99), ("一百", 100), ("一百零三", 103),
    ("一百一十二", 112), ("7", 7), ("128", 128), ("", 0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_a_number_has_its_value_in_either_script(text: str, value: int) -> None:
    assert outline.value_of(text) == value


def tree(raw: str) -> list[str]:
    """Nodes in order of place, indented by depth: number, then the beginning of its text."""
    layout = lay_out(raw)
    roots, _ = outline.build(layout, 0, [])
    text = layout.view.text
    return [
        "  " * len(node.ancestors()) + text[node.start : node.number_end] + " " + text[node.body : node.own_end][:6]
        for root in roots
        for node in root.walk()
    ]


# A pair of numbers of one style, as printed, and the numbers without the marks behind them.
STYLES = [
    ("一、", "二、", "一", "二"),
    ("一 、", "二 、", "一", "二"),
    ("一.", "二.", "一", "二"),
    ("一．", "二．", "一", "二"),
    ("（一）", "（二）", "（一）", "（二）"),
    ("(一)", "(二)", "(一)", "(二)"),
    ("(一）", "（二)", "(一）", "（二)"),
    ("（ 一 ）", "（ 二 ）", "（一）", "（二）"),
    ("（一）、", "（二）、", "（一）", "（二）"),
    ("㈠", "㈡", "㈠", "㈡"),
    ("1.", "2.", "1", "2"),
    ("1. ", "2. ", "1", "2"),
    ("1．", "2．", "1", "2"),
    ("１．", "２．", "１", "２"),
    ("1、", "2、", "1", "2"),
    ("１、", "２、", "１", "２"),
    ("⒈", "⒉", "⒈", "⒉"),
    ("（1）", "（2）", "（1）", "（2）"),
    ("(1)", "(2)", "(1)", "(2)"),
    ("（１）", "（２）", "（１）", "（２）"),
    ("⑴", "⑵", "⑴", "⑵"),
    ("1)", "2)", "1)", "2)"),
    ("1）", "2）", "1）", "2）"),
    ("①", "②", "①", "②"),
    ("第一条 ", "第二条 ", "第一条", "第二条"),
    ("第一条\u3000", "第二条\u3000", "第一条", "第二条"),
    ("第1条 ", "第2条 ", "第1条", "第2条"),
    ("任务一：", "任务二：", "任务一", "任务二"),
    ("1.1 ", "1.2 ", "1.1", "1.2"),
    ("1．1", "1．2", "1．1", "1．2"),
    ("1.1.1 ", "1.1.2 ", "1.1.1", "1.1.2"),
]


@pytest.mark.parametrize(("first", "second", "one", "two"), STYLES)
def test_every_style_of_number_opens_an_item(first: str, second: str, one: str, two: str) -> None:
    plan = plan_of(f"{first}排查管网。查清底数。（区住建局负责）\n{second}修复管网。消除隐患。（区水利局负责）\n")
    assert lines(plan) == [f"{one} 排查管网 {{R 区住建局}}", f"{two} 修复管网 {{R 区水利局}}"]


@pytest.mark.parametrize(("first", "second", "one", "two"), STYLES)
def test_white_space_before_a_number_makes_no_difference(first: str, second: str, one: str, two: str) -> None:
    plan = plan_of(
        f"\u3000\u3000{first}排查管网。查清底数。（区住建局负责）\n\n    {second}修复管网。消除隐患。（区水利局负责）\n"
    )
    assert [m.number for m in plan.measures] == [one, two]


def test_all_styles_rank_as_offices_use_them() -> None:
    assert tree("第一部分 甲\n第一章 乙\n第一节 丙\n一、丁\n（一）戊\n1.己\n（1）庚\n①辛\n") == [
        "第一部分 甲",
        "  第一章 乙",
        "    第一节 丙",
        "      一 丁",
        "        （一） 戊",
        "          1 己",
        "            （1） 庚",
        "              ① 辛",
    ]


def test_a_deep_decimal_outline_nests_by_its_dots() -> None:
    assert tree("1.治水\n1.1截污\n1.1.1排查\n1.1.2修复\n1.2清淤\n2.护岸\n2.1加固\n") == [
        "1 治水", "  1.1 截污", "    1.1.1 排查", "    1.1.2 修复", "  1.2 清淤", "2 护岸", "  2.1 加固",
    ]  # fmt: skip


def test_a_count_that_runs_on_over_headings_stays_below_them() -> None:
    assert tree("一、治水\n1.排查\n二、护岸\n2.加固\n三、监管\n3.巡查\n") == [
        "一 治水", "  1 排查", "二 护岸", "  2 加固", "三 监管", "  3 巡查",
    ]  # fmt: skip


def test_a_count_that_begins_again_belongs_to_the_new_heading() -> None:
    assert tree("一、治水\n1.排查\n2.修复\n二、护岸\n1.加固\n") == [
        "一 治水",
        "  1 排查",
        "  2 修复",
        "二 护岸",
        "  1 加固",
    ]


def test_a_comma_may_stand_behind_the_number_of_a_heading() -> None:
    assert tree("一，治水\n1.排查\n二，护岸\n1.加固\n") == ["一 治水", "  1 排查", "二 护岸", "  1 加固"]


def test_a_document_may_turn_two_kinds_round() -> None:
    assert tree("1.治水\n（一）排查\n（二）修复\n2.护岸\n（一）加固\n（二）绿化\n3.监管\n（一）巡查\n") == [
        "1 治水", "  （一） 排查", "  （二） 修复", "2 护岸", "  （一） 加固", "  （二） 绿化", "3 监管", "  （一） 巡查",
    ]  # fmt: skip


def test_numbers_that_skip_and_repeat_are_kept_as_printed() -> None:
    assert tree("一、治水\n1.排查\n3.修复\n3.清淤\n") == ["一 治水", "  1 排查", "  3 修复", "  3 清淤"]


# The second line begins with what looks like a number and is none.
TORN = [
    "新建管网\n3.5公里，改造管网。",
    "新建管网\n12.8公里，改造管网。",
    "水质达到\n98.5%以上。",
    "完成投资\n1.2亿元。",
    "种植面积达到\n6.05万亩。",
    "自\n2024.6月起执行。",
    "依据河道管理条例\n第二十条规定，明确职责。",
    "依据河道管理条例\n第二十条的规定，明确职责。",
    "依据河道管理条例第十条、\n第十二条和第十五条，明确职责。",
]


@pytest.mark.parametrize("text", TORN)
def test_a_figure_torn_off_by_a_line_break_opens_no_item(text: str) -> None:
    plan = plan_of(f"一、治水\n（一）完善管网。{text}\n（二）修复堤防。消除险段。\n")
    assert [m.number for m in plan.measures] == ["（一）", "（二）"]


@pytest.mark.parametrize(
    "text",
    [
        "一是排查管网，二是修复管网，三是建立台账。",
        "\n一是排查管网。\n二是修复管网。",
        "第一，排查管网；第二，修复管网。",
        "（1）查清底数；（2）建立台账。",
        "①查清底数；②建立台账。",
        "按照（一）（二）项要求落实。",
    ],
)
def test_an_enumeration_inside_an_item_opens_no_item(text: str) -> None:
    plan = plan_of(f"一、治水\n（一）完善管网。{text}（区住建局负责）\n（二）修复堤防。消除险段。（区水利局负责）\n")
    assert lines(plan) == ["（一） [治水] 完善管网 {R 区住建局}", "（二） [治水] 修复堤防 {R 区水利局}"]


def test_a_year_behind_the_item_number_is_no_decimal() -> None:
    plan = plan_of("一、治水\n1.2024年6月底前完成排查。（区住建局负责）\n2.2024年底前完成修复。（区水利局负责）\n")
    assert lines(plan) == ["1 [治水] — {R 区住建局} by 2024-06-30", "2 [治水] — {R 区水利局} by 2024-12-31"]


FILLER = "逐条核对管网资料，查清走向、管径和破损点位，建立台账，形成清单，实行销号管理，做到情况明、底数清。"


def test_a_text_without_line_breaks_is_cut_where_a_count_goes_on() -> None:
    # A scan of 500 characters in one line.
    body = (
        f"一、治水（一）排查管网。{FILLER}责任单位：区住建局。（二）修复管网。{FILLER}责任单位：区水利局。"
        f"二、护岸（一）加固堤防。{FILLER}责任单位：区水利局。（二）加强巡查。{FILLER}责任单位：区城管局。"
        f"三、保障（一）加强领导。{FILLER}{FILLER}（二）强化督查。{FILLER}"
    )
    plan = compile_text(HEAD.replace("本方案。\n", "本方案。") + body)
    assert lines(plan) == [
        "（一） [治水] 排查管网 {R 区住建局}",
        "（二） [治水] 修复管网 {R 区水利局}",
        "（一） [护岸] 加固堤防 {R 区水利局}",
        "（二） [护岸] 加强巡查 {R 区城管局}",
        "（一） [保障] 加强领导",
        "（二） [保障] 强化督查",
    ]


def test_an_annex_begins_a_tree_of_its_own() -> None:
    plan = plan_of(
        "一、治水\n（一）排查管网。查清底数。\n（二）修复管网。消除隐患。\n附件1\n任务清单\n1.清淤。全面清淤。（区水利局负责）\n2.护岸。加固护岸。（区水利局负责）\n"
    )
    assert [(m.number, m.path) for m in plan.measures] == [
        ("（一）", ("治水",)),
        ("（二）", ("治水",)),
        ("1", ()),
        ("2", ()),
    ]


@pytest.mark.parametrize("text", ["附件：1.任务清单\n2.联络员名单\n", "附件：\n1.任务清单\n2.联络员名单\n"])
def test_a_list_of_annexes_holds_no_items(text: str) -> None:
    plan = plan_of(f"一、治水\n（一）排查管网。查清底数。\n（二）修复管网。消除隐患。\n{text}")
    assert [m.number for m in plan.measures] == ["（一）", "（二）"]


@given(st.lists(st.sampled_from([s[0] for s in STYLES] + ["", "附件1\n", "附件：\n"]), max_size=12))
def test_every_node_lies_inside_its_parent_and_after_its_elder(marks: list[str]) -> None:
    layout = lay_out("".join(f"{mark}排查管网，查清底数。\n" for mark in marks))
    roots, stops = outline.build(layout, 0, [])
    assert stops == sorted(stops)
    order = [node for root in roots for node in root.walk()]
    assert [n.start for n in order] == sorted({n.start for n in order})
    for node in order:
        assert node.start < node.number_end <= node.body <= max(node.own_end, node.body) <= max(node.end, node.body)
        for child in node.children:
            assert child.parent is node
            assert node.start < child.start
            assert child.end <= node.end
            assert child.rank > node.rank
