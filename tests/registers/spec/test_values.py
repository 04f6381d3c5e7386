"""Values: kept exactly, converted never, told with the way out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.registers.spec.specs import signs

from anlan.registers.spec import periods, shapes
from anlan.registers.spec.periods import Every, Period
from anlan.registers.spec.values import Unfit, fit, point, scaled, unscaled

SPEC = signs()


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("height", "2.5", "2.50"),
        ("height", 2.5, "2.50"),
        ("height", "２．５", "2.50"),
        ("height", "2.5 m", "2.50"),
        ("height", "2.5米", "2.50"),
        ("reach", "1,0.5", "10.5"),
        ("number", " ＣＪ－０１ ", "CJ-01"),
        ("condition", "损坏", "damaged"),
        ("condition", "good", "good"),
        ("checked_on", "2022年5月6日", "2022-05-06"),
        ("checked_on", dt.datetime(2022, 5, 6), "2022-05-06"),  # noqa: DTZ001
        ("checked_on", "", None),
        ("height", None, None),
    ],
)
def test_a_value_is_kept_in_one_form(field: str, value: Any, kept: Any) -> None:
    assert fit(SPEC.field(field), value) == kept


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("height", "250 cm", "换算后是 2.5"),
        ("height", "3斤", "单位是“斤”"),
        ("height", "2.555", "最多 2 位小数"),
        ("height", "60", "应在 0.5 到 6 m 之间"),
        ("height", "很高", "不是数"),
        ("height", True, "不是数"),
        ("checked_on", "1899-12-31", "应在 2010-01-01 到 2100-12-31 之间"),
        ("checked_on", "2022-02-30", "没有这一天"),
        ("checked_on", "去年", "不是日期"),
        ("condition", "还行", "可填：完好、破损、缺失"),
        ("number", "x" * 21, "最多 20 个"),
    ],
)
def test_a_value_that_does_not_fit_is_told_with_the_way_out(field: str, value: Any, told: str) -> None:
    with pytest.raises(Unfit) as caught:
        fit(SPEC.field(field), value)
    assert told in caught.value.words.zh


def test_a_point_is_kept_to_a_centimetre_and_swapped_ones_are_told() -> None:
    assert point("117.20341239，29.2921") == ["117.2034124", "29.2921"]
    with pytest.raises(Unfit, match="swapped"):
        point([29.29, 117.2])
    with pytest.raises(Unfit):
        point([117.2])


def test_numbers_go_into_the_projection_and_back_without_a_loss() -> None:
    height = SPEC.field("height")
    assert scaled(height, "2.50") == 250
    assert unscaled(height, 250) == Decimal("2.50")


def test_periods_are_read_as_offices_write_them() -> None:
    assert str(periods.parse("2022年三季度", Every.QUARTER)) == "2022-Q3"
    assert str(periods.parse("2022-9", Every.MONTH)) == "2022-09"
    assert str(periods.parse("2022年度", Every.YEAR)) == "2022"
    assert periods.parse("2022-13", Every.MONTH) is None
    january = Period(2022, 1, Every.MONTH)
    assert str(january.previous) == "2021-12"
    assert (january.days, january.due(10)) == (31, dt.date(2022, 2, 10))
    assert [str(p) for p in periods.between(Period(2021, 4, Every.QUARTER), Period(2022, 2, Every.QUARTER))] == [
        "2021-Q4", "2022-Q1", "2022-Q2",
    ]  # fmt: skip


def square(west: float, south: float, size: float = 0.01) -> dict[str, Any]:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_parcels_that_touch_do_not_overlap_and_slivers_are_drawing() -> None:
    one = shapes.fit(square(117.2, 29.3), "polygon")
    assert not shapes.overlap(one, shapes.fit(square(117.21, 29.3), "polygon"))
    assert not shapes.overlap(one, shapes.fit(square(117.209999, 29.3), "polygon"))
    assert shapes.overlap(one, shapes.fit(square(117.205, 29.305), "polygon"))
    west, south, east, north = shapes.bounds(one)
    # Bounds lie outwards: 117.2 to 117.21 degrees, in 10**-7 of them.
    assert (west <= 1_172_000_000, south <= 293_000_000) == (True, True)
    assert (east >= 1_172_100_000, north >= 293_100_000) == (True, True)


@pytest.mark.parametrize(
    "value",
    [
        "no json",
        {"type": "Polygon", "coordinates": [[[117, 29], [118, 30], [118, 29], [117, 30], [117, 29]]]},
        {"type": "Polygon", "coordinates": [[[500000, 3240000], [500100, 3240000], [500100, 3240100], [500000, 3240000]]]},
        {"type": "Point", "coordinates": [117, 29]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": "x"},
        {"type": "FeatureCollection", "features": []},
        5,
    ],
)  # fmt: skip
def test_a_shape_that_cannot_be_used_is_told(value: Any) -> None:
    with pytest.raises(Unfit):
        shapes.fit(value, "polygon")
