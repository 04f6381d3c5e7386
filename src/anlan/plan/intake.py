"""A compiled document as rows: measures with their fields at their places, findings, and what is left open.

A document of ten megabytes gives 300 000 rows. Making them takes half a minute, which nobody may wait for: so they are
made before the transaction, as plain values, and written in it by statements that only fill in the keys.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import connection, models

from anlan.plan.bodies import Bodies
from anlan.plan.compiler.model import Measure as CompiledMeasure
from anlan.plan.compiler.model import Target as CompiledTarget
from anlan.plan.document import Document as Compiled
from anlan.plan.document import chapters, lead_phrase
from anlan.plan.models import Deadline, Document, Duty, Finding, Measure, Question, Target
from anlan.plan.settling import left_open

_LARGEST = 2**63 - 1
# Enough for any row that a person reads; the place in the text has the rest.
_TITLE = 500


class Rows:
    """Rows of a compiled document, ready to be written.

    `known` are the district's bodies, `filled_groups` those groups that have members. `told` is called with the number
    of measures made so far and of all.
    """

    def __init__(
        self,
        compiled: Compiled,
        known: Bodies,
        filled_groups: frozenset[int],
        told: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        self._measures, self._duties, self._deadlines = _Table(Measure), _Table(Duty), _Table(Deadline)
        self._targets, self._findings, self._questions = _Table(Target), _Table(Finding), _Table(Question)
        plan = compiled.plan
        above = chapters(plan)
        for order, one in enumerate(plan.measures):
            self._measures.add(
                Measure(
                    order=order,
                    number=one.number[:40],
                    title=lead_phrase(plan, one)[:_TITLE],
                    chapter=list(above[order]),
                    start=one.span.start,
                    end=one.span.end,
                )
            )
            self._fields(order, one, known, filled_groups)
            told(order + 1, len(plan.measures))
        for found in plan.diagnostics:
            start, end = found.span
            self._findings.add(
                Finding(
                    code=found.code, severity=found.severity.value, arguments=found.arguments, start=start, end=end
                ),
                measure=found.measure,
            )

    def __len__(self) -> int:
        """Number of measures."""
        return len(self._measures.values)

    def _fields(self, order: int, one: CompiledMeasure, known: Bodies, filled_groups: frozenset[int]) -> None:
        duties, first = [], len(self._duties.values)
        for duty in one.duties:
            unit, group = known.find(duty.unit)
            start, end = duty.span
            duties.append(
                Duty(role=duty.role.value, name=duty.unit[:200], unit=unit, group=group, start=start, end=end)
            )
            self._duties.add(duties[-1], measure=order)
        for limit in one.deadlines:
            self._deadlines.add(
                Deadline(
                    text=limit.text[:200],
                    date=limit.date,
                    kind=limit.kind.value,
                    precision=limit.precision.value,
                    start=limit.span.start,
                    end=limit.span.end,
                ),
                measure=order,
            )
        for target in one.targets:
            self._targets.add(_target(target), measure=order)
        dated = any(limit.date is not None for limit in one.deadlines)
        for kind, at in left_open(duties, dated, filled_groups):
            self._questions.add(Question(kind=kind), measure=order, duty=None if at is None else first + at)

    def write(self, document: Document) -> None:
        """Writes them, in the transaction that is open. Once only."""
        self._measures.insert(document=document.pk)
        keys = {"measure": _keys(Measure, "order", document=document)}
        for table in (self._duties, self._deadlines, self._targets):
            table.insert(keys)
        self._findings.insert(keys, document=document.pk)
        # In the order in which they were inserted.
        keys["duty"] = _keys(Duty, "pk", measure__document=document)
        self._questions.insert(keys)


class _Table:
    """Rows of one model as values of its columns; links that are not known yet are numbers of other rows."""

    def __init__(self, model: type[models.Model]) -> None:
        self._model = model
        self._columns = [field for field in model._meta.local_concrete_fields if not field.primary_key]
        self._at = {field.name: at for at, field in enumerate(self._columns)}
        self.values: list[list[Any]] = []
        self._links: dict[str, list[int | None]] = {}

    def add(self, row: models.Model, **links: int | None) -> None:
        """Takes a row in that is not saved; `links` say which row of another table each link leads to."""
        self.values.append([field.get_db_prep_save(field.pre_save(row, True), connection) for field in self._columns])
        for name, number in links.items():
            self._links.setdefault(name, []).append(number)

    def insert(self, keys: dict[str, list[int]] | None = None, **everywhere: int) -> None:
        """Inserts all rows: numbers become `keys`, and `everywhere` holds for each row."""
        for name, key in everywhere.items():
            for values in self.values:
                values[self._at[name]] = key
        for name, numbers in self._links.items():
            found = (keys or {})[name]
            for values, number in zip(self.values, numbers, strict=True):
                values[self._at[name]] = None if number is None else found[number]
        quote = connection.ops.quote_name
        columns = ", ".join(quote(str(field.column)) for field in self._columns)
        places = ", ".join(["%s"] * len(self._columns))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {quote(self._model._meta.db_table)} ({columns}) VALUES ({places})", self.values
            )


def _keys(model: type[models.Model], order: str, **condition: object) -> list[int]:
    """Keys of rows in an order."""
    return list(model._base_manager.filter(**condition).order_by(order).values_list("pk", flat=True))


def _target(one: CompiledTarget) -> Target:
    low, high = one.value if isinstance(one.value, tuple) else (one.value, one.value)
    scale = max(_decimals(low), _decimals(high))
    whole = [int(value.scaleb(scale)) for value in (low, high)]
    fits = all(abs(value) <= _LARGEST for value in whole)
    return Target(
        text=one.text[:500],
        indicator=one.indicator[:300],
        comparator=one.comparator.value,
        low=whole[0] if fits else None,
        high=whole[1] if fits else None,
        scale=scale if fits else 0,
        unit=one.unit[:40],
        start=one.span.start,
        end=one.span.end,
    )


def _decimals(value: Decimal) -> int:
    """Digits after the point that the figure needs.

    >>> _decimals(Decimal("6.05")), _decimals(Decimal("120")), _decimals(Decimal("1E+3"))
    (2, 0, 0)
    """
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
