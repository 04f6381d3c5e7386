"""The page of a target: split over units and periods, with the difference, and progress against each share."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may, visible
from anlan.foundation.org.models import Unit
from anlan.foundation.screens.texts import language
from anlan.plan.models import Target, Task
from anlan.plan.progress import sharing, standing
from anlan.plan.progress.models import Split
from anlan.plan.progress.sharing import ShareLine
from anlan.settings import InputError


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@require_http_methods(["GET", "POST"])
def target(request: HttpRequest, key: int) -> HttpResponse:
    """Shares of a target. GET ?until=2022-06-30 adds a period to the table."""
    actor = _actor(request)
    tasks = visible(actor, "task.see", Task.objects.filter(void=False, parent__isnull=True))
    found = get_object_or_404(Target.objects.select_related("measure"), pk=key)
    task = get_object_or_404(tasks.select_related("plan"), measure=found.measure_id)
    split = Split.objects.filter(target=found).first()
    if request.method == "POST" and _done(request, actor, found, split):
        return redirect("target", found.pk)
    # What was typed and is wrong stays in the fields, whatever the rows say.
    typed = _typed(request) if request.method == "POST" else {}
    shares = list(split.shares.select_related("unit")) if split else []
    untils = {one.until for one in shares if one.until} | {until for _key, until in typed if until}
    if added := _day(request.GET.get("until", "")):
        untils.add(added)
    columns: list[dt.date | None] = [*sorted(untils)] or [None]
    chosen = [*request.GET.getlist("unit"), *(str(key) for key, _until in typed)]
    units = _units(task, [one.unit for one in shares], chosen)
    by_cell = typed or {(one.unit_id, one.until): one.text for one in shares}
    return render(
        request,
        "progress/target.html",
        {
            "target": found,
            "task": task,
            "split": split,
            "sum": sharing.summed(found, shares),
            "columns": columns,
            "rows": [
                (unit, [(f"share-{unit.pk}-{one or ''}", one, by_cell.get((unit.pk, one), "")) for one in columns])
                for unit in units
            ],
            "standings": standing.of_shares(actor, found, task, shares, timezone.localdate()),
            "others": [one for one in Unit.objects.all() if one not in units],
            "may_split": may(actor, "target.split", found),
        },
        status=422 if request.method == "POST" else 200,
    )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _units(task: Task, shared: list[Unit], chosen: list[str]) -> list[Unit]:
    """Units of the task and of its parts, those that have shares, and those just added; each once."""
    keys = {
        *task.duties.values_list("unit_id", flat=True),
        *Unit.objects.filter(task_duties__task__parent=task).values_list("pk", flat=True),
        *(unit.pk for unit in shared),
        *(int(one) for one in chosen if one.isascii() and one.isdecimal() and len(one) < 16),
    }
    return list(Unit.objects.filter(pk__in=keys))


def _done(request: HttpRequest, actor: Actor, found: Target, split: Split | None) -> bool:
    """Does what the form asks for; False if what was typed is wrong, which is said."""
    confirming = request.POST.get("do") == "confirm"
    try:
        if confirming:
            sharing.confirm(actor, split or Split(target=found), request.POST.get("reason", ""))
            messages.success(request, _("分解已确认。"))
        else:
            lock = request.POST.get("lock", "0")
            sharing.share(actor, found, _lines(request), int(lock[:9]) if lock.isascii() and lock.isdecimal() else 0)
            messages.success(request, _("份额已保存，请核对合计后确认。"))
    except InputError as error:
        for problem in error.problems:
            messages.error(request, problem.speak(language()))
        return confirming
    return True


def _typed(request: HttpRequest) -> dict[tuple[int, dt.date | None], str]:
    typed = {}
    for name, value in request.POST.items():
        if name.startswith("share-") and str(value).strip():
            key, _dash, until = name.removeprefix("share-").partition("-")
            if key.isascii() and key.isdecimal() and len(key) < 16:
                typed[int(key), _day(until)] = str(value)
    return typed


def _lines(request: HttpRequest) -> list[ShareLine]:
    typed = _typed(request)
    units = Unit.objects.in_bulk([key for key, _until in typed])
    return [ShareLine(units[key], until, text) for (key, until), text in typed.items() if key in units]


urlpatterns = [path("progress/targets/<int:key>/", target, name="target")]
