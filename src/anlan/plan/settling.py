"""What a compiled measure leaves open, as questions that are settled or waived before the plan is issued."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from anlan.plan.models import Deadline, Duty, DutyRole, Measure, Question, QuestionKind


def ask(measures: Iterable[Measure], filled_groups: frozenset[int]) -> list[Question]:
    """Questions on these measures, not saved yet, in the order of the text.

    `filled_groups` are the groups that have members.
    """
    rows = list(measures)
    duties: dict[int, list[Duty]] = defaultdict(list)
    dated: set[int] = set()
    for duty in Duty.objects.filter(measure__in=rows, struck=False):
        duties[duty.measure_id].append(duty)
    for limit in Deadline.objects.filter(measure__in=rows, date__isnull=False):
        dated.add(limit.measure_id)
    return [
        Question(measure=measure, duty=duties[measure.pk][at] if at is not None else None, kind=kind)
        for measure in rows
        for kind, at in left_open(duties[measure.pk], measure.pk in dated, filled_groups)
    ]


def left_open(
    duties: Sequence[Duty], dated: bool, filled_groups: frozenset[int]
) -> Iterator[tuple[QuestionKind, int | None]]:
    """What a measure with these duties leaves open, each with the place of the duty that it is about, if it is.

    `dated` says whether a deadline of it is a date. Who leads is asked only where several bodies are responsible and
    none leads; a unit that nobody goes by is asked for at each place, and settled for all of them at once.
    """
    owners = [duty for duty in duties if duty.role != DutyRole.COOPERATING]
    if not owners:
        yield QuestionKind.OWNER, None
    elif len(owners) > 1 and not any(duty.role == DutyRole.LEAD for duty in owners):
        yield QuestionKind.LEAD, None
    for at, duty in enumerate(duties):
        if duty.unit_id is None and duty.group_id is None:
            yield QuestionKind.UNIT, at
        elif duty.group_id is not None and duty.group_id not in filled_groups:
            yield QuestionKind.GROUP, at
    if not dated:
        yield QuestionKind.DEADLINE, None
