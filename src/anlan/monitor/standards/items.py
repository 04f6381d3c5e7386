"""Items of water quality by code and name, and how a laboratory result is read: a figure or below detection."""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from importlib import resources
from types import MappingProxyType

from anlan.foundation.calc.explain import Bilingual, step
from anlan.foundation.calc.faults import Fault, nearest, shown, unknown_field, wrong_type
from anlan.foundation.calc.inputs import Number
from anlan.monitor.standards.exact import fraction

_BELOW = re.compile(r"[<＜]\s*(\d{1,40}(?:\.\d{1,40})?)|(\d{1,40}(?:\.\d{1,40})?)L", re.ASCII)
_UNITS = {"个/L": "per L", "个/100mL": "per 100 mL", "稀释倍数": "times diluted", "倍": "times diluted"}
_PH_HIGHEST = Decimal(14)


def unit_words(unit: str) -> Bilingual:
    """Unit as a step shows it, with a space before it."""
    return Bilingual(f" {unit}", f" {_UNITS.get(unit, unit)}") if unit else Bilingual("", "")


@dataclass(frozen=True, slots=True)
class Item:
    """What is measured. `code` is the short key; several names may share it (铜, 总铜) and some names have none."""

    code: str
    name: Bilingual
    unit: str


@functools.cache
def _rows() -> tuple[Item, ...]:
    text = (resources.files("anlan.monitor.standards") / "data" / "items.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(Item(row["code"], Bilingual(row["zh"], row["en"]), row["unit"]) for row in rows)


@functools.cache
def by_name() -> Mapping[str, Item]:
    """Items by Chinese name."""
    return MappingProxyType({item.name.zh: item for item in _rows()})


@functools.cache
def by_code() -> Mapping[str, Item]:
    """Items by code, named as the surface water standard does."""
    return MappingProxyType({item.code: item for item in reversed(_rows()) if item.code})


def names_of(code_or_name: str) -> tuple[str, ...]:
    """Names that a code or name may stand for in a standard."""
    return tuple(item.name.zh for item in _rows() if code_or_name in (item.code, item.name.zh))


CODES = tuple(item.code for item in _rows() if item is by_code().get(item.code))


@dataclass(frozen=True, slots=True)
class Result:
    """One result. Below the detection limit `below` is that limit and `value` half of it, as it counts in means.

    Zero and negative figures are no results (环办监测函〔2020〕82号): `usable` is False.
    """

    value: Fraction
    below: Fraction | None = None
    text: str = ""

    @property
    def usable(self) -> bool:
        """Whether it counts at all."""
        return self.value > 0


@dataclass(frozen=True, slots=True)
class ResultType:
    """Number, decimal string, or text below a detection limit: "<0.01", "0.02L"."""

    unit: str = "mg/L"
    minimum: Decimal | None = None
    maximum: Decimal | None = None

    def read(self, value: object, field: str, faults: list[Fault]) -> Result | None:
        """The result as it counts."""
        if isinstance(value, str) and (match := _BELOW.fullmatch(value.strip())):
            limit = fraction(Decimal(match[1] or match[2]))
            if not limit:
                faults.append(
                    wrong_type(field, value, "检出限大于 0 的结果", "a result with a detection limit above 0")
                )
            return Result(limit / 2, limit, value.strip())
        if isinstance(value, str) and not re.fullmatch(r"[+-]?[\d.eE+-]+", value):
            faults.append(
                wrong_type(
                    field, value, "数、十进制字符串或 <检出限、检出限L", "a number, a decimal string, <limit or limitL"
                )
            )
            return None
        number = Number(self.unit, self.minimum, self.maximum, text=True).read(value, field, faults)
        return None if number is None else Result(fraction(number), None, f"{number:f}")

    def describe(self) -> dict[str, object]:
        """Type, forms and unit."""
        return {"type": "result", "forms": ["0.03", "<0.01", "0.02L"], "unit": self.unit}


@dataclass(frozen=True, slots=True)
class ItemValues:
    """Object of results by item code: {"cod": 18.5, "hg": "<0.00004"}. A null value is an absent one."""

    codes: tuple[str, ...] = CODES

    def read(self, value: object, field: str, faults: list[Fault]) -> dict[str, Result]:
        """Results by code."""
        if not isinstance(value, Mapping):
            faults.append(wrong_type(field, value, "对象", "an object"))
            return {}
        read: dict[str, Result] = {}
        for key, one in value.items():
            if key not in self.codes:
                faults.append(unknown_field(f"{field}.{key}", str(key), self.codes))
            elif one is not None:
                kind = ResultType("", maximum=_PH_HIGHEST) if key == "ph" else ResultType(by_code()[key].unit)
                result = kind.read(one, f"{field}.{key}", faults)
                if result is not None:
                    read[str(key)] = result
        return read

    def describe(self) -> dict[str, object]:
        """Type, codes with their names, and the value."""
        names = {code: by_code()[code].name for code in self.codes}
        return {
            "type": "object",
            "keys": list(self.codes),
            "names": {code: {"zh": name.zh, "en": name.en} for code, name in names.items()},
            "value": ResultType("").describe(),
        }


@dataclass(frozen=True, slots=True)
class ItemName:
    """Item by its code or its Chinese name: cod, 化学需氧量."""

    def read(self, value: object, field: str, faults: list[Fault]) -> str:
        """The code or name, known to be one."""
        if not isinstance(value, str):
            faults.append(wrong_type(field, value, "项目代码或名称", "an item code or name"))
            return ""
        if not names_of(value):
            guess = nearest(value, [*CODES, *by_name()])
            faults.append(
                Fault(
                    "not_a_choice",
                    field,
                    step(
                        "{field} 不认识 {value}{guess}；用项目代码（如 cod）或标准中的名称。",
                        "{field} does not know {value}{guess}; give an item code (like cod) or the standard's name.",
                        field=field,
                        value=shown(value),
                        guess=Bilingual(f",是否指 {guess}?", f"; did you mean {guess}?") if guess else "",
                    ),
                )
            )
        return value

    def describe(self) -> dict[str, object]:
        """Type and the codes."""
        return {"type": "item code or name", "codes": list(CODES)}


def listed(codes: tuple[str, ...] | list[str]) -> Bilingual:
    """Names of items in a row."""
    names = [by_code()[code].name for code in codes]
    return Bilingual("、".join(name.zh for name in names), ", ".join(name.en for name in names))
