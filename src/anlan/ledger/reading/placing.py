"""The place of a record: the cell, completed to town and village by what stands around it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from anlan.ledger.reading import places
from anlan.ledger.reading.model import Field, Record
from anlan.ledger.reading.raws import Raw, Setting

PLACES: Final = (Field.PROVINCE, Field.CITY, Field.COUNTY, Field.TOWN, Field.VILLAGE)


def _place_of(values: Mapping[Field, str | None]) -> places.Place:
    province, city, county, town, village = (values.get(one) for one in PLACES)
    return places.Place(province, city, county, town, village)


def put_place(record: Record, raw: Raw, section: dict[Field, str], setting: Setting) -> None:
    """Puts the place and its parts into a record that has its text and units already."""
    own = {one: raw.text(one) for one in PLACES}
    cell = "".join((raw.text(Field.PLACE, "") or "").split())
    if cell == "".join(record.description.split()):
        # One column tells where and what.
        cell = ""
    stated = places.parse(cell)
    columns = _place_of(own)
    if columns.town and not re.search(r"(?:镇|乡|街道|办事处|区|场|园|办)$", columns.town) and len(columns.town) >= 4:
        # A column of towns that holds whole places.
        columns = replace(columns, town=None)
        stated = stated.over(places.parse(own[Field.TOWN] or ""))
    if columns.town and not re.search(r"(?:镇|乡|街道|办事处|区|场|园|办)$", columns.town):
        # 柳溪 is 柳溪镇 where another cell of the workbook says so.
        columns = replace(columns, town=setting.towns.stems.get(columns.town, columns.town))
    whole = places.parse(columns.town) if columns.town else places.Place()
    if whole.town and (whole.county or whole.village):
        columns = replace(columns, town=whole.town, village=columns.village or whole.village).over(whole)
    structure = columns.over(_place_of(section))
    if not structure.town and setting.towns.stems:
        # A heading or a sheet that is called 鱼山, where another cell of the workbook says 鱼山镇.
        called = (setting.towns.stems.get(name) for name in (section.get(Field.KIND, ""), setting.name))
        structure = replace(structure, town=next(filter(None, called), None))
    units = places.towns_in_units(record.unit_text or "")
    own_towns = [*filter(None, (structure.town, stated.town)), *units]
    told = places.find(record.description, setting.towns)
    if not told.town and own_towns:
        told = places.find(record.description, places.Towns(own_towns))
    if structure.town and told.town and told.town != structure.town and columns.town is None and stated.town is None:
        before = places.find(record.description[: record.description.find(told.town)])
        if before.village:
            # A village comes first: the other town is only mentioned.
            told = before
        else:
            # The text of the problem is nearer to it than a heading far above.
            structure = replace(structure, town=None, village=None)
    best = stated.over(structure) if stated.town or not told.town else stated.over(structure).over(told)
    if best.village and told.village and best.village == places.stem(told.village) and cell == "":
        # 上河 is 上河村 where the text says so.
        best = replace(best, village=told.village)
    # A cell that is finer than its town already (鱼山镇工业园) takes no village that the text only mentions.
    finer = bool(stated.town and stated.rest and told.town is None)
    if not best.village and told.village and told.town in (None, best.town) and not finer:
        best = replace(best, village=told.village)
    if not best.town:
        best = replace(
            best, town=told.town or (units[0] if len(units) == 1 else None) or setting.fallback.get(Field.TOWN)
        )
        best = replace(best, village=best.village or (told.village if told.town == best.town else None))
    best = _from_short(cell, stated, best, told, setting)
    if not (structure.county or stated.county) and not cell and told.town == best.town:
        best = best.over(told)
    over = best.over(told) if told.town == best.town else best
    record.province, record.city, record.county = over.province, over.city, over.county
    record.town, record.village = best.town, best.village
    record.place = _whole(cell, stated, structure, best) or None


def _from_short(
    cell: str, stated: places.Place, best: places.Place, told: places.Place, setting: Setting
) -> places.Place:
    """Names that a cell gives without their kind (公安县金林兴渡), by the text of the problem or the other rows."""
    if not cell or stated.town:
        return best
    options = [told.town] if told.town else []
    options += [best.town] if best.town else []
    options += _short_in(cell, setting.towns)
    for town in options:
        short = places.stem(town or "")
        if town and len(short) >= 2 and (at := _short_at(cell, short)) >= 0:
            village = best.village
            rest = cell[at + len(short) :]
            rest = rest.removeprefix("街道").removeprefix("街") if town.endswith("街道") else rest
            if told.town == town and told.village and places.stem(told.village) in cell:
                village = told.village
            else:
                after = places.parse("某县" + rest)
                village = after.village or (rest if 2 <= len(rest) <= 4 else village)
                if village and re.fullmatch(r"..{1,3}社", village):
                    village += "区"
            return replace(best, town=town, village=village)
    return best


def _short_at(text: str, short: str) -> int:
    """Where a town stands without its kind, -1 if nowhere: 稻香社区 is no 稻香镇."""
    found = re.search(rf"{re.escape(short)}(?!村|社区|组|屯|居委会|小区)", text)
    return found.start() if found else -1


def _short_in(cell: str, towns: places.Towns) -> list[str]:
    """Known towns whose short names a cell holds, the longest first."""
    found = {
        town
        for size in range(2, 5)
        for at in range(len(cell) - size + 1)
        if (town := towns.stems.get(cell[at : at + size]))
    }
    return sorted(found, key=lambda town: (-len(town), town))


def _whole(cell: str, stated: places.Place, structure: places.Place, best: places.Place) -> str:
    """The place as it is given: the cell, completed to town and village, what stands over it before it."""
    if not cell:
        return best.text
    upper = ""
    for name in (structure.province, structure.city, structure.county):
        if name and places.stem(name).rstrip("省市县区") not in cell and not stated.county:
            upper += name
    if stated.town and (stated.village or not best.village):
        return upper + cell
    begin = len(cell) - len(stated.rest)
    if stated.village:
        begin -= len(stated.village)
    if stated.town:
        # The village that the text names stands between the town and the rest of the cell.
        at = cell.find(stated.town[:2])
        if at < 0:
            # The town stands in a column of its own.
            return upper + stated.town + cell
        end = at + len(stated.town)
        rest = cell[end:].removeprefix("办事处")
        short = places.stem(best.village or "")
        return upper + cell[:end] + (best.village or "") + ("" if rest.startswith(short) and short else rest)
    head, rest = cell[:begin], cell[begin:]
    town = best.town or ""
    name = places.stem(town)
    at_town = _short_at(rest, name) if len(name) >= 2 else -1
    if at_town >= 0:
        head += rest[:at_town]
        rest = rest[at_town + len(name) :]
        if town.endswith("街道"):
            rest = rest.removeprefix("街道").removeprefix("街")
    village = best.village or ""
    if village and places.stem(village) in rest:
        at = rest.index(places.stem(village))
        if at >= 2 and town and at_town < 0:
            # What stands before the village is a town that nobody else names so: it stays as it is.
            return upper + cell
        tail = rest[at + len(places.stem(village)) :]
        kind = village[len(places.stem(village)) :]
        for size in range(len(kind), 0, -1):
            if tail.startswith(kind[:size]):
                tail = tail[size:]
                break
        return upper + head + town + rest[:at] + village + tail
    if village and not rest:
        return upper + head + town + village
    return upper + head + town + rest
