"""Addresses of all pages: each room's own, and the API."""

from __future__ import annotations

from django.urls import include, path

_ROOMS = (
    "anlan.web",
    "anlan.foundation.access",
    "anlan.foundation.org",
    "anlan.foundation.journal",
    "anlan.foundation.jobs",
    "anlan.foundation.vault",
    "anlan.foundation.notices",
    "anlan.foundation.search",
    "anlan.foundation.calc",
    "anlan.plan",
)

urlpatterns = [path("", include(f"{room}.pages")) for room in _ROOMS]
