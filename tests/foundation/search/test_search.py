"""Two characters find what holds them, and only what the reader may see."""

from __future__ import annotations

import re
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests import people
from tests.plan import small

from anlan.foundation.access.actor import Actor, machine
from anlan.foundation.access.roles import Role
from anlan.foundation.jobs.actions import enqueue
from anlan.foundation.jobs.worker import work_off
from anlan.foundation.org.models import Unit
from anlan.foundation.search import index
from anlan.foundation.search.index import Group, put_where, rebuild, search
from anlan.foundation.search.jobs import rebuild_index
from anlan.foundation.search.models import Hit
from anlan.foundation.search.tokens import marked, tokens, wanted
from anlan.plan import actions
from anlan.plan.models import Plan, Question, Task


@given(st.text("江河排污口 dn3。", max_size=20), st.integers(0, 18), st.integers(2, 5))
def test_any_two_or_more_neighbouring_characters_are_among_the_tokens(text: str, start: int, length: int) -> None:
    part = text[start : start + length]
    if len(part) >= 2 and all("一" <= character <= "鿿" for character in part):
        (term,) = wanted(part)
        known = tokens(text)
        assert any(known[place:][: len(term.tokens)] == list(term.tokens) for place in range(len(known)))


@pytest.mark.parametrize(
    "text, words, found",
    [
        ("排查入河排污口", "排污", "排查入河[排污]口"),
        ("排查入河排污口", "排污口 入河", "排查[入河][排污口]"),
        ("管道 ＤＮ300、XDN", "dn", "管道 [ＤＮ]300、XDN"),
        ("江江江", "江江", "[江江江]"),
        ("面积 5㎡", "面积 m2", "[面积] 5㎡"),
        ("<b>", "b", "<[b]>"),
        ("排污口", "", "排污口"),
    ],
)
def test_what_was_found_is_marked_where_it_stands(text: str, words: str, found: str) -> None:
    pieces = marked(text, words)
    assert "".join(piece for piece, _ in pieces) == text
    told = "".join(f"[{piece}]" if hit else piece for piece, hit in pieces)
    # Neighbouring words are one mark.
    assert told == found.replace("][", "")


pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def units() -> dict[str, Unit]:
    return small.district()


@pytest.fixture
def clerk() -> Actor:
    return people.actor(Role.CLERK)


@pytest.fixture
def plan(units: dict[str, Unit], clerk: Actor) -> Plan:
    made = actions.receive(clerk, small.TEXT.encode(), "要点.txt")
    rows = list(Question.objects.filter(measure__document__plan=made))
    actions.waive(clerk, made, rows, "按原文执行")
    actions.issue(clerk, made)
    return made


def titles(groups: list[Group]) -> dict[str, list[str]]:
    return {group.heading: [hit.title for hit in group.hits] for group in groups}


def tasks(actor: Actor, words: str) -> list[str]:
    return titles(search(actor, words)).get("任务", [])


@pytest.mark.parametrize(
    "words, found",
    [
        ("排污", ["1 排查入河排污口"]),
        ("排污口", ["1 排查入河排污口"]),
        ("污口排", []),
        ("排污 污口", ["1 排查入河排污口"]),
        ("口", ["1 排查入河排污口"]),
        ("口 工信局", ["1 排查入河排污口"]),
        ("口 管网", []),
        ("管网 6", ["3 新建污水管网"]),
        ("管", ["6 管护农村设施", "4 清理河面垃圾", "3 新建污水管网"]),
        ("工信局", ["2 整治化工企业", "1 排查入河排污口"]),
        ("　", []),
        ('" OR 1=1 --*', []),
        ("' & !", []),
        ("没有这个词", []),
    ],
)
def test_words_find_what_holds_all_of_them(plan: Plan, clerk: Actor, words: str, found: list[str]) -> None:
    # 管 begins a token in 管护 (6), 管队 of 区城管队 (4) and 管网 (3).
    assert tasks(clerk, words) == found


def test_a_plan_is_found_beside_its_tasks(plan: Plan, clerk: Actor) -> None:
    assert titles(search(clerk, "青溪区"))["文稿"] == [plan.title]


def test_a_unit_finds_its_own_tasks_and_no_others(plan: Plan, units: dict[str, Unit]) -> None:
    handler = people.actor(Role.HANDLER, at=units["区工信局"])
    assert tasks(handler, "整治") == ["2 整治化工企业"]
    assert tasks(handler, "管网") == []


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_an_administrator_finds_no_business(plan: Plan, role: Role) -> None:
    found = titles(search(people.actor(role), "排污 青溪"))
    assert not {"任务", "文稿"} & found.keys()


def test_what_is_withdrawn_is_found_no_more(plan: Plan, clerk: Actor) -> None:
    actions.withdraw(clerk, plan, "重新下达")
    assert tasks(clerk, "排污") == []


def test_the_index_is_rebuilt_from_the_rooms_and_loses_what_is_gone(plan: Plan, clerk: Actor) -> None:
    Hit.objects.create(kind="task", object_id=10**9, title="没有了", url="/", tokens="没有")
    before = Hit.objects.filter(kind="task").count()
    rebuild()
    assert Hit.objects.filter(kind="task").count() == before - 1
    assert tasks(clerk, "排污") == ["1 排查入河排污口"]


def test_putting_twice_changes_nothing(plan: Plan, clerk: Actor) -> None:
    put_where("task", plan=plan)
    put_where("task", plan=plan)
    assert Hit.objects.filter(kind="task").count() == Task.objects.count() == 6
    assert tasks(clerk, "排污") == ["1 排查入河排污口"]


def test_the_page_groups_what_it_finds_and_says_when_there_is_nothing(plan: Plan) -> None:
    clerk = people.client(people.account(Role.CLERK))
    page = clerk.get(reverse("search"), {"q": "排污"}).content.decode()
    assert '<h2 class="card-title">任务</h2>' in page
    assert "1 排查入河排污口" in re.sub("</?mark>", "", page)
    assert "没有找到“不存在的”" in clerk.get(reverse("search"), {"q": "不存在的"}).content.decode()


def test_a_unit_finds_its_own_among_hundreds_of_others(units: dict[str, Unit], plan: Plan) -> None:
    """Not the newest of all are looked at, but the newest that one may see."""
    mine = Task.objects.get(title="整治化工企业")
    kept = Hit.objects.get(kind="task", object_id=mine.pk)
    hidden = Task.objects.exclude(duties__unit=units["区工信局"]).order_by("-pk")[0]
    assert hidden.pk > mine.pk
    for task in Task.objects.exclude(pk=mine.pk):
        Hit.objects.filter(kind="task", object_id=task.pk).update(title="整治别的企业")
    handler = people.actor(Role.HANDLER, at=units["区工信局"])
    assert kept.title in tasks(handler, "整治")
    with mock.patch.object(index, "SHOWN", 1):
        assert tasks(handler, "整治化工") == [kept.title]


def test_the_page_marks_what_was_found_and_shows_it_as_text(plan: Plan) -> None:
    clerk = people.client(people.account(Role.CLERK))
    assert "入河<mark>排污</mark>口" in clerk.get(reverse("search"), {"q": "排污"}).content.decode()
    Hit.objects.filter(title="1 排查入河排污口").update(title="<script>排污")
    assert "&lt;script&gt;<mark>排污</mark>" in clerk.get(reverse("search"), {"q": "排污"}).content.decode()
    assert clerk.get(reverse("search"), {"q": "a\0b" * 50}).status_code == 200


def test_nobody_searches_without_signing_in() -> None:
    assert Client().get(reverse("search"), {"q": "排污"}).status_code == 302


def test_the_index_is_rebuilt_by_a_job_of_the_night(plan: Plan, clerk: Actor) -> None:
    index.remove("task", list(Task.objects.values_list("pk", flat=True)))
    assert tasks(clerk, "排污") == []
    enqueue(machine("test"), rebuild_index)
    work_off()
    assert tasks(clerk, "排污") == ["1 排查入河排污口"]
