"""What counts now: the newest accepted report of a part, kept on the part; every cache made anew from the reports."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from anlan.plan import lights
from anlan.plan.models import Owes, TaskDuty
from anlan.plan.progress.models import Owed, Report, ReportState


def counting(part_ids: Iterable[int]) -> dict[int, Report]:
    """The accepted report that counts for each of the parts: of the latest round, the newest revision. One query."""
    rows = (
        Report.objects.filter(owed__part__in=list(part_ids), owed__round__void=False, state=ReportState.ACCEPTED)
        .select_related("owed__round")
        .order_by("owed__part_id", "owed__round__last", "owed__round_id", "revision")
    )
    return {report.owed.part_id: report for report in rows}


def recount(part_id: int) -> None:
    """Puts percent and done day of a part, the accepted report of its rounds, and who is excused, right again.

    Called inside the action that accepted a report, or took that back. Locks the part: of two acceptances at once the
    later one sees the earlier.
    """
    part = TaskDuty.objects.select_for_update(of=("self",)).get(pk=part_id)
    rows = list(Owed.objects.filter(part=part, round__void=False).select_related("round"))
    newest = newest_accepted(Report.objects.filter(owed__in=rows))
    for owed in rows:
        accepted = newest.get(owed.pk)
        if (accepted.pk if accepted else None) != owed.accepted_id:
            Owed.objects.filter(pk=owed.pk).update(accepted=accepted)
    if part.owes != Owes.REPORT:
        return
    last = counting([part.pk]).get(part.pk)
    percent, done_on = (last.percent or 0, last.done_on) if last else (0, None)
    TaskDuty.objects.filter(pk=part.pk).update(percent=percent, done_on=done_on)
    lights.keep(TaskDuty.objects.filter(pk=part.pk))
    done_in = last.owed.round if last and done_on else None
    for owed in rows:
        if owed.excuse:
            continue
        after = done_in is not None and owed.round.last > done_in.last and owed.current_id is None
        if after != owed.excused:
            Owed.objects.filter(pk=owed.pk).update(excused=after)


def newest_accepted(reports: QuerySet[Report]) -> dict[int, Report]:
    """Newest accepted revision by the key of what is owed. One query."""
    rows = reports.filter(state=ReportState.ACCEPTED).order_by("owed_id", "revision")
    return {report.owed_id: report for report in rows}


def recount_all() -> int:
    """Every part that has a report, anew; gives how many. The same as what the actions left, as a test holds."""
    keys = list(Owed.objects.order_by().values_list("part_id", flat=True).distinct())
    for key in keys:
        recount(key)
    return len(keys)
