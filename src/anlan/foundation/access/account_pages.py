"""Pages of the administrators: all accounts, one of them, a new one, and why it may do what it may."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.foundation.access import actions, queries
from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.models import Account, Grant
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import may
from anlan.foundation.journal.queries import history
from anlan.foundation.screens.listing import Column, Filter, Listing, words_in
from anlan.foundation.screens.marks import Mark
from anlan.foundation.screens.texts import language
from anlan.settings import InputError


def actor_of_request(request: HttpRequest) -> Actor:
    """Who asks for the page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _rows(name: str) -> QuerySet[Any]:
    # The room of units stands on this one, and so is no import of it.
    rows: QuerySet[Any] = apps.get_model("org", name)._default_manager.all()
    return rows


@never_cache
@require_safe
def accounts(request: HttpRequest) -> HttpResponseBase:
    """All accounts."""
    actor = actor_of_request(request)
    demand(actor, "access.see")
    current = Grant.objects.filter(queries.in_force(timezone.localdate()))
    rows = Account.objects.select_related("person").prefetch_related(
        Prefetch("grants", current.select_related("unit", "division"), to_attr="current")
    )

    def with_role(found: QuerySet[Account], value: str) -> QuerySet[Account]:
        return found.filter(Exists(current.filter(account=OuterRef("pk"), role=value)))

    listing = Listing(
        request,
        rows,
        columns=[
            Column("name", _("登录名"), sort="name", link=lambda account: reverse("account", args=[account.pk])),
            Column("person", _("姓名"), value=lambda account: account.person or "", sort="person__name"),
            Column("roles", _("角色"), value=_roles_in_force, wide=True),
            Column("last_login", _("上次登录"), kind="date", sort="last_login"),
            Column("state", _("状态"), value=_state, kind="state", sort="is_active"),
        ],
        filters=[
            Filter("role", _("角色"), lambda: list(Role.choices), with_role),
            Filter(
                "state",
                _("状态"),
                lambda: [("open", _("在用")), ("closed", _("已停用")), ("idle", _("90 天未登录"))],
                _in_state,
            ),
        ],
        search=words_in("name", "person__name"),
        sort="name",
        empty=(_("还没有账户。"), reverse("account-new") if may(actor, "access.create_account") else "", _("开设账户")),
        export=_("账户"),
    )
    if listing.wants_export:
        return listing.export()
    return render(
        request, "access/accounts.html", {"listing": listing, "may_create": may(actor, "access.create_account")}
    )


def _roles_in_force(account: Account) -> str:
    held: list[Grant] = getattr(account, "current", [])
    return _("、").join(role_and_place(one) for one in held)


def role_and_place(grant: Grant) -> str:
    """Role of a grant with where it is held: 单位经办人（区水利局）."""
    place = grant.unit or grant.division
    label = str(Role(grant.role).label)
    return _("%(role)s（%(place)s）") % {"role": label, "place": place} if place else label


def _state(account: Account) -> Mark:
    if not account.is_active:
        return Mark(_("已停用"), "neutral")
    return Mark(_("90 天未登录"), "yellow") if queries.is_idle(account) else Mark(_("在用"), "green")


def _in_state(found: QuerySet[Account], value: str) -> QuerySet[Account]:
    if value == "idle":
        return found.filter(queries.idle())
    return found.filter(is_active=value == "open")


class AccountForm(forms.Form):
    """New account: login name and person. Where others have the name of the person, it asks which one is meant."""

    name = forms.CharField(
        label=gettext_lazy("登录名"), max_length=60, help_text=gettext_lazy("字母、数字、汉字或 - _ .，不分大小写。")
    )
    person = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    who = forms.ChoiceField(label=gettext_lazy("是哪一位"), widget=forms.RadioSelect)
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=30, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        name = str(self.data.get("person", "")).strip()
        alike = _rows("Person").filter(name=name, accounts__isnull=True).prefetch_related("posts__unit")
        known = list(alike[:20]) if name else []
        if not known:
            del self.fields["who"]
            return
        who = self.fields["who"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = [(str(one.pk), _person(one)) for one in known] + [("new", _("另一位同名的人"))]
        who.error_messages["required"] = _("已登记有叫“%(name)s”的人，请选是哪一位。") % {"name": name}

    def one(self) -> models.Model:
        """The person meant; made if nobody is."""
        who = self.cleaned_data.get("who", "new")
        if who != "new":
            found: models.Model = _rows("Person").get(pk=who)
            return found
        made: models.Model = _rows("Person").create(name=self.cleaned_data["person"], phone=self.cleaned_data["phone"])
        return made


def _person(person: Any) -> str:
    posts = _("、").join(f"{post.unit} {post.title}" for post in person.posts.all())
    return _("%(name)s（%(posts)s）") % {"name": person.name, "posts": posts or _("没有岗位")}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Opens an account; its one-time code is shown once."""
    actor = actor_of_request(request)
    demand(actor, "access.create_account")
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            # Both or neither; that the actor may was asked above.
            with transaction.atomic():
                account, code = actions.create_account(actor, name=form.cleaned_data["name"], person=form.one())
        except InputError as error:
            for problem in error.problems:
                form.add_error("name", problem.speak(language()))
        else:
            return _code_page(request, account, code or "")
    return render(request, "access/new.html", {"form": form}, status=422 if form.errors else 200)


def _code_page(request: HttpRequest, account: Account, code: str) -> HttpResponse:
    context = {
        "account": account,
        "code": code,
        "hours": actions.CODE_HOURS,
        "to_confirm": account.is_administrator,
        "confirmers": actions.confirmers(account, actor_of_request(request).account_id),
    }
    return render(request, "access/code.html", context)


class GrantForm(forms.Form):
    """Role with the unit or the territory it is held at, and its days."""

    role = forms.ChoiceField(label=gettext_lazy("角色"), choices=Role.choices)
    unit = forms.CharField(
        label=gettext_lazy("单位"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
        help_text=gettext_lazy("单位经办人、单位负责人必填。填单位名称，输入几个字会有提示。"),
    )
    division = forms.CharField(
        label=gettext_lazy("区域"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "divisions", "autocomplete": "off"}),
        help_text=gettext_lazy("填区划名称或代码；不填为不限区域。"),
    )
    since = forms.DateField(
        label=gettext_lazy("从哪天起"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("到哪天"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name in ("since", "until"):
            typed = str(self.data.get(name, ""))
            self.fields[name].error_messages["invalid"] = _("“%(text)s”不是日期，请按 2022-12-31 的样子填写。") % {
                "text": typed[:40]
            }

    def clean_unit(self) -> models.Model | None:
        """Unit by one of its names."""
        name = self.cleaned_data["unit"]
        if not name:
            return None
        named = Q(short_name=name) | Q(official_name=name) | Q(aliases__name=name, aliases__misprint=False)
        return self._only(_rows("Unit").filter(named).distinct(), _("没有“%(name)s”这个单位，请从提示中选。"), name)

    def clean_division(self) -> models.Model | None:
        """Division by its name or code."""
        name = self.cleaned_data["division"]
        if not name:
            return None
        rows = _rows("Division").filter(Q(name=name) | Q(code=name))
        return self._only(rows, _("没有“%(name)s”这个区划，或同名的不止一个，请填区划代码。"), name)

    def _only(self, rows: QuerySet[Any], otherwise: str, name: str) -> models.Model:
        found = list(rows[:2])
        if len(found) != 1:
            raise forms.ValidationError(otherwise % {"name": name})
        only: models.Model = found[0]
        return only


@never_cache
@require_safe
def account(request: HttpRequest, key: int) -> HttpResponse:
    """One account: its roles, what may be done with it, what was done."""
    demand(actor_of_request(request), "access.see")
    found = get_object_or_404(Account.objects.select_related("person"), pk=key)
    return _account_page(request, found, GrantForm(initial={"since": timezone.localdate()}))


def _account_page(request: HttpRequest, found: Account, form: GrantForm) -> HttpResponse:
    actor = actor_of_request(request)
    today = timezone.localdate()
    grants = [
        {"grant": one, "place": one.unit or one.division or "", "ended": one.until is not None and one.until < today}
        for one in found.grants.select_related("unit", "division").order_by("-since")
    ]
    others = found.pk != actor.account_id
    may_grant = others and may(actor, "access.grant", found)
    context = {
        "account": found,
        "state": _state(found),
        "grants": grants,
        "form": form,
        "units": _rows("Unit").values_list("short_name", flat=True) if may_grant else [],
        "divisions": _rows("Division").values_list("code", "name") if may_grant else [],
        "may_rename": may(actor, "access.rename", found),
        "may_close": others and found.is_active and may(actor, "access.close", found),
        "may_reopen": others and not found.is_active and may(actor, "access.reopen", found),
        "may_code": found.is_active and may(actor, "access.issue_reset_code", found),
        "waiting": queries.code_to_confirm(found),
        "may_confirm": others and may(actor, "access.confirm_reset_code", found),
        "may_grant": may_grant,
        "may_revoke": others and may(actor, "access.revoke", found),
        "history": history(found),
    }
    return render(request, "access/account.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def change(request: HttpRequest, key: int) -> HttpResponse:
    """One change of an account; `do` says which."""
    actor = actor_of_request(request)
    demand(actor, "access.see")
    found = get_object_or_404(Account.objects.select_related("person"), pk=key)
    do, reason = request.POST.get("do", ""), request.POST.get("reason", "")
    try:
        if do == "code":
            return _code_page(request, found, actions.issue_reset_code(actor, found))
        if do == "confirm":
            actions.confirm_reset_code(
                actor, get_object_or_404(found.reset_codes, pk=_whole(request.POST.get("code", "")))
            )
        elif do == "close":
            actions.close(actor, found, reason=reason)
        elif do == "reopen":
            actions.reopen(actor, found)
        elif do == "rename":
            actions.rename(actor, found, name=request.POST.get("name", ""))
        elif do == "revoke":
            held = get_object_or_404(found.grants, pk=_whole(request.POST.get("grant", "")))
            actions.revoke(actor, held, reason=reason)
        elif do == "grant":
            return _grant(request, found)
        else:
            raise PermissionDenied
    except InputError as error:
        for problem in error.problems:
            messages.error(request, problem.speak(language()))
    else:
        messages.success(request, _("已保存。"))
    return redirect("account", key)


def _grant(request: HttpRequest, found: Account) -> HttpResponse:
    actor = actor_of_request(request)
    # Before the form: who may not is refused, whatever was typed.
    demand(actor, "access.grant", found)
    form = GrantForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.grant(
                actor,
                found,
                Role(given["role"]),
                unit=given["unit"],
                division=given["division"],
                since=given["since"],
                until=given["until"],
            )
        except InputError as error:
            for problem in error.problems:
                form.add_error(None, problem.speak(language()))
        else:
            messages.success(request, _("已保存。"))
            return redirect("account", found.pk)
    return _account_page(request, found, form)


@never_cache
@require_safe
def permissions(request: HttpRequest, key: int) -> HttpResponse:
    """Why may this account do this, and why not that: every permission with the roles that give it."""
    demand(actor_of_request(request), "access.see")
    found = get_object_or_404(Account.objects.select_related("person"), pk=key)
    return render(
        request, "access/permissions.html", {"account": found, "rows": explained_rows(queries.explained(found))}
    )


def explained_rows(told: Iterable[queries.Explained]) -> list[dict[str, Any]]:
    """Permissions of an account as the table of access/explained.html shows them."""
    return [
        {
            "code": one.permission.code,
            "words": one.permission.words,
            "mark": _allowed(one),
            "by": (_("、").join(map(role_and_place, one.by)) or _("登录即可")) if one.allowed else "",
            "who": one.who,
        }
        for one in told
    ]


def _allowed(one: queries.Explained) -> Mark:
    if not one.allowed:
        return Mark(_("不能"), "neutral")
    return Mark(_("能"), "green") if one.everywhere else Mark(_("能，限范围"), "green")


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


urlpatterns = [
    path("accounts/", accounts, name="accounts"),
    path("accounts/new/", new, name="account-new"),
    path("accounts/<int:key>/", account, name="account"),
    path("accounts/<int:key>/change/", change, name="account-change"),
    path("accounts/<int:key>/permissions/", permissions, name="account-permissions"),
]
