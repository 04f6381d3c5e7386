"""Pages of progress: one's to-dos first, the report, approval, acceptance; rounds are in `round_pages`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import may, visible
from anlan.foundation.flow.queries import events
from anlan.foundation.screens.texts import language
from anlan.foundation.vault import storing
from anlan.plan.models import TaskDuty
from anlan.plan.progress import (
    actions,
    calling,
    checking,
    comparing,
    overview_pages,
    queries,
    round_pages,
    target_pages,
)
from anlan.plan.progress.actions import CollisionError
from anlan.plan.progress.counting import counting
from anlan.plan.progress.flow import REPORT
from anlan.plan.progress.forms import ReportForm, form_of, initial
from anlan.plan.progress.models import Attachment, Owed, Report, ReportState
from anlan.plan.progress.piece_code import Stand
from anlan.plan.progress.values import Values, values_of
from anlan.settings import InputError

_SHOWN = 50


def actor_of(request: HttpRequest) -> Actor:
    """Who asks for the page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def say(request: HttpRequest, error: InputError) -> None:
    """Shows everything that is wrong, one message each."""
    for problem in error.problems:
        messages.error(request, problem.speak(language()))


@require_GET
def progress(request: HttpRequest) -> HttpResponse:
    """What the reader has to do first, then the rounds."""
    actor = actor_of(request)
    if not may(actor, "round.see"):
        raise PermissionDenied
    today = timezone.localdate()
    context: dict[str, Any] = {
        "today": today,
        "rounds": list(queries.rounds(actor)[:12]),
        "is_clerk": actor.has(Role.CLERK),
        "is_handler": actor.has(Role.HANDLER),
        "is_leader": actor.has(Role.UNIT_LEADER),
    }
    if context["is_handler"]:
        rows = list(queries.to_write(actor))
        # Of one part the latest round is the work; what was never sent before can be sent later.
        newest = {row.part_id: row.pk for row in rows}
        now = [row for row in rows if newest[row.part_id] == row.pk or (row.current and row.current.returned)]
        context["to_write"] = [(row, row.mark(today)) for row in now]
        context["earlier"] = [(row, row.mark(today)) for row in rows if row not in now]
        rounds = {row.round_id: row.round for row in now}
        context["by_sheet"] = [{"round": str(one), "code": f"round-{key}"} for key, one in rounds.items()]
        context["late"] = sum(row.sent_on is None and row.due_on < today for row in now)
    if context["is_leader"]:
        context["to_approve"] = queries.to_approve(actor).count()
    if context["is_clerk"]:
        context["to_accept"] = queries.to_accept(actor).count()
    return render(request, "progress/progress.html", context)


def _owed(request: HttpRequest, key: int) -> Owed:
    actor = actor_of(request)
    found: Owed = get_object_or_404(
        queries.owed(actor).select_related("task__measure__document", "accepted", "unit"), pk=key
    )
    return found


@require_http_methods(["GET", "POST"])
def owed(request: HttpRequest, key: int) -> HttpResponse:
    """What a unit owes in a round: its form while it is a draft, else the report."""
    actor = actor_of(request)
    row = _owed(request, key)
    as_office = request.GET.get("as") == "office" and may(actor, "report.enter", row)
    permission = "report.enter" if as_office else "report.write"
    if request.method == "POST":
        return _posted(request, row, as_office=as_office)
    report = row.current
    if report is not None and report.state != ReportState.DRAFT and may(actor, "report.see", report) and not as_office:
        return redirect("report", report.pk)
    if not may(actor, permission, row):
        return render(request, "progress/owed.html", _facts(actor, row))
    if as_office and report is not None and report.state == ReportState.DRAFT:
        # A unit's draft is its own until it is handed in: the office begins with an empty form, and replaces it.
        form = form_of(row, initial=initial(Values()))
    else:
        begun = report if report is not None and report.state == ReportState.DRAFT else None
        form = form_of(row, initial=initial(values_of(begun)) if begun else {})
    return _write_page(request, row, form, as_office=as_office)


def _facts(actor: Actor, row: Owed) -> dict[str, Any]:
    today = timezone.localdate()
    others = queries.reports(actor, Report.objects.filter(owed__part=row.part_id, state=ReportState.ACCEPTED))
    return {
        "owed": row,
        "task": row.task,
        "today": today,
        "mark": row.mark(today),
        "may_enter": may(actor, "report.enter", row),
        "may_excuse": may(actor, "owed.excuse", row) and row.sent_on is None,
        "earlier": list(queries.whole(others.exclude(owed=row)).order_by("-owed__round__last", "-revision")[:3]),
        "accepted": row.accepted,
    }


def _write_page(
    request: HttpRequest, row: Owed, form: ReportForm, *, as_office: bool = False, status: int = 200, **more: Any
) -> HttpResponse:
    report = row.current
    context = _facts(actor_of(request), row) | {
        "form": form,
        "report": report,
        "lock": "" if report is None else report.lock,
        "attachments": list(report.attachments.select_related("receipt__file")) if report and not as_office else [],
        "as_office": as_office,
        "clause": row.task.measure.text,
    }
    return render(request, "progress/write.html", context | more, status=status)


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _lock(request: HttpRequest) -> int | None:
    return _number(request, "lock")


def _stand(request: HttpRequest) -> Stand:
    """Where the report stood when the form was opened; nowhere yet if there was none."""
    return Stand(_number(request, "revision") or 0, _lock(request) or 0)


def _posted(request: HttpRequest, row: Owed, *, as_office: bool) -> HttpResponse:
    actor = actor_of(request)
    do = request.POST.get("do", "save")
    try:
        if do == "correct":
            actions.correct(actor, row)
            return redirect("owed", row.pk)
        if do == "excuse":
            calling.excuse(actor, row, request.POST.get("reason", ""))
            messages.success(request, _("已保存。"))
            return redirect("owed", row.pk)
        if do.startswith("detach-"):
            _detach(actor, row, do.removeprefix("detach-"))
            return redirect("owed", row.pk)
    except InputError as error:
        say(request, error)
        return redirect("owed", row.pk)
    return _saved(request, row, do, as_office=as_office)


def _saved(request: HttpRequest, row: Owed, do: str, *, as_office: bool) -> HttpResponse:
    """The form as it was sent: saved, handed in, or entered by the office."""
    actor = actor_of(request)
    form = form_of(row, request.POST)
    values = form.values(values_of(row.current) if row.current else Values())
    try:
        if as_office:
            report = actions.enter(actor, row, values, request.POST.get("remark", ""), stand=_stand(request))
            messages.success(request, _("已代%(unit)s填报。") % {"unit": row.unit})
            return redirect("report", report.pk)
        stored = [storing.put(file, file.name or "") for file in request.FILES.getlist("files") if file]
        report = actions.save_draft(actor, row, values, _lock(request))
        row.current = report
        if stored:
            actions.attach(actor, report, stored)
        if form.errors:
            return _write_page(request, row, form, status=422)
        if do == "submit":
            actions.submit(actor, report)
            messages.success(request, _submitted(report))
            return redirect("progress")
    except CollisionError as error:
        row.current = error.report
        # A unit's draft is its own until it is handed in: the office is told who saved it, not what it says.
        shown = not as_office or may(actor, "report.see", error.report)
        found = comparing.differences(form, values, error.theirs) if shown else []
        return _write_page(
            request,
            row,
            form,
            as_office=as_office,
            status=409,
            differences=found,
            collision=error.report,
            unseen=not shown,
        )
    except InputError as error:
        for problem in error.problems:
            form.add_error(None, problem.speak(language()))
        return _write_page(request, row, form, as_office=as_office, status=422)
    messages.success(request, _("草稿已保存。"))
    return redirect("owed", row.pk)


def _submitted(report: Report) -> str:
    if report.direct:
        return _("已提交。本单位没有可审核的负责人账户，由长江办直接采纳。")
    return _("已提交，等本单位负责人审核。")


def _detach(actor: Actor, row: Owed, key: str) -> None:
    report = row.current
    if report is None or not key.isdecimal():
        return
    found = get_object_or_404(Attachment, pk=int(key[:15]), report=report)
    actions.detach(actor, report, found)


@require_POST
def save(request: HttpRequest, key: int) -> HttpResponse:
    """Draft as the page saves it by itself. JSON: the new lock; or with 409 what somebody else wrote meanwhile."""
    actor = actor_of(request)
    row = _owed(request, key)
    if not may(actor, "report.write", row):
        raise PermissionDenied
    form = form_of(row, request.POST)
    values = form.values(values_of(row.current) if row.current else Values())
    try:
        report = actions.save_draft(actor, row, values, _lock(request))
    except CollisionError as error:
        theirs = error.report
        return JsonResponse(
            {
                "lock": theirs.lock,
                "who": theirs.changed_by_name,
                "at": timezone.localtime(theirs.changed_at).strftime("%H:%M"),
                "fields": comparing.as_json(comparing.differences(form, values, error.theirs)),
            },
            status=409,
        )
    except InputError as error:
        return JsonResponse({"problems": [one.speak(language()) for one in error.problems]}, status=422)
    return JsonResponse(
        {
            "lock": report.lock,
            "at": timezone.localtime(report.changed_at).strftime("%H:%M"),
            "errors": {name: [str(one) for one in said] for name, said in form.errors.items()},
        }
    )


def _report(request: HttpRequest, key: int) -> Report:
    rows = queries.whole(queries.reports(actor_of(request)))
    found: Report = get_object_or_404(rows.select_related("owed__task__measure__document"), pk=key)
    return found


@require_GET
def report(request: HttpRequest, key: int) -> HttpResponse:
    """One revision of a report with its story, and the steps the reader may take."""
    actor = actor_of(request)
    found = _report(request, key)
    row = found.owed
    revisions = list(queries.reports(actor, Report.objects.filter(owed=row)).order_by("revision"))
    newest = row.current_id == found.pk
    return render(
        request,
        "progress/report.html",
        {
            "report": found,
            "owed": row,
            "task": row.task,
            "events": [(event, REPORT.step(event.transition).words) for event in events(REPORT, found)],
            "revisions": revisions,
            "oddities": [] if row.is_contribution else checking.oddities(found),
            "counts": row.accepted_id == found.pk,
            "may_write": newest and may(actor, "report.write", row),
            "may_approve": may(actor, "report.approve", found),
            "may_return": may(actor, "report.return", found),
            "may_withdraw": may(actor, "report.withdraw", found),
            "may_accept": may(actor, "report.accept", found),
            "may_accept_directly": may(actor, "report.accept_directly", found),
            "may_undo": newest and may(actor, "report.undo", found),
            "is_own": found.state == ReportState.SUBMITTED and found.submitted_by_id == actor.account_id,
        },
    )


@require_POST
def step(request: HttpRequest, key: int) -> HttpResponse:
    """One step of one report: approve, return, withdraw, accept, undo."""
    actor = actor_of(request)
    found = _report(request, key)
    do, reason = request.POST.get("do", ""), request.POST.get("reason", "")
    said = {
        "approve": _("已审核通过，报长江办。"),
        "return": _("已退回，已通知经办人。"),
        "withdraw": _("已收回，可以修改后再提交。"),
        "accept": _("已采纳。"),
        "undo": _("已撤销采纳。"),
    }
    try:
        if do == "approve":
            actions.approve(actor, found)
        elif do == "return":
            actions.send_back(actor, found, reason)
        elif do == "withdraw":
            actions.withdraw(actor, found)
        elif do == "accept":
            actions.accept(actor, found, remark=reason)
        elif do == "undo":
            actions.undo(actor, found, reason)
        else:
            messages.error(request, _("没有“%(do)s”这种处理。") % {"do": do[:40]})
            return redirect("report", found.pk)
    except InputError as error:
        say(request, error)
        return redirect("report", found.pk)
    messages.success(request, said[do])
    if do == "withdraw":
        return redirect("owed", found.owed_id)
    after = {"progress-approve", "progress-accept"} & {request.POST.get("back", "")}
    if after:
        return redirect(after.pop())
    # What went back to its unit is the unit's own again.
    return redirect("report", found.pk) if may(actor, "report.see", found) else redirect("progress")


def _chosen(request: HttpRequest) -> list[int]:
    keys = request.POST.getlist("report")[:500]
    return [int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) < 16]


@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest) -> HttpResponse:
    """Reports that wait for the unit's leader, whole, as cards: made for a phone."""
    actor = actor_of(request)
    if not may(actor, "report.approve"):
        raise PermissionDenied
    if request.method == "POST":
        done = 0
        for one in queries.to_approve(actor).filter(pk__in=_chosen(request)):
            try:
                actions.approve(actor, one)
            except InputError as error:
                say(request, error)
            else:
                done += 1
        if done:
            messages.success(request, ngettext("已审核通过 %(n)d 项。", "已审核通过 %(n)d 项。", done) % {"n": done})
        return redirect("progress-approve")
    rows = queries.to_approve(actor)
    return render(
        request,
        "progress/approve.html",
        {"reports": [(one, one.owed) for one in rows[:_SHOWN]], "count": rows.count(), "shown": _SHOWN},
    )


@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """Reports that wait for the office: accepted one by one or many at once."""
    actor = actor_of(request)
    if not may(actor, "report.accept"):
        raise PermissionDenied
    if request.method == "POST":
        rows = queries.to_accept(actor).filter(pk__in=_chosen(request))
        done, problems = actions.accept_all(actor, rows, remark=request.POST.get("remark", ""))
        for problem in dict.fromkeys(problems):
            messages.error(request, problem.speak(language()))
        if done:
            messages.success(request, ngettext("已采纳 %(n)d 项。", "已采纳 %(n)d 项。", done) % {"n": done})
        return redirect("progress-accept")
    rows = queries.to_accept(actor)
    shown = list(rows[:_SHOWN])
    last = counting([one.owed.part_id for one in shown])
    return render(
        request,
        "progress/accept.html",
        {
            "reports": [(one, last.get(one.owed.part_id)) for one in shown],
            "count": rows.count(),
            "shown": _SHOWN,
            "any_direct": any(one.direct and one.state == ReportState.SUBMITTED for one in shown),
        },
    )


@require_GET
def part(request: HttpRequest, key: int) -> HttpResponse:
    """History of a unit's part: every round with what was reported."""
    actor = actor_of(request)
    duty = get_object_or_404(TaskDuty.objects.select_related("task__plan", "unit"), pk=key)
    # A row that is not there asks for the unit alone.
    if not may(actor, "owed.see", Owed(unit=duty.unit)):
        raise PermissionDenied
    rows = visible(actor, "owed.see", Owed.objects.filter(part=key, round__void=False))
    found = list(
        rows.select_related("round__plan", "task", "unit", "part", "current", "accepted").order_by(
            "-round__last", "-pk"
        )
    )
    seen = queries.whole(queries.reports(actor, Report.objects.filter(owed__in=[row.pk for row in found])))
    by_owed: dict[int, list[Report]] = {}
    for one in seen.order_by("-revision"):
        by_owed.setdefault(one.owed_id, []).append(one)
    today: dt.date = timezone.localdate()
    return render(
        request,
        "progress/part.html",
        {
            "part": duty,
            "task": duty.task,
            "rows": [(row, row.mark(today), by_owed.get(row.pk, [])) for row in found],
        },
    )


urlpatterns = [
    path("progress/", progress, name="progress"),
    path("progress/approve/", approve, name="progress-approve"),
    path("progress/accept/", accept, name="progress-accept"),
    path("progress/owed/<int:key>/", owed, name="owed"),
    path("progress/owed/<int:key>/save/", save, name="owed-save"),
    path("progress/reports/<int:key>/", report, name="report"),
    path("progress/reports/<int:key>/step/", step, name="report-step"),
    path("progress/parts/<int:key>/", part, name="part"),
    *overview_pages.urlpatterns,
    *round_pages.urlpatterns,
    *target_pages.urlpatterns,
]
