"""The life of a problem: every step a person takes with it, and what each one needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F
from django.utils import timezone

from anlan.foundation.access.acting import acting, demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.flow.actions import move
from anlan.foundation.flow.models import Event
from anlan.foundation.org.models import Unit
from anlan.foundation.search import index
from anlan.foundation.vault import storing
from anlan.foundation.vault.actions import enter
from anlan.foundation.vault.types import TYPES
from anlan.ledger import notices
from anlan.ledger.flow import PROBLEM
from anlan.ledger.models import Entry, Evidence, Measure, Problem, Report, Term, Visit
from anlan.ledger.numbering import numbers
from anlan.settings import InputError, Words

_PERSONS = 2


@dataclass(frozen=True, slots=True)
class Facts:
    """What the office says of a problem. Coordinates are WGS84 in degrees, exact to a millionth."""

    title: str
    text: str
    place: str = ""
    river: str = ""
    company: str = ""
    kind: str = ""
    found: str = ""
    lon: Decimal | None = None
    lat: Decimal | None = None
    term: str = Term.LIMITED.value
    deadline: dt.date | None = None
    lead: Unit | None = None
    supervisor: Unit | None = None
    responsible: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """Step of a plan. `cost_cents` is money in 分."""

    text: str
    due: dt.date | None = None
    cost_cents: int | None = None


def register(actor: Actor, facts: Facts) -> Problem:
    """Registers a problem by hand. InputError with everything that is wrong."""
    with acting(actor, "ledger.register") as act:
        _check(facts)
        made = Problem.objects.create(
            number=next(numbers(timezone.localdate().year)),
            **_columns(facts),
            first_deadline=facts.deadline,
            created_by_id=actor.account_id,
            sample=actor.sample,
        )
        made.responsible.set(facts.responsible)
        act.obj = made
        act.after = _told(facts)
    index.put_where("problem", pk=made.pk)
    return made


def correct(actor: Actor, problem: Problem, facts: Facts, *, lock: int) -> None:
    """Corrects what the office says of a problem; the deadline only while no plan is approved (then: an extension).

    InputError with everything that is wrong, or if somebody changed it since `lock`.
    """
    with acting(actor, "ledger.correct", problem) as act:
        _check(facts)
        before = Problem.objects.get(pk=problem.pk)
        if facts.deadline != before.deadline and before.state not in ("draft", "submitted"):
            raise InputError(
                Words(
                    f"整改方案已审定，时限 {before.deadline or '—'} 只能按延期办理",
                    f"the plan is approved: the deadline {before.deadline or '—'} changes only by an extension",
                )
            )
        columns = _columns(facts)
        if not Problem.objects.filter(pk=problem.pk, lock=lock).update(**columns, lock=F("lock") + 1):
            raise InputError(
                Words(
                    f"{before.number} 已被他人改过，请刷新页面再改",
                    f"somebody changed {before.number}: reload the page",
                )
            )
        act.before = {
            name: str(getattr(before, name)) for name, value in columns.items() if getattr(before, name) != value
        }
        problem.refresh_from_db()
        problem.responsible.set(facts.responsible)
        act.after = _told(facts)
    index.put_where("problem", pk=problem.pk)


def _check(facts: Facts) -> None:
    problems = []
    if not facts.title.strip():
        problems.append(Words("请填写问题名称", "give the problem a title"))
    if not facts.text.strip():
        problems.append(Words("请填写问题描述", "describe the problem"))
    if (facts.lon is None) != (facts.lat is None):
        problems.append(Words("经度和纬度要同时填写", "give longitude and latitude together"))
    for value, most, name in ((facts.lon, 180, Words("经度", "longitude")), (facts.lat, 90, Words("纬度", "latitude"))):
        if value is not None and abs(value) > most:
            problems.append(Words(f"{name.zh} {value} 超出 ±{most}", f"{name.en} {value} is beyond ±{most}"))
    if facts.supervisor is not None and facts.supervisor in (facts.lead, *facts.responsible):
        problems.append(
            Words(
                f"督导单位“{facts.supervisor}”不能同时是责任单位",
                f"{facts.supervisor} cannot supervise what it rectifies",
            )
        )
    if problems:
        raise InputError(*problems)


def _columns(facts: Facts) -> dict[str, object]:
    return {
        "title": " ".join(facts.title.split())[:300],
        "text": facts.text.strip(),
        "place": facts.place.strip()[:300],
        "river": facts.river.strip()[:100],
        "company": facts.company.strip()[:200],
        "kind": facts.kind,
        "found": facts.found,
        "lon_e6": None if facts.lon is None else round(facts.lon * 1_000_000),
        "lat_e6": None if facts.lat is None else round(facts.lat * 1_000_000),
        "term": facts.term,
        "deadline": facts.deadline,
        "lead": facts.lead,
        "supervisor": facts.supervisor,
    }


def _told(facts: Facts) -> dict[str, object]:
    said = {name: str(value) for name, value in _columns(facts).items() if value not in ("", None)}
    return said | {"responsible": [unit.short_name for unit in facts.responsible]}


def plan(actor: Actor, problem: Problem, *, goal: str, measures: str, steps: Sequence[PlannedStep], lock: int) -> None:
    """Writes the rectification plan, while it is not approved. InputError with everything that is wrong."""
    with acting(actor, "ledger.plan", problem) as act:
        problems = []
        if problem.state not in ("draft", "reopened", "submitted"):
            state = PROBLEM.states[problem.state]
            problems.append(Words(f"问题“{state.zh}”，方案不能再改", f"the problem is {state.en}: its plan is fixed"))
        problems += [
            Words(
                f"第 {at} 步的日期 {step.due} 晚于整改时限 {problem.deadline}",
                f"step {at} is due on {step.due}, after the deadline {problem.deadline}",
            )
            for at, step in enumerate(steps, 1)
            if step.due and problem.deadline and step.due > problem.deadline
        ]
        problems += [
            Words(f"第 {at} 步没有写内容", f"step {at} says nothing")
            for at, step in enumerate(steps, 1)
            if not step.text.strip()
        ]
        if problems:
            raise InputError(*problems)
        said = {"goal": goal.strip(), "measures": measures.strip(), "lock": F("lock") + 1}
        if not Problem.objects.filter(pk=problem.pk, lock=lock).update(**said):
            raise InputError(
                Words(
                    f"{problem.number} 已被他人改过，请刷新页面再改",
                    f"somebody changed {problem.number}: reload the page",
                )
            )
        problem.steps.all().delete()
        Measure.objects.bulk_create(
            Measure(problem=problem, order=at, text=step.text.strip()[:500], due=step.due, cost_cents=step.cost_cents)
            for at, step in enumerate(steps)
        )
        problem.refresh_from_db()
        act.after = {"goal": problem.goal, "measures": problem.measures, "steps": len(steps)}


def take_step(actor: Actor, problem: Problem, code: str, *, reason: str = "", evidence: Iterable[int] = ()) -> Event:
    """One step of the flow that needs nothing but its permission, a reason, evidence and filled fields.

    `evidence` are keys of Evidence of this problem. InputError with what is missing.
    """
    if code in ("check", "refuse_check", "accept", "refuse", "publish", "close"):
        raise ValueError(f"{code} has a function of its own")
    return advance(actor, problem, code, reason=reason, evidence=evidence)


def advance(
    actor: Actor,
    problem: Problem,
    code: str,
    *,
    reason: str = "",
    evidence: Iterable[int] = (),
    visit: Visit | None = None,
    **also: object,
) -> Event:
    """A step of the flow with what it changes beside the state; the functions around it see to what it needs."""
    demand(actor, f"ledger.{code}", problem)
    with acting(actor, f"ledger.{code}", problem, reason=reason) as act:
        # The row as it is now: fields may have been filled since the page was opened.
        problem.refresh_from_db()
        if problem.joined_into_id:
            raise InputError(
                Words(f"{problem.number} 已并入别的问题", f"{problem.number} was merged into another problem")
            )
        if code in ("submit", "approve") and problem.term != Term.LONG and problem.deadline is None:
            raise InputError(
                Words("限期整改和立行立改须有整改时限", "a problem that is not for the long term needs a deadline")
            )
        keys = list(Evidence.objects.filter(problem=problem, pk__in=list(evidence)).values_list("receipt", flat=True))
        if code == "finish":
            keys = list(problem.evidence.exclude(kind=Evidence.Kind.BEFORE).values_list("receipt", flat=True))
        act.before = {"state": problem.state}
        event = move(actor, PROBLEM, problem, code, reason=reason, evidence=keys)
        if visit is not None:
            visit.save()
        said = {"since": timezone.localdate(), "lock": F("lock") + 1, **also}
        Problem.objects.filter(pk=problem.pk).update(**said)
        problem.refresh_from_db()
        act.after = {"state": problem.state, "reason": reason.strip()}
        notices.moved(problem, event)
    return event


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check on site found. `persons` are who was there, two at least; `measured` what was measured."""

    unit: Unit
    persons: str
    on: dt.date
    findings: str
    measured: str = ""


def check(actor: Actor, problem: Problem, seen: Seen, *, passed: bool) -> Event:
    """Preliminary check by the supervising unit. InputError with everything that is missing."""
    visit = _visit(actor, problem, seen, Visit.Stage.PRELIMINARY, passed=passed)
    return advance(actor, problem, "check" if passed else "refuse_check", reason=seen.findings, visit=visit)


def verify(actor: Actor, problem: Problem, seen: Seen, *, passed: bool) -> Event:
    """Verification on site by a unit that does not rectify. InputError with everything that is missing."""
    visit = _visit(actor, problem, seen, Visit.Stage.ACCEPTANCE, passed=passed)
    return advance(actor, problem, "accept" if passed else "refuse", reason=seen.findings, visit=visit)


def _visit(actor: Actor, problem: Problem, seen: Seen, stage: Visit.Stage, *, passed: bool) -> Visit:
    code = {
        (Visit.Stage.PRELIMINARY, True): "check",
        (Visit.Stage.PRELIMINARY, False): "refuse_check",
        (Visit.Stage.ACCEPTANCE, True): "accept",
        (Visit.Stage.ACCEPTANCE, False): "refuse",
    }[stage, passed]
    demand(actor, f"ledger.{code}", problem)
    problems = []
    rectifying = {problem.lead_id, *problem.responsible.values_list("pk", flat=True)}
    if seen.unit.pk in rectifying:
        problems.append(
            Words(
                f"核查单位“{seen.unit}”就是责任单位，须由别的单位核查",
                f"{seen.unit} rectifies the problem itself: another unit must check",
            )
        )
    names = [name for name in seen.persons.replace("，", "、").replace(",", "、").split("、") if name.strip()]
    if len(set(names)) < _PERSONS:
        problems.append(Words("现场核查须写明两名以上人员", "name two persons at least who were on site"))
    if not seen.findings.strip():
        problems.append(Words("请写明现场看到的情况", "say what was seen on site"))
    if seen.on > timezone.localdate():
        problems.append(Words(f"核查日期 {seen.on} 还没有到", f"the day of the check, {seen.on}, is still to come"))
    if (
        stage == Visit.Stage.ACCEPTANCE
        and passed
        and not (seen.measured.strip() or problem.evidence.filter(kind=Evidence.Kind.MONITORING).exists())
    ):
        problems.append(
            Words("验收须有实测数据，或附监测报告", "a verification needs what was measured, or a monitoring report")
        )
    if problems:
        raise InputError(*problems)
    return Visit(
        problem=problem,
        stage=stage,
        unit=seen.unit,
        persons="、".join(name.strip() for name in names)[:200],
        on=seen.on,
        findings=seen.findings.strip(),
        measured=seen.measured.strip()[:500],
        passed=passed,
        by_id=actor.account_id,
    )


def report(actor: Actor, problem: Problem, *, unit: Unit, text: str, percent: int | None = None) -> Report:
    """Progress as the unit tells it. InputError with everything that is wrong."""
    with acting(actor, "ledger.report", problem) as act:
        problems = []
        if problem.state != "planned":
            state = PROBLEM.states[problem.state]
            problems.append(Words(f"问题“{state.zh}”，不需要报告进展", f"the problem is {state.en}: no report is due"))
        if not text.strip():
            problems.append(Words("请写明整改进展", "say how the rectification stands"))
        if percent is not None and not 0 <= percent <= 100:
            problems.append(Words(f"完成比例 {percent} 不在 0—100 之内", f"{percent} % is not between 0 and 100"))
        if not actor.machine and unit.pk not in actor.units():
            problems.append(Words(f"您不在“{unit}”任职，不能代其报告", f"you hold no post at {unit}"))
        if problems:
            raise InputError(*problems)
        made = Report.objects.create(
            problem=problem, unit=unit, text=text.strip(), percent=percent, by_id=actor.account_id
        )
        act.after = {"text": made.text, "percent": percent}
    return made


def attach(
    actor: Actor, problem: Problem, stream: storing.Readable, name: str, *, kind: str, note: str = ""
) -> Evidence:
    """Attaches a file. InputError if it is too large, of no type allowed, or of no such kind."""
    demand(actor, "ledger.evidence", problem)
    if kind not in Evidence.Kind.values:
        raise InputError(Words(f"没有“{kind}”这类材料", f"there is no evidence of kind {kind}"))
    stored = storing.put(stream, name, TYPES)
    with acting(actor, "ledger.evidence", problem) as act:
        receipt = enter(actor, stored, purpose="ledger.evidence", obj=problem)
        made = Evidence.objects.create(
            problem=problem,
            receipt=receipt.pk,
            kind=kind,
            name=stored.name,
            sha256=stored.sums.sha256,
            note=note.strip()[:300],
            by_id=actor.account_id,
        )
        act.after = {"file": stored.name, "kind": kind}
    return made


def sources(problem: Problem) -> list[Entry]:
    """Rows of ledgers in force that tell of a problem."""
    return list(problem.entries.filter(in_force=True).select_related("intake"))
