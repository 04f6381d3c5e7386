"""Longer deadlines: asked for with a reason, answered by a leader; the first deadline stays."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.utils import timezone

from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import Actor
from anlan.ledger.models import Extension, Problem
from anlan.settings import InputError, Words


def extend(actor: Actor, problem: Problem, *, new: dt.date, reason: str) -> Extension:
    """Asks for a longer deadline. InputError with everything that is wrong."""
    with acting(actor, "ledger.extend", problem, reason=reason) as act:
        problems = []
        if problem.deadline is None:
            problems.append(Words("问题没有整改时限，不需要延期", "the problem has no deadline to extend"))
        elif new <= problem.deadline:
            problems.append(
                Words(
                    f"延期到 {new} 不晚于现时限 {problem.deadline}",
                    f"{new} is not after the deadline {problem.deadline}",
                )
            )
        if not reason.strip():
            problems.append(Words("请写明延期理由", "say why it takes longer"))
        if problem.state != "planned":
            problems.append(Words("只有整改中的问题可以申请延期", "only a problem being rectified can be extended"))
        if problem.extensions.filter(granted=None).exists():
            problems.append(Words("已有一件延期申请待批复", "an earlier request is not answered yet"))
        if problems:
            raise InputError(*problems)
        assert problem.deadline is not None
        made = Extension.objects.create(
            problem=problem, old=problem.deadline, new=new, reason=reason.strip()[:500], asked_by_id=actor.account_id
        )
        act.after = {"deadline": str(new)}
    return made


def grant(actor: Actor, extension: Extension, *, granted: bool, document: str = "", answer: str = "") -> None:
    """Answers for a longer deadline: granted with the number of the approval, or refused with a reason.

    The first deadline stays (invariant i4). InputError for what is missing, or if it was answered before.
    """
    problem = extension.problem
    with acting(actor, "ledger.grant", problem, reason=answer) as act:
        if granted and not document.strip():
            raise InputError(Words("准予延期须写批准文号", "give the number of the document that grants it"))
        if not granted and not answer.strip():
            raise InputError(Words("不予延期须写明理由", "say why it is refused"))
        changed = Extension.objects.filter(pk=extension.pk, granted=None).update(
            granted=granted,
            document=document.strip()[:100],
            answer=answer.strip()[:500],
            answered_by_id=actor.account_id,
            answered_at=timezone.now(),
        )
        if not changed:
            raise InputError(Words("这件延期申请已经批复", "the request was answered already"))
        act.before = {"deadline": str(extension.old)}
        if granted:
            Problem.objects.filter(pk=problem.pk).update(deadline=extension.new, lock=F("lock") + 1)
        act.after = {"granted": granted, "deadline": str(extension.new if granted else extension.old)}
    extension.refresh_from_db()
