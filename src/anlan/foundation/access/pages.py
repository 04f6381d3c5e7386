"""Pages of signing in and out, and of the own account. Those of the administrators are in `account_pages`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.foundation.access import account_pages, actions, queries, signin
from anlan.foundation.access.account_pages import actor_of_request
from anlan.foundation.access.middleware import must_change
from anlan.foundation.access.models import Account
from anlan.foundation.screens.texts import language
from anlan.settings import InputError


class SignInForm(forms.Form):
    """Login name and password, or a one-time code in its place."""

    username = forms.CharField(
        label=gettext_lazy("登录名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=gettext_lazy("口令"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=gettext_lazy("忘了口令，请系统管理员发一个一次性口令，在这里输入。"),
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
            if getattr(request, "code_to_confirm", False):
                form.add_error(None, _("这个一次性口令还须另一位管理员确认，确认后才能登录。"))
            else:
                form.add_error(
                    None,
                    _("登录名或口令不对。连续 %(n)d 次不对，账户会锁定一段时间。")
                    % {"n": settings.ANLAN.lock_failures},
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
            actions.change_password(actor_of_request(request), account, old, form.cleaned_data["new_password1"])
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


@never_cache
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """The own account."""
    account = request.user
    assert isinstance(account, Account)
    grants = queries.grants_in_force(account)
    told = queries.explained_by(account, grants)
    context = {
        "account": account,
        "grants": grants,
        "sign_ins": queries.sign_ins(account),
        "rows": account_pages.explained_rows(one for one in told if one.allowed),
        "languages": settings.LANGUAGES,
    }
    return render(request, "access/me.html", context)


urlpatterns = [
    path("login/", sign_in, name="login"),
    path("logout/", sign_out, name="logout"),
    path("password/", password, name="password"),
    path("me/", me, name="me"),
    *account_pages.urlpatterns,
]
