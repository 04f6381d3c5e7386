"""Names of units: where a list of them splits, what 等 leaves, which stand for many."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.plan.compiler import names

# A list as folded text, then its names separated by spaces.
LISTS = [
    # Marks
    ("区水利局、区财政局，区审计局；各镇街", "区水利局 区财政局 区审计局 各镇街"),
    ("区水利局/区财政局", "区水利局 区财政局"),
    ("区水利局", "区水利局"),
    # A mark inside a bracket belongs to the name
    ("各县（市、区）人民政府、市水利局", "各县（市、区）人民政府 市水利局"),
    ("区发改委（区粮食局、区能源局）、区财政局", "区发改委（区粮食局、区能源局） 区财政局"),
    ("各镇（街道、园区）", "各镇（街道、园区）"),
    # 和, 及, 与 between two complete names
    ("区财政局和区审计局", "区财政局 区审计局"),
    ("区民政局与区财政局", "区民政局 区财政局"),
    ("区财政局及各镇街", "区财政局 各镇街"),
    ("区财政局以及各街道", "区财政局 各街道"),
    ("区民政局、教育局和卫健委", "区民政局 教育局 卫健委"),
    ("区公安分局和交警大队", "区公安分局 交警大队"),
    ("区委和区政府", "区委 区政府"),
    ("各镇及各街道", "各镇 各街道"),
    ("江南镇、江北镇和城关街道", "江南镇 江北镇 城关街道"),
    ("区水利局及相关部门", "区水利局 相关部门"),
    ("国家发展和改革委员会、工业和信息化部", "国家发展和改革委员会 工业和信息化部"),
    ("区商务和经济信息化局和区文化广电和旅游局", "区商务和经济信息化局 区文化广电和旅游局"),
    ("区市场监管局和区行政审批和政务信息管理局", "区市场监管局 区行政审批和政务信息管理局"),
    ("区人力资源和社会保障局和区教育局", "区人力资源和社会保障局 区教育局"),
    # 和, 及, 与 inside a name
    ("区住房和城乡建设局", "区住房和城乡建设局"),
    ("市规划和自然资源局", "市规划和自然资源局"),
    ("区科学技术和工业信息化局", "区科学技术和工业信息化局"),
    ("区委党史和地方志研究室", "区委党史和地方志研究室"),
    ("区退役军人和双拥办", "区退役军人和双拥办"),
    ("区卫生和计划生育委员会", "区卫生和计划生育委员会"),
    ("区城市管理和综合执法局", "区城市管理和综合执法局"),
    ("市园林和林业局", "市园林和林业局"),
    ("区社会保险和就业服务中心", "区社会保险和就业服务中心"),
    ("市城市更新和物业管理办公室", "市城市更新和物业管理办公室"),
    ("县自然资源与规划局", "县自然资源与规划局"),
    ("区统战和民族宗教局", "区统战和民族宗教局"),
    ("市民族和宗教事务局", "市民族和宗教事务局"),
    # 等 and its echo
    ("区财政局等", "区财政局"),
    ("区财政局等有关部门", "区财政局"),
    ("区财政局等3个部门", "区财政局"),
    ("区财政局等8部门", "区财政局"),
    ("海关总署、商务部等国务院相关部门", "海关总署 商务部"),
    ("区发改委、区工信局等区直有关单位", "区发改委 区工信局"),
    ("区发改委、区工信局等相关责任单位", "区发改委 区工信局"),
    ("区发改委、区工信局等部门和单位", "区发改委 区工信局"),
    ("移动公司、联通公司等企业", "移动公司 联通公司"),
    # What is joined to the echo is kept
    ("区财政局等部门及相关企业", "区财政局 相关企业"),
    ("区财政局等部门和各镇街", "区财政局 各镇街"),
    ("商务部等国务院相关部门及各地区", "商务部 各地区"),
    ("商务部等和各省级人民政府", "商务部 各省级人民政府"),
    # A group in the shape of 等 cannot be taken apart
    ("江南区等相关区政府", "江南区等相关区政府"),
    ("市口岸与物流办公室、市交通运输局", "市口岸与物流办公室 市交通运输局"),
    ("县农业农村和水利局", "县农业农村和水利局"),
    ("区农业农村和水务局、区财政局", "区农业农村和水务局 区财政局"),
]


@pytest.mark.parametrize(("text", "expected"), LISTS)
def test_a_list_splits_into_its_names(text: str, expected: str) -> None:
    assert [n.text for n in names.split(text, 0, len(text))] == expected.split()


@pytest.mark.parametrize(("text", "expected"), LISTS)
def test_every_name_points_to_its_own_characters(text: str, expected: str) -> None:
    padded = f"由{text}负责"
    assert all(padded[n.start : n.end] == n.text for n in names.split(padded, 1, 1 + len(text)))


@pytest.mark.parametrize("text", ["", "、", "，、；", "等", "和", "（", "）、（"])
def test_a_list_of_marks_alone_is_split_without_fail(text: str) -> None:
    assert all(n.text in text for n in names.split(text, 0, len(text)))


@given(st.text(alphabet="区水利局委镇各等和及、，（）部门", max_size=40))
def test_names_stand_in_order_and_apart(text: str) -> None:
    found = names.split(text, 0, len(text))
    assert all(0 <= n.start < n.end <= len(text) for n in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


GROUPS = [
    "各镇", "各镇（街道）", "各乡(镇)街道", "各有关单位", "区直有关单位", "有关部门", "相关部门", "相关区", "市级相关部门", "各成员单位",
    "区级各部门", "国务院有关部门", "各县（市、区）人民政府", "有关镇（街道）", "其他有关单位", "所有成员单位", "属地镇街", "成员单位",
]  # fmt: skip
BODIES = ["区水利局", "江南镇", "城关街道办事处", "区委办公室", "市生态环境局临江分局", "临江水务集团", "团区委"]


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_stands_for_members_that_it_does_not_name(name: str) -> None:
    assert names.is_group(name)


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_no_group(name: str) -> None:
    assert not names.is_group(name)


@pytest.mark.parametrize(
    "name", [*BODIES, "区卫健委", "区法院", "区人武部", "国网临江供电公司", "区发改委（区粮食局）"]
)
def test_a_body_is_a_complete_name(name: str) -> None:
    assert names.is_complete(name)
    assert names.could_be(name)


@pytest.mark.parametrize("text", ["市自然资源", "加强协同", "区", "", "区水利局的职责", "由区水利局牵头"])
def test_half_a_name_or_a_sentence_is_not_complete(text: str) -> None:
    assert not names.is_complete(text)


def test_a_place_is_complete_but_not_strong() -> None:
    # 江南镇 may be the body or merely the place; only 局, 委, 办公室 and their like are bodies for sure.
    assert names.is_complete("江南镇")
    assert not names.is_strong("江南镇")
    assert names.is_strong("江南镇人民政府")


@pytest.mark.parametrize("text", ["6月底前完成", "2024年12月", "长期坚持", "立行立改", "整改时限"])
def test_a_time_is_no_name(text: str) -> None:
    assert not names.could_be(text)


@pytest.mark.parametrize("text", ["培育中介机构", "推进园区", "建设服务中心", "加强社区"])
def test_what_begins_with_a_verb_is_a_sentence(text: str) -> None:
    assert names.starts_like_a_sentence(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("区水利局负责", "区水利局"),
        ("区委办公室负责", "区委办公室"),
        ("市委办公室、区政府", "市委办公室"),
        ("区发改委（区粮食局）牵头", "区发改委（区粮食局）"),
        ("各镇街负责", ""),
        ("，区水利局", ""),
        ("", ""),
    ],
)
def test_the_name_that_begins_a_text_is_measured(text: str, name: str) -> None:
    end = names.leading_name(text, 0)
    assert text[: max(end, 0)] == name


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("加强巡查，区水利局", "区水利局"),
        ("加强巡查。区水利局", "区水利局"),
        ("（见附件，第1页）区水利局", "（见附件，第1页）区水利局"),
        ("（责任单位：区水利局", "区水利局"),
        ("区水利局", "区水利局"),
    ],
)
def test_a_clause_begins_after_the_last_mark_outside_brackets(text: str, clause: str) -> None:
    assert text[names.clause_start(text, len(text)) :] == clause
