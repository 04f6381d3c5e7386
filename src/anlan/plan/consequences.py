"""What follows when measures change: questions asked anew, tasks brought up to date, units told, search."""

from __future__ import annotations

from collections.abc import Iterable

from anlan.foundation.access.acting import Act
from anlan.foundation.search import index
from anlan.plan import following
from anlan.plan.bodies import filled_groups
from anlan.plan.models import Measure, Plan, Question
from anlan.plan.settling import ask


def draw(
    act: Act,
    plan: Plan,
    measures: Iterable[Measure],
    *,
    stamp: str,
    why: str = "",
    gone: dict[int, str] | None = None,
) -> None:
    """Draws the consequences inside the action `act`, and says in its entry what became of the tasks.

    `why` is the reason of tasks and parts that end, `gone` such reasons by measure; `stamp` names the action, so that
    each unit is told once.
    """
    rows = _again(measures)
    reask(rows, filled_groups())
    follow(act, plan, rows, stamp=stamp, why=why, gone=gone)
    index.put_where("plan", pk=plan.pk)


def follow(
    act: Act,
    plan: Plan,
    measures: Iterable[Measure],
    *,
    stamp: str,
    why: str = "",
    gone: dict[int, str] | None = None,
) -> None:
    """As `draw`, for measures of which nothing has to be asked anew."""
    rows = _again(measures)
    followed = following.follow(plan, rows, stamp=stamp, why=why, gone=gone)
    if told := followed.told():
        act.after["tasks"] = told


def _again(measures: Iterable[Measure]) -> list[Measure]:
    """The measures as they stand now, with the head of their document; its text would come once for each of them."""
    rows = Measure.every.filter(pk__in=[measure.pk for measure in measures]).select_related("document")
    return list(rows.defer("document__text", "document__compiled"))


def reask(measures: Iterable[Measure], filled: frozenset[int]) -> None:
    """Asks anew about measures that changed.

    What nobody has to answer any more is no longer asked; what was answered stays; what an answer no longer covers is
    open again. A waiver stands as long as its question does. `filled` are the groups that have members.
    """
    rows = list(measures)
    standing = [measure for measure in rows if not measure.struck]
    wanted = {(q.measure_id, q.duty_id, q.kind): q for q in ask(standing, filled)}
    gone, again = [], []
    for question in Question.objects.filter(measure__in=rows):
        asked = wanted.pop((question.measure_id, question.duty_id, question.kind), None)
        if asked is None and question.closed_at is None:
            gone.append(question.pk)
        elif asked is not None and question.closed_at is not None and not question.waived:
            again.append(question.pk)
    Question.objects.filter(pk__in=gone).delete()
    Question.objects.filter(pk__in=again).update(answer="", closed_at=None, closed_by=None)
    Question.objects.bulk_create(wanted.values())
