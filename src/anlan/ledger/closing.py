"""The end of a rectification: public notice with objections, closure, watch."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from anlan.foundation.access.acting import acting, demand
from anlan.foundation.access.actor import Actor
from anlan.foundation.calendars.calendar import national
from anlan.foundation.calendars.periods import Convention, Period, Reckoning, months_later, reckon
from anlan.foundation.calendars.periods import Unit as Span
from anlan.foundation.flow.models import Event
from anlan.ledger import notices
from anlan.ledger.actions import advance
from anlan.ledger.models import Objection, Problem, Visit
from anlan.settings import InputError, Words

# Working days of the public notice, its first day counted: as Jiangxi practises it, no law.
NOTICE_DAYS = 10
# Months for which a closure is watched.
WATCHES = (3, 6, 12)
_LONGEST = 5000


def publish(actor: Actor, problem: Problem, *, start: dt.date, outcome: str, workdays: int = NOTICE_DAYS) -> Event:
    """Puts the closure on public notice for working days, the first day counted.

    InputError for a start before the verification, an outcome that is none, or a year without a holiday notice.
    """
    demand(actor, "ledger.publish", problem)
    end = notice_end(start, workdays)
    problems = []
    if end.last_day is None:
        problems.append(
            Words(
                f"{'、'.join(str(year) for year in end.missing)} 年的放假安排还没有公布，算不出公示止日",
                f"the holidays of {', '.join(str(year) for year in end.missing)} are not published yet: the notice has "
                "no last day",
            )
        )
    verified = problem.visits.filter(stage=Visit.Stage.ACCEPTANCE, passed=True).last()
    if verified is not None and start < verified.on:
        problems.append(
            Words(
                f"公示起日 {start} 早于验收日 {verified.on}", f"the notice begins on {start}, before the verification"
            )
        )
    if outcome not in ("rectified", "partly", "untrue", "transferred"):
        problems.append(Words("请选择整改结果", "say what the rectification came to"))
    if problems:
        raise InputError(*problems)
    return advance(actor, problem, "publish", notice_from=start, notice_until=end.last_day, outcome=outcome)


def notice_end(start: dt.date, workdays: int = NOTICE_DAYS) -> Reckoning:
    """Last day of a public notice, explained."""
    return reckon(start, Period(Decimal(workdays), Span.WORKDAYS, Convention.INCLUDE_FIRST), national())


def close(actor: Actor, problem: Problem, *, months: int = 6) -> Event:
    """Closes a problem after its public notice and begins the watch of `months`.

    InputError while the notice lasts, while an objection is open, and for months that are none of WATCHES.
    """
    demand(actor, "ledger.close", problem)
    today = timezone.localdate()
    problems = []
    if problem.notice_until is not None and today <= problem.notice_until:
        problems.append(
            Words(
                f"公示到 {problem.notice_until} 为止，之后才能销号",
                f"the public notice lasts until {problem.notice_until}",
            )
        )
    if count := problem.objections.filter(upheld=None).count():
        problems.append(Words(f"还有 {count} 件异议没有处理", f"{count} objections are open"))
    if count := problem.objections.filter(upheld=True, at__date__gte=problem.notice_from or today).count():
        problems.append(Words(f"有 {count} 件异议属实，应退回整改", f"{count} objections proved true: send it back"))
    if months not in WATCHES:
        problems.append(Words(f"巩固期 {months} 个月不在 3、6、12 之内", f"{months} months are none of 3, 6, 12"))
    if problems:
        raise InputError(*problems)
    return advance(actor, problem, "close", closed_on=today, watch_until=months_later(today, months))


def object_to(actor: Actor, problem: Problem, *, text: str, contact: str = "") -> Objection:
    """Takes an objection to a closure in. InputError if the notice is over or nothing is said."""
    with acting(actor, "ledger.object", problem) as act:
        today = timezone.localdate()
        problems = []
        if problem.state != "public_notice" or not (
            problem.notice_from and problem.notice_until and problem.notice_from <= today <= problem.notice_until
        ):
            problems.append(Words(f"{problem.number} 不在公示期内", f"{problem.number} is not on public notice"))
        if not text.strip():
            problems.append(Words("请写明异议内容", "say what you object to"))
        if len(text) > _LONGEST:
            problems.append(
                Words(f"异议有 {len(text)} 字，请压缩到 5000 字以内", f"{len(text)} characters; 5000 at most")
            )
        if problems:
            raise InputError(*problems)
        made = Objection.objects.create(problem=problem, text=text.strip(), contact=contact.strip()[:100])
        # Who objects is not in the journal, only that somebody did.
        act.after = {"objection": made.pk}
        notices.objected(problem, made)
    return made


def answer(actor: Actor, objection: Objection, *, upheld: bool, text: str) -> None:
    """Answers an objection. InputError without an answer, or if it was answered before."""
    with acting(actor, "ledger.answer", objection.problem, reason=text) as act:
        if not text.strip():
            raise InputError(Words("请写明核实情况和答复", "say what was found, and the answer"))
        changed = Objection.objects.filter(pk=objection.pk, upheld=None).update(
            upheld=upheld, answer=text.strip(), answered_by_id=actor.account_id, answered_at=timezone.now()
        )
        if not changed:
            raise InputError(Words("这件异议已经答复", "the objection was answered already"))
        act.after = {"objection": objection.pk, "upheld": upheld}
    objection.refresh_from_db()


def begin_watches(actor: Actor) -> int:
    """Lets closed problems go over into the watch; how many. For the recurring job."""
    count = 0
    for problem in Problem.objects.filter(state="closed", watch_until__isnull=False):
        advance(actor, problem, "watch")
        count += 1
    return count
