"""From the unit of an indicator to that of a target, and the way out where they do not fit."""

from __future__ import annotations

from fractions import Fraction

import pytest

from anlan.plan.binding import converting
from anlan.settings import Words


def test_areas_convert_exactly() -> None:
    # 60500 亩 are 6.05万亩; 1 hectare is 15 亩, so 4033 hectares are 60495 亩 = 6.0495万亩
    assert converting.convert(Fraction(60500), "亩", "万亩") == Fraction(605, 100)
    assert converting.convert(Fraction(4033), "公顷", "万亩") == Fraction(60495, 10000)


def test_one_thing_is_one_thing_but_a_seat_is_no_set() -> None:
    assert converting.convert(Fraction(52), "个", "座") == 52
    assert converting.convert(Fraction(52), "", "座") == 52
    assert not converting.fits("套", "座")
    assert not converting.fits("个", "万人")


def test_water_converts_only_when_it_is_said_to_be_water() -> None:
    assert not converting.fits("m3/d", "吨/天")
    assert converting.fits_as_water("m3/d", "吨/天")
    assert converting.convert(Fraction(720), "m3/d", "吨/天", water=True) == 720


def test_a_refusal_tells_both_units_and_what_to_do() -> None:
    (told,) = converting.refusal(Words("清理量", "litter"), "m", "座").problems
    assert "“m”" in told.zh
    assert "“座”" in told.zh
    assert "另选" in told.zh
    (told,) = converting.refusal(Words("处理水量", "treated"), "m3/d", "吨/天").problems
    assert "按水换算" in told.zh


def test_a_figure_is_never_rounded_up_to_its_target() -> None:
    # 1.9999999 % is shown as 2.00 % by its register, and has not reached 2 %
    value = Fraction(19999999, 10000000)
    assert converting.kept(value) == (1999999, 6)
    assert str(converting.shown(value, "%", "%", 2)) == "2.00"


@pytest.mark.parametrize(
    ("value", "kept"), [(Fraction(6), (6, 0)), (Fraction(0), (0, 0)), (Fraction(605, 100), (605, 2))]
)
def test_figures_are_kept_with_the_places_they_need(value: Fraction, kept: tuple[int, int]) -> None:
    assert converting.kept(value) == kept
