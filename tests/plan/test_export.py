"""The workbook of a compiled plan: read back as a clerk would, and held to what Excel must never do with it."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from anlan.plan.document import Document, compile_document
from anlan.plan.export import CELL_CHARACTERS, workbook

PLAN = """清源区2023年河湖工作要点

一、治理污染

（一）工程建设

1.建好泵站。新建泵站12座，2023年9月底前完工。（牵头单位：区水务局；责任单位：区住建局、各乡镇；配合单位：区财政局）

2.清退岸线违建3处。（区林业局负责）

二、保障落实

3.=1+1的宣传。+86开头的号码、-5以下的数、@全体人员都要通知到。
"""


def compiled(text: str = PLAN) -> Document:
    return compile_document(text.encode(), "plan.txt")


def sheets(document: Document, lang: str = "zh") -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(document, lang)))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def part(document: Document, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(workbook(document, "zh"))).read(f"xl/{name}").decode()


def test_the_first_sheet_is_a_task_breakdown_as_offices_make_it() -> None:
    sheet = sheets(compiled())["任务分解表"]
    assert sheet[0][0] == "清源区2023年河湖工作要点任务分解表"
    assert sheet[2] == [
        "序号",
        "章节",
        "任务",
        "具体内容",
        "牵头单位",
        "责任单位",
        "配合单位",
        "目标",
        "时限",
        "备注/疑点",
    ]
    number, chapter, title, text, lead, responsible, cooperating, target, deadline, _ = sheet[3]
    assert (number, chapter, title) == ("1", "一、治理污染\n（一）工程建设", "建好泵站")
    assert (lead, responsible, cooperating) == ("区水务局", "区住建局、各乡镇", "区财政局")
    assert str(target).endswith("12座")
    assert deadline == "2023年9月底前（2023-09-30）"
    assert str(text).startswith("新建泵站12座")
    assert [row[0] for row in sheet[3:]] == ["1", "2", "3"]


def test_a_measure_without_a_title_has_its_whole_text_and_no_title() -> None:
    row = sheets(compiled())["任务分解表"][4]
    assert (row[2], row[3]) == ("", "清退岸线违建3处。（区林业局负责）")


def test_findings_stand_beside_their_measure_and_on_a_sheet_of_their_own() -> None:
    found = sheets(compiled())
    assert "R201 “3.=1+1的宣传”没有责任单位" in str(found["任务分解表"][5][9])
    header, *rows = found["疑点"]
    assert header == ["行", "列", "级别", "代码", "任务", "原文", "说明"]
    (row,) = [row for row in rows if row[3] == "R201"]
    # Line 13 is the third measure; what is said there is what is printed there.
    assert row[:4] == ["13", "1", "警告", "R201"]
    assert row[5] == "3.=1+1的宣传"


def test_the_third_sheet_says_where_it_came_from_and_what_the_columns_mean() -> None:
    rows = {row[0]: row[1] for row in sheets(compiled())["说明"]}
    assert rows["来源文件"] == "plan.txt (text)"
    assert "任务 3 条" in str(rows["内容"])
    assert "与原文核对" in str(rows["核对"])


def test_english_sheets_have_no_chinese_of_ours() -> None:
    document = compile_document(b"nothing numbered here", "plan.txt")
    found = sheets(document, "en")
    assert list(found) == ["Measures", "Findings", "Explanations"]
    cells = "\n".join(
        str(cell) for rows in found.values() for row in rows for cell in row if "Number them" not in str(cell)
    )
    assert re.findall("[\u4e00-\u9fff]", cells) == []


def test_what_the_document_says_is_never_a_formula_or_a_link() -> None:
    text = PLAN.replace("3.=1+1的宣传", "3.=HYPERLINK(1)的宣传").replace("建好泵站", "@SUM(A1)")
    sheet = part(compiled(text), "worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet.lower()
    assert sheets(compiled(text))["任务分解表"][3][2] == "@SUM(A1)"
    assert sheets(compiled(text))["任务分解表"][5][2] == "=HYPERLINK(1)的宣传"


def test_every_cell_with_words_is_text() -> None:
    sheet = part(compiled(), "worksheets/sheet1.xml")
    cells = re.findall(r"<c ([^>]*)><v>", sheet)
    assert len(cells) > 20
    assert [cell for cell in cells if 't="s"' not in cell] == []


def test_it_prints_on_a4_landscape_with_the_header_on_every_page_and_stays_in_sight() -> None:
    sheet = part(compiled(), "worksheets/sheet1.xml")
    # Paper 9 is A4; fitted to one page in width and any number in height; rows 1 to 3 stay above when scrolling.
    assert 'paperSize="9"' in sheet
    assert 'orientation="landscape"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert 'ySplit="3"' in sheet
    assert "任务分解表'!$3:$3" in part(compiled(), "workbook.xml") or "任务分解表!$3:$3" in part(
        compiled(), "workbook.xml"
    )


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    # 40,000 characters stand against 32,767 that a cell holds.
    document = compiled("某区2023年工作要点\n1.修路。" + "路" * 40_000 + "\n2.修桥。建桥。\n")
    cell = str(sheets(document)["任务分解表"][3][3])
    assert len(cell) == CELL_CHARACTERS
    assert cell.endswith("全文见原文件）")


@pytest.mark.parametrize("text", ["", "没有任务。", "1.\n2.\n", "1.\ufffd\u202e\ufffe_x0041_𠮷\n", "一、\n\n（）（\n"])
def test_any_document_gives_a_workbook_that_opens(text: str) -> None:
    document = compile_document((text or "\n").encode(), "plan.txt")
    assert list(sheets(document)) == ["任务分解表", "疑点", "说明"]


def test_every_plan_of_the_tests_and_the_pack_exports_all_its_measures(root: Path) -> None:
    plans = [root / "packs/changjiang/plan.txt", *sorted((root / "tests/plans").rglob("*.txt"))]
    assert len(plans) > 10
    for path in plans:
        document = compile_document(path.read_bytes(), path.name)
        rows = sheets(document)["任务分解表"][3:]
        assert [str(row[0]) for row in rows] == [measure.number for measure in document.plan.measures], path.name
