"""Puts the acting account on the request, and holds whoever must change the password on that page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from anlan.foundation.access.actor import NOBODY, Actor, actor_of
from anlan.foundation.access.models import Account


class ActorMiddleware:
    """Sets `request.actor`: the account with its roles of today, or NOBODY."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer to the request with its actor."""
        actor: Actor = NOBODY
        if isinstance(request.user, Account):
            actor = actor_of(
                request.user,
                address=request.META.get("REMOTE_ADDR", ""),
                request=getattr(request, "id", ""),
            )
        request.actor = actor  # type: ignore[attr-defined]
        if isinstance(request.user, Account) and must_change(request.user) and not _allowed(request.path):
            return redirect("password")
        return self.get_response(request)


def must_change(account: Account) -> bool:
    """Whether the password must be changed first: it was set by somebody else, or is too old."""
    days = settings.ANLAN.password_days
    return account.must_change or bool(days and account.password_at < timezone.now() - dt.timedelta(days=days))


def _allowed(path: str) -> bool:
    return path.startswith(settings.STATIC_URL) or path in {reverse("password"), reverse("logout"), reverse("language")}
