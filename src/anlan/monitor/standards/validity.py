"""Online data of a discharge: which values are valid, and their means; means of results below detection."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import cast

from anlan.foundation.calc.explain import Bilingual, step
from anlan.foundation.calc.inputs import Count, Input, ListOf, Number, Record, Words
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output, RuleVersion
from anlan.monitor.standards.exact import decimal, fraction, mean, percent, told
from anlan.monitor.standards.items import ItemName, Result, ResultType, by_code, by_name

_ENOUGH = 75
_VALID_FLAG = "N"
_SOURCE = Bilingual(
    "HJ 356—2019（有效性判别），HJ 355—2019（数据频次）；条款凭记忆，可信度中",
    "HJ 356-2019 (validity), HJ 355-2019 (frequency); clauses from memory, medium confidence",
)
_VERSIONS = (RuleVersion("HJ 356-2019", dt.date(2020, 3, 24)),)
_REASONS = {
    "flag": Bilingual("数据标记不是 N", "flag is not N"),
    "no_value": Bilingual("无浓度", "no concentration"),
    "no_flow": Bilingual("无流量", "no flow"),
    "zero_flow": Bilingual("流量为零", "flow is zero"),
    "negative": Bilingual("负值", "negative value"),
}
_DROPPED = Output(
    "dropped",
    "list of {hour, reason: flag, no_value, no_flow, zero_flow, negative}",
    Bilingual("无效的值（hour 为序号，从 0 起）及原因", "values that do not count: place in hours from 0, reason"),
)


def _reason(hour: Mapping[str, object], is_ph: bool) -> str | None:
    """Why an hourly value is not valid, None when it is. A pH needs no flow, for it is not weighted."""
    c, q, flag = (cast("Decimal | None", hour["c"]), cast("Decimal | None", hour["q"]), hour["flag"])
    if flag not in (None, _VALID_FLAG):
        return "flag"
    if c is None:
        return "no_value"
    if c < 0:
        return "negative"
    if q is None:
        return None if is_ph else "no_flow"
    return "zero_flow" if q == 0 else None


def _daily(inputs: Mapping[str, object]) -> Answer:
    asked, due = cast("str", inputs["item"]), cast("int", inputs["due"])
    hours = cast("list[Mapping[str, object]]", inputs["hours"])
    is_ph = (by_code().get(asked) or by_name()[asked]).code == "ph"
    reasons = [_reason(hour, is_ph) for hour in hours]
    values = [
        (
            fraction(cast("Decimal", hour["c"])),
            fraction(cast("Decimal", hour["q"])) if hour["q"] is not None else Fraction(1),
        )
        for hour, reason in zip(hours, reasons, strict=True)
        if reason is None
    ]
    count = len(values)
    dropped: list[dict[str, object]] = [{"hour": i, "reason": r} for i, r in enumerate(reasons) if r is not None]
    share = percent(count, due)
    valid = None if share is None else share >= _ENOUGH
    steps = [
        step(
            "第 {hour} 个值无效:{reason}。",
            "Value {hour} does not count: {reason}.",
            hour=one["hour"],
            reason=_REASONS[cast("str", one["reason"])],
        )
        for one in dropped
    ]
    steps.append(
        step(
            "有效 {count} 个，应有 {due} 个{share}，须不少于 75%:{verdict}。",
            "{count} valid of {due} due{share}, at least 75 % needed: {verdict}.",
            count=count,
            due=due,
            share="" if share is None else f" = {told(share)}%",
            verdict=Bilingual("日均值有效", "a valid daily mean")
            if valid
            else Bilingual("无有效日均值，当日不评价", "no valid daily mean, the day is not judged"),
        )
    )
    zeros = [
        i for i, (hour, reason) in enumerate(zip(hours, reasons, strict=True)) if reason is None and hour["c"] == 0
    ]
    if zeros:
        steps.append(
            step(
                "第 {zeros} 个值为零：须现场核实，确为低浓度排放才有效，此处计入。",
                "Values {zeros} are zero: to be checked on site, valid only if the discharge is that low; they count.",
                zeros=" ".join(map(str, zeros)),
            )
        )
    found: dict[str, object] = {
        "valid": valid,
        "mean": None,
        "valid_count": count,
        "dropped": dropped,
        "min": None,
        "max": None,
    }
    if valid and values:
        smallest, largest = min(c for c, _ in values), max(c for c, _ in values)
        found["min"], found["max"] = decimal(smallest), decimal(largest)
        if is_ph:
            steps.append(
                step(
                    "pH 不加权求均值，报最小值 {low} 和最大值 {high}。",
                    "pH is not averaged: smallest {low}, largest {high}.",
                    low=told(smallest),
                    high=told(largest),
                )
            )
        else:
            load = sum((c * q for c, q in values), Fraction(0))
            flow = sum((q for _, q in values), Fraction(0))
            found["mean"] = decimal(load / flow)
            steps.append(
                step(
                    "流量加权日均值 = ΣCQ/ΣQ = {load}/{flow} = {mean}。",
                    "Flow-weighted mean = ΣCQ/ΣQ = {load}/{flow} = {mean}.",
                    load=told(load),
                    flow=told(flow),
                    mean=told(load / flow),
                )
            )
    return Answer(found, tuple(steps))


def _monthly(inputs: Mapping[str, object]) -> Answer:
    due, count = cast("int", inputs["due_days"]), cast("int", inputs["valid_days"])
    share = percent(count, due)
    if share is None:
        return Answer({}, (step("当月没有应有日均值的日子，不评价。", "No days were due: not judged."),))
    valid = share >= _ENOUGH
    told_step = step(
        "有效日均值 {count} 个，应有 {due} 个 = {share}%，须不少于 75%:{verdict}。",
        "{count} valid daily means of {due} due = {share} %, at least 75 % needed: {verdict}.",
        count=count,
        due=due,
        share=told(share),
        verdict=Bilingual("月均值有效", "a valid monthly mean")
        if valid
        else Bilingual("月均值无效", "no valid monthly mean"),
    )
    return Answer({"valid": valid}, (told_step,))


def _below_limit(inputs: Mapping[str, object]) -> Answer:
    results = cast("list[Result]", inputs["results"])
    usable = [result for result in results if result.usable]
    average = mean([result.value for result in usable])
    below = [result for result in usable if result.below is not None]
    outputs: dict[str, object] = {
        "mean": None if average is None else decimal(average),
        "count": len(usable),
        "below_count": len(below),
        "all_below": len(below) == len(usable) if usable else None,
    }
    steps = []
    if len(usable) < len(results):
        steps.append(
            step(
                "{n} 个零或负值不是有效结果，不计。",
                "{n} zero or negative figures are no results and do not count.",
                n=len(results) - len(usable),
            )
        )
    if average is None:
        return Answer(outputs, (*steps, step("没有有效结果。", "No results.")))
    shown = " + ".join(told(result.value) for result in usable[:20]) + (" + …" if len(usable) > 20 else "")
    steps.append(
        step(
            "{below} 个低于检出限，按检出限一半计；({shown})/{n} = {mean}。",
            "{below} below detection count with half the limit; ({shown}) / {n} = {mean}.",
            below=len(below),
            shown=shown,
            n=len(usable),
            mean=told(average),
        )
    )
    if len(below) == len(usable):
        steps.append(
            step("全部低于检出限，评价时按符合Ⅰ类。", "All below detection: the item counts as class Ⅰ when judged.")
        )
    return Answer(outputs, tuple(steps))


_HOUR = Record(
    (
        Input("c", Number(""), Bilingual("小时浓度，mg/L", "hourly concentration, mg/L"), required=False),
        Input(
            "q",
            Number("", Decimal(0)),
            Bilingual("小时水量，各小时同一单位", "hourly flow, one unit for all"),
            required=False,
        ),
        Input(
            "flag", Words(8), Bilingual("数据标记，N 或缺省为正常", "data flag, N or absent is valid"), required=False
        ),
    )
)

CALCULATIONS = (
    Calculation(
        id="water.daily_mean",
        title=Bilingual("在线数据有效日均值", "Valid daily mean of online data"),
        note=Bilingual(
            "有效值不少于应有值的 75% 才有日均值；浓度按流量加权，pH 报最小和最大。没有有效日均值的日子不评价。",
            "A daily mean needs at least 75 % of the values due; concentrations are weighted by flow, pH gives "
            "smallest and largest. A day without it is not judged.",
        ),
        inputs=(
            Input("item", ItemName(), Bilingual("项目代码或名称", "item code or name")),
            Input(
                "due",
                Count("", 0),
                Bilingual("当日应有的值数（排放小时数）", "values due that day (hours of discharge)"),
            ),
            Input("hours", ListOf(_HOUR), Bilingual("小时值", "hourly values")),
        ),
        outputs=(
            Output(
                "valid",
                "boolean or null when nothing was due",
                Bilingual("是否有有效日均值", "whether there is a valid mean"),
            ),
            Output("mean", "number or null", Bilingual("日均值（未修约）", "daily mean, not rounded"), "mg/L"),
            Output("valid_count", "integer", Bilingual("有效值个数", "valid values")),
            Output("min", "number or null", Bilingual("最小值", "smallest")),
            Output("max", "number or null", Bilingual("最大值", "largest")),
            _DROPPED,
        ),
        source=_SOURCE,
        versions=_VERSIONS,
        examples=(
            # 3 of 4 are 75 %; (40×10 + 60×20 + 50×10)/40 = (400 + 1200 + 500)/40 = 52.5.
            Example(
                {
                    "item": "cod",
                    "due": 4,
                    "hours": [
                        {"c": 40, "q": 10},
                        {"c": 60, "q": 20, "flag": "N"},
                        {"c": 999, "q": 5, "flag": "C"},
                        {"c": 50, "q": 10},
                    ],
                },
                {"valid": True, "mean": 52.5, "valid_count": 3, "dropped": [{"hour": 2, "reason": "flag"}]},
            ),
            Example(
                {"item": "ph", "due": 2, "hours": [{"c": 7.1}, {"c": 8.4}]},
                {"valid": True, "mean": None, "valid_count": 2, "min": 7.1, "max": 8.4},
            ),
        ),
        function=_daily,
    ),
    Calculation(
        id="water.monthly_mean",
        title=Bilingual("在线数据月均值有效性", "Validity of a monthly mean of online data"),
        note=Bilingual(
            "有效月均值是有效日均值的算术平均，须不少于应有日数的 75%。",
            "A valid monthly mean is the mean of valid daily means, at least 75 % of those due.",
        ),
        inputs=(
            Input("due_days", Count("d", 0, 31), Bilingual("应有日均值的天数", "days due")),
            Input("valid_days", Count("d", 0, 31), Bilingual("有效日均值的天数", "days with a valid mean")),
        ),
        outputs=(
            Output(
                "valid",
                "boolean or null when nothing was due",
                Bilingual("月均值是否有效", "whether the month is valid"),
            ),
        ),
        source=_SOURCE,
        versions=_VERSIONS,
        examples=(
            # 23/30 = 76.67 %, 22/30 = 73.33 %.
            Example({"due_days": 30, "valid_days": 23}, {"valid": True}),
            Example({"due_days": 30, "valid_days": 22}, {"valid": False}),
        ),
        function=_monthly,
    ),
    Calculation(
        id="water.below_limit",
        title=Bilingual("含低于检出限结果的均值", "Mean with results below detection"),
        note=Bilingual(
            "低于检出限的结果按检出限一半参加平均；零和负值不是结果。排放总量计算中则计为零(water.mass)。",
            "A result below detection counts with half of the limit; zero and negative figures are no results. In mass "
            "totals it counts as zero (water.mass).",
        ),
        inputs=(
            Input(
                "results",
                ListOf(ResultType()),
                Bilingual("结果：0.03、<0.01 或 0.02L", "results: 0.03, <0.01 or 0.02L"),
            ),
        ),
        outputs=(
            Output("mean", "number or null", Bilingual("均值（未修约）", "mean, not rounded"), "mg/L"),
            Output("count", "integer", Bilingual("有效结果数", "results that count")),
            Output("below_count", "integer", Bilingual("低于检出限的个数", "results below detection")),
            Output("all_below", "boolean or null", Bilingual("是否全部低于检出限", "whether all are below detection")),
        ),
        source=Bilingual("环办监测函〔2020〕82号 第七条", "MEE office monitoring letter 2020 No. 82, item 7"),
        versions=(RuleVersion("环办监测函[2020]82号", dt.date(2020, 1, 1)),),
        examples=(
            # 0.005 + 0.01 + 0.03 = 0.045; /3 = 0.015.
            Example({"results": ["<0.01", "0.02L", "0.03"]}, {"mean": 0.015, "below_count": 2, "all_below": False}),
        ),
        function=_below_limit,
    ),
)
