"""What holds for the plan of any text whatever: the promise of the compiler, in one place for tests and fuzz run."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal

from anlan.plan.compiler.compile import compile_text
from anlan.plan.compiler.diagnostics.messages import message
from anlan.plan.compiler.model import Measure, Plan, Span, squeeze
from anlan.plan.compiler.output import to_dict
from anlan.plan.compiler.view import fold, solid


def broken(text: str, year: int | None = None) -> list[str]:
    """What the plan of this text breaks of the promise; empty where it is kept. Raises what the compiler raises."""
    plan = compile_text(text, year)
    faults = [*_spans(plan), *_order(plan), *_names(plan), *_values(plan), *_diagnostics(plan)]
    if plan.text != text:
        faults.append("the plan's text is not the text given")
    first = _as_json(plan)
    if first != _as_json(compile_text(text, year)):
        faults.append("a second run gives another plan")
    return faults


def _as_json(plan: Plan) -> str:
    """Plan as strict JSON: ValueError for NaN, TypeError for what JSON has not."""
    return json.dumps(to_dict(plan), ensure_ascii=False, allow_nan=False)


def _spans(plan: Plan) -> Iterator[str]:
    """Every span lies in the text, and those of a measure's fields in the measure."""
    length = len(plan.text)
    for name, span in _document_spans(plan):
        if not 0 <= span.start < span.end <= length:
            yield f"{name} {tuple(span)} is empty or outside the text of {length} characters"
    for i, measure in enumerate(plan.measures):
        for name, span in plan.field_spans(measure):
            if span.start >= span.end:
                yield f"measures[{i}].{name} {tuple(span)} is empty"
            if span.start < measure.span.start or span.end > measure.span.end:
                yield f"measures[{i}].{name} {tuple(span)} is outside its measure {tuple(measure.span)}"


def _document_spans(plan: Plan) -> Iterator[tuple[str, Span]]:
    for i, measure in enumerate(plan.measures):
        yield f"measures[{i}]", measure.span
    for i, heading in enumerate(plan.headings):
        yield f"headings[{i}]", heading.span
    for i, reference in enumerate(plan.references):
        yield f"references[{i}]", reference.span
    if plan.title_span:
        yield "title", plan.title_span
    if plan.issuer_span:
        yield "issuer", plan.issuer_span
    if notice := plan.notice:
        yield "notice", notice.span
        for name in ("published", "due", "state", "result"):
            span: Span | None = getattr(notice, f"{name}_span")
            if span:
                yield f"notice.{name}", span


def _order(plan: Plan) -> Iterator[str]:
    """Measures ascend and do not overlap: a parent ends before its first child."""
    for i in range(1, len(plan.measures)):
        one, other = plan.measures[i - 1].span, plan.measures[i].span
        if other.start < one.end:
            yield f"measures[{i}] {tuple(other)} begins before measures[{i - 1}] {tuple(one)} ends"
    starts = [heading.span.start for heading in plan.headings]
    if starts != sorted(set(starts)):
        yield "headings do not ascend"


def _names(plan: Plan) -> Iterator[str]:
    """What a field says is what its span shows, white space and what prints nothing aside."""
    for i, measure in enumerate(plan.measures):
        for name, said, span in _said(measure):
            if _bare(said) != _bare(plan.printed(span)):
                yield f"measures[{i}].{name} {said!r} is printed {plan.printed(span)!r}"
        for duty in measure.duties:
            if not _bare(duty.unit) or duty.unit != squeeze(duty.unit):
                yield f"measures[{i}] has a unit {duty.unit!r}"
        if not all(measure.path):
            yield f"measures[{i}] has an empty title in its path"
    for heading in plan.headings:
        if heading.title and not _bare(plan.printed(heading.span)).endswith(_bare(heading.title)):
            yield f"heading {heading.title!r} is printed {plan.printed(heading.span)!r}"
    if plan.title is not None and not plan.title.strip():
        yield "the title is blank"
    if plan.issuer is not None and plan.issuer_span and _bare(plan.issuer) != _bare(plan.printed(plan.issuer_span)):
        yield f"the issuer {plan.issuer!r} is printed {plan.printed(plan.issuer_span)!r}"


def _said(measure: Measure) -> Iterator[tuple[str, str, Span]]:
    yield "number", measure.number, measure.number_span
    if measure.title is not None and measure.title_span:
        yield "title", measure.title, measure.title_span
    for duty in measure.duties:
        yield f"duties.{duty.role}", duty.unit, duty.span
    for deadline in measure.deadlines:
        yield "deadline", deadline.text, deadline.span
    for target in measure.targets:
        yield "target", target.text, target.span


def _bare(text: str) -> str:
    return solid(fold(text))


def _values(plan: Plan) -> Iterator[str]:
    """Dates are days of the calendar in years a plan can name; figures are finite and ranges ascend."""
    for i, measure in enumerate(plan.measures):
        for deadline in measure.deadlines:
            if deadline.date is not None and not dt.date(1900, 1, 1) <= deadline.date < dt.date(2200, 1, 1):
                yield f"measures[{i}] has the date {deadline.date} for {deadline.text!r}"
        for target in measure.targets:
            values = target.value if isinstance(target.value, tuple) else (target.value,)
            if not all(isinstance(value, Decimal) and value.is_finite() for value in values):
                yield f"measures[{i}] has the figure {target.value} for {target.text!r}"
            elif len(values) == 2 and values[0] > values[1]:
                yield f"measures[{i}] has a range that descends: {target.text!r}"


def _diagnostics(plan: Plan) -> Iterator[str]:
    """A diagnostic stands in the text, in the measure it names, and says something in both languages."""
    for diagnostic in plan.diagnostics:
        code, span = diagnostic.code, diagnostic.span
        # An empty text has no character that a finding on the whole could stand at.
        if plan.text and not 0 <= span.start < span.end <= len(plan.text):
            yield f"{code} {tuple(span)} is empty or outside the text of {len(plan.text)} characters"
        if diagnostic.measure is not None:
            if not 0 <= diagnostic.measure < len(plan.measures):
                yield f"{code} names measure {diagnostic.measure} of {len(plan.measures)}"
            elif (
                not plan.measures[diagnostic.measure].span.start
                <= span.start
                < plan.measures[diagnostic.measure].span.end
            ):
                yield f"{code} {tuple(span)} is outside the measure it names"
        if not all(message(diagnostic, language).strip() for language in ("zh", "en")):
            yield f"{code} says nothing"
    if [(d.span, d.code) for d in plan.diagnostics] != sorted((d.span, d.code) for d in plan.diagnostics):
        yield "diagnostics are not in order of place"
