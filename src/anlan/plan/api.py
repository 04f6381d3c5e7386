"""JSON of plans, measures and tasks, as programs read them. Figures are exact: {"low", "high"} as decimal texts."""

# No annotations of the future here: the interface reads these as types when the module is loaded.

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Query, Router, Schema, Status, UploadedFile
from ninja.pagination import paginate
from pydantic import Field

from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import visible
from anlan.foundation.interface import scopes
from anlan.foundation.interface.authority import allow
from anlan.foundation.interface.paging import Paging
from anlan.foundation.org.chain import Chains
from anlan.plan import actions, chains, queries, relating, story
from anlan.plan.lights import of_task
from anlan.plan.models import Deadline, Duty, Measure, Plan, PlanState, Target, Task, TaskDuty
from anlan.settings import Words

READ = scopes.declare("plans.read", Words("读取文稿、任务", "read plans and tasks"))
WRITE = scopes.declare("plans.write", Words("上传、下达文稿", "upload and issue plans"))

router = Router()
_KEY = 9_223_372_036_854_775_807


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _figure(value: int | None, scale: int) -> str | None:
    return None if value is None else format(Decimal(value).scaleb(-scale), "f")


class PlanOut(Schema):
    """Plan; `open_questions` must be settled before it can be issued."""

    id: int
    title: str
    year: int | None
    state: str = Field(description="draft, issued, withdrawn")
    sample: bool
    created_at: dt.datetime
    issued_on: dt.date | None
    measures: int
    open_questions: int
    tasks: int

    @staticmethod
    def resolve_measures(row: Any) -> int:
        return row.measures or 0

    @staticmethod
    def resolve_open_questions(row: Any) -> int:
        return row.open or 0

    @staticmethod
    def resolve_tasks(row: Any) -> int:
        return row.handed_out or 0


class DutyOut(Schema):
    """Unit named for a measure: `name` as printed, `unit` or `group` who that is."""

    role: str = Field(description="lead, responsible, cooperating")
    name: str
    unit: str | None
    group: str | None
    start: int | None
    end: int | None

    @staticmethod
    def resolve_unit(row: Duty) -> str | None:
        return row.unit.short_name if row.unit else None

    @staticmethod
    def resolve_group(row: Duty) -> str | None:
        return str(row.group) if row.group else None


class DeadlineOut(Schema):
    """Time limit of a measure; `date` is its last day."""

    text: str
    date: dt.date | None
    kind: str
    precision: str
    start: int | None
    end: int | None


class TargetOut(Schema):
    """Quantity a measure commits to; `low` and `high` are equal unless it is a range."""

    id: int
    text: str
    indicator: str
    comparator: str
    low: str | None
    high: str | None
    unit: str
    start: int | None
    end: int | None

    @staticmethod
    def resolve_low(row: Target) -> str | None:
        return _figure(row.low, row.scale)

    @staticmethod
    def resolve_high(row: Target) -> str | None:
        return _figure(row.high, row.scale)


class MeasureOut(Schema):
    """Measure of a plan's document; positions count the characters of the document."""

    id: int
    number: str
    title: str
    chapter: list[str]
    text: str
    start: int
    end: int
    duties: list[DutyOut]
    deadlines: list[DeadlineOut]
    targets: list[TargetOut]

    @staticmethod
    def resolve_duties(row: Measure) -> list[Duty]:
        return [one for one in row.duties.all() if not one.struck]


class PartOut(Schema):
    """Part of a unit in a task: what it owes and what was accepted of its reports last."""

    unit: str
    role: str
    owes: str = Field(description="report, contribution")
    via: str | None
    percent: int
    done_on: dt.date | None

    @staticmethod
    def resolve_unit(row: TaskDuty) -> str:
        return row.unit.short_name

    @staticmethod
    def resolve_via(row: TaskDuty) -> str | None:
        return str(row.via) if row.via else None


class TaskOut(Schema):
    """Task; `light` is the worst of the units that owe its report, `light_units` whose it is."""

    id: int
    plan: int = Field(validation_alias="plan_id")
    measure: int = Field(validation_alias="measure_id")
    parent: int | None = Field(validation_alias="parent_id")
    number: str
    title: str
    chapter: str
    start: dt.date
    due: dt.date | None
    due_text: str
    light: str = Field(description="red, yellow, green, done, or empty without a date")
    light_units: list[str]
    parts: list[PartOut]

    @staticmethod
    def resolve_light(row: Task) -> str:
        return of_task(row, row.duties.all(), timezone.localdate()).colour

    @staticmethod
    def resolve_light_units(row: Task) -> list[str]:
        return list(of_task(row, row.duties.all(), timezone.localdate()).units)

    @staticmethod
    def resolve_parts(row: Task) -> list[TaskDuty]:
        return list(row.duties.all())


class WordsOut(Schema):
    """One message in both languages."""

    zh: str
    en: str


class PlanFilter(Schema):
    """Which plans: of a year, in a state, with words in the title."""

    year: int | None = Field(None, ge=1900, le=2200)
    state: PlanState | None = None
    q: str = Field("", max_length=200)


class TaskFilter(Schema):
    """Which tasks: of a plan, with a part of a unit (by a name it goes by), due between two days, with these words."""

    plan: int | None = Field(None, ge=1, le=_KEY)
    unit: str = Field("", max_length=200)
    due_from: dt.date | None = None
    due_to: dt.date | None = None
    q: str = Field("", max_length=200)


@router.get(
    "/plans",
    response=list[PlanOut],
    auth=allow(READ),
    tags=["plans"],
    summary="列出文稿 / List plans",
    operation_id="plans",
)
@paginate(Paging)
def plans(request: HttpRequest, wanted: Query[PlanFilter]) -> QuerySet[Plan]:
    """Plans the account may read, the newest first."""
    demand(_actor(request), "plan.see")
    rows = queries.plans(_actor(request))
    if wanted.year is not None:
        rows = rows.filter(year=wanted.year)
    if wanted.state is not None:
        rows = rows.filter(state=wanted.state)
    return _holding(rows, wanted.q)


@router.post(
    "/plans",
    response={201: PlanOut},
    auth=allow(WRITE),
    tags=["plans"],
    summary="上传文稿 / Upload a plan",
    operation_id="receive_plan",
)
def plan_receive(request: HttpRequest, file: File[UploadedFile]) -> Status[Plan]:
    """New plan from a document, compiled; its questions are settled on its page."""
    plan = actions.receive(_actor(request), file.read(), file.name or "document")
    return Status(201, queries.plans(_actor(request)).get(pk=plan.pk))


@router.get(
    "/plans/{int:id}",
    response=PlanOut,
    auth=allow(READ),
    tags=["plans"],
    summary="查看文稿 / Show a plan",
    operation_id="plan",
)
def plan(request: HttpRequest, id: int) -> Plan:
    """One plan."""
    return _plan(request, id)


@router.get(
    "/plans/{int:id}/measures",
    response=list[MeasureOut],
    auth=allow(READ),
    tags=["plans"],
    summary="列出文稿的措施 / List the measures of a plan",
    operation_id="measures",
)
@paginate(Paging)
def plan_measures(request: HttpRequest, id: int) -> QuerySet[Measure]:
    """Measures of the latest version of the plan's document, in its order."""
    return _measures(queries.document(_plan(request, id)).measures.all())


@router.post(
    "/plans/{int:id}/issue",
    response=PlanOut,
    auth=allow(WRITE),
    tags=["plans"],
    summary="下达文稿 / Issue a plan",
    operation_id="issue_plan",
)
def plan_issue(request: HttpRequest, id: int) -> Plan:
    """Hands the plan out as tasks; refused with all questions that are still open."""
    actions.issue(_actor(request), _plan(request, id))
    return _plan(request, id)


@router.get(
    "/measures/{int:id}",
    response=MeasureOut,
    auth=allow(READ),
    tags=["plans"],
    summary="查看一条措施 / Show a measure",
    operation_id="measure",
)
def measure(request: HttpRequest, id: int) -> Measure:
    """One measure with its duties, time limits and targets."""
    actor = _actor(request)
    demand(actor, "plan.see")
    plans = visible(actor, "plan.see", Plan.objects.all())
    return get_object_or_404(_measures(Measure.objects.filter(document__plan__in=plans)), pk=min(id, _KEY))


@router.get(
    "/tasks",
    response=list[TaskOut],
    auth=allow(READ),
    tags=["tasks"],
    summary="列出任务 / List tasks",
    operation_id="tasks",
)
@paginate(Paging)
def tasks(request: HttpRequest, wanted: Query[TaskFilter]) -> QuerySet[Task]:
    """Tasks the account may see, in the order of their plans."""
    demand(_actor(request), "task.see")
    rows = queries.tasks(_actor(request))
    if wanted.plan is not None:
        rows = rows.filter(plan_id=wanted.plan)
    if wanted.unit:
        named = TaskDuty.objects.filter(unit__short_name=_clean(wanted.unit)) | TaskDuty.objects.filter(
            unit__official_name=_clean(wanted.unit)
        )
        rows = rows.filter(pk__in=named.values("task_id"))
    if wanted.due_from is not None:
        rows = rows.filter(due__gte=wanted.due_from)
    if wanted.due_to is not None:
        rows = rows.filter(due__lte=wanted.due_to)
    return _holding(rows, wanted.q)


@router.get(
    "/tasks/{int:id}",
    response=TaskOut,
    auth=allow(READ),
    tags=["tasks"],
    summary="查看任务 / Show a task",
    operation_id="task",
)
def task(request: HttpRequest, id: int) -> Task:
    """One task with the parts of its units."""
    demand(_actor(request), "task.see")
    return get_object_or_404(queries.tasks(_actor(request)), pk=min(id, _KEY))


class RelatedOut(Schema):
    """Task that has to do with another; `reasons` say why, in both languages."""

    id: int
    plan: int
    number: str
    title: str
    due: dt.date | None
    reasons: list[WordsOut]


def _related_out(row: relating.Related) -> RelatedOut:
    task = row.task
    reasons = [WordsOut(zh=one.zh, en=one.en) for one in row.reasons]
    return RelatedOut(
        id=task.pk, plan=task.plan_id, number=task.number, title=task.title, due=task.due, reasons=reasons
    )


class HappenedOut(Schema):
    """Something that happened to a task; `detail` is data, `url` the path of the page that tells more, or empty."""

    at: dt.datetime
    code: str
    words: WordsOut
    who: str
    detail: str
    url: str


@router.get(
    "/tasks/{int:id}/related",
    response=list[RelatedOut],
    auth=allow(READ),
    tags=["tasks"],
    summary="相关任务 / Related tasks",
    operation_id="task_related",
)
def task_related(request: HttpRequest, id: int) -> list[RelatedOut]:
    """Up to ten tasks that have to do with this one, the nearest first, with every reason."""
    return [_related_out(one) for one in relating.related(_actor(request), _task(request, id))]


@router.get(
    "/tasks/{int:id}/history",
    response=list[HappenedOut],
    auth=allow(READ),
    tags=["tasks"],
    summary="任务的经过 / History of a task",
    operation_id="task_history",
)
def task_history(request: HttpRequest, id: int) -> list[HappenedOut]:
    """Versions, corrections, issue, sub-tasks and reports of a task, the latest first."""
    return [
        HappenedOut(
            at=one.at,
            code=one.code,
            words=WordsOut(zh=one.words.zh, en=one.words.en),
            who=one.who,
            detail=one.detail,
            url=one.url,
        )
        for one in story.of_task(_actor(request), _task(request, id))
    ]


class LinkOut(Schema):
    """Link of a chain: leader, party, government, office or township; `gap` says what is missing, or is null."""

    place: str
    post: str
    person: str
    gap: WordsOut | None


class ChainOut(Schema):
    """Chain of one unit that answers for a task, or of a township that takes part."""

    unit: str
    role: str
    links: list[LinkOut]


@router.get(
    "/tasks/{int:id}/chain",
    response=list[ChainOut],
    auth=allow(READ),
    tags=["tasks"],
    summary="任务的责任链 / Chain of responsibility of a task",
    operation_id="task_chain",
)
def task_chain(request: HttpRequest, id: int, on: dt.date | None = None) -> list[ChainOut]:
    """Who answers for a task on a day (today without one), unit by unit, with what is missing."""
    held = Chains(on or timezone.localdate())
    return [
        ChainOut(
            unit=one.unit.short_name,
            role=one.role,
            links=[
                LinkOut(
                    place=link.place,
                    post=link.post,
                    person=link.person,
                    gap=WordsOut(zh=link.gap.zh, en=link.gap.en) if link.gap else None,
                )
                for link in one.links
            ],
        )
        for one in chains.of_task(_task(request, id), held)
    ]


def _task(request: HttpRequest, key: int) -> Task:
    demand(_actor(request), "task.see")
    return get_object_or_404(queries.tasks(_actor(request)).select_related("measure__document"), pk=min(key, _KEY))


def _plan(request: HttpRequest, key: int) -> Plan:
    demand(_actor(request), "plan.see")
    # No store holds a longer key.
    return get_object_or_404(queries.plans(_actor(request)), pk=min(key, _KEY))


def _measures(rows: QuerySet[Measure]) -> QuerySet[Measure]:
    return rows.select_related("document").prefetch_related(
        Prefetch("duties", Duty.objects.select_related("unit", "group")),
        Prefetch("deadlines", Deadline.objects.all()),
        Prefetch("targets", Target.objects.all()),
    )


def _clean(text: str) -> str:
    # PostgreSQL takes no NUL in a text.
    return text.replace("\0", "").strip()


def _holding(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    for word in _clean(words).split():
        rows = rows.filter(title__icontains=word)
    return rows
