"""Which tasks have to do with a task, and why: one clause of a higher plan, one document named, one target, one water,
one lead unit. Only what the reader may see."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may
from anlan.plan import queries
from anlan.plan.compiler import references
from anlan.plan.compiler.view import fold, solid
from anlan.plan.models import Document, DutyRole, Measure, Standpoint, Target, Task, TaskDuty
from anlan.settings import Words

MOST = 10
# What a reason weighs: a confirmed clause most, a common lead least.
_CLAUSE, _TARGET, _NAMED, _WATER, _LEAD = 8, 4, 3, 3, 1
# A name of two or three characters before the word for a water. What more than a third of a plan's measures name, such
# as the river the plan is about, says nothing.
_WATER_NAME = re.compile(r"(?=([一-龥]{1,2}(?:水库|江|河|湖|港|渠|溪)))")
# Not names: 江河 (waters), 入河 (into the river), 沿江 (along it) …
_NO_NAME = re.compile(
    r"[入沿临滨护治巡清排涉跨各全该本在和与及或等至到对向往内外大小中主支干城区县镇乡村沟大江河湖库排两"
    r"市省流域水面进过经管从于的为及上下游对岸连通理局院署站所委办厅队]"
)
_OWNERS = (DutyRole.LEAD, DutyRole.RESPONSIBLE)


@dataclass(slots=True)
class Related:
    """Task that has to do with another, with every reason, the weightiest first."""

    task: Task
    reasons: list[Words] = field(default_factory=list)
    weight: int = 0

    def because(self, weight: int, zh: str, en: str) -> None:
        """One reason more."""
        self.weight += weight
        self.reasons.append(Words(zh, en))


def related(actor: Actor, task: Task) -> list[Related]:
    """Up to ten tasks that have to do with this one, the nearest first. Six queries, however many there are.

    A common lead alone relates only tasks of the same chapter: a large office leads half of the plan.
    """
    measure = task.measure
    same_clause, same_target = _clauses(actor, measure), _targets(measure)
    rows = _tasks(actor, task, {*same_clause, *same_target})
    texts = {one.measure_id: _text(measure.document, one.measure) for one in rows}
    own = _text(measure.document, measure)
    named, waters = _documents(own), _waters(own)
    common = _common([own, *(text for text in texts.values() if text)])
    waters -= common
    leads = _leads(task.duties.all())
    found = []
    for other in rows:
        one = Related(other)
        for title in same_clause.get(other.measure_id, ()):
            one.because(_CLAUSE, f"同落实“{title}”", f"carries out “{title}” too")
        for name in same_target.get(other.measure_id, ()):
            one.because(_TARGET, f"同一指标“{name}”", f"the same indicator “{name}”")
        text = texts[other.measure_id]
        for title in sorted(named & _documents(text)) if text else ():
            one.because(_NAMED, f"同依据“{title}”", f"rests on “{title}” too")
        for water in _longest(waters & _waters(text)) if text else ():
            one.because(_WATER, f"同一水体“{water}”", f"the same water “{water}”")
        both = leads.keys() & _leads(other.duties.all()).keys()
        if both and (one.weight or (other.plan_id == task.plan_id and other.chapter == task.chapter)):
            names = [leads[key] for key in sorted(both)]
            one.because(_LEAD, f"同为“{'、'.join(names)}”负责", f"in the charge of “{'、'.join(names)}” too")
        if one.weight:
            found.append(one)
    return sorted(found, key=lambda one: (-one.weight, one.task.plan_id != task.plan_id, one.task.order))[:MOST]


def _tasks(actor: Actor, task: Task, measures: Iterable[int]) -> list[Task]:
    seen = queries.tasks(actor).filter(parent__isnull=True).exclude(pk__in=[task.pk, task.parent_id or task.pk])
    own = seen.filter(plan=task.plan_id)
    other = seen.filter(measure__in=list(measures)).exclude(plan=task.plan_id)
    return [*_read(own), *(_read(other) if measures else ())]


def _read(rows: QuerySet[Task]) -> QuerySet[Task]:
    parts = TaskDuty.objects.select_related("unit", "via").order_by("id")
    return rows.select_related("plan", "measure").prefetch_related(None).prefetch_related(Prefetch("duties", parts))


def _text(document: Document, measure: Measure) -> str:
    """Text of a measure of the same version; of another document, whose text is not read, nothing."""
    return document.text[measure.start : measure.end] if measure.document_id == document.pk else ""


def _clauses(actor: Actor, measure: Measure) -> dict[int, list[str]]:
    """Measures that carry out a clause of a higher plan that this one carries out, with the clause's name."""
    if not may(actor, "basis.see"):
        return {}
    wanted = set(measure.bases.values_list("clause", flat=True))
    if not wanted:
        return {}
    rows = (
        Measure.objects.filter(bases__clause__in=wanted, document__state=Standpoint.IN_FORCE)
        .exclude(pk=measure.pk)
        .values_list("pk", "bases__clause__basis__title", "bases__clause__number", "bases__clause")
    )
    found: dict[int, list[str]] = defaultdict(list)
    for key, title, number, clause in rows:
        if clause in wanted and (name := f"《{title}》{number}") not in found[key]:
            found[key].append(name)
    return found


def _targets(measure: Measure) -> dict[int, list[str]]:
    """Measures in force with a target of the same indicator and unit."""
    mine = {(one.indicator, one.unit) for one in measure.targets.all() if one.indicator}
    rows = (
        Target.objects.filter(indicator__in=[name for name, _ in mine], measure__document__state=Standpoint.IN_FORCE)
        .exclude(measure=measure)
        .values_list("measure", "indicator", "unit")
    )
    found: dict[int, list[str]] = defaultdict(list)
    for key, indicator, unit in rows if mine else ():
        if (indicator, unit) in mine and indicator not in found[key]:
            found[key].append(indicator)
    return found


def _documents(text: str) -> set[str]:
    """Documents that a text names."""
    found = references.find(solid(fold(text)))
    return {f"《{one.title}》" if one.title else one.number or "" for one in found}


def _waters(text: str) -> set[str]:
    """What may name a river, lake or reservoir: 鄱阳湖 gives 阳湖 too, for nobody writes where a name begins.

    The title of a document is no place.
    """
    found = set()
    for match in _WATER_NAME.finditer(re.sub("《[^》]*》", "。", text)):
        name = match[1]
        if not _NO_NAME.search(name[: -2 if name.endswith("水库") else -1]):
            found.add(name)
    return found


def _longest(names: set[str]) -> list[str]:
    """Names without those that are the end of another."""
    return sorted(name for name in names if not any(other != name and other.endswith(name) for other in names))


def _common(texts: list[str]) -> set[str]:
    """Waters that more than a third of these texts name, and at least three."""
    counts: dict[str, int] = defaultdict(int)
    for text in texts:
        for name in _waters(text):
            counts[name] += 1
    return {name for name, count in counts.items() if count >= 3 and count * 3 > len(texts)}


def _leads(parts: Iterable[TaskDuty]) -> dict[int, str]:
    """Units that lead or are responsible by their own name; through a group, everybody is."""
    return {part.unit_id: str(part.unit) for part in parts if part.role in _OWNERS and part.via_id is None}
