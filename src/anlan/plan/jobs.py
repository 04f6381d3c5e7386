"""Plans in the background: large documents are taken in by the worker."""

from __future__ import annotations

from django.urls import reverse

from anlan.foundation.access.acting import demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.jobs.actions import enqueue
from anlan.foundation.jobs.catalogue import Step, job
from anlan.foundation.jobs.models import Run
from anlan.foundation.vault import storing, waiting
from anlan.foundation.vault.types import DOCUMENTS
from anlan.plan import actions
from anlan.plan.models import Document, PlanState
from anlan.settings import InputError, Words

# Bytes from which a document is taken in by the worker. A text of this size takes about five seconds on two cores; most
# Word files below it less than one.
LARGE = 1_000_000


def receive_later(actor: Actor, stream: storing.Readable, name: str, *, year: int | None = None) -> Run:
    """Starts taking a document in, in the background; what its name and type say is looked at now.

    Raises InputError if it is too large, no document, not what its name says, or a plan already.
    """
    demand(actor, "plan.receive")
    file = waiting.keep(stream, name, DOCUMENTS)
    try:
        actions.refuse_twice(file.sha256)
        return enqueue(
            actor,
            receive,
            waiting_file=file.key,
            name=file.name,
            sha256=file.sha256,
            year=year,
        )
    except BaseException:
        waiting.drop(file.key)
        raise


@job("plan.receive", Words("收入文稿", "take a plan in"))
def receive(step: Step, *, waiting_file: str, name: str, sha256: str, year: int | None) -> str:
    """Compiles a document that waits and makes a plan of it; gives the address of the reading room.

    Run again after it was cut off, it finds the plan if that had come about, and begins anew if not.
    """
    made = _made(step, sha256)
    if made is None:
        try:
            data = waiting.read(waiting_file, name)
            plan = actions.receive(step.actor, data, name, year=year, told=step.progress)
        except InputError:
            # It will not become a plan by trying again, and must not be kept.
            waiting.drop(waiting_file)
            raise
        made = plan.pk
    waiting.drop(waiting_file)
    return reverse("plan", args=[made])


def _made(step: Step, sha256: str) -> int | None:
    """Plan that an earlier attempt of this run made of the document."""
    begun = Run.objects.values_list("created", flat=True).get(pk=step.run)
    rows = Document.objects.filter(
        sha256=sha256, number=1, created_at__gte=begun, plan__created_by=step.actor.account_id
    ).exclude(plan__state=PlanState.WITHDRAWN)
    return rows.values_list("plan_id", flat=True).first()
