"""The pages of the project library, over rows written into its registers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import people
from tests.registers import signs as small

from anlan.foundation.access.actor import actor_of, machine
from anlan.foundation.access.roles import Role
from anlan.registers import actions
from anlan.registers.book import get
from anlan.registers.installing import install
from anlan.registers.projects import library
from anlan.registers.projects.library import Asked
from anlan.registers.sources import gather

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])
CODES = ("project", "project_year", "project_month", "project_milestone", "project_document")
DAY = dt.date(2022, 9, 30)
CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-hans"}


def add(register: str, /, **values: Any) -> int:
    return actions.add(machine("test"), get(register), values).pk


def project(number: str = "XM-1", **more: Any) -> int:
    """Project of 1000 万元, 600 of them special bonds and 400 of the district, 700 secured."""
    values: dict[str, Any] = {
        "number": number,
        "name": f"污水治理{number}",
        "category": "城乡污水垃圾治理",
        "item": "4",
        "owner": "上渡镇",
        "town": "上渡镇",
        "planned_start": "2022-01-01",
        "planned_finish": "2022-12-31",
        "total": "1000",
        "special_bond": "600",
        "district": "400",
        "secured": "700",
    }
    return add("project", **{**values, **more})


def move(key: int, *steps: str) -> None:
    from anlan.registers.models import Row

    for step in steps:
        actions.move(machine("test"), Row.objects.get(pk=key), step)


@pytest.fixture
def there() -> small.District:
    found = small.district()
    specs = gather().sources
    for code in CODES:
        install(machine("test"), specs[code])
    return found


def full(key: str = "XM-1") -> int:
    """Project under way that breaks rules: works at 80 %, 300 of 1000 invested, a milestone late, 300 not secured."""
    made = project(
        key,
        code="2201-360202-04-01-900016",
        approval_no="批〔2022〕1号",
        approved_on="2022-01-05",
        permit_no="证1",
        started_on="2022-01-10",
    )
    move(made, "to_reserve", "to_prepare", "to_approved", "to_started", "to_building")
    add(
        "project_year",
        period="2022",
        project=key,
        owner="上渡镇",
        carried="0",
        plan="800",
        plan_bond="500",
        plan_local="300",
        allotted="400",
        image_goal="通水",
    )
    for month, done, image in (("2022-07", "200", "60"), ("2022-08", "300", "80")):
        add(
            "project_month",
            period=month,
            project=key,
            owner="上渡镇",
            done_year=done,
            done_total=done,
            in_place="500",
            paid="150",
            bond_allotted="200",
            image=image,
            image_text="管网",
            trouble="无",
        )
    add("project_milestone", project=key, name="主体完工", kind="主体完工", owner="上渡镇", planned="2022-09-15")
    add("project_document", project=key, kind="用地预审与选址意见", needed_for="中央预算内和专项债", owner="上渡镇")
    return made


def browser(*roles: Role, **more: Any) -> Client:
    made = people.client(people.account(*roles, **more))
    made.defaults.update(CHINESE)
    return made


def test_the_library_knows_of_a_project_what_stood_on_the_day(there: small.District) -> None:
    key = full()
    (found,) = library.projects(there.clerk, DAY)
    assert (found.key, found.state, found.gap) == (key, "building", Decimal(300))
    assert found.month["period"] == "2022-08"
    # 300 of 1000; 300 of the 800 planned
    assert (str(found.done_rate), str(found.year_rate)) == ("30.0", "37.5")
    assert {one.rule for one in found.warned} == {"works_money", "idle", "gap", "milestone", "year"}
    (earlier,) = library.projects(there.clerk, dt.date(2022, 7, 31))
    assert earlier.month["period"] == "2022-07"
    assert "milestone" not in {one.rule for one in earlier.warned}
    (later,) = library.projects(there.clerk, dt.date(2023, 1, 31))
    # The sum of 2022 is none of 2023.
    assert later.month["done_year"] is None


def test_sums_leave_out_what_ended_and_sources_add_up(there: small.District) -> None:
    full()
    ended = project("XM-2", total="50", special_bond="50", district=None, secured="0")
    from anlan.registers.models import Row

    actions.move(machine("test"), Row.objects.get(pk=ended), "stop", reason="不建了")
    found = library.projects(there.clerk, DAY)
    sums = library.sums(found)
    assert (sums.count, sums.total, sums.gap, sums.year_plan, sums.paid) == (
        1,
        Decimal(1000),
        Decimal(300),
        Decimal(800),
        Decimal(150),
    )
    assert sum(line.total for line in library.by_source(found)) == sums.total


def test_candidates_ask_for_what_is_not_allotted_yet(there: small.District) -> None:
    full()
    project("XM-2", secured="1000")
    project("XM-3", special_bond=None, district="1000")
    (one,) = library.candidates(library.projects(there.clerk, DAY), "bond", DAY)
    # 600 of bonds less the 200 allotted; XM-2 has no gap, XM-3 plans with no bonds
    assert (one.project.values["number"], one.wanted) == ("XM-1", Decimal(400))
    assert one.ready.percent == 0
    assert library.candidates(library.projects(there.clerk, DAY), "central", DAY) == []


def test_filters_narrow_the_library(there: small.District) -> None:
    full()
    project("XM-2", owner="下渡镇", town="下渡镇", item="5", category="农业面源治理")

    def numbers(**asked: Any) -> list[str]:
        return [one.values["number"] for one in library.projects(there.clerk, DAY, Asked(**asked))]

    assert numbers() == ["XM-1", "XM-2"]
    assert numbers(unit=str(there.other.pk)) == ["XM-2"]
    assert numbers(item="5") == ["XM-2"]
    assert numbers(category="farming") == ["XM-2"]
    assert numbers(state="building") == ["XM-1"]
    assert numbers(warned=True, state="building") == ["XM-1"]


def test_a_unit_sees_its_own_projects_only(there: small.District) -> None:
    mine = full()
    assert [one.key for one in library.projects(there.handler, DAY)] == [mine]
    assert library.projects(there.stranger, DAY) == []
    client = browser(Role.HANDLER, at=there.other)
    assert client.get(f"/projects/{mine}/").status_code == 404
    assert "污水治理XM-1" not in client.get("/projects/?on=2022-09-30").content.decode()


def test_who_works_in_no_register_is_kept_out(there: small.District) -> None:
    full()
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        for tail in ("", "funds/", "milestones/", "call/"):
            assert browser(role).get(f"/projects/{tail}").status_code == 403


def test_every_page_shows_the_project_and_every_sheet_comes(there: small.District) -> None:
    key = full()
    client = browser(Role.CLERK)
    for tail in ("", "?view=list", "funds/", "milestones/", "call/"):
        glue = "&" if "?" in tail else "?"
        answer = client.get(f"/projects/{tail}{glue}on=2022-09-30")
        assert answer.status_code == 200
        assert "污水治理XM-1" in answer.content.decode(), tail
    page = client.get(f"/projects/{key}/?on=2022-09-30").content.decode()
    for text in ("资金、时间、工程对不上的", "主体完工", "37.5%", "申报专项债的要件", "已逾期 15 天"):
        assert text in page, text
    for tail in ("?", "funds/?", "call/?"):
        answer = client.get(f"/projects/{tail}on=2022-09-30&export=xlsx")
        people.finish(answer)
        assert answer["Content-Type"].endswith("sheet")


def test_a_day_that_is_none_is_today_and_a_strange_call_the_first(there: small.District) -> None:
    full()
    client = browser(Role.CLERK)
    assert client.get("/projects/?on=2022-13-99&unit=x&item=y").status_code == 200
    assert "专项债" in client.get("/projects/call/?for=loan").content.decode()


def test_an_english_page_holds_no_chinese_of_ours(there: small.District) -> None:
    full()
    client = people.client(people.account(Role.CLERK))
    client.defaults.update(HTTP_ACCEPT_LANGUAGE="en")
    page = client.get("/projects/?on=2022-09-30&view=list").content.decode()
    assert "Project library" in page
    assert "are unpaid" in page or "is not secured" in page


def test_the_number_of_queries_does_not_grow_with_projects(there: small.District) -> None:
    full("XM-1")
    actor = actor_of(people.account(Role.CLERK))

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            library.projects(actor, DAY)
        return len(found)

    asked()
    before = asked()
    for number in range(2, 6):
        project(f"XM-{number}")
    assert asked() == before
    assert before < 15
