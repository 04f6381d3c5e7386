"""Puts the acting account on the request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

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
        return self.get_response(request)
