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


@dataclass(frozen=True, slots=True)
class Object:
    """Thing that some room keeps a record of: its kind (id of the register), key, name, where to read of it.

    `unit_id` and `place` (division code, "" where unknown) say whose it is and where; `lon`, `lat` in degrees.
    """

    kind: str
    key: int
    title: str
    url: str
    unit_id: int | None
    place: str
    lon: float | None
    lat: float | None


LATENESS = Kind("lateness", Late, frozenset({"unit_ids", "today"}))
FACTS.declare(LATENESS)
OBJECTS = Kind("objects", Object, frozenset({"of", "place", "words"}))
FACTS.declare(OBJECTS)
