"""Pages of every import: file, dry run, publishing; template and export of the same sheet."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.core import signing
from django.db.models import Case, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.jobs.queries import under_way
from anlan.foundation.screens.forms import ReasonForm
from anlan.foundation.screens.listing import Column, Filter, Listing
from anlan.foundation.screens.marks import Mark
from anlan.foundation.screens.texts import language
from anlan.foundation.sheets import jobs, past_pages, staging, writing
from anlan.foundation.sheets.forms import FileForm
from anlan.foundation.sheets.models import ImportRow, ImportRun, RowState, RunState
from anlan.foundation.sheets.registry import Importable, Secrets, importable
from anlan.settings import InputError, Words

_TONES = {
    RowState.ERROR: "red",
    RowState.NEW: "green",
    RowState.CHANGED: "yellow",
    RowState.UNCHANGED: "neutral",
}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# One-time codes lie signed in the page that shows them, and can be saved from it for so long.
_SECRETS_S = 1800


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _known(kind: str) -> Importable:
    try:
        return importable(kind)
    except KeyError as error:
        raise Http404(kind) from error


def _said(pair: Iterable[str]) -> str:
    return Words(*pair).speak(language())


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, kind: str) -> HttpResponse:
    """Asks for the file and makes the dry run."""
    sheet, actor = _known(kind), _actor(request)
    demand(actor, sheet.action)
    sheet = sheet.seen_by(actor)
    sent = request.method == "POST"
    form = FileForm(request.POST, request.FILES) if sent else FileForm()
    if sent and form.is_valid():
        stream, name, size = form.content()
        try:
            if size > jobs.LARGE:
                return redirect("run", jobs.stage_later(actor, sheet, stream, name).pk)
            run = staging.stage(actor, sheet, stream.read(), name)
        except InputError as error:
            for problem in error.problems:
                form.add_error("file", problem.speak(language()))
        else:
            return redirect("import-run", kind, run.pk)
    latest = ImportRun.objects.filter(kind=kind, account=actor.account_id)[:5]
    context = {
        "sheet": sheet,
        "title": sheet.spec.title,
        "form": form,
        "latest": latest,
        "back": sheet.address,
        "notes": sheet.spec.notes,
        "under_way": [one for one in under_way(actor, *jobs.CODES) if one.args.get("kind") == kind],
    }
    return render(request, "sheets/upload.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def run(request: HttpRequest, kind: str, pk: int) -> HttpResponseBase:
    """What the file would change, row by row; publishing it."""
    sheet, actor = _known(kind), _actor(request)
    demand(actor, sheet.action)
    sheet = sheet.seen_by(actor)
    found = get_object_or_404(ImportRun, pk=pk, kind=kind, account=actor.account_id)
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        initial={"reason": sheet.reason.speak(language())} if sheet.reason else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            if jobs.is_long(sheet, found):
                return redirect("run", jobs.publish_later(actor, sheet, found, form.cleaned_data["reason"]).pk)
            applied = staging.publish(actor, sheet, found, reason=form.cleaned_data["reason"])
        except InputError as error:
            for problem in error.problems:
                messages.error(request, problem.speak(language()))
            return redirect("import-run", kind, pk)
        done = found.new + found.changed
        if found.partial and not found.new:
            told = ngettext("已写入 %(n)d 行。", "已写入 %(n)d 行。", done)
        else:
            told = ngettext(
                "已写入 %(n)d 条：新增 %(new)d，变更 %(changed)d。",
                "已写入 %(n)d 条：新增 %(new)d，变更 %(changed)d。",
                done,
            )
        messages.success(request, told % {"n": done, "new": found.new, "changed": found.changed})
        if applied.secrets is not None:
            return _secrets(request, sheet, applied.secrets)
        # Rows that were left out are still to be read.
        left = found.errors or found.faults
        return redirect("import-run", kind, pk) if left else redirect(sheet.address)
    listing = _listing(request, found, several=sheet.spec.several)
    if listing.wants_export:
        return listing.export()
    counts = [
        (Mark(str(state.label), _TONES[state]), getattr(found, name), state.value)
        for state, name in (
            (RowState.ERROR, "errors"),
            (RowState.NEW, "new"),
            (RowState.CHANGED, "changed"),
            (RowState.UNCHANGED, "unchanged"),
        )
        # A piece makes no records: its rows are there from the beginning.
        if not (found.partial and state == RowState.NEW and not found.new)
    ]
    context = {
        "sheet": sheet,
        "title": sheet.spec.title,
        "run": found,
        "listing": listing,
        "counts": counts,
        "faults": [_said(pair) for pair in found.faults],
        "notices": [_said(pair) for pair in found.notices],
        "form": form,
        "back": sheet.address,
        "published": found.state == RunState.PUBLISHED,
    }
    return render(request, "sheets/run.html", context, status=422 if form.errors else 200)


def _listing(request: HttpRequest, found: ImportRun, *, several: bool) -> Listing[ImportRow]:
    rows = found.rows.all()
    if found.partial:
        # A piece is mostly rows that nobody filled in: what there is to do stands in front.
        weight = {RowState.ERROR: 0, RowState.UNCHANGED: 2}
        rank = Case(*(When(state=state, then=Value(n)) for state, n in weight.items()), default=Value(1))
        rows = rows.annotate(rank=rank).order_by("rank", "pk")
    return Listing(
        request,
        rows,
        columns=[
            *([Column[ImportRow]("sheet", _("工作表"), sort="sheet")] if several else []),
            Column("number", _("行"), kind="number", sort="number"),
            Column("state", _("结果"), kind="state", value=_mark, sort="state"),
            Column("label", _("内容"), sort="label"),
            Column("what", _("说明"), value=_what, wide=True),
        ],
        filters=[
            Filter("state", _("结果"), lambda: RowState.choices, lambda rows, value: rows.filter(state=value)),
        ],
        search=lambda rows, words: rows.filter(label__icontains=words),
        sort="" if several else "number",
        per_page=100,
        empty=(_("文件里没有读到数据行。"), "", ""),
        export=_("导入检查结果"),
    )


def _mark(row: ImportRow) -> Mark:
    state = RowState(row.state)
    return Mark(str(state.label), _TONES[state])


def _what(row: ImportRow) -> SafeString | str:
    """Errors of a row, or its changes from the old value to the new one, one a line."""
    english = language() == "en"
    if row.faults:
        return format_html_join("", '<div class="told">{}</div>', ((_said(pair),) for pair in row.faults))
    lines = []
    for title_zh, title_en, old_zh, old_en, new_zh, new_en in row.changes:
        title, old, new = (title_en, old_en, new_en) if english else (title_zh, old_zh, new_zh)
        lines.append((title, _("：") if not english else ": ", old or _("（空）"), new or _("（空）")))
    return format_html_join("", '<div class="told">{}{}<del>{}</del> → <ins>{}</ins></div>', lines) if lines else ""


def _secrets(request: HttpRequest, sheet: Importable, secrets: Secrets) -> HttpResponse:
    """Shown once: the answer to the publishing itself, so that going back or reloading shows nothing."""
    lang = language()
    table = {
        "title": secrets.title.speak(lang),
        "heads": [head.speak(lang) for head in secrets.heads],
        "rows": [list(row) for row in secrets.rows],
    }
    response = render(
        request,
        "sheets/secrets.html",
        {
            "sheet": sheet,
            "table": table,
            "packed": signing.dumps(table, salt=_salt(request), compress=True),
            "back": sheet.address,
        },
    )
    response["Cache-Control"] = "no-store"
    return response


def _salt(request: HttpRequest) -> str:
    return f"anlan.sheets.secrets.{_actor(request).account_id}"


@require_POST
def secrets(request: HttpRequest, kind: str) -> HttpResponse:
    """The table of secrets that the page showed, as an Excel file. It comes from the page and is kept nowhere."""
    sheet, actor = _known(kind), _actor(request)
    demand(actor, sheet.action)
    try:
        table = signing.loads(request.POST.get("packed", ""), salt=_salt(request), max_age=_SECRETS_S)
    except signing.BadSignature as error:
        raise Http404 from error
    response = _xlsx(writing.plain(table["title"], table["heads"], table["rows"]), table["title"])
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """Empty sheet with drop-downs and notes."""
    sheet = _known(kind)
    demand(_actor(request), sheet.action)
    sheet = sheet.seen_by(_actor(request))
    if sheet.book is not None:
        raise Http404(kind)
    title = sheet.spec.title.speak(language())
    return _xlsx(writing.book(sheet.spec, lang=language()), _("%(title)s导入模板") % {"title": title})


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The rows that are there, as a sheet that can be changed and imported again."""
    sheet = _known(kind)
    demand(_actor(request), sheet.see or sheet.action)
    sheet = sheet.seen_by(_actor(request))
    title = sheet.spec.title.speak(language())
    name = f"{title} {timezone.localdate():%Y-%m-%d}"
    book = sheet.book(language()) if sheet.book else writing.book(sheet.spec, sheet.current(), language())
    return _xlsx(book, name)


def _xlsx(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=_XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx")
    return response


urlpatterns = [
    *past_pages.urlpatterns,
    path("<slug:kind>/import/", upload, name="import"),
    path("<slug:kind>/import/template/", template, name="import-template"),
    path("<slug:kind>/import/secrets/", secrets, name="import-secrets"),
    path("<slug:kind>/import/<int:pk>/", run, name="import-run"),
    path("<slug:kind>/export/", export, name="export"),
]
