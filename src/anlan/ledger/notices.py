"""What the ledger tells people: who has the next step, and that something came back."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.flow.models import Event
from anlan.foundation.notices.actions import close, notify
from anlan.foundation.notices.catalogue import declare
from anlan.ledger.flow import PROBLEM
from anlan.ledger.models import Objection, Problem
from anlan.settings import Words

declare(
    "ledger.moved",
    Words("问题 {number}（{step}）请办理下一步", "Problem {number}, {step}: the next step is yours"),
)
declare(
    "ledger.back",
    Words("问题 {number} {step}：{reason}", "Problem {number}, {step}: {reason}"),
)
declare(
    "ledger.objected", Words("问题 {number} 的销号公示收到异议", "Problem {number}: somebody objects to its closure")
)

# Who has the next step in a state: roles, and whether at the units that rectify or at the one that supervises.
_NEXT: dict[str, tuple[tuple[Role, ...], str]] = {
    "draft": ((Role.HANDLER,), "units"),
    "submitted": ((Role.CLERK,), ""),
    "planned": ((Role.HANDLER, Role.UNIT_LEADER), "units"),
    "self_done": ((Role.HANDLER, Role.UNIT_LEADER), "supervisor"),
    "checked": ((Role.VERIFIER,), ""),
    "accepted": ((Role.CLERK,), ""),
    "public_notice": ((Role.CLERK,), ""),
    "reopened": ((Role.HANDLER,), "units"),
}
_BACK = ("send_back", "refuse_check", "refuse", "uphold", "reopen")


def moved(problem: Problem, event: Event) -> None:
    """Tells those who have the next step; inside of the action that moved the problem."""
    close(problem, "ledger.moved", "ledger.back")
    roles, where = _NEXT.get(problem.state, ((), ""))
    if not roles:
        return
    step = PROBLEM.step(event.transition).words
    given: dict[str, object] = {"number": problem.number, "step": step}
    code = "ledger.back" if event.transition in _BACK else "ledger.moved"
    if code == "ledger.back":
        given["reason"] = event.reason[:200]
    notify(
        holders(problem, roles, where),
        code,
        key=f"ledger.{event.pk}",
        args=given,
        obj=problem,
        url=reverse("problem", args=[problem.pk]),
    )


def objected(problem: Problem, objection: Objection) -> None:
    """Tells the office of an objection."""
    notify(
        holders(problem, (Role.CLERK,), ""),
        "ledger.objected",
        key=f"ledger.objection.{objection.pk}",
        args={"number": problem.number},
        obj=problem,
        url=reverse("problem", args=[problem.pk]),
    )


def holders(problem: Problem, roles: tuple[Role, ...], where: str) -> list[Account]:
    """Accounts with one of these roles today, at the units that rectify, at the one that supervises, or anywhere."""
    today = timezone.localdate()
    condition = Q(grants__role__in=[role.value for role in roles], grants__since__lte=today) & (
        Q(grants__until__isnull=True) | Q(grants__until__gte=today)
    )
    if where == "units":
        condition &= Q(grants__unit__in=[problem.lead_id, *problem.responsible.values_list("pk", flat=True)])
    elif where == "supervisor":
        condition &= Q(grants__unit=problem.supervisor_id)
    return list(Account.objects.filter(condition, is_active=True).distinct())
