"""Signing in."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class AccountBackend(ModelBackend):
    """Accounts by name and password."""


def locked_out(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """Page of a locked account."""
    return render(request, "access/locked.html", status=429)
