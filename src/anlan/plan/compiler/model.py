"""What the compiler gives: a plan as values, every field pointing at its characters.

Offsets are code points of the decoded text, end exclusive. Texts are as printed: misprints, white space
and line breaks inside a name are the document's, not ours to mend; a caller that shows a name squeezes
it with :func:`squeeze`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from anlan.foundation.quantities import Comparator as Comparator


class Span(NamedTuple):
    """Half-open range of code points [start, end) of the decoded text."""

    start: int
    end: int


class Kind(StrEnum):
    """Kind of document, by what its title calls it."""

    WORK_POINTS = "work_points"
    ACTION_PLAN = "action_plan"
    RECTIFICATION_PLAN = "rectification_plan"
    TASK_BREAKDOWN = "task_breakdown"
    OTHER = "other"


class Role(StrEnum):
    """Part a unit plays in a measure: 牵头, 配合, or 责任 where the text does not say who leads."""

    LEAD = "lead"
    COOPERATING = "cooperating"
    RESPONSIBLE = "responsible"


class DeadlineKind(StrEnum):
    """By a day, during a period, at once (立行立改), or standing (长期坚持)."""

    BY = "by"
    DURING = "during"
    LONG_TERM = "long_term"
    IMMEDIATE = "immediate"


class Precision(StrEnum):
    """How finely the text names the time; RELATIVE hangs on an event, RECURRING comes back, NONE has no day."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    RELATIVE = "relative"
    RECURRING = "recurring"
    NONE = "none"


class Severity(StrEnum):
    """Weight of a diagnostic. Only errors make `anlan lint` fail."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Duty:
    """Unit with its part in a measure. `unit` is the name as printed, white space removed."""

    unit: str
    role: Role
    span: Span


@dataclass(frozen=True, slots=True)
class Deadline:
    """Time limit as printed. `date` is the last day of the period named, None where it hangs on an event."""

    text: str
    date: dt.date | None
    kind: DeadlineKind
    precision: Precision
    span: Span


@dataclass(frozen=True, slots=True)
class Target:
    """Quantity a measure commits to. `value` is in the unit as printed; a pair (low, high) for a range."""

    text: str
    indicator: str
    comparator: Comparator
    value: Decimal | tuple[Decimal, Decimal]
    unit: str
    span: Span


@dataclass(frozen=True, slots=True)
class Reference:
    """Document that the text names: title inside 《》, or document number (文号), or both."""

    title: str | None
    number: str | None
    year: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class Heading:
    """Heading above measures. `depth` counts from 0; `number` as printed without the mark after it."""

    number: str
    title: str
    depth: int
    span: Span


@dataclass(frozen=True, slots=True)
class Measure:
    """Smallest numbered unit of work that carries its own duty or deadline (corpus rules).

    `span` runs from the first character of the number to the last of the item. `path` holds the titles
    of the headings above, outermost first. A table row without a number has the number "" and an empty span for it.
    """

    number: str
    path: tuple[str, ...]
    title: str | None
    span: Span
    number_span: Span
    title_span: Span | None
    duties: tuple[Duty, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    targets: tuple[Target, ...] = ()
    references: tuple[Reference, ...] = ()

    def units(self, role: Role) -> list[str]:
        """Names of the units in this role, in order of first appearance."""
        return [d.unit for d in self.duties if d.role is role]


@dataclass(frozen=True, slots=True)
class Notice:
    """Publication notice round a document (a government web page): dates, state and result, each with its span."""

    span: Span
    published: dt.date | None = None
    published_span: Span | None = None
    due: dt.date | None = None
    due_span: Span | None = None
    state: str | None = None
    state_span: Span | None = None
    result: str | None = None
    result_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Finding on the text. `arguments` fill the message of its code (see `messages.py`); `measure` is an index."""

    code: str
    severity: Severity
    span: Span
    arguments: dict[str, str] = field(default_factory=dict)
    measure: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Compiled document. `text` is what all spans count in."""

    text: str
    title: str | None
    issuer: str | None
    year: int | None
    kind: Kind
    headings: tuple[Heading, ...] = ()
    measures: tuple[Measure, ...] = ()
    references: tuple[Reference, ...] = ()
    notice: Notice | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    title_span: Span | None = None
    issuer_span: Span | None = None

    def with_diagnostics(self, diagnostics: tuple[Diagnostic, ...]) -> Plan:
        """Same plan with these diagnostics."""
        return replace(self, diagnostics=diagnostics)

    def printed(self, span: Span) -> str:
        """Characters of a span, as they stand in the text."""
        return self.text[span.start : span.end]

    def measure_text(self, measure: Measure) -> str:
        """Whole text of a measure, number and duty brackets included."""
        return self.printed(measure.span)

    def field_spans(self, measure: Measure) -> Iterator[tuple[str, Span]]:
        """Name and span of every field of a measure: number, title, duties.lead[0], deadlines[1], targets[0] …"""
        if measure.number:
            yield "number", measure.number_span
        if measure.title_span:
            yield "title", measure.title_span
        for role in Role:
            for i, duty in enumerate(d for d in measure.duties if d.role is role):
                yield f"duties.{role}[{i}]", duty.span
        for i, deadline in enumerate(measure.deadlines):
            yield f"deadlines[{i}]", deadline.span
        for i, target in enumerate(measure.targets):
            yield f"targets[{i}]", target.span
        for i, reference in enumerate(measure.references):
            yield f"references[{i}]", reference.span


def squeeze(text: str) -> str:
    """Text without white space: names and titles that a line break or a space cuts in two are one name.

    >>> squeeze("牵头部\\n门")
    '牵头部门'
    """
    return "".join(text.split())
