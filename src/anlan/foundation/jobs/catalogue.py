"""Jobs and the recurring table, as data. A room declares its own in its `jobs.py`.

    @job("plan.remind", Words("发送提醒", "send reminders"))
    def remind(step: Step, *, plan: int) -> str | None: …

    recurring("plan.remind_daily", Daily(dt.time(8, 0)), remind_all)

A job may run again after its worker was killed, so it must be idempotent: running it twice leaves what running it
once leaves. Its arguments are JSON. It gives the address of the page that shows what came of it, or None.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from anlan.foundation.access.actor import Actor
from anlan.foundation.jobs.models import Progress
from anlan.settings import Words

# Days and hours of the recurring table are the district's.
_HERE = ZoneInfo("Asia/Shanghai")
# A page looks every two seconds; writing more often only costs.
_PROGRESS_EVERY_S = 0.5


class LeaveOffError(RuntimeError):
    """Another worker has the run by now, or this worker was asked to stop: the job must leave off at once."""


@dataclass(slots=True)
class Step:
    """What a job gets to work with: its run, for whom it works, and a way to say how far it is."""

    run: int
    actor: Actor
    attempt: int
    lost: threading.Event = field(default_factory=threading.Event)
    stop: threading.Event = field(default_factory=threading.Event)
    _told: dt.datetime | None = None

    def progress(self, done: int, total: int = 0, words: Words | None = None) -> None:
        """Says how far it is. LeaveOffError if the job must stop here; it will run again."""
        if self.lost.is_set() or self.stop.is_set():
            raise LeaveOffError(f"run {self.run}")
        now = timezone.now()
        if self._told and done != total and (now - self._told).total_seconds() < _PROGRESS_EVERY_S:
            return
        self._told = now
        said = words or Words("", "")
        Progress.objects.update_or_create(
            run_id=self.run,
            defaults={"done": done, "total": total, "words_zh": said.zh[:300], "words_en": said.en[:300], "at": now},
        )


Function = Callable[..., str | None]


@dataclass(frozen=True, slots=True)
class Job:
    """Kind of background work: code, what people call it, the function."""

    code: str
    words: Words
    function: Function


@dataclass(frozen=True, slots=True)
class Every:
    """Each so often, counted from the hour of midnight in the district's time: every 5 minutes is :00, :05, …"""

    period: dt.timedelta

    def after(self, moment: dt.datetime) -> dt.datetime:
        """First time later than `moment`.

        >>> Every(dt.timedelta(minutes=5)).after(dt.datetime(2022, 9, 30, 8, 4, tzinfo=_HERE)).isoformat()
        '2022-09-30T00:05:00+00:00'
        """
        midnight = moment.astimezone(_HERE).replace(hour=0, minute=0, second=0, microsecond=0)
        return (midnight + ((moment - midnight) // self.period + 1) * self.period).astimezone(dt.UTC)


@dataclass(frozen=True, slots=True)
class Daily:
    """Each day at a time, in the district's time."""

    at: dt.time

    def after(self, moment: dt.datetime) -> dt.datetime:
        """First time later than `moment`.

        >>> Daily(dt.time(8)).after(dt.datetime(2022, 9, 30, 8, 0, tzinfo=_HERE)).isoformat()
        '2022-10-01T00:00:00+00:00'
        """
        here = moment.astimezone(_HERE)
        today = dt.datetime.combine(here.date(), self.at, _HERE)
        return (today if today > here else today + dt.timedelta(days=1)).astimezone(dt.UTC)


@dataclass(frozen=True, slots=True)
class Recurring:
    """Row of the recurring table. `needed` says whether there is anything to do; always, without it."""

    code: str
    when: Every | Daily
    job: Job
    needed: Callable[[], bool] | None = None


JOBS: dict[str, Job] = {}
RECURRING: dict[str, Recurring] = {}


def job(code: str, words: Words) -> Callable[[Function], Job]:
    """Declares a function as a job, which `actions.enqueue` starts."""

    def declare(function: Function) -> Job:
        made = Job(code, words, function)
        known = JOBS.setdefault(code, made)
        if (known.function.__module__, known.function.__qualname__) != (function.__module__, function.__qualname__):
            raise ValueError(f"job {code} is declared twice")
        return known

    return declare


def recurring(code: str, when: Every | Daily, wanted: Job, *, needed: Callable[[], bool] | None = None) -> None:
    """Puts a job into the recurring table; it is started by the machine, without arguments.

    One that comes round every few minutes gives `needed`, a cheap question to the store: where it says no, no run is
    made, so that the list of runs is not full of those that found nothing.
    """
    row = Recurring(code, when, wanted, needed)
    if RECURRING.setdefault(code, row) != row:
        raise ValueError(f"recurring {code} is declared twice")


def find(code: str) -> Job | None:
    """Job by its code, None if no room of this version has it."""
    if code not in JOBS:
        load()
    return JOBS.get(code)


def load() -> None:
    """Reads `jobs.py` of every room."""
    autodiscover_modules("jobs")
