"""The days on which lights turn say the same as the calculation, and the store finds what the page shows."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.house import world as small_world

from anlan.foundation.calc.installed import registry
from anlan.plan import lights
from anlan.plan.models import Task, TaskDuty

pytestmark = pytest.mark.django_db(databases=["default", "scratch", "readings"])

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))


@settings(max_examples=200, deadline=None)
@given(start=DAYS, length=st.integers(0, 800), percent=st.integers(0, 100), seen=st.integers(-5, 900))
def test_the_days_say_what_the_calculation_says_on_every_day(
    start: dt.date, length: int, percent: int, seen: int
) -> None:
    due, today = start + dt.timedelta(days=length), start + dt.timedelta(days=max(seen, 0))
    yellow, red = lights.turns(start, due, percent)
    given_ = {"percent": percent, "start": start.isoformat(), "due": due.isoformat(), "today": today.isoformat()}
    said = registry().compute("supervise.light", {**given_, "state": None}).outputs["light"]
    assert said == ("red" if today >= red else "yellow" if today >= yellow else "green")
    assert yellow <= red <= due + dt.timedelta(days=1)


def test_a_year_with_nothing_reported_turns_on_these_days() -> None:
    # 2026-01-01 to 2026-12-31 are 364 days. Yellow from 10 points behind: 10 % of 364 are 36.4, so after 37 days,
    # 7 February. Red from 30 points behind: 109.2, so after 110 days, 21 April. (supervision.toml, default_light)
    assert lights.turns(dt.date(2026, 1, 1), dt.date(2026, 12, 31), 0) == (dt.date(2026, 2, 7), dt.date(2026, 4, 21))


@pytest.mark.parametrize("today", [dt.date(2024, 3, 1), dt.date(2024, 7, 1), dt.date(2024, 11, 1), dt.date(2025, 2, 1)])
def test_the_store_finds_the_tasks_whose_light_the_page_shows(today: dt.date) -> None:
    small_world.build()
    parts = list(TaskDuty.objects.filter(owes="report").order_by("pk"))
    for number, part in enumerate(parts):
        part.percent = number * 37 % 101
        part.done_on = today if number % 5 == 0 else None
        part.save()
    lights.keep(TaskDuty.objects.all())
    rows = Task.objects.prefetch_related("duties__unit")
    shown = {task.pk: lights.of_task(task, task.duties.all(), today).colour for task in rows}
    for task in rows:
        looked, worked_out = lights.glance(task.duties.all(), today), lights.of_task(task, task.duties.all(), today)
        assert (looked.colour, looked.units) == (worked_out.colour, worked_out.units)
    for colour in ("red", "yellow", "green", "done", ""):
        found = set(Task.objects.filter(lights.shining(colour, today)).values_list("pk", flat=True))
        assert found == {key for key, value in shown.items() if value == colour}, colour
    assert len(set(shown.values())) > 1
    counted = [Task.objects.filter(lights.standing(kind, today)).count() for kind in lights.STANDINGS]
    assert sum(counted) == Task.objects.count()
    late = {task.pk for task in rows if task.due and task.due < today and shown[task.pk] not in ("done", "")}
    assert set(Task.objects.filter(lights.standing("overdue", today)).values_list("pk", flat=True)) == late
    home = TaskDuty.objects.filter(owes="report")[0].unit_id
    own = {
        task.pk: lights.of_task(task, [part for part in task.duties.all() if part.unit_id == home], today).colour
        for task in rows
    }
    for colour in ("red", "yellow", "green", "done"):
        found = set(Task.objects.filter(lights.shining(colour, today, [home])).values_list("pk", flat=True))
        assert found == {key for key, value in own.items() if value == colour}
