"""Who may do what with plans and tasks."""

from __future__ import annotations

from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import AtUnit, Holds, Where, declare
from anlan.foundation.vault.owners import readable_with
from anlan.settings import Words

_OFFICE = Holds(Role.CLERK)
_DRAFT = Where("state", "draft", told=Words("草稿", "drafts"))
_ISSUED = Where("state", "issued", told=Words("已下达的", "issued ones"))
_STANDING = Where("state", "draft", "issued", told=Words("未撤回的", "those not withdrawn"))

declare(
    "plan.see",
    Words("查看文稿", "read plans"),
    Holds(Role.CLERK, Role.LEADER) | Holds(Role.HANDLER, Role.UNIT_LEADER, Role.VERIFIER) & _ISSUED,
)
declare("plan.receive", Words("上传文稿", "upload a plan"), _OFFICE)
declare("plan.settle", Words("落实疑点", "settle what a plan leaves open"), _OFFICE & _STANDING)
declare("plan.correct", Words("更正任务", "correct a plan's measures"), _OFFICE & _STANDING)
declare("plan.compare", Words("收入新版本", "take in a new version of a plan"), _OFFICE & _STANDING)
declare("plan.adopt", Words("采用新版本", "put a new version of a plan in force"), _OFFICE & _STANDING)
declare("plan.issue", Words("下达任务", "issue a plan"), _OFFICE & _DRAFT)
declare("plan.withdraw", Words("撤回文稿", "withdraw a plan"), _OFFICE & _STANDING)
declare(
    "task.see",
    Words("查看任务", "see tasks"),
    Holds(Role.CLERK, Role.LEADER, Role.VERIFIER) | AtUnit("duties__unit", Role.HANDLER, Role.UNIT_LEADER),
)
declare(
    "task.split",
    Words("拆分任务", "split a task"),
    _OFFICE & Where("void", False, told=Words("未作废的", "those not void")),
)

declare("task.remind", Words("催办任务", "remind units of tasks"), _OFFICE)

readable_with("plan.plan", "plan.see")
