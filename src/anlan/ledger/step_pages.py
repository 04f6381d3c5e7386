"""The steps of a problem as forms on its page: each shown only to who may take it now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may, visible
from anlan.foundation.flow.queries import allowed
from anlan.foundation.org.models import Unit
from anlan.foundation.screens.texts import language
from anlan.ledger import actions, closing, extending, questions
from anlan.ledger.flow import PROBLEM
from anlan.ledger.forms import (
    AnswerForm,
    CloseForm,
    EvidenceForm,
    ExtensionForm,
    GrantForm,
    PlanForm,
    PublishForm,
    ReasonForm,
    ReportForm,
    VisitForm,
)
from anlan.ledger.models import Evidence, Extension, Objection, Problem
from anlan.settings import InputError

_STEPS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Offer:
    """Step that the account may take now: code of its address, title, form (None for a bare button), what it says."""

    code: str
    title: str
    form: forms.Form | None
    key: int = 0
    help: str = ""


def _own_units(actor: Actor, problem: Problem) -> Any:
    rectifying = {problem.lead_id or 0, *problem.responsible.values_list("pk", flat=True)}
    return Unit.objects.filter(pk__in=rectifying & set(actor.units()))


def _visit_form(actor: Actor, data: Any = None) -> VisitForm:
    return VisitForm(data, initial={"unit": actor.unit_id, "on": timezone.localdate()}, prefix="visit")


def offered(actor: Actor, problem: Problem) -> list[Offer]:
    """Steps that the account may take with the problem now."""
    if problem.joined_into_id:
        return []
    found = []
    steps = {step.code for step in allowed(PROBLEM, problem.state, actor, problem)}
    for code in ("submit", "approve", "finish"):
        if code in steps:
            found.append(Offer(code, PROBLEM.step(code).words.speak(language()), None, help=_help(code)))
    if "check" in steps or "accept" in steps:
        code = "check" if "check" in steps else "accept"
        found.append(Offer(code, _("初验") if code == "check" else _("现场验收"), _visit_form(actor)))
    if "publish" in steps:
        initial = {"start": timezone.localdate(), "workdays": closing.NOTICE_DAYS, "outcome": "rectified"}
        found.append(Offer("publish", _("公示"), PublishForm(initial=initial, prefix="publish")))
    if "close" in steps:
        found.append(Offer("close", _("销号"), CloseForm(prefix="close"), help=_help("close")))
    if "confirm" in steps:
        found.append(Offer("confirm", _("确认巩固到位"), None))
    if may(actor, "ledger.report", problem) and problem.state == "planned":
        found.append(Offer("report", _("报告整改进展"), _report_form(actor, problem)))
    waiting = problem.extensions.filter(granted=None).first()
    if waiting is None and may(actor, "ledger.extend", problem) and problem.state == "planned" and problem.deadline:
        found.append(Offer("extend", _("申请延期"), ExtensionForm(prefix="extend")))
    if waiting is not None and may(actor, "ledger.grant", problem):
        title = _("批复延期：%(old)s 延到 %(new)s") % {"old": waiting.old, "new": waiting.new}
        found.append(Offer("grant", title, GrantForm(prefix="grant"), waiting.pk, waiting.reason))
    if may(actor, "ledger.answer", problem):
        found += [
            Offer("answer", _("处理异议"), AnswerForm(prefix="answer"), one.pk, one.text)
            for one in problem.objections.filter(upheld=None)
        ]
    for code in ("send_back", "dismiss", "uphold", "reopen"):
        if code in steps:
            title = PROBLEM.step(code).words.speak(language())
            found.append(Offer(code, title, ReasonForm(prefix=code), help=_help(code)))
    return found


def _help(code: str) -> str:
    return {
        "submit": _("报送前须填好整改目标、措施、牵头单位和督导单位。"),
        "approve": _("审定后方案和时限固定，时限只能按延期办理。"),
        "finish": _("须先上传整改后的照片、监测报告或其他完成材料。"),
        "close": _("公示期满、异议都已处理，才能销号；销号后进入巩固期。"),
        "reopen": _("须先上传反弹的证据；原来的销号记录照留。"),
    }.get(code, "")


def _report_form(actor: Actor, problem: Problem, data: Any = None) -> ReportForm:
    own = _own_units(actor, problem)
    form = ReportForm(data, prefix="report", initial={"unit": own.first()})
    form.fields["unit"].queryset = own  # type: ignore[attr-defined]
    return form


def _found(request: HttpRequest, key: int) -> tuple[Actor, Problem]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor, get_object_or_404(visible(actor, "ledger.see", Problem.objects.all()), pk=key)


def _wrong(request: HttpRequest, form: forms.Form) -> None:
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        for error in errors:
            messages.error(request, f"{label}：{error}" if label else str(error))


def _bare(code: str) -> Callable[[HttpRequest, Actor, Problem], None]:
    def act(request: HttpRequest, actor: Actor, problem: Problem) -> None:
        actions.take_step(actor, problem, code)

    return act


def _reasoned(code: str) -> Callable[[HttpRequest, Actor, Problem], None]:
    def act(request: HttpRequest, actor: Actor, problem: Problem) -> None:
        files = list(problem.evidence.exclude(kind=Evidence.Kind.BEFORE).values_list("pk", flat=True))
        newer = problem.evidence.filter(at__date__gte=problem.closed_on or problem.since).values_list("pk", flat=True)
        reason = request.POST.get(f"{code}-reason", "")
        actions.take_step(actor, problem, code, reason=reason, evidence=newer if code == "reopen" else files)

    return act


def _valid(request: HttpRequest, form: forms.Form) -> dict[str, Any] | None:
    if form.is_valid():
        return form.cleaned_data
    _wrong(request, form)
    return None


def _checked(request: HttpRequest, actor: Actor, problem: Problem) -> None:
    if (said := _valid(request, _visit_form(actor, request.POST))) is not None:
        passed = said.pop("passed")
        look = actions.check if problem.state == "self_done" else actions.verify
        look(actor, problem, actions.Seen(**said), passed=passed)


def _published(request: HttpRequest, actor: Actor, problem: Problem) -> None:
    if (said := _valid(request, PublishForm(request.POST, prefix="publish"))) is not None:
        closing.publish(actor, problem, **said)


def _closed(request: HttpRequest, actor: Actor, problem: Problem) -> None:
    if (said := _valid(request, CloseForm(request.POST, prefix="close"))) is not None:
        closing.close(actor, problem, months=said["months"])


def _reported(request: HttpRequest, actor: Actor, problem: Problem) -> None:
    if (said := _valid(request, _report_form(actor, problem, request.POST))) is not None:
        actions.report(actor, problem, **said)


def _extended(request: HttpRequest, actor: Actor, problem: Problem) -> None:
    if (said := _valid(request, ExtensionForm(request.POST, prefix="extend"))) is not None:
        extending.extend(actor, problem, **said)


def _granted(request: HttpRequest, actor: Actor, problem: Problem) -> None:
    waiting = get_object_or_404(Extension, problem=problem, pk=_whole(request.POST.get("key", "")))
    if (said := _valid(request, GrantForm(request.POST, prefix="grant"))) is not None:
        extending.grant(actor, waiting, **said)


def _answered(request: HttpRequest, actor: Actor, problem: Problem) -> None:
    objection = get_object_or_404(Objection, problem=problem, pk=_whole(request.POST.get("key", "")))
    if (said := _valid(request, AnswerForm(request.POST, prefix="answer"))) is not None:
        closing.answer(actor, objection, **said)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


_DOES: dict[str, Callable[[HttpRequest, Actor, Problem], None]] = {
    **{code: _bare(code) for code in ("submit", "approve", "finish", "confirm")},
    **{code: _reasoned(code) for code in ("send_back", "dismiss", "uphold", "reopen")},
    "check": _checked,
    "accept": _checked,
    "publish": _published,
    "close": _closed,
    "report": _reported,
    "extend": _extended,
    "grant": _granted,
    "answer": _answered,
}


@require_POST
def step(request: HttpRequest, key: int, code: str) -> HttpResponse:
    """Takes a step; what is missing is said above the page."""
    actor, problem = _found(request, key)
    if code not in _DOES:
        raise Http404
    demand(actor, f"ledger.{code}", problem)
    before = len(messages.get_messages(request))
    try:
        _DOES[code](request, actor, problem)
    except InputError as error:
        for one in error.problems:
            messages.error(request, one.speak(language()))
    else:
        if len(messages.get_messages(request)) == before:
            messages.success(request, _("已办理。"))
    return redirect("problem", key)


@require_POST
def evidence(request: HttpRequest, key: int) -> HttpResponse:
    """Attaches a file."""
    actor, problem = _found(request, key)
    demand(actor, "ledger.evidence", problem)
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        _wrong(request, form)
        return redirect("problem", key)
    file = form.cleaned_data["file"]
    try:
        actions.attach(actor, problem, file, file.name, kind=form.cleaned_data["kind"], note=form.cleaned_data["note"])
    except InputError as error:
        for one in error.problems:
            messages.error(request, one.speak(language()))
    else:
        messages.success(request, _("已上传。"))
    return redirect("problem", key)


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, key: int) -> HttpResponse:
    """Writes the rectification plan with its steps."""
    actor, problem = _found(request, key)
    demand(actor, "ledger.plan", problem)
    rows = [
        {"text": one.text, "due": one.due.isoformat() if one.due else "", "cost": one.wan}
        for one in problem.steps.all()
    ]
    initial = {"goal": problem.goal, "measures": problem.measures, "lock": problem.lock}
    form = PlanForm(request.POST or None, initial=initial)
    if request.method == "POST":
        rows = [
            {"text": text, "due": due, "cost": cost}
            for text, due, cost in zip(
                request.POST.getlist("step-text"),
                request.POST.getlist("step-due"),
                request.POST.getlist("step-cost"),
                strict=False,
            )
        ]
        form.full_clean()
        steps = _steps(form, rows)
        if form.is_valid():
            try:
                actions.plan(actor, problem, **form.cleaned_data, steps=steps)
            except InputError as error:
                for one in error.problems:
                    form.add_error(None, one.speak(language()))
            else:
                messages.success(request, _("方案已保存，还没有报送。"))
                return redirect("problem", key)
    shown = rows + [{"text": "", "due": "", "cost": ""}] * max(1, _STEPS_SHOWN - len(rows))
    context = {"form": form, "problem": problem, "rows": list(enumerate(shown, 1))}
    return render(request, "ledger/plan.html", context, status=422 if form.errors else 200)


def _steps(form: PlanForm, rows: list[dict[str, str]]) -> list[actions.PlannedStep]:
    """Steps as typed; what is no day and no money is an error of the form. Money is typed in 万元."""
    found = []
    for at, row in enumerate(rows, 1):
        if not any(value.strip() for value in row.values()):
            continue
        due, cents = None, None
        if row["due"].strip():
            try:
                due = parse_date(row["due"].strip())
            except ValueError:
                due = None
            if due is None:
                form.add_error(
                    None, _("第 %(n)d 步的日期“%(day)s”看不懂，写成 2026-12-31") % {"n": at, "day": row["due"]}
                )
        if row["cost"].strip():
            cents = _cents(row["cost"].strip())
            if cents is None:
                said = {"n": at, "cost": row["cost"]}
                form.add_error(None, _("第 %(n)d 步的资金“%(cost)s”不是数，写成 12.5（万元）") % said)
        found.append(actions.PlannedStep(row["text"], due, cents))
    return found


def _cents(text: str) -> int | None:
    """Money typed in 万元 as 分; None where it is no number, negative, finer than 分, or beyond a billion 万元."""
    from decimal import Decimal, InvalidOperation

    try:
        value = Decimal(text) * 1_000_000
    except InvalidOperation:
        return None
    fits = value.is_finite() and 0 <= value < Decimal(10) ** 15 and value == value.to_integral_value()
    return int(value) if fits else None


@require_http_methods(["GET", "POST"])
def signs(request: HttpRequest, key: int) -> HttpResponse:
    """What speaks against the claimed rectification: each sign with its rule, what was seen, and its answer."""
    actor, problem = _found(request, key)
    if request.method == "POST":
        demand(actor, "ledger.explain", problem)
        try:
            questions.answer(actor, problem, request.POST.get("sign", "")[:60], request.POST.get("text", ""))
        except InputError as error:
            for one in error.problems:
                messages.error(request, one.speak(language()))
        else:
            messages.success(request, _("说明已保存，疑点和说明都会留着。"))
        return redirect("problem-signs", key)
    found = questions.findings([problem.number])
    context = {
        "problem": problem,
        "signs": found[0].signs if found else (),
        "unchecked": found[0].unchecked if found else (),
        "claimed": bool(found),
        "may_explain": may(actor, "ledger.explain", problem),
    }
    return render(request, "ledger/signs.html", context)


urlpatterns = [
    path("<int:key>/signs/", signs, name="problem-signs"),
    path("<int:key>/plan/", plan, name="problem-plan"),
    path("<int:key>/evidence/", evidence, name="problem-evidence"),
    path("<int:key>/do/<slug:code>/", step, name="problem-step"),
]
