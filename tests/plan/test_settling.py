"""Settling a plan of thousands of measures: part by part, narrowed, answered in bulk, with as many queries as a short one."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import people

from anlan.foundation.access.roles import Role
from anlan.foundation.org.models import Unit
from anlan.plan.models import Deadline, Document, Duty, DutyRole, Measure, Plan, Question, QuestionKind

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

OPEN = (QuestionKind.UNIT, QuestionKind.OWNER, QuestionKind.DEADLINE, QuestionKind.LEAD)


def plan(measures: int) -> Plan:
    """Draft whose measures each leave something open: a name, an owner, a deadline, a lead, in turn; two chapters."""
    units = [people.unit(name) for name in ("区水利局", "区住建局")]
    found = Plan.objects.create(title="大方案", year=2024)
    document = Document.objects.create(
        plan=found, number=1, name="大.txt", sha256="0" * 64, format="text", text="字" * 10, compiled={}
    )
    rows = Measure.objects.bulk_create(
        Measure(
            document=document,
            order=n,
            number=str(n + 1),
            title=f"第{n + 1}件事",
            chapter=["一、前面" if n < measures // 2 else "二、后面"],
            start=0,
            end=1,
        )
        for n in range(measures)
    )
    duties, questions = [], []
    for n, row in enumerate(rows):
        kind = OPEN[n % 4]
        if kind == QuestionKind.UNIT:
            duties.append(Duty(measure=row, role=DutyRole.LEAD, name=f"某{n % 160}站"))
            questions.append(Question(measure=row, duty=duties[-1], kind=kind))
        else:
            if kind == QuestionKind.LEAD:
                for unit in units:
                    duties.append(Duty(measure=row, role=DutyRole.RESPONSIBLE, name=str(unit), unit=unit))
            questions.append(Question(measure=row, kind=kind))
    Duty.objects.bulk_create(duties)
    Question.objects.bulk_create(questions)
    return found


@pytest.fixture
def clerk() -> Client:
    return people.client(people.account(Role.CLERK))


def address(found: Plan, **asked: str) -> str:
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return f"{reverse('plan-settle', args=[found.pk])}?{query}"


def test_a_page_of_three_thousand_measures_costs_what_one_of_eighty_costs(clerk: Client) -> None:
    asked: dict[str, list[int]] = {}
    sizes: dict[str, list[int]] = {}
    for measures in (800, 3000):
        found = plan(measures)
        for kind in [*OPEN, "closed"]:
            clerk.get(address(found, kind=str(kind)))
            with CaptureQueriesContext(connection) as captured:
                answer = clerk.get(address(found, kind=str(kind)))
            assert answer.status_code == 200
            asked.setdefault(str(kind), []).append(len(captured))
            sizes.setdefault(str(kind), []).append(len(answer.content))
    assert all(few == many for few, many in asked.values()), asked
    assert max(many for _few, many in asked.values()) <= 15, asked
    assert all(many < few * 1.05 + 2000 for few, many in sizes.values()), sizes


def test_narrowing_by_words_and_chapter_shows_those_and_answers_those(clerk: Client) -> None:
    found = plan(400)
    shown = clerk.get(address(found, kind="deadline", q="第3件事")).content.decode()
    assert "第3件事" in shown
    assert "第7件事" not in shown
    # Of 400 measures 100 have no deadline, and half of these stand in the first chapter.
    sent = {"kind": "deadline", "chapter": "0", "do": "deadline", "all": "1", "day": "2024-12-31"}
    answer = clerk.post(reverse("plan-settle", args=[found.pk]), sent, follow=True)
    assert "已落实 50 处。" in answer.content.decode()
    assert Deadline.objects.filter(date=dt.date(2024, 12, 31)).count() == 50
    left = Question.objects.filter(kind="deadline", closed_at=None)
    assert {row.measure.chapter[0] for row in left.select_related("measure")} == {"二、后面"}
    assert left.count() == 50


def test_only_what_is_ticked_is_answered_unless_all_are_asked_for(clerk: Client) -> None:
    found = plan(400)
    rows = list(Question.objects.filter(kind="owner").values_list("pk", flat=True)[:2])
    unit = Unit.objects.get(short_name="区水利局")
    sent = {"kind": "owner", "do": "owners", "role": "responsible", "body": f"u{unit.pk}", "question": rows}
    clerk.post(reverse("plan-settle", args=[found.pk]), sent)
    assert list(Question.objects.filter(kind="owner").exclude(closed_at=None).values_list("pk", flat=True)) == rows
    assert Duty.objects.filter(added_by__in=rows, unit=unit, role=DutyRole.RESPONSIBLE).count() == 2
    clerk.post(reverse("plan-settle", args=[found.pk]), sent | {"question": [], "all": "1"})
    assert not Question.objects.filter(kind="owner", closed_at=None).exists()


def test_leads_are_set_in_bulk_by_the_first_or_by_one_unit(clerk: Client) -> None:
    found = plan(400)
    first = Question.objects.filter(kind="lead").order_by("pk").first()
    assert first is not None
    sent = {"kind": "lead", "do": "leads-by", "by": "", "question": [first.pk]}
    clerk.post(reverse("plan-settle", args=[found.pk]), sent)
    assert [str(duty.unit) for duty in Duty.objects.filter(measure=first.measure, role="lead")] == ["区水利局"]
    clerk.post(
        reverse("plan-settle", args=[found.pk]), {"kind": "lead", "do": "leads-by", "by": "区住建局", "all": "1"}
    )
    assert not Question.objects.filter(kind="lead", closed_at=None).exists()
    assert Duty.objects.filter(role="lead", unit__short_name="区住建局").count() == 99
    # The other unit stays responsible.
    assert Duty.objects.filter(role="responsible", unit__short_name="区水利局").count() == 99


@pytest.mark.parametrize("by, said", [("某某局", "单位表里没有“某某局”"), ("区财政局", "都没有“区财政局”")])
def test_a_lead_that_is_nobody_or_not_responsible_is_refused(clerk: Client, by: str, said: str) -> None:
    found = plan(40)
    people.unit("区财政局")
    sent = {"kind": "lead", "do": "leads-by", "by": by, "all": "1"}
    answer = clerk.post(reverse("plan-settle", args=[found.pk]), sent, follow=True)
    assert said in answer.content.decode()
    assert not Question.objects.exclude(closed_at=None).exists()


def test_a_name_is_settled_by_what_is_typed_and_all_its_places_with_it(clerk: Client) -> None:
    found = plan(800)
    question = Question.objects.filter(kind="unit", duty__name="某4站").order_by("pk")[0]
    sent = {"kind": "unit", "do": "unit", "question": question.pk, "body": "区水利局"}
    answer = clerk.post(reverse("plan-settle", args=[found.pk]), sent, follow=True)
    # Every 160th measure prints it: of 800, five.
    assert "已落实 5 处。" in answer.content.decode()
    wrong = clerk.post(reverse("plan-settle", args=[found.pk]), sent | {"body": "区水力局局"}, follow=True)
    assert "单位表里没有“区水力局局”" in wrong.content.decode()


def test_waiving_thousands_takes_a_few_statements_and_the_next_kind_is_shown(clerk: Client) -> None:
    found = plan(3000)
    sent = {"kind": "unit", "do": "waive", "all": "1", "reason": "暂不派给它们"}
    with CaptureQueriesContext(connection) as captured:
        answer = clerk.post(reverse("plan-settle", args=[found.pk]), sent)
    assert len(captured) < 40
    assert Question.objects.filter(kind="unit", waived=True).count() == 750
    shown = clerk.get(answer["Location"]).content.decode()
    assert 'id="owner"' in shown


def test_issuing_early_tells_the_first_and_how_many_more(clerk: Client) -> None:
    found = plan(3000)
    shown = clerk.post(reverse("plan-issue", args=[found.pk]), {"on": "2024-03-01"}, follow=True).content.decode()
    assert "另有 2950 处未落实" in shown
    assert shown.count("未落实：") == 50


@pytest.mark.parametrize("asked", [{"kind": "no"}, {"page": "999"}, {"page": "x"}, {"chapter": "77"}, {"q": "%00"}])
def test_what_an_address_asks_wrongly_is_read_as_well_as_it_can_be(clerk: Client, asked: dict[str, str]) -> None:
    assert clerk.get(address(plan(40), **asked)).status_code == 200
