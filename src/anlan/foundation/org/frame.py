"""What the pages of this room share: who asks, and a page with one form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anlan.foundation.access.actor import Actor
from anlan.foundation.org.forms import tell
from anlan.settings import InputError


def actor_of(request: HttpRequest) -> Actor:
    """Who asks for the page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def form_page(
    request: HttpRequest,
    form: forms.Form,
    do: Callable[[], HttpResponse],
    *,
    title: str,
    back: str,
    lead: str = "",
    submit: str = "",
    danger: bool = False,
    lists: Mapping[str, Any] | None = None,
    template: str = "org/form.html",
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Page with one form: what `do` answers once the form is right, else the form with everything that is wrong.

    `lists` are the names that fields offer, by the id of the list.
    """
    if request.method == "POST" and form.is_valid():
        try:
            return do()
        except InputError as error:
            tell(form, error)
    values = {"form": form, "title": title, "lead": lead, "back": back, "submit": submit, "danger": danger}
    values["lists"] = {key: list(names) for key, names in (lists or {}).items()}
    return render(request, template, values | dict(context or {}), status=422 if form.errors else 200)
