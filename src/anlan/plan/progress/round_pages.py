"""Pages of rounds: the list, a new one, the matrix with reminders, the rows behind each number, the schedule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may, visible
from anlan.foundation.org.models import Unit
from anlan.foundation.screens.forms import ReasonForm
from anlan.foundation.screens.listing import Column, Filter, Listing
from anlan.foundation.screens.texts import language
from anlan.plan.models import Owes, Plan
from anlan.plan.progress import calling, piece_rows, queries
from anlan.plan.progress.forms import DueForm, RoundForm, ScheduleForm
from anlan.plan.progress.models import Owed, Report, Round
from anlan.settings import InputError

_LISTED = 8


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _say(request: HttpRequest, error: InputError) -> None:
    for problem in error.problems:
        messages.error(request, problem.speak(language()))


def _round(request: HttpRequest, key: int, permission: str = "round.see") -> Round:
    actor = _actor(request)
    rows = visible(actor, "round.see", Round.objects.filter(void=False)).select_related("plan")
    found: Round = get_object_or_404(rows, pk=key)
    if not may(actor, permission, found):
        raise PermissionDenied
    return found


@require_GET
def rounds(request: HttpRequest) -> HttpResponseBase:
    """All rounds with what was sent, late and missing."""
    actor = _actor(request)
    if not may(actor, "round.see"):
        raise PermissionDenied

    def opens(stage: str) -> object:
        return lambda one: f"{reverse('round-rows', args=[one.pk])}?stage={stage}"

    def number(name: str, title: str, stage: str) -> Column[Round]:
        return Column(name, title, kind="number", sort=name, link=opens(stage))  # type: ignore[arg-type]

    listing = Listing(
        request,
        queries.rounds(actor),
        columns=[
            Column("round", _("期次"), value=str, sort="last", link=lambda one: reverse("round", args=[one.pk])),
            Column("plan", _("文稿"), value=lambda one: one.plan.title, wide=True),
            Column("due_on", _("报送截止日"), kind="date", sort="due_on"),
            number("owing", _("应报"), "due"),
            number("sent", _("已报送"), "sent"),
            number("accepted", _("已采纳"), "accepted"),
            number("late", _("迟报"), "late"),
            number("missing", _("未报送"), "missing"),
        ],
        filters=[
            Filter(
                "plan",
                _("文稿"),
                choices=lambda: [(one.pk, one.title) for one in Plan.objects.filter(rounds__void=False).distinct()],
                apply=lambda rows, value: rows.filter(plan_id=int(value)),
            ),
        ],
        sort="-round",
        empty=(
            _("每次调度列在这里：哪些单位该报、报了没有。还没有启动过调度。"),
            reverse("round-new") if may(actor, "round.open") else "",
            _("启动调度"),
        ),
        export=_("进展调度"),
    )
    if listing.wants_export:
        return listing.export()
    return render(request, "progress/rounds.html", {"listing": listing, "may_open": may(actor, "round.open")})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Calls for reports."""
    actor = _actor(request)
    if not may(actor, "round.open"):
        raise PermissionDenied
    today = timezone.localdate()
    plans = list(Plan.objects.filter(state="issued"))
    wanted = request.POST.get("plan") or request.GET.get("plan") or ""
    plan = next((one for one in plans if str(one.pk) == wanted), plans[0] if plans else None)
    schedule = calling.schedule_of(plan or Plan())
    form = RoundForm(
        request.POST if request.method == "POST" else None,
        schedule=schedule,
        today=today,
        initial={"plan": plan.pk if plan else None},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = calling.open_round(
                actor, data["plan"], data["first"], data["last"], due_on=data.get("due_on"), name=data.get("name") or ""
            )
        except InputError as error:
            for problem in error.problems:
                form.add_error(None, problem.speak(language()))
        else:
            owing = Owed.objects.filter(round=made).count()
            messages.success(
                request,
                ngettext("已启动，应报 %(n)d 项，已通知各单位。", "已启动，应报 %(n)d 项，已通知各单位。", owing)
                % {"n": owing},
            )
            return redirect("round", made.pk)
    status = 422 if form.errors else 200
    return render(request, "progress/round_new.html", {"form": form, "plan": plan, "schedule": schedule}, status=status)


@require_GET
def round_(request: HttpRequest, key: int) -> HttpResponse:
    """Matrix of a round: units by where their reports stand; each number opens its rows."""
    actor = _actor(request)
    found = _round(request, key)
    today = timezone.localdate()
    owes = request.GET.get("owes", "")
    matrix = queries.matrix(actor, found, owes)
    may_remind = may(actor, "round.remind", found)
    waiting = [row for row in matrix.rows if row.missing]
    lines: dict[int, list[Owed]] = {}
    if may_remind and waiting:
        lines = queries.lines_of_missing(
            queries.owed(actor).filter(queries.STAGES["missing"][1], round=found).order_by("task__order", "pk")
        )
    address = request.build_absolute_uri(reverse("progress"))
    texts = [(row, reminder_text(found, row.unit, lines.get(row.unit_id, []), address, today)) for row in waiting]
    return render(
        request,
        "progress/round.html",
        {
            "round": found,
            "today": today,
            "is_over": today > found.due_on,
            "matrix": matrix,
            "columns": [(name, queries.STAGES[name][0], matrix.totals[name]) for name in queries.COLUMNS],
            "table": [(row, [(name, row.counts[name]) for name in queries.COLUMNS]) for row in matrix.rows],
            # A phone is wide enough for three numbers; the others are a tap away.
            "on_phone": ("due", "sent", "missing"),
            "owes": owes if owes in Owes.values else "",
            "kinds": Owes.choices,
            "texts": texts if may_remind else [],
            "group_text": group_text(found, waiting, address, today) if may_remind and waiting else "",
            "may_remind": may_remind,
            "may_move": may(actor, "round.move", found),
            "may_cancel": may(actor, "round.cancel", found),
            "may_take": _may_take(actor, matrix),
            "sheet": f"round-{found.pk}",
        },
    )


def _may_take(actor: Actor, matrix: queries.Matrix) -> bool:
    """Whether there is a sheet of this round that the reader may fill in, told from the matrix that he sees."""
    units = piece_rows.units_of(actor)
    return bool(matrix.rows) if units is None else any(row.unit_id in units for row in matrix.rows)


def reminder_text(round_: Round, unit: str, rows: Iterable[Owed], address: str, today: dt.date) -> str:
    """Text for a chat group to one unit. The address is that of a page behind the sign-in: it carries no login."""
    listed = list(rows)
    titles = [f"{one.task}" for one in listed]
    shown = _("；").join(titles[:_LISTED])
    if len(titles) > _LISTED:
        shown = _("%(titles)s 等") % {"titles": shown}
    when = (
        _("应于 %(day)s 前报送，已逾期 %(n)d 天") % {"day": round_.due_on, "n": (today - round_.due_on).days}
        if today > round_.due_on
        else _("请于 %(day)s 前报送") % {"day": round_.due_on}
    )
    return _("【催报】%(unit)s：%(round)s进展还有 %(n)d 项未报送，%(when)s：%(tasks)s。请登录安澜填报：%(address)s") % {
        "unit": unit,
        "round": round_.whole_name,
        "n": len(titles),
        "when": when,
        "tasks": shown,
        "address": address,
    }


def group_text(round_: Round, waiting: Iterable[queries.UnitRow], address: str, today: dt.date) -> str:
    """Text for a chat group of all units: who has not sent how much."""
    units = _("、").join(_("%(unit)s %(n)d 项") % {"unit": row.unit, "n": row.missing} for row in waiting)
    when = (
        _("应于 %(day)s 前报送，已逾期") % {"day": round_.due_on}
        if today > round_.due_on
        else _("请于 %(day)s 前报送") % {"day": round_.due_on}
    )
    return _("【催报】%(round)s进展，%(when)s。尚未报送：%(units)s。请登录安澜填报：%(address)s") % {
        "round": round_.whole_name,
        "when": when,
        "units": units,
        "address": address,
    }


@require_GET
def rows(request: HttpRequest, key: int) -> HttpResponseBase:
    """What stands behind the numbers of a round, one row a report."""
    actor = _actor(request)
    found = _round(request, key)
    today = timezone.localdate()
    mine = queries.owed(actor).filter(round=found)

    def address(one: Owed) -> str:
        report = one.current
        if report is not None and report.state != "draft":
            return reverse("report", args=[report.pk]) if may(actor, "report.see", _with(report, one)) else ""
        return reverse("owed", args=[one.pk])

    listing = Listing(
        request,
        mine,
        columns=[
            Column("task", _("任务"), value=lambda one: str(one.task), link=address, sort="task__order", wide=True),
            Column("unit", _("单位"), value=lambda one: one.unit.short_name, sort="unit__code"),
            Column("owes", _("职责"), value=lambda one: one.get_owes_display(), sort="owes"),
            Column("state", _("报送情况"), value=lambda one: one.mark(today), kind="state"),
            Column(
                "percent",
                _("进度"),
                value=lambda one: None if one.is_contribution else one.part.percent,
                kind="number",
                unit="%",
                sort="part__percent",
            ),
            Column("sent_on", _("报送日期"), kind="date", sort="sent_on"),
            Column(
                "part", _("历次"), value=lambda one: _("历次报告"), link=lambda one: reverse("part", args=[one.part_id])
            ),
        ],
        filters=[
            Filter(
                "unit",
                _("单位"),
                choices=lambda: [
                    (one.pk, one.short_name) for one in Unit.objects.filter(pk__in=mine.order_by().values("unit_id"))
                ],
                apply=lambda some, value: some.filter(unit_id=int(value)),
            ),
            Filter(
                "stage",
                _("报送情况"),
                choices=lambda: [(name, title) for name, (title, _q) in queries.STAGES.items()],
                apply=lambda some, value: some.filter(queries.STAGES[value][1]),
            ),
            Filter(
                "owes",
                _("职责"),
                choices=lambda: list(Owes.choices),
                apply=lambda some, value: some.filter(owes=value),
            ),
        ],
        search=lambda some, words: some.filter(task__title__icontains=words),
        empty=(_("这一期没有本单位应报的事项。"), "", ""),
        export=_("报送情况"),
    )
    if listing.wants_export:
        return listing.export()
    return render(request, "progress/rows.html", {"listing": listing, "round": found})


def _with(report: Report, one: Owed) -> Report:
    # Not asked for again: the permission looks at the unit.
    report.owed = one
    return report


@require_POST
def remind(request: HttpRequest, key: int) -> HttpResponse:
    """Reminds the units chosen."""
    found = _round(request, key, "round.remind")
    keys = [int(one) for one in request.POST.getlist("unit") if one.isascii() and one.isdecimal() and len(one) < 16]
    units = list(Unit.objects.filter(pk__in=keys))
    try:
        told = calling.remind(_actor(request), found, units)
    except InputError as error:
        _say(request, error)
    else:
        without = len(units) - len(calling.people_of([one.pk for one in units]))
        messages.success(request, ngettext("已提醒 %(n)d 人。", "已提醒 %(n)d 人。", told) % {"n": told})
        if without:
            messages.warning(
                request,
                ngettext(
                    "有 %(n)d 家单位没有账户，请复制催报文字发给它们。",
                    "有 %(n)d 家单位没有账户，请复制催报文字发给它们。",
                    without,
                )
                % {"n": without},
            )
    return redirect("round", found.pk)


@require_http_methods(["GET", "POST"])
def day(request: HttpRequest, key: int) -> HttpResponse:
    """Another day for the reports, with a reason."""
    found = _round(request, key, "round.move")
    form = DueForm(request.POST if request.method == "POST" else None, initial={"due_on": found.due_on})
    if request.method == "POST" and form.is_valid():
        try:
            calling.move_day(_actor(request), found, form.cleaned_data["due_on"], form.cleaned_data["reason"])
        except InputError as error:
            for problem in error.problems:
                form.add_error(None, problem.speak(language()))
        else:
            messages.success(request, _("报送截止日已改为 %(day)s。") % {"day": found.due_on})
            return redirect("round", found.pk)
    return render(
        request, "progress/round_day.html", {"form": form, "round": found}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, key: int) -> HttpResponse:
    """Cancels a round that was called by mistake."""
    found = _round(request, key, "round.cancel")
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            calling.cancel(_actor(request), found, form.cleaned_data["reason"])
        except InputError as error:
            for problem in error.problems:
                form.add_error(None, problem.speak(language()))
        else:
            messages.success(request, _("已取消%(round)s。") % {"round": found.whole_name})
            return redirect("rounds")
    return render(
        request, "progress/round_cancel.html", {"form": form, "round": found}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
def schedule(request: HttpRequest, key: int) -> HttpResponse:
    """How often a plan is reported on."""
    actor = _actor(request)
    plan = get_object_or_404(visible(actor, "plan.see", Plan.objects.all()), pk=key)
    if not may(actor, "round.schedule", plan):
        raise PermissionDenied
    now = calling.schedule_of(plan)
    names = ("rhythm", "opens_day", "due_workdays", "automatic")
    form = ScheduleForm(
        request.POST if request.method == "POST" else None, initial={name: getattr(now, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        try:
            calling.set_schedule(actor, plan, **form.cleaned_data)
        except InputError as error:
            for problem in error.problems:
                form.add_error(None, problem.speak(language()))
        else:
            messages.success(request, _("调度周期已保存。"))
            return redirect(f"{reverse('round-new')}?plan={plan.pk}")
    return render(request, "progress/schedule.html", {"form": form, "plan": plan}, status=422 if form.errors else 200)


urlpatterns = [
    path("progress/rounds/", rounds, name="rounds"),
    path("progress/rounds/new/", new, name="round-new"),
    path("progress/rounds/<int:key>/", round_, name="round"),
    path("progress/rounds/<int:key>/rows/", rows, name="round-rows"),
    path("progress/rounds/<int:key>/remind/", remind, name="round-remind"),
    path("progress/rounds/<int:key>/day/", day, name="round-day"),
    path("progress/rounds/<int:key>/cancel/", cancel, name="round-cancel"),
    path("plans/<int:key>/schedule/", schedule, name="plan-schedule"),
]
