"""Lines of a document without the furniture of its pages."""

from __future__ import annotations

import pytest

from anlan.plan.compiler.layout import is_web_furniture, lay_out

PARAGRAPH = "各镇要对照清单逐条落实，做到底数清、情况明。"


def texts(raw: str) -> list[str]:
    return [line.text for line in lay_out(raw).lines]


def test_blank_lines_are_no_lines_and_white_space_is_gone() -> None:
    layout = lay_out("\n 一、治 水 \n\n\t查清底数。\n")
    assert [line.text for line in layout.lines] == ["一、治水", "查清底数。"]
    assert [line.after_blank for line in layout.lines] == [True, True]
    assert layout.view.text == "一、治水查清底数。"


def test_a_line_knows_whether_a_blank_line_stands_before_it() -> None:
    assert [line.after_blank for line in lay_out("甲\n乙\n\n丙").lines] == [True, False, True]


@pytest.mark.parametrize(
    "number",
    [
        "— 3 —",
        "-3-",
        "--12--",
        "－ 3 －",
        "·3·",
        "第3页",
        "第3页 共10页",
        "第 3 页，共 10 页",
        "第三页",
        "3/10",
        "共10页",
    ],
)
def test_a_page_number_between_two_halves_of_a_sentence_is_left_out(number: str) -> None:
    layout = lay_out(f"一、治水\n查清\n{number}\n底数。")
    assert layout.view.text == "一、治水查清底数。"


@pytest.mark.parametrize("cell", ["3", "12.5", "第3季度", "3项", "2024年", "-3%"])
def test_a_figure_that_is_no_page_number_stays(cell: str) -> None:
    assert len(texts(f"一、治水\n{cell}\n查清底数。")) == 3


def test_bare_numbers_that_count_far_apart_are_pages() -> None:
    # Four pages of ten lines: 1 to 4 stand eleven lines apart, four of 44 lines.
    raw = "\n".join(f"{PARAGRAPH}\n" * 10 + str(page) for page in range(1, 5))
    assert set(texts(raw)) == {PARAGRAPH}


def test_bare_numbers_close_together_are_cells() -> None:
    raw = "\n".join(f"{n}\n排查管网\n区住建局" for n in range(1, 5))
    assert texts(raw).count("3") == 1


def test_a_running_header_beside_page_numbers_is_left_out() -> None:
    header = "临江区2024年河湖保护工作方案"
    raw = f"{header}\n一、治水\n查清\n— 1 —\n{header}\n底数。\n修复\n— 2 —\n{header}\n管网。"
    assert texts(raw) == [header, "一、治水", "查清", "底数。", "修复", "管网。"]


def test_a_line_that_is_repeated_without_page_numbers_stays() -> None:
    line = "责任单位：区水利局"
    assert texts(f"1.甲\n{line}\n2.乙\n{line}\n3.丙\n{line}").count(line) == 3


@pytest.mark.parametrize(
    "line",
    [
        "一、总体要求…………1",
        "二、重点任务.............3",
        "（一）排查管网 ······ 4",
        "三、保障措施------12",
        "四、附则______",
    ],
)
def test_a_line_of_a_table_of_contents_is_left_out(line: str) -> None:
    assert texts(f"目 录\n{line}\n一、总体要求\n坚持生态优先。") == ["一、总体要求", "坚持生态优先。"]


@pytest.mark.parametrize(
    ("line", "cells"),
    [("1\t排查管网\t区住建局", 3), ("| 1 | 排查管网 |", 3), ("排查管网", 0), ("1\t\t区住建局", 3)],
)
def test_cells_of_a_row_are_counted(line: str, cells: int) -> None:
    assert lay_out(line).lines[0].cells == cells


def test_places_of_lines_count_in_the_view() -> None:
    layout = lay_out("一、治水\n 查清底数。\n二、护岸")
    # 一、治水 has 4 characters, 查清底数。 has 5.
    assert layout.places == (0, 4, 9)
    assert [layout.line_at(i) for i in (0, 3, 4, 8, 9, 12)] == [0, 0, 1, 1, 2, 2]
    assert [i for i in range(13) if layout.starts_line(i)] == [0, 4, 9]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_endings_of_windows_make_no_difference(ending: str) -> None:
    assert texts(f"一、治水{ending}查清底数。{ending}") == ["一、治水", "查清底数。"]


@pytest.mark.parametrize("raw", ["", "\n\n", " \u3000\ufeff\n"])
def test_a_text_without_characters_has_no_lines(raw: str) -> None:
    layout = lay_out(raw)
    assert (layout.lines, layout.view.text) == ((), "")
    assert not layout.starts_line(0)


@pytest.mark.parametrize(
    "line",
    [
        "当前位置：首页",
        "首页>政务公开",
        "打印本页",
        "关闭窗口",
        "字号：大中小",
        "索引号：LJ001",
        "来源：临江区水利局",
        "浏览次数：100",
    ],
)
def test_navigation_of_a_web_page_is_told(line: str) -> None:
    assert is_web_furniture(line)


@pytest.mark.parametrize("line", ["一、治水", "责任单位：区水利局", "临江区2024年工作要点", "打造示范河湖"])
def test_text_of_a_plan_is_no_navigation(line: str) -> None:
    assert not is_web_furniture(line)
