"""An issued plan in the small district, with people at two units, for tests of progress."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tests import people
from tests.plan import small

from anlan.foundation.access.actor import Actor, actor_of
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.org.models import Unit
from anlan.plan import actions as plans
from anlan.plan.models import Plan, Question, QuestionKind, Target
from anlan.plan.progress import calling
from anlan.plan.progress.models import Owed, Round
from anlan.plan.progress.values import Values

ISSUED = dt.date(2024, 3, 1)
JUNE = (dt.date(2024, 6, 1), dt.date(2024, 6, 30))
JULY = (dt.date(2024, 7, 1), dt.date(2024, 7, 31))
# The round of June is called on Tuesday the 25th: five working days later is Tuesday, 2 July.
CALLED = dt.date(2024, 6, 25)
DUE = dt.date(2024, 7, 2)


@dataclass
class District:
    """区生态环境局 has a handler and a leader, 区住建局 a handler only; the plan is issued on 1 March 2024."""

    units: dict[str, Unit]
    accounts: dict[str, Account]
    plan: Plan

    def actor(self, who: str) -> Actor:
        return actor_of(self.accounts[who])

    def owed(self, number: str, unit: str = "区生态环境局", round_: Round | None = None) -> Owed:
        """What a unit owes on the task of this number, in the latest round."""
        rows = Owed.objects.filter(task__number=number, task__parent__isnull=True, unit=self.units[unit])
        return rows.filter(**({"round": round_} if round_ else {})).order_by("-round_id")[0]

    def target(self, number: str) -> Target:
        return Target.objects.filter(measure__number=number).order_by("pk")[0]


def build() -> District:
    units = small.district()
    home, other = units["区生态环境局"], units["区住建局"]
    accounts = {
        "clerk": people.account(Role.CLERK, name="clerk"),
        "handler": people.account(Role.HANDLER, at=home, name="handler"),
        "colleague": people.account(Role.HANDLER, at=home, name="colleague"),
        "leader": people.account(Role.UNIT_LEADER, at=home, name="leader"),
        "elsewhere": people.account(Role.HANDLER, at=other, name="elsewhere"),
        "boss": people.account(Role.LEADER, name="boss"),
        "system": people.account(Role.SYSTEM_ADMIN, name="system"),
        "security": people.account(Role.SECURITY_ADMIN, name="security"),
        "audit": people.account(Role.AUDIT_ADMIN, name="audit"),
        "verifier": people.account(Role.VERIFIER, name="verifier"),
    }
    clerk = actor_of(accounts["clerk"])
    plan = plans.receive(clerk, small.TEXT.encode(), "要点.txt")
    row = Question.objects.get(measure__document__plan=plan, kind=QuestionKind.UNIT)
    plans.settle_unit(clerk, row, units["区城管局"])
    rest = list(Question.objects.filter(measure__document__plan=plan, closed_at__isnull=True))
    plans.waive(clerk, plan, rest, "按原文执行")
    plans.issue(clerk, plan, on=ISSUED)
    plan.refresh_from_db()
    return District(units, accounts, plan)


def in_order(district: District) -> District:
    """The same with codes of units in the order of the district, whichever test made units before: sheets stand so."""
    for number, unit in enumerate(district.units.values()):
        Unit.objects.filter(pk=unit.pk).update(code=f"u{number:02}")
    return district


def called(district: District, span: tuple[dt.date, dt.date] = JUNE, today: dt.date = CALLED) -> Round:
    """Round of a month, called by the clerk."""
    return calling.open_round(district.actor("clerk"), district.plan, *span, today=today)


def told(percent: int = 40, words: str = "已排查72个排污口。", **more: object) -> Values:
    """Values of a report that can be handed in."""
    return Values(percent=percent, narrative=words, **more)  # type: ignore[arg-type]
