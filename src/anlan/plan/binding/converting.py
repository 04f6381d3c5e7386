"""From the unit of an indicator to that of a target, exactly; the way out where they measure different things. Pure."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

from anlan.foundation import quantities
from anlan.settings import InputError, Words

# As fine as figures of reports are kept.
PLACES = 6
# One of them is one of them, whichever word counts it: 个 stands for 座, 处, 套, never 座 for 套.
_ANY = frozenset({"", "个"})
_COUNTED = frozenset({"count", "thing"})


def convert(value: Fraction, unit: str, wanted: str, *, water: bool = False) -> Fraction:
    """Value in the unit `wanted`; rounded at 28 digits where it does not end. ValueError for units that do not fit.

    >>> convert(Fraction(41230), "亩", "万亩"), convert(Fraction(12), "个", "座"), convert(Fraction(1, 3), "%", "%")
    (Fraction(4123, 1000), Fraction(12, 1), Fraction(1, 3))
    """
    if unit == wanted or _is_counted(unit, wanted):
        return value
    return Fraction(quantities.convert(value, unit, wanted, water=water))


def _is_counted(unit: str, wanted: str) -> bool:
    def counts(one: str) -> bool:
        return one in _ANY or (quantities.kind(one) in _COUNTED and quantities.base(one)[0] == 1)

    return (unit in _ANY or wanted in _ANY) and counts(unit) and counts(wanted)


def fits(unit: str, wanted: str) -> bool:
    """Whether one converts to the other without taking anything for water.

    >>> fits("亩", "万亩"), fits("t/d", "吨/天"), fits("m", "座"), fits("座", "个"), fits("座", "套")
    (True, True, False, True, False)
    """
    try:
        convert(Fraction(1), unit, wanted)
    except ValueError:
        return False
    return True


def fits_as_water(unit: str, wanted: str) -> bool:
    """Whether one converts to the other if 1 t of water is 1 m3.

    >>> fits_as_water("m3/d", "吨/天"), fits_as_water("m3/d", "亩")
    (True, False)
    """
    try:
        convert(Fraction(1), unit, wanted, water=True)
    except ValueError:
        return False
    return True


def refusal(title: Words, unit: str, wanted: str) -> InputError:
    """That an indicator cannot count a target, with what to do instead."""
    zh, en = unit or "无单位", unit or "no unit"
    out_zh = f"按水换算（1 吨 = 1 立方米）就勾选“按水换算”；否则请选单位能换算成“{wanted}”的指标"
    out_en = f"tick “as water” if 1 t stands for 1 m3 here, or choose an indicator whose unit converts to {wanted}"
    if not fits_as_water(unit, wanted):
        out_zh = f"请另选单位能换算成“{wanted}”的指标，或先更正目标的单位"
        out_en = f"choose an indicator whose unit converts to {wanted}, or correct the unit of the target first"
    return InputError(
        Words(
            f"指标“{title.zh}”的单位是“{zh}”，目标的单位是“{wanted or '无单位'}”，两者不能换算：{out_zh}",
            f"{title.en} is in {en}, the target in {wanted or 'no unit'}, and neither converts to the other: {out_en}",
        )
    )


def shown(value: Fraction, unit: str, wanted: str, decimals: int) -> Decimal:
    """Figure as pages print it: to the decimals of the indicator in its own unit, else to six places, never up.

    >>> str(shown(Fraction(200, 3), "%", "%", 2)), str(shown(Fraction(41237, 10000), "亩", "万亩", 1))
    ('66.67', '4.1237')
    """
    number = Decimal(value.numerator) / Decimal(value.denominator)
    if unit == wanted:
        return number.quantize(Decimal(1).scaleb(-min(decimals, PLACES)), rounding=ROUND_HALF_UP)
    return number.quantize(Decimal(1).scaleb(-PLACES), rounding=ROUND_DOWN).normalize() + Decimal(0)


def kept(value: Fraction) -> tuple[int, int]:
    """Figure as it is compared with a target: an integer of 10**-scale with at most six places, cut off.

    1.999999… % has not reached 2 %.

    >>> kept(Fraction(4123, 1000)), kept(Fraction(200, 3)), kept(Fraction(-1, 3))
    ((4123, 3), (66666666, 6), (-333333, 6))
    """
    number = int(value * 10**PLACES)
    scale = PLACES
    while scale and number % 10 == 0:
        number //= 10
        scale -= 1
    return number, scale
