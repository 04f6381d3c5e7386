"""Index of biotic integrity: does a metric tell reference from impaired sites, its scores, grades of the index."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from anlan.ecology.rules.percentiles import METHOD, fractions, percentile
from anlan.foundation.calc.exact import decimal, told
from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.foundation.calc.faults import Fault, missing
from anlan.foundation.calc.inputs import Choice, Input, ListOf, Number
from anlan.foundation.calc.sources import source
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output

_FIGURES = ListOf(Number(text=True))
_SAMPLE = ListOf(Number(text=True), shortest=1)
_IQ = {
    3: Bilingual("两箱体无重叠", "the boxes do not overlap"),
    2: Bilingual("箱体部分重叠，两组中位数都在对方箱体之外", "both medians lie outside the other's box"),
    1: Bilingual("只有一组中位数在对方箱体之外", "one median lies outside the other's box"),
    0: Bilingual("两组中位数都在对方箱体之内", "both medians lie inside the other's box"),
}


def calculations(table: Mapping[str, Any]) -> tuple[Calculation, ...]:
    """Discrimination, scores, grades, and the official index of the Yangtze, on a table of bands."""
    return (_discrimination(table), _score(table), _grade(table), _yangtze(table))


def _discrimination(table: Mapping[str, Any]) -> Calculation:
    method, keep_from = source(table["method"]), table["discrimination"]["keep_from"]

    def function(inputs: Mapping[str, object]) -> Answer:
        kind = cast("str", inputs["percentile"])
        boxes = [
            [percentile(fractions(inputs, name), Fraction(n, 4), kind) for n in (1, 2, 3)]
            for name in ("reference", "impaired")
        ]
        (r25, r50, r75), (i25, i50, i75) = boxes
        apart = r25 > i75 or i25 > r75
        quality = 3 if apart else (not i25 <= r50 <= i75) + (not r25 <= i50 <= r75)
        keep = quality >= keep_from
        names = (Bilingual("参照点", "reference"), Bilingual("受损点", "impaired"))
        steps = [
            step(
                "{name}箱体(25%、50%、75%，{kind}):{low}、{mid}、{high}。",
                "Box of {name} sites (25, 50, 75 %, {kind}): {low}, {mid}, {high}.",
                name=name,
                kind=kind,
                low=told(box[0]),
                mid=told(box[1]),
                high=told(box[2]),
            )
            for name, box in zip(names, boxes, strict=True)
        ]
        steps.append(
            step(
                "{why}(边界相等算重叠、算在箱体内):IQ = {iq},{keep}。",
                "{why} (touching counts as overlap and as inside): IQ = {iq}, {keep}.",
                why=_IQ[quality],
                iq=quality,
                keep=Bilingual("保留", "kept") if keep else Bilingual("剔除", "dropped"),
            )
        )
        shown = [[decimal(value) for value in box] for box in boxes]
        outputs = {"box_reference": shown[0], "box_impaired": shown[1], "IQ": quality, "keep": keep}
        return Answer(outputs, tuple(steps))

    box = "list of 3 numbers"
    return Calculation(
        id="eco.ibi_discrimination",
        title=Bilingual("IBI 指标判别能力", "Discrimination of a metric of the IBI"),
        inputs=(
            Input("reference", _SAMPLE, Bilingual("参照点的指标值", "metric at reference sites")),
            Input("impaired", _SAMPLE, Bilingual("受损点的指标值", "metric at impaired sites")),
            METHOD,
        ),
        outputs=(
            Output("box_reference", box, Bilingual("参照点箱体(25%、50%、75%)", "box of reference sites")),
            Output("box_impaired", box, Bilingual("受损点箱体", "box of impaired sites")),
            Output("IQ", "integer 0–3", Bilingual("判别等级", "quality of discrimination")),
            Output("keep", "boolean", Bilingual("是否保留", "whether the metric is kept")),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # Linear percentiles: 5 sites at places 2, 3, 4; 5 sites likewise. 12 > 4: no overlap.
            Example(
                {"reference": [10, 12, 14, 16, 18], "impaired": [1, 2, 3, 4, 5]},
                {"box_reference": [12, 14, 16], "box_impaired": [2, 3, 4], "IQ": 3, "keep": True},
            ),
        ),
        function=function,
    )


def _score(table: Mapping[str, Any]) -> Calculation:
    method = source(table["method"])

    def function(inputs: Mapping[str, object]) -> Answer:
        values, kind = fractions(inputs, "values"), cast("str", inputs["percentile"])
        top = max(values)
        if inputs["direction"] == "down":
            bound = percentile(values, Fraction(19, 20), kind)
            outputs: dict[str, object] = {"q95": decimal(bound)}
            span, ratios = bound, values
            said = step(
                "q95 = {q}({kind});s = x/q95，限于 0–1。",
                "q95 = {q} ({kind}); s = x/q95 within 0–1.",
                q=told(bound),
                kind=kind,
            )
        else:
            bound = percentile(values, Fraction(1, 20), kind)
            outputs = {"q05": decimal(bound)}
            span, ratios = top - bound, [top - value for value in values]
            said = step(
                "q05 = {q}({kind}),最大值 {top};s = (最大值 − x)/(最大值 − q05),限于 0–1。",
                "q05 = {q} ({kind}), maximum {top}; s = (maximum − x)/(maximum − q05) within 0–1.",
                q=told(bound),
                kind=kind,
                top=told(top),
            )
        if span <= 0:
            why = step(
                "分母为 {span}，该指标无效，应剔除。",
                "The divisor is {span}: the metric is invalid, drop it.",
                span=told(span),
            )
            return Answer({**outputs, "status": "metric_invalid"}, (said, why))
        scores = [min(max(value / span, Fraction(0)), Fraction(1)) for value in ratios]
        shown = " ".join(told(score) for score in scores[:20]) + (" …" if len(scores) > 20 else "")
        outputs |= {"scores": [decimal(score) for score in scores], "status": "ok"}
        return Answer(outputs, (said, step("得分:{scores}。", "Scores: {scores}.", scores=shown)))

    return Calculation(
        id="eco.ibi_score",
        title=Bilingual("IBI 指标记分（比值法）", "Scores of a metric of the IBI by ratio"),
        note=Bilingual(
            "values 为全部样点（参照点和受损点）的值。", "values are those of all sites, reference and impaired."
        ),
        inputs=(
            Input("values", _SAMPLE, Bilingual("全部样点的指标值", "metric at all sites")),
            Input(
                "direction",
                Choice(
                    {
                        "down": Bilingual("干扰越强越小", "falls under stress"),
                        "up": Bilingual("干扰越强越大", "rises under stress"),
                    }
                ),
                Bilingual("对干扰的反应", "response to stress"),
            ),
            METHOD,
        ),
        outputs=(
            Output("q95", "number or null", Bilingual("95% 分位(down)", "95th percentile (down)")),
            Output("q05", "number or null", Bilingual("5% 分位(up)", "5th percentile (up)")),
            Output("scores", "list of numbers or null", Bilingual("各样点得分，0–1", "score of each site, 0–1")),
            Output("status", "code: ok, metric_invalid", Bilingual("状态", "status")),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # Place of 95 % among 21 values: 1 + 20×0.95 = 20, that is 20; 10/20 = 0.5, 21/20 is cut to 1.
            Example(
                {"values": [*range(1, 22)], "direction": "down"},
                {"q95": 20, "q05": None, "scores": [*(n / 20 for n in range(1, 21)), 1], "status": "ok"},
            ),
            Example({"values": [0, 0, 0], "direction": "down"}, {"scores": None, "status": "metric_invalid"}),
        ),
        function=function,
    )


def _grade(table: Mapping[str, Any]) -> Calculation:
    method, bands = source(table["method"]), table["bands"]
    names = bands["names"]

    def expectation(inputs: Mapping[str, object]) -> tuple[Fraction | None, Step]:
        if inputs["method"] == "reference":
            given, sample, share = "p25", fractions(inputs, "reference"), Fraction(1, 4)
            which = Bilingual("参照点的 25% 分位", "25th percentile of reference sites")
        else:
            given, sample, share = "p95", fractions(inputs, "values"), Fraction(19, 20)
            which = Bilingual("全部样点的 95% 分位", "95th percentile of all sites")
        if inputs[given] is not None:
            best: Fraction | None = Fraction(cast("Decimal", inputs[given]))
        else:
            best = percentile(sample, share) if sample else None
        shown = "–" if best is None else told(best)
        return best, step("{which}:{best}。", "{which}: {best}.", which=which, best=shown)

    def function(inputs: Mapping[str, object]) -> Answer:
        best, said = expectation(inputs)
        if best is None or best <= 0:
            why = step("期望值不大于 0，无法分级。", "The expectation is not above 0: there is no grade.")
            return Answer({"status": "not_defined"}, (said, why))
        shares = bands["reference" if inputs["method"] == "reference" else "all_p95"]
        cuts = [best * Fraction(share) for share in shares]
        # Equal to a cut falls into the band below it.
        places = [sum(value <= cut for cut in cuts) for value in fractions(inputs, "values")]
        steps = [
            said,
            step(
                "界值:{cuts}；大于界值为上一级，等于归下一级。",
                "Cuts: {cuts}; above a cut is the better grade, equal the lower one.",
                cuts=", ".join(told(cut) for cut in cuts),
            ),
        ]
        for place, name in enumerate(names):
            if count := places.count(place):
                grade = Bilingual(name["grade"], name["en"])
                steps.append(step("{grade}:{n} 个。", "{grade}: {n}.", grade=grade, n=count))
        outputs = {
            "cuts": [decimal(cut) for cut in cuts],
            "grades": [names[place]["grade"] for place in places],
            "status": "ok",
        }
        return Answer(outputs, tuple(steps))

    def check(inputs: Mapping[str, object]) -> Iterable[Fault]:
        if inputs["method"] == "reference" and inputs["p25"] is None and not inputs["reference"]:
            yield missing("p25")

    return Calculation(
        id="eco.ibi_grade",
        title=Bilingual("IBI 分级", "Grades of the IBI"),
        note=Bilingual(
            "reference:参照点 25% 分位为健康界限，其下四等分；all_p95(p95):全部样点 95% 分位五等分。"
            "五级（健康…极差）与长江官方指数的六级不同，不可混用。",
            "reference: the 25th percentile of reference sites bounds healthy, four equal parts below; all_p95 (or "
            "p95): five equal parts of the 95th percentile of all sites. These five bands are not the six official "
            "grades of the Yangtze.",
        ),
        inputs=(
            Input(
                "method",
                Choice(
                    {
                        "reference": Bilingual("参照点 25% 分位", "25th percentile of reference sites"),
                        "all_p95": Bilingual("全部样点 95% 分位", "95th percentile of all sites"),
                        "p95": Bilingual("同 all_p95", "the same as all_p95"),
                    }
                ),
                Bilingual("分级方法", "method"),
            ),
            Input("values", _FIGURES, Bilingual("待分级的 IBI", "indices to grade")),
            Input(
                "p95",
                Number(text=True),
                Bilingual("95% 分位；不给则由 values 算", "95th percentile; else of values"),
                False,
            ),
            Input("p25", Number(text=True), Bilingual("参照点 25% 分位", "25th percentile of reference sites"), False),
            Input("reference", _FIGURES, Bilingual("参照点的 IBI", "indices of reference sites"), False),
        ),
        check=check,
        outputs=(
            Output("cuts", "list of 4 numbers or null", Bilingual("界值，由高到低", "cuts from the best")),
            Output("grades", "list of grade words or null", Bilingual("等级", "grades")),
            Output("status", "code: ok, not_defined", Bilingual("状态", "status")),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # 24 × 0.8 = 19.2, 14.4, 9.6, 4.8; exactly 19.2 is not above it.
            Example(
                {"method": "all_p95", "p95": 24, "values": [19.3, 19.2, 4.8]},
                {"cuts": [19.2, 14.4, 9.6, 4.8], "grades": ["健康", "亚健康", "极差"], "status": "ok"},
            ),
            Example(
                {"method": "reference", "p25": 2, "values": [2.1, 1.5]},
                {"cuts": [2, 1.5, 1, 0.5], "grades": ["健康", "一般"]},
            ),
        ),
        function=function,
    )


def _yangtze(table: Mapping[str, Any]) -> Calculation:
    method = source(table["yangtze"])
    names, configured = table["yangtze"]["grades"], table["yangtze"]["cutoffs"]
    needed = len(names) - 1

    def function(inputs: Mapping[str, object]) -> Answer:
        cuts = [Fraction(cut) for cut in cast("list[Decimal]", inputs["cutoffs"] or configured)]
        if not cuts:
            why = step(
                "官方界值未核实，配置中也没有，不给等级。",
                "The official cut-offs are not established and none are configured: no grade is given.",
            )
            return Answer({"status": "cutoffs_not_configured"}, (why, *method.doubt))
        score = Fraction(cast("Decimal", inputs["score"]))
        place = sum(score < cut for cut in cuts)
        said = step(
            "得分 {score}，界值 {cuts}(达到即属该级):{grade}。",
            "Score {score}, cut-offs {cuts} (reaching one is enough): {grade}.",
            score=told(score),
            cuts=", ".join(told(cut) for cut in cuts),
            grade=Bilingual(names[place]["grade"], names[place]["en"]),
        )
        return Answer({"grade": names[place]["grade"], "status": "ok"}, (said, *method.doubt))

    def check(inputs: Mapping[str, object]) -> Iterable[Fault]:
        cuts = cast("list[Decimal]", inputs["cutoffs"] or ())
        if any(high <= low for high, low in itertools.pairwise(cuts)):
            yield Fault(
                "out_of_range",
                "cutoffs",
                step("cutoffs 须由高到低，不得相等。", "cutoffs must fall from the best, none equal."),
            )

    return Calculation(
        id="eco.yangtze_index",
        title=Bilingual("长江流域水生生物完整性指数分级", "Grade of the Yangtze integrity index"),
        note=Bilingual(
            "六级：优、良、一般、较差、差、无鱼。界值未核实，须由配置或输入给出五个下限；达到下限即属该级（设计）。",
            "Six grades. The cut-offs are not established: five lower bounds come from configuration or the input; "
            "reaching a bound is enough (design).",
        ),
        inputs=(
            Input("score", Number(text=True), Bilingual("指数得分", "score")),
            Input(
                "cutoffs",
                ListOf(Number(text=True), needed, needed),
                Bilingual("五个等级下限，由高到低", "five lower bounds from the best"),
                required=False,
            ),
        ),
        check=check,
        outputs=(
            Output("grade", "grade word or null", Bilingual("等级", "grade")),
            Output("status", "code: ok, cutoffs_not_configured", Bilingual("状态", "status")),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            Example({"score": 55}, {"grade": None, "status": "cutoffs_not_configured"}),
            # Invented bounds: 55 reaches 40, not 60.
            Example({"score": 55, "cutoffs": [80, 60, 40, 20, 1]}, {"grade": "一般", "status": "ok"}),
        ),
        function=function,
    )
