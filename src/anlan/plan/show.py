"""A compiled document as a person reads it in a terminal: head, measures under their chapters, findings."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.text import Text

from anlan.plan import words
from anlan.plan.compiler.diagnostics import message
from anlan.plan.compiler.model import Diagnostic, Measure, Role, Severity
from anlan.plan.document import Document, Lines, chapters, lead_phrase
from anlan.settings import Words

# From this width on measures are rows with columns side by side; below, fields stand under each other.
WIDE: Final = 110
NARROWEST: Final = 40
# Longer lines are hard to follow with the eye, however wide the screen.
WIDEST: Final = 200
# Lines of an item without a title that stand in for one.
_FIRST_WORDS: Final = 60
_GAP: Final = "  "
_STYLES: Final = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_CELL = re.compile(r"[A-Za-z0-9.%&/+_-]+|\s|.", re.DOTALL)
_NEVER_FIRST: Final = frozenset("，。、；：？！）》」』】”’…,.;:?!)]%")
_NEVER_LAST: Final = frozenset("（《「『【“‘([")

Line = list[tuple[str, str]]


def show(document: Document, console: Console, lang: str) -> None:
    """Writes a document to a terminal (or a file that stands in for one), as wide as it is."""
    width = max(NARROWEST, min(console.width, WIDEST))
    for line in lines(document, width, lang):
        text = Text.assemble(*((part, style) for part, style in line))
        text.rstrip()
        # Lines are broken where Chinese may be broken, which Rich does not know.
        console.print(text, soft_wrap=True, highlight=False)


def lines(document: Document, width: int, lang: str) -> Iterator[Line]:
    """All lines as parts with their styles, none wider than `width` cells."""
    yield from _head(document, width, lang)
    yield []
    if document.plan.measures:
        yield from _measures(document, width, lang)
    else:
        nothing = Words(
            "没有找到任务：文中没有编号的任务条目。请检查是否为工作方案的正文。",
            "no measures found: the text has no numbered items of work. Check that it is the plan itself.",
        )
        yield from ([(part, "bold")] for part in fold(nothing.speak(lang), width))
        yield []
    yield from _findings(document, width, lang)


def fold(text: str, width: int) -> list[str]:
    """Text broken into lines of at most `width` cells (2 or more), as Chinese is set: between any two characters,
    never inside a number or a Latin word that fits, no closing mark first, no opening mark last.

    >>> fold("责任单位，另行通知", 8)
    ['责任单', '位，另行', '通知']
    """
    done: list[str] = []
    line: list[str] = []
    used = 0
    for token in _pieces(text, width):
        size = cell_len(token)
        if used + size > width:
            moved: list[str] = []
            # What must not be parted from its neighbour goes down with it, unless nothing would be left.
            while len(line) > 1 and ((not moved and token in _NEVER_FIRST) or line[-1] in _NEVER_LAST):
                moved.insert(0, line.pop())
            done.append("".join(line).rstrip())
            line, used = moved, sum(map(cell_len, moved))
        if line or not token.isspace():
            line.append(token)
            used += size
    rest = "".join(line).rstrip()
    return [*done, rest] if rest or not done else done


def _pieces(text: str, width: int) -> Iterator[str]:
    for token in _CELL.findall(text):
        yield from chop_cells(token, width) if cell_len(token) > width else [token]


def _labelled(rows: Sequence[tuple[str, str]], width: int, style: str = "dim") -> Iterator[Line]:
    """Labels with their text beside them, all texts beginning at the same column."""
    column = max((cell_len(label) for label, _ in rows), default=0)
    for label, text in rows:
        beside = fold(text, width - column - len(_GAP))
        for first, part in zip(itertools.chain([label], itertools.repeat("")), beside, strict=False):
            yield [(_pad(first, column) + _GAP, style), (part, "")]


def _pad(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def _head(document: Document, width: int, lang: str) -> Iterator[Line]:
    plan = document.plan
    title = plan.title or Words("（没有找到标题）", "(no title found)").speak(lang)
    yield from ([(part, "bold")] for part in fold(words.one_line(title), width))
    unknown = Words("未写明", "not stated").speak(lang)
    rows = [
        (Words("发文单位", "issuer"), words.one_line(plan.issuer) if plan.issuer else unknown),
        (Words("年份", "year"), str(plan.year) if plan.year else unknown),
        (Words("文种", "kind"), words.KINDS[plan.kind].speak(lang)),
        (Words("内容", "contents"), words.counts(document).speak(lang)),
        (Words("疑点", "findings"), words.findings(document).speak(lang)),
        (Words("单位名册", "register"), words.register(document).speak(lang)),
    ]
    if plan.notice and (said := words.notice(plan.notice, lang)):
        rows.insert(3, (Words("公告", "notice"), said))
    yield from _labelled([(label.speak(lang), text) for label, text in rows], width)


def _measures(document: Document, width: int, lang: str) -> Iterator[Line]:
    plan = document.plan
    codes: defaultdict[int | None, list[str]] = defaultdict(list)
    for finding in document.findings():
        codes[finding.measure].append(finding.code)
    numbers = min(10, max(cell_len(measure.number) for measure in plan.measures))
    columns = _columns(width, numbers) if width >= WIDE else None
    if columns:
        titles = (("序号", "no."), ("任务", "measure"), ("单位", "units"), ("时限", "deadlines"), ("目标", "targets"))
        yield [(_row([Words(*title).speak(lang) for title in titles], columns), "dim")]
        yield [("─" * width, "dim")]
    above: tuple[str, ...] = ()
    for index, (measure, path) in enumerate(zip(plan.measures, chapters(plan), strict=True)):
        if path != above:
            yield from _chapters(above, path, width)
            above = path
        title, units, deadlines, targets = _fields(document, measure, lang)
        found = " ".join(dict.fromkeys(codes[index]))
        if columns:
            yield from _wide((measure.number, title, units, deadlines, targets), found, columns, lang)
            continue
        rows = [
            *units,
            *((Words("时限", "deadline").speak(lang), one) for one in deadlines),
            *((Words("目标", "target").speak(lang), one) for one in targets),
        ]
        if found:
            rows.append((Words("疑点", "findings").speak(lang), found))
        yield from _narrow(measure.number, title, rows, numbers, width)
    if columns:
        yield [("─" * width, "dim")]
        yield []


def _chapters(above: Sequence[str], path: Sequence[str], width: int) -> Iterator[Line]:
    """Headings of `path` that were not yet shown."""
    shared = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(above, path, strict=False)))
    for depth in range(shared, len(path)):
        indent = _GAP * min(depth, 4)
        yield from ([(indent + part, "bold cyan")] for part in fold(path[depth], width - len(indent)))


def _fields(
    document: Document, measure: Measure, lang: str
) -> tuple[str, list[tuple[str, str]], list[str], list[str]]:
    """Title, units by label, deadlines and targets of a measure."""
    title = lead_phrase(document.plan, measure)
    if not measure.title and len(title) > _FIRST_WORDS:
        title = title[:_FIRST_WORDS] + "…"
    mark = Words("、", ", ").speak(lang)
    units = [
        (words.ROLES[role].speak(lang), mark.join(map(words.one_line, names)))
        for role in (Role.LEAD, Role.RESPONSIBLE, Role.COOPERATING)
        if (names := measure.units(role))
    ]
    return (
        title,
        units,
        [words.deadline(one, lang) for one in measure.deadlines],
        [words.target(one) for one in measure.targets],
    )


def _narrow(number: str, title: str, rows: list[tuple[str, str]], numbers: int, width: int) -> Iterator[Line]:
    indent = " " * (numbers + len(_GAP))
    shown = fold(number, numbers)
    beside = fold(title, width - len(indent))
    for first, part in itertools.zip_longest(shown, beside, fillvalue=""):
        yield [(_pad(first, numbers) + _GAP, "bold"), (part, "bold")]
    # A label that repeats (several targets) is written once.
    labels = [label if not i or rows[i - 1][0] != label else "" for i, (label, _) in enumerate(rows)]
    column = [(label, text) for label, (_, text) in zip(labels, rows, strict=True)]
    yield from ([(indent, ""), *line] for line in _labelled(column, width - len(indent)))
    yield []


def _columns(width: int, numbers: int) -> list[int]:
    """Widths of number, title, units, deadlines and targets."""
    free = width - numbers - 4 * len(_GAP)
    title, units, deadlines = free * 26 // 100, free * 34 // 100, free * 17 // 100
    return [max(numbers, 4), title, units, deadlines, free - title - units - deadlines - max(0, 4 - numbers)]


def _row(cells: Sequence[str], columns: Sequence[int]) -> str:
    return _GAP.join(_pad(cell, column) for cell, column in zip(cells, columns, strict=True))


def _wide(
    fields: tuple[str, str, list[tuple[str, str]], list[str], list[str]], found: str, columns: list[int], lang: str
) -> Iterator[Line]:
    number, title, units, deadlines, targets = fields
    marked = [part for label, text in units for part in fold(f"{label} {text}", columns[2])]
    cells = [
        fold(number, columns[0]),
        fold(title, columns[1]),
        marked,
        [part for one in deadlines for part in fold(one, columns[3])],
        [part for one in targets for part in fold(one, columns[4])],
    ]
    styles = ["bold", "bold", "", "", ""]
    for parts in itertools.zip_longest(*cells, fillvalue=""):
        yield [(_pad(part, size) + _GAP, style) for part, size, style in zip(parts, columns, styles, strict=True)]
    if found:
        indent = " " * (columns[0] + len(_GAP))
        label = Words("疑点", "findings").speak(lang)
        yield from ([(indent, ""), *line] for line in _labelled([(label, found)], sum(columns[1:]) + 6))


def _findings(document: Document, width: int, lang: str) -> Iterator[Line]:
    found = document.findings()
    if not found:
        yield [(Words("没有疑点。", "no findings.").speak(lang), "")]
        return
    places = Lines(document.plan.text)
    label = Words("疑点（行:列）", "findings (line:column)").speak(lang)
    yield [(f"{label}  {words.findings(document).speak(lang)}", "bold")]
    for severity in Severity:
        some = [one for one in found if one.severity is severity]
        if some:
            yield []
            yield [(words.SEVERITIES[severity].speak(lang), _STYLES[severity])]
            yield from _listed(document, some, places, width, lang)


def _listed(
    document: Document, found: list[Diagnostic], places: Lines, width: int, lang: str
) -> Iterator[Line]:
    where = [f"{place.line}:{place.column}" for one in found for place in (places.place(one.span.start),)]
    column = max(map(len, where))
    codes = max(len(one.code) for one in found)
    indent = " " * (column + codes + 3 * len(_GAP))
    for at, one in zip(where, found, strict=True):
        said = words.one_line(message(one, lang))
        if one.measure is not None:
            number = document.plan.measures[one.measure].number
            said = Words(f"任务 {number}：{said}", f"measure {number}: {said}").speak(lang)
        first, *rest = fold(said, width - len(indent))
        yield [
            (f"{_GAP}{at:>{column}}{_GAP}", "dim"),
            (f"{one.code:<{codes}}{_GAP}", _STYLES[one.severity]),
            (first, ""),
        ]
        yield from ([(indent + part, "")] for part in rest)
