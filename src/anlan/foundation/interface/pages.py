"""Pages: tokens, a new one, taking one back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may
from anlan.foundation.interface import actions, queries
from anlan.foundation.interface.scopes import known
from anlan.foundation.screens.forms import ReasonForm
from anlan.foundation.screens.listing import Column, Filter, Listing, words_in
from anlan.foundation.screens.texts import language
from anlan.settings import InputError

_USUAL_DAYS = 90


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


class TokenForm(forms.Form):
    """New token: for which program, what it may do, until when."""

    name = forms.CharField(
        label=gettext_lazy("给哪个程序用"), max_length=60, help_text=gettext_lazy("例如：区水利局报表程序。")
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("可以做什么"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("令牌的权限不会超过您本人的权限。"),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("有效到哪天"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("最长一年。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        scopes = self.fields["scopes"]
        assert isinstance(scopes, forms.MultipleChoiceField)
        scopes.choices = [(code, f"{words.speak(language())}（{code}）") for code, words in sorted(known().items())]


@never_cache
@require_safe
def tokens(request: HttpRequest) -> HttpResponseBase:
    """One's tokens; for the security and the audit administrator those of all accounts."""
    actor = _actor(request)
    demand(actor, "token.see")
    listing = Listing(
        request,
        queries.tokens(actor),
        columns=[
            Column("name", _("用途"), sort="name", wide=True),
            Column("account", _("账户"), sort="account__name"),
            Column("hint", _("开头"), value=lambda one: f"{one.hint}…"),
            Column("scopes", _("范围"), value=lambda one: _("、").join(_told(code) for code in one.scopes), wide=True),
            Column("created_at", _("生成时间"), kind="date", sort="created_at"),
            Column("expires_on", _("有效到"), kind="date", sort="expires_on"),
            Column("state", _("状态"), value=lambda one: one.state_mark, kind="state"),
            Column("used", _("上次使用"), kind="date", value=lambda one: used.get(one.pk)),
            Column(
                "revoke",
                _("操作"),
                value=lambda one: _("收回") if one.revoked_at is None and may(actor, "token.revoke", one) else "",
                link=lambda one: reverse("token-revoke", args=[one.pk]) if one.revoked_at is None else None,
            ),
        ],
        filters=[
            Filter(
                "state",
                _("状态"),
                lambda: [("works", _("有效")), ("over", _("已收回或已过期"))],
                _in_state,
            )
        ],
        search=words_in("name", "account__name"),
        sort="-created_at",
        empty=(
            _("程序要读写这里的数据，先生成一个令牌。现在还没有令牌。"),
            reverse("token-new"),
            _("生成令牌"),
        ),
        export=_("接口令牌"),
    )
    used = queries.last_used(listing.page.object_list)
    if listing.wants_export:
        return listing.export()
    return render(request, "interface/tokens.html", {"listing": listing})


def _told(code: str) -> str:
    words = known().get(code)
    return words.speak(language()) if words else code


def _in_state(rows: Any, value: str) -> Any:
    works = rows.filter(revoked_at__isnull=True, expires_on__gte=timezone.localdate())
    return works if value == "works" else rows.exclude(pk__in=works.values("pk"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Makes a token; it is shown once."""
    actor = _actor(request)
    demand(actor, "token.create")
    usual = timezone.localdate() + dt.timedelta(days=_USUAL_DAYS)
    form = TokenForm(request.POST or None, initial={"expires_on": usual})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            token, secret = actions.create(actor, given["name"], given["scopes"], given["expires_on"])
        except InputError as error:
            for problem in error.problems:
                form.add_error(None, problem.speak(language()))
        else:
            return render(request, "interface/secret.html", {"token": token, "secret": secret})
    return render(request, "interface/new.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, key: int) -> HttpResponse:
    """Takes a token back, with a reason."""
    actor = _actor(request)
    found = get_object_or_404(queries.tokens(actor), pk=key)
    demand(actor, "token.revoke", found)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.revoke(actor, found, reason=form.cleaned_data["reason"])
        except InputError as error:
            for problem in error.problems:
                form.add_error(None, problem.speak(language()))
        else:
            messages.success(request, _("令牌“%(name)s”已收回，程序不能再用它。") % {"name": found})
            return redirect("tokens")
    return render(request, "interface/revoke.html", {"form": form, "token": found}, status=422 if form.errors else 200)


urlpatterns = [
    path("tokens/", tokens, name="tokens"),
    path("tokens/new/", new, name="token-new"),
    path("tokens/<int:key>/revoke/", revoke, name="token-revoke"),
]
