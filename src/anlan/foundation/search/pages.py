"""The search page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from anlan.foundation.search.index import search as find

_LONGEST = 100


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """What the words find, by kind."""
    words = request.GET.get("q", "").strip()[:_LONGEST]
    groups = find(request.actor, words)  # type: ignore[attr-defined]
    return render(request, "search/search.html", {"words": words, "groups": groups})


urlpatterns = [path("search/", search, name="search")]
