"""Compares a reading with the true records, field by field."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Any

from anlan.ledger.reading import Reading, Record

FIELDS = ("source", "place", "description", "unit_text", "measures", "progress", "disclosed", "deadline")


def squeezed(text: str | None) -> str:
    """Text without white space and widths, the full stop at its end aside."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or "")).rstrip("。.")


def units(text: str | None) -> Counter[str]:
    """Units of a text, whatever parts them."""
    return Counter(one for one in re.split(r"[、，,；;/\s]+", squeezed_units(text)) if one)


def squeezed_units(text: str | None) -> str:
    """Units with widths folded."""
    return unicodedata.normalize("NFKC", text or "").strip()


def same(field: str, true: Any, found: Any) -> bool:
    """Whether a field was read as it is."""
    if field == "unit_text":
        return units(true) == units(found)
    if not isinstance(true, str) or not isinstance(found, str):
        return bool(true == found)
    return squeezed(true) == squeezed(found)


class Score:
    """Counts of what was read right, by field, and what was not, in words."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.all: Counter[str] = Counter()
        self.missing = 0
        self.surplus = 0
        self.records = 0
        self.faults: list[str] = []

    @property
    def accuracy(self) -> float:
        """Share of true fields read right; those of missing records count as wrong."""
        return sum(self.right.values()) / max(1, sum(self.all.values()))

    def add(self, name: str, reading: Reading, records: list[dict[str, Any]], fields: tuple[str, ...] = FIELDS) -> None:
        """Compares one file."""
        open_: dict[tuple[str | None, int], list[Record]] = {}
        for record in reading.records:
            open_.setdefault((record.sheet, record.excel_row), []).append(record)
        self.records += len(records)
        for true in records:
            key = (true["sheet"], true["excel_row"])
            found = self._twin(true, open_.get(key, []))
            if found is None:
                self.missing += 1
                self.faults.append(f"{name} {key}: missing: {true.get('description')}")
            else:
                open_[key].remove(found)
            for field in fields:
                if field not in true:
                    continue
                self.all[field] += 1
                if found is not None and self.same(field, true, found):
                    self.right[field] += 1
                elif found is not None:
                    self.faults.append(f"{name} {key} {field}: {true[field]!r} read as {getattr(found, field)!r}")
        for key, rest in open_.items():
            for record in rest:
                self.surplus += 1
                self.faults.append(f"{name} {key}: surplus: {record.description[:40]!r}")

    def same(self, field: str, true: dict[str, Any], found: Record) -> bool:
        """Whether one field was read right."""
        return same(field, true[field], getattr(found, field))

    def _twin(self, true: dict[str, Any], there: list[Record]) -> Record | None:
        wanted = squeezed(true.get("description"))
        exact = [record for record in there if squeezed(record.description) == wanted]
        return exact[0] if exact else (there[0] if there else None)
