"""Ledgers in the background: reading and taking in of large files, and the daily change into the watch."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from anlan.foundation.access.actor import machine
from anlan.foundation.jobs.catalogue import Daily, Step, job, recurring
from anlan.ledger import closing
from anlan.ledger import intake as intakes
from anlan.ledger.models import Intake
from anlan.settings import InputError, Words

# Bytes from which a ledger is read by the worker: about a thousand rows.
LARGE = 300_000


@job("ledger.look", Words("读取问题台账", "read a ledger"))
def look(step: Step, *, intake: int) -> str:
    """Dry run of a ledger; gives the address of what it showed. Run again, it begins anew."""
    row = Intake.objects.get(pk=intake)
    if row.state == Intake.State.READING:
        try:
            intakes.look(row, step.progress)
        except InputError as error:
            intakes.failed(row, error)
            raise
    return reverse("intake", args=[intake])


@job("ledger.take", Words("收入问题台账", "take a ledger in"))
def take(step: Step, *, intake: int) -> str:
    """Takes a ledger in. Run again after it was cut off, it finds it taken, or begins anew."""
    row = Intake.objects.get(pk=intake)
    if row.state != Intake.State.TAKEN:
        intakes.take(step.actor, row, step.progress)
    return reverse("intake", args=[intake])


@job("ledger.watch", Words("销号问题转入巩固期", "begin the watch of closed problems"))
def watch(step: Step) -> None:
    """Lets closed problems go over into the watch."""
    closing.begin_watches(machine("ledger.watch"))


recurring("ledger.watch", Daily(dt.time(1, 30)), watch)
