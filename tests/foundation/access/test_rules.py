"""A rule answers twice, for one object and for a table, and both answers are the same."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import people

from anlan.foundation.access import rules
from anlan.foundation.access.actor import Actor, Held
from anlan.foundation.access.roles import AT_A_UNIT, Role
from anlan.foundation.access.rules import AtUnit, Holds, InTerritory, Own, Permission, Rule, SignedIn, Where
from anlan.foundation.org.models import Division, Unit
from anlan.plan.models import Document, DutyRole, Measure, Owes, Plan, Task, TaskDuty
from anlan.settings import Words

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

ROLES = [Role.CLERK, Role.HANDLER, Role.UNIT_LEADER, Role.VERIFIER]


@pytest.fixture
def tasks() -> list[Task]:
    """Tasks with no, one, two and three units over two divisions, one of them void."""
    divisions = [Division.objects.create(code=code, name=code, kind="town") for code in ("9901", "990101", "9902")]
    units = [people.unit(f"第{n}局") for n in range(3)]
    for unit, division in zip(units, divisions, strict=True):
        Unit.objects.filter(pk=unit.pk).update(division=division)
    plan = Plan.objects.create(title="方案", year=2024)
    document = Document.objects.create(
        plan=plan, number=1, name="x", sha256="0" * 64, format="text", text="x", compiled={}, compiler="0"
    )
    made = []
    for order, (owners, void) in enumerate(
        [((), False), ((0,), False), ((0, 1), False), ((1, 2), True), ((0, 1, 2), False)]
    ):
        measure = Measure.objects.create(document=document, order=order, title=f"任务{order}", start=0, end=1)
        task = Task.objects.create(
            plan=plan, measure=measure, title=measure.title, order=order, start=dt.date(2024, 1, 1), void=void
        )
        for owner in owners:
            TaskDuty.objects.create(
                task=task, unit=units[owner], role=DutyRole.RESPONSIBLE, owes=Owes.REPORT, percent=order
            )
        made.append(task)
    return made


def leaves(account_id: int) -> st.SearchStrategy[Rule]:
    some = st.lists(st.sampled_from(ROLES), min_size=1, max_size=2)
    return st.one_of(
        some.map(lambda roles: Holds(*roles)),
        some.map(lambda roles: AtUnit("duties__unit", *roles)),
        some.map(lambda roles: InTerritory("duties__unit__division", *roles)),
        st.lists(st.booleans(), min_size=1, max_size=2).map(lambda values: Where("void", *values)),
        st.just(Own("plan__created_by")),
        st.just(SignedIn()),
    )


def compositions() -> st.SearchStrategy[Rule]:
    return st.recursive(
        leaves(1),
        lambda inner: st.tuples(inner, inner, st.booleans()).map(lambda t: t[0] | t[1] if t[2] else t[0] & t[1]),
        max_leaves=5,
    )


def helds() -> st.SearchStrategy[tuple[Held, ...]]:
    one = st.tuples(st.sampled_from(ROLES), st.integers(0, 2), st.sampled_from([None, "99", "9901", "9902"]))
    return st.lists(one, max_size=3).map(
        lambda found: tuple(Held(role, place if role in AT_A_UNIT else None, over) for role, place, over in found)
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(rule=compositions(), held=helds(), signed_in=st.booleans())
def test_may_and_visible_agree_for_every_rule_and_every_holder(
    tasks: list[Task], rule: Rule, held: tuple[Held, ...], signed_in: bool
) -> None:
    keys = list(Unit.objects.order_by("short_name").values_list("pk", flat=True))
    placed = tuple(
        Held(one.role, keys[one.unit_id] if one.unit_id is not None else None, one.territory) for one in held
    )
    actor = Actor(7 if signed_in else None, "某人", placed)
    code = "test.rule"
    rules.PERMISSIONS[code] = Permission(code, Words("试", "try"), rule)
    try:
        shown = list(rules.visible(actor, code, Task.objects.all()).values_list("pk", flat=True))
        one_by_one = [task.pk for task in Task.objects.all() if rules.may(actor, code, task)]
    finally:
        del rules.PERMISSIONS[code]
    assert sorted(shown) == sorted(one_by_one)
    assert len(shown) == len(set(shown))


def test_two_conditions_may_be_met_by_two_units_of_one_task(tasks: list[Task]) -> None:
    # Handler at the first unit, verifier over the place of the second: together they meet in the tasks of both.
    first = Unit.objects.order_by("short_name")[0].pk
    actor = Actor(7, "某人", (Held(Role.HANDLER, first), Held(Role.VERIFIER, None, "990101")))
    rule = AtUnit("duties__unit", Role.HANDLER) & InTerritory("duties__unit__division", Role.VERIFIER)
    rules.PERMISSIONS["test.rule"] = Permission("test.rule", Words("试", "try"), rule)
    try:
        shown = {task.order for task in rules.visible(actor, "test.rule", Task.objects.all())}
        assert shown == {task.order for task in tasks if rules.may(actor, "test.rule", task)} == {2, 4}
    finally:
        del rules.PERMISSIONS["test.rule"]


def test_the_machine_may_everything_and_a_stranger_nothing(tasks: list[Task]) -> None:
    from anlan.foundation.access.actor import NOBODY, machine

    assert rules.visible(machine("job"), "task.see", Task.objects.all()).count() == 5
    assert rules.visible(NOBODY, "task.see", Task.objects.all()).count() == 0
    assert not rules.may(NOBODY, "task.see", tasks[0])


def test_a_permission_that_nobody_declares_is_an_error() -> None:
    with pytest.raises(KeyError):
        rules.may(Actor(1, "某人"), "nothing.of_the_kind")
