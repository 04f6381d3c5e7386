"""What the plan room tells the others: which reports on tasks are late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils import timezone

from anlan.foundation.facts.kinds import LATENESS, Late
from anlan.foundation.facts.providers import FACTS
from anlan.plan.models import Owes, TaskDuty


def late(unit_ids: Iterable[int] | None = None, today: dt.date | None = None) -> Iterator[Late]:
    """Parts of tasks that carry the report and are past their day, of these units or of all. One query."""
    rows = TaskDuty.objects.filter(
        owes=Owes.REPORT, done_on__isnull=True, task__void=False, task__due__lt=today or timezone.localdate()
    ).select_related("task")
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=list(unit_ids))
    for part in rows.order_by("task__due", "pk"):
        due = part.task.due
        assert due is not None  # the condition says so
        yield Late(str(part.task), part.unit_id, due, reverse("task", args=[part.task_id]))


def offer() -> None:
    """Names the provider."""
    FACTS.offer(LATENESS.name, "plan", late)
