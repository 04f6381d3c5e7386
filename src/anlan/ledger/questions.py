"""Signs at the problems of this installation, and the answers to them, which stay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from anlan.foundation.access.acting import acting, demand
from anlan.foundation.access.actor import Actor
from anlan.ledger import casebook
from anlan.ledger.integrity import Case, Examination, Findings
from anlan.ledger.integrity.cases import Answer
from anlan.ledger.models import Problem, SignAnswer
from anlan.settings import InputError, Words

# From the approved plan on there is something to look at.
LOOKED_AT = (
    *("planned", "self_done", "checked", "accepted", "public_notice"),
    *("closed", "watched", "confirmed", "reopened"),
)
_LONGEST = 500


def findings(wanted: Iterable[str] | None = None) -> list[Findings]:
    """Signs of the problems with these numbers (all, by default), looked at beside all others. A few queries."""
    found = {case.id: case for case in gathered()}
    examination = Examination(found.values())
    return [examination.of(found[number]) for number in (found if wanted is None else wanted) if number in found]


def gathered() -> list[Case]:
    """All problems with an approved plan, as cases with the answers given so far."""
    answers: dict[str, list[Answer]] = defaultdict(list)
    for row in SignAnswer.objects.select_related("problem", "by__person"):
        answers[row.problem.number].append(Answer(row.key, row.text, str(row.by or "—"), row.at))
    rows = Problem.objects.filter(joined_into=None, state__in=LOOKED_AT)
    return [replace(case, answers=tuple(answers[case.id])) for case in casebook.cases(rows)]


def answer(actor: Actor, problem: Problem, key: str, text: str) -> SignAnswer:
    """Answers a sign. InputError without an answer, for a sign that there is not, or one that was answered."""
    demand(actor, "ledger.explain", problem)
    # Before the transaction, because all problems are looked at.
    known = {sign.key for one in findings([problem.number]) for sign in one.signs}
    with acting(actor, "ledger.explain", problem, reason=text) as act:
        problems = []
        if key not in known:
            problems.append(Words("没有这个疑点，可能材料已变，请刷新", "there is no such sign: reload the page"))
        if not text.strip():
            problems.append(Words("请写明情况说明", "say what explains it"))
        elif len(text) > _LONGEST:
            problems.append(
                Words(
                    f"说明有 {len(text)} 字，请压缩到 {_LONGEST} 字以内",
                    f"{len(text)} characters; {_LONGEST} at most",
                )
            )
        if SignAnswer.objects.filter(problem=problem, key=key).exists():
            problems.append(Words("这个疑点已有说明", "this sign was answered already"))
        if problems:
            raise InputError(*problems)
        made = SignAnswer.objects.create(problem=problem, key=key, text=text.strip(), by_id=actor.account_id)
        act.after = {"answer": made.text, "sign": key}
    return made
