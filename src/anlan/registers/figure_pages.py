"""Pages of figures: indicators with their charts and splits, identities that do not hold, missing rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may
from anlan.foundation.calc.exact import told
from anlan.foundation.screens import excel
from anlan.foundation.screens.texts import language
from anlan.registers import charts, queries
from anlan.registers.book import Installed, book
from anlan.registers.figures import Figure, broken, figures, split
from anlan.registers.missing import missing as find_missing
from anlan.registers.models import Row
from anlan.registers.naming import Naming
from anlan.registers.spec.model import OF_CHOICES, PERIOD, STATE


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _known(request: HttpRequest, code: str) -> Installed:
    registers = book()
    if code not in registers:
        raise Http404(code)
    if not may(_actor(request), "registers.see", registers[code].register):
        raise PermissionDenied
    return registers[code]


def ways(installed: Installed, hidden: frozenset[str]) -> list[tuple[str, str]]:
    """By what the figures can be split, with titles."""
    spec, lang = installed.spec, language()
    found = []
    if spec.period:
        found.append((PERIOD, _("期次")))
    if spec.unit:
        found.append(("unit", spec.field(spec.unit).title.speak(lang)))
    if spec.place:
        found.append(("place", spec.field(spec.place).title.speak(lang)))
    if spec.states:
        found.append((STATE, _("状态")))
    found += [(one.id, one.title.speak(lang)) for one in spec.of_type(*OF_CHOICES) if one.id not in hidden]
    return found


def named(installed: Installed, by: str, value: Any, naming: Naming) -> str:
    """Name of a group."""
    spec, lang = installed.spec, language()
    if value in (None, ""):
        return _("（未填）")
    if by == "unit":
        return naming.units[value].short_name if value in naming.units else str(value)
    if by == "place":
        return naming.divisions[value].name if value in naming.divisions else str(value)
    if by == STATE:
        state = spec.state(value)
        return state.title.speak(lang) if state else str(value)
    return str(value) if by == PERIOD else naming.told(spec.field(by), value, lang)


@require_safe
def indicators(request: HttpRequest, code: str) -> HttpResponseBase:
    """Indicators over all rows the reader may see, or narrowed; split by unit, place, period, state or a choice."""
    installed = _known(request, code)
    spec, lang, naming = installed.spec, language(), Naming()
    titles = dict(ways(installed, queries.private(_actor(request), installed)))
    by = request.GET.get("by", "")
    by = by if by in titles else next(iter(titles), "")
    wanted = {key: request.GET.get(key, "")[:60] for key in ("period", "place") if request.GET.get(key)}
    if not spec.period:
        wanted.pop("period", None)
    rows = queries.narrowed(installed, queries.rows(_actor(request), installed), wanted)
    whole = figures(installed, rows)
    groups = ordered(installed, by, split(installed, rows, by)) if by else {}
    table = [(named(installed, by, group, naming), found) for group, found in groups.items()]
    if request.GET.get("export") == "xlsx":
        return _export(installed, titles.get(by, ""), table, whole)
    drawn = [charts.chart(one, _points(installed, one.by, rows, one.indicator, naming), spec) for one in spec.charts]
    context = {
        "installed": installed,
        "title": spec.title.speak(lang),
        "whole": [_shown(one) for one in whole.values()],
        "ways": [(id, title, id == by) for id, title in titles.items()],
        "by": titles.get(by, ""),
        "by_id": by,
        "heads": list(spec.indicators),
        "table": [(name, [_cell(found.get(one.id)) for one in spec.indicators]) for name, found in table],
        "charts": drawn,
        "broken": broken(installed, rows, lang),
        "identities": spec.identities,
        "wanted": wanted,
    }
    return render(request, "registers/indicators.html", context)


def _points(installed: Installed, by: str, rows: Any, indicator: str, naming: Naming) -> list[tuple[str, Figure]]:
    found = ordered(installed, by, split(installed, rows, by, [installed.spec.indicator(indicator)]))
    points = [(named(installed, by, group, naming), there[indicator]) for group, there in found.items()]
    if by in ("unit", "place"):
        points.sort(key=lambda point: point[1].value or Fraction(0), reverse=True)
    return points


Split = Mapping[Any, Mapping[str, Figure]]


def ordered(installed: Installed, by: str, groups: Split) -> Split:
    """Groups in the order in which the spec names its states and choices; the others as they are."""
    spec = installed.spec
    if by == STATE:
        ids = [one.id for one in spec.states]
    elif by in spec.by_id and spec.field(by).choices:
        ids = [one.id for one in spec.field(by).choices]
    else:
        return dict(groups)
    places = {id: place for place, id in enumerate(ids)}
    return dict(sorted(groups.items(), key=lambda pair: places.get(pair[0], len(places))))


def _shown(one: Figure) -> dict[str, Any]:
    return {
        "title": one.indicator.title.speak(language()),
        "unit": one.indicator.unit,
        "value": _cell(one),
        "basis": one.indicator.basis.speak(language()) if one.indicator.basis else "",
        "part": "" if one.part is None else told(one.part),
        "whole": "" if one.whole is None else told(one.whole),
        "is_rate": one.whole is not None,
        "growth": one.indicator.measure.how.value == "growth",
    }


def _cell(one: Figure | None) -> str:
    return "" if one is None or one.shown is None else f"{one.shown:,}"


def _export(
    installed: Installed, by: str, table: Sequence[tuple[str, Mapping[str, Figure]]], whole: Mapping[str, Figure]
) -> HttpResponseBase:
    spec, lang = installed.spec, language()
    heads = [excel.Head(by or _("范围"))]
    heads += [
        excel.Head(f"{one.title.speak(lang)}（{one.unit}）" if one.unit else one.title.speak(lang), "number")
        for one in spec.indicators
    ]
    lines = [
        [name, *(found[one.id].shown if one.id in found else None for one in spec.indicators)] for name, found in table
    ]
    lines.append([_("合计"), *(whole[one.id].shown for one in spec.indicators)])
    return excel.download(f"{spec.title.speak(lang)} {_('指标')}", heads, lines)


@require_safe
def missing(request: HttpRequest, code: str) -> HttpResponse:
    """Rows that are owed and not there, by period."""
    installed = _known(request, code)
    if installed.spec.period is None:
        raise Http404(code)
    found = find_missing(installed, _actor(request))
    may_add = may(_actor(request), "registers.add", installed.register)
    about = {one.about_id for one in found if one.about_id is not None}
    natural = dict(Row.objects.filter(pk__in=about).values_list("pk", "key")) if may_add else {}
    periods: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        link = ""
        if may_add:
            start = {"period": one.period}
            if one.about_id is not None:
                start[installed.spec.period.expects] = natural.get(one.about_id, "").replace("\x1f", " ")
            if installed.spec.unit and one.unit:
                start[installed.spec.unit] = one.unit
            link = f"{reverse('register-new', args=[code])}?{urlencode(start)}"
        periods.setdefault(one.period, []).append({"one": one, "link": link})
    context = {
        "installed": installed,
        "title": installed.spec.title.speak(language()),
        "periods": list(periods.items()),
        "total": len(found),
        "late": sum(one.late for one in found),
        "expects": bool(installed.spec.period.expects),
    }
    return render(request, "registers/missing.html", context)


@require_safe
def all_missing(request: HttpRequest) -> HttpResponse:
    """Rows that are owed and not there, in all registers that the reader fills or coordinates."""
    actor = _actor(request)
    if not may(actor, "registers.see"):
        raise PermissionDenied
    found = queries.owed(actor)
    rows = sorted(found, key=lambda pair: (pair[1].due, pair[0].code, pair[1].unit))
    late = sum(one.late for _installed, one in rows)
    return render(request, "registers/all_missing.html", {"rows": rows[:500], "total": len(rows), "late": late})


urlpatterns = [
    path("registers/missing/", all_missing, name="registers-missing"),
    path("registers/<slug:code>/indicators/", indicators, name="register-indicators"),
    path("registers/<slug:code>/missing/", missing, name="register-missing"),
]
