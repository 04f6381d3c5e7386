"""A record that was read as the row that linkage compares. Pure."""

from __future__ import annotations

from anlan.ledger.linkage import Row
from anlan.ledger.reading import Record

# A cell with so much of the completed place stands for itself.
_ENOUGH = 0.7


def row_of(record: Record, known: str, cell: str = "") -> Row:
    """Row with the id `known`; `cell` is the cell of the place as the clerk wrote it.

    Linkage reads short names itself; what was completed counts where the cell alone says little.
    """
    place = record.place or ""
    if len(cell) >= _ENOUGH * len(place):
        place = cell
    parts = (record.province, record.city, record.county, record.town, record.village)
    quantity = f"{record.quantity}{record.unit or ''}" if record.quantity else ""
    return Row(
        id=known,
        description=record.description,
        place=place or "".join(part for part in parts if part),
        source=record.source or "",
        disclosed=record.disclosed or "",
        deadline=record.deadline or record.deadline_text or "",
        unit=record.unit_text or "；".join(unit for unit in (record.lead, record.coop) if unit),
        company=record.company or "",
        water=record.river or "",
        kind=record.kind or "",
        quantity=quantity,
    )
