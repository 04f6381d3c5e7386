"""What a compiled measure leaves open, as questions that are settled or waived before the plan is issued."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from anlan.plan.models import Deadline, Duty, DutyRole, Measure, Question, QuestionKind


def ask(measures: Iterable[Measure], filled_groups: frozenset[int]) -> list[Question]:
    """Questions on these measures, not saved yet, in the order of the text.

    `filled_groups` are the groups that have members. Who leads is asked only where several bodies are responsible
    and none leads; a unit that nobody goes by is asked for at each place, and settled for all of them at once.
    """
    rows = list(measures)
    duties: dict[int, list[Duty]] = defaultdict(list)
    dated: set[int] = set()
    for duty in Duty.objects.filter(measure__in=rows, struck=False):
        duties[duty.measure_id].append(duty)
    for limit in Deadline.objects.filter(measure__in=rows, date__isnull=False):
        dated.add(limit.measure_id)
    questions = []
    for measure in rows:
        owners = [duty for duty in duties[measure.pk] if duty.role != DutyRole.COOPERATING]
        if not owners:
            questions.append(Question(measure=measure, kind=QuestionKind.OWNER))
        elif len(owners) > 1 and not any(duty.role == DutyRole.LEAD for duty in owners):
            questions.append(Question(measure=measure, kind=QuestionKind.LEAD))
        for duty in duties[measure.pk]:
            if duty.unit_id is None and duty.group_id is None:
                questions.append(Question(measure=measure, duty=duty, kind=QuestionKind.UNIT))
            elif duty.group_id is not None and duty.group_id not in filled_groups:
                questions.append(Question(measure=measure, duty=duty, kind=QuestionKind.GROUP))
        if measure.pk not in dated:
            questions.append(Question(measure=measure, kind=QuestionKind.DEADLINE))
    return questions
