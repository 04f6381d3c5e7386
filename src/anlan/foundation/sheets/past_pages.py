"""Pages of past imports of all rooms: the list, and one with the report of its dry run and the file as it came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may, visible
from anlan.foundation.screens.listing import Column, Filter, Listing, words_in
from anlan.foundation.screens.marks import Mark
from anlan.foundation.screens.texts import language
from anlan.foundation.sheets.models import Import, ImportRun, RowState, RunState
from anlan.foundation.sheets.registry import Importable, importable
from anlan.settings import Words

_TONES = {RunState.STAGED: "neutral", RunState.PUBLISHED: "done"}
_ROW_TONES = {
    RowState.ERROR: "red",
    RowState.NEW: "green",
    RowState.CHANGED: "yellow",
    RowState.UNCHANGED: "neutral",
}
_PERIODS = {"7": 7, "30": 30, "365": 365}


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _sheet(kind: str) -> Importable | None:
    try:
        return importable(kind)
    except KeyError:
        return None


def _title(kind: str) -> str:
    """What people call the sheet; its code if this version no longer has it."""
    found = _sheet(kind)
    return found.spec.title.speak(language()) if found else kind


def _mark(one: Import) -> Mark:
    state = RunState(one.state)
    if state == RunState.STAGED and (one.errors or one.faults):
        return Mark(_("有误"), "red")
    return Mark(str(state.label), _TONES[state])


@require_safe
def past(request: HttpRequest) -> HttpResponseBase:
    """Files that were examined, the latest first, with what they would change or did."""
    actor = _actor(request)
    demand(actor, "sheets.see")
    rows = visible(actor, "sheets.see", Import.objects.all()).distinct().defer("report", "notices")
    listing = Listing(
        request,
        rows,
        columns=[
            Column("name", _("文件"), sort="name", link=lambda one: reverse("sheet", args=[one.pk]), wide=True),
            Column("kind", _("表"), value=lambda one: _title(one.kind), sort="kind"),
            Column("state", _("状态"), kind="state", value=_mark, sort="state"),
            Column("new", _("新增"), kind="number", sort="new"),
            Column("changed", _("变更"), kind="number", sort="changed"),
            Column("unchanged", _("无变化"), kind="number", sort="unchanged"),
            Column("errors", _("有误"), kind="number", sort="errors"),
            Column("actor_name", _("导入人"), sort="actor_name"),
            Column("at", _("检查时间"), kind="date", sort="at"),
            Column("published_at", _("写入时间"), kind="date", sort="published_at"),
        ],
        filters=[
            Filter("kind", _("表"), lambda: _kinds(actor), lambda found, value: found.filter(kind=value)),
            Filter(
                "state",
                _("状态"),
                lambda: [*RunState.choices, ("wrong", _("有误"))],
                lambda found, value: found.filter(errors__gt=0) if value == "wrong" else found.filter(state=value),
            ),
            Filter(
                "days",
                _("时间"),
                lambda: [("7", _("最近七天")), ("30", _("最近三十天")), ("365", _("最近一年"))],
                lambda found, value: found.filter(at__gte=timezone.now() - dt.timedelta(days=_PERIODS[value])),
            ),
        ],
        search=words_in("name", "actor_name", "reason"),
        sort="-at",
        empty=(_("还没有导入过文件。在各页的“导入”里选择文件，检查过的都会列在这里。"), "", ""),
        export=_("导入记录"),
    )
    if listing.wants_export:
        return listing.export()
    return render(request, "sheets/past.html", {"listing": listing})


def _kinds(actor: Actor) -> Sequence[tuple[str, str]]:
    rows = visible(actor, "sheets.see", Import.objects.order_by())
    return sorted(((kind, _title(kind)) for kind in set(rows.values_list("kind", flat=True))), key=lambda pair: pair[1])


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: who, when, the file as it came, what was wrong and what it changed."""
    actor, lang = _actor(request), language()
    found = get_object_or_404(
        visible(actor, "sheets.see", Import.objects.all()).distinct().select_related("receipt__file"), pk=pk
    )
    sheet = _sheet(found.kind)
    own = found.run is not None and found.account_id == actor.account_id
    live = own and ImportRun.objects.filter(pk=found.run or 0, sha256=found.sha256, account=actor.account_id).exists()
    counts = [
        (Mark(str(RowState(state).label), _ROW_TONES[RowState(state)]), number)
        for state, number in (
            (RowState.ERROR, found.errors),
            (RowState.NEW, found.new),
            (RowState.CHANGED, found.changed),
            (RowState.UNCHANGED, found.unchanged),
        )
    ]
    rows = [
        {
            "sheet": of,
            "number": number,
            "mark": Mark(str(RowState(state).label), _ROW_TONES[RowState(state)]),
            "label": label,
            "faults": [Words(*pair).speak(lang) for pair in faults],
            "changes": [
                (en, old_en, new_en) if lang == "en" else (zh, old_zh, new_zh)
                for zh, en, old_zh, old_en, new_zh, new_en in changes
            ],
        }
        for of, number, state, label, faults, changes in found.report
    ]
    return render(
        request,
        "sheets/past_one.html",
        {
            "one": found,
            "title": _title(found.kind),
            "mark": _mark(found),
            "counts": counts,
            "rows": rows,
            "several": any(row["sheet"] for row in rows),
            "faults": [Words(*pair).speak(lang) for pair in found.faults],
            "notices": [Words(*pair).speak(lang) for pair in found.notices],
            "receipt": found.receipt if found.receipt and may(actor, "vault.see", found.receipt) else None,
            "sheet": sheet if sheet is not None and may(actor, sheet.action) else None,
            "live": live,
        },
    )


urlpatterns = [
    path("sheets/", past, name="sheets"),
    path("sheets/<int:pk>/", one, name="sheet"),
]
