"""Targets at the end of a month, for the summary: what had been reported by then, and what the rows said then."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from anlan.foundation.access.actor import Actor
from anlan.plan import queries as plans
from anlan.plan.binding import queries
from anlan.plan.models import Plan, Target, Task
from anlan.plan.progress import standing
from anlan.plan.progress.figures import Exact, written


@dataclass(frozen=True, slots=True)
class Then:
    """Target as it stood on a day. `counted` is "" where it was not bound then, or the rows gave no figure."""

    target: Target
    task: Task
    reported: Exact | None
    counted: str
    gap: Decimal | None
    title: str


def at_the_end(actor: Actor, plan: Plan, day: dt.date) -> list[Then]:
    """Targets of a plan's tasks that the actor may see, as they stood at the end of a day.

    Today's figures are worked out now, those of a day that is over are the ones kept then.
    """
    if day >= timezone.localdate():
        return [_now(line) for line in queries.lines(actor, plan)]
    tasks = list(plans.tasks(actor).filter(plan=plan, parent__isnull=True, start__lte=day).order_by("order", "pk"))
    by_measure = {one.measure_id: one for one in tasks}
    targets = list(Target.objects.filter(measure__in=by_measure).order_by("pk"))
    targets.sort(key=lambda one: (by_measure[one.measure_id].order, one.pk))
    parts = Task.objects.filter(parent__in=tasks, void=False).values_list("pk", flat=True)
    found = standing.reached([*(one.pk for one in tasks), *parts], targets, day)
    kept = queries.then(targets, day)
    made = []
    for one in targets:
        reported = standing.whole(one, found)
        exact, binding = kept.get(one.pk, (None, None))
        gap = reported.number - exact.number if reported and exact else None
        made.append(
            Then(
                one,
                by_measure[one.measure_id],
                reported,
                str(exact) if exact else "",
                gap,
                binding.title if binding else "",
            )
        )
    return made


def _now(line: queries.Line) -> Then:
    bound = line.bound
    counted = "" if bound is None or bound.shown is None else written(bound.shown)
    return Then(line.target, line.task, line.reported, counted, line.gap, bound.binding.title if bound else "")
