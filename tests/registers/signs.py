"""A small district with registers installed: units, divisions, river signs, and a register that refers to them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import people
from tests.registers.spec.specs import SIGNS, changed

from anlan.foundation.access.actor import Actor, machine
from anlan.foundation.access.roles import Role
from anlan.foundation.org.models import Division, Unit, UnitKind
from anlan.registers import actions
from anlan.registers.book import Installed, get
from anlan.registers.installing import install
from anlan.registers.models import Row
from anlan.registers.sources import Source
from anlan.registers.spec.lint import bound
from anlan.registers.spec.parse import parse

VISITS = """
id = "sign_visit"
version = 1
effective = 2022-05-06
title = {zh = "公示牌月巡", en = "Monthly visits"}
lead = {zh = "每块牌每月一条", en = "One row a sign and month"}
basis = "河长制"
key = ["sign", "period"]
label = ["sign", "period"]
unit = "owner"

[access]
fill = [{roles = ["clerk"]}, {roles = ["handler"], at = "unit"}]
read = [{roles = ["leader"]}]

[period]
every = "month"
due_days = 10
starts = "2022-01"
expects = "sign"
where = [{field = "condition", not = ["lost"]}]

[[field]]
id = "sign"
type = "reference"
register = "river_sign"
title = {zh = "公示牌", en = "Sign"}
required = true

[[field]]
id = "owner"
type = "unit"
title = {zh = "填报单位", en = "Unit"}
required = true

[[field]]
id = "litter"
type = "quantity"
unit = "kg"
scale = 1
min = 0
max = 9999
title = {zh = "清理量", en = "Litter"}
required = true

[[field]]
id = "stock"
type = "integer"
min = 0
max = 1000
title = {zh = "期末存牌", en = "Signs in stock"}

[[field]]
id = "received"
type = "integer"
min = 0
max = 1000
title = {zh = "本月到牌", en = "Received"}

[[field]]
id = "per_km"
type = "computed"
scale = 2
unit = "kg/km"
title = {zh = "每公里清理量", en = "Litter by kilometre"}
formula = "litter / sign.reach"

[[check]]
id = "stock_adds_up"
severity = "error"
expression = "stock == previous.stock + or_zero(received)"
message = {zh = "存牌 {stock} 不等于上月 {previous.stock} 加到牌 {received}", en = "stock {stock} is not {previous.stock} plus {received}"}
failing = {stock = 5, received = 1, "previous.stock" = 3}
passing = {stock = 4, received = 1, "previous.stock" = 3}

[[check]]
id = "much_litter"
severity = "warning"
expression = "litter <= sign.reach * 50"
message = {zh = "{sign.label} 河段 {sign.reach} km，清理 {litter} kg 偏多", en = "{litter} kg is much for {sign.reach} km"}
failing = {litter = 600, "sign.reach" = 10}
passing = {litter = 60, "sign.reach" = 10}

[[indicator]]
id = "litter"
title = {zh = "清理量", en = "Litter"}
how = "sum"
field = "litter"
unit = "kg"
decimals = 1

[[indicator]]
id = "stock"
title = {zh = "存牌", en = "Stock"}
how = "sum"
field = "stock"

[[indicator]]
id = "received"
title = {zh = "到牌", en = "Received"}
how = "sum"
field = "received"

[[indicator]]
id = "growth"
title = {zh = "环比", en = "Change"}
how = "growth"
of = "litter"

[[identity]]
id = "stock_adds_up"
title = {zh = "存牌 = 上月 + 到牌", en = "stock = last + received"}
expression = "stock == previous.stock + received"

[list]
columns = ["sign", "period", "owner", "litter", "per_km"]
sort = "-period"

[[chart]]
title = {zh = "逐月清理量", en = "Litter by month"}
indicator = "litter"
by = "period"
form = "line"
"""


@dataclass(frozen=True)
class District:
    """Units and accounts of the tests."""

    town: Unit
    other: Unit
    clerk: Actor
    handler: Actor
    stranger: Actor
    leader: Actor


def district() -> District:
    """Two townships with divisions, a clerk, a handler at each, a leader."""
    Division.objects.get_or_create(code="990101", defaults={"name": "青溪区", "kind": "district"})
    for code, name in (("990101101", "上渡镇"), ("990101102", "下渡镇")):
        Division.objects.get_or_create(code=code, defaults={"name": name, "kind": "town"})
    town, other = (people.unit(name, UnitKind.TOWNSHIP) for name in ("上渡镇", "下渡镇"))
    return District(
        town,
        other,
        people.actor(Role.CLERK),
        people.actor(Role.HANDLER, at=town),
        people.actor(Role.HANDLER, at=other),
        people.actor(Role.LEADER),
    )


def put(text: str, *others: str) -> Installed:
    """Installs a spec; `others` are the specs that it refers to, installed already."""
    spec = parse(text)
    known = {spec.id: spec, **{one.id: one for one in map(parse, others)}}
    install(machine("test"), Source(bound(spec, known), text, "pack", Path(f"{spec.id}.toml")))
    return get(spec.id)


def signs(*pairs: tuple[str, str]) -> Installed:
    """River signs, installed."""
    return put(changed(*pairs))


def visits() -> Installed:
    """Monthly visits to the signs, installed after them."""
    signs()
    return put(VISITS, SIGNS)


def values(number: str = "CJ-01", **more: Any) -> dict[str, Any]:
    """A sign as people write it."""
    return {
        "number": number,
        "river": "昌江",
        "town": "上渡镇",
        "owner": "上渡镇",
        "height": "2.5",
        "reach": "12.5",
        "condition": "完好",
        "checked_on": "2022-05-06",
        "position": "117.2034, 29.2921",
        **more,
    }


def sign(actor: Actor, number: str = "CJ-01", **more: Any) -> Row:
    """A sign that was added."""
    return actions.add(actor, get("river_sign"), values(number, **more))
