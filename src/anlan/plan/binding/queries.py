"""Reads of bindings: what the rows say of targets, beside what the units reported, and what could be bound."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q

from anlan.foundation.access.actor import Actor
from anlan.foundation.facts.kinds import COUNTED, INDICATORS, Asked, Counted, Indicator
from anlan.foundation.facts.providers import FACTS
from anlan.plan import queries as plans
from anlan.plan.binding import converting
from anlan.plan.binding.models import Binding, BindingState, Reading
from anlan.plan.binding.proposing import Proposal, propose
from anlan.plan.models import Plan, PlanState, Target, Task, TaskDuty
from anlan.plan.progress import figures, sharing, standing
from anlan.plan.progress.figures import Exact
from anlan.plan.progress.sharing import Standing
from anlan.settings import Words


@dataclass(frozen=True, slots=True)
class Bound:
    """Target with what its rows say. `counted` is None where the indicator is there no more, `value` where the rows

    give no figure (or the units do not convert any more). `changed` is set where the indicator means something else
    than when it was confirmed.
    """

    target: Target
    binding: Binding
    indicator: Indicator | None
    counted: Counted | None
    value: Fraction | None
    changed: bool

    @property
    def is_gone(self) -> bool:
        """Whether nobody offers the indicator any more."""
        return self.indicator is None or self.counted is None

    @property
    def needs_a_look(self) -> bool:
        """Whether a person must look at the binding."""
        return self.is_gone or self.changed or (self.value is None and self.rows > 0)

    @property
    def rows(self) -> int:
        """From how many rows."""
        return self.counted.rows if self.counted else 0

    @property
    def url(self) -> str:
        """Address of the rows, "" for who may not read them."""
        return self.counted.url if self.counted else ""

    @property
    def only(self) -> list[tuple[Words, Words]]:
        """By what its rows are narrowed, in words; ids where the register has them no more."""
        known = {one.id: one for one in self.indicator.narrowings} if self.indicator else {}
        told = []
        for key, value in self.binding.narrowed:
            one = known.get(key)
            names = dict(one.values) if one else {}
            told.append((one.title if one else Words(key, key), names.get(value, Words(value, value))))
        return told

    @property
    def exact(self) -> Exact | None:
        """Figure as it is compared with the target."""
        return None if self.value is None else Exact(*converting.kept(self.value))

    @property
    def shown(self) -> Decimal | None:
        """Figure as pages print it."""
        if self.value is None or self.indicator is None:
            return None
        return converting.shown(self.value, self.indicator.unit, self.target.unit, self.indicator.decimals)

    @property
    def standing(self) -> Standing | None:
        """How far the rows are against the target; None where either has no figure."""
        goal, exact = sharing.amount(self.target), self.exact
        return Standing(exact, goal, self.target.unit) if goal and exact else None

    @property
    def meets(self) -> bool:
        """Whether the rows meet the target."""
        exact = self.exact
        has_goal = self.target.low is not None or self.target.high is not None
        return exact is not None and has_goal and figures.meets(exact, self.target)


@dataclass(frozen=True, slots=True)
class Line:
    """Target of a task: what the units reported, what the rows say, and the gap between both."""

    target: Target
    task: Task
    reported: Exact | None
    bound: Bound | None

    @property
    def gap(self) -> Decimal | None:
        """What was reported less what the rows say; None where either is missing, 0 where they agree.

        Compared as both are shown: what the rows say to their decimals is what a unit reports.
        """
        if self.reported is None or self.bound is None or self.bound.shown is None:
            return None
        return self.reported.number - self.bound.shown

    @property
    def said(self) -> Standing | None:
        """How far the reports are against the target."""
        goal = sharing.amount(self.target)
        return Standing(self.reported, goal, self.target.unit) if goal and self.reported else None


def bindings(targets: Sequence[Target]) -> dict[int, Binding]:
    """Bindings in force by target. A corrected target is a new row: the binding of the one it replaced goes on.

    One query, two where a target has none of its own.
    """
    rows = Binding.objects.filter(state=BindingState.BOUND)
    found = {one.target_id: one for one in rows.filter(target__in=[target.pk for target in targets])}
    left = [one for one in targets if one.pk not in found]
    if left:
        struck = rows.filter(target__struck=True, target__measure__in=[one.measure_id for one in left])
        by_name = {
            (one.target.measure_id, one.target.indicator, one.target.unit): one
            for one in struck.select_related("target").order_by("pk")
        }
        for one in left:
            former = by_name.get((one.measure_id, one.indicator, one.unit))
            if former is not None:
                found[one.pk] = former
    return found


def bound(targets: Sequence[Target], actor: Actor | None = None, *, whole: bool = False) -> dict[int, Bound]:
    """What the rows say of the targets that are bound, by target. Figures that ask for the same rows go together.

    Only if `whole` the indicators come with what they can be narrowed by.
    """
    mine = bindings(targets)
    if not mine:
        return {}
    sources = {one.source for one in mine.values()}
    offered = {(one.source, one.id): one for one in FACTS.ask(INDICATORS.name, whole=whole) if one.source in sources}
    answers = {one.asked: one for one in FACTS.ask(COUNTED.name, asked=_asked(mine.values()), actor=actor)}
    found = {}
    for target in targets:
        if (binding := mine.get(target.pk)) is not None:
            indicator = offered.get((binding.source, binding.indicator))
            counted = answers.get(question(binding))
            changed = indicator is not None and indicator.definition != binding.definition
            value = _value(binding, target, indicator, counted)
            found[target.pk] = Bound(target, binding, indicator, counted, value, changed)
    return found


def _asked(rows: Iterable[Binding]) -> list[Asked]:
    return list(dict.fromkeys(question(one) for one in rows))


def question(binding: Binding) -> Asked:
    """What a binding asks for."""
    narrowed = tuple((str(key), str(value)) for key, value in binding.narrowed)
    return Asked(binding.source, binding.indicator, narrowed, binding.period)


def _value(binding: Binding, target: Target, indicator: Indicator | None, counted: Counted | None) -> Fraction | None:
    if indicator is None or counted is None or counted.value is None:
        return None
    try:
        return converting.convert(counted.value, indicator.unit, target.unit, water=binding.water)
    except ValueError:
        # The unit of the indicator, or of the target, was changed since.
        return None


def lines(actor: Actor, plan: Plan) -> list[Line]:
    """Targets of a plan's tasks that the actor may see, in the order of the plan."""
    tasks = list(plans.tasks(actor).filter(plan=plan, parent__isnull=True).order_by("order", "pk"))
    by_measure = {one.measure_id: one for one in tasks}
    targets = list(Target.objects.filter(measure__in=by_measure).select_related("measure").order_by("pk"))
    targets.sort(key=lambda one: (by_measure[one.measure_id].order, one.pk))
    parts = dict(Task.objects.filter(parent__in=tasks, void=False).values_list("pk", "parent_id"))
    found = standing.reached([*(one.pk for one in tasks), *parts], targets)
    facts = bound(targets, actor)
    return [Line(one, by_measure[one.measure_id], standing.whole(one, found), facts.get(one.pk)) for one in targets]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many targets of a plan there are; the rows of how many meet them, differ from the reports; unbound ones."""

    total: int
    met: int
    gaps: int
    unbound: int


def tally(actor: Actor, plan: Plan) -> Tally:
    """Counts of the targets of a plan that the actor may see."""
    found = lines(actor, plan)
    return Tally(
        len(found),
        sum(one.bound is not None and one.bound.meets for one in found),
        sum(bool(one.gap) for one in found),
        sum(one.bound is None for one in found),
    )


def reading(actor: Actor) -> list[Plan]:
    """Issued plans whose tasks the actor may see and that have targets, the newest first. One query."""
    tasks = plans.tasks(actor).order_by().filter(parent__isnull=True, measure__targets__struck=False)
    rows = Plan.objects.filter(state=PlanState.ISSUED, pk__in=tasks.values("plan"))
    return list(rows.order_by("-issued_on", "-pk"))


def proposals(target: Target, task: Task) -> list[Proposal]:
    """Indicators that could count a target, without those that were refused for it."""
    refused = {(one.source, one.indicator) for one in refusals(target)}
    offered = [one for one in FACTS.ask(INDICATORS.name, whole=False) if (one.source, one.id) not in refused]
    owners: set[str] = set()
    for part in TaskDuty.objects.filter(task=task).select_related("unit"):
        owners |= {part.unit.short_name, part.unit.kind}
    return propose(target.indicator, target.measure.title, target.unit, owners, offered)


def refusals(target: Target) -> list[Binding]:
    """Indicators refused for a target, or for the one it replaced."""
    same = Q(target=target) | Q(
        target__struck=True,
        target__measure=target.measure_id,
        target__indicator=target.indicator,
        target__unit=target.unit,
    )
    return list(Binding.objects.filter(same, state=BindingState.REFUSED).order_by("pk"))


def history(target: Target) -> list[Binding]:
    """Bindings of a target that ended, the latest first."""
    return list(Binding.objects.filter(target=target, state=BindingState.ENDED).order_by("-ended_at", "-pk"))


def offered(source: str, id: str) -> Indicator | None:
    """Indicator by its ids, None if nobody offers it."""
    return next((one for one in FACTS.ask(INDICATORS.name, source=source) if one.id == id), None)


def to_look_at() -> int:
    """How many bindings of tasks that stand need a person: the indicator is gone or means something else."""
    rows = Binding.objects.filter(
        state=BindingState.BOUND,
        target__struck=False,
        target__measure__tasks__void=False,
        target__measure__tasks__parent__isnull=True,
    ).distinct()
    mine = list(rows)
    if not mine:
        return 0
    known = {(one.source, one.id): one.definition for one in FACTS.ask(INDICATORS.name, whole=False)}
    return sum(known.get((one.source, one.indicator)) != one.definition for one in mine)


def then(targets: Sequence[Target], day: dt.date) -> dict[int, tuple[Exact | None, Binding]]:
    """What the rows said of bound targets at the end of a day that is over, by target; nothing before any reading.

    Two queries.
    """
    rows = Reading.objects.filter(
        binding__target__in=[one.pk for one in targets], binding__state__in=("bound", "ended"), day__lte=day
    )
    found: dict[int, tuple[Exact | None, Binding]] = {}
    for one in rows.select_related("binding").order_by("day", "pk"):
        ended = one.binding.ended_at
        if ended is not None and ended.date() <= day:
            found.pop(one.binding.target_id, None)
            continue
        exact = None if one.value is None else Exact(one.value, one.scale)
        found[one.binding.target_id] = (exact, one.binding)
    return found
