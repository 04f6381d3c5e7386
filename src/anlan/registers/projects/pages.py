"""Pages of the project library: board and list, one project, money, milestones, the list for the next call."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may
from anlan.foundation.screens import excel
from anlan.foundation.screens.charts import Chart, Series
from anlan.foundation.screens.marks import Mark
from anlan.foundation.screens.texts import language
from anlan.registers.book import Installed, book
from anlan.registers.naming import Naming
from anlan.registers.projects import calls, library, rules, timeline
from anlan.registers.projects.library import Asked, Project

_LONGEST = 60


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _register(request: HttpRequest) -> Installed:
    """The register of projects; 404 where the district has none, refused for who may not read it."""
    found = library.installed()
    if found is None:
        raise Http404
    if not may(_actor(request), "registers.see", found.register):
        raise PermissionDenied
    return found


def _day(request: HttpRequest) -> dt.date:
    """Day the page speaks of: ?on=2022-09-30, today by default and for what is no day."""
    try:
        return min(dt.date.fromisoformat(request.GET.get("on", "")[:10]), timezone.localdate())
    except ValueError:
        return timezone.localdate()


def _asked(request: HttpRequest) -> Asked:
    def given(key: str) -> str:
        # No text holds a NUL, and one of the stores breaks over it.
        return request.GET.get(key, "").replace("\x00", "")[:_LONGEST]

    return Asked(
        given("unit"), given("category"), given("item"), given("state"), request.GET.get("warned") == "1", given("q")
    )


def _kept(request: HttpRequest, **changed: str) -> str:
    """Address of the page with what is asked for now, and what is changed."""
    keys = ("on", "unit", "category", "item", "state", "warned", "q", "view", "for")
    parts = {key: request.GET[key] for key in keys if request.GET.get(key)} | changed
    return f"?{urlencode({key: value for key, value in parts.items() if value})}"


def _frame(request: HttpRequest, installed: Installed, day: dt.date, here: str) -> dict[str, Any]:
    """What every page of the library has: tabs, day, filters."""
    spec, lang, naming = installed.spec, language(), Naming()
    on = f"?{urlencode({'on': request.GET['on']})}" if request.GET.get("on") else ""
    tabs = [
        ("projects", _("项目")),
        ("projects-funds", _("资金")),
        ("projects-milestones", _("节点")),
        ("projects-call", _("申报")),
    ]
    month = library.latest(_actor(request))
    asked = _asked(request)
    category = spec.field("category")
    units = sorted(
        {unit for unit in installed.rows.order_by().values_list("unit_id", flat=True).distinct() if unit},
        key=lambda unit: naming.units[unit].code if unit in naming.units else "",
    )
    return {
        "tabs": [(reverse(name) + on, title, name == here) for name, title in tabs],
        "day": day,
        "is_today": day == timezone.localdate(),
        "latest": month,
        "latest_url": _kept(request, on=_month_end(month)) if month else "",
        "asked": asked,
        "units": [(str(unit), naming.units[unit].short_name) for unit in units if unit in naming.units],
        "categories": [(one.id, one.words.speak(lang)) for one in category.choices],
        "states": [(one.id, one.title.speak(lang)) for one in spec.states],
        "narrowed": bool(asked.unit or asked.category or asked.item or asked.state or asked.warned or asked.words),
        "register": reverse("register", args=[spec.id]),
        "new": reverse("register-new", args=[spec.id])
        if may(_actor(request), "registers.add", installed.register)
        else "",
    }


def _month_end(month: str) -> str:
    year, number = int(month[:4]), int(month[5:7])
    return f"{month}-{calendar.monthrange(year, number)[1]:02}"


def _shown(installed: Installed, found: Sequence[Project]) -> list[dict[str, Any]]:
    """Projects as lists and cards show them."""
    spec, lang, naming = installed.spec, language(), Naming()
    names = {one.id: one.words.speak(lang) for one in spec.field("category").choices}
    states = {one.id: Mark(one.title.speak(lang), one.tone) for one in spec.states}
    return [
        {
            "one": one,
            "url": reverse("projects-one", args=[one.key]),
            "category": names.get(one.values["category"] or "", ""),
            "unit": naming.units[one.unit_id].short_name if one.unit_id in naming.units else "",
            "place": naming.divisions[one.place].name if one.place in naming.divisions else "",
            "state": states.get(one.state),
            "warned": [(one_warned, one_warned.words.speak(lang)) for one_warned in one.warned],
        }
        for one in found
    ]


@require_safe
def board(request: HttpRequest) -> HttpResponseBase:
    """Projects by stage, or as a list (?view=list); ?export=xlsx gives the list as a sheet."""
    if library.installed() is None and may(_actor(request), "registers.see"):
        return render(request, "projects/none.html")
    installed = _register(request)
    day = _day(request)
    found = library.projects(_actor(request), day, _asked(request))
    shown = _shown(installed, found)
    if request.GET.get("export") == "xlsx":
        return _export(shown)
    stages = []
    for state in installed.spec.states:
        mine = [row for row in shown if row["one"].state == state.id]
        total = sum((row["one"].total for row in mine), Decimal(0))
        stages.append((state.title.speak(language()), state.tone, mine, total))
    context = _frame(request, installed, day, "projects") | {
        "sums": library.sums(found),
        "stages": stages,
        "rows": shown,
        "as_list": request.GET.get("view") == "list",
        "board_url": _kept(request, view=""),
        "list_url": _kept(request, view="list"),
        "export": _kept(request, export="xlsx"),
        "warned_url": _kept(request, warned="1", view="list"),
    }
    return render(request, "projects/board.html", context)


def _export(shown: Sequence[dict[str, Any]]) -> HttpResponseBase:
    number = "number"
    money = _("%(title)s（万元）")
    heads = [
        excel.Head(_("编号")),
        excel.Head(_("项目名称")),
        excel.Head(_("类别")),
        excel.Head(_("责任单位")),
        excel.Head(_("地点")),
        excel.Head(_("阶段")),
        excel.Head(money % {"title": _("总投资")}, number),
        *(excel.Head(money % {"title": title.speak(language())}, number) for title, _f, _y in library.KINDS.values()),
        excel.Head(money % {"title": _("已落实")}, number),
        excel.Head(money % {"title": _("资金缺口")}, number),
        excel.Head(money % {"title": _("本年计划")}, number),
        excel.Head(money % {"title": _("本年完成")}, number),
        excel.Head(money % {"title": _("累计完成")}, number),
        excel.Head(money % {"title": _("累计到位")}, number),
        excel.Head(money % {"title": _("累计支付")}, number),
        excel.Head(_("形象进度（%）"), number),
        excel.Head(_("填报期次")),
        excel.Head(_("预警")),
    ]
    rows = [
        [
            row["one"].values["number"],
            row["one"].name,
            row["category"],
            row["unit"],
            row["place"],
            str(row["state"].text) if row["state"] else "",
            row["one"].total,
            *(row["one"].source(kind) for kind in library.KINDS),
            row["one"].values["secured"],
            row["one"].gap,
            row["one"].year.get("plan"),
            row["one"].month.get("done_year"),
            row["one"].month.get("done_total"),
            row["one"].month.get("in_place"),
            row["one"].month.get("paid"),
            row["one"].image,
            row["one"].month.get("period", ""),
            "；".join(text for _warned, text in row["warned"]),
        ]
        for row in shown
    ]
    return excel.download(_("项目库"), heads, rows)


@require_safe
def one(request: HttpRequest, key: int) -> HttpResponse:
    """One project: stage, sources, plan of the year, months, works, warnings, milestones, documents."""
    installed = _register(request)
    day = _day(request)
    found = library.projects(_actor(request), day, key=key)
    if not found:
        raise Http404
    project, lang = found[0], language()
    months = library.months(project, day)
    spec = installed.spec
    order = [one.id for one in spec.states if one.id != library.ENDED]
    at = order.index(project.state) if project.state in order else -1
    context = _frame(request, installed, day, "projects") | {
        "row": _shown(installed, found)[0],
        "project": project,
        "stages": [
            (state.title.speak(lang), "past" if place < at else "now" if place == at else "")
            for place, state in enumerate(one for one in spec.states if one.id != library.ENDED)
        ],
        "sources": [
            (spec.field(id).title.speak(lang), project.values[id], rules.share(project.values[id], project.total))
            for id in library.SOURCES
            if project.values[id]
        ],
        "plan_sources": [
            (title.speak(lang), project.year.get(field))
            for title, _fields, field in library.KINDS.values()
            if project.year.get(field)
        ],
        "months": months[::-1],
        "charts": _charts(months) if len(months) > 1 else [],
        "drawing": timeline.draw([_line(project)], day),
        "calls": [(title, _ready(project.ready(call, day))) for call, title in _call_titles()],
        "address": reverse("register-row", args=[library.PROJECT, project.key]),
        "links": _links(request, project),
    }
    return render(request, "projects/one.html", context)


def _links(request: HttpRequest, project: Project) -> dict[str, str]:
    """Where to fill in what belongs to a project, for who may."""
    found = {}
    for code in (library.YEAR, library.MONTH, library.MILESTONE, library.DOCUMENT):
        register = book().get(code)
        if register is not None and may(_actor(request), "registers.add", register.register):
            tail = urlencode({"project": project.values["number"]})
            found[code] = f"{reverse('register-new', args=[code])}?{tail}"
    return found


def _charts(months: Sequence[dict[str, Any]]) -> list[Chart]:
    labels = [month["period"] for month in months]

    def values(id: str) -> list[float | None]:
        return [None if month[id] is None else float(month[id]) for month in months]

    return [
        Chart(
            "money",
            _("完成投资、到位、支付（累计）"),
            labels,
            [
                Series(_("完成投资"), "accent", values("done_total")),
                Series(_("到位"), "green", values("in_place")),
                Series(_("支付"), "yellow", values("paid")),
            ],
            unit=_("万元"),
            head=_("期次"),
            kind="line",
        ),
        Chart(
            "works",
            _("形象进度与投资完成率"),
            labels,
            [
                Series(_("形象进度"), "done", values("image")),
                Series(_("投资完成率"), "accent", values("done_rate")),
            ],
            unit="%",
            head=_("期次"),
            kind="line",
        ),
    ]


def _line(project: Project) -> timeline.Row:
    points = [timeline.Point(one.name, one.planned, one.reached) for one in project.milestones]
    return timeline.Row(
        project.key, project.name, project.values["planned_start"], project.values["planned_finish"], points
    )


@require_safe
def funds(request: HttpRequest) -> HttpResponseBase:
    """Sources by kind, plan of the year, and the projects whose money is not secured, the largest gap first."""
    installed = _register(request)
    day = _day(request)
    found = library.projects(_actor(request), day, _asked(request))
    shown = [row for row in _shown(installed, found) if row["one"].gap > 0 and row["one"].state != library.ENDED]
    shown.sort(key=lambda row: (-row["one"].gap, row["one"].key))
    if request.GET.get("export") == "xlsx":
        return _export(shown)
    lines = library.by_source(found)
    lang = language()
    chart = Chart(
        "sources",
        _("各类资金"),
        [line.title.speak(lang) for line in lines],
        [
            Series(_("总投资来源"), "accent", [float(line.total) for line in lines]),
            Series(_("本年计划"), "yellow", [float(line.year_plan) for line in lines]),
        ],
        unit=_("万元"),
        head=_("来源"),
        kind="bar",
    )
    totals = library.sums(found)
    context = _frame(request, installed, day, "projects-funds") | {
        "lines": [(line, line.title.speak(lang), rules.share(line.total, totals.total)) for line in lines],
        "sums": totals,
        "chart": chart,
        "rows": shown,
        "export": _kept(request, export="xlsx"),
    }
    return render(request, "projects/funds.html", context)


@require_safe
def milestones(request: HttpRequest) -> HttpResponse:
    """Milestones of all projects as a chart, and those that are late as a list."""
    installed = _register(request)
    day = _day(request)
    found = [one for one in library.projects(_actor(request), day, _asked(request)) if one.state != library.ENDED]
    late = [(one, point, (day - point.planned).days) for one in found for point in one.milestones if point.is_late(day)]
    soon = [
        (one, point, (point.planned - day).days)
        for one in found
        for point in one.milestones
        if point.reached is None and day <= point.planned <= day + dt.timedelta(days=30)
    ]
    context = _frame(request, installed, day, "projects-milestones") | {
        "drawing": timeline.draw([_line(one) for one in found], day),
        "late": sorted(late, key=lambda row: (-row[2], row[0].key)),
        "soon": sorted(soon, key=lambda row: (row[2], row[0].key)),
        "count": len(found),
    }
    return render(request, "projects/milestones.html", context)


def _call_titles() -> list[tuple[str, str]]:
    return [("bond", _("专项债")), ("central", _("中央预算内投资"))]


def _ready(ready: calls.Ready) -> dict[str, Any]:
    """Readiness in words."""
    register, lang = book().get(library.DOCUMENT), language()
    kinds, states = {}, {}
    if register is not None:
        kinds = {one.id: one.words.speak(lang) for one in register.spec.field("kind").choices}
        states = {one.id: one.title.speak(lang) for one in register.spec.states}
    states |= {"none": _("未登记"), "expired": _("已过有效期")}
    return {
        "ready": ready,
        "have": [kinds.get(kind, kind) for kind in ready.ready],
        "lack": [(kinds.get(kind, kind), states.get(state, state)) for kind, state in ready.missing],
    }


@require_safe
def call(request: HttpRequest) -> HttpResponseBase:
    """Projects for the next call for bonds or the central budget (?for=central), the readiest first."""
    installed = _register(request)
    day = _day(request)
    wanted = request.GET.get("for", "bond")
    wanted = wanted if wanted in calls.CALLS else "bond"
    found = library.candidates(library.projects(_actor(request), day, _asked(request)), wanted, day)
    shown = {row["one"].key: row for row in _shown(installed, [one.project for one in found])}
    rows = [(shown[one.project.key], one, _ready(one.ready)) for one in found]
    if request.GET.get("export") == "xlsx":
        return _export_call(rows, dict(_call_titles())[wanted])
    context = _frame(request, installed, day, "projects-call") | {
        "call": wanted,
        "calls": [(_kept(request, **{"for": key}), title, key == wanted) for key, title in _call_titles()],
        "title": dict(_call_titles())[wanted],
        "rows": rows,
        "wanted": sum((one.wanted for one in found), Decimal(0)),
        "complete": sum(one.ready.percent == 100 for one in found),
        "export": _kept(request, export="xlsx"),
    }
    return render(request, "projects/call.html", context)


def _export_call(
    rows: Sequence[tuple[dict[str, Any], library.Candidate, dict[str, Any]]], title: str
) -> HttpResponseBase:
    heads = [
        excel.Head(_("项目名称")),
        excel.Head(_("责任单位")),
        excel.Head(_("阶段")),
        excel.Head(_("项目代码")),
        excel.Head(_("总投资（万元）"), "number"),
        excel.Head(_("拟申请（万元）"), "number"),
        excel.Head(_("资金缺口（万元）"), "number"),
        excel.Head(_("要件齐全度（%）"), "number"),
        excel.Head(_("已具备")),
        excel.Head(_("还缺")),
    ]
    lines = [
        [
            row["one"].name,
            row["unit"],
            str(row["state"].text) if row["state"] else "",
            row["one"].values["code"] or "",
            row["one"].total,
            candidate.wanted,
            row["one"].gap,
            candidate.ready.percent,
            "、".join(ready["have"]),
            "、".join(f"{kind}（{state}）" for kind, state in ready["lack"]),
        ]
        for row, candidate, ready in rows
    ]
    return excel.download(_("%(call)s申报清单") % {"call": title}, heads, lines)


urlpatterns = [
    path("projects/", board, name="projects"),
    path("projects/funds/", funds, name="projects-funds"),
    path("projects/milestones/", milestones, name="projects-milestones"),
    path("projects/call/", call, name="projects-call"),
    path("projects/<int:key>/", one, name="projects-one"),
]
