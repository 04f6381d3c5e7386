"""The light of a task: the worst of the units that owe its report, and whose it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from anlan.foundation.calc.installed import registry
from anlan.foundation.calc.registry import Outcome
from anlan.plan.models import Owes, Task, TaskDuty

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
        return Light("done" if part.done_on else "")
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
