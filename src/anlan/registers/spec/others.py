"""What a spec says of other rows and other registers: figures gathered from them, registers it may not collide with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from anlan.registers.spec.model import (
    FILES,
    KIND_OF,
    NUMBERS,
    PERIOD,
    ROW,
    WORKED_OUT,
    Beside,
    Check,
    Condition,
    Gather,
    How,
    Measure,
    Spec,
    Type,
)
from anlan.registers.spec.parts import conditions, see_condition
from anlan.registers.spec.reading import Table
from anlan.settings import Words

# What a gathered figure can be: whatever needs nothing but the rows that match.
_HOWS = [How.SUM.value, How.COUNT.value, How.MIN.value, How.MAX.value]


def gathers(table: Table) -> tuple[Gather, ...]:
    """Figures gathered from the rows of a register that match this row."""
    found = []
    for one in table.tables("gather"):
        how = How(one.one_of("how", _HOWS))
        field = one.text("field", "", 40)
        if bool(field) is (how is How.COUNT):
            one.wrong("field", "count 不写 field，其他要写", "count takes no field, the others take one")
        given = one.raw("match")
        match: list[tuple[str, str]] = []
        if isinstance(given, dict) and given and all(isinstance(value, str) for value in given.values()):
            match = list(given.items())
        else:
            one.wrong("match", '应为 {那边的字段 = "这边的字段"}', 'must be {field there = "field here"}')
        found.append(
            Gather(one.id(), one.id("register"), Measure(how, field, conditions(one, "where", None)), tuple(match))
        )
        one.done()
    if len({one.id for one in found}) < len(found):
        table.wrong("gather", "有两项 id 相同", "two of them have the same id")
    return tuple(found)


def see_gathers(table: Table, spec: Spec) -> None:
    """Notes what of the matches is no field of the register itself."""
    for one in spec.gathers:
        for _there, here in one.match:
            known = here == ROW or (here == PERIOD and spec.period) or here in spec.by_id
            if not known or (here in spec.by_id and spec.by_id[here].type in _NOT_MATCHED):
                table.wrong("gather", f"“{here}”不能用来对应", f"“{here}” cannot be matched")


_NOT_MATCHED = FILES | WORKED_OUT | {Type.POINT, Type.GEOMETRY}


def besides(table: Table, check_of: int) -> tuple[Beside, ...]:
    """Other registers whose rows the row may not collide with; `check_of` is how many fields are compared."""
    found = []
    for one in table.tables("beside"):
        made = Beside(one.id("register"), one.texts("fields", None), conditions(one, "where", None))
        if len(made.fields) != check_of:
            one.wrong("fields", f"要与本表对应，共 {check_of} 项", f"must be {check_of}, as many as here")
        one.done()
        found.append(made)
    return tuple(found)


def problems(spec: Spec, others: Mapping[str, Spec]) -> Iterable[Words]:
    """What does not fit between the register and those it gathers from or may not collide with."""
    for one in spec.gathers:
        place = f"{spec.id}：gather {one.id}", f"{spec.id}: gather {one.id}"
        there = others.get(one.register)
        if there is None:
            yield Words(f"{place[0]} 的台账 {one.register} 不存在", f"{place[1]}: there is no register {one.register}")
            continue
        field = there.by_id.get(one.measure.field)
        own = there.id == spec.id
        if one.measure.field and (field is None or field.type not in NUMBERS or (own and field.type in WORKED_OUT)):
            yield Words(
                f"{place[0]}：{one.register} 没有可汇总的字段“{one.measure.field}”",
                f"{place[1]}: {one.register} has no field “{one.measure.field}” that can be gathered",
            )
        for id, _here in one.match:
            if id != PERIOD and (id not in there.by_id or there.by_id[id].type in _NOT_MATCHED):
                yield Words(
                    f"{place[0]}：{one.register} 的“{id}”不能用来对应",
                    f"{place[1]}: “{id}” of {one.register} cannot be matched",
                )
        yield from _conditions(place, one.measure.where, there, entered=own)
    for check in spec.checks:
        yield from _beside(check, spec, others)


def _beside(check: Check, spec: Spec, others: Mapping[str, Spec]) -> Iterable[Words]:
    place = f"{spec.id}：检查 {check.id}", f"{spec.id}: check {check.id}"
    for one in check.beside:
        there = others.get(one.register)
        if there is None:
            yield Words(f"{place[0]} 的台账 {one.register} 不存在", f"{place[1]}: there is no register {one.register}")
            continue
        for here, id in zip(check.unique or (check.overlap,), one.fields, strict=False):
            mine = spec.by_id.get(here)
            field = there.by_id.get(id)
            if mine is None or field is None or KIND_OF[mine.type] is not KIND_OF[field.type]:
                yield Words(
                    f"{place[0]}：{one.register} 没有与“{here}”同类的字段“{id}”",
                    f"{place[1]}: {one.register} has no field “{id}” of the kind of “{here}”",
                )
        yield from _conditions(place, one.where, there)


def _conditions(
    place: tuple[str, str], where: Iterable[Condition], there: Spec, *, entered: bool = False
) -> Iterable[Words]:
    noted: list[Words] = []
    for number, condition in enumerate(where, 1):
        table = Table({}, f"where[{number}]", noted)
        see_condition(table, condition, there)
        field = there.by_id.get(condition.field)
        if entered and field is not None and field.type in WORKED_OUT:
            table.wrong("field", "本表的计算字段在这里还没有算出", "is worked out later in this very register")
    yield from (Words(f"{place[0]}：{one.zh}", f"{place[1]}: {one.en}") for one in noted)
