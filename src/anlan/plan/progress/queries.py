"""Reads of rounds and reports for pages, exports and the command line; the number of queries never grows with rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import visible
from anlan.plan.models import Owes
from anlan.plan.progress.models import Owed, Reminder, Report, ReportState, Round

_DRAFT = Q(current__isnull=True) | Q(current__state=ReportState.DRAFT)
# Where a report stands, as counts and lists name it: the same condition counts the rows and opens them.
STAGES: Mapping[str, tuple[str | Promise, Q]] = {
    "due": (_("应报"), Q(excused=False)),
    "sent": (_("已报送"), Q(excused=False, sent_on__isnull=False)),
    "accepted": (_("已采纳"), Q(excused=False, accepted__isnull=False)),
    "waiting": (
        _("待采纳"),
        Q(excused=False)
        & (Q(current__state=ReportState.APPROVED) | Q(current__state=ReportState.SUBMITTED, current__direct=True)),
    ),
    "unit": (_("待单位审核"), Q(excused=False, current__state=ReportState.SUBMITTED, current__direct=False)),
    "returned": (_("已退回"), Q(excused=False, current__state=ReportState.DRAFT) & ~Q(current__returned="")),
    "late": (_("迟报"), Q(excused=False, sent_on__gt=F("round__due_on"))),
    "missing": (_("未报送"), Q(excused=False, sent_on__isnull=True)),
    "excused": (_("免报"), Q(excused=True)),
}
# Columns of the matrix, in the order of the work.
COLUMNS = ("due", "sent", "accepted", "waiting", "unit", "returned", "late", "missing")


def owed(actor: Actor) -> QuerySet[Owed]:
    """What is owed that the actor may see, in rounds that stand, on tasks and parts that stand, excused ones as well.

    A part that its unit has no more lies in a void task, while what it owed keeps the task it owed it to.
    """
    rows = Owed.objects.filter(round__void=False, task__void=False, part__task__void=False)
    return visible(actor, "owed.see", rows).select_related("round__plan", "task", "unit", "current", "part")


def to_write(actor: Actor) -> QuerySet[Owed]:
    """What handlers of the actor's units still have to hand in, the returned and the oldest first."""
    units = actor.units(Role.HANDLER)
    if not units:
        return Owed.objects.none()
    return (
        owed(actor)
        .filter(_DRAFT, unit__in=units, excused=False)
        .order_by("round__due_on", "unit_id", "owes", "task__order", "pk")
    )


def to_approve(actor: Actor) -> QuerySet[Report]:
    """Reports that wait for a leader of the actor's units, the oldest first; his own ones are not among them."""
    rows = Report.objects.filter(owed__round__void=False, owed__task__void=False, owed__part__task__void=False)
    return whole(visible(actor, "report.approve", rows)).order_by("submitted_at", "pk")


def to_accept(actor: Actor) -> QuerySet[Report]:
    """Reports that wait for the office: approved ones, and those that nobody in their unit could approve."""
    rows = Report.objects.filter(
        Q(state=ReportState.APPROVED) | Q(state=ReportState.SUBMITTED, direct=True),
        owed__round__void=False,
        owed__task__void=False,
        owed__part__task__void=False,
    )
    if not actor.machine and not actor.has(Role.CLERK):
        return Report.objects.none()
    return whole(rows).order_by("submitted_at", "pk")


def whole(rows: QuerySet[Report]) -> QuerySet[Report]:
    """Reports with all that a page shows of them: two queries more, for figures and files."""
    return rows.select_related(
        "owed__round__plan", "owed__task__measure", "owed__unit", "owed__part", "submitted_by__person"
    ).prefetch_related("figures__target", "attachments__receipt__file")


def rounds(actor: Actor) -> QuerySet[Round]:
    """Rounds the actor may see, the latest first, with the counts of lists; a unit's people count their own."""
    rows = visible(actor, "round.see", Round.objects.filter(void=False)).select_related("plan")
    mine = Q()
    if not actor.machine and not actor.has(Role.CLERK, Role.LEADER, Role.VERIFIER):
        mine = Q(owed__unit__in=actor.units())
    stand = mine & Q(owed__excused=False, owed__task__void=False, owed__part__task__void=False)
    return rows.annotate(
        owing=Count("owed", filter=stand),
        sent=Count("owed", filter=stand & Q(owed__sent_on__isnull=False)),
        accepted=Count("owed", filter=stand & Q(owed__accepted__isnull=False)),
        late=Count("owed", filter=stand & Q(owed__sent_on__gt=F("due_on"))),
        missing=Count("owed", filter=stand & Q(owed__sent_on__isnull=True)),
    ).order_by("-last", "-pk")


@dataclass(slots=True)
class UnitRow:
    """Row of a round's matrix: how many of a unit's reports stand where, and how often it was reminded."""

    unit_id: int
    unit: str
    counts: dict[str, int]
    reminded: int = 0
    last_reminded: dt.datetime | None = None

    @property
    def missing(self) -> int:
        """Not sent."""
        return self.counts["missing"]


@dataclass(slots=True)
class Matrix:
    """Units by where their reports stand, and the sums."""

    rows: list[UnitRow] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COLUMNS, 0))


def matrix(actor: Actor, round_: Round, owes: str = "") -> Matrix:
    """Matrix of a round for those units the actor may see. Two queries."""
    rows = owed(actor).filter(round=round_)
    if owes in Owes.values:
        rows = rows.filter(owes=owes)
    counted = (
        rows.select_related(None)
        .order_by("unit__kind", "unit__code")
        .values("unit_id", "unit__short_name", "unit__kind", "unit__code")
        .annotate(**{f"n_{name}": Count("pk", filter=STAGES[name][1]) for name in COLUMNS})
    )
    found = Matrix()
    reminders = {
        row["unit_id"]: (row["n"], row["at"])
        for row in Reminder.objects.filter(round=round_)
        .order_by()
        .values("unit_id")
        .annotate(n=Count("pk"), at=Max("at"))
    }
    lines: list[Mapping[str, Any]] = list(counted)
    for row in lines:
        counts = {name: row[f"n_{name}"] for name in COLUMNS}
        times, at = reminders.get(row["unit_id"], (0, None))
        found.rows.append(UnitRow(row["unit_id"], row["unit__short_name"], counts, times, at))
        for name in COLUMNS:
            found.totals[name] += counts[name]
    return found


def missing(actor: Actor, today: dt.date | None = None) -> QuerySet[Owed]:
    """What is past its day and never reached the office, the oldest first."""
    day = today or timezone.localdate()
    return (
        owed(actor)
        .filter(STAGES["missing"][1], round__due_on__lt=day)
        .order_by("round__due_on", "unit__kind", "unit__code", "task__order", "pk")
    )


def reports(actor: Actor, rows: QuerySet[Report] | None = None) -> QuerySet[Report]:
    """Reports the actor may read."""
    return visible(actor, "report.see", Report.objects.all() if rows is None else rows)


def lines_of_missing(rows: Iterable[Owed]) -> dict[int, list[Owed]]:
    """What is missing by unit, for the text of a reminder."""
    found: dict[int, list[Owed]] = {}
    for row in rows:
        found.setdefault(row.unit_id, []).append(row)
    return found
