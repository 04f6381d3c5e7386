"""Tags of progress: what the page of a task shows of it, figures as pages write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template

from anlan.foundation.access.actor import NOBODY
from anlan.plan.models import Task
from anlan.plan.progress import figures, on_task
from anlan.plan.progress.models import Figure

register = template.Library()


@register.simple_tag(takes_context=True)
def progress_of(context: template.Context, task: Task) -> on_task.Told:
    """What the page of a task shows of its progress: {% progress_of task as told %}."""
    actor: Any = context.get("actor") or NOBODY
    return on_task.of(actor, task)


@register.filter
def figure(row: Figure) -> str:
    """Figure with its unit: as computed, and as typed where that differs."""
    found = figures.of(row)
    if found is None:
        return row.text
    told = f"{found}{row.target.unit}"
    bare = "".join(row.text.split())
    return told if bare in (str(found), told) else f"{told}（{row.text}）"


@register.filter
def number(value: Decimal) -> str:
    """Amount without sign and without zeros at the end."""
    return figures.written(abs(value))
