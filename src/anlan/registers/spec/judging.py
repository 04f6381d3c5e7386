"""Checks asked of rows: which fail, and what they say. Pure; the engine gathers what they need to know."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from anlan.registers.spec import shapes, values
from anlan.registers.spec.expression import Given, Value
from anlan.registers.spec.model import NUMBERS, Check, Condition, Field, Severity, Spec, Type
from anlan.settings import Words

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
Row = Mapping[str, Any]
_UNSEEN = (Type.UNIT, Type.REFERENCE, Type.FILE, Type.PHOTO, Type.PLACE)


@dataclass(frozen=True, slots=True)
class Failed:
    """Check that a row does not pass, with its message filled in."""

    check: str
    severity: Severity
    words: Words


def fails(check: Check, given: Given) -> bool:
    """Whether an expression is known not to hold; unknown is no failure."""
    return check.expression is not None and check.expression(given) is False


def meets(condition: Condition, value: Value) -> bool:
    """Whether a value, as expressions see it, meets a condition. An empty value meets only filled = false and not."""
    if condition.filled is not None and (value is not None) != condition.filled:
        return False
    if condition.among and (value is None or not any(_same(value, one) for one in condition.among)):
        return False
    if condition.none_of and value is not None and any(_same(value, one) for one in condition.none_of):
        return False
    bounds = (condition.low, condition.high, condition.above, condition.below)
    if all(bound is None for bound in bounds):
        return True
    if value is None:
        return False
    low, high, above, below = (_side(bound) for bound in bounds)
    number: Any = value
    return (
        (low is None or number >= low)
        and (high is None or number <= high)
        and (above is None or number > above)
        and (below is None or number < below)
    )


def _same(value: Value, one: object) -> bool:
    if isinstance(one, bool) or isinstance(value, bool):
        return value is one
    return value == (Fraction(one) if isinstance(one, int | Decimal) else one)


def _side(bound: Decimal | dt.date | None) -> Any:
    return Fraction(bound) if isinstance(bound, Decimal) else bound


def collides(check: Check, row: Row, other: Row) -> bool:
    """Whether two rows (kept values by field) may not stand side by side; both meet `among` already."""
    if check.unique:
        return all(row.get(id) is not None and row.get(id) == other.get(id) for id in check.unique)
    one, two = row.get(check.overlap), other.get(check.overlap)
    return one is not None and two is not None and shapes.overlap(one, two)


def failed(check: Check, text_of: Mapping[str, str], text_en: Mapping[str, str] | None = None) -> Failed:
    """What a check says; names in braces are filled in from these texts, "—" where there is none."""

    def fill(message: str, texts: Mapping[str, str]) -> str:
        return _PLACEHOLDER.sub(lambda found: texts.get(found[1], "") or "—", message)

    words = Words(fill(check.message.zh, text_of), fill(check.message.en, text_en or text_of))
    return Failed(check.id, check.severity, words)


def placeholders(check: Check) -> frozenset[str]:
    """Names in braces of the message."""
    return frozenset(name for text in check.message for name in _PLACEHOLDER.findall(text))


def example(spec: Spec, others: Mapping[str, Spec], row: Sequence[tuple[str, object]]) -> dict[str, Value]:
    """Row of an example, as expressions see it. Raises values.Unfit for a value that its field does not take."""
    found: dict[str, Value] = {}
    for name, value in row:
        field = _field(spec, others, name)
        if field is not None and field.type not in _UNSEEN:
            unbounded = value if field.type in NUMBERS else values.fit(field, value)
            found[name] = values.seen(field, unbounded)
        elif field is not None and field.type is Type.PLACE:
            found[name] = str(value)
        elif isinstance(value, int | Decimal) and not isinstance(value, bool):
            found[name] = Fraction(value)
        else:
            found[name] = value if isinstance(value, str | bool) else True
    return found


def _field(spec: Spec, others: Mapping[str, Spec], name: str) -> Field | None:
    front, _dot, last = name.rpartition(".")
    if front in ("", "previous", "last_year"):
        return spec.by_id.get(last)
    reference = spec.by_id.get(front)
    there = others.get(reference.register) if reference is not None else None
    return there.by_id.get(last) if there is not None else None


def fails_example(check: Check, spec: Spec, others: Mapping[str, Spec], row: Sequence[tuple[str, object]]) -> bool:
    """Whether an example does not pass its check."""
    seen = example(spec, others, row)
    if check.expression is not None:
        return check.expression(seen) is False
    plain = dict(row)
    if not all(meets(one, seen.get(one.field)) for one in check.among):
        return False
    for other in check.others:
        beside = example(spec, others, other)
        if all(meets(one, beside.get(one.field)) for one in check.among) and collides(check, plain, dict(other)):
            return True
    return False
