"""Making tasks of measures: who owes the report, who a contribution, by when."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from anlan.foundation.access.models import Grant
from anlan.foundation.access.roles import Role
from anlan.foundation.notices.actions import notify
from anlan.foundation.org.models import Membership, Unit, in_force
from anlan.plan import lights, queries
from anlan.plan.models import Deadline, Duty, DutyRole, Measure, Owes, Plan, Task, TaskDuty
from anlan.settings import InputError, Words

_ORDER = (DutyRole.LEAD, DutyRole.RESPONSIBLE, DutyRole.COOPERATING)


def hand_out(plan: Plan, day: dt.date) -> list[Task]:
    """One task per measure of the document in force, with the parts of all units on `day`; inserted in bulk."""
    document = queries.document(plan)
    measures = list(document.measures.all())
    limits: dict[int, list[Deadline]] = defaultdict(list)
    for limit in Deadline.objects.filter(measure__document=document).order_by("date"):
        limits[limit.measure_id].append(limit)
    duties: dict[int, list[Duty]] = defaultdict(list)
    for duty in Duty.objects.filter(measure__document=document):
        duties[duty.measure_id].append(duty)
    members = members_on(day)
    tasks = Task.objects.bulk_create(task_of(plan, measure, limits[measure.pk], day) for measure in measures)
    TaskDuty.objects.bulk_create(
        lights.turned(part, task) for task in tasks for part in parts_of(task, duties[task.measure_id], members)
    )
    return tasks


def members_on(day: dt.date) -> dict[int, list[int]]:
    """Ids of the units in each group on the day, in the order of the units."""
    members: dict[int, list[int]] = defaultdict(list)
    for one in Membership.objects.filter(in_force(day)).order_by("unit__code"):
        members[one.group_id].append(one.unit_id)
    return members


def task_of(plan: Plan, measure: Measure, limits: Sequence[Deadline], day: dt.date) -> Task:
    """Task of a measure handed out on `day`, not saved; `limits` are its deadlines by date."""
    dated = [limit for limit in limits if limit.date]
    # A measure with several dates is done when its last one has come; the earlier ones stay on its page.
    last = dated[-1] if dated else None
    return Task(
        plan=plan,
        measure=measure,
        number=measure.number,
        title=measure.title,
        order=measure.order,
        chapter=" / ".join(measure.chapter)[:500],
        start=day,
        due=last.date if last else None,
        due_text=(last.text if last else "、".join(limit.text for limit in limits))[:200],
    )


def parts_of(task: Task, duties: Iterable[Duty], members: dict[int, list[int]]) -> Iterable[TaskDuty]:
    """Part of each unit, once, in its weightiest role; not saved.

    The lead owes the report; without one the responsible units do. Cooperating units, responsible ones beside a lead
    and members of a group owe a contribution; where a group is all there is, its members owe the report.
    """
    ranked = sorted(duties, key=lambda duty: _ORDER.index(DutyRole(duty.role)))
    owners = [duty for duty in ranked if duty.role != DutyRole.COOPERATING]
    leading = any(duty.role == DutyRole.LEAD for duty in owners)
    first = DutyRole.LEAD if leading else DutyRole.RESPONSIBLE
    single = [duty for duty in owners if duty.role == first and duty.unit_id is not None]
    found: dict[int, TaskDuty] = {}
    # Units named themselves come before those that a group brings in, so that a group never takes a report away.
    for duty in [*(d for d in ranked if d.unit_id is not None), *(d for d in ranked if d.unit_id is None)]:
        units = [duty.unit_id] if duty.unit_id is not None else members.get(duty.group_id or 0, [])
        owes = duty.role == first and (duty.unit_id is not None or not single)
        for unit in units:
            if unit is None or unit in found:
                continue
            found[unit] = TaskDuty(
                task=task,
                unit_id=unit,
                role=duty.role,
                owes=Owes.REPORT if owes else Owes.CONTRIBUTION,
                via_id=duty.group_id,
            )
    return found.values()


def tell(plan: Plan) -> None:
    """Tells the handlers and leaders of every unit with a part in the plan how much is theirs."""
    owed: dict[int, Counter[str]] = defaultdict(Counter)
    for unit_id, owes in TaskDuty.objects.filter(task__plan=plan).values_list("unit_id", "owes"):
        owed[unit_id][owes] += 1
    for grant in listeners(owed):
        counts = owed[grant.unit_id or 0]
        notify(
            [grant.account],
            "plan.issued",
            key=f"{plan.pk}-{grant.unit_id}",
            args={"plan": plan.title, "reports": counts[Owes.REPORT], "contributions": counts[Owes.CONTRIBUTION]},
            obj=plan,
            url=f"{reverse('tasks')}?unit={grant.unit_id}&plan={plan.pk}",
        )


def listeners(unit_ids: Iterable[int]) -> QuerySet[Grant]:
    """Grants of those who hear for these units: handlers and leaders who may sign in, with their accounts."""
    return Grant.objects.filter(
        in_force(timezone.localdate()),
        unit_id__in=list(unit_ids),
        role__in=[Role.HANDLER, Role.UNIT_LEADER],
        account__is_active=True,
    ).select_related("account")


def split(task: Task, parts: Sequence[tuple[Unit, str, dt.date | None]]) -> list[Task]:
    """Tasks below a task. Raises InputError with everything that is wrong with the parts."""
    problems = []
    if task.parent_id is not None:
        problems.append(Words("子任务不能再拆分", "a part cannot be split again"))
    if not parts:
        problems.append(Words("请至少填写一个子任务", "give at least one part"))
    taken = set(TaskDuty.objects.filter(task__parent=task, task__void=False).values_list("unit_id", flat=True))
    for number, (unit, title, due) in enumerate(parts, start=1):
        if not title.strip():
            problems.append(Words(f"第 {number} 项没有写做什么", f"part {number} does not say what to do"))
        if unit.pk in taken:
            problems.append(Words(f"{unit} 已有子任务", f"{unit} has a part already"))
        taken.add(unit.pk)
        if due and task.due and due > task.due:
            problems.append(
                Words(
                    f"第 {number} 项的时限 {due} 晚于本任务的 {task.due}",
                    f"part {number} is due on {due}, after the task itself ({task.due})",
                )
            )
    if problems:
        raise InputError(*problems)
    made = Task.objects.bulk_create(
        Task(
            plan_id=task.plan_id,
            measure_id=task.measure_id,
            parent=task,
            number=task.number,
            title=title.strip()[:500],
            order=task.order,
            chapter=task.chapter,
            start=task.start,
            due=due or task.due,
            due_text="" if due else task.due_text,
        )
        for _, title, due in parts
    )
    TaskDuty.objects.bulk_create(
        lights.turned(TaskDuty(task=one, unit=unit, role=DutyRole.RESPONSIBLE, owes=Owes.REPORT), one)
        for one, (unit, _, _) in zip(made, parts, strict=True)
    )
    return made
