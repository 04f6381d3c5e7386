"""Numbers and units as Chinese documents print them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.foundation import quantities
from anlan.foundation.quantities import base, convert, kind, number

NUMERALS = "零一二三四五六七八九"


@pytest.mark.parametrize(
    "text, value",
    [
        ("0", "0"),
        ("3200", "3200"),
        ("3,200", "3200"),
        ("12,345,678.90", "12345678.90"),
        ("１２．５", "12.5"),
        ("３，２００", "3200"),
        ("6.05万", "60500.00"),
        ("1.2亿", "120000000.0"),
        ("3万5千", "35000"),
        ("1亿2千万", "120000000"),
        ("2万亿", "2000000000000"),
        ("十", "10"),
        ("十二", "12"),
        ("二十", "20"),
        ("两", "2"),
        ("〇", "0"),
        ("○", "0"),
        ("二〇二四", "2024"),
        ("一百零五", "105"),
        ("三百五", "350"),
        ("三千二百", "3200"),
        ("三千零二", "3002"),
        ("一万二", "12000"),
        ("两万零三百", "20300"),
        ("三亿五千万", "350000000"),
        ("一万亿", "1000000000000"),
        ("叁仟贰佰", "3200"),
        ("三点一四", "3.14"),
        ("百分之三十", "0.3"),
        ("百分之百", "1"),
        ("千分之五", "0.005"),
        ("百分之二点五", "0.025"),
        ("98.5%", "0.985"),
        ("四分之三", "0.75"),
        # 2/3 does not end: rounded half to even at 28 digits.
        ("三分之二", "0.6666666666666666666666666667"),
    ],
)
def test_a_printed_number_is_read_exactly(text: str, value: str) -> None:
    assert number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["", "万", "千百", "一批", "两三", "1,23", "1.2.3", "十百", "一万一万", "三亿亿", "分之", "三分之",
     "一点", "5千6万", "点五", "甲", "1" * 400, "万" * 400],
)  # fmt: skip
def test_what_is_no_number_gives_none(text: str) -> None:
    assert number(text) is None


def test_a_share_of_nothing_is_no_number() -> None:
    # The denominator 零 would divide by zero.
    assert number("零分之一") is None


def _spell(value: int) -> str:
    """Plain spelling: 10234 is 一万零二百三十四."""
    for scale, mark in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if value >= scale:
            rest = value % scale
            gap = "零" if 0 < rest < scale // 10 else ""
            return _spell(value // scale) + mark + gap + (_spell(rest) if rest else "")
    return NUMERALS[value]


@given(st.integers(min_value=1, max_value=10**12 - 1))
def test_spelling_and_reading_agree(value: int) -> None:
    assert number(_spell(value)) == value


@given(st.decimals(min_value=0, max_value=10**9, places=3), st.sampled_from(["", "万", "亿"]))
def test_digits_lose_nothing(value: Decimal, scale: str) -> None:
    assert number(f"{value}{scale}") == value * {"": 1, "万": 10**4, "亿": 10**8}[scale]


@given(st.text(alphabet="零一二两十百千万亿点分之%0123456789.,", max_size=40))
def test_any_run_of_numerals_is_answered(text: str) -> None:
    result = number(text)
    assert result is None or result >= 0


@pytest.mark.parametrize(
    "value, source, target, expected",
    [
        # 15 mu are 10000 m2, so 3 mu are exactly 2000 m2 and 1 mu does not end.
        ("3", "亩", "m2", "2000"),
        ("1", "万亩", "km2", "6.666666666666666666666666667"),
        ("15", "亩", "hm2", "1"),
        ("6", "万亩", "公顷", "4000"),
        ("1", "km2", "hm2", "100"),
        ("6.05", "万亩", "亩", "60500"),
        ("1.26", "万吨", "kg", "12600000"),
        ("500", "斤", "公斤", "250"),
        ("8", "mg/L", "kg/m3", "0.008"),
        ("30", "微克/立方米", "mg/m3", "0.03"),
        ("1", "m3/s", "m3/d", "86400"),
        # One day has 24 hours: 48 m3/d are 2 m3/h.
        ("48", "m3/d", "m3/h", "2"),
        ("2", "吨/天", "t/a", "730"),
        ("420", "万元", "元", "4200000"),
        ("1.5", "亿元", "万元", "15000"),
        ("10", "kg/亩", "kg/hm2", "150"),
        ("3", "里", "m", "1500"),
        ("20", "万千瓦", "MW", "200"),
        ("5", "万千瓦时", "kWh", "50000"),
        ("12", "尾/亩", "尾/公顷", "180"),
        ("3", "‰", "%", "0.3"),
        ("2.5", "万人", "人", "25000"),
    ],
)
def test_units_convert_exactly(value: str, source: str, target: str, expected: str) -> None:
    assert convert(Decimal(value), source, target) == Decimal(expected)


def test_sewage_is_water_only_when_the_caller_says_so() -> None:
    # 720 t of water fill 720 m3.
    assert convert(720, "吨/天", "m3/d", water=True) == 720
    with pytest.raises(ValueError, match="different things"):
        convert(720, "吨/天", "m3/d")


@pytest.mark.parametrize("source, target", [("亩", "米"), ("个", "座"), ("吨", "吨/天"), ("箩", "吨"), ("百分点", "%")])
def test_what_measures_another_thing_is_refused(source: str, target: str) -> None:
    with pytest.raises(ValueError, match=r"different things|unknown unit"):
        convert(1, source, target)


@given(
    st.decimals(min_value=0, max_value=10**6, places=2), st.sampled_from(["万亩", "公顷", "km2", "平方米", "平方公里"])
)
def test_there_and_back_is_the_same(value: Decimal, unit: str) -> None:
    # Dividing by 15/10000 may not end, so the way back is compared at 20 digits of the 28 kept.
    there = convert(value, unit, "亩")
    assert abs(convert(there, "亩", unit) - value) <= value * Decimal("1e-20")


@pytest.mark.parametrize(
    "unit, expected",
    [("万亩", (10**4, "亩")), ("千米", (1, "千米")), ("千万元", (10**7, "元")), ("百亿元", (10**10, "元")),
     ("%", (1, "%")), ("万吨/年", (10**4, "吨/年")), ("个百分点", (1, "个百分点")), ("万", (10**4, "")), ("", (1, ""))],
)  # fmt: skip
def test_a_unit_splits_into_scale_and_proper_unit(unit: str, expected: tuple[int, str]) -> None:
    assert base(unit) == expected


def test_kinds_tell_what_measures_from_what_counts() -> None:
    assert [kind(u) for u in ("万平方米", "毫克/升", "万元", "座", "个", "次", "箩")] == [
        "area", "mass", "money", "thing", "count", "act", "",
    ]  # fmt: skip


def test_every_unit_of_the_table_is_found_behind_a_number() -> None:
    from anlan.foundation.quantities.units import table

    lost = [u for u, row in table().items() if row.kind != "time" and [q.unit for q in quantities.find(f"7{u}")] != [u]]
    assert lost == []
