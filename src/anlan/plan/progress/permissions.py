"""Who may do what with rounds, reports and shares of targets."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.db.models import Q

from anlan.foundation.access.actor import Actor
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import AtUnit, Holds, Rule, Where, declare
from anlan.foundation.vault.owners import readable_with
from anlan.settings import Words


@dataclass(frozen=True)
class NotBy(Rule):
    """Rows that somebody else did: what the account in this field did, the same account may not approve."""

    field: str
    told: Words

    def test(self, actor: Actor, obj: models.Model | None) -> bool:
        return obj is None or getattr(obj, f"{self.field}_id") is None or not self._is_by(actor, obj)

    def query(self, actor: Actor) -> Q:
        if actor.account_id is None:
            return Q()
        return Q(**{f"{self.field}__isnull": True}) | ~Q(**{self.field: actor.account_id})

    def describe(self) -> str:
        from anlan.foundation.screens.texts import language

        return self.told.speak(language())

    def _is_by(self, actor: Actor, obj: models.Model) -> bool:
        return bool(getattr(obj, f"{self.field}_id") == actor.account_id)


_OFFICE = Holds(Role.CLERK)
_ABOVE = Holds(Role.CLERK, Role.LEADER, Role.VERIFIER)
_HANDED_IN = Where("state", "approved", "accepted", told=Words("已报到长江办的", "those that reached the office"))
_OF_THE_UNIT = AtUnit("owed__unit", Role.HANDLER, Role.UNIT_LEADER)
_HANDLER = AtUnit("owed__unit", Role.HANDLER)
_DIRECT = Where("direct", True, told=Words("无人审核的", "those nobody can approve"))
_STANDING = Where("round__void", False, told=Words("没有取消的调度", "rounds that were not cancelled"))

declare("overview.see", Words("查看总览", "see the overview"), _ABOVE)
declare("round.see", Words("查看进展调度", "see the rounds"), _ABOVE | _OF_THE_UNIT)
declare("round.open", Words("启动调度", "open a round"), _OFFICE)
declare("round.move", Words("调整报送截止日", "move the day reports are due"), _OFFICE & Where("void", False))
declare("round.cancel", Words("取消调度", "cancel a round"), _OFFICE & Where("void", False))
declare("round.remind", Words("催报", "remind units"), _OFFICE & Where("void", False))
declare("round.schedule", Words("设定调度周期", "set how often a plan is reported on"), _OFFICE)
declare("owed.see", Words("查看应报事项", "see what is owed"), _ABOVE | AtUnit("unit", Role.HANDLER, Role.UNIT_LEADER))
declare("owed.excuse", Words("免报", "excuse a report"), _OFFICE & _STANDING)
declare(
    "report.see",
    Words("查看进展报告", "read reports"),
    _ABOVE & _HANDED_IN | _OFFICE & Where("state", "submitted") & _DIRECT | _OF_THE_UNIT,
)
declare("report.write", Words("填写进展报告", "write a report"), AtUnit("unit", Role.HANDLER) & _STANDING)
declare("report.enter", Words("代单位填报", "enter a report for a unit"), _OFFICE & _STANDING)
declare("report.submit", Words("提交进展报告", "submit a report"), _HANDLER & Where("state", "draft"))
declare("report.withdraw", Words("收回进展报告", "take a report back"), _HANDLER & Where("state", "submitted"))
declare(
    "report.approve",
    Words("审核本单位报告", "approve a report of one's unit"),
    AtUnit("owed__unit", Role.UNIT_LEADER)
    & Where("state", "submitted")
    & NotBy("submitted_by", Words("不是本人提交的", "those somebody else submitted")),
)
declare(
    "report.return",
    Words("退回进展报告", "return a report"),
    AtUnit("owed__unit", Role.UNIT_LEADER) & Where("state", "submitted")
    | _OFFICE & Where("state", "approved")
    | _OFFICE & Where("state", "submitted") & _DIRECT,
)
declare("report.accept", Words("采纳进展报告", "accept a report"), _OFFICE & Where("state", "approved"))
declare(
    "report.accept_directly",
    Words("不经单位审核直接采纳", "accept a report that nobody approved"),
    _OFFICE & Where("state", "submitted"),
)
declare("report.undo", Words("撤销采纳", "undo an acceptance"), _OFFICE & Where("state", "accepted"))
declare(
    "report.take",
    Words("导入填报表", "take in pieces of a round's workbook"),
    (_OFFICE | AtUnit("owed__unit", Role.HANDLER))
    & Where("void", False, told=Words("没有取消的调度", "rounds that were not cancelled")),
)
declare("target.split", Words("分解指标", "split a target"), _OFFICE)

readable_with("progress.report", "report.see")
