"""How far targets are: what accepted reports say of each, unit by unit, against the target and its shares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may
from anlan.foundation.org.models import Unit
from anlan.plan.models import Target, Task
from anlan.plan.progress import figures, sharing
from anlan.plan.progress.counting import newest_accepted
from anlan.plan.progress.figures import Exact
from anlan.plan.progress.models import Figure, Owed, Report, TargetShare
from anlan.plan.progress.sharing import Standing


@dataclass(frozen=True, slots=True)
class Reached:
    """What one unit reported last of one target, in which report."""

    unit: Unit
    target_id: int
    exact: Exact
    report: Report

    @property
    def rank(self) -> int:
        """0 for a unit that reports on the task itself, 1 on a part below it, 2 for a contribution."""
        owed = self.report.owed
        return 2 if owed.is_contribution else 1 if owed.task.parent_id else 0


def reached(tasks: Iterable[int], targets: Sequence[Target], day: dt.date | None = None) -> list[Reached]:
    """Accepted figures of the tasks that count: of each unit's part the latest round (until `day`). Three queries.

    A report that leaves a figure out says nothing of it: the one before stays.
    """
    wanted = {one.pk: one.pk for one in targets}
    by_name = {(one.indicator, one.unit): one.pk for one in targets}
    until = {} if day is None else {"round__last__lte": day}
    rows = list(
        Owed.objects.filter(task__in=list(tasks), round__void=False, accepted__isnull=False, **until)
        .select_related("round", "unit", "task")
        .order_by("round__last", "round_id", "pk")
    )
    accepted = newest_accepted(Report.objects.filter(owed__in=[row.pk for row in rows]))
    by_report: dict[int, list[Figure]] = {}
    keys = [report.pk for report in accepted.values()]
    for figure in Figure.objects.filter(report__in=keys, value__isnull=False).select_related("target"):
        # A new version of the document has targets of its own; the same indicator in the same unit goes on.
        target_id = wanted.get(figure.target_id) or by_name.get((figure.target.indicator, figure.target.unit))
        if target_id is not None:
            figure.target_id = target_id
            by_report.setdefault(figure.report_id, []).append(figure)
    found: dict[tuple[int, int], Reached] = {}
    for row in rows:
        report = accepted.get(row.pk)
        for figure in by_report.get(report.pk, []) if report else []:
            assert report is not None
            assert figure.value is not None
            report.owed = row
            found[row.part_id, figure.target_id] = Reached(
                row.unit, figure.target_id, Exact(figure.value, figure.scale), report
            )
    return list(found.values())


def whole(target: Target, found: Sequence[Reached]) -> Exact | None:
    """What all units together have reached: added up where amounts add up, else the worst of them; None for nothing.

    Those who report on the task speak for the whole of it; only where none of them gave a figure, those of its parts
    are taken, and then those of contributors: nothing is counted twice.
    """
    said = [one for one in found if one.target_id == target.pk]
    if not said:
        return None
    highest = min(one.rank for one in said)
    mine = [one.exact for one in said if one.rank == highest]
    if figures.adds_up(target.unit):
        return figures.exact(sum((one.number for one in mine), Decimal(0)))
    low, _high = figures.goal(target)
    worst = min if low is not None else max
    return figures.exact(worst(one.number for one in mine))


def of_target(target: Target, found: Sequence[Reached]) -> Standing | None:
    """Progress of a target as a whole; None where nothing was reported or the target has no figure."""
    goal, total = sharing.amount(target), whole(target, found)
    return Standing(total, goal, target.unit) if goal and total else None


@dataclass(frozen=True, slots=True)
class ShareStanding:
    """A unit's share with what it reached, and what its periods ask for by today (None: nothing yet)."""

    unit: Unit
    share: Exact
    due: Exact | None
    reached: Exact | None
    is_behind: bool

    def percent(self) -> int:
        """Whole percent of the share."""
        return Standing(self.reached, self.share, "").percent if self.reached else 0


def of_shares(
    actor: Actor, target: Target, task: Task, shares: Sequence[TargetShare], today: dt.date
) -> list[ShareStanding]:
    """Shares of a target unit by unit. What a unit reached, only those see who see what it owes."""
    tasks = [task.pk, *Task.objects.filter(parent=task, void=False).values_list("pk", flat=True)]
    # Of a unit with a part of its own below the task, what it says of that part is its share.
    order = {1: 2, 0: 1, 2: 0}
    said = sorted(reached(tasks, [target]), key=lambda one: order[one.rank])
    by_unit = {one.unit.pk: one.exact.number for one in said}
    found = []
    for unit in dict.fromkeys(one.unit for one in shares):
        mine = [one for one in shares if one.unit_id == unit.pk]
        amount = sum((Exact(one.value, one.scale).number for one in mine), Decimal(0))
        if not figures.adds_up(target.unit):
            amount = max(Exact(one.value, one.scale).number for one in mine)
        due = sharing.due_by([one for one in mine if one.until], today)
        seen = may(actor, "owed.see", Owed(unit=unit))
        done = by_unit.get(unit.pk) if seen else None
        behind = bool(seen and due and (done or Decimal(0)) < due.number)
        found.append(
            ShareStanding(unit, figures.exact(amount), due, figures.exact(done) if done is not None else None, behind)
        )
    return found
