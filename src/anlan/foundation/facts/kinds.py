"""The kinds of facts that rooms share today."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anlan.foundation.facts.providers import FACTS, Kind


@dataclass(frozen=True, slots=True)
class Late:
    """Something that a unit owes and that is past its day: what, of which unit, since when, where to read of it."""

    title: str
    unit_id: int
    due: dt.date
    url: str


LATENESS = Kind("lateness", Late, frozenset({"unit_ids", "today"}))
FACTS.declare(LATENESS)
