"""Pages: the chains of responsibility of a plan's tasks on a day, and the same as an Excel file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may
from anlan.foundation.org.chain import PLACES, Chains
from anlan.foundation.org.charge_pages import day_of
from anlan.foundation.screens.texts import language
from anlan.plan import chains, queries
from anlan.plan.models import Plan, Task

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _tasks(request: HttpRequest, key: int) -> tuple[Plan, list[Task]]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    plan = get_object_or_404(queries.plans(actor), pk=key)
    return plan, list(queries.tasks(actor).filter(plan=plan, parent__isnull=True).order_by("order", "pk"))


@require_safe
def chain(request: HttpRequest, key: int) -> HttpResponse:
    """Who answers for each task of a plan on a day, unit by unit, with the gaps."""
    plan, tasks = _tasks(request, key)
    day = day_of(request)
    held = Chains(day)
    rows = [(task, chains.of_task(task, held)) for task in tasks]
    only = request.GET.get("gaps") == "1"
    if only:
        rows = [(task, found) for task, units in rows if (found := [one for one in units if one.gaps])]
    return render(
        request,
        "plan/chain.html",
        {
            "plan": plan,
            "day": day,
            "rows": rows,
            "only": only,
            "total": len(tasks),
            "places": [words.speak(language()) for words in PLACES.values()],
            "gaps": sum(len(one.gaps) for _task, units in rows for one in units),
            "may_charge": may(request.actor, "org.charge"),  # type: ignore[attr-defined]
        },
    )


@require_safe
def chain_sheet(request: HttpRequest, key: int) -> HttpResponse:
    """The same as an Excel file."""
    plan, tasks = _tasks(request, key)
    day, lang = day_of(request), language()
    response = HttpResponse(chains.sheet(tasks, day, lang), content_type=_XLSX)
    name = f"{plan.title} {chains.TITLE.speak(lang)} {day}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


urlpatterns = [
    path("plans/<int:key>/chain/", chain, name="plan-chain"),
    path("plans/<int:key>/chain.xlsx", chain_sheet, name="plan-chain-sheet"),
]
