"""Pages: the leader's screen, and the summary of a month's progress as Word or PDF."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.screens.charts import Chart, Series
from anlan.plan.binding import queries as targets
from anlan.plan.models import Plan
from anlan.plan.progress import overview as reads
from anlan.plan.progress import summary
from anlan.plan.progress.overview import Line

# Standing to the tone of its bars, and to the filters of the list of tasks that open its rows.
_SHOWN = {
    "done": ("done", {"light": "done"}),
    "on_schedule": ("green", {"light": "green"}),
    "behind": ("yellow", {"light": "behind"}),
    "overdue": ("red", {"due": "overdue"}),
    "none": ("none", {"light": "none"}),
}


def words(kind: str) -> str:
    """Standing as people say it."""
    told = {
        "done": _("已完成"),
        "on_schedule": _("按序时推进"),
        "behind": _("落后"),
        "overdue": _("已逾期"),
        "none": _("未亮灯"),
    }
    return told[kind]


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _plan(request: HttpRequest, plans: list[Plan]) -> Plan | None:
    wanted = request.GET.get("plan", "")
    return next((plan for plan in plans if str(plan.pk) == wanted), plans[0] if plans else None)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Where the work stands; each number opens its rows."""
    actor = _actor(request)
    demand(actor, "overview.see")
    plans = reads.reading(actor)
    plan = _plan(request, plans)
    if plan is None:
        return render(request, "progress/overview.html", {"plans": [], "plan": None})
    found = reads.overview(actor, plan, timezone.localdate())

    def rows(**of: str) -> str:
        return f"{reverse('tasks')}?{urlencode({'plan': str(plan.pk), **of})}"

    context = {
        "plans": plans,
        "plan": plan,
        "found": found,
        "standings": [
            (words(kind), tone, found.totals.counts[kind], rows(**filters)) for kind, (tone, filters) in _SHOWN.items()
        ],
        "soon": rows(due="soon"),
        "week": [(title, found.week[what], rows(week=what)) for what, title in _week()],
        "missing": f"{reverse('round-rows', args=[found.round.pk])}?stage=missing" if found.round else "",
        "charts": [
            _chart("chapters", _("各章任务"), _("章节"), found.chapters, lambda line: {"chapter": line.key}, rows),
            _chart(
                "units",
                _("各单位任务"),
                _("单位"),
                found.units,
                lambda line: {"unit": line.key, "owes": "report"},
                rows,
            ),
        ],
        "months": summary.months(found),
        "targets": targets.tally(actor, plan),
    }
    return render(request, "progress/overview.html", context)


def _week() -> list[tuple[str, str]]:
    told = {"done": _("新完成"), "reported": _("有采纳的报告"), "red": _("新转红灯"), "overdue": _("新逾期")}
    return [(what, told[what]) for what in reads.WEEK]


def _chart(
    key: str,
    title: str,
    head: str,
    lines: list[Line],
    filters: Callable[[Line], dict[str, str]],
    rows: Callable[..., str],
) -> Chart:
    return Chart(
        key,
        title,
        [line.name or _("（未分章）") for line in lines],
        [
            Series(
                words(kind),
                tone,
                [line.counts[kind] for line in lines],
                # A chapter without a name cannot be asked for: its rows stand in the whole list.
                [rows(**{k: v for k, v in filters(line).items() if v}, **of) for line in lines],
            )
            for kind, (tone, of) in _SHOWN.items()
        ],
        unit=_("条"),
        head=head,
    )


@require_safe
def summarized(request: HttpRequest, key: int, month: str, form: str) -> HttpResponseBase:
    """Summary of the progress of a plan at the end of a month, as Word (to edit) or PDF."""
    actor = _actor(request)
    demand(actor, "overview.see")
    plan = next((one for one in reads.reading(actor) if one.pk == key), None)
    day = summary.last_day(month)
    if plan is None or form not in summary.FORMS or day is None:
        raise Http404
    made = summary.file(actor, plan, day, form)
    name = _("%(plan)s进展情况%(month)s") % {"plan": plan.title, "month": month}
    return FileResponse(made, as_attachment=True, filename=f"{name}.{form}", content_type=summary.FORMS[form])


urlpatterns = [
    path("overview/", overview, name="overview"),
    path("overview/<int:key>/<str:month>.<str:form>", summarized, name="overview-summary"),
]
