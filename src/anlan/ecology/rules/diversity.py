"""eco.diversity and eco.biotic_index: what a sample of organisms says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from anlan.foundation.calc.exact import decimal, told
from anlan.foundation.calc.explain import Bilingual, step
from anlan.foundation.calc.inputs import Count, Input, ListOf, Number, Record
from anlan.foundation.calc.rounding import rounded
from anlan.foundation.calc.sources import source
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output


def calculations(table: Mapping[str, Any]) -> tuple[Calculation, ...]:
    """Both calculations on a table of grades."""
    return (_diversity(table), _biotic(table))


def _diversity(table: Mapping[str, Any]) -> Calculation:
    method = source(table["method"])

    def function(inputs: Mapping[str, object]) -> Answer:
        counts = [n for n in cast("list[int]", inputs["counts"]) if n]
        kinds, total = len(counts), sum(counts)
        steps = [
            step(
                "有个体的分类单元 S = {s}，个体总数 N = {n}。",
                "Taxa with individuals S = {s}, N = {n}.",
                s=kinds,
                n=total,
            )
        ]
        outputs: dict[str, object] = {"S": kinds, "N": total}
        if total:
            # fsum of −p ln p; a single taxon gives 0, not −0.
            entropy = math.fsum(n / total * math.log(total / n) for n in counts)
            outputs |= {
                "H_ln": entropy,
                "H_log2": math.fsum(n / total * math.log2(total / n) for n in counts),
                "Margalef": (kinds - 1) / math.log(total) if total > 1 else None,
                "Pielou": entropy / math.log(kinds) if kinds > 1 else None,
                "BergerParker": decimal(Fraction(max(counts), total)),
            }
            steps.append(
                step(
                    "H′ = −Σ(n/N)·ln(n/N) = {h}；以 2 为底 {h2}。Berger-Parker = {m}/{n} = {bp}。",
                    "H′ = −Σ(n/N)·ln(n/N) = {h}; to base 2 {h2}. Berger-Parker = {m}/{n} = {bp}.",
                    h=told(entropy),
                    h2=told(cast("float", outputs["H_log2"])),
                    m=max(counts),
                    n=total,
                    bp=told(Fraction(max(counts), total)),
                )
            )
        if kinds > 1:
            steps.append(
                step(
                    "Margalef = ({s} − 1)/ln {n} = {margalef};Pielou = H′/ln {s} = {pielou}。",
                    "Margalef = ({s} − 1)/ln {n} = {margalef}; Pielou = H′/ln {s} = {pielou}.",
                    s=kinds,
                    n=total,
                    margalef=told(cast("float", outputs["Margalef"])),
                    pielou=told(cast("float", outputs["Pielou"])),
                )
            )
        else:
            steps.append(
                step(
                    "N ≤ 1 时 Margalef 无定义，S ≤ 1 时 Pielou 无定义，不记 0。",
                    "Margalef is not defined for N ≤ 1, Pielou not for S ≤ 1: null, not 0.",
                )
            )
        return Answer(outputs, tuple(steps))

    index = "number or null"
    return Calculation(
        id="eco.diversity",
        title=Bilingual("生物多样性指数", "Diversity indices"),
        note=Bilingual(
            "个体数为 0 的分类单元不计入 S。文献有用 ln 也有用 log2 的，两个都给。",
            "Taxa with a count of 0 do not enter S. Papers use ln or log2: both are given.",
        ),
        inputs=(Input("counts", ListOf(Count("", 0)), Bilingual("各分类单元个体数", "individuals of each taxon")),),
        outputs=(
            Output("S", "integer", Bilingual("分类单元数", "number of taxa")),
            Output("N", "integer", Bilingual("个体总数", "number of individuals")),
            Output("H_ln", index, Bilingual("Shannon-Wiener(ln)", "Shannon-Wiener (ln)"), "nat"),
            Output("H_log2", index, Bilingual("Shannon-Wiener(log2)", "Shannon-Wiener (log2)"), "bit"),
            Output("Margalef", index, Bilingual("Margalef 丰富度", "Margalef richness")),
            Output("Pielou", index, Bilingual("Pielou 均匀度", "Pielou evenness")),
            Output("BergerParker", index, Bilingual("Berger-Parker 优势度", "Berger-Parker dominance")),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # Four equal taxa: log2 4 = 2 bits, evenness 1, the commonest holds a quarter.
            Example({"counts": [5, 5, 5, 5, 0]}, {"S": 4, "N": 20, "H_log2": 2.0, "Pielou": 1.0, "BergerParker": 0.25}),
            Example({"counts": [7]}, {"S": 1, "H_ln": 0.0, "Pielou": None, "BergerParker": 1}),
            Example({"counts": []}, {"S": 0, "N": 0, "H_ln": None, "Margalef": None, "BergerParker": None}),
        ),
        function=function,
    )


def _biotic(table: Mapping[str, Any]) -> Calculation:
    method, grades = source(table["method"]), table["biotic"]["grades"]

    def function(inputs: Mapping[str, object]) -> Answer:
        taxa = cast("list[Mapping[str, Any]]", inputs["taxa"])
        total = sum(taxon["n"] for taxon in taxa)
        rated = [(taxon["n"], Fraction(taxon["tolerance"])) for taxon in taxa if taxon["tolerance"] is not None]
        counted = sum(n for n, _ in rated)
        coverage = Fraction(counted, total) if total else None
        steps = [
            step(
                "有耐污值的个体 {counted}，全部个体 {total}，覆盖率 {coverage}。",
                "Individuals with a tolerance value {counted} of {total}: coverage {coverage}.",
                counted=counted,
                total=total,
                coverage="–" if coverage is None else told(coverage),
            )
        ]
        outputs: dict[str, object] = {"coverage": None if coverage is None else decimal(coverage)}
        if not counted:
            steps.append(step("没有可计的个体，BI 无定义。", "No individual counts: BI is not defined."))
            return Answer(outputs, tuple(steps))
        weighted = sum((n * tolerance for n, tolerance in rated), Fraction(0))
        index = weighted / counted
        shown = Decimal(rounded(decimal(index), 2))
        row = next(row for row in grades if shown <= row["up_to"])
        steps.append(
            step(
                "BI = Σnᵢaᵢ/N = {sum}/{n} = {bi}；等级界限为两位小数，修约为 {shown}，属{grade}。",
                "BI = Σnᵢaᵢ/N = {sum}/{n} = {bi}; the bounds have two decimals, rounded {shown}: {grade}.",
                sum=told(weighted),
                n=counted,
                bi=told(index),
                shown=shown,
                grade=Bilingual(row["grade"], row["en"]),
            )
        )
        return Answer({**outputs, "BI": decimal(index), "grade": row["grade"]}, tuple(steps))

    return Calculation(
        id="eco.biotic_index",
        title=Bilingual("BI 生物指数", "Biotic index"),
        note=Bilingual(
            "只用有耐污值的个体，同时报告其占全部个体的比例(0–1)。",
            "Only individuals with a tolerance value count; their share (0–1) is reported.",
        ),
        inputs=(
            Input(
                "taxa",
                ListOf(
                    Record(
                        (
                            Input("n", Count("", 0), Bilingual("个体数", "individuals")),
                            Input(
                                "tolerance",
                                Number("", Decimal(0), Decimal(10), text=True),
                                Bilingual("耐污值，没有则不填", "tolerance value; absent where there is none"),
                                required=False,
                            ),
                        )
                    )
                ),
                Bilingual("各分类单元", "taxa"),
            ),
        ),
        outputs=(
            Output("BI", "number or null", Bilingual("生物指数", "biotic index")),
            Output("coverage", "number or null, 0–1", Bilingual("有耐污值的个体比例", "share of rated individuals")),
            Output("grade", "grade word or null", Bilingual("等级", "grade")),
        ),
        source=Bilingual("Hilsenhoff 生物指数分级", "Hilsenhoff's biotic index"),
        versions=(method.version,),
        examples=(
            # (10×2 + 30×6)/40 = 200/40 = 5; 40 of 50 individuals are rated.
            Example(
                {"taxa": [{"n": 10, "tolerance": 2}, {"n": 30, "tolerance": 6}, {"n": 10}]},
                {"BI": 5, "coverage": 0.8, "grade": "清洁"},
            ),
        ),
        function=function,
    )
