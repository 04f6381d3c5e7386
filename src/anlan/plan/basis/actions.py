"""Every change of the library: documents added, corrected, collected; clauses taken in, mapped, exempted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F

from anlan.foundation.access.acting import acting, demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.search import index
from anlan.plan.basis import queries
from anlan.plan.basis.models import Basis, BasisClause, Level, Validity
from anlan.plan.basis.models import Mapping as Mapped
from anlan.plan.compiler.reading import Unreadable
from anlan.plan.document import chapters, compile_document, one_line
from anlan.plan.models import Measure, Plan, Standpoint
from anlan.settings import InputError, Words


@dataclass(frozen=True, slots=True)
class Facts:
    """What the library says of a document. `replaced_by` is the one that took its place."""

    title: str
    number: str = ""
    issuer: str = ""
    level: str = Level.OTHER.value
    validity: str = Validity.UNKNOWN.value
    since: dt.date | None = None
    until: dt.date | None = None
    replaced_by: Basis | None = None
    note: str = ""


def add(actor: Actor, facts: Facts) -> Basis:
    """New document. InputError with everything that is wrong."""
    with acting(actor, "basis.edit") as act:
        facts = _checked(facts, None)
        made = Basis.objects.create(**_columns(facts), created_by_id=actor.account_id)
        index.put_where("basis", pk=made.pk)
        act.obj = made
        act.after = _told(facts)
    return made


def correct(actor: Actor, basis: Basis, facts: Facts, *, lock: int) -> None:
    """Corrects what the library says; InputError if somebody changed it since `lock`."""
    with acting(actor, "basis.edit", basis) as act:
        facts = _checked(facts, basis)
        before = Basis.objects.get(pk=basis.pk)
        changed = Basis.objects.filter(pk=basis.pk, lock=lock).update(**_columns(facts), lock=F("lock") + 1)
        if not changed:
            raise InputError(
                Words(f"{before} 已被他人改过，请刷新页面再改", f"somebody changed {before} since: reload the page")
            )
        index.put_where("basis", pk=basis.pk)
        act.before = {name: str(getattr(before, name)) for name in _columns(facts)}
        act.after = _told(facts)
    basis.refresh_from_db()


def _columns(facts: Facts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in Facts.__dataclass_fields__}


def _told(facts: Facts) -> dict[str, object]:
    return {name: str(value) for name, value in _columns(facts).items() if value not in ("", None)}


def _checked(facts: Facts, own: Basis | None) -> Facts:
    problems = []
    title = one_line(facts.title).strip("《》 ")
    number = "".join(facts.number.split())
    if not title:
        problems.append(Words("请填写文件名称", "give the title"))
    if facts.since and facts.until and facts.until < facts.since:
        problems.append(
            Words(
                f"失效日期 {facts.until} 早于生效日期 {facts.since}", f"it ends on {facts.until}, before {facts.since}"
            )
        )
    if own is not None and facts.replaced_by is not None and facts.replaced_by.pk == own.pk:
        problems.append(Words("不能由自己替代", "a document cannot replace itself"))
    same = Basis.objects.filter(title=title, number=number).first()
    if same and (own is None or same.pk != own.pk):
        problems.append(Words(f"依据库里已有 {same}", f"{same} is in the library already"))
    if problems:
        raise InputError(*problems)
    return Facts(**{**{k: getattr(facts, k) for k in Facts.__dataclass_fields__}, "title": title, "number": number})


def collect(actor: Actor, plan: Plan) -> int:
    """Adds to the library what the plan refers to and the library does not have; gives how many. Validity unknown."""
    with acting(actor, "basis.edit", plan) as act:
        found = [one for one in queries.references(plan) if one.basis is None and one.title]
        made = Basis.objects.bulk_create(
            Basis(title=one.title[:300], number=one.number[:100], created_by_id=actor.account_id) for one in found
        )
        index.put("basis", Basis.objects.filter(title__in=[one.title for one in made]))
        act.after = {"added": [str(one) for one in made]}
    return len(made)


def take_clauses(actor: Actor, basis: Basis, data: bytes, name: str) -> int:
    """Clauses of a document from its text, read by the compiler; gives how many.

    A clause that was there keeps what was mapped to it. InputError for a file without text or without clauses.
    """
    demand(actor, "basis.edit", basis)
    try:
        plan = compile_document(data, name).plan
    except Unreadable as reason:
        raise InputError(Words(f"{name}：{reason.zh}", f"{name}: {reason.en}")) from reason
    if not plan.measures:
        raise InputError(Words(f"{name}：没有解析出带编号的条款", f"{name}: no numbered clause was found in it"))
    rows = [
        (one.number[:40], list(path), one_line(plan.text[one.number_span.end : one.span.end]).lstrip("、.．) ）"))
        for one, path in zip(plan.measures, chapters(plan), strict=True)
    ]
    with acting(actor, "basis.edit", basis) as act:
        known: dict[str, BasisClause] = {clause.text: clause for clause in basis.clauses.all()}
        basis.clauses.update(order=-1 - F("order"))
        for order, (number, chapter, text) in enumerate(rows):
            clause = known.pop(text, None) or BasisClause(basis=basis, text=text)
            clause.order, clause.number, clause.chapter = order, number, chapter
            clause.save()
        gone = [clause.pk for clause in known.values()]
        BasisClause.objects.filter(pk__in=gone).delete()
        act.after = {"file": name, "clauses": len(rows), "gone": len(gone)}
    return len(rows)


def map_clauses(actor: Actor, basis: Basis, pairs: Iterable[tuple[BasisClause, Measure]]) -> int:
    """Says which measures carry clauses out; gives how many mappings are new."""
    with acting(actor, "basis.map", basis) as act:
        wanted = list(dict.fromkeys(pairs))
        problems = [
            Words(f"“{measure}”不在现行文稿里", f"{measure} is of no version in force")
            for clause, measure in wanted
            if measure.struck or measure.document.state != Standpoint.IN_FORCE or clause.basis_id != basis.pk
        ]
        if not wanted:
            problems.append(Words("没有选中对应的任务", "nothing is selected"))
        if problems:
            raise InputError(*problems)
        known = set(Mapped.objects.filter(clause__basis=basis).values_list("clause_id", "measure_id"))
        made = Mapped.objects.bulk_create(
            Mapped(clause=clause, measure=measure, by_id=actor.account_id)
            for clause, measure in wanted
            if (clause.pk, measure.pk) not in known
        )
        BasisClause.objects.filter(pk__in=[clause.pk for clause, _ in wanted]).update(exempt="")
        act.after = {"mapped": [str(one) for one in made]}
    return len(made)


def unmap(actor: Actor, mapping: Mapped) -> None:
    """Takes a mapping back."""
    basis = mapping.clause.basis
    with acting(actor, "basis.map", basis) as act:
        act.before = {"mapped": str(mapping)}
        Mapped.objects.filter(pk=mapping.pk).delete()


def exempt(actor: Actor, clause: BasisClause, reason: str) -> None:
    """Says why the district has nothing to do for a clause; an empty reason takes that back."""
    with acting(actor, "basis.map", clause.basis, reason=reason) as act:
        if reason.strip() and clause.mappings.exists():
            raise InputError(
                Words(f"“{clause}”已有对应任务，请先取消对应", f"{clause} has measures: take these mappings back first")
            )
        act.before = {"exempt": clause.exempt}
        BasisClause.objects.filter(pk=clause.pk).update(exempt=reason.strip()[:500])
        act.after = {"clause": str(clause), "exempt": reason.strip()}


def go_on(pairs: Mapping[int, int]) -> None:
    """Lets mappings go with their clauses to the version that is adopted; called inside the adoption."""
    rows = list(Mapped.objects.filter(measure__in=list(pairs)))
    Mapped.objects.bulk_create(
        (Mapped(clause_id=row.clause_id, measure_id=pairs[row.measure_id], by_id=row.by_id) for row in rows),
        ignore_conflicts=True,
    )
