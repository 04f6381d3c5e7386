"""Pages of plans: list, upload, reading room, settling, issue."""

from __future__ import annotations

import datetime as dt
import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may, visible
from anlan.foundation.jobs.queries import under_way
from anlan.foundation.screens.listing import Column, Filter, Listing
from anlan.plan import actions, correction_pages, jobs, queries, reading_room, settling_pages, task_pages, version_pages
from anlan.plan.breakdown import FORMS
from anlan.plan.breakdown import breakdown as make_breakdown
from anlan.plan.forms import UploadForm
from anlan.plan.models import Plan, PlanState, QuestionKind
from anlan.settings import InputError


def lang() -> str:
    """Language of the page as the compiler's words know it: zh or en."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def actor_of(request: HttpRequest) -> Actor:
    """Who asks for the page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def say(request: HttpRequest, error: InputError) -> None:
    """Shows everything that is wrong, one message each."""
    for problem in error.problems:
        messages.error(request, problem.speak(lang()))


@require_GET
def plans(request: HttpRequest) -> HttpResponseBase:
    """Plans the reader may see."""
    actor = actor_of(request)
    if not may(actor, "plan.see"):
        raise PermissionDenied
    listing = Listing(
        request,
        queries.plans(actor),
        columns=[
            Column("title", _("文稿"), link=lambda plan: reverse("plan", args=[plan.pk]), sort="title", wide=True),
            Column("year", _("年份"), sort="year", kind="number"),
            Column("state", _("状态"), value=lambda plan: plan.state_mark, sort="state", kind="state"),
            Column(
                "measures",
                _("任务"),
                value=lambda plan: getattr(plan, "measures", None) or 0,
                kind="number",
                unit=_("条"),
            ),
            Column(
                "open", _("待落实"), value=lambda plan: getattr(plan, "open", None) or 0, kind="number", unit=_("处")
            ),
            Column(
                "created_at",
                _("收入日期"),
                value=lambda p: timezone.localdate(p.created_at),
                kind="date",
                sort="created_at",
            ),
        ],
        filters=[
            Filter(
                "state",
                _("状态"),
                choices=lambda: list(PlanState.choices),
                apply=lambda rows, value: rows.filter(state=value),
            ),
        ],
        search=lambda rows, words: rows.filter(title__icontains=words),
        sort="-created_at",
        empty=(
            _("这里列出本区的工作要点、行动方案等文稿。还没有收入文稿。"),
            reverse("plan-new") if may(actor, "plan.receive") else "",
            _("上传第一份文稿"),
        ),
        export=_("文稿"),
    )
    if listing.wants_export:
        return listing.export()
    context = {
        "listing": listing,
        "may_receive": may(actor, "plan.receive"),
        "under_way": under_way(actor, jobs.receive.code),
    }
    return render(request, "plan/plans.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Upload or paste a plan."""
    actor = actor_of(request)
    if not may(actor, "plan.receive"):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        stream, name, size = form.document()
        year = form.cleaned_data["year"]
        try:
            if size > jobs.LARGE:
                return redirect("run", jobs.receive_later(actor, stream, name, year=year).pk)
            plan = actions.receive(actor, stream.read(), name, year=year)
        except InputError as error:
            for problem in error.problems:
                form.add_error(None, problem.speak(lang()))
        else:
            found = queries.measures(queries.document(plan)).count()
            messages.success(
                request,
                ngettext("已收入，解析出 %(n)d 条任务。", "已收入，解析出 %(n)d 条任务。", found) % {"n": found},
            )
            return redirect("plan", plan.pk)
    status = 422 if form.errors else 200
    return render(request, "plan/new.html", {"form": form}, status=status)


def _plan(request: HttpRequest, key: int, permission: str = "plan.see") -> Plan:
    """Plan by its key, if the reader may see it at all; PermissionDenied if he may not do this with it."""
    actor = actor_of(request)
    plan: Plan = get_object_or_404(visible(actor, "plan.see", Plan.objects.all()), pk=key)
    if not may(actor, permission, plan):
        raise PermissionDenied
    return plan


@require_GET
def plan(request: HttpRequest, key: int) -> HttpResponse:
    """Reading room: the document on the left exactly as written, the measures on the right."""
    actor = actor_of(request)
    found = _plan(request, key)
    document = queries.document(found)
    places = list(document.measures.values_list("pk", "start"))
    part = reading_room.part(
        places,
        len(document.text),
        _whole(request.GET.get("part", "")),
        _whole(request.GET.get("measure", "")),
    )
    chosen, found_there = queries.measures(document), document.findings.all()
    if part.of > 1:
        chosen = chosen.filter(pk__in=part.measures)
        found_there = found_there.filter(start__gte=part.start, start__lt=part.end)
    measures, findings = list(chosen), list(found_there)
    rows = reading_room.lines(document, measures, findings, lang(), part.start, part.end)
    notes: dict[int | None, list[reading_room.Note]] = {}
    for line in rows:
        for note in line.notes:
            notes.setdefault(note.measure_id, []).append(note)
    open_count = sum(question.closed_at is None for measure in measures for question in measure.questions.all())
    if part.of > 1:
        open_count = sum(queries.open_by_kind(found).values())
    return render(
        request,
        "plan/plan.html",
        {
            "plan": found,
            "document": document,
            "lines": rows,
            "measures": [(measure, notes.get(measure.pk, [])) for measure in measures],
            "general": notes.get(None, []),
            "count": len(places),
            "open": open_count,
            "part": part,
            "finding_count": len(findings) if part.of == 1 else document.findings.count(),
            "may_settle": may(actor, "plan.settle", found),
            "may_issue": may(actor, "plan.issue", found),
            "may_withdraw": may(actor, "plan.withdraw", found),
            "may_correct": may(actor, "plan.correct", found),
            "corrected": queries.corrected(document),
        },
    )


def _whole(text: str) -> int:
    """Key in a form; 0, which no row has, for anything else."""
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else 0


@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest, key: int) -> HttpResponse:
    """What will be handed out to whom, and the button that does it."""
    found = _plan(request, key, "plan.issue")
    today = timezone.localdate()
    if request.method == "POST":
        try:
            day = dt.date.fromisoformat(request.POST.get("on", ""))
            handed_out = actions.issue(actor_of(request), found, on=day)
        except InputError as error:
            say(request, error)
        except ValueError:
            messages.error(request, _("下达日期“%(day)s”不是日期。") % {"day": request.POST.get("on", "")})
        else:
            messages.success(request, _("已下达 %(n)d 条任务。") % {"n": handed_out})
            return redirect(f"{reverse('tasks')}?plan={found.pk}")
        return redirect("plan-issue", found.pk)
    open_ = queries.open_by_kind(found)
    context = {
        "plan": found,
        "count": queries.document(found).measures.count(),
        "open": open_,
        "open_count": sum(open_.values()),
        "kinds": dict(QuestionKind.choices),
        "today": today,
    }
    return render(request, "plan/issue.html", context)


@require_GET
def breakdown(request: HttpRequest, key: int, form: str) -> HttpResponse:
    """Task breakdown as a file."""
    found = _plan(request, key)
    if form not in FORMS:
        raise Http404
    try:
        data = make_breakdown(found, form)
    except InputError as error:
        say(request, error)
        return redirect("plan", found.pk)
    name = _("%(plan)s任务分解表") % {"plan": found.title}
    return HttpResponse(
        data,
        content_type=FORMS[form],
        headers={"Content-Disposition": content_disposition_header(True, f"{name}.{form}") or "attachment"},
    )


@require_POST
def withdraw(request: HttpRequest, key: int) -> HttpResponse:
    """Takes the plan back, with a reason."""
    found = _plan(request, key, "plan.withdraw")
    try:
        actions.withdraw(actor_of(request), found, request.POST.get("reason", ""))
    except InputError as error:
        say(request, error)
        return redirect("plan", found.pk)
    messages.success(request, _("已撤回《%(plan)s》。") % {"plan": found})
    return redirect("plans")


urlpatterns = [
    path("plans/", plans, name="plans"),
    path("plans/new/", new, name="plan-new"),
    path("plans/<int:key>/", plan, name="plan"),
    path("plans/<int:key>/issue/", issue, name="plan-issue"),
    path("plans/<int:key>/breakdown.<str:form>", breakdown, name="plan-breakdown"),
    path("plans/<int:key>/withdraw/", withdraw, name="plan-withdraw"),
    *task_pages.urlpatterns,
    *settling_pages.urlpatterns,
    *correction_pages.urlpatterns,
    *version_pages.urlpatterns,
]
