"""Pages of one task: with its source clause, and splitting it. The lists of tasks are in `task_lists`."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may
from anlan.foundation.org.chain import Chains
from anlan.foundation.org.models import Unit
from anlan.plan import actions, chain_pages, chains, queries, relating, story, task_lists
from anlan.plan.lights import of_part, of_task
from anlan.plan.models import Owes
from anlan.settings import InputError


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@require_GET
def task(request: HttpRequest, key: int) -> HttpResponse:
    """One task: facts on the left, the clause it comes from on the right."""
    actor = _actor(request)
    found = get_object_or_404(
        queries.tasks_ever(actor).select_related("measure__document", "parent").prefetch_related("measure__targets"),
        pk=key,
    )
    today = timezone.localdate()
    parts = list(found.duties.all())
    measure = found.measure
    below = list(queries.tasks_ever(actor).filter(parent=found))
    return render(
        request,
        "plan/task.html",
        {
            "task": found,
            "withdrawn": queries.withdrawal(found.plan) if found.void else None,
            "plan": found.plan,
            "measure": measure,
            "light": of_task(found, parts, today),
            "parts": [(part, of_part(found, part, today) if part.owes == Owes.REPORT else None) for part in parts],
            "below": [(one, of_task(one, one.duties.all(), today)) for one in below],
            "deadlines": list(measure.deadlines.all()),
            "targets": list(measure.targets.all()),
            "today": today,
            "chain": chains.of_task(found, Chains(today)),
            "related": relating.related(actor, found),
            "story": story.of_task(actor, found),
            "may_split": may(actor, "task.split", found) and found.parent_id is None,
            "may_read_plan": may(actor, "plan.see", found.plan),
            "lang": "en" if (get_language() or "").startswith("en") else "zh",
        },
    )


@require_POST
def split(request: HttpRequest, key: int) -> HttpResponse:
    """Adds parts below a task, one for each unit that has words."""
    actor = _actor(request)
    found = get_object_or_404(queries.tasks(actor), pk=key)
    parts: list[tuple[Unit, str, dt.date | None]] = []
    for part in found.duties.all():
        title = request.POST.get(f"title-{part.unit_id}", "").strip()
        day = request.POST.get(f"due-{part.unit_id}", "").strip()
        if not title:
            continue
        try:
            parts.append((part.unit, title, dt.date.fromisoformat(day) if day else None))
        except ValueError:
            messages.error(request, _("%(unit)s 的时限“%(day)s”不是日期。") % {"unit": part.unit, "day": day})
            return redirect("task", key)
    try:
        made = actions.split(actor, found, parts)
    except InputError as error:
        for problem in error.problems:
            messages.error(request, problem.speak("en" if (get_language() or "").startswith("en") else "zh"))
    else:
        messages.success(request, _("已拆分出 %(n)d 项子任务。") % {"n": len(made)})
    return redirect("task", key)


urlpatterns = [
    *task_lists.urlpatterns,
    *chain_pages.urlpatterns,
    path("tasks/<int:key>/", task, name="task"),
    path("tasks/<int:key>/split/", split, name="task-split"),
]
