"""Reads of plans and tasks for pages, exports and the command line; the number of queries never grows with rows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Max, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import visible
from anlan.foundation.flow import queries as flow
from anlan.foundation.flow.models import Event
from anlan.plan.flow import PLAN
from anlan.plan.lights import Light, of_task, shining, standing
from anlan.plan.models import (
    Correction,
    Deadline,
    Document,
    Duty,
    Measure,
    Owes,
    Plan,
    Question,
    Standpoint,
    Target,
    Task,
    TaskDuty,
)

# How near a deadline is called near, in days (as the yellow light has it: supervision.toml, default_light).
SOON = 30


def plans(actor: Actor) -> QuerySet[Plan]:
    """Plans the actor may read, the newest first, each with `measures`, `open` questions and `tasks` counted."""
    measures = (
        Measure.objects.filter(document__plan=OuterRef("pk"), document__state=Standpoint.IN_FORCE)
        .order_by()
        .values("document__plan")
    )
    open_ = (
        _standing(Question.objects.filter(measure__document__plan=OuterRef("pk"), closed_at__isnull=True))
        .order_by()
        .values("measure__document__plan")
    )
    tasks = Task.objects.filter(plan=OuterRef("pk"), parent__isnull=True).order_by().values("plan")
    return visible(actor, "plan.see", Plan.objects.all()).annotate(
        measures=Subquery(measures.annotate(n=Count("pk")).values("n")),
        open=Subquery(open_.annotate(n=Count("pk")).values("n")),
        handed_out=Subquery(tasks.annotate(n=Count("pk")).values("n")),
    )


def document(plan: Plan) -> Document:
    """Version of a plan's document that is in force."""
    return plan.documents.get(state=Standpoint.IN_FORCE)


def corrected(doc: Document) -> int:
    """Number of corrections in a version that were not taken back."""
    return Correction.objects.filter(measure__document=doc, back_at=None).count()


def _standing(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Those of the questions that ask about what stands in the version in force."""
    return questions.filter(measure__document__state=Standpoint.IN_FORCE, measure__struck=False)


def hold(plan: Plan) -> Plan:
    """The plan as it stands, kept from others until the transaction ends: what is corrected and settled in the version
    in force must not fall between two versions."""
    return Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)


# Who put a field there: by an answer, or by a correction.
_HAND = ("added_by__closed_by__person", "made_by__by__person")


def measures(doc: Document) -> QuerySet[Measure]:
    """Measures of a document in order, with duties, deadlines, targets, findings and questions fetched. Six queries."""
    return doc.measures.prefetch_related(
        Prefetch("duties", Duty.objects.select_related("unit", "group", *_HAND)),
        Prefetch("deadlines", Deadline.objects.select_related(*_HAND)),
        Prefetch("targets", Target.objects.select_related(_HAND[1])),
        "findings",
        Prefetch("questions", Question.objects.select_related("duty", "closed_by__person")),
    )


def questions(plan: Plan) -> QuerySet[Question]:
    """Questions of the version in force in the order of the text, closed ones as well."""
    return (
        _standing(Question.objects.filter(measure__document__plan=plan))
        .select_related("measure", "duty__group", "duty__unit", "closed_by__person")
        .order_by("measure__order", "kind", "id")
    )


def tasks(actor: Actor) -> QuerySet[Task]:
    """Tasks the actor may see, void ones left out, with their plan and units fetched."""
    return tasks_ever(actor).filter(void=False)


def tasks_ever(actor: Actor) -> QuerySet[Task]:
    """Tasks the actor may see, those of withdrawn plans too, with their plan and units fetched."""
    parts = TaskDuty.objects.select_related("unit", "via").order_by("id")
    return (
        visible(actor, "task.see", Task.objects.all())
        .select_related("plan")
        .prefetch_related(Prefetch("duties", parts))
    )


def withdrawal(plan: Plan) -> Event | None:
    """When, by whom and why a plan was withdrawn; None for one that stands."""
    return flow.events(PLAN, plan).filter(transition="withdraw").last()


def of_unit(rows: QuerySet[Task], unit_id: int) -> QuerySet[Task]:
    """Those of the tasks in which a unit has a part."""
    return rows.filter(pk__in=TaskDuty.objects.filter(unit_id=unit_id).values("task_id"))


def owed_by(rows: QuerySet[Task], unit_ids: Iterable[int], owes: Owes) -> QuerySet[Task]:
    """Those of the tasks to which one of the units owes the report, or a contribution."""
    return rows.filter(pk__in=TaskDuty.objects.filter(unit_id__in=list(unit_ids), owes=owes).values("task_id"))


DUE = ("overdue", "soon", "later", "none")


def by_due(rows: QuerySet[Task], when: str, today: dt.date, units: Iterable[int] | None = None) -> QuerySet[Task]:
    """Those of the tasks that are overdue, due within 30 days and not done (soon), due later, or without a date (none).

    With `units` only their parts say what is done.
    """
    soon = today + dt.timedelta(days=SOON)
    given = None if units is None else list(units)
    conditions = {
        "overdue": standing("overdue", today, given),
        "soon": Q(due__gte=today, due__lte=soon) & ~shining("done", today, given),
        "later": Q(due__gt=soon),
        "none": Q(due__isnull=True),
    }
    return rows.filter(conditions[when])


WEEK = dt.timedelta(days=7)


def within_a_week(
    rows: QuerySet[Task], what: str, today: dt.date, units: Iterable[int] | None = None
) -> QuerySet[Task]:
    """Those of the tasks of which a part was done, turned red, or came past its day within the last seven days, or of
    which a report was accepted (reported). With `units` only their parts count."""
    since = today - WEEK
    parts = TaskDuty.objects.filter(owes=Owes.REPORT)
    if units is not None:
        parts = parts.filter(unit_id__in=list(units))
    open_ = parts.filter(done_on__isnull=True)
    found = {
        "done": parts.filter(done_on__gt=since, done_on__lte=today),
        "red": open_.filter(red_on__gt=since, red_on__lte=today),
        # Overdue from the day after.
        "overdue": open_.filter(task__due__gte=since, task__due__lt=today),
        "reported": parts.filter(owed__reports__accepted_at__date__gt=since),
    }[what]
    return rows.filter(pk__in=found.values("task_id"))


def lights(rows: Iterable[Task], today: dt.date | None = None) -> dict[int, Light]:
    """Light of each task by its key, from duties already fetched; no query."""
    day = today or timezone.localdate()
    return {task.pk: of_task(task, task.duties.all(), day) for task in rows}


@dataclass(slots=True)
class UnitLoad:
    """What one unit has to do: reports by the light of its own part, contributions, overdue ones, the next due day."""

    unit_id: int
    unit: str
    reports: int
    contributions: int
    overdue: int
    next_due: dt.date | None
    red: int
    yellow: int
    green: int
    done: int


def loads(actor: Actor, today: dt.date | None = None, plan: Plan | None = None) -> list[UnitLoad]:
    """Load of every unit that has a visible task, in the order of the units. One query."""
    day = today or timezone.localdate()
    rows = TaskDuty.objects.filter(task__in=visible(actor, "task.see", Task.objects.filter(void=False)))
    if plan:
        rows = rows.filter(task__plan=plan)
    if not actor.machine and not actor.has(Role.CLERK, Role.LEADER, Role.VERIFIER):
        rows = rows.filter(unit_id__in=actor.units())
    report = Q(owes=Owes.REPORT)
    open_ = report & Q(done_on__isnull=True)
    counted = rows.values("unit_id", "unit__short_name", "unit__kind", "unit__code").annotate(
        reports=Count("pk", filter=report),
        contributions=Count("pk", filter=~report),
        overdue=Count("pk", filter=open_ & Q(task__due__lt=day)),
        next_due=Min("task__due", filter=open_ & Q(task__due__gte=day)),
        red=Count("pk", filter=open_ & Q(red_on__lte=day)),
        yellow=Count("pk", filter=open_ & Q(yellow_on__lte=day, red_on__gt=day)),
        green=Count("pk", filter=open_ & Q(yellow_on__gt=day)),
        done=Count("pk", filter=report & Q(done_on__isnull=False)),
    )
    return [
        UnitLoad(
            row["unit_id"],
            row["unit__short_name"],
            row["reports"],
            row["contributions"],
            row["overdue"],
            row["next_due"],
            row["red"],
            row["yellow"],
            row["green"],
            row["done"],
        )
        for row in counted.order_by("unit__kind", "unit__code")
    ]


def chapters(rows: QuerySet[Task]) -> list[str]:
    """Chapters of the tasks, in the order of the plan."""
    found = rows.order_by().values("chapter").annotate(first=Min("order")).order_by("first")
    return [row["chapter"] for row in found if row["chapter"]]


def names(parts: Sequence[TaskDuty], role: str) -> list[str]:
    """Names of the units in a role as a list prints them: a group once, under its own name."""
    printed: dict[str, None] = {}
    for part in parts:
        if part.role == role:
            printed[str(part.via or part.unit)] = None
    return list(printed)


def latest_activity(plan: Plan) -> dt.datetime | None:
    """When a question of the plan was last settled."""
    found: dt.datetime | None = questions(plan).aggregate(at=Max(F("closed_at")))["at"]
    return found


def open_by_kind(plan: Plan) -> dict[str, int]:
    """Number of open questions of each kind."""
    found: dict[str, int] = defaultdict(int)
    for row in questions(plan).filter(closed_at__isnull=True).order_by().values("kind").annotate(n=Count("pk")):
        found[row["kind"]] = row["n"]
    return dict(found)
