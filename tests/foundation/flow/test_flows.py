"""Flows are data that is checked; an object moves one step at a time, and its events tell where it stands."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import people
from tests.plan import small

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.flow.actions import move, replayed
from anlan.foundation.flow.flows import Flow, Transition
from anlan.foundation.flow.models import Event
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
