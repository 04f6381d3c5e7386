"""Diagnostics: what a plan leaves unclear or says twice, each with a stable code, its place and the way out.

`diagnose` runs every check over a compiled plan. Checks are split by topic; each yields findings, and the
catalogue in `messages.py` gives the severity and the words. Codes are a letter for the topic and three digits:
U units, R responsibility, D dates, T targets, W wording, S structure, N notice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from anlan.plan.compiler.diagnostics import deadlines, duties, notices, structure, targets, text, units, wording
from anlan.plan.compiler.diagnostics.messages import CATALOGUE
from anlan.plan.compiler.diagnostics.register import Organ, Register
from anlan.plan.compiler.diagnostics.source import Finding, Source
from anlan.plan.compiler.model import Diagnostic, Plan

_CHECKS: tuple[Callable[[Source], Iterable[Finding]], ...] = (
    units.check,
    duties.check,
    deadlines.check,
    targets.check,
    text.check,
    wording.check,
    structure.check,
    notices.check,
)


def diagnose(plan: Plan, register: Iterable[Organ] | None = None) -> tuple[Diagnostic, ...]:
    """Findings on a plan, by place. With a `register` of units their names are looked up in it.

    Reads no clock: what is late is no finding here. Time grows in proportion to the length of the text.
    """
    source = Source(plan, Register(register) if register is not None else None)
    found: dict[tuple[int, int, str], Diagnostic] = {}
    for check in _CHECKS:
        for code, span, arguments in check(source):
            key = (span.start, span.end, code)
            if key not in found:
                severity = CATALOGUE[code].severity
                found[key] = Diagnostic(code, severity, span, arguments, source.measure_at(span.start))
    return tuple(found[key] for key in sorted(found))
