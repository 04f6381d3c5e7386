"""The leader's screen: where the tasks of a plan stand, by chapter and unit, and what changed within a week."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Case, Count, IntegerField, Min, Q, QuerySet, Value, When

from anlan.foundation.access.actor import Actor
from anlan.plan import queries as plans
from anlan.plan.lights import STANDINGS, standing
from anlan.plan.models import Owes, Plan, Task, TaskDuty
from anlan.plan.progress import queries
from anlan.plan.progress.models import Round

WEEK = ("done", "reported", "red", "overdue")
# How many of the worst are named.
NAMED = 10


@dataclass(slots=True)
class Line:
    """Counts of one chapter or unit by standing; `key` is the chapter's text or the unit's id."""

    key: str
    name: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STANDINGS, 0))

    @property
    def total(self) -> int:
        """How many in all."""
        return sum(self.counts.values())


@dataclass(slots=True)
class Overview:
    """What the leader's screen shows of one plan on one day."""

    plan: Plan
    today: dt.date
    totals: Line
    chapters: list[Line]
    units: list[Line]
    soon: int
    week: dict[str, int]
    round: Round | None = None
    missing: int = 0
    owing: int = 0
    worst: list[Task] = field(default_factory=list)

    @property
    def percent_done(self) -> int:
        """Share of finished tasks, rounded down: 99.9 % is not done."""
        return self.totals.counts["done"] * 100 // self.totals.total if self.totals.total else 0


def overview(actor: Actor, plan: Plan, today: dt.date) -> Overview:
    """Where the tasks of a plan that the actor may see stand on a day. A dozen queries, however many tasks."""
    rows = plans.tasks(actor).filter(plan=plan, parent__isnull=True)
    chapters = _by_chapter(rows, today)
    totals = Line("", plan.title)
    for line in chapters:
        for name, number in line.counts.items():
            totals.counts[name] += number
    found = Overview(
        plan,
        today,
        totals,
        chapters,
        _by_unit(rows, today),
        plans.by_due(rows, "soon", today).count(),
        {what: plans.within_a_week(rows, what, today).count() for what in WEEK},
        worst=list(rows.filter(standing("overdue", today)).order_by("due", "order")[:NAMED]),
    )
    found.round = Round.objects.filter(plan=plan, void=False, first__lte=today).order_by("-last", "-pk").first()
    if found.round is not None:
        owed = queries.owed(actor).filter(round=found.round)
        found.owing = owed.filter(queries.STAGES["due"][1]).count()
        found.missing = owed.filter(queries.STAGES["missing"][1]).count()
    return found


def _by_chapter(rows: QuerySet[Task], today: dt.date) -> list[Line]:
    whens = [When(standing(kind, today), then=Value(code)) for code, kind in enumerate(STANDINGS)]
    counted = (
        rows.order_by()
        .annotate(standing=Case(*whens, default=Value(len(STANDINGS) - 1), output_field=IntegerField()))
        .values("chapter", "standing")
        .annotate(n=Count("pk"), first=Min("order"))
    )
    lines: dict[str, Line] = {}
    order: dict[str, int] = {}
    for row in counted:
        line = lines.setdefault(row["chapter"], Line(row["chapter"], row["chapter"]))
        line.counts[STANDINGS[row["standing"]]] += row["n"]
        order[row["chapter"]] = min(order.get(row["chapter"], row["first"]), row["first"])
    return sorted(lines.values(), key=lambda line: order[line.key])


def _by_unit(rows: QuerySet[Task], today: dt.date) -> list[Line]:
    parts = TaskDuty.objects.filter(task__in=rows.order_by(), owes=Owes.REPORT)
    open_ = Q(done_on__isnull=True)
    late = open_ & Q(task__due__lt=today)
    coming = open_ & Q(task__due__gte=today)
    counted = parts.values("unit_id", "unit__short_name", "unit__kind", "unit__code").annotate(
        n_done=Count("pk", filter=Q(done_on__isnull=False)),
        n_on_schedule=Count("pk", filter=coming & Q(yellow_on__gt=today)),
        n_behind=Count("pk", filter=coming & Q(yellow_on__lte=today)),
        n_overdue=Count("pk", filter=late),
        n_none=Count("pk", filter=open_ & Q(task__due__isnull=True)),
    )
    return [
        Line(
            str(row["unit_id"]),
            row["unit__short_name"],
            {
                "done": row["n_done"],
                "on_schedule": row["n_on_schedule"],
                "behind": row["n_behind"],
                "overdue": row["n_overdue"],
                "none": row["n_none"],
            },
        )
        for row in counted.order_by("unit__kind", "unit__code")
    ]


def reading(actor: Actor) -> list[Plan]:
    """Issued plans whose tasks the actor may see, the newest first. One query."""
    tasks = plans.tasks(actor).order_by()
    return list(Plan.objects.filter(state="issued", pk__in=tasks.values("plan")).order_by("-issued_on", "-pk"))
