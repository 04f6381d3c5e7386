"""Fields corrected beside what the compiler found, taken back, raced for; tasks of an issued plan follow."""

from __future__ import annotations

import datetime as dt

import pytest
from tests import people
from tests.plan import small

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Entry
from anlan.foundation.notices.models import Notice
from anlan.foundation.org.models import Group, Unit
from anlan.plan import actions, corrections, queries
from anlan.plan.corrections import NewDeadline, NewDuty, NewTarget, OvertakenError, Wanted, correct, snapshot
from anlan.plan.models import (
    Correction,
    CorrectionKind,
    Deadline,
    Duty,
    DutyRole,
    Measure,
    Owes,
    Plan,
    Question,
    QuestionKind,
    Target,
    Task,
    TaskDuty,
)
from anlan.plan.restructuring import take_back
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


@pytest.fixture
def issued(plan: Plan, clerk: Actor) -> Plan:
    rows = list(queries.questions(plan).filter(closed_at=None))
    actions.waive(clerk, plan, rows, "按原文执行")
    actions.issue(clerk, plan, on=dt.date(2024, 3, 1))
    return plan


def measure(plan: Plan, number: str) -> Measure:
    return Measure.objects.select_related("document__plan").get(document__plan=plan, number=number)


def row(kind: type[Duty] | type[Deadline] | type[Target], measure: Measure, name: str = "") -> str:
    """Key of the row of a measure, of the one with this name if there are several."""
    rows = kind.objects.filter(measure=measure, **({"name": name} if name else {}))
    return {Duty: "d", Deadline: "l", Target: "t"}[kind] + str(rows.get().pk)


def asked(measure: Measure) -> set[str]:
    return set(Question.objects.filter(measure=measure, closed_at=None).values_list("kind", flat=True))


def parts(task: Task) -> dict[str, tuple[str, str]]:
    return {part.unit.short_name: (part.role, part.owes) for part in task.duties.select_related("unit")}


def test_the_compilers_value_stands_beside_the_corrected_one(plan: Plan, clerk: Actor) -> None:
    one = measure(plan, "1")
    correct(clerk, one, Wanted(number="1.1", title="排查排污口", chapter=("一、工业",)), lock=0)
    one.refresh_from_db()
    assert (one.number, one.title, one.chapter, one.lock) == ("1.1", "排查排污口", ["一、工业"], 1)
    found = {row.kind: (row.compiled, row.before, row.after) for row in one.corrections.all()}
    assert found == {
        "number": ("1", "1", "1.1"),
        "title": ("排查入河排污口", "排查入河排污口", "排查排污口"),
        "chapter": (["一、工业污染防治"], ["一、工业污染防治"], ["一、工业"]),
    }
    assert one.corrections.first() is not None
    assert {row.by_id for row in one.corrections.all()} == {clerk.account_id}


def test_a_second_correction_still_shows_what_the_compiler_found(plan: Plan, clerk: Actor) -> None:
    one = measure(plan, "1")
    correct(clerk, one, Wanted(title="甲"), lock=0)
    (second,) = correct(clerk, one, Wanted(title="乙"), lock=1)
    assert (second.compiled, second.before, second.after) == ("排查入河排污口", "甲", "乙")


def test_corrections_are_taken_back_the_last_one_first(plan: Plan, clerk: Actor) -> None:
    one = measure(plan, "1")
    (first,) = correct(clerk, one, Wanted(title="甲"), lock=0)
    (second,) = correct(clerk, one, Wanted(title="乙"), lock=1)
    with pytest.raises(InputError, match="take that one back first"):
        take_back(clerk, first)
    take_back(clerk, second)
    one.refresh_from_db()
    assert one.title == "甲"
    take_back(clerk, first)
    one.refresh_from_db()
    assert (one.title, one.lock) == ("排查入河排污口", 4)
    with pytest.raises(InputError, match="taken back already"):
        take_back(clerk, first)


def test_a_unit_is_replaced_with_its_characters_and_comes_back(
    plan: Plan, clerk: Actor, units: dict[str, Unit]
) -> None:
    one = measure(plan, "1")
    start = small.TEXT.index("区住建局")
    key = row(Duty, one, "区工信局")
    (made,) = correct(
        clerk,
        one,
        Wanted(rows=((key, NewDuty(DutyRole.COOPERATING, units["区住建局"], start, start + 4)),)),
        lock=0,
    )
    replaced = {"role": "cooperating", "body": "区工信局"}
    assert (made.compiled, made.before) == (replaced, replaced)
    assert made.after == {"role": "cooperating", "body": "区住建局"}
    new = Duty.objects.get(made_by=made)
    assert small.TEXT[new.start : new.end] == "区住建局"
    assert {duty.body_name for duty in one.duties.all()} == {"区生态环境局", "区住建局", "各乡镇"}
    take_back(clerk, made)
    assert {duty.body_name for duty in one.duties.all()} == {"区生态环境局", "区工信局", "各乡镇"}
    assert Duty.every.filter(measure=one).count() == 4


def test_questions_follow_what_is_corrected(plan: Plan, clerk: Actor, units: dict[str, Unit]) -> None:
    five = measure(plan, "5")
    assert asked(five) == {"owner", "deadline"}
    (owner,) = correct(clerk, five, Wanted(rows=(("", NewDuty(DutyRole.LEAD, units["区住建局"])),)), lock=0)
    assert asked(five) == {"deadline"}
    (limit,) = correct(clerk, five, Wanted(rows=(("", NewDeadline("10月底前")),)), lock=1)
    assert asked(five) == set()
    # The plan is of 2024: 10月底前 is by 31 October 2024.
    assert five.deadlines.get().date == dt.date(2024, 10, 31)
    take_back(clerk, owner)
    take_back(clerk, limit)
    assert asked(five) == {"owner", "deadline"}


def test_striking_what_an_answer_had_added_asks_again(plan: Plan, clerk: Actor, units: dict[str, Unit]) -> None:
    question = Question.objects.get(measure=measure(plan, "5"), kind=QuestionKind.OWNER)
    actions.settle_owner(clerk, question, DutyRole.LEAD, [units["区住建局"]])
    five = measure(plan, "5")
    (made,) = correct(clerk, five, Wanted(rows=((row(Duty, five), None),)), lock=0)
    assert made.compiled is None
    assert asked(five) == {"owner", "deadline"}


def test_a_unit_that_nobody_knew_is_no_question_once_it_is_struck(plan: Plan, clerk: Actor) -> None:
    four = measure(plan, "4")
    correct(clerk, four, Wanted(rows=((row(Duty, four), None),)), lock=0)
    assert asked(four) == {"owner"}


def test_everything_wrong_is_said_at_once_and_nothing_is_changed(plan: Plan, clerk: Actor) -> None:
    one = measure(plan, "1")
    wanted = Wanted(
        title="甲", rows=(("", NewDeadline("尽快")), ("", NewTarget("大幅提高")), ("d999999", None), ("l1x", None))
    )
    with pytest.raises(InputError) as raised:
        correct(clerk, one, wanted, lock=0)
    assert len(raised.value.problems) == 4
    one.refresh_from_db()
    assert (one.title, one.lock) == ("排查入河排污口", 0)
    assert not Correction.objects.exists()


def test_nothing_that_differs_is_nothing_to_save(plan: Plan, clerk: Actor) -> None:
    one = measure(plan, "1")
    with pytest.raises(InputError, match="nothing differs"):
        correct(clerk, one, Wanted(title=one.title, number="1"), lock=0)


def test_a_date_may_be_typed_beside_words_that_name_none(plan: Plan, clerk: Actor) -> None:
    six = measure(plan, "6")
    correct(clerk, six, Wanted(rows=(("", NewDeadline("汛期结束前", dt.date(2024, 9, 30))),)), lock=0)
    assert [(one.text, one.date) for one in six.deadlines.exclude(date=None)] == [("汛期结束前", dt.date(2024, 9, 30))]


def test_a_target_keeps_its_row_so_that_what_was_reported_stays(plan: Plan, clerk: Actor) -> None:
    three = measure(plan, "3")
    target = three.targets.get()
    (made,) = correct(clerk, three, Wanted(rows=((f"t{target.pk}", NewTarget("新建污水管网不少于8.25公里")),)), lock=0)
    now = three.targets.get()
    # 8.25 公里 is 825 with two decimals.
    assert (now.pk, now.low, now.scale, now.comparator, now.unit) == (target.pk, 825, 2, "ge", "公里")
    take_back(clerk, made)
    back = three.targets.get()
    assert (back.pk, back.low, back.scale, back.text) == (target.pk, 65, 1, target.text)


def test_who_comes_second_is_told_what_changed_and_by_whom(plan: Plan, clerk: Actor, units: dict[str, Unit]) -> None:
    one = measure(plan, "1")
    seen = snapshot(one)
    other = people.actor(Role.CLERK)
    key = row(Duty, one, "区工信局")
    correct(other, one, Wanted(title="改过的标题", rows=((key, None),)), lock=0)
    with pytest.raises(OvertakenError) as raised:
        correct(clerk, one, Wanted(number="9"), lock=0, seen=seen)
    assert raised.value.changes == [
        ("title", "排查入河排污口", "改过的标题"),
        (key, "配合单位：区工信局", ""),
    ]
    assert raised.value.who == other.name
    one.refresh_from_db()
    assert (one.number, one.title) == ("1", "改过的标题")
    correct(clerk, one, Wanted(number="9"), lock=1, seen=snapshot(one))
    one.refresh_from_db()
    assert (one.number, one.title) == ("9", "改过的标题")


def test_an_issued_plan_is_corrected_with_a_reason_only(issued: Plan, clerk: Actor) -> None:
    with pytest.raises(InputError, match="give a reason"):
        correct(clerk, measure(issued, "1"), Wanted(title="甲"), lock=0)


def test_the_task_follows_its_measure_and_the_units_are_told(
    issued: Plan, clerk: Actor, units: dict[str, Unit]
) -> None:
    handlers = {name: people.account(Role.HANDLER, at=units[name]) for name in ("区工信局", "区住建局", "区应急局")}
    one = measure(issued, "1")
    task = Task.objects.get(measure=one)
    part = TaskDuty.objects.get(task=task, unit=units["区工信局"])
    TaskDuty.objects.filter(pk=part.pk).update(percent=40)
    limit = row(Deadline, one)
    correct(
        clerk,
        one,
        Wanted(
            title="排查排污口",
            rows=(
                (row(Duty, one, "区工信局"), None),
                ("", NewDuty(DutyRole.COOPERATING, units["区住建局"])),
                (limit, NewDeadline("2024年8月底前")),
            ),
        ),
        lock=0,
        reason="区政府会议纪要",
    )
    task.refresh_from_db()
    assert (task.title, task.due) == ("排查排污口", dt.date(2024, 8, 31))
    assert parts(task) == {
        "区生态环境局": ("lead", Owes.REPORT),
        "上渡镇": ("cooperating", Owes.CONTRIBUTION),
        "下渡镇": ("cooperating", Owes.CONTRIBUTION),
        "区住建局": ("cooperating", Owes.CONTRIBUTION),
    }
    # What the unit had reported is kept, out of every list.
    part.refresh_from_db()
    assert (part.percent, part.task.void, part.task.parent, part.task.void_reason) == (40, True, task, "区政府会议纪要")
    told = {notice.account_id: notice.args for notice in Notice.objects.filter(code="plan.changed")}
    assert told[handlers["区住建局"].pk]["added"] == 1
    assert told[handlers["区工信局"].pk]["gone"] == 1
    assert handlers["区应急局"].pk not in told
    entry = Entry.objects.filter(action="plan.correct").latest("pk")
    assert entry.reason == "区政府会议纪要"
    assert "− 区工信局" in entry.details
    gone = Correction.objects.get(kind=CorrectionKind.DUTY, after__isnull=True)
    take_back(clerk, gone, reason="纪要有误")
    part.refresh_from_db()
    assert (part.task, part.percent) == (task, 40)


def test_a_part_of_a_split_task_ends_with_its_unit(issued: Plan, clerk: Actor, units: dict[str, Unit]) -> None:
    one = measure(issued, "1")
    task = Task.objects.get(measure=one)
    (below,) = actions.split(clerk, task, [(units["区工信局"], "排查化工园区", None)])
    correct(clerk, one, Wanted(rows=((row(Duty, one, "区工信局"), None),)), lock=0, reason="调整分工")
    below.refresh_from_db()
    assert (below.void, below.void_reason) == (True, "调整分工")


def test_settling_after_the_issue_hands_out_what_had_waited(issued: Plan, clerk: Actor, units: dict[str, Unit]) -> None:
    five = measure(issued, "5")
    question = Question.objects.get(measure=five, kind=QuestionKind.OWNER)
    actions.reopen(clerk, question)
    actions.settle_owner(clerk, Question.objects.get(pk=question.pk), DutyRole.LEAD, [units["区住建局"]])
    assert parts(Task.objects.get(measure=five)) == {"区住建局": ("lead", Owes.REPORT)}


def test_a_group_may_be_named(plan: Plan, clerk: Actor) -> None:
    five = measure(plan, "5")
    correct(clerk, five, Wanted(rows=(("", NewDuty(DutyRole.RESPONSIBLE, Group.objects.get(name="各乡镇"))),)), lock=0)
    assert five.duties.get().body_name == "各乡镇"


@pytest.mark.parametrize("role", [Role.HANDLER, Role.UNIT_LEADER, Role.LEADER, Role.VERIFIER, Role.SYSTEM_ADMIN])
def test_only_the_office_corrects(plan: Plan, role: Role) -> None:
    one = measure(plan, "1")
    with pytest.raises(Refused):
        correct(people.actor(role), one, Wanted(title="甲"), lock=0)
    one.refresh_from_db()
    assert one.title == "排查入河排污口"


def test_a_plan_taken_back_is_corrected_no_more(plan: Plan, clerk: Actor) -> None:
    actions.withdraw(clerk, plan, "重新起草")
    with pytest.raises(Refused):
        correct(clerk, measure(plan, "1"), Wanted(title="甲"), lock=0)


def test_rows_are_named_as_people_read_them(plan: Plan) -> None:
    one = measure(plan, "1")
    rows: list[corrections.Row] = [*one.duties.all(), *one.deadlines.all(), *one.targets.all()]
    assert {corrections.words(row) for row in rows} == {
        "牵头单位：区生态环境局",
        "配合单位：区工信局",
        "配合单位：各乡镇",
        "2024年6月底前（2024-06-30）",
        one.targets.get().text,
    }
