"""Trophic level index of lakes (综合营养状态指数)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal, localcontext
from typing import Any, cast

from anlan.foundation.calc.explain import Bilingual, step
from anlan.foundation.calc.inputs import Input, Number
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output
from anlan.monitor.standards.items import by_code, listed
from anlan.monitor.standards.words import facts, source, word

_UNITS = {"chla": "mg/m3", "tp": "mg/L", "tn": "mg/L", "codmn": "mg/L", "sd": "m"}
_PRECISION = Context(prec=34)


def calculations(table: Mapping[str, Any]) -> tuple[Calculation, ...]:
    """The calculation on a table of coefficients: a pack's, or the one carried here."""
    method = source(table["method"])
    coefficients: Mapping[str, Mapping[str, Decimal]] = table["tli"]

    def grade(tli: Decimal) -> str:
        for row in table["tli_grade"]:
            if not ("below" in row and tli >= row["below"]) and not ("at_most" in row and tli > row["at_most"]):
                return cast("str", row["name"])
        raise ValueError("the table of trophic grades has no last row that always holds")

    def function(inputs: Mapping[str, object]) -> Answer:
        given = {item: cast("Decimal", inputs[item]) for item in coefficients if inputs[item] is not None}
        with localcontext(_PRECISION):
            r2 = {item: Decimal(coefficients[item]["r2"]) for item in given}
            parts = {
                item: 10 * (coefficients[item]["a"] + coefficients[item]["b"] * x.ln()) for item, x in given.items()
            }
            whole = sum(r2.values(), Decimal(0))
            tli = sum((r2[item] / whole * parts[item] for item in given), Decimal(0))
        name = grade(tli)
        steps = [
            step(
                "TLI({item}) = 10×({a} + ({b})×ln {x}) = {part}，权重 {r2}/{whole} = {weight}。",
                "TLI({item}) = 10×({a} + ({b})×ln {x}) = {part}, weight {r2}/{whole} = {weight}.",
                item=by_code()[item].name,
                a=coefficients[item]["a"],
                b=coefficients[item]["b"],
                x=f"{given[item]:f}",
                part=f"{parts[item]:.4f}",
                r2=r2[item],
                whole=whole,
                weight=f"{r2[item] / whole:.4f}",
            )
            for item in given
        ]
        missing = [item for item in coefficients if item not in given]
        if missing:
            steps.append(
                step(
                    "缺 {items}，权重按其余项目重新归一，结果不能与五项齐全的比较。",
                    "{items} missing: weights are those of the rest, not comparable with an index of all five.",
                    items=listed(missing),
                )
            )
        steps.append(
            step(
                "TLI = {tli}(展示 {shown}):{grade}。",
                "TLI = {tli} (shown as {shown}): {grade}.",
                tli=f"{tli:.6f}",
                shown=f"{tli:.1f}",
                grade=word(name),
            )
        )
        return Answer({"parts": parts, "tli": tli, "grade": name, "missing": missing}, tuple(steps))

    return (
        Calculation(
            id="water.tli",
            title=Bilingual("湖库综合营养状态指数", "Trophic level index of a lake"),
            note=Bilingual(
                "权重由与叶绿素a的相关系数平方计算，分级用未修约的值，展示保留 1 位小数。",
                "Weights come from the squared correlations with chlorophyll a; the grade uses the unrounded value; "
                "one decimal for display.",
            ),
            inputs=tuple(
                Input(item, Number(unit, Decimal(0), above=True), by_code()[item].name, required=False)
                for item, unit in _UNITS.items()
            ),
            at_least_one=(tuple(_UNITS),),
            outputs=(
                Output("parts", "object: number by item", Bilingual("各项目指数", "index of each item")),
                Output("tli", "number", Bilingual("综合营养状态指数（未修约）", "trophic level index, not rounded")),
                Output("grade", "grade word", Bilingual("营养状态", "trophic state")),
                Output("missing", "list of item codes", Bilingual("缺少的项目", "items without a value")),
            ),
            source=method.title,
            versions=(method.version,),
            examples=(
                # ln 1 = 0: 10 × 2.5 = 25; 10 × 9.436 = 94.36; 10 × 5.453 = 54.53; 10 × 0.109 = 1.09;
                # 10 × 5.118 = 51.18.
                # Weights over 1 + 0.7056 + 0.6724 + 2 × 0.6889 = 3.7558:
                # (25 + 0.7056×94.36 + 0.6724×54.53 + 0.6889×(1.09 + 51.18)) / 3.7558
                # = (25 + 66.580416 + 36.665972 + 36.008803) / 3.7558 = 164.255191 / 3.7558 = 43.7337…
                Example(
                    {"chla": 1, "tp": 1, "tn": 1, "codmn": 1, "sd": 1},
                    {
                        "parts": {"chla": 25, "tp": 94.36, "tn": 54.53, "sd": 51.18, "codmn": 1.09},
                        "grade": "中营养",
                        "missing": [],
                    },
                ),
                # 25 + 10.86 × ln 10 = 25 + 10.86 × 2.302585… = 50.00607…: just above 50.
                Example({"chla": 10}, {"grade": "轻度富营养"}),
            ),
            function=function,
        ),
    )


CALCULATIONS = calculations(facts("assessment.toml"))
