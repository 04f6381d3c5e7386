"""Cards: titles to the left of what they name, a problem for each card or for each column. Pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from anlan.ledger.reading.grid import Sheet, letters
from anlan.ledger.reading.layout import title_fields
from anlan.ledger.reading.model import Field, Proposal
from anlan.ledger.reading.raws import Raw, Value
from anlan.ledger.reading.words import classify, folded
from anlan.settings import Words

_SURE: Final = 0.5
_MOSTLY: Final = 0.4
_INLINE: Final = re.compile(r"^\s*([^:：\n]{2,12})[:：]\s*(.*)$", re.DOTALL)
_LEDGER: Final = frozenset({
    Field.SOURCE, Field.PLACE, Field.UNITS, Field.LEAD, Field.DEADLINE, Field.MEASURES, Field.PROGRESS,
    Field.DISCLOSED, Field.TOWN, Field.VILLAGE,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Pair:
    row: int
    column: int
    label: str
    fields: tuple[tuple[Field, float], ...]
    value: Value
    at: int


def cards(sheet: Sheet, first: int = 1) -> tuple[list[Raw], list[Proposal]]:
    """Raw records of a sheet of cards, and what their labels are taken for; nothing where the sheet has none."""
    labels = _labels(sheet, first)
    if not _worth(labels):
        inline = _inline(sheet, first)
        fields = {pair.fields[0][0] for pair in inline}
        return _grouped(sheet, inline) if Field.DESCRIPTION in fields and len(fields & _LEDGER) >= 2 else ([], [])
    raws: list[Raw] = []
    proposals: list[Proposal] = []
    for lane in _lanes(labels):
        pairs = [pair for label in lane for pair in _pairs(sheet, label, labels)]
        pairs += _inline(sheet, first, {(row, column) for row, column, *_ in labels})
        columns = {pair.at for pair in pairs if pair.fields[0][0] is Field.DESCRIPTION}
        many = any(
            len({one.at for one in pairs if (one.row, one.column) == (pair.row, pair.column)}) > 1
            for pair in pairs
            if pair.fields[0][0] is Field.DESCRIPTION
        )
        groups = [_lane(pairs, column) for column in sorted(columns)] if many else [pairs]
        for group in groups:
            more, named = _grouped(sheet, group)
            if many and more:
                more[0].rows = (_named_above(sheet, group, more[0].rows[0]), more[0].rows[1])
            raws += more
            proposals += [one for one in named if one not in proposals]
    raws.sort(key=lambda raw: raw.rows[0])
    return raws, proposals


def _named_above(sheet: Sheet, group: list[_Pair], first: int) -> int:
    """First row of a card by column: the row above its labels where that names it (项目, 问题1, 问题2)."""
    column = group[0].at
    area = sheet.area(first - 1, column)
    text = sheet.own(first - 1, column)
    alone = area[1] == area[3] and len(sheet.filled(first - 1)) > 1
    return first - 1 if text and len(text) <= 12 and alone else first


def _lane(pairs: list[_Pair], column: int) -> list[_Pair]:
    return [pair for pair in pairs if pair.at == column]


_Label = tuple[int, int, str, tuple[tuple[Field, float], ...]]


def _labels(sheet: Sheet, first: int) -> list[_Label]:
    """Cells that can be labels, in columns that hold several of them."""
    found: list[_Label] = []
    for row in sheet.rows:
        if row < first:
            continue
        for column in sheet.filled(row):
            cell = sheet.cells[(row, column)]
            text = sheet.shown(row, column)
            if not isinstance(cell, str) or len(text) > 16:
                continue
            fields = title_fields(text)
            if fields and fields[0][1] >= _SURE:
                found.append((row, column, text, fields))
    hits = Counter(column for _, column, *_ in found)
    filled = Counter(column for row in sheet.rows if row >= first for column in sheet.filled(row))
    kinds = {column: {fields[0][0] for _, at, _, fields in found if at == column} for column in hits}
    # Among values, some read like titles (限期整改); a column of labels holds little else.
    return [one for one in found if len(kinds[one[1]]) >= 2 and hits[one[1]] >= _MOSTLY * filled[one[1]]]


def _worth(labels: list[_Label]) -> bool:
    fields = {fields[0][0] for *_, fields in labels}
    return Field.DESCRIPTION in fields and len(fields & _LEDGER) >= 2


def _lanes(labels: list[_Label]) -> list[list[_Label]]:
    """Columns of labels that belong to one card; those with the same labels are cards beside each other."""
    names: dict[int, set[str]] = {}
    for _, column, text, _ in labels:
        names.setdefault(column, set()).add(folded(text))
    lanes: list[list[int]] = []
    for column in sorted(names):
        twin = any(len(names[column] & names[lane[0]]) * 2 >= len(names[lane[0]]) for lane in lanes)
        if not lanes or twin:
            lanes.append([column])
        else:
            lanes[-1].append(column)
    return [[label for label in labels if label[1] in lane] for lane in lanes]


def _pairs(sheet: Sheet, label: _Label, labels: list[_Label]) -> list[_Pair]:
    """A label with each of its values: to the right up to the next label, or else below."""
    row, column, text, fields = label
    stops = [at for line, at, *_ in labels if line == row and at > column]
    label_columns = {at for _, at, *_ in labels}
    end = min(stops, default=sheet.width)
    later = [at for at in label_columns if column < at < end and at not in stops]
    if later and not stops:
        # A row without its second label still does not reach into the next card's column of labels.
        reach = sheet.area(row, column + 1)[3] if column + 1 < sheet.width else column
        end = min(at for at in later) if reach < min(later) else end
    found: list[_Pair] = []
    bottom = sheet.area(row, column)[2]
    at = sheet.area(row, column)[3] + 1
    while at < end:
        for line in sheet.between(row, bottom):
            area = sheet.area(line, at)
            shown = sheet.shown(area[0], area[1])
            if shown and area[1] == at and (area[0] == line or line == row):
                value = Value(
                    shown, sheet.cells.get((area[0], area[1])), sheet.shapes.get((area[0], area[1])), text, text
                )
                found.append(_Pair(row, column, text, fields, value, at))
        at = sheet.area(row, at)[3] + 1
    if not found and not stops:
        below = bottom + 1
        shown = sheet.own(below, column)
        if shown and not any((line, at) == (below, column) for line, at, *_ in labels):
            value = Value(shown, sheet.cells.get((below, column)), sheet.shapes.get((below, column)), text, text)
            found.append(_Pair(row, column, text, fields, value, column))
    return found


def _inline(sheet: Sheet, first: int, taken: set[tuple[int, int]] | None = None) -> list[_Pair]:
    """Cells that hold label and value in one (问题来源：省级警示片), a line each."""
    found = []
    for row in sheet.rows:
        if row < first:
            continue
        for column in sheet.filled(row):
            if taken and (row, column) in taken:
                continue
            for line in sheet.shown(row, column).split("\n"):
                match = _INLINE.match(line)
                if not match or not match[2].strip():
                    continue
                fields = classify(match[1])
                if fields and fields[0][1] >= 0.8:
                    value = Value(match[2].strip(), match[2].strip(), None, match[1], match[1])
                    found.append(_Pair(row, column, match[1], fields, value, column))
    return found


def _grouped(sheet: Sheet, pairs: list[_Pair]) -> tuple[list[Raw], list[Proposal]]:
    """Pairs as cards: one begins where a label comes once more."""
    raws: list[Raw] = []
    proposals: dict[tuple[str, str], Proposal] = {}
    current: Raw | None = None
    seen: set[tuple[int, str]] = set()
    places: dict[tuple[int, str], tuple[int, int]] = {}
    for pair in sorted(pairs, key=lambda one: (one.row, one.column, one.at)):
        name = folded(pair.label)
        key = (pair.column, name)
        again = any(label == name for _, label in seen) and places.get(key) != (pair.row, pair.column)
        if current is None or again:
            current = Raw(sheet.name, (pair.row, pair.row))
            raws.append(current)
            seen, places = set(), {}
        seen.add(key)
        places[key] = (pair.row, pair.column)
        for one, _ in pair.fields:
            current.add(one, pair.value)
        current.original[pair.label] = pair.value.text
        current.rows = (current.rows[0], max(current.rows[1], pair.row))
        field, sure = pair.fields[0]
        proposals.setdefault(
            (letters(pair.column), name),
            Proposal(sheet.name, letters(pair.column), pair.label, field, sure, Words("按标签", "by its label")),
        )
    return [raw for raw in raws if raw.values.get(Field.DESCRIPTION)], list(proposals.values())
