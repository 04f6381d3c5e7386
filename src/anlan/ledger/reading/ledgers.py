"""Bytes or grids to a reading. Pure: the file is opened by `foundation/sheets`, everything else is a function of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from anlan.foundation.sheets import reading as sheets
from anlan.ledger.reading.model import Field, Reading, Record
from anlan.ledger.reading.words import classify


def read(data: bytes, name: str, *, columns: Mapping[str, Field | None] | None = None) -> Reading:
    """Reading of a file or a pasted table. Raises InputError for what is no sheet at all."""
    return read_grids(sheets.read(data, name), name, columns=columns)


def read_grids(
    grids: Iterable[sheets.Grid], name: str, *, columns: Mapping[str, Field | None] | None = None
) -> Reading:
    """Reading of sheets that are open already."""
    found = Reading(name)
    for grid in grids:
        titles: dict[int, Field] = {}
        for number, cells in grid.rows:
            if not titles:
                named = {at: one[0][0] for at, cell in enumerate(cells) if (one := classify(str(cell or "")))}
                if Field.DESCRIPTION in named.values():
                    titles = named
                continue
            record = Record(None if grid.name == "CSV" else grid.name, number, rows=(number, number))
            for at, field in titles.items():
                if at < len(cells) and cells[at] is not None and hasattr(record, field):
                    setattr(record, field, str(cells[at]))
            if record.description:
                found.records.append(record)
    return found
