"""Merging and taking apart by a person, with the history kept."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import Actor
from anlan.foundation.search import index
from anlan.ledger.linking import add_units, strictest
from anlan.ledger.models import Candidate, Entry, Joining, Problem
from anlan.settings import InputError, Words


def join(actor: Actor, kept: Problem, absorbed: Problem, *, reason: str = "") -> Joining:
    """Merges a problem into another, which keeps its number and its state and gets the sources of both.

    InputError if one of them is merged already, they are the same, or both are being worked on.
    """
    with acting(actor, "ledger.join", kept, reason=reason) as act:
        kept, absorbed = _fresh(kept), _fresh(absorbed)
        problems = [
            Words(
                f"{one.number} 已并入 {one.joined_into.number}",
                f"{one.number} was merged into {one.joined_into.number}",
            )
            for one in (kept, absorbed)
            if one.joined_into is not None
        ]
        if kept.pk == absorbed.pk:
            problems.append(Words(f"{kept.number} 不能并入自己", f"{kept.number} cannot be merged into itself"))
        if absorbed.state != "draft":
            problems.append(
                Words(
                    f"{absorbed.number} 已进入整改流程，不能并入别的问题；请反过来归并",
                    f"{absorbed.number} is being worked on and stays; merge the other way round",
                )
            )
        if problems:
            raise InputError(*problems)
        moved = list(Entry.objects.filter(problem=absorbed).values_list("pk", flat=True))
        made = Joining.objects.create(
            kept=kept,
            absorbed=absorbed,
            entries=moved,
            deadline_before=kept.deadline,
            reason=reason.strip()[:500],
            by_id=actor.account_id,
        )
        Entry.objects.filter(pk__in=moved).update(problem=kept)
        Problem.objects.filter(pk=absorbed.pk).update(joined_into=kept)
        add_units({absorbed.pk: kept.pk})
        strictest({kept.pk})
        _decide(actor, kept, absorbed, Candidate.Decision.SAME)
        act.before = {"problem": absorbed.number}
        act.after = {"into": kept.number, "entries": len(moved)}
    index.remove("problem", [absorbed.pk])
    return made


def separate(actor: Actor, joining: Joining, *, reason: str) -> None:
    """Takes a merger apart: the entries that moved go back. The rule will not merge these two again.

    InputError without a reason, or if it was taken apart before.
    """
    with acting(actor, "ledger.join", joining.kept, reason=reason) as act:
        if not reason.strip():
            raise InputError(Words("请写明拆分的理由", "say why it is taken apart"))
        changed = Joining.objects.filter(pk=joining.pk, undone_at=None).update(
            undone_at=timezone.now(), undone_by_id=actor.account_id, undone_why=reason.strip()[:500]
        )
        if not changed:
            raise InputError(Words("这次归并已经拆开", "it was taken apart already"))
        kept, absorbed = joining.kept, joining.absorbed
        # An entry that was amended since goes back with the rows that replaced it.
        keys = set(joining.entries)
        while more := set(Entry.objects.filter(replaces__in=keys).values_list("pk", flat=True)) - keys:
            keys |= more
        Entry.objects.filter(pk__in=keys, problem=kept).update(problem=absorbed)
        Problem.objects.filter(pk=absorbed.pk).update(joined_into=None)
        strictest({kept.pk, absorbed.pk})
        _decide(actor, kept, absorbed, Candidate.Decision.DIFFERENT)
        act.before = {"into": kept.number}
        act.after = {"problem": absorbed.number, "entries": len(keys)}
    index.put_where("problem", pk=absorbed.pk)


def differ(actor: Actor, candidate: Candidate) -> None:
    """Says that two problems are not the same."""
    with acting(actor, "ledger.join", candidate.a) as act:
        _decide(actor, candidate.a, candidate.b, Candidate.Decision.DIFFERENT)
        act.after = {"different": [candidate.a.number, candidate.b.number]}


def _fresh(problem: Problem) -> Problem:
    return Problem.objects.select_related("joined_into").get(pk=problem.pk)


def _decide(actor: Actor, one: Problem, other: Problem, decision: Candidate.Decision) -> None:
    said = {"decision": decision, "by_id": actor.account_id, "at": timezone.now()}
    rows = Candidate.objects.filter(Q(a=one, b=other) | Q(a=other, b=one))
    if not rows.update(**said):
        a, b = sorted((one, other), key=lambda problem: problem.pk)
        Candidate.objects.create(a=a, b=b, probability=0, **said)
