"""What happened to a task, as one story: versions of the document, corrections of its measure, issue, sub-tasks,
reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.urls import reverse

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.rules import may, visible
from anlan.foundation.flow.models import Event
from anlan.foundation.journal import queries as journal
from anlan.foundation.journal.models import Entry, Outcome
from anlan.plan.models import Correction, CorrectionKind, Document, Measure, Standpoint, Task
from anlan.settings import Words


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened: when, what (`code` and words), by whom, more of it in data, and where to read it."""

    at: dt.datetime
    code: str
    words: Words
    who: str
    detail: str = ""
    url: str = ""


def of_task(actor: Actor, task: Task) -> list[Happened]:
    """Everything the reader may know of a task's history, the latest first. Six queries at most.

    Reports and plans follow their own permissions: what may not be read is not told.
    """
    reads_plan = may(actor, "plan.see", task.plan)
    found = [*_reports(actor, task), *_own(task), *_plan(task, reads_plan)]
    if reads_plan:
        found += _corrections(actor, task)
    return sorted(found, key=lambda one: one.at, reverse=True)


def _reports(actor: Actor, task: Task) -> Iterator[Happened]:
    reports = visible(actor, "report.see", apps.get_model("progress", "Report")._default_manager.all())
    rows = reports.filter(owed__task=task).select_related("owed__unit", "owed__round")
    known = {row.pk: row for row in rows}
    events = Event.objects.filter(kind="progress.report", object_id__in=list(known)) if known else ()
    for event in events:
        report = known[event.object_id]
        yield Happened(
            event.at,
            f"report.{event.transition}",
            journal.words(f"report.{event.transition}"),
            event.actor_name,
            "，".join(part for part in (f"{report.owed.unit} {report.owed.round}", event.reason) if part),
            reverse("report", args=[report.pk]),
        )


def _own(task: Task) -> Iterator[Happened]:
    """Actions on the task itself: split into parts."""
    rows = Entry.objects.filter(kind=Task._meta.label_lower, object_id=str(task.pk), outcome=Outcome.DONE)
    for entry in rows:
        yield Happened(entry.at, entry.action, journal.words(entry.action), entry.actor_name, entry.reason)


def _plan(task: Task, reads_plan: bool) -> Iterator[Happened]:
    """Issue and withdrawal of the plan, and versions of its document that came into force."""
    for event in Event.objects.filter(kind=task.plan._meta.label_lower, object_id=task.plan_id):
        code = f"plan.{event.transition}"
        yield Happened(event.at, code, journal.words(code), event.actor_name, event.reason)
    documents = task.plan.documents.filter(state__in=[Standpoint.IN_FORCE, Standpoint.REPLACED]).order_by("number")
    for one in documents.select_related("created_by__person", "decided_by__person").defer("text", "compiled"):
        yield _version(one, reads_plan)


def _version(one: Document, reads_plan: bool) -> Happened:
    first = one.decided_at is None
    return Happened(
        one.decided_at or one.created_at,
        "plan.receive" if first else "plan.adopt",
        Words(
            f"收入文稿第 {one.number} 版" if first else f"采用文稿第 {one.number} 版",
            f"version {one.number} of the document taken in"
            if first
            else f"version {one.number} of the document put in force",
        ),
        _name(one.created_by if first else one.decided_by),
        "，".join(part for part in (one.name, one.reason) if part),
        reverse("plan-version", args=[one.plan_id, one.number]) if reads_plan else "",
    )


def _corrections(actor: Actor, task: Task) -> Iterator[Happened]:
    """Corrections of the measure and of the same clause in earlier versions; one that went on is told once."""
    before = dict(
        Measure.every.filter(document__plan=task.plan_id, continues__isnull=False).values_list("pk", "continues")
    )
    chain, key = [task.measure_id], task.measure_id
    while (key := before.get(key)) is not None and key not in chain:  # type: ignore[assignment]
        chain.append(key)
    corrects = may(actor, "plan.correct", task.plan)
    rows = Correction.objects.filter(measure__in=chain, carried_from__isnull=True)
    for one in rows.select_related("by__person", "back_by__person"):
        label = CorrectionKind(one.kind)
        url = reverse("plan-measure", args=[task.plan_id, task.measure_id]) if corrects else ""
        said = f"{_said(one.before)} → {_said(one.after)}"
        yield Happened(
            one.at, f"correct.{label.value}", _kind(label), _name(one.by), f"{said} {one.reason}".strip(), url
        )
        if one.back_at is not None:
            words = _kind(label)
            back = Words(f"撤销{words.zh}", f"taken back: {words.en}")
            yield Happened(one.back_at, f"correct.{label.value}.back", back, _name(one.back_by), said, url)


_KINDS = {
    CorrectionKind.NUMBER: Words("更正序号", "number corrected"),
    CorrectionKind.TITLE: Words("更正标题", "title corrected"),
    CorrectionKind.CHAPTER: Words("更正章节", "chapter corrected"),
    CorrectionKind.DUTY: Words("更正承担单位", "units corrected"),
    CorrectionKind.DEADLINE: Words("更正完成时限", "deadline corrected"),
    CorrectionKind.TARGET: Words("更正目标", "target corrected"),
    CorrectionKind.MOVE: Words("调整顺序", "moved"),
    CorrectionKind.SPLIT: Words("拆分任务", "split"),
    CorrectionKind.MERGE: Words("合并任务", "merged"),
    CorrectionKind.ADD: Words("新增任务", "added"),
    CorrectionKind.STRIKE: Words("不作为任务", "taken out"),
}


def _kind(kind: CorrectionKind) -> Words:
    return _KINDS[kind]


def _said(value: object) -> str:
    """What stood there: texts as they are, lists in one line, what a row says by its name."""
    if isinstance(value, dict):
        return str(value.get("body") or value.get("text") or value.get("date") or "—")
    if isinstance(value, list):
        return "、".join(_said(one) for one in value) or "—"
    return str(value) if value not in (None, "") else "—"


def _name(account: object) -> str:
    person = getattr(account, "person", None)
    return str(person or account or "")
