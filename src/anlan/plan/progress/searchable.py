"""Accepted reports as the search finds them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.foundation.search.registry import Found, Source, register
from anlan.plan.progress.models import Report


def _report(report: Report) -> Found | None:
    if report.owed.accepted_id != report.pk or report.owed.task.void or report.owed.round.void:
        return None
    owed = report.owed
    return Found(
        f"{owed.task}：{owed.unit}",
        reverse("report", args=[report.pk]),
        f"{owed.round} {report.narrative}"[:300],
        f"{report.obstacles} {report.next_step}",
    )


register(
    Source(
        "report",
        _("进展报告"),
        lambda: Report.objects.select_related("owed__task", "owed__unit", "owed__round"),
        "report.see",
        _report,
    )
)
