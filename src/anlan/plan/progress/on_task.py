"""What the page of a task shows of its progress: targets, the latest reports, the parts below it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may
from anlan.plan.models import Owes, Target, Task, TaskDuty
from anlan.plan.progress import queries, sharing, standing
from anlan.plan.progress.counting import counting
from anlan.plan.progress.models import Report, Split


@dataclass(frozen=True, slots=True)
class TargetLine:
    """Target with how far it is and how it is split."""

    target: Target
    standing: sharing.Standing | None
    split: Split | None
    shares: int


@dataclass(frozen=True, slots=True)
class Below:
    """Parts of a task rolled up: their mean percent rounded down, how many are done, the slowest unit."""

    percent: int
    count: int
    done: int
    worst: str
    least: int


@dataclass(slots=True)
class Told:
    """All of it; what the reader may not see is left out."""

    targets: list[TargetLine] = field(default_factory=list)
    parts: list[tuple[TaskDuty, Report]] = field(default_factory=list)
    lines: list[tuple[TaskDuty, Report]] = field(default_factory=list)
    below: Below | None = None
    may_split: bool = False


def of(actor: Actor, task: Task) -> Told:
    """What the reader sees of the progress of a task."""
    told = Told()
    below = list(
        TaskDuty.objects.filter(task__parent=task, task__void=False, owes=Owes.REPORT)
        .select_related("unit")
        .order_by("percent", "pk")
    )
    if below:
        least = below[0]
        told.below = Below(
            sum(part.percent for part in below) // len(below),
            len(below),
            sum(part.done_on is not None for part in below),
            least.unit.short_name if least.done_on is None else "",
            least.percent,
        )
    targets = list(Target.objects.filter(measure=task.measure_id).order_by("pk"))
    if targets and task.parent_id is None:
        tasks = [task.pk, *{part.task_id for part in below}]
        found = standing.reached(tasks, targets)
        rows = Split.objects.filter(target__in=targets).annotate(n=Count("shares"))
        splits = {one.target_id: one for one in rows}
        told.targets = [
            TargetLine(
                one,
                standing.of_target(one, found),
                splits.get(one.pk),
                getattr(splits.get(one.pk), "n", 0),
            )
            for one in targets
        ]
        told.may_split = may(actor, "target.split")
    parts = {part.pk: part for part in TaskDuty.objects.filter(task=task).select_related("unit")}
    counted = counting(parts)
    seen = queries.whole(queries.reports(actor, Report.objects.filter(pk__in=[one.pk for one in counted.values()])))
    for one in seen.order_by("owed__part_id"):
        kept = told.lines if one.owed.is_contribution else told.parts
        kept.append((parts[one.owed.part_id], one))
    return told
