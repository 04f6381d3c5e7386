"""Home and what belongs to no room."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.models import Account
from anlan.foundation.screens import counts


def home(request: HttpRequest) -> HttpResponse:
    """What is next for this account."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return render(request, "web/home.html", {"groups": counts.shown(actor)})


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switches the language: in the browser, and in the account for the next one."""
    response = set_language(request)
    code = request.POST.get("language", "")
    if isinstance(request.user, Account) and code in ("zh-hans", "en"):
        # A taste of the person, like the width of a column: no action, and nothing for the journal.
        Account.objects.filter(pk=request.user.pk).update(language=code)
    return response


urlpatterns = [
    path("", home, name="home"),
    path("language/", language, name="language"),
]
