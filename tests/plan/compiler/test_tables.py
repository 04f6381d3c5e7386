"""Tables of a plan: rows with tabs or bars, rows flattened to one cell a line, what their columns say."""

from __future__ import annotations

import pytest
from tests.plan.compiler.notation import lines, plan_of

from anlan.plan.compiler.rows import Column, column_of

HEADS = {
    Column.NUMBER: "序号 编号 任务编号 问题编号",
    Column.GROUP: "类别 领域 板块 任务类别",
    Column.TITLE: "任务 工作任务 重点任务 任务名称 项目名称 重点工作 工作事项 民生实事项目 考核项目",
    Column.TEXT: "工作措施 具体措施 整改措施 主要内容 工作内容 年度目标 工作要求 建设内容 考核内容",
    Column.SCORE: "分值 权重 得分",
    Column.LEAD: "牵头单位 牵头部门 主办单位 牵头科室",
    Column.RESPONSIBLE: "责任单位 责任部门 责任科室 承办单位 实施单位 落实单位 责任主体 主管部门 责任单位（部门）",
    Column.COOPERATING: "配合单位 配合部门 协办单位 参与单位",
    Column.DEADLINE: "完成时限 完成时间 时限要求 时间节点 整改时限 计划完成时间 办结时限 建设年限 时间进度 进度要求",
    Column.PERSON: "责任领导 牵头领导 责任人 联系人 负责人",
    Column.PROBLEM: "存在问题 问题描述 反馈问题",
}


@pytest.mark.parametrize(("column", "head"), [(c, h) for c, hs in HEADS.items() for h in hs.split()])
def test_a_head_says_what_its_column_holds(column: Column, head: str) -> None:
    assert column_of(head) is column


@pytest.mark.parametrize("text", ["县河长办", "区水利局", "排查管网", "", "1", "6月底前", "查清底数。"])
def test_a_cell_of_the_body_is_no_head(text: str) -> None:
    assert column_of(text) is None


# What it shows, the table, its measures.
TABLES: list[tuple[str, str, list[str]]] = [
    (
        "tabs",
        "序号\t任务\t牵头单位\t配合单位\t完成时限\n1\t排查管网\t区住建局\t区水利局、各镇街\t2024年6月底前\n2\t修复管网\t区水利局\t区财政局\t全年\n",
        [
            "1 排查管网 {L 区住建局 | C 区水利局 各镇街} by 2024-06-30",
            "2 修复管网 {L 区水利局 | C 区财政局} during 2024-12-31",
        ],
    ),
    (
        "heads with spaces inside",
        "序 号\t工 作 任 务\t责 任 单 位\t完成时限\n1\t排查管网\t区住建局\t6月底\n2\t修复管网\t区水利局\t长期坚持\n",
        ["1 排查管网 {R 区住建局} by 2024-06-30", "2 修复管网 {R 区水利局} long_term -"],
    ),
    (
        "bars",
        "| 序号 | 任务 | 责任单位 | 完成时限 |\n| --- | --- | --- | --- |\n| 1 | 排查管网 | 区住建局 | 6月底前 |\n| 2 | 修复管网 | 区水利局 | 年底前 |\n",
        ["1 排查管网 {R 区住建局} by 2024-06-30", "2 修复管网 {R 区水利局} by 2024-12-31"],
    ),
    (
        "a number cell merged over two rows",
        "序号\t任务\t具体措施\t责任单位\n1\t治水\t排查管网。\t区住建局\n\t\t修复管网。\t区水利局\n2\t护岸\t加固堤防。\t区水利局\n",
        ["1 治水 {R 区住建局 区水利局}", "2 护岸 {R 区水利局}"],
    ),
    (
        "section rows",
        "序号\t任务\t责任单位\n一、治水\t\t\n1\t排查管网\t区住建局\n二、护岸\t\t\n2\t加固堤防\t区水利局\n",
        ["1 [治水] 排查管网 {R 区住建局}", "2 [护岸] 加固堤防 {R 区水利局}"],
    ),
    (
        "section lines between rows",
        "序号\t任务\t责任单位\n一、治水\n1\t排查管网\t区住建局\n二、护岸\n2\t加固堤防\t区水利局\n",
        ["1 [治水] 排查管网 {R 区住建局}", "2 [护岸] 加固堤防 {R 区水利局}"],
    ),
    (
        "heads repeated on the next page",
        "序号\t任务\t责任单位\n1\t排查管网\t区住建局\n序号\t任务\t责任单位\n2\t加固堤防\t区水利局\n",
        ["1 排查管网 {R 区住建局}", "2 加固堤防 {R 区水利局}"],
    ),
    (
        "no column of numbers",
        "任务\t责任单位\t完成时限\n排查管网\t区住建局\t6月底前\n修复管网\t区水利局\t年底前\n",
        ["排查管网 {R 区住建局} by 2024-06-30", "修复管网 {R 区水利局} by 2024-12-31"],
    ),
    (
        "Chinese numbers",
        "序号\t任务\t责任单位\n一\t排查管网\t区住建局\n二\t修复管网\t区水利局\n",
        ["一 排查管网 {R 区住建局}", "二 修复管网 {R 区水利局}"],
    ),
    (
        "numbers with a dot",
        "序号\t任务\t责任单位\n1.\t排查管网\t区住建局\n2.\t修复管网\t区水利局\n",
        ["1 排查管网 {R 区住建局}", "2 修复管网 {R 区水利局}"],
    ),
    (
        "numbers in brackets",
        "序号\t任务\t责任单位\n（1）\t排查管网\t区住建局\n（2）\t修复管网\t区水利局\n",
        ["（1） 排查管网 {R 区住建局}", "（2） 修复管网 {R 区水利局}"],
    ),
    (
        "decimal numbers",
        "序号\t任务\t责任单位\n1.1\t排查管网\t区住建局\n1.2\t修复管网\t区水利局\n",
        ["1.1 排查管网 {R 区住建局}", "1.2 修复管网 {R 区水利局}"],
    ),
    (
        "persons are no units",
        "序号\t任务\t牵头领导\t责任单位\n1\t排查管网\t分管副区长\t区住建局\n2\t修复管网\t分管副区长\t区水利局\n",
        ["1 排查管网 {R 区住建局}", "2 修复管网 {R 区水利局}"],
    ),
    (
        "the first-named leads, said in the head",
        "序号\t任务\t责任单位（列第一位的为牵头单位）\n1\t排查管网\t区住建局、区水利局\n2\t修复管网\t区水利局、各镇街\n",
        ["1 排查管网 {L 区住建局 | R 区水利局}", "2 修复管网 {L 区水利局 | R 各镇街}"],
    ),
    (
        "a unit that stays empty",
        "序号\t任务\t责任单位\t完成时限\n1\t排查管网\t区住建局\t6月底前\n2\t修复管网\t同上\t/\n",
        ["1 排查管网 {R 区住建局} by 2024-06-30", "2 修复管网"],
    ),
    (
        "a line of notes above the heads",
        "填报单位：区水利局\t\t\n序号\t任务\t责任单位\n1\t排查管网\t区住建局\n2\t修复管网\t区水利局\n",
        ["1 排查管网 {R 区住建局}", "2 修复管网 {R 区水利局}"],
    ),
    (
        "a title cell with its explanation: the lead phrase",
        "序号\t工作任务\t责任单位\n1\t排查管网。查清底数，建立台账。\t区住建局\n2\t修复管网：消除隐患。\t区水利局\n",
        ["1 排查管网 {R 区住建局}", "2 修复管网 {R 区水利局}"],
    ),
    (
        "duties inside the text where no column says them",
        "序号\t任务\t具体措施\t完成时限\n1\t排查管网\t查清底数。（区住建局负责）\t6月底前\n2\t修复管网\t消除隐患。（区水利局负责）\t年底前\n",
        ["1 排查管网 {R 区住建局} by 2024-06-30", "2 修复管网 {R 区水利局} by 2024-12-31"],
    ),
    (
        "items above, the same work in a table below",
        "一、治水\n（一）排查管网。查清底数。\n（二）修复管网。消除隐患。\n附件\n任务分解表\n序号\t任务\t责任单位\n1\t排查管网\t区住建局\n2\t修复管网\t区水利局\n",
        ["（一） [治水] 排查管网", "（二） [治水] 修复管网", "1 排查管网 {R 区住建局}", "2 修复管网 {R 区水利局}"],
    ),
    (
        "two tables",
        "附件1\n治水清单\n序号\t任务\t责任单位\n1\t排查管网\t区住建局\n2\t修复管网\t区水利局\n附件2\n护岸清单\n序号\t任务\t责任单位\n1\t加固堤防\t区水利局\n2\t种植林带\t区林业局\n",
        ["1 排查管网 {R 区住建局}", "2 修复管网 {R 区水利局}", "1 加固堤防 {R 区水利局}", "2 种植林带 {R 区林业局}"],
    ),
    (
        "flattened to one cell a line",
        "序号\n任务\n责任单位\n完成时限\n1\n排查管网\n区住建局\n6月底前\n2\n修复管网\n区水利局、各镇街\n年底前\n",
        ["1 排查管网 {R 区住建局} by 2024-06-30", "2 修复管网 {R 区水利局 各镇街} by 2024-12-31"],
    ),
    (
        "flattened, heads repeated",
        "序号\n任务\n责任单位\n1\n排查管网\n区住建局\n序号\n任务\n责任单位\n2\n修复管网\n区水利局\n3\n加强巡查\n区城管局\n",
        ["1 排查管网 {R 区住建局}", "2 修复管网 {R 区水利局}", "3 加强巡查 {R 区城管局}"],
    ),
    (
        "flattened, lists of units broken over lines",
        "序号\n任务\n责任单位\n完成时限\n1\n排查管网\n区住建局、\n各镇街\n6月底前\n2\n修复管网\n区水利局、\n区农业农村局\n年底前\n",
        ["1 排查管网 {R 区住建局 各镇街} by 2024-06-30", "2 修复管网 {R 区水利局 区农业农村局} by 2024-12-31"],
    ),
    (
        "flattened, lead and partners in two columns",
        "序号\n任务\n牵头单位\n配合单位\n1\n排查管网\n区住建局\n区水利局\n2\n修复管网\n区水利局\n区财政局、各镇街\n",
        ["1 排查管网 {L 区住建局 | C 区水利局}", "2 修复管网 {L 区水利局 | C 区财政局 各镇街}"],
    ),
    (
        "flattened, scores that look like numbers of rows",
        "序号\n考核项目\n分值\n考核内容\n责任单位\n1\n排查管网\n10\n查清底数。\n区住建局\n2\n修复管网\n5\n消除隐患。\n区水利局\n3\n加强巡查\n3\n落实责任。\n区城管局\n",
        ["1 排查管网 {R 区住建局}", "2 修复管网 {R 区水利局}", "3 加强巡查 {R 区城管局}"],
    ),
    (
        "units parted by a space",
        "序号\t工作任务\t责任单位\n1\t排查管网\t区住建局 区水利局\n2\t修复管网\t区水利局\n",
        ["1 排查管网 {R 区住建局 区水利局}", "2 修复管网 {R 区水利局}"],
    ),
    (
        "flattened, tall rows",
        "序号\n任务\n具体措施\n责任单位\n完成时限\n1\n排查管网\n摸清管网底数，\n建立管网台账，\n编制缺陷清单，\n形成修复计划，\n报区政府审定。\n区住建局\n6月底前\n2\n修复管网\n更换破损管道，\n疏通淤堵管道，\n改造错接管道，\n恢复破坏路面，\n组织闭水试验。\n区水利局\n年底前\n3\n加强巡查\n落实巡查人员，\n明确巡查频次，\n记录巡查结果，\n处置发现问题，\n定期通报情况。\n区城管局\n长期坚持\n",
        [
            "1 排查管网 {R 区住建局} by 2024-06-30",
            "2 修复管网 {R 区水利局} by 2024-12-31",
            "3 加强巡查 {R 区城管局} long_term -",
        ],
    ),
    (
        "the number in the second column",
        "类别\t序号\t任务\t责任单位\n治水\t1\t排查管网\t区住建局\n\t2\t修复管网\t区水利局\n护岸\t3\t加固堤防\t区水利局\n",
        ["1 排查管网 {R 区住建局}", "2 修复管网 {R 区水利局}", "3 加固堤防 {R 区水利局}"],
    ),
    (
        "a head of two labels",
        "序号\t任务\t牵头（责任）单位\t完成时限\n1\t排查管网\t区住建局\t6月底前\n2\t修复管网\t区水利局\t年底前\n",
        ["1 排查管网 {L 区住建局} by 2024-06-30", "2 修复管网 {L 区水利局} by 2024-12-31"],
    ),
    (
        "a head with a level",
        "序号\t任务\t区级责任单位\t完成时限\n1\t排查管网\t区住建局\t6月底前\n2\t修复管网\t区水利局\t年底前\n",
        ["1 排查管网 {R 区住建局} by 2024-06-30", "2 修复管网 {R 区水利局} by 2024-12-31"],
    ),
    (
        "a head with a level, lead",
        "序号\t任务\t区直牵头单位\t完成时限\n1\t排查管网\t区住建局\t6月底前\n2\t修复管网\t区水利局\t年底前\n",
        ["1 排查管网 {L 区住建局} by 2024-06-30", "2 修复管网 {L 区水利局} by 2024-12-31"],
    ),
    (
        "a head of units and persons",
        "序号\t任务\t责任单位及责任人\t完成时限\n1\t排查管网\t区住建局\t6月底前\n2\t修复管网\t区水利局\t年底前\n",
        ["1 排查管网 {R 区住建局} by 2024-06-30", "2 修复管网 {R 区水利局} by 2024-12-31"],
    ),
    (
        "a head of persons and units",
        "序号\t任务\t责任领导及单位\t完成时限\n1\t排查管网\t区住建局\t6月底前\n2\t修复管网\t区水利局\t年底前\n",
        ["1 排查管网 {R 区住建局} by 2024-06-30", "2 修复管网 {R 区水利局} by 2024-12-31"],
    ),
    (
        "a head 行业主管部门",
        "序号\t任务\t行业主管部门\t完成时限\n1\t排查管网\t区住建局\t6月底前\n2\t修复管网\t区水利局\t年底前\n",
        ["1 排查管网 {R 区住建局} by 2024-06-30", "2 修复管网 {R 区水利局} by 2024-12-31"],
    ),
    (
        "heads in two rows",
        "序号\t任务\t责任分工\t\t完成时限\n\t\t牵头单位\t配合单位\t\n1\t排查管网\t区住建局\t区水利局\t6月底前\n2\t修复管网\t区水利局\t区财政局\t年底前\n",
        ["1 排查管网 {L 区住建局 | C 区水利局} by 2024-06-30", "2 修复管网 {L 区水利局 | C 区财政局} by 2024-12-31"],
    ),
    (
        "short dates",
        "序号\t任务\t责任单位\t完成时限\n1\t排查管网\t区住建局\t6.30前\n2\t修复管网\t区水利局\t2024—2025\n",
        ["1 排查管网 {R 区住建局} by 2024-06-30", "2 修复管网 {R 区水利局} during 2025-12-31"],
    ),
    (
        "flattened, a name broken over two lines",
        "序号\n任务\n责任单位\n完成时限\n1\n排查管网\n区住建局\n6月底前\n2\n修复管网\n区水利局、区农业农\n村局\n年底前\n",
        ["1 排查管网 {R 区住建局} by 2024-06-30", "2 修复管网 {R 区水利局 区农业农村局} by 2024-12-31"],
    ),
]


@pytest.mark.parametrize(("body", "expected"), [t[1:] for t in TABLES], ids=[t[0] for t in TABLES])
def test_the_rows_of_a_table_are_measures(body: str, expected: list[str]) -> None:
    assert [line.strip() for line in lines(plan_of(body))] == expected


TIMES = [
    ("完成时限", "6月底前", "by 2024-06-30"),
    ("完成时间", "2024年6月", "by 2024-06-30"),
    ("完成期限", "2024.6", "by 2024-06-30"),
    ("完成时限", "2024/6/30", "by 2024-06-30"),
    ("完成时限", "2024-06-30", "by 2024-06-30"),
    ("时间进度", "上半年", "during 2024-06-30"),
    ("时限要求", "持续推进", "long_term -"),
    ("实施时间", "1-6月", "during 2024-06-30"),
    ("整改时限", "立行立改", "immediate -"),
    ("工期", "2024年3月-2024年6月", "during 2024-06-30"),
    ("建设年限", "2024-2025年", "during 2025-12-31"),
    ("完成时限", "/", ""),
]


@pytest.mark.parametrize(("head", "value", "expected"), TIMES)
def test_a_column_of_time_states_limits(head: str, value: str, expected: str) -> None:
    plan = plan_of(f"序号\t任务\t责任单位\t{head}\n1\t排查管网\t区住建局\t{value}\n2\t修复管网\t区水利局\t\n")
    assert lines(plan) == [f"1 排查管网 {{R 区住建局}} {expected}".rstrip(), "2 修复管网 {R 区水利局}"]


def test_a_row_spans_from_its_number_to_its_last_cell() -> None:
    plan = plan_of("序号\t任务\t责任单位\n1\t排查管网\t区住建局\n2\t修复管网\t区水利局\n")
    assert [plan.measure_text(m) for m in plan.measures] == ["1\t排查管网\t区住建局", "2\t修复管网\t区水利局"]


def test_figures_of_two_cells_do_not_run_together() -> None:
    plan = plan_of(
        "序号\t任务\t具体措施\t责任单位\n1\t新建泵站，见图3\t新建12座。\t区住建局\n2\t修复管网，见图4\t修复8公里。\t区水利局\n"
    )
    assert [(str(t.value), t.unit) for m in plan.measures for t in m.targets] == [("12", "座"), ("8", "公里")]


def test_rows_without_a_head_are_no_table() -> None:
    plan = plan_of("1\t排查管网\t区住建局\n2\t修复管网\t区水利局\n")
    assert plan.measures == ()
