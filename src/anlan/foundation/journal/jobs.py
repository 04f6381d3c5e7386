"""Verifying a long journal in the background."""

from __future__ import annotations

from django.urls import reverse

from anlan.foundation.jobs.catalogue import Step, job
from anlan.foundation.journal import actions
from anlan.foundation.journal.models import Entry
from anlan.foundation.journal.sealing import anchor
from anlan.settings import Words


@job("journal.verify", Words("校验审计记录", "verify the journal"))
def verify(step: Step, *, against: str = "") -> str:
    """Checks the chain, against an anchor if one is given; what came of it is the entry that it leads to."""

    def told(done: int, total: int) -> None:
        step.progress(done, total, Words(f"已核对 {done} 条", f"{done} entries checked"))

    actions.verify(step.actor, anchor(against) if against else None, told=told)
    mine = Entry.objects.filter(action="journal.verify", actor=step.actor.account_id).order_by("-pk")
    return reverse("journal-entry", args=[mine.values_list("pk", flat=True)[0]])
