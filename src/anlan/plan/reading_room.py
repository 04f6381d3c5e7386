"""The document as the reading room shows it: lines cut where a field begins or ends, each with its margin notes."""

from __future__ import annotations

import bisect
import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from anlan.plan.compiler.diagnostics.messages import message
from anlan.plan.compiler.diagnostics.messages import title as heading
from anlan.plan.compiler.model import Diagnostic, Severity, Span
from anlan.plan.models import Document, Finding, Measure

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


def lines(document: Document, measures: Iterable[Measure], findings: Iterable[Finding], lang: str) -> list[Line]:
    """Lines of the document; every character of the text stands in exactly one piece, line breaks aside.

    Measures come with duties, deadlines and targets fetched. Time grows with the text and its marks.
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
    result = [Line(number, start) for number, start in enumerate(starts, start=1)]
    for one, said in found:
        result[_line(starts, one.start)].notes.append(said)
    for line in result:
        line.notes.sort(key=lambda said: _GRAVITY[said.severity])
    for measure in measures:
        result[_line(starts, measure.start)].measures.append(measure.pk)
    active: list[_Mark] = []
    upcoming = 0
    for line, begin in zip(result, starts, strict=True):
        end = (starts[line.number] - 1) if line.number < len(starts) else len(text)
        here = list(active)
        while upcoming < len(marks) and marks[upcoming].start < end:
            here.append(marks[upcoming])
            upcoming += 1
        here = [mark for mark in here if mark.end > begin]
        line.pieces = _cut(text, begin, end, here)
        active = [mark for mark in here if mark.end > end]
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
