"""What a call for money asks for, and how ready a project is. Pure.

The documents of a call are a default of this software (项目前期要件: those marked for the call, and those below where a
project has no row of them yet). A document that is not needed counts for nothing, one that ran out is not ready.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

# Call to the source of money it gives, and the documents every project needs for it.
CALLS = {
    "bond": ("special_bond", ("feasibility", "land", "eia", "bond_plan", "bond_finance", "bond_legal")),
    "central": ("central_budget", ("feasibility", "land", "eia", "design", "matching", "report")),
}
# Stages at which money is asked for.
ASKING = ("idea", "reserve", "preparing", "approved", "started", "building")


@dataclass(frozen=True, slots=True)
class Paper:
    """Document of a project: kind, state (absent, preparing, submitted, ready, waived), for which calls, until when."""

    kind: str
    state: str
    needed_for: str
    valid_until: dt.date | None = None
    stuck: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """How ready a project is for a call: kinds that are ready, kinds that are not with their state."""

    ready: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]

    @property
    def needed(self) -> int:
        """How many documents are needed."""
        return len(self.ready) + len(self.missing)

    @property
    def percent(self) -> int:
        """Ready of needed, rounded down: 99 % is not ready."""
        return len(self.ready) * 100 // self.needed if self.needed else 100


def readiness(call: str, papers: Iterable[Paper], day: dt.date) -> Ready:
    """How ready a project is for a call on a day. KeyError for a call that is none of CALLS.

    >>> readiness("bond", [Paper("land", "ready", "both", dt.date(2022, 1, 1))], dt.date(2022, 6, 1)).missing[0]
    ('land', 'expired')
    """
    _source, kinds = CALLS[call]
    rows = {one.kind: one for one in papers if one.kind in kinds or one.needed_for in ("both", call)}
    ready: list[str] = []
    missing: list[tuple[str, str]] = []
    for kind in dict.fromkeys([*rows, *kinds]):
        one = rows.get(kind)
        if one is None:
            missing.append((kind, "none"))
        elif one.state == "waived":
            continue
        elif one.state != "ready":
            missing.append((kind, one.state))
        elif one.valid_until is not None and one.valid_until < day:
            missing.append((kind, "expired"))
        else:
            ready.append(kind)
    return Ready(tuple(ready), tuple(missing))
