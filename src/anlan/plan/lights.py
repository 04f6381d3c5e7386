"""The light of a task: the worst of the units that owe its report, and whose it is."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from anlan.foundation.calc.installed import registry
from anlan.foundation.calc.registry import Outcome
from anlan.plan.models import Owes, Task, TaskDuty
from anlan.plan.rewriting import rewrite

_WORST = ("red", "yellow", "green", "done")


@dataclass(frozen=True, slots=True)
class Light:
    """Light of a part or a task: red, yellow, green, done, or "" for work without a date. `outcome` explains it.

    `units` are the short names of those whose light it is.
    """

    colour: str
    outcome: Outcome | None = None
    units: tuple[str, ...] = ()


def of_part(task: Task, part: TaskDuty, today: dt.date) -> Light:
    """Light of one unit's part (calculation supervise.light). A due day before the issue counts from itself."""
    if task.due is None:
        return Light("done", None, (part.unit.short_name,)) if part.done_on else Light("")
    outcome = registry().compute(
        "supervise.light",
        {
            "percent": part.percent,
            "start": min(task.start, task.due).isoformat(),
            "due": task.due.isoformat(),
            "today": today.isoformat(),
            "state": "closed" if part.done_on else None,
        },
    )
    return Light(str(outcome.outputs["light"]), outcome, (part.unit.short_name,))


def of_task(task: Task, parts: Iterable[TaskDuty], today: dt.date) -> Light:
    """Worst light among the parts that owe the report; all units that share it are named."""
    lights = [of_part(task, part, today) for part in parts if part.owes == Owes.REPORT]
    for colour in _WORST:
        worst = [light for light in lights if light.colour == colour]
        if worst:
            names = tuple(name for light in worst for name in light.units)
            return Light(colour, worst[0].outcome, names)
    return Light("")


def glance(parts: Iterable[TaskDuty], today: dt.date) -> Light:
    """As `of_task`, from the days kept on the parts and without the explanation: for lists of many tasks."""
    colours: dict[str, list[str]] = {}
    for part in parts:
        if part.owes == Owes.REPORT:
            colours.setdefault(_glance(part, today), []).append(part.unit.short_name)
    for colour in _WORST:
        if colour in colours:
            return Light(colour, None, tuple(colours[colour]))
    return Light("")


def _glance(part: TaskDuty, today: dt.date) -> str:
    if part.done_on is not None:
        return "done"
    if part.red_on is None or part.yellow_on is None:
        return ""
    return "red" if today >= part.red_on else "yellow" if today >= part.yellow_on else "green"


@functools.lru_cache(maxsize=8192)
def turns(start: dt.date, due: dt.date, percent: int) -> tuple[dt.date, dt.date]:
    """First days on which such work is at least yellow, and red, if nothing more is reported.

    By halving: as time goes by with nothing reported, the light only gets worse. The day after the due day is red.
    """
    start = min(start, due)

    def first(colours: frozenset[str]) -> dt.date:
        low, high = 0, (due - start).days + 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if _colour(start, due, percent, middle) in colours else (middle + 1, high)
        return start + dt.timedelta(days=low)

    return first(frozenset({"yellow", "red"})), first(frozenset({"red"}))


def _colour(start: dt.date, due: dt.date, percent: int, days: int) -> str:
    today = start + dt.timedelta(days=days)
    given = {"percent": percent, "start": start.isoformat(), "due": due.isoformat(), "today": today.isoformat()}
    return str(registry().compute("supervise.light", {**given, "state": None}).outputs["light"])


def turned(part: TaskDuty, task: Task) -> TaskDuty:
    """The part with the days on which its light turns, not saved."""
    known = task.due is not None and part.owes == Owes.REPORT and part.done_on is None
    part.yellow_on, part.red_on = turns(task.start, task.due, part.percent) if known and task.due else (None, None)
    return part


def keep(parts: QuerySet[TaskDuty]) -> None:
    """Puts the days on which the lights of these parts turn right again; called inside whatever changed them."""
    rows = [turned(part, part.task) for part in parts.select_related("task")]
    rewrite(rows, ["yellow_on", "red_on"])


def shining(colour: str, today: dt.date, units: Iterable[int] | None = None) -> Q:
    """Condition on tasks: the light of the task is of this colour ("" for none) on the day, as `of_task` has it.

    With `units` it is the worst light of the parts of these units alone.
    """
    report = TaskDuty.objects.filter(owes=Owes.REPORT)
    if units is not None:
        report = report.filter(unit_id__in=list(units))
    open_ = report.filter(done_on__isnull=True)

    def among(rows: QuerySet[TaskDuty]) -> Q:
        return Q(pk__in=rows.values("task_id"))

    red = among(open_.filter(red_on__lte=today))
    yellow = among(open_.filter(yellow_on__lte=today)) & ~red
    green = among(open_.filter(yellow_on__gt=today)) & ~among(open_.filter(yellow_on__lte=today))
    done = among(report.filter(done_on__isnull=False)) & ~among(open_.filter(red_on__isnull=False))
    known = {"red": red, "yellow": yellow, "green": green, "done": done}
    return known[colour] if colour else ~(red | yellow | green | done)


STANDINGS = ("done", "on_schedule", "behind", "overdue", "none")


def standing(kind: str, today: dt.date, units: Iterable[int] | None = None) -> Q:
    """Condition on tasks: done, on schedule (green), behind (yellow or red, its day yet to come), overdue, or none of
    these, for want of a date or of anybody who reports. Each task is in one of the five. `units` as for `shining`."""
    given = None if units is None else list(units)
    done = shining("done", today, given)
    late = ~done & ~shining("", today, given) & Q(due__lt=today)
    return {
        "done": done,
        "on_schedule": shining("green", today, given) & ~late,
        "behind": (shining("red", today, given) | shining("yellow", today, given)) & ~late,
        "overdue": late,
        "none": shining("", today, given),
    }[kind]
