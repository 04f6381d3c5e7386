"""The search page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from anlan.foundation.search.index import SHOWN
from anlan.foundation.search.index import search as find
from anlan.foundation.search.tokens import marked

_LONGEST = 100


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """What the words find, by kind."""
    # PostgreSQL takes no NUL in a text.
    words = request.GET.get("q", "").replace("\0", "").strip()[:_LONGEST]
    groups = [
        {
            "heading": group.heading,
            "more": group.more,
            "hits": [
                {"url": hit.url, "title": marked(hit.title, words), "detail": marked(hit.detail, words)}
                for hit in group.hits
            ],
        }
        for group in find(request.actor, words)  # type: ignore[attr-defined]
    ]
    return render(request, "search/search.html", {"words": words, "groups": groups, "shown": SHOWN})


urlpatterns = [path("search/", search, name="search")]
