"""Pages: notices, the waiting ones first asked for; opening one marks it as read."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.notices import actions, catalogue, queries
from anlan.foundation.notices.models import Notice
from anlan.settings import Words

_PER_PAGE = 50
_FILTERS = ("waiting", "all")


@dataclass(frozen=True, slots=True)
class Line:
    """Notice as shown."""

    notice: Notice
    words: Words


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """One's notices. Opening one is a form and no link, because it marks the notice as read."""
    actor = _actor(request)
    demand(actor, "notices.see")
    rows = queries.of(actor)
    waiting = queries.waiting(rows)
    shown = request.GET.get("show", "waiting")
    shown = shown if shown in _FILTERS else "waiting"
    page = Paginator(waiting if shown == "waiting" else rows, _PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "notices/notices.html",
        {
            "page": page,
            "lines": [Line(one, catalogue.words(one.code, one.args)) for one in page.object_list],
            "shown": shown,
            "waiting": waiting.count(),
            "total": rows.count(),
        },
    )


@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks as read and goes to what it is about."""
    notice = get_object_or_404(Notice, pk=pk)
    actions.read(_actor(request), notice)
    return redirect(notice.url or "notices")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Marks all as read."""
    number = actions.read_all(_actor(request))
    messages.success(request, _("%(n)d 条消息已标为已读。") % {"n": number})
    return redirect("notices")


urlpatterns = [
    path("notices/", notices, name="notices"),
    path("notices/read/", read_all, name="notices_read"),
    path("notices/<int:pk>/open/", open_notice, name="notice_open"),
]
