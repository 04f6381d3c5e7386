"""Starting background work, and starting it again."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import Actor
from anlan.foundation.jobs.catalogue import Job
from anlan.foundation.jobs.models import Run, RunState
from anlan.foundation.jobs.tasks import perform
from anlan.settings import InputError, Words


def enqueue(actor: Actor, job: Job, *, key: str | None = None, **args: Any) -> Run:
    """Starts a job in the background, on behalf of `actor`; it is in the queue once the transaction is committed.

    With a `key` that was used before, that earlier run is given and nothing is started. `args` are plain JSON.
    """
    with acting(actor, "jobs.enqueue") as act:
        run, made = queue(job, args, key=key, account_id=actor.account_id, actor_name=actor.name)
        act.obj = run
        act.after = {"job": job.code, "args": args, "new": made}
    return run


def queue(
    job: Job, args: dict[str, Any], *, key: str | None = None, account_id: int | None = None, actor_name: str
) -> tuple[Run, bool]:
    """Run in the queue, and whether it is new. Without journal: for the recurring table."""
    with transaction.atomic():
        defaults = {"job": job.code, "args": args, "account_id": account_id, "actor_name": actor_name[:120]}
        if key is None:
            run, made = Run.objects.create(**defaults), True
        else:
            run, made = Run.objects.get_or_create(key=key, defaults=defaults)
        if made:
            run.task = perform.enqueue(run.pk).id
            run.save(update_fields=["task"])
    return run, made


def retry(actor: Actor, run: Run) -> None:
    """Puts a failed run into the queue again. InputError if it has not failed (any more)."""
    with acting(actor, "jobs.retry", run) as act:
        changed = Run.objects.filter(pk=run.pk, state=RunState.FAILED).update(
            state=RunState.WAITING, attempts=0, finished=None, error_zh="", error_en="", task=perform.enqueue(run.pk).id
        )
        if changed != 1:
            raise InputError(
                Words("这项处理没有失败，或已由他人重新运行", "it has not failed, or someone else has started it again")
            )
        run.refresh_from_db()
        act.before, act.after = {"state": RunState.FAILED.value}, {"state": RunState.WAITING.value}
