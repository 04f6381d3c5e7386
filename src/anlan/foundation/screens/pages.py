"""Saving and deleting the view of a list; the list itself shows them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import visible
from anlan.foundation.screens import actions
from anlan.foundation.screens.models import SavedView
from anlan.foundation.screens.texts import language
from anlan.settings import InputError


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keeps the list as it is open now; back to it, with what was wrong if anything was."""
    where, query = request.POST.get("path", ""), request.POST.get("query", "")
    try:
        view = actions.save_view(_actor(request), where, request.POST.get("name", ""), query)
    except InputError as error:
        for problem in error.problems:
            messages.error(request, problem.speak(language()))
    else:
        messages.success(request, _("已保存视图“%(name)s”，以后在“视图”里打开。") % {"name": view})
        return redirect(view.address)
    return redirect(_ours(request, f"{where}?{query}" if query else where))


@require_POST
def drop(request: HttpRequest, key: int) -> HttpResponse:
    """Deletes a view; back to its list."""
    mine = visible(_actor(request), "view.see", SavedView.objects.all())
    view = get_object_or_404(mine, pk=key)
    actions.drop_view(_actor(request), view)
    messages.success(request, _("已删除视图“%(name)s”。") % {"name": view})
    return redirect(view.path)


def _ours(request: HttpRequest, address: str) -> str:
    return address if url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()) else "/"


urlpatterns = [
    path("views/", save, name="view-save"),
    path("views/<int:key>/drop/", drop, name="view-drop"),
]
