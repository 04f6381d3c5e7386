"""Pages of merging: the queue side by side, merging by number, taking apart; and the balance of a period."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may
from anlan.foundation.org.models import Unit
from anlan.foundation.screens.texts import language
from anlan.ledger import joining, queries
from anlan.ledger.models import Candidate, Joining, Problem
from anlan.settings import InputError

_PAGE = 10


def _clerk(request: HttpRequest, code: str = "ledger.join") -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not may(actor, code):
        raise PermissionDenied
    return actor


def _say(request: HttpRequest, error: InputError) -> None:
    for problem in error.problems:
        messages.error(request, problem.speak(language()))


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one problem, the likeliest first; a POST decides one."""
    actor = _clerk(request)
    if request.method == "POST":
        key = request.POST.get("pair", "")
        pair = get_object_or_404(Candidate, pk=int(key) if key.isascii() and key.isdigit() and len(key) < 18 else 0)
        try:
            if request.POST.get("do") == "same":
                kept, absorbed = _older(pair)
                joining.join(actor, kept, absorbed, reason=request.POST.get("reason", ""))
                said = {"a": absorbed.number, "b": kept.number}
                messages.success(request, _("%(a)s 已并入 %(b)s，可以在 %(b)s 的页面拆开。") % said)
            else:
                joining.differ(actor, pair)
                messages.success(request, _("已记为不同问题，不再提示。"))
        except InputError as error:
            _say(request, error)
        return redirect(f"{request.path}?page={request.GET.get('page', '1')}")
    page = Paginator(queries.review(actor), _PAGE).get_page(request.GET.get("page"))
    return render(request, "ledger/review.html", {"page": page, "pairs": [_side_by_side(one) for one in page]})


def _older(pair: Candidate) -> tuple[Problem, Problem]:
    """The one that is being worked on, or else the older, is kept."""
    kept, absorbed = sorted((pair.a, pair.b), key=lambda one: (one.state == "draft", one.pk))
    return kept, absorbed


def _side_by_side(pair: Candidate) -> dict[str, Any]:
    english = language() == "en"
    return {
        "pair": pair,
        "percent": pair.probability // 10_000,
        "sides": [(one, list(one.entries.all())) for one in (pair.a, pair.b)],
        "why": [
            {**one, "said": one["en" if english else "zh"], "for": one["weight"] > 0}
            for one in pair.why
            if isinstance(one, dict)
        ],
    }


@require_POST
def join(request: HttpRequest, key: int) -> HttpResponse:
    """Merges another problem, named by its number, into this one."""
    actor = _clerk(request)
    kept = get_object_or_404(Problem, pk=key)
    number = request.POST.get("number", "").strip()
    other = Problem.objects.filter(number=number).first()
    if other is None:
        messages.error(request, _("没有编号为“%(number)s”的问题。") % {"number": number})
    else:
        try:
            joining.join(actor, kept, other, reason=request.POST.get("reason", ""))
            messages.success(request, _("%(number)s 已并入。") % {"number": other.number})
        except InputError as error:
            _say(request, error)
    return redirect("problem", key)


@require_POST
def separate(request: HttpRequest, key: int) -> HttpResponse:
    """Takes a merger apart."""
    actor = _clerk(request)
    one = get_object_or_404(Joining.objects.select_related("kept", "absorbed"), pk=key)
    try:
        joining.separate(actor, one, reason=request.POST.get("reason", ""))
        messages.success(request, _("%(number)s 已拆出。") % {"number": one.absorbed.number})
    except InputError as error:
        _say(request, error)
    return redirect("problem", one.kept_id)


@require_GET
def balance(request: HttpRequest) -> HttpResponse:
    """Movement of a period by unit: opening, new, reopened, closed, ending, and whether it agrees with the rows."""
    actor = _clerk(request, "ledger.see")
    today = timezone.localdate()
    first = _day(request.GET.get("from", "")) or today.replace(month=1, day=1)
    last = _day(request.GET.get("to", "")) or today
    if last < first:
        messages.error(request, _("止日 %(last)s 早于起日 %(first)s，已按今年显示。") % {"last": last, "first": first})
        first, last = today.replace(month=1, day=1), today
    found = queries.by_lead(first, last, queries.problems(actor))
    names = dict(Unit.objects.filter(pk__in=[key for key in found if key]).values_list("pk", "short_name"))
    rows = sorted(
        ((names.get(key or 0, _("没有牵头单位")), one) for key, one in found.items()), key=lambda row: -row[1].ending
    )
    total = sum(found.values(), queries.Balance(0, 0, 0, 0, 0))
    return render(request, "ledger/balance.html", {"rows": rows, "total": total, "first": first, "last": last})


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


urlpatterns = [
    path("review/", review, name="ledger-review"),
    path("balance/", balance, name="ledger-balance"),
    path("<int:key>/join/", join, name="problem-join"),
    path("joinings/<int:key>/separate/", separate, name="joining-separate"),
]
