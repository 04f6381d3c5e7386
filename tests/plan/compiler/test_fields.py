"""Field lines of a measure: which words are labels, and where their values end."""

from __future__ import annotations

from itertools import accumulate

import pytest

from anlan.plan.compiler import fields
from anlan.plan.compiler.labels import Content, content_of
from anlan.plan.compiler.model import Role
from anlan.plan.compiler.view import fold, solid

LABELS = {
    Content.LEAD: "牵头单位 牵头部门 总牵头单位 牵头责任单位 第一责任单位 牵头科室 整改牵头单位 主办单位 牵头",
    Content.COOPERATING: "配合单位 配合部门 协办单位 参与单位 参加单位 协同单位 协助单位 配合责任单位 配合科室 配合",
    Content.RESPONSIBLE: (
        "责任单位 责任部门 责任科室 责任股室 责任处室 责任主体 整改责任单位 主要责任单位 承办单位 落实单位 实施单位 实施主体 "
        "主责单位 督导单位 验收单位 督办单位 主管部门 业主单位 项目单位 责任"
    ),
    Content.DEADLINE: (
        "完成时限 整改时限 时限要求 办结时限 完成时间 计划完成时间 完成期限 时间节点 时间要求 实施期限 建设年限 整改期限 时限 时间 进度要求"
    ),
    Content.PERSON: "责任领导 牵头领导 分管领导 包保领导 责任人 负责人 联系人 区领导 整改责任人 牵头区领导 责任县领导",
    Content.PROBLEM: "问题描述 存在问题 具体问题 问题 反馈问题 问题表现 存在的问题 整改前情况",
    Content.TEXT: "整改措施 整改目标 工作措施 具体措施 工作目标 建设内容 验收标准 销号标准 备注 资金来源 总投资 任务内容",
}


@pytest.mark.parametrize(("content", "label"), [(c, label) for c, ls in LABELS.items() for label in ls.split()])
def test_a_label_says_what_its_field_holds(content: Content, label: str) -> None:
    assert content_of(label) is content


@pytest.mark.parametrize("text", ["区水利局", "加强巡查", "通知如下", "包括", "负责", "有关要求如下", "河长", ""])
def test_other_words_before_a_colon_are_no_label(text: str) -> None:
    assert content_of(text) is None


@pytest.mark.parametrize(
    ("content", "role"),
    [
        (Content.LEAD, Role.LEAD),
        (Content.COOPERATING, Role.COOPERATING),
        (Content.RESPONSIBLE, Role.RESPONSIBLE),
        (Content.DEADLINE, None),
        (Content.PERSON, None),
        (Content.PROBLEM, None),
        (Content.TEXT, None),
    ],
)
def test_only_fields_of_units_have_a_role(content: Content, role: Role | None) -> None:
    assert content.role is role


def read(printed: str) -> list[str]:
    """Fields as `content value`; the printed lines are joined as the view joins them."""
    pieces = [solid(fold(line)) for line in printed.split("\n")]
    text = "".join(pieces)
    starts = set(accumulate(map(len, pieces[:-1]), initial=0))
    return [f"{f.content} {text[f.value : f.end]}" for f in fields.find(text, starts.__contains__)]


# Printed text of an item, then its fields.
ITEMS: list[tuple[str, list[str]]] = [
    ("查清底数。\n责任单位：区住建局、区水利局", ["responsible 区住建局、区水利局"]),
    ("查清底数。\n责任单位:区住建局,区水利局", ["responsible 区住建局，区水利局"]),
    (
        "查清底数。\n牵头单位：区住建局\n配合单位：区水利局\n完成时限：6月底前",
        ["lead 区住建局", "cooperating 区水利局", "deadline 6月底前"],
    ),
    ("查清底数。\n牵头单位：区住建局；责任单位：区水利局。", ["lead 区住建局；", "responsible 区水利局"]),
    ("查清底数。\n牵头单位：区住建局，完成时限：6月底前", ["lead 区住建局，", "deadline 6月底前"]),
    ("查清底数。（牵头单位：区住建局；完成时限：6月底前）", ["lead 区住建局；", "deadline 6月底前"]),
    # A line that breaks after a mark, inside a bracket or inside a name goes on
    ("查清底数。\n责任单位：区住建局、\n区水利局", ["responsible 区住建局、区水利局"]),
    ("查清底数。\n责任单位：区住建局、区自然资\n源和规划局", ["responsible 区住建局、区自然资源和规划局"]),
    ("查清底数。\n责任单位：区发改委（区粮\n食局）、区财政局", ["responsible 区发改委（区粮食局）、区财政局"]),
    ("查清底数。\n责任单位：\n区住建局", ["responsible 区住建局"]),
    # A finished line ends its field
    ("查清底数。\n责任单位：区住建局\n同时做好宣传。", ["responsible 区住建局"]),
    ("查清底数。\n责任单位：区住建局。同时做好宣传。", ["responsible 区住建局"]),
    # Numbered labels
    ("管网破损\n（1）责任单位：区住建局\n（2）整改时限：6月底", ["responsible 区住建局", "deadline 6月底"]),
    # A label inside a sentence is none
    ("明确牵头单位：由区政府另行确定。", []),
    ("压实责任单位：各镇街要对照清单整改。", []),
]


@pytest.mark.parametrize(("printed", "expected"), ITEMS)
def test_fields_of_an_item(printed: str, expected: list[str]) -> None:
    assert read(printed) == expected


def test_a_problem_goes_on_over_lines_until_the_next_label() -> None:
    printed = "问题描述：管网破损。\n污水直排。\n整改措施：修复管网。\n责任单位：区住建局"
    assert read(printed) == ["problem 管网破损。污水直排。", "text 修复管网。", "responsible 区住建局"]


def test_white_space_in_print_may_open_a_label() -> None:
    text = "牵头单位：区住建局配合单位：区水利局"
    second = text.index("配合")
    found = fields.find(text, lambda i: i == 0, lambda i: i == second)
    assert [(f.content, text[f.value : f.end]) for f in found] == [
        (Content.LEAD, "区住建局"),
        (Content.COOPERATING, "区水利局"),
    ]
