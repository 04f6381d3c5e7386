"""What progress tells the other rooms: which reports are missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils import timezone, translation

from anlan.foundation.access.actor import machine
from anlan.foundation.facts.kinds import LATENESS, Late
from anlan.foundation.facts.providers import FACTS
from anlan.plan.progress import queries


def late(unit_ids: Iterable[int] | None = None, today: dt.date | None = None) -> Iterator[Late]:
    """Reports and contributions past their day that never reached the office, of these units or of all. One query."""
    rows = queries.missing(machine("facts"), today or timezone.localdate())
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=list(unit_ids))
    for row in rows:
        # Names are data: in Chinese whatever language the reader has.
        with translation.override("zh-hans"):
            title = f"{row.round}进展报告：{row.task}"
        yield Late(title, row.unit_id, row.due_on, reverse("owed", args=[row.pk]))


def offer() -> None:
    """Names the provider."""
    FACTS.offer(LATENESS.name, "progress", late)
