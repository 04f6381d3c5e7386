"""Pages of many tasks: the list, the board by unit, the timeline by month, reminding, and the ticked ones as Excel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import may
from anlan.foundation.org.models import Unit
from anlan.foundation.screens import marks
from anlan.foundation.screens.listing import Bulk, Column, Filter, Listing, words_in
from anlan.foundation.screens.texts import language
from anlan.plan import lights, queries, reminding
from anlan.plan.models import DutyRole, Owes, Plan, Task, TaskDuty
from anlan.plan.timeline import colours, in_month, months, timeline
from anlan.settings import InputError

_EVERYWHERE = (Role.CLERK, Role.LEADER, Role.VERIFIER)
_DARK = "none"
# So many plans stand in the filter; older ones are reached from their page.
_NEWEST = 30


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _demanded(request: HttpRequest) -> Actor:
    actor = _actor(request)
    if not may(actor, "task.see"):
        raise PermissionDenied
    return actor


def _colour_words() -> list[tuple[str, str]]:
    told = [(one, str(marks.light(one))) for one in ("red", "yellow", "green", "done")]
    return [*told, ("behind", _("落后（黄灯、红灯，未到期）")), (_DARK, str(marks.light("")))]


def _lit(value: str, today: dt.date, units: list[int] | None) -> Q:
    if value == "behind":
        return lights.standing("behind", today, units)
    return lights.shining("" if value == _DARK else value, today, units)


def _units(request: HttpRequest, actor: Actor) -> list[int] | None:
    """Units whose parts count: the one chosen, the reader's own, or all (None)."""
    chosen = request.GET.get("unit", "")
    if chosen.isdecimal() and len(chosen) < 19:
        return [int(chosen)]
    return None if actor.has(*_EVERYWHERE) else list(actor.units())


def _columns(today: dt.date, of: list[int] | None = None) -> list[Column[Task]]:
    """Columns of the list; with `of` the light is that of the parts of these units."""

    def light(task: Task) -> object:
        parts = [part for part in task.duties.all() if of is None or part.unit_id in of]
        lit = lights.glance(parts, today)
        mark = marks.light(lit.colour)
        if not lit.units:
            return mark
        whose = lit.units[0]
        if len(lit.units) > 1:
            whose = _("%(unit)s 等 %(n)d 家") % {"unit": whose, "n": len(lit.units)}
        return marks.Mark(_("%(light)s（%(whose)s）") % {"light": mark, "whose": whose}, mark.tone)

    def units(task: Task) -> str:
        parts = list(task.duties.all())
        owing = queries.names(parts, DutyRole.LEAD) or queries.names(parts, DutyRole.RESPONSIBLE)
        return "、".join(owing)

    def page(task: Task) -> str:
        # Two cells of a row lead there.
        if task.pk not in pages:
            pages[task.pk] = reverse("task", args=[task.pk])
        return pages[task.pk]

    pages: dict[int, str] = {}
    return [
        Column("number", _("序号"), sort="order", link=page),
        Column("title", _("任务"), link=page, sort="title", wide=True),
        Column("due", _("时限"), kind="date", sort="due"),
        Column("light", _("亮灯"), value=light, kind="state"),
        Column("units", _("牵头或责任单位"), value=units, wide=True),
        Column("chapter", _("章节"), value=lambda t: t.chapter.rsplit(" / ", 1)[-1], sort="chapter", wide=True),
    ]


def _listed(rows: QuerySet[Task]) -> QuerySet[Task]:
    """The tasks with what a row of the list shows: each unit once, however many tasks it has a part in, and no plan."""
    parts = TaskDuty.objects.order_by("id").prefetch_related("unit", "via")
    return rows.select_related(None).prefetch_related(None).prefetch_related(Prefetch("duties", parts))


def _filters(request: HttpRequest, actor: Actor, rows: QuerySet[Task], today: dt.date) -> list[Filter[Task]]:
    everywhere, mine = actor.has(*_EVERYWHERE), _units(request, actor)
    plans = _plans(request)
    asked = [plan for plan in plans if str(plan.pk) == request.GET.get("plan")]
    # Chapters mean something within a plan: those of a thousand plans would be a list nobody reads.
    chosen = asked or (plans if len(plans) == 1 else [])

    def parts(**of: object) -> QuerySet[TaskDuty]:
        found = TaskDuty.objects.filter(**of)
        return found if mine is None else found.filter(unit_id__in=mine)

    def among(**of: object) -> Callable[[QuerySet[Task]], QuerySet[Task]]:
        return lambda found: found.filter(pk__in=parts(**of).values("task_id"))

    def unit_choices() -> list[tuple[str, str]]:
        # Whether there is any is asked of the index, unit by unit; to gather them would read every part.
        found = Unit.objects.filter(Exists(TaskDuty.objects.filter(unit=OuterRef("pk"))))
        if not everywhere:
            found = found.filter(pk__in=actor.units())
        return [(str(unit.pk), unit.short_name) for unit in found]

    return [
        Filter("unit", _("单位"), unit_choices, lambda found, value: queries.of_unit(found, int(value))),
        Filter("owes", _("报送"), lambda: list(Owes.choices), lambda found, value: among(owes=value)(found)),
        Filter("role", _("职责"), lambda: list(DutyRole.choices), lambda found, value: among(role=value)(found)),
        Filter(
            "light",
            _("亮灯"),
            _colour_words,
            lambda found, value: found.filter(_lit(value, today, mine)),
        ),
        Filter("due", _("时限"), _due_words, lambda found, value: queries.by_due(found, value, today, mine)),
        Filter(
            "week",
            _("近 7 天"),
            _week_words,
            lambda found, value: queries.within_a_week(found, value, today, mine),
        ),
        Filter(
            "month",
            _("月份"),
            lambda: [(f"{month:%Y-%m}", f"{month:%Y-%m}") for month in months(rows)],
            lambda found, value: in_month(found, dt.date.fromisoformat(f"{value}-01")),
        ),
        Filter(
            "chapter",
            _("章节"),
            lambda: [(name, name) for name in queries.chapters(rows.filter(plan__in=chosen))] if chosen else [],
            lambda found, value: found.filter(chapter=value),
        ),
        Filter(
            "plan",
            _("文稿"),
            lambda: [(str(plan.pk), plan.title) for plan in plans],
            lambda found, value: found.filter(plan_id=int(value)),
        ),
    ]


def _plans(request: HttpRequest) -> list[Plan]:
    """Plans to choose from: the newest issued ones, and the one that the address names. One query or two."""
    issued = Plan.objects.filter(state="issued").order_by("-issued_on", "-pk")
    found = list(issued[:_NEWEST])
    key = request.GET.get("plan", "")
    if key.isdecimal() and len(key) < 19 and int(key) not in {plan.pk for plan in found}:
        found += issued.filter(pk=int(key))
    return found


def _week_words() -> list[tuple[str, str]]:
    return [
        ("done", _("新完成")),
        ("red", _("新转红灯")),
        ("overdue", _("新逾期")),
        ("reported", _("有采纳的报告")),
    ]


def _due_words() -> list[tuple[str, str]]:
    return [
        ("overdue", _("已逾期")),
        ("soon", _("30 天内到期")),
        ("later", _("30 天以后")),
        ("none", _("没有日期")),
    ]


@require_GET
def tasks(request: HttpRequest) -> HttpResponseBase:
    """Tasks the reader may see, by unit, part, light, deadline and chapter."""
    actor = _demanded(request)
    today = timezone.localdate()
    rows = queries.tasks(actor)
    bulk = [Bulk(reverse("tasks-export"), _("导出所选"), "file-type-xls")]
    if may(actor, "task.remind"):
        bulk.insert(0, Bulk(reverse("tasks-remind"), _("催办所选"), "bell-ringing"))
    listing = Listing(
        request,
        _listed(rows),
        columns=_columns(today, _units(request, actor)),
        filters=_filters(request, actor, rows, today),
        search=words_in("title", "number"),
        sort="order",
        empty=(
            _("文稿下达以后，每条任务列在这里。现在还没有任务。"),
            reverse("plans") if may(actor, "plan.see") else "",
            _("去看文稿"),
        ),
        export=_("任务"),
        keeps_views=True,
        bulk=bulk,
    )
    if listing.wants_export:
        return listing.export()
    return render(request, "plan/tasks.html", {"listing": listing, "many": actor.has(*_EVERYWHERE)})


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Every unit with what it owes."""
    return render(request, "plan/board.html", {"loads": queries.loads(_demanded(request))})


@require_GET
def by_month(request: HttpRequest) -> HttpResponse:
    """Chapters down, months across: how many tasks are due, in the colour of the worst of them."""
    actor = _demanded(request)
    today = timezone.localdate()
    rows = queries.tasks(actor)
    plans = list(Plan.objects.filter(state="issued", tasks__in=rows.order_by()).distinct())
    chosen = next((plan for plan in plans if str(plan.pk) == request.GET.get("plan")), plans[0] if plans else None)
    shown = rows.filter(plan=chosen) if chosen else rows
    context = {
        "plans": plans,
        "plan": chosen,
        "timeline": timeline(shown, today) if plans else None,
        "colours": [(colour, marks.light(colour), n) for colour, n in colours(shown, today).items() if n],
        "this_month": today.replace(day=1),
    }
    return render(request, "plan/timeline.html", context)


def _ticked(request: HttpRequest) -> list[int]:
    """Keys of the rows that were ticked; what is no key is left out."""
    return [int(key) for key in request.POST.getlist("key") if key.isdecimal() and len(key) < 19]


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if ours else reverse("tasks")


@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """Ticked tasks as Excel."""
    actor = _demanded(request)
    rows = queries.tasks(actor).filter(pk__in=_ticked(request))
    if not rows.exists():
        messages.error(request, _("没有选中任务，请先勾选。"))
        return redirect(_back(request))
    return Listing(request, _listed(rows), columns=_columns(timezone.localdate()), export=_("任务")).export()


@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """Who is to be reminded of the ticked tasks, with words to copy; sent once that is confirmed."""
    actor = _actor(request)
    demand(actor, "task.remind")
    keys, back, today = _ticked(request), _back(request), timezone.localdate()
    try:
        rows = reminding.waiting(actor, keys)
        if request.POST.get("send"):
            told = reminding.remind(actor, keys)
            messages.success(request, _("已提醒 %(n)d 个单位。") % {"n": told})
            return redirect(back)
        if not rows:
            messages.error(request, _("选中的任务都已办完，或者没有选中任务，不用催办。"))
            return redirect(back)
    except InputError as error:
        for problem in error.problems:
            messages.error(request, problem.speak(language()))
        return redirect(back)
    address = request.build_absolute_uri(reverse("tasks"))
    texts = [(row, reminding.text(row, address, today)) for row in rows]
    context = {"rows": texts, "keys": keys, "next": back, "whole": "\n\n".join(text for _row, text in texts)}
    return render(request, "plan/remind.html", context)


urlpatterns = [
    path("tasks/", tasks, name="tasks"),
    path("tasks/units/", board, name="tasks-by-unit"),
    path("tasks/months/", by_month, name="tasks-by-month"),
    path("tasks/ticked/", export, name="tasks-export"),
    path("tasks/remind/", remind, name="tasks-remind"),
]
