"""What persons did to one version of a document, done again to the next where the clause is the same.

Nothing of the earlier version is changed: corrections and settlements are copied with who made them and when. What
cannot go on, because the text it was about changed, is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from anlan.plan import corrections, restructuring
from anlan.plan.comparing import Texts
from anlan.plan.compiler.view import View
from anlan.plan.corrections import Row, words
from anlan.plan.matching import clauses, marks
from anlan.plan.models import (
    Correction,
    CorrectionKind,
    Deadline,
    Document,
    Duty,
    DutyRole,
    Measure,
    Question,
    QuestionKind,
    Target,
)
from anlan.plan.rewriting import rewrite

_FIELDS = {CorrectionKind.NUMBER: "number", CorrectionKind.TITLE: "title", CorrectionKind.CHAPTER: "chapter"}
_TABLES: dict[str, type[Row]] = {
    CorrectionKind.DUTY: Duty,
    CorrectionKind.DEADLINE: Deadline,
    CorrectionKind.TARGET: Target,
}


@dataclass(slots=True)
class Carried:
    """Numbers of corrections and settlements that went on, and those that did not (see `lose`); measures touched."""

    corrections: int = 0
    settlements: int = 0
    lost: list[dict[str, Any]] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)

    def lose(self, correction: Correction, why: str) -> None:
        """Tells that a correction did not go on: the text changed (`text`), the clause is gone (`gone`)."""
        self.lost.append(
            {
                "measure": str(correction.measure),
                "kind": correction.kind,
                "after": correction.after,
                "why": why,
            }
        )


def copy(correction: Correction, measure: Measure, blocks: Iterable[marks.Block] = ()) -> Correction:
    """The same correction on a clause of the next version; its characters where they are now, if they still are."""
    place = _moved(correction.start, correction.end, correction.measure, measure, blocks)
    made = Correction.objects.create(
        measure=measure,
        kind=correction.kind,
        compiled=correction.compiled,
        before=correction.before,
        after=correction.after,
        start=place[0],
        end=place[1],
        reason=correction.reason,
        by_id=correction.by_id,
        carried_from=correction,
    )
    Correction.objects.filter(pk=made.pk).update(at=correction.at)
    return made


def _moved(
    start: int | None, end: int | None, old: Measure, new: Measure, blocks: Iterable[marks.Block]
) -> tuple[int | None, int | None]:
    if start is None or end is None or start < old.start:
        return None, None
    found = marks.carried(blocks, start - old.start, end - old.start)
    return (found[0] + new.start, found[1] + new.start) if found else (None, None)


def structure(old: Document, new: Document) -> Carried:
    """Splits, merges, takes out and adds in the new version what was so in the old one, where its words are the same.

    For a version that was just compiled.
    """
    done = Carried()
    texts = Texts(old)
    rows = Correction.objects.filter(
        measure__document=old,
        back_at=None,
        kind__in=[CorrectionKind.SPLIT, CorrectionKind.MERGE, CorrectionKind.STRIKE, CorrectionKind.ADD],
    ).select_related("measure")
    for correction in rows:
        known = _Known(new)
        if _STRUCTURE[CorrectionKind(correction.kind)](correction, old, new, texts, known):
            done.corrections += 1
        else:
            done.lose(correction, "text")
    return done


class _Known:
    """Clauses of the new version by their words."""

    def __init__(self, document: Document) -> None:
        texts = Texts(document)
        self._rows: dict[str, list[Measure]] = defaultdict(list)
        for measure in document.measures.all():
            self._rows[clauses.words(texts.of(measure.start, measure.end))].append(measure)

    def take(self, text: str) -> Measure | None:
        """First clause with these words; each once."""
        rows = self._rows.get(clauses.words(text))
        return rows.pop(0) if rows else None


def _split(correction: Correction, old: Document, new: Document, texts: Texts, known: _Known) -> bool:
    start, end = correction.kept["start"], correction.kept["end"]
    measure = known.take(texts.of(start, end))
    if measure is None:
        return False
    places = sorted(one.start for one in Measure.every.filter(made_by=correction))
    # The words are the same, white space and number aside: counted from the end, each place is the same place.
    counts = [len("".join(old.text[place:end].split())) for place in places]
    mapped = [_from_end(new.text, measure.end, count) for count in counts]
    parts = restructuring.cut(measure, mapped)
    made = copy(correction, measure)
    made.kept = {"start": measure.start, "end": measure.end, "title": measure.title}
    made.save(update_fields=["kept"])
    restructuring.split_at(measure, parts, made)
    return True


def _from_end(text: str, end: int, count: int) -> int:
    """Place before the last `count` printed characters of what ends at `end`."""
    place = end
    while count and place:
        place -= 1
        count -= not text[place].isspace()
    return place


def _merge(correction: Correction, old: Document, new: Document, texts: Texts, known: _Known) -> bool:
    others = list(Measure.every.filter(struck_by=correction).order_by("start"))
    own = correction.kept
    found = [known.take(texts.of(own["start"], own["end"])), *(known.take(texts.of(o.start, o.end)) for o in others)]
    chosen = [one for one in found if one is not None]
    if len(chosen) < len(found):
        return False
    measure, *rest = chosen
    rest.sort(key=lambda one: one.start)
    if restructuring.between(measure, rest):
        return False
    made = copy(correction, measure)
    made.kept = {"start": measure.start, "end": measure.end}
    made.save(update_fields=["kept"])
    restructuring.merge_into(measure, rest, made)
    return True


def _strike(correction: Correction, old: Document, new: Document, texts: Texts, known: _Known) -> bool:
    measure = known.take(texts.of(correction.measure.start, correction.measure.end))
    if measure is None:
        return False
    Measure.every.filter(pk=measure.pk).update(struck=True, struck_by=copy(correction, measure))
    return True


def _add(correction: Correction, old: Document, new: Document, texts: Texts, known: _Known) -> bool:
    measure = correction.measure
    if known.take(texts.of(measure.start, measure.end)):
        return True  # The compiler sees it by itself now.
    view = View(new.text)
    wanted = clauses.words(old.text[measure.start : measure.end])
    place = view.text.find(wanted)
    if place < 0:
        return False
    start, end = view.span(place, place + len(wanted))
    if Measure.objects.filter(document=new, start__lt=end, end__gt=start).exists():
        return False
    made = restructuring.insert(new, start, end)
    Measure.objects.filter(pk=made.pk).update(made_by=copy(correction, made))
    return True


_STRUCTURE = {
    CorrectionKind.SPLIT: _split,
    CorrectionKind.MERGE: _merge,
    CorrectionKind.STRIKE: _strike,
    CorrectionKind.ADD: _add,
}


def fields(pairs: dict[Measure, Measure], old: Document, new: Document) -> Carried:
    """Corrects the clauses of the new version as the ones that they continue were; `pairs` lead from old to new."""
    done = Carried()
    by_key = {measure.pk: measure for measure in pairs}
    rows: dict[int, list[Correction]] = defaultdict(list)
    wanted = [*_FIELDS, *_TABLES]
    for correction in Correction.objects.filter(measure__document=old, back_at=None, kind__in=wanted).select_related(
        "measure"
    ):
        rows[correction.measure_id].append(correction)
    for key, made in rows.items():
        source = by_key.get(key)
        if source is None:
            for one in made:
                if not one.measure.struck:
                    done.lose(one, "gone")
            continue
        _carry_one(source, pairs[source], made, old, new, done)
    _moves(pairs, old, done)
    return done


def _carry_one(
    source: Measure, target: Measure, made: list[Correction], old: Document, new: Document, done: Carried
) -> None:
    blocks = marks.same(old.text[source.start : source.end], new.text[target.start : target.end])
    rows = _Rows(source, target)
    for one in made:
        kind = CorrectionKind(one.kind)
        went_on = _field(one, target, _FIELDS[kind]) if kind in _FIELDS else rows.carry(one, blocks)
        if went_on:
            done.corrections += 1
            done.touched.add(target.pk)
        else:
            done.lose(one, "text")


def _field(correction: Correction, target: Measure, name: str) -> bool:
    found = getattr(target, name)
    if found == correction.after:
        return True
    if found not in (correction.compiled, correction.before):
        return False
    copy(correction, target)
    setattr(target, name, correction.after)
    target.save(update_fields=[name])
    return True


def _rows(table: type[Row], **condition: object) -> list[Row]:
    """Rows of one kind, struck ones as well, in the order in which they were made."""
    found: list[Row] = list(table.every.filter(**condition).order_by("pk"))
    return found


class _Rows:
    """Rows of a clause in two versions: which of the new ones says what an old one said."""

    def __init__(self, source: Measure, target: Measure) -> None:
        self._source, self._target = source, target
        self._new: dict[tuple[str, int], Row] = {}
        for kind, table in _TABLES.items():
            there: dict[str, list[Row]] = defaultdict(list)
            for row in _rows(table, measure=target):
                there[words(row)].append(row)
            for row in _rows(table, measure=source):
                if row.made_by_id is None and there[words(row)]:
                    self._new[kind, row.pk] = there[words(row)].pop(0)

    def carry(self, correction: Correction, blocks: Iterable[marks.Block]) -> bool:
        """Strikes and makes what the correction did; False where what it struck is not there as it was."""
        kind, table = correction.kind, _TABLES[correction.kind]
        struck, made = _rows(table, struck_by=correction), _rows(table, made_by=correction)
        known = {words(row) for row in restructuring.rows_of(table, self._target)}
        if made and all(words(row) in known for row in made):
            return True  # The new version says it by itself.
        if any((kind, row.pk) not in self._new for row in struck):
            return False
        mine = copy(correction, self._target, blocks)
        for row in struck:
            table.every.filter(pk=self._new[kind, row.pk].pk).update(struck=True, struck_by=mine)
        for row in made:
            key = row.pk
            row.start, row.end = _moved(row.start, row.end, self._source, self._target, blocks)
            row.pk, row._state.adding = None, True
            row.measure, row.made_by, row.struck, row.struck_by = self._target, mine, False, None
            row.save()
            self._new[kind, key] = row
        return True


def _moves(pairs: dict[Measure, Measure], old: Document, done: Carried) -> None:
    """Moves what was moved, behind what it was moved behind."""
    by_key = {measure.pk: new for measure, new in pairs.items()}
    for one in Correction.objects.filter(measure__document=old, back_at=None, kind=CorrectionKind.MOVE).select_related(
        "measure"
    ):
        after = one.kept.get("after")
        target = by_key.get(one.measure_id)
        behind = by_key.get(after) if after is not None else None
        if target is None or (after is not None and behind is None):
            done.lose(one, "gone")
            continue
        place = list(Measure.objects.filter(document=target.document_id).order_by("order"))
        at = place.index(target)
        before = place[at - 1] if at else None
        if before == behind:
            continue
        mine = copy(one, target)
        mine.kept = {"before": before.pk if before else None, "after": behind.pk if behind else None}
        mine.save(update_fields=["kept"])
        restructuring.place_after(target, behind)
        done.corrections += 1


def targets(pairs: dict[Measure, Measure]) -> None:
    """Lets the rows of targets stay with their clauses, so that what was reported for them stays too."""
    left: dict[int, list[Target]] = defaultdict(list)
    right: dict[int, list[Target]] = defaultdict(list)
    for row in Target.objects.filter(measure__in=list(pairs)):
        left[row.measure_id].append(row)
    for row in Target.objects.filter(measure__in=list(pairs.values())):
        right[row.measure_id].append(row)
    chosen = []
    for old, new in pairs.items():
        theirs = list(right[new.pk])
        for same in (_same_words, _same_thing, _same_unit):
            for row in list(left[old.pk]):
                partner = next((one for one in theirs if same(row, one)), None)
                if partner is not None:
                    theirs.remove(partner)
                    left[old.pk].remove(row)
                    chosen.append((row.pk, partner.pk))
    corrections.swap_targets(chosen)


def _same_words(one: Target, other: Target) -> bool:
    return clauses.words(one.text) == clauses.words(other.text)


def _same_thing(one: Target, other: Target) -> bool:
    return (one.indicator, one.unit) == (other.indicator, other.unit)


def _same_unit(one: Target, other: Target) -> bool:
    return one.unit == other.unit


def settlements(links: Iterable[tuple[Measure, Measure]], old: Document, new: Document, done: Carried) -> None:
    """Answers the questions of the new version as those of the old one were, where they ask the same.

    A name that was settled is settled everywhere; all else goes along `links`, from old clauses to new ones.
    """
    answered: dict[tuple[int, str, str], Question] = {}
    closed: list[Question] = []
    names: dict[str, Question] = {}
    before = Question.objects.filter(measure__document=old, closed_at__isnull=False)
    for question in before.select_related("duty__unit", "duty__group").prefetch_related(
        "added_duties", "added_deadlines"
    ):
        name = question.duty.name if question.duty else ""
        answered[question.measure_id, question.kind, name] = question
        if question.kind == QuestionKind.UNIT and not question.waived:
            names[name] = question
    came_from: dict[int, list[int]] = defaultdict(list)
    for source, target in links:
        came_from[target.pk].append(source.pk)
    for question in Question.objects.filter(measure__document=new, closed_at=None).select_related("duty", "measure"):
        name = question.duty.name if question.duty else ""
        same = [answered.get((key, question.kind, name)) for key in came_from[question.measure_id]]
        found = (names.get(name) if question.kind == QuestionKind.UNIT else None) or next(filter(None, same), None)
        if found is not None and _answer(question, found):
            done.settlements += 1
            done.touched.add(question.measure_id)
            closed.append(question)
    rewrite(closed, ["answer", "reason", "waived", "closed_at", "closed_by"])


def _answer(question: Question, found: Question) -> bool:
    """Answers a question as another was, not saved yet; False where the answer does not fit."""
    if not found.waived:
        if question.kind == QuestionKind.UNIT and question.duty and found.duty:
            Duty.every.filter(pk=question.duty.pk).update(unit=found.duty.unit, group=found.duty.group)
        elif (question.kind == QuestionKind.LEAD and not _lead(question, found)) or question.kind == QuestionKind.GROUP:
            return False
        elif question.kind in (QuestionKind.OWNER, QuestionKind.DEADLINE):
            added: list[Row] = [*found.added_duties.all(), *found.added_deadlines.all()]
            if not added:
                return False
            for row in added:
                row.pk, row._state.adding = None, True
                row.measure, row.made_by, row.struck_by = question.measure, None, None
                if not isinstance(row, Target):
                    row.added_by = question
                row.save()
    question.answer, question.reason, question.waived = found.answer, found.reason, found.waived
    question.closed_at, question.closed_by_id = found.closed_at, found.closed_by_id
    return True


def _lead(question: Question, found: Question) -> bool:
    chosen = next(iter(found.added_duties.all()), None)
    duty = (
        chosen and Duty.objects.filter(measure=question.measure_id, role=DutyRole.RESPONSIBLE, name=chosen.name).first()
    )
    if not duty:
        return False
    Duty.objects.filter(pk=duty.pk).update(struck=True)
    duty.pk, duty._state.adding = None, True
    duty.role, duty.added_by = DutyRole.LEAD, question
    duty.save()
    return True
