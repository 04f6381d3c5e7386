"""The reading room cuts the document into pieces that together are the document, each with the fields it belongs to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import people
from tests.plan import small

from anlan.foundation.access.roles import Role
from anlan.plan import actions, queries
from anlan.plan.reading_room import Line, Part, _cut, _Mark, lines, part


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[_Mark]]:
    text = draw(st.text("江河水 ab", min_size=1, max_size=30))
    places = st.integers(0, len(text))
    spans = draw(st.lists(st.tuples(places, places), max_size=8))
    return text, [_Mark(min(a, b), max(a, b), f"k{n}", "duty") for n, (a, b) in enumerate(spans) if a != b]


@given(marked())
def test_pieces_are_the_text_and_each_carries_exactly_the_marks_over_it(case: tuple[str, list[_Mark]]) -> None:
    text, marks = case
    pieces = _cut(text, 0, len(text), marks)
    assert "".join(piece.text for piece in pieces) == text
    place = 0
    for piece in pieces:
        over = {mark.key for mark in marks if mark.start <= place and mark.end >= place + len(piece.text)}
        assert set(piece.fields.split()) == over
        place += len(piece.text)


pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def shown() -> tuple[str, list[Line]]:
    small.district()
    plan = actions.receive(people.actor(Role.CLERK), small.TEXT.encode(), "要点.txt")
    document = queries.document(plan)
    return document.text, lines(document, queries.measures(document), document.findings.all(), "zh")


def test_the_document_stands_line_by_line_exactly_as_written(shown: tuple[str, list[Line]]) -> None:
    text, found = shown
    assert "\n".join("".join(piece.text for piece in line.pieces) for line in found) == text


def test_a_unit_is_marked_where_it_is_printed(shown: tuple[str, list[Line]]) -> None:
    _, found = shown
    duties = [piece.text for line in found for piece in line.pieces if "duty" in piece.kinds.split()]
    # Measures 1 to 4 and 6 name 3, 2, 1, 1 and 1 bodies; measure 5 names none.
    assert duties == [
        "区生态环境局",
        "区工信局",
        "各乡镇",
        "区工信局",
        "区应急局",
        "区住建局",
        "区城管队",
        "各乡镇",
    ]


def test_a_finding_stands_at_the_line_of_its_characters_with_its_way_out(shown: tuple[str, list[Line]]) -> None:
    text, found = shown
    unknown = [(line.number, note) for line in found for note in line.notes if note.code == "U101"]
    # 区城管队 stands in the eighth line: title, blank, heading, 1, 2, heading, 3, 4.
    assert [(number, note.severity) for number, note in unknown] == [(8, "warning")]
    assert "区城管局" in unknown[0][1].message
    assert text.splitlines()[7].startswith("4.")


def test_a_long_document_is_shown_in_parts_that_together_hold_every_line_and_measure() -> None:
    # 450 measures at every tenth character of 5 000, from 100 on: parts of 200, 200 and 50.
    places = [(1000 + n, 100 + 10 * n) for n in range(450)]
    parts = [part(places, 5_000, number) for number in (1, 2, 3)]
    assert [one.of for one in parts] == [3, 3, 3]
    assert [len(one.measures) for one in parts] == [200, 200, 50]
    # What stands before the first measure belongs to the first part, what comes after the last to the last.
    assert [(one.start, one.end) for one in parts] == [(0, 2_100), (2_100, 4_100), (4_100, 5_000)]
    assert part(places, 5_000, 9).number == 3
    assert part(places, 5_000, 0).number == 1
    # By a measure, and by one that is not there.
    assert part(places, 5_000, 1, holding=1_200).number == 2
    assert part(places, 5_000, 2, holding=7).number == 2
    assert part([], 30) == Part(1, 1, (), 0, 30)
