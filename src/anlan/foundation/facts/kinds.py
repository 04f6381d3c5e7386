"""The kinds of facts that rooms share today."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from anlan.foundation.facts.providers import FACTS, Kind
from anlan.settings import Words


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


@dataclass(frozen=True, slots=True)
class Narrowing:
    """By what the rows behind a figure can be narrowed: its id, title, and the values it takes with their names."""

    id: str
    title: Words
    values: tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """Figure that some room works out of its rows: of which `source` (id of the register), its id, title and unit.

    It is shown to so many `decimals`. `told` says in words how it is worked out; `definition` changes whenever its
    meaning does. `every` is month, quarter or year where rows come by period, "" where they do not. `owners` are names
    and kinds of the units that fill it.
    """

    source: str
    source_title: Words
    id: str
    title: Words
    unit: str
    decimals: int
    told: Words
    definition: str
    narrowings: tuple[Narrowing, ...]
    every: str
    owners: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Question for a figure: its source and id, (narrowing, value) pairs, and the period.

    `period` is "" for all rows, "latest" for the last period that has rows, or the beginning of a period's name: 2022
    asks for every month of that year.
    """

    source: str
    id: str
    narrowed: tuple[tuple[str, str], ...] = ()
    period: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """Answer to a question: the exact value in the indicator's unit (None where there is none), from how many rows.

    `period` names the periods it was worked out of ("" without). `url` opens the rows, "" for an actor who may not.
    """

    asked: Asked
    value: Fraction | None
    rows: int
    period: str
    url: str


LATENESS = Kind("lateness", Late, frozenset({"unit_ids", "today"}))
FACTS.declare(LATENESS)
OBJECTS = Kind("objects", Object, frozenset({"of", "place", "words"}))
FACTS.declare(OBJECTS)
# Without `whole` the narrowings are left out, which saves asking for all units and divisions.
INDICATORS = Kind("indicators", Indicator, frozenset({"source", "whole"}))
FACTS.declare(INDICATORS)
COUNTED = Kind("counted", Counted, frozenset({"asked", "actor"}))
FACTS.declare(COUNTED)
