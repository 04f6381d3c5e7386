"""The document as the reading room shows it: lines cut where a field begins or ends, each with its margin notes."""

from __future__ import annotations

import bisect
import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from anlan.plan.compiler.diagnostics.messages import message
from anlan.plan.compiler.diagnostics.messages import title as heading
from anlan.plan.compiler.model import Diagnostic, Severity, Span
from anlan.plan.models import Document, Finding, Measure

# Measures that one page shows. Plans have some dozens; thousands would take the browser minutes.
MEASURES = 200
_GRAVITY = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Piece:
    """Run of characters that belong to the same fields. `fields` are their keys, `kinds` the classes to paint."""

    text: str
    fields: str = ""
    kinds: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Finding at the margin: code, severity, title, message, and the key of its characters."""

    key: str
    code: str
    severity: str
    title: str
    message: str
    measure_id: int | None


@dataclass(slots=True)
class Line:
    """Printed line of the document, with number from 1, the place where it starts, pieces, notes and the measures that
    begin in it."""

    number: int
    start: int = 0
    pieces: list[Piece] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    measures: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    key: str
    kind: str


@dataclass(frozen=True, slots=True)
class Part:
    """Part of a long document: number from 1, of how many, its measures by key, and the characters it shows."""

    number: int
    of: int
    measures: tuple[int, ...]
    start: int
    end: int


def part(measures: Sequence[tuple[int, int]], length: int, number: int = 1, holding: int = 0) -> Part:
    """Part of a document of `length` characters, whose measures are given in order by key and place.

    `holding` is the key of a measure that it must hold, if there is such; else it is that of the `number`, the nearest
    there is.
    """
    of = max(1, -(-len(measures) // MEASURES))
    found = next((at // MEASURES + 1 for at, (key, _) in enumerate(measures) if key == holding), number)
    number = min(max(found, 1), of)
    mine = measures[(number - 1) * MEASURES : number * MEASURES]
    after = measures[number * MEASURES : (number + 1) * MEASURES]
    start = 0 if number == 1 else min(place for _, place in mine)
    end = min((place for _, place in after), default=length)
    return Part(number, of, tuple(key for key, _ in mine), start, max(start, end))


def lines(
    document: Document,
    measures: Iterable[Measure],
    findings: Iterable[Finding],
    lang: str,
    start: int = 0,
    end: int | None = None,
) -> list[Line]:
    """Lines of the document, or those that hold the characters from `start` up to `end`.

    Every character of them stands in exactly one piece, line breaks aside. Measures come with duties, deadlines and
    targets fetched. Time grows with the text and its marks.
    """
    measures = list(measures)
    found = [(one, note(one, lang)) for one in findings]
    marks = sorted(
        [*_marks(measures), *(_Mark(f.start, f.end, n.key, f"note {f.severity}") for f, n in found)], key=_start
    )
    text = document.text
    starts = [0]
    for place, character in enumerate(text):
        if character == "\n":
            starts.append(place + 1)
    low, high = _line(starts, start), len(starts)
    if end is not None and end < len(text):
        high = _line(starts, max(start, end - 1)) + 1
    result = [Line(number, starts[number - 1]) for number in range(low + 1, high + 1)]
    marks = [mark for mark in marks if mark.end > starts[low]]
    for one, said in found:
        if low <= (at := _line(starts, one.start)) < high:
            result[at - low].notes.append(said)
    for line in result:
        line.notes.sort(key=lambda said: _GRAVITY[said.severity])
    for measure in measures:
        if low <= (at := _line(starts, measure.start)) < high:
            result[at - low].measures.append(measure.pk)
    active: list[_Mark] = []
    upcoming = 0
    for line in result:
        begin = line.start
        stop = (starts[line.number] - 1) if line.number < len(starts) else len(text)
        here = list(active)
        while upcoming < len(marks) and marks[upcoming].start < stop:
            here.append(marks[upcoming])
            upcoming += 1
        here = [mark for mark in here if mark.end > begin]
        line.pieces = _cut(text, begin, stop, here)
        active = [mark for mark in here if mark.end > stop]
    return result


def note(finding: Finding, lang: str) -> Note:
    """Finding in the words of a language (zh, en)."""
    spoken = Diagnostic(
        finding.code, Severity(finding.severity), Span(finding.start, finding.end), dict(finding.arguments)
    )
    return Note(
        f"n{finding.pk}",
        finding.code,
        finding.severity,
        heading(finding.code, lang),
        message(spoken, lang),
        finding.measure_id,
    )


def _start(mark: _Mark) -> int:
    return mark.start


def _line(starts: list[int], place: int) -> int:
    return bisect.bisect_right(starts, place) - 1


def _marks(measures: Iterable[Measure]) -> Iterable[_Mark]:
    for measure in measures:
        yield _Mark(measure.start, measure.end, f"m{measure.pk}", "measure")
        for duty in measure.duties.all():
            if duty.start is not None and duty.end is not None and duty.added_by_id is None:
                yield _Mark(duty.start, duty.end, f"d{duty.pk}", "duty")
        for limit in measure.deadlines.all():
            if limit.start is not None and limit.end is not None:
                yield _Mark(limit.start, limit.end, f"l{limit.pk}", "deadline")
        for target in measure.targets.all():
            if target.start is not None and target.end is not None:
                yield _Mark(target.start, target.end, f"t{target.pk}", "target")


def _cut(text: str, begin: int, end: int, marks: list[_Mark]) -> list[Piece]:
    if not marks:
        return [Piece(text[begin:end])] if end > begin else []
    opening: dict[int, list[_Mark]] = defaultdict(list)
    closing: dict[int, list[_Mark]] = defaultdict(list)
    for mark in marks:
        opening[max(mark.start, begin)].append(mark)
        closing[min(mark.end, end)].append(mark)
    cuts = sorted({begin, end, *opening, *closing})
    open_: list[_Mark] = []
    pieces = []
    for left, right in itertools.pairwise(cuts):
        gone = {id(mark) for mark in closing[left]}
        open_ = [mark for mark in open_ if id(mark) not in gone] + opening[left]
        kinds = dict.fromkeys(kind for mark in open_ for kind in mark.kind.split())
        pieces.append(Piece(text[left:right], " ".join(mark.key for mark in open_), " ".join(kinds)))
    return pieces
