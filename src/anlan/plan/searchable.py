"""Plans and tasks as the search finds them."""

from __future__ import annotations

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.foundation.search.registry import Found, Source, register
from anlan.plan.models import Document, Plan, PlanState, Task


def _task(task: Task) -> Found | None:
    if task.void:
        return None
    units = " ".join(dict.fromkeys(part.unit.short_name for part in task.duties.all()))
    return Found(str(task), reverse("task", args=[task.pk]), task.chapter, f"{units} {task.measure.text}")


def _plan(plan: Plan) -> Found | None:
    if plan.state == PlanState.WITHDRAWN:
        return None
    return Found(plan.title, reverse("plan", args=[plan.pk]), str(plan.year or ""))


register(
    Source(
        "task",
        _("任务"),
        lambda: Task.objects.select_related("measure").prefetch_related(
            # One text a document, not one a task: joined, ten thousand tasks would carry it ten thousand times.
            Prefetch("measure__document", Document.objects.defer("compiled")),
            "duties__unit",
        ),
        "task.see",
        _task,
    )
)
register(Source("plan", _("文稿"), lambda: Plan.objects.all(), "plan.see", _plan))
