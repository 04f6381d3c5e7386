"""Pages for what went wrong: 400, 403, 404, 500 and a form that was open too long."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long or came from elsewhere."""
    return render(request, "403.html", {"reason": reason}, status=403)
