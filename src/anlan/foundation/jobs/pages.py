"""Pages: the list of runs, and one run with its progress, which can be left and found again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may
from anlan.foundation.jobs import actions, catalogue, queries
from anlan.foundation.jobs.models import Run, RunState
from anlan.foundation.screens.listing import Column, Filter, Listing
from anlan.foundation.screens.marks import Mark
from anlan.settings import InputError

_TONES = {
    RunState.WAITING: "neutral",
    RunState.RUNNING: "info",
    RunState.DONE: "done",
    RunState.FAILED: "red",
}
# The page asks again after so many seconds.
_AGAIN_S = 2


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _lang() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


def _mark(run: Run) -> Mark:
    return Mark(str(RunState(run.state).label), _TONES[RunState(run.state)])


@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """Runs: all of them for the system administrator, one's own for everybody else."""
    actor = _actor(request)
    demand(actor, "jobs.see")
    catalogue.load()
    lang = _lang()
    listing = Listing(
        request,
        queries.runs(actor),
        columns=[
            Column("job", _("事项"), value=lambda run: queries.name(run.job).speak(lang), link=_url),
            Column("state", _("状态"), value=_mark, kind="state", sort="state"),
            Column("actor_name", _("启动人"), sort="actor_name"),
            Column("created", _("启动时间"), kind="date", sort="created"),
            Column("finished", _("结束时间"), kind="date", sort="finished"),
            Column("attempts", _("次数"), kind="number", sort="attempts"),
            Column("why", _("原因"), value=lambda run: run.error_en if lang == "en" else run.error_zh, wide=True),
        ],
        filters=[
            Filter("state", _("状态"), lambda: RunState.choices, lambda rows, value: rows.filter(state=value)),
            Filter(
                "job",
                _("事项"),
                lambda: [(code, one.words.speak(lang)) for code, one in sorted(catalogue.JOBS.items())],
                lambda rows, value: rows.filter(job=value),
            ),
        ],
        sort="-created",
        empty=(_("还没有后台处理记录。导入、导出等较长的处理会列在这里。"), "", ""),
    )
    stopped = may(actor, "jobs.retry") and not queries.worker_seen()
    return render(
        request,
        "jobs/runs.html",
        {"listing": listing, "stopped": stopped, "may_deliveries": may(actor, "notices.deliveries")},
    )


def _url(run: Run) -> str:
    return reverse("run", args=[run.pk])


@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run. Asked by htmx, only the part that changes."""
    actor = _actor(request)
    found = get_object_or_404(Run, pk=pk)
    demand(actor, "jobs.see", found)
    state = queries.states([found])[found.pk]
    context = {
        "state": state,
        "run": found,
        "mark": _mark(found),
        "again_s": _AGAIN_S,
        "may_retry": may(actor, "jobs.retry", found),
        "stopped": not found.is_finished and not queries.worker_seen(),
    }
    part = request.headers.get("HX-Request") == "true"
    response = render(request, "jobs/progress.html" if part else "jobs/run.html", context)
    # The same address gives two answers.
    response["Vary"] = "HX-Request"
    response["Cache-Control"] = "no-store"
    if part and found.state == RunState.DONE and found.url:
        # Whoever waited for it is taken on to what came of it.
        response["HX-Redirect"] = found.url
    return response


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Runs a failed one again."""
    found = get_object_or_404(Run, pk=pk)
    try:
        actions.retry(_actor(request), found)
    except InputError as error:
        messages.error(request, error.speak(_lang()))
    else:
        messages.success(request, _("已重新排队。"))
    return redirect("run", pk=pk)


urlpatterns = [
    path("jobs/", runs, name="runs"),
    path("jobs/<int:pk>/", run, name="run"),
    path("jobs/<int:pk>/retry/", retry, name="run_retry"),
]
