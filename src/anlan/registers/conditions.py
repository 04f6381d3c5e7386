"""Conditions and values in the columns of a projection."""

from __future__ import annotations

import datetime as dt
import json
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Q

from anlan.registers import tables
from anlan.registers.spec import shapes, values
from anlan.registers.spec.model import FILES, NUMBERS, PERIOD, STATE, Condition, Field, Spec, Type

_DEGREE = 10**values.POINT_SCALE


def projected(field: Field, kept: Any) -> Any:
    """What the column of a field holds for a kept value (fields of one column only)."""
    if kept is None:
        return None
    if field.type in NUMBERS:
        return values.scaled(field, kept)
    if field.type in FILES:
        return len(kept)
    return kept


def columns(field: Field, kept: Any) -> tuple[Any, ...]:
    """What the columns of a field hold, in the order of `tables`, but for the label of a reference."""
    if field.type is Type.POINT:
        if kept is None:
            return None, None
        return tuple(int(Decimal(part) * _DEGREE) for part in kept)
    if field.type is Type.GEOMETRY:
        if kept is None:
            return None, None, None, None, None
        return json.dumps(kept, separators=(",", ":")), *shapes.bounds(kept)
    return (projected(field, kept),)


def condition(spec: Spec, one: Condition) -> Q:
    """Condition on the rows of a projection; what is empty meets only `filled = false` and `not`."""
    if one.field in (PERIOD, STATE):
        column, field = one.field, None
    else:
        field = spec.field(one.field)
        column = tables.column(field) + ("_lon" if field.type is Type.POINT else "")
    found = Q()
    if one.filled is not None:
        empty = Q(**{f"{column}__isnull": True}) if field is not None else Q(**{column: ""})
        found &= ~empty if one.filled else empty
    if one.among:
        found &= Q(**{f"{column}__in": [_side(field, value) for value in one.among]})
    if one.none_of:
        found &= ~Q(**{f"{column}__in": [_side(field, value) for value in one.none_of]})
    for bound, way in ((one.low, "gte"), (one.high, "lte"), (one.above, "gt"), (one.below, "lt")):
        if bound is not None:
            found &= Q(**{f"{column}__{way}": _bound(field, bound, way)})
    return found


def _side(field: Field | None, value: object) -> object:
    if field is not None and field.type in NUMBERS and isinstance(value, int | Decimal) and not isinstance(value, bool):
        scaled = Fraction(value) * 10 ** (0 if field.type is Type.INTEGER else field.scale)
        # A figure with more decimals than are kept is that of no row.
        return int(scaled) if scaled.denominator == 1 else -(10**18)
    return value


def _bound(field: Field | None, bound: Decimal | dt.date, way: str) -> object:
    if field is None or not isinstance(bound, Decimal):
        return bound
    scaled = Fraction(bound) * 10 ** (0 if field.type is Type.INTEGER else field.scale)
    return math.ceil(scaled) if way in ("gte", "lt") else math.floor(scaled)
