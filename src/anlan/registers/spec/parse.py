"""From the text of a spec to the spec, or to everything that is wrong with it at once. Pure."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from decimal import Decimal
from typing import Any

from anlan.registers.spec import others, parts
from anlan.registers.spec.model import (
    FILES,
    FIRST_DAY,
    LAST_DAY,
    NUMBERS,
    OF_CHOICES,
    PERIOD,
    WORKED_OUT,
    Choice,
    Field,
    Section,
    Spec,
    Type,
)
from anlan.registers.spec.reading import Table
from anlan.settings import InputError, Words

LONGEST_FILE = 400_000
MOST_FIELDS = 120
# Whole and scaled numbers are kept in 64 bits.
_DIGITS = 18


# A process reads a text from its file, from the store, and in tests many times: a spec changes never, so one will do.
_MOST_KEPT = 500
_kept: dict[str, Spec] = {}


def parse(text: str, name: str = "") -> Spec:
    """Spec of a TOML text; `name` (of the file) stands in messages. A text that was read before gives the same spec.

    Raises InputError with everything that is wrong with it, each by its place in the file. What concerns another
    register (fields of a reference) is seen by `lint`, which has them all.
    """
    if text in _kept:
        return _kept[text]
    front = f"{name}：" if name else "", f"{name}: " if name else ""
    try:
        if len(text) > LONGEST_FILE:
            raise ValueError(f"longer than {LONGEST_FILE} characters")
        data = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise InputError(Words(f"{front[0]}不是有效的 TOML：{error}", f"{front[1]}is no valid TOML: {error}")) from None
    problems: list[Words] = []
    spec = _spec(Table(data, "", problems))
    if problems or spec is None:
        raise InputError(*(Words(front[0] + one.zh, front[1] + one.en) for one in dict.fromkeys(problems)))
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[text] = spec
    return spec


def _spec(table: Table) -> Spec | None:
    sections = tuple(_section(one) for one in table.tables("section"))
    fields = tuple(
        made for one in table.tables("field") if (made := _field(one, {section.id for section in sections})) is not None
    )
    if not fields:
        table.wrong("field", "至少要有一个 [[field]]", "there must be at least one [[field]]")
        return None
    if len(fields) > MOST_FIELDS:
        table.wrong("field", f"超过 {MOST_FIELDS} 个字段", f"more than {MOST_FIELDS} fields")
    _twice(table, "field", [one.id for one in fields])
    _twice(table, "section", [one.id for one in sections])
    by_id = {one.id: one for one in fields}
    period = parts.period(table, by_id)
    states, moves = parts.states(table, by_id)
    access = table.table("access")
    if access is None:
        table.wrong("access", "要写明谁填（fill）、谁看（read）", "must say who fills and who reads")
    fill, read_ = (parts.grants(access, key) if access else () for key in ("fill", "read"))
    if access:
        access.done()
    effective = table.day("effective")
    if effective is None and not table.has("effective"):
        table.wrong("effective", "要写明从哪天起用，如 2022-05-06", "must say from which day on, like 2022-05-06")
    key = table.texts("key", None)
    base = Spec(
        id=table.id(),
        version=table.whole("version", low=1, high=9999),
        effective=effective or dt.date(2022, 1, 1),
        title=table.words("title") or Words("", ""),
        lead=table.words("lead") or Words("", ""),
        group=table.text("group", "", 40),
        seed_rows=table.texts("seed_rows"),
        basis=table.text("basis", "", 1000),
        key=key,
        label=table.texts("label", key),
        unit=_of_type(table, "unit", by_id, Type.UNIT),
        place=_of_type(table, "place", by_id, Type.PLACE),
        fill=fill,
        read=read_,
        sections=sections,
        fields=fields,
        period=period,
        gathers=others.gathers(table),
        states=states,
        moves=moves,
    )
    if len(base.id) > 30:
        table.wrong("id", "最多 30 个字符", "must have at most 30 characters")
    _see_key(table, base)
    others.see_gathers(table, base)
    _see_grants(table, base)
    whole = parts.rest(table, base)
    table.done()
    return whole


def _section(table: Table) -> Section:
    made = Section(table.id(), table.words("title") or Words("", ""))
    table.done()
    return made


def _field(table: Table, sections: set[str]) -> Field | None:
    id = table.id()
    type = Type(table.one_of("type", [one.value for one in Type]))
    section = table.text("section", "", 40)
    if section and section not in sections:
        table.wrong("section", f"没有 [[section]] {section}", f"there is no [[section]] {section}")
    options: dict[str, Any] = {}
    if type in (Type.DECIMAL, Type.QUANTITY, Type.COMPUTED):
        options["scale"] = table.whole("scale", 2, 0, 9)
    if type in NUMBERS:
        options["unit"] = table.text("unit", None if type is Type.QUANTITY else "", 20)
        options["low"], options["high"] = table.number("min"), table.number("max")
        _in_64_bits(table, options.get("scale", 0), options["low"], options["high"])
    if type is Type.DATE:
        options["low"] = table.day("min") or FIRST_DAY
        options["high"] = table.day("max") or LAST_DAY
    if type is Type.TEXT:
        options["lines"] = table.flag("lines")
        options["longest"] = table.whole("longest", 2000 if options["lines"] else 200, 1, 10_000)
        options["narrow"] = table.flag("narrow")
        options["pattern"] = _pattern(table)
        options["pattern_words"] = table.words("pattern_help", required=options["pattern"] is not None)
    if type in OF_CHOICES:
        options["choices"] = _choices(table)
    if type in (Type.UNIT, Type.PLACE):
        options["kinds"] = table.texts("kinds")
    if type is Type.REFERENCE:
        options["register"] = table.id("register")
    if type in FILES:
        options["most"] = table.whole("most", 6 if type is Type.PHOTO else 3, 1, 20)
    if type is Type.GEOMETRY:
        options["shape"] = table.one_of("shape", ["any", "polygon", "line", "point"], "any")
    if type in WORKED_OUT:
        options["formula"] = table.text("formula", None, 1000)
    low, high = options.get("low"), options.get("high")
    if low is not None and high is not None and low > high:
        table.wrong("min", f"{low} 大于 max 的 {high}", f"{low} is above max, {high}")
    if type in FILES and table.has("required"):
        table.raw("required")
        table.wrong(
            "required", "附件不能设为必填（表格导入时没有附件）", "files cannot be required: a sheet brings none"
        )
    made = Field(
        id=id,
        type=type,
        title=table.words("title") or Words("", ""),
        section=section,
        required=type not in FILES and table.flag("required"),
        help=table.words("help", required=False),
        example=table.text("example", "", 100),
        also=table.texts("also"),
        private=table.flag("private"),
        **options,
    )
    if made.required and type in WORKED_OUT:
        table.wrong("required", "计算字段不能设为必填", "a computed field cannot be required")
    table.done()
    return made


def _in_64_bits(table: Table, scale: int, *bounds: Decimal | None) -> None:
    for bound in bounds:
        if bound is not None and abs(bound) * 10**scale >= 10**_DIGITS:
            table.wrong(
                "max", f"{bound} 连同 {scale} 位小数存不下", f"{bound} with {scale} decimals is too large to keep"
            )


def _pattern(table: Table) -> re.Pattern[str] | None:
    text = table.text("pattern", "", 200)
    if not text:
        return None
    try:
        return re.compile(text)
    except re.error as error:
        table.wrong("pattern", f"不是有效的正则表达式：{error}", f"is no regular expression: {error}")
        return None


def _choices(table: Table) -> tuple[Choice, ...]:
    found = []
    spellings: dict[str, str] = {}
    for one in table.tables("choices"):
        value = one.raw("id")
        if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9][a-z0-9_]{0,39}", value):
            one.wrong("id", "应为小写英文标识", "must be small letters, digits and underscores")
            value = str(value)
        zh = one.text("zh", None, 60)
        made = Choice(value, Words(zh, one.text("en", zh, 80)), one.texts("also"))
        for spelling in (made.id, *made.words, *made.also):
            if spellings.setdefault(spelling.casefold(), made.id) != made.id:
                one.wrong("", f"“{spelling}”也是另一选项的写法", f"“{spelling}” is a spelling of another choice too")
        one.done()
        found.append(made)
    if len(found) < 2:
        table.wrong("choices", "至少要有两个选项", "there must be two choices at least")
    _twice(table, "choices", [one.id for one in found])
    return tuple(found)


def _of_type(table: Table, key: str, fields: dict[str, Field], type: Type) -> str:
    id = table.text(key, "", 40)
    if id and (id not in fields or fields[id].type is not type):
        table.wrong(key, f"“{id}”不是 {type.value} 类型的字段", f"“{id}” is no field of type {type.value}")
        return ""
    return id


def _see_key(table: Table, spec: Spec) -> None:
    known = set(spec.by_id) | ({PERIOD} if spec.period else set())
    for name, ids in (("key", spec.key), ("label", spec.label)):
        for id in ids:
            if id not in known:
                table.wrong(name, f"没有字段“{id}”", f"there is no field “{id}”")
    for id in spec.key:
        one = spec.by_id.get(id)
        if one is not None and (one.type in FILES | {Type.POINT, Type.GEOMETRY, *WORKED_OUT} or not one.required):
            table.wrong(
                "key", f"“{id}”须为必填，且不是附件、坐标或计算", f"“{id}” must be required, no file, point or computed"
            )
    if not spec.key:
        table.wrong("key", "要写明哪些字段合起来认定一条记录", "must say which fields tell one row from another")
    if spec.period and PERIOD not in spec.key:
        table.wrong("key", '按期报的台账，key 里要有 "period"', 'a register with periods needs "period" in its key')


def _see_grants(table: Table, spec: Spec) -> None:
    everyone = [*spec.fill, *spec.read, *(grant for move in spec.moves for grant in move.by)]
    if any(grant.at == "unit" for grant in everyone) and not spec.unit:
        table.wrong("unit", "权限按单位划分，要写明 unit 字段", "access goes by unit: say which field is the unit")
    if any(grant.at == "place" for grant in everyone) and not spec.place:
        table.wrong("place", "权限按区域划分，要写明 place 字段", "access goes by place: say which field is the place")


def _twice(table: Table, key: str, ids: list[str]) -> None:
    for id in sorted({id for id in ids if ids.count(id) > 1}):
        table.wrong(key, f"“{id}”出现两次", f"“{id}” stands twice")
