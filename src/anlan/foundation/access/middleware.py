"""Puts the acting account on the request, holds whoever must change the password on that page, and slows the hasty."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.foundation.access.actor import NOBODY, Actor, actor_of
from anlan.foundation.access.models import Account, PostCount

# Two a second is more than hands can send; a program that runs wild comes to it within the minute.
POSTS_PER_MINUTE = 120


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
        if _counts(request, actor) and PostCount.add(account=actor.account_id) > POSTS_PER_MINUTE:
            return _slowed(request)
        return self.get_response(request)


def _counts(request: HttpRequest, actor: Actor) -> bool:
    # Signing out is never too much.
    changes = request.method not in ("GET", "HEAD", "OPTIONS")
    return changes and actor.account_id is not None and request.path != reverse("logout")


def _slowed(request: HttpRequest) -> HttpResponse:
    """429: what was sent is not taken; when to send it again."""
    wait_seconds = 60 - timezone.now().second
    answer: HttpResponse
    if request.path.startswith("/api/"):
        told = _("一分钟内提交的次数太多，这一次没有收下，请 %(n)d 秒后再试。") % {"n": wait_seconds}
        fault = {"code": "http_429", "field": "", "message": told}
        # The one shape that the API's errors have.
        answer = JsonResponse({"error": fault, "errors": [fault]}, status=429)
    else:
        answer = render(request, "access/too_many_posts.html", {"wait": wait_seconds}, status=429)
    answer["Retry-After"] = str(wait_seconds)
    return answer


def must_change(account: Account) -> bool:
    """Whether the password must be changed first: it was set by somebody else, or is too old."""
    days = settings.ANLAN.password_days
    return account.must_change or bool(days and account.password_at < timezone.now() - dt.timedelta(days=days))


def _allowed(path: str) -> bool:
    return path.startswith(settings.STATIC_URL) or path in {reverse("password"), reverse("logout"), reverse("language")}
