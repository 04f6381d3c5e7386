"""Responsibility: measures without an owner, without a lead, or with more than one set of owners."""

from __future__ import annotations

from collections.abc import Iterator

from anlan.plan.compiler.diagnostics.source import Finding, Source
from anlan.plan.compiler.duties import Bracket, find_brackets
from anlan.plan.compiler.model import Measure, Role, Span
from anlan.plan.compiler.view import View

# Two brackets with less between them are one statement: (A牵头)(B配合).
_BETWEEN = 8
_LIST_GAP = 12
_NAMED = 8


def check(source: Source) -> Iterator[Finding]:
    """Findings on who is responsible."""
    yield from _owners(source)
    yield from _leads(source)
    yield from _sets(source)


def _owners(source: Source) -> Iterator[Finding]:
    """Measures without owner, each where most have one, else once for the document.

    A child of a measure with an owner has that one; a parent is owned through its children.
    """
    measures = source.plan.measures
    owned = [bool(measure.duties) for measure in measures]
    above = set()
    for i, parent in enumerate(source.parents):
        if parent is not None:
            above.add(parent)
            owned[i] = owned[i] or owned[parent]
    missing = [i for i, has in enumerate(owned) if not has and i not in above]
    if missing and len(missing) * 2 > len(measures):
        yield Finding("R203", source.document_spot, {"count": str(len(missing)), "total": str(len(measures))})
        return
    for i in missing:
        yield Finding("R201", source.head(i), {"measure": source.name(i)})
    in_prose = [i for i, measure in enumerate(measures) if measure.duties and _only_prose(source, measure)]
    if in_prose and len(in_prose) * 4 <= sum(1 for measure in measures if measure.duties):
        for i in in_prose:
            units = "、".join(duty.unit for duty in measures[i].duties[:_NAMED])
            yield Finding("R202", source.head(i), {"measure": source.name(i), "units": units})


def _only_prose(source: Source, measure: Measure) -> bool:
    """Whether the first unit stands in running text: in no bracket, behind no label, and not as the title."""
    first = measure.duties[0].span.start
    if measure.title_span and first < measure.title_span.end:
        return False
    opened = source.folded.rfind("（", measure.span.start, first)
    if opened > source.folded.rfind("）", measure.span.start, first):
        return False
    mark = max(source.folded.rfind(mark, measure.span.start, first) for mark in "：。；\n\t|")
    return mark < 0 or source.folded[mark] in "。；"


def _leads(source: Source) -> Iterator[Finding]:
    for measure in source.plan.measures:
        responsible = [duty for duty in measure.duties if duty.role is Role.RESPONSIBLE]
        if len(responsible) > 1 and len(measure.units(Role.LEAD)) == 0:
            yield Finding("R204", _list_span([d.span for d in responsible]), {"count": str(len(responsible))})


def _list_span(spans: list[Span]) -> Span:
    """Stretch of the list that begins with the first of these names."""
    start, end = spans[0]
    for span in spans[1:]:
        if not 0 <= span.start - end <= _LIST_GAP:
            break
        end = span.end
    return Span(start, end)


def _sets(source: Source) -> Iterator[Finding]:
    for i, measure in enumerate(source.plan.measures):
        if source.folded.count("）", *measure.span) < 2 or len(measure.duties) < 2:
            continue
        view = View(source.plan.measure_text(measure))
        brackets = find_brackets(view.text, lambda place: False)
        apart = [b for k, b in enumerate(brackets) if k == 0 or b.start - brackets[k - 1].end >= _BETWEEN]
        if len(apart) < 2:
            continue
        for bracket in apart:
            other = apart[1] if bracket is apart[0] else apart[0]
            yield Finding(
                "R205",
                _raised(view.span(bracket.start, bracket.end), measure.span.start),
                {
                    "measure": source.name(i),
                    "count": str(len(apart)),
                    "line": source.line(measure.span.start + view.offset(other.start)),
                    "other": _shown(view.text, other),
                },
            )


def _raised(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _shown(text: str, bracket: Bracket, longest: int = 30) -> str:
    inner = text[bracket.start : bracket.end].strip("（）")
    return inner if len(inner) <= longest else inner[:longest] + "…"
