"""The set-up page: founds an empty installation in the browser, once, for whoever holds the token of the console."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from anlan.foundation.access.roles import Role
from anlan.plan import pack
from anlan.plan.pack import Organ
from anlan.settings import InputError
from anlan.web.install import founding, sample, token
from anlan.web.install.founding import First


class SetupForm(forms.Form):
    """Units and the first three administrators."""

    token = forms.CharField(widget=forms.HiddenInput)
    units = forms.FileField(
        label=_("单位表"),
        required=False,
        help_text=_("Excel 或 CSV，要有“简称”或“全称”一列；不选则用地区包里的单位表。"),
    )
    system_name = forms.CharField(label=_("系统管理员：登录名"), max_length=60, help_text=_("开设账户，管理设置。"))
    system_person = forms.CharField(label=_("系统管理员：姓名"), max_length=60)
    security_name = forms.CharField(label=_("安全管理员：登录名"), max_length=60, help_text=_("授予和收回角色。"))
    security_person = forms.CharField(label=_("安全管理员：姓名"), max_length=60)
    audit_name = forms.CharField(label=_("审计管理员：登录名"), max_length=60, help_text=_("查看审计日志。"))
    audit_person = forms.CharField(label=_("审计管理员：姓名"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Django's ":" after the label is in the way of the label's own line.
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def first(self) -> dict[Role, First]:
        """Administrators that were typed in."""
        data = self.cleaned_data
        names = {Role.SYSTEM_ADMIN: "system", Role.SECURITY_ADMIN: "security", Role.AUDIT_ADMIN: "audit"}
        return {role: First(data[f"{name}_name"], data[f"{name}_person"]) for role, name in names.items()}


@login_not_required
@never_cache
@sensitive_post_parameters()
def setup(request: HttpRequest) -> HttpResponse:
    """Form, and after it the one-time codes of the administrators. 404 for everybody without the token."""
    given = request.POST.get("token") or request.GET.get("token") or ""
    # A token may outlive the founding it opened: by a power cut between the two, or in a folder that was copied.
    if not token.fits(settings.HOME, given) or not sample.is_empty():
        raise Http404
    district = pack.load(settings.ANLAN.pack)
    language = "en" if get_language() == "en" else "zh"
    form = SetupForm(request.POST, request.FILES) if request.method == "POST" else SetupForm(initial={"token": given})
    if request.method == "POST" and form.is_valid():
        try:
            file = form.cleaned_data["units"]
            made = founding.found(district.divisions, _organs(file) if file else district.organs, form.first())
        except InputError as error:
            for problem in error.problems:
                form.add_error(None, problem.speak(language))
        else:
            token.spend(settings.HOME)
            codes = [(role.label, name, code) for role, (name, code) in made.codes.items()]
            return render(request, "web/founded.html", {"made": made, "codes": codes})
    return render(request, "web/setup.html", {"form": form, "district": district.name.speak(language)})


def _organs(file: UploadedFile[bytes]) -> tuple[Organ, ...]:
    """Organs of the uploaded register. Raises InputError with all its problems."""
    with tempfile.TemporaryDirectory() as folder:
        # Only the last part of the name, for the messages.
        path = Path(folder) / (Path(file.name or "").name or "units")
        with path.open("wb") as copy:
            for piece in file.chunks():
                copy.write(piece)
        return pack.load_organs(path, settings.ANLAN.max_file_bytes)


urlpatterns = [path("setup/", setup, name="setup")]
