"""Every code is found where it belongs and nowhere else: a table of cases, each with a control that is in order."""

from __future__ import annotations

import pytest
from tests.plan.compiler.diagnostics.finding import HEAD, TAIL, measures, plan_of, said, standing

from anlan.plan.compiler.compile import compile_text
from anlan.plan.compiler.diagnostics.messages import CATALOGUE
from anlan.plan.pack import Organ

ORGANS = (
    Organ("slj", "区水利局", "禾川区水利局", "区直", (), False),
    Organ("zdb", "区重大项目办", "禾川区重大项目办公室", "区直", ("区重大目项办",), False, ("区重大目项办",)),
    Organ("czj", "区财政局", "禾川区财政局", "区直", (), False),
)
OWNED = "（区水利局负责）\n"

# code: items, what it stands on, items that are in order
CASES: dict[str, tuple[str, list[str], str]] = {
    "U101": ("1.清淤。（区水力局负责）\n", ["区水力局"], "1.清淤。（区水利局、禾川区财政局负责）\n"),
    "U102": ("1.清淤。（区重大目项办负责）\n", ["区重大目项办"], "1.清淤。（区重大项目办负责）\n"),
    "U103": (
        "1.清淤。（县文化和旅游局负责）\n2.绿化。（县文化旅游局负责）\n",
        ["县文化和旅游局", "县文化旅游局"],
        "1.清淤。（东湖街道办事处负责）\n2.绿化。（南湖街道办事处、区林业局、区农业局负责）\n",
    ),
    "U104": (
        "1.清淤。（区城投集团负责）\n2.绿化。（区城投中心负责）\n",
        ["区城投集团", "区城投中心"],
        "1.清淤。（区城投集团、区城投中心负责）\n2.绿化。（区城投集团负责）\n",
    ),
    "U105": (
        "1.清淤。由区河长办办公室调度。（区水利局负责）\n2.绿化。（区林业局局负责）\n",
        ["区河长办办公室", "区林业局局"],
        "1.清淤。由区河长办公室调度，区督办办公室通报。（区水利局负责）\n",
    ),
    "U106": ("1.清淤。（区水利局、各有关单位负责）\n", ["各有关单位"], "1.清淤。（区水利局、各乡镇负责）\n"),
    "U107": (
        "1.清淤。（区发改委负责）\n2.绿化。（区发展和改革委员会负责）\n",
        ["区发改委", "区发展和改革委员会"],
        "1.清淤。（区水利局负责）\n2.绿化。（区农业农村水利局负责）\n",
    ),
    "R201": (f"1.清淤。{OWNED}2.绿化。栽树三千株。\n", ["2.绿化"], f"1.清淤。{OWNED}2.绿化。{OWNED}"),
    "R202": (
        "".join(f"{n}.清淤。{OWNED}" for n in range(1, 5)) + "5.督查。由区住建局牵头每月检查。\n",
        ["5.督查"],
        f"1.清淤。{OWNED}2.督查。由区住建局牵头每月检查。{OWNED}",
    ),
    "R203": ("1.清淤。清完。\n2.绿化。栽树。\n", ["禾川区2025年水务工作要点"], f"1.清淤。{OWNED}2.绿化。栽树。\n"),
    "R204": ("1.清淤。（区水利局、区财政局）\n", ["区水利局、区财政局"], "1.清淤。（区水利局牵头，区财政局配合）\n"),
    "R205": (
        "1.清淤。清一遍。（区水利局、区财政局负责）另建两座闸门并通水。（区住建局负责）\n",
        ["（区水利局、区财政局负责）", "（区住建局负责）"],
        "1.清淤。清一遍。（区水利局牵头）（区住建局、区财政局配合）\n",
    ),
    "D301": (f"1.清淤。{OWNED}", ["1.清淤"], f"1.清淤。6月底前完成。{OWNED}"),
    "D302": (
        f"1.清淤。2023年6月底前完成。{OWNED}",
        ["2023年6月底前"],
        f"1.清淤。2026年6月底前完成。2020年底前建成的老旧小区全部改造，2024年底前已完成。{OWNED}",
    ),
    "D303": (
        f"1.清淤。2月30日前清完，13月底前验收。{OWNED}2.绿化。2025年2月29日前栽完。{OWNED}",
        ["2月30日", "13月", "2025年2月29日"],
        f"1.清淤。2024年2月29日前清完，24月龄以上，4\n3月15日。{OWNED}",
    ),
    "D304": (
        f"1.清淤。2025年9月至2025年3月实施，6月20日至6月10日检查。{OWNED}2.绿化。2027—2025年。{OWNED}",
        ["2025年9月至2025年3月", "6月20日至6月10日", "2027—2025年"],
        f"1.清淤。11月至3月蓄水，2024年11月至2025年3月检查。{OWNED}",
    ),
    "D305": (
        f"（一）排查阶段（3月1日至4月30日）\n1.摸底。5月20日前完成。{OWNED}2.建账。4月20日前完成。{OWNED}",
        ["3月1日至4月30日", "5月20日前"],
        f"（一）排查阶段（3月1日至4月30日）\n1.摸底。3月20日前完成。{OWNED}2.建账。4月30日前完成。{OWNED}",
    ),
    "D306": ("", [], ""),
    "T401": (f"1.清淤。{OWNED}", ["1.清淤"], f"1.清淤。清淤20公里。{OWNED}"),
    "T402": (
        f"1.供水。达标率不低于95，产值增加。{OWNED}",
        ["率不低于95"],
        f"1.供水。达标率不低于95%，功率为50，合格率达到99.5%以上。{OWNED}",
    ),
    "T403": (
        f"1.增收。产值增长5%以上。{OWNED}",
        ["增长5%以上"],
        f"1.增收。产值比2024年增长5%以上，年均增长3%。{OWNED}",
    ),
    "T404": (
        f"1.管网。铺设主管12640米，铺设支管12640米。{OWNED}",
        ["12640米", "12640米"],
        f"1.管网。建调节池300座，建检查井300座，铺设主管12640米。{OWNED}",
    ),
    "T405": (
        f"1.管网。铺DN200管20km，DN300mm管30公里。{OWNED}",
        ["DN200", "km", "DN300mm", "公里"],
        f"1.管网。铺DN200管20公里，DN300管30公里，占地2000平方米。{OWNED}",
    ),
    "T406": (
        f"1.供水。普及率达到950%，达标率不低于8000以上。{OWNED}",
        ["率达到950%", "率不低于8000"],
        f"1.供水。普及率达到100%，增长率达到120%，达标率不低于95%。{OWNED}",
    ),
    "W501": (f"1.评估。适时开展评估。{OWNED}", ["适时"], f"1.评估。每季度开展评估。{OWNED}"),
    "W502": (f"1.评估。会商有关事项。{OWNED}", ["有关"], f"1.评估。所有关口都查。{OWNED}"),
    "W503": (f"1.评估。进一步落实。{OWNED}", ["进一步"], f"1.评估。提高积极性。{OWNED}"),
    "W504": (
        f"1.评估。支持镇村等等开展。实现水质实现100%达标。组织组织培训。好的的做法。{OWNED}",
        ["镇村等等开展", "实现水质实现", "组织组织", "好的的做"],
        f"1.评估。支持镇、村、企业等等。一户一户走访。\n水利局\t水利局{OWNED}",
    ),
    "W505": (
        f"1.评估。开展评估（含复核。（区水利局负责））)\n2.绿化。栽树）。{OWNED}",
        [")", "）"],
        f"1.评估。1）开展评估；2）组织复核（区水\n利局参与）。{OWNED}",
    ),
    "W506": (f"1.评估。开展评估，。再评。。{OWNED}", ["，。", "。。"], f"1.评估。开展评估。。。{OWNED}"),
    "W507": (
        f"1.评估。执行《取水管理办法（试行）》。{OWNED}",
        ["《取水管理办法（试行）》"],
        f"1.评估。执行《水法》《取水管理办法》（水资〔2020〕8号）《2024年水网方案》。{OWNED}",
    ),
    "W508": (
        f"1.评估。征求意见稿五月成稿，意见征求稿六月公布。{OWNED}",
        ["征求意见稿", "意见征求稿"],
        f"1.评估。征求意见稿五月成稿，征求意见稿六月公布。{OWNED}",
    ),
    "S601": (f"1.清淤。{OWNED}4.绿化。{OWNED}", ["4"], f"1.清淤。{OWNED}2.绿化。{OWNED}"),
    "S602": (
        f"1.清淤。{OWNED}2.绿化。{OWNED}2.护岸。{OWNED}3.建闸。{OWNED}",
        ["2", "2"],
        f"（一）清淤\n1.清渠。{OWNED}2.清塘。{OWNED}（二）绿化\n1.栽树。{OWNED}2.种草。{OWNED}",
    ),
    "S603": (
        f"（一）打好“五大行动”\n1.清淤。{OWNED}2.绿化。{OWNED}3.护岸。{OWNED}4.建闸。{OWNED}",
        ["五大行动"],
        f"（一）打好“3+1”攻坚\n1.清淤。{OWNED}2.绿化。{OWNED}3.护岸。{OWNED}4.建闸。{OWNED}",
    ),
    "S604": (
        f"（一）清淤\n1.清渠。{OWNED}2.清塘。{OWNED}",
        ["（一）"],
        f"（一）清淤\n1.清渠。{OWNED}（二）绿化\n2.栽树。{OWNED}",
    ),
    "S605": ("", [], ""),
    "N701": ("", [], ""),
    "N702": ("", [], ""),
}
NOTICE = "禾川区2025年水务工作要点征求意见公告\n发布时间：{published}\n【{state}】现公开征求意见，请于{due}前反馈。\n"
# Documents of their own: the whole text, what the code stands on, a text that is in order.
DOCUMENTS: dict[str, tuple[str, list[str], str]] = {
    "D306": (
        f"水务工作要点\n一、任务\n1.清淤。5月底前完成。{OWNED}2.绿化。{OWNED}",
        ["5月底前"],
        f"2025年水务工作要点\n一、任务\n1.清淤。5月底前完成。{OWNED}2.绿化。{OWNED}",
    ),
    "S605": ("各位同事：附件已发，请查收。", ["各位同事：附件已发，请查收。"], HEAD + f"1.清淤。{OWNED}"),
    "N701": (
        NOTICE.format(published="2025-05-06", due="2025年4月19日", state="已结束") + HEAD + TAIL,
        ["2025-05-06", "2025年4月19日"],
        NOTICE.format(published="2025-05-06", due="2025年6月6日", state="已结束") + HEAD + TAIL,
    ),
    "N702": (
        NOTICE.format(published="2025-05-06", due="2025年6月6日", state="已结束") + HEAD + TAIL,
        ["已结束"],
        NOTICE.format(published="2025-05-06", due="2025年6月6日", state="进行中") + HEAD + TAIL,
    ),
}


def test_every_code_has_a_case() -> None:
    assert set(CASES) == set(CATALOGUE)
    assert set(DOCUMENTS) == {code for code, (_, spots, _) in CASES.items() if not spots}


@pytest.mark.parametrize("code", [code for code in CASES if code not in DOCUMENTS])
def test_a_code_stands_on_the_offending_words_and_on_nothing_in_order(code: str) -> None:
    defective, spots, fine = CASES[code]
    register = ORGANS if code in ("U101", "U102") else None
    assert standing(plan_of(defective, register), code) == spots
    assert standing(plan_of(fine, register), code) == []


@pytest.mark.parametrize("code", DOCUMENTS)
def test_a_code_of_the_whole_document_stands_where_it_is_wrong(code: str) -> None:
    defective, spots, fine = DOCUMENTS[code]
    assert standing(compile_text(defective), code) == spots
    assert standing(compile_text(fine), code) == []


def test_without_a_register_no_name_is_unknown() -> None:
    assert standing(plan_of("1.清淤。（区水力局负责）\n"), "U101") == []


def test_an_unknown_name_is_told_what_comes_near() -> None:
    assert "区水利局" in said(plan_of("1.清淤。（区水力局负责）\n", ORGANS), "U101")[0]
    assert "没有相近的名称" in said(plan_of("1.清淤。（黄沙湾海事处负责）\n", ORGANS), "U101")[0]


def test_bodies_that_the_register_knows_apart_are_not_doubted() -> None:
    text = "1.清淤。（区城投集团负责）\n2.绿化。（区城投中心负责）\n"
    known = tuple(Organ(name, name, "", "企业", (), False) for name in ("区城投集团", "区城投中心", "区财政局"))
    assert standing(plan_of(text), "U104") == ["区城投集团", "区城投中心"]
    assert standing(plan_of(text, known), "U104") == []


def test_two_places_quote_each_other() -> None:
    plan = plan_of(f"1.管网。铺设主管12640米，铺设支管12640米。{OWNED}")
    one, other = said(plan, "T404")
    assert "支管12640米" in one
    assert "主管12640米" in other


def test_a_duplicate_quotes_the_title_that_has_the_number_too() -> None:
    plan = plan_of(f"1.清淤。{OWNED}1.绿化。{OWNED}2.护岸。{OWNED}")
    assert standing(plan, "S602") == ["1", "1"]
    assert ["绿化" in text for text in said(plan, "S602")] == [True, False]
    assert "清淤" in said(plan, "S602")[1]


def test_numbers_may_run_on_across_headings() -> None:
    plan = plan_of(f"（一）清淤\n1.清渠。{OWNED}2.清塘。{OWNED}（二）绿化\n3.栽树。{OWNED}4.种草。{OWNED}")
    assert standing(plan, "S601") == standing(plan, "S602") == []


def test_a_gap_says_which_number_is_missing() -> None:
    assert "缺2、3" in said(plan_of(f"1.清淤。{OWNED}4.绿化。{OWNED}"), "S601")[0]


def test_a_child_without_owner_has_that_of_its_parent() -> None:
    text = f"（一）清淤。{OWNED}1.清渠。5月底前完成。\n2.清塘。6月底前完成。\n（二）绿化。{OWNED}"
    assert measures(plan_of(text), "R201") == []


def test_a_damaged_text_reports_a_thousand_faults_of_a_sort_at_most() -> None:
    plan = compile_text("（" * 5000)
    assert len(standing(plan, "W505")) == 1000
