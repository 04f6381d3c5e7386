"""City water quality index (CWQI) and its change: 环办监测〔2017〕51号."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import cast

from anlan.foundation.calc.explain import Bilingual, step
from anlan.foundation.calc.faults import Fault, missing
from anlan.foundation.calc.inputs import Choice, Count, Input, Number
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output
from anlan.monitor.standards import classes
from anlan.monitor.standards.classes import BODIES, THIRD, Limit, SurfaceLimits, single
from anlan.monitor.standards.exact import decimal, fraction, told
from anlan.monitor.standards.items import ItemValues, Result, by_code, listed
from anlan.monitor.standards.words import Source, facts, source

_NEUTRAL = 7


def index(limit: Limit, value: Fraction) -> Fraction:
    """Index of one item: C/S3; S3/C for oxygen; for pH the distance from 7 over that of the bound on its side."""
    if limit.op == "inside":
        low, high = limit.bounds
        return (_NEUTRAL - value) / (_NEUTRAL - low) if value <= _NEUTRAL else (value - _NEUTRAL) / (high - _NEUTRAL)
    return value / limit.bounds[THIRD] if limit.op == "at_most" else limit.bounds[THIRD] / value


def calculations(table: SurfaceLimits, method: Source) -> tuple[Calculation, ...]:
    """The three calculations on a table of limits: a pack's, or the one carried here."""

    def cwqi(inputs: Mapping[str, object]) -> Answer:
        body = cast("str", inputs["kind"])
        figures, dropped = single(cast("Mapping[str, Result]", inputs["values"]))
        steps = list(dropped)
        parts: dict[str, Fraction] = {}
        judged = table.judged(body)
        for item in judged:
            if item not in figures:
                continue
            limit, value = table.limits[body][item], figures[item].value
            parts[item] = index(limit, value)
            third = told(limit.bounds[THIRD]) if limit.op != "inside" else limit.text
            steps.append(
                step(
                    "{item}:C = {value},S3 = {third}，指数 {part}。",
                    "{item}: C = {value}, S3 = {third}, index {part}.",
                    item=by_code()[item].name,
                    value=told(value),
                    third=third,
                    part=told(parts[item]),
                )
            )
        absent = [item for item in judged if item not in parts]
        if absent:
            steps.append(
                step(
                    "缺 {n} 项:{items}。指数只含其余项目，不能用于排名。",
                    "{n} items missing: {items}. The sum holds only the rest and cannot be ranked.",
                    n=len(absent),
                    items=listed(absent),
                )
            )
        total = sum(parts.values(), Fraction(0)) if parts else None
        if total is not None:
            steps.append(
                step(
                    "CWQI = {n} 项指数之和 = {total}。",
                    "CWQI = sum of {n} indices = {total}.",
                    n=len(parts),
                    total=told(total),
                )
            )
        outputs = {
            "cwqi": None if total is None else decimal(total),
            "parts": {item: decimal(part) for item, part in parts.items()},
            "status": "ok" if not absent else "incomplete" if parts else "not_judged",
            "missing": absent,
        }
        return Answer(outputs, tuple(steps))

    def city(inputs: Mapping[str, object]) -> Answer:
        # An index without its count stands alone (the check saw to that) and needs no weight.
        found = [
            (fraction(cast("Decimal", inputs[name])), 1 if inputs[count] is None else cast("int", inputs[count]))
            for name, count in (("river", "M"), ("lake", "N"))
            if inputs[name] is not None
        ]
        whole = sum(count for _, count in found)
        if not whole:
            return Answer({}, (step("没有断面和点位，不计算。", "No sections and no points: not computed."),))
        total = sum((value * count for value, count in found), Fraction(0)) / whole
        told_step = step(
            "({terms})/{whole} = {total}。",
            "({terms}) / {whole} = {total}.",
            terms=" + ".join(f"{told(value)}×{count}" for value, count in found),
            whole=whole,
            total=told(total),
        )
        return Answer({"cwqi": decimal(total)}, (told_step,))

    def change(inputs: Mapping[str, object]) -> Answer:
        now, before = (fraction(cast("Decimal", inputs[name])) for name in ("now", "before"))
        if not before:
            return Answer({}, (step("基期指数为 0，无变化率。", "The earlier index is 0: no rate of change."),))
        percent = (now - before) * 100 / before
        told_step = step(
            "({now} − {before})/{before}×100% = {percent}%，负值为好转。",
            "({now} − {before}) / {before} × 100 % = {percent} %; negative is better.",
            now=told(now),
            before=told(before),
            percent=told(percent),
        )
        return Answer({"percent": decimal(percent), "better": percent < 0}, (told_step,))

    number = Number("", Decimal(0))
    cwqi_out = Output(
        "cwqi",
        "number or null",
        Bilingual(
            "水质指数（未修约，通报多保留 4 位小数），越小越好",
            "index, not rounded (bulletins print 4 decimals); smaller is better",
        ),
    )
    return (
        Calculation(
            id="water.cwqi",
            title=Bilingual("水质指数 CWQI（河流或湖库）", "Water quality index CWQI of rivers or lakes"),
            note=Bilingual(
                "先对参加排名的全部断面求各项目平均，再计算 21 项指数之和。",
                "Means of each item over all sections that take part first, then the sum of the 21 indices.",
            ),
            inputs=(
                Input("kind", Choice(BODIES), Bilingual("河流或湖库", "rivers or lakes")),
                Input("values", ItemValues(), Bilingual("各项目平均值，mg/L", "mean of each item, mg/L")),
            ),
            outputs=(
                cwqi_out,
                Output("parts", "object: number by item", Bilingual("各项目指数", "index of each item")),
                Output("status", "code: ok, incomplete, not_judged", Bilingual("状态", "status")),
                Output("missing", "list of item codes", Bilingual("缺少的项目", "items without a value")),
            ),
            source=method.title,
            versions=(method.version,),
            examples=(
                # pH (7.5 − 7)/(9 − 7) = 0.25; DO 5/8 = 0.625; COD 15/20 = 0.75; TP 0.1/0.2 = 0.5: 2.125.
                Example(
                    {"kind": "river", "values": {"ph": 7.5, "do": 8, "cod": 15, "tp": 0.1}},
                    {"cwqi": 2.125, "status": "incomplete", "parts": {"ph": 0.25, "do": 0.625, "cod": 0.75, "tp": 0.5}},
                ),
            ),
            function=cwqi,
        ),
        Calculation(
            id="water.cwqi_city",
            title=Bilingual("城市水质指数", "Water quality index of a city"),
            note=Bilingual(
                "河流、湖库指数按断面和点位个数加权（可信度中）；没有湖库的为河流指数。",
                "River and lake indices weighted by their sections and points (medium confidence); without lakes the "
                "river index.",
            ),
            inputs=(
                Input("river", number, Bilingual("河流指数", "index of the rivers"), required=False),
                Input("M", Count("", 0), Bilingual("河流断面数", "river sections"), required=False),
                Input("lake", number, Bilingual("湖库指数", "index of the lakes"), required=False),
                Input("N", Count("", 0), Bilingual("湖库点位数", "lake points"), required=False),
            ),
            at_least_one=(("river", "lake"),),
            check=_counted,
            outputs=(cwqi_out,),
            source=method.title,
            versions=(method.version,),
            examples=(
                # (5.2 × 6 + 7.6 × 2) / 8 = (31.2 + 15.2) / 8 = 5.8.
                Example({"river": 5.2, "M": 6, "lake": 7.6, "N": 2}, {"cwqi": 5.8}),
                Example({"river": 5.2, "M": 6}, {"cwqi": 5.2}),
            ),
            function=city,
        ),
        Calculation(
            id="water.cwqi_change",
            title=Bilingual("水质指数变化程度", "Change of the water quality index"),
            inputs=(
                Input("now", number, Bilingual("本期指数", "index now")),
                Input("before", number, Bilingual("基期指数", "earlier index")),
            ),
            outputs=(
                Output("percent", "number or null", Bilingual("变化率，负为好转", "change, negative is better"), "%"),
                Output("better", "boolean or null", Bilingual("是否好转", "whether it is better")),
            ),
            source=method.title,
            versions=(method.version,),
            # (4.5 − 5) / 5 = −10 %.
            examples=(Example({"now": 4.5, "before": 5}, {"percent": -10, "better": True}),),
            function=change,
        ),
    )


def _counted(inputs: Mapping[str, object]) -> Iterable[Fault]:
    for name, count, other in (("river", "M", "lake"), ("lake", "N", "river")):
        if inputs[count] and inputs[name] is None:
            yield missing(name)
        if inputs[name] is not None and inputs[count] is None and inputs[other] is not None:
            yield missing(count)


CALCULATIONS = calculations(classes.carried(), source(facts("assessment.toml")["ranking"]))
