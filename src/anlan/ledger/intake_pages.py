"""Pages of the intake: files taken in, the look at one before it is taken in, correcting what its columns hold."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may
from anlan.foundation.jobs.actions import enqueue
from anlan.foundation.jobs.queries import under_way
from anlan.foundation.screens.listing import Column, Filter, Listing, words_in
from anlan.foundation.screens.marks import Mark
from anlan.foundation.screens.texts import language
from anlan.ledger import intake as intakes
from anlan.ledger import jobs
from anlan.ledger.forms import IntakeForm
from anlan.ledger.models import Entry, Intake, IntakeLine, Origin, Standing
from anlan.ledger.reading import FIELD_WORDS, Field
from anlan.settings import InputError

_PAGE = 50
_TONES = {"taken": "done", "failed": "red", "read": "yellow"}
_ROWS = {"new": Standing.NEW, "changed": Standing.CHANGED, "same": Standing.SAME}


def _clerk(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not may(actor, "ledger.take"):
        raise PermissionDenied
    return actor


def _mark(one: Intake) -> Mark:
    return Mark(str(one.get_state_display()), _TONES.get(one.state, "info"))


@require_http_methods(["GET", "POST"])
def listed(request: HttpRequest) -> HttpResponseBase:
    """Files taken in so far; a POST takes one more to be looked at."""
    actor = _clerk(request)
    form = IntakeForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = intakes.receive(
                actor, file, file.name, ledger=form.cleaned_data["ledger"], origin=form.cleaned_data["origin"]
            )
            _look(actor, made, file.size or 0)
            return redirect("intake", made.pk)
        except InputError as error:
            for problem in error.problems:
                form.add_error("file", problem.speak(language()))
    listing = Listing(
        request,
        Intake.objects.select_related("by__person"),
        columns=[
            Column("ledger", _("台账"), link=lambda one: reverse("intake", args=[one.pk]), sort="ledger", wide=True),
            Column("file_name", _("文件"), wide=True),
            Column("origin", _("来源类别"), value=lambda one: str(one.get_origin_display()), sort="origin"),
            Column("records", _("问题"), value=lambda one: one.counts.get("records", ""), kind="number"),
            Column("new", _("新增"), value=lambda one: one.counts.get("new", ""), kind="number"),
            Column("changed", _("变动"), value=lambda one: one.counts.get("changed", ""), kind="number"),
            Column("by", _("收入人"), value=lambda one: str(one.by or "")),
            Column("at", _("时间"), kind="date", sort="at"),
            Column("state", _("状态"), value=_mark, sort="state", kind="state"),
        ],
        filters=[
            Filter(
                "state",
                _("状态"),
                choices=lambda: list(Intake.State.choices),
                apply=lambda rows, value: rows.filter(state=value),
            ),
            Filter(
                "origin",
                _("来源类别"),
                choices=lambda: list(Origin.choices),
                apply=lambda rows, value: rows.filter(origin=value),
            ),
        ],
        search=words_in("ledger", "file_name"),
        sort="-at",
        empty=(_("还没有收入过台账。"), "", ""),
        export=_("收入的台账"),
    )
    if listing.wants_export:
        return listing.export()
    return render(
        request, "ledger/intakes.html", {"listing": listing, "form": form}, status=422 if form.errors else 200
    )


def _look(actor: Actor, made: Intake, size: int) -> None:
    """Reads a small file at once and leaves a large one to the worker."""
    if size >= jobs.LARGE:
        enqueue(actor, jobs.look, intake=made.pk)
        return
    try:
        intakes.look(made)
    except InputError as error:
        intakes.failed(made, error)


@require_GET
def one(request: HttpRequest, key: int) -> HttpResponse:
    """What the look at a file showed: rows that are new, changed or the same, columns, doubts, rows left out."""
    actor = _clerk(request)
    found = get_object_or_404(Intake.objects.select_related("by__person"), pk=key)
    shown = request.GET.get("rows", "new" if found.counts.get("new") else "changed")
    shown = shown if shown in _ROWS else "new"
    rows: Any = IntakeLine.objects.filter(intake=found.pk, standing=_ROWS[shown])
    if found.state == Intake.State.TAKEN:
        rows = Entry.objects.filter(intake=found).select_related("problem__joined_into")
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    for line in page if found.state != Intake.State.TAKEN else ():
        line.changes = _changes(line)
    english = language() == "en"
    context = {
        "intake": found,
        "mark": _mark(found),
        "page": page,
        "shown": shown,
        "counts": [(code, label, found.counts.get(code, 0)) for code, label in Standing.choices],
        "columns": [
            {**one, "key": f"{one['sheet']}!{one['column']}" if one["sheet"] else one["column"]}
            for one in found.report.get("columns", [])
        ],
        "fields": [(field.value, FIELD_WORDS[field].speak(language())) for field in Field],
        "doubts": [
            {**one, "said": one["en" if english else "zh"], "title": one["field_en" if english else "field"]}
            for one in found.report.get("doubts", [])
        ],
        "errors": [one["en" if english else "zh"] for one in found.report.get("errors", [])],
        "left_out": found.report.get("left_out", []),
        "gone": Entry.objects.filter(pk__in=found.report.get("gone", [])).select_related("problem"),
        "runs": under_way(actor, "ledger.look", "ledger.take"),
        "waits": found.state in (Intake.State.READING, Intake.State.TAKING),
        "ready": found.state == Intake.State.READ,
    }
    return render(request, "ledger/intake.html", context)


def _changes(line: IntakeLine) -> dict[str, Any]:
    """Changes under the names that people give to fields."""
    return {
        FIELD_WORDS[Field(name)].speak(language()) if name in Field else name: pair
        for name, pair in line.changes.items()
    }


@require_POST
def columns(request: HttpRequest, key: int) -> HttpResponse:
    """Corrects what columns hold and looks at the file again."""
    actor = _clerk(request)
    found = get_object_or_404(Intake, pk=key)
    mapping = {
        name.removeprefix("column-"): value for name, value in request.POST.items() if name.startswith("column-")
    }
    try:
        intakes.set_columns(actor, found, {name: str(value) for name, value in mapping.items()})
        _look(actor, found, found.counts.get("records", 0) * 300)
    except InputError as error:
        for problem in error.problems:
            messages.error(request, problem.speak(language()))
    return redirect("intake", key)


@require_POST
def take(request: HttpRequest, key: int) -> HttpResponse:
    """Takes in what was shown; a large file by the worker."""
    actor = _clerk(request)
    found = get_object_or_404(Intake, pk=key)
    try:
        if found.counts.get("records", 0) * 300 >= jobs.LARGE:
            enqueue(actor, jobs.take, intake=found.pk)
            messages.info(request, _("正在后台收入，完成后这一页会显示结果。"))
        else:
            counts = intakes.take(actor, found)
            messages.success(
                request,
                _(
                    "已收入：新增 %(new)d 条，变动 %(changed)d 条，未变 %(same)d 条；"
                    "自动归并 %(merged)d 条，待判断 %(likely)d 对。"
                )
                % counts,
            )
    except InputError as error:
        for problem in error.problems:
            messages.error(request, problem.speak(language()))
    return redirect("intake", key)


urlpatterns = [
    path("intakes/", listed, name="intakes"),
    path("intakes/<int:key>/", one, name="intake"),
    path("intakes/<int:key>/columns/", columns, name="intake-columns"),
    path("intakes/<int:key>/take/", take, name="intake-take"),
]
