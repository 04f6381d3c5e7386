"""Corrections of a measure's fields: what a person says instead, beside what the compiler found; taken back at will.

Two people may correct the same measure: whoever comes second is told what changed since he opened it, and nothing of
either is lost.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils import timezone

from anlan.foundation.access.acting import Act, acting
from anlan.foundation.access.actor import Actor
from anlan.foundation.org.models import Group, Unit
from anlan.plan import consequences, queries, stated
from anlan.plan.models import (
    Correction,
    CorrectionKind,
    Deadline,
    Duty,
    DutyRole,
    Measure,
    Plan,
    PlanState,
    Standpoint,
    Target,
)
from anlan.plan.rewriting import rewrite
from anlan.settings import InputError, Words

Row = Duty | Deadline | Target
_KINDS: dict[type[Row], CorrectionKind] = {
    Duty: CorrectionKind.DUTY,
    Deadline: CorrectionKind.DEADLINE,
    Target: CorrectionKind.TARGET,
}
_TABLES: dict[str, type[Row]] = {"d": Duty, "l": Deadline, "t": Target}
ROLE_WORDS = {
    DutyRole.LEAD: Words("牵头单位", "lead"),
    DutyRole.RESPONSIBLE: Words("责任单位", "responsible"),
    DutyRole.COOPERATING: Words("配合单位", "cooperating"),
}


@dataclass(frozen=True, slots=True)
class NewDuty:
    """Body that takes part in a measure. `start` and `end` are where it was selected, if it was."""

    role: DutyRole
    body: Unit | Group
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class NewDeadline:
    """Time limit in words, or a date, or both (then the date is what the words mean)."""

    text: str
    date: dt.date | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class NewTarget:
    """Quantity in words: indicator, figure, unit."""

    text: str
    start: int | None = None
    end: int | None = None


# As the columns have it.
_LONGEST = {"number": 40, "title": 500}
New = NewDuty | NewDeadline | NewTarget


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a measure is to say. None leaves a field; `rows` replace a row by its key (d12, l3, t4), strike it where
    the new one is None, and add where the key has no number."""

    number: str | None = None
    title: str | None = None
    chapter: tuple[str, ...] | None = None
    rows: tuple[tuple[str, New | None], ...] = ()


class OvertakenError(InputError):
    """Somebody else changed the measure in between. `changes` says what, each as (what, as seen, as it is now)."""

    def __init__(self, changes: list[tuple[str, str, str]], who: str) -> None:
        self.changes = changes
        self.who = who
        super().__init__(
            Words(
                f"您打开以后，{who or '他人'}已改过这条任务；您填的都还在，请核对后再保存",
                f"{who or 'somebody'} has changed this measure since you opened it; what you filled in is still here:"
                " check it and save again",
            )
        )


def correct(
    actor: Actor,
    measure: Measure,
    wanted: Wanted,
    *,
    lock: int,
    seen: Mapping[str, str] | None = None,
    reason: str = "",
) -> list[Correction]:
    """Corrects a measure; gives the corrections.

    `lock` is the measure's as the person saw it, `seen` its fields then (see `snapshot`): OvertakenError if it has
    moved on, InputError if nothing differs. An issued plan wants a reason; its tasks follow and the units are told.
    """
    plan = measure.document.plan
    with acting(actor, "plan.correct", plan, reason=reason) as act:
        current = take(measure, lock, seen)
        refuse_unreasoned(plan, reason)
        made = [*_fields(actor, current, wanted, reason), *_rows(actor, current, wanted, plan, reason)]
        if not made:
            raise InputError(Words("没有改动，不必保存", "nothing differs: there is nothing to save"))
        tell(act, made)
        consequences.draw(act, plan, [current], stamp=f"c{made[-1].pk}", why=reason)
    return made


def snapshot(measure: Measure) -> dict[str, str]:
    """Fields and rows of a measure as people read them, by name: what a form was filled from."""
    found = {"number": measure.number, "title": measure.title, "chapter": " / ".join(measure.chapter)}
    found |= {f"d{row.pk}": words(row) for row in measure.duties.all()}
    found |= {f"l{row.pk}": words(row) for row in measure.deadlines.all()}
    found |= {f"t{row.pk}": words(row) for row in measure.targets.all()}
    return found


def words(row: Row) -> str:
    """Row as people read it."""
    if isinstance(row, Duty):
        return f"{ROLE_WORDS[DutyRole(row.role)].zh}：{row.body_name or row.name}"
    if isinstance(row, Deadline) and row.date and row.text != row.date.isoformat():
        return f"{row.text}（{row.date}）"
    return row.text


def value(row: Row) -> Any:
    """Row as a correction keeps it: a target's words, else what it says by name."""
    if isinstance(row, Duty):
        return {"role": row.role, "body": row.body_name or row.name}
    if isinstance(row, Deadline):
        return {"text": row.text, "date": row.date.isoformat() if row.date else None}
    return row.text


def take(measure: Measure, lock: int, seen: Mapping[str, str] | None = None) -> Measure:
    """Measure as it stands, its lock moved on; OvertakenError if it is no longer as it was seen.

    Of two who come at once one moves the lock, the other finds it moved.
    """
    queries.hold(measure.document.plan)
    moved = Measure.objects.filter(pk=measure.pk, lock=lock).update(lock=F("lock") + 1)
    current = Measure.every.select_related("document__plan").get(pk=measure.pk)
    if current.document.state != Standpoint.IN_FORCE:
        raise InputError(
            Words(
                "这一版文稿已不是现行版本，请在现行版本上更正",
                "this version of the document is not in force: correct the one that is",
            )
        )
    if current.struck:
        raise InputError(Words(f"“{current}”已不作为任务", f"{current} is no measure any more"))
    if not moved:
        raise overtaken(current, seen)
    return current


def overtaken(current: Measure, seen: Mapping[str, str] | None) -> OvertakenError:
    """What changed since somebody saw the measure, and who changed it last."""
    now = snapshot(current)
    names = [*(seen or {}), *(key for key in now if key not in (seen or {}))]
    changes = [
        (name, (seen or {}).get(name, ""), now.get(name, ""))
        for name in names
        if seen is not None and seen.get(name, "") != now.get(name, "")
    ]
    last = current.corrections.select_related("by__person").order_by("at", "id").last()
    return OvertakenError(changes, str(last.by) if last and last.by else "")


def refuse_unreasoned(plan: Plan, reason: str) -> None:
    """An issued plan is not changed without a reason."""
    if plan.state == PlanState.ISSUED and not reason.strip():
        raise InputError(Words("文稿已下达，更正须写明理由", "the plan is issued: give a reason for the correction"))


def record(
    actor: Actor,
    measure: Measure,
    kind: CorrectionKind,
    *,
    compiled: Any,
    before: Any,
    after: Any,
    reason: str,
    kept: dict[str, Any] | None = None,
    place: tuple[int | None, int | None] = (None, None),
) -> Correction:
    """Correction, saved."""
    return Correction.objects.create(
        measure=measure,
        kind=kind,
        compiled=compiled,
        before=before,
        after=after,
        kept=kept or {},
        start=place[0],
        end=place[1],
        reason=reason.strip()[:500],
        by_id=actor.account_id,
    )


def tell(act: Act, made: Iterable[Correction]) -> None:
    """Puts corrections into the journal's entry."""
    rows = list(made)
    act.before = {str(row): row.before for row in rows}
    act.after = {str(row): row.after for row in rows}


def standing(measure: Measure, kind: CorrectionKind) -> Correction | None:
    """Latest correction of this kind that was not taken back."""
    return measure.corrections.filter(kind=kind, back_at=None).last()


def _fields(actor: Actor, measure: Measure, wanted: Wanted, reason: str) -> list[Correction]:
    made = []
    for kind, name, value in (
        (CorrectionKind.NUMBER, "number", wanted.number),
        (CorrectionKind.TITLE, "title", wanted.title),
        (CorrectionKind.CHAPTER, "chapter", None if wanted.chapter is None else list(wanted.chapter)),
    ):
        before = getattr(measure, name)
        value = " ".join(value.split()) if isinstance(value, str) else value
        if value is None or value == before:
            continue
        if name == "title" and not value:
            raise InputError(Words("标题不能为空", "a measure needs a title"))
        limit = _LONGEST.get(name)
        if limit and len(value) > limit:
            raise InputError(
                Words(f"“{value[:20]}…”超过 {limit} 个字", f"{value[:20]}… is longer than {limit} characters")
            )
        earlier = measure.corrections.filter(kind=kind, back_at=None).first()
        made.append(
            record(
                actor,
                measure,
                kind,
                compiled=earlier.compiled if earlier else before,
                before=before,
                after=value,
                reason=reason,
            )
        )
        setattr(measure, name, value)
    if made:
        measure.save(update_fields=["number", "title", "chapter"])
    return made


def _rows(actor: Actor, measure: Measure, wanted: Wanted, plan: Plan, reason: str) -> list[Correction]:
    problems: list[Words] = []
    planned: list[tuple[Row | None, Row | None, tuple[int | None, int | None]]] = []
    for key, new in wanted.rows:
        try:
            old = _row(measure, key) if len(key) > 1 else None
            row = _made(new, plan.year) if new is not None else None
        except InputError as error:
            problems += error.problems
            continue
        if old and row and (type(old) is not type(row) or words(old) == words(row)):
            continue  # the same words: nothing to correct
        if row and not old and words(row) in {words(one) for one in _same_table(measure, row)}:
            problems.append(Words(f"已有“{words(row)}”", f"{words(row)} is there already"))
            continue
        planned.append((old, row, (new.start, new.end) if new else (None, None)))
    if problems:
        raise InputError(*problems)
    return [replace(actor, measure, old, row, reason=reason, place=place) for old, row, place in planned if old or row]


def replace(
    actor: Actor,
    measure: Measure,
    old: Row | None,
    new: Row | None,
    *,
    reason: str,
    place: tuple[int | None, int | None] = (None, None),
) -> Correction:
    """Strikes `old`, puts `new` (not saved yet) in its stead; either may be None."""
    known = old or new
    assert known is not None
    if old is None:
        compiled = None
    else:
        settled = getattr(old, "added_by_id", None) is not None
        compiled = old.made_by.compiled if old.made_by else None if settled else value(old)
    made = record(
        actor,
        measure,
        _KINDS[type(known)],
        compiled=compiled,
        before=value(old) if old else None,
        after=value(new) if new else None,
        reason=reason,
        place=place,
    )
    if new is not None:
        new.measure = measure
        new.made_by = made
        new.start, new.end = place
        new.save()
    if old is not None:
        type(old).every.filter(pk=old.pk).update(struck=True, struck_by=made)
        if isinstance(old, Target) and new is not None:
            swap_targets([(old.pk, new.pk)])
    return made


_CONTENT = (
    *("measure_id", "text", "indicator", "comparator", "low", "high", "scale", "unit", "start", "end"),
    *("struck", "made_by_id", "struck_by_id"),
)


def swap_targets(pairs: Iterable[tuple[int, int]]) -> None:
    """Exchanges what two rows say, pair by pair: what was reported for the first goes on under the words of the second.

    Reports, shares and whatever else points at a target stay where they are.
    """
    rows = list(pairs)
    found = {row.pk: row for row in Target.every.filter(pk__in=[key for pair in rows for key in pair])}
    for one, other in rows:
        left = [getattr(found[one], name) for name in _CONTENT]
        right = [getattr(found[other], name) for name in _CONTENT]
        for name, mine, theirs in zip(_CONTENT, left, right, strict=True):
            setattr(found[one], name, theirs)
            setattr(found[other], name, mine)
    rewrite(found.values(), [name.removesuffix("_id") for name in _CONTENT])


def _same_table(measure: Measure, row: Row) -> Iterable[Row]:
    table = type(row)
    return table.objects.filter(measure=measure)


def _row(measure: Measure, key: str) -> Row:
    table, number = _TABLES.get(key[0]), key[1:]
    rows = table.objects.filter(measure=measure) if table and number.isdecimal() and len(number) < 19 else None
    found: Row | None = rows.filter(pk=int(number)).select_related("made_by").first() if rows is not None else None
    if found is None:
        raise InputError(
            Words("要更正的内容已经不在，刷新页面看结果", "what you correct is no longer there: reload the page")
        )
    return found


def _made(new: New, year: int | None) -> Row:
    if isinstance(new, NewDuty):
        return Duty(
            role=new.role,
            name=str(new.body),
            unit=new.body if isinstance(new.body, Unit) else None,
            group=new.body if isinstance(new.body, Group) else None,
        )
    if isinstance(new, NewDeadline):
        return stated.deadline(stated.limit(new.text, year, new.date))
    return stated.target(new.text, year)


_BACK = {CorrectionKind.NUMBER: "number", CorrectionKind.TITLE: "title", CorrectionKind.CHAPTER: "chapter"}
ROW_KINDS = frozenset(_KINDS.values())


def take_back_fields(correction: Correction, measure: Measure) -> None:
    """Puts back what a correction of a field or a row replaced. InputError if a later one builds on it."""
    kind = CorrectionKind(correction.kind)
    if kind in _BACK:
        if (last := standing(measure, kind)) and last.pk > correction.pk:
            raise later(last)
        setattr(measure, _BACK[kind], correction.before)
        measure.save(update_fields=[_BACK[kind]])
        return
    table = next(table for table, its in _KINDS.items() if its == kind)
    if built := table.every.filter(made_by=correction, struck=True).exclude(struck_by=None).first():
        assert built.struck_by is not None
        raise later(built.struck_by)
    if kind == CorrectionKind.TARGET:
        made, replaced = (
            Target.every.filter(made_by=correction).first(),
            Target.every.filter(struck_by=correction).first(),
        )
        if made and replaced:
            swap_targets([(made.pk, replaced.pk)])
    table.every.filter(made_by=correction).update(struck=True)
    table.every.filter(struck_by=correction).update(struck=False, struck_by=None)


def later(correction: Correction) -> InputError:
    """A later correction stands on this one."""
    return InputError(
        Words(
            f"后来又有更正（{correction}），请先撤回那一条",
            f"a later correction stands on it ({correction}): take that one back first",
        )
    )


def mark_back(actor: Actor, correction: Correction) -> None:
    """Marks as taken back, once."""
    changed = Correction.objects.filter(pk=correction.pk, back_at=None).update(
        back_at=timezone.now(), back_by_id=actor.account_id
    )
    if not changed:
        raise InputError(Words(f"“{correction}”已经撤回", f"{correction} is taken back already"))
