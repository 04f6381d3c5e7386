"""A rule answers twice, for one object and for a table, and both answers are the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.db.models import Model
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import people

from anlan.foundation.access import rules
from anlan.foundation.access.actor import Actor, Held
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import AT_A_UNIT, Role
from anlan.foundation.access.rules import AtUnit, Holds, InTerritory, Own, Permission, Rule, SignedIn, Where
from anlan.foundation.org.models import Division, Group, Unit
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


@dataclass(frozen=True)
class Row:
    """Task to be made: its units by number, whether it is void, its parent's voidness, whose plan it stands in."""

    owners: tuple[int, ...]
    void: bool
    parent: bool | None
    author: int | None
    via: bool


# Three units over two divisions and one below the first; the last unit lies nowhere.
DIVISIONS = ("9901", "990101", "9902", None)
DAYS = (None, dt.date(2024, 6, 30))


def rows() -> st.SearchStrategy[list[Row]]:
    one = st.builds(
        Row,
        owners=st.sets(st.integers(0, 3), max_size=3).map(lambda found: tuple(sorted(found))),
        void=st.booleans(),
        parent=st.sampled_from([None, True, False]),
        author=st.sampled_from([None, 0, 1]),
        via=st.booleans(),
    )
    return st.lists(one, max_size=4)


def leaves() -> st.SearchStrategy[Rule]:
    some = st.lists(st.sampled_from(ROLES), min_size=1, max_size=2)
    booleans = st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=2)
    return st.one_of(
        some.map(lambda roles: Holds(*roles)),
        st.just(Holds()),
        some.map(lambda roles: AtUnit("duties__unit", *roles)),
        some.map(lambda roles: InTerritory("duties__unit__division", *roles)),
        booleans.map(lambda values: Where("void", *values)),
        booleans.map(lambda values: Where("parent__void", *values)),
        st.sampled_from([(None,), ("report",), ("contribution", None)]).map(
            lambda values: Where("duties__owes", *values)
        ),
        st.sampled_from([Where("duties__via", None), Where("plan__state", "draft"), Where("due", *DAYS)]),
        st.just(Own("plan__created_by")),
        st.just(SignedIn()),
    )


def compositions() -> st.SearchStrategy[Rule]:
    return st.recursive(
        leaves(),
        lambda inner: st.tuples(inner, inner, st.booleans()).map(lambda t: t[0] | t[1] if t[2] else t[0] & t[1]),
        max_leaves=6,
    )


def helds() -> st.SearchStrategy[tuple[Held, ...]]:
    one = st.tuples(st.sampled_from(ROLES), st.integers(0, 3), st.sampled_from([None, "99", "9901", "9902"]))
    return st.lists(one, max_size=3).map(
        lambda found: tuple(Held(role, place if role in AT_A_UNIT else None, over) for role, place, over in found)
    )


@dataclass(frozen=True)
class District:
    """What all generated tasks stand in: units by number, plans by author, a measure, a group."""

    units: list[Unit]
    authors: list[Account]
    plans: dict[int | None, Plan]
    document: Document
    group: Group

    def make(self, row: Row, order: int) -> Task:
        """The task, with its parent where it has one."""
        plan, day = self.plans[row.author], dt.date(2024, 1, 1)
        measure = Measure.objects.create(document=self.document, order=order, title="措施", start=0, end=1)
        parent = None
        if row.parent is not None:
            parent = Task.objects.create(
                plan=plan, measure=measure, title="上级", order=100 + order, start=day, void=row.parent
            )
        made = Task.objects.create(
            plan=plan,
            measure=measure,
            parent=parent,
            title=f"任务{order}",
            order=order,
            start=day,
            due=DAYS[order % 2],
            void=row.void,
        )
        for place, owner in enumerate(row.owners):
            TaskDuty.objects.create(
                task=made,
                unit=self.units[owner],
                role=DutyRole.RESPONSIBLE,
                owes=(Owes.REPORT, Owes.CONTRIBUTION)[place % 2],
                via=self.group if row.via and place == 0 else None,
            )
        return made


@pytest.fixture
def district() -> District:
    """Units, plans and accounts that the generated tasks belong to."""
    units = []
    for number, code in enumerate(DIVISIONS):
        unit = people.unit(f"第{number}局")
        if code:
            unit.division = Division.objects.create(code=code, name=code, kind="town")
            unit.save()
        units.append(unit)
    authors = [people.account(), people.account()]
    plans: dict[int | None, Plan] = {
        author: Plan.objects.create(
            title="方案", year=2024, created_by=None if author is None else authors[author], state=state
        )
        for author, state in ((None, "draft"), (0, "issued"), (1, "draft"))
    }
    document = Document.objects.create(
        plan=plans[None], number=1, name="x", sha256="0" * 64, format="text", text="x", compiled={}, compiler="0"
    )
    return District(units, authors, plans, document, Group.objects.create(code="all", name="各单位"))


class _Undo(Exception):  # noqa: N818
    """Takes back the rows of one example."""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(rule=compositions(), wanted=rows(), held=helds(), account=st.sampled_from([None, 0, 1]))
def test_may_and_visible_agree_for_every_rule_every_holder_and_every_row(
    district: District, rule: Rule, wanted: list[Row], held: tuple[Held, ...], account: int | None
) -> None:
    placed = tuple(
        Held(one.role, district.units[one.unit_id].pk if one.unit_id is not None else None, one.territory)
        for one in held
    )
    actor = Actor(None if account is None else district.authors[account].pk, "某人", placed)
    try:
        with transaction.atomic(), declared(rule) as code:
            for order, row in enumerate(wanted):
                district.make(row, order)
            shown = list(rules.visible(actor, code, Task.objects.all()).values_list("pk", flat=True))
            one_by_one = [task.pk for task in Task.objects.all() if rules.may(actor, code, task)]
            assert sorted(shown) == sorted(one_by_one)
            assert len(shown) == len(set(shown))
            # Who may with some row may ask for the page; who may everywhere may with every row.
            assert not shown or rules.may(actor, code)
            assert not rules.everywhere(actor, code) or len(shown) == Task.objects.count()
            raise _Undo
    except _Undo:
        pass


@contextmanager
def declared(rule: Rule) -> Iterator[str]:
    """Code of a permission that stands for the time being."""
    rules.PERMISSIONS["test.rule"] = Permission("test.rule", Words("试", "try"), rule)
    try:
        yield "test.rule"
    finally:
        del rules.PERMISSIONS["test.rule"]


def test_the_comparison_finds_a_rule_that_answers_twice_differently(district: District) -> None:
    # The negative control: a rule whose two answers differ in rows without a unit.
    class Wrong(AtUnit):
        def test(self, actor: Actor, obj: Model | None) -> bool:
            return True

    task = district.make(Row((), False, None, None, False), 0)
    actor = Actor(7, "某人", (Held(Role.HANDLER, district.units[0].pk),))
    with declared(Wrong("duties__unit", Role.HANDLER)) as code:
        assert rules.may(actor, code, task)
        assert not rules.visible(actor, code, Task.objects.all()).exists()


@pytest.mark.parametrize(
    "rule, everywhere",
    [
        (Holds(Role.CLERK), True),
        (Holds(Role.LEADER), False),
        (SignedIn(), True),
        (AtUnit("duties__unit", Role.HANDLER), False),
        (Holds(Role.CLERK) & Where("void", False), False),
        (Holds(Role.CLERK) | AtUnit("duties__unit", Role.HANDLER), True),
        (Holds(Role.LEADER) | Own("plan__created_by"), False),
    ],
)
def test_a_permission_says_whether_the_object_narrows_it(rule: Rule, everywhere: bool) -> None:
    actor = Actor(7, "某人", (Held(Role.CLERK), Held(Role.HANDLER, 1)))
    with declared(rule) as code:
        assert rules.everywhere(actor, code) is everywhere


def test_an_empty_field_and_a_missing_link_are_both_none(district: District) -> None:
    alone = district.make(Row((), False, None, None, False), 0)
    below = district.make(Row((0,), False, False, None, True), 1)
    actor = Actor(7, "某人")
    for rule, met in ((Where("parent__void", None), {alone}), (Where("duties__via", None), {alone})):
        with declared(rule) as code:
            found = set(rules.visible(actor, code, Task.objects.filter(pk__in=[alone.pk, below.pk])))
            assert found == met == {task for task in (alone, below) if rules.may(actor, code, task)}


def test_a_rule_is_told_in_words() -> None:
    rule = Holds(Role.CLERK) | AtUnit("duties__unit", Role.HANDLER, Role.UNIT_LEADER)
    assert rule.describe() == "长江办经办人；单位经办人、单位负责人，限本单位的"
    assert (Holds(Role.CLERK) & Where("state", "draft")).describe() == "长江办经办人，并且限 state 为 draft 的"
    assert Holds().describe() == "只有服务器上的命令"
    assert Where("kind", "", None).describe() == "限 kind 为 —、— 的"
    draft = Where("state", "draft", told=Words("草稿", "drafts"))
    assert draft.describe() == "限草稿"
    with override("en"):
        assert draft.describe() == "drafts only"
    # The rules of other rooms are told as well.
    assert all(one.rule.describe() for one in rules.PERMISSIONS.values())


def test_two_conditions_may_be_met_by_two_units_of_one_task(tasks: list[Task]) -> None:
    # Handler at the first unit, verifier over the place of the second: together they meet in the tasks of both.
    first = Unit.objects.order_by("short_name")[0].pk
    actor = Actor(7, "某人", (Held(Role.HANDLER, first), Held(Role.VERIFIER, None, "990101")))
    rule = AtUnit("duties__unit", Role.HANDLER) & InTerritory("duties__unit__division", Role.VERIFIER)
    with declared(rule) as code:
        shown = {task.order for task in rules.visible(actor, code, Task.objects.all())}
        assert shown == {task.order for task in tasks if rules.may(actor, code, task)} == {2, 4}


def test_the_machine_may_everything_and_a_stranger_nothing(tasks: list[Task]) -> None:
    from anlan.foundation.access.actor import NOBODY, machine

    assert rules.visible(machine("job"), "task.see", Task.objects.all()).count() == 5
    assert rules.visible(NOBODY, "task.see", Task.objects.all()).count() == 0
    assert not rules.may(NOBODY, "task.see", tasks[0])


def test_a_permission_that_nobody_declares_is_an_error() -> None:
    with pytest.raises(KeyError):
        rules.may(Actor(1, "某人"), "nothing.of_the_kind")
