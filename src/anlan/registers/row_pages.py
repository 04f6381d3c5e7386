"""Pages of one row: new, detail with history, correct, move, delete, restore; rows to choose from."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may
from anlan.foundation.screens.forms import ReasonForm
from anlan.foundation.screens.marks import Mark
from anlan.foundation.screens.texts import language
from anlan.foundation.vault.models import Receipt
from anlan.registers import actions, grants, queries, reading
from anlan.registers.book import Installed, book
from anlan.registers.forms import RowForm
from anlan.registers.models import Row
from anlan.registers.naming import Naming
from anlan.registers.spec.model import FILES, PERIOD, Severity, Type
from anlan.settings import InputError

_TONES = {Severity.ERROR: "red", Severity.WARNING: "warning", Severity.NOTE: "info"}
_LARGEST = 9_223_372_036_854_775_807


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _register(code: str) -> Installed:
    registers = book()
    if code not in registers:
        raise Http404(code)
    return registers[code]


def _row(request: HttpRequest, code: str, pk: int, permission: str = "registers.see") -> tuple[Installed, Row]:
    """Row, if the reader may see it at all; PermissionDenied if he may not do this with it."""
    installed = _register(code)
    row = queries.found(_actor(request), installed, min(pk, _LARGEST))
    if row is None:
        raise Http404(code)
    if not may(_actor(request), permission, row):
        raise PermissionDenied
    return installed, row


def _say(request: HttpRequest, error: InputError) -> None:
    for problem in error.problems:
        messages.error(request, problem.speak(language()))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Form of a new row."""
    installed, actor = _register(code), _actor(request)
    if not may(actor, "registers.add", installed.register):
        raise PermissionDenied
    sent = request.method == "POST"
    form = RowForm(
        installed,
        actor,
        request.POST if sent else None,
        request.FILES if sent else None,
        initial={id: text for id, text in request.GET.items() if len(text) < 200},
    )
    if sent and form.is_valid():
        files = form.stored()
        if not form.errors:
            try:
                row = actions.add(actor, installed, form.given(), files=files)
            except InputError as error:
                form.tell(error)
            else:
                messages.success(request, _("已登记“%(row)s”。") % {"row": row})
                return redirect("register-row", code, row.pk)
    return _form(request, installed, form, _("登记"), reverse("register", args=[code]))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Form of a correction, with its reason."""
    installed, row = _row(request, code, pk, "registers.correct")
    actor, sent = _actor(request), request.method == "POST"
    back = reverse("register-row", args=[code, pk])
    if row.deleted:
        messages.error(request, _("“%(row)s”已经删除；可先恢复。") % {"row": row})
        return redirect(back)
    kept = {id: value for id, value in reading.latest([row.pk])[row.pk].items() if id != "\x00state"}
    form = RowForm(
        installed,
        actor,
        request.POST if sent else None,
        request.FILES if sent else None,
        kept=kept,
        revision=row.revision,
    )
    if sent and form.is_valid():
        files = form.stored()
        if not form.errors:
            try:
                changed = actions.correct(
                    actor,
                    row,
                    form.given(),
                    reason=form.cleaned_data["reason"],
                    revision=form.cleaned_data["revision"],
                    files=files,
                )
            except InputError as error:
                form.tell(error)
            else:
                told = _("已更正“%(row)s”。") if changed else _("“%(row)s”没有变化，没有写入。")
                messages.success(request, told % {"row": row})
                return redirect(back)
    receipts = _receipts(installed, kept)
    return _form(request, installed, form, _("更正 %(row)s") % {"row": row}, back, receipts)


def _form(
    request: HttpRequest,
    installed: Installed,
    form: RowForm,
    title: str,
    back: str,
    receipts: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    context = {
        "installed": installed,
        "register": installed.spec.title.speak(language()),
        "title": title,
        "form": form,
        "back": back,
        "receipts": receipts or [],
    }
    return render(request, "registers/form.html", context, status=422 if form.errors else 200)


@require_safe
def row(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Row with its fields, warnings, files and history."""
    installed, found = _row(request, code, pk)
    actor, lang, naming, spec = _actor(request), language(), Naming(), installed.spec
    hidden = queries.private(actor, installed)
    draft = queries.current(installed, found, naming)
    fields: dict[str, list[dict[str, Any]]] = {}
    for one in spec.fields:
        if one.id in hidden or one.type in FILES:
            continue
        value = draft.kept.get(one.id)
        link = reverse("register-row", args=[one.register, value]) if one.type is Type.REFERENCE and value else ""
        told = naming.told(one, value, lang)
        fields.setdefault(one.section, []).append({"field": one, "text": told, "link": link})
    titles = {section.id: section.title.speak(lang) for section in spec.sections}
    may_fill = may(actor, "registers.correct", found) and not found.deleted
    steps = [
        step
        for step in spec.moves
        if found.state in step.sources and grants.moves(actor, spec, step.id).has(found.unit_id, found.place)
    ]
    context = {
        "installed": installed,
        "register": spec.title.speak(lang),
        "row": found,
        "period": draft.kept.get(PERIOD),
        "sections": [(titles.get(id, ""), fields[id]) for id in ["", *titles] if id in fields],
        "flags": [
            (Mark(_SEVERITIES[one.severity](), _TONES[one.severity]), one.words.speak(lang)) for one in draft.failed
        ],
        "state": _state(installed, found),
        "receipts": [one for one in _receipts(installed, draft.kept) if one["id"] not in hidden],
        "story": queries.story(installed, found, lang, hidden, naming),
        "steps": [] if found.deleted or installed.register.retired else steps,
        "may_fill": may_fill,
        "may_restore": found.deleted and may(actor, "registers.restore", found),
        "reason": ReasonForm(),
    }
    return render(request, "registers/row.html", context)


_SEVERITIES = {
    Severity.ERROR: lambda: _("有误"),
    Severity.WARNING: lambda: _("请核对"),
    Severity.NOTE: lambda: _("提示"),
}


def _state(installed: Installed, row: Row) -> Mark | None:
    found = installed.spec.state(row.state)
    return Mark(found.title.speak(language()), found.tone) if found else None


def _receipts(installed: Installed, kept: dict[str, Any]) -> list[dict[str, Any]]:
    """Files of a row by field. One query."""
    keys = {key for one in installed.spec.of_type(*FILES) for key in kept.get(one.id) or []}
    there = {one.pk: one for one in Receipt.objects.filter(pk__in=keys).select_related("file")} if keys else {}
    return [
        {
            "id": one.id,
            "title": one.title.speak(language()),
            "files": [there[key] for key in kept.get(one.id) or [] if key in there],
        }
        for one in installed.spec.of_type(*FILES)
        if kept.get(one.id)
    ]


@require_POST
def move(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Takes one step."""
    _installed, found = _row(request, code, pk, "registers.move")
    try:
        actions.move(_actor(request), found, request.POST.get("step", ""), reason=request.POST.get("reason", ""))
    except InputError as error:
        _say(request, error)
    else:
        messages.success(request, _("“%(row)s”已变更状态。") % {"row": found})
    return redirect("register-row", code, pk)


@require_POST
def delete(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Deletes a row, with a reason."""
    _installed, found = _row(request, code, pk, "registers.delete")
    try:
        actions.delete(_actor(request), found, reason=request.POST.get("reason", ""))
    except InputError as error:
        _say(request, error)
    else:
        messages.success(request, _("已删除“%(row)s”，历史保留，可以恢复。") % {"row": found})
    return redirect("register-row", code, pk)


@require_POST
def restore(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Takes a deletion back."""
    _installed, found = _row(request, code, pk, "registers.restore")
    try:
        actions.restore(_actor(request), found, reason=request.POST.get("reason", ""))
    except InputError as error:
        _say(request, error)
    else:
        messages.success(request, _("已恢复“%(row)s”。") % {"row": found})
    return redirect("register-row", code, pk)


@require_safe
def lookup(request: HttpRequest, code: str) -> HttpResponse:
    """Rows to choose from, as the options of a list: what was typed stands under the name of the field."""
    installed, actor = _register(code), _actor(request)
    if not may(actor, "registers.see", installed.register):
        raise PermissionDenied
    text = str(next(iter(request.GET.values()), ""))[:100]
    found = queries.suggestions(actor, installed, text.replace("\0", ""))
    return HttpResponse(format_html_join("", '<option value="{}">{}</option>', found))


urlpatterns = [
    path("registers/<slug:code>/new/", new, name="register-new"),
    path("registers/<slug:code>/lookup/", lookup, name="register-lookup"),
    path("registers/<slug:code>/<int:pk>/", row, name="register-row"),
    path("registers/<slug:code>/<int:pk>/edit/", edit, name="register-edit"),
    path("registers/<slug:code>/<int:pk>/move/", move, name="register-move"),
    path("registers/<slug:code>/<int:pk>/delete/", delete, name="register-delete"),
    path("registers/<slug:code>/<int:pk>/restore/", restore, name="register-restore"),
]
