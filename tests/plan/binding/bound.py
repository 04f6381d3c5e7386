"""The small district with its plan and a register of sewers, whose lengths count the target of task 3 (6.5公里)."""

from __future__ import annotations

from tests.plan.progress import district as small
from tests.plan.progress.district import District
from tests.registers import signs

from anlan.foundation.access.actor import machine
from anlan.registers import actions
from anlan.registers.book import get

SEWERS = """
id = "sewer"
version = {version}
effective = 2024-01-01
title = {{zh = "污水管网", en = "Sewers"}}
lead = {{zh = "每段一条", en = "One row a stretch"}}
basis = "工程量清单"
key = ["number"]
label = ["number"]
unit = "owner"

[access]
fill = [{{roles = ["clerk"]}}, {{roles = ["handler"], at = "unit", units = ["区住建局"]}}]
read = [{{roles = ["leader"]}}]

[[field]]
id = "number"
type = "text"
title = {{zh = "编号", en = "Number"}}
required = true

[[field]]
id = "owner"
type = "unit"
title = {{zh = "责任单位", en = "Unit"}}
required = true

[[field]]
id = "length"
type = "quantity"
unit = "m"
scale = 0
min = 0
max = 100000
title = {{zh = "长度", en = "Length"}}

[[field]]
id = "kind"
type = "choice"
title = {{zh = "管类", en = "Kind"}}
choices = [{{id = "main", zh = "干管", en = "main"}}, {{id = "branch", zh = "支管", en = "branch"}}]

[[field]]
id = "passed"
type = "yesno"
title = {{zh = "已验收", en = "Accepted"}}

[[indicator]]
id = "laid"
title = {{zh = "新建污水管网长度", en = "Sewers laid"}}
how = "sum"
field = "length"
unit = "m"
decimals = 0
{where}

[[indicator]]
id = "stretches"
title = {{zh = "管段数", en = "Stretches"}}
how = "count"
unit = "段"

[list]
columns = ["number", "owner", "length"]
"""
PASSED = 'where = [{field = "passed", is = [true]}]'


def build(where: str = PASSED, version: int = 1) -> District:
    district = small.build()
    register(where, version)
    return district


def register(where: str = PASSED, version: int = 1) -> None:
    signs.put(SEWERS.format(where=where, version=version))


def sewer(number: str, length: int, *, passed: bool = True, kind: str = "干管") -> None:
    given = {"number": number, "owner": "区住建局", "length": str(length), "passed": passed, "kind": kind}
    actions.add(machine("test"), get("sewer"), given)
