"""Pages of accounts: signing in and out, the own account, and the administrators' lists."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.foundation.access import actions, signin
from anlan.foundation.access.actor import Actor, actor_of
from anlan.foundation.access.middleware import must_change
from anlan.foundation.access.models import Account, Grant
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import PERMISSIONS, may
from anlan.foundation.journal.queries import history
from anlan.foundation.screens.listing import Column, Filter, Listing, words_in
from anlan.foundation.screens.marks import Mark
from anlan.foundation.screens.texts import language
from anlan.settings import InputError


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _say(request: HttpRequest, error: InputError) -> None:
    for problem in error.problems:
        messages.error(request, problem.speak(language()))


class SignInForm(forms.Form):
    """Login name and password, or a one-time code in its place."""

    username = forms.CharField(
        label=_l("登录名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_l("口令"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_l("忘了口令，请系统管理员发一个一次性口令，在这里输入。"),
    )

    def clean_username(self) -> str:
        """Name as accounts have it, so that failures under WANG and wang are counted together."""
        return str(self.cleaned_data["username"]).strip().lower()


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Signing in. A wrong name and a wrong password get the same answer."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    onward = _onward(request, wanted)
    if request.user.is_authenticated:
        return redirect(onward)
    form = SignInForm(request.POST or None)
    if request.method == "POST":
        if signin.too_often(request):
            slowed = render(request, "access/too_often.html", status=429)
            slowed["Retry-After"] = "60"
            return slowed
        if form.is_valid():
            account = authenticate(request, **form.cleaned_data)
            if isinstance(account, Account):
                login(request, account)
                answer = redirect("password" if must_change(account) else onward)
                if account.language:
                    answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, account.language, samesite="Lax")
                return answer
            form.add_error(
                None,
                _("登录名或口令不对。连续 %(n)d 次不对，账户会锁定一段时间。") % {"n": settings.ANLAN.lock_failures},
            )
    return render(request, "access/login.html", {"form": form, "next": onward}, status=422 if form.errors else 200)


def _onward(request: HttpRequest, wanted: str) -> str:
    """Address of our own to open next. Not the sign-in page again: who is signed in would be sent in a circle."""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    within = wanted.partition("?")[0] not in (reverse("login"), reverse("logout"))
    return wanted if ours and within else "/"


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Signing out."""
    logout(request)
    return redirect("login")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Changing the own password; whoever must do it sees only this page."""
    account = request.user
    assert isinstance(account, Account)  # whoever is not signed in does not come here
    form = _NewPasswordForm(account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            old = form.cleaned_data.get("old_password", "")
            actions.change_password(_actor(request), account, old, form.cleaned_data["new_password1"])
        except InputError as error:
            for problem in error.problems:
                form.add_error("new_password1", problem.speak(language()))
        else:
            # This session stays, all others of the account end with the old password.
            update_session_auth_hash(request, account)
            messages.success(request, _("口令已修改，其他地方的登录已退出。"))
            return redirect("home")
    context = {"form": form, "forced": must_change(account)}
    return render(request, "access/password.html", context, status=422 if form.errors else 200)


class _NewPasswordForm(PasswordChangeForm):
    """Change of the password. Who signed in with a one-time code has no old one to give."""

    def __init__(self, user: Account, data: object = None) -> None:
        super().__init__(user, data)
        self.error_messages = {
            "password_incorrect": _("现在的口令不对，请重新输入。"),
            "password_mismatch": _("两次输入的新口令不一样，请重新输入。"),
        }
        if user.must_change:
            del self.fields["old_password"]
        else:
            self.fields["old_password"].label = _("现在的口令")
        self.fields["new_password1"].label = _("新口令")
        self.fields["new_password2"].label = _("再输一遍新口令")
        self.fields["new_password1"].help_text = _(
            "至少 %(n)d 个字符，含小写字母、大写字母、数字、其他符号中的三类。"
        ) % {"n": settings.ANLAN.password_length}

    def validate_password_for_user(self, user: Any, password_field_name: str = "password2") -> None:
        """Left to the action, which says it in the words of the product."""

    def clean_old_password(self) -> str:
        """The old password, if it was asked for."""
        return super().clean_old_password() if "old_password" in self.fields else ""


@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """The own account."""
    account = request.user
    assert isinstance(account, Account)
    context = {"account": account, "grants": _current(account), "history": history(account, 10)}
    return render(request, "access/me.html", context)


def _current(account: Account) -> list[Grant]:
    today = timezone.localdate()
    rows = account.grants.filter(Q(until__isnull=True) | Q(until__gte=today)).select_related("unit", "division")
    return list(rows)


@require_GET
def accounts(request: HttpRequest) -> HttpResponseBase:
    """All accounts."""
    actor = _actor(request)
    if not may(actor, "access.see"):
        raise PermissionDenied
    today = timezone.localdate()
    current = Grant.objects.filter(since__lte=today).filter(Q(until__isnull=True) | Q(until__gte=today))
    rows = Account.objects.select_related("person").prefetch_related(
        Prefetch("grants", current.select_related("unit"), to_attr="current")
    )

    def roles(account: Account) -> str:
        held = getattr(account, "current", [])
        return "、".join(
            f"{Role(one.role).label}（{one.unit}）" if one.unit else str(Role(one.role).label) for one in held
        )

    def with_role(found: QuerySet[Account], value: str) -> QuerySet[Account]:
        return found.filter(Exists(current.filter(account=OuterRef("pk"), role=value)))

    listing = Listing(
        request,
        rows,
        columns=[
            Column("name", _("登录名"), sort="name", link=lambda account: reverse("account", args=[account.pk])),
            Column("person", _("姓名"), value=lambda account: account.person or "", sort="person__name"),
            Column("roles", _("角色"), value=roles, wide=True),
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


def _state(account: Account) -> Mark:
    return Mark(_("在用"), "green") if account.is_active else Mark(_("已停用"), "neutral")


def _in_state(found: QuerySet[Account], value: str) -> QuerySet[Account]:
    if value == "idle":
        # 访问控制 of the MLPS table: an account unused for 90 days is looked at and closed.
        before = timezone.now() - dt.timedelta(days=90)
        idle = Q(last_login__lt=before) | Q(last_login__isnull=True, created_at__lt=before)
        return found.filter(idle, is_active=True)
    return found.filter(is_active=value == "open")


class AccountForm(forms.Form):
    """New account: login name and person."""

    name = forms.CharField(label=_l("登录名"), max_length=60, help_text=_l("字母、数字、汉字或 - _ .，不分大小写。"))
    person = forms.CharField(label=_l("姓名"), max_length=60)
    phone = forms.CharField(label=_l("电话"), max_length=30, required=False)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Opens an account; its one-time code is shown once."""
    actor = _actor(request)
    if not may(actor, "access.create_account"):
        raise PermissionDenied
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        people = apps.get_model("org", "Person")._default_manager
        try:
            # Both or neither; that the actor may was asked above.
            with transaction.atomic():
                person = people.create(name=form.cleaned_data["person"], phone=form.cleaned_data["phone"])
                account, code = actions.create_account(actor, name=form.cleaned_data["name"], person=person)
        except InputError as error:
            for problem in error.problems:
                form.add_error("name", problem.speak(language()))
        else:
            return render(request, "access/code.html", {"account": account, "code": code, "hours": actions.CODE_HOURS})
    return render(request, "access/new.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def account(request: HttpRequest, key: int) -> HttpResponse:
    """One account: its roles, what may be done with it, what was done."""
    actor = _actor(request)
    if not may(actor, "access.see"):
        raise PermissionDenied
    found = get_object_or_404(Account.objects.select_related("person"), pk=key)
    return render(
        request,
        "access/account.html",
        {
            "account": found,
            "state": _state(found),
            "grants": list(found.grants.select_related("unit", "division").order_by("-since")),
            "today": timezone.localdate(),
            "roles": Role.choices,
            "units": apps.get_model("org", "Unit")._default_manager.all(),
            "divisions": apps.get_model("org", "Division")._default_manager.all(),
            "may_close": may(actor, "access.close", found) and found.pk != actor.account_id,
            "may_code": may(actor, "access.issue_reset_code", found) and found.is_active,
            "may_grant": may(actor, "access.grant", found) and found.pk != actor.account_id,
            "history": history(found),
        },
    )


@require_GET
def permissions(request: HttpRequest, key: int) -> HttpResponse:
    """Why may this account do this, and why not that: every permission with the roles that give it."""
    if not may(_actor(request), "access.see"):
        raise PermissionDenied
    found = get_object_or_404(Account.objects.select_related("person"), pk=key)
    acting = actor_of(found)
    rows = []
    for one in sorted(PERMISSIONS.values(), key=lambda one: one.code):
        named = one.rule.roles()
        held = [Role(role.role).label for role in acting.held if role.role in named]
        rows.append(
            {
                "code": one.code,
                "words": one.words,
                "allowed": one.rule.test(acting, None),
                "by": "、".join(dict.fromkeys(map(str, held))),
                "roles": "、".join(str(role.label) for role in Role if role in named),
            }
        )
    return render(request, "access/permissions.html", {"account": found, "rows": rows})


@require_POST
def change(request: HttpRequest, key: int) -> HttpResponse:
    """One change of an account; `do` says which."""
    actor = _actor(request)
    if not may(actor, "access.see"):
        raise PermissionDenied
    found = get_object_or_404(Account, pk=key)
    post, do = request.POST, request.POST.get("do", "")
    try:
        if do == "code":
            code = actions.issue_reset_code(actor, found)
            return render(request, "access/code.html", {"account": found, "code": code, "hours": actions.CODE_HOURS})
        if do == "close":
            actions.close(actor, found, reason=post.get("reason", ""))
        elif do == "reopen":
            actions.reopen(actor, found)
        elif do == "grant":
            _grant(actor, found, post)
        elif do == "revoke":
            held = get_object_or_404(found.grants, pk=_whole(post.get("grant", "")))
            actions.revoke(actor, held, reason=post.get("reason", ""))
        else:
            raise PermissionDenied
    except InputError as error:
        _say(request, error)
    else:
        messages.success(request, _("已保存。"))
    return redirect("account", key)


def _grant(actor: Actor, account: Account, post: object) -> None:
    from anlan.settings import Words

    given = dict(post.items())  # type: ignore[attr-defined]
    days: dict[str, dt.date | None] = {}
    problems = []
    for name in ("since", "until"):
        try:
            days[name] = dt.date.fromisoformat(given[name]) if given.get(name) else None
        except ValueError:
            text = given[name]
            problems.append(
                Words(f"“{text}”不是日期，请按 2022-12-31 的样子填写", f"{text} is no date: write 2022-12-31")
            )
    if given.get("role") not in Role.values:
        problems.append(Words("请选择角色", "choose a role"))
    if problems:
        raise InputError(*problems)
    unit = apps.get_model("org", "Unit")._default_manager.filter(pk=_whole(given.get("unit", ""))).first()
    division = apps.get_model("org", "Division")._default_manager.filter(pk=_whole(given.get("division", ""))).first()
    actions.grant(
        actor, account, Role(given["role"]), unit=unit, division=division, since=days["since"], until=days["until"]
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


urlpatterns = [
    path("login/", sign_in, name="login"),
    path("logout/", sign_out, name="logout"),
    path("password/", password, name="password"),
    path("me/", me, name="me"),
    path("accounts/", accounts, name="accounts"),
    path("accounts/new/", new, name="account-new"),
    path("accounts/<int:key>/", account, name="account"),
    path("accounts/<int:key>/change/", change, name="account-change"),
    path("accounts/<int:key>/permissions/", permissions, name="account-permissions"),
]
