"""Tables of HJ 212: editions, systems, commands, factors with their units, site information, flags, results."""

from __future__ import annotations

import csv
import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from typing import Any

from anlan.foundation.calc.explain import Bilingual

_DATA = files("anlan.monitor.hj212") / "data"
# What one unit of the table is in mg/L.
_MG_PER_L = {"mg/L": Decimal(1), "µg/L": Decimal("0.001"), "ng/L": Decimal("0.000001")}


@dataclass(frozen=True, slots=True)
class Command:
    """Command code with who sends it (host, field, either), its kind and the editions that have it.

    `kind` is request (answered with 9011 and 9012), upload (9014), notice (9013) or interaction (no answer).
    """

    code: str
    name: Bilingual
    sender: str
    kind: str
    versions: frozenset[int]


@dataclass(frozen=True, slots=True)
class Factor:
    """Water factor. Values are in `unit` ("" for none), totals (`Cou`) in `total_unit`.

    The standard gives a value at most `digits` whole digits and `decimals` decimals.
    """

    code: str
    code_2005: str
    name: Bilingual
    unit: str
    total_unit: str
    digits: int
    decimals: int

    def mg_per_l(self, value: Decimal) -> Decimal | None:
        """Value of this factor in mg/L, exact; None where its unit is no concentration by mass.

        >>> factors()["w20111"].mg_per_l(Decimal("0.05"))
        Decimal('0.00005')
        """
        scale = _MG_PER_L.get(self.unit)
        return None if scale is None else value * scale


@dataclass(frozen=True, slots=True)
class SiteCode:
    """Process or site information; `values` are the states it enumerates, by their number."""

    code: str
    name: Bilingual
    unit: str
    values: Mapping[str, Bilingual]


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@functools.cache
def _codes() -> dict[str, Any]:
    return tomllib.loads((_DATA / "codes.toml").read_text(encoding="utf-8"))


@functools.cache
def _named(part: str) -> dict[str, Bilingual]:
    return {code: Bilingual(row["zh"], row["en"]) for code, row in _codes()[part].items()}


@functools.cache
def versions() -> dict[int, int]:
    """Edition (its year) by the version bits of Flag."""
    return {row["flag_bits"]: row["version"] for row in _codes()["edition"]}


@functools.cache
def version_bits() -> dict[int, int]:
    """Version bits of Flag by edition."""
    return {version: bits for bits, version in versions().items()}


@functools.cache
def issued() -> dict[int, str]:
    """Day an edition was issued, where it matters, as YYYYMMDD."""
    return {row["version"]: f"{row['issued']:%Y%m%d}" for row in _codes()["edition"] if "issued" in row}


@functools.cache
def commands() -> dict[str, tuple[Command, ...]]:
    """Commands by code; a code may be a request of the host, an upload of the field, and mean another thing in 2005."""
    found: dict[str, list[Command]] = {}
    for row in _rows("commands.csv"):
        years = frozenset(map(int, row["versions"].split()))
        command = Command(row["code"], Bilingual(row["zh"], row["en"]), row["sender"], row["kind"], years)
        found.setdefault(row["code"], []).append(command)
    return {code: tuple(several) for code, several in found.items()}


@functools.cache
def factors() -> dict[str, Factor]:
    """Water factors by their current code (HJ 525)."""
    return {
        row["code"]: Factor(
            row["code"],
            row["code_2005"],
            Bilingual(row["zh"], row["en"]),
            row["unit"],
            row["total_unit"],
            int(row["digits"]),
            int(row["decimals"]),
        )
        for row in _rows("factors.csv")
    }


@functools.cache
def current_code() -> dict[str, str]:
    """Current code of a factor by its code of 2005."""
    return {one.code_2005: one.code for one in factors().values() if one.code_2005}


@functools.cache
def _site() -> dict[str, SiteCode]:
    found = {}
    for row in _rows("site.csv"):
        states = (state.split(" ", 2) for state in row["values"].split("|") if state)
        values = {number: Bilingual(zh, en) for number, zh, en in states}
        found[row["code"]] = SiteCode(row["code"], Bilingual(row["zh"], row["en"]), row["unit"], values)
    return found


def site_code(code: str) -> SiteCode | None:
    """Process or site information by its code; the last two digits of an e code number the device, 01 to 99.

    >>> site_code("e10103").name.en
    'inlet flow'
    """
    if code[:1] == "e" and len(code) == 6 and code[4:].isdigit() and code[4:] != "00":
        code = code[:4] + "xx"
    return _site().get(code)


def systems() -> dict[str, Bilingual]:
    """Kinds of monitoring by ST."""
    return _named("systems")


def flags() -> dict[str, Bilingual]:
    """Meaning of the flag of a value, of all editions."""
    return _named("flags")


@functools.cache
def valid_flags() -> frozenset[str]:
    """Flags whose value may enter a mean."""
    return frozenset(flag for flag, row in _codes()["flags"].items() if row["valid"])


def request_results() -> dict[str, Bilingual]:
    """QnRtn of the answer 9011 to a request."""
    return _named("qn_rtn")


def execution_results() -> dict[str, Bilingual]:
    """ExeRtn of the result 9012 of a request."""
    return _named("exe_rtn")


@functools.cache
def suffixes() -> dict[str, str]:
    """Kind of a factor's item (measured, time, flag, other) by its suffix."""
    return {suffix: kind for kind, several in _codes()["suffixes"].items() for suffix in several}


@functools.cache
def time_fields() -> frozenset[str]:
    """Fields that hold a moment."""
    return frozenset(_codes()["times"]["names"])


@functools.cache
def periods() -> dict[str, str]:
    """Unit of the period that DataTime begins (day, hour, minute) by CN."""
    return dict(_codes()["periods"])


@functools.cache
def limits() -> dict[str, Any]:
    """Numbers of the dialogue: timeout_s, resends, segment_max and the intervals that may be set."""
    return dict(_codes()["dialog"])
