"""Figures as people type them: exact, in the unit of the target, or explained."""

from __future__ import annotations

from decimal import Decimal

import pytest

from anlan.plan.models import Target
from anlan.plan.progress import figures
from anlan.plan.progress.figures import Exact
from anlan.settings import InputError


@pytest.mark.parametrize(
    ("typed", "unit", "value", "scale"),
    [
        ("6.05", "万亩", 605, 2),
        ("6.05万亩", "万亩", 605, 2),
        # 60500 mu / 10000 = 6.05 of 万亩
        ("60500 亩", "万亩", 605, 2),
        ("６０，５００亩", "万亩", 605, 2),
        # whoever writes 万 beside a target in 万亩 means mu
        ("6.05万", "万亩", 605, 2),
        ("6.05万", "亩", 60500, 0),
        # 15 mu are a hectare: 6.05 × 10000 / 15 = 4033.33…, but 1 hectare is 15 mu exactly
        ("1公顷", "亩", 15, 0),
        ("95%", "%", 95, 0),
        ("百分之九十五", "%", 95, 0),
        ("95.5", "%", 955, 1),
        ("72个", "个", 72, 0),
        ("三千二百", "米", 3200, 0),
        ("1.2亿元", "万元", 12000, 0),
        ("0", "个", 0, 0),
    ],
)
def test_a_figure_is_read_exactly_in_the_unit_of_its_target(typed: str, unit: str, value: int, scale: int) -> None:
    assert figures.read(typed, unit) == Exact(value, scale)


@pytest.mark.parametrize(
    ("typed", "unit", "said"),
    [
        ("约6万亩", "万亩", "不是确数"),
        ("5到6万亩", "万亩", "不是确数"),
        ("95%以上", "%", "不是确数"),
        ("很多", "个", "不是一个数"),
        ("3个，其中2个完工", "个", "不是一个数"),
        ("-5", "个", "不是一个数"),
        ("5公里", "个", "换算不成"),
        # 10000 mu are 666.666… hectares
        ("1万亩", "公顷", "小数"),
        ("9" * 18 + "亿元", "元", "太大"),
    ],
)
def test_what_is_no_exact_figure_is_refused_with_what_to_type(typed: str, unit: str, said: str) -> None:
    with pytest.raises(InputError) as wrong:
        figures.read(typed, unit)
    (problem,) = wrong.value.problems
    assert said in problem.zh
    assert typed in problem.zh
    assert typed in problem.en


@pytest.mark.parametrize(
    ("comparator", "low", "high", "value", "meets"),
    [
        ("ge", 95, 95, 95, True),
        ("ge", 95, 95, 94, False),
        ("gt", 95, 95, 95, False),
        ("le", 30, 30, 30, True),
        ("le", 30, 30, 31, False),
        ("lt", 30, 30, 30, False),
        ("eq", 120, 120, 130, True),
        ("range", 5, 6, 4, False),
        ("range", 5, 6, 7, True),
    ],
)
def test_a_figure_meets_its_target_or_not(comparator: str, low: int, high: int, value: int, meets: bool) -> None:
    target = Target(comparator=comparator, low=low, high=high, scale=0, unit="个")
    assert figures.meets(Exact(value, 0), target) is meets


def test_numbers_are_written_without_zeros_at_the_end() -> None:
    written = [figures.written(Decimal(text)) for text in ("6.050", "60500", "0.00", "1E+3")]
    assert written == ["6.05", "60500", "0", "1000"]
