"""Water and load: ecological flow, volumes, masses, conversions, sizes of a rural plant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import cast

from anlan.foundation.calc.explain import Bilingual, step
from anlan.foundation.calc.faults import Fault
from anlan.foundation.calc.inputs import Count, Input, Number
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output, RuleVersion
from anlan.monitor.standards.exact import cut, decimal, fraction, percent, told
from anlan.monitor.standards.items import Result, ResultType

_STATION_OK = 80
_MU_PER_HM2 = 15
_DAYS_A_YEAR = 365


def _figure(inputs: Mapping[str, object], name: str) -> Fraction | None:
    value = cast("Decimal | int | None", inputs[name])
    return None if value is None else fraction(value)


def _out(**figures: Fraction | None) -> dict[str, object]:
    return {name: None if figure is None else decimal(figure) for name, figure in figures.items()}


def _eco_flow(inputs: Mapping[str, object]) -> Answer:
    total, met, exempt = (cast("int", inputs[name]) for name in ("total_days", "met_days", "exempt_days"))
    places = cast("int", inputs["cut_decimals"])
    days = total - exempt
    exact = percent(met, days)
    if exact is None:
        return Answer({"days": 0}, (step("全部免考，不评价。", "Every day is exempt: not judged."),))
    exact = min(exact, Fraction(100))
    rate = cut(exact, places)
    ok = exact >= _STATION_OK
    told_step = step(
        "{met}/({total} − {exempt})×100% = {exact}%(不超过 100%),截取 {places} 位小数为 {rate}%；"
        "站点合格线 80%:{verdict}。",
        "{met} / ({total} − {exempt}) × 100 % = {exact} % (at most 100 %), cut to {places} decimals: {rate} %; "
        "a station needs 80 %: {verdict}.",
        met=met,
        total=total,
        exempt=exempt,
        exact=told(exact),
        places=places,
        rate=rate,
        verdict=Bilingual("达到", "reached") if ok else Bilingual("未达到", "not reached"),
    )
    return Answer({"rate": rate, "ok_at_80": ok, "days": days}, (told_step,))


def _fits_the_year(inputs: Mapping[str, object]) -> Iterable[Fault]:
    total = cast("int", inputs["total_days"])
    for name in ("met_days", "exempt_days"):
        if (days := cast("int", inputs[name])) > total:
            yield Fault(
                "out_of_range",
                name,
                step(
                    "{name} = {days} 多于总天数 {total}。",
                    "{name} = {days} is more than all {total} days.",
                    name=name,
                    days=days,
                    total=total,
                ),
            )


def _volume(inputs: Mapping[str, object]) -> Answer:
    q = fraction(cast("Decimal", inputs["Q_L_s"]))
    outputs: dict[str, object] = {}
    steps = []
    for name, seconds in (("ten_minutes_m3", 600), ("hour_m3", 3600), ("day_m3", 86400)):
        volume = q * seconds / 1000
        outputs[name] = decimal(volume)
        steps.append(
            step(
                "{q} L/s × {seconds} s / 1000 = {volume} m³。",
                "{q} L/s × {seconds} s / 1000 = {volume} m³.",
                q=told(q),
                seconds=seconds,
                volume=told(volume),
            )
        )
    return Answer(outputs, tuple(steps))


def _mass(inputs: Mapping[str, object]) -> Answer:
    volume, result = fraction(cast("Decimal", inputs["D_m3"])), cast("Result", inputs["C_mg_L"])
    steps = []
    concentration = result.value
    if result.below is not None:
        concentration = Fraction(0)
        steps.append(
            step(
                "{text} 低于检出限，总量中计为零(SL 219—2013 12.2.5)。",
                "{text} is below detection: zero in mass totals (SL 219-2013, 12.2.5).",
                text=result.text.replace("＜", "<"),
            )
        )
    kg = volume * concentration / 1000
    steps.append(
        step(
            "{volume} m³ × {c} mg/L / 1000 = {kg} kg。",
            "{volume} m³ × {c} mg/L / 1000 = {kg} kg.",
            volume=told(volume),
            c=told(concentration),
            kg=told(kg),
        )
    )
    return Answer({"kg": decimal(kg)}, tuple(steps))


def _convert(inputs: Mapping[str, object]) -> Answer:
    flow, conc, wan_mu = (_figure(inputs, name) for name in ("flow_t_d", "conc_mg_L", "wan_mu"))
    days = cast("int", inputs["days_a"])
    steps = []
    load_d = load_a = None
    if flow is not None and conc is not None:
        load_d = flow * conc / 1000
        load_a = load_d * days / 1000
        steps.append(
            step(
                "{flow} t/d(水，约合 m³/d)× {conc} mg/L / 1000 = {kg} kg/d;× {days} d / 1000 = {t} t/a。",
                "{flow} t/d (water, about m³/d) × {conc} mg/L / 1000 = {kg} kg/d; × {days} d / 1000 = {t} t/a.",
                flow=told(flow),
                conc=told(conc),
                kg=told(load_d),
                days=days,
                t=told(load_a),
            )
        )
    mu = hm2 = km2 = None
    if wan_mu is not None:
        mu = wan_mu * 10000
        hm2 = mu / _MU_PER_HM2
        km2 = hm2 / 100
        steps.append(
            step(
                "{wan} 万亩 = {mu} 亩；/15 = {hm2} hm²;/100 = {km2} km²。",
                "{wan} × 10,000 mu = {mu} mu; / 15 = {hm2} hm²; / 100 = {km2} km².",
                wan=told(wan_mu),
                mu=told(mu),
                hm2=told(hm2),
                km2=told(km2),
            )
        )
    return Answer(_out(load_kg_d=load_d, load_t_a=load_a, mu=mu, hm2=hm2, km2=km2), tuple(steps))


def _load_needs_both(inputs: Mapping[str, object]) -> Iterable[Fault]:
    pair = ("flow_t_d", "conc_mg_L")
    if sum(inputs[name] is None for name in pair) == 1:
        absent = next(name for name in pair if inputs[name] is None)
        yield Fault(
            "missing",
            absent,
            step(
                "负荷须同时给出水量和浓度，缺 {name}。",
                "a load needs flow and concentration; {name} is missing.",
                name=absent,
            ),
        )


def _rural_plant(inputs: Mapping[str, object]) -> Answer:
    capacity = fraction(cast("Decimal", inputs["capacity_t_d"]))
    tank, wetland, pipe, manholes = (_figure(inputs, name) for name in ("tank_m3", "wetland_m2", "pipe_m", "manholes"))
    steps = []
    hours = load = spacing = None
    if tank is not None:
        hours = tank * 24 / capacity
        steps.append(
            step(
                "停留时间 = {tank} m³ ÷ ({capacity} m³/d ÷ 24) = {hours} h。",
                "Retention = {tank} m³ / ({capacity} m³/d / 24) = {hours} h.",
                tank=told(tank),
                capacity=told(capacity),
                hours=told(hours),
            )
        )
    if wetland:
        load = capacity / wetland
        steps.append(
            step(
                "表面负荷 = {capacity} m³/d ÷ {wetland} m² = {load} m³/(m²·d)。",
                "Surface load = {capacity} m³/d / {wetland} m² = {load} m³/(m²·d).",
                capacity=told(capacity),
                wetland=told(wetland),
                load=told(load),
            )
        )
    if pipe is not None and manholes:
        spacing = pipe / manholes
        steps.append(
            step(
                "每座检查井的管长 = {pipe} m ÷ {manholes} = {spacing} m。",
                "Pipe per manhole = {pipe} m / {manholes} = {spacing} m.",
                pipe=told(pipe),
                manholes=told(manholes),
                spacing=told(spacing),
            )
        )
    if not steps:
        steps.append(step("给出的数不足以计算任何指标。", "What is given allows none of the figures."))
    return Answer(_out(HRT_h=hours, surface_load_m3_m2_d=load, pipe_per_manhole_m=spacing), tuple(steps))


_NOT_NEGATIVE = Decimal(0)
_HJ212 = (
    Bilingual("HJ 212—2017 附录D（资料性）", "HJ 212-2017, annex D (informative)"),
    (RuleVersion("HJ 212-2017 附录D", dt.date(2017, 5, 1), dt.date(2025, 12, 31)),),
)
_DESIGN = RuleVersion("算术-1", dt.date(2022, 1, 1))

CALCULATIONS = (
    Calculation(
        id="water.eco_flow",
        title=Bilingual("小水电生态流量达标率", "Rate of ecological flow of a small hydropower station"),
        note=Bilingual(
            "没有数据又未备案免考的日子不算达标。算式和截取取自安徽的县级公告，江西规则未查到；位数可由本区规定。",
            "A day without data and without a filed exemption is not met. The arithmetic and the cutting are those of "
            "a county notice in Anhui; the Jiangxi rule was not found, a district may set the decimals.",
        ),
        inputs=(
            Input("total_days", Count("d", 1, 3660), Bilingual("总天数", "all days")),
            Input("met_days", Count("d", 0, 3660), Bilingual("达标天数", "days met")),
            Input("exempt_days", Count("d", 0, 3660), Bilingual("免考天数", "exempt days"), required=False, default=0),
            Input(
                "cut_decimals",
                Count("", 0, 10),
                Bilingual("截取的小数位数", "decimals to cut to"),
                required=False,
                default=2,
            ),
        ),
        check=_fits_the_year,
        outputs=(
            Output(
                "rate",
                "decimal string or null",
                Bilingual("达标率", "rate"),
                "%",
                rounding=Bilingual("截取 cut_decimals 位（不修约）", "cut to cut_decimals, not rounded"),
            ),
            Output("ok_at_80", "boolean or null", Bilingual("是否达到 80%", "whether it reaches 80 %")),
            Output("days", "integer", Bilingual("参评天数", "days judged"), "d"),
        ),
        source=Bilingual(
            "皖水农〔2024〕112号（安徽，借用其算式）", "Anhui rule 2024 No. 112 (its arithmetic is borrowed)"
        ),
        versions=(RuleVersion("皖水农[2024]112号", dt.date(2024, 1, 1)),),
        examples=(
            # 203/221 = 0.918552…: 91.85 cut; 364/365 = 0.997260…: 99.72 cut (rounded it would be 99.73).
            Example({"total_days": 221, "met_days": 203}, {"rate": "91.85", "ok_at_80": True}),
            Example({"total_days": 365, "met_days": 364, "exempt_days": 0}, {"rate": "99.72", "ok_at_80": True}),
            # 279/(365 − 15) = 279/350 = 79.714…
            Example(
                {"total_days": 365, "met_days": 279, "exempt_days": 15},
                {"rate": "79.71", "ok_at_80": False, "days": 350},
            ),
        ),
        function=_eco_flow,
    ),
    Calculation(
        id="water.volume",
        title=Bilingual("由流量计算水量", "Volume from a flow"),
        note=Bilingual(
            "HJ 212—2025 自 2026 年起施行，其文本未核到；算式本身不随版本变化。",
            "HJ 212-2025 has been in force since 2026, its text was not seen; the arithmetic does not depend on it.",
        ),
        inputs=(Input("Q_L_s", Number("L/s", _NOT_NEGATIVE), Bilingual("流量", "flow")),),
        outputs=(
            Output("ten_minutes_m3", "number", Bilingual("10 分钟水量", "volume of 10 minutes"), "m3"),
            Output("hour_m3", "number", Bilingual("小时水量", "volume of an hour"), "m3"),
            Output("day_m3", "number", Bilingual("日水量", "volume of a day"), "m3"),
        ),
        source=_HJ212[0],
        versions=_HJ212[1],
        # 17.5 × 600/1000 = 10.5; × 3.6 = 63; × 86.4 = 1512 (the figures of the annex).
        examples=(Example({"Q_L_s": 17.5}, {"ten_minutes_m3": 10.5, "hour_m3": 63, "day_m3": 1512}),),
        function=_volume,
    ),
    Calculation(
        id="water.mass",
        title=Bilingual("由水量和浓度计算污染物量", "Mass from a volume and a concentration"),
        note=Bilingual("低于检出限的浓度在总量中计为零。", "A concentration below detection counts as zero in totals."),
        inputs=(
            Input("D_m3", Number("m3", _NOT_NEGATIVE), Bilingual("水量", "volume")),
            Input(
                "C_mg_L",
                ResultType("mg/L", minimum=_NOT_NEGATIVE),
                Bilingual("浓度；低于检出限写 <0.01", "concentration; <0.01 below detection"),
            ),
        ),
        outputs=(Output("kg", "number", Bilingual("污染物量", "mass"), "kg"),),
        source=_HJ212[0],
        versions=_HJ212[1],
        # 1512 × 30 / 1000 = 45.36.
        examples=(
            Example({"D_m3": 1512, "C_mg_L": 30}, {"kg": 45.36}),
            Example({"D_m3": 1512, "C_mg_L": "<0.5"}, {"kg": 0}),
        ),
        function=_mass,
    ),
    Calculation(
        id="water.rural_plant",
        title=Bilingual("农村生活污水设施核算", "Sizes of a rural sewage plant"),
        note=Bilingual("按设计规模核算，水量 1 t 约合 1 m³。", "At design capacity; a tonne of water is about 1 m³."),
        inputs=(
            Input("capacity_t_d", Number("t/d", _NOT_NEGATIVE, above=True), Bilingual("处理规模", "capacity")),
            Input("tank_m3", Number("m3", _NOT_NEGATIVE), Bilingual("池容", "volume of the tanks"), required=False),
            Input(
                "wetland_m2",
                Number("m2", _NOT_NEGATIVE),
                Bilingual("人工湿地面积", "area of the wetland"),
                required=False,
            ),
            Input("pipe_m", Number("m", _NOT_NEGATIVE), Bilingual("管网长度", "length of pipes"), required=False),
            Input("manholes", Count("", 0), Bilingual("检查井数", "manholes"), required=False),
        ),
        outputs=(
            Output("HRT_h", "number or null", Bilingual("水力停留时间", "hydraulic retention time"), "h"),
            Output("surface_load_m3_m2_d", "number or null", Bilingual("表面水力负荷", "surface load"), "m3/(m2·d)"),
            Output("pipe_per_manhole_m", "number or null", Bilingual("每座检查井的管长", "pipe per manhole"), "m"),
        ),
        source=Bilingual("算术核算", "arithmetic"),
        versions=(_DESIGN,),
        examples=(
            # 360/(720/24) = 12; 720/720 = 1; 14620/731 = 20.
            Example(
                {"capacity_t_d": 720, "tank_m3": 360, "wetland_m2": 720, "pipe_m": 14620, "manholes": 731},
                {"HRT_h": 12, "surface_load_m3_m2_d": 1, "pipe_per_manhole_m": 20},
            ),
        ),
        function=_rural_plant,
    ),
    Calculation(
        id="calc.convert",
        title=Bilingual("水量浓度与面积换算", "Loads and areas converted"),
        note=Bilingual(
            "1 公顷 = 15 亩。年负荷按 365 日，可改。", "15 mu are a hectare. A year has 365 days unless given."
        ),
        inputs=(
            Input("flow_t_d", Number("t/d", _NOT_NEGATIVE), Bilingual("水量", "flow"), required=False),
            Input("conc_mg_L", Number("mg/L", _NOT_NEGATIVE), Bilingual("浓度", "concentration"), required=False),
            Input(
                "wan_mu", Number("万亩", _NOT_NEGATIVE), Bilingual("面积，万亩", "area in 10,000 mu"), required=False
            ),
            Input(
                "days_a",
                Count("d", 0, 366),
                Bilingual("年运行日数", "days of operation a year"),
                required=False,
                default=_DAYS_A_YEAR,
            ),
        ),
        at_least_one=(("flow_t_d", "conc_mg_L", "wan_mu"),),
        check=_load_needs_both,
        outputs=(
            Output("load_kg_d", "number or null", Bilingual("日负荷", "load of a day"), "kg/d"),
            Output("load_t_a", "number or null", Bilingual("年负荷", "load of a year"), "t/a"),
            Output("mu", "number or null", Bilingual("亩", "mu"), "亩"),
            Output("hm2", "number or null", Bilingual("公顷", "hectares"), "hm2"),
            Output("km2", "number or null", Bilingual("平方公里", "square kilometres"), "km2"),
        ),
        source=Bilingual("法定计量单位换算", "legal units of measurement"),
        versions=(_DESIGN,),
        examples=(
            # 720 × 50 / 1000 = 36 kg/d; × 365 / 1000 = 13.14 t/a.
            # 6 × 10000 = 60000 mu; / 15 = 4000 hm²; / 100 = 40 km².
            Example(
                {"flow_t_d": 720, "conc_mg_L": 50, "wan_mu": 6},
                {"load_kg_d": 36, "load_t_a": 13.14, "mu": 60000, "hm2": 4000, "km2": 40},
            ),
        ),
        function=_convert,
    ),
)
