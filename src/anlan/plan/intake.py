"""A compiled document as rows: measures with their fields at their places, findings, and what is left open."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from anlan.plan.bodies import Bodies
from anlan.plan.compiler.model import Target as CompiledTarget
from anlan.plan.document import Document as Compiled
from anlan.plan.document import chapters, lead_phrase
from anlan.plan.models import Deadline, Document, Duty, Finding, Measure, Target

_LARGEST = 2**63 - 1
# Enough for any row that a person reads; the place in the text has the rest.
_TITLE = 500


def store(document: Document, compiled: Compiled, known: Bodies) -> list[Measure]:
    """Rows of all that the compiler found, inserted in bulk: a number of queries that does not grow."""
    plan = compiled.plan
    above = chapters(plan)
    measures = Measure.objects.bulk_create(
        Measure(
            document=document,
            order=order,
            number=one.number[:40],
            title=lead_phrase(plan, one)[:_TITLE],
            chapter=list(above[order]),
            start=one.span.start,
            end=one.span.end,
        )
        for order, one in enumerate(plan.measures)
    )
    pairs = list(zip(measures, plan.measures, strict=True))
    duties = []
    for row, one in pairs:
        for duty in one.duties:
            unit, group = known.find(duty.unit)
            start, end = duty.span
            duties.append(
                Duty(
                    measure=row,
                    role=duty.role.value,
                    name=duty.unit[:200],
                    unit=unit,
                    group=group,
                    start=start,
                    end=end,
                )
            )
    Duty.objects.bulk_create(duties)
    Deadline.objects.bulk_create(
        Deadline(
            measure=row,
            text=limit.text[:200],
            date=limit.date,
            kind=limit.kind.value,
            precision=limit.precision.value,
            start=limit.span.start,
            end=limit.span.end,
        )
        for row, one in pairs
        for limit in one.deadlines
    )
    Target.objects.bulk_create(_target(row, target) for row, one in pairs for target in one.targets)
    Finding.objects.bulk_create(_findings(document, measures, compiled))
    return measures


def _findings(document: Document, measures: list[Measure], compiled: Compiled) -> Iterable[Finding]:
    for one in compiled.plan.diagnostics:
        yield Finding(
            document=document,
            measure=measures[one.measure] if one.measure is not None else None,
            code=one.code,
            severity=one.severity.value,
            arguments=one.arguments,
            start=one.span.start,
            end=one.span.end,
        )


def _target(measure: Measure, one: CompiledTarget) -> Target:
    low, high = one.value if isinstance(one.value, tuple) else (one.value, one.value)
    scale = max(_decimals(low), _decimals(high))
    whole = [int(value.scaleb(scale)) for value in (low, high)]
    fits = all(abs(value) <= _LARGEST for value in whole)
    return Target(
        measure=measure,
        text=one.text[:500],
        indicator=one.indicator[:300],
        comparator=one.comparator.value,
        low=whole[0] if fits else None,
        high=whole[1] if fits else None,
        scale=scale if fits else 0,
        unit=one.unit[:40],
        start=one.span.start,
        end=one.span.end,
    )


def _decimals(value: Decimal) -> int:
    """Digits after the point that the figure needs.

    >>> _decimals(Decimal("6.05")), _decimals(Decimal("120")), _decimals(Decimal("1E+3"))
    (2, 0, 0)
    """
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
