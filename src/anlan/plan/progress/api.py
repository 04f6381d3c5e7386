"""JSON of rounds, what units owe in them, and reports. Figures are as typed, and exact as decimal texts.

A draft is saved whole with the `lock` it was read with; a report moves on by steps, which answer where it is then.
"""

# No annotations of the future here: the interface reads these as types when the module is loaded.

import datetime as dt
from typing import Any, Literal

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema
from ninja.pagination import paginate
from pydantic import Field, ValidationError

from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.interface import scopes
from anlan.foundation.interface.answers import Fault, Wrong
from anlan.foundation.interface.authority import allow
from anlan.foundation.interface.paging import Paging
from anlan.plan.progress import actions, comparing, queries
from anlan.plan.progress.actions import CollisionError
from anlan.plan.progress.figures import Exact
from anlan.plan.progress.forms import ReportForm, form_of
from anlan.plan.progress.models import Attachment, Figure, Owed, Report, ReportState, Round
from anlan.plan.progress.values import Values
from anlan.settings import Words

READ = scopes.declare("reports.read", Words("读取进展报告", "read reports of progress"))
WRITE = scopes.declare("reports.write", Words("填写、提交、审核、采纳进展报告", "write, submit and accept reports"))

router = Router()
_KEY = 9_223_372_036_854_775_807
_LONGEST = 20_000
Stage = Literal["due", "sent", "accepted", "waiting", "unit", "returned", "late", "missing", "excused"]


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


class RoundOut(Schema):
    """Call for reports on a period, with the counts of what it asks for; a unit's people count their own."""

    id: int
    plan: int = Field(validation_alias="plan_id")
    name: str
    first: dt.date
    last: dt.date
    due_on: dt.date
    owing: int
    sent: int
    accepted: int
    late: int
    missing: int
    sample: bool

    @staticmethod
    def resolve_name(row: Round) -> str:
        return str(row)


class OwedOut(Schema):
    """What a unit owes on a task in a round; `report` is its newest revision, `accepted` the one that counts."""

    id: int
    round: int = Field(validation_alias="round_id")
    plan: int = Field(validation_alias="round.plan_id")
    task: int = Field(validation_alias="task_id")
    measure: int = Field(validation_alias="task.measure_id")
    number: str = Field(validation_alias="task.number")
    title: str = Field(validation_alias="task.title")
    unit: str
    owes: str = Field(description="report, contribution")
    due_on: dt.date
    sent_on: dt.date | None
    late: bool = Field(validation_alias="is_late", description="reached the office after its day")
    overdue: bool = Field(description="past its day and not sent")
    excused: bool
    excuse: str
    report: int | None = Field(validation_alias="current_id")
    state: str | None = Field(description="draft, submitted, approved, accepted; null before anybody began")
    accepted: int | None = Field(validation_alias="accepted_id")

    @staticmethod
    def resolve_unit(row: Owed) -> str:
        return row.unit.short_name

    @staticmethod
    def resolve_overdue(row: Owed) -> bool:
        return not row.excused and row.sent_on is None and row.due_on < timezone.localdate()

    @staticmethod
    def resolve_state(row: Owed) -> str | None:
        return row.current.state if row.current else None


class FigureOut(Schema):
    """What a report says of a target: `text` as typed, `value` in the target's unit, null where it gives no figure."""

    target: int = Field(validation_alias="target_id")
    indicator: str = Field(validation_alias="target.indicator")
    unit: str = Field(validation_alias="target.unit")
    text: str
    value: str | None

    @staticmethod
    def resolve_value(row: Figure) -> str | None:
        return None if row.value is None else str(Exact(row.value, row.scale))


class FileOut(Schema):
    """File that belongs to a report."""

    name: str

    @staticmethod
    def resolve_name(row: Attachment) -> str:
        return row.receipt.name


class ReportOut(Schema):
    """Revision of a report. `lock` counts its saves; `counts` says that it is the accepted one that counts."""

    id: int
    owed: int = Field(validation_alias="owed_id")
    round: int = Field(validation_alias="owed.round_id")
    plan: int = Field(validation_alias="owed.round.plan_id")
    task: int = Field(validation_alias="owed.task_id")
    unit: str
    owes: str = Field(validation_alias="owed.owes", description="report, contribution")
    revision: int
    state: str = Field(description="draft, submitted, approved, accepted")
    direct: bool = Field(description="nobody in the unit could approve it")
    counts: bool
    percent: int | None
    done_on: dt.date | None
    narrative: str
    obstacles: str
    next_step: str
    figures: list[FigureOut]
    files: list[FileOut]
    returned: str = Field(description="why it came back last, empty once it is handed in again")
    by_office: bool
    remark: str
    lock: int
    changed_at: dt.datetime
    changed_by: str = Field(validation_alias="changed_by_name")
    submitted_at: dt.datetime | None
    accepted_at: dt.datetime | None
    sample: bool

    @staticmethod
    def resolve_unit(row: Report) -> str:
        return row.owed.unit.short_name

    @staticmethod
    def resolve_counts(row: Report) -> bool:
        return row.owed.accepted_id == row.pk

    @staticmethod
    def resolve_figures(row: Report) -> list[Figure]:
        return list(row.figures.all())

    @staticmethod
    def resolve_files(row: Report) -> list[Attachment]:
        return list(row.attachments.all())


class StepOut(Schema):
    """Where a report is after a step. One that went back is its unit's own again, and told no further."""

    id: int
    owed: int = Field(validation_alias="owed_id")
    state: str = Field(description="draft, submitted, approved, accepted")
    lock: int


class FigureIn(Schema):
    """Figure of a target, as people type it: 72, 72个, 6.05万亩."""

    target: int = Field(ge=1, le=_KEY)
    text: str = Field(max_length=100)


class DraftIn(Schema):
    """The whole draft: what is left out is empty. `lock` is the one of the report that was read, null for the first."""

    lock: int | None = Field(None, ge=0, le=_KEY, strict=True)
    percent: int | None = Field(None, ge=0, le=100, strict=True)
    done_on: dt.date | None = None
    narrative: str = Field("", max_length=_LONGEST)
    obstacles: str = Field("", max_length=_LONGEST)
    next_step: str = Field("", max_length=_LONGEST)
    figures: list[FigureIn] = Field([], max_length=200)


class ReasonIn(Schema):
    """Why: asked for when a report is returned, and when the office accepts one that nobody approved."""

    reason: str = Field("", max_length=300)


_REASON = {"requestBody": {"content": {"application/json": {"schema": ReasonIn.json_schema()}}}}


class RoundFilter(Schema):
    """Which rounds: of a plan."""

    plan: int | None = Field(None, ge=1, le=_KEY)


class OwedFilter(RoundFilter):
    """What is owed: of a plan, in a round, by a unit (by a name it goes by), at a stage, past its day and not sent."""

    round: int | None = Field(None, ge=1, le=_KEY)
    unit: str = Field("", max_length=200)
    stage: Stage | None = None
    overdue: bool = False


class ReportFilter(RoundFilter):
    """Which reports: of a plan, in a round, of a unit (by a name it goes by), in a state."""

    round: int | None = Field(None, ge=1, le=_KEY)
    unit: str = Field("", max_length=200)
    state: ReportState | None = None


@router.get(
    "/rounds",
    response=list[RoundOut],
    auth=allow(READ),
    tags=["reports"],
    summary="列出调度 / List rounds",
    operation_id="rounds",
)
@paginate(Paging)
def rounds(request: HttpRequest, wanted: Query[RoundFilter]) -> QuerySet[Round]:
    """Rounds of reports the account may see, the latest first."""
    demand(_actor(request), "round.see")
    rows = queries.rounds(_actor(request))
    return rows if wanted.plan is None else rows.filter(plan_id=wanted.plan)


@router.get(
    "/owed",
    response=list[OwedOut],
    auth=allow(READ),
    tags=["reports"],
    summary="列出应报事项 / List what units owe",
    operation_id="owed",
)
@paginate(Paging)
def owed(request: HttpRequest, wanted: Query[OwedFilter]) -> QuerySet[Owed]:
    """What units owe in the rounds, what is missing among it: `stage=missing`, or `overdue=true` past its day."""
    actor = _actor(request)
    demand(actor, "owed.see")
    rows = queries.missing(actor) if wanted.overdue else queries.owed(actor)
    if wanted.plan is not None:
        rows = rows.filter(round__plan_id=wanted.plan)
    if wanted.round is not None:
        rows = rows.filter(round_id=wanted.round)
    if wanted.stage is not None:
        rows = rows.filter(queries.STAGES[wanted.stage][1])
    return rows.filter(_named("unit", wanted.unit))


@router.put(
    "/owed/{int:id}/draft",
    response=ReportOut,
    auth=allow(WRITE),
    tags=["reports"],
    summary="保存报告草稿 / Save the draft of a report",
    operation_id="save_draft",
)
def owed_draft(request: HttpRequest, id: int, draft: DraftIn) -> Report:
    """Saves the draft of what is owed; the first save makes it.

    With another `lock` than the draft has now it is answered with 409: the first entry tells the lock that stands
    (`theirs`), each further one a field in which the two differ. Nothing is missing yet in a draft; what is there must
    be readable.
    """
    actor = _actor(request)
    row = get_object_or_404(queries.owed(actor), pk=min(id, _KEY))
    demand(actor, "report.write", row)
    form, values = _read(row, draft)
    try:
        report = actions.save_draft(actor, row, values, draft.lock)
    except CollisionError as error:
        raise _collision(form, values, error) from error
    return _report(actor, report.pk)


@router.get(
    "/reports",
    response=list[ReportOut],
    auth=allow(READ),
    tags=["reports"],
    summary="列出进展报告 / List reports",
    operation_id="reports",
)
@paginate(Paging)
def reports(request: HttpRequest, wanted: Query[ReportFilter]) -> QuerySet[Report]:
    """Reports the account may read, all revisions, those of the latest period first."""
    actor = _actor(request)
    demand(actor, "report.see")
    rows = Report.objects.filter(owed__round__void=False, owed__task__void=False)
    if wanted.plan is not None:
        rows = rows.filter(owed__round__plan_id=wanted.plan)
    if wanted.round is not None:
        rows = rows.filter(owed__round_id=wanted.round)
    if wanted.state is not None:
        rows = rows.filter(state=wanted.state)
    rows = rows.filter(_named("owed__unit", wanted.unit))
    return queries.whole(queries.reports(actor, rows)).order_by("-owed__round__last", "owed_id", "revision")


@router.get(
    "/reports/{int:id}",
    response=ReportOut,
    auth=allow(READ),
    tags=["reports"],
    summary="查看进展报告 / Show a report",
    operation_id="report",
)
def report(request: HttpRequest, id: int) -> Report:
    """One revision of a report with its figures and files."""
    return _report(_actor(request), id)


@router.post(
    "/reports/{int:id}/submit",
    response=StepOut,
    auth=allow(WRITE),
    tags=["reports"],
    summary="提交进展报告 / Submit a report",
    operation_id="submit_report",
)
def report_submit(request: HttpRequest, id: int) -> Report:
    """Hands a draft in to the unit's leader, or to the office where there is none; refused with all that is missing."""
    found = _report(_actor(request), id)
    actions.submit(_actor(request), found)
    return found


@router.post(
    "/reports/{int:id}/approve",
    response=StepOut,
    auth=allow(WRITE),
    tags=["reports"],
    summary="审核通过 / Approve a report",
    operation_id="approve_report",
)
def report_approve(request: HttpRequest, id: int) -> Report:
    """The unit's leader lets it go to the office; nobody approves what he submitted himself."""
    found = _report(_actor(request), id)
    actions.approve(_actor(request), found)
    return found


@router.post(
    "/reports/{int:id}/accept",
    response=StepOut,
    auth=allow(WRITE),
    tags=["reports"],
    summary="采纳进展报告 / Accept a report",
    operation_id="accept_report",
    openapi_extra=_REASON,
)
def report_accept(request: HttpRequest, id: int) -> Report:
    """The office takes it: its figures count from now on. One that nobody approved needs a `reason`."""
    actor = _actor(request)
    found = _report(actor, id)
    demand(actor, "report.accept_directly" if found.state == ReportState.SUBMITTED else "report.accept", found)
    actions.accept(actor, found, remark=_reason(request))
    return found


@router.post(
    "/reports/{int:id}/return",
    response=StepOut,
    auth=allow(WRITE),
    tags=["reports"],
    summary="退回进展报告 / Return a report",
    operation_id="return_report",
    openapi_extra=_REASON,
)
def report_return(request: HttpRequest, id: int) -> Report:
    """Back to its unit as a draft, with a `reason`: by the unit's leader, or by the office."""
    actor = _actor(request)
    found = _report(actor, id)
    demand(actor, "report.return", found)
    actions.send_back(actor, found, _reason(request))
    return found


def _report(actor: Actor, key: int) -> Report:
    demand(actor, "report.see")
    # No store holds a longer key.
    found: Report = get_object_or_404(queries.whole(queries.reports(actor)), pk=min(key, _KEY))
    return found


def _reason(request: HttpRequest) -> str:
    """Reason in the body, "" without one. Read after the permission, so that the answer to a stranger is that."""
    try:
        # Office programs begin a file with a byte order mark.
        body = request.body.removeprefix(b"\xef\xbb\xbf")
        return _clean(ReasonIn.model_validate_json(body).reason) if body.strip() else ""
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            words = Words("请求的内容不是有效的 JSON", "the request is not valid JSON")
            raise Fault(400, "not_json", words) from error
        words = Words('应为 {"reason": "…"}，理由不超过 300 字', 'must be {"reason": "…"}, of 300 characters at most')
        raise Fault(422, "wrong_call", words, field="reason") from error


def _clean(text: str) -> str:
    # PostgreSQL takes no NUL in a text.
    return text.replace("\0", "").strip()


def _named(field: str, name: str) -> Q:
    text = _clean(name)
    return Q(**{f"{field}__short_name": text}) | Q(**{f"{field}__official_name": text}) if text else Q()


def _read(row: Owed, draft: DraftIn) -> tuple[ReportForm, Values]:
    """The draft through the form of the page, so that both refuse the same; Fault with everything wrong in it."""
    typed: dict[str, Any] = {
        "percent": "" if draft.percent is None else str(draft.percent),
        "done_on": draft.done_on.isoformat() if draft.done_on else "",
        "narrative": draft.narrative,
        "obstacles": draft.obstacles,
        "next_step": draft.next_step,
    }
    twice = Words("同一个指标填了两次", "the same target is given twice")
    wrong = []
    for figure in draft.figures:
        name = f"figure-{figure.target}"
        if name in typed:
            wrong.append(Wrong(twice, _field(name)))
        typed[name] = figure.text
    form = form_of(row, typed)
    values = form.values(Values())
    strange = Words("这里不填这一项", "this is not asked for here")
    wrong += [Wrong(strange, _field(name)) for name, text in typed.items() if text and name not in form.fields]
    wrong += [Wrong(str(one), _field(name)) for name, said in form.errors.items() for one in said]
    if wrong:
        raise Fault(422, "wrong_input", *wrong)
    return form, values


def _field(name: str) -> str:
    """Field of the form as programs send it: figure-7 is figures.7, by the target's id."""
    return name.replace("figure-", "figures.")


def _collision(form: ReportForm, mine: Values, error: CollisionError) -> Fault:
    entries = [Wrong(one, "lock", (("theirs", error.report.lock),)) for one in error.problems]
    for one in comparing.differences(form, mine, error.theirs):
        words = Words(f"“{one.label}”与对方填写的不同", f"“{one.label}” differs from what they wrote")
        entries.append(Wrong(words, _field(one.name), (("theirs", one.theirs),)))
    return Fault(409, "collision", *entries)
