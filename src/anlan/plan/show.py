"""A compiled document as a person reads it in a terminal: head, measures under their chapters, findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile, zip_longest
from typing import Final

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from anlan.plan import words
from anlan.plan.compiler.diagnostics.messages import message, title
from anlan.plan.compiler.model import Diagnostic, Measure, Role, Severity
from anlan.plan.document import Document, Lines, chapters, lead_phrase, one_line
from anlan.plan.typeset import GAP, fold, labelled, pack, pad
from anlan.settings import Words

# From this width on measures are rows with columns side by side; below, fields stand under each other.
WIDE: Final = 110
NARROWEST: Final = 40
# Longer lines are hard to follow with the eye, however wide the screen.
WIDEST: Final = 200
# First characters of an item without a title that stand in for one.
_FIRST_WORDS: Final = 40
_NUMBER_CELLS: Final = 10
# What many measures lack is said once with all its places, when it is no more than an info.
_ONE_BY_ONE: Final = 3
_STYLES: Final = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_FINDINGS: Final = Words("疑点", "findings")

Line = list[tuple[str, str]]


def show(document: Document, console: Console, lang: str) -> None:
    """Writes a document to a terminal (or a file that stands in for one), as wide as it is."""
    width = max(NARROWEST, min(console.width, WIDEST))
    for line in lines(document, width, lang):
        text = Text.assemble(*line)
        text.rstrip()
        # Lines are broken where Chinese may be broken, which Rich does not know.
        console.print(text, soft_wrap=True, highlight=False)


def lines(document: Document, width: int, lang: str) -> Iterator[Line]:
    """All lines as parts with their styles, none wider than `width` cells; empty lists are empty lines."""
    yield from _head(document, width, lang)
    yield []
    if document.plan.measures:
        yield from _measures(document, width, lang)
    else:
        nothing = Words(
            "没有找到任务：文中没有带编号的任务条目。", "no measures found: the text has no numbered items of work."
        )
        yield from ([(part, "bold")] for part in fold(nothing.speak(lang), width))
        yield []
    yield from _findings(document, width, lang)


def _head(document: Document, width: int, lang: str) -> Iterator[Line]:
    plan = document.plan
    heading = one_line(plan.title) if plan.title else Words("（没有找到标题）", "(no title found)").speak(lang)
    yield from ([(part, "bold")] for part in fold(heading, width))
    unknown = Words("未写明", "not stated").speak(lang)
    rows = [
        (Words("发文单位", "issuer"), one_line(plan.issuer) if plan.issuer else unknown),
        (Words("年份", "year"), str(plan.year) if plan.year else unknown),
        (Words("文种", "kind"), words.KINDS[plan.kind].speak(lang)),
        (Words("内容", "contents"), words.counts(document).speak(lang)),
        (_FINDINGS, words.findings(document).speak(lang)),
        (Words("单位表", "register"), words.register(document).speak(lang)),
    ]
    if plan.notice and (said := words.notice(plan.notice, lang)):
        rows.insert(3, (Words("公告", "notice"), said))
    for label, part in labelled([(label.speak(lang), [text]) for label, text in rows], width):
        yield [(label, "dim"), (part, "")]


@dataclass(frozen=True, slots=True)
class _Row:
    """Measure ready to be shown; `units` are names by role, with the mark that follows each."""

    number: str
    title: str
    units: list[tuple[str, list[str]]]
    deadlines: list[str]
    targets: list[str]
    findings: list[str]


def _row(document: Document, measure: Measure, codes: Sequence[str], lang: str) -> _Row:
    phrase = lead_phrase(document.plan, measure)
    if not measure.title:
        first = phrase.split("。")[0]
        phrase = first if len(first) <= _FIRST_WORDS else first[:_FIRST_WORDS] + "…"
    mark = Words("、", ", ").speak(lang)
    units = [
        (words.ROLES[role].speak(lang), [*(one_line(name) + mark for name in names[:-1]), one_line(names[-1])])
        for role in (Role.LEAD, Role.RESPONSIBLE, Role.COOPERATING)
        if (names := measure.units(role))
    ]
    return _Row(
        one_line(measure.number),
        phrase,
        units,
        [words.deadline(one, lang) for one in measure.deadlines],
        [words.target(one) for one in measure.targets],
        [" ".join(dict.fromkeys(codes))] if codes else [],
    )


def _measures(document: Document, width: int, lang: str) -> Iterator[Line]:
    plan = document.plan
    codes: defaultdict[int | None, list[str]] = defaultdict(list)
    for finding in document.plan.diagnostics:
        # That a field is missing is seen without a code.
        if finding.severity is not Severity.INFO:
            codes[finding.measure].append(finding.code)
    numbers = min(_NUMBER_CELLS, max(4, *(cell_len(measure.number) for measure in plan.measures)))
    columns = _columns(width, numbers)
    if width >= WIDE:
        heads = (("序号", "no."), ("任务", "measure"), ("单位", "units"), ("时限", "deadlines"), ("目标", "targets"))
        yield [(pad(Words(*head).speak(lang), size) + GAP, "dim") for head, size in zip(heads, columns, strict=True)]
        yield [("─" * width, "dim")]
    above: tuple[str, ...] = ()
    for index, (measure, path) in enumerate(zip(plan.measures, chapters(plan), strict=True)):
        if path != above:
            yield from _chapters(above, path, width)
            above = path
        row = _row(document, measure, codes[index], lang)
        yield from _wide(row, columns, lang) if width >= WIDE else _narrow(row, numbers, width, lang)
    if width >= WIDE:
        yield [("─" * width, "dim")]
        yield []


def _chapters(above: Sequence[str], path: Sequence[str], width: int) -> Iterator[Line]:
    """Headings of `path` that were not yet shown."""
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(above, path, strict=False)))
    for depth in range(shared, len(path)):
        indent = GAP * min(depth, 4)
        yield from ([(indent + part, "bold cyan")] for part in fold(path[depth], width - len(indent)))


def _narrow(row: _Row, numbers: int, width: int, lang: str) -> Iterator[Line]:
    """Fields under each other, labels in front of them."""
    indent = " " * (numbers + len(GAP))
    room = width - len(indent)
    for first, part in zip_longest(fold(row.number, numbers), fold(row.title, room), fillvalue=""):
        yield [(pad(first, numbers) + GAP, "bold"), (part, "bold")]
    rows = [
        *row.units,
        *((Words("时限", "deadlines").speak(lang), [one]) for one in row.deadlines),
        *((Words("目标", "targets").speak(lang), [one]) for one in row.targets),
        *((_FINDINGS.speak(lang), [one]) for one in row.findings),
    ]
    for label, part in labelled(rows, room):
        yield [(indent, ""), (label, "dim"), (part, "")]
    yield []


def _columns(width: int, numbers: int) -> list[int]:
    """Widths of number, title, units, deadlines and targets."""
    free = width - numbers - 4 * len(GAP)
    phrase, units, deadlines = free * 25 // 100, free * 37 // 100, free * 16 // 100
    return [numbers, phrase, units, deadlines, free - phrase - units - deadlines]


def _wide(row: _Row, columns: list[int], lang: str) -> Iterator[Line]:
    """Fields side by side."""
    title_cell = fold(row.title, columns[1])
    for found in row.findings:
        title_cell += fold(f"{_FINDINGS.speak(lang)} {found}", columns[1])
    cells = [
        fold(row.number, columns[0]),
        title_cell,
        [label + part for label, part in labelled(row.units, columns[2])],
        [part for one in row.deadlines for part in fold(one, columns[3])],
        [part for one in row.targets for part in fold(one, columns[4])],
    ]
    titles = len(title_cell) - len(row.findings)
    for number, parts in enumerate(zip_longest(*cells, fillvalue="")):
        styles = ["bold", "bold" if number < titles else "yellow", "", "", ""]
        yield [(pad(part, size) + GAP, style) for part, size, style in zip(parts, columns, styles, strict=True)]


def _findings(document: Document, width: int, lang: str) -> Iterator[Line]:
    found = document.plan.diagnostics
    if not found:
        yield [(Words("没有疑点。", "no findings.").speak(lang), "")]
        return
    places = Lines(document.plan.text)
    label = Words("疑点（行：列）", "findings (line:column)").speak(lang)
    yield from ([(part, "bold")] for part in fold(f"{label}  {words.findings(document).speak(lang)}", width))
    for severity in Severity:
        some = [one for one in found if one.severity is severity]
        if some:
            yield []
            yield [(words.SEVERITIES[severity].speak(lang), _STYLES[severity])]
            yield from _listed(document, some, places, width, lang)


def _listed(document: Document, found: list[Diagnostic], places: Lines, width: int, lang: str) -> Iterator[Line]:
    """Findings of one severity, each with its place; infos that many places share only by code, after the others."""
    shared: defaultdict[str, list[Diagnostic]] = defaultdict(list)
    for one in found:
        shared[one.code].append(one)
    often = [c for c, some in shared.items() if len(some) > _ONE_BY_ONE and some[0].severity is Severity.INFO]
    column = max(cell_len(_place(one, places)) for one in found)
    for one in found:
        if one.code not in often:
            yield from _finding(_place(one, places), one, [_said(document, one, lang)], column, width)
    for code in sorted(often):
        some = shared[code]
        head = Words(f"{title(code)}，{len(some)} 处：", f"{title(code, 'en')}, {len(some)} places: ").speak(lang)
        at = [_place(one, places) for one in some]
        yield from _finding("", some[0], [head, *(one + " " for one in at)], column, width)
    if often:
        hint = Words("逐处说明见 anlan lint。", "anlan lint explains each place.").speak(lang)
        indent = " " * (column + 2 * len(GAP))
        yield from ([(indent, ""), (part, "dim")] for part in fold(hint, width - len(indent)))


def _place(one: Diagnostic, places: Lines) -> str:
    line, column = places.place(one.span.start)
    return f"{line}:{column}"


def _said(document: Document, one: Diagnostic, lang: str) -> str:
    """Message of a finding, with the number of its measure where the message does not say it."""
    said = one_line(message(one, lang))
    if one.measure is None:
        return said
    number = one_line(document.plan.measures[one.measure].number)
    return said if f"“{number}" in said else Words(f"任务 {number}：{said}", f"measure {number}: {said}").speak(lang)


def _finding(at: str, one: Diagnostic, tokens: list[str], column: int, width: int) -> Iterator[Line]:
    indent = len(GAP) + column + len(GAP) + len(one.code) + len(GAP)
    first, *rest = pack(tokens, width - indent)
    yield [(f"{GAP}{at:>{column}}{GAP}", "dim"), (one.code + GAP, _STYLES[one.severity]), (first, "")]
    yield from ([(" " * indent + part, "")] for part in rest)
