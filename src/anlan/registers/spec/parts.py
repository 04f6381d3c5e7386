"""Parts of a spec beyond its fields: periods, states, checks, indicators, list, map, charts. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from anlan.registers.spec import names, periods
from anlan.registers.spec.expression import Expression, Kind, read, texts_of
from anlan.registers.spec.model import (
    FILES,
    GATHERED,
    NUMBERS,
    OF_CHOICES,
    PERIOD,
    STATE,
    WORKED_OUT,
    ChartSpec,
    Check,
    Condition,
    Field,
    Grant,
    How,
    Identity,
    Indicator,
    MapSpec,
    Measure,
    Move,
    PeriodSpec,
    Severity,
    Spec,
    StateSpec,
    Type,
)
from anlan.registers.spec.periods import Every
from anlan.registers.spec.reading import Table
from anlan.settings import InputError, Words

ROLES = ["clerk", "handler", "unit_leader", "verifier", "leader"]
TONES = ["green", "yellow", "red", "done", "neutral"]
SYMBOLS = ["circle", "square", "triangle", "diamond", "star"]
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# By what rows can be grouped besides choice fields.
GROUPS = ("period", "unit", "place", "state")


def grants(table: Table, key: str) -> tuple[Grant, ...]:
    """Grants of a list: [{roles = ["handler"], at = "unit", units = ["区生态环境局"]}]."""
    found = []
    for one in table.tables(key):
        roles = one.texts("roles", None)
        for role in roles:
            if role not in ROLES:
                one.wrong("roles", f"没有角色“{role}”；有：{'、'.join(ROLES)}", f"no role “{role}”: {', '.join(ROLES)}")
        at = one.one_of("at", ["", "unit", "place"], "")
        units = one.texts("units")
        if units and at == "place":
            one.wrong("units", 'units 不能与 at = "place" 合用', 'units does not go with at = "place"')
        found.append(Grant(roles, at, units))
        one.done()
    if not found:
        table.wrong(key, "至少要写一项", "must have one entry at least")
    return tuple(found)


def period(table: Table, fields: Mapping[str, Field]) -> PeriodSpec | None:
    """How often rows come, None where they do not come by period."""
    inside = table.table("period")
    if inside is None:
        return None
    every = Every(inside.one_of("every", [one.value for one in Every]))
    due_days = inside.whole("due_days", 10, 0, 400)
    starts = inside.raw("starts")
    first = periods.parse(str(starts), every) if starts is not None else None
    if first is None:
        inside.wrong("starts", f"“{starts}”应为一个期次，如 {_SHAPE[every]}", f"must be a period like {_SHAPE[every]}")
    expects = inside.text("expects", "", 40)
    if expects not in ("", "unit") and (expects not in fields or fields[expects].type is not Type.REFERENCE):
        inside.wrong("expects", 'expects 应为 "unit" 或引用字段', 'must be "unit" or a reference field')
    # Fields of the other register: the linter sees them.
    where = conditions(inside, "where", None)
    inside.done()
    return PeriodSpec(every, due_days, str(first or starts), expects, where)


_SHAPE = {Every.MONTH: '"2022-01"', Every.QUARTER: '"2022-Q1"', Every.YEAR: '"2022"'}


def states(table: Table, fields: Mapping[str, Field]) -> tuple[tuple[StateSpec, ...], tuple[Move, ...]]:
    """States in the order in which people read them, the first where every row begins, and the moves between them."""
    found = []
    for one in table.tables("state"):
        title = one.words("title") or Words("", "")
        found.append(StateSpec(one.id(), title, one.one_of("tone", TONES, "neutral")))
        one.done()
    known = [one.id for one in found]
    moves = []
    for one in table.tables("move"):
        sources, target = one.texts("from", None), one.text("to", None, 40)
        for id in {*sources, target} - set(known):
            one.wrong("from", f"没有状态“{id}”", f"there is no state “{id}”")
        needs = one.texts("needs")
        for id in needs:
            if id not in fields:
                one.wrong("needs", f"没有字段“{id}”", f"there is no field “{id}”")
        title = one.words("title") or Words("", "")
        moves.append(Move(one.id(), title, sources, target, grants(one, "by"), one.flag("reason"), needs))
        one.done()
    if len(found) == 1:
        table.wrong("state", "只有一个状态没有意义", "a single state means nothing")
    for id in set(known[1:]) - {move.target for move in moves}:
        table.wrong("state", f"没有一步通向状态“{id}”", f"no move leads to the state “{id}”")
    if len(set(known)) < len(known) or len({move.id for move in moves}) < len(moves):
        table.wrong("state", "状态或步骤的 id 重复", "a state or move stands twice")
    return tuple(found), tuple(moves)


def rest(table: Table, base: Spec) -> Spec:
    """Spec with what stands on its fields: formulas, checks, indicators, identities, list, map, charts."""
    fields = tuple(_computed(table, base, one) for one in base.fields)
    base = dataclasses.replace(base, fields=fields, by_id={})
    checks = tuple(_check(one, base) for one in table.tables("check"))
    indicators = tuple(_indicator(one, base) for one in table.tables("indicator"))
    _twice(table, "check", [one.id for one in checks])
    _twice(table, "indicator", [one.id for one in indicators])
    base = dataclasses.replace(base, indicators=indicators, by_id={})
    for indicator in indicators:
        if indicator.measure.how is How.GROWTH and indicator.of not in {one.id for one in indicators}:
            table.wrong("indicator", f"没有指标“{indicator.of}”", f"there is no indicator “{indicator.of}”")
    identities = tuple(made for one in table.tables("identity") if (made := _identity(one, base)) is not None)
    columns, sort, filters = _list(table, base)
    notes = []
    for note in table.tables("note"):
        notes.append(note.words("text") or Words("", ""))
        note.done()
    return dataclasses.replace(
        base,
        checks=checks,
        identities=identities,
        columns=columns,
        sort=sort,
        filters=filters,
        map=_map(table, base),
        charts=tuple(_chart(one, base) for one in table.tables("chart")),
        notes=tuple(notes),
        by_id={},
    )


def expression(table: Table, key: str, base: Spec, wanted: Kind) -> Expression | None:
    """Expression at a place of the file; what is wrong with it is noted."""
    text = table.text(key, None, 1000)
    if not text:
        return None
    try:
        found = read(text, names.kinds(base), names.choices(base), names.references(base))
    except InputError as error:
        for problem in error.problems:
            table.wrong(key, problem.zh, problem.en)
        return None
    if found.kind not in (wanted, Kind.ANY):
        told = {
            Kind.YESNO: ("真假", "true or false"),
            Kind.NUMBER: ("数", "a number"),
            Kind.TEXT: ("选项", "a choice"),
        }[wanted]
        table.wrong(key, f"表达式“{text}”的结果不是{told[0]}", f"the expression “{text}” does not give {told[1]}")
    return found


def _computed(table: Table, base: Spec, one: Field) -> Field:
    if one.type not in WORKED_OUT or isinstance(one.formula, Expression):
        return one
    inside = Table({"formula": one.formula}, f"field[{one.id}]", table.problems)
    judged = one.type is Type.JUDGED
    found = expression(inside, "formula", base, Kind.TEXT if judged else Kind.NUMBER)
    if found is not None:
        for name in found.names:
            at, _dot, _last = name.rpartition(".")
            if at in ("previous", "last_year", GATHERED):
                inside.wrong(
                    "formula",
                    "公式不能用上期或汇总的数；请写成检查或指标",
                    "a formula cannot use earlier periods or gathered figures",
                )
            if not at and name in base.by_id and base.by_id[name].type in WORKED_OUT and not _before(base, name, one):
                inside.wrong(
                    "formula",
                    f"公式不能用计算字段“{name}”；判定字段可用写在它前面的计算字段",
                    f"a formula cannot use {name}, which is worked out itself; a judged field may use computed ones "
                    "that stand before it",
                )
        for text in texts_of(found.text) if judged else ():
            if one.choice(text) is None:
                inside.wrong("formula", f"“{text}”不是本字段的选项", f"“{text}” is no choice of this field")
    return dataclasses.replace(one, formula=found)


def _before(base: Spec, name: str, judged: Field) -> bool:
    """Whether a judged field may use another field that is worked out: a computed one that stands before it."""
    ids = [one.id for one in base.fields]
    computed = base.by_id[name].type is Type.COMPUTED
    return judged.type is Type.JUDGED and computed and ids.index(name) < ids.index(judged.id)


def _check(table: Table, base: Spec) -> Check:
    from anlan.registers.spec import others

    given = [key for key in ("expression", "unique", "overlap") if table.has(key)]
    if len(given) != 1:
        table.wrong("", "expression、unique、overlap 要写且只写一项", "give one of expression, unique and overlap")
    found = expression(table, "expression", base, Kind.YESNO) if "expression" in given else None
    unique = table.texts("unique")
    known = {*base.by_id, *([PERIOD] if base.period else [])}
    for id in unique:
        if id not in known or (id in base.by_id and base.by_id[id].type in FILES | {Type.GEOMETRY, Type.POINT}):
            table.wrong("unique", f"“{id}”不是可以比较的字段", f"“{id}” is no field that can be compared")
    overlap = table.text("overlap", "", 40)
    if overlap and (overlap not in base.by_id or base.by_id[overlap].type is not Type.GEOMETRY):
        table.wrong("overlap", f"“{overlap}”不是 geometry 字段", f"“{overlap}” is no field of type geometry")
    message = table.words("message") or Words("", "")
    allowed = (
        set(names.kinds(base))
        | {PERIOD, *(["other"] if unique or overlap else [])}
        | {f"{one}.label" for one in names.references(base)}
    )
    for text in message:
        for name in _PLACEHOLDER.findall(text):
            if name not in allowed and name.split(".")[0] not in names.references(base):
                table.wrong("message", f"{{{name}}} 不是字段", f"{{{name}}} is no field")
    made = Check(
        id=table.id(),
        severity=Severity(table.one_of("severity", [one.value for one in Severity], "error")),
        message=message,
        expression=found,
        unique=unique,
        overlap=overlap,
        among=conditions(table, "among", base),
        failing=_row(table, "failing", base),
        passing=_row(table, "passing", base),
        others=tuple(tuple(one.items()) for one in table.raw("others") or () if isinstance(one, dict)),
        basis=table.text("basis", "", 500),
        beside=others.besides(table, len(unique) or 1),
        own=table.flag("own") if table.has("own") else True,
    )
    if not made.own and not made.beside:
        table.wrong("own", "own = false 时要写 beside", "without rows of its own it needs beside")
    if (made.among or made.beside) and found:
        table.wrong("among", "among 和 beside 只用于 unique 和 overlap", "among and beside go with unique and overlap")
    table.done()
    return made


def _row(table: Table, key: str, base: Spec) -> tuple[tuple[str, object], ...]:
    value = table.raw(key)
    if not isinstance(value, dict) or not value:
        table.wrong(key, "要给一行例子，测试会用它", "give one row as an example: a test runs it")
        return ()
    flat = dict(_flat(value))
    known = set(names.kinds(base)) | {PERIOD}
    for name in flat:
        if name not in known and name.split(".")[0] not in names.references(base):
            table.wrong(key, f"没有字段“{name}”", f"there is no field “{name}”")
    return tuple(flat.items())


def _flat(value: Mapping[str, Any], front: str = "") -> Any:
    """Dotted names of nested tables, as TOML reads plant.capacity = 720. A point is a list, no table."""
    for key, one in value.items():
        if isinstance(one, Mapping) and "type" not in one:
            yield from _flat(one, f"{front}{key}.")
        else:
            yield f"{front}{key}", one


def conditions(table: Table, key: str, base: Spec | None) -> tuple[Condition, ...]:
    """Conditions of a list: [{field = "state", is = ["closed"]}, {field = "area", above = 0}]."""
    found = []
    for one in table.tables(key):
        id = one.text("field", None, 40)
        values: dict[str, tuple[object, ...]] = {}
        for word in ("is", "not"):
            value = one.raw(word)
            values[word] = tuple(value) if isinstance(value, list) else () if value is None else (value,)
        bounds = {word: _bound(one, word) for word in ("min", "max", "above", "below")}
        filled = one.flag("filled") if one.has("filled") else None
        if not any(values.values()) and all(bound is None for bound in bounds.values()) and filled is None:
            one.wrong(
                "",
                "没有条件：用 is、not、min、max、above、below 或 filled",
                "says nothing: is, not, min, max, above, below, filled",
            )
        made = Condition(
            id, values["is"], values["not"], bounds["min"], bounds["max"], bounds["above"], bounds["below"], filled
        )
        if base is not None:
            see_condition(one, made, base)
        one.done()
        found.append(made)
    return tuple(found)


def see_condition(table: Table, one: Condition, spec: Spec) -> None:
    """Notes what does not fit between a condition and the register it is asked of."""
    own = names.own_choices(spec)
    if one.field == PERIOD and spec.period:
        return
    if one.field not in names.own_kinds(spec):
        table.wrong("field", f"没有字段“{one.field}”", f"there is no field “{one.field}”")
        return
    if one.field in own:
        for value in (*one.among, *one.none_of):
            if value not in own[one.field]:
                shown = "、".join(sorted(own[one.field]))
                table.wrong(
                    "is", f"“{value}”不是“{one.field}”的选项；可用：{shown}", f"“{value}” is no choice of {one.field}"
                )
    bounds = [bound for bound in (one.low, one.high, one.above, one.below) if bound is not None]
    if bounds:
        field = spec.by_id.get(one.field)
        type = field.type if field else Type.CHOICE
        wanted = Decimal if type in NUMBERS else dt.date if type is Type.DATE else None
        if wanted is None or not all(isinstance(bound, wanted) for bound in bounds):
            table.wrong("min", f"“{one.field}”不能这样比较大小", f"{one.field} cannot be compared like this")


def _bound(table: Table, key: str) -> Decimal | dt.date | None:
    value = table.raw(key)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if value is not None:
        table.wrong(key, "应为数或日期", "must be a number or a date")
    return None


def _indicator(table: Table, base: Spec) -> Indicator:
    how = How(table.one_of("how", [one.value for one in How]))
    part = whole = None
    of = ""
    if how is How.RATE:
        part, whole = (_inner(table, key, base) for key in ("part", "whole"))
        measure = Measure(how)
    elif how is How.GROWTH:
        of, measure = table.text("of", None, 40), Measure(how)
        if base.period is None:
            table.wrong("how", "增长率只用于按期报的台账", "growth is for registers with periods")
    else:
        measure = _measure(table, base, how)
    rate = how in (How.RATE, How.GROWTH)
    times = table.number("times")
    made = Indicator(
        id=table.id(),
        title=table.words("title") or Words("", ""),
        unit=table.text("unit", "%" if rate else "", 20),
        decimals=table.whole("decimals", 2 if rate else 0, 0, 9),
        measure=measure,
        part=part,
        whole=whole,
        times=Decimal(100) if times is None else times,
        of=of,
        against=table.one_of("against", ["previous", "last_year"], "previous"),
        basis=table.words("basis", required=False),
    )
    table.done()
    return made


def _inner(table: Table, key: str, base: Spec) -> Measure:
    inside = table.table(key)
    if inside is None:
        table.wrong(key, "率要写 part（分子）和 whole（分母）", "a rate has part and whole")
        return Measure(How.COUNT)
    how = How(inside.one_of("how", ["count", "sum", "mean", "min", "max", "distinct"]))
    made = _measure(inside, base, how)
    inside.done()
    return made


def _measure(table: Table, base: Spec, how: How) -> Measure:
    id = table.text("field", "", 40)
    if how is How.COUNT and id:
        table.wrong("field", "计数不写 field；要数不同的值用 distinct", "count takes no field; distinct does")
    if how is not How.COUNT:
        one = base.by_id.get(id)
        if one is None or (how is not How.DISTINCT and one.type not in NUMBERS):
            table.wrong("field", f"“{id}”不是数字段", f"“{id}” is no field of numbers")
    return Measure(how, id, conditions(table, "where", base))


def _identity(table: Table, base: Spec) -> Identity | None:
    id, title = table.id(), table.words("title") or Words("", "")
    known = {one.id: Kind.NUMBER for one in base.indicators}
    if base.period:
        known |= {f"previous.{id}": Kind.NUMBER for id in known}
    text = table.text("expression", None, 1000)
    table.done()
    try:
        found = read(text, known)
    except InputError as error:
        for problem in error.problems:
            table.wrong("expression", problem.zh, problem.en)
        return None
    if found.kind is not Kind.YESNO:
        table.wrong("expression", "恒等式要是一个比较，如 a == b + c", "must be a comparison like a == b + c")
    return Identity(id, title, found)


def _list(table: Table, base: Spec) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    inside = table.table("list")
    if inside is None:
        table.wrong("list", "要写明列表的列（columns）", "must say the columns of the list")
        return (), "", ()
    known = {*base.by_id, *([PERIOD] if base.period else []), *([STATE] if base.states else [])}
    columns, filters = inside.texts("columns", None), inside.texts("filters")
    sort = inside.text("sort", columns[0] if columns else "", 41)
    for key, ids in (("columns", columns), ("sort", (sort.removeprefix("-"),)), ("filters", filters)):
        for id in ids:
            if id not in known:
                inside.wrong(key, f"没有字段“{id}”", f"there is no field “{id}”")
    for id in columns:
        if id in base.by_id and base.by_id[id].type in FILES | {Type.POINT, Type.GEOMETRY}:
            inside.wrong("columns", f"“{id}”不能作列表的列", f"“{id}” cannot be a column")
    for id in filters:
        one = base.by_id.get(id)
        if one is not None and one.type not in (*OF_CHOICES, Type.UNIT, Type.PLACE, Type.YESNO):
            inside.wrong("filters", f"“{id}”不能作筛选：只有选项、单位、区划、是否可以", f"“{id}” cannot be a filter")
    inside.done()
    return columns, sort, filters


def _map(table: Table, base: Spec) -> MapSpec | None:
    inside = table.table("map")
    if inside is None:
        return None
    field = inside.text("field", None, 40)
    if field not in base.by_id or base.by_id[field].type not in (Type.POINT, Type.GEOMETRY):
        inside.wrong("field", f"“{field}”不是坐标或图形字段", f"“{field}” is no point and no geometry")
    by = inside.text("by", "", 40)
    ids = names.own_choices(base).get(by)
    if by and ids is None:
        inside.wrong("by", f"“{by}”不是选项字段或 state", f"“{by}” is no choice field and not state")
    colours = inside.raw("colours") or {}
    if not isinstance(colours, dict):
        inside.wrong("colours", '应为 {选项 = "#颜色"}', 'must be {choice = "#colour"}')
        colours = {}
    for id, colour in colours.items():
        if id not in (ids or ()):
            inside.wrong("colours", f"“{id}”不是“{by}”的选项", f"“{id}” is no choice of {by}")
        _see_colour(inside, "colours", colour)
    colour = inside.text("colour", "#0e7490", 7)
    _see_colour(inside, "colour", colour)
    made = MapSpec(field, inside.one_of("symbol", SYMBOLS, "circle"), colour, by, tuple(colours.items()))
    inside.done()
    return made


def _see_colour(table: Table, key: str, colour: object) -> None:
    if not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
        table.wrong(key, f"“{colour}”不是 #rrggbb 形式的颜色", f"“{colour}” is no colour like #rrggbb")


def _chart(table: Table, base: Spec) -> ChartSpec:
    indicator = table.text("indicator", None, 40)
    if indicator not in {one.id for one in base.indicators}:
        table.wrong("indicator", f"没有指标“{indicator}”", f"there is no indicator “{indicator}”")
    by = table.text("by", None, 40)
    there = {
        "period": base.period is not None,
        "unit": bool(base.unit),
        "place": bool(base.place),
        "state": bool(base.states),
    }
    if not there.get(by, by in base.by_id and base.by_id[by].type in OF_CHOICES):
        table.wrong("by", f"不能按“{by}”分组", f"cannot be grouped by “{by}”")
    made = ChartSpec(table.words("title") or Words("", ""), indicator, by, table.one_of("form", ["bar", "line"], "bar"))
    table.done()
    return made


def _twice(table: Table, key: str, ids: list[str]) -> None:
    for id in sorted({id for id in ids if ids.count(id) > 1}):
        table.wrong(key, f"“{id}”出现两次", f"“{id}” stands twice")
