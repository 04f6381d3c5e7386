"""Tasks follow their measures: when an issued plan is corrected, settled further or gets a new version.

A task is made once its measure has no open question, void once the measure is gone, and keeps its reports throughout.
Called inside the action that changed the measures.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from anlan.foundation.notices.actions import notify
from anlan.foundation.search import index
from anlan.plan import issuing, lights
from anlan.plan.models import (
    Deadline,
    Duty,
    DutyRole,
    Measure,
    Plan,
    PlanState,
    Question,
    Task,
    TaskDuty,
)
from anlan.plan.rewriting import rewrite

_FIELDS = ("number", "title", "chapter", "due", "due_text")


@dataclass(slots=True)
class Followed:
    """What became of the tasks: titles of new and void ones, changes by task, and what each unit is told."""

    added: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)
    void: list[str] = field(default_factory=list)
    units: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    keys: list[int] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """For the journal; nothing where no task changed."""
        found = {"added": self.added, "changed": self.changed, "void": self.void}
        return {key: value for key, value in found.items() if value}


def follow(
    plan: Plan, measures: Iterable[Measure], *, stamp: str, why: str = "", gone: dict[int, str] | None = None
) -> Followed:
    """Brings the tasks of these measures up to date and tells the units; nothing for a plan that is not issued.

    `measures` are as they stand in the store, struck ones as well. `why` is the reason of a part or a task that ends;
    measures in `gone` are over, each with its reason. `stamp` names the action, so that each is told once.
    """
    done = Followed()
    if plan.state != PlanState.ISSUED:
        return done
    _follow(plan, list(measures), done, why, gone or {})
    order = Measure.every.filter(pk=OuterRef("measure")).values("order")
    Task.objects.filter(plan=plan).exclude(order=Subquery(order)).update(order=Subquery(order))
    if done.keys:
        lights.keep(TaskDuty.objects.filter(task__in=done.keys))
        index.put_where("task", pk__in=done.keys)
        _tell(plan, done, stamp)
    return done


def _follow(plan: Plan, measures: list[Measure], done: Followed, why: str, gone: dict[int, str]) -> None:
    today = timezone.localdate()
    by_measure = {measure.pk: measure for measure in measures}
    tasks = {task.measure_id: task for task in Task.objects.filter(measure__in=measures, parent__isnull=True)}
    limits: dict[int, list[Deadline]] = defaultdict(list)
    for limit in Deadline.objects.filter(measure__in=measures).order_by("date"):
        limits[limit.measure_id].append(limit)
    duties: dict[int, list[Duty]] = defaultdict(list)
    for duty in Duty.objects.filter(measure__in=measures):
        duties[duty.measure_id].append(duty)
    asking = set(Question.objects.filter(measure__in=measures, closed_at=None).values_list("measure_id", flat=True))
    members = _Members()
    new = [m for m in measures if not m.struck and m.pk not in gone and m.pk not in tasks and m.pk not in asking]
    made = Task.objects.bulk_create(issuing.task_of(plan, m, limits[m.pk], today) for m in new)
    parts = TaskDuty.objects.bulk_create(
        part for task in made for part in issuing.parts_of(task, duties[task.measure_id], members.on(today))
    )
    for task in made:
        done.added.append(str(task))
        done.keys.append(task.pk)
    for part in parts:
        done.units[part.unit_id]["added"] += 1
    over = {key for key, measure in by_measure.items() if measure.struck or key in gone}
    ended = [task for key, task in tasks.items() if key in over and not task.void]
    for task in ended:
        end(task, gone.get(task.measure_id, why), done)
    _update(
        [
            (task, issuing.task_of(plan, by_measure[key], limits[key], task.start), duties[key])
            for key, task in tasks.items()
            if key not in over
        ],
        members,
        done,
        why,
    )


def end(task: Task, reason: str, done: Followed) -> None:
    """Makes a task void with its parts, whose units are told."""
    for unit in TaskDuty.objects.filter(task=task).values_list("unit_id", flat=True):
        done.units[unit]["gone"] += 1
    below = list(Task.objects.filter(parent=task, void=False))
    Task.objects.filter(pk__in=[task.pk, *(one.pk for one in below)]).update(void=True, void_reason=reason[:300])
    done.void.append(str(task))
    done.keys += [task.pk, *(one.pk for one in below)]


def _update(rows: Sequence[tuple[Task, Task, list[Duty]]], members: _Members, done: Followed, why: str) -> None:
    parts: dict[int, dict[int, TaskDuty]] = defaultdict(dict)
    for part in TaskDuty.objects.filter(task__in=[task.pk for task, _, _ in rows]).select_related("unit"):
        parts[part.task_id][part.unit_id] = part
    below: dict[int, list[Task]] = defaultdict(list)
    for child in Task.objects.filter(parent__in=[task.pk for task, _, _ in rows]).prefetch_related("duties"):
        below[child.parent_id or 0].append(child)
    changed = []
    for task, wanted, duties in rows:
        said, weighs = _fields(task, wanted, below[task.pk])
        back = task.void
        due = {part.unit_id: part for part in issuing.parts_of(task, duties, members.on(task.start))}
        moved, told = _parts(task, due, parts[task.pk], below, done, why)
        said += moved
        if not said and not back:
            continue
        if back:
            # The parts below that ended with it.
            Task.objects.filter(parent=task, void_reason=task.void_reason).update(void=False, void_reason="")
            task.void, task.void_reason = False, ""
        changed.append(task)
        done.changed[str(task)] = [*(["恢复"] if back else []), *said]
        done.keys += [task.pk, *(child.pk for child in below[task.pk])]
        if not (weighs or moved or back):
            continue
        for unit in due.keys() - told:
            done.units[unit]["added" if back else "changed"] += 1
    rewrite(changed, [*_FIELDS, "void", "void_reason"])


def _fields(task: Task, wanted: Task, below: list[Task]) -> tuple[list[str], bool]:
    """Takes over what differs; gives it in words, and whether units have to hear of it: not of a number alone.

    Parts below go with their task, and end no later than it.
    """
    said, weighs = [], False
    due, title = task.due, task.title
    for name in _FIELDS:
        old, new = getattr(task, name), getattr(wanted, name)
        if old != new:
            setattr(task, name, new)
            weighs = weighs or name not in ("number", "chapter")
            said.append(f"{name}: {old if old is not None else '—'} → {new if new is not None else '—'}")
    for child in below:
        child.number, child.chapter = task.number, task.chapter
        if child.title == title:
            child.title = task.title
        if child.due == due or (child.due and task.due and child.due > task.due):
            child.due, child.due_text = task.due, task.due_text
    rewrite(below, _FIELDS)
    return said, weighs


def _parts(
    task: Task,
    asked: dict[int, TaskDuty],
    have: dict[int, TaskDuty],
    below: dict[int, list[Task]],
    done: Followed,
    why: str,
) -> tuple[list[str], set[int]]:
    """Gives parts to units that are new, changes them, and puts those that ended into a void task below.

    Gives what it did in words, and the units whose part it was.
    """
    said: list[str] = []
    told: set[int] = set()
    shelved = {part.unit_id: part for child in below[task.pk] if child.void for part in child.duties.all()}
    for unit, part in asked.items():
        old = have.get(unit)
        if old is None:
            _give(task, part, shelved.get(unit))
            said.append(f"+ {part.unit}（{DutyRole(part.role).value}）")
            done.units[unit]["added"] += 1
            told.add(unit)
        elif (old.role, old.owes, old.via_id) != (part.role, part.owes, part.via_id):
            said.append(f"{part.unit}: {old.role} → {part.role}")
            old.role, old.owes, old.via_id = part.role, part.owes, part.via_id
            old.save(update_fields=["role", "owes", "via"])
            done.units[unit]["changed"] += 1
            told.add(unit)
    ended = [part for unit, part in have.items() if unit not in asked]
    if ended:
        shelf = Task.objects.create(
            plan_id=task.plan_id,
            measure_id=task.measure_id,
            parent=task,
            void=True,
            void_reason=why[:300],
            start=task.start,
            order=task.order,
            **{name: getattr(task, name) for name in _FIELDS},
        )
        TaskDuty.objects.filter(pk__in=[part.pk for part in ended]).update(task=shelf)
        Task.objects.filter(parent=task, void=False, duties__unit__in=[part.unit_id for part in ended]).update(
            void=True, void_reason=why[:300]
        )
        for part in ended:
            said.append(f"− {part.unit}")
            done.units[part.unit_id]["gone"] += 1
    return said, told


def _give(task: Task, part: TaskDuty, shelved: TaskDuty | None) -> None:
    """Part for a unit: the one it had before, with its reports, or a new one."""
    if shelved is None:
        part.save()
        return
    TaskDuty.objects.filter(pk=shelved.pk).update(task=task, role=part.role, owes=part.owes, via=part.via_id)


class _Members:
    """Members of all groups on a day, each day asked for once: a part follows the day its task was handed out."""

    def __init__(self) -> None:
        self._days: dict[dt.date, dict[int, list[int]]] = {}

    def on(self, day: dt.date) -> dict[int, list[int]]:
        """Units of each group on the day."""
        if day not in self._days:
            self._days[day] = issuing.members_on(day)
        return self._days[day]


def _tell(plan: Plan, done: Followed, stamp: str) -> None:
    for grant in issuing.listeners(done.units):
        counts = done.units[grant.unit_id or 0]
        notify(
            [grant.account],
            "plan.changed",
            key=f"{plan.pk}-{grant.unit_id}-{stamp}",
            args={
                "plan": plan.title,
                "added": counts["added"],
                "changed": counts["changed"],
                "gone": counts["gone"],
            },
            obj=plan,
            url=f"{reverse('tasks')}?unit={grant.unit_id}&plan={plan.pk}",
        )
