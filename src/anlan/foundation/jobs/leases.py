"""Who holds which run: taking, keeping, finishing and taking back, each a guarded update of one row.

The same on SQLite and PostgreSQL: a row changes only if it still is as it was seen, and the count says whether it did.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from anlan.foundation.access.models import Account, Grant
from anlan.foundation.access.roles import Role
from anlan.foundation.jobs import catalogue
from anlan.foundation.jobs.models import Run, RunState
from anlan.foundation.jobs.tasks import perform
from anlan.foundation.notices.actions import notify
from anlan.settings import Words

# A worker that gave no sign of life for so long is taken for dead. It gives one three times in that span.
LEASE = dt.timedelta(seconds=60)
MAX_ATTEMPTS = 3
# Rows of the queue that are looked at in one go.
_LOOK = 10


class Held(NamedTuple):
    """Run under a lease."""

    run: Run
    lease: str


def take(worker: str, lease: dt.timedelta = LEASE) -> Held | None:
    """The next run that is ready, held by a new lease; None if there is none."""
    ready = DBTaskResult.objects.ready().filter(task_path=perform.module_path)
    for task in ready[:_LOOK]:
        now, token = timezone.now(), str(uuid.uuid4())
        with transaction.atomic():
            mine = DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.READY).update(
                status=TaskResultStatus.RUNNING, started_at=now, worker_ids=[*task.worker_ids, worker][-10:]
            )
            if mine != 1:
                continue
            waiting = Run.objects.filter(task=task.pk, state=RunState.WAITING).update(
                state=RunState.RUNNING, lease=token, lease_until=now + lease, attempts=F("attempts") + 1, started=now
            )
            if waiting == 1:
                return Held(Run.objects.get(task=task.pk), token)
            # A row whose run is gone or was started anew under another row.
            DBTaskResult.objects.filter(pk=task.pk).update(
                status=TaskResultStatus.FAILED, finished_at=now, exception_class_path="", traceback=""
            )
    return None


def keep(held: Held, lease: dt.timedelta = LEASE) -> bool:
    """Sign of life: the lease runs on from now. False if another worker has the run by now."""
    return (
        Run.objects.filter(pk=held.run.pk, state=RunState.RUNNING, lease=held.lease).update(
            lease_until=timezone.now() + lease
        )
        == 1
    )


def finish(held: Held, url: str | None) -> bool:
    """The job came to its end. False if the lease was lost, and nothing changed."""
    with transaction.atomic():
        if not _close(held, RunState.DONE, url=(url or "")[:300]):
            return False
        _settle(held.run, TaskResultStatus.SUCCESSFUL)
    return True


def fail(held: Held, why: Words) -> bool:
    """The job cannot be done. False if the lease was lost, and nothing changed."""
    with transaction.atomic():
        if not _close(held, RunState.FAILED, error_zh=why.zh, error_en=why.en):
            return False
        _settle(held.run, TaskResultStatus.FAILED)
        _tell(held.run, why)
    return True


def give_back(held: Held, delay: dt.timedelta = dt.timedelta(0), *, counts: bool = True) -> bool:
    """Puts the run back into the queue; `counts` says whether the attempt was one."""
    with transaction.atomic():
        changed = _mine(held).update(
            state=RunState.WAITING,
            lease="",
            lease_until=None,
            attempts=F("attempts") if counts else F("attempts") - 1,
        )
        if changed == 1:
            _again(held.run, delay)
    return changed == 1


def sweep() -> int:
    """Takes back every run whose lease ran out: into the queue again, or failed after the last attempt."""
    taken = 0
    gone = Run.objects.filter(state=RunState.RUNNING, lease_until__lt=timezone.now())
    for run in list(gone):
        held = Held(run, run.lease)
        # The lease may have been renewed since: then the row is not as it was seen.
        if not Run.objects.filter(pk=run.pk, lease=run.lease, lease_until__lt=timezone.now()).exists():
            continue
        if run.attempts < MAX_ATTEMPTS:
            taken += _expire(held)
        else:
            taken += fail(
                held,
                Words(
                    f"处理程序中断了 {run.attempts} 次，已停止重试。"
                    f"请系统管理员查看日志（运行编号 {run.pk}），排除原因后重新运行",
                    f"the worker was cut off {run.attempts} times, so it is not tried again. Let the system "
                    f"administrator look at the log (run {run.pk}) and start it again",
                ),
            )
    return taken


def _expire(held: Held) -> bool:
    with transaction.atomic():
        changed = (
            _mine(held)
            .filter(lease_until__lt=timezone.now())
            .update(state=RunState.WAITING, lease="", lease_until=None)
        )
        if changed == 1:
            _again(held.run, dt.timedelta(0))
    return changed == 1


def _mine(held: Held) -> QuerySet[Run]:
    return Run.objects.filter(pk=held.run.pk, state=RunState.RUNNING, lease=held.lease)


def _close(held: Held, state: RunState, **fields: str) -> bool:
    return _mine(held).update(state=state, lease="", lease_until=None, finished=timezone.now(), **fields) == 1


def _settle(run: Run, status: TaskResultStatus) -> None:
    DBTaskResult.objects.filter(pk__in=[run.task]).update(
        status=status, finished_at=timezone.now(), exception_class_path="", traceback=""
    )


def _again(run: Run, delay: dt.timedelta) -> None:
    DBTaskResult.objects.filter(pk__in=[run.task]).update(
        status=TaskResultStatus.READY, run_after=timezone.now() + delay
    )


def _tell(run: Run, why: Words) -> None:
    """Notice to who started it; of what the machine started, to the system administrators."""
    if run.account_id:
        accounts = list(Account.objects.filter(pk=run.account_id))
    else:
        today = timezone.localdate()
        holders = Grant.objects.filter(role=Role.SYSTEM_ADMIN, since__lte=today).exclude(until__lt=today)
        accounts = list(Account.objects.filter(is_active=True, pk__in=holders.values("account")))
    found = catalogue.find(run.job)
    words = found.words if found else Words(run.job, run.job)
    notify(
        accounts,
        "jobs.failed",
        key=f"{run.pk}:{run.task}",
        args={"job": words, "why": why},
        obj=run,
        url=f"/jobs/{run.pk}/",
    )
