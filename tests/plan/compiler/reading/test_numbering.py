"""Automatic numbering, printed as Word prints it."""

import pytest
from tests.plan.compiler.reading.samples import abstract, docx, item, level, num, p

from anlan.plan.compiler.reading import read
from anlan.plan.compiler.reading.numerals import print_number


def lines(body: str, numbering: str, styles: str = "") -> list[str]:
    return read(docx(body, numbering, styles)).text.split("\n")


@pytest.mark.parametrize(
    ("number", "form", "printed"),
    [
        (10, "chineseCounting", "十"),
        (12, "chineseCounting", "十二"),
        (20, "chineseCounting", "二十"),
        (99, "chineseCounting", "九十九"),
        (100, "chineseCounting", "一○○"),
        (11, "chineseCountingThousand", "十一"),
        (101, "chineseCountingThousand", "一百零一"),
        (110, "chineseCountingThousand", "一百一十"),
        (1001, "chineseCountingThousand", "一千零一"),
        (10, "ideographDigital", "一〇"),
        (21, "japaneseCounting", "二十一"),
        (100, "japaneseCounting", "百"),
        (15, "chineseLegalSimplified", "壹拾伍"),
        (3, "ideographTraditional", "丙"),
        (12, "decimalFullWidth", "１２"),
        (20, "decimalEnclosedCircle", "⑳"),
        (21, "decimalEnclosedCircle", "㉑"),
        (51, "decimalEnclosedCircle", "51"),
        (2, "decimalEnclosedParen", "⑵"),
        (5, "decimalZero", "05"),
        (28, "upperLetter", "BB"),
        (3, "lowerLetter", "c"),
        (14, "upperRoman", "XIV"),
        (9, "lowerRoman", "ix"),
        (7, "none", ""),
        (7, "no such format", "7"),
        (0, "upperRoman", "0"),
        (-1, "ideographDigital", "-1"),
    ],
)
def test_numbers_print_as_word_prints_them(number: int, form: str, printed: str) -> None:
    assert print_number(number, form) == printed


LEVELS = level(0, "chineseCounting", "%1、") + level(1, "chineseCounting", "（%2）") + level(2, "decimal", "%3.")


def test_lower_levels_restart_below_each_higher_one() -> None:
    body = item("甲") + item("乙", 1) + item("丙", 1) + item("丁", 2) + item("戊") + item("己", 1) + item("庚", 2)
    assert lines(body, abstract(LEVELS) + num()) == [
        "一、甲", "（一）乙", "（二）丙", "1.丁", "二、戊", "（一）己", "1.庚",
    ]  # fmt: skip


def test_unnumbered_paragraphs_between_do_not_break_the_count() -> None:
    assert lines(item("甲") + p("文") + item("乙"), abstract(LEVELS) + num()) == ["一、甲", "文", "二、乙"]


def test_lvl_restart_zero_never_restarts() -> None:
    levels = level(0, "decimal", "%1.") + level(1, "decimal", "（%2）", '<w:lvlRestart w:val="0"/>')
    body = item("甲") + item("乙", 1) + item("丙") + item("丁", 1)
    assert lines(body, abstract(levels) + num()) == ["1.甲", "（1）乙", "2.丙", "（2）丁"]


def test_lvl_restart_names_the_level_that_restarts() -> None:
    # Level 3 restarts after level 1 only: the second 乙 of level 2 leaves its count alone.
    levels = level(0, "decimal", "%1.") + level(1, "decimal", "%2)")
    levels += level(2, "decimal", "[%3]", '<w:lvlRestart w:val="1"/>')
    body = item("甲") + item("乙", 1) + item("丙", 2) + item("丁", 1) + item("戊", 2) + item("己") + item("庚", 2)
    assert lines(body, abstract(levels) + num()) == ["1.甲", "1)乙", "[1]丙", "2)丁", "[2]戊", "2.己", "[1]庚"]


def test_legal_style_prints_higher_levels_in_digits() -> None:
    levels = level(0, "chineseCounting", "第%1章") + level(1, "decimal", "%1.%2", "<w:isLgl/>")
    assert lines(item("甲") + item("乙", 1), abstract(levels) + num()) == ["第一章甲", "1.1乙"]


def test_without_legal_style_higher_levels_keep_their_format() -> None:
    levels = level(0, "chineseCounting", "第%1章") + level(1, "decimal", "%1.%2")
    assert lines(item("甲") + item("乙", 1), abstract(levels) + num())[1] == "一.1乙"


def test_a_level_never_counted_prints_its_start() -> None:
    assert lines(item("乙", 1), abstract(level(0, "decimal", "%1") + level(1, "decimal", "%1.%2")) + num()) == ["1.1乙"]


@pytest.mark.parametrize(("suff", "printed"), [("tab", "1.\t甲"), ("space", "1. 甲"), ("nothing", "1.甲")])
def test_what_separates_the_number_is_kept(suff: str, printed: str) -> None:
    assert lines(item("甲"), abstract(level(0, "decimal", "%1.", suff=suff)) + num()) == [printed]


def test_instances_of_one_abstract_numbering_share_its_counter() -> None:
    body = item("甲", 0, 1) + item("乙", 0, 2) + item("丙", 0, 1)
    assert lines(body, abstract(LEVELS) + num(1) + num(2)) == ["一、甲", "二、乙", "三、丙"]


def test_a_start_override_restarts_once() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    body = item("甲", 0, 1) + item("乙", 0, 1) + item("丙", 0, 2) + item("丁", 0, 2)
    assert lines(body, abstract(LEVELS) + num(1) + num(2, 0, override)) == ["一、甲", "二、乙", "一、丙", "二、丁"]


def test_a_level_override_changes_the_format_of_its_instance() -> None:
    override = f'<w:lvlOverride w:ilvl="0">{level(0, "decimalEnclosedCircle", "%1")}</w:lvlOverride>'
    assert lines(item("甲", 0, 2) + item("乙"), abstract(LEVELS) + num(1) + num(2, 0, override)) == ["①甲", "二、乙"]


def test_a_start_value_other_than_one_counts_on_from_there() -> None:
    assert lines(item("甲") + item("乙"), abstract(level(0, "decimal", "%1.", start=5)) + num()) == ["5.甲", "6.乙"]


STYLES = (
    '<w:style w:type="paragraph" w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="H2"><w:basedOn w:val="H1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="H3"><w:basedOn w:val="H1"/>'
    '<w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
)


def styled(text: str, style: str, more: str = "") -> str:
    return p(text, f'<w:pStyle w:val="{style}"/>{more}')


def test_a_style_numbers_its_paragraphs_on_the_level_tied_to_it() -> None:
    tied = level(0, "chineseCounting", "%1、", '<w:pStyle w:val="H1"/>')
    tied += level(1, "decimal", "%2.", '<w:pStyle w:val="H2"/>')
    body = styled("甲", "H1") + styled("乙", "H2") + styled("丙", "H2")
    assert lines(body, abstract(tied) + num(), STYLES) == ["一、甲", "1.乙", "2.丙"]


def test_a_style_takes_the_numbering_of_the_one_it_is_based_on_with_its_own_level() -> None:
    body = styled("甲", "H1") + styled("乙", "H3")
    assert lines(body, abstract(LEVELS) + num(), STYLES) == ["一、甲", "（一）乙"]


def test_instance_zero_takes_a_styles_numbering_away() -> None:
    off = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    assert lines(styled("甲", "H1") + styled("乙", "H1", off), abstract(LEVELS) + num(), STYLES) == ["一、甲", "乙"]


def test_a_ring_of_styles_is_survived() -> None:
    ring = (
        '<w:style w:styleId="A"><w:basedOn w:val="B"/></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>'
    )
    assert lines(styled("甲", "A"), abstract(LEVELS) + num(), ring) == ["甲"]


def test_a_numbering_style_leads_to_the_numbering_behind_it() -> None:
    style = '<w:style w:type="numbering" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    numbering = abstract(LEVELS) + abstract('<w:numStyleLink w:val="L"/>', 7) + num() + num(2, 7)
    assert lines(item("甲", 0, 2), numbering, style) == ["一、甲"]


def test_bullets_print_their_sign_and_count_nothing() -> None:
    font = '<w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr>'
    bulleted = level(0, "bullet", "\uf0d8", font, "space")
    assert lines(item("甲"), abstract(bulleted) + num()) == ["➢ 甲"]


def test_a_numbering_that_is_missing_prints_nothing() -> None:
    assert lines(item("甲", 0, 9), "") == ["甲"]


def test_numbers_inside_table_cells_count_with_the_rest() -> None:
    body = item("甲") + f"<w:tbl><w:tr><w:tc>{item('乙')}</w:tc><w:tc>{item('丙')}</w:tc></w:tr></w:tbl>"
    assert lines(body, abstract(LEVELS) + num()) == ["一、甲", "二、乙\t三、丙"]


def test_padded_numbers_of_a_custom_format_keep_their_width() -> None:
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    custom = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/>'
        f'<mc:AlternateContent xmlns:mc="{mc}"><mc:Choice Requires="w14">'
        '<w:numFmt w:val="custom" w:format="001, 002, 003, ..."/></mc:Choice>'
        '<mc:Fallback><w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent>'
        '<w:suff w:val="space"/><w:lvlText w:val="%1"/></w:lvl>'
    )
    assert lines(item("甲"), abstract(custom) + num()) == ["001 甲"]
