"""Pages of registers: all of them, the list of one, the list as of a day, deleted rows, the layer of the map, help."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may
from anlan.foundation.screens.listing import Column, Filter, Listing
from anlan.foundation.screens.marks import Mark
from anlan.foundation.screens.texts import language
from anlan.registers import figure_pages, geo, queries, row_pages, sources, tables
from anlan.registers.book import Installed, book
from anlan.registers.missing import missing
from anlan.registers.models import Revision
from anlan.registers.naming import Naming
from anlan.registers.spec.model import NUMBERS, OF_CHOICES, PERIOD, STATE, Field, Type
from anlan.registers.spec.output import condition, limits, worded


def actor_of(request: HttpRequest) -> Actor:
    """Who asks for the page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def known(request: HttpRequest, code: str) -> Installed:
    """Register, if the reader may see any of its rows."""
    registers = book()
    if code not in registers:
        raise Http404(code)
    if not may(actor_of(request), "registers.see", registers[code].register):
        raise PermissionDenied
    return registers[code]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Registers that the reader may see, by group, each with its number of rows and what is missing."""
    actor = actor_of(request)
    if not may(actor, "registers.see"):
        raise PermissionDenied
    there = queries.registers(actor)
    words = " ".join(request.GET.get("q", "").split())[:60]
    counts = queries.counted(actor, there)
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in there:
        title = one.spec.title.speak(language())
        if words and words not in title and words not in one.spec.lead.zh and words != one.code:
            continue
        entry = {"one": one, "title": title, "lead": one.spec.lead.speak(language()), "rows": counts[one.code]}
        groups.setdefault(one.spec.group, []).append(entry)
    heads = sources.groups()
    shown_groups = [
        (heads[code].speak(language()) if code in heads else code, found) for code, found in sorted(groups.items())
    ]
    context = {"groups": shown_groups, "words": words}
    return render(request, "registers/index.html", context)


@require_safe
def rows(request: HttpRequest, code: str) -> HttpResponseBase:
    """Rows of a register: now, or as they were on a day (`on`)."""
    installed, actor = known(request, code), actor_of(request)
    day, told = _day(request)
    listing: Listing[Any] = _as_of(request, installed, day) if day else _now(request, installed)
    if told:
        listing.notices.append(told)
    if listing.wants_export:
        return listing.export()
    context = {
        "installed": installed,
        "listing": listing,
        "day": day,
        "lead": installed.spec.lead.speak(language()),
        "title": installed.spec.title.speak(language()),
        "may_add": may(actor, "registers.add", installed.register),
        "sheet": f"register-{installed.code}",
        "missing": len(missing(installed, actor, only_late=True)) if installed.spec.period else 0,
    }
    return render(request, "registers/rows.html", context)


def _day(request: HttpRequest) -> tuple[dt.date | None, str]:
    asked = request.GET.get("on", "").strip()
    if not asked:
        return None, ""
    try:
        day = dt.date.fromisoformat(asked)
    except ValueError:
        return None, _("“%(day)s”不是日期，下面是现在的记录。") % {"day": asked[:20]}
    return (None, "") if day >= timezone.localdate() else (day, "")


def _now(request: HttpRequest, installed: Installed) -> Listing[Any]:
    actor, spec, lang, naming = actor_of(request), installed.spec, language(), Naming()
    hidden = queries.private(actor, installed)
    columns = [
        _column(installed, id, naming, lang, link=place == 0)
        for place, id in enumerate(id for id in spec.columns if id not in hidden)
    ]
    if any(check.severity != "error" for check in spec.checks):
        columns.append(Column("flags", _("提示"), value=_flag, sort="flags", kind="state"))
    return Listing(
        request,
        # Only what is shown: what a list sorts, it carries along.
        queries.rows(actor, installed).only(*_columns_of(installed)),
        columns=columns,
        filters=_filters(installed, naming, lang, hidden),
        search=queries.holding,
        sort=spec.sort,
        empty=(
            _("这里还没有记录。"),
            reverse("register-new", args=[spec.id]) if may(actor, "registers.add", installed.register) else "",
            _("登记第一条"),
        ),
        export=spec.title.speak(lang),
    )


def _columns_of(installed: Installed) -> list[str]:
    """Columns of the projection that the list shows."""
    names = ["row_id", "label", "flags", PERIOD, STATE]
    for id in installed.spec.columns:
        if id not in (PERIOD, STATE):
            field = installed.spec.field(id)
            names.append(tables.column(field) + ("_label" if field.type is Type.REFERENCE else ""))
    return names


def _flag(line: Any) -> Mark | str:
    return Mark(_("%(n)d 处提示") % {"n": line.flags}, "warning") if line.flags else ""


def _column(installed: Installed, id: str, naming: Naming, lang: str, *, link: bool) -> Column[Any]:
    spec = installed.spec

    def to(line: Any) -> str:
        return reverse("register-row", args=[spec.id, line.row_id])

    opens = to if link else None
    if id == PERIOD:
        return Column(PERIOD, _("期次"), sort=PERIOD, link=opens)
    if id == STATE:
        return Column(STATE, _("状态"), value=lambda line: state_mark(installed, line.state), sort=STATE, kind="state")
    field = spec.field(id)
    kind = "number" if field.type in NUMBERS else "date" if field.type is Type.DATE else "text"
    sort = tables.column(field) + ("_label" if field.type is Type.REFERENCE else "")
    return Column(
        id,
        field.title.speak(lang),
        value=lambda line: shown(field, line, naming, lang),
        sort=sort,
        kind=kind,
        link=opens,
        unit=field.unit,
        wide=field.lines,
    )


def shown(field: Field, line: Any, naming: Naming, lang: str) -> Any:
    """Value of a field of a projected row, as a list shows it."""
    if field.type is Type.REFERENCE:
        return getattr(line, f"{tables.column(field)}_label")
    value = queries.cell(field, line)
    if field.type in (Type.CHOICE, Type.JUDGED, Type.UNIT, Type.PLACE, Type.YESNO):
        return naming.told(field, value, lang)
    return value


def state_mark(installed: Installed, state: str) -> Mark | str:
    """State of a row with its colour."""
    found = installed.spec.state(state)
    return Mark(found.title.speak(language()), found.tone) if found else state


def _filters(installed: Installed, naming: Naming, lang: str, hidden: frozenset[str]) -> list[Filter[Any]]:
    spec = installed.spec
    found: list[Filter[Any]] = []
    if spec.period:
        found.append(
            Filter(
                PERIOD,
                _("期次"),
                lambda: [(p, p) for p in _periods(installed)],
                lambda given, value: given.filter(period=value),
            )
        )
    for id in (one for one in spec.filters if one not in hidden):
        if id == STATE:
            states = [(one.id, one.title.speak(lang)) for one in spec.states]
            found.append(_filter(installed, STATE, _("状态"), states))
        else:
            field = spec.field(id)
            found.append(_filter(installed, id, field.title.speak(lang), _choices(field, naming, lang)))
    return found


def _filter(installed: Installed, id: str, title: str, choices: list[tuple[str, str]]) -> Filter[Any]:
    return Filter(id, title, lambda: choices, lambda given, value: queries.narrowed(installed, given, {id: value}))


def _choices(field: Field, naming: Naming, lang: str) -> list[tuple[str, str]]:
    if field.type is Type.YESNO:
        return [("yes", _("是")), ("no", _("否"))]
    if field.type in OF_CHOICES:
        return [(one.id, one.words.speak(lang)) for one in field.choices]
    if field.type is Type.PLACE:
        return [(d.code, d.name) for d in naming.divisions.values() if not field.kinds or d.kind in field.kinds]
    return [(str(u.pk), u.short_name) for u in naming.units.values() if not field.kinds or u.kind in field.kinds]


def _periods(installed: Installed) -> list[str]:
    return list(installed.rows.order_by("-period").values_list("period", flat=True).distinct()[:60])


def _as_of(request: HttpRequest, installed: Installed, day: dt.date) -> Listing[Revision]:
    spec, lang, naming = installed.spec, language(), Naming()
    hidden = queries.private(actor_of(request), installed)

    def column(place: int, id: str) -> Column[Revision]:
        def value(one: Revision) -> object:
            if id == STATE:
                return state_mark(installed, one.state)
            if id == PERIOD:
                return one.values.get(PERIOD)
            return naming.told(spec.field(id), one.values.get(id), lang)

        title = {PERIOD: _("期次"), STATE: _("状态")}.get(id) or spec.field(id).title.speak(lang)
        return Column(
            id,
            title,
            value=value,
            kind="state" if id == STATE else "text",
            link=(lambda one: reverse("register-row", args=[spec.id, one.row_id])) if place == 0 else None,
            unit="" if id in (PERIOD, STATE) else spec.field(id).unit,
        )

    return Listing(
        request,
        queries.as_of(actor_of(request), installed, day),
        columns=[column(place, id) for place, id in enumerate(id for id in spec.columns if id not in hidden)],
        search=lambda given, words: given.filter(row__label__icontains=words),
        empty=(_("这一天还没有记录。"), "", ""),
        export=f"{spec.title.speak(lang)} {day}",
    )


@require_safe
def deleted(request: HttpRequest, code: str) -> HttpResponseBase:
    """Deleted rows: they stay with their history, and can be restored."""
    installed = known(request, code)
    listing = Listing(
        request,
        queries.deleted(actor_of(request), installed),
        columns=[
            Column("label", _("记录"), sort="label", link=lambda row: reverse("register-row", args=[code, row.pk])),
            Column("created_at", _("登记时间"), kind="date", sort="created_at"),
        ],
        search=lambda given, words: given.filter(label__icontains=words),
        empty=(_("没有删除过记录。"), "", ""),
    )
    title = installed.spec.title.speak(language())
    return render(request, "registers/deleted.html", {"installed": installed, "listing": listing, "title": title})


@require_safe
def layer(request: HttpRequest, code: str) -> HttpResponseBase:
    """Layer of the map as GeoJSON: the rows the reader may see, with label, state and colour."""
    installed = known(request, code)
    if installed.spec.map is None:
        raise Http404(code)
    pieces = geo.collection(installed, queries.rows(actor_of(request), installed), language())
    return StreamingHttpResponse(pieces, content_type="application/geo+json; charset=utf-8")


@require_safe
def help(request: HttpRequest, code: str) -> HttpResponse:
    """What the register is, field by field, check by check, as its spec says."""
    installed, lang = known(request, code), language()
    spec = installed.spec
    fields = []
    for one in spec.fields:
        choices = "、".join(choice.words.speak(lang) for choice in one.choices)
        note = limits(one)
        fields.append({"field": one, "choices": choices, "limits": note.speak(lang) if note else ""})
    versions = list(installed.register.versions.order_by("-number"))
    others = {code: one.spec for code, one in book().items()}
    conditions = {
        one.id: "；".join(condition(c, spec).speak(lang) for c in one.measure.where) for one in spec.indicators
    }
    context = {
        "installed": installed,
        "title": spec.title.speak(lang),
        "spec": spec,
        "fields": fields,
        "key": [_heading(installed, id, lang) for id in spec.key],
        "conditions": conditions,
        "checks": [(one, worded(one, spec, others)) for one in spec.checks],
        "indicators": [(one, conditions[one.id]) for one in spec.indicators],
        "versions": versions,
        "report": _report(request, installed, versions[0].report if versions else []),
    }
    return render(request, "registers/help.html", context)


def _report(request: HttpRequest, installed: Installed, report: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What of the rows does not fit the version in force, as far as the reader may see the rows."""
    mine = set(
        queries.rows(actor_of(request), installed)
        .filter(row_id__in=[one["row"] for one in report[:200]])
        .values_list("row_id", flat=True)
    )
    lang = language()
    return [
        {"row": one["row"], "label": one["label"], "told": one["problem"][lang]} for one in report if one["row"] in mine
    ]


def _heading(installed: Installed, id: str, lang: str) -> str:
    return _("期次") if id == PERIOD else installed.spec.field(id).title.speak(lang)


urlpatterns = [
    path("registers/", index, name="registers"),
    *figure_pages.urlpatterns,
    path("registers/<slug:code>/", rows, name="register"),
    path("registers/<slug:code>/deleted/", deleted, name="register-deleted"),
    path("registers/<slug:code>/map.geojson", layer, name="register-map"),
    path("registers/<slug:code>/help/", help, name="register-help"),
    *row_pages.urlpatterns,
]
