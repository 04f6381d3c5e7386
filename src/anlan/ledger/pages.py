"""Pages of the ledger: list, one problem with its story, registering and correcting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may, visible
from anlan.foundation.org.models import Unit
from anlan.foundation.screens.listing import Column, Filter, Listing, words_in
from anlan.foundation.screens.marks import Mark
from anlan.foundation.screens.texts import language
from anlan.ledger import actions, queries
from anlan.ledger.flow import CLOSED, OPEN, PROBLEM
from anlan.ledger.forms import EvidenceForm, ProblemForm, kind_choices
from anlan.ledger.linkage.kinds import kinds
from anlan.ledger.models import Origin, Problem, Term
from anlan.ledger.step_pages import offered
from anlan.settings import InputError

_TONES = {"closed": "green", "watched": "green", "confirmed": "green", "reopened": "red", "dismissed": "neutral"}


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def demand_page(request: HttpRequest, code: str) -> Actor:
    """Who asks, if the account may do this at all."""
    actor = actor_of(request)
    if not may(actor, code):
        raise PermissionDenied
    return actor


def say(request: HttpRequest, error: InputError) -> None:
    """Shows everything that is wrong above the page."""
    for problem in error.problems:
        messages.error(request, problem.speak(language()))


def state_mark(problem: Problem) -> Mark:
    """State as pages show it; late in red."""
    words = PROBLEM.states[problem.state].speak(language())
    if problem.is_late(timezone.localdate()):
        return Mark(_("%(state)s（超期）") % {"state": words}, "red")
    return Mark(words, _TONES.get(problem.state, "info"))


def kind_name(code: str) -> str:
    """Kind of a problem in the language of the page."""
    return kinds()[code].name.speak(language()) if code in kinds() else ""


@require_GET
def listed(request: HttpRequest) -> HttpResponseBase:
    """Problems that one may see."""
    actor = demand_page(request, "ledger.see")
    today = timezone.localdate()
    rows = queries.problems(actor)
    listing = Listing(
        request,
        rows,
        columns=[
            Column("number", _("编号"), link=lambda one: reverse("problem", args=[one.pk]), sort="number"),
            Column("title", _("问题"), wide=True, sort="title"),
            Column("place", _("地点"), sort="place"),
            Column("kind", _("类型"), value=lambda one: kind_name(one.kind), sort="kind"),
            Column("lead", _("牵头单位"), sort="lead__short_name"),
            Column("deadline", _("整改时限"), kind="date", sort="deadline"),
            Column("state", _("状态"), value=state_mark, sort="state", kind="state"),
        ],
        filters=[
            Filter(
                "whose",
                _("办理"),
                choices=lambda: [("mine", _("待我办理的"))],
                apply=lambda rows, value: rows.filter(queries.mine(actor)).distinct() if value == "mine" else rows,
            ),
            Filter(
                "state",
                _("状态"),
                choices=lambda: [
                    ("open", _("未销号")),
                    ("done", _("已销号及以后")),
                    *((code, words.speak(language())) for code, words in PROBLEM.states.items()),
                ],
                apply=lambda rows, value: rows.filter(
                    state__in={"open": OPEN, "done": CLOSED}.get(value, (value,)),
                ),
            ),
            Filter(
                "light",
                _("时限"),
                choices=lambda: [("late", _("超期未改")), ("none", _("没有时限"))],
                apply=lambda rows, value: (
                    rows.filter(queries.late(today)) if value == "late" else rows.filter(deadline=None)
                ),
            ),
            Filter(
                "origin",
                _("来源"),
                choices=lambda: list(Origin.choices),
                apply=lambda rows, value: rows.filter(
                    pk__in=Problem.objects.filter(entries__origin=value, entries__in_force=True).values("pk")
                ),
            ),
            Filter("kind", _("类型"), choices=kind_choices, apply=lambda rows, value: rows.filter(kind=value)),
            Filter(
                "term",
                _("整改类型"),
                choices=lambda: list(Term.choices),
                apply=lambda rows, value: rows.filter(term=value),
            ),
            Filter(
                "lead",
                _("牵头单位"),
                choices=lambda: list(
                    Unit.objects.filter(led_problems__isnull=False).distinct().values_list("code", "short_name")
                ),
                apply=lambda rows, value: rows.filter(lead__code=value),
            ),
        ],
        search=words_in("number", "title", "text", "place", "company", "river"),
        sort="-number",
        empty=(
            _("还没有问题。可以收入已有的台账，或者逐条登记。"),
            reverse("intakes") if may(actor, "ledger.take") else "",
            _("收入台账"),
        ),
        export=_("问题台账"),
        keeps_views=True,
    )
    if listing.wants_export:
        return listing.export()
    context = {
        "listing": listing,
        "may_take": may(actor, "ledger.take"),
        "may_join": may(actor, "ledger.join"),
        "waiting": queries.review(actor).count() if may(actor, "ledger.join") else 0,
    }
    return render(request, "ledger/list.html", context)


@require_GET
def one(request: HttpRequest, key: int) -> HttpResponse:
    """One problem: what it is, what is due next and why, its sources, its story."""
    actor = demand_page(request, "ledger.see")
    rows = visible(actor, "ledger.see", Problem.objects.select_related("lead", "supervisor", "joined_into"))
    problem = get_object_or_404(rows, pk=key)
    context: dict[str, Any] = {
        "problem": problem,
        "mark": state_mark(problem),
        "kind": kind_name(problem.kind),
        "sources": actions.sources(problem),
        "steps": list(problem.steps.all()),
        "next": queries.due_next(problem),
        "story": queries.story(problem, language()),
        "offered": offered(actor, problem),
        "evidence_form": EvidenceForm() if may(actor, "ledger.evidence", problem) else None,
        "joinings": list(problem.joinings.filter(undone_at=None).select_related("absorbed")),
        "may_correct": may(actor, "ledger.correct", problem),
        "may_plan": may(actor, "ledger.plan", problem) and problem.state in ("draft", "reopened", "submitted"),
        "may_join": may(actor, "ledger.join", problem),
        "units": list(problem.responsible.all()),
    }
    return render(request, "ledger/one.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Registers a problem by hand."""
    actor = demand_page(request, "ledger.register")
    form = ProblemForm(request.POST or None, initial={"term": Term.LIMITED})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.register(actor, form.facts())
        except InputError as error:
            for problem in error.problems:
                form.add_error(None, problem.speak(language()))
        else:
            messages.success(request, _("已登记为 %(number)s。") % {"number": made.number})
            return redirect("problem", made.pk)
    return render(request, "ledger/form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: int) -> HttpResponse:
    """Corrects what is said of a problem."""
    actor = demand_page(request, "ledger.correct")
    found = get_object_or_404(Problem, pk=key)
    form = ProblemForm(request.POST or None, initial=ProblemForm.of(found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct(actor, found, form.facts(found), lock=form.cleaned_data["lock"] or 0)
        except InputError as error:
            for problem in error.problems:
                form.add_error(None, problem.speak(language()))
        else:
            messages.success(request, _("已保存。"))
            return redirect("problem", found.pk)
    return render(request, "ledger/form.html", {"form": form, "problem": found}, status=422 if form.errors else 200)


urlpatterns = [
    path("ledger/", listed, name="problems"),
    path("ledger/new/", new, name="problem-new"),
    path("ledger/", include("anlan.ledger.intake_pages")),
    path("ledger/", include("anlan.ledger.review_pages")),
    path("ledger/<int:key>/", one, name="problem"),
    path("ledger/<int:key>/edit/", edit, name="problem-edit"),
    path("ledger/", include("anlan.ledger.step_pages")),
    path("public/", include("anlan.ledger.public_pages")),
]
