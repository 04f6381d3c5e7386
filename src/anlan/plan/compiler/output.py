"""Plan as plain data, ready for JSON: the keys of the corpus gold, and beside them text, spans and diagnostics."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from anlan.plan.compiler.diagnostics.messages import message
from anlan.plan.compiler.model import Diagnostic, Measure, Notice, Plan, Reference, Role, Span, Target


def to_dict(plan: Plan, language: str = "zh") -> dict[str, Any]:
    """Plan as a dictionary; `language` (zh, en) is that of the diagnostics' messages.

    Offsets are code points of the decoded text. Figures are JSON numbers where a float holds them exactly,
    else decimal strings.
    """
    return {
        "title": plan.title,
        "issuer": plan.issuer,
        "year": plan.year,
        "kind": plan.kind.value,
        "measures": [_measure(plan, measure) for measure in plan.measures],
        "headings": [
            {"number": h.number, "title": h.title, "depth": h.depth, "start": h.span.start, "end": h.span.end}
            for h in plan.headings
        ],
        "references": [_reference(r) for r in plan.references],
        "notice": _notice(plan.notice) if plan.notice else None,
        "spans": [
            {"field": name, "start": span.start, "end": span.end}
            for name, span in (("title", plan.title_span), ("issuer", plan.issuer_span))
            if span
        ],
        "diagnostics": [_diagnostic(d, language) for d in plan.diagnostics],
    }


def _diagnostic(diagnostic: Diagnostic, language: str) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": message(diagnostic, language),
        "start": diagnostic.span.start,
        "end": diagnostic.span.end,
        "measure": diagnostic.measure,
    }


def _measure(plan: Plan, measure: Measure) -> dict[str, Any]:
    return {
        "number": measure.number,
        "path": list(measure.path),
        "title": measure.title,
        "start": measure.span.start,
        "end": measure.span.end,
        "duties": {role.value: measure.units(role) for role in Role},
        "deadlines": [
            {
                "text": d.text,
                "date": d.date.isoformat() if d.date else None,
                "kind": d.kind.value,
                "precision": d.precision.value,
            }
            for d in measure.deadlines
        ],
        "targets": [_target(t) for t in measure.targets],
        "references": [_reference(r) for r in measure.references],
        "text": plan.measure_text(measure),
        "spans": [{"field": name, "start": s.start, "end": s.end} for name, s in plan.field_spans(measure)],
    }


def number(value: Decimal) -> int | float | str:
    """Figure for JSON: a whole number, a float that prints the same figure, else the exact decimal as a string.

    >>> number(Decimal("6.05")), number(Decimal("14550")), number(Decimal("0.12345678901234567891"))
    (6.05, 14550, '0.12345678901234567891')
    """
    if value == value.to_integral_value() and abs(value) < 10**15:
        return int(value)
    nearest = float(value)
    return nearest if Decimal(repr(nearest)) == value else format(value, "f")


def _target(target: Target) -> dict[str, Any]:
    value = target.value
    return {
        "text": target.text,
        "indicator": target.indicator,
        "comparator": target.comparator.value,
        "value": [number(v) for v in value] if isinstance(value, tuple) else number(value),
        "unit": target.unit,
    }


def _reference(reference: Reference) -> dict[str, Any]:
    return {
        "title": reference.title,
        "number": reference.number,
        "year": reference.year,
        "start": reference.span.start,
        "end": reference.span.end,
    }


def _notice(notice: Notice) -> dict[str, Any]:
    def spot(span: Span | None) -> list[int] | None:
        return [span.start, span.end] if span else None

    return {
        "start": notice.span.start,
        "end": notice.span.end,
        "published": notice.published.isoformat() if notice.published else None,
        "due": notice.due.isoformat() if notice.due else None,
        "state": notice.state,
        "result": notice.result,
        "spans": {
            "published": spot(notice.published_span),
            "due": spot(notice.due_span),
            "state": spot(notice.state_span),
            "result": spot(notice.result_span),
        },
    }
