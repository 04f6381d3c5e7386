"""Problems of the room become cases for the signs, with their pictures, steps, reports and visits."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.scenes import jpeg, scene
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.ledger.people import Six, six

from anlan.foundation.access.actor import machine
from anlan.foundation.vault import pictures
from anlan.foundation.vault.images import Apart
from anlan.ledger import actions, casebook
from anlan.ledger.actions import Seen
from anlan.ledger.integrity import Examination
from anlan.ledger.models import Problem

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> Path:  # type: ignore[no-untyped-def]
    settings.ANLAN = replace(django_settings.ANLAN, home=tmp_path)
    (tmp_path / "vault").mkdir()
    return tmp_path


@pytest.fixture
def people() -> Six:
    return six()


def look() -> None:
    with Apart() as apart:
        for file in pictures.pending().order_by("pk"):
            pictures.examine(machine("test"), file, apart)


def test_one_photograph_before_and_after_in_two_problems_is_seen(people: Six) -> None:
    picture = scene(1).resize((640, 480))
    first, second = people.planned(), people.planned()
    actions.attach(people.handler, first, io.BytesIO(jpeg(picture)), "前.jpg", kind="before")
    actions.attach(
        people.handler, first, io.BytesIO(jpeg(picture.crop((30, 20, 640, 470)), 70)), "后.jpg", kind="after"
    )
    actions.attach(people.handler, second, io.BytesIO(jpeg(picture, 60)), "后.jpg", kind="after")
    look()
    made = casebook.cases(Problem.objects.filter(joined_into=None))
    assert [case.id for case in made] == [first.number, second.number]
    found = {one.case.id: {sign.rule.id for sign in one.signs} for one in Examination(made).all()}
    assert {"P02", "P03"} <= found[first.number]
    assert {"K04", "P03"} <= found[second.number]
    assert "K04" not in found[first.number]


def test_units_steps_reports_and_visits_are_there(people: Six) -> None:
    day = dt.date(2025, 5, 20)
    problem = people.planned()
    actions.report(people.handler, problem, unit=people.rectifying, text="已进场", percent=40)
    [planned] = casebook.cases(Problem.objects.all())
    assert planned.reports[0].percent == 40
    assert planned.responsible == (people.rectifying.short_name,)
    assert planned.verifier == (people.supervising.short_name,)
    assert planned.measures == ("改造管网 300 米",)
    assert planned.when("planned")
    assert planned.when("self_done") is None
    accepted = people.accepted(day)
    case = next(one for one in casebook.cases(Problem.objects.all()) if one.id == accepted.number)
    assert set(case.verifier) == {people.supervising.short_name, people.verifying.short_name}
    assert case.when("accepted")
    assert "K12" not in {sign.rule.id for sign in Examination([case]).of(case).signs}


def test_many_problems_cost_no_more_questions_than_one(people: Six) -> None:
    people.planned()
    with CaptureQueriesContext(connection) as one:
        casebook.cases(Problem.objects.all())
    for _ in range(3):
        people.planned()
    with CaptureQueriesContext(connection) as four:
        assert len(casebook.cases(Problem.objects.all())) == 4
    assert len(four) == len(one)


def test_a_check_by_the_one_who_rectified_is_seen(people: Six) -> None:
    problem = people.finished()
    actions.check(
        people.supervisor, problem, Seen(people.supervising, "甲、乙", dt.date(2025, 5, 20), "好"), passed=True
    )
    [case] = casebook.cases(Problem.objects.all())
    same = replace(case, verifier=case.responsible)
    assert "K12" in {sign.rule.id for sign in Examination([same]).of(same).signs}
