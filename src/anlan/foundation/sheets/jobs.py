"""Imports in the background: large files are examined, and long dry runs published, by the worker."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.jobs.actions import enqueue
from anlan.foundation.jobs.catalogue import Step, job
from anlan.foundation.jobs.models import Run
from anlan.foundation.jobs.models import RunState as JobState
from anlan.foundation.sheets import past, reading, staging
from anlan.foundation.sheets.models import ImportRun, RunState
from anlan.foundation.sheets.registry import Importable, importable
from anlan.foundation.vault import storing, waiting
from anlan.settings import InputError, Words

# Bytes from which a file is examined by the worker: an Excel file of ten thousand rows, which takes three seconds.
LARGE = 500_000
# Changed rows from which a dry run is published by the worker.
LONG = 2_000
CODES = ("sheets.stage", "sheets.publish")


def stage_later(actor: Actor, sheet: Importable, stream: storing.Readable, name: str) -> Run:
    """Starts the dry run of a file in the background. Raises InputError if the file is too large."""
    demand(actor, sheet.action)
    file = waiting.keep(stream, name)
    try:
        reading.refuse_size(file.size, file.name)
        return enqueue(actor, stage, kind=sheet.code, waiting_file=file.key, name=file.name, sha256=file.sha256)
    except BaseException:
        waiting.drop(file.key)
        raise


@job("sheets.stage", Words("检查导入文件", "examine a sheet"))
def stage(step: Step, *, kind: str, waiting_file: str, name: str, sha256: str) -> str:
    """Dry run of a file that waits; gives the address of its report.

    It lies in scratch in one piece or not at all. Run again after it was cut off, it is found if it had come about.
    """
    begun = Run.objects.values_list("created", flat=True).get(pk=step.run)
    mine = ImportRun.objects.filter(kind=kind, account=step.actor.account_id, sha256=sha256, created_at__gte=begun)
    made = mine.first()
    if made is None:
        try:
            data = waiting.read(waiting_file, name)
            made = staging.stage(step.actor, importable(kind), data, name, told=step.progress)
        except InputError:
            # It will be no better by trying again.
            waiting.drop(waiting_file)
            raise
    waiting.drop(waiting_file)
    return reverse("import-run", args=[kind, made.pk])


def is_long(sheet: Importable, run: ImportRun) -> bool:
    """Whether a dry run is published in the background. One that tells secrets never is."""
    return run.is_publishable and run.new + run.changed > LONG and not sheet.has_secrets


def publish_later(actor: Actor, sheet: Importable, run: ImportRun, reason: str) -> Run:
    """Starts publishing a dry run in the background; asked twice, it is started once, and anew after it failed."""
    demand(actor, sheet.action)
    key = f"sheets.publish:{run.pk}:{run.digest}:"
    failed = Run.objects.filter(key__startswith=key, state=JobState.FAILED).count()
    args = {"kind": sheet.code, "import_run": run.pk, "name": run.name, "reason": reason}
    return enqueue(actor, publish, key=f"{key}{failed}", **args)


@job("sheets.publish", Words("发布导入", "publish an import"))
def publish(step: Step, *, kind: str, import_run: int, name: str, reason: str) -> str:
    """Publishes a dry run as it was looked at, all of it or nothing; gives its address.

    The rows are written in one transaction, in another store than the dry run. Cut off between the two, the next one
    finds nothing left to change, and only says so in the dry run.
    """
    sheet = importable(kind)
    run = ImportRun.objects.filter(pk=import_run, kind=kind, account=step.actor.account_id).first()
    if run is None:
        raise InputError(
            Words(f"{name}：检查结果已过期，请重新导入", f"{name}: the dry run is gone; import the file again")
        )
    if run.state != RunState.PUBLISHED:
        count = run.new + run.changed
        step.progress(0, 0, Words(f"正在写入 {count} 行", f"writing {count} rows"))
        try:
            staging.publish(step.actor, sheet, run, reason=reason)
        except InputError:
            run.refresh_from_db()
            if step.attempt == 1 or run.errors or run.faults or run.new or run.changed:
                raise
            run.state, run.published_at = RunState.PUBLISHED, timezone.now()
            run.save(update_fields=["state", "published_at"])
            past.published(run, reason)
    return reverse("import-run", args=[kind, run.pk])
