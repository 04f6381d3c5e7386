"""What the tests of the diagnostics ask: which characters a code stands on, in a text of our own or a document."""

from __future__ import annotations

from collections.abc import Iterable

from anlan.plan.compiler.compile import compile_text
from anlan.plan.compiler.diagnostics.messages import message
from anlan.plan.compiler.diagnostics.register import Organ
from anlan.plan.compiler.model import Plan, squeeze

HEAD = "禾川区2025年水务工作要点\n一、重点任务\n"
TAIL = "二、保障措施\n1.落实经费。年底前拨付30万元。（区财政局负责）\n"


def plan_of(body: str, register: Iterable[Organ] | None = None) -> Plan:
    """Plan of the items of a chapter; a second chapter follows it."""
    return compile_text(HEAD + body + TAIL, register=register)


def standing(plan: Plan, code: str) -> list[str]:
    """Characters that this code stands on, by place."""
    return [squeeze(plan.printed(d.span)) for d in plan.diagnostics if d.code == code]


def said(plan: Plan, code: str, language: str = "zh") -> list[str]:
    """Messages of this code, by place."""
    return [message(d, language) for d in plan.diagnostics if d.code == code]


def measures(plan: Plan, code: str) -> list[str]:
    """Numbers of the measures that this code stands in."""
    return [plan.measures[d.measure].number for d in plan.diagnostics if d.code == code and d.measure is not None]
