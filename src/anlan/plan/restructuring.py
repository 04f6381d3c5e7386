"""Corrections of which measures there are: split, merged, moved, added, taken out; each can be taken back."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from django.db.models import F, Q

from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import Actor
from anlan.plan import comparing, consequences, corrections, queries, stated
from anlan.plan.bodies import bodies
from anlan.plan.compiler.compile import parse_text
from anlan.plan.corrections import Row, record, refuse_unreasoned, take, words
from anlan.plan.models import (
    Correction,
    CorrectionKind,
    Deadline,
    Document,
    Duty,
    Measure,
    Plan,
    Standpoint,
    Target,
)
from anlan.plan.rewriting import rewrite
from anlan.settings import InputError, Words

TABLES: tuple[type[Row], ...] = (Duty, Deadline, Target)
# Further than any document has measures: orders are moved out of the way before they are set.
_AWAY = 1_000_000


def split(actor: Actor, measure: Measure, places: Sequence[int], *, lock: int, reason: str = "") -> list[Measure]:
    """Splits a measure before the characters at `places` of the document; gives its parts, itself first.

    Units, deadlines and targets go with their characters; a part without units or without a deadline gets those of the
    measure as well. InputError for a place outside of it or a part without words.
    """
    plan = measure.document.plan
    with acting(actor, "plan.correct", plan, reason=reason) as act:
        current = take(measure, lock)
        refuse_unreasoned(plan, reason)
        parts = cut(current, sorted(set(places)))
        made = record(
            actor,
            current,
            CorrectionKind.SPLIT,
            compiled=current.text,
            before=current.text,
            after=[current.document.text[start:end] for start, end in parts],
            reason=reason,
            kept={"start": current.start, "end": current.end, "title": current.title},
        )
        pieces = split_at(current, parts, made)
        corrections.tell(act, [made])
        comparing.rematch(plan)
        consequences.draw(act, plan, pieces, stamp=f"c{made.pk}", why=reason)
    return pieces


def cut(measure: Measure, places: Sequence[int]) -> list[tuple[int, int]]:
    """Places of the parts, white space at their ends left out."""
    text = measure.document.text
    bounds = [measure.start, *places, measure.end]
    if not places or any(not measure.start < place < measure.end for place in places):
        raise InputError(
            Words("请在这条任务的文字中间选定拆分处", "choose where to split, inside the text of the measure")
        )
    parts = []
    for begin, end in itertools.pairwise(bounds):
        piece = text[begin:end]
        start = begin + len(piece) - len(piece.lstrip())
        parts.append((start, start + len(piece.strip())))
    if any(start == end for start, end in parts):
        raise InputError(Words("拆出的一条没有文字", "a part would have no words"))
    return parts


def split_at(measure: Measure, parts: Sequence[tuple[int, int]], made: Correction) -> list[Measure]:
    """Narrows the measure to its first part and makes measures of the others, fields and all."""
    document = measure.document
    standing = {table: rows_of(table, measure) for table in TABLES}
    (start, end), *rest = parts
    _, title = stated.number_and_title(document.text[start:end])
    Measure.objects.filter(pk=measure.pk).update(
        start=start, end=end, title=title if len(measure.title) > end - start else measure.title
    )
    orders = room_after(measure, len(rest))
    pieces = [Measure.objects.get(pk=measure.pk)]
    for (start, end), order, count in zip(rest, orders, range(2, len(rest) + 2), strict=True):
        number, title = stated.number_and_title(document.text[start:end])
        pieces.append(
            Measure.objects.create(
                document=document,
                order=order,
                number=number or (f"{measure.number}-{count}" if measure.number else ""),
                title=title,
                chapter=measure.chapter,
                start=start,
                end=end,
                made_by=made,
            )
        )
    for piece in pieces[1:]:
        for table, rows in standing.items():
            moved = [row.pk for row in rows if row.start is not None and piece.start <= row.start < piece.end]
            table.every.filter(pk__in=moved).update(measure=piece)
    for table in (Duty, Deadline):
        for piece in pieces:
            if not rows_of(table, piece):
                for row in standing[table]:
                    _copy(row, piece, made)
    return pieces


def room_after(measure: Measure, count: int) -> list[int]:
    """Orders after a measure, freed by moving on whatever has them."""
    later = Measure.every.filter(document=measure.document_id, order__gt=measure.order)
    later.update(order=-1 - F("order") - count)
    Measure.every.filter(document=measure.document_id, order__lt=0).update(order=-1 - F("order"))
    return [measure.order + place for place in range(1, count + 1)]


def rows_of(table: type[Row], measure: Measure) -> list[Row]:
    """Rows of one kind that stand in a measure."""
    found: list[Row] = list(table.objects.filter(measure=measure))
    return found


def _copy(row: Row, measure: Measure, made: Correction) -> None:
    """Row that says the same of another measure, made by the correction."""
    row.pk, row._state.adding = None, True
    row.measure, row.made_by, row.struck, row.struck_by = measure, made, False, None
    if not isinstance(row, Target):
        row.added_by = None
    row.save()


def merge(actor: Actor, measure: Measure, others: Iterable[Measure], *, lock: int, reason: str = "") -> Measure:
    """Merges the measures that follow it into a measure, with their units, deadlines and targets; gives it.

    InputError unless they stand next to each other in the text.
    """
    plan = measure.document.plan
    with acting(actor, "plan.correct", plan, reason=reason) as act:
        current = take(measure, lock)
        refuse_unreasoned(plan, reason)
        chosen = sorted(Measure.objects.filter(pk__in=[other.pk for other in others]), key=lambda one: one.start)
        _refuse_apart(current, chosen)
        made = record(
            actor,
            current,
            CorrectionKind.MERGE,
            compiled=[current.text, *(one.text for one in chosen)],
            before=[str(current), *map(str, chosen)],
            after=str(current),
            reason=reason,
            kept={"start": current.start, "end": current.end},
        )
        merge_into(current, chosen, made)
        corrections.tell(act, [made])
        gone = {one.pk: f"已并入“{current}”"[:300] for one in chosen}
        comparing.rematch(plan)
        consequences.draw(act, plan, [current, *chosen], stamp=f"c{made.pk}", why=reason, gone=gone)
    return Measure.objects.get(pk=current.pk)


def _refuse_apart(measure: Measure, others: Sequence[Measure]) -> None:
    if not others or any(one.document_id != measure.document_id or one.pk == measure.pk for one in others):
        raise InputError(Words("请选择要并入的任务", "choose the measures to merge"))
    if apart := between(measure, others):
        raise InputError(
            Words(
                f"只能合并原文中相邻的任务，中间还有“{apart}”",
                f"only neighbours in the text can be merged; {apart} stands between them",
            )
        )


def between(measure: Measure, others: Sequence[Measure]) -> Measure | None:
    """Measure that stands in the text between these, which are in the order of the text; None for neighbours."""
    start, end = min(measure.start, others[0].start), max(measure.end, others[-1].end)
    known = [measure.pk, *(one.pk for one in others)]
    inside = Measure.objects.filter(document=measure.document_id, start__lt=end, end__gt=start)
    return inside.exclude(pk__in=known).first()


def merge_into(measure: Measure, others: Sequence[Measure], made: Correction) -> None:
    """Widens the measure over the others, takes over what they say, and strikes them."""
    Measure.objects.filter(pk=measure.pk).update(
        start=min(measure.start, *(one.start for one in others)), end=max(measure.end, *(one.end for one in others))
    )
    for table in TABLES:
        known = {words(row) for row in rows_of(table, measure)}
        for other in others:
            for row in rows_of(table, other):
                if words(row) not in known:
                    known.add(words(row))
                    _copy(row, measure, made)
    Measure.every.filter(pk__in=[one.pk for one in others]).update(struck=True, struck_by=made)


def move(actor: Actor, measure: Measure, after: Measure | None, *, lock: int, reason: str = "") -> None:
    """Puts a measure after another one of its document, or first."""
    plan = measure.document.plan
    with acting(actor, "plan.correct", plan, reason=reason) as act:
        current = take(measure, lock)
        refuse_unreasoned(plan, reason)
        if after is not None and (after.document_id != current.document_id or after.pk == current.pk or after.struck):
            raise InputError(Words("请选择这份文稿里的另一条任务", "choose another measure of the same document"))
        row = list(Measure.every.filter(document=current.document_id).order_by("order"))
        old = next((one for one in reversed(row[: row.index(current)]) if not one.struck), None)
        if (old and old.pk) == (after and after.pk):
            raise InputError(Words("顺序没有变", "it stands there already"))
        made = record(
            actor,
            current,
            CorrectionKind.MOVE,
            compiled=None,
            before=str(old) if old else "",
            after=str(after) if after else "",
            reason=reason,
            kept={"before": old.pk if old else None, "after": after.pk if after else None},
        )
        moved = place_after(current, after)
        corrections.tell(act, [made])
        consequences.follow(act, plan, moved, stamp=f"c{made.pk}", why=reason)


def place_after(measure: Measure, after: Measure | None) -> list[Measure]:
    """Puts a measure after another, or first; gives all whose order changed."""
    rows = list(Measure.every.filter(document=measure.document_id).order_by("order"))
    rows.remove(measure)
    rows.insert(rows.index(after) + 1 if after is not None and after in rows else 0, measure)
    changed = []
    for order, row in enumerate(rows):
        if row.order != order:
            row.order = order
            changed.append(row)
    for row in changed:
        row.order += _AWAY
    rewrite(changed, ["order"])
    Measure.every.filter(document=measure.document_id, order__gte=_AWAY).update(order=F("order") - _AWAY)
    return list(Measure.objects.filter(pk__in=[row.pk for row in changed]))


def add(actor: Actor, plan: Plan, start: int, end: int, *, reason: str = "") -> Measure:
    """Makes a measure of characters that are none yet; its fields are read as the compiler reads them.

    InputError for nothing selected, or characters of a measure (which is to be split instead).
    """
    with acting(actor, "plan.correct", plan, reason=reason) as act:
        refuse_unreasoned(plan, reason)
        queries.hold(plan)
        document = queries.document(plan)
        selected = document.text[max(0, start) : max(0, end)]
        start = max(0, start) + len(selected) - len(selected.lstrip())
        selected = selected.strip()
        end = start + len(selected)
        if not selected:
            raise InputError(Words("没有选中文字", "nothing is selected"))
        if over := Measure.objects.filter(document=document, start__lt=end, end__gt=start).first():
            raise InputError(
                Words(f"选中的文字已属于“{over}”，请用拆分", f"these characters belong to {over}: split it instead")
            )
        measure = insert(document, start, end)
        made = record(
            actor,
            measure,
            CorrectionKind.ADD,
            compiled=None,
            before=None,
            after=str(measure),
            reason=reason,
            place=(start, end),
        )
        Measure.objects.filter(pk=measure.pk).update(made_by=made)
        corrections.tell(act, [made])
        comparing.rematch(plan)
        consequences.draw(act, plan, [measure], stamp=f"c{made.pk}", why=reason)
    return Measure.objects.get(pk=measure.pk)


def insert(document: Document, start: int, end: int) -> Measure:
    """Measure of these characters in its place, with what the compiler reads in them."""
    selected = document.text[start:end]
    number, title = stated.number_and_title(selected)
    before = Measure.every.filter(document=document, start__lt=start).order_by("order").last()
    if before is not None:
        order = room_after(before, 1)[0]
        chapter = before.chapter
    else:
        Measure.every.filter(document=document).update(order=-2 - F("order"))
        Measure.every.filter(document=document).update(order=-1 - F("order"))
        order, chapter = 0, []
    measure = Measure.objects.create(
        document=document, order=order, number=number, title=title, chapter=chapter, start=start, end=end
    )
    _read_fields(document, measure, selected, start)
    return measure


def _read_fields(document: Document, measure: Measure, selected: str, start: int) -> None:
    # Without a number the compiler takes no line for a measure: it gets one, and places are counted without it.
    head = "" if stated.number_and_title(selected)[0] else "1."
    parsed = parse_text(head + selected, document.plan.year)
    shift = start - len(head)
    known = bodies()
    for one in parsed.measures:
        for duty in one.duties:
            unit, group = known.find(duty.unit)
            Duty.objects.create(
                measure=measure,
                role=duty.role.value,
                name=duty.unit[:200],
                unit=unit,
                group=group,
                start=duty.span.start + shift,
                end=duty.span.end + shift,
            )
        for limit in one.deadlines:
            Deadline.objects.create(
                measure=measure,
                text=limit.text[:200],
                date=limit.date,
                kind=limit.kind.value,
                precision=limit.precision.value,
                start=limit.span.start + shift,
                end=limit.span.end + shift,
            )
        for found in one.targets:
            row = stated.target(found.text, document.plan.year)
            row.measure, row.start, row.end = measure, found.span.start + shift, found.span.end + shift
            row.save()


def strike(actor: Actor, measure: Measure, *, lock: int, reason: str) -> None:
    """Says that something is no measure at all. A reason is needed; a task of it becomes void."""
    plan = measure.document.plan
    with acting(actor, "plan.correct", plan, reason=reason) as act:
        if not reason.strip():
            raise InputError(Words("请写明为什么不作为任务", "say why it is no measure"))
        current = take(measure, lock)
        made = record(
            actor,
            current,
            CorrectionKind.STRIKE,
            compiled=str(current),
            before=str(current),
            after=None,
            reason=reason,
        )
        Measure.every.filter(pk=current.pk).update(struck=True, struck_by=made)
        corrections.tell(act, [made])
        comparing.rematch(plan)
        consequences.draw(act, plan, [current], stamp=f"c{made.pk}", why=reason)


def take_back(actor: Actor, correction: Correction, *, reason: str = "") -> None:
    """Takes a correction back: what it replaced stands again, what it made is gone.

    InputError if it is taken back already, if a later correction builds on it, or if the version is not in force.
    """
    plan = Plan.objects.get(documents__measures=correction.measure_id)
    with acting(actor, "plan.correct", plan, reason=reason) as act:
        refuse_unreasoned(plan, reason)
        queries.hold(plan)
        measure = Measure.every.select_related("document__plan").get(pk=correction.measure_id)
        if measure.document.state != Standpoint.IN_FORCE:
            raise InputError(Words("这一版文稿已不是现行版本", "this version of the document is not in force"))
        current = Correction.objects.select_for_update(of=("self",)).get(pk=correction.pk)
        corrections.mark_back(actor, current)
        touched = _undo(current, measure)
        Measure.every.filter(pk__in=[one.pk for one in touched]).update(lock=F("lock") + 1)
        act.before = {str(current): current.after}
        act.after = {str(current): current.before}
        comparing.rematch(plan)
        consequences.draw(act, plan, touched, stamp=f"b{current.pk}", why=reason or f"撤回更正：{current}")


def _undo(correction: Correction, measure: Measure) -> list[Measure]:
    kind = CorrectionKind(correction.kind)
    if kind in (CorrectionKind.NUMBER, CorrectionKind.TITLE, CorrectionKind.CHAPTER) or kind in corrections.ROW_KINDS:
        corrections.take_back_fields(correction, measure)
        return [measure]
    if kind == CorrectionKind.MOVE:
        if (last := corrections.standing(measure, kind)) and last.pk > correction.pk:
            raise corrections.later(last)
        old = Measure.every.filter(pk=correction.kept.get("before"), document=measure.document_id).first()
        return [measure, *place_after(measure, old)]
    made = list(Measure.every.filter(made_by=correction))
    struck = list(Measure.every.filter(struck_by=correction))
    _refuse_later(correction, [measure, *made])
    if kind == CorrectionKind.SPLIT:
        for table in TABLES:
            table.every.filter(measure__in=made).exclude(made_by=correction).update(measure=measure)
    for table in TABLES:
        table.every.filter(made_by=correction).update(struck=True)
    if kind in (CorrectionKind.SPLIT, CorrectionKind.MERGE):
        Measure.every.filter(pk=measure.pk).update(
            **{name: correction.kept[name] for name in ("start", "end", "title") if name in correction.kept}
        )
    Measure.every.filter(pk__in=[one.pk for one in made]).update(struck=True)
    Measure.every.filter(pk__in=[one.pk for one in struck]).update(struck=False, struck_by=None)
    return [measure, *made, *struck]


def _refuse_later(correction: Correction, measures: Sequence[Measure]) -> None:
    """What was done to the parts of a split or a merged measure since must be taken back first."""
    since = Correction.objects.filter(
        Q(measure__in=measures) | Q(struck_measures__in=measures), pk__gt=correction.pk, back_at=None
    ).first()
    if since:
        raise corrections.later(since)
