"""The folded view: one form for every width, nothing between the characters, every place mapped back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.plan.compiler.model import Span
from anlan.plan.compiler.view import View, fold, solid

FOLDED = [
    ("(牵头部门:市科委)", "（牵头部门：市科委）"),
    ("ＡＢｃ１２３", "ABc123"),
    ("１．排查；２．修复", "1.排查；2.修复"),
    ("【责任单位：区水利局】", "（责任单位：区水利局）"),
    ("[2024]5号", "〔2024〕5号"),
    ("2024—2026年", "2024-2026年"),
    ("2024–2026年", "2024-2026年"),
    ("3～5月", "3~5月"),
    ("９５％以上", "95%以上"),
    ("二〇二四年", "二○二四年"),
    ("區水利局負責", "区水利局负责"),
    ("責任單位：各鎮（街道）", "责任单位：各镇（街道）"),
    ("责任单位,区水利局;各镇", "责任单位，区水利局；各镇"),
]


@pytest.mark.parametrize(("printed", "folded"), FOLDED)
def test_widths_and_traditional_characters_fold_to_one_form(printed: str, folded: str) -> None:
    assert fold(printed) == folded


@given(st.text(max_size=200))
def test_folding_never_changes_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_text_of_simplified_characters_is_left_alone() -> None:
    # 后 and 里 are simplified here although they are also traditional characters in their own right.
    assert fold("皇后里程、乾隆、瞭望台") == "皇后里程、乾隆、瞭望台"


def test_what_prints_nothing_is_no_part_of_the_view() -> None:
    assert solid("\ufeff区\u200b水 \t\u3000利\u00ad局\n") == "区水利局"


def test_a_span_of_the_view_covers_the_printed_characters() -> None:
    raw = " 区 水\n利局 负责"
    view = View(raw)
    assert view.text == "区水利局负责"
    # 区 stands at 1, 局 at 6 of the raw text: blank, 区, blank, 水, newline, 利, 局.
    assert view.span(0, 4) == Span(1, 7)
    assert raw[slice(*view.span(0, 4))] == "区 水\n利局"
    assert raw[slice(*view.span(4, 6))] == "负责"


def test_white_space_before_a_character_is_remembered() -> None:
    view = View("区水利局 区财政局、各镇\n街道")
    assert [i for i in range(len(view)) if view.after_space(i)] == [0, 4, 11]


def test_a_view_of_pieces_leaves_out_what_stands_between() -> None:
    raw = "查清\n— 3 —\n底数"
    view = View(raw, [Span(0, 2), Span(9, 11)])
    assert view.text == "查清底数"
    assert view.span(1, 3) == Span(1, 10)


def test_find_gives_the_first_character_at_or_after_a_place() -> None:
    view = View("  区水 \n 利局  ")
    # Raw places 0…9; 区 2, 水 3, 利 7, 局 8.
    assert [view.find(i) for i in range(11)] == [0, 0, 0, 1, 2, 2, 2, 2, 3, 4, 4]


def test_find_in_an_empty_view_is_its_end() -> None:
    assert View(" \n").find(1) == 0
    assert len(View("")) == 0


@given(st.text(alphabet="区水 \n\t（）(1１責\u3000", max_size=80))
def test_every_place_of_the_view_points_to_its_own_character(text: str) -> None:
    view = View(text)
    for i in range(len(view)):
        assert fold(text)[view.offset(i)] == view.text[i]
        assert view.find(view.offset(i)) == i
        assert view.span(i, i + 1) == Span(view.offset(i), view.offset(i) + 1)
