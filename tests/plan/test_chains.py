"""Chains of responsibility of tasks: on the task's page, for a whole plan, as a sheet and in the interface."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
import python_calamine
from django.urls import reverse
from tests import people
from tests.plan import small

from anlan.foundation.access.actor import actor_of
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.org.chain import Chains
from anlan.foundation.org.charging import set_charge
from anlan.foundation.org.models import Person, Post, PostKind, Unit
from anlan.plan import actions, chains
from anlan.plan.models import Plan, Question, Task

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def office() -> Account:
    units = small.district()
    account = people.account(Role.CLERK)
    district, bureau = people.unit("区政府"), units["区生态环境局"]
    for unit, title, name, kind in (
        (district, "副区长", "甲", PostKind.STAFF),
        (bureau, "党组书记", "乙", PostKind.PARTY_HEAD),
        (bureau, "局长", "丙", PostKind.GOVERNMENT_HEAD),
        (bureau, "水科科长", "丁", PostKind.STAFF),
        (units["上渡镇"], "镇长", "戊", PostKind.GOVERNMENT_HEAD),
    ):
        Post.objects.create(person=Person.objects.create(name=name), unit=unit, title=title, kind=kind)
    clerk, day = actor_of(account), dt.date(2024, 1, 1)
    set_charge(clerk, bureau, "leader", at=district, title="副区长", since=day)
    set_charge(clerk, bureau, "office", at=None, title="水科科长", since=day)
    return account


@pytest.fixture
def plan(office: Account) -> Plan:
    clerk = actor_of(office)
    made = actions.receive(clerk, small.TEXT.encode(), "要点.txt")
    rest = list(Question.objects.filter(measure__document__plan=made, closed_at__isnull=True))
    actions.waive(clerk, made, rest, "按原文执行")
    actions.issue(clerk, made, on=dt.date(2024, 3, 1))
    return made


def first(plan: Plan) -> Task:
    return Task.objects.filter(plan=plan, parent=None).order_by("order")[0]


def test_a_task_has_the_chain_of_its_lead_and_of_the_townships_that_take_part(plan: Plan) -> None:
    found = chains.of_task(first(plan), Chains(dt.date(2024, 6, 1)))
    by_unit = {str(one.unit): [link.told.zh for link in one.links] for one in found}
    assert by_unit == {
        "区生态环境局": ["区政府 副区长 甲", "党组书记 乙", "局长 丙", "水科科长 丁"],
        "上渡镇": ["镇长 戊"],
        "下渡镇": ["“下渡镇”缺行政负责人"],
    }


def test_the_page_of_a_task_and_of_a_plan_show_it_with_the_gaps(plan: Plan, office: Account) -> None:
    browser = people.client(office)
    html = browser.get(reverse("task", args=[first(plan).pk])).content.decode()
    assert "区政府 副区长 甲" in html
    assert 'title="“下渡镇”缺行政负责人"' in html
    whole = browser.get(reverse("plan-chain", args=[plan.pk])).content.decode()
    assert "水科科长 丁" in whole
    # Before the first day nothing is set.
    assert "水科科长 丁" not in browser.get(reverse("plan-chain", args=[plan.pk]) + "?on=2023-01-01").content.decode()
    only = browser.get(reverse("plan-chain", args=[plan.pk]) + "?gaps=1").content.decode()
    assert "水科科长 丁" not in only
    assert "“下渡镇”缺行政负责人" in only


def test_the_sheet_has_a_row_for_each_task_and_unit(plan: Plan, office: Account) -> None:
    answer = people.client(office).get(reverse("plan-chain-sheet", args=[plan.pk]) + "?on=2024-06-01")
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][:5] == ["序号", "任务", "时限", "单位", "职责"]
    row = next(row for row in rows if row[3] == "区生态环境局")
    assert row[4:] == ["牵头", "区政府 副区长 甲", "党组书记 乙", "局长 丙", "水科科长 丁", "", ""]
    gap = next(row for row in rows if row[3] == "下渡镇")
    assert gap[10] == "“下渡镇”缺行政负责人"


def test_a_plan_takes_as_many_queries_however_many_tasks_it_has(
    plan: Plan, office: Account, django_assert_max_num_queries: object
) -> None:
    browser = people.client(office)
    browser.get(reverse("plan-chain", args=[plan.pk]))
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        browser.get(reverse("plan-chain", args=[plan.pk]))


def test_the_interface_tells_it_on_a_day(plan: Plan, office: Account) -> None:
    browser = people.client(office)
    found = json.loads(browser.get(f"/api/tasks/{first(plan).pk}/chain?on=2024-06-01").content)
    assert found[0]["links"][0] == {"place": "leader", "post": "区政府 副区长", "person": "甲", "gap": None}
    assert found[-1]["links"][0]["gap"] is not None


def test_who_may_not_see_the_plan_or_the_task_sees_no_chain(plan: Plan) -> None:
    elsewhere: Unit = people.unit("区住建局")
    handler = people.client(people.account(Role.HANDLER, at=elsewhere))
    assert handler.get(f"/api/tasks/{first(plan).pk}/chain").status_code == 404
    # Of the plan, a unit sees the chains of its own tasks.
    html = handler.get(reverse("plan-chain", args=[plan.pk])).content.decode()
    assert "水科科长 丁" not in html
    admin = people.client(people.account(Role.AUDIT_ADMIN))
    assert admin.get(reverse("plan-chain", args=[plan.pk])).status_code == 404
