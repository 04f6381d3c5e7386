"""JSON of targets: what was reported, what the rows say, the gap; binding a target to an indicator.

Figures are exact decimal texts in the target's unit.
"""

# No annotations of the future here: the interface reads these as types when the module is loaded.

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import visible
from anlan.foundation.interface import scopes
from anlan.foundation.interface.authority import allow
from anlan.plan.api import READ
from anlan.plan.binding import actions, queries
from anlan.plan.binding.proposing import Proposal
from anlan.plan.binding.queries import Line
from anlan.plan.models import Plan, Target, Task
from anlan.plan.progress import standing
from anlan.plan.progress.figures import written
from anlan.settings import Words

WRITE = scopes.declare("targets.write", Words("绑定目标的台账指标", "bind targets to indicators"))

router = Router()
_KEY = 9_223_372_036_854_775_807


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


class BoundOut(Schema):
    """What a target is counted by, and what the rows say of it now."""

    indicator: str = Field(description="register.indicator")
    title: str
    narrowed: dict[str, str]
    period: str = Field(description="as asked: empty, latest, or a year")
    counted_period: str = Field(description="of which the figure is; empty without periods")
    value: str | None
    rows: int
    percent: int | None
    meets: bool
    changed: bool = Field(description="the indicator means something else than when the binding was confirmed")
    gone: bool = Field(description="nobody offers the indicator any more")
    confirmed_by: str


class LineOut(Schema):
    """Target with what the units reported last, what the rows say, and reported less counted."""

    target: int
    task: int
    number: str
    text: str
    indicator: str
    unit: str
    reported: str | None
    bound: BoundOut | None
    gap: str | None


class ProposalOut(Schema):
    """Indicator that could count a target, and why it is proposed."""

    indicator: str
    title: str
    register_title: str
    unit: str
    told: str
    words: list[str]
    owners: list[str]
    same_unit: bool
    water: bool


class BindIn(Schema):
    """What a target is to be counted by."""

    indicator: str = Field(max_length=80, description="register.indicator")
    narrowed: dict[str, str] = {}
    period: str = Field("", max_length=10)
    water: bool = False
    reason: str = Field("", max_length=500)


class RefuseIn(Schema):
    """Which proposal is none."""

    indicator: str = Field(max_length=80, description="register.indicator")
    reason: str = Field("", max_length=500)


class UnbindIn(Schema):
    """Why a target is taken off its indicator."""

    reason: str = Field("", max_length=500)


def line_of(line: Line) -> LineOut:
    """Line as the interface and the console tell it."""
    bound = line.bound
    told = None
    if bound is not None:
        told = BoundOut(
            indicator=f"{bound.binding.source}.{bound.binding.indicator}",
            title=bound.binding.title,
            narrowed={str(key): str(value) for key, value in bound.binding.narrowed},
            period=bound.binding.period,
            counted_period=bound.counted.period if bound.counted else "",
            value=None if bound.shown is None else written(bound.shown),
            rows=bound.rows,
            percent=bound.standing.percent if bound.standing else None,
            meets=bound.meets,
            changed=bound.changed,
            gone=bound.is_gone,
            confirmed_by=bound.binding.by_name,
        )
    return LineOut(
        target=line.target.pk,
        task=line.task.pk,
        number=line.task.number,
        text=line.target.text,
        indicator=line.target.indicator,
        unit=line.target.unit,
        reported=str(line.reported) if line.reported else None,
        bound=told,
        gap=None if line.gap is None else written(line.gap),
    )


def _target(actor: Actor, id: int) -> tuple[Target, Task]:
    tasks = visible(actor, "task.see", Task.objects.filter(void=False, parent__isnull=True))
    target = get_object_or_404(Target.objects.select_related("measure__document__plan"), pk=min(id, _KEY))
    return target, get_object_or_404(tasks, measure=target.measure_id)


def _line(actor: Actor, target: Target, task: Task) -> LineOut:
    tasks = [task.pk, *Task.objects.filter(parent=task, void=False).values_list("pk", flat=True)]
    reported = standing.whole(target, standing.reached(tasks, [target]))
    return line_of(Line(target, task, reported, queries.bound([target], actor).get(target.pk)))


@router.get(
    "/plans/{int:id}/targets",
    response=list[LineOut],
    auth=allow(READ),
    tags=["targets"],
    summary="列出目标 / List targets",
    operation_id="targets",
)
def plan_targets(request: HttpRequest, id: int) -> list[LineOut]:
    """Targets of an issued plan's tasks that the account may see, with what was reported and what the rows say."""
    actor = _actor(request)
    demand(actor, "task.see")
    plan = get_object_or_404(Plan.objects.filter(pk__in=[one.pk for one in queries.reading(actor)]), pk=min(id, _KEY))
    return [line_of(one) for one in queries.lines(actor, plan)]


@router.get(
    "/targets/{int:id}/proposals",
    response=list[ProposalOut],
    auth=allow(READ),
    tags=["targets"],
    summary="列出建议的指标 / List proposed indicators",
    operation_id="target_proposals",
)
def target_proposals(request: HttpRequest, id: int) -> list[ProposalOut]:
    """Indicators that could count a target, the best first, without those that were refused."""
    actor = _actor(request)
    demand(actor, "target.bind")
    target, task = _target(actor, id)
    return [_proposal(one) for one in queries.proposals(target, task)]


def _proposal(one: Proposal) -> ProposalOut:
    return ProposalOut(
        indicator=f"{one.indicator.source}.{one.indicator.id}",
        title=one.indicator.title.zh,
        register_title=one.indicator.source_title.zh,
        unit=one.indicator.unit,
        told=one.indicator.told.zh,
        words=list(one.words),
        owners=list(one.owners),
        same_unit=one.same_unit,
        water=one.water,
    )


@router.put(
    "/targets/{int:id}/binding",
    response=LineOut,
    auth=allow(WRITE),
    tags=["targets"],
    summary="绑定指标 / Bind a target",
    operation_id="bind_target",
)
def target_binding(request: HttpRequest, id: int, given: BindIn) -> LineOut:
    """Counts a target by an indicator from now on; the one before ends."""
    actor = _actor(request)
    demand(actor, "target.bind")
    target, task = _target(actor, id)
    source, _dot, indicator = given.indicator.partition(".")
    actions.bind(
        actor,
        target,
        source,
        indicator,
        narrowed=given.narrowed,
        period=given.period,
        water=given.water,
        reason=given.reason,
    )
    return _line(actor, target, task)


@router.delete(
    "/targets/{int:id}/binding",
    response=LineOut,
    auth=allow(WRITE),
    tags=["targets"],
    summary="解除绑定 / Take a target off its indicator",
    operation_id="unbind_target",
)
def target_unbind(request: HttpRequest, id: int, given: Query[UnbindIn]) -> LineOut:
    """Takes a target off its indicator, with a reason."""
    actor = _actor(request)
    demand(actor, "target.unbind")
    target, task = _target(actor, id)
    actions.unbind(actor, target, reason=given.reason)
    return _line(actor, target, task)


@router.put(
    "/targets/{int:id}/refuse",
    response=list[ProposalOut],
    auth=allow(WRITE),
    tags=["targets"],
    summary="排除建议的指标 / Refuse a proposed indicator",
    operation_id="refuse_indicator",
)
def target_refuse(request: HttpRequest, id: int, given: RefuseIn) -> list[ProposalOut]:
    """Remembers that an indicator is not what a target counts; gives the proposals that are left."""
    actor = _actor(request)
    demand(actor, "target.refuse")
    target, task = _target(actor, id)
    source, _dot, indicator = given.indicator.partition(".")
    actions.refuse(actor, target, source, indicator, reason=given.reason)
    return [_proposal(one) for one in queries.proposals(target, task)]
