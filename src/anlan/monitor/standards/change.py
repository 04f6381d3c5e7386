"""Comparisons of surface water: change between two periods, trend over many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from anlan.foundation.calc.explain import Bilingual, step
from anlan.foundation.calc.faults import Fault
from anlan.foundation.calc.inputs import Choice, Input, ListOf, Number, Record
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output
from anlan.monitor.standards.exact import decimal, fraction, told
from anlan.monitor.standards.words import facts, source, word

_VERDICT = Output("verdict", "verdict word or null", Bilingual("结论", "verdict"))
_LEVELS = ("0.05", "0.01")


def ranks(values: Sequence[Fraction]) -> list[Fraction]:
    """Rank of each value, smallest 1; equal values share their mean rank."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    found = [Fraction(0)] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for i in order[start:end]:
            found[i] = Fraction(start + 1 + end, 2)
        start = end
    return found


def _tied(found: Sequence[Fraction]) -> Fraction | None:
    """Square of the rank correlation with time, ties corrected; None of a constant series."""
    n = len(found)
    middle = Fraction(n + 1, 2)
    spread = sum(((rank - middle) ** 2 for rank in found), Fraction(0))
    both = sum(((rank - middle) * (i - middle) for i, rank in enumerate(found, 1)), Fraction(0))
    return both**2 / (spread * Fraction(n**3 - n, 12)) if spread else None


def calculations(table: Mapping[str, Any]) -> tuple[Calculation, ...]:
    """The three calculations on a table of statuses and critical values: a pack's, or the one carried here."""
    method = source(table["method"])
    statuses = [row["status"] for row in table["section"]]
    none, some = fraction(table["change"]["none_up_to"]), fraction(table["change"]["some_up_to"])
    critical = table["trend"]

    def share(inputs: Mapping[str, object]) -> Answer:
        before, after = (cast("Mapping[str, Decimal]", inputs[name]) for name in ("before", "after"))
        dg, dd = (fraction(after[key]) - fraction(before[key]) for key in ("good", "bad"))
        x = dg - dd
        size = abs(x)
        verdict = "无明显变化" if size <= none else ("有所" if size <= some else "明显") + ("好转" if x > 0 else "下降")
        told_step = step(
            "ΔG = {g1} − {g0} = {dg},ΔD = {d1} − {d0} = {dd},ΔG − ΔD = {x} 个百分点:{verdict}。",
            "ΔG = {g1} − {g0} = {dg}, ΔD = {d1} − {d0} = {dd}, ΔG − ΔD = {x} percentage points: {verdict}.",
            g1=after["good"],
            g0=before["good"],
            d1=after["bad"],
            d0=before["bad"],
            dg=told(dg),
            dd=told(dd),
            x=told(x),
            verdict=word(verdict),
        )
        return Answer({"x": decimal(x), "verdict": verdict}, (told_step,))

    def status(inputs: Mapping[str, object]) -> Answer:
        before, after = (statuses.index(cast("str", inputs[name])) for name in ("before", "after"))
        size = abs(after - before)
        verdict = (
            "无明显变化" if not size else ("有所" if size == 1 else "明显") + ("好转" if after < before else "下降")
        )
        told_step = step(
            "由{before}到{after}，相差 {n} 级:{verdict}。",
            "From {before} to {after}: {n} grades apart, {verdict}.",
            before=word(statuses[before]),
            after=word(statuses[after]),
            n=size,
            verdict=word(verdict),
        )
        return Answer({"steps": size, "verdict": verdict}, (told_step,))

    def trend(inputs: Mapping[str, object]) -> Answer:
        values = [fraction(value) for value in cast("list[Decimal]", inputs["values"])]
        n = len(values)
        if n < critical["least"]:
            short = step(
                "只有 {n} 个时段，少于 {least} 个，不判断趋势。",
                "{n} periods, fewer than {least}: no trend is judged.",
                n=n,
                least=critical["least"],
            )
            return Answer({"status": "not_judged"}, (short,))
        level = "w005" if _alpha(inputs) == Decimal("0.05") else "w001"
        at, wp = max((m, w) for m, w in zip(critical["n"], critical[level], strict=True) if m <= n)
        found = ranks(values)
        squares = sum(((rank - i) ** 2 for i, rank in enumerate(found, 1)), Fraction(0))
        rs = 1 - 6 * squares / (n**3 - n)
        tied = _tied(found)
        steps = [
            step(
                "N = {n}，秩次 {ranks},Σd² = {squares},rs = 1 − 6×{squares}/({n}³ − {n}) = {rs}。",
                "N = {n}, ranks {ranks}, Σd² = {squares}, rs = 1 − 6×{squares}/({n}³ − {n}) = {rs}.",
                n=n,
                ranks=" ".join(told(rank) for rank in found[:40]) + (" …" if n > 40 else ""),
                squares=told(squares),
                rs=told(rs),
            ),
            step(
                "α = {alpha},N = {at} 的临界值 Wp = {wp}{between}。",
                "α = {alpha}, critical value for N = {at}: Wp = {wp}{between}.",
                alpha=inputs["alpha"],
                at=at,
                wp=wp,
                between=Bilingual(
                    "(表中无此 N，取较小的 N，偏严)", " (N is not in the table: the next smaller, stricter)"
                )
                if at != n
                else Bilingual("", ""),
            ),
        ]
        significant = abs(rs) >= fraction(wp)
        # Tied ranks lift rs of this formula: a constant series would get 0.5. The corrected coefficient must agree.
        if significant and (tied is None or tied < fraction(wp) ** 2):
            significant = False
            steps.append(
                step(
                    "相同值过多，按并列秩次校正后不显著。",
                    "Too many equal values: not significant once ties are corrected for.",
                )
            )
        verdict = ("上升" if rs > 0 else "下降") if significant else "平稳"
        steps.append(
            step(
                "|rs| = {size},Wp = {wp}:{verdict}(溶解氧、透明度上升为好转，其余项目上升为变差)。",
                "|rs| = {size}, Wp = {wp}: {verdict} (rising is better for oxygen and transparency, worse otherwise).",
                size=told(abs(rs)),
                wp=wp,
                verdict=word(verdict),
            )
        )
        outputs = {"rs": decimal(rs), "wp": wp, "verdict": verdict, "status": "ok"}
        return Answer(outputs, tuple(steps))

    points = Number("%", Decimal(0), Decimal(100))
    shares = Record(
        (
            Input("good", points, Bilingual("Ⅰ–Ⅲ类比例", "share of Ⅰ–Ⅲ")),
            Input("bad", points, Bilingual("劣Ⅴ类比例", "share worse than Ⅴ")),
        )
    )
    names = Choice({name: word(name) for name in statuses})
    return (
        Calculation(
            id="water.change_share",
            title=Bilingual("水质变化（类别比例）", "Change of water quality by shares"),
            note=Bilingual(
                "两个时段须用相同项目、基本相同的断面。可信度中：阈值凭对办法的了解。",
                "Both periods need the same items and largely the same sections. Medium confidence in the bounds.",
            ),
            inputs=(
                Input("before", shares, Bilingual("前一时段", "earlier period")),
                Input("after", shares, Bilingual("后一时段", "later period")),
            ),
            check=_shares_add_up,
            outputs=(
                Output(
                    "x", "number", Bilingual("ΔG − ΔD，正为好转", "ΔG − ΔD, positive is better"), "percentage points"
                ),
                _VERDICT,
            ),
            source=method.title,
            versions=(method.version,),
            examples=(
                # ΔG = 80 − 70 = 10, ΔD = 3 − 5 = −2: 10 + 2 = 12, more than 10, not more than 20.
                Example(
                    {"before": {"good": 70, "bad": 5}, "after": {"good": 80, "bad": 3}},
                    {"x": 12, "verdict": "有所好转"},
                ),
            ),
            function=share,
        ),
        Calculation(
            id="water.change_status",
            title=Bilingual("水质变化（水质状况）", "Change of water quality by status"),
            inputs=(
                Input("before", names, Bilingual("前一时段的水质状况", "status of the earlier period")),
                Input("after", names, Bilingual("后一时段的水质状况", "status of the later period")),
            ),
            outputs=(
                Output("steps", "integer", Bilingual("相差级数", "grades apart")),
                _VERDICT,
            ),
            source=method.title,
            versions=(method.version,),
            examples=(
                Example({"before": "轻度污染", "after": "良好"}, {"steps": 1, "verdict": "有所好转"}),
                Example({"before": "优", "after": "轻度污染"}, {"steps": 2, "verdict": "明显下降"}),
            ),
            function=status,
        ),
        Calculation(
            id="water.trend",
            title=Bilingual("水质变化趋势（秩相关）", "Trend of water quality by rank correlation"),
            note=Bilingual(
                "Spearman 秩相关（Daniel 趋势检验），至少 5 个时段，按时间先后给出；并列值取平均秩。",
                "Spearman rank correlation with time (Daniel), at least 5 periods in order; ties take mean ranks.",
            ),
            inputs=(
                Input(
                    "values",
                    ListOf(Number(text=True)),
                    Bilingual("各时段的值，按时间先后", "value of each period, in order"),
                ),
                Input(
                    "alpha",
                    Number("", text=True),
                    Bilingual("显著性水平 0.05 或 0.01", "level of significance, 0.05 or 0.01"),
                    required=False,
                    default=0.05,
                ),
            ),
            check=_level,
            outputs=(
                Output("rs", "number or null", Bilingual("秩相关系数", "rank correlation")),
                Output("wp", "number or null", Bilingual("临界值", "critical value")),
                _VERDICT,
                Output("status", "code: ok, not_judged", Bilingual("状态", "status")),
            ),
            source=method.title,
            versions=(method.version,),
            examples=(
                # Ranks 5 3 4 2 1, d = 4 1 1 −2 −4: 16 + 1 + 1 + 4 + 16 = 38; 1 − 228/120 = −0.9; Wp = 0.9.
                Example(
                    {"values": [1.9, 1.4, 1.6, 1.1, 0.8], "alpha": 0.05}, {"rs": -0.9, "wp": 0.9, "verdict": "下降"}
                ),
                Example({"values": [1, 2, 3]}, {"rs": None, "wp": None, "verdict": None, "status": "not_judged"}),
            ),
            function=trend,
        ),
    )


def _alpha(inputs: Mapping[str, object]) -> Decimal:
    return Decimal(str(inputs["alpha"]))


def _level(inputs: Mapping[str, object]) -> Iterable[Fault]:
    if _alpha(inputs) not in {Decimal(level) for level in _LEVELS}:
        yield Fault(
            "not_a_choice",
            "alpha",
            step(
                "alpha 只能是 {levels}，收到 {alpha}。",
                "alpha is one of {levels}, got {alpha}.",
                levels="、".join(_LEVELS),
                alpha=inputs["alpha"],
            ),
        )


def _shares_add_up(inputs: Mapping[str, object]) -> Iterable[Fault]:
    for name in ("before", "after"):
        shares = cast("Mapping[str, Decimal]", inputs[name])
        if fraction(shares["good"]) + fraction(shares["bad"]) > 100:
            yield Fault(
                "out_of_range",
                f"{name}.bad",
                step(
                    "{name} 的两个比例合计超过 100%。", "the two shares of {name} add up to more than 100 %.", name=name
                ),
            )


CALCULATIONS = calculations(facts("assessment.toml"))
