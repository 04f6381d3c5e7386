"""Whether a discharge exceeds its limit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import cast

from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.foundation.calc.faults import Fault, missing, nearest, shown, wrong_type
from anlan.foundation.calc.inputs import Choice, Count, Input, Number, Words
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output, RuleVersion
from anlan.monitor.standards import limits
from anlan.monitor.standards.exact import decimal, fraction, told
from anlan.monitor.standards.items import ItemName, Result, ResultType, by_code, by_name, names_of, unit_words
from anlan.monitor.standards.limits import DischargeLimit, DischargeStandard
from anlan.monitor.standards.words import word

_COLD = Decimal(12)
_YEAR = re.compile(r"(\d{4})(?:-\d{2}(?:-\d{2})?)?", re.ASCII)
_YEARS = Count("", 1949, 2999)
_CONFIDENCE = {
    "high": Bilingual("高", "high"),
    "medium": Bilingual("中（未经第二来源核对）", "medium (not checked against a second source)"),
    "low": Bilingual("低（凭记忆，请以原文核对后配置）", "low (from memory: check the text and configure)"),
}


@dataclass(frozen=True, slots=True)
class Built:
    """Year a plant was built in (of the approval of its environmental impact report): 2008, "2008", "2008-05-01"."""

    def read(self, value: object, field: str, faults: list[Fault]) -> int | None:
        """The year."""
        if isinstance(value, str):
            match = _YEAR.fullmatch(value)
            if not match:
                faults.append(wrong_type(field, value, "年份或日期", "a year or a date"))
                return None
            value = int(match[1])
        return _YEARS.read(value, field, faults)

    def describe(self) -> dict[str, object]:
        """Type and forms."""
        return {"type": "year or date", "forms": [2008, "2008-05-01"]}


def calculations(standards: Mapping[str, DischargeStandard]) -> tuple[Calculation, ...]:
    """The calculation on a table of standards: a pack's, or those carried here."""

    def grade_of(inputs: Mapping[str, object]) -> str | None:
        standard = standards[cast("str", inputs["standard"])]
        if inputs["grade"] is not None:
            return cast("str", inputs["grade"])
        if len(standard.grades) == 1:
            return standard.grades[0]
        # First-class pollutants have one limit, whatever the grade.
        names = names_of(cast("str", inputs["item"]))
        return "" if any(standard.find("", names)) and not _graded(standard, names) else None

    def check(inputs: Mapping[str, object]) -> Iterable[Fault]:
        standard = standards[cast("str", inputs["standard"])]
        grade = grade_of(inputs)
        if grade is None:
            yield missing("grade")
        elif grade and grade not in standard.limits:
            guess = nearest(grade, standard.limits)
            yield Fault(
                "not_a_choice",
                "grade",
                step(
                    "{standard} 没有级别 {grade}{guess}；可取 {grades}。",
                    "{standard} has no grade {grade}{guess}; it is one of {grades}.",
                    standard=inputs["standard"],
                    grade=shown(grade),
                    guess=Bilingual(f",是否指 {guess}?", f"; did you mean {guess}?") if guess else "",
                    grades="、".join(standard.limits),
                ),
            )

    def function(inputs: Mapping[str, object]) -> Answer:
        standard = standards[cast("str", inputs["standard"])]
        asked = cast("str", inputs["item"])
        found = standard.find(grade_of(inputs) or "", names_of(asked))
        built = cast("int | None", inputs["built"])
        fitting = [one for one in found if built is None or _fits(one, built)]
        item = (by_code().get(asked) or by_name()[asked]).name
        if not fitting:
            steps = (
                step(
                    "{standard} 对{item}在此级别没有限值，不评价。",
                    "{standard} has no limit for {item} at this grade: not judged.",
                    standard=inputs["standard"],
                    item=item,
                ),
            )
            return Answer({"status": "not_judged", "reason": "no_limit", "assumed": []}, steps)
        # The later, stricter limit holds unless it is shown that the plant is older.
        limit = min(fitting, key=lambda one: one.bounds)
        unknown = built is None and len({one.bounds for one in fitting}) > 1
        return _judged(limit, standard, inputs, grade_of(inputs), unknown)

    return (
        Calculation(
            id="water.discharge",
            title=Bilingual("排放是否超标", "Whether a discharge exceeds its limit"),
            note=Bilingual(
                "value 为日均值（有效日均值见 water.daily_mean）；恰等于限值为达标。"
                "氨氮括号限值只在给出水温且不高于 12 ℃ 时采用；总磷按建设年份，未给出时采用较严的；"
                "此类取舍列在 assumed。没有限值的不评价，不视为达标。",
                "value is a daily mean (see water.daily_mean); a value on the limit meets it. The bracketed ammonia "
                "limit holds only with a known water temperature of at most 12 ℃; phosphorus goes by the year built, "
                "the stricter where unknown; assumed lists such choices. No limit means not judged, never met.",
            ),
            inputs=(
                Input(
                    "standard",
                    Choice({id: one.source.title for id, one in standards.items()}),
                    Bilingual("排放标准编号", "number of the standard"),
                ),
                Input(
                    "grade",
                    Words(40),
                    Bilingual("级别；标准不分级时可省略", "grade; not needed where the standard has one"),
                    required=False,
                ),
                Input("item", ItemName(), Bilingual("项目代码或标准中的名称", "item code or the standard's name")),
                Input(
                    "value",
                    ResultType("", minimum=Decimal(0)),
                    Bilingual(
                        "排放值，单位同标准；低于检出限写 <0.01",
                        "value in the unit of the standard; <0.01 below detection",
                    ),
                ),
                Input(
                    "water_temp",
                    Number("℃", Decimal(-5), Decimal(60)),
                    Bilingual("水温", "water temperature"),
                    required=False,
                ),
                Input(
                    "built",
                    Built(),
                    Bilingual("建设年份（环评批复日期）", "year built (approval of the EIA)"),
                    required=False,
                ),
                Input(
                    "influent",
                    Number("mg/L", Decimal(0)),
                    Bilingual("进水浓度", "influent concentration"),
                    required=False,
                ),
            ),
            check=check,
            outputs=(
                Output("limit", "number, text (6~9, 不得检出) or null", Bilingual("限值", "limit")),
                Output("exceeds", "boolean or null when not judged", Bilingual("是否超标", "whether it exceeds")),
                Output(
                    "multiple", "number or null when not exceeding", Bilingual("超标倍数", "multiple above the limit")
                ),
                Output("removal_percent", "number or null", Bilingual("去除率", "removal"), "%"),
                Output("unit", "text or null", Bilingual("限值单位", "unit of the limit")),
                Output("status", "code: ok, not_judged", Bilingual("状态", "status")),
                Output(
                    "reason",
                    "code or null: no_limit, detection_limit_above_limit",
                    Bilingual("不评价的原因", "why not judged"),
                ),
                Output(
                    "assumed",
                    "list of codes: water_temp_unknown, built_unknown",
                    Bilingual("未给出而取较严的", "what was not given: the stricter limit was taken"),
                ),
                Output(
                    "confidence",
                    "code or null: high, medium, low",
                    Bilingual("限值的可信度", "confidence of the limit"),
                ),
            ),
            source=Bilingual(
                "各排放标准限值表；超标判定按日均值", "tables of limits of each standard, compared with daily means"
            ),
            versions=tuple(_versions(standards)),
            examples=(
                # (60 − 50)/50 = 0.2.
                Example(
                    {"standard": "GB 18918-2002", "grade": "一级A", "item": "cod", "value": 60},
                    {"limit": 50, "exceeds": True, "multiple": 0.2, "removal_percent": None, "status": "ok"},
                ),
                # At 12 ℃ the bracketed limit 8 holds.
                Example(
                    {"standard": "GB 18918-2002", "grade": "一级A", "item": "氨氮", "value": 7.5, "water_temp": 12},
                    {"limit": 8, "exceeds": False, "multiple": None, "assumed": []},
                ),
                # Above 120, but the influent is above 350 and (400 − 150)/400 = 62.5 % > 60 %.
                Example(
                    {"standard": "GB 18918-2002", "grade": "三级", "item": "cod", "value": 150, "influent": 400},
                    {"limit": 120, "exceeds": False, "removal_percent": 62.5},
                ),
                Example(
                    {"standard": "GB 18918-2002", "grade": "三级", "item": "tn", "value": 40},
                    {"limit": None, "exceeds": None, "status": "not_judged", "reason": "no_limit"},
                ),
            ),
            function=function,
        ),
    )


def _versions(standards: Mapping[str, DischargeStandard]) -> Iterable[RuleVersion]:
    return sorted((one.source.version for one in standards.values()), key=lambda version: version.first_day)


def _graded(standard: DischargeStandard, names: tuple[str, ...]) -> bool:
    return any(name in standard.limits[grade] for grade in standard.grades for name in names)


def _fits(limit: DischargeLimit, built: int) -> bool:
    return (limit.since or built) <= built <= (limit.until or built)


def _judged(
    limit: DischargeLimit,
    standard: DischargeStandard,
    inputs: Mapping[str, object],
    grade: str | None,
    built_unknown: bool,
) -> Answer:
    result = cast("Result", inputs["value"])
    name = by_name()[limit.item].name
    assumed: list[str] = []
    steps: list[Step] = []
    if built_unknown:
        assumed.append("built_unknown")
        steps.append(step("未给出建设年份，取较严的限值。", "The year built is not given: the stricter limit."))
    bounds = limit.bounds
    if limit.cold is not None:
        temp = cast("Decimal | None", inputs["water_temp"])
        if temp is None:
            assumed.append("water_temp_unknown")
            steps.append(step("未给出水温，取水温高于 12 ℃ 的限值。", "No water temperature: the limit above 12 ℃."))
        elif temp <= _COLD:
            bounds = (limit.cold,)
            steps.append(
                step("水温 {t} ℃ ≤ 12 ℃,取括号内限值。", "Water at {t} ℃ ≤ 12 ℃: the bracketed limit.", t=f"{temp:f}")
            )
    steps.append(
        step(
            "{item} 限值 {limit}{unit}({clause},{grade});限值可信度:{confidence}。",
            "{item}: limit {limit}{unit} ({clause}, {grade}); confidence of the limit: {confidence}.",
            item=name,
            limit="~".join(told(bound) for bound in bounds) or Bilingual("不得检出", "not to be detected"),
            unit=unit_words(limit.unit),
            clause=limit.clause,
            grade=word(grade) if grade else Bilingual("不分级", "no grades"),
            confidence=_CONFIDENCE[standard.source.confidence],
        )
    )
    removal = _removal(result, cast("Decimal | None", inputs["influent"]), steps)
    exceeds, reason = _exceeds(limit.op, bounds, result, steps)
    if exceeds and limit.removal is not None and removal is not None:
        influent = fraction(cast("Decimal", inputs["influent"]))
        if influent > limit.removal.influent_above and removal > limit.removal.removal_above:
            exceeds = False
            steps.append(
                step(
                    "进水高于 {influent} mg/L 且去除率高于 {removal}%，按去除率达标。",
                    "Influent above {influent} mg/L and removal above {removal} %: met by removal.",
                    influent=told(limit.removal.influent_above),
                    removal=told(limit.removal.removal_above),
                )
            )
    multiple = None
    if exceeds and limit.op == "at_most":
        multiple = (result.value - bounds[0]) / bounds[0]
        steps.append(
            step(
                "超标倍数 = ({value} − {limit})/{limit} = {multiple}。",
                "Multiple = ({value} − {limit}) / {limit} = {multiple}.",
                value=result.text,
                limit=told(bounds[0]),
                multiple=told(multiple),
            )
        )
    outputs = {
        "limit": decimal(bounds[0]) if limit.op == "at_most" else limit.told(),
        "exceeds": exceeds,
        "multiple": None if multiple is None else decimal(multiple),
        "removal_percent": None if removal is None else decimal(removal),
        "unit": limit.unit or None,
        "status": "ok" if exceeds is not None else "not_judged",
        "reason": reason,
        "assumed": assumed,
        "confidence": standard.source.confidence,
    }
    return Answer(outputs, tuple(steps), limit.clause, standard.source.version.name)


def _removal(result: Result, influent: Decimal | None, steps: list[Step]) -> Fraction | None:
    if not influent or result.below is not None:
        return None
    removal = (fraction(influent) - result.value) * 100 / fraction(influent)
    steps.append(
        step(
            "去除率 = ({influent} − {value})/{influent} = {removal}%。",
            "Removal = ({influent} − {value}) / {influent} = {removal} %.",
            influent=f"{influent:f}",
            value=result.text,
            removal=told(removal),
        )
    )
    return removal


def _exceeds(
    op: str, bounds: tuple[Fraction, ...], result: Result, steps: list[Step]
) -> tuple[bool | None, str | None]:
    if op == "not_detected":
        found = result.below is None and result.value > 0
        verdict = found
    elif result.below is not None and result.below > bounds[-1]:
        steps.append(
            step(
                "检出限 {value} 高于限值，无法评价。",
                "The detection limit {value} is above the limit: not judged.",
                value=result.text,
            )
        )
        return None, "detection_limit_above_limit"
    elif op == "inside":
        verdict = not bounds[0] <= result.value <= bounds[1]
    else:
        verdict = result.below is None and result.value > bounds[0]
    steps.append(
        step(
            "{value}:{verdict}。",
            "{value}: {verdict}.",
            value=result.text,
            verdict=Bilingual("超出限值", "beyond the limit")
            if verdict
            else Bilingual("未超出限值", "within the limit"),
        )
    )
    return verdict, None


CALCULATIONS = calculations(limits.carried())
