"""The worker: takes runs from the queue, keeps their leases, starts recurring work, seals the journal."""

from __future__ import annotations

import datetime as dt
import logging
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError, OperationalError, close_old_connections, connections, transaction
from django.utils import timezone

from anlan.foundation.access.actor import Actor, actor_of, machine
from anlan.foundation.jobs import actions, catalogue, leases, queries
from anlan.foundation.jobs.catalogue import LeaveOffError, Step
from anlan.foundation.jobs.models import Due, Run, RunState
from anlan.settings import InputError, Words

log = logging.getLogger(__name__)
# After a fault that may pass, for each attempt so far.
_BACKOFF = dt.timedelta(seconds=10)
# Before a part of the worker that died is started again.
_AGAIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a lease lasts, how often the queue and the table of leases are looked at."""

    lease: dt.timedelta = leases.LEASE
    look_s: float = 0.5
    sweep_s: float = 30.0


def run_worker(stop: threading.Event, *, threads: int = 2, pace: Pace | None = None, sealing: bool = True) -> None:
    """Works until `stop` is set; running jobs then leave off where they tell their progress, and run again later.

    Several processes may do this at once.
    `threads` runs are worked on side by side, so that a long one holds up no short one.
    """
    pace = pace or Pace()
    catalogue.load()
    name = f"{socket.gethostname()}:{os.getpid()}"
    parts: dict[str, Callable[[], None]] = {
        f"run-{number}": lambda: _runner(name, stop, pace) for number in range(threads)
    }
    parts["clock"] = lambda: _clock(stop, pace)
    if sealing:
        parts["sealer"] = lambda: _sealer(stop)
    log.info("worker %s begins", name)
    alive = {part: _started(part, work, stop) for part, work in parts.items()}
    stop.wait()
    for thread in alive.values():
        thread.join()
    log.info("worker %s ends", name)


def work_off(*, worker: str = "here", limit: int = 1000) -> int:
    """Does all that waits now, in this thread; gives the number of runs. For tests and one-off commands."""
    catalogue.load()
    for count in range(limit):
        held = leases.take(worker)
        if held is None:
            return count
        perform(held)
    return limit


def _started(part: str, work: Callable[[], None], stop: threading.Event) -> threading.Thread:
    """Thread that does `work`, and again if a fault ended it: the others depend on it."""

    def guarded() -> None:
        try:
            while not stop.is_set():
                try:
                    work()
                except Exception:
                    log.exception("%s of the worker died and is started again", part)
                    stop.wait(_AGAIN_S)
        finally:
            connections.close_all()

    thread = threading.Thread(target=guarded, name=part, daemon=True)
    thread.start()
    return thread


def _sealer(stop: threading.Event) -> None:
    from anlan.foundation.journal.sealing import run_sealer

    run_sealer(stop)


def _runner(worker: str, stop: threading.Event, pace: Pace) -> None:
    while not stop.is_set():
        close_old_connections()
        held = leases.take(worker, pace.lease)
        if held is None:
            stop.wait(pace.look_s)
        else:
            perform(held, pace.lease, stop)


def _clock(stop: threading.Event, pace: Pace) -> None:
    while not stop.is_set():
        close_old_connections()
        if taken := leases.sweep():
            log.warning("%d runs taken back from workers that gave no sign of life", taken)
        start_due()
        stop.wait(pace.sweep_s)


# --- one run ---------------------------------------------------------------------------------------------------


def perform(held: leases.Held, lease: dt.timedelta = leases.LEASE, stop: threading.Event | None = None) -> None:
    """Does one run that is held, while a thread keeps its lease. Once `stop` is set the job leaves off where it can."""
    run = held.run
    job = catalogue.find(run.job)
    if job is None:
        why = f"这个版本没有“{run.job}”这项处理", f"this version has no job {run.job}"
        leases.fail(held, Words(*why))
        return
    step = Step(run.pk, _actor(run), run.attempts, stop=stop or threading.Event())
    ended = threading.Event()
    heart = threading.Thread(target=_beat, args=(held, lease, step.lost, ended), name=f"lease-{run.pk}", daemon=True)
    heart.start()
    try:
        _outcome(held, job, step)
    finally:
        ended.set()
        heart.join()


def _outcome(held: leases.Held, job: catalogue.Job, step: Step) -> None:
    run = held.run
    try:
        url = job.function(step, **run.args)
    except LeaveOffError:
        # A worker that was asked to stop has not failed; the next one begins anew.
        if step.lost.is_set() or not leases.give_back(held, counts=False):
            log.warning("run %d of %s was left off: another worker has it", run.pk, run.job)
    except InputError as error:
        # Trying again would read the same input.
        leases.fail(held, Words(error.speak("zh"), error.speak("en")))
    except OperationalError as error:
        # A lock or a lost connection may pass.
        log.exception("run %d of %s", run.pk, run.job)
        _try_again(held, error)
    except Exception:
        log.exception("run %d of %s failed", run.pk, run.job)
        leases.fail(
            held,
            Words(
                f"程序出错，没有完成。请把运行编号 {run.pk} 告诉系统管理员，日志中有详细记录",
                f"a fault in the program stopped it. Tell the system administrator the number {run.pk}: "
                "the log has the details",
            ),
        )
    else:
        if not leases.finish(held, url):
            log.warning("run %d of %s ended after its lease was lost: another worker has it", run.pk, run.job)


def _try_again(held: leases.Held, error: OperationalError) -> None:
    if held.run.attempts < leases.MAX_ATTEMPTS:
        leases.give_back(held, _BACKOFF * held.run.attempts)
        return
    leases.fail(
        held,
        Words(
            f"数据库暂不可用（{str(error)[:100]}），试了 {held.run.attempts} 次。请系统管理员检查后重新运行",
            f"the database was not available ({str(error)[:100]}), tried {held.run.attempts} times. "
            "Let the system administrator check it and start again",
        ),
    )


def _actor(run: Run) -> Actor:
    return actor_of(run.account) if run.account else machine(run.actor_name)


def _beat(held: leases.Held, lease: dt.timedelta, lost: threading.Event, ended: threading.Event) -> None:
    try:
        while not ended.wait(lease.total_seconds() / 3):
            try:
                if not leases.keep(held, lease):
                    lost.set()
                    return
            except DatabaseError:
                # The lease outlasts two missed beats.
                log.exception("lease of run %d could not be kept this time", held.run.pk)
    finally:
        connections.close_all()


# --- the recurring table -----------------------------------------------------------------------------------------


def start_due(now: dt.datetime | None = None) -> list[Run]:
    """Starts what is due of the recurring table. Of two workers that look at once, one starts it.

    What was missed while no worker ran is started once. Nothing is started while its last run still goes on, or where
    there is nothing to do.
    """
    now = now or timezone.now()
    started = []
    Due.objects.update_or_create(code=queries.ALIVE, defaults={"at": now, "last_at": now})
    rows = {due.code: due for due in Due.objects.select_related("last_run")}
    for one in catalogue.RECURRING.values():
        due = rows.get(one.code)
        if due is None:
            Due.objects.get_or_create(code=one.code, defaults={"at": one.when.after(now)})
            continue
        if due.at > now:
            continue
        following = one.when.after(now)
        with transaction.atomic():
            # The time it was due is the guard: whoever moves it on starts the job.
            if Due.objects.filter(pk=due.pk, at=due.at).update(at=following, last_at=now) != 1:
                continue
            if due.last_run and due.last_run.state in (RunState.WAITING, RunState.RUNNING):
                continue
            if one.needed is not None and not one.needed():
                continue
            run, _ = actions.queue(one.job, {}, key=f"recurring:{one.code}:{due.at.isoformat()}", actor_name=one.code)
            Due.objects.filter(pk=due.pk).update(last_run=run)
            started.append(run)
    return started
