"""Two characters find what holds them, and only what the reader may see."""

from __future__ import annotations

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests import people
from tests.plan import small

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.org.models import Unit
from anlan.foundation.search.index import Group, put_where, rebuild, search
from anlan.foundation.search.models import Hit
from anlan.foundation.search.tokens import tokens, wanted
from anlan.plan import actions
from anlan.plan.models import Plan, Question, Task


@given(st.text("江河排污口 dn3。", max_size=20), st.integers(0, 18), st.integers(2, 5))
def test_any_two_or_more_neighbouring_characters_are_among_the_tokens(text: str, start: int, length: int) -> None:
    part = text[start : start + length]
    if len(part) >= 2 and all("一" <= character <= "鿿" for character in part):
        assert {token for token, _ in wanted(part)} <= set(tokens(text))


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
    assert "排查入河排污口" in clerk.get(reverse("search"), {"q": "排污"}).content.decode()
    assert "没有找到“不存在的”" in clerk.get(reverse("search"), {"q": "不存在的"}).content.decode()
