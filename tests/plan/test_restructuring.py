"""Measures split, merged, moved, added, taken out; each taken back; tasks of an issued plan follow."""

from __future__ import annotations

import datetime as dt

import pytest
from tests import people
from tests.plan import small

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.org.models import Unit
from anlan.plan import actions, queries
from anlan.plan.corrections import OvertakenError, Wanted, correct
from anlan.plan.models import Correction, Measure, Plan, Task, TaskDuty
from anlan.plan.restructuring import add, merge, move, split, strike, take_back
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

TEXT = """青溪区2024年水环境整治工作要点

一、工业污染防治
1.排查入河排污口120个以上。6月底前，建立一口一档。（牵头单位：区生态环境局；配合单位：区工信局）
2.整治化工企业。9月底前完成。（责任单位：区工信局）
二、生活污水治理
3.新建污水管网6.5公里。12月底前完成。（责任单位：区住建局）
各单位每季度报送进展，区水利局6月底前建成水位站3座。
"""


@pytest.fixture
def units() -> dict[str, Unit]:
    return small.district()


@pytest.fixture
def clerk() -> Actor:
    return people.actor(Role.CLERK)


@pytest.fixture
def plan(units: dict[str, Unit], clerk: Actor) -> Plan:
    return actions.receive(clerk, TEXT.encode(), "要点.txt")


@pytest.fixture
def issued(plan: Plan, clerk: Actor) -> Plan:
    rows = list(queries.questions(plan).filter(closed_at=None))
    if rows:
        actions.waive(clerk, plan, rows, "按原文执行")
    actions.issue(clerk, plan, on=dt.date(2024, 3, 1))
    return plan


def measure(plan: Plan, number: str) -> Measure:
    return Measure.objects.select_related("document__plan").get(document__plan=plan, number=number)


def numbers(plan: Plan) -> list[str]:
    return [one.number for one in queries.document(plan).measures.all()]


def state(plan: Plan) -> list[tuple[object, ...]]:
    """All that stands, for comparison before and after."""
    return [
        (
            *(one.number, one.title, one.chapter, one.start, one.end),
            sorted((d.role, d.name) for d in one.duties.all()),
            sorted(d.text for d in one.deadlines.all()),
            sorted(t.text for t in one.targets.all()),
            sorted(q.kind for q in one.questions.all() if q.closed_at is None),
        )
        for one in queries.measures(queries.document(plan))
    ]


def test_a_measure_is_split_and_each_part_has_its_own(plan: Plan, clerk: Actor) -> None:
    before = state(plan)
    place = TEXT.index("6月底前，建立")
    first, second = split(clerk, measure(plan, "1"), [place], lock=0)
    assert (first.number, second.number) == ("1", "1-2")
    assert first.text == "1.排查入河排污口120个以上。"
    assert second.text.startswith("6月底前，建立一口一档。")
    # The units stand in the second part's characters; the first gets them as well, and so the deadline.
    assert {d.name for d in first.duties.all()} == {d.name for d in second.duties.all()} == {"区生态环境局", "区工信局"}
    assert [d.date for d in first.deadlines.all()] == [d.date for d in second.deadlines.all()] == [dt.date(2024, 6, 30)]
    assert [t.unit for t in first.targets.all()] == ["个"]
    assert not second.targets.exists()
    assert numbers(plan) == ["1", "1-2", "2", "3"]
    take_back(clerk, Correction.objects.get())
    assert state(plan) == before


@pytest.mark.parametrize("where", ["before", "edge", "none", "blank"])
def test_a_split_needs_words_on_both_sides(plan: Plan, clerk: Actor, where: str) -> None:
    one = measure(plan, "1")
    places = {"before": [0], "edge": [one.start], "none": [], "blank": [one.end - 1, one.end]}[where]
    with pytest.raises(InputError):
        split(clerk, one, places, lock=0)
    assert numbers(plan) == ["1", "2", "3"]


def test_neighbours_are_merged_and_parted_again(plan: Plan, clerk: Actor) -> None:
    before = state(plan)
    one = merge(clerk, measure(plan, "1"), [measure(plan, "2")], lock=0)
    assert numbers(plan) == ["1", "3"]
    assert one.text.endswith("2.整治化工企业。9月底前完成。（责任单位：区工信局）")
    assert sorted((d.role, d.name) for d in one.duties.all()) == [
        ("cooperating", "区工信局"),
        ("lead", "区生态环境局"),
        ("responsible", "区工信局"),
    ]
    assert sorted(d.date for d in one.deadlines.all() if d.date) == [dt.date(2024, 6, 30), dt.date(2024, 9, 30)]
    take_back(clerk, Correction.objects.get())
    assert state(plan) == before


def test_only_neighbours_are_merged(plan: Plan, clerk: Actor) -> None:
    with pytest.raises(InputError, match="stands between"):
        merge(clerk, measure(plan, "1"), [measure(plan, "3")], lock=0)
    with pytest.raises(InputError, match="choose the measures"):
        merge(clerk, measure(plan, "1"), [], lock=0)


def test_the_task_of_a_merged_measure_is_void_and_comes_back(issued: Plan, clerk: Actor) -> None:
    task = Task.objects.get(measure__number="2")
    TaskDuty.objects.filter(task=task).update(percent=30)
    merge(clerk, measure(issued, "1"), [measure(issued, "2")], lock=0, reason="同一项工作")
    task.refresh_from_db()
    assert (task.void, task.void_reason.startswith("已并入“1 排查入河排污口")) == (True, True)
    assert Task.objects.get(measure__number="1").due == dt.date(2024, 9, 30)
    take_back(clerk, Correction.objects.get(), reason="分开考核")
    task.refresh_from_db()
    assert (task.void, task.duties.get().percent) == (False, 30)
    assert Task.objects.get(measure__number="1").due == dt.date(2024, 6, 30)


def test_the_parts_of_a_split_measure_are_tasks(issued: Plan, clerk: Actor) -> None:
    place = TEXT.index("6月底前，建立")
    split(clerk, measure(issued, "1"), [place], lock=0, reason="分开考核")
    assert list(Task.objects.filter(void=False).values_list("number", flat=True)) == ["1", "1-2", "2", "3"]
    made = Task.objects.get(number="1-2")
    assert {part.unit.short_name for part in made.duties.all()} == {"区生态环境局", "区工信局"}


def test_the_order_is_changed_and_restored(issued: Plan, clerk: Actor) -> None:
    move(clerk, measure(issued, "3"), measure(issued, "1"), lock=0, reason="先办")
    assert numbers(issued) == ["1", "3", "2"]
    assert list(Task.objects.values_list("number", flat=True)) == ["1", "3", "2"]
    move(clerk, measure(issued, "2"), None, lock=0, reason="先办")
    assert numbers(issued) == ["2", "1", "3"]
    with pytest.raises(InputError, match="stands there already"):
        move(clerk, measure(issued, "2"), None, lock=1, reason="先办")
    for made in Correction.objects.order_by("-pk"):
        take_back(clerk, made, reason="恢复")
    assert numbers(issued) == ["1", "2", "3"]


def test_characters_outside_of_all_measures_become_one(plan: Plan, clerk: Actor, units: dict[str, Unit]) -> None:
    start = TEXT.index("区水利局6月")
    made = add(clerk, plan, start, len(TEXT))
    assert made.text == "区水利局6月底前建成水位站3座。"
    assert made.deadlines.get().date == dt.date(2024, 6, 30)
    target = made.targets.get()
    assert (target.low, target.unit, TEXT[target.start : target.end]) == (3, "座", target.text)
    assert set(made.questions.values_list("kind", flat=True)) == {"owner"}
    assert numbers(plan) == ["1", "2", "3", ""]
    take_back(clerk, Correction.objects.get())
    assert numbers(plan) == ["1", "2", "3"]
    assert not queries.questions(plan).filter(closed_at=None, kind="owner").exists()


def test_the_first_measure_may_be_added_last(plan: Plan, clerk: Actor) -> None:
    add(clerk, plan, 0, TEXT.index("\n"))
    assert numbers(plan) == ["", "1", "2", "3"]


def test_characters_of_a_measure_are_not_added_again(plan: Plan, clerk: Actor) -> None:
    start = TEXT.index("整治化工")
    with pytest.raises(InputError, match="split it instead"):
        add(clerk, plan, start, start + 4)
    with pytest.raises(InputError, match="nothing is selected"):
        add(clerk, plan, 5, 5)


def test_what_is_no_measure_is_taken_out_with_a_reason(issued: Plan, clerk: Actor) -> None:
    with pytest.raises(InputError, match="say why"):
        strike(clerk, measure(issued, "2"), lock=0, reason=" ")
    strike(clerk, measure(issued, "2"), lock=0, reason="是标题，不是任务")
    assert numbers(issued) == ["1", "3"]
    assert Task.objects.get(number="2").void
    with pytest.raises(InputError, match="no measure any more"):
        correct(
            clerk,
            Measure.every.select_related("document__plan").get(number="2"),
            Wanted(title="甲"),
            lock=1,
            reason="改",
        )
    take_back(clerk, Correction.objects.get(), reason="确是任务")
    assert numbers(issued) == ["1", "2", "3"]
    assert not Task.objects.get(number="2").void


def test_what_was_done_to_a_part_is_taken_back_first(plan: Plan, clerk: Actor) -> None:
    _, second = split(clerk, measure(plan, "1"), [TEXT.index("6月底前，建立")], lock=0)
    made = Correction.objects.get()
    (later,) = correct(clerk, second, Wanted(title="建档"), lock=0)
    with pytest.raises(InputError, match="take that one back first"):
        take_back(clerk, made)
    take_back(clerk, later)
    take_back(clerk, made)
    assert numbers(plan) == ["1", "2", "3"]


def test_an_older_view_changes_nothing(plan: Plan, clerk: Actor) -> None:
    one = measure(plan, "1")
    correct(clerk, one, Wanted(title="甲"), lock=0)
    for act in (
        lambda: split(clerk, one, [TEXT.index("6月底前，建立")], lock=0),
        lambda: merge(clerk, one, [measure(plan, "2")], lock=0),
        lambda: move(clerk, one, measure(plan, "3"), lock=0),
        lambda: strike(clerk, one, lock=0, reason="不是任务"),
    ):
        with pytest.raises(OvertakenError):
            act()
    assert numbers(plan) == ["1", "2", "3"]


@pytest.mark.parametrize("role", [Role.HANDLER, Role.UNIT_LEADER, Role.LEADER, Role.VERIFIER, Role.SECURITY_ADMIN])
def test_only_the_office_changes_which_measures_there_are(plan: Plan, role: Role, clerk: Actor) -> None:
    other = people.actor(role)
    (made,) = correct(clerk, measure(plan, "1"), Wanted(title="甲"), lock=0)
    one, two = measure(plan, "1"), measure(plan, "2")
    for act in (
        lambda: split(other, one, [TEXT.index("6月底前，建立")], lock=1),
        lambda: merge(other, one, [two], lock=1),
        lambda: move(other, one, two, lock=1),
        lambda: add(other, plan, len(TEXT) - 9, len(TEXT)),
        lambda: strike(other, one, lock=1, reason="不是任务"),
        lambda: take_back(other, made),
    ):
        with pytest.raises(Refused):
            act()
    assert numbers(plan) == ["1", "2", "3"]
