"""Which indicators are proposed for a target, and why."""

from __future__ import annotations

from typing import Any

from anlan.foundation.facts.kinds import Indicator
from anlan.plan.binding.proposing import propose
from anlan.settings import Words


def indicator(id: str, title: str, unit: str, source: str = "台账", **more: Any) -> Indicator:
    values: dict[str, Any] = {
        "source": "register",
        "source_title": Words(source, source),
        "id": id,
        "title": Words(title, title),
        "unit": unit,
        "decimals": 2,
        "told": Words("", ""),
        "definition": "",
        "narrowings": (),
        "every": "",
        "owners": (),
        "url": "",
    }
    return Indicator(**{**values, **more})


def test_names_decide_and_units_must_convert() -> None:
    offered = [
        indicator("area", "合格造林面积", "亩", "营造林小班"),
        indicator("count", "营造林小班数", "个", "营造林小班"),
        indicator("wetland", "湿地面积", "亩", "小微湿地"),
    ]
    found = propose("营造林", "提升森林生态质量", "万亩", [], offered)
    assert [one.indicator.id for one in found] == ["area"]
    assert "造林" in found[0].words[0]
    assert not found[0].same_unit


def test_the_unit_that_has_the_duty_tips_the_scales() -> None:
    offered = [
        indicator("a", "污水检查井", "座", owners=("区林业局",)),
        indicator("b", "污水检查井", "座", owners=("区住建局",)),
    ]
    found = propose("污水检查井", "补短板", "座", ["区住建局"], offered)
    assert [one.indicator.id for one in found] == ["b", "a"]
    assert found[0].owners == ("区住建局",)


def test_what_has_nothing_in_common_is_not_proposed() -> None:
    assert propose("污水检查井", "", "座", [], [indicator("a", "养殖场", "座")]) == []


def test_water_is_proposed_last_and_says_so() -> None:
    offered = [indicator("a", "设计处理能力", "m3/d"), indicator("b", "设计处理能力", "t/d")]
    found = propose("设计处理能力", "", "吨/天", [], offered)
    assert [(one.indicator.id, one.water) for one in found] == [("b", False), ("a", True)]


def test_at_most_five_are_proposed_the_best_first() -> None:
    offered = [indicator(str(n), "污水干管长度", "m") for n in range(9)]
    assert len(propose("污水干管", "", "米", [], offered)) == 5
