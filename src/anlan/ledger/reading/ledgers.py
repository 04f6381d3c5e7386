"""Bytes or grids to a reading. Pure: the file is opened by `foundation/sheets`, everything else is a function of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from anlan.foundation.sheets import reading as sheets
from anlan.ledger.reading import places
from anlan.ledger.reading.assemble import records_of
from anlan.ledger.reading.cards import cards
from anlan.ledger.reading.columns import Map, resolve
from anlan.ledger.reading.dates import plain
from anlan.ledger.reading.doubled import doubled
from anlan.ledger.reading.grid import Sheet, sheet_of
from anlan.ledger.reading.headings import bare, heading
from anlan.ledger.reading.layout import Table, tables
from anlan.ledger.reading.markup import grids_of, unstroked
from anlan.ledger.reading.model import Doubt, Field, LeftOut, Reading, Why
from anlan.ledger.reading.raws import Raw, Setting
from anlan.ledger.reading.rows import Body
from anlan.settings import Words

# A ledger of 100,000 rows has 35 MB.
MAX_BYTES: Final = 256_000_000
_NO_DATA: Final = re.compile(
    r"示例|样表|样例|范例|填表说明|填报说明|填写说明|^说明$|模板|参考|字典|下拉|数据源|选项|目录|封面"
)
_PLACE_FIELDS: Final = (Field.PROVINCE, Field.CITY, Field.COUNTY, Field.TOWN, Field.VILLAGE)
_EXPLAINS: Final = re.compile(r"示例|样表|样例|范例|说明")
_SUMMARY: Final = re.compile(r"汇总|总表|总台账|合并|全部")
_REPORTER: Final = re.compile(r"(?:填报|报送|上报|填表|编制|制表)单位[^:：]{0,6}[:：]\s*｜?\s*([^\s:：（()｜]{2,20})")


def read(
    data: bytes, name: str, *, columns: Mapping[str, Field | None] | None = None, towns: Iterable[str] = ()
) -> Reading:
    """Reading of a file or a pasted table. Raises InputError for what is no sheet at all.

    `columns` is what a person said of columns, by letter ("C") or by sheet and letter ("表!C"); None leaves one out.
    `towns` are names of towns of the district, so that they are found in running text.
    """
    grids = grids_of(data) or sheets.read(unstroked(data), name, limit=MAX_BYTES)
    return read_grids(grids, name, columns=columns, towns=towns)


def read_grids(
    grids: Iterable[sheets.Grid],
    name: str,
    *,
    columns: Mapping[str, Field | None] | None = None,
    towns: Iterable[str] = (),
) -> Reading:
    """Reading of sheets that are open already."""
    found = Reading(name)
    raws: list[tuple[Raw, Setting]] = []
    known: set[str] = set(towns)
    aside: list[Sheet] = []
    for grid in grids:
        sheet = sheet_of(grid)
        if sheet.rows and sheet.name and _NO_DATA.search(sheet.name):
            aside.append(sheet)
        elif sheet.rows:
            own, setting = _sheet(sheet, found, columns or {})
            raws += [(raw, setting) for raw in own]
    for sheet in aside:
        # Where nothing else holds problems, what is called a form may have been filled in.
        if not raws and not _EXPLAINS.search(sheet.name or ""):
            own, setting = _sheet(sheet, found, columns or {})
            raws += [(raw, setting) for raw in own]
        else:
            found.left_out += [LeftOut(sheet.name, row, Why.EXAMPLE, sheet.whole(row)[:200]) for row in sheet.rows]
    for raw, setting in raws:
        known |= _towns(raw, setting)
    names = places.Towns(known)
    for raw, setting in _without_sums(raws, found):
        setting.towns = names
        found.records += records_of(raw, setting, found.doubts)
    if not found.records:
        words = Words(
            f"{name}：没有找到问题；请确认表头有“问题描述”一类的列，或指定各列",
            f"{name}: no problems were found; see that a title says 问题描述 or the like, or say what the columns hold",
        )
        found.doubts.append(Doubt(None, 0, words))
    return found


def _without_sums(raws: list[tuple[Raw, Setting]], found: Reading) -> list[tuple[Raw, Setting]]:
    """Without the sheets that list once more what the others hold (汇总)."""
    texts: dict[str | None, list[str]] = {}
    for raw, _ in raws:
        texts.setdefault(raw.sheet, []).append("".join((raw.text(Field.DESCRIPTION, "") or "").split()))
    sums = set()
    for name, own in texts.items():
        if name and _SUMMARY.search(name):
            others = {text for other, them in texts.items() if other != name and other not in sums for text in them}
            if sum(text in others for text in own) * 5 >= 4 * len(own):
                sums.add(name)
    found.left_out += [
        LeftOut(raw.sheet, raw.rows[0], Why.TOTAL, (raw.text(Field.DESCRIPTION, "") or "")[:200])
        for raw, _ in raws
        if raw.sheet in sums
    ]
    return [pair for pair in raws if pair[0].sheet not in sums]


def _towns(raw: Raw, setting: Setting) -> set[str]:
    """Towns that the cells of a record name by themselves."""
    found = set(places.towns_in_units(raw.text(Field.UNITS, "\n") or ""))
    found |= set(places.towns_in_units(raw.text(Field.LEAD, "\n") or ""))
    for text in (raw.text(Field.PLACE, ""), raw.text(Field.TOWN, "")):
        if text and (town := places.parse(text).town):
            found.add(town)
    for values in (raw.section, setting.values, setting.fallback):
        if town := values.get(Field.TOWN):
            found.add(town)
    return {town for town in found if len(places.stem(town)) <= 4}


def _sheet(sheet: Sheet, found: Reading, said: Mapping[str, Field | None]) -> tuple[list[Raw], Setting]:
    parts = tables(sheet)
    resolved: list[tuple[Table, Map]] = []
    for table in parts:
        mapped, proposals = resolve(sheet, table, said)
        if mapped.is_ledger:
            resolved.append((table, mapped))
            found.proposals += proposals
        elif len(parts) == 1:
            raws, proposals = doubled(sheet, table)
            if raws:
                found.proposals += proposals
                return raws, _setting(sheet, table.header[0])
    head = resolved[0][0].header[0] if resolved else (sheet.rows[0] if sheet.rows else 1)
    setting = _setting(sheet, head)
    on_cards, labels = ([], []) if resolved and _wide(resolved) else cards(sheet)
    if on_cards and (not resolved or len(labels) > max(len(mapped.columns) for _, mapped in resolved)):
        found.proposals = [one for one in found.proposals if one.sheet != sheet.name] + labels
        return on_cards, setting
    raws = []
    for row in sheet.rows:
        if resolved and row < head:
            found.left_out.append(LeftOut(sheet.name, row, Why.TITLE, sheet.whole(row)[:200]))
    for at, (table, mapped) in enumerate(resolved):
        alone = not table.bounded and not any(
            other.header == table.header for number, (other, _) in enumerate(resolved) if number != at
        )
        body = Body(sheet, table, mapped, alone)
        over = {**_above(sheet, table), **(heading(table.caption).values if table.caption else {})}
        for raw in body.raws:
            raw.section = {**over, **raw.section}
        raws += body.raws
        if not table.shared or at == 0 or resolved[at - 1][0].header != table.header:
            found.left_out += body.left_out
        if not table.shared:
            found.doubts += body.doubts
    raws.sort(key=lambda raw: raw.rows[0])
    return raws, setting


def _above(sheet: Sheet, table: Table) -> dict[Field, str]:
    """What a numbered heading right over the header of a table sets."""
    for row in range(table.header[0] - 1, max(0, table.header[0] - 3), -1):
        filled = sheet.filled(row)
        if len(filled) == 1:
            one = heading(sheet.shown(row, filled[0]))
            return one.values if one.style >= 0 else {}
        if filled:
            break
    return {}


def _wide(resolved: list[tuple[Table, Map]]) -> bool:
    """Whether tables were found that are too plainly tables to be cards."""
    return any(len([column for column in mapped.columns if column.fields]) >= 5 for _, mapped in resolved)


def _setting(sheet: Sheet, head: int) -> Setting:
    above = [sheet.whole(row) for row in sheet.rows if row < head]
    values: dict[Field, str] = {}
    if sheet.name:
        one = heading(sheet.name)
        if one.kind in ("place", "unit"):
            values = dict(one.values)
        elif one.kind == "source" and len(one.text) >= 3:
            values = {Field.SOURCE: one.text}
    fallback: dict[Field, str] = {}
    for text in above:
        if match := _REPORTER.search(text):
            towns = places.towns_in_units(match[1])
            if len(towns) == 1:
                fallback[Field.TOWN] = towns[0]
        elif len(text) <= 60:
            town = places.parse(re.sub(r"^(?:(?:19|20)\d{2}年度?|附件\d*[:：]?)", "", text)).town
            if town:
                fallback.setdefault(Field.TOWN, town)
    years = [int(year) for text in above for year in re.findall(r"(?<!\d)((?:19|20)\d{2})(?=年|[-./]\d)", plain(text))]
    if not years and sheet.name:
        years = [int(year) for year in re.findall(r"(?<!\d)((?:19|20)\d{2})(?!\d)", sheet.name)]
    return Setting(values, fallback, years[0] if years else None, sheet.since_1904, name=bare(sheet.name or "")[0])
