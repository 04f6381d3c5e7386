"""The leader's screen and the summary of a month: what stands where, counted once, every number opening its rows."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.exceptions import PermissionDenied
from docx import Document
from tests import people
from tests.plan.progress import district as small
from tests.plan.progress.district import DUE, District

from anlan.foundation.access.acting import demand
from anlan.foundation.access.roles import Role
from anlan.foundation.screens.charts import Chart, Series
from anlan.plan import queries as plans
from anlan.plan.lights import standing
from anlan.plan.models import Task
from anlan.plan.progress import actions, summary
from anlan.plan.progress.overview import overview, reading

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

AUGUST = dt.date(2024, 8, 1)


@pytest.fixture
def district() -> District:
    made = small.build()
    small.called(made)
    return made


def accept(district: District, **more: object) -> None:
    """The first task's report, handed in on its day, approved and accepted."""
    report = actions.save_draft(district.actor("handler"), district.owed("1"), small.told(**more), None)  # type: ignore[arg-type]
    actions.submit(district.actor("handler"), report, today=DUE)
    actions.approve(district.actor("leader"), report, today=DUE)
    actions.accept(district.actor("clerk"), report)


def test_each_task_is_counted_once_and_the_counts_are_those_of_the_lists(district: District) -> None:
    boss = district.actor("boss")
    found = overview(boss, district.plan, AUGUST)
    # Six tasks: 1 was due on 30 June and is late; 3 is due on 31 December, and on 1 August 153 of 305 days are gone with
    # nothing reported, so it is behind; so is 4 (30 September); 2, 5 and 6 have no date.
    assert found.totals.counts == {"done": 0, "on_schedule": 0, "behind": 2, "overdue": 1, "none": 3}
    assert [line.total for line in found.chapters] == [2, 4]
    assert sum(line.counts["overdue"] for line in found.units) == 1
    rows = plans.tasks(boss)
    for kind, number in found.totals.counts.items():
        assert rows.filter(standing(kind, AUGUST)).count() == number
    assert [str(task) for task in found.worst] == ["1 排查入河排污口"]
    assert found.percent_done == 0


def test_what_is_accepted_moves_the_counts_and_shows_in_the_week(district: District) -> None:
    accept(district, percent=100, done_on=dt.date(2024, 6, 28))
    boss = district.actor("boss")
    found = overview(boss, district.plan, dt.date(2024, 7, 2))
    assert found.totals.counts["done"] == 1
    assert found.percent_done == 16  # 1 of 6, rounded down
    assert found.week["done"] == 1
    assert (found.missing, found.owing) == (found.owing - 1, found.owing)


def test_a_summary_tells_the_month_as_it_was_however_late_it_is_made(district: District) -> None:
    accept(district, percent=40)
    june = dt.date(2024, 6, 30)
    before = summary.then(district.actor("boss"), district.plan, june)
    first = Task.objects.get(number="1")
    # 1 March to 30 June are 121 days, all gone; 40 % reported is 60 points behind, and the day has not passed.
    assert (before.standing(first), before.parts[first.pk][0].colour) == ("behind", "red")
    small.called(district, small.JULY, dt.date(2024, 7, 25))
    report = actions.save_draft(
        district.actor("handler"), district.owed("1"), small.told(100, done_on=dt.date(2024, 7, 20)), None
    )
    actions.submit(district.actor("handler"), report, today=dt.date(2024, 7, 26))
    actions.approve(district.actor("leader"), report, today=dt.date(2024, 7, 26))
    actions.accept(district.actor("clerk"), report)
    again = summary.then(district.actor("boss"), district.plan, june)
    assert again.standing(first) == "behind"
    assert summary.then(district.actor("boss"), district.plan, dt.date(2024, 7, 31)).standing(first) == "done"


def test_the_summary_is_a_word_file_to_edit_and_a_pdf(district: District) -> None:
    accept(district, percent=40)
    boss = people.client(district.accounts["boss"])
    answer = boss.get(f"/overview/{district.plan.pk}/2024-06.docx")
    paragraphs = [one.text for one in Document(io.BytesIO(b"".join(answer))).paragraphs]
    # Six tasks on 30 June: 1, 3 and 4 are behind, three have no date.
    assert any("共有任务 6 条：落后 3 条，没有时限 3 条" in one for one in paragraphs)
    tables = Document(summary.file(district.actor("boss"), district.plan, dt.date(2024, 6, 30), "docx")).tables
    assert "已排查72个排污口。" in [cell.text for table in tables for row in table.rows for cell in row.cells]
    pdf = boss.get(f"/overview/{district.plan.pk}/2024-06.pdf")
    assert b"".join(pdf).startswith(b"%PDF")
    for month, form in (("2024-13", "pdf"), ("2999-01", "pdf"), ("2024-06", "exe"), ("٢٠٢٤-06", "pdf")):
        assert boss.get(f"/overview/{district.plan.pk}/{month}.{form}").status_code == 404


def test_the_overview_is_for_those_above_the_units(district: District) -> None:
    page = people.client(district.accounts["boss"]).get("/overview/")
    assert page.status_code == 200
    assert "chart-units" in page.content.decode()
    for who in ("handler", "leader", "system", "security", "audit"):
        with pytest.raises(PermissionDenied):
            demand(district.actor(who), "overview.see")
        assert people.client(district.accounts[who]).get("/overview/").status_code == 403
    assert reading(district.actor("boss")) == [district.plan]


def test_without_a_plan_it_says_what_would_be_here() -> None:
    assert people.client(people.account(Role.LEADER)).get("/overview/").status_code == 200


def test_a_chart_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="values for"):
        Chart("k", "t", ["a", "b"], [Series("s", "red", [1])])
    with pytest.raises(ValueError, match="tone"):
        Series("s", "pink", [1])
    with pytest.raises(ValueError, match="links"):
        Series("s", "red", [1], ["/", "/"])
    with pytest.raises(ValueError, match="kind"):
        Chart("k", "t", [], [], kind="pie")
    gaps = Chart("k", "t", ["a", "b"], [Series("s", "red", [1, None], ["/x", ""])])
    assert gaps.rows == [("a", [(1, "/x")], 1), ("b", [(None, "")], 0)]
