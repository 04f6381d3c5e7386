"""Headings between rows, names of sheets, captions: the place, unit, source or state that they set for what follows. Pure."""

# ruff: noqa: E501 (a pattern stays on its line)

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from anlan.ledger.reading import dates, places
from anlan.ledger.reading.columns import SOURCE_WORDS
from anlan.ledger.reading.model import Field
from anlan.ledger.reading.words import classify

_STYLES: Final = (
    re.compile(r"^(?:第[一二三四五六七八九十]+(?:部分|类|章|节|批|组)[、:：.\s]*)"),
    re.compile(r"^[一二三四五六七八九十]{1,3}(?:[、.．:：]|\s+|$)"),
    re.compile(r"^[（(][一二三四五六七八九十]{1,3}[）)][、.]?"),
    re.compile(r"^\d{1,2}(?:[、．]|\.(?!\d))"),
    re.compile(r"^[（(]\d{1,2}[）)][、.]?"),
    re.compile(r"^[①-⑳]"),
)
_COUNT: Final = re.compile(
    r"[（(【\[][^（()）【】\[\]]*?(?:\d+|[一二三四五六七八九十]+)\s*(?:个|项|件|条|处|宗)?[^（()）【】\[\]]*[)）】\]]$|"
    r"[:：,，]?\s*(?:共|合计|小计|计|有)?\s*\d+\s*(?:个|项|件|条|处|宗)(?:问题|事项)?$|[（(]\s*[)）]$"
)
_TAIL: Final = re.compile(
    r"(?:生态环境|环境|突出|存在|涉及|辖区内?|范围内?|负责|牵头|承办|整改|的)*(?:问题|任务|事项)*(?:整改)?(?:台账|清单|一览表|汇总表?|明细表?|情况表?|统计表|表)?$"
)
_UNIT: Final = re.compile(
    r"^[^，。；：:]{1,20}(?:局|委员会|[发住卫]\S?[改建健]委|委|办公室|河长办|长江办|厅|中心|公司|政府|办事处|集团|管委会|大队|支队|分局|事务所|水务站|法院|检察院|组织部|宣传部)$"
)
_STATE: Final = re.compile(
    r"^(?:已|未|正在|尚未|基本|达到?|未达|阶段性|限期|长期|持续|立行立改|滞后|超期|逾期|按期|正常|完成)\S{0,10}$"
)
_LABEL: Final = re.compile(r"^([^:：]{2,10})[:：]\s*(.+)$", re.DOTALL)
_PLACE_FIELDS: Final = (Field.PROVINCE, Field.CITY, Field.COUNTY, Field.TOWN, Field.VILLAGE)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading sets. `style` is how it is numbered (-1 not at all), `kind` what it is about."""

    text: str
    style: int
    kind: str
    values: dict[Field, str] = field(default_factory=dict)


def place_values(place: places.Place) -> dict[Field, str]:
    """The known parts of a place by their field."""
    parts = (place.province, place.city, place.county, place.town, place.village)
    return {one: part for one, part in zip(_PLACE_FIELDS, parts, strict=True) if part}


def bare(text: str) -> tuple[str, int]:
    """Heading without its number and count, and how it was numbered.

    >>> bare("（二）丽阳镇（3个）"), bare("一、国家层面反馈问题")
    (('丽阳镇', 2), ('国家层面反馈问题', 1))
    """
    text, style = _unnumbered(text)
    before = None
    while before != text:
        before, text = text, _COUNT.sub("", text).strip(" :：·-—、,，>》《【】[]")
    return text, style


def _unnumbered(text: str) -> tuple[str, int]:
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()
    for number, pattern in enumerate(_STYLES):
        match = pattern.match(text)
        if match and match.end() < len(text):
            return text[match.end() :].strip(), number
    return text, -1


def heading(text: str) -> Heading:
    """What a heading sets for the rows below it.

    >>> heading("一、鱼山镇（3个）").values, heading("责任单位：区水利局").values
    ({<Field.TOWN: 'town'>: '鱼山镇'}, {<Field.UNITS: 'unit_text'>: '区水利局'})
    >>> heading("二、省级反馈问题").values
    {<Field.SOURCE: 'source'>: '省级反馈问题'}
    """
    plain, style = bare(text)
    if match := _LABEL.match(_unnumbered(text)[0]):
        named = classify(match[1])
        if named:
            one, value = named[0][0], match[2].strip()
            if one in (Field.PLACE, *_PLACE_FIELDS):
                value = bare(value)[0]
                values = place_values(places.parse(value)) or {one: value}
                return Heading(plain, style, "place", values)
            if one not in (Field.PROGRESS, Field.MEASURES, Field.GOAL, Field.REMARK, Field.ACCEPTANCE, Field.DEADLINE):
                value = bare(value)[0]
            return Heading(plain, style, one.value, {one: value})
    core = _TAIL.sub("", plain) or plain
    core = core.strip(" ()（）")
    place = places.parse(core)
    if (place.town or place.village or place.county) and not place.rest and not _UNIT.match(core):
        return Heading(plain, style, "place", place_values(place))
    towns = places.towns_in_units(core)
    if _UNIT.match(core):
        values = {Field.UNITS: core}
        if len(towns) == 1:
            values[Field.TOWN] = towns[0]
        return Heading(plain, style, "unit", values)
    if (place.town or place.village) and len(place.rest) <= 6 and not SOURCE_WORDS.search(place.rest):
        return Heading(plain, style, "place", place_values(place))
    if SOURCE_WORDS.search(plain):
        values = {Field.SOURCE: plain}
        found = dates.moments(plain)
        if found and found[0].month:
            values[Field.DISCLOSED] = found[0].text
        return Heading(plain, style, "source", values)
    if re.search(r"层面|级$", plain) and len(plain) <= 16:
        return Heading(plain, style, "source", {Field.SOURCE: plain})
    due = dates.moments(plain)
    if due and re.search(r"完成|到期|时限|期限|前", plain):
        return Heading(plain, style, "deadline", {Field.DEADLINE: plain})
    if _STATE.match(core) and len(plain) <= 16:
        return Heading(plain, style, "state", {Field.PROGRESS: core})
    if due:
        return Heading(plain, style, "year")
    return Heading(plain, style, "kind", {Field.KIND: core} if core and len(core) <= 16 else {})


class Stack:
    """Headings in force. One of a level ends those of its own level and below."""

    def __init__(self) -> None:
        self._open: list[tuple[tuple[str, object], Heading]] = []
        self._order: list[tuple[str, object]] = []

    def push(self, one: Heading) -> None:
        """Puts a heading in force."""
        level = self._level(one)
        if level not in self._order:
            self._order.append(level)
        rank = self._order.index(level)
        self._open = [(other, held) for other, held in self._open if self._order.index(other) < rank]
        self._open.append((level, one))

    def _level(self, one: Heading) -> tuple[str, object]:
        if one.style >= 0:
            return ("numbered", one.style)
        if one.kind == "place":
            return ("place", max(_PLACE_FIELDS.index(part) for part in one.values if part in _PLACE_FIELDS))
        return ("kind", one.kind)

    @property
    def values(self) -> dict[Field, str]:
        """All that is set now, the innermost last."""
        found: dict[Field, str] = {}
        for _, one in self._open:
            found.update(one.values)
        return found

    @property
    def texts(self) -> list[str]:
        """Headings in force as they stand, the outermost first."""
        return [one.text for _, one in self._open]
