"""Rounds: what they ask of whom, when it is due, who is reminded; the machine opens them once."""

from __future__ import annotations

import datetime as dt

import pytest
from tests import people
from tests.plan.progress import district as small
from tests.plan.progress.district import CALLED, DUE, JULY, JUNE, District

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import actor_of, machine
from anlan.foundation.access.roles import Role
from anlan.foundation.facts.providers import FACTS
from anlan.foundation.journal.models import Entry
from anlan.foundation.notices.models import Notice
from anlan.plan.models import Owes, PlanState, TaskDuty
from anlan.plan.progress import actions, calling, jobs, periods, queries
from anlan.plan.progress.models import Owed, Reminder, Round
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def district() -> District:
    return small.build()


def test_a_round_writes_down_what_every_unit_owes_and_tells_it(district: District) -> None:
    round_ = small.called(district)
    # 2024-06-25 is a Tuesday: 26, 27, 28 June, 1 and 2 July are five working days.
    assert (round_.due_on, round_.reckoned_on) == (DUE, DUE)
    parts = TaskDuty.objects.filter(task__plan=district.plan)
    assert Owed.objects.filter(round=round_).count() == parts.count()
    assert {row.owes for row in Owed.objects.filter(round=round_)} == set(Owes.values)
    told = Notice.objects.filter(code="round.opened")
    assert {one.account.name for one in told} == {"handler", "colleague", "leader", "elsewhere"}


def test_holidays_and_make_up_days_count_as_the_notices_say(district: District) -> None:
    # From Thursday 2024-04-25: 26 and 28 April (a Sunday worked), 29 and 30 April; 1 to 5 May is the holiday; 6 May.
    assert calling.reckoned(dt.date(2024, 4, 25), 5) == dt.date(2024, 5, 6)
    # Nobody has published the holidays of 2031.
    assert calling.reckoned(dt.date(2031, 1, 10), 5) is None
    assert district.plan.state == PlanState.ISSUED


def test_a_period_is_called_once_and_everything_wrong_is_said_at_once(district: District) -> None:
    clerk = district.actor("clerk")
    small.called(district)
    with pytest.raises(InputError, match="open already"):
        small.called(district)
    with pytest.raises(InputError) as wrong:
        calling.open_round(
            clerk, district.plan, dt.date(2024, 9, 1), dt.date(2024, 8, 1), due_on=dt.date(2024, 7, 1), today=CALLED
        )
    # Ends before it begins, has not begun, due before it begins.
    assert len(wrong.value.problems) == 3
    with pytest.raises(InputError, match="nothing is owed"):
        calling.open_round(clerk, district.plan, dt.date(2024, 1, 1), dt.date(2024, 1, 31), today=CALLED)
    assert Round.objects.count() == 1


def test_only_the_office_opens_moves_cancels_and_reminds(district: District) -> None:
    round_ = small.called(district)
    unit = district.units["区生态环境局"]
    for who in ("handler", "leader", "boss", "verifier", "system", "security", "audit"):
        actor = district.actor(who)
        with pytest.raises(Refused):
            calling.open_round(actor, district.plan, *JULY)
        with pytest.raises(Refused):
            calling.move_day(actor, round_, DUE, "延期")
        with pytest.raises(Refused):
            calling.cancel(actor, round_, "误开")
        with pytest.raises(Refused):
            calling.remind(actor, round_, [unit])
        with pytest.raises(Refused):
            calling.set_schedule(actor, district.plan, "month", 25, 5, automatic=False)
        with pytest.raises(Refused):
            calling.excuse(actor, district.owed("1"), "机构改革")


def test_the_day_is_moved_with_a_reason_and_the_first_one_stays(district: District) -> None:
    round_ = small.called(district)
    with pytest.raises(InputError):
        calling.move_day(district.actor("clerk"), round_, dt.date(2024, 7, 5), "")
    calling.move_day(district.actor("clerk"), round_, dt.date(2024, 7, 5), "防汛期间顺延")
    assert (round_.due_on, round_.reckoned_on) == (dt.date(2024, 7, 5), DUE)
    entry = Entry.objects.get(action="round.move")
    assert entry.reason == "防汛期间顺延"


def test_a_round_is_cancelled_only_before_anything_reached_the_office(district: District) -> None:
    clerk = district.actor("clerk")
    july = small.called(district, JULY, dt.date(2024, 7, 25))
    calling.cancel(clerk, july, "月份选错")
    assert july.void
    assert not queries.owed(clerk).filter(round=july).exists()
    # The period may be called again.
    again = small.called(district, JULY, dt.date(2024, 7, 25))
    actions.enter(clerk, district.owed("3", "区住建局", again), small.told(), "电话")
    with pytest.raises(InputError, match="cannot be cancelled"):
        calling.cancel(clerk, again, "月份选错")


def test_numbers_of_the_matrix_are_the_rows_they_open(district: District) -> None:
    round_ = small.called(district)
    clerk = district.actor("clerk")
    late = actions.save_draft(district.actor("handler"), district.owed("1"), small.told(), None)
    actions.submit(district.actor("handler"), late, today=dt.date(2024, 7, 4))
    actions.approve(district.actor("leader"), late, today=dt.date(2024, 7, 4))
    actions.enter(clerk, district.owed("3", "区住建局"), small.told(), "电话", today=CALLED)
    matrix = queries.matrix(clerk, round_)
    for row in matrix.rows:
        for name in queries.COLUMNS:
            rows = queries.owed(clerk).filter(queries.STAGES[name][1], round=round_, unit=row.unit_id)
            assert rows.count() == row.counts[name], (row.unit, name)
    assert matrix.totals["late"] == 1
    assert matrix.totals["waiting"] == 2
    assert matrix.totals["due"] == matrix.totals["sent"] + matrix.totals["missing"]
    # A unit sees its own row and no other.
    own = queries.matrix(district.actor("elsewhere"), round_)
    assert [row.unit for row in own.rows] == ["区住建局"]
    listed = queries.rounds(district.actor("elsewhere")).get()
    assert (listed.owing, listed.sent) == (own.totals["due"], own.totals["sent"])  # type: ignore[attr-defined]


def test_a_reminder_reaches_who_still_owes_and_is_counted(district: District) -> None:
    round_ = small.called(district)
    clerk = district.actor("clerk")
    home, silent = district.units["区生态环境局"], district.units["区城管局"]
    assert calling.remind(clerk, round_, [home, silent]) == 3
    assert calling.remind(clerk, round_, [home]) == 3
    assert Notice.objects.filter(code="round.reminded", account=district.accounts["handler"]).count() == 2
    row = next(row for row in queries.matrix(clerk, round_).rows if row.unit_id == home.pk)
    assert row.reminded == 2
    assert Reminder.objects.get(unit=silent).told == 0
    for owed in Owed.objects.filter(round=round_, unit=silent):
        actions.enter(clerk, owed, small.told(), "电话", today=CALLED)
    with pytest.raises(InputError, match="no need"):
        calling.remind(clerk, round_, [silent])


def test_a_report_is_excused_with_a_reason_and_asked_for_again(district: District) -> None:
    round_ = small.called(district)
    owed = district.owed("3", "区住建局")
    calling.excuse(district.actor("clerk"), owed, "机构改革，职责划转")
    assert owed.excused
    matrix = queries.matrix(district.actor("clerk"), round_)
    assert next(row for row in matrix.rows if row.unit == "区住建局").counts["missing"] == 0
    calling.excuse(district.actor("clerk"), owed, "")
    assert not owed.excused


def test_contributions_are_asked_for_until_those_who_report_are_done(district: District) -> None:
    TaskDuty.objects.filter(task__number="1", owes=Owes.REPORT).update(percent=100, done_on=dt.date(2024, 6, 1))
    round_ = small.called(district)
    assert not Owed.objects.filter(round=round_, task__number="1").exists()


def test_the_machine_opens_a_round_on_its_day_once_and_late_if_it_stood_still(district: District) -> None:
    calling.set_schedule(district.actor("clerk"), district.plan, "month", 25, 5, automatic=True)
    robot = machine("progress")
    assert calling.open_due_rounds(robot, dt.date(2024, 6, 24)) == []
    (round_,) = calling.open_due_rounds(robot, dt.date(2024, 6, 26))
    assert (round_.first, round_.last) == JUNE
    assert calling.open_due_rounds(robot, dt.date(2024, 6, 27)) == []
    # It stood still until 3 August: the round of July is opened then, and only that.
    (late,) = calling.open_due_rounds(robot, dt.date(2024, 8, 3))
    assert (late.first, late.last) == JULY


def test_a_schedule_that_cannot_be_is_refused_whole(district: District) -> None:
    with pytest.raises(InputError) as wrong:
        calling.set_schedule(district.actor("clerk"), district.plan, "week", 40, 0, automatic=False)
    assert len(wrong.value.problems) == 3


def test_units_are_told_once_before_the_end_and_once_after_it(district: District) -> None:
    small.called(district)
    account = district.accounts["elsewhere"]

    def told(code: str) -> int:
        return Notice.objects.filter(code=code, account=account).count()

    jobs.tell_of_reports(dt.date(2024, 6, 28))
    assert told("round.soon") == 0
    for day in (dt.date(2024, 6, 29), dt.date(2024, 7, 1), DUE):
        jobs.tell_of_reports(day)
    assert (told("round.soon"), told("round.late")) == (1, 0)
    for day in (dt.date(2024, 7, 3), dt.date(2024, 7, 9)):
        jobs.tell_of_reports(day)
    assert (told("round.soon"), told("round.late")) == (1, 1)


def test_units_are_told_of_tasks_that_are_due_soon_and_overdue(district: District) -> None:
    # Task 1 is due on 30 June 2024: 15 days before is 15 June.
    account = district.accounts["handler"]
    jobs.tell_of_tasks(dt.date(2024, 6, 14))
    assert not Notice.objects.filter(code="task.soon").exists()
    jobs.tell_of_tasks(dt.date(2024, 6, 15))
    jobs.tell_of_tasks(dt.date(2024, 6, 20))
    assert Notice.objects.filter(code="task.soon", account=account).count() == 1
    jobs.tell_of_tasks(dt.date(2024, 7, 1))
    assert Notice.objects.filter(code="task.late", account=account).count() == 1


def test_missing_reports_are_facts_for_the_other_rooms(district: District) -> None:
    small.called(district)
    unit = district.units["区住建局"]
    before = [fact for fact in FACTS.ask("lateness", today=DUE, unit_ids=[unit.pk]) if "进展报告" in fact.title]
    assert before == []
    (fact,) = [
        fact
        for fact in FACTS.ask("lateness", today=dt.date(2024, 7, 3), unit_ids=[unit.pk])
        if "进展报告" in fact.title
    ]
    assert fact.title == "2024年6月进展报告：3 新建污水管网"
    assert fact.due == DUE


def test_periods_are_those_of_the_calendar() -> None:
    spans = list(periods.between(dt.date(2024, 5, 10), dt.date(2024, 12, 31), "quarter"))
    assert [span.last for span in spans] == [dt.date(2024, 6, 30), dt.date(2024, 9, 30), dt.date(2024, 12, 31)]
    assert periods.opens_on(periods.holding(dt.date(2024, 2, 3), "month"), 31) == dt.date(2024, 2, 29)


def test_a_part_made_later_joins_with_the_next_round(district: District) -> None:
    from anlan.plan import actions as plans
    from anlan.plan.models import Task

    small.called(district)
    task = Task.objects.get(number="1", parent__isnull=True)
    town = district.units["上渡镇"]
    plans.split(district.actor("clerk"), task, [(town, "排查上渡镇排污口", None)])
    july = small.called(district, JULY, dt.date(2024, 7, 25))
    assert Owed.objects.filter(round=july, task__parent=task, unit=town, owes=Owes.REPORT).count() == 1


def test_a_reader_of_another_unit_sees_nothing_of_what_is_owed(district: District) -> None:
    small.called(district)
    stranger = actor_of(people.account(Role.HANDLER))
    assert not queries.owed(stranger).exists()
    assert not queries.rounds(stranger).exists()
    assert not queries.owed(district.actor("system")).exists()
