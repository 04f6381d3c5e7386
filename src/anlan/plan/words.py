"""Words for what a compiled plan holds: one name for each thing, whichever way it is shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from anlan.foundation.quantities import Comparator
from anlan.plan.compiler.model import Deadline, Kind, Notice, Role, Severity, Target
from anlan.plan.document import Document, one_line
from anlan.settings import Words

KINDS: Final = {
    Kind.WORK_POINTS: Words("工作要点", "work points"),
    Kind.ACTION_PLAN: Words("行动方案", "action plan"),
    Kind.RECTIFICATION_PLAN: Words("整改方案", "rectification plan"),
    Kind.TASK_BREAKDOWN: Words("任务分解", "task breakdown"),
    Kind.OTHER: Words("其他", "other"),
}
ROLES: Final = {
    Role.LEAD: Words("牵头", "lead"),
    Role.RESPONSIBLE: Words("责任", "responsible"),
    Role.COOPERATING: Words("配合", "cooperating"),
}
SEVERITIES: Final = {
    Severity.ERROR: Words("错误", "error"),
    Severity.WARNING: Words("警告", "warning"),
    Severity.INFO: Words("提示", "info"),
}
_SIGNS: Final = {Comparator.GE: "≥", Comparator.LE: "≤", Comparator.GT: ">", Comparator.LT: "<"}


def deadline(one: Deadline, lang: str) -> str:
    """Time limit as printed, with the day it ends where it has one."""
    text = one_line(one.text)
    return text if one.date is None else text + Words(f"（{one.date}）", f" ({one.date})").speak(lang)


def target(one: Target) -> str:
    """Target in short: what is counted, comparator, value and unit."""
    value = "–".join(map(figure, one.value)) if isinstance(one.value, tuple) else figure(one.value)
    sign = _SIGNS.get(one.comparator, "")
    return " ".join(part for part in (one_line(one.indicator), f"{sign}{value}{one_line(one.unit)}") if part)


def figure(value: Decimal) -> str:
    """Number in plain digits, never with an exponent.

    >>> figure(Decimal("1E+3")), figure(Decimal("6.05"))
    ('1000', '6.05')
    """
    return format(value, "f")


def notice(one: Notice, lang: str) -> str:
    """Publication notice in one line: published, opinions due, state, result."""
    parts = (
        (Words("发布", "published"), one.published and one.published.isoformat()),
        (Words("征求意见截止", "opinions due"), one.due and one.due.isoformat()),
        (Words("状态", "state"), one.state and one_line(one.state)),
        (Words("结果", "result"), one.result and one_line(one.result)),
    )
    said = [f"{label.speak(lang)} {value}" for label, value in parts if value]
    return Words("，", ", ").speak(lang).join(said)


def register(document: Document) -> Words:
    """Which register of units the document was checked against, and how far it reaches."""
    coverage = document.coverage
    if document.register and coverage:
        zh, en = document.register.name
        return Words(
            f"{zh}（文中 {coverage.named} 个单位名，{coverage.known} 个在册）",
            f"{en} (knows {coverage.known} of the {coverage.named} unit names printed)",
        )
    if coverage and coverage.named:
        return Words(
            "未使用：文件看来不属于本地区；可用 --units 指定单位表",
            "none: the document seems to be of another district; choose one with --units",
        )
    return Words("未使用：文中没有单位名", "none: no unit names in the text")


def counts(document: Document) -> Words:
    """What was found, in numbers."""
    plan = document.plan
    measures = len(plan.measures)
    units = len({duty.unit for measure in plan.measures for duty in measure.duties})
    deadlines = sum(len(measure.deadlines) for measure in plan.measures)
    targets = sum(len(measure.targets) for measure in plan.measures)
    return Words(
        f"任务 {measures} 条 · 单位 {units} 个 · 时限 {deadlines} 处 · 目标 {targets} 个",
        f"measures {measures} · units {units} · deadlines {deadlines} · targets {targets}",
    )


def findings(document: Document) -> Words:
    """Number of findings by severity."""
    numbers = [(severity, document.count(severity)) for severity in Severity]
    return Words(
        " · ".join(f"{SEVERITIES[one].zh} {n}" for one, n in numbers),
        " · ".join(f"{SEVERITIES[one].en} {n}" for one, n in numbers),
    )
