"""Every change of state of a plan: received, settled, issued, withdrawn."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.db import transaction
from django.utils import timezone

import anlan
from anlan.foundation.access.acting import Act, acting, demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.flow.actions import move
from anlan.foundation.org.models import Group, Unit, UnitAlias
from anlan.foundation.search import index
from anlan.foundation.vault import actions as vault
from anlan.foundation.vault import storing
from anlan.foundation.vault.types import DOCUMENTS
from anlan.plan import bodies as district
from anlan.plan import consequences, intake, issuing, queries
from anlan.plan.bodies import filled_groups
from anlan.plan.compiler.reading import Unreadable
from anlan.plan.document import compile_document
from anlan.plan.flow import PLAN
from anlan.plan.models import (
    Deadline,
    Document,
    Duty,
    DutyRole,
    Measure,
    Plan,
    PlanState,
    Question,
    QuestionKind,
    Standpoint,
    Task,
)
from anlan.plan.report import report
from anlan.settings import InputError, Words

# So many problems are told one by one: nobody reads thousands.
_TOLD = 50
_PART = 500


def receive(
    actor: Actor,
    data: bytes,
    name: str,
    *,
    year: int | None = None,
    sample: bool = False,
    told: Callable[[int, int, Words], None] = lambda done, total, words: None,
) -> Plan:
    """New plan from the bytes of a file, compiled, with its open questions.

    `told` is called with how far it is: done, of how much, and words. Raises InputError if the file gives no text, or
    the same file is already a plan that was not withdrawn.
    """
    demand(actor, "plan.receive")
    digest = hashlib.sha256(data).hexdigest()
    refuse_twice(digest)
    known = district.bodies()
    told(0, 0, Words("正在解析", "compiling"))
    try:
        compiled = compile_document(data, name, year=year, district=district.register(known))
    except Unreadable as reason:
        raise InputError(Words(f"{name}：{reason.zh}", f"{name}: {reason.en}")) from reason
    # All that takes long comes before the transaction, which holds the only writer's place of SQLite.
    rows = intake.Rows(
        compiled,
        known,
        filled_groups(),
        lambda done, total: told(done, total, Words(f"整理任务 {done} / {total}", f"measures: {done} of {total}")),
    )
    output = report(compiled, "zh")
    told(len(rows), len(rows), Words("正在写入", "writing"))
    stored = storing.put(io.BytesIO(data), name, DOCUMENTS)
    with acting(actor, "plan.receive") as act:
        # Once more inside the transaction: two people may drop the same file at once.
        refuse_twice(digest)
        title = compiled.plan.title or name.rsplit(".", 1)[0]
        plan = Plan.objects.create(
            title=title[:300], year=compiled.plan.year, sample=sample, created_by_id=actor.account_id
        )
        receipt = vault.enter(actor, stored, purpose="plan", obj=plan)
        document = Document.objects.create(
            plan=plan,
            number=1,
            name=name[:255],
            sha256=digest,
            receipt=receipt,
            format=compiled.source.format.value,
            text=compiled.plan.text,
            compiled=output,
            compiler=anlan.__version__,
        )
        rows.write(document)
        index.put_where("plan", pk=plan.pk)
        act.obj = plan
        act.after = {"sha256": digest, "measures": len(rows), "document": document.name}
    return plan


def settle_unit(actor: Actor, question: Question, body: Unit | Group, *, remember: bool = False) -> int:
    """Says which unit or group a printed name means, for every measure of the plan that prints it.

    `remember` adds the name to that body's aliases, so that the next plan knows it. Gives the number of questions
    closed by it. Raises InputError if the question is closed or asks something else.
    """
    plan = question.measure.document.plan
    with acting(actor, "plan.settle", plan) as act:
        queries.hold(plan)
        duty = _open(question, QuestionKind.UNIT).duty
        assert duty is not None  # the kind says so
        same = queries.questions(plan).filter(kind=QuestionKind.UNIT, closed_at__isnull=True, duty__name=duty.name)
        keys = list(same.values_list("duty_id", flat=True))
        meant = {"unit": body} if isinstance(body, Unit) else {"group": body}
        Duty.objects.filter(pk__in=keys).update(**meant)
        closed = _close(same, actor, answer=str(body))
        if remember and not UnitAlias.objects.filter(name=duty.name).exists():
            UnitAlias.objects.create(name=duty.name, **meant)
        if isinstance(body, Group) and body.pk not in filled_groups():
            Question.objects.bulk_create(
                Question(measure_id=one.measure_id, duty=one, kind=QuestionKind.GROUP)
                for one in Duty.objects.filter(pk__in=keys)
            )
        act.after = {"name": duty.name, "body": str(body), "closed": closed, "remember": remember}
        _follow(act, plan, Measure.objects.filter(duties__in=keys).distinct())
    return closed


def settle_lead(actor: Actor, question: Question, duty: Duty) -> None:
    """Says which of the responsible bodies leads. The others stay responsible and owe a contribution."""
    with acting(actor, "plan.settle", question.measure.document.plan) as act:
        queries.hold(question.measure.document.plan)
        _open(question, QuestionKind.LEAD)
        if duty.measure_id != question.measure_id or duty.struck or duty.role != DutyRole.RESPONSIBLE:
            raise InputError(
                Words(
                    f"“{duty}”不是这条任务的责任单位：请在责任单位中选一个",
                    f"{duty} is not responsible for this measure: choose one of its responsible units",
                )
            )
        Duty.objects.filter(pk=duty.pk).update(struck=True)
        Duty.objects.create(
            measure=question.measure,
            role=DutyRole.LEAD,
            name=duty.name,
            unit=duty.unit,
            group=duty.group,
            start=duty.start,
            end=duty.end,
            added_by=question,
        )
        _close(Question.objects.filter(pk=question.pk), actor, answer=duty.name)
        act.after = {"measure": str(question.measure), "lead": duty.name}
        _follow(act, question.measure.document.plan, [question.measure])


def settle_leads(actor: Actor, plan: Plan, chosen: Sequence[tuple[Question, Duty]]) -> int:
    """Says of many measures at once which of their responsible bodies leads. Gives how many."""
    with acting(actor, "plan.settle", plan) as act:
        queries.hold(plan)
        rows = _all_open([question for question, _duty in chosen], QuestionKind.LEAD, plan)
        leads = {question.pk: duty for question, duty in chosen}
        wrong = [
            Words(
                f"“{leads[row.pk]}”不是“{row.measure}”的责任单位：请在责任单位中选一个",
                f"{leads[row.pk]} is not responsible for {row.measure}: choose one of its responsible units",
            )
            for row in rows
            if (duty := leads[row.pk]).measure_id != row.measure_id or duty.struck or duty.role != DutyRole.RESPONSIBLE
        ]
        if wrong:
            raise InputError(*wrong[:_TOLD])
        keys = [duty.pk for duty in leads.values()]
        for part in _parts(keys):
            Duty.objects.filter(pk__in=part).update(struck=True)
        Duty.objects.bulk_create(
            Duty(
                measure=row.measure,
                role=DutyRole.LEAD,
                name=leads[row.pk].name,
                unit_id=leads[row.pk].unit_id,
                group_id=leads[row.pk].group_id,
                start=leads[row.pk].start,
                end=leads[row.pk].end,
                added_by=row,
            )
            for row in rows
        )
        by_name: dict[str, list[int]] = {}
        for row in rows:
            by_name.setdefault(leads[row.pk].name, []).append(row.pk)
        closed = sum(_close_all(keys, actor, answer=name) for name, keys in by_name.items())
        act.after = {"leads": {str(row.measure): leads[row.pk].name for row in rows}}
        _follow(act, plan, [row.measure for row in rows])
    return closed


def settle_owner(actor: Actor, question: Question, role: DutyRole, named: Sequence[Unit | Group]) -> None:
    """Names the bodies of a measure that names none."""
    settle_owners(actor, question.measure.document.plan, [question], role, named)


def settle_owners(
    actor: Actor, plan: Plan, questions: Iterable[Question], role: DutyRole, named: Sequence[Unit | Group]
) -> int:
    """Names the same bodies for measures that name none, all of them in one go. Gives how many."""
    with acting(actor, "plan.settle", plan) as act:
        queries.hold(plan)
        rows = _all_open(questions, QuestionKind.OWNER, plan)
        if not named or role == DutyRole.COOPERATING:
            raise InputError(Words("请至少选一个牵头或责任单位", "choose at least one lead or responsible unit"))
        bodies = list(dict.fromkeys(named))
        if role == DutyRole.LEAD and len(rows) > 1 and len(bodies) > 1:
            raise InputError(
                Words(
                    "几条任务一起落实时只能选一个牵头单位", "choose one lead where several measures are settled at once"
                )
            )
        Duty.objects.bulk_create(
            Duty(
                measure=row.measure,
                role=role,
                name=str(body),
                unit=body if isinstance(body, Unit) else None,
                group=body if isinstance(body, Group) else None,
                added_by=row,
            )
            for row in rows
            for body in bodies
        )
        closed = _close_all([row.pk for row in rows], actor, answer="、".join(map(str, named)))
        act.after = {"measures": [str(row.measure) for row in rows], role.value: [str(body) for body in bodies]}
        _follow(act, plan, [row.measure for row in rows])
    return closed


def settle_deadline(actor: Actor, plan: Plan, questions: Iterable[Question], day: dt.date) -> int:
    """Gives measures without a date this last day; all of them in one go. Gives how many."""
    with acting(actor, "plan.settle", plan) as act:
        queries.hold(plan)
        rows = _all_open(questions, QuestionKind.DEADLINE, plan)
        if plan.year and day.year < plan.year:
            raise InputError(
                Words(
                    f"时限 {day} 早于文稿年份 {plan.year} 年，请核对",
                    f"{day} is before the year of the plan, {plan.year}: check it",
                )
            )
        Deadline.objects.bulk_create(
            Deadline(measure=row.measure, text=day.isoformat(), date=day, kind="by", precision="day", added_by=row)
            for row in rows
        )
        closed = _close_all([row.pk for row in rows], actor, answer=day.isoformat())
        act.after = {"deadline": day.isoformat(), "measures": [str(row.measure) for row in rows]}
        _follow(act, plan, [row.measure for row in rows])
    return closed


def check_group(actor: Actor, question: Question) -> None:
    """Closes the question of an empty group once the group has members."""
    with acting(actor, "plan.settle", question.measure.document.plan) as act:
        queries.hold(question.measure.document.plan)
        duty = _open(question, QuestionKind.GROUP).duty
        group = duty.group if duty else None
        if group is None or group.pk not in filled_groups():
            raise InputError(
                Words(
                    f"“{group}”还没有成员：请先在“集合”里设定成员单位",
                    f"{group} has no members yet: name them under Groups first",
                )
            )
        same = queries.questions(question.measure.document.plan).filter(
            kind=QuestionKind.GROUP, closed_at__isnull=True, duty__group=group
        )
        rows = list(same)
        act.after = {"group": str(group), "closed": _close(same, actor, answer=str(group))}
        _follow(act, question.measure.document.plan, [row.measure for row in rows])


def waive(actor: Actor, plan: Plan, questions: Iterable[Question], reason: str) -> int:
    """Leaves questions as they are, with a reason that is kept. Gives how many."""
    with acting(actor, "plan.settle", plan, reason=reason) as act:
        queries.hold(plan)
        if not reason.strip():
            raise InputError(Words("请写明理由", "give a reason"))
        rows = _all_open(questions, None, plan)
        closed, now = 0, timezone.now()
        for part in _parts([row.pk for row in rows]):
            closed += Question.objects.filter(pk__in=part).update(
                waived=True, reason=reason.strip()[:500], closed_at=now, closed_by_id=actor.account_id
            )
        act.after = {"waived": [f"{row.measure} {row.kind}" for row in rows]}
        _follow(act, plan, [row.measure for row in rows])
    return closed


def reopen(actor: Actor, question: Question) -> None:
    """Takes a settlement or a waiver back; what it added is removed, what it struck stands again."""
    with acting(actor, "plan.settle", question.measure.document.plan) as act:
        queries.hold(question.measure.document.plan)
        current = (
            Question.objects.select_for_update(of=("self",)).select_related("measure__document").get(pk=question.pk)
        )
        _refuse_replaced(current)
        if current.closed_at is None:
            raise InputError(Words(f"“{question}”还没有落实", f"{question} is still open"))
        act.before = {"answer": current.answer, "reason": current.reason}
        duty = current.duty
        if current.kind == QuestionKind.UNIT and not current.waived and duty:
            Question.objects.filter(duty=duty, kind=QuestionKind.GROUP).delete()
            Duty.objects.filter(pk=duty.pk).update(unit=None, group=None)
        for added in current.added_duties.all():
            Duty.every.filter(
                measure=added.measure_id,
                struck=True,
                struck_by=None,
                start=added.start,
                end=added.end,
                name=added.name,
            ).update(struck=False)
        current.added_duties.all().delete()
        current.added_deadlines.all().delete()
        Question.objects.filter(pk=current.pk).update(
            answer="", reason="", waived=False, closed_at=None, closed_by=None
        )
        act.after = {"question": str(question)}
        _follow(act, question.measure.document.plan, [question.measure])


def issue(actor: Actor, plan: Plan, *, on: dt.date | None = None) -> int:
    """Hands out the plan: one task per measure. `on` is the day the document went out (today by default).

    Gives the number of tasks. Raises InputError with every question that is still open.
    """
    day = on or timezone.localdate()
    with acting(actor, "plan.issue", plan) as act:
        _refuse_open(plan)
        if day > timezone.localdate():
            raise InputError(Words(f"下达日期 {day} 还没有到", f"the day of issue, {day}, is yet to come"))
        move(actor, PLAN, plan, "issue")
        Plan.objects.filter(pk=plan.pk).update(issued_at=timezone.now(), issued_on=day)
        tasks = issuing.hand_out(plan, day)
        issuing.tell(plan)
        index.put_where("task", plan=plan)
        act.after = {"tasks": len(tasks), "on": day.isoformat()}
    plan.refresh_from_db()
    return len(tasks)


def withdraw(actor: Actor, plan: Plan, reason: str) -> None:
    """Takes a plan back, with a reason; its tasks become void and are listed no more; their rows stay."""
    with acting(actor, "plan.withdraw", plan, reason=reason) as act:
        move(actor, PLAN, plan, "withdraw", reason=reason)
        act.after = {"tasks": Task.objects.filter(plan=plan).update(void=True)}
        index.put_where("plan", pk=plan.pk)
        index.put_where("task", plan=plan)
    plan.refresh_from_db()


def _follow(act: Act, plan: Plan, measures: Iterable[Measure]) -> None:
    """Settled after the issue: the tasks of these measures follow, new ones are handed out."""
    consequences.follow(act, plan, measures, stamp=f"s{timezone.now():%Y%m%d%H%M%S%f}")


def refuse_twice(digest: str) -> None:
    """Raises InputError if a file (by its SHA-256) is a plan already that was not withdrawn."""
    same = Document.objects.filter(sha256=digest).exclude(plan__state=PlanState.WITHDRAWN).select_related("plan")
    if found := same.first():
        raise InputError(
            Words(
                f"这份文件已于 {timezone.localdate(found.created_at)} 收入，即《{found.plan}》，不必重复上传",
                f"this file came in on {timezone.localdate(found.created_at)} as {found.plan}: it need not come twice",
            )
        )


def _refuse_open(plan: Plan) -> None:
    open_ = queries.questions(plan).filter(closed_at__isnull=True)
    problems = [Words(f"未落实：{question}", f"still open: {question}") for question in open_[:_TOLD]]
    if len(problems) == _TOLD and (more := open_.count() - _TOLD):
        problems.append(Words(f"另有 {more} 处未落实", f"{more} more are open"))
    if problems:
        raise InputError(*problems)
    if not queries.document(plan).measures.exists():
        raise InputError(Words(f"《{plan}》里没有可下达的任务", f"{plan} holds no measure to hand out"))


def _open(question: Question, kind: QuestionKind) -> Question:
    """Question as it stands now, locked; InputError if it is closed or of another kind."""
    return _all_open([question], kind, None)[0]


def _all_open(questions: Iterable[Question], kind: QuestionKind | None, plan: Plan | None) -> list[Question]:
    """Questions as they stand now, locked; InputError if one is closed, of another kind or plan, or there is none."""
    rows: list[Question] = []
    for part in _parts([question.pk for question in questions]):
        rows += (
            Question.objects.select_for_update(of=("self",))
            .select_related("measure__document", "duty")
            # A document can be large, and a form settles hundreds of questions while others wait to write.
            .defer("measure__document__text", "measure__document__compiled")
            .filter(pk__in=part)
        )
    if not rows:
        raise InputError(Words("没有选中疑点", "nothing is selected"))
    for row in rows:
        _refuse_replaced(row)
    wrong = [
        Words(f"“{row}”已经落实，刷新页面看结果", f"{row} is settled already: reload the page")
        for row in rows
        if row.closed_at is not None
    ] or [
        Words(f"“{row}”不能这样落实", f"{row} cannot be settled like this")
        for row in rows
        if (kind and row.kind != kind) or (plan and row.measure.document.plan_id != plan.pk)
    ]
    if wrong:
        raise InputError(*wrong[:_TOLD])
    return rows


def _parts(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    """Keys in parts that both stores take in one statement."""
    for begin in range(0, len(keys), _PART):
        yield keys[begin : begin + _PART]


def _refuse_replaced(row: Question) -> None:
    if row.measure.document.state != Standpoint.IN_FORCE:
        raise InputError(
            Words(
                f"“{row}”属于已被替换的一版，刷新页面看结果",
                f"{row} is of a version that was replaced: reload the page",
            )
        )


def _close(rows: object, actor: Actor, *, answer: str) -> int:
    closed: int = rows.update(  # type: ignore[attr-defined]
        answer=answer[:300], closed_at=timezone.now(), closed_by_id=actor.account_id
    )
    return closed


def _close_all(keys: Sequence[int], actor: Actor, *, answer: str) -> int:
    return sum(_close(Question.objects.filter(pk__in=part), actor, answer=answer) for part in _parts(keys))


def split(actor: Actor, task: Task, parts: Sequence[tuple[Unit, str, dt.date | None]]) -> list[Task]:
    """Splits a task into parts, each a task of its own below it: unit, what it is to do, until when.

    Raises InputError for a part without words, after the task's own deadline, or of a unit that has one already.
    """
    with acting(actor, "task.split", task) as act:
        made = issuing.split(task, parts)
        index.put_where("task", parent=task)
        act.after = {"parts": [f"{part.title}（{part.duties.get().unit}）" for part in made]}
    return made


def issue_sample(actor: Actor, plan: Plan, *, on: dt.date) -> int:
    """Issues a plan of sample data: settles what is open as an office would, saying so, and hands it out."""
    reason = "示例数据：按责任单位共同负责、全年推进处理"
    with transaction.atomic():
        open_ = queries.questions(plan).filter(closed_at__isnull=True)
        late = list(open_.filter(kind=QuestionKind.DEADLINE))
        if late:
            settle_deadline(actor, plan, late, dt.date(plan.year or on.year, 12, 31))
        rest = list(open_.all())
        if rest:
            waive(actor, plan, rest, reason)
        return issue(actor, plan, on=on)
