"""A document on its way from bytes to a compiled plan, with the register of units that it was checked against."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from anlan.plan.compiler.compile import parse_text
from anlan.plan.compiler.diagnostics import diagnose
from anlan.plan.compiler.diagnostics.register import Register
from anlan.plan.compiler.model import Measure, Plan, Severity, Span, squeeze
from anlan.plan.compiler.reading import Source, read
from anlan.plan.pack import Organ
from anlan.settings import Words

# Share of a document's unit names that a district's register must know to be in force. Names such as 区财政局 stand in
# the plans of every district, so the document must name the district as well; and a plan that merely mentions it is
# one of other units.
BELONGS_FROM = 1 / 3


@dataclass(frozen=True, slots=True)
class OrganRegister:
    """Organs that names are looked up in, with the name this register is shown by.

    `place` is the name of its district as documents print it; "" for a register that somebody chose.
    """

    name: Words
    organs: tuple[Organ, ...]
    place: str = ""


class Coverage(NamedTuple):
    """How many different unit names a document prints, and how many of them a register knows."""

    named: int
    known: int


class Place(NamedTuple):
    """Line and column of a character, both from 1; columns count code points."""

    line: int
    column: int


class Lines:
    """Lines of a text, to tell where a character stands."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def place(self, offset: int) -> Place:
        """Place of the character at `offset`.

        >>> Lines("一\\n二三").place(3)
        Place(line=2, column=2)
        """
        line = bisect.bisect_right(self._starts, offset)
        return Place(line, offset - self._starts[line - 1] + 1)


@dataclass(frozen=True, slots=True)
class Document:
    """Compiled document: where it came from, its plan, and the register in force (None where none fits).

    `coverage` is that of the register in force, else of the one that was considered; None where there was none.
    """

    name: str
    source: Source
    plan: Plan
    register: OrganRegister | None
    coverage: Coverage | None

    def count(self, severity: Severity) -> int:
        """Number of findings of one severity."""
        return sum(one.severity is severity for one in self.plan.diagnostics)


def compile_document(
    data: bytes,
    name: str,
    *,
    year: int | None = None,
    units: OrganRegister | None = None,
    district: OrganRegister | None = None,
) -> Document:
    """Document from the bytes of a file; `name` is shown and tells what the file claims to be.

    `units` is the register that the user chose and always in force; without it that of the `district` is, if the
    document names the district and the register knows a third of its unit names or more.
    Raises Unreadable if the file gives no text.
    """
    source = read(data, name)
    plan = parse_text(source.text, year)
    offered = units or district
    coverage = cover(plan, offered.organs) if offered else None
    register = units or (district if district and coverage and _belongs(plan, district, coverage) else None)
    found = diagnose(plan, register.organs if register else None)
    return Document(name, source, plan.with_diagnostics(found), register, coverage)


def cover(plan: Plan, organs: Iterable[Organ]) -> Coverage:
    """How many of a plan's unit names these organs go by, known misprints included."""
    register = Register(organs)
    named = {duty.unit for measure in plan.measures for duty in measure.duties}
    return Coverage(len(named), sum(bool(register.owner(name) or register.misprint(name)) for name in named))


def _belongs(plan: Plan, district: OrganRegister, coverage: Coverage) -> bool:
    return district.place in squeeze(plan.text) and coverage.known >= max(1, coverage.named * BELONGS_FROM)


def one_line(text: str) -> str:
    """Text as one line that can be shown anywhere: line breaks taken out, other white space one space.

    Characters without a shape of their own are left out, for some of them turn the words that follow around.

    >>> one_line("牵头部\\n门  A\\u202eB")
    '牵头部门 AB'
    """
    joined = re.sub(r"\s+", " ", re.sub(r"(?<=[^\x00-\x7f])\s*\n\s*|\s*\n\s*(?=[^\x00-\x7f])", "", text)).strip()
    return "".join(char for char in joined if char.isprintable())


def lead_phrase(plan: Plan, measure: Measure) -> str:
    """Title of a measure, or its first words where it has none."""
    if measure.title:
        return one_line(measure.title)
    return one_line(plan.printed(Span(measure.number_span.end, measure.span.end))).lstrip("、.．,， ")


def chapters(plan: Plan) -> list[tuple[str, ...]]:
    """Headings above each measure, outermost first, with their numbers as printed; in the order of the measures."""
    printed: dict[str, str] = {}
    found = []
    headings = iter(sorted(plan.headings, key=lambda heading: heading.span.start))
    upcoming = next(headings, None)
    for measure in plan.measures:
        while upcoming and upcoming.span.start <= measure.span.start:
            printed[upcoming.title] = squeeze(plan.printed(upcoming.span))
            upcoming = next(headings, None)
        found.append(tuple(one_line(printed.get(title, title)) for title in measure.path))
    return found
