"""Versions of a plan's document: a new one comes in, is compared clause by clause, and is adopted or put aside."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Max
from django.utils import timezone

import anlan
from anlan.foundation.access.acting import acting, demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.search import index
from anlan.foundation.vault import actions as vault
from anlan.foundation.vault import storing
from anlan.foundation.vault.types import DOCUMENTS
from anlan.plan import bodies as district
from anlan.plan import carrying, comparing, consequences, following, intake, queries
from anlan.plan.bodies import filled_groups
from anlan.plan.carrying import Carried
from anlan.plan.compiler.reading import Unreadable
from anlan.plan.corrections import refuse_unreasoned
from anlan.plan.document import compile_document
from anlan.plan.matching.pairing import Kind, Relation, likeness
from anlan.plan.models import Document, Match, Measure, Plan, PlanState, Standpoint, Task
from anlan.plan.report import report
from anlan.plan.rewriting import rewrite
from anlan.settings import InputError, Words

DROPPED = "新版本已删除"
# Called with the keys of measures, old to new, so that what other tables say of a clause goes on with it.
CARRIERS: list[Callable[[Mapping[int, int]], None]] = []


def propose(actor: Actor, plan: Plan, data: bytes, name: str, *, year: int | None = None) -> Document:
    """New version of a plan's document from the bytes of a file, compiled and compared with the one in force.

    Raises InputError if the file gives no text, is the version in force, or another version still waits.
    """
    demand(actor, "plan.compare", plan)
    digest = hashlib.sha256(data).hexdigest()
    _refuse_known(plan, digest)
    known = district.bodies()
    try:
        compiled = compile_document(data, name, year=year or plan.year, district=district.register(known))
    except Unreadable as reason:
        raise InputError(Words(f"{name}：{reason.zh}", f"{name}: {reason.en}")) from reason
    if not compiled.plan.measures:
        raise InputError(
            Words(
                f"{name}：没有解析出任务，请核对是不是这份文件",
                f"{name}: no measure was found in it: check that it is the right file",
            )
        )
    # Before the transaction, which holds the only writer's place of SQLite.
    rows = intake.Rows(compiled, known, filled_groups())
    output = report(compiled, "zh")
    stored = storing.put(io.BytesIO(data), name, DOCUMENTS)
    with acting(actor, "plan.compare", plan) as act:
        queries.hold(plan)
        _refuse_known(plan, digest)
        receipt = vault.enter(actor, stored, purpose="plan", obj=plan)
        document = Document.objects.create(
            plan=plan,
            number=(plan.documents.aggregate(last=Max("number"))["last"] or 0) + 1,
            name=name[:255],
            sha256=digest,
            receipt=receipt,
            format=compiled.source.format.value,
            text=compiled.plan.text,
            compiled=output,
            compiler=anlan.__version__,
            created_by_id=actor.account_id,
            state=Standpoint.PROPOSED,
        )
        rows.write(document)
        old = queries.document(plan)
        carried = carrying.structure(old, document)
        document.outcome = {"structure": {"corrections": carried.corrections, "lost": carried.lost}}
        document.save(update_fields=["outcome"])
        Match.objects.bulk_create(comparing.compare(old, document))
        act.after = {"version": document.number, "sha256": digest, "measures": len(rows)}
    return document


def _refuse_known(plan: Plan, digest: str) -> None:
    waiting = plan.documents.filter(state=Standpoint.PROPOSED).first()
    if waiting:
        raise InputError(
            Words(
                f"第 {waiting.number} 版“{waiting}”还在比对，请先采用它或不采用",
                f"version {waiting.number}, {waiting}, still waits: adopt it or put it aside first",
            )
        )
    same = (
        Document.objects.filter(sha256=digest)
        .exclude(plan__state=PlanState.WITHDRAWN)
        .exclude(plan=plan, state__in=[Standpoint.REPLACED, Standpoint.ASIDE])
        .select_related("plan")
        .first()
    )
    if same:
        raise InputError(
            Words(
                f"这份文件就是《{same.plan}》的现行版本，没有不同",
                f"this file is the version of {same.plan} that is in force: nothing differs",
            )
        )


def confirm(actor: Actor, document: Document, matches: Iterable[Match]) -> int:
    """Says that these matches are right; gives how many."""
    with acting(actor, "plan.compare", document.plan) as act:
        queries.hold(document.plan)
        _refuse_decided(document)
        keys = [one.pk for one in matches if one.document_id == document.pk]
        changed = Match.objects.filter(pk__in=keys, confirmed_at=None).update(
            confirmed_at=timezone.now(), confirmed_by_id=actor.account_id
        )
        act.after = {"version": document.number, "confirmed": [str(one) for one in Match.objects.filter(pk__in=keys)]}
    return changed


def link(actor: Actor, document: Document, new: Measure, olds: Sequence[Measure]) -> None:
    """Says which clauses of the version in force a new one continues: none (it is added), one, or several (merged).

    InputError for a clause that would be split and merged at once.
    """
    with acting(actor, "plan.compare", document.plan) as act:
        queries.hold(document.plan)
        _refuse_decided(document)
        current = queries.document(document.plan)
        if new.document_id != document.pk or any(one.document_id != current.pk or one.struck for one in olds):
            raise InputError(Words("所选任务不在这两版里", "these clauses are not of the two versions"))
        others = document.matches.filter(old__in=olds, new__isnull=False).exclude(new=new)
        if len(olds) > 1 and others.exists():
            raise InputError(
                Words(
                    "其中一条已对应新版本的另一条：一条不能既拆分又合并，请先改那一条",
                    "one of them belongs to another clause already: a clause cannot be split and merged at once",
                )
            )
        if any(document.matches.filter(new=one.new_id).count() > 1 for one in others):
            raise InputError(
                Words(
                    "这一条已与别的合并到新版本的另一条，请先改那一条",
                    "it is merged with others into another clause: change that one first",
                )
            )
        before = [str(one) for one in document.matches.filter(new=new).select_related("old", "new")]
        left = set(document.matches.filter(new=new, old__isnull=False).values_list("old_id", flat=True))
        document.matches.filter(new=new).delete()
        document.matches.filter(old__in=olds, new__isnull=True).delete()
        now = {"confirmed_at": timezone.now(), "confirmed_by_id": actor.account_id, "document": document, "new": new}
        scores = _scores(current, document, olds, new)
        made = [Match(old=one, score=scores[one.pk], **now) for one in olds] or [Match(score=0, **now)]
        Match.objects.bulk_create(made)
        linked = set(document.matches.filter(old__in=left).values_list("old_id", flat=True))
        Match.objects.bulk_create(Match(document=document, old_id=key, score=0) for key in left - linked)
        act.before = {"version": document.number, "matches": before}
        act.after = {"matches": [str(one) for one in made]}


def _scores(old: Document, new: Document, olds: Sequence[Measure], measure: Measure) -> dict[int, int]:
    """How alike each old clause is to the new one, in thousandths."""
    (target,) = comparing.clauses(new, [measure])
    return {clause.key: round(likeness(clause.text, target.text) * 1000) for clause in comparing.clauses(old, olds)}


def put_aside(actor: Actor, document: Document, reason: str) -> None:
    """Does not adopt a version, with a reason; it is kept and can be read."""
    with acting(actor, "plan.compare", document.plan, reason=reason) as act:
        if not reason.strip():
            raise InputError(Words("请写明不采用的理由", "say why it is not adopted"))
        _decide(actor, document, Standpoint.ASIDE, reason)
        act.after = {"version": document.number, "state": Standpoint.ASIDE.value}


def _decide(actor: Actor, document: Document, state: Standpoint, reason: str) -> None:
    """Moves a proposed version on; of two who decide at once one is told."""
    changed = Document.objects.filter(pk=document.pk, state=Standpoint.PROPOSED).update(
        state=state, decided_at=timezone.now(), decided_by_id=actor.account_id, reason=reason.strip()[:500]
    )
    if not changed:
        raise _decided(document)
    document.refresh_from_db(fields=["state", "decided_at", "decided_by", "reason"])


def _decided(document: Document) -> InputError:
    return InputError(
        Words(
            f"第 {document.number} 版已经处理过，刷新页面看结果",
            f"version {document.number} is decided already: reload the page",
        )
    )


def _refuse_decided(document: Document) -> None:
    if not Document.objects.filter(pk=document.pk, state=Standpoint.PROPOSED).exists():
        raise _decided(document)


def adopt(actor: Actor, document: Document, *, reason: str = "") -> dict[str, Any]:
    """Puts a version in force; gives what came of it (see `Document.outcome`).

    Corrections, settlements, tasks with their reports go on with the clauses that are the same. Of an issued plan the
    tasks of changed clauses change, those of dropped ones become void, new ones are handed out once nothing of them is
    open. InputError for matches that wait for a person, and an issued plan without reason. All or nothing.
    """
    plan = Plan.objects.get(pk=document.plan_id)
    with acting(actor, "plan.adopt", plan, reason=reason) as act:
        refuse_unreasoned(plan, reason)
        queries.hold(plan)
        old = queries.document(plan)
        _refuse_decided(document)
        relations = _relations(old, document)
        Document.objects.filter(pk=old.pk).update(state=Standpoint.REPLACED)
        _decide(actor, document, Standpoint.IN_FORCE, reason)
        outcome = _go_on(plan, old, document, relations, why=reason)
        document.outcome |= outcome
        document.save(update_fields=["outcome"])
        index.put_where("plan", pk=plan.pk)
        act.before = {"version": old.number}
        act.after = {"version": document.number, **outcome}
    return outcome


def _relations(old: Document, document: Document) -> list[Relation]:
    """What belongs together, everything decided; InputError with all that is not."""
    matches = list(document.matches.select_related("old", "new"))
    problems = [
        Words(f"还没有确认：{one}", f"not confirmed yet: {one}")
        for one in matches
        if one.doubtful and one.confirmed_at is None
    ]
    olds, news = list(old.measures.all()), list(document.measures.all())
    if {one.old_id for one in matches} - {None} != {one.pk for one in olds} or {one.new_id for one in matches} - {
        None
    } != {one.pk for one in news}:
        problems.append(
            Words(
                "比对以后现行版本又有更正，请刷新页面重新核对", "the version in force has changed since: compare anew"
            )
        )
    if problems:
        raise InputError(*problems)
    return comparing.relations(matches, comparing.clauses(old, olds), comparing.clauses(document, news))


def _go_on(plan: Plan, old: Document, new: Document, relations: list[Relation], why: str) -> dict[str, Any]:
    olds = {one.pk: one for one in old.measures.all()}
    news = {one.pk: one for one in new.measures.all()}
    pairs: dict[Measure, Measure] = {}
    links: list[tuple[Measure, Measure]] = []
    gone: dict[int, str] = {}
    for relation in relations:
        keeps = relation.keeps
        if keeps.old is not None and keeps.new is not None:
            pairs[olds[keeps.old]] = news[keeps.new]
        for edge in relation.edges:
            if edge.old is None:
                continue
            if edge.new is None:
                gone[edge.old] = DROPPED
                continue
            links.append((olds[edge.old], news[edge.new]))
            if relation.kind is Kind.MERGED and edge != keeps:
                gone[edge.old] = f"新版本已并入“{news[edge.new]}”"
    for source, target in pairs.items():
        target.continues = source
    rewrite(pairs.values(), ["continues"])
    done = carrying.fields(pairs, old, new)
    groups = filled_groups()
    consequences.reask([news[key] for key in done.touched], groups)
    carrying.settlements(links, old, new, done)
    consequences.reask([news[key] for key in done.touched], groups)
    carrying.targets(pairs)
    _keep_tasks(pairs)
    for carrier in CARRIERS:
        carrier({source.pk: target.pk for source, target in pairs.items()})
    followed = following.follow(
        plan,
        [*Measure.objects.filter(document=new), *(olds[key] for key in gone)],
        stamp=f"v{new.number}",
        why=why or DROPPED,
        gone=gone,
    )
    return _outcome(relations, done, new, followed.told())


def _keep_tasks(pairs: dict[Measure, Measure]) -> None:
    """Tasks, their parts and what was shelved go with their clauses."""
    to = {source.pk: target.pk for source, target in pairs.items()}
    tasks = list(Task.objects.filter(measure__in=list(to)))
    for task in tasks:
        task.measure_id = to[task.measure_id]
    rewrite(tasks, ["measure"])


def _outcome(relations: list[Relation], done: Carried, new: Document, tasks: dict[str, Any]) -> dict[str, Any]:
    structure = new.outcome.get("structure", {})
    return {
        "kinds": dict(Counter(relation.kind.value for relation in relations)),
        "corrections": done.corrections + structure.get("corrections", 0),
        "settlements": done.settlements,
        "lost": [*structure.get("lost", ()), *done.lost],
        "tasks": {key: len(value) for key, value in tasks.items()},
    }
