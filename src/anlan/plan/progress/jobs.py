"""What runs by itself: opening rounds on their day, telling of what is due soon and what is overdue."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from anlan.foundation.jobs.catalogue import Daily, Step, job, recurring
from anlan.foundation.notices.actions import notify
from anlan.plan.models import Owes, TaskDuty
from anlan.plan.progress import calling
from anlan.plan.progress.models import Round
from anlan.settings import Words

# Days before the end at which a unit is told once more of what it owes.
SOON = 3
# Days before the deadline of a task, as the yellow light has it (supervision.toml, default_light).
TASK_SOON = 15
# A task that was overdue for longer when the product was set up is seen on its lists; nobody is told of it now.
_LONG_AGO = 30
# What was not sent months ago is seen on the pages; it is not told again.
_ROUND_LONG_AGO = 60


@job("progress.open_rounds", Words("按周期启动调度", "open rounds on their day"))
def open_rounds(step: Step) -> str | None:
    """Opens the rounds whose day has come; a round that is there is not opened again."""
    made = calling.open_due_rounds(step.actor)
    return reverse("round", args=[made[-1].pk]) if made else None


@job("progress.remind", Words("提醒待报事项", "tell of what is due"))
def remind(step: Step) -> None:
    """Tells units, once each, of reports due in 3 days and overdue ones, of tasks due in 15 days and overdue ones."""
    today = timezone.localdate()
    tell_of_reports(today)
    tell_of_tasks(today)


def tell_of_reports(today: dt.date) -> None:
    """Notices on rounds that end soon or are over; each unit once for each."""
    rows = Round.objects.filter(
        void=False,
        sample=False,
        due_on__lte=today + dt.timedelta(days=SOON),
        due_on__gte=today - dt.timedelta(days=_ROUND_LONG_AGO),
    ).select_related("plan")
    for round_ in rows:
        waiting = calling.missing_by_unit(round_)
        code = "round.late" if today > round_.due_on else "round.soon"
        for unit_id, accounts in calling.people_of(waiting).items():
            notify(
                accounts,
                code,
                # A day that was moved is told anew.
                key=f"{round_.pk}-{unit_id}-{round_.due_on}",
                args={**calling.name_args(round_), "n": waiting[unit_id], "due": round_.due_on.isoformat()},
                obj=round_,
                url=reverse("progress"),
            )


def tell_of_tasks(today: dt.date) -> None:
    """Notices on tasks that are due soon or overdue, to those who report on them; once for each day they are due."""
    parts = TaskDuty.objects.filter(
        owes=Owes.REPORT,
        done_on__isnull=True,
        task__void=False,
        task__plan__sample=False,
        task__due__lte=today + dt.timedelta(days=TASK_SOON),
        task__due__gte=today - dt.timedelta(days=_LONG_AGO),
    ).select_related("task")
    people = calling.people_of({part.unit_id for part in parts})
    for part in parts:
        due = part.task.due
        assert due is not None  # the condition says so
        args = {"task": str(part.task), "due": due.isoformat()}
        is_late = today > due
        notify(
            people.get(part.unit_id, []),
            "task.late" if is_late else "task.soon",
            key=f"{part.pk}-{due}",
            args=args if is_late else {**args, "percent": part.percent},
            obj=part.task,
            url=reverse("task", args=[part.task_id]),
        )


recurring("progress.open_rounds", Daily(dt.time(7, 30)), open_rounds)
recurring("progress.remind", Daily(dt.time(8, 0)), remind)
