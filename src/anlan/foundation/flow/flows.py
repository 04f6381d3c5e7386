"""Flows as data: states, and who may go from which to which, with what, how fast. Pure but for the permissions.

A flow is checked when it is made: every state can be reached, and only those said to be final have no way out.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anlan.foundation.calendars.calendar import Calendar
from anlan.foundation.calendars.periods import Period, Reckoning, reckon
from anlan.settings import Words


@dataclass(frozen=True, slots=True)
class Transition:
    """Step of a flow. `permission` says who takes it; `reason` and `evidence` whether it needs them.

    `fields` are fields of the object, with what people call them, that must be filled in before. `limit` is how long
    the state before may last until this step is late.
    """

    code: str
    words: Words
    sources: frozenset[str]
    target: str
    permission: str
    reason: bool = False
    evidence: bool = False
    fields: tuple[tuple[str, Words], ...] = ()
    limit: Period | None = None

    def until(self, since: dt.date, calendar: Calendar) -> Reckoning | None:
        """Last day for this step when the state before began on `since`, explained; None if it has no limit."""
        return reckon(since, self.limit, calendar) if self.limit else None


@dataclass(frozen=True, slots=True)
class Flow:
    """States in the order in which people read them, the first being where everything begins."""

    code: str
    states: dict[str, Words]
    transitions: tuple[Transition, ...]
    final: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """ValueError with everything that is wrong with the flow."""
        problems = []
        for step in self.transitions:
            for state in sorted({*step.sources, step.target} - self.states.keys()):
                problems.append(f"{step.code} names the state {state}, which there is not")
        codes = [step.code for step in self.transitions]
        problems += [f"{code} stands twice" for code in sorted({code for code in codes if codes.count(code) > 1})]
        for state in sorted(self.states.keys() - self._reachable()):
            problems.append(f"nothing leads to {state}")
        leaving = {state for step in self.transitions for state in step.sources}
        for state in sorted(self.states.keys() - leaving - self.final):
            problems.append(f"nothing leads out of {state}, which is not said to be final")
        if problems:
            raise ValueError(f"flow {self.code}: " + "; ".join(problems))

    @property
    def first(self) -> str:
        """State in which everything begins."""
        return next(iter(self.states))

    def step(self, code: str) -> Transition:
        """Transition by its code; KeyError if there is none."""
        return next(step for step in self.transitions if step.code == code)

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """Transitions that lead out of a state."""
        return tuple(step for step in self.transitions if state in step.sources)

    def replay(self, codes: list[str]) -> str:
        """State after these transitions, from the first on. ValueError at the first that does not fit."""
        state = self.first
        for code in codes:
            step = self.step(code)
            if state not in step.sources:
                raise ValueError(f"{code} does not lead out of {state}")
            state = step.target
        return state

    def _reachable(self) -> set[str]:
        found, new = set(), {self.first}
        while new:
            found |= new
            new = {step.target for step in self.transitions if step.sources & found} - found
        return found
