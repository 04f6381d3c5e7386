"""Records of two rows under titles of two rows: the text across above, unit, limit and state below it. Pure."""

from __future__ import annotations

from anlan.ledger.reading.grid import Sheet, letters
from anlan.ledger.reading.layout import Table, title_fields
from anlan.ledger.reading.model import Field, Proposal
from anlan.ledger.reading.raws import Raw, Value
from anlan.settings import Words


def doubled(sheet: Sheet, table: Table) -> tuple[list[Raw], list[Proposal]]:
    """Raw records of a table whose texts have their title over those of other columns; nothing for any other table."""
    top, bottom = table.header
    head = _head(sheet, top, bottom)
    if head is None or bottom - top != 1:
        return [], []
    left, right, title = head
    raws = []
    for row in sheet.between(table.first, table.last):
        area = sheet.area(row, left)
        text = sheet.own(row, left)
        # The text lies across the same columns as its title.
        if not text or (area[1], area[3]) != (left, right) or sheet.area(row, left)[2] != row:
            continue
        raw = Raw(sheet.name, (row, row + 1))
        raw.add(Field.DESCRIPTION, Value(text, text, None, title, title))
        raw.original[title] = text
        for column in table.columns:
            spot = sheet.origin(row + 1, column.at)
            if spot[0] < row:
                continue
            for field, _ in column.fields:
                shown = sheet.shown(*spot)
                raw.add(field, Value(shown, sheet.cells.get(spot), sheet.shapes.get(spot), column.title, column.leaf))
            if sheet.shown(*spot):
                raw.original[column.leaf] = sheet.shown(*spot)
        if len(raw.values) >= 3:
            raws.append(raw)
    words = Words("按表头", "by its title")
    proposals = [Proposal(sheet.name, letters(left), title, Field.DESCRIPTION, 0.8, words)]
    proposals += [
        Proposal(sheet.name, letters(one.at), one.leaf, one.fields[0][0], one.fields[0][1], words)
        for one in table.columns
        if one.fields
    ]
    return (raws, proposals) if raws else ([], [])


def _head(sheet: Sheet, top: int, bottom: int) -> tuple[int, int, str] | None:
    """Columns and text of a title of problems that lies over other titles."""
    for column in sheet.filled(top):
        area = sheet.area(top, column)
        if area[3] == area[1] or area[2] >= bottom:
            continue
        text = sheet.shown(top, column)
        if any(one is Field.DESCRIPTION and sure >= 0.8 for one, sure in title_fields(text)):
            return area[1], area[3], "".join(text.split())
    return None
