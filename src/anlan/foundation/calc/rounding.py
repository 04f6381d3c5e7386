"""GB/T 8170 rounding on exact decimals, and the calculation that offers it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import cast

from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.foundation.calc.faults import Fault
from anlan.foundation.calc.inputs import Count, Input, ListOf, Number, OneOrMany
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output, RuleVersion

# Inputs hold at most 60 digits before and 60 after the point, and 30 decimals may be asked for.
_EXACT = Context(prec=160, rounding=ROUND_HALF_EVEN)


def rounded(value: Decimal, decimals: int) -> str:
    """Decimal string of `value` rounded once to `decimals` places, GB/T 8170-2008 section 3 (half to even digit).

    `value` must be the exact figure: rounding a rounded one again is what the standard forbids (3.3).
    Negative `decimals` round to tens, hundreds …; zero never carries a sign.

    >>> [rounded(Decimal(text), 1) for text in ("0.15", "0.25", "-0.04")], rounded(Decimal("1250"), -2)
    (['0.2', '0.2', '0.0'], '1200')
    """
    out = value.quantize(Decimal(1).scaleb(-decimals), context=_EXACT)
    return f"{abs(out) if out.is_zero() else out:f}"


def _check(inputs: Mapping[str, object]) -> Iterable[Fault]:
    values, decimals = cast("list[Decimal]", inputs["values"]), inputs["decimals"]
    if isinstance(decimals, list) and len(decimals) != len(values):
        yield Fault(
            "wrong_length",
            "decimals",
            step(
                "decimals 有 {n} 个，values 有 {m} 个，应逐一对应。",
                "{n} decimals for {m} values; there must be one per value.",
                n=len(decimals),
                m=len(values),
            ),
        )


def _how(value: Decimal, decimals: int, out: str) -> Step:
    # What is left beyond the last kept digit, in units of that digit, decides.
    rest = abs(value).scaleb(decimals, context=_EXACT) % 1
    if rest == 0:
        rule = Bilingual("无须舍入", "nothing to round")
    elif rest == Decimal("0.5"):
        rule = Bilingual(
            "舍弃部分恰为半个单位，保留末位为偶数", "exactly half a unit is dropped: the last kept digit becomes even"
        )
    elif rest < Decimal("0.5"):
        rule = Bilingual("舍弃部分不足半个单位，舍", "less than half a unit is dropped: down")
    else:
        rule = Bilingual("舍弃部分超过半个单位，进一", "more than half a unit is dropped: up")
    return step(
        "{value} 修约到小数点后 {n} 位:{rule}，得 {out}。",
        "{value} to {n} decimal places: {rule}; gives {out}.",
        value=f"{value:f}",
        n=decimals,
        rule=rule,
        out=out,
    )


# A list of thousands is a column of a table; its first values show the rule well enough.
_EXPLAINED = 20


def _round(inputs: Mapping[str, object]) -> Answer:
    values, decimals = cast("list[Decimal]", inputs["values"]), inputs["decimals"]
    places = cast("list[int]", decimals if isinstance(decimals, list) else [decimals] * len(values))
    out = [rounded(value, n) for value, n in zip(values, places, strict=True)]
    steps = [_how(v, n, o) for v, n, o in zip(values[:_EXPLAINED], places, out, strict=False)]
    if len(values) > _EXPLAINED:
        steps.append(step("其余 {n} 个同理。", "the other {n} likewise.", n=len(values) - _EXPLAINED))
    return Answer({"out": out}, tuple(steps))


CALCULATIONS = (
    Calculation(
        id="calc.round",
        title=Bilingual("数值修约", "Rounding"),
        note=Bilingual(
            "按十进制数字逐位判断（不经二进制浮点），一次修约到位，不得连续修约。decimals 为负时修约到十位、百位……",
            "Works on the decimal digits, not on binary floats, in one go: never round a rounded figure again. "
            "Negative decimals round to tens, hundreds …",
        ),
        inputs=(
            Input(
                "values",
                ListOf(Number(text=True)),
                Bilingual("待修约的数，数或十进制字符串", "figures to round, numbers or decimal strings"),
            ),
            Input(
                "decimals",
                OneOrMany(Count(minimum=-30, maximum=30)),
                Bilingual("保留小数位数，一个或逐个对应", "decimal places to keep, one or one per value"),
            ),
        ),
        outputs=(
            Output(
                "out",
                "list of decimal strings",
                Bilingual("修约后的数", "rounded figures"),
                rounding=Bilingual("GB/T 8170,decimals 位", "GB/T 8170 to `decimals` places"),
            ),
        ),
        check=_check,
        source=Bilingual("GB/T 8170—2008《数值修约规则与极限数值的表示和判定》第3章", "GB/T 8170-2008, section 3"),
        versions=(RuleVersion("GB/T 8170-2008", dt.date(2009, 1, 1)),),
        examples=(
            Example(
                # 0.15 and 0.25 both lie half way: to 0.2, whose last digit is even; 0.250001 lies beyond half way.
                inputs={"values": ["0.15", "0.25", "0.250001", "-2.5"], "decimals": [1, 1, 1, 0]},
                outputs={"out": ["0.2", "0.2", "0.3", "-2"]},
            ),
            Example(inputs={"values": [12.345, 0.5], "decimals": 2}, outputs={"out": ["12.34", "0.50"]}),
        ),
        function=_round,
    ),
)
