"""What a spec says, as values: fields, sections, checks, indicators, states, periods, who fills and who reads."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from anlan.registers.spec.expression import Expression, Kind
from anlan.registers.spec.periods import Every
from anlan.settings import Words

# Dates before are a slip of the sheet (Excel's calendar begins in 1900), unless a field says otherwise.
FIRST_DAY = dt.date(1949, 10, 1)
LAST_DAY = dt.date(2100, 12, 31)
# The period of a row is a field of its own, although no spec declares it; so is its state.
PERIOD = "period"
STATE = "state"
# In matches: the row itself, as other registers refer to it. In expressions: what is gathered from other rows.
ROW = "row"
GATHERED = "gathered"


class Type(StrEnum):
    """Type of a field."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    QUANTITY = "quantity"
    DATE = "date"
    YESNO = "yesno"
    CHOICE = "choice"
    UNIT = "unit"
    PLACE = "place"
    POINT = "point"
    GEOMETRY = "geometry"
    FILE = "file"
    PHOTO = "photo"
    REFERENCE = "reference"
    COMPUTED = "computed"
    JUDGED = "judged"


NUMBERS = frozenset({Type.INTEGER, Type.DECIMAL, Type.QUANTITY, Type.COMPUTED})
FILES = frozenset({Type.FILE, Type.PHOTO})
# What follows from other fields, and is filled in by nobody.
WORKED_OUT = frozenset({Type.COMPUTED, Type.JUDGED})
# What is one of a few values, whether somebody chose it or it follows.
OF_CHOICES = frozenset({Type.CHOICE, Type.JUDGED})
# What an expression sees of a field; the others it can only ask whether they are there.
KIND_OF = {
    Type.TEXT: Kind.TEXT,
    Type.INTEGER: Kind.NUMBER,
    Type.DECIMAL: Kind.NUMBER,
    Type.QUANTITY: Kind.NUMBER,
    Type.COMPUTED: Kind.NUMBER,
    Type.JUDGED: Kind.TEXT,
    Type.DATE: Kind.DATE,
    Type.YESNO: Kind.YESNO,
    Type.CHOICE: Kind.TEXT,
    Type.UNIT: Kind.THING,
    Type.PLACE: Kind.TEXT,
    Type.POINT: Kind.POINT,
    Type.GEOMETRY: Kind.THING,
    Type.FILE: Kind.THING,
    Type.PHOTO: Kind.THING,
    Type.REFERENCE: Kind.THING,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few values: kept as `id`, shown as `words`; `also` are further spellings."""

    id: str
    words: Words
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """Field of a register. `low` and `high` bound numbers (in `unit`) and dates; `scale` is the decimals kept."""

    id: str
    type: Type
    title: Words
    section: str = ""
    required: bool = False
    help: Words | None = None
    example: str = ""
    also: tuple[str, ...] = ()
    unit: str = ""
    scale: int = 0
    low: Decimal | dt.date | None = None
    high: Decimal | dt.date | None = None
    longest: int = 200
    lines: bool = False
    narrow: bool = False
    pattern: re.Pattern[str] | None = None
    pattern_words: Words | None = None
    choices: tuple[Choice, ...] = ()
    kinds: tuple[str, ...] = ()
    register: str = ""
    most: int = 1
    shape: str = "any"
    formula: Expression | None = None
    private: bool = False

    @property
    def heading(self) -> Words:
        """Title with the unit, as it stands above a column: 长度（m）."""
        if not self.unit:
            return self.title
        return Words(f"{self.title.zh}（{self.unit}）", f"{self.title.en} ({self.unit})")

    def choice(self, id: str) -> Choice | None:
        """Choice by its id."""
        return next((one for one in self.choices if one.id == id), None)


@dataclass(frozen=True, slots=True)
class Section:
    """Heading under which fields stand in form and detail."""

    id: str
    title: Words


@dataclass(frozen=True, slots=True)
class Grant:
    """Who: one of the `roles`; `at` is "" (wherever), "unit" (held at the row's unit) or "place" (over its place).

    `units` are short names or kinds of units: with an `at` of "unit" the row's unit must be one of them, with "" the
    role must be held at one of them, whatever the row. Empty for every unit.
    """

    roles: tuple[str, ...]
    at: str = ""
    units: tuple[str, ...] = ()


class Severity(StrEnum):
    """What a check that fails does: an error refuses the row, a warning or a note stays with it and is shown."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Check:
    """Condition on a row. Exactly one of `expression`, `unique` (fields) and `overlap` (a geometry) is given.

    `among` narrows unique and overlap to rows that meet these conditions, `beside` asks other registers too,
    and only them where `own` is false.
    `failing` and `passing` are one row each,
    by field id and dotted names, with `others` beside them: a test runs both.
    """

    id: str
    severity: Severity
    message: Words
    expression: Expression | None = None
    unique: tuple[str, ...] = ()
    overlap: str = ""
    among: tuple[Condition, ...] = ()
    failing: tuple[tuple[str, object], ...] = ()
    passing: tuple[tuple[str, object], ...] = ()
    others: tuple[tuple[tuple[str, object], ...], ...] = ()
    basis: str = ""
    beside: tuple[Beside, ...] = ()
    own: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """Condition on one field, so plain that both stores answer it: all parts that are given must hold."""

    field: str
    among: tuple[object, ...] = ()
    none_of: tuple[object, ...] = ()
    low: Decimal | dt.date | None = None
    high: Decimal | dt.date | None = None
    above: Decimal | dt.date | None = None
    below: Decimal | dt.date | None = None
    filled: bool | None = None


class How(StrEnum):
    """How rows become a number."""

    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    MIN = "min"
    MAX = "max"
    DISTINCT = "distinct"
    RATE = "rate"
    GROWTH = "growth"


@dataclass(frozen=True, slots=True)
class Measure:
    """Number over rows: how, of which field, of which rows."""

    how: How
    field: str = ""
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """Another register whose rows (that meet `where`) a row may not collide with; `fields` are those compared there."""

    register: str
    fields: tuple[str, ...]
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Gather:
    """Figure over the rows of a register, or of the same one but for the row itself, that match this row.

    `match` are pairs of a field there and a field here; ROW stands here for the row itself.
    """

    id: str
    register: str
    measure: Measure
    match: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """Figure over the rows. A rate is `part` over `whole` times `times`; growth compares `of` with an earlier period.

    `decimals` are shown, rounded half up; a rate over nothing and growth over nothing have no value.
    """

    id: str
    title: Words
    unit: str
    decimals: int
    measure: Measure
    part: Measure | None = None
    whole: Measure | None = None
    times: Decimal = Decimal(100)
    of: str = ""
    against: str = "previous"
    basis: Words | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Equation between indicators that must hold, such as stock = last + in - out; told where it does not."""

    id: str
    title: Words
    expression: Expression


@dataclass(frozen=True, slots=True)
class StateSpec:
    """State of a row; `tone` is its colour: green, yellow, red, done, neutral."""

    id: str
    title: Words
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class Move:
    """Step from one state to another: who may, whether it needs a reason, which fields must be filled."""

    id: str
    title: Words
    sources: tuple[str, ...]
    target: str
    by: tuple[Grant, ...]
    reason: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PeriodSpec:
    """How often rows come. `due_days` after the end of a period its rows are due, from the period `starts` on.

    `expects` says who owes one row a period: "unit" (every unit that fills) or a reference field (every row of that
    register that meets `where`).
    """

    every: Every
    due_days: int
    starts: str
    expects: str = ""
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class MapSpec:
    """How rows stand on the map: field, symbol, colour; `by` a choice field or "state", with a colour each."""

    field: str
    symbol: str
    colour: str
    by: str = ""
    colours: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """Chart of an indicator by period, unit, place, state or a choice field."""

    title: Words
    indicator: str
    by: str
    form: str = "bar"


@dataclass(frozen=True)
class Spec:
    """Register as declared: one version of it."""

    id: str
    version: int
    effective: dt.date
    title: Words
    lead: Words
    group: str
    seed_rows: tuple[str, ...]
    basis: str
    key: tuple[str, ...]
    label: tuple[str, ...]
    unit: str
    place: str
    fill: tuple[Grant, ...]
    read: tuple[Grant, ...]
    sections: tuple[Section, ...]
    fields: tuple[Field, ...]
    period: PeriodSpec | None = None
    gathers: tuple[Gather, ...] = ()
    checks: tuple[Check, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    identities: tuple[Identity, ...] = ()
    states: tuple[StateSpec, ...] = ()
    moves: tuple[Move, ...] = ()
    columns: tuple[str, ...] = ()
    sort: str = ""
    filters: tuple[str, ...] = ()
    map: MapSpec | None = None
    charts: tuple[ChartSpec, ...] = ()
    notes: tuple[Words, ...] = ()
    by_id: dict[str, Field] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        """Fields by id."""
        self.by_id.update({one.id: one for one in self.fields})

    def field(self, id: str) -> Field:
        """Field by its id; KeyError if there is none."""
        return self.by_id[id]

    def indicator(self, id: str) -> Indicator:
        """Indicator by its id; KeyError if there is none."""
        return next(one for one in self.indicators if one.id == id)

    def state(self, id: str) -> StateSpec | None:
        """State by its id."""
        return next((one for one in self.states if one.id == id), None)

    def of_type(self, *types: Type) -> tuple[Field, ...]:
        """Fields of these types."""
        return tuple(one for one in self.fields if one.type in types)

    @property
    def entered(self) -> tuple[Field, ...]:
        """Fields that people fill in."""
        return tuple(one for one in self.fields if one.type not in WORKED_OUT)
