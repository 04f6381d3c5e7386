"""What stands in the cells of one row, or of one card, put together into records. Pure."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import replace
from typing import Final

from anlan.foundation.sheets.reading import Cell
from anlan.ledger.reading import dates, places
from anlan.ledger.reading.model import Doubt, Field, Record
from anlan.ledger.reading.parts import Parts, parts_of
from anlan.ledger.reading.placing import PLACES, put_place
from anlan.ledger.reading.raws import NOTHING, TICK, Raw, Setting, Value, clean
from anlan.ledger.reading.words import classify
from anlan.settings import Words

_UNIT_LABEL: Final = re.compile(
    r"(?:^|(?<=[\n；;，,、。\s]))(?P<label>(?:牵头|责任|主办|主体责任|整改责任|主责|配合|协办|协同|属地|行业主管|主管|承办)(?:责任)?(?:单位|部门)?|责任主体)[:：]\s*"
)
_YES: Final = re.compile(
    r"^(?:是|已|已完成|完成|已整改|已销号|销号|√|✓|✔|y|yes|true|1|达标|到位|已办结|办结)$", re.IGNORECASE
)
_NO: Final = re.compile(
    r"^(?:否|未|未完成|未整改|未销号|×|✗|x|n|no|false|0|没有|正在整改|整改中|未办结|未到位)$", re.IGNORECASE
)
_SPLIT_LABEL: Final = re.compile(r"^(?:问题|地点|来源|存在问题|问题描述)[:：]\s*")
_LINE_LABEL: Final = re.compile(
    r"(?:(?<=^)|(?<=[\n。；;]))\s*(?:\d[.、]|[（(][一二三四五六七八九][）)])?([\u3400-\u9fff]{2,8})[:：]"
)
_SUBJECT: Final = re.compile(r"公司|企业|厂|该|养殖场|项目|园区|单位")


def records_of(raw: Raw, setting: Setting, doubts: list[Doubt]) -> list[Record]:
    """Records of one row or card: one, or several where its cells number them."""
    return [_record(one, setting, doubts, part) for part, one in enumerate(_apart(_unfolded(raw), setting), 1)]


def _unfolded(raw: Raw) -> Raw:
    """The row with cells taken apart that hold labelled lines (整改措施：… 责任单位：… 整改时限：…)."""
    for field_ in (Field.MEASURES, Field.GOAL, Field.DESCRIPTION, Field.PROGRESS, Field.REMARK, Field.UNITS):
        values = raw.values.get(field_, [])
        if len(values) != 1:
            continue
        pieces = _LINE_LABEL.split(values[0].text)
        named = [
            (found[0][0], text.strip(" \n；;"))
            for label, text in zip(pieces[1::2], pieces[2::2], strict=True)
            if (found := classify(label)) and found[0][1] >= 0.8
        ]
        kinds = {one for one, _ in named}
        if len(kinds) < 2 or len(named) * 2 != len(pieces) - 1 or kinds <= {Field.UNITS, Field.LEAD, Field.COOP}:
            continue
        first = pieces[0].strip()
        if field_ is Field.DESCRIPTION and not first and Field.DESCRIPTION not in kinds:
            continue
        raw = replace(raw, values=dict(raw.values))
        raw.values[field_] = [replace(values[0], text=first, cell=first)] if first else []
        for one, text in named:
            raw.values[one] = [*raw.values.get(one, []), Value(text, text, None, values[0].title, values[0].leaf)]
    return raw


def _apart(raw: Raw, setting: Setting) -> list[Raw]:
    """The row as several, where the text of the problem numbers them."""
    texts = raw.values.get(Field.DESCRIPTION, [])
    if len(texts) != 1:
        return [raw]
    parts = parts_of(texts[0].text) or _by_numbers(raw)
    if parts is None:
        return [raw]
    count = len(parts.bodies)
    twins = {
        one: found
        for one, values in raw.values.items()
        if one is not Field.DESCRIPTION
        and len(values) == 1
        and (found := parts_of(values[0].text))
        and len(found.bodies) == count
    }
    lines = _lines(raw, count)
    if not _several(parts, bool(twins or lines), setting):
        return [raw]
    split: list[Raw] = []
    for at, body in enumerate(parts.bodies):
        one = replace(raw, values=dict(raw.values), section=dict(raw.section))
        one.values[Field.DESCRIPTION] = [replace(texts[0], text=_SPLIT_LABEL.sub("", body))]
        own = {name: line[at] for name, line in lines.items()} | {name: twin.bodies[at] for name, twin in twins.items()}
        for name, value in own.items():
            one.values[name] = [replace(raw.values[name][0], text=value, cell=value, shape=None)]
        lead = places.find(before, setting.towns) if (before := parts.lead_of(at)) else places.Place()
        for place, named in zip(PLACES, (lead.province, lead.city, lead.county, lead.town, lead.village), strict=True):
            if named:
                one.section[place] = named
        split.append(one)
    return split


def _by_numbers(raw: Raw) -> Parts | None:
    """Lines of the text, where the cell of numbers has one for each."""
    numbers = [
        line for value in raw.values.get(Field.NUMBER, [])[:1] for line in value.text.split("\n") if line.strip()
    ]
    lines = [line.strip() for line in raw.values[Field.DESCRIPTION][0].text.split("\n") if line.strip()]
    if len(numbers) < 2 or len(numbers) != len(lines):
        return None
    return Parts("", tuple(lines))


def _lines(raw: Raw, count: int) -> dict[Field, list[str]]:
    """Cells that have a line for each numbered part."""
    found = {}
    for one in (Field.PLACE, Field.VILLAGE, Field.NUMBER, Field.DEADLINE, Field.DISCLOSED, Field.RIVER, Field.QUANTITY):
        values = raw.values.get(one, [])
        if len(values) == 1:
            lines = [line.strip() for line in values[0].text.split("\n") if line.strip()]
            if len(lines) == count:
                found[one] = lines
    return found


def _several(parts: Parts, twins: bool, setting: Setting) -> bool:
    if any(re.match(r"(?:该|其|此|上述|同时|另外|并且|还)", body) for body in parts.bodies):
        return False
    if twins:
        return True
    own = [place for body in parts.bodies if (place := places.find(body, setting.towns)).town or place.village]
    if len(own) >= 2 and len({one.text for one in own}) >= 2:
        return True
    if not parts.lead or any(places.find(lead, setting.towns).village for lead in parts.leads):
        return True
    lead = places.find(parts.lead, setting.towns)
    return bool(lead.town or lead.village) and not _SUBJECT.search(parts.lead) and len(parts.lead) <= 30


def _record(raw: Raw, setting: Setting, doubts: list[Doubt], part: int) -> Record:
    section = {**setting.values, **raw.section}
    text = clean("".join(value.text for value in raw.values.get(Field.DESCRIPTION, [])))
    record = Record(raw.sheet, raw.rows[0], description=text, rows=raw.rows, part=part, original=raw.original)
    for plain in (
        Field.RECORD_ID, Field.NUMBER, Field.RIVER, Field.COMPANY, Field.KIND, Field.UNIT, Field.COOP,
        Field.SUPERVISE, Field.PERSON, Field.ACCEPTANCE, Field.CLOSED, Field.REMARK,
    ):  # fmt: skip
        setattr(record, plain.value, (_ticked(raw, plain) if plain is Field.KIND else None) or raw.text(plain))
    record.kind = record.kind or section.get(Field.KIND)
    record.goal = raw.text(Field.GOAL, "\n")
    record.measures = clean(raw.text(Field.MEASURES, "\n") or "") or None
    record.quantity = _quantity(raw)
    _source(record, raw, section)
    _units(record, raw, section)
    _progress(record, raw, section)
    _dates(record, raw, section, setting, doubts)
    put_place(record, raw, section, setting)
    record.lon, record.lat = _position(raw)
    return record


def _ticked(raw: Raw, one: Field) -> str | None:
    """Titles of columns that are ticked, where a field has a column for each of its values."""
    values = raw.values.get(one, [])
    if values and all(TICK.match(value.text) and value.leaf and value.title != value.leaf for value in values):
        return "、".join(value.leaf for value in values)
    return None


def _quantity(raw: Raw) -> str | None:
    text = raw.text(Field.QUANTITY)
    return unicodedata.normalize("NFKC", text).replace(",", "").strip() if text else None


def _source(record: Record, raw: Raw, section: dict[Field, str]) -> None:
    source = _ticked(raw, Field.SOURCE) or raw.text(Field.SOURCE)
    disclosed = raw.values.get(Field.DISCLOSED, [])
    if source and any(value.text == source for value in disclosed):
        # One column holds where from and when.
        short = re.sub(r"(?:19|20)\d{2}\s*[年./-]\s*\d{1,2}\s*(?:月|[./-])?\s*(?:\d{1,2}\s*日?)?", "", source)
        short = re.sub(r"[（(]\s*[)）]", "", short).strip(" 、，,；;：:\n/")
        source = short or source
    record.source = clean(source.replace("\n", "")) if source else section.get(Field.SOURCE)


def _units(record: Record, raw: Raw, section: dict[Field, str]) -> None:
    groups = []
    for one in (Field.LEAD, Field.UNITS, Field.COOP):
        for value in raw.values.get(one, []):
            if TICK.match(value.text):
                # A column for each unit, ticked where it is responsible.
                if value.title != value.leaf:
                    groups.append(value.leaf)
            elif not NOTHING.match(value.text):
                groups.append(value.text)
    labelled: dict[str, list[str]] = {}
    texts = []
    for text in groups:
        pieces = _UNIT_LABEL.split(text)
        if len(pieces) > 1:
            for label, piece in zip(pieces[1::2], pieces[2::2], strict=True):
                labelled.setdefault("coop" if re.search(r"配合|协", label) else "lead", []).append(_joined(piece))
            text = "、".join(part for piece in (pieces[0], *pieces[2::2]) if (part := _joined(piece)))
        texts.append(_joined(text))
    record.lead = _joined(raw.text(Field.LEAD) or "") or "、".join(labelled.get("lead", [])) or None
    record.coop = (record.coop and _joined(record.coop)) or "、".join(labelled.get("coop", [])) or None
    record.unit_text = (
        "、".join(dict.fromkeys(filter(None, texts))) or section.get(Field.UNITS) or section.get(Field.LEAD)
    )


def _joined(text: str) -> str:
    """Units of several lines in one."""
    text = re.sub(r"\s*\n\s*", "\n", clean(text))
    text = re.sub(r"(?<=[、，,；;/])\n|\n(?=[、，,；;/])", "", text)
    return re.sub(r"\n(?=[）)])|(?<=[（(])\n", "", text).replace("\n", "、").strip(" 、，；;,。")


def _progress(record: Record, raw: Raw, section: dict[Field, str]) -> None:
    values = [value for value in raw.values.get(Field.PROGRESS, []) if not NOTHING.match(value.text)]
    ticked = _ticked(raw, Field.PROGRESS)
    done = raw.text(Field.DONE)
    if done:
        record.done = True if _YES.match(done) else False if _NO.match(done) else None
    record.percent = _percent(raw.values.get(Field.PERCENT, []))
    if ticked:
        record.progress = ticked
    elif values:
        # Of several (last month's, this month's) the last is how things stand.
        last = values[-1]
        same = [value.text for value in values if value.title == last.title]
        record.progress = clean("\n".join(dict.fromkeys(same)))
    elif done or record.percent is not None:
        state = "" if done is None else "已完成" if record.done else "未完成" if record.done is False else done
        share = "" if record.percent is None else f"{record.percent:g}%"
        record.progress = f"{state}（{share}）" if state and share else state or share
    else:
        record.progress = section.get(Field.PROGRESS)


def _percent(values: list[Value]) -> float | None:
    if not values:
        return None
    text = unicodedata.normalize("NFKC", values[0].text).replace(" ", "")
    match = re.fullmatch(r"(?:已?完成)?(\d+(?:\.\d+)?)(%?)", text)
    if not match:
        return None
    share = float(match[1])
    # A cell formatted as percent holds 0.8 for 80%.
    return round(share * 100, 4) if not match[2] and share <= 1 and isinstance(values[0].cell, float) else share


def _moment_year(values: list[Value], section: dict[Field, str], setting: Setting) -> int | None:
    for text in (*(value.title for value in values), *section.values()):
        if (year := _year_in(text)) is not None:
            return year
    return setting.year


@functools.lru_cache(maxsize=2000)
def _year_in(text: str) -> int | None:
    found = re.search(r"(?:19|20)\d{2}(?=年)", unicodedata.normalize("NFKC", text))
    return int(found[0]) if found else None


def _dates(record: Record, raw: Raw, section: dict[Field, str], setting: Setting, doubts: list[Doubt]) -> None:
    seen = raw.values.get(Field.DISCLOSED, [])
    year = _moment_year(seen, section, setting)
    for value in seen:
        record.disclosed = dates.disclosed(_dated(value), year=year, shape=value.shape, since_1904=setting.since_1904)
        if record.disclosed:
            break
        _doubt(doubts, raw, value, Field.DISCLOSED)
    if Field.YEAR in raw.values:
        record.disclosed = _parts(raw, (Field.YEAR, Field.MONTH, Field.DAY)) or record.disclosed
    record.disclosed = record.disclosed or section.get(Field.DISCLOSED)
    due = raw.values.get(Field.DEADLINE, [])
    record.deadline_text = raw.text(Field.DEADLINE, "；")
    year = _moment_year(due, section, setting) or (int(record.disclosed[:4]) if record.disclosed else None)
    found = []
    for value in due:
        if TICK.match(value.text) and value.title != value.leaf:
            value = replace(value, text=value.leaf, cell=value.leaf)
        day = dates.deadline(_dated(value), year=year, shape=value.shape, since_1904=setting.since_1904)
        if day:
            found.append(_later(day, value, record))
        else:
            _doubt(doubts, raw, value, Field.DEADLINE)
    if not found and (day := _parts(raw, (Field.DUE_YEAR, Field.DUE_MONTH, Field.DUE_DAY))):
        found = [dates.deadline(day) or ""]
    if not found and not due and (text := section.get(Field.DEADLINE)):
        found = [day] if (day := dates.deadline(text, year=year)) else []
    record.deadline = max(found, default=None) or None


def _dated(value: Value) -> Cell:
    return value.cell if value.cell is not None and not isinstance(value.cell, str) else value.text


def _later(day: str, value: Value, record: Record) -> str:
    """A month without a year that would lie before the problem was found is one of the year after."""
    if not isinstance(value.cell, str | None) or re.search(r"\d{4}|\d{2}[年.]", value.text) or not record.disclosed:
        return day
    if day < record.disclosed[: len(day)] and record.disclosed[:4] == day[:4]:
        return dates.deadline(value.text, year=int(day[:4]) + 1) or day
    return day


def _parts(raw: Raw, fields: tuple[Field, Field, Field]) -> str | None:
    """A date in columns of its own for year, month and day."""
    numbers = []
    for one in fields:
        found = re.search(r"\d+", dates.plain(raw.text(one) or ""))
        if not found:
            break
        numbers.append(int(found[0]))
    if not numbers:
        return None
    numbers[0] += 2000 if numbers[0] < 100 else 0
    text = "-".join(f"{number:02d}" for number in numbers)
    return dates.disclosed(text)


def _doubt(doubts: list[Doubt], raw: Raw, value: Value, one: Field) -> None:
    """A cell with figures that give no date is shown to a person; 长期坚持 is not."""
    if re.search(r"\d", value.text) and not re.search(r"已|日内|天内|个月|工作日|号", value.text):
        words = Words(
            f"“{value.title or value.leaf}”写的是“{value.text[:30]}”，不是日期；请写成 2022-05-06 或 2022年5月",
            f"“{value.title or value.leaf}” says “{value.text[:30]}”, which is no date; write 2022-05-06 or 2022-05",
        )
        doubts.append(Doubt(raw.sheet, raw.rows[0], words, one))


def _position(raw: Raw) -> tuple[float | None, float | None]:
    lon, lat = (_degrees(raw.text(one) or "") for one in (Field.LON, Field.LAT))
    both = raw.text(Field.COORDINATES)
    if both and lon is None and lat is None:
        found = [_degrees(text) for text in re.split(r"[,，;；、\s]+(?=[\dEN东北])", both.strip()) if text]
        pair = [value for value in found if value is not None][:2]
        if len(pair) == 2:
            lon, lat = max(pair), min(pair)
    return lon, lat


def _degrees(text: str) -> float | None:
    """Degrees, also from degrees, minutes and seconds.

    >>> _degrees("115°19′46.9″"), _degrees("116.7586"), _degrees("东经117度")
    (115.329694, 116.7586, 117.0)
    """
    numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", unicodedata.normalize("NFKC", text))][:3]
    if not numbers or numbers[0] > 180 or any(number >= 60 for number in numbers[1:]):
        return None
    return round(float(sum(number / 60.0**power for power, number in enumerate(numbers))), 6)
