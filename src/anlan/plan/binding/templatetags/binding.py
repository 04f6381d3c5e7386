"""What the rows say of the targets on the page of a task: {% facts_of told.targets as lines %}."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template

from anlan.foundation.access.actor import NOBODY
from anlan.foundation.access.rules import may
from anlan.plan.binding import queries
from anlan.plan.binding.queries import Line
from anlan.plan.models import Task
from anlan.plan.progress.on_task import TargetLine

register = template.Library()


@dataclass(frozen=True, slots=True)
class OnTask:
    """Targets of a task with what the rows say; whether the reader may bind them, whether any of them is bound."""

    lines: list[tuple[TargetLine, Line]]
    may_bind: bool

    @property
    def any_bound(self) -> bool:
        """Whether a column for the rows is worth its room."""
        return self.may_bind or any(line.bound for _target, line in self.lines)


@register.simple_tag(takes_context=True)
def facts_of(context: template.Context, task: Task, targets: Sequence[TargetLine]) -> OnTask:
    """Targets as progress shows them, each with its rows beside it. Figures of the same rows go together."""
    actor: Any = context.get("actor") or NOBODY
    found = queries.bound([one.target for one in targets], actor) if targets else {}
    lines = [
        (one, Line(one.target, task, one.standing.reached if one.standing else None, found.get(one.target.pk)))
        for one in targets
    ]
    return OnTask(lines, may(actor, "target.bind"))


@register.inclusion_tag("binding/counted.html")
def counted(line: Line, plain: bool = False) -> dict[str, object]:
    """What the rows say of a target, with what is wrong with the binding."""
    return {"line": line, "bound": line.bound, "plain": plain}


@register.inclusion_tag("binding/gap.html")
def gap(line: Line) -> dict[str, object]:
    """The gap between report and rows, as a mark with its figure."""
    return {"line": line, "gap": line.gap, "bound": line.bound}
