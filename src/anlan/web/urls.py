"""Addresses of all pages: each room's own, and the API."""

from __future__ import annotations

from django.urls import include, path

from anlan.web import api

_ROOMS = (
    "anlan.web",
    "anlan.foundation.screens",
    "anlan.foundation.access",
    "anlan.foundation.org",
    "anlan.foundation.journal",
    "anlan.foundation.jobs",
    "anlan.foundation.vault",
    "anlan.foundation.notices",
    "anlan.foundation.search",
    "anlan.foundation.calc",
    "anlan.foundation.sheets",
    "anlan.foundation.interface",
    "anlan.plan",
    "anlan.registers",
    "anlan.registers.projects",
    "anlan.ledger",
    "anlan.plan.progress",
    "anlan.plan.basis",
    "anlan.plan.binding",
    "anlan.monitor",
)

urlpatterns = [
    *(path("", include(f"{room}.pages")) for room in _ROOMS),
    path("", include("anlan.web.setup")),
    path("api/", include((api.urls(), "ninja"), namespace="api")),
]

handler400 = "anlan.web.errors.bad_request"
handler403 = "anlan.web.errors.refused"
handler404 = "anlan.web.errors.not_found"
handler500 = "anlan.web.errors.broken"
