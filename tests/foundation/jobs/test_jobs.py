"""Background work: started once, held by a lease, done once, told how it went."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from tests import people
from tests.foundation.jobs import sample_jobs

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import NOBODY, actor_of, machine
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.jobs import actions, catalogue, leases, queries, tasks, worker
from anlan.foundation.jobs.models import Progress, Run, RunState
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.notices import catalogue as notice_words
from anlan.foundation.notices.models import Notice
from anlan.settings import InputError, Words

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


def started(job: catalogue.Job = sample_jobs.count, account: Account | None = None, **args: object) -> Run:
    actor = actor_of(account) if account else people.actor(Role.CLERK)
    return actions.enqueue(actor, job, **args)  # type: ignore[arg-type]


def expire(run: Run) -> None:
    """Lets the lease have run out a second ago."""
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))


def states(run: Run) -> tuple[str, str]:
    """State of the run and of its row in the queue, which must go together."""
    run.refresh_from_db()
    return run.state, DBTaskResult.objects.get(pk=run.task).status  # type: ignore[misc]


def test_a_job_is_done_by_the_worker_and_says_how_far_it_is() -> None:
    run = started(upto=3)
    assert states(run) == (RunState.WAITING, TaskResultStatus.READY)
    assert worker.work_off() == 1
    assert states(run) == (RunState.DONE, TaskResultStatus.SUCCESSFUL)
    assert (run.attempts, run.url, run.lease) == (1, "/notices/", "")
    progress = Progress.objects.get(run_id=run.pk)
    # The last step is always written; those within half a second before it may be left out.
    assert (progress.done, progress.total, progress.words_zh) == (3, 3, "数到 3")
    assert worker.work_off() == 0


def test_starting_is_journalled_and_not_for_nobody() -> None:
    run = started(upto=1)
    entry = Entry.objects.get(action="jobs.enqueue")
    assert (entry.outcome, entry.object_id) == (Outcome.DONE, str(run.pk))
    assert '"job":"test.count"' in entry.details
    with pytest.raises(Refused):
        actions.enqueue(NOBODY, sample_jobs.count, upto=1)
    assert Entry.objects.filter(action="jobs.enqueue", outcome=Outcome.REFUSED).count() == 1
    assert Run.objects.count() == 1


def test_the_same_key_starts_a_job_once() -> None:
    actor = people.actor(Role.CLERK)
    one = actions.enqueue(actor, sample_jobs.count, key="a", upto=1)
    assert actions.enqueue(actor, sample_jobs.count, key="a", upto=1) == one
    assert actions.enqueue(actor, sample_jobs.count, key="b", upto=1) != one
    assert worker.work_off() == 2
    assert actions.enqueue(actor, sample_jobs.count, key="a", upto=1) == one
    assert worker.work_off() == 0


def test_the_job_works_for_who_started_it_with_todays_roles() -> None:
    account = people.account(Role.CLERK)
    seen = []
    spy = catalogue.Job("test.spy", Words("看", "look"), lambda step: seen.append(step.actor))
    catalogue.JOBS["test.spy"] = spy
    try:
        started(spy, account)
        account.grants.all().delete()
        actions.enqueue(machine("夜间"), spy)
        worker.work_off()
    finally:
        catalogue.JOBS.pop("test.spy")
    assert [(actor.account_id, actor.has(Role.CLERK), actor.machine) for actor in seen] == [
        (account.pk, False, False),
        (None, False, True),
    ]


def test_wrong_input_fails_with_its_words_at_once_and_tells_who_started_it() -> None:
    account = people.account(Role.CLERK)
    run = started(sample_jobs.wrong_input, account)
    worker.work_off()
    assert states(run) == (RunState.FAILED, TaskResultStatus.FAILED)
    assert (run.attempts, run.error_zh, run.error_en) == (1, "第 3 行没有单位", "row 3 has no unit")
    notice = Notice.objects.get(account=account)
    assert notice.url == f"/jobs/{run.pk}/"
    assert notice_words.words(notice.code, notice.args) == Words(
        "“读表”没有完成：第 3 行没有单位", "read a sheet was not finished: row 3 has no unit"
    )


def test_a_fault_fails_with_a_number_and_its_details_are_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    run = started(sample_jobs.broken)
    worker.work_off()
    assert states(run) == (RunState.FAILED, TaskResultStatus.FAILED)
    assert f"运行编号 {run.pk}" in run.error_zh
    assert "ZeroDivisionError" not in run.error_zh
    assert "ZeroDivisionError" in caplog.text


def test_a_fault_of_the_machines_own_work_tells_the_system_administrators() -> None:
    admin = people.account(Role.SYSTEM_ADMIN)
    people.account(Role.CLERK)
    actions.enqueue(machine("夜间"), sample_jobs.broken)
    worker.work_off()
    assert [notice.account_id for notice in Notice.objects.all()] == [admin.pk]


def test_a_locked_database_is_tried_three_times_with_waits_between() -> None:
    run = started(sample_jobs.locked)
    for attempt in (1, 2):
        before = timezone.now()
        assert worker.work_off() == 1
        assert states(run) == (RunState.WAITING, TaskResultStatus.READY)
        assert run.attempts == attempt
        task = DBTaskResult.objects.get(pk=run.task)  # type: ignore[misc]
        # 10 seconds for each attempt so far.
        assert task.run_after >= before + dt.timedelta(seconds=10 * attempt)
        DBTaskResult.objects.update(run_after=before)
    worker.work_off()
    assert states(run) == (RunState.FAILED, TaskResultStatus.FAILED)
    assert "试了 3 次" in run.error_zh


def test_a_job_of_another_version_fails_with_words() -> None:
    run = started(upto=1)
    Run.objects.update(job="gone.away")
    worker.work_off()
    assert states(run)[0] == RunState.FAILED
    assert "gone.away" in run.error_zh


def test_the_plain_worker_of_the_queue_must_not_perform_runs() -> None:
    with pytest.raises(RuntimeError, match="anlan worker"):
        tasks.perform.call(1)


# --- leases ------------------------------------------------------------------------------------------------------


def test_a_run_is_held_by_one_worker() -> None:
    run = started(upto=1)
    held = leases.take("one")
    assert held is not None
    assert leases.take("two") is None
    assert states(run) == (RunState.RUNNING, TaskResultStatus.RUNNING)
    assert run.lease == held.lease


def test_a_lease_that_is_kept_is_not_swept_and_one_that_ran_out_is() -> None:
    run = started(upto=1)
    held = leases.take("one")
    assert held is not None
    assert leases.sweep() == 0
    expire(run)
    assert leases.keep(held)
    assert leases.sweep() == 0
    expire(run)
    assert leases.sweep() == 1
    assert states(run) == (RunState.WAITING, TaskResultStatus.READY)


def test_a_worker_that_lost_its_lease_changes_nothing() -> None:
    run = started(upto=1)
    first = leases.take("one")
    assert first is not None
    expire(run)
    leases.sweep()
    second = leases.take("two")
    assert second is not None
    # The first one wakes up again.
    assert not leases.keep(first)
    assert not leases.finish(first, "/wrong/")
    assert not leases.fail(first, Words("错", "wrong"))
    assert not leases.give_back(first)
    assert states(run) == (RunState.RUNNING, TaskResultStatus.RUNNING)
    assert Notice.objects.count() == 0
    assert leases.finish(second, "/right/")
    assert states(run) == (RunState.DONE, TaskResultStatus.SUCCESSFUL)
    assert run.url == "/right/"
    assert not leases.finish(second, "/again/")


def test_after_three_cut_off_attempts_a_run_fails_and_is_told() -> None:
    account = people.account(Role.CLERK)
    run = started(account=account, upto=1)
    for attempt in (1, 2, 3):
        assert states(run) == (RunState.WAITING, TaskResultStatus.READY)
        assert leases.take("one") is not None
        run.refresh_from_db()
        assert run.attempts == attempt
        expire(run)
        assert leases.sweep() == 1
    assert states(run) == (RunState.FAILED, TaskResultStatus.FAILED)
    assert "中断了 3 次" in run.error_zh
    assert Notice.objects.get(account=account).code == "jobs.failed"
    assert leases.take("one") is None


def test_a_job_whose_lease_is_lost_leaves_off_at_its_next_word() -> None:
    step = catalogue.Step(1, machine("test"), 1)
    step.progress(1, 3)
    step.lost.set()
    with pytest.raises(catalogue.LeaveOffError):
        step.progress(2, 3)


def test_a_worker_that_is_stopped_gives_its_run_back_without_counting_the_attempt() -> None:
    run = started(upto=3)
    stop = threading.Event()
    stop.set()
    held = leases.take("one")
    assert held is not None
    worker.perform(held, stop=stop)
    assert states(run) == (RunState.WAITING, TaskResultStatus.READY)
    assert run.attempts == 0
    worker.work_off()
    assert states(run) == (RunState.DONE, TaskResultStatus.SUCCESSFUL)


def test_the_store_refuses_a_run_that_runs_without_a_lease() -> None:
    from django.db import IntegrityError, transaction

    run = started(upto=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING)


# --- again -------------------------------------------------------------------------------------------------------


def test_the_system_administrator_runs_a_failed_one_again_and_nobody_else_does() -> None:
    account = people.account(Role.CLERK)
    run = started(sample_jobs.broken, account)
    worker.work_off()
    for role in (Role.CLERK, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.LEADER, Role.HANDLER):
        with pytest.raises(Refused):
            actions.retry(people.actor(role), run)
    with pytest.raises(Refused):
        actions.retry(actor_of(account), run)
    assert Entry.objects.filter(action="jobs.retry", outcome=Outcome.REFUSED).count() == 6
    admin = people.actor(Role.SYSTEM_ADMIN)
    actions.retry(admin, run)
    assert states(run) == (RunState.WAITING, TaskResultStatus.READY)
    assert (run.attempts, run.error_zh, run.finished) == (0, "", None)
    assert Entry.objects.get(action="jobs.retry", outcome=Outcome.DONE).object_id == str(run.pk)
    # Twice is not possible, and leaves no second row in the queue.
    with pytest.raises(InputError):
        actions.retry(admin, run)
    assert worker.work_off() == 1
    # It failed anew, and who started it is told anew.
    assert Notice.objects.filter(account=account).count() == 2


# --- the recurring table -----------------------------------------------------------------------------------------


@pytest.fixture
def nightly(monkeypatch: pytest.MonkeyPatch) -> catalogue.Recurring:
    """The only row of the table: a job each day at eight."""
    job = catalogue.Job("test.nightly", Words("每日", "daily"), lambda step: None)
    row = catalogue.Recurring("test.nightly", catalogue.Daily(dt.time(8)), job)
    monkeypatch.setattr(catalogue, "RECURRING", {"test.nightly": row})
    monkeypatch.setitem(catalogue.JOBS, "test.nightly", job)
    return row


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """Instant in September 2022, by the district's clock (+08:00)."""
    return dt.datetime(2022, 9, day, hour, minute, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def test_recurring_work_is_started_when_it_is_due_and_then_the_next_day(nightly: catalogue.Recurring) -> None:
    assert worker.start_due(at(1, 7)) == []
    assert worker.start_due(at(1, 7, 59)) == []
    assert len(worker.start_due(at(1, 8))) == 1
    worker.work_off()
    assert worker.start_due(at(1, 8, 1)) == []
    assert worker.start_due(at(2, 7, 59)) == []
    assert len(worker.start_due(at(2, 8, 1))) == 1


def test_what_was_missed_is_started_once(nightly: catalogue.Recurring) -> None:
    worker.start_due(at(1, 7))
    # No worker for four days.
    assert len(worker.start_due(at(5, 9))) == 1
    worker.work_off()
    assert worker.start_due(at(5, 10)) == []


def test_what_still_goes_on_is_not_started_beside_itself(nightly: catalogue.Recurring) -> None:
    worker.start_due(at(1, 7))
    assert len(worker.start_due(at(1, 8))) == 1
    assert worker.start_due(at(2, 8)) == []
    worker.work_off()
    assert len(worker.start_due(at(3, 8))) == 1


def test_where_there_is_nothing_to_do_no_run_is_made(
    nightly: catalogue.Recurring, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = False
    row = dataclasses.replace(nightly, needed=lambda: waiting)
    monkeypatch.setattr(catalogue, "RECURRING", {"test.nightly": row})
    worker.start_due(at(1, 7))
    assert worker.start_due(at(1, 8)) == []
    # Asked again at its next time, not before.
    waiting = True
    assert worker.start_due(at(1, 9)) == []
    assert len(worker.start_due(at(2, 8))) == 1
    assert Run.objects.count() == 1


def test_of_two_workers_that_look_at_once_one_starts_it(
    nightly: catalogue.Recurring, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.start_due(at(1, 7))
    # The second worker looks after the first has read what is due and before it starts it.
    inside: list[list[Run]] = []
    after = catalogue.Daily.after

    def late(when: catalogue.Daily, moment: dt.datetime) -> dt.datetime:
        if not inside:
            inside.append([])
            inside.append(worker.start_due(at(1, 8)))
        return after(when, moment)

    monkeypatch.setattr(catalogue.Daily, "after", late)
    assert worker.start_due(at(1, 8)) == []
    assert len(inside[1]) == 1
    assert Run.objects.count() == 1


def test_every_five_minutes_means_on_the_five() -> None:
    every = catalogue.Every(dt.timedelta(minutes=5))
    assert every.after(at(1, 8, 0)) == at(1, 8, 5)
    assert every.after(at(1, 23, 58)) == at(2, 0, 0)


def test_a_code_is_declared_once(nightly: catalogue.Recurring) -> None:
    catalogue.recurring("test.nightly", catalogue.Daily(dt.time(8)), nightly.job)
    with pytest.raises(ValueError, match="twice"):
        catalogue.recurring("test.nightly", catalogue.Daily(dt.time(9)), nightly.job)
    with pytest.raises(ValueError, match="twice"):
        catalogue.job("test.count", Words("另", "other"))(lambda step: None)


def test_old_runs_are_removed_with_their_rows_after_thirty_days() -> None:
    kept, old, waiting = started(upto=1), started(upto=1), started(upto=1)
    DBTaskResult.objects.filter(pk__in=[waiting.task]).update(run_after=timezone.now() + dt.timedelta(days=1))
    worker.work_off()
    now = timezone.now()
    Run.objects.filter(pk=kept.pk).update(finished=now - dt.timedelta(days=29))
    Run.objects.filter(pk=old.pk).update(finished=now - dt.timedelta(days=31))
    Run.objects.filter(pk=waiting.pk).update(created=now - dt.timedelta(days=99))
    catalogue.load()
    actions.enqueue(machine("test"), catalogue.JOBS["jobs.clean"])
    worker.work_off()
    assert not Run.objects.filter(pk=old.pk).exists()
    assert not DBTaskResult.objects.filter(pk__in=[old.task]).exists()
    assert not Progress.objects.filter(run_id=old.pk).exists()
    assert Run.objects.filter(pk__in=[kept.pk, waiting.pk]).count() == 2
    assert Progress.objects.filter(run_id=kept.pk).exists()


def test_the_worker_leaves_a_sign_of_life() -> None:
    assert not queries.worker_seen()
    worker.start_due()
    assert queries.worker_seen()
    worker.start_due(timezone.now() - dt.timedelta(minutes=4))
    assert not queries.worker_seen()


def test_progress_lies_in_the_disposable_store() -> None:
    from django.db import connections, router

    assert router.db_for_write(Progress) == "scratch"
    assert "jobs_progress" in connections["scratch"].introspection.table_names()
    assert "jobs_progress" not in connections["default"].introspection.table_names()


def test_a_part_of_the_worker_that_dies_is_started_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker, "_AGAIN_S", 0.01)
    stop = threading.Event()
    calls: list[int] = []

    def part() -> None:
        calls.append(len(calls))
        if len(calls) < 3:
            raise ZeroDivisionError
        stop.set()

    worker._started("part", part, stop).join(timeout=10)
    assert calls == [0, 1, 2]
    assert caplog.text.count("died and is started again") == 2
