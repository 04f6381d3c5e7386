"""Lists of tasks: narrowed by part and light, by month, reminders with words to copy, the ticked ones as Excel."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.exceptions import PermissionDenied
from python_calamine import CalamineWorkbook
from tests import people
from tests.house import world as small_world
from tests.house.world import World

from anlan.foundation.access.actor import actor_of
from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Entry
from anlan.foundation.notices.models import Notice
from anlan.plan import lights, queries, reminding
from anlan.plan.models import Task, TaskDuty
from anlan.plan.timeline import colours, timeline
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch", "readings"])


@pytest.fixture
def world() -> World:
    return small_world.build()


def _keys(*titles: str) -> list[int]:
    return [Task.objects.get(title__startswith=title, parent=None).pk for title in titles]


def test_a_list_is_narrowed_by_part_role_light_and_month(world: World) -> None:
    clerk = world.client("clerk")
    unit = TaskDuty.objects.filter(unit__short_name="区生态环境局")[0].unit_id

    def titles(query: str) -> set[str]:
        listing = clerk.get(f"/tasks/?{query}").context["listing"]
        return {task.title for task in listing.rows}

    assert titles(f"unit={unit}&role=lead") == {"排查入河排污口"}
    assert titles(f"unit={unit}&role=cooperating") == set()
    assert titles("month=2024-06") == {"排查入河排污口"}
    # Everything with a date was due in 2024 and nothing was reported, so it is red; the others have no light.
    assert titles("light=red") == {"排查入河排污口", "新建污水管网", "清理河面垃圾"}
    assert "管护农村设施" in titles("light=none")
    assert titles("light=green") == set()


def test_the_timeline_counts_each_task_once_in_its_month_and_chapter(world: World) -> None:
    rows = queries.tasks(actor_of(world.accounts["clerk"]))
    today = dt.date(2024, 8, 1)
    lights.keep(TaskDuty.objects.all())
    found = timeline(rows, today)
    assert [month and f"{month:%m}" for month in found.months] == ["06", "09", "12", None]
    assert [chapter[:2] for chapter, _cells in found.lines] == ["一、", "二、"]
    assert [[cell.total for cell in cells] for _chapter, cells in found.lines] == [[1, 0, 0, 1], [0, 1, 1, 2]]
    assert [cell.total for cell in found.totals] == [1, 1, 1, 3]
    # Due on 30 June with nothing reported.
    assert found.totals[0].worst == "red"
    assert sum(colours(rows, today).values()) == rows.count() == 6


def test_pages_by_month_and_unit_open_their_rows(world: World) -> None:
    page = world.client("clerk").get("/tasks/months/").content.decode()
    assert "month=2024-06" in page
    board = world.client("clerk").get("/tasks/units/").content.decode()
    assert "区生态环境局" in board
    # A unit sees its own only.
    mine = world.client("handler").get("/tasks/units/").content.decode()
    assert "区住建局" not in mine


def test_units_are_reminded_once_a_day_of_what_they_owe(world: World) -> None:
    clerk = actor_of(world.accounts["clerk"])
    keys = _keys("排查入河排污口", "新建污水管网")
    assert reminding.remind(clerk, keys) == 2
    first = Notice.objects.filter(code="task.reminded").count()
    reminding.remind(clerk, keys)
    assert Notice.objects.filter(code="task.reminded").count() == first == 3
    TaskDuty.objects.filter(owes="report").update(done_on=dt.date(2024, 5, 1))
    with pytest.raises(InputError, match="done"):
        reminding.remind(clerk, keys)


def test_the_words_to_copy_name_the_tasks_and_carry_no_login(world: World) -> None:
    clerk = actor_of(world.accounts["clerk"])
    row = reminding.waiting(clerk, _keys("排查入河排污口"))[0]
    text = reminding.text(row, "localhost/tasks/", dt.date(2024, 7, 10))
    # 30 June to 10 July: ten days late.
    assert "排查入河排污口" in text
    assert "10" in text
    assert text.endswith("localhost/tasks/")


def test_who_may_not_remind_is_refused(world: World) -> None:
    keys = _keys("排查入河排污口")
    for role in ("handler", "leader", "verifier", "system_admin"):
        with pytest.raises(PermissionDenied):
            reminding.remind(actor_of(world.accounts[role]), keys)
    assert Entry.objects.filter(action="task.remind", outcome="refused").count() == 4
    assert world.client("handler").post("/tasks/remind/", {"key": keys}).status_code == 403


def test_in_the_browser_ticked_tasks_are_reminded_of_and_exported(world: World) -> None:
    clerk = world.client("clerk")
    keys = _keys("排查入河排污口", "新建污水管网")
    asked = clerk.post("/tasks/remind/", {"key": keys, "next": "/tasks/?due=overdue"}).content.decode()
    assert "区住建局" in asked
    assert not Notice.objects.filter(code="task.reminded").exists()
    sent = clerk.post("/tasks/remind/", {"key": keys, "next": "/tasks/?due=overdue", "send": "1"})
    assert sent["Location"] == "/tasks/?due=overdue"
    assert Notice.objects.filter(code="task.reminded").exists()
    assert clerk.post("/tasks/remind/", {"next": "https://elsewhere.example/"})["Location"] == "/tasks/"
    answer = clerk.post("/tasks/ticked/", {"key": keys})
    assert answer.status_code == 200, answer.content[:300]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer))).get_sheet_by_index(0).to_python()
    assert [row[1] for row in sheet[1:]] == ["排查入河排污口", "新建污水管网"]
    assert clerk.post("/tasks/ticked/", {"key": ["x", "9" * 40]}).status_code == 302
    stranger = people.client(people.account(Role.HANDLER))
    assert stranger.post("/tasks/ticked/", {"key": keys}).status_code == 302
