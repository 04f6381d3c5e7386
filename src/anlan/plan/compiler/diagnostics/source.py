"""What the checks read: a plan with its folded text, its lines, and which measure stands where."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

from anlan.plan.compiler.diagnostics.register import Register
from anlan.plan.compiler.model import Plan, Span, squeeze
from anlan.plan.compiler.view import fold

_LONGEST_HEAD = 40
_STOP = re.compile("[。；：\n]")


class Finding(NamedTuple):
    """What a check found: the code, the offending characters, and what fills the message of the code."""

    code: str
    span: Span
    arguments: dict[str, str]


class Source:
    """A plan as the checks read it. `folded` has the length of the text: its offsets are those of the text."""

    def __init__(self, plan: Plan, register: Register | None) -> None:
        self.plan = plan
        self.register = register
        self.folded = fold(plan.text)
        self._heads: dict[int, Span] = {}
        self._starts = [measure.span.start for measure in plan.measures]

    @cached_property
    def _lines(self) -> list[int]:
        starts = [0]
        place = self.plan.text.find("\n")
        while place >= 0:
            starts.append(place + 1)
            place = self.plan.text.find("\n", place + 1)
        return starts

    def line(self, offset: int) -> str:
        """Number of the printed line that holds this character, from 1."""
        return str(bisect_right(self._lines, offset))

    def measure_at(self, offset: int) -> int | None:
        """Index of the measure that holds this character."""
        i = bisect_right(self._starts, offset) - 1
        return i if i >= 0 and offset < self.plan.measures[i].span.end else None

    def head(self, index: int) -> Span:
        """Number and title of a measure, or its first characters: here stands what the measure lacks."""
        if index not in self._heads:
            self._heads[index] = self._head(index)
        return self._heads[index]

    def _head(self, index: int) -> Span:
        measure = self.plan.measures[index]
        start, end = measure.span
        if measure.title_span and start < measure.title_span.end <= end:
            return Span(start, measure.title_span.end)
        stop = _STOP.search(self.folded, max(measure.number_span.end, start) + 2, min(end, start + _LONGEST_HEAD))
        return Span(start, stop.start() if stop else min(end, start + _LONGEST_HEAD))

    def name(self, index: int) -> str:
        """Measure as messages call it: its number and title."""
        return squeeze(self.plan.printed(self.head(index)))

    @cached_property
    def document_spot(self) -> Span:
        """Where a finding on the whole document stands: the title, else the first printed line."""
        if self.plan.title_span:
            return self.plan.title_span
        text = self.plan.text
        start = len(text) - len(text.lstrip())
        if start == len(text):
            return Span(0, min(1, len(text)))
        end = text.find("\n", start)
        return Span(start, min(end if end >= 0 else len(text), start + _LONGEST_HEAD))

    @cached_property
    def parents(self) -> list[int | None]:
        """For each measure the index of the measure above it whose title ends its path."""
        last: dict[tuple[str, ...], int] = {}
        found: list[int | None] = []
        for i, measure in enumerate(self.plan.measures):
            found.append(last.get(measure.path) if measure.path else None)
            if measure.title:
                last[(*measure.path, squeeze(measure.title))] = i
        return found
