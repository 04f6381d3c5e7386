"""Plans, measures and tasks as programs read them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests import people
from tests.house import world as small_world
from tests.house.world import World
from tests.plan import small

from anlan.foundation.access.roles import Role
from anlan.plan.models import Plan, Task

pytestmark = pytest.mark.django_db(databases=["default", "scratch", "readings"])


@pytest.fixture
def world() -> World:
    return small_world.build()


def test_plans_are_listed_filtered_and_paged(world: World) -> None:
    clerk = world.client("clerk")
    every = clerk.get("/api/plans").json()
    assert every["count"] == 2
    assert [one["year"] for one in every["items"]] == [2025, 2024]
    issued = clerk.get("/api/plans?state=issued").json()["items"]
    # TEXT has six measures, each of them one task.
    assert [(one["measures"], one["tasks"], one["open_questions"]) for one in issued] == [(6, 6, 0)]
    assert issued[0]["issued_on"] == "2024-03-01"
    assert clerk.get("/api/plans?limit=1&offset=1").json()["items"] == [every["items"][1]]
    assert clerk.get("/api/plans?q=水环境 没有").json()["count"] == 0


def test_a_measure_comes_with_its_duties_time_limits_and_targets(world: World) -> None:
    clerk = world.client("clerk")
    plan = world.objects["plan"]
    first = clerk.get(f"/api/plans/{plan.pk}/measures?limit=1").json()["items"][0]
    assert first["title"] == "排查入河排污口"
    assert [(one["role"], one["name"], one["unit"], one["group"]) for one in first["duties"]] == [
        ("lead", "区生态环境局", "区生态环境局", None),
        ("cooperating", "区工信局", "区工信局", None),
        ("cooperating", "各乡镇", None, "各乡镇"),
    ]
    assert [one["date"] for one in first["deadlines"]] == ["2024-06-30"]
    assert [(one["comparator"], one["low"], one["unit"]) for one in first["targets"]] == [("ge", "120", "个")]
    assert clerk.get(f"/api/measures/{first['id']}").json() == first


def test_a_quantity_is_exact(world: World) -> None:
    rows = world.client("clerk").get(f"/api/plans/{world.objects['plan'].pk}/measures").json()["items"]
    assert [one["low"] for row in rows for one in row["targets"]] == ["120", "6.5"]


def test_tasks_are_narrowed_by_unit_day_and_words(world: World) -> None:
    clerk = world.client("clerk")

    def titles(query: str) -> list[str]:
        return [one["title"] for one in clerk.get(f"/api/tasks?{query}").json()["items"]]

    assert titles("unit=区住建局") == ["新建污水管网"]
    assert titles("due_from=2024-07-01&due_to=2024-10-01") == ["清理河面垃圾"]
    assert titles("q=宣传") == ["加强宣传引导。"]
    assert titles(f"plan={2**62}") == []
    one = clerk.get("/api/tasks?unit=区住建局").json()["items"][0]
    assert one["parts"] == [
        {"unit": "区住建局", "role": "responsible", "owes": "report", "via": None, "percent": 0, "done_on": None}
    ]
    assert clerk.get(f"/api/tasks/{one['id']}").json() == one


def test_a_handler_reads_the_tasks_of_the_own_unit_only(world: World) -> None:
    mine = world.client("handler").get("/api/tasks").json()["items"]
    assert mine
    assert all("区生态环境局" in [part["unit"] for part in one["parts"]] for one in mine)
    foreign = Task.objects.exclude(duties__unit__short_name="区生态环境局").first()
    assert foreign
    answer = world.client("handler").get(f"/api/tasks/{foreign.pk}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_a_plan_is_uploaded_settled_and_issued() -> None:
    small.district()
    clerk = people.client(people.account(Role.CLERK))
    file = SimpleUploadedFile(
        "要点.txt", "青溪区2024年工作要点\n\n1.修好水闸。6月底前修好。（责任单位：区住建局）\n".encode()
    )
    made = clerk.post("/api/plans", {"file": file})
    assert (made.status_code, made.json()["measures"], made.json()["open_questions"]) == (201, 1, 0)
    issued = clerk.post(f"/api/plans/{made.json()['id']}/issue").json()
    assert (issued["state"], issued["tasks"]) == ("issued", 1)
    again = clerk.post(f"/api/plans/{issued['id']}/issue")
    assert again.status_code == 403
    assert clerk.post("/api/plans").json()["error"]["field"] == "file"


def test_who_may_not_is_told_so_in_the_one_shape(world: World) -> None:
    administrator = world.client("system_admin")
    assert administrator.get("/api/plans").status_code == 403
    assert Client().get("/api/tasks").status_code == 401
    handler = people.client(people.account(Role.HANDLER))
    file = SimpleUploadedFile("要点.txt", small.TEXT.encode())
    assert handler.post("/api/plans", {"file": file}).status_code == 403
    draft = world.objects["plan-settle"]
    assert handler.post(f"/api/plans/{draft.pk}/issue").status_code in (403, 404)
    assert Plan.objects.get(pk=draft.pk).state == "draft"
