"""Specs for tests: one small register, and any change of it."""

from __future__ import annotations

from anlan.registers.spec.lint import bound
from anlan.registers.spec.model import Spec
from anlan.registers.spec.parse import parse

SIGNS = """
id = "river_sign"
version = 1
effective = 2022-05-06
title = {zh = "河长公示牌", en = "River chief signs"}
lead = {zh = "每块公示牌一条", en = "One row a sign"}
basis = "河长制"
key = ["number"]
label = ["number", "river"]
unit = "owner"
place = "town"

[access]
fill = [{roles = ["clerk"]}, {roles = ["handler"], at = "unit"}, {roles = ["verifier"], at = "place"}]
read = [{roles = ["clerk", "leader", "verifier"]}, {roles = ["handler", "unit_leader"], at = "unit"}]

[[section]]
id = "sign"
title = {zh = "公示牌", en = "Sign"}

[[field]]
id = "number"
type = "text"
section = "sign"
title = {zh = "编号", en = "Number"}
required = true
narrow = true
longest = 20

[[field]]
id = "river"
type = "text"
section = "sign"
title = {zh = "河流", en = "River"}
required = true

[[field]]
id = "town"
type = "place"
title = {zh = "所在乡镇", en = "Township"}
required = true

[[field]]
id = "owner"
type = "unit"
title = {zh = "责任单位", en = "Unit"}
required = true

[[field]]
id = "height"
type = "quantity"
unit = "m"
scale = 2
min = 0.5
max = 6
title = {zh = "高度", en = "Height"}

[[field]]
id = "reach"
type = "quantity"
unit = "km"
scale = 1
min = 0
max = 300
title = {zh = "责任河段长", en = "Reach"}

[[field]]
id = "per_metre"
type = "computed"
unit = "km/m"
scale = 3
title = {zh = "每米牌高对应河长", en = "Reach by height"}
formula = "reach / height"

[[field]]
id = "condition"
type = "choice"
title = {zh = "状况", en = "Condition"}
choices = [
  {id = "good", zh = "完好", en = "good"},
  {id = "damaged", zh = "破损", en = "damaged", also = ["损坏"]},
  {id = "lost", zh = "缺失", en = "lost"},
]

[[field]]
id = "checked_on"
type = "date"
title = {zh = "最近检查", en = "Last checked"}
min = 2010-01-01

[[field]]
id = "position"
type = "point"
title = {zh = "位置", en = "Position"}

[[field]]
id = "photos"
type = "photo"
title = {zh = "照片", en = "Photos"}

[[state]]
id = "draft"
title = {zh = "待核", en = "to be confirmed"}
tone = "yellow"

[[state]]
id = "confirmed"
title = {zh = "已核", en = "confirmed"}
tone = "green"

[[move]]
id = "confirm"
title = {zh = "核定", en = "confirm"}
from = ["draft"]
to = "confirmed"
by = [{roles = ["clerk"]}]
needs = ["checked_on"]

[[move]]
id = "reopen"
title = {zh = "退回", en = "send back"}
from = ["confirmed"]
to = "draft"
by = [{roles = ["clerk"]}]
reason = true

[[check]]
id = "lost_is_seen"
severity = "warning"
expression = "condition != 'lost' or filled(checked_on)"
message = {zh = "{number} 填为缺失，却没有检查日期", en = "{number} is lost, but nobody says when it was seen"}
failing = {condition = "lost"}
passing = {condition = "lost", checked_on = 2022-05-06}

[[check]]
id = "reach_fits"
severity = "error"
expression = "reach <= height * 100"
message = {zh = "河段 {reach} km 太长", en = "a reach of {reach} km is too long"}
failing = {reach = 300, height = 2}
passing = {reach = 12, height = 2}

[[indicator]]
id = "signs"
title = {zh = "公示牌数", en = "Signs"}
how = "count"
unit = "块"

[[indicator]]
id = "good_rate"
title = {zh = "完好率", en = "Share in good condition"}
how = "rate"
part = {how = "count", where = [{field = "condition", is = ["good"]}]}
whole = {how = "count", where = [{field = "condition", filled = true}]}

[[indicator]]
id = "reach"
title = {zh = "责任河段总长", en = "Length of reaches"}
how = "sum"
field = "reach"
unit = "km"
decimals = 1

[list]
columns = ["number", "river", "town", "owner", "height", "condition", "checked_on", "state"]
sort = "number"
filters = ["condition", "town", "owner", "state"]

[map]
field = "position"
symbol = "square"
by = "condition"
colours = {good = "#2f7d32", damaged = "#b08900", lost = "#c62828"}

[[chart]]
title = {zh = "各乡镇公示牌", en = "Signs by township"}
indicator = "signs"
by = "place"
"""


def changed(*pairs: tuple[str, str], base: str = SIGNS) -> str:
    """Text of the spec with some parts replaced, each of which must stand there."""
    for old, new in pairs:
        assert old in base, old
        base = base.replace(old, new)
    return base


def signs(*pairs: tuple[str, str]) -> Spec:
    """Spec of the signs, read to its end."""
    spec = parse(changed(*pairs))
    return bound(spec, {spec.id: spec})
