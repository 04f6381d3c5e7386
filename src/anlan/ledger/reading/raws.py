"""Cells of one row or card by field, and what holds for their whole sheet. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from anlan.foundation.sheets.reading import Cell
from anlan.ledger.reading import places
from anlan.ledger.reading.model import Field

TICK: Final = re.compile(r"^[√✓✔☑■●▲○1是vV]$")
NOTHING: Final = re.compile(
    r"^(?:[/／\\\-—–_、.。*]+|无|暂无|无。|空|n/?a|none|null|nan|待定|不详|未知|#N/A)$", re.IGNORECASE
)
_WIDE: Final = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}


@dataclass(slots=True)
class Value:
    """One cell: its text, what it holds, how it shows, and the title over it."""

    text: str
    cell: Cell = None
    shape: str | None = None
    title: str = ""
    leaf: str = ""
    shared: bool = False


@dataclass(slots=True)
class Raw:
    """Cells of one row or card by field, before anything is made of them."""

    sheet: str | None
    rows: tuple[int, int]
    values: dict[Field, list[Value]] = field(default_factory=dict)
    section: dict[Field, str] = field(default_factory=dict)
    original: dict[str, str] = field(default_factory=dict)

    def add(self, one: Field, value: Value) -> None:
        """Adds a cell that is not empty."""
        if value.text:
            self.values.setdefault(one, []).append(value)

    def text(self, one: Field, joint: str = "、") -> str | None:
        """Texts of a field in one, each once; None where there is nothing."""
        values = self.values.get(one)
        if not values:
            return None
        found = [value.text for value in values if not NOTHING.match(value.text)]
        return joint.join(dict.fromkeys(found)) or None


@dataclass(slots=True)
class Setting:
    """What holds for a whole sheet: its place and unit by name, the year that stands above the table, known towns."""

    values: dict[Field, str] = field(default_factory=dict)
    fallback: dict[Field, str] = field(default_factory=dict)
    year: int | None = None
    since_1904: bool = False
    towns: places.Towns = places.NO_TOWNS
    name: str = ""


def clean(text: str) -> str:
    """Text with full-width digits and letters made ordinary, white space at line ends gone.

    >>> clean("堆场１１９０平方米 \\n未覆盖")
    '堆场1190平方米\\n未覆盖'
    """
    text = text.translate(_WIDE).strip()
    return re.sub(r"[ \t\u3000]*\n\s*", "\n", text) if "\n" in text else text
