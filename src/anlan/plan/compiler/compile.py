"""The compiler: decoded text in, plan out. Any text compiles; what is wrong with it becomes diagnostics."""

from __future__ import annotations

import re
from collections.abc import Iterable

from anlan.plan.compiler import header as head
from anlan.plan.compiler import items, layout, outline, references, tables, targets
from anlan.plan.compiler.diagnostics import diagnose
from anlan.plan.compiler.diagnostics.register import Organ
from anlan.plan.compiler.duties import says_first_leads
from anlan.plan.compiler.labels import Content
from anlan.plan.compiler.layout import Layout
from anlan.plan.compiler.model import (
    Deadline,
    Duty,
    Heading,
    Measure,
    Plan,
    Reference,
    Span,
    Target,
    squeeze,
)

_LINE_BREAK = re.compile(r"\s*\n\s*")


def compile_text(text: str, year: int | None = None, register: Iterable[Organ] | None = None) -> Plan:
    """Plan of a decoded text, with diagnostics. `year` overrides the year of issue; units are looked up in `register`.

    Time and memory grow in proportion to the length of the text.
    """
    plan = parse_text(text, year)
    return plan.with_diagnostics(diagnose(plan, register))


def parse_text(text: str, year: int | None = None) -> Plan:
    """Plan of a decoded text, without diagnostics: for callers that look at it before they choose a register."""
    laid = layout.lay_out(text)
    header = head.read(laid, year)
    first_leads = says_first_leads(laid.view.text)
    table_items, closed = tables.find(laid, header, first_leads)
    roots, _ = outline.build(laid, header.begin, closed, header.stops)
    chosen, heading_nodes = items.select(laid, header, roots, first_leads, closed, table_items)
    found = sorted([*chosen, *table_items], key=lambda item: item.start)
    above: dict[int, str] = {}
    measures = tuple(_measure(laid, item, header.year, _path(laid, item, above)) for item in found)
    return Plan(
        text=text,
        title=header.title,
        issuer=header.issuer,
        year=header.year,
        kind=header.kind,
        headings=tuple(_heading(laid, node) for node in heading_nodes),
        measures=measures,
        references=tuple(_references(laid, laid.view.text, 0)),
        notice=header.notice,
        title_span=header.title_span,
        issuer_span=header.issuer_span,
    )


def _heading(laid: Layout, node: outline.Node) -> Heading:
    end = node.title_end or node.body
    return Heading(
        number=_squeezed(laid, node.start, node.number_end),
        title=_squeezed(laid, node.body, node.title_end) if node.title_end else "",
        depth=len(node.ancestors()),
        span=laid.view.span(node.start, max(end, node.number_end)),
    )


def _squeezed(laid: Layout, start: int, end: int) -> str:
    """Printed characters without white space."""
    if end <= start:
        return ""
    span = laid.view.span(start, end)
    return squeeze(laid.raw[span.start : span.end])


def _measure(laid: Layout, item: items.Item, year: int | None, path: tuple[str, ...]) -> Measure:
    view = laid.view
    base = item.start
    text = view.text[base : item.end]
    skip = [(b.start, b.end) for b in item.statement.brackets]
    for field in item.statement.fields:
        if field.content.role or field.content in (Content.PERSON, Content.PROBLEM):
            skip.append((field.start, field.end))
    skip.extend((d.start, d.end) for d in item.deadlines)
    if text.startswith("问题"):
        # 问题三：…: the line states what was found.
        lines = laid.lines
        after = laid.line_at(base) + 1
        skip.append((0, (lines[after].place if after < len(lines) else item.end) - base))
    number_end = item.node.number_end
    at = view.offset(item.node.start)
    return Measure(
        number=_squeezed(laid, item.node.start, number_end),
        path=path,
        title=_title(laid, item),
        span=view.span(item.start, item.end),
        number_span=view.span(item.node.start, number_end) if number_end > item.node.start else Span(at, at),
        title_span=view.span(*item.title) if item.title else None,
        duties=tuple(
            Duty(squeeze(laid.raw[span.start : span.end]), f.role, span)
            for f in item.statement.found
            for span in (view.span(base + f.start, base + f.end),)
        ),
        deadlines=tuple(
            Deadline(laid.raw[span.start : span.end], f.date, f.kind, f.precision, span)
            for f in item.deadlines
            for span in (view.span(base + f.start, base + f.end),)
        ),
        targets=tuple(
            Target(
                laid.raw[span.start : span.end],
                f.indicator,
                f.comparator,
                f.value,
                _squeezed(laid, base + f.unit_place.start, base + f.unit_place.end),
                span,
            )
            for f in _targets(text, sorted(skip), item.pieces or _after_title(laid, item), year)
            for span in (view.span(base + f.start, base + f.end),)
        ),
        references=tuple(_references(laid, text, base)),
    )


def _after_title(laid: Layout, item: items.Item) -> list[tuple[int, int]] | None:
    """Title and rest apart, where only the end of the line parts them: a figure's object must not take in both."""
    if not item.title or item.title[1] >= item.end or laid.view.text[item.title[1]] in "。：；，（":
        return None
    end = item.title[1] - item.start
    return [(0, end), (end, item.end - item.start)]


def _targets(
    text: str, skip: list[tuple[int, int]], pieces: list[tuple[int, int]] | None, year: int | None
) -> Iterable[targets.Found]:
    """Targets of an item; those of a table row cell by cell."""
    if pieces is None:
        yield from targets.find(text, skip, year=year)
        return
    for start, end in pieces:
        inside = [(max(a, start) - start, min(b, end) - start) for a, b in skip if a < end and b > start]
        for found in targets.find(text[start:end], inside, year=year):
            place = found.unit_place
            moved = place._replace(start=place.start + start, end=place.end + start)
            yield found._replace(start=found.start + start, end=found.end + start, unit_place=moved)


def _path(laid: Layout, item: items.Item, known: dict[int, str]) -> tuple[str, ...]:
    """Titles of the headings above an item; `known` keeps those of items before, by node."""
    for node in item.path:
        if id(node) not in known:
            known[id(node)] = _squeezed(laid, node.body, node.title_end)
    return tuple(title for node in item.path if (title := known[id(node)]))


def _title(laid: Layout, item: items.Item) -> str | None:
    if not item.title:
        return None
    span = laid.view.span(*item.title)
    return _LINE_BREAK.sub("", laid.raw[span.start : span.end])


def _references(laid: Layout, text: str, base: int) -> Iterable[Reference]:
    for found in references.find(text):
        yield Reference(found.title, found.number, found.year, laid.view.span(base + found.start, base + found.end))
