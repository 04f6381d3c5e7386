"""Rounds: called, their day moved, cancelled; units reminded; single reports excused; how often, plan by plan."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone, translation

from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.calendars.calendar import national
from anlan.foundation.notices import actions as notices
from anlan.foundation.org.models import Unit, in_force
from anlan.plan.models import Owes, Plan, PlanState, TaskDuty
from anlan.plan.progress import periods
from anlan.plan.progress.models import Owed, Reminder, Rhythm, Round, Schedule
from anlan.settings import InputError, Words

UNIT_ROLES = (Role.HANDLER, Role.UNIT_LEADER)
# Where no notice of the year's holidays is out, the machine counts these days instead of working days.
_DAYS_A_WORKDAY = 7 / 5


def schedule_of(plan: Plan) -> Schedule:
    """Schedule of a plan; the usual one, not saved, where nobody set any."""
    return Schedule.objects.filter(plan=plan).first() or Schedule(plan=plan)


def set_schedule(
    actor: Actor, plan: Plan, rhythm: str, opens_day: int, due_workdays: int, *, automatic: bool
) -> Schedule:
    """Sets how often a plan is reported on, when its rounds open, how many working days units have."""
    problems = []
    if rhythm not in Rhythm.values:
        problems.append(
            Words(f"没有“{rhythm}”这种周期：按月或按季", f"there is no rhythm “{rhythm}”: month or quarter")
        )
    if not 1 <= opens_day <= 31:
        problems.append(Words(f"启动日 {opens_day} 应在 1 到 31 之间", f"the opening day {opens_day} must be 1 to 31"))
    if not 1 <= due_workdays <= 30:
        problems.append(
            Words(f"报送期限 {due_workdays} 个工作日应在 1 到 30 之间", f"{due_workdays} working days: must be 1 to 30")
        )
    with acting(actor, "round.schedule", plan) as act:
        if problems:
            raise InputError(*problems)
        values = {"rhythm": rhythm, "opens_day": opens_day, "due_workdays": due_workdays, "automatic": automatic}
        found = Schedule.objects.filter(plan=plan).first()
        act.before = {name: getattr(found, name) for name in values} if found else {}
        schedule, _ = Schedule.objects.update_or_create(plan=plan, defaults=values)
        act.after = values
    return schedule


def reckoned(opened: dt.date, workdays: int) -> dt.date | None:
    """Day reports are due by the working calendar; None where it does not reach so far."""
    return periods.due(opened, workdays, national()).last_day


def open_round(
    actor: Actor,
    plan: Plan,
    first: dt.date,
    last: dt.date,
    *,
    due_on: dt.date | None = None,
    name: str = "",
    today: dt.date | None = None,
    reason: str = "",
) -> Round:
    """Calls for reports on a period: writes down what every unit owes, and tells the units.

    `due_on` is the clerk's own day; without it the schedule and the working calendar give one, counted from today.
    Raises InputError if the plan is not issued, the period is called already, nothing is owed in it, or no day is given
    and the calendar has none.
    """
    day = today or timezone.localdate()
    with acting(actor, "round.open", plan, reason=reason) as act:
        by_calendar = reckoned(day, schedule_of(plan).due_workdays)
        due = due_on or by_calendar
        _refuse(plan, first, last, due, day)
        assert due is not None
        round_ = Round(
            plan=plan,
            name=name.strip()[:100],
            first=first,
            last=last,
            due_on=due,
            reckoned_on=by_calendar,
            opened_by_name=actor.name[:120],
            sample=plan.sample,
        )
        try:
            with transaction.atomic():
                round_.save()
        except IntegrityError as error:
            raise InputError(_called(round_)) from error
        rows = Owed.objects.bulk_create(owing(round_), batch_size=500)
        if not rows:
            raise InputError(
                Words(
                    f"《{plan}》在 {first} 至 {last} 没有要报的事项：任务都已完成，或那时还没有下达",
                    f"nothing is owed on {plan} from {first} to {last}: all is done, or was not yet issued",
                )
            )
        tell_opened(round_, rows)
        act.obj = round_
        act.after = {
            "period": [first.isoformat(), last.isoformat()],
            "due": due.isoformat(),
            "reckoned": by_calendar and by_calendar.isoformat(),
            "owed": len(rows),
        }
    return round_


def _refuse(plan: Plan, first: dt.date, last: dt.date, due: dt.date | None, today: dt.date) -> None:
    problems = []
    if plan.state != PlanState.ISSUED:
        problems.append(
            Words(f"《{plan}》还没有下达，不能调度", f"{plan} is not issued: there is nothing to report on")
        )
    if last < first:
        problems.append(
            Words(f"期末 {last} 早于期初 {first}", f"the period ends on {last}, before it begins ({first})")
        )
    if first > today:
        problems.append(Words(f"{first} 起的一期还没有开始", f"the period from {first} has not begun"))
    if due is None:
        problems.append(
            Words(
                "下一年的放假安排还没有公布，算不出工作日：请自行填写报送截止日",
                "next year's holidays are not published, so working days cannot be counted: give the day yourself",
            )
        )
    elif due < first:
        problems.append(
            Words(f"报送截止日 {due} 早于期初 {first}", f"due on {due}, before the period begins ({first})")
        )
    if problems:
        raise InputError(*problems)


def _called(round_: Round) -> Words:
    with translation.override("zh-hans"):
        zh = round_.whole_name
    with translation.override("en"):
        en = round_.whole_name
    return Words(f"{zh}已经启动，不能再启动一次", f"{en} is open already")


def owing(round_: Round) -> list[Owed]:
    """What is owed in a round, not saved: every part of a task handed out by then and not done.

    Contributions are owed until those who report on the task are done.
    """
    unfinished = TaskDuty.objects.filter(task=OuterRef("task"), owes=Owes.REPORT, done_on__isnull=True)
    # A task that has contributors only keeps asking them.
    reporting = TaskDuty.objects.filter(task=OuterRef("task"), owes=Owes.REPORT)
    parts = (
        TaskDuty.objects.filter(
            task__plan=round_.plan_id, task__void=False, task__start__lte=round_.last, done_on__isnull=True
        )
        .annotate(open=Exists(unfinished), reported=Exists(reporting))
        .order_by("unit__kind", "unit__code", "task__order", "pk")
    )
    return [
        Owed(round=round_, part=part, task_id=part.task_id, unit_id=part.unit_id, owes=part.owes)
        for part in parts
        if part.owes == Owes.REPORT or part.open or not part.reported
    ]


def tell_opened(round_: Round, rows: Iterable[Owed]) -> None:
    """Tells handlers and leaders of every unit what is owed, once."""
    owed: dict[int, Counter[str]] = {}
    for row in rows:
        owed.setdefault(row.unit_id, Counter())[row.owes] += 1
    for unit_id, accounts in people_of(owed).items():
        notices.notify(
            accounts,
            "round.opened",
            key=f"{round_.pk}-{unit_id}",
            args={
                **name_args(round_),
                "reports": owed[unit_id][Owes.REPORT],
                "contributions": owed[unit_id][Owes.CONTRIBUTION],
                "due": round_.due_on.isoformat(),
            },
            obj=round_,
            url=reverse("progress"),
        )


def name_args(round_: Round) -> dict[str, object]:
    """Plan and period as notices keep them: the period in both languages."""
    with translation.override("zh-hans"):
        zh = str(round_)
    with translation.override("en"):
        en = str(round_)
    return {"plan": round_.plan.title, "round": Words(zh, en)}


def people_of(unit_ids: Iterable[int], *roles: Role) -> dict[int, list[Account]]:
    """Accounts that can sign in, by the unit at which they hold one of the roles (handlers and leaders). One query."""
    found: dict[int, list[Account]] = {}
    accounts = Account.objects.filter(is_active=True)
    from anlan.foundation.access.models import Grant

    grants = Grant.objects.filter(
        in_force(timezone.localdate()),
        unit_id__in=list(unit_ids),
        role__in=roles or UNIT_ROLES,
        account__in=accounts,
    ).select_related("account")
    for grant in grants:
        assert grant.unit_id is not None
        mine = found.setdefault(grant.unit_id, [])
        if grant.account not in mine:
            mine.append(grant.account)
    return found


def move_day(actor: Actor, round_: Round, due_on: dt.date, reason: str) -> None:
    """Moves the day reports are due, with a reason; the day the calendar gave stays beside it."""
    with acting(actor, "round.move", round_, reason=reason) as act:
        problems = []
        if len(reason.strip()) < 2:
            problems.append(Words("调整截止日须写明理由", "give the reason for another day"))
        if due_on < round_.first:
            problems.append(
                Words(
                    f"截止日 {due_on} 早于期初 {round_.first}", f"{due_on} is before the period begins ({round_.first})"
                )
            )
        if problems:
            raise InputError(*problems)
        row = Round.objects.select_for_update().get(pk=round_.pk)
        act.before = {"due": row.due_on.isoformat()}
        Round.objects.filter(pk=row.pk).update(due_on=due_on)
        act.after = {"due": due_on.isoformat()}
        notices.close(round_, "round.soon", "round.late")
    round_.refresh_from_db()


def cancel(actor: Actor, round_: Round, reason: str) -> None:
    """Cancels a round that was called by mistake, with a reason. Refused once a report of it reached the office."""
    with acting(actor, "round.cancel", round_, reason=reason) as act:
        if len(reason.strip()) < 2:
            raise InputError(Words("取消调度须写明理由", "give the reason for cancelling"))
        row = Round.objects.select_for_update().get(pk=round_.pk)
        if sent := Owed.objects.filter(round=row, sent_on__isnull=False).count():
            raise InputError(
                Words(
                    f"已有 {sent} 项报到长江办，不能取消",
                    f"{sent} of its reports reached the office: it cannot be cancelled",
                )
            )
        Round.objects.filter(pk=row.pk).update(void=True)
        act.after = {"owed": Owed.objects.filter(round=row).count()}
        notices.close(round_)
    round_.refresh_from_db()


def remind(actor: Actor, round_: Round, units: Sequence[Unit]) -> int:
    """Reminds units of what they have not sent; gives how many accounts were told. Kept with who, when, whom."""
    with acting(actor, "round.remind", round_) as act:
        waiting = missing_by_unit(round_)
        chosen = [unit for unit in units if waiting.get(unit.pk)]
        if not chosen:
            raise InputError(Words("所选单位都已报送，不用催", "the units chosen have sent all: no need to remind"))
        told = 0
        people = people_of([unit.pk for unit in chosen])
        for unit in chosen:
            accounts = people.get(unit.pk, [])
            row = Reminder.objects.create(round=round_, unit=unit, by_name=actor.name[:120], told=len(accounts))
            notices.notify(
                accounts,
                "round.reminded",
                key=str(row.pk),
                args={**name_args(round_), "n": waiting[unit.pk], "due": round_.due_on.isoformat()},
                obj=round_,
                url=reverse("progress"),
            )
            told += len(accounts)
        act.after = {"units": [unit.short_name for unit in chosen], "told": told}
    return told


def missing_by_unit(round_: Round) -> Counter[int]:
    """Number of what has not reached the office, by unit. One query."""
    rows = Owed.objects.filter(
        round=round_, sent_on__isnull=True, excused=False, task__void=False, part__task__void=False
    )
    return Counter(rows.order_by().values_list("unit_id", flat=True))


def excuse(actor: Actor, owed: Owed, reason: str) -> None:
    """The office asks no more for a report in its round, with a reason; an empty reason asks for it again."""
    with acting(actor, "owed.excuse", owed, reason=reason) as act:
        words = reason.strip()[:300]
        act.before = {"excused": owed.excused, "excuse": owed.excuse}
        changed = Owed.objects.filter(pk=owed.pk, sent_on__isnull=True).update(excused=bool(words), excuse=words)
        if not changed:
            raise InputError(Words("已经报送，不用免报", "it was sent: there is nothing to excuse"))
        act.after = {"excused": bool(words), "excuse": words}
    owed.refresh_from_db()


def open_due_rounds(actor: Actor, today: dt.date | None = None) -> list[Round]:
    """Opens the rounds whose day has come, of plans whose schedule is automatic; once each. For the machine."""
    day = today or timezone.localdate()
    made = []
    for schedule in Schedule.objects.filter(automatic=True, plan__state=PlanState.ISSUED).select_related("plan"):
        span = periods.holding(day, schedule.rhythm)
        # A machine that stood still over the month's end opens the round of the month before as well.
        before = periods.holding(span.first - dt.timedelta(days=1), schedule.rhythm)
        for one in (before, span):
            opens = periods.opens_on(one, schedule.opens_day)
            if not opens <= day <= opens + dt.timedelta(days=14) or _is_called(schedule.plan, one):
                continue
            due = reckoned(day, schedule.due_workdays)
            natural = day + dt.timedelta(days=round(schedule.due_workdays * _DAYS_A_WORKDAY))
            try:
                made.append(open_round(actor, schedule.plan, one.first, one.last, due_on=due or natural, today=day))
            except InputError:
                # Nothing is owed, or somebody pressed the button meanwhile.
                continue
    return made


def _is_called(plan: Plan, span: periods.Span) -> bool:
    # A cancelled one as well: the office did not want it.
    return Round.objects.filter(plan=plan, first=span.first, last=span.last).exists()
