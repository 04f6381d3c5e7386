"""Gross ecosystem product: water kept, soil kept, pollutants cleaned, carbon fixed. Quantities and values apart."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from anlan.foundation.calc.exact import decimal, told
from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.foundation.calc.inputs import Choice, Input, ListOf, Number, Record
from anlan.foundation.calc.sources import source
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output

_NO_PRICE = step("没有给出单价，不计价值（为 null，不记 0）。", "No price is given: no value (null, not 0).")


def number(unit: str, low: int | None = 0, high: int | None = None) -> Number:
    """Measured figure in a unit, not negative unless `low` is None."""
    least, most = (None if bound is None else Decimal(bound) for bound in (low, high))
    return Number(unit, least, most, text=True)


def given(inputs: Mapping[str, object], name: str) -> Fraction | None:
    """Figure of an input as a fraction, None where it was not given."""
    return None if inputs[name] is None else figure(inputs, name)


def figure(inputs: Mapping[str, object], name: str) -> Fraction:
    """Figure of an input that is required or has a default; a default of the spec counts as the digits it prints."""
    value = inputs[name]
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(cast("Decimal", value))


def shown(value: Fraction | None) -> Decimal | None:
    """Figure on its way out."""
    return None if value is None else decimal(value)


def calculations(table: Mapping[str, Any]) -> tuple[Calculation, ...]:
    """Four services on a table of coefficients; climate and flood stand in a file of their own."""
    return (_water(table), _soil(table), _air_water(table), _carbon(table))


def _water(table: Mapping[str, Any]) -> Calculation:
    method, alpha = source(table["method"]), table["alpha_percent"]
    names = {zh: Bilingual(zh, table["english"][zh]) for zh in alpha}

    def function(inputs: Mapping[str, object]) -> Answer:
        kind = cast("str", inputs["type"])
        area, rain, lost = (figure(inputs, name) for name in ("A_km2", "P_mm", "ET_mm"))
        runoff = rain * Fraction(alpha[kind]) / 100
        kept = area * (rain - runoff - lost) * 1000
        price = given(inputs, "c_res")
        value = None if price is None else kept * price
        steps = [
            step(
                "{kind}径流系数 α = {alpha}%：R = {p} × {alpha}% = {r} mm。",
                "{kind}: runoff α = {alpha} %; R = {p} × {alpha} % = {r} mm.",
                kind=names[kind],
                alpha=alpha[kind],
                p=told(rain),
                r=told(runoff),
            ),
            step(
                "Q = A×(P − R − ET)×1000 = {a}×({p} − {r} − {et})×1000 = {q} m³。",
                "Q = A×(P − R − ET)×1000 = {a}×({p} − {r} − {et})×1000 = {q} m³.",
                a=told(area),
                p=told(rain),
                r=told(runoff),
                et=told(lost),
                q=told(kept),
            ),
            _valued(kept, price, value, "m³"),
        ]
        if kept < 0:
            steps.append(
                step(
                    "水源涵养量为负：保留负值参与各类型求和，汇总仍为负的记 0 并标注。",
                    "Negative: it stays in the sum over types; a negative total counts as 0 and is marked.",
                )
            )
        outputs = {
            "R_mm": decimal(runoff),
            "Q_m3": decimal(kept),
            "V_yuan": shown(value),
            "flag": "negative" if kept < 0 else None,
        }
        return Answer(outputs, (*steps, *method.doubt))

    return Calculation(
        id="eco.gep_water",
        title=Bilingual("水源涵养", "Water conservation"),
        note=Bilingual(
            "一次算一种生态系统类型，全区为各类型之和。", "One type of ecosystem at a time; a district is their sum."
        ),
        inputs=(
            Input("type", Choice(names), Bilingual("生态系统类型", "type of ecosystem")),
            Input("A_km2", number("km²"), Bilingual("面积", "area")),
            Input("P_mm", number("mm"), Bilingual("年降水量", "rain of the year")),
            Input("ET_mm", number("mm"), Bilingual("年蒸散量", "evapotranspiration of the year")),
            Input("c_res", number("yuan/m³"), Bilingual("水库单位库容造价", "cost of reservoir capacity"), False),
        ),
        outputs=(
            Output("R_mm", "number", Bilingual("地表径流", "runoff"), "mm"),
            Output("Q_m3", "number", Bilingual("水源涵养量", "water conserved"), "m³"),
            Output("V_yuan", "number or null", Bilingual("价值", "value"), "yuan"),
            Output("flag", "code or null: negative", Bilingual("标注", "mark")),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # R = 1800 × 2.67 % = 48.06; 120 × (1800 − 48.06 − 820) × 1000 = 111,832,800; × 6.5 = 726,913,200.
            Example(
                {"type": "常绿阔叶林", "A_km2": 120, "P_mm": 1800, "ET_mm": 820, "c_res": 6.5},
                {"R_mm": 48.06, "Q_m3": 111_832_800, "V_yuan": 726_913_200, "flag": None},
            ),
        ),
        function=function,
    )


def _valued(quantity: Fraction, price: Fraction | None, value: Fraction | None, unit: str) -> Step:
    if price is None or value is None:
        return _NO_PRICE
    return step(
        "价值 = {q} {unit} × {price} 元 = {v} 元。",
        "Value = {q} {unit} × {price} yuan = {v} yuan.",
        q=told(quantity),
        unit=unit,
        price=told(price),
        v=told(value),
    )


def _soil(table: Mapping[str, Any]) -> Calculation:
    method, carried = source(table["method"]), table["soil"]["lambda"]

    def function(inputs: Mapping[str, object]) -> Answer:
        r, k, ls, c, p, area, silt = (figure(inputs, name) for name in ("R", "K", "LS", "C", "P", "A_hm2", "lambda"))
        unit = r * k * ls * (1 - c * p)
        kept = unit * area
        density, price = given(inputs, "rho"), given(inputs, "dredge")
        silt_value = None if density is None or price is None else silt * kept / density * price
        nutrients = cast("list[Mapping[str, Decimal]] | None", inputs["nutrients"])
        steps = [
            step(
                "单位保持量 = R·K·LS·(1 − C·P) = {r}×{k}×{ls}×(1 − {c}×{p}) = {unit} t/hm²;× {area} hm² = {q} t。",
                "Per area R·K·LS·(1 − C·P) = {r}×{k}×{ls}×(1 − {c}×{p}) = {unit} t/hm²; × {area} hm² = {q} t.",
                r=told(r),
                k=told(k),
                ls=told(ls),
                c=told(c),
                p=told(p),
                unit=told(unit),
                area=told(area),
                q=told(kept),
            )
        ]
        if silt_value is None or density is None or price is None:
            steps.append(_NO_PRICE)
        else:
            steps.append(
                step(
                    "减淤价值 = λ×Q/ρ×清淤单价 = {silt}×{q}/{rho}×{price} = {v} 元。",
                    "Silt value = λ×Q/ρ×dredging price = {silt}×{q}/{rho}×{price} = {v} yuan.",
                    silt=told(silt),
                    q=told(kept),
                    rho=told(density),
                    price=told(price),
                    v=told(silt_value),
                )
            )
        nutrient_value = None
        if nutrients is not None:
            parts = [kept * Fraction(one["fraction"]) * Fraction(one["price"]) for one in nutrients]
            nutrient_value = sum(parts, Fraction(0))
            steps.append(
                step(
                    "减面源价值 = ΣQ×质量分数×单价 = {v} 元。",
                    "Nutrient value = Σ Q × mass fraction × price = {v} yuan.",
                    v=told(nutrient_value),
                )
            )
        outputs = {
            "unit_t_hm2": decimal(unit),
            "Q_t": decimal(kept),
            "V_silt_yuan": shown(silt_value),
            "V_nutrient_yuan": shown(nutrient_value),
        }
        return Answer(outputs, (*steps, *method.doubt))

    return Calculation(
        id="eco.gep_soil",
        title=Bilingual("土壤保持", "Soil retention"),
        inputs=(
            Input("R", number("MJ·mm/(hm²·h·a)"), Bilingual("降雨侵蚀力", "rainfall erosivity")),
            Input("K", number("t·hm²·h/(hm²·MJ·mm)"), Bilingual("土壤可蚀性", "soil erodibility")),
            Input("LS", number(""), Bilingual("坡长坡度因子", "slope factor")),
            Input("C", number("", 0, 1), Bilingual("植被覆盖因子", "cover factor")),
            Input("P", number("", 0, 1), Bilingual("水土保持措施因子", "practice factor")),
            Input("A_hm2", number("hm²"), Bilingual("面积", "area")),
            Input("lambda", number("", 0, 1), Bilingual("泥沙淤积系数", "share that silts up"), False, float(carried)),
            Input(
                "rho",
                Number("t/m³", Decimal(0), above=True, text=True),
                Bilingual("土壤容重，常用 1.25–1.35", "bulk density, usually 1.25–1.35"),
                False,
            ),
            Input("dredge", number("yuan/m³"), Bilingual("清淤单价", "price of dredging"), False),
            Input(
                "nutrients",
                ListOf(
                    Record(
                        (
                            Input("fraction", number("", 0, 1), Bilingual("土壤中的质量分数", "mass fraction in soil")),
                            Input("price", number("yuan/t"), Bilingual("治理单价", "price of treatment")),
                        )
                    )
                ),
                Bilingual("氮、磷等养分", "nutrients"),
                False,
            ),
        ),
        outputs=(
            Output("unit_t_hm2", "number", Bilingual("单位面积保持量", "retention per area"), "t/hm²"),
            Output("Q_t", "number", Bilingual("土壤保持量", "soil kept"), "t"),
            Output("V_silt_yuan", "number or null", Bilingual("减淤价值", "value of silt avoided"), "yuan"),
            Output("V_nutrient_yuan", "number or null", Bilingual("减面源价值", "value of nutrients kept"), "yuan"),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # 9200 × 0.0032 × 4.5 = 132.48; × (1 − 0.012) = 130.89024; × 100 = 13,089.024;
            # 0.24 × 13,089.024 / 1.2 × 16 = 41,884.8768.
            Example(
                {"R": 9200, "K": 0.0032, "LS": 4.5, "C": 0.012, "P": 1, "A_hm2": 100, "rho": 1.2, "dredge": 16},
                {"unit_t_hm2": 130.89024, "Q_t": 13089.024, "V_silt_yuan": 41884.8768, "V_nutrient_yuan": None},
            ),
        ),
        function=function,
    )


def _air_water(table: Mapping[str, Any]) -> Calculation:
    method, equivalents, tax = source(table["method"]), table["equivalent_kg"], table["tax"]
    names = {
        "SO2": Bilingual("二氧化硫", "sulphur dioxide"),
        "NOx": Bilingual("氮氧化物", "nitrogen oxides"),
        "dust": Bilingual("一般性粉尘", "common dust"),
        "COD": Bilingual("化学需氧量", "chemical oxygen demand"),
        "NH3N": Bilingual("氨氮", "ammonia nitrogen"),
        "TP": Bilingual("总磷", "total phosphorus"),
    }
    rates = {**dict.fromkeys(("SO2", "NOx", "dust"), "air_rate"), **dict.fromkeys(("COD", "NH3N", "TP"), "water_rate")}

    def function(inputs: Mapping[str, object]) -> Answer:
        outputs: dict[str, object] = {}
        steps = []
        for item, name in names.items():
            tons = given(inputs, f"{item}_t")
            if tons is None:
                continue
            rate = figure(inputs, rates[item])
            value = tons * 1000 / Fraction(equivalents[item]) * rate
            outputs[f"{item}_yuan"] = decimal(value)
            steps.append(
                step(
                    "{name}:{t} t ×1000 ÷ {e} kg/当量 × {rate} 元/当量 = {v} 元。",
                    "{name}: {t} t ×1000 ÷ {e} kg per equivalent × {rate} yuan per equivalent = {v} yuan.",
                    name=name,
                    t=told(tons),
                    e=equivalents[item],
                    rate=told(rate),
                    v=told(value),
                )
            )
        note = step(
            "达标区净化量按排放量计，以此为上限；未给出的项不计(null)。",
            "Where the standard is met the amount cleaned is the emission, and never more; items not given are null.",
        )
        return Answer(outputs, (*steps, note, *method.doubt))

    amounts = tuple(
        Input(f"{item}_t", number("t"), Bilingual(f"{name.zh}净化量", f"{name.en} removed"), False)
        for item, name in names.items()
    )
    return Calculation(
        id="eco.gep_air_water",
        title=Bilingual("空气净化与水质净化", "Cleaning of air and water"),
        inputs=(
            *amounts,
            Input(
                "air_rate",
                number("yuan"),
                Bilingual("大气污染当量税额", "tax per equivalent, air"),
                False,
                float(tax["air"]),
            ),
            Input(
                "water_rate",
                number("yuan"),
                Bilingual("水污染当量税额", "tax per equivalent, water"),
                False,
                float(tax["water"]),
            ),
        ),
        at_least_one=(tuple(one.name for one in amounts),),
        outputs=tuple(
            Output(f"{item}_yuan", "number or null", Bilingual(f"{name.zh}净化价值", f"value, {name.en}"), "yuan")
            for item, name in names.items()
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # Dust 700,000 kg / 4 × 1.2 = 210,000; TP 8,000 kg / 0.25 × 1.4 = 44,800.
            Example({"dust_t": 700, "TP_t": 8}, {"dust_yuan": 210_000, "TP_yuan": 44_800, "SO2_yuan": None}),
        ),
        function=function,
    )


def _carbon(table: Mapping[str, Any]) -> Calculation:
    method = source(table["method"])

    def function(inputs: Mapping[str, object]) -> Answer:
        carbon, price = figure(inputs, "NEP_tC"), given(inputs, "price")
        fixed = carbon * 44 / 12
        oxygen = fixed * 32 / 44
        value = None if price is None else fixed * price
        steps = (
            step(
                "CO₂ = {c} tC × 44/12 = {co2} t;O₂ = {co2} × 32/44 = {o2} t。",
                "CO₂ = {c} tC × 44/12 = {co2} t; O₂ = {co2} × 32/44 = {o2} t.",
                c=told(carbon),
                co2=told(fixed),
                o2=told(oxygen),
            ),
            _valued(fixed, price, value, "t"),
        )
        outputs = {"CO2_t": decimal(fixed), "V_yuan": shown(value), "O2_t": decimal(oxygen)}
        return Answer(outputs, steps)

    return Calculation(
        id="eco.gep_carbon",
        title=Bilingual("固碳释氧", "Carbon fixed, oxygen released"),
        note=Bilingual(
            "NEP 为负（碳源）时如实为负。释氧是否计入由地方规范定，只给数量。",
            "A negative NEP, a source, stays negative. Whether oxygen counts is for the local rules: quantity only.",
        ),
        inputs=(
            Input("NEP_tC", number("tC", None), Bilingual("净生态系统生产力", "net ecosystem production")),
            Input("price", number("yuan/t"), Bilingual("二氧化碳单价", "price of CO₂"), False),
        ),
        outputs=(
            Output("CO2_t", "number", Bilingual("固定二氧化碳量", "CO₂ fixed"), "t"),
            Output("V_yuan", "number or null", Bilingual("固碳价值", "value of the CO₂"), "yuan"),
            Output("O2_t", "number", Bilingual("释氧量", "oxygen released"), "t"),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # 21,000 × 44/12 = 77,000; × 60 = 4,620,000; 77,000 × 32/44 = 56,000.
            Example({"NEP_tC": 21_000, "price": 60}, {"CO2_t": 77_000, "V_yuan": 4_620_000, "O2_t": 56_000}),
        ),
        function=function,
    )
