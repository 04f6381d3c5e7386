"""Gross ecosystem product: local climate and floods held back."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from anlan.ecology.rules.gep import figure, given, number, shown
from anlan.foundation.calc.exact import decimal, told
from anlan.foundation.calc.explain import Bilingual, step
from anlan.foundation.calc.faults import Fault
from anlan.foundation.calc.inputs import Input, Number
from anlan.foundation.calc.sources import source
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output


@dataclass(frozen=True, slots=True)
class FlagOrNumber:
    """A figure, or true for the usual one and false for none."""

    usual: Decimal
    number: Number

    def read(self, value: object, field: str, faults: list[Fault]) -> Decimal | None:
        """The figure."""
        if isinstance(value, bool):
            return self.usual if value else Decimal(0)
        return self.number.read(value, field, faults)

    def describe(self) -> dict[str, object]:
        """Type, unit, range; true stands for `usual`."""
        return {**self.number.describe(), "type": "number or boolean", "usual": float(self.usual)}


def calculations(table: Mapping[str, Any]) -> tuple[Calculation, ...]:
    """Both services on a table of coefficients."""
    return (_climate(table), _flood(table))


def _climate(table: Mapping[str, Any]) -> Calculation:
    method, facts = source(table["method"]), table["climate"]

    def function(inputs: Mapping[str, object]) -> Answer:
        days, r, q, humid = (figure(inputs, name) for name in ("days", "r", "q", "humidify"))
        heat = {
            "forest_km2": figure(inputs, "EPP"),
            "shrub_km2": Fraction(facts["shrub"]),
            "grass_km2": Fraction(facts["grass"]),
        }
        outputs: dict[str, object] = {}
        steps = []
        land = [(area, per) for name, per in heat.items() if (area := given(inputs, name)) is not None]
        power: Fraction | None = None
        if land:
            power = sum((area * per for area, per in land), Fraction(0)) * days * 10**6 / (3600 * r)
            outputs["veg_kWh"] = decimal(power)
            steps.append(
                step(
                    "植被：Σ EPP×面积 = {sum},× {days} 天 × 10⁶ ÷ (3600 × {r}) = {e} kWh。",
                    "Vegetation: Σ EPP × area = {sum}, × {days} days × 10⁶ ÷ (3600 × {r}) = {e} kWh.",
                    sum=" + ".join(f"{told(per)}×{told(area)}" for area, per in land),
                    days=told(days),
                    r=told(r),
                    e=told(power),
                )
            )
        water = given(inputs, "evap_m3")
        if water is not None:
            r_water = given(inputs, "r_water") or r
            cooling = water * 1000 * q / (3600 * r_water) + water * humid
            outputs["water_kWh"] = decimal(cooling)
            power = cooling + (power or 0)
            steps.append(
                step(
                    "水面:{w} m³ × 1000 × {q} ÷ (3600 × {r}) + {w} × {humid} = {e} kWh。",
                    "Water: {w} m³ × 1000 × {q} ÷ (3600 × {r}) + {w} × {humid} = {e} kWh.",
                    w=told(water),
                    q=told(q),
                    r=told(r_water),
                    humid=told(humid),
                    e=told(cooling),
                )
            )
        price = given(inputs, "price")
        if power is not None and price is not None:
            outputs["V_yuan"] = decimal(power * price)
            steps.append(
                step(
                    "价值 = {e} kWh × {p} 元 = {v} 元。",
                    "Value = {e} kWh × {p} yuan = {v} yuan.",
                    e=told(power),
                    p=told(price),
                    v=told(power * price),
                )
            )
        steps.append(
            step(
                "各规范对水面项是否除以能效比、是否计加湿项写法不一，r_water、humidify 可调。",
                "Rules differ on dividing the water term by the efficiency and on humidifying: r_water and humidify.",
            )
        )
        return Answer(outputs, (*steps, *method.doubt))

    ratio = Number("", Decimal(0), above=True, text=True)
    return Calculation(
        id="eco.gep_climate",
        title=Bilingual("局部气候调节", "Local climate"),
        inputs=(
            Input("forest_km2", number("km²"), Bilingual("森林面积", "area of forest"), False),
            Input("shrub_km2", number("km²"), Bilingual("灌丛面积", "area of shrub"), False),
            Input("grass_km2", number("km²"), Bilingual("草地面积", "area of grass"), False),
            Input("days", number("d", 0, 366), Bilingual("高温日数", "hot days")),
            Input(
                "EPP",
                number("kJ/(m²·d)"),
                Bilingual("森林蒸腾吸热", "heat taken by forest"),
                False,
                float(facts["forest"]),
            ),
            Input("r", ratio, Bilingual("空调能效比", "efficiency of air conditioners"), False, float(facts["r"])),
            Input(
                "r_water", ratio, Bilingual("水面项的除数，缺省同 r", "divisor of the water term, r by default"), False
            ),
            Input("evap_m3", number("m³"), Bilingual("水面蒸发量", "water evaporated"), False),
            Input("q", number("kJ/kg"), Bilingual("汽化潜热", "heat of evaporation"), False, float(facts["q"])),
            Input("price", number("yuan/kWh"), Bilingual("电价", "price of power"), False),
            Input(
                "humidify",
                FlagOrNumber(Decimal(facts["humidify"]), number("kWh/m³")),
                Bilingual(
                    "加湿耗电，true 为常用值，缺省不计", "power of humidifying; true is the usual, none by default"
                ),
                False,
                0,
            ),
        ),
        at_least_one=(("forest_km2", "shrub_km2", "grass_km2", "evap_m3"),),
        outputs=(
            Output("veg_kWh", "number or null", Bilingual("植被蒸腾耗能", "energy by vegetation"), "kWh"),
            Output("water_kWh", "number or null", Bilingual("水面蒸发耗能", "energy by water"), "kWh"),
            Output("V_yuan", "number or null", Bilingual("价值", "value"), "yuan"),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # 2700 × 10 × 40 × 10⁶ / (3600 × 3) = 10⁸; 1.08 m³·10⁶ × 1000 × 2500 / 10,800 = 2.5 × 10⁸; × 0.6.
            Example(
                {"forest_km2": 10, "EPP": 2700, "days": 40, "evap_m3": 1_080_000, "q": 2500, "price": 0.6},
                {"veg_kWh": 100_000_000, "water_kWh": 250_000_000, "V_yuan": 210_000_000},
            ),
        ),
        function=function,
    )


def _flood(table: Mapping[str, Any]) -> Calculation:
    method, facts = source(table["method"]), table["flood"]
    share, lake = Fraction(facts["reservoir"]), {name: float(value) for name, value in facts["lake"].items()}
    storm = ("P_h_mm", "R_fh_mm", "veg_km2")

    def function(inputs: Mapping[str, object]) -> Answer:
        outputs: dict[str, object] = {}
        steps = []
        held: Fraction | None = None
        if inputs["veg_km2"] is not None:
            rain, runoff, area = (figure(inputs, name) for name in storm)
            held = (rain - runoff) * area * 1000
            steps.append(
                step(
                    "植被 = ({p} − {r}) mm × {a} km² × 1000 = {v} m³。",
                    "Vegetation = ({p} − {r}) mm × {a} km² × 1000 = {v} m³.",
                    p=told(rain),
                    r=told(runoff),
                    a=told(area),
                    v=told(held),
                )
            )
        total = given(inputs, "reservoir_total_m3")
        if total is not None:
            held = (held or 0) + share * total
            steps.append(
                step(
                    "水库 = {share} × {t} = {v} m³(无实测防洪库容时)。",
                    "Reservoirs = {share} × {t} = {v} m³ (where the flood capacity is not measured).",
                    share=told(share),
                    t=told(total),
                    v=told(share * total),
                )
            )
        outputs["veg_plus_res_m3"] = shown(held)
        area_lake = given(inputs, "lake_km2")
        if area_lake is not None:
            wan = math.exp(lake["log"]) * float(area_lake) ** lake["power"] * lake["factor"]
            outputs["lake_wan_m3"] = wan
            steps.append(
                step(
                    "湖泊（东部平原经验式）= e^{log} × {a}^{power} × {factor} = {v} 万 m³。",
                    "Lakes (formula of the eastern plain) = e^{log} × {a}^{power} × {factor} = {v} × 10⁴ m³.",
                    a=told(area_lake),
                    v=told(wan),
                    **lake,
                )
            )
        price = given(inputs, "c_res")
        if price is not None:
            quantity = (held or Fraction(0)) + Fraction(cast("float", outputs.get("lake_wan_m3", 0.0))) * 10_000
            outputs["V_yuan"] = decimal(quantity * price)
            steps.append(
                step(
                    "价值 = {q} m³ × {p} 元 = {v} 元。",
                    "Value = {q} m³ × {p} yuan = {v} yuan.",
                    q=told(quantity),
                    p=told(price),
                    v=told(quantity * price),
                )
            )
        return Answer(outputs, (*steps, *method.doubt))

    def check(inputs: Mapping[str, object]) -> Iterable[Fault]:
        present = [name for name in storm if inputs[name] is not None]
        for name in storm:
            if present and name not in present:
                yield Fault(
                    "missing",
                    name,
                    step(
                        "P_h_mm、R_fh_mm、veg_km2 须一起给出，缺少 {name}。",
                        "P_h_mm, R_fh_mm and veg_km2 go together; {name} is missing.",
                        name=name,
                    ),
                )
        if len(present) == len(storm) and figure(inputs, "R_fh_mm") > figure(inputs, "P_h_mm"):
            yield Fault("out_of_range", "R_fh_mm", step("径流不应大于降雨。", "runoff cannot be more than the rain."))

    return Calculation(
        id="eco.gep_flood",
        title=Bilingual("洪水调蓄", "Floods held back"),
        inputs=(
            Input("P_h_mm", number("mm"), Bilingual("产流降雨（暴雨）", "rain of storms"), False),
            Input("R_fh_mm", number("mm"), Bilingual("暴雨径流", "runoff of storms"), False),
            Input("veg_km2", number("km²"), Bilingual("植被面积", "area of vegetation"), False),
            Input("reservoir_total_m3", number("m³"), Bilingual("水库总库容", "total capacity of reservoirs"), False),
            Input("lake_km2", number("km²", 0, 1_000_000), Bilingual("湖泊面积", "area of lakes"), False),
            Input("c_res", number("yuan/m³"), Bilingual("水库单位库容造价", "cost of reservoir capacity"), False),
        ),
        at_least_one=(("veg_km2", "reservoir_total_m3", "lake_km2"),),
        check=check,
        outputs=(
            Output(
                "veg_plus_res_m3", "number or null", Bilingual("植被与水库调蓄量", "by vegetation and reservoirs"), "m³"
            ),
            Output("lake_wan_m3", "number or null", Bilingual("湖泊调蓄量", "by lakes"), "10⁴ m³"),
            Output("V_yuan", "number or null", Bilingual("价值", "value"), "yuan"),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # (150 − 18) × 180 × 1000 = 23,760,000; 0.35 × 24,000,000 = 8,400,000; × 6.5 = 209,040,000.
            Example(
                {"P_h_mm": 150, "R_fh_mm": 18, "veg_km2": 180, "reservoir_total_m3": 24_000_000, "c_res": 6.5},
                {"veg_plus_res_m3": 32_160_000, "lake_wan_m3": None, "V_yuan": 209_040_000},
            ),
        ),
        function=function,
    )
