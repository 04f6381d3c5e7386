"""What the columns of a table are taken for: by title, by what they hold, and by what a person has said. Pure."""

# ruff: noqa: E501 (a pattern stays on its line)

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from anlan.ledger.reading import dates, places
from anlan.ledger.reading.grid import Sheet, letters
from anlan.ledger.reading.layout import Column, Table
from anlan.ledger.reading.model import Field, Proposal
from anlan.settings import Words

_SAMPLE: Final = 60
_UNIT_NAME: Final = re.compile(
    r"(?:局|委|办|厅|中心|公司|政府|街道|镇|乡|集团|管委会|大队|支队|分局|院|部|站|所|法院|检察院|联社|处|组)$"
)
_MEASURE_UNIT: Final = re.compile(
    r"^(?:[万亿]?(?:吨|米|平方米|立方米|公里|千米|亩|公顷|头|倍|处|个|家|户|座|方|立方|平方|台|套|条|口|千克|公斤|元|毫米|人|株|艘|毫克/升|mg/l|㎡|m³|m2|m3|km|t|m|mm|吨/[日天年]|t/d|立方米/[日天]|m³/d|头/?羽?|羽|只))$",
    re.IGNORECASE,
)
SOURCE_WORDS: Final = re.compile(
    r"督察|督查|警示片|信访|审计|自查|排查|巡河|巡查|检察|暗访|举报|通报|媒体|热线|1234[05]|12369|反馈|交办|曝光|人大|政协|"
    r"监测|回头看|专项检查|巡视|巡察|披露"
)
_LEDGER: Final = frozenset(
    {Field.UNITS, Field.LEAD, Field.DEADLINE, Field.MEASURES, Field.PROGRESS, Field.SOURCE, Field.DISCLOSED, Field.PLACE}
)  # fmt: skip


class Map:
    """Columns of a table by the field that each is taken for."""

    def __init__(self, columns: list[Column]) -> None:
        self.columns = columns
        self._by: dict[Field, list[Column]] = {}
        for column in columns:
            for field, _ in column.fields:
                self._by.setdefault(field, []).append(column)

    def of(self, field: Field) -> list[Column]:
        """Columns of a field, from left to right."""
        return self._by.get(field, [])

    def __contains__(self, field: Field) -> bool:
        return field in self._by

    @property
    def is_ledger(self) -> bool:
        """Whether the table lists problems: a column of their texts, and at least one more of a ledger's."""
        return Field.DESCRIPTION in self._by and bool(_LEDGER & set(self._by) or len(self._by) >= 3)


def resolve(sheet: Sheet, table: Table, said: Mapping[str, Field | None]) -> tuple[Map, list[Proposal]]:
    """Columns of a table with their fields. `said` is what a person said, by letter or `sheet!letter`."""
    taken: dict[int, Words] = {}
    for column in table.columns:
        letter = letters(column.at)
        for key in (f"{sheet.name}!{letter}", letter):
            if key in said:
                field = said[key]
                column.fields = ((field, 1.0),) if field else ()
                taken[column.at] = Words("人工指定", "said by a person")
                break
    free = [column for column in table.columns if column.at not in taken]
    samples = {column.at: _sample(sheet, table, column.at) for column in table.columns}
    _settle(table.columns, free, samples)
    _infer(table.columns, free, samples)
    proposals = []
    for column in table.columns:
        first = column.fields[0] if column.fields else (None, 0.0)
        why = taken.get(column.at) or (
            Words("按内容", "by what it holds") if column.by_content else Words("按表头", "by its title")
        )
        if first[0] is None:
            why = Words("认不出", "not known")
        proposals.append(Proposal(sheet.name, letters(column.at), column.title, first[0], first[1], why))
    return Map(table.columns), proposals


def _sample(sheet: Sheet, table: Table, column: int) -> list[str]:
    found: list[str] = []
    for row in range(table.first, min(table.last, table.first + 4 * _SAMPLE) + 1):
        if len(found) >= _SAMPLE:
            break
        # What is merged across is a section or a note.
        area = sheet.area(row, column)
        if area[1] == area[3] and (text := sheet.own(row, column)):
            found.append(text)
    return found


def _share(texts: list[str], good: re.Pattern[str]) -> float:
    return sum(bool(good.search(text)) for text in texts) / len(texts) if texts else 0.0


def _mean(texts: list[str]) -> float:
    return sum(map(len, texts)) / len(texts) if texts else 0.0


def _give(column: Column, field: Field | None, sure: float, by_content: bool = True) -> None:
    column.fields = ((field, sure),) if field else ()
    column.by_content = by_content


def _settle(columns: list[Column], free: list[Column], samples: Mapping[int, list[str]]) -> None:
    """Titles that two columns share, or that mean one thing here and another there."""
    said = {field for column in columns if column not in free for field, _ in column.fields}

    def of(field: Field) -> list[Column]:
        return [column for column in free if column.fields and column.fields[0][0] is field]

    for column in of(Field.UNITS):
        if column.leaf == "单位" and _share(samples[column.at], _MEASURE_UNIT) >= 0.6:
            _give(column, Field.UNIT, 0.9)
    described = of(Field.DESCRIPTION)
    if described:
        keep = max(described, key=lambda one: (_mean(samples[one.at]) * (0.5 + one.fields[0][1] / 2), -one.at))
        for column in described:
            if Field.DESCRIPTION in said or column is not keep:
                rest = tuple(pair for pair in column.fields if pair[0] is not Field.DESCRIPTION)
                column.fields = rest
    # A month or a year that has no other part beside it holds whole dates.
    for parts, whole in (
        ((Field.YEAR, Field.MONTH, Field.DAY), Field.DISCLOSED),
        ((Field.DUE_YEAR, Field.DUE_MONTH, Field.DUE_DAY), Field.DEADLINE),
    ):
        alone = [column for part in parts for column in of(part)]
        if len(alone) == 1:
            _give(alone[0], whole, 0.8, by_content=False)
    due = of(Field.DEADLINE)
    if len(due) > 1:
        plain = [one for one in due if re.search(r"时限|期限|限期|计划|应|要求|截止|目标", one.title)]
        if plain and len(plain) < len(due):
            for column in due:
                if column not in plain:
                    _give(column, Field.CLOSED, 0.6, by_content=False)
    for column in (*of(Field.PLACE), *of(Field.TOWN)):
        # 属地 names a town or the unit of one.
        texts = samples[column.at]
        if texts and _share(texts, re.compile(r"(?:政府|办事处|管委会)$")) >= 0.6:
            _give(column, Field.UNITS, 0.7)


def _infer(columns: list[Column], free: list[Column], samples: Mapping[int, list[str]]) -> None:
    """Fields that no title names, where what a column holds can be nothing else."""

    def lacks(*fields: Field) -> bool:
        return not any(field in fields for column in columns for field, _ in column.fields)

    open_ = [column for column in free if not column.fields or column.fields[0][1] < 0.5]
    if lacks(Field.DESCRIPTION):
        ledger = {field for column in columns for field, _ in column.fields} & _LEDGER
        long = [one for one in free if one in open_ or one.fields[0][0] in (Field.KIND, Field.REMARK, Field.NUMBER)]
        best = max(long, key=lambda one: _mean(samples[one.at]), default=None)
        if best is not None and len(ledger) >= 2 and _mean(samples[best.at]) >= 10:
            _give(best, Field.DESCRIPTION, 0.5)
    if not any(field is Field.DESCRIPTION for column in columns for field, _ in column.fields):
        return
    for column in open_:
        if column.fields and column.by_content:
            continue
        texts = samples[column.at]
        if len(texts) < 2:
            continue
        dated = sum(bool(dates.moments(text, year=2000)) and len(text) <= 24 for text in texts) / len(texts)
        if dated >= 0.7 and lacks(Field.DISCLOSED, Field.YEAR) and not lacks(Field.DEADLINE):
            _give(column, Field.DISCLOSED, 0.5)
        elif dated >= 0.7 and lacks(Field.DEADLINE):
            _give(column, Field.DEADLINE, 0.5)
        elif lacks(Field.UNITS, Field.LEAD) and _share(texts, _UNIT_NAME) >= 0.7 and _mean(texts) > 3:
            _give(column, Field.UNITS, 0.5)
        elif lacks(Field.SOURCE) and _share(texts, SOURCE_WORDS) >= 0.6 and _mean(texts) <= 24:
            _give(column, Field.SOURCE, 0.5)
        elif lacks(Field.PLACE, Field.TOWN, Field.VILLAGE) and _placed(texts) >= 0.6:
            _give(column, Field.PLACE, 0.5)


def _placed(texts: list[str]) -> float:
    good = 0
    for text in texts:
        place = places.parse(text)
        good += len(text) <= 30 and bool(place.town or place.village)
    return good / len(texts)
