"""What a report says, apart from the row that keeps it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from anlan.plan.progress.models import Figure, Report

TEXTS = ("narrative", "obstacles", "next_step")


@dataclass(frozen=True, slots=True)
class Values:
    """What a report says, as typed: percent and day may be None, figures are texts by the key of their target."""

    percent: int | None = None
    done_on: dt.date | None = None
    narrative: str = ""
    obstacles: str = ""
    next_step: str = ""
    figures: Mapping[int, str] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, Any]:
        """All of it by the names of the form: figures as `figure-7`."""
        told = {f"figure-{key}": text for key, text in self.figures.items() if text}
        return {name: getattr(self, name) for name in ("percent", "done_on", *TEXTS)} | told


def values_of(report: Report, figures: Iterable[Figure] | None = None) -> Values:
    """What a report says now. One query for its figures, unless they are given."""
    typed = {figure.target_id: figure.text for figure in (report.figures.all() if figures is None else figures)}
    return Values(report.percent, report.done_on, report.narrative, report.obstacles, report.next_step, typed)
