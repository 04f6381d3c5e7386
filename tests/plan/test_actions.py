"""A plan from the file to each unit's list: received, settled, issued, withdrawn; who may, and what is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from tests import people
from tests.plan import small

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.facts.providers import FACTS
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.org.models import Group, Membership, Unit, UnitAlias
from anlan.plan import actions
from anlan.plan.models import (
    Deadline,
    Duty,
    DutyRole,
    Measure,
    Owes,
    Plan,
    PlanState,
    Question,
    QuestionKind,
    Task,
    TaskDuty,
)
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def units() -> dict[str, Unit]:
    return small.district()


@pytest.fixture
def clerk() -> Actor:
    return people.actor(Role.CLERK)


@pytest.fixture
def plan(units: dict[str, Unit], clerk: Actor) -> Plan:
    return actions.receive(clerk, small.TEXT.encode(), "要点.txt")


def asked(plan: Plan, kind: QuestionKind | None = None) -> list[tuple[str, str]]:
    """Number of the measure and kind of every open question."""
    rows = Question.objects.filter(measure__document__plan=plan, closed_at__isnull=True).select_related("measure")
    return [(row.measure.number, row.kind) for row in rows if kind in (None, row.kind)]


def question(plan: Plan, kind: QuestionKind, number: str) -> Question:
    return Question.objects.get(measure__document__plan=plan, kind=kind, measure__number=number)


def settle_all(actor: Actor, plan: Plan) -> None:
    rows = list(Question.objects.filter(measure__document__plan=plan, closed_at__isnull=True))
    if rows:
        actions.waive(actor, plan, rows, "按原文执行")


def test_a_received_plan_keeps_the_file_the_text_and_every_field_at_its_place(plan: Plan) -> None:
    document = plan.documents.get()
    assert (plan.title, plan.year, plan.state) == ("青溪区2024年水环境整治工作要点", 2024, PlanState.DRAFT)
    assert document.text == small.TEXT
    assert document.receipt is not None
    assert document.receipt.file.sha256 == document.sha256
    first = Measure.objects.get(document=document, number="1")
    assert first.chapter == ["一、工业污染防治"]
    for duty in first.duties.all():
        assert small.TEXT[duty.start : duty.end] == duty.name
    assert {(duty.name, duty.role, duty.body_name) for duty in first.duties.all()} == {
        ("区生态环境局", "lead", "区生态环境局"),
        ("区工信局", "cooperating", "区工信局"),
        ("各乡镇", "cooperating", "各乡镇"),
    }
    limit = first.deadlines.get()
    assert (limit.text, limit.date) == ("2024年6月底前", dt.date(2024, 6, 30))
    # 6.5 公里 is 65 with one decimal.
    length = Measure.objects.get(document=document, number="3").targets.get()
    assert (length.low, length.high, length.scale, length.unit) == (65, 65, 1, "公里")


def test_what_the_text_leaves_open_becomes_questions(plan: Plan) -> None:
    assert asked(plan) == [
        ("2", "lead"),
        ("2", "deadline"),
        ("4", "unit"),
        ("5", "owner"),
        ("5", "deadline"),
        ("6", "deadline"),
    ]


def test_the_same_file_does_not_come_in_twice(plan: Plan, clerk: Actor) -> None:
    with pytest.raises(InputError, match="青溪区2024年"):
        actions.receive(clerk, small.TEXT.encode(), "另一个名字.txt")
    actions.withdraw(clerk, plan, "重新上传")
    assert actions.receive(clerk, small.TEXT.encode(), "要点.txt").state == PlanState.DRAFT


def test_a_file_without_text_is_refused_with_its_name(units: dict[str, Unit], clerk: Actor) -> None:
    with pytest.raises(InputError, match=r"空\.txt"):
        actions.receive(clerk, b"", "空.txt")
    assert not Plan.objects.exists()


def test_a_name_settled_once_is_settled_wherever_it_is_printed(units: dict[str, Unit], clerk: Actor) -> None:
    text = small.TEXT + "7.治理油烟。12月底前完成。（责任单位：区城管队）\n"
    plan = actions.receive(clerk, text.encode(), "要点.txt")
    first = question(plan, QuestionKind.UNIT, "4")
    assert actions.settle_unit(clerk, first, units["区城管局"], remember=True) == 2
    assert asked(plan, QuestionKind.UNIT) == []
    assert {duty.unit for duty in Duty.objects.filter(name="区城管队")} == {units["区城管局"]}
    assert UnitAlias.objects.get(name="区城管队").unit == units["区城管局"]


def test_a_settled_name_is_taken_back_with_what_hung_on_it(plan: Plan, clerk: Actor) -> None:
    empty = Group.objects.create(code="qz", name="有关单位")
    asked_for = question(plan, QuestionKind.UNIT, "4")
    actions.settle_unit(clerk, asked_for, empty)
    assert asked(plan, QuestionKind.GROUP) == [("4", "group")]
    actions.reopen(clerk, asked_for)
    assert asked(plan, QuestionKind.GROUP) == []
    assert asked(plan, QuestionKind.UNIT) == [("4", "unit")]


def test_an_empty_group_is_settled_once_it_has_members(plan: Plan, clerk: Actor, units: dict[str, Unit]) -> None:
    empty = Group.objects.create(code="qz", name="有关单位")
    actions.settle_unit(clerk, question(plan, QuestionKind.UNIT, "4"), empty)
    row = question(plan, QuestionKind.GROUP, "4")
    with pytest.raises(InputError, match="no members yet"):
        actions.check_group(clerk, row)
    Membership.objects.create(group=empty, unit=units["区住建局"])
    actions.check_group(clerk, row)
    assert asked(plan, QuestionKind.GROUP) == []


def test_the_lead_is_chosen_among_the_responsible_and_can_be_taken_back(plan: Plan, clerk: Actor) -> None:
    row = question(plan, QuestionKind.LEAD, "2")
    duty = Duty.objects.get(measure=row.measure, name="区应急局")
    stranger = Duty.objects.get(name="区住建局")
    with pytest.raises(InputError, match="区住建局"):
        actions.settle_lead(clerk, row, stranger)
    actions.settle_lead(clerk, row, duty)
    standing = Duty.objects.filter(measure=row.measure, struck=False)
    assert {(one.name, one.role) for one in standing} == {("区工信局", "responsible"), ("区应急局", "lead")}
    actions.reopen(clerk, row)
    standing = Duty.objects.filter(measure=row.measure, struck=False)
    assert {(one.name, one.role) for one in standing} == {("区工信局", "responsible"), ("区应急局", "responsible")}


def test_owners_are_named_for_a_measure_that_names_none(plan: Plan, clerk: Actor, units: dict[str, Unit]) -> None:
    row = question(plan, QuestionKind.OWNER, "5")
    with pytest.raises(InputError, match="at least one"):
        actions.settle_owner(clerk, row, DutyRole.LEAD, [])
    actions.settle_owner(clerk, row, DutyRole.LEAD, [units["区生态环境局"]])
    assert row.measure.duties.get().role == DutyRole.LEAD


def test_several_measures_get_one_deadline_and_none_before_the_plan_year(plan: Plan, clerk: Actor) -> None:
    rows = list(Question.objects.filter(measure__document__plan=plan, kind=QuestionKind.DEADLINE))
    with pytest.raises(InputError, match="2023-12-31"):
        actions.settle_deadline(clerk, plan, rows, dt.date(2023, 12, 31))
    assert actions.settle_deadline(clerk, plan, rows, dt.date(2024, 12, 31)) == 3
    assert Deadline.objects.filter(added_by__in=rows, date=dt.date(2024, 12, 31)).count() == 3
    with pytest.raises(InputError, match="settled already"):
        actions.settle_deadline(clerk, plan, rows, dt.date(2024, 12, 31))


def test_a_waiver_needs_its_reason_and_keeps_it(plan: Plan, clerk: Actor) -> None:
    row = question(plan, QuestionKind.DEADLINE, "6")
    with pytest.raises(InputError, match="reason"):
        actions.waive(clerk, plan, [row], "  ")
    actions.waive(clerk, plan, [row], "长期坚持")
    row.refresh_from_db()
    assert (row.waived, row.reason) == (True, "长期坚持")


def test_a_plan_with_open_questions_is_not_issued_and_all_of_them_are_named(plan: Plan, clerk: Actor) -> None:
    with pytest.raises(InputError) as caught:
        actions.issue(clerk, plan)
    assert len(caught.value.problems) == 6
    assert not Task.objects.exists()


def parts(number: str) -> set[tuple[str, str]]:
    rows = TaskDuty.objects.filter(task__number=number, task__parent=None).select_related("unit")
    return {(row.unit.short_name, row.owes) for row in rows}


def test_issuing_makes_one_task_of_each_measure_with_what_every_unit_owes(
    plan: Plan, clerk: Actor, units: dict[str, Unit]
) -> None:
    actions.settle_unit(clerk, question(plan, QuestionKind.UNIT, "4"), units["区城管局"])
    settle_all(clerk, plan)
    assert actions.issue(clerk, plan, on=dt.date(2024, 3, 1)) == 6
    report, contribution = Owes.REPORT.value, Owes.CONTRIBUTION.value
    # The lead reports; cooperating units and the members of a group contribute.
    assert parts("1") == {
        ("区生态环境局", report),
        ("区工信局", contribution),
        ("上渡镇", contribution),
        ("下渡镇", contribution),
    }
    # Nobody leads: each responsible unit reports.
    assert parts("2") == {("区工信局", report), ("区应急局", report)}
    # A group is all there is: its members report.
    assert parts("6") == {("上渡镇", report), ("下渡镇", report)}
    # Waived: nobody owes anything.
    assert parts("5") == set()
    task = Task.objects.get(number="1")
    assert (task.start, task.due, task.due_text) == (dt.date(2024, 3, 1), dt.date(2024, 6, 30), "2024年6月底前")


def test_a_group_is_expanded_on_the_day_of_issue(plan: Plan, clerk: Actor, units: dict[str, Unit]) -> None:
    Membership.objects.filter(unit=units["下渡镇"]).update(until=dt.date(2024, 2, 29))
    actions.settle_unit(clerk, question(plan, QuestionKind.UNIT, "4"), units["区城管局"])
    settle_all(clerk, plan)
    actions.issue(clerk, plan, on=dt.date(2024, 3, 1))
    assert parts("6") == {("上渡镇", Owes.REPORT.value)}


def test_a_plan_is_issued_once(plan: Plan, clerk: Actor) -> None:
    settle_all(clerk, plan)
    stale = Plan.objects.get(pk=plan.pk)
    actions.issue(clerk, plan)
    with pytest.raises(InputError, match="is issued now"):
        actions.issue(clerk, stale)
    assert Task.objects.count() == 6


def test_the_day_of_issue_is_not_in_the_future(plan: Plan, clerk: Actor) -> None:
    settle_all(clerk, plan)
    with pytest.raises(InputError, match="9999"):
        actions.issue(clerk, plan, on=dt.date(9999, 1, 1))
    plan.refresh_from_db()
    assert plan.state == PlanState.DRAFT


def test_a_withdrawn_plan_leaves_void_tasks_and_its_reason_in_the_journal(plan: Plan, clerk: Actor) -> None:
    settle_all(clerk, plan)
    actions.issue(clerk, plan)
    with pytest.raises(InputError, match="reason"):
        actions.withdraw(clerk, plan, "")
    actions.withdraw(clerk, plan, "上级文件已修改")
    assert not Task.objects.filter(void=False).exists()
    assert Entry.objects.get(action="plan.withdraw").reason == "上级文件已修改"


def test_a_task_is_split_into_parts_that_report_by_themselves(plan: Plan, clerk: Actor, units: dict[str, Unit]) -> None:
    settle_all(clerk, plan)
    actions.issue(clerk, plan, on=dt.date(2024, 3, 1))
    task = Task.objects.get(number="1")
    with pytest.raises(InputError) as caught:
        actions.split(clerk, task, [(units["上渡镇"], " ", None), (units["下渡镇"], "排查 40 个", dt.date(2024, 7, 1))])
    assert len(caught.value.problems) == 2
    made = actions.split(clerk, task, [(units["上渡镇"], "排查 80 个", None)])
    assert [(one.title, one.due, one.duties.get().owes) for one in made] == [
        ("排查 80 个", dt.date(2024, 6, 30), Owes.REPORT)
    ]
    with pytest.raises(InputError, match="has a part already"):
        actions.split(clerk, task, [(units["上渡镇"], "再来一次", None)])
    with pytest.raises(InputError, match="cannot be split again"):
        actions.split(clerk, made[0], [(units["下渡镇"], "更小的一块", None)])


OTHERS = [role for role in Role if role is not Role.CLERK]


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_but_the_office_receives_settles_issues_or_withdraws(role: Role, plan: Plan) -> None:
    other = people.actor(role)
    row = question(plan, QuestionKind.DEADLINE, "6")
    attempts: list[Callable[[], object]] = [
        lambda: actions.receive(other, b"x", "x.txt"),
        lambda: actions.waive(other, plan, [row], "理由"),
        lambda: actions.settle_deadline(other, plan, [row], dt.date(2024, 12, 31)),
        lambda: actions.issue(other, plan),
        lambda: actions.withdraw(other, plan, "理由"),
    ]
    for attempt in attempts:
        with pytest.raises(Refused):
            attempt()
    refused = Entry.objects.filter(outcome=Outcome.REFUSED, actor=other.account_id)
    assert [entry.action for entry in refused] == [
        "plan.receive",
        "plan.settle",
        "plan.settle",
        "plan.issue",
        "plan.withdraw",
    ]
    plan.refresh_from_db()
    assert plan.state == PlanState.DRAFT


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_but_the_office_splits_a_task(role: Role, plan: Plan, clerk: Actor, units: dict[str, Unit]) -> None:
    settle_all(clerk, plan)
    actions.issue(clerk, plan)
    with pytest.raises(Refused):
        actions.split(people.actor(role), Task.objects.get(number="1"), [(units["上渡镇"], "排查", None)])


def test_a_plan_taken_back_is_settled_no_more(plan: Plan, clerk: Actor) -> None:
    row = question(plan, QuestionKind.DEADLINE, "6")
    settle_all(clerk, plan)
    actions.withdraw(clerk, plan, "重新起草")
    row.refresh_from_db()
    with pytest.raises(Refused):
        actions.reopen(clerk, Question.objects.select_related("measure__document__plan").get(pk=row.pk))


def test_other_rooms_learn_which_reports_are_late(plan: Plan, clerk: Actor, units: dict[str, Unit]) -> None:
    settle_all(clerk, plan)
    actions.issue(clerk, plan, on=dt.date(2024, 3, 1))
    # On 1 July only measure 1, due on 30 June, is late; its lead owes the report.
    (fact,) = FACTS.ask("lateness", today=dt.date(2024, 7, 1))
    assert (fact.title, fact.unit_id, fact.due) == (
        "1 排查入河排污口",
        units["区生态环境局"].pk,
        dt.date(2024, 6, 30),
    )
    assert not list(FACTS.ask("lateness", today=dt.date(2024, 7, 1), unit_ids=[units["区住建局"].pk]))
