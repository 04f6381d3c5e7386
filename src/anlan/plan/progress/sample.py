"""Sample reports for a sample plan: rounds of the year as an office would have seen them, marked as samples.

The same plan gives the same reports: what stands where hangs on the place of a part in the plan, not on chance. Rows
are written in bulk, with the events that the steps would have left, so that setting up stays quick.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone

from anlan.foundation import quantities
from anlan.foundation.access.models import Grant
from anlan.foundation.access.roles import Role
from anlan.foundation.calendars.calendar import national
from anlan.foundation.flow.models import Event
from anlan.foundation.org.models import Unit, UnitKind
from anlan.foundation.search import index
from anlan.plan.lights import turned
from anlan.plan.models import Owes, Plan, Target, TaskDuty
from anlan.plan.progress import calling, figures, periods
from anlan.plan.progress.flow import REPORT
from anlan.plan.progress.models import Figure, Owed, Report, ReportState, Round, Schedule, Split, TargetShare

_RHYTHM, _OPENS, _WORKDAYS = "quarter", 25, 5
# How far work is in the first, second … round, by the place of its part; 100 is done.
_PACES = ((30, 60, 100), (25, 50, 85), (40, 100, 100), (20, 55, 90), (35, 70, 100), (10, 30, 60), (45, 80, 100))
_NARRATIVES = (
    "（示例）已印发实施方案，明确分工和时间节点，完成现场摸底。",
    "（示例）按方案推进，重点点位已完成整治，正在组织验收资料。",
    "（示例）年度任务已完成，已组织验收，资料归档备查。",
)
_OBSTACLES = "（示例）个别点位因雨水偏多进度受影响。"
_NEXT = "（示例）倒排工期，逐点销号，下期报告完成数量。"
_OFFICE = "示例长江办"
_LINE = "（示例）按职责提供资料并参加联合检查。"


@dataclass(slots=True)
class _Given:
    """Parts of the plan by key, units whose people sign in, targets by measure, shares by unit and measure."""

    parts: dict[int, TaskDuty]
    with_people: frozenset[int | None]
    targets: dict[int, list[Target]] = field(default_factory=dict)
    shares: dict[tuple[int, int], TargetShare] = field(default_factory=dict)


@dataclass(slots=True)
class _Made:
    """Rows on their way to the stores, with the steps each report took."""

    reports: list[Report] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    steps: list[tuple[Report, list[str], dt.date]] = field(default_factory=list)
    sent: list[Owed] = field(default_factory=list)


def bring(plan: Plan, today: dt.date) -> int:
    """Rounds with reports of a plan that is issued and a sample; gives the number of rounds."""
    if not plan.sample or plan.issued_on is None or Round.objects.filter(plan=plan).exists():
        return 0
    Schedule.objects.get_or_create(
        plan=plan, defaults={"rhythm": _RHYTHM, "opens_day": _OPENS, "due_workdays": _WORKDAYS}
    )
    spans = list(_spans(plan, plan.issued_on, today))
    if spans:
        _split(plan)
    given = _given(plan)
    for number, (span, opened, due) in enumerate(spans):
        _round(plan, given, span, opened, due, number, is_last=number == len(spans) - 1)
    index.put_where("report", owed__round__plan=plan)
    return len(spans)


def _given(plan: Plan) -> _Given:
    """All that the reports are made from, read once."""
    given = _Given(
        {part.pk: part for part in TaskDuty.objects.filter(task__plan=plan).select_related("task")},
        frozenset(Grant.objects.filter(role=Role.HANDLER, account__is_active=True).values_list("unit_id", flat=True)),
    )
    for target in Target.objects.filter(measure__tasks__plan=plan, low__isnull=False).distinct():
        given.targets.setdefault(target.measure_id, []).append(target)
    for share in TargetShare.objects.filter(split__target__measure__tasks__plan=plan).select_related("split__target"):
        given.shares[share.unit_id, share.split.target.measure_id] = share
    return given


def _spans(plan: Plan, issued: dt.date, today: dt.date) -> Iterator[tuple[periods.Span, dt.date, dt.date]]:
    end = min(today, dt.date(plan.year or issued.year, 12, 31))
    for span in periods.between(issued, end, _RHYTHM):
        opened = periods.opens_on(span, _OPENS)
        due = periods.due(opened, _WORKDAYS, national()).last_day or opened + dt.timedelta(days=7)
        if issued < opened <= today:
            yield span, opened, due


def _round(
    plan: Plan, given: _Given, span: periods.Span, opened: dt.date, due: dt.date, number: int, *, is_last: bool
) -> None:
    round_ = Round.objects.create(
        plan=plan,
        first=span.first,
        last=span.last,
        due_on=due,
        reckoned_on=due,
        opened_at=_at(opened),
        opened_by_name=_OFFICE,
        sample=True,
    )
    rows = Owed.objects.bulk_create(calling.owing(round_), batch_size=500)
    made = _Made()
    for row in rows:
        part = given.parts[row.part_id]
        state = _state(_place(part), number, is_last, row.unit_id in given.with_people)
        if state is not None:
            _report(made, row, part, number, state, opened, due)
            made.figures += _figures(row, part, number, given)
    Report.objects.bulk_create(made.reports, batch_size=500)
    Figure.objects.bulk_create(made.figures, batch_size=500)
    for row in made.sent:
        row.accepted = row.current if row.current and row.current.state == ReportState.ACCEPTED else None
    Owed.objects.bulk_update(made.sent, ["current", "accepted", "sent_on"], batch_size=200)
    Event.objects.bulk_create(_events(made), batch_size=500)
    changed = []
    for row in made.sent:
        if row.accepted and row.owes == Owes.REPORT:
            part = given.parts[row.part_id]
            part.percent, part.done_on = row.accepted.percent or 0, row.accepted.done_on
            changed.append(turned(part, part.task))
    TaskDuty.objects.bulk_update(changed, ["percent", "done_on", "yellow_on", "red_on"], batch_size=200)


def _place(part: TaskDuty) -> int:
    return part.task.order + part.unit_id


def _pace(part: TaskDuty, number: int) -> int:
    """By the task alone, so that the units of a task keep step and some tasks are done as a whole."""
    paces = _PACES[part.task.order % len(_PACES)]
    return max(paces[min(number, len(paces) - 1)], part.percent)


def _state(place: int, number: int, is_last: bool, has_people: bool) -> str | None:
    """Where the report of a part stands in a round; None for one that never came. The last round is still at work."""
    if place % 11 == 7 and number != 1:
        return None
    if not is_last:
        return ReportState.ACCEPTED
    if has_people:
        # The unit whose people sign in finds something of each kind to do.
        return (ReportState.ACCEPTED, ReportState.SUBMITTED, None, ReportState.APPROVED, "returned")[place % 5]
    return ReportState.APPROVED if place % 9 == 4 else ReportState.ACCEPTED


def _report(made: _Made, row: Owed, part: TaskDuty, number: int, state: str, opened: dt.date, due: dt.date) -> None:
    place = _place(part)
    is_late = place % 8 == 3
    sent = due + dt.timedelta(days=4) if is_late else opened + dt.timedelta(days=1 + place % 4)
    contribution = row.owes == Owes.CONTRIBUTION
    percent = None if contribution else _pace(part, number)
    report = Report(
        owed=row,
        state=ReportState.DRAFT if state == "returned" else state,
        percent=percent,
        done_on=sent if percent == 100 else None,
        narrative=_LINE if contribution else _NARRATIVES[min(2, (percent or 0) // 50)],
        obstacles="" if contribution or place % 3 else _OBSTACLES,
        next_step="" if contribution or percent == 100 else _NEXT,
        changed_at=_at(sent),
        changed_by_name="示例经办人",
        submitted_at=None if state == "returned" else _at(sent),
        accepted_at=_at(sent + dt.timedelta(days=2)) if state == ReportState.ACCEPTED else None,
        returned="（示例）请补充完成数量和验收时间。" if state == "returned" else "",
        sample=True,
    )
    row.current = report
    if state in (ReportState.ACCEPTED, ReportState.APPROVED, "returned"):
        row.sent_on = sent
    steps = {
        ReportState.ACCEPTED.value: ["submit", "approve", "accept"],
        ReportState.APPROVED.value: ["submit", "approve"],
        ReportState.SUBMITTED.value: ["submit"],
        "returned": ["submit", "approve", "return"],
    }[str(state)]
    made.reports.append(report)
    made.sent.append(row)
    made.steps.append((report, steps, sent))


def _figures(row: Owed, part: TaskDuty, number: int, given: _Given) -> Iterator[Figure]:
    """Figures at the pace of the task: of every target by those who report, of its share by who contributes."""
    assert row.current is not None
    percent = _pace(part, number)
    share = given.shares.get((row.unit_id, part.task.measure_id))
    for target in given.targets.get(part.task.measure_id, []):
        assert target.low is not None
        amount = figures.Exact(target.low, target.scale)
        if row.owes == Owes.CONTRIBUTION:
            if share is None or share.split.target_id != target.pk:
                continue
            amount = figures.Exact(share.value, share.scale)
        elif figures.adds_up(target.unit):
            amount = figures.Exact(_part_of(amount.value, part, given), amount.scale)
        if figures.adds_up(target.unit):
            # Down to the places of the target: nobody reports two thirds of a farm.
            amount = figures.Exact(amount.value * percent // 100, amount.scale)
        text = f"{amount}{target.unit}"[:100]
        yield Figure(report=row.current, target=target, text=text, value=amount.value, scale=amount.scale)


def _part_of(value: int, part: TaskDuty, given: _Given) -> int:
    """What one of several units that report on a task has to do of an amount; the first takes what is left over."""
    units = sorted(
        one.unit_id for one in given.parts.values() if one.task_id == part.task_id and one.owes == Owes.REPORT
    )
    each, over = divmod(value, len(units))
    return each + (over if part.unit_id == units[0] else 0)


def _events(made: _Made) -> Iterator[Event]:
    for report, steps, sent in made.steps:
        state = REPORT.first
        for n, code in enumerate(steps):
            step = REPORT.step(code)
            yield Event(
                flow=REPORT.code,
                kind=report._meta.label_lower,
                object_id=report.pk,
                transition=code,
                source=state,
                target=step.target,
                at=_at(sent + dt.timedelta(days=n)),
                actor_name="示例经办人" if code == "submit" else "示例负责人" if code == "approve" else _OFFICE,
                reason=report.returned if code == "return" else "",
            )
            state = step.target


def _split(plan: Plan) -> None:
    """The first target that adds up, split over townships and confirmed: what is left over goes to the first."""
    townships = list(Unit.objects.filter(kind=UnitKind.TOWNSHIP).order_by("code")[:5])
    rows = Target.objects.filter(measure__tasks__plan=plan, low__isnull=False).order_by("pk").distinct()
    # An area is what townships share; a capacity or a number of pilots is not.
    areas = [one for one in rows if quantities.kind(one.unit) == "area"]
    target = max(areas, key=_square_metres, default=None)
    if target is None or len(townships) < 2:
        return
    assert target.low is not None
    each, over = divmod(target.low, len(townships))
    split = Split.objects.create(target=target, confirmed_at=timezone.now(), confirmed_by_name=_OFFICE)
    for n, unit in enumerate(townships):
        value = each + (over if n == 0 else 0)
        text = figures.written(Decimal(value).scaleb(-target.scale))
        TargetShare.objects.create(split=split, unit=unit, text=f"{text}{target.unit}", value=value, scale=target.scale)


def _square_metres(target: Target) -> Decimal:
    return quantities.convert(figures.Exact(target.low or 0, target.scale).number, target.unit, "m2")


def _at(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(10, 0)))
