"""Types of input: what a value must be. Each reads a JSON value strictly, collects every fault, and describes itself.

`read(value, field, faults)` gives the value as the calculation wants it (Decimal, date, …). When it adds a fault its
return value is meaningless. Nothing is coerced in silence: true is not a number, NaN is refused, "30" is not a count.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from anlan.foundation.calc.explain import Bilingual, step
from anlan.foundation.calc.faults import Fault, missing, nearest, shown, unknown_field, wrong_type

_DECIMAL = re.compile(r"[+-]?\d{1,60}(\.\d{1,60})?([eE][+-]?\d{1,3})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
# Beyond this a number is a slip, and exact arithmetic on it would eat the machine.
_MOST_DIGITS = 60


class InputType(Protocol):
    """What a value must be. Rooms may bring their own."""

    def read(self, value: object, field: str, faults: list[Fault]) -> object:
        """Value as the calculation wants it; adds to `faults` what is wrong."""
        ...

    def describe(self) -> dict[str, object]:
        """Type, unit and range as JSON values, for the spec."""
        ...


def _in_range(
    number: Decimal, field: str, low: Decimal | None, high: Decimal | None, above: bool, unit: str, faults: list[Fault]
) -> None:
    if low is not None and (number < low or (above and number == low)):
        zh, en = ("大于", "more than") if above else ("不小于", "at least")
    elif high is not None and number > high:
        zh, en, low = "不大于", "at most", high
    else:
        return
    faults.append(
        Fault(
            "out_of_range",
            field,
            step(
                "{field} 应{sense} {bound}{unit}，收到 {value}。",
                "{field} must be {sense} {bound}{unit}, got {value}.",
                field=field,
                sense=Bilingual(zh, en),
                bound=f"{low:f}",
                unit=f" {unit}" if unit else "",
                value=shown(number),
            ),
        )
    )


def _finite(value: object, field: str, faults: list[Fault], zh: str, en: str) -> Decimal | None:
    """Number as an exact decimal: a float counts as the digits it prints."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        faults.append(wrong_type(field, value, zh, en))
        return None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        faults.append(
            Fault("not_finite", field, step("{field} 不是有限数。", "{field} is not a finite number.", field=field))
        )
        return None
    if abs(number.adjusted()) > _MOST_DIGITS or len(number.as_tuple().digits) > _MOST_DIGITS:
        faults.append(
            Fault(
                "out_of_range",
                field,
                step(
                    "{field} 位数过多(限 {n} 位)。",
                    "{field} has too many digits (limit {n}).",
                    field=field,
                    n=_MOST_DIGITS,
                ),
            )
        )
        return None
    return number


@dataclass(frozen=True, slots=True)
class Number:
    """Decimal number in a unit. `above` makes the minimum exclusive; `text` also takes decimal strings ("0.150")."""

    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    above: bool = False
    text: bool = False

    def read(self, value: object, field: str, faults: list[Fault]) -> Decimal | None:
        """Exact decimal."""
        if self.text and isinstance(value, str):
            if not _DECIMAL.fullmatch(value):
                faults.append(wrong_type(field, value, "十进制数", "a decimal number"))
                return None
            value = Decimal(value)
        number = _finite(value, field, faults, "数", "a number")
        if number is not None:
            _in_range(number, field, self.minimum, self.maximum, self.above, self.unit, faults)
        return number

    def describe(self) -> dict[str, object]:
        """Type, unit, range."""
        told: dict[str, object] = {"type": "decimal" if self.text else "number", "unit": self.unit}
        if self.minimum is not None:
            told["above" if self.above else "minimum"] = _plain(self.minimum)
        if self.maximum is not None:
            told["maximum"] = _plain(self.maximum)
        return told


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


@dataclass(frozen=True, slots=True)
class Count:
    """Whole number in a unit."""

    unit: str = ""
    minimum: int | None = None
    maximum: int | None = None

    def read(self, value: object, field: str, faults: list[Fault]) -> int | None:
        """Integer; 10.0 is the integer 10, 10.5 is refused."""
        number = _finite(value, field, faults, "整数", "a whole number")
        if number is None:
            return None
        if number != number.to_integral_value():
            faults.append(wrong_type(field, value, "整数", "a whole number"))
            return None
        low, high = (None if bound is None else Decimal(bound) for bound in (self.minimum, self.maximum))
        _in_range(number, field, low, high, False, self.unit, faults)
        return int(number)

    def describe(self) -> dict[str, object]:
        """Type, unit, range."""
        told: dict[str, object] = {"type": "integer", "unit": self.unit}
        for name in ("minimum", "maximum"):
            if (bound := getattr(self, name)) is not None:
                told[name] = bound
        return told


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false; nothing else stands for them."""

    def read(self, value: object, field: str, faults: list[Fault]) -> bool:
        """The boolean."""
        if not isinstance(value, bool):
            faults.append(wrong_type(field, value, " true 或 false", "true or false"))
        return value is True

    def describe(self) -> dict[str, object]:
        """Type."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Words:
    """Text, not empty, at most `longest` characters."""

    longest: int = 2000

    def read(self, value: object, field: str, faults: list[Fault]) -> str:
        """The text."""
        if not isinstance(value, str):
            faults.append(wrong_type(field, value, "文字", "text"))
            return ""
        if not 0 < len(value) <= self.longest:
            faults.append(_length(field, 1, self.longest, len(value)))
        return value

    def describe(self) -> dict[str, object]:
        """Type and longest length."""
        return {"type": "text", "longest": self.longest}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few codes, each with its name in both languages."""

    names: Mapping[str, Bilingual]

    def read(self, value: object, field: str, faults: list[Fault]) -> str:
        """The code."""
        if not isinstance(value, str):
            faults.append(wrong_type(field, value, "代码", "a code"))
            return ""
        if value not in self.names:
            guess = nearest(value, self.names)
            faults.append(
                Fault(
                    "not_a_choice",
                    field,
                    step(
                        "{field} 不能是 {value}；可取 {codes}。",
                        "{field} cannot be {value}; it is one of {codes}.",
                        field=field,
                        value=shown(value),
                        codes="、".join(self.names),
                    )
                    if guess is None
                    else step(
                        "{field} 不能是 {value}，是否指 {guess}?可取 {codes}。",
                        "{field} cannot be {value}; did you mean {guess}? It is one of {codes}.",
                        field=field,
                        value=shown(value),
                        guess=guess,
                        codes="、".join(self.names),
                    ),
                )
            )
        return value

    def describe(self) -> dict[str, object]:
        """Type and the codes with their names."""
        return {"type": "choice", "choices": {code: {"zh": n.zh, "en": n.en} for code, n in self.names.items()}}


@dataclass(frozen=True, slots=True)
class Day:
    """Calendar day, YYYY-MM-DD, within [earliest, latest]. `or_time` also takes an instant.

    An instant is YYYY-MM-DDThh:mm[:ss][±hh:mm]; without offset it is local time (UTC+08:00).
    """

    or_time: bool = False
    earliest: dt.date = dt.date(1949, 10, 1)
    latest: dt.date = dt.date(2999, 12, 31)

    def read(self, value: object, field: str, faults: list[Fault]) -> dt.date | dt.datetime | None:
        """A date, or a datetime when an instant was given."""
        # A caller in Python may hold the date already.
        if isinstance(value, dt.date) and (self.or_time or not isinstance(value, dt.datetime)):
            found: dt.date | dt.datetime = value
        elif not isinstance(value, str):
            faults.append(wrong_type(field, value, "日期", "a date"))
            return None
        else:
            try:
                if _DATE.fullmatch(value):
                    found = dt.date.fromisoformat(value)
                elif self.or_time and _MOMENT.fullmatch(value):
                    found = dt.datetime.fromisoformat(value)
                else:
                    raise ValueError(value)
            except ValueError:
                form = "2026-03-31 / 2026-03-31T15:30" if self.or_time else "2026-03-31"
                faults.append(
                    Fault(
                        "not_a_date",
                        field,
                        step(
                            "{field} 不是日历上的日期:{value}；写法如 {form}。",
                            "{field} is not a date of the calendar: {value}; write it like {form}.",
                            field=field,
                            value=shown(value),
                            form=form,
                        ),
                    )
                )
                return None
        day = found.date() if isinstance(found, dt.datetime) else found
        if not self.earliest <= day <= self.latest:
            faults.append(
                Fault(
                    "out_of_range",
                    field,
                    step(
                        "{field} 应在 {low} 至 {high} 之间，收到 {value}。",
                        "{field} must lie between {low} and {high}, got {value}.",
                        field=field,
                        low=self.earliest,
                        high=self.latest,
                        value=day,
                    ),
                )
            )
        return found

    def describe(self) -> dict[str, object]:
        """Type and range."""
        kind = "date or time" if self.or_time else "date"
        return {"type": kind, "minimum": self.earliest.isoformat(), "maximum": self.latest.isoformat()}


def _length(field: str, low: int, high: int | None, got: int) -> Fault:
    return Fault(
        "wrong_length",
        field,
        step(
            "{field} 的长度应为 {low}–{high}，收到 {got}。",
            "the length of {field} must be {low}–{high}, got {got}.",
            field=field,
            low=low,
            high="" if high is None else high,
            got=got,
        ),
    )


@dataclass(frozen=True, slots=True)
class ListOf:
    """List of values of one type, between `shortest` and `longest` long."""

    item: InputType
    shortest: int = 0
    longest: int | None = None

    def read(self, value: object, field: str, faults: list[Fault]) -> list[object]:
        """List of what the item type reads."""
        if not isinstance(value, list | tuple):
            faults.append(wrong_type(field, value, "数组", "an array"))
            return []
        if len(value) < self.shortest or (self.longest is not None and len(value) > self.longest):
            faults.append(_length(field, self.shortest, self.longest, len(value)))
        return [self.item.read(v, f"{field}[{i}]", faults) for i, v in enumerate(value)]

    def describe(self) -> dict[str, object]:
        """Type, lengths and the item."""
        return {"type": "array", "shortest": self.shortest, "longest": self.longest, "item": self.item.describe()}


@dataclass(frozen=True, slots=True)
class OneOrMany:
    """One value, or an array of them."""

    item: InputType

    def read(self, value: object, field: str, faults: list[Fault]) -> object:
        """What the item type reads, or a list of it."""
        many = isinstance(value, list | tuple)
        return ListOf(self.item).read(value, field, faults) if many else self.item.read(value, field, faults)

    def describe(self) -> dict[str, object]:
        """Type and the item."""
        return {"type": "one or array", "item": self.item.describe()}


@dataclass(frozen=True, slots=True)
class MapOf:
    """Object whose keys are codes (of `keys`, when given) and whose values are of one type: {item code: mg/L}."""

    value: InputType
    keys: tuple[str, ...] | None = None
    fewest: int = 0

    def read(self, value: object, field: str, faults: list[Fault]) -> dict[str, object]:
        """Mapping of what the value type reads."""
        if not isinstance(value, Mapping):
            faults.append(wrong_type(field, value, "对象", "an object"))
            return {}
        if len(value) < self.fewest:
            faults.append(_length(field, self.fewest, None, len(value)))
        read: dict[str, object] = {}
        for key, one in value.items():
            if self.keys is not None and key not in self.keys:
                faults.append(unknown_field(f"{field}.{key}", str(key), self.keys))
            else:
                read[str(key)] = self.value.read(one, f"{field}.{key}", faults)
        return read

    def describe(self) -> dict[str, object]:
        """Type, keys and the value."""
        keys = None if self.keys is None else list(self.keys)
        return {"type": "object", "keys": keys, "fewest": self.fewest, "value": self.value.describe()}


@dataclass(frozen=True, slots=True)
class Input:
    """One named input of a calculation or record. An optional one that is absent or null reads as `default`."""

    name: str
    type: InputType
    title: Bilingual
    required: bool = True
    default: object = None

    def describe(self) -> dict[str, object]:
        """Name, titles, whether required, default, type."""
        told: dict[str, object] = {
            "name": self.name,
            "zh": self.title.zh,
            "en": self.title.en,
            "required": self.required,
        }
        if not self.required:
            told["default"] = self.default
        return told | self.type.describe()


@dataclass(frozen=True, slots=True)
class Record:
    """Object with named inputs of their own types."""

    inputs: tuple[Input, ...]

    def read(self, value: object, field: str, faults: list[Fault]) -> dict[str, object]:
        """Mapping of every name to what its type reads, defaults put in."""
        if not isinstance(value, Mapping):
            faults.append(wrong_type(field, value, "对象", "an object"))
            return {}
        prefix = f"{field}." if field else ""
        names = {one.name for one in self.inputs}
        for key in value:
            if key not in names:
                faults.append(unknown_field(f"{prefix}{key}", str(key), sorted(names)))
        read: dict[str, object] = {}
        for one in self.inputs:
            given = value.get(one.name)
            if given is not None:
                read[one.name] = one.type.read(given, prefix + one.name, faults)
            elif one.required:
                faults.append(missing(prefix + one.name))
            else:
                read[one.name] = one.default
        return read

    def describe(self) -> dict[str, object]:
        """Type and the inputs."""
        return {"type": "object", "inputs": [one.describe() for one in self.inputs]}
