"""Pages of targets: all of a plan with what was reported and what the rows say, and binding one to an indicator."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may, visible
from anlan.foundation.facts.kinds import COUNTED, INDICATORS, Asked, Indicator
from anlan.foundation.facts.providers import FACTS
from anlan.foundation.screens import excel
from anlan.foundation.screens.texts import language
from anlan.plan.binding import actions, converting, queries
from anlan.plan.binding.models import Binding, BindingState
from anlan.plan.binding.proposing import Proposal
from anlan.plan.binding.queries import Line
from anlan.plan.models import Plan, Target, Task
from anlan.settings import InputError

# What the list can be narrowed to.
SHOWN = ("", "met", "gap", "unbound", "look")


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _keeps(line: Line, show: str) -> bool:
    if show == "gap":
        return bool(line.gap)
    if show == "met":
        return line.bound is not None and line.bound.meets
    if show == "unbound":
        return line.bound is None
    return line.bound is not None and line.bound.needs_a_look if show == "look" else True


@require_safe
def targets(request: HttpRequest) -> HttpResponseBase:
    """Targets of a plan: goal, reported, counted, gap. GET ?plan=1&show=gap narrows, ?export=xlsx gives the sheet."""
    actor = _actor(request)
    demand(actor, "task.see")
    plans = queries.reading(actor)
    plan = next((one for one in plans if str(one.pk) == request.GET.get("plan", "")), plans[0] if plans else None)
    if plan is None:
        return render(request, "binding/targets.html", {"plans": [], "plan": None})
    lines = queries.lines(actor, plan)
    show = request.GET.get("show", "")
    show = show if show in SHOWN else ""
    kept = [line for line in lines if _keeps(line, show)]
    if request.GET.get("export") == "xlsx":
        return _export(plan, kept)
    titles = {
        "": _("全部"),
        "met": _("台账数已达到"),
        "gap": _("报告与台账不一致"),
        "unbound": _("未绑定"),
        "look": _("待复核"),
    }
    context = {
        "plans": plans,
        "plan": plan,
        "lines": kept,
        "total": len(lines),
        "tabs": [
            (
                title,
                sum(_keeps(line, key) for line in lines),
                f"?{urlencode({'plan': plan.pk, 'show': key})}",
                key == show,
            )
            for key, title in titles.items()
        ],
        "met": sum(line.bound is not None and line.bound.meets for line in lines),
        "bound": sum(line.bound is not None for line in lines),
        "may_bind": may(actor, "target.bind"),
        "export": f"?{urlencode({'plan': plan.pk, 'show': show, 'export': 'xlsx'})}",
    }
    return render(request, "binding/targets.html", context)


def _export(plan: Plan, lines: list[Line]) -> HttpResponseBase:
    heads = [
        excel.Head(_("任务")),
        excel.Head(_("目标")),
        excel.Head(_("单位")),
        excel.Head(_("单位报告"), "number"),
        excel.Head(_("台账数"), "number"),
        excel.Head(_("差异"), "number"),
        excel.Head(_("台账完成率（%）"), "number"),
        excel.Head(_("台账指标")),
        excel.Head(_("台账记录（条）"), "number"),
    ]
    rows = [
        [
            str(line.task),
            line.target.text,
            line.target.unit,
            line.reported.number if line.reported else None,
            line.bound.shown if line.bound else None,
            line.gap,
            line.bound.standing.percent if line.bound and line.bound.standing else None,
            line.bound.binding.title if line.bound else "",
            line.bound.rows if line.bound else None,
        ]
        for line in lines
    ]
    return excel.download(_("%(plan)s目标") % {"plan": plan.title}, heads, rows)


def _found(actor: Actor, key: int) -> tuple[Target, Task]:
    tasks = visible(actor, "task.see", Task.objects.filter(void=False, parent__isnull=True))
    target = get_object_or_404(Target.objects.select_related("measure"), pk=key)
    return target, get_object_or_404(tasks.select_related("plan"), measure=target.measure_id)


@require_http_methods(["GET", "POST"])
def bind(request: HttpRequest, key: int) -> HttpResponse:
    """What a target is counted by, and the form to change it.

    GET ?indicator=forest.area_passed opens the form for it, with the fields of the form it tries the figure out; POST
    binds.
    """
    actor = _actor(request)
    demand(actor, "target.bind")
    target, task = _found(actor, key)
    given = request.POST if request.method == "POST" else request.GET
    source, _dot, id = given.get("indicator", "").partition(".")
    chosen = queries.offered(source, id) if id else None
    narrowed = {
        one.id: given.get(f"by-{one.id}", "")
        for one in (chosen.narrowings if chosen else ())
        if given.get(f"by-{one.id}")
    }
    status = 200
    if request.method == "POST":
        try:
            actions.bind(
                actor,
                target,
                source,
                id,
                narrowed=narrowed,
                period=given.get("period", "")[:10],
                water=bool(given.get("water")),
                reason=given.get("reason", ""),
            )
        except InputError as error:
            for problem in error.problems:
                messages.error(request, problem.speak(language()))
            status = 422
        else:
            messages.success(request, _("已绑定，进度改由台账得出。"))
            return redirect("target-bind", target.pk)
    line = Line(target, task, _reported(target, task), queries.bound([target], actor, whole=True).get(target.pk))
    context = {
        "target": target,
        "task": task,
        "line": line,
        "told": line.bound.indicator.told.speak(language()) if line.bound and line.bound.indicator else "",
        "only": [(title.speak(language()), value.speak(language())) for title, value in line.bound.only]
        if line.bound
        else [],
        "proposals": [_proposal(one) for one in queries.proposals(target, task) if not _is(line, one)],
        "refused": [(one, str(one)) for one in queries.refusals(target)],
        "history": queries.history(target),
        "others": _others(target),
        "chosen": _form(actor, target, chosen, narrowed, given) if chosen else None,
    }
    return render(request, "binding/bind.html", context, status=status)


def _reported(target: Target, task: Task) -> Any:
    from anlan.plan.progress import standing

    tasks = [task.pk, *Task.objects.filter(parent=task, void=False).values_list("pk", flat=True)]
    return standing.whole(target, standing.reached(tasks, [target]))


def _is(line: Line, one: Proposal) -> bool:
    mine = line.bound.binding if line.bound else None
    return mine is not None and (mine.source, mine.indicator) == (one.indicator.source, one.indicator.id)


def _proposal(one: Proposal) -> dict[str, Any]:
    lang = language()
    return {
        "key": f"{one.indicator.source}.{one.indicator.id}",
        "register": one.indicator.source_title.speak(lang),
        "title": one.indicator.title.speak(lang),
        "told": one.indicator.told.speak(lang),
        "unit": one.indicator.unit,
        "words": one.words,
        "owners": one.owners,
        "same_unit": one.same_unit,
        "water": one.water,
    }


def _others(target: Target) -> list[tuple[str, list[tuple[str, str]]]]:
    """All indicators whose unit converts, by register, for who knows better than the proposals."""
    lang = language()
    found: dict[str, list[tuple[str, str]]] = {}
    for one in FACTS.ask(INDICATORS.name, whole=False):
        if converting.fits(one.unit, target.unit) or converting.fits_as_water(one.unit, target.unit):
            title = f"{one.title.speak(lang)}（{one.unit}）" if one.unit else one.title.speak(lang)
            found.setdefault(one.source_title.speak(lang), []).append((f"{one.source}.{one.id}", title))
    return list(found.items())


def _form(actor: Actor, target: Target, one: Indicator, narrowed: dict[str, str], given: Any) -> dict[str, Any]:
    """Form for one indicator, with the figure that its present choice gives."""
    lang = language()
    fits = converting.fits(one.unit, target.unit)
    water = bool(given.get("water")) or not fits
    period = given.get("period", _usual_period(one, target) if "period" not in given else "")
    # What is none of the choices is told when it is bound; it is not asked for.
    known = {n.id: {value for value, _title in n.values} for n in one.narrowings}
    sound = tuple(sorted((key, value) for key, value in narrowed.items() if value in known[key]))
    if not period.isalnum():
        period = ""
    asked = Asked(one.source, one.id, sound, period)
    counted = next(iter(FACTS.ask(COUNTED.name, asked=[asked], actor=actor)), None)
    shown = None
    if counted is not None and counted.value is not None:
        try:
            value = converting.convert(counted.value, one.unit, target.unit, water=water)
        except ValueError:
            value = None
        shown = converting.shown(value, one.unit, target.unit, one.decimals) if value is not None else None
    year = str(target.measure.document.plan.year or "")
    periods = [("", _("全部各期")), ("latest", _("最近一期"))]
    if year:
        periods.append((year, _("%(year)s 年各期") % {"year": year}))
    return {
        "key": f"{one.source}.{one.id}",
        "register": one.source_title.speak(lang),
        "title": one.title.speak(lang),
        "told": one.told.speak(lang),
        "unit": one.unit,
        "url": one.url,
        "fits": fits,
        "water": water,
        "narrowings": [
            (n.id, n.title.speak(lang), [(v, t.speak(lang)) for v, t in n.values], narrowed.get(n.id, ""))
            for n in one.narrowings
        ],
        "periods": [(key, title, key == period) for key, title in periods] if one.every else [],
        "counted": counted,
        "shown": shown,
        "reason": given.get("reason", ""),
    }


def _usual_period(one: Indicator, target: Target) -> str:
    """What is most often meant: the year of the plan where amounts add up, the last period for a rate."""
    from anlan.plan.progress import figures

    if not one.every:
        return ""
    year = target.measure.document.plan.year
    return str(year) if figures.adds_up(target.unit) and year else actions.LATEST


@require_POST
def unbind(request: HttpRequest, key: int) -> HttpResponse:
    """Takes a target off its indicator."""
    actor = _actor(request)
    demand(actor, "target.unbind")
    target, _task = _found(actor, key)
    return _do(request, target, _("已解除绑定。"), lambda: actions.unbind(actor, target, reason=_reason(request)))


@require_POST
def refuse(request: HttpRequest, key: int) -> HttpResponse:
    """Refuses a proposal; it is not made again."""
    actor = _actor(request)
    demand(actor, "target.refuse")
    target, _task = _found(actor, key)
    source, _dot, id = request.POST.get("indicator", "").partition(".")
    return _do(
        request,
        target,
        _("已排除，不再建议这个指标。"),
        lambda: actions.refuse(actor, target, source, id, reason=_reason(request)),
    )


@require_POST
def readmit(request: HttpRequest, key: int, refusal: int) -> HttpResponse:
    """Lets a refused indicator be proposed again."""
    actor = _actor(request)
    demand(actor, "target.refuse")
    target, _task = _found(actor, key)
    row = get_object_or_404(Binding, pk=refusal, state=BindingState.REFUSED)
    return _do(request, target, _("已恢复，可以再次建议。"), lambda: actions.readmit(actor, row))


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "")[:500]


def _do(request: HttpRequest, target: Target, done: str, work: Any) -> HttpResponse:
    try:
        work()
    except InputError as error:
        for problem in error.problems:
            messages.error(request, problem.speak(language()))
    else:
        messages.success(request, done)
    return redirect(reverse("target-bind", args=[target.pk]))


urlpatterns = [
    path("targets/", targets, name="targets"),
    path("targets/<int:key>/bind/", bind, name="target-bind"),
    path("targets/<int:key>/unbind/", unbind, name="target-unbind"),
    path("targets/<int:key>/refuse/", refuse, name="target-refuse"),
    path("targets/<int:key>/readmit/<int:refusal>/", readmit, name="target-readmit"),
]
