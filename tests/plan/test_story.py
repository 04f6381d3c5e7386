"""Tasks that have to do with a task, and the history of a task, on its page and in the interface."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils.html import strip_tags
from tests import people
from tests.plan import small

from anlan.foundation.access.actor import actor_of
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.plan import actions, corrections, relating, story, versions
from anlan.plan.basis import actions as basis
from anlan.plan.basis.models import BasisClause
from anlan.plan.corrections import Wanted
from anlan.plan.models import Document, Plan, Question, Task

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

TEXT = """青溪区2024年水环境整治工作要点

一、工业污染防治
1.排查入河排污口。按照《青江治理方案》，6月底前，排查修河沿线排污口120个以上。（牵头单位：区生态环境局）
2.整治化工企业。推进化工企业分类整治。（牵头单位：区工信局）
3.治理修河岸线。12月底前完成修河岸线治理。（牵头单位：区住建局）
4.监测水质。按照《青江治理方案》开展监测。（牵头单位：区应急局）
5.复查排污口。12月底前，复查排污口20个以上。（牵头单位：区生态环境局）
"""


@pytest.fixture
def office() -> Account:
    small.district()
    return people.account(Role.CLERK)


def issued(office: Account, text: str = TEXT) -> Plan:
    clerk = actor_of(office)
    plan = actions.receive(clerk, text.encode(), "要点.txt")
    rest = list(Question.objects.filter(measure__document__plan=plan, closed_at__isnull=True))
    if rest:
        actions.waive(clerk, plan, rest, "按原文执行")
    actions.issue(clerk, plan, on=dt.date(2024, 3, 1))
    return plan


def task(plan: Plan, number: str) -> Task:
    return Task.objects.select_related("measure__document", "plan").get(plan=plan, number=number, parent=None)


def reasons(account: Account, one: Task) -> dict[str, list[str]]:
    return {str(row.task.number): [why.zh for why in row.reasons] for row in relating.related(actor_of(account), one)}


def test_related_tasks_say_why(office: Account) -> None:
    plan = issued(office)
    first = Task.objects.filter(plan=plan).order_by("order")[0]
    found = {row.task.title: [why.zh for why in row.reasons] for row in relating.related(actor_of(office), first)}
    titles = {one.title: one for one in Task.objects.filter(plan=plan)}
    assert len(titles) == 5
    river = next(title for title in titles if "岸线" in title)
    named = next(title for title in titles if "监测" in title)
    again = next(title for title in titles if "复查" in title)
    # 修河 stands in two of five measures, the document in two; the lead is the same in the last.
    assert found[river] == ["同一水体“修河”"]
    assert found[named] == ["同依据“《青江治理方案》”"]
    assert "同为“区生态环境局”负责" in found[again]
    assert not any("化工" in title for title in found)


def test_a_clause_of_a_higher_plan_relates_those_that_carry_it_out(office: Account) -> None:
    clerk, plan = actor_of(office), issued(office)
    made = basis.add(clerk, basis.Facts("青江方案"))
    basis.take_clauses(clerk, made, "青江方案\n\n1.整治化工企业。（责任单位：各区）\n".encode(), "方案.txt")
    clause = BasisClause.objects.get(basis=made)
    rows = list(Task.objects.filter(plan=plan).order_by("order"))
    basis.map_clauses(clerk, made, [(clause, rows[1].measure), (clause, rows[3].measure)])
    found = relating.related(clerk, rows[1])
    assert found[0].task == rows[3]
    assert found[0].reasons[0].zh.startswith("同落实“《青江方案》")
    assert found[0].reasons[0].en.startswith("carries out “《青江方案》")


def test_the_same_indicator_relates_tasks_of_two_plans(office: Account) -> None:
    one, two = issued(office), issued(office, TEXT.replace("2024", "2025").replace("120个", "150个"))
    first = Task.objects.filter(plan=one).order_by("order")[0]
    names = [target.indicator for target in first.measure.targets.all()]
    assert names
    found = relating.related(actor_of(office), first)
    others = [row for row in found if row.task.plan == two]
    assert any(f"同一指标“{names[0]}”" in [why.zh for why in row.reasons] for row in others)


def test_a_unit_is_told_only_of_tasks_that_it_sees(office: Account) -> None:
    plan = issued(office)
    first = Task.objects.filter(plan=plan).order_by("order")[0]
    handler = people.account(Role.HANDLER, at=people.unit("区生态环境局"))
    # Of those related, only the last is its own.
    assert ["复查" in row.task.title for row in relating.related(actor_of(handler), first)] == [True]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("治理修河和长江岸线", {"修河", "长江"}),
        ("入河排污口、沿江企业、江河湖库", set()),
        ("整治柘林水库、鄱阳湖", {"柘林水库", "鄱阳湖"}),
    ],
)
def test_waters_are_named_and_what_only_speaks_of_water_is_not(text: str, names: set[str]) -> None:
    assert set(relating._longest(relating._waters(text))) == names


def test_the_story_tells_versions_corrections_issue_and_sub_tasks(office: Account) -> None:
    clerk, plan = actor_of(office), issued(office)
    one = Task.objects.filter(plan=plan).order_by("order")[0]
    corrections.correct(clerk, one.measure, Wanted(title="排查沿线排污口"), lock=one.measure.lock, reason="按会议纪要")
    actions.split(clerk, one, [(people.unit("区生态环境局"), "分段排查", None)])
    versions.propose(clerk, plan, TEXT.replace("20个", "30个").encode(), "二稿.txt")
    proposed = Document.objects.get(plan=plan, number=2)
    versions.confirm(clerk, proposed, proposed.matches.filter(doubtful=True))
    versions.adopt(clerk, proposed, reason="征求意见后")
    one = Task.objects.select_related("measure__document", "plan").get(pk=one.pk)
    told = story.of_task(clerk, one)
    codes = [row.code for row in told]
    assert set(codes) == {"plan.receive", "plan.issue", "correct.title", "task.split", "plan.adopt"}
    assert codes.count("correct.title") == 1
    assert [row.at for row in told] == sorted((row.at for row in told), reverse=True)
    row = next(row for row in told if row.code == "correct.title")
    assert "排查沿线排污口" in row.detail
    assert "按会议纪要" in row.detail


def test_a_unit_does_not_read_what_it_may_not(office: Account) -> None:
    plan = issued(office)
    one = Task.objects.filter(plan=plan).order_by("order")[0]
    Plan.objects.filter(pk=plan.pk).update(state="withdrawn")
    plan.refresh_from_db()
    handler = people.account(Role.HANDLER, at=people.unit("区生态环境局"))
    told = story.of_task(actor_of(handler), Task.objects.select_related("measure__document", "plan").get(pk=one.pk))
    # A withdrawn plan is not read by units: its versions are told without a way in.
    assert all(row.url == "" for row in told)
    assert not any(row.code.startswith("correct.") for row in told)


def test_the_page_and_the_interface_tell_the_same(office: Account) -> None:
    plan = issued(office)
    one = Task.objects.filter(plan=plan).order_by("order")[0]
    browser = people.client(office)
    html = browser.get(reverse("task", args=[one.pk])).content.decode()
    assert "相关任务" in html
    assert "同一水体“修河”" in strip_tags(html)
    assert "经过" in html
    english = browser.get(reverse("task", args=[one.pk]), headers={"accept-language": "en"}).content.decode()
    assert english
    related = json.loads(browser.get(f"/api/tasks/{one.pk}/related").content)
    assert {"zh": "同一水体“修河”", "en": "the same water “修河”"} in [why for row in related for why in row["reasons"]]
    history = json.loads(browser.get(f"/api/tasks/{one.pk}/history").content)
    assert [row["code"] for row in history] == [row.code for row in story.of_task(actor_of(office), task_of(one))]
    elsewhere = people.client(people.account(Role.HANDLER, at=people.unit("区工信局")))
    assert elsewhere.get(f"/api/tasks/{one.pk}/history").status_code == 404
    assert elsewhere.get(f"/api/tasks/{one.pk}/related").status_code == 404


def task_of(one: Task) -> Task:
    return Task.objects.select_related("measure__document", "plan").get(pk=one.pk)
