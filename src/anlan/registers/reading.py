"""What expressions ask of other rows: those that references point to, and those of earlier periods. In few queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import F

from anlan.registers.models import Revision, Row
from anlan.registers.spec import periods
from anlan.registers.spec.model import GATHERED, PERIOD, Spec, Type

if TYPE_CHECKING:
    from anlan.registers.book import Installed
    from anlan.registers.naming import Naming

_BATCH = 500
_EARLIER = ("previous", "last_year")
Kept = Mapping[str, Any]


def latest(keys: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Values of rows by key, from their latest revisions, with the state under a name that no field has."""
    wanted = list(dict.fromkeys(keys))
    found: dict[int, dict[str, Any]] = {}
    for begin in range(0, len(wanted), _BATCH):
        rows = Revision.objects.filter(row__in=wanted[begin : begin + _BATCH], number=F("row__revision"))
        for row, values, state in rows.values_list("row_id", "values", "state"):
            found[row] = {**values, "\x00state": state}
    return found


def asked_names(spec: Spec) -> set[str]:
    """Dotted names that the expressions of checks and formulas ask for."""
    names = {name for check in spec.checks if check.expression for name in check.expression.names}
    return names | {name for one in spec.fields if one.formula for name in one.formula.names}


class Latest:
    """Rows that a set of drafts asks for, read together."""

    def __init__(self, naming: Naming) -> None:
        self._naming = naming
        self._rows: dict[int, dict[str, Any]] = {}
        self._keyed: dict[str, int] = {}
        self._specs: dict[str, Spec] = {}
        self._fronts: dict[str, list[str]] = {}
        self._offered = 0

    def put(self, key: str, kept: Kept, state: str) -> None:
        """Offers a row that is about to be written, under its natural key, over the one that is there."""
        self._offered -= 1
        self._keyed[key] = self._offered
        self._rows[self._offered] = {**kept, "\x00state": state}

    def fronts(self, spec: Spec) -> list[str]:
        """References and earlier periods that expressions of the register really name."""
        if spec.id not in self._fronts:
            names = asked_names(spec)
            names |= {name for check in spec.checks for text in check.message for name in _dotted(text)}
            self._fronts[spec.id] = sorted(
                {name.rpartition(".")[0] for name in names if "." in name} - {"period", GATHERED}
            )
        return self._fronts[spec.id]

    def load(self, installed: Installed, rows: Sequence[Kept]) -> None:
        """Reads what these rows will ask for."""
        from anlan.registers.book import book

        spec, fronts = installed.spec, self.fronts(installed.spec)
        wanted: set[int] = set()
        for one in spec.of_type(Type.REFERENCE):
            if one.id in fronts:
                registers = book()
                if one.register in registers:
                    self._specs[one.register] = registers[one.register].spec
                wanted |= {kept[one.id] for kept in rows if kept.get(one.id) is not None}
        earlier = [front for front in _EARLIER if front in fronts]
        if earlier and spec.period:
            keys = {key for kept in rows for front in earlier if (key := self._earlier(spec, kept, front))}
            missing = sorted(keys - self._keyed.keys())
            for begin in range(0, len(missing), _BATCH):
                there = Row.objects.filter(
                    register=installed.register, deleted=False, key__in=missing[begin : begin + _BATCH]
                )
                self._keyed |= dict(there.values_list("key", "pk"))
            wanted |= {self._keyed[key] for key in keys if key in self._keyed}
        self._rows |= latest(wanted - self._rows.keys())

    def at(self, spec: Spec, kept: Kept, front: str) -> tuple[Spec | None, Kept]:
        """Spec and values of the row that a front ("plant", "previous") leads to; None where there is no such row."""
        if front in _EARLIER:
            row = self._keyed.get(self._earlier(spec, kept, front) or "")
            return (spec, self._rows[row]) if row in self._rows else (None, {})
        one = spec.by_id.get(front)
        key = kept.get(front)
        if one is None or key not in self._rows or one.register not in self._specs:
            return None, {}
        return self._specs[one.register], self._rows[key]

    def _earlier(self, spec: Spec, kept: Kept, front: str) -> str | None:
        """Natural key of the row of an earlier period, all other key fields equal."""
        if spec.period is None or not kept.get(PERIOD):
            return None
        period = periods.parse(kept[PERIOD], spec.period.every)
        if period is None:
            return None
        before = period.previous if front == "previous" else period.last_year
        return self._naming.key(spec, {**kept, PERIOD: str(before)})


def _dotted(text: str) -> list[str]:
    return [part.split("}")[0] for part in text.split("{")[1:]]
