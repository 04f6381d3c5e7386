"""Every change of a report: saved, handed in, approved, returned, accepted, corrected; and the office's own entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from anlan.foundation.access.acting import acting, demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.flow.actions import move
from anlan.foundation.flow.models import Event
from anlan.foundation.journal.models import Outcome
from anlan.foundation.journal.writing import write
from anlan.foundation.notices import actions as notices
from anlan.foundation.search import index
from anlan.foundation.vault import actions as vault
from anlan.foundation.vault import storing
from anlan.foundation.vault.models import Receipt
from anlan.plan.models import Owes, Target
from anlan.plan.progress import calling, checking, figures
from anlan.plan.progress.counting import recount
from anlan.plan.progress.flow import REPORT
from anlan.plan.progress.models import Attachment, Figure, Owed, Report, ReportState
from anlan.plan.progress.piece_code import Stand
from anlan.plan.progress.values import TEXTS, Values, values_of
from anlan.settings import InputError, Words

# Drafts save themselves every few seconds: one entry a person and sitting, or the journal would hold little else.
_SITTING = dt.timedelta(minutes=10)


class CollisionError(InputError):
    """Somebody else saved the report meanwhile. `theirs` is what stands now, `report` the row, with its lock."""

    def __init__(self, report: Report) -> None:
        super().__init__(
            Words(
                f"{report.changed_by_name}在你打开之后改了这份报告：请逐项核对后再保存",
                f"{report.changed_by_name} changed this report after you opened it: compare, then save again",
            )
        )
        self.report = report
        self.theirs = values_of(report)


def save_draft(actor: Actor, owed: Owed, values: Values, lock: int | None) -> Report:
    """Saves what is typed so far; the first save makes the draft. `lock` is the one that the page was opened with.

    Raises CollisionError if somebody saved meanwhile, InputError if the report is a draft no more. Nothing typed is
    checked here but what no draft can hold: that waits until it is handed in.
    """
    demand(actor, "report.write", owed)
    with transaction.atomic():
        report = Report.objects.select_for_update(of=("self",)).filter(owed=owed).order_by("-revision").first()
        before: dict[str, Any] = {}
        is_told = True
        if report is None:
            report = _first(actor, owed)
        else:
            _refuse_unless_draft(report)
            if lock is None or lock != report.lock:
                raise CollisionError(report)
            before = values_of(report).fields
            is_told = report.changed_by_id != actor.account_id or timezone.now() - report.changed_at > _SITTING
        _write(actor, report, values)
        if is_told:
            # What somebody else had typed and is typed over stands in the entry.
            after = values.fields
            changed = {name: text for name, text in before.items() if text != after.get(name)}
            write(
                actor,
                "report.write",
                Outcome.DONE,
                report,
                details={"before": changed, "after": {name: after.get(name) for name in changed}} if changed else {},
            )
    report.refresh_from_db()
    return report


def _first(actor: Actor, owed: Owed) -> Report:
    """New first revision, filled from nothing."""
    try:
        with transaction.atomic():
            report = Report.objects.create(owed=owed, changed_by_name=actor.name[:120], sample=owed.round.sample)
    except IntegrityError as error:
        # Two people began at once: the second one compares.
        raise CollisionError(Report.objects.filter(owed=owed).latest("revision")) from error
    Owed.objects.filter(pk=owed.pk).update(current=report)
    owed.current = report
    return report


def _refuse_unless_draft(report: Report) -> None:
    if report.state != ReportState.DRAFT:
        state = REPORT.states[report.state]
        raise InputError(
            Words(
                f"“{report}”现在是“{state.zh}”，不能再改；刷新页面看结果",
                f"{report} is {state.en} now and cannot be changed; reload the page",
            )
        )


def _write(actor: Actor, report: Report, values: Values) -> None:
    """The values into the rows, only if nobody saved since they were read; figures that give a number with it."""
    contribution = report.owed.owes == Owes.CONTRIBUTION
    done_on = values.done_on if not contribution and values.percent == 100 else None
    rows = Report.objects.filter(pk=report.pk, lock=report.lock, state=ReportState.DRAFT)
    changed = rows.update(
        percent=None if contribution else values.percent,
        done_on=done_on,
        narrative=values.narrative,
        obstacles=values.obstacles,
        next_step=values.next_step,
        lock=report.lock + 1,
        changed_at=timezone.now(),
        changed_by=actor.account_id,
        changed_by_name=actor.name[:120],
    )
    if not changed:
        raise CollisionError(Report.objects.get(pk=report.pk))
    _write_figures(report, values.figures)


def _write_figures(report: Report, typed: Mapping[int, str]) -> None:
    targets = {one.pk: one for one in Target.objects.filter(measure=report.owed.task.measure_id, pk__in=list(typed))}
    kept = []
    for key, target in targets.items():
        text = typed[key].strip()[:100]
        if not text:
            continue
        try:
            found = figures.read(text, target.unit)
        except InputError:
            found = None
        Figure.objects.update_or_create(
            report=report,
            target=target,
            defaults={"text": text, "value": found.value if found else None, "scale": found.scale if found else 0},
        )
        kept.append(key)
    if gone := [one.pk for one in Figure.objects.filter(report=report) if one.target_id not in kept]:
        Figure.objects.filter(pk__in=gone).delete()


def attach(actor: Actor, report: Report, stored: Sequence[storing.Stored]) -> list[Receipt]:
    """Adds files to a draft, put into the vault before (`storing.put`), so that no transaction waits for a disk."""
    with acting(actor, "report.write", report.owed) as act:
        _refuse_unless_draft(Report.objects.select_for_update(of=("self",)).get(pk=report.pk))
        receipts = [vault.enter(actor, one, purpose="progress", obj=report) for one in stored]
        Attachment.objects.bulk_create(Attachment(report=report, receipt=one) for one in receipts)
        act.after = {"files": [one.name for one in receipts]}
    return receipts


def detach(actor: Actor, report: Report, attachment: Attachment) -> None:
    """Takes a file off a draft; the vault keeps it."""
    with acting(actor, "report.write", report.owed) as act:
        _refuse_unless_draft(Report.objects.select_for_update(of=("self",)).get(pk=report.pk))
        act.before = {"file": attachment.receipt.name}
        Attachment.objects.filter(pk=attachment.pk, report=report).delete()


def submit(actor: Actor, report: Report, *, today: dt.date | None = None) -> None:
    """Hands a draft in: to the unit's leader, or to the office where the unit has none who could approve it.

    Raises InputError with everything that is missing or wrong in the report.
    """
    day = today or timezone.localdate()
    with acting(actor, "report.submit", report) as act:
        problems = checking.problems(report, day)
        if problems:
            raise InputError(*problems)
        move(actor, REPORT, report, "submit")
        owed = report.owed
        leaders = approvers(owed.unit_id, actor.account_id)
        direct = not leaders
        Report.objects.filter(pk=report.pk).update(
            submitted_at=timezone.now(), submitted_by=actor.account_id, returned="", direct=direct
        )
        notices.close(report, "report.returned")
        if direct:
            _reached_the_office(owed, day)
            notices.notify(
                clerks(),
                "report.no_leader",
                key=f"{owed.round_id}-{owed.unit_id}",
                args={"unit": owed.unit.short_name, "round": calling.name_args(owed.round)["round"]},
                obj=owed.round,
                url=reverse("progress-accept"),
            )
        else:
            notices.notify(
                leaders,
                "report.waiting",
                key=f"{report.pk}-{report.lock}",
                args={"report": str(owed)},
                obj=report,
                url=reverse("report", args=[report.pk]),
            )
        act.after = {"direct": direct, **checking.told(report)}
    report.refresh_from_db()


def approvers(unit_id: int, submitter: int | None) -> list[Account]:
    """Leaders of a unit who may approve what this account submitted. Nobody approves his own."""
    found = calling.people_of([unit_id], Role.UNIT_LEADER).get(unit_id, [])
    return [account for account in found if account.pk != submitter]


def clerks() -> list[Account]:
    """Accounts of the office."""
    from anlan.foundation.access.models import Grant
    from anlan.foundation.org.models import in_force

    grants = Grant.objects.filter(in_force(timezone.localdate()), role=Role.CLERK, account__is_active=True)
    return list({grant.account_id: grant.account for grant in grants.select_related("account")}.values())


def _reached_the_office(owed: Owed, day: dt.date) -> None:
    # The first time counts: what the office returns was sent all the same.
    Owed.objects.filter(pk=owed.pk, sent_on__isnull=True).update(sent_on=day)


def withdraw(actor: Actor, report: Report) -> None:
    """Takes a report back before anybody approved it."""
    with acting(actor, "report.withdraw", report) as act:
        move(actor, REPORT, report, "withdraw")
        _open_again(report)
        notices.close(report, "report.waiting")
        act.after = {"state": report.state}
    report.refresh_from_db()


def _open_again(report: Report, returned: str = "") -> None:
    Report.objects.filter(pk=report.pk).update(
        lock=report.lock + 1, returned=returned, direct=False, changed_at=timezone.now()
    )
    seen = Event.objects.filter(
        flow=REPORT.code,
        kind=report._meta.label_lower,
        object_id=report.pk,
        transition__in=("approve", "return", "enter", "accept_directly"),
    )
    if report.revision == 1 and not returned and not seen.exists():
        # Taken back by the unit before anybody had it: it was not sent.
        Owed.objects.filter(pk=report.owed_id).update(sent_on=None)


def approve(actor: Actor, report: Report, *, today: dt.date | None = None) -> None:
    """The leader of the unit lets it go to the office."""
    with acting(actor, "report.approve", report) as act:
        move(actor, REPORT, report, "approve")
        _reached_the_office(report.owed, today or timezone.localdate())
        notices.close(report, "report.waiting")
        act.after = {"state": report.state}
    report.refresh_from_db()


def send_back(actor: Actor, report: Report, reason: str) -> None:
    """Returns a report to its unit with the reason: by the unit's leader, or by the office."""
    with acting(actor, "report.return", report, reason=reason) as act:
        source = report.state
        move(actor, REPORT, report, "return", reason=reason)
        _open_again(report, reason.strip())
        notices.close(report, "report.waiting")
        owed = report.owed
        notices.notify(
            calling.people_of([owed.unit_id], Role.HANDLER).get(owed.unit_id, []),
            "report.returned",
            key=f"{report.pk}-{report.lock}",
            args={"report": str(owed), "reason": reason.strip()},
            obj=report,
            url=reverse("owed", args=[owed.pk]),
        )
        act.after = {"from": source}
    report.refresh_from_db()


def accept(actor: Actor, report: Report, *, remark: str = "") -> None:
    """The office takes a report: its percent and figures count from now on.

    One that no leader approved needs `remark`, why the office takes it all the same.
    """
    direct = report.state == ReportState.SUBMITTED
    code = "report.accept_directly" if direct else "report.accept"
    with acting(actor, code, report, reason=remark) as act:
        move(actor, REPORT, report, code.removeprefix("report."), reason=remark)
        _reached_the_office(report.owed, timezone.localdate())
        values: dict[str, Any] = {"accepted_at": timezone.now()}
        if remark.strip():
            values["remark"] = remark.strip()[:300]
        Report.objects.filter(pk=report.pk).update(**values)
        notices.close(report)
        _counts(report)
        act.after = checking.told(report)
    report.refresh_from_db()


def undo(actor: Actor, report: Report, reason: str) -> None:
    """The office takes its acceptance back, with a reason; what was accepted before counts again."""
    with acting(actor, "report.undo", report, reason=reason) as act:
        owed = report.owed
        if owed.current_id != report.pk:
            raise InputError(
                Words(
                    f"“{report}”之后又有新的一稿，请先处理那一稿",
                    f"there is a newer revision than {report}: deal with that one first",
                )
            )
        move(actor, REPORT, report, "undo", reason=reason)
        Report.objects.filter(pk=report.pk).update(accepted_at=None)
        _counts(report)
        notices.notify(
            calling.people_of([owed.unit_id], Role.HANDLER).get(owed.unit_id, []),
            "report.undone",
            key=f"{report.pk}-{timezone.now():%Y%m%d%H%M%S}",
            args={"report": str(owed), "reason": reason.strip()},
            obj=report,
            url=reverse("report", args=[report.pk]),
        )
        act.before = checking.told(report)
    report.refresh_from_db()


def _counts(report: Report) -> None:
    recount(report.owed.part_id)
    index.put_where("report", owed=report.owed_id)


def correct(actor: Actor, owed: Owed) -> Report:
    """New revision of an accepted report, a copy to be changed; the accepted one counts until this one is accepted."""
    with acting(actor, "report.write", owed) as act:
        last = _newest(owed)
        if last is None or last.state != ReportState.ACCEPTED:
            raise InputError(
                Words(
                    f"“{owed}”还没有采纳的报告，直接修改草稿即可",
                    f"no report on {owed} is accepted yet: change the draft",
                )
            )
        report = _next(actor, last)
        act.obj = report
        act.after = {"revision": report.revision}
    return report


def _newest(owed: Owed) -> Report | None:
    return Report.objects.select_for_update(of=("self",)).filter(owed=owed).order_by("-revision").first()


def _next(actor: Actor, last: Report) -> Report:
    """Copy of a revision as the next draft, its figures and files with it."""
    report = Report.objects.create(
        owed=last.owed,
        revision=last.revision + 1,
        changed_by_id=actor.account_id,
        changed_by_name=actor.name[:120],
        sample=last.sample,
        **{name: getattr(last, name) for name in ("percent", "done_on", *TEXTS)},
    )
    Figure.objects.bulk_create(
        Figure(report=report, target_id=one.target_id, text=one.text, value=one.value, scale=one.scale)
        for one in last.figures.all()
    )
    Attachment.objects.bulk_create(
        Attachment(report=report, receipt_id=one.receipt_id) for one in last.attachments.all()
    )
    Owed.objects.filter(pk=last.owed_id).update(current=report)
    return report


def stand_of(report: Report | None) -> Stand:
    """Where what a unit owes stands: its newest revision and how often that was saved."""
    return Stand() if report is None else Stand(report.revision, report.lock)


def _refuse_unless_there(report: Report | None, stand: Stand) -> None:
    """CollisionError unless the newest revision stands where it stood when the copy was made that is to replace it."""
    if stand_of(report) == stand:
        return
    if report is None:
        raise InputError(Words("这份报告已经不在了：刷新页面再看", "that report is gone: reload the page"))
    raise CollisionError(report)


def enter(
    actor: Actor, owed: Owed, values: Values, remark: str, *, stand: Stand | None = None, today: dt.date | None = None
) -> Report:
    """The office enters a report for a unit, from a telephone call, a letter or an Excel file; `remark` says which.

    It waits for acceptance like one that was approved. An accepted report gets a new revision. A unit's draft is
    replaced, and so is what the office itself entered and nobody accepted yet; whatever else waits is refused.

    `stand` is where the report stood when the copy was made that the office has filled in: had somebody saved since,
    CollisionError is raised, whatever the state. Without it nothing is replaced: only a new revision may come of it.
    Raises InputError with everything that is wrong.
    """
    day = today or timezone.localdate()
    with acting(actor, "report.enter", owed, reason=remark) as act:
        report = _newest(owed)
        if stand is not None:
            _refuse_unless_there(report, stand)
        if report is None:
            report = _first(actor, owed)
        elif report.state == ReportState.ACCEPTED:
            report = _next(actor, report)
        else:
            if stand is None and report.state == ReportState.DRAFT:
                raise CollisionError(report)
            if report.state == ReportState.APPROVED and report.by_office:
                act.before = checking.told(report)
                move(actor, REPORT, report, "return", reason=remark)
            _refuse_unless_draft(report)
        report.owed = owed
        _write(actor, report, values)
        report = Report.objects.get(pk=report.pk)
        # Known already, with task, unit and round: a sheet enters hundreds at once.
        report.owed = owed
        problems = checking.problems(report, day)
        if problems:
            raise InputError(*problems)
        move(actor, REPORT, report, "enter", reason=remark)
        Report.objects.filter(pk=report.pk).update(
            submitted_at=timezone.now(),
            submitted_by=actor.account_id,
            returned="",
            by_office=True,
            remark=remark.strip()[:300],
        )
        notices.close(report, "report.returned")
        _reached_the_office(owed, day)
        act.obj = report
        act.after = {**checking.told(report), "owed": owed.pk}
    report.refresh_from_db()
    report.owed = owed
    return report


def hand_in(actor: Actor, owed: Owed, values: Values, stand: Stand, *, today: dt.date | None = None) -> Report:
    """A unit hands in what it filled in on a copy of its report: saved and submitted at once, or neither.

    An accepted report gets a new revision. `stand` is where the report stood when the copy was made: had somebody saved
    since, CollisionError is raised. Raises InputError with all that is wrong.
    """
    demand(actor, "report.write", owed)
    with transaction.atomic():
        report = _newest(owed)
        _refuse_unless_there(report, stand)
        if report is not None and report.state == ReportState.ACCEPTED:
            report = correct(actor, owed)
        report = save_draft(actor, owed, values, None if report is None else report.lock)
        submit(actor, report, today=today)
    return report


def accept_all(actor: Actor, reports: Iterable[Report], *, remark: str = "") -> tuple[int, list[Words]]:
    """Accepts many, each by itself; how many, and what was wrong with the others."""
    done = 0
    problems: list[Words] = []
    for report in reports:
        try:
            # The remark says why the office takes what nobody approved; it is not about the others.
            accept(actor, report, remark=remark if report.state == ReportState.SUBMITTED else "")
        except InputError as error:
            problems += error.problems
        else:
            done += 1
    return done, problems
