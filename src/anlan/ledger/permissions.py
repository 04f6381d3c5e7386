"""Who may do what with problems. Who rectifies never verifies."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.db.models import Q

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import AtUnit, Holds, Rule, declare
from anlan.foundation.vault.owners import readable_with
from anlan.settings import Words


@dataclass(frozen=True)
class OtherUnit(Rule):
    """Problems that no unit of the account rectifies (rectification.toml, invariant i1)."""

    def test(self, actor: Actor, obj: models.Model | None) -> bool:
        if obj is None:
            return True
        mine = actor.units()
        return obj.lead_id not in mine and not any(  # type: ignore[attr-defined]
            unit.pk in mine
            for unit in obj.responsible.all()  # type: ignore[attr-defined]
        )

    def query(self, actor: Actor) -> Q:
        mine = actor.units()
        if not mine:
            return Q()
        own = models.Q(lead__in=mine) | models.Q(responsible__in=mine)
        # A list of keys, since a negated condition over many units would take rows apart.
        from anlan.ledger.models import Problem

        return ~Q(pk__in=Problem.objects.filter(own).values("pk"))

    def describe(self) -> str:
        from anlan.foundation.screens.texts import language

        return Words("限本单位不负责整改的", "those one's own unit does not rectify").speak(language())


_OFFICE = Holds(Role.CLERK)
_UNIT = AtUnit("lead", Role.HANDLER) | AtUnit("responsible", Role.HANDLER)
_HEAD = AtUnit("lead", Role.UNIT_LEADER) | AtUnit("responsible", Role.UNIT_LEADER)
_SUPERVISOR = AtUnit("supervisor", Role.HANDLER, Role.UNIT_LEADER)
_VERIFIER = Holds(Role.VERIFIER) & OtherUnit()

declare(
    "ledger.see",
    Words("查看问题", "see problems"),
    Holds(Role.CLERK, Role.LEADER, Role.VERIFIER) | _UNIT | _HEAD | _SUPERVISOR,
)
declare("ledger.take", Words("收入问题台账", "take ledgers in"), _OFFICE)
declare("ledger.register", Words("登记问题", "register a problem"), _OFFICE)
declare("ledger.correct", Words("更正问题", "correct a problem"), _OFFICE)
declare("ledger.join", Words("归并和拆分问题", "merge problems and take them apart"), _OFFICE)
declare("ledger.plan", Words("填写整改方案", "write the plan"), _UNIT | _OFFICE)
declare("ledger.submit", Words("报送整改方案", "hand in the plan"), _UNIT)
declare("ledger.approve", Words("审定整改方案", "approve the plan"), _OFFICE)
declare("ledger.send_back", Words("退回整改方案", "send the plan back"), _OFFICE)
declare("ledger.dismiss", Words("不予立项", "dismiss a problem"), _OFFICE)
declare("ledger.report", Words("报告整改进展", "report on the rectification"), _UNIT)
declare(
    "ledger.evidence",
    Words("上传问题材料", "attach evidence"),
    _UNIT | _HEAD | _SUPERVISOR | _VERIFIER | _OFFICE,
)
declare("ledger.finish", Words("自验完成", "say a problem is rectified"), _HEAD)
declare("ledger.check", Words("初验通过", "pass the preliminary check"), _SUPERVISOR & OtherUnit())
declare("ledger.refuse_check", Words("初验不通过", "fail the preliminary check"), _SUPERVISOR & OtherUnit())
declare("ledger.accept", Words("验收通过", "verify a rectification"), _VERIFIER)
declare("ledger.refuse", Words("验收不通过", "fail the verification"), _VERIFIER)
declare("ledger.publish", Words("公示", "give public notice"), _OFFICE)
declare("ledger.uphold", Words("异议属实，退回整改", "uphold an objection"), _OFFICE)
declare("ledger.answer", Words("处理异议", "answer an objection"), _OFFICE)
declare("ledger.close", Words("销号", "close a problem"), Holds(Role.LEADER))
declare("ledger.watch", Words("转入巩固期", "begin the watch"), Holds())
declare("ledger.confirm", Words("确认巩固到位", "confirm that a closure holds"), _VERIFIER)
declare("ledger.reopen", Words("重开问题", "reopen a problem"), _OFFICE | _VERIFIER)
declare("ledger.extend", Words("申请延期", "ask for a longer deadline"), _UNIT)
declare("ledger.grant", Words("批复延期", "answer for a longer deadline"), Holds(Role.LEADER))
declare("ledger.explain", Words("说明疑点", "answer a sign"), _UNIT | _HEAD | _VERIFIER | _OFFICE)
declare("ledger.object", Words("对销号公示提出异议", "object to a closure"), Holds())

readable_with("ledger.problem", "ledger.see")
readable_with("ledger.intake", "ledger.take")
