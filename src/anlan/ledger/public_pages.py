"""Pages for everybody, without an account: closures under public notice, and the form for an objection."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.foundation.access.actor import machine
from anlan.foundation.screens.texts import language
from anlan.ledger import closing, queries
from anlan.ledger.forms import ObjectionForm
from anlan.ledger.models import ObjectionCount
from anlan.settings import InputError

# Objections from one address in one minute.
_MOST = 5
_TOO_MANY = 429


@login_not_required
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Closures under public notice today."""
    return render(request, "ledger/public_list.html", {"problems": queries.on_notice(timezone.localdate())})


@login_not_required
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, key: int) -> HttpResponse:
    """One closure under public notice: problem, goal, measures, what was done; a POST objects to it."""
    problem = get_object_or_404(queries.on_notice(timezone.localdate()), pk=key)
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if ObjectionCount.add(address=request.META.get("REMOTE_ADDR", "")[:45]) > _MOST:
            form.add_error(None, _("提交得太快了，请一分钟后再试。"))
            status = _TOO_MANY
        elif form.is_valid():
            try:
                closing.object_to(machine("public"), problem, **form.cleaned_data)
            except InputError as error:
                for wrong in error.problems:
                    form.add_error(None, wrong.speak(language()))
            else:
                messages.success(request, _("异议已收到，办理人会核实并答复。"))
                return redirect("closure", key)
        if form.errors and status == 200:
            status = 422
    done = problem.reports.last()
    verified = problem.visits.filter(stage="acceptance", passed=True).last()
    context = {"problem": problem, "form": form, "done": done, "verified": verified}
    return render(request, "ledger/public_one.html", context, status=status)


urlpatterns = [
    path("closures/", listed, name="closures"),
    path("closures/<int:key>/", one, name="closure"),
]
