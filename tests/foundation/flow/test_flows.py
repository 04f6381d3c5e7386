"""Flows are data that is checked; an object moves one step at a time, and its events tell where it stands."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests import people
from tests.plan import small

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.calendars.calendar import national
from anlan.foundation.calendars.periods import Period, Unit
from anlan.foundation.flow.actions import move
from anlan.foundation.flow.flows import Flow, Transition
from anlan.foundation.flow.models import AppendOnlyError, Event
from anlan.foundation.flow.queries import allowed, events, replayed
from anlan.plan import actions
from anlan.plan.flow import PLAN
from anlan.plan.models import Plan
from anlan.settings import InputError, Words


def step(code: str, source: str, target: str) -> Transition:
    return Transition(code, Words(code, code), frozenset({source}), target, "plan.issue")


def states(*names: str) -> dict[str, Words]:
    return {name: Words(name, name) for name in names}


def test_everything_that_is_wrong_with_a_flow_is_said_at_once() -> None:
    with pytest.raises(ValueError, match="flow f") as caught:
        Flow("f", states("a", "b", "island"), (step("go", "a", "b"), step("go", "a", "nowhere")))
    assert str(caught.value) == (
        "flow f: go names the state nowhere, which there is not; go stands twice; nothing leads to island; "
        "nothing leads out of b, which is not said to be final; nothing leads out of island, "
        "which is not said to be final"
    )


@given(st.lists(st.sampled_from(["issue", "withdraw"]), max_size=4))
def test_replay_follows_the_steps_or_names_the_one_that_does_not_fit(codes: list[str]) -> None:
    # From draft: nothing, issue, withdraw, issue then withdraw. Everything else does not fit.
    ends = {(): "draft", ("issue",): "issued", ("withdraw",): "withdrawn", ("issue", "withdraw"): "withdrawn"}
    if tuple(codes) in ends:
        assert PLAN.replay(codes) == ends[tuple(codes)]
    else:
        with pytest.raises(ValueError, match="does not lead out of"):
            PLAN.replay(codes)


pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def clerk() -> Actor:
    return people.actor(Role.CLERK)


@pytest.fixture
def plan(clerk: Actor) -> Plan:
    small.district()
    return actions.receive(clerk, small.TEXT.encode(), "要点.txt")


def test_the_events_of_an_object_tell_its_state(plan: Plan, clerk: Actor) -> None:
    assert replayed(PLAN, plan) == plan.state == "draft"
    move(clerk, PLAN, plan, "issue")
    assert replayed(PLAN, plan) == plan.state == "issued"
    event = move(clerk, PLAN, plan, "withdraw", reason=" 上级文件已修改 ")
    assert replayed(PLAN, plan) == plan.state == "withdrawn"
    assert (event.source, event.target, event.reason) == ("issued", "withdrawn", "上级文件已修改")


def test_of_two_who_press_at_once_the_second_is_told(plan: Plan, clerk: Actor) -> None:
    stale = Plan.objects.get(pk=plan.pk)
    move(clerk, PLAN, plan, "issue")
    with pytest.raises(InputError, match="is issued now"):
        move(clerk, PLAN, stale, "issue")
    assert Event.objects.count() == 1


def test_a_step_says_all_it_lacks(plan: Plan, clerk: Actor) -> None:
    strict = dataclasses.replace(
        PLAN,
        transitions=tuple(dataclasses.replace(one, reason=True, evidence=True) for one in PLAN.transitions),
    )
    with pytest.raises(InputError) as caught:
        move(clerk, strict, plan, "issue")
    assert [problem.zh for problem in caught.value.problems] == ["下达须写明理由", "下达须附材料"]
    plan.refresh_from_db()
    assert plan.state == "draft"


def test_a_step_asks_for_the_fields_it_needs(plan: Plan, clerk: Actor) -> None:
    needs = (("note", Words("备注", "the note")), ("state", Words("状态", "the state")))
    strict = dataclasses.replace(
        PLAN, transitions=tuple(dataclasses.replace(one, fields=needs) for one in PLAN.transitions)
    )
    plan.note = ""  # type: ignore[attr-defined]
    with pytest.raises(InputError) as caught:
        move(clerk, strict, plan, "issue")
    assert [problem.zh for problem in caught.value.problems] == ["下达前须填写“备注”"]
    plan.note = 0  # type: ignore[attr-defined]
    assert move(clerk, strict, plan, "issue").target == "issued"


def test_the_buttons_of_a_page_are_the_steps_that_one_may_take(plan: Plan, clerk: Actor) -> None:
    assert [step.code for step in allowed(PLAN, "draft", clerk, plan)] == ["issue", "withdraw"]
    assert [step.code for step in allowed(PLAN, "issued", clerk, plan)] == ["withdraw"]
    assert allowed(PLAN, "withdrawn", clerk, plan) == []
    for role in (Role.HANDLER, Role.LEADER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        assert allowed(PLAN, "draft", people.actor(role), plan) == []


@pytest.mark.parametrize(
    "unit, last",
    [
        # Friday 2022-09-09 is not counted; the tenth day after it is the 19th.
        (Unit.NATURAL_DAYS, dt.date(2022, 9, 19)),
        # Saturday 10 to Monday 12 are the Mid-Autumn holiday: 13 to 16 are four, 19 to 23 make nine, 26 is the tenth.
        (Unit.WORKDAYS, dt.date(2022, 9, 26)),
    ],
)
def test_a_limit_is_counted_by_the_calendar(unit: Unit, last: dt.date) -> None:
    limited = dataclasses.replace(PLAN.step("issue"), limit=Period(Decimal(10), unit))
    found = limited.until(dt.date(2022, 9, 9), national())
    assert found is not None
    assert found.last_day == last
    assert PLAN.step("issue").until(dt.date(2022, 9, 9), national()) is None


def test_however_one_walks_the_state_is_what_the_events_tell(plan: Plan, clerk: Actor) -> None:
    loops = Flow(
        "loops",
        states("draft", "issued", "withdrawn"),
        (
            step("issue", "draft", "issued"),
            step("back", "issued", "draft"),
            step("drop", "issued", "withdrawn"),
            step("lift", "withdrawn", "draft"),
        ),
    )
    chance, moved = random.Random(42), 0
    for _ in range(200):
        source = plan.state
        code = chance.choice([one.code for one in loops.transitions])
        if source in loops.step(code).sources:
            move(clerk, loops, plan, code)
            moved += 1
        else:
            with pytest.raises(InputError):
                move(clerk, loops, plan, code)
            assert plan.state == source
        assert replayed(loops, plan) == plan.state == Plan.objects.get(pk=plan.pk).state
    assert events(loops, plan).count() == moved > 20


def test_an_event_is_never_changed_or_deleted(plan: Plan, clerk: Actor) -> None:
    event = move(clerk, PLAN, plan, "issue")
    attempts: list[Callable[[], object]] = [
        event.save,
        event.delete,
        Event.objects.all().delete,
        lambda: Event.objects.update(reason="later"),
        lambda: Event.objects.filter(pk=event.pk).update(target="draft"),
    ]
    for attempt in attempts:
        with pytest.raises(AppendOnlyError):
            attempt()
    statements = ["UPDATE flow_event SET target = 'draft'", "DELETE FROM flow_event"]
    if connection.vendor == "postgresql":
        statements.append("TRUNCATE flow_event")
    for statement in statements:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert replayed(PLAN, plan) == "issued"
