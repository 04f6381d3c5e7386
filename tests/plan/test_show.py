"""The terminal table: what stands in it, and that no line is wider than the screen, whatever the text."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from anlan.plan.compiler.reading import Unreadable
from anlan.plan.document import Document, compile_document
from anlan.plan.show import show
from anlan.plan.typeset import fold, pack

PLAN = """清源区2023年河湖工作要点

一、治理污染

1.建好泵站。新建泵站12座，2023年9月底前完工。（牵头单位：区水务局；责任单位：区住建局、各乡镇）

2.清退岸线违建3处。（区林业局负责）
"""


def shown(document: Document, width: int, lang: str = "zh") -> list[str]:
    text = io.StringIO()
    show(document, Console(file=text, width=width, color_system=None, markup=False, emoji=False), lang)
    return text.getvalue().splitlines()


def test_a_narrow_screen_has_the_fields_under_each_other() -> None:
    lines = shown(compile_document(PLAN.encode(), "plan.txt"), 80)
    at = lines.index("1     建好泵站")
    assert lines[at + 1] == "      牵头  区水务局"
    assert lines[at + 2] == "      责任  区住建局、各乡镇"


def test_a_wide_screen_has_them_side_by_side() -> None:
    lines = shown(compile_document(PLAN.encode(), "plan.txt"), 120)
    (row,) = [line for line in lines if line.startswith("1 ")]
    assert row.split()[:5] == ["1", "建好泵站", "牵头", "区水务局", "2023年9月底前"]
    assert row.endswith("12座")
    header = next(line for line in lines if line.startswith("序号"))
    # Columns begin where their heads do, counted in cells: a Chinese character is two.
    for head, cell in (("任务", "建好泵站"), ("单位", "牵头"), ("时限", "2023年9月")):
        assert cell_len(header[: header.index(head)]) == cell_len(row[: row.index(cell)])


def test_a_measure_without_a_title_is_shown_by_its_first_words() -> None:
    assert "2     清退岸线违建3处" in shown(compile_document(PLAN.encode(), "plan.txt"), 80)


def test_infos_that_many_places_share_are_told_once_with_every_place() -> None:
    text = "某区2023年工作要点\n" + "".join(f"{n}.修路。修好第{n}段。（区交通局负责）\n" for n in range(1, 7))
    document = compile_document(text.encode(), "plan.txt")
    told = [line for line in shown(document, 100) if "D301" in line]
    # Six measures without a deadline, in lines 2 to 7, each shown at its number.
    assert [line.split("：")[1].split() for line in told] == [["2:1", "3:1", "4:1", "5:1", "6:1", "7:1"]]


def test_markup_and_characters_that_turn_the_line_around_are_not_obeyed() -> None:
    text = "某区2023年[bold]工作要点\n1.[red]修路\u202e。:smile:修好。（区交通局负责）\n"
    told = "\n".join(shown(compile_document(text.encode(), "plan.txt"), 80))
    assert "[red]修路" in told
    assert "\u202e" not in told


@pytest.fixture(scope="module")
def documents(root: Path) -> list[Document]:
    plans = [root / "packs/changjiang/plan.txt", *sorted((root / "tests/plans").rglob("*.txt"))]
    assert len(plans) > 10
    return [compile_document(path.read_bytes(), path.name) for path in plans]


@pytest.mark.parametrize("width, lang", [(20, "en"), (80, "zh"), (109, "en"), (110, "zh"), (500, "en")])
def test_no_line_is_wider_than_the_screen(documents: list[Document], width: int, lang: str) -> None:
    for document in documents:
        # Below 40 cells nothing sensible can be set; above 200 the eye loses the line.
        most = max(40, min(width, 200))
        assert max(map(cell_len, shown(document, width, lang))) <= most, document.name


TEXTS = st.text(alphabet="区水务局、，。（）“” ab12.%𠮷", max_size=60)


@given(TEXTS, st.integers(2, 30))
def test_folding_keeps_every_character_and_the_width(text: str, width: int) -> None:
    lines = fold(text, width)
    assert max(map(cell_len, lines)) <= width
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.lists(TEXTS, max_size=8), st.integers(2, 30))
def test_packing_keeps_every_character_and_the_width(tokens: list[str], width: int) -> None:
    lines = pack(tokens, width)
    assert max(map(cell_len, lines)) <= width
    assert "".join(lines).replace(" ", "") == "".join(tokens).replace(" ", "")


@given(
    st.one_of(
        st.binary(max_size=300), st.text("一、（）1.年月日前区局负责\n《》% \ufffd", max_size=300).map(str.encode)
    )
)
def test_whatever_the_file_it_is_shown_or_refused_with_a_reason(data: bytes) -> None:
    try:
        document = compile_document(data, "any.txt")
    except Unreadable as reason:
        told = [reason.zh, reason.en]
    else:
        told = shown(document, 80, "en")
    assert all(told[:1])


def test_lines_break_where_chinese_may_be_broken() -> None:
    assert fold("完成（2023年）任务", 6) == ["完成", "（2023", "年）任", "务"]
    assert fold("增长12.5%以上", 6) == ["增长", "12.5%", "以上"]
    assert pack(["区水务局、", "市自然资源和规划局"], 10) == ["区水务局、", "市自然资源", "和规划局"]
