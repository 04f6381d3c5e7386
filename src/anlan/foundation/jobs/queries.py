"""Reads: runs with what people call them and how far they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import models
from django.utils import timezone

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import visible
from anlan.foundation.jobs import catalogue
from anlan.foundation.jobs.models import FINISHED, Due, Progress, Run, RunState
from anlan.settings import Words


def runs(actor: Actor) -> models.QuerySet[Run]:
    """Runs that the actor may see: the system administrator all, everybody else their own."""
    return visible(actor, "jobs.see", Run.objects.all())


def name(code: str) -> Words:
    """What people call a job; its code if this version no longer has it."""
    found = catalogue.find(code)
    return found.words if found else Words(code, code)


@dataclass(frozen=True, slots=True)
class State:
    """How far a run is, as pages show it. `percent` is None while nobody knows how much there is to do."""

    run: Run
    name: Words
    words: Words
    done: int
    total: int

    @property
    def percent(self) -> int | None:
        """Share done, in whole percent."""
        if self.run.state == RunState.DONE:
            return 100
        return min(100, self.done * 100 // self.total) if self.total > 0 else None

    @property
    def error(self) -> Words:
        """Why it failed."""
        return Words(self.run.error_zh, self.run.error_en)


def states(rows: list[Run]) -> dict[int, State]:
    """State of each of these runs, by id. One query more."""
    found = {one.run_id: one for one in Progress.objects.filter(run_id__in=[run.pk for run in rows])}
    result = {}
    for run in rows:
        at = found.get(run.pk)
        words = Words(at.words_zh, at.words_en) if at else Words("", "")
        result[run.pk] = State(run, name(run.job), words, at.done if at else 0, at.total if at else 0)
    return result


def under_way(actor: Actor, *codes: str) -> list[Run]:
    """Runs of these jobs that the actor started and that have not come to their end, the latest first. One query."""
    rows = Run.objects.filter(account=actor.account_id, job__in=codes).exclude(state__in=FINISHED)
    return list(rows.order_by("-pk")[:10])


def worker_seen(within: dt.timedelta = dt.timedelta(minutes=3)) -> bool:
    """Whether a worker was at work lately: it looks at the recurring table every minute."""
    return Due.objects.filter(code=ALIVE, last_at__gte=timezone.now() - within).exists()


# Row of the recurring table's model in which workers leave the time of their last look.
ALIVE = "jobs.alive"
