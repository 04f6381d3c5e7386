"""A document from bytes to plan: places, chapters, first words, and which register is in force."""

from __future__ import annotations

import pytest

from anlan.plan.document import (
    Document,
    Lines,
    OrganRegister,
    Place,
    chapters,
    compile_document,
    lead_phrase,
    one_line,
)
from anlan.plan.pack import Organ
from anlan.settings import Words


def organ(short: str) -> Organ:
    return Organ(short, short, "", "", (), False)


DISTRICT = OrganRegister(Words("清源区", "Qingyuan"), (organ("区水务局"), organ("区林业局")), "清源区")
CHOSEN = OrganRegister(Words("units.csv", "units.csv"), (organ("区水务局"),))


def compiled(owners: str, title: str = "清源区2023年要点", units: OrganRegister | None = None) -> Document:
    text = f"{title}\n1.修路。（{owners}负责）\n"
    return compile_document(text.encode(), "plan.txt", units=units, district=DISTRICT)


@pytest.mark.parametrize(
    "owners, known",
    [("区水务局", 1), ("区水务局、区交通局、区公路局", 1), ("区水务局、区林业局、区交通局、区公路局", 2)],
)
def test_the_register_of_the_district_is_in_force_from_a_third_of_the_names(owners: str, known: int) -> None:
    document = compiled(owners)
    assert document.register is DISTRICT
    assert document.coverage
    assert document.coverage.known == known


def test_below_a_third_it_is_not() -> None:
    # One known name of four.
    document = compiled("区水务局、区交通局、区公路局、区民政局")
    assert document.register is None
    assert "U101" not in {one.code for one in document.plan.diagnostics}


def test_a_document_that_does_not_name_the_district_is_not_of_it() -> None:
    assert compiled("区水务局", title="白河区2023年要点").register is None


def test_the_name_of_the_district_may_be_broken_over_lines() -> None:
    assert compiled("区水务局", title="清\n源区2023年要点").register is DISTRICT


def test_a_register_that_was_chosen_is_always_in_force() -> None:
    document = compiled("县交通局", units=CHOSEN)
    assert document.register is CHOSEN
    assert "U101" in {one.code for one in document.plan.diagnostics}


def test_places_count_lines_and_code_points_from_one() -> None:
    # 𠮷 is one code point.
    lines = Lines("一\n\n𠮷三")
    assert [lines.place(offset) for offset in range(5)] == [
        Place(1, 1),
        Place(1, 2),
        Place(2, 1),
        Place(3, 1),
        Place(3, 2),
    ]


def test_chapters_have_their_numbers_as_printed() -> None:
    text = "要点\n一、治水\n（一）工程\n1.建站。建好。\n2.建闸。建好。\n二、保障\n3.宣传。广泛宣传。\n"
    plan = compile_document(text.encode(), "plan.txt").plan
    assert chapters(plan) == [("一、治水", "（一）工程"), ("一、治水", "（一）工程"), ("二、保障",)]


def test_a_measure_without_a_title_is_called_by_its_text() -> None:
    plan = compile_document("要点\n1.建站3座。（区水务局负责）\n2.建闸。建好。\n".encode(), "plan.txt").plan
    assert [lead_phrase(plan, measure) for measure in plan.measures] == ["建站3座。（区水务局负责）", "建闸"]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("区水\n务局", "区水务局"),
        ("two\nwords", "two words"),
        ("a \u3000 b", "a b"),
        ("\u202e甲\u200b", "甲"),
        ("", ""),
    ],
)
def test_one_line_can_be_shown_anywhere(text: str, expected: str) -> None:
    assert one_line(text) == expected
