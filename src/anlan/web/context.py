"""What every page's frame needs."""

from __future__ import annotations

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, object]:
    """Actor and navigation of the frame."""
    return {"actor": getattr(request, "actor", None)}
