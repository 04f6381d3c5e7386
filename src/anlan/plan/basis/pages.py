"""Pages of the library: list, one document with its clauses, and what a plan rests on."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may, visible
from anlan.foundation.screens.listing import Column, Filter, Listing
from anlan.plan.basis import actions, queries
from anlan.plan.basis.forms import BasisForm, ClausesForm
from anlan.plan.basis.models import Basis, BasisClause, Level, Mapping, Validity
from anlan.plan.models import Measure, Plan, PlanState
from anlan.settings import InputError


def lang() -> str:
    """Language of the page: zh or en."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _demand(request: HttpRequest, code: str) -> Actor:
    actor = _actor(request)
    if not may(actor, code):
        raise PermissionDenied
    return actor


def _say(request: HttpRequest, error: InputError) -> None:
    for problem in error.problems:
        messages.error(request, problem.speak(lang()))


@require_GET
def listed(request: HttpRequest) -> HttpResponseBase:
    """Documents of the library."""
    actor = _demand(request, "basis.see")
    today = timezone.localdate()

    def mapped(one: Basis) -> str:
        count = getattr(one, "clause_count", 0)
        return f"{getattr(one, 'mapped', 0)}/{count}" if count else ""

    listing = Listing(
        request,
        queries.library(actor),
        columns=[
            Column("title", _("文件名称"), link=lambda one: reverse("basis", args=[one.pk]), sort="title", wide=True),
            Column("number", _("文号"), sort="number"),
            Column("issuer", _("发文机关"), sort="issuer", wide=True),
            Column("level", _("层级"), value=lambda one: one.get_level_display(), sort="level"),
            Column("validity", _("效力"), value=lambda one: one.standing(today), sort="validity", kind="state"),
            Column("until", _("失效日期"), kind="date", sort="until"),
            Column("mapped", _("已对应条款"), value=mapped),
        ],
        filters=[
            Filter(
                "level",
                _("层级"),
                choices=lambda: list(Level.choices),
                apply=lambda rows, value: rows.filter(level=value),
            ),
            Filter(
                "validity",
                _("效力"),
                choices=lambda: list(Validity.choices),
                apply=lambda rows, value: rows.filter(validity=value),
            ),
        ],
        search=lambda rows, words: rows.filter(title__icontains=words) | rows.filter(number__icontains=words),
        sort="title",
        empty=(
            _("这里列出文稿所依据的上级文件。还没有文件：可以逐份录入，导入表格，或者从一份文稿的“依据”里收集。"),
            reverse("basis-new") if may(actor, "basis.edit") else "",
            _("录入第一份文件"),
        ),
        export=_("依据文件"),
    )
    if listing.wants_export:
        return listing.export()
    return render(request, "basis/list.html", {"listing": listing, "may_edit": may(actor, "basis.edit")})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Adds a document."""
    actor = _demand(request, "basis.edit")
    form = BasisForm(request.POST or None, initial={"validity": Validity.IN_FORCE})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add(actor, form.facts())
        except InputError as error:
            for problem in error.problems:
                form.add_error(None, problem.speak(lang()))
        else:
            messages.success(request, _("已录入。"))
            return redirect("basis", made.pk)
    return render(request, "basis/form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: int) -> HttpResponse:
    """Corrects what the library says of a document."""
    actor = _demand(request, "basis.edit")
    found = get_object_or_404(Basis, pk=key)
    shown = {name: getattr(found, name) for name in actions.Facts.__dataclass_fields__} | {"lock": found.lock}
    form = BasisForm(request.POST or None, initial=shown, own=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct(actor, found, form.facts(), lock=form.cleaned_data["lock"] or 0)
        except InputError as error:
            for problem in error.problems:
                form.add_error(None, problem.speak(lang()))
        else:
            messages.success(request, _("已保存。"))
            return redirect("basis", found.pk)
    return render(request, "basis/form.html", {"form": form, "basis": found}, status=422 if form.errors else 200)


@require_GET
def one(request: HttpRequest, key: int) -> HttpResponse:
    """One document: facts, and its clauses with the measures that carry them out; `open=1` shows unmapped ones only."""
    actor = _demand(request, "basis.see")
    found = get_object_or_404(visible(actor, "basis.see", Basis.objects.select_related("replaced_by")), pk=key)
    plans = list(visible(actor, "plan.see", Plan.objects.exclude(state=PlanState.WITHDRAWN)))
    plan = next((p for p in plans if str(p.pk) == request.GET.get("plan")), plans[0] if plans else None)
    may_map = may(actor, "basis.map", found)
    rows = queries.rows(found, plan if may_map else None)
    open_only = request.GET.get("open") == "1"
    context: dict[str, Any] = {
        "basis": found,
        "mark": found.standing(timezone.localdate()),
        "rows": [row for row in rows if row.is_open] if open_only else rows,
        "count": len(rows),
        "open": sum(row.is_open for row in rows),
        "open_only": open_only,
        "plans": plans,
        "plan": plan,
        "may_edit": may(actor, "basis.edit"),
        "may_map": may_map,
        "form": ClausesForm(),
    }
    return render(request, "basis/one.html", context)


@require_POST
def clauses(request: HttpRequest, key: int) -> HttpResponse:
    """Takes in the clauses of a document."""
    actor = _demand(request, "basis.edit")
    found = get_object_or_404(Basis, pk=key)
    form = ClausesForm(request.POST, request.FILES)
    if not form.is_valid():
        for problem in form.non_field_errors():
            messages.error(request, str(problem))
        return redirect("basis", found.pk)
    try:
        count = actions.take_clauses(actor, found, *form.document())
    except InputError as error:
        _say(request, error)
    else:
        messages.success(request, _("已收入 %(n)d 条条款。") % {"n": count})
    return redirect("basis", found.pk)


@require_POST
def map_(request: HttpRequest, key: int) -> HttpResponse:
    """Maps clauses to measures, takes a mapping back, or says why a clause needs nothing; `do` says which."""
    actor = _demand(request, "basis.map")
    found = get_object_or_404(Basis, pk=key)
    post = request.POST
    do = post.get("do", "")
    page = f"{reverse('basis', args=[found.pk])}?plan={_whole(post.get('plan', '')) or ''}&open={post.get('open', '')}"
    try:
        if do == "map":
            actions.map_clauses(actor, found, _pairs(found, post.getlist("pair")))
            messages.success(request, _("已对应。"))
        elif do == "unmap":
            actions.unmap(actor, get_object_or_404(Mapping, clause__basis=found, pk=_whole(post.get("mapping", ""))))
            messages.success(request, _("已取消对应。"))
        elif do == "exempt":
            clause = get_object_or_404(BasisClause, basis=found, pk=_whole(post.get("clause", "")))
            actions.exempt(actor, clause, post.get("reason", ""))
            messages.success(request, _("已保存。"))
        else:
            messages.error(request, _("没有“%(do)s”这种处理。") % {"do": do})
    except InputError as error:
        _say(request, error)
    return redirect(page)


def _pairs(found: Basis, values: list[str]) -> list[tuple[BasisClause, Measure]]:
    """Pairs of a form, each as clause-measure; what is no pair is left out."""
    keys = [(int(m[1]), int(m[2])) for value in values if (m := re.fullmatch(r"([0-9]{1,18})-([0-9]{1,18})", value))]
    there = {one.pk: one for one in found.clauses.filter(pk__in=[clause for clause, _m in keys])}
    rows = Measure.objects.filter(pk__in=[measure for _c, measure in keys]).select_related("document")
    measures = {one.pk: one for one in rows.defer("document__text", "document__compiled")}
    return [(there[c], measures[m]) for c, m in keys if c in there and m in measures]


@require_http_methods(["GET", "POST"])
def of_plan(request: HttpRequest, key: int) -> HttpResponse:
    """What a plan rests on: documents that its text names, each with its standing; a POST collects the unknown ones."""
    actor = _actor(request)
    plan = get_object_or_404(visible(actor, "plan.see", Plan.objects.all()), pk=key)
    if request.method == "POST":
        _demand(request, "basis.edit")
        made = actions.collect(actor, plan)
        messages.success(request, _("已把 %(n)d 份文件收入依据库，效力待核实。") % {"n": made})
        return redirect("plan-basis", plan.pk)
    today = timezone.localdate()
    found = queries.references(plan)
    context = {
        "plan": plan,
        "rows": [(row, row.basis.standing(today) if row.basis else None) for row in found],
        "missing": sum(row.basis is None and bool(row.title) for row in found),
        "may_edit": may(actor, "basis.edit"),
    }
    return render(request, "basis/plan.html", context)


def _whole(text: str) -> int:
    """Key in a form; 0 for anything else."""
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else 0


urlpatterns = [
    path("basis/", listed, name="bases"),
    path("basis/new/", new, name="basis-new"),
    path("basis/<int:key>/", one, name="basis"),
    path("basis/<int:key>/edit/", edit, name="basis-edit"),
    path("basis/<int:key>/clauses/", clauses, name="basis-clauses"),
    path("basis/<int:key>/map/", map_, name="basis-map"),
    path("plans/<int:key>/basis/", of_plan, name="plan-basis"),
]
