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


def reached(tasks: Iterable[int], targets: Iterable[Target]) -> list[Reached]:
    """Accepted figures of the tasks that count: of each unit's part the latest round. Three queries.

    A report that leaves a figure out says nothing of it: the one before stays.
    """
    wanted = {one.pk: one for one in targets}
    rows = list(
        Owed.objects.filter(task__in=list(tasks), round__void=False, accepted__isnull=False)
        .select_related("round", "unit")
        .order_by("round__last", "round_id", "pk")
    )
    accepted = newest_accepted(Report.objects.filter(owed__in=[row.pk for row in rows]))
    by_report: dict[int, list[Figure]] = {}
    keys = [report.pk for report in accepted.values()]
    for figure in Figure.objects.filter(report__in=keys, target__in=list(wanted), value__isnull=False):
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

    Where several units report the same work each reports its own share of it, so that amounts are never counted
    twice by the office's own instruction on the form.
    """
    mine = [one.exact for one in found if one.target_id == target.pk]
    if not mine:
        return None
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
    by_unit: dict[int, Decimal] = {}
    for one in reached(tasks, [target]):
        if figures.adds_up(target.unit):
            by_unit[one.unit.pk] = by_unit.get(one.unit.pk, Decimal(0)) + one.exact.number
        else:
            by_unit[one.unit.pk] = one.exact.number
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
