"""Dates: missing and expired deadlines, days the calendar lacks, periods in reverse, tasks due after their phase."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator

from anlan.plan.compiler.diagnostics.source import Finding, Source
from anlan.plan.compiler.model import Deadline, DeadlineKind, Measure, Precision, Span, squeeze
from anlan.plan.compiler.view import fold

# Dates are looked for at each 月, backwards for year and month and forwards for the rest.
_TO_MONTH = re.compile(r"(?<![\d.])(?:(?P<y>(?:19|20)\d\d)年)?(?P<m>\d{1,2})$")
_TORN = re.compile(r"\d\s+$")
_REST = re.compile(r"(?:(?P<d>\d{1,2})[日号]|(?=底|末|份|前|初|[上中下]旬))|(?=起|开始|至|到|[-~])")
_TO_END = re.compile(
    r"(?:起|开始)?(?:至|到|[-~]{1,2})(?:(?P<y>(?:19|20)\d\d)年)?(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})[日号])?"
)
_ISO = re.compile(r"20\d\d-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?![\d\-])")
_YEARS = re.compile(r"(?P<a>20(?<!\d20)\d\d)年?(?:至|到|[-~]{1,2})(?P<b>20\d\d)年")
_DATED = {Precision.DAY, Precision.MONTH, Precision.QUARTER, Precision.HALF_YEAR, Precision.YEAR}
_FROM_TO = re.compile("[至到~-]")
_BEHIND_NAME = 4
_PAST = re.compile(r"(?P<y>20\d\d)年(?:\d{1,2}月(?:\d{1,2}[日号])?)?底?(?:之前|以前|前)")
_TO_DO = re.compile(
    "[，]?(?:要|须|应|全部|全面|基本|力争|确保)*(?:完成|建成|实现|达到|办结|整改到位|验收|投用|销号|出台)(?![的并后了、或和])"
)
_TIME_LABEL = re.compile("(?:时限|期限|时间)(?:要求)?：$")
_OF_THE_PAST = re.compile("已|未|仍|曾|原|应于|没有|计划")
_LOOK_BACK = 60


def check(source: Source) -> Iterator[Finding]:
    """Findings on dates and deadlines."""
    yield from _dates(source)
    yield from _expired(source)
    for i, measure in enumerate(source.plan.measures):
        if not measure.deadlines:
            yield Finding("D301", source.head(i), {"measure": source.name(i)})
        yield from _without_year(source, measure)
    yield from _outside_phase(source)


def _without_year(source: Source, measure: Measure) -> Iterator[Finding]:
    if source.plan.year:
        return
    for deadline in measure.deadlines:
        text = squeeze(deadline.text)
        if not deadline.date and deadline.precision in _DATED and re.search("月|日", text):
            yield Finding("D306", deadline.span, {"text": text})


def _expired(source: Source) -> Iterator[Finding]:
    """Tasks due before the document was issued. Such dates are no deadlines to the compiler: most tell of the past."""
    year = source.plan.year
    text = source.folded
    for match in _PAST.finditer(text) if year else ():
        index = source.measure_at(match.start())
        if index is None or not year or int(match["y"]) >= year:
            continue
        line = max(text.rfind("\n", 0, match.start()) + 1, match.start() - _LOOK_BACK)
        before = text[line : match.start()]
        clause = re.split("[，。；]", before)[-1]
        labelled = _TIME_LABEL.search(before)
        if _OF_THE_PAST.search(clause) or "问题" in before or not (labelled or _TO_DO.match(text, match.end())):
            continue
        yield Finding("D302", Span(*match.span()), {"text": match.group(), "year": str(year)})


def _dates(source: Source) -> Iterator[Finding]:
    """Days the calendar lacks, and periods that end before they begin."""
    text = source.folded
    place = text.find("月")
    while place >= 0:
        month = _TO_MONTH.search(text, max(0, place - 8), place)
        rest = _REST.match(text, place + 1) if month else None
        # A figure before a line break may be the month's first digit, or a cell of a table.
        if month and rest and not _TORN.search(text, max(0, month.start() - 4), month.start()):
            yield from _date(source, month, rest)
        place = text.find("月", place + 1)
    for match in _ISO.finditer(text):
        if not _possible(match.group()[:4], match["m"], match["d"]):
            yield _finding("D303", source, match.start(), match.end())
    for match in _YEARS.finditer(text):
        if int(match["a"]) > int(match["b"]):
            yield _finding("D304", source, match.start(), match.end())


def _date(source: Source, month: re.Match[str], rest: re.Match[str]) -> Iterator[Finding]:
    if not _possible(month["y"], month["m"], rest["d"]):
        yield _finding("D303", source, month.start(), rest.end())
        return
    end = _TO_END.match(source.folded, rest.end())
    if not end or not _possible(end["y"], end["m"], end["d"]):
        return
    first = (int(month["m"]), int(rest["d"] or 1))
    last = (int(end["m"]), int(end["d"] or 31))
    if month["y"] and end["y"]:
        backwards = (int(end["y"]), *last) < (int(month["y"]), *first)
    else:
        # Without a year 11月至3月 runs into the next one.
        backwards = not end["y"] and first[0] == last[0] and last < first
    if backwards:
        yield _finding("D304", source, month.start(), end.end())


def _possible(year: str | None, month: str, day: str | None) -> bool:
    """Whether the calendar has this day; without a year 29 February may be meant for a leap year."""
    if not 1 <= int(month) <= 12:
        return False
    return day is None or 1 <= int(day) <= calendar.monthrange(int(year or 2000), int(month))[1]


def _finding(code: str, source: Source, start: int, end: int) -> Finding:
    return Finding(code, Span(start, end), {"text": squeeze(source.plan.text[start:end])})


def _outside_phase(source: Source) -> Iterator[Finding]:
    measures = source.plan.measures
    ends: dict[int, Deadline | None] = {}
    for i, parent in enumerate(source.parents):
        if parent is None:
            continue
        if parent not in ends:
            ends[parent] = _phase_end(measures[parent])
        phase = ends[parent]
        if not phase or not phase.date:
            continue
        for deadline in measures[i].deadlines:
            if deadline.date and deadline.date > phase.date:
                text, other = squeeze(deadline.text), squeeze(phase.text)
                yield Finding(
                    "D305",
                    deadline.span,
                    {
                        "text": text,
                        "date": deadline.date.isoformat(),
                        "line": source.line(phase.span.start),
                        "other": other,
                        "other_date": phase.date.isoformat(),
                    },
                )
                yield Finding(
                    "D305",
                    phase.span,
                    {
                        "text": other,
                        "phase_date": phase.date.isoformat(),
                        "line": source.line(deadline.span.start),
                        "other": text,
                        "other_date": deadline.date.isoformat(),
                    },
                )


def _phase_end(measure: Measure) -> Deadline | None:
    """Deadline that says when a phase is over: the time behind its name, else its period from–to."""
    if not measure.title_span:
        return None
    head_end = measure.title_span.end + _BEHIND_NAME
    dated = [d for d in measure.deadlines if d.date and d.kind in (DeadlineKind.BY, DeadlineKind.DURING)]
    behind = [d for d in dated if d.span.start <= head_end]
    periods = [d for d in dated if d.kind is DeadlineKind.DURING and _FROM_TO.search(fold(d.text))]
    chosen = behind or periods
    return max(chosen, key=lambda d: d.date or dt.date.min) if chosen else None
