"""Measures: which numbered units count, where they end, what they are called."""

from __future__ import annotations

import pytest
from tests.plan.compiler.notation import HEAD, lines, plan_of

from anlan.plan.compiler.compile import compile_text
from anlan.plan.compiler.layout import lay_out
from anlan.plan.compiler.titles import wrap_width

# What it shows, the body of the plan, its measures.
SELECTIONS: list[tuple[str, str, list[str]]] = [
    (
        "the smallest numbered unit where none carries anything",
        "一、治水\n（一）完善管网\n1.排查管网。查清底数。\n2.修复管网。消除隐患。\n（二）清淤\n1.清理河道。疏通水系。\n",
        ["1 [治水/完善管网] 排查管网", "2 [治水/完善管网] 修复管网", "1 [治水/清淤] 清理河道"],
    ),
    (
        "items that are 一、",
        "一、排查管网。查清底数。（区住建局负责）\n二、修复管网。消除隐患。（区水利局负责）\n",
        ["一 排查管网 {R 区住建局}", "二 修复管网 {R 区水利局}"],
    ),
    (
        "a parent with a duty of its own, above children without: one measure",
        "一、治水\n（一）完善管网（责任单位：区住建局）\n1.排查管网。查清底数。\n2.修复管网。消除隐患。\n（二）加固堤防。消除险段。\n",
        ["（一） [治水] 完善管网 {R 区住建局}", "（二） [治水] 加固堤防"],
    ),
    (
        "a parent with a duty of its own, above children with theirs: all of them",
        "一、治水\n（一）完善管网（责任单位：区住建局）\n1.排查管网。查清底数。（区水利局负责）\n2.修复管网。消除隐患。（区城管局负责）\n",
        [
            "（一） [治水] 完善管网 {R 区住建局}",
            "1 [治水/完善管网] 排查管网 {R 区水利局}",
            "2 [治水/完善管网] 修复管网 {R 区城管局}",
        ],
    ),
    (
        "a duty below all points is the parent's",
        "一、治水\n（一）完善管网\n1.排查管网。\n2.修复管网。\n责任单位：区住建局、区水利局\n（二）加固堤防\n1.查险段。\n2.加固。\n责任单位：区水利局\n",
        ["（一） [治水] 完善管网 {R 区住建局 区水利局}", "（二） [治水] 加固堤防 {R 区水利局}"],
    ),
    (
        "（1） with duties of their own are the measures",
        "一、治水\n（一）完善管网\n1.城区管网\n（1）排查管网。查清底数。（区住建局负责）\n（2）修复管网。消除隐患。（区城管局负责）\n"
        "2.镇村管网\n（1）建设管网。覆盖集镇。（各镇负责）\n",
        [
            "（1） [治水/完善管网/城区管网] 排查管网 {R 区住建局}",
            "（2） [治水/完善管网/城区管网] 修复管网 {R 区城管局}",
            "（1） [治水/完善管网/镇村管网] 建设管网 {R 各镇}",
        ],
    ),
    (
        "points below a duty stay in the item",
        "一、治水\n1.排查管网。\n责任单位：区住建局\n①查清底数。\n②建立台账。\n2.修复管网。\n责任单位：区水利局\n①更换管道。\n②疏通淤堵。\n",
        ["1 [治水] 排查管网 {R 区住建局}", "2 [治水] 修复管网 {R 区水利局}"],
    ),
    (
        "a heading with a duty of its own is a measure above its children",
        "一、治水（牵头单位：区住建局）\n（一）排查管网。查清底数。\n（二）修复管网。消除隐患。\n二、护岸（牵头单位：区水利局）\n（一）加固堤防。消除险段。\n",
        [
            "一 治水 {L 区住建局}",
            "（一） [治水] 排查管网",
            "（二） [治水] 修复管网",
            "二 护岸 {L 区水利局}",
            "（一） [护岸] 加固堤防",
        ],
    ),
    (
        "aims, principles and scope say nothing that is to be done; safeguards do",
        "一、总体要求\n（一）指导思想。坚持生态优先。\n（二）基本原则。系统治理。\n（三）工作目标。到2025年，水质优良率达到90%。\n"
        "二、主要任务\n（一）排查管网。查清底数。\n（二）修复管网。消除隐患。\n三、保障措施\n（一）加强领导。成立专班。\n",
        ["（一） [主要任务] 排查管网", "（二） [主要任务] 修复管网", "（一） [保障措施] 加强领导"],
    ),
    (
        "phases with their times",
        "一、实施步骤\n（一）动员部署阶段（2024年3月1日至3月15日）。召开动员会。\n（二）集中整治阶段（3月16日—10月31日）。全面整治。\n（三）总结阶段（11月）。总结经验。\n",
        [
            "（一） [实施步骤] 动员部署阶段 during 2024-03-15",
            "（二） [实施步骤] 集中整治阶段 during 2024-10-31",
            "（三） [实施步骤] 总结阶段 during 2024-11-30",
        ],
    ),
    (
        "fields of a finding that are numbered themselves",
        "一、问题清单\n（一）管网破损\n1.问题描述：破损3处。\n2.整改措施：修复。\n3.责任单位：区住建局\n4.整改时限：6月底前\n"
        "（二）河道淤积\n1.问题描述：淤积严重。\n2.整改措施：清淤。\n3.责任单位：区水利局\n4.整改时限：立行立改\n",
        [
            "（一） [问题清单] 管网破损 {R 区住建局} by 2024-06-30",
            "（二） [问题清单] 河道淤积 {R 区水利局} immediate -",
        ],
    ),
    (
        "numbered measures inside a field",
        "一、问题清单\n（一）管网破损3处\n整改措施：\n1.排查管网，6月底前完成。\n2.修复管网。\n责任单位：区住建局\n整改时限：2024年10月底前\n"
        "（二）河道淤积\n整改措施：\n1.清淤。\n2.护岸。\n责任单位：区水利局\n整改时限：立行立改\n",
        [
            "（一） [问题清单] 管网破损3处 {R 区住建局} by 2024-06-30 | by 2024-10-31",
            "（二） [问题清单] 河道淤积 {R 区水利局} immediate -",
        ],
    ),
    (
        "several paragraphs",
        "一、治水\n（一）排查管网\n查清底数。\n建立台账。\n形成清单。（区住建局负责）\n（二）修复管网\n更换管道。\n疏通淤堵。（区水利局负责）\n",
        ["（一） [治水] 排查管网 {R 区住建局}", "（二） [治水] 修复管网 {R 区水利局}"],
    ),
    (
        "a page that breaks an item",
        "一、治水\n（一）排查管网。查清底数，\n— 1 —\n临江区2024年河湖保护工作方案\n建立台账。（区住建局负责）\n（二）修复管网。消除\n— 2 —\n"
        "临江区2024年河湖保护工作方案\n隐患。（区水利局负责）\n",
        ["（一） [治水] 排查管网 {R 区住建局}", "（二） [治水] 修复管网 {R 区水利局}"],
    ),
    (
        "headings without number",
        "工作任务\n1.排查管网。查清底数。（区住建局负责）\n2.修复管网。消除隐患。（区水利局负责）\n工作要求\n1.加强领导。成立专班。（各镇街负责）\n",
        ["1 排查管网 {R 区住建局}", "2 修复管网 {R 区水利局}", "1 加强领导 {R 各镇街}"],
    ),
    (
        "traditional characters",
        "一、主要任務\n（一）排查管網。查清底數。（責任單位：區住建局；完成時限：2024年6月底前）\n（二）修復管網。消除隱患。（責任單位：區水利局；完成時限：長期堅持）\n",
        [
            "（一） [主要任務] 排查管網 {R 區住建局} by 2024-06-30",
            "（二） [主要任務] 修復管網 {R 區水利局} long_term -",
        ],
    ),
    (
        "a table of contents without leaders",
        "目录\n一、治水\n（一）排查管网\n（二）修复管网\n二、护岸\n（一）加固堤防\n一、治水\n（一）排查管网。查清底数。（区住建局负责）\n（二）修复管网。消除隐患。（区住建局负责）\n二、护岸\n（一）加固堤防。消除险段。（区水利局负责）\n",
        [
            "（一） [治水] 排查管网 {R 区住建局}",
            "（二） [治水] 修复管网 {R 区住建局}",
            "（一） [护岸] 加固堤防 {R 区水利局}",
        ],
    ),
    (
        "a table of contents with page numbers behind spaces",
        "目录\n一、治水 1\n（一）排查管网 1\n（二）修复管网 2\n二、护岸 3\n（一）加固堤防 3\n一、治水\n（一）排查管网。查清底数。（区住建局负责）\n（二）修复管网。消除隐患。（区住建局负责）\n二、护岸\n（一）加固堤防。消除险段。（区水利局负责）\n",
        [
            "（一） [治水] 排查管网 {R 区住建局}",
            "（二） [治水] 修复管网 {R 区住建局}",
            "（一） [护岸] 加固堤防 {R 区水利局}",
        ],
    ),
    (
        "a month behind the item number",
        "一、治水\n1.6月底前完成排查。（区住建局负责）\n2.10月底前完成修复。（区水利局负责）\n3.加强巡查。落实责任。（区城管局负责）\n",
        [
            "1 [治水] — {R 区住建局} by 2024-06-30",
            "2 [治水] — {R 区水利局} by 2024-10-31",
            "3 [治水] 加强巡查 {R 区城管局}",
        ],
    ),
    (
        "stages of a project in brackets are part of the title",
        "一、治水\n（一）排查管网（二期）。查清底数。\n（二）修复管网（一期）。消除隐患。\n",
        ["（一） [治水] 排查管网（二期）", "（二） [治水] 修复管网（一期）"],
    ),
    (
        "headings numbered with a space",
        "一 治水\n（一）排查管网。查清底数。\n二 护岸\n（一）加固堤防。消除险段。\n",
        ["（一） [治水] 排查管网", "（一） [护岸] 加固堤防"],
    ),
    (
        "1 above 1.1, numbered with a space",
        "1 治水\n1.1 排查管网。查清底数。（区住建局负责）\n1.2 修复管网。消除隐患。（区水利局负责）\n2 护岸\n2.1 加固堤防。消除险段。（区水利局负责）\n",
        ["1.1 [治水] 排查管网 {R 区住建局}", "1.2 [治水] 修复管网 {R 区水利局}", "2.1 [护岸] 加固堤防 {R 区水利局}"],
    ),
    (
        "items numbered with a space",
        "一、治水\n1 排查管网。查清底数。\n2 修复管网。消除隐患。\n",
        ["1 [治水] 排查管网", "2 [治水] 修复管网"],
    ),
    (
        "a Chinese count behind the item number",
        "一、治水\n1.三年内完成改造。（区住建局负责）\n2.一周内完成排查。（区住建局负责）\n",
        ["1 [治水] — {R 区住建局} during -", "2 [治水] — {R 区住建局} by -"],
    ),
    (
        "a duty below all points of 一、 is the parent's",
        "一、排查管网\n1.查清底数。\n2.建立台账。\n责任单位：区住建局\n二、修复管网\n1.更换管道。\n2.疏通淤堵。\n责任单位：区水利局\n",
        ["一 排查管网 {R 区住建局}", "二 修复管网 {R 区水利局}"],
    ),
    (
        "the first-named leads: 第一个单位",
        "一、治水（各责任单位中第一个单位为牵头单位）\n（一）排查管网。查清底数。（责任单位：区住建局、区水利局）\n（二）修复管网。消除隐患。（责任单位：区水利局、各镇街）\n",
        ["（一） [治水] 排查管网 {L 区住建局 | R 区水利局}", "（二） [治水] 修复管网 {L 区水利局 | R 各镇街}"],
    ),
    (
        "the first-named leads: 第1位",
        "一、治水（责任单位排第1位为牵头单位）\n（一）排查管网。查清底数。（责任单位：区住建局、区水利局）\n（二）修复管网。消除隐患。（责任单位：区水利局、各镇街）\n",
        ["（一） [治水] 排查管网 {L 区住建局 | R 区水利局}", "（二） [治水] 修复管网 {L 区水利局 | R 各镇街}"],
    ),
    (
        "the first-named leads: 由排在第一位",
        "一、治水（由排在第一位的单位牵头负责）\n（一）排查管网。查清底数。（责任单位：区住建局、区水利局）\n（二）修复管网。消除隐患。（责任单位：区水利局、各镇街）\n",
        ["（一） [治水] 排查管网 {L 区住建局 | R 区水利局}", "（二） [治水] 修复管网 {L 区水利局 | R 各镇街}"],
    ),
    (
        "a comma behind the item number",
        "一、治水\n1，排查管网。查清底数。（区住建局负责）\n2，修复管网。消除隐患。（区水利局负责）\n",
        ["1 [治水] 排查管网 {R 区住建局}", "2 [治水] 修复管网 {R 区水利局}"],
    ),
    (
        "a full stop behind the item number",
        "一、治水\n1。排查管网。查清底数。（区住建局负责）\n2。修复管网。消除隐患。（区水利局负责）\n",
        ["1 [治水] 排查管网 {R 区住建局}", "2 [治水] 修复管网 {R 区水利局}"],
    ),
    (
        "a heading broken by hand",
        "一、加强水环境治理，持续改善水生态环境质量，推动河湖面貌根\n本好转\n（一）排查管网。查清底数。\n（二）修复管网。消除隐患。\n",
        [
            "（一） [加强水环境治理，持续改善水生态环境质量，推动河湖面貌根本好转] 排查管网",
            "（二） [加强水环境治理，持续改善水生态环境质量，推动河湖面貌根本好转] 修复管网",
        ],
    ),
    (
        "one line that begins with 一、",
        "一、治水（一）排查管网。逐条核对管网资料，查清走向、管径和破损点位，建立台账，形成清单，实行销号管理，做到情况明、底数清。（二）修复管网。逐条核对管网资料，查清走向、管径和破损点位，建立台账，形成清单，实行销号管理，做到情况明、底数清。二、护岸（一）加固堤防。逐条核对管网资料，查清走向、管径和破损点位，建立台账，形成清单，实行销号管理，做到情况明、底数清。（二）加强巡查。逐条核对管网资料，查清走向、管径和破损点位，建立台账，形成清单，实行销号管理，做到情况明、底数清。三、保障（一）加强领导。逐条核对管网资料，查清走向、管径和破损点位，建立台账，形成清单，实行销号管理，做到情况明、底数清。逐条核对管网资料，查清走向、管径和破损点位，建立台账，形成清单，实行销号管理，做到情况明、底数清。（二）强化督查。逐条核对管网资料，查清走向、管径和破损点位，建立台账，形成清单，实行销号管理，做到情况明、底数清。",
        [
            "（一） [治水] 排查管网",
            "（二） [治水] 修复管网",
            "（一） [护岸] 加固堤防",
            "（二） [护岸] 加强巡查",
            "（一） [保障] 加强领导",
            "（二） [保障] 强化督查",
        ],
    ),
]


@pytest.mark.parametrize(("body", "expected"), [s[1:] for s in SELECTIONS], ids=[s[0] for s in SELECTIONS])
def test_the_measures_of_a_plan_are(body: str, expected: list[str]) -> None:
    assert lines(plan_of(body)) == expected


# The text of an item, then its title (None: the item is one plain sentence).
TITLES: list[tuple[str, str | None]] = [
    ("排查管网。查清底数，建立台账。", "排查管网"),
    ("排查管网：查清底数，建立台账。", "排查管网"),
    ("排查管网\n查清底数，建立台账。", "排查管网"),
    ("排查管网，修复破损。查清底数。", "排查管网，修复破损"),
    ("排查城区管网并建立台账。", None),
    ("排查城区管网并建立台账。（区住建局负责）", None),
    ("排查管网，6月底前完成。（区住建局负责）", None),
    ("排查管网（箱涵）。查清底数。", "排查管网（箱涵）"),
    ("实施“清水：净河”行动。查清底数。", "实施“清水：净河”行动"),
    ("落实《河道管理条例》。明确职责。", "落实《河道管理条例》"),
    # A bracket that holds only a time or a duty is left out.
    ("摸底排查（2024年5月底前）。查清底数。", "摸底排查"),
    ("摸底排查（3月—4月）。查清底数。", "摸底排查"),
    ("摸底排查（长期坚持）。查清底数。", "摸底排查"),
    ("摸底排查（2024年5月底前完成）：查清底数。", "摸底排查"),
    ("摸底排查（责任单位：区住建局）。查清底数。", "摸底排查"),
    ("摸底排查（区住建局牵头）\n查清底数。", "摸底排查"),
]


@pytest.mark.parametrize(("text", "title"), TITLES)
def test_the_title_is_the_lead_phrase(text: str, title: str | None) -> None:
    plan = plan_of(f"一、治水\n1.{text}\n2.加强巡查。落实责任。\n")
    assert plan.measures[0].title == title


def test_a_lead_phrase_beyond_forty_six_characters_is_a_sentence() -> None:
    # 46 characters are still a title, 47 are not.
    for length, expected in ((46, True), (47, False)):
        plan = plan_of(f"一、治水\n1.{'查' * length}。建立台账。\n2.加强巡查。落实责任。\n")
        assert (plan.measures[0].title is not None) is expected


ENDINGS = [
    "", "各镇街要结合实际制定方案，确保落实。", "本方案自印发之日起施行。", "特此通知。", "附件：任务清单", "附件1：任务清单", "附：任务清单",
    "（此件公开发布）", "（联系人：区水利局办公室）", "联系人：办公室，电话见通讯录", "抄送：区委办公室。", "临江区水利局办公室 2024年3月5日印发",
    "临江区水利局\n2024年3月5日", "        临江区水利局\n        2024年3月5日", "临江区水利局2024年3月5日", "中共临江区委\n临江区人民政府\n二〇二四年三月五日",
    "打印本页 关闭窗口", "扫一扫在手机打开当前页", "上一篇：临江区通知", "相关链接：区政府", "责任编辑：办公室", "— 5 —", "第5页 共5页",
]  # fmt: skip


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_closes_the_document_belongs_to_no_item(ending: str) -> None:
    plan = plan_of(
        f"一、治水\n（一）排查管网。查清底数。（区住建局负责）\n（二）修复管网。消除隐患。（区水利局负责）\n{ending}\n"
    )
    assert [plan.measure_text(m) for m in plan.measures] == [
        "（一）排查管网。查清底数。（区住建局负责）",
        "（二）修复管网。消除隐患。（区水利局负责）",
    ]


@pytest.mark.parametrize(
    "ending", ["各镇街要结合实际制定方案，确保落实。", "特此通知。", "临江区水利局 2024年3月5日", "附件：任务清单"]
)
def test_what_follows_a_label_line_without_a_full_stop_belongs_to_no_item(ending: str) -> None:
    items = ["（一）排查管网。查清底数。\n责任单位：区住建局", "（二）修复管网。消除隐患。\n责任单位：区水利局"]
    plan = plan_of("\n".join(["一、治水", *items, ending]) + "\n")
    assert [plan.measure_text(m) for m in plan.measures] == items


def test_a_paragraph_that_closes_a_section_belongs_to_no_item() -> None:
    plan = plan_of(
        "一、治水\n（一）排查管网。查清底数。\n（二）修复管网。消除隐患。\n以上任务由各镇街分别落实。\n二、护岸\n（一）加固堤防。消除险段。\n"
    )
    assert plan.measure_text(plan.measures[1]) == "（二）修复管网。消除隐患。"


def test_a_parent_ends_before_its_first_child() -> None:
    plan = plan_of(
        "一、治水\n（一）集中整治（3月至10月）。全面整治。\n1.排查（3月）。查清底数。\n2.整改（4月至10月）。逐项销号。\n"
    )
    assert plan.measure_text(plan.measures[0]) == "（一）集中整治（3月至10月）。全面整治。"
    assert lines(plan) == [
        "（一） [治水] 集中整治 during 2024-10-31",
        "1 [治水/集中整治] 排查 during 2024-03-31",
        "2 [治水/集中整治] 整改 during 2024-10-31",
    ]


def test_headings_are_given_once_in_order_with_their_depth() -> None:
    plan = plan_of(
        "一、治水\n（一）截污\n1.排查管网。查清底数。\n2.修复管网。消除隐患。\n二、护岸\n（一）堤防\n1.加固堤防。消除险段。\n"
    )
    assert [(h.number, h.title, h.depth) for h in plan.headings] == [
        ("一", "治水", 0),
        ("（一）", "截污", 1),
        ("二", "护岸", 0),
        ("（一）", "堤防", 1),
    ]


# A page of 20 characters a line, broken wherever the paper ends.
PAGE = (
    "一、加强城区排水管网建设和管理工作力度\n查清管网走向管径和破损点位建立管网台账\n形成清单逐项销号消除隐患恢复管网的功能\n"
    "改造老旧管网新建污水管网完善监测的设施\n落实管护责任明确管护单位和管护人员职责\n加强日常巡查发现问题及时处置并做好记录\n"
    "开展专项检查督促整改到位确保管网的安全\n建立长效机制巩固整治成果防止问题的反弹\n"
)


def test_the_width_of_wrapped_lines_is_told() -> None:
    assert wrap_width(lay_out(PAGE)) > 0
    assert wrap_width(lay_out("一、治水\n（一）排查管网。查清底数。\n（二）修复管网。消除隐患。\n")) == 0


def test_a_heading_wrapped_by_the_paper_keeps_its_second_half() -> None:
    text = (
        HEAD
        + PAGE.replace("工作力度\n查清", "工作力度\n不断提升排水防涝的能力\n（一）排查管网。查清")
        + "（二）修复管网。消除隐患。\n"
    )
    assert compile_text(text).measures[0].path == ("加强城区排水管网建设和管理工作力度不断提升排水防涝的能力",)
