"""Pages of tasks: list, board by unit, one task with its source clause."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import may
from anlan.foundation.org.models import Unit
from anlan.foundation.screens import marks
from anlan.foundation.screens.listing import Column, Filter, Listing
from anlan.plan import actions, queries
from anlan.plan.lights import of_part, of_task
from anlan.plan.models import DutyRole, Owes, Plan, Task, TaskDuty
from anlan.settings import InputError

_EVERYWHERE = (Role.CLERK, Role.LEADER, Role.VERIFIER)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _due_words() -> list[tuple[str, str]]:
    return [
        ("overdue", _("已逾期")),
        ("soon", _("30 天内到期")),
        ("later", _("30 天以后")),
        ("none", _("没有日期")),
    ]


@require_GET
def tasks(request: HttpRequest) -> HttpResponseBase:
    """Tasks the reader may see, by unit, chapter and deadline."""
    actor = _actor(request)
    if not may(actor, "task.see"):
        raise PermissionDenied
    today = timezone.localdate()
    rows = queries.tasks(actor)

    def light(task: Task) -> object:
        lit = of_task(task, task.duties.all(), today)
        mark = marks.light(lit.colour)
        if not lit.units:
            return mark
        whose = lit.units[0]
        if len(lit.units) > 1:
            whose = _("%(unit)s 等 %(n)d 家") % {"unit": whose, "n": len(lit.units)}
        return marks.Mark(_("%(light)s（%(whose)s）") % {"light": mark, "whose": whose}, mark.tone)

    def units(task: Task) -> str:
        parts = list(task.duties.all())
        owing = queries.names(parts, DutyRole.LEAD) or queries.names(parts, DutyRole.RESPONSIBLE)
        return "、".join(owing)

    def by_owes(found: QuerySet[Task], value: str) -> QuerySet[Task]:
        if not actor.has(*_EVERYWHERE):
            return queries.owed_by(found, actor.units(), Owes(value))
        unit = request.GET.get("unit", "")
        if unit.isdecimal():
            return queries.owed_by(found, [int(unit)], Owes(value))
        return found.filter(pk__in=TaskDuty.objects.filter(owes=value).values("task_id"))

    def unit_choices() -> list[tuple[str, str]]:
        found = Unit.objects.filter(task_duties__task__void=False).distinct()
        if not actor.has(*_EVERYWHERE):
            found = found.filter(pk__in=actor.units())
        return [(str(unit.pk), unit.short_name) for unit in found]

    listing = Listing(
        request,
        rows,
        columns=[
            Column("number", _("序号"), sort="order", link=lambda t: reverse("task", args=[t.pk])),
            Column("title", _("任务"), link=lambda t: reverse("task", args=[t.pk]), sort="title", wide=True),
            Column("due", _("时限"), kind="date", sort="due"),
            Column("light", _("亮灯"), value=light, kind="state"),
            Column("units", _("牵头或责任单位"), value=units, wide=True),
            Column("chapter", _("章节"), value=lambda t: t.chapter.rsplit(" / ", 1)[-1], sort="chapter", wide=True),
        ],
        filters=[
            Filter(
                "unit",
                _("单位"),
                choices=unit_choices,
                apply=lambda found, value: queries.of_unit(found, int(value)),
            ),
            Filter(
                "owes",
                _("职责"),
                choices=lambda: list(Owes.choices),
                apply=by_owes,
            ),
            Filter(
                "due",
                _("时限"),
                choices=_due_words,
                apply=lambda found, value: queries.by_due(found, value, today),
            ),
            Filter(
                "chapter",
                _("章节"),
                choices=lambda: [(name, name) for name in queries.chapters(rows)],
                apply=lambda found, value: found.filter(chapter=value),
            ),
            Filter(
                "plan",
                _("文稿"),
                choices=lambda: [(str(p.pk), p.title) for p in Plan.objects.filter(state="issued")],
                apply=lambda found, value: found.filter(plan_id=int(value)),
            ),
        ],
        search=lambda found, words: found.filter(title__icontains=words),
        sort="order",
        empty=(
            _("文稿下达以后，每条任务列在这里。现在还没有任务。"),
            reverse("plans") if may(actor, "plan.see") else "",
            _("去看文稿"),
        ),
        export=_("任务"),
    )
    if listing.wants_export:
        return listing.export()
    return render(request, "plan/tasks.html", {"listing": listing, "many": actor.has(*_EVERYWHERE)})


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Every unit with what it owes."""
    actor = _actor(request)
    if not may(actor, "task.see"):
        raise PermissionDenied
    return render(request, "plan/board.html", {"loads": queries.loads(actor)})


@require_GET
def task(request: HttpRequest, key: int) -> HttpResponse:
    """One task: facts on the left, the clause it comes from on the right."""
    actor = _actor(request)
    found = get_object_or_404(queries.tasks_ever(actor).select_related("measure__document", "parent"), pk=key)
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
    path("tasks/", tasks, name="tasks"),
    path("tasks/units/", board, name="tasks-by-unit"),
    path("tasks/<int:key>/", task, name="task"),
    path("tasks/<int:key>/split/", split, name="task-split"),
]
