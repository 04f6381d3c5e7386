"""Calculations of the class of surface water: one section, a lake, a river of few or of many sections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import cast

from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.foundation.calc.faults import Fault
from anlan.foundation.calc.inputs import Choice, Count, Input, ListOf, MapOf, Number
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output, RuleVersion
from anlan.monitor.standards import classes
from anlan.monitor.standards.classes import (
    BODIES,
    CLASSES,
    THIRD,
    WORST,
    Assessment,
    SurfaceLimits,
    concluded,
    judge,
    means,
)
from anlan.monitor.standards.exact import decimal, fixed, fraction, percent, told
from anlan.monitor.standards.items import ItemValues, Result
from anlan.monitor.standards.words import word

_FEW = 4
_MANY = 5
# Printed shares may add up to a little more or less than the whole.
_SLACK = Fraction(1, 100)

_BODY = Input(
    "water_body",
    Choice(BODIES),
    Bilingual("水体类型；河道型水库用河流限值", "kind of water; a river-type reservoir counts as a river"),
)
_CLASS = Output("class", "class Ⅰ Ⅱ Ⅲ Ⅳ Ⅴ 劣Ⅴ, or null when not judged", Bilingual("水质类别", "class"))
_STATUS = Output("status", "status word or null", Bilingual("水质状况", "status"))
_COLOUR = Output("colour", "colour word or null", Bilingual("颜色", "colour"))
_ONE_PLACE = Bilingual("倍数按 GB/T 8170 修约到 1 位小数", "multiple to 1 decimal, GB/T 8170")
_MAIN = Output(
    "main",
    "list of [item, class, multiple as decimal string or null], at most 3",
    Bilingual("主要污染指标", "main indicators"),
    rounding=_ONE_PLACE,
)
_ITEMS = Output("items", "object: class by item", Bilingual("各项目类别", "class of each item"))
_APART = Output("apart", "object: class by item", Bilingual("不参评项目的类别", "class of items that do not count"))
_MISSING = Output("missing", "list of item codes", Bilingual("缺测项目", "items without a result"))
_MEAN = Output(
    "mean",
    "object: number by item",
    Bilingual("各项目平均值（未修约）", "mean of each item, not rounded"),
    "mg/L",
)
_COMPARED = Output(
    "compared",
    "object: decimal string by item",
    Bilingual("用于比较的平均值", "mean as it is compared"),
    "mg/L",
    rounding=Bilingual("GB/T 8170，按项目小数位数", "GB/T 8170 to the decimals of the item"),
)
_DECIMALS = Input(
    "decimals",
    MapOf(Count(minimum=0, maximum=10)),
    Bilingual(
        "项目的修约位数；缺省值凭记忆（可信度低），可由本区配置",
        "decimals by item; the defaults are from memory (low confidence), a district sets its own",
    ),
    required=False,
)


def _check_decimals(inputs: Mapping[str, object]) -> Iterable[Fault]:
    for item in cast("Mapping[str, int]", inputs["decimals"] or {}):
        if item not in ItemValues().codes:
            yield Fault(
                "unknown_field", f"decimals.{item}", step("没有项目 {item}。", "there is no item {item}.", item=item)
            )


def _points(name: str, longest: int | None, title: Bilingual) -> Input:
    return Input(name, ListOf(ItemValues(), shortest=1, longest=longest), title)


def calculations(table: SurfaceLimits, method: Assessment) -> tuple[Calculation, ...]:
    """The four calculations on a table of limits and a method: a pack's, or those carried here."""
    source = Bilingual(
        f"{table.source.title.zh};{method.source.title.zh}", f"{table.source.title.en}; {method.source.title.en}"
    )
    versions = (
        RuleVersion(
            f"{table.source.version.name}, {method.source.version.name}",
            max(table.source.version.first_day, method.source.version.first_day),
        ),
    )

    def places(inputs: Mapping[str, object]) -> Mapping[str, int]:
        return {**table.decimals, **cast("Mapping[str, int]", inputs["decimals"] or {})}

    def section(inputs: Mapping[str, object]) -> Answer:
        figures, dropped = classes.single(cast("Mapping[str, Result]", inputs["values"]))
        found = judge(
            figures,
            cast("str", inputs["water_body"]),
            table,
            cast("Decimal | None", inputs["water_temp"]),
        )
        status, colour = method.section(found.name)
        outputs = {
            "class": found.name,
            "status": status,
            "colour": colour,
            "main": [one.to_json() for one in found.main],
            "items": {one.item: CLASSES[one.grade] for one in found.items},
            "apart": {one.item: CLASSES[one.grade] for one in found.apart},
            "missing": list(found.missing),
        }
        return Answer(outputs, (*dropped, *found.steps, concluded(found, status, colour)))

    def lake_mean(inputs: Mapping[str, object]) -> Answer:
        points = cast("list[Mapping[str, Result]]", inputs["points"])
        return _of_means(points, cast("str", inputs["water_body"]), places(inputs), ())

    def river_few(inputs: Mapping[str, object]) -> Answer:
        sections = cast("list[Mapping[str, Result]]", inputs["sections"])
        names = [judge(classes.single(one)[0], "river", table).name for one in sections]
        each = step(
            "各断面类别:{names}。",
            "Class of each section: {names}.",
            names=Bilingual("、".join(word(n).zh for n in names), ", ".join(word(n).en for n in names)),
        )
        answer = _of_means(sections, "river", places(inputs), (each,))
        return Answer({**answer.outputs, "sections": names}, answer.steps)

    def _of_means(
        points: list[Mapping[str, Result]], body: str, decimals: Mapping[str, int], before: tuple[Step, ...]
    ) -> Answer:
        averaged = means(points, decimals)
        found = judge(averaged.compared, body, table)
        status, colour = method.section(found.name)
        outputs = {
            "mean": {item: decimal(value) for item, value in averaged.exact.items()},
            "class": found.name,
            "status": status,
            "colour": colour,
            "main": [one.to_json() for one in found.main],
            "compared": averaged.rounded(),
            "missing": list(found.missing),
        }
        return Answer(outputs, (*before, *averaged.steps, *found.steps, concluded(found, status, colour)))

    def river_many(inputs: Mapping[str, object]) -> Answer:
        in_good, in_bad, total = _shares(inputs)
        good, bad = percent(in_good, total), percent(in_bad, total)
        if good is None or bad is None:
            return Answer({}, (step("没有断面，不评价。", "There are no sections: not judged."),))
        status, colour = method.river(good, bad)
        steps = [
            step(
                "Ⅰ–Ⅲ类 {good}%，劣Ⅴ类 {bad}%(合计 {total})。",
                "Ⅰ–Ⅲ {good} %, worse than Ⅴ {bad} % (of {total}).",
                good=told(good),
                bad=told(bad),
                total=told(total),
            ),
            step(
                "水质状况{status}({colour})。", "Status: {status} ({colour}).", status=word(status), colour=word(colour)
            ),
        ]
        if inputs["shares"] is None and 1 < total < _MANY:
            steps.append(
                step(
                    "断面少于 5 个，按办法应先求均值再评价(water.river_few)。",
                    "Fewer than 5 sections: the method takes means first (water.river_few).",
                )
            )
        outputs = {"good_percent": fixed(good, 1), "bad_percent": fixed(bad, 1), "status": status, "colour": colour}
        return Answer(outputs, tuple(steps))

    return (
        Calculation(
            id="water.section",
            title=Bilingual("地表水断面水质类别", "Class of a surface water section"),
            note=Bilingual(
                "单因子评价：取参评项目中最差的类别；恰等于限值为达到。总氮、粪大肠菌群单列；缺测项目列出，不视为达标。",
                "Single factor: the worst of the judged items; a value on the limit meets it. Total nitrogen and "
                "coliforms stand apart; missing items are listed, never taken as met.",
            ),
            inputs=(
                _BODY,
                Input(
                    "values",
                    ItemValues(),
                    Bilingual(
                        "各项目结果，mg/L；低于检出限写 <0.01 或 0.01L",
                        "results by item, mg/L; <0.01 or 0.01L below detection",
                    ),
                ),
                Input(
                    "water_temp",
                    Number("℃", Decimal(-5), Decimal(50)),
                    Bilingual(
                        "水温，给出时另按饱和率 90% 判溶解氧Ⅰ类",
                        "water temperature; oxygen is class Ⅰ also from 90 % saturation",
                    ),
                    required=False,
                ),
            ),
            outputs=(_CLASS, _STATUS, _COLOUR, _MAIN, _ITEMS, _APART, _MISSING),
            source=source,
            versions=versions,
            examples=(
                # COD 25: above 20 (Ⅲ), not above 30: Ⅳ, (25 − 20)/20 = 0.25 → 0.2 (half to even).
                # NH3-N 2.4: above 2.0: 劣Ⅴ, (2.4 − 1)/1 = 1.4. TP 0.2 is on the limit of Ⅲ.
                Example(
                    {
                        "water_body": "river",
                        "values": {"ph": 7.2, "do": 6.1, "cod": 25, "nh3n": 2.4, "tp": 0.2, "tn": 3},
                    },
                    {
                        "class": "劣Ⅴ",
                        "status": "重度污染",
                        "colour": "红色",
                        "main": [["nh3n", "劣Ⅴ", "1.4"], ["cod", "Ⅳ", "0.2"]],
                        "apart": {},
                    },
                ),
                # TP 0.05 is on the lake limit of Ⅲ; total nitrogen 1.2 would be Ⅳ but stands apart.
                Example(
                    {"water_body": "lake", "values": {"cod": 14, "tp": 0.05, "tn": 1.2, "hg": "<0.00004"}},
                    {"class": "Ⅲ", "status": "良好", "main": [], "apart": {"tn": "Ⅳ"}},
                ),
            ),
            function=section,
        ),
        Calculation(
            id="water.lake_mean",
            title=Bilingual("湖库多点位平均评价", "Class of a lake from the mean of its points"),
            note=Bilingual(
                "各项目先对点位求算术平均，修约后按一个断面评价；低于检出限以检出限一半参加平均。",
                "Each item is averaged over the points, rounded, then judged as one section; below detection half "
                "of the limit counts.",
            ),
            inputs=(_BODY, _points("points", None, Bilingual("各点位的结果", "results of each point")), _DECIMALS),
            outputs=(_MEAN, _CLASS, _MAIN, _STATUS, _COLOUR, _COMPARED, _MISSING),
            check=_check_decimals,
            source=source,
            versions=versions,
            examples=(
                # TP (0.04 + 0.05 + 0.075)/3 = 0.165/3 = 0.055: above 0.05, Ⅳ; (0.055 − 0.05)/0.05 = 0.1.
                Example(
                    {"water_body": "lake", "points": [{"tp": 0.04, "do": 8}, {"tp": 0.05}, {"tp": 0.075, "do": 7}]},
                    {
                        "mean": {"do": 7.5, "tp": 0.055},
                        "class": "Ⅳ",
                        "main": [["tp", "Ⅳ", "0.1"]],
                        "compared": {"do": "7.5", "tp": "0.055"},
                    },
                ),
            ),
            function=lake_mean,
        ),
        Calculation(
            id="water.river_few",
            title=Bilingual("河流水质状况（断面少于5个）", "Status of a river with fewer than 5 sections"),
            note=Bilingual(
                "各项目先对断面求算术平均，再按一个断面评价，同时给出各断面类别。",
                "Each item is averaged over the sections, then judged as one; the class of each section is given too.",
            ),
            inputs=(
                _points("sections", _FEW, Bilingual("各断面的结果，1 至 4 个", "results of each section, 1 to 4")),
                _DECIMALS,
            ),
            outputs=(
                _MEAN,
                _CLASS,
                _STATUS,
                _COLOUR,
                _MAIN,
                Output("sections", "list of classes or nulls", Bilingual("各断面类别", "class of each section")),
                _COMPARED,
                _MISSING,
            ),
            check=_check_decimals,
            source=source,
            versions=versions,
            examples=(
                # NH3-N (0.4 + 1.2 + 0.8)/3 = 0.8: Ⅲ, though the second section alone is Ⅳ.
                Example(
                    {"sections": [{"nh3n": 0.4}, {"nh3n": 1.2}, {"nh3n": 0.8}]},
                    {"mean": {"nh3n": 0.8}, "class": "Ⅲ", "status": "良好", "sections": ["Ⅱ", "Ⅳ", "Ⅲ"]},
                ),
            ),
            function=river_few,
        ),
        Calculation(
            id="water.river_many",
            title=Bilingual("河流水质状况（断面5个及以上）", "Status of a river with 5 sections or more"),
            note=Bilingual(
                "给出各类别断面个数或占比（合计 100 或 1），未给的类别为 0。比较用未修约的占比。",
                "Counts of sections by class, or shares that add up to 100 (or 1); a class not given is 0. Shares are "
                "compared unrounded.",
            ),
            inputs=(
                *(
                    Input(
                        name,
                        Number("", Decimal(0)),
                        Bilingual(f"{name}类断面个数或占比", f"sections of class {word(name).en}, count or share"),
                        required=False,
                    )
                    for name in CLASSES
                ),
                Input(
                    "counts",
                    MapOf(Count("", 0), CLASSES),
                    Bilingual("各类别断面个数，与逐类给出二选一", "counts by class, instead of the single inputs"),
                    required=False,
                ),
                Input(
                    "shares",
                    MapOf(Number("", Decimal(0)), CLASSES),
                    Bilingual("各类别占比，与逐类给出二选一", "shares by class, instead of the single inputs"),
                    required=False,
                ),
            ),
            outputs=(
                Output(
                    "good_percent",
                    "decimal string or null",
                    Bilingual("Ⅰ–Ⅲ类比例", "share of Ⅰ–Ⅲ"),
                    "%",
                    rounding=_TENTH,
                ),
                Output(
                    "bad_percent",
                    "decimal string or null",
                    Bilingual("劣Ⅴ类比例", "share worse than Ⅴ"),
                    "%",
                    rounding=_TENTH,
                ),
                _STATUS,
                _COLOUR,
            ),
            at_least_one=((*CLASSES, "counts", "shares"),),
            check=_one_form,
            source=method.source.title,
            versions=(method.source.version,),
            examples=(
                # 8 of 12 in Ⅰ–Ⅲ: 66.67 %; 1 of 12 worse than Ⅴ: 8.33 % < 20 %.
                Example(
                    {"Ⅱ": 5, "Ⅲ": 3, "Ⅳ": 3, "劣Ⅴ": 1},
                    {"good_percent": "66.7", "bad_percent": "8.3", "status": "轻度污染", "colour": "黄色"},
                ),
                Example({"shares": {"Ⅱ": 60, "Ⅲ": 30, "Ⅳ": 10}}, {"good_percent": "90.0", "status": "优"}),
            ),
            function=river_many,
        ),
    )


_TENTH = Bilingual("GB/T 8170,1 位小数", "GB/T 8170 to 1 decimal")


def _shares(inputs: Mapping[str, object]) -> tuple[Fraction, Fraction, Fraction]:
    """Sections in Ⅰ–Ⅲ, in 劣Ⅴ, and all; for shares the whole is 100 or 1, whatever their rounding adds up to."""
    named = cast("Mapping[str, Decimal | int] | None", inputs["counts"] or inputs["shares"])
    found = named or {name: cast("Decimal", inputs[name]) for name in CLASSES if inputs[name] is not None}
    figures = {name: fraction(value) for name, value in found.items()}
    total = sum(figures.values(), Fraction(0))
    good = sum((figures.get(name, Fraction(0)) for name in CLASSES[: THIRD + 1]), Fraction(0))
    whole = _whole(total) if inputs["shares"] or any(figure.denominator > 1 for figure in figures.values()) else total
    whole = whole or total
    return min(good, whole), min(figures.get(CLASSES[WORST], Fraction(0)), whole), whole


def _whole(total: Fraction) -> Fraction | None:
    """100 or 1, whichever shares that add up to `total` are shares of."""
    return next((Fraction(whole) for whole in (100, 1) if abs(total - whole) <= whole * _SLACK), None)


def _one_form(inputs: Mapping[str, object]) -> Iterable[Fault]:
    single = [name for name in CLASSES if inputs[name] is not None]
    forms = [*single[:1], *(name for name in ("counts", "shares") if inputs[name] is not None)]
    for name in forms[1:]:
        yield Fault(
            "exactly_one",
            name,
            step(
                "各类别只用一种方式给出，收到 {forms}。",
                "give the classes in one way, got {forms}.",
                forms="、".join(forms),
            ),
        )
    figures = [cast("Decimal", inputs[name]) for name in single]
    if inputs["shares"] is not None:
        figures = list(cast("Mapping[str, Decimal]", inputs["shares"]).values())
    total = sum(map(fraction, figures), Fraction(0))
    are_shares = inputs["shares"] is not None or any(value != value.to_integral_value() for value in figures)
    if are_shares and _whole(total) is None:
        yield Fault(
            "out_of_range",
            "shares" if inputs["shares"] is not None else single[0],
            step(
                "占比合计应为 100 或 1，收到 {total}。",
                "shares must add up to 100 or 1, got {total}.",
                total=told(total),
            ),
        )


CALCULATIONS = calculations(classes.carried(), classes.assessment())
