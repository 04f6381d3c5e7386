"""How ready a project is for a call, and the drawing of milestones."""

from __future__ import annotations

import datetime as dt

import pytest

from anlan.registers.projects import timeline
from anlan.registers.projects.calls import CALLS, Paper, readiness

DAY = dt.date(2022, 6, 30)


def test_a_document_counts_when_it_is_ready_and_in_force() -> None:
    papers = [
        Paper("feasibility", "ready", "both"),
        Paper("land", "ready", "both", DAY),
        Paper("eia", "ready", "both", DAY - dt.timedelta(days=1)),
        Paper("bond_plan", "submitted", "bond"),
        Paper("bond_finance", "waived", "bond"),
    ]
    found = readiness("bond", papers, DAY)
    assert found.ready == ("feasibility", "land")
    # The legal opinion has no row yet; what is not needed does not count.
    assert set(found.missing) == {("eia", "expired"), ("bond_plan", "submitted"), ("bond_legal", "none")}
    # 2 of 5
    assert (found.needed, found.percent) == (5, 40)


def test_a_paper_marked_for_the_other_call_is_not_asked_for() -> None:
    papers = [Paper("energy", "absent", "central"), Paper("proposal", "absent", "both")]
    assert "energy" not in dict(readiness("bond", papers, DAY).missing)
    assert "energy" in dict(readiness("central", papers, DAY).missing)
    assert "proposal" in dict(readiness("bond", papers, DAY).missing)


def test_all_papers_ready_are_a_hundred_percent_and_an_unknown_call_is_none() -> None:
    papers = [Paper(kind, "ready", "both") for kind in CALLS["bond"][1]]
    assert readiness("bond", papers, DAY).percent == 100
    with pytest.raises(KeyError):
        readiness("loan", papers, DAY)


def test_milestones_are_drawn_by_what_became_of_them() -> None:
    points = [
        timeline.Point("立项", dt.date(2022, 1, 31), dt.date(2022, 1, 31)),
        timeline.Point("开工", dt.date(2022, 3, 1), dt.date(2022, 3, 5)),
        timeline.Point("主体", dt.date(2022, 6, 29), None),
        timeline.Point("完工", DAY, None),
    ]
    drawing = timeline.draw([timeline.Row(1, "项目", None, None, points)], DAY)
    assert drawing is not None
    (line,) = drawing.lines
    assert [mark.tone for mark in line.marks] == ["done", "late_done", "late", "open"]
    assert drawing.today is not None
    assert [mark.x for mark in line.marks] == sorted(mark.x for mark in line.marks)
    assert all(drawing.left <= mark.x <= drawing.width for mark in line.marks)
    assert drawing.ticks[0].label == "2022-01"


def test_nothing_is_drawn_of_projects_without_days() -> None:
    assert timeline.draw([timeline.Row(1, "项目", None, None, [])], DAY) is None
