"""Farmland and livestock: film residue, use of manure, growth of inputs, scale of farms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.foundation.calc.faults import Fault
from anlan.foundation.calc.inputs import Choice, Count, Input, Number, OneOrMany
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output, RuleVersion
from anlan.monitor.standards.exact import decimal, fraction, mean, percent, told
from anlan.monitor.standards.words import facts, source

_ANIMALS = {
    "pig": Bilingual("生猪（25 kg 以上）", "pigs above 25 kg"),
    "layer": Bilingual("蛋鸡", "layers"),
    "broiler": Bilingual("肉鸡", "broilers"),
    "dairy": Bilingual("成年奶牛", "dairy cattle"),
    "beef": Bilingual("肉牛", "beef cattle"),
    "sheep": Bilingual("羊", "sheep"),
}
_PLACES = {"farm": Bilingual("养殖场", "farm"), "zone": Bilingual("养殖区", "breeding zone")}
_SCALES = ("Ⅰ", "Ⅱ")
_NOT_NEGATIVE = Decimal(0)


def calculations(table: Mapping[str, Any]) -> tuple[Calculation, ...]:
    """The four calculations on a table of figures: a pack's, or the one carried here."""
    film_source, scale_source, manure_source = (source(table[name]) for name in ("film", "scale", "manure"))
    film_limit = fraction(table["film"]["limit_kg_hm2"])
    least = cast("int", table["film"]["least_squares"])
    scale = table["scale"]

    def film(inputs: Mapping[str, object]) -> Answer:
        masses, areas = _squares(inputs)
        residues = [fraction(m) / fraction(a) * 10 for m, a in zip(masses, areas, strict=True)]
        residue = mean(residues)
        if residue is None:
            return Answer({}, (step("没有样方，不评价。", "No squares: not judged."),))
        meets = residue <= film_limit
        steps = [
            step(
                "{mass} g ÷ {area} m² × 10 = {residue} kg/hm²。",
                "{mass} g / {area} m² × 10 = {residue} kg/hm².",
                mass=f"{m:f}",
                area=f"{a:f}",
                residue=told(one),
            )
            for m, a, one in zip(masses[:20], areas, residues, strict=False)
        ]
        steps.append(
            step(
                "{n} 个样方平均 {residue} kg/hm²，限值 {limit} kg/hm²(可信度中):{verdict}。",
                "Mean of {n} squares {residue} kg/hm², limit {limit} kg/hm² (medium confidence): {verdict}.",
                n=len(residues),
                residue=told(residue),
                limit=told(film_limit),
                verdict=Bilingual("达到", "met") if meets else Bilingual("超过", "exceeded"),
            )
        )
        if isinstance(inputs["mass_g"], list) and len(residues) < least:
            steps.append(step("一块田的样方应不少于 {n} 个。", "A field needs at least {n} squares.", n=least))
        return Answer({"kg_hm2": decimal(residue), "meets": meets}, tuple(steps))

    def farm(inputs: Mapping[str, object]) -> Answer:
        place = cast("str", inputs["place"])
        heads = {animal: fraction(cast("int", inputs[animal])) for animal in _ANIMALS if inputs[animal]}
        pigs = {
            animal: head * scale["equivalent"][animal]["pigs"] / scale["equivalent"][animal]["head"]
            for animal, head in heads.items()
        }
        whole = sum(pigs.values(), Fraction(0))
        # One kind of animal has its own bounds; only mixed herds (and sheep) are put into pigs.
        only = next(iter(heads)) if len(heads) == 1 else "pig"
        kind, size = (only, heads[only]) if only in scale[place] and len(heads) == 1 else ("pig", whole)
        bounds = [fraction(bound) for bound in scale[place][kind]]
        name = next((name for name, bound in zip(_SCALES, bounds, strict=True) if size >= bound), None)
        steps: list[Step] = [
            step(
                "{animal} {head} 折猪 {pigs} 头。",
                "{animal}: {head} count as {pigs} pigs.",
                animal=_ANIMALS[animal],
                head=told(heads[animal]),
                pigs=told(count),
            )
            for animal, count in pigs.items()
        ]
        steps.append(
            step(
                "按{place}的{kind}存栏 {size}:Ⅰ级自 {first},Ⅱ级自 {second}:{verdict}。",
                "By {kind} in stock at a {place}, {size}: Ⅰ from {first}, Ⅱ from {second}: {verdict}.",
                place=_PLACES[place],
                kind=Bilingual(f"{_ANIMALS[kind].zh}{'当量' if len(heads) > 1 else ''}", _ANIMALS[kind].en),
                size=told(size),
                first=told(bounds[0]),
                second=told(bounds[1]),
                verdict=Bilingual(f"{name}级", f"scale {name}")
                if name
                else Bilingual("未达到标准规定的规模", "below the scales of the standard"),
            )
        )
        return Answer({"pig_equivalent": decimal(whole), "class": name}, tuple(steps))

    return (
        Calculation(
            id="agri.film",
            title=Bilingual("农田地膜残留量", "Residue of mulching film"),
            note=Bilingual(
                "多个样方给数组，取平均。限值 75.0 kg/hm² 可信度中，可由本区配置。1 g/m² = 10 kg/hm²。",
                "Arrays for several squares, which are averaged. The limit of 75.0 kg/hm² has medium confidence and "
                "can be configured. 1 g/m² = 10 kg/hm².",
            ),
            inputs=(
                Input("mass_g", OneOrMany(Number("g", _NOT_NEGATIVE)), Bilingual("残膜质量", "mass of film")),
                Input(
                    "square_m2",
                    OneOrMany(Number("m2", _NOT_NEGATIVE, above=True)),
                    Bilingual("样方面积", "area of the square"),
                ),
            ),
            check=_as_many_areas,
            outputs=(
                Output("kg_hm2", "number or null", Bilingual("残留量", "residue"), "kg/hm2"),
                Output("meets", "boolean or null", Bilingual("是否达到限值", "whether the limit is met")),
            ),
            source=film_source.title,
            versions=(film_source.version,),
            examples=(
                # 7.5 g on 1 m²: 75 kg/hm², on the limit.
                Example({"mass_g": 7.5, "square_m2": 1}, {"kg_hm2": 75, "meets": True}),
                # (8 + 9 + 7 + 8 + 6.5)/5 = 7.7 g/m²: 77 kg/hm².
                Example({"mass_g": [8, 9, 7, 8, 6.5], "square_m2": 1}, {"kg_hm2": 77, "meets": False}),
            ),
            function=film,
        ),
        Calculation(
            id="agri.manure",
            title=Bilingual("畜禽粪污综合利用率", "Use of livestock manure"),
            inputs=(
                Input("produced", Number("t", _NOT_NEGATIVE), Bilingual("产生量", "produced")),
                Input("used", Number("t", _NOT_NEGATIVE), Bilingual("利用量", "used")),
            ),
            check=_not_more_than_produced,
            outputs=(Output("rate", "number or null", Bilingual("综合利用率", "rate of use"), "%"),),
            source=manure_source.title,
            versions=(manure_source.version,),
            # 4100/5000 = 82 %.
            examples=(Example({"produced": 5000, "used": 4100}, {"rate": 82}),),
            function=_manure,
        ),
        Calculation(
            id="agri.input_growth",
            title=Bilingual("化肥农药使用量增长率", "Growth of fertiliser or pesticide use"),
            note=Bilingual(
                "两年须同一口径（化肥折纯量；农药商品量或折百量不混用）。恰为 0 是零增长，不是负增长。",
                "Both years in one measure (pure nutrient; pesticide as sold or as active ingredient, never mixed). "
                "Exactly 0 is no negative growth.",
            ),
            inputs=(
                Input("last", Number("t", _NOT_NEGATIVE), Bilingual("上年使用量", "use last year"), required=False),
                Input("this", Number("t", _NOT_NEGATIVE), Bilingual("本年使用量", "use this year")),
            ),
            outputs=(
                Output("percent", "number or null", Bilingual("增长率", "growth"), "%"),
                Output("negative", "boolean or null", Bilingual("是否负增长", "whether it is negative")),
            ),
            source=Bilingual("化肥农药使用量负增长的通行算法", "the usual reckoning of negative growth of input use"),
            versions=(RuleVersion("算术-1", dt.date(2015, 1, 1)),),
            # (1960 − 2000)/2000 = −2 %.
            examples=(
                Example({"last": 2000, "this": 1960}, {"percent": -2, "negative": True}),
                Example({"last": 2000, "this": 2000}, {"percent": 0, "negative": False}),
                Example({"last": 0, "this": 5}, {"percent": None, "negative": None}),
            ),
            function=_growth,
        ),
        Calculation(
            id="agri.farm_scale",
            title=Bilingual("畜禽养殖规模", "Scale of a livestock farm"),
            note=Bilingual(
                "按存栏数。只有一种畜禽的按其界限；多种的折算成猪再按猪的界限。规模以下 class 为 null。",
                "By head in stock. One kind of animal has its own bounds; a mixed herd is put into pigs. Below the "
                "scales class is null.",
            ),
            inputs=(
                *(Input(animal, Count("", 0), name, required=False) for animal, name in _ANIMALS.items()),
                Input(
                    "place",
                    Choice(_PLACES),
                    Bilingual("养殖场或养殖区", "farm or zone"),
                    required=False,
                    default="farm",
                ),
            ),
            at_least_one=(tuple(_ANIMALS),),
            outputs=(
                Output("pig_equivalent", "number", Bilingual("折猪当量", "pig equivalent"), "head"),
                Output("class", "Ⅰ, Ⅱ or null", Bilingual("规模级别", "scale")),
            ),
            source=scale_source.title,
            versions=(scale_source.version,),
            examples=(
                # 1000 + 30000/30 + 60 × 10 + 80 × 5 = 1000 + 1000 + 600 + 400 = 3000.
                Example({"pig": 1000, "layer": 30000, "dairy": 60, "beef": 80}, {"pig_equivalent": 3000, "class": "Ⅰ"}),
                # One kind: 14999 layers are below 15000; 14999/30 = 499.97 pigs.
                Example({"layer": 15000}, {"pig_equivalent": 500, "class": "Ⅱ"}),
                Example({"dairy": 99}, {"pig_equivalent": 990, "class": None}),
            ),
            function=farm,
        ),
    )


def _squares(inputs: Mapping[str, object]) -> tuple[list[Decimal], list[Decimal]]:
    """Masses and areas pairwise; one area holds for all masses."""
    masses, areas = inputs["mass_g"], inputs["square_m2"]
    one_by_one = masses if isinstance(masses, list) else [masses]
    of_each = areas if isinstance(areas, list) else [areas] * len(one_by_one)
    return cast("list[Decimal]", one_by_one), cast("list[Decimal]", of_each)


def _as_many_areas(inputs: Mapping[str, object]) -> Iterable[Fault]:
    masses, areas = _squares(inputs)
    if len(masses) != len(areas):
        yield Fault(
            "wrong_length",
            "square_m2",
            step(
                "square_m2 有 {n} 个，mass_g 有 {m} 个，应逐一对应。",
                "{n} areas for {m} masses; there must be one per mass.",
                n=len(areas),
                m=len(masses),
            ),
        )


def _manure(inputs: Mapping[str, object]) -> Answer:
    produced, used = (fraction(cast("Decimal", inputs[name])) for name in ("produced", "used"))
    rate = percent(used, produced)
    if rate is None:
        return Answer({}, (step("产生量为 0，无利用率。", "Nothing was produced: no rate."),))
    told_step = step(
        "{used}/{produced}×100% = {rate}%。",
        "{used} / {produced} × 100 % = {rate} %.",
        used=told(used),
        produced=told(produced),
        rate=told(rate),
    )
    return Answer({"rate": decimal(rate)}, (told_step,))


def _not_more_than_produced(inputs: Mapping[str, object]) -> Iterable[Fault]:
    produced, used = cast("Decimal", inputs["produced"]), cast("Decimal", inputs["used"])
    if used > produced:
        yield Fault(
            "out_of_range",
            "used",
            step(
                "利用量 {used} 多于产生量 {produced}。",
                "used {used} is more than produced {produced}.",
                used=used,
                produced=produced,
            ),
        )


def _growth(inputs: Mapping[str, object]) -> Answer:
    last = None if inputs["last"] is None else fraction(cast("Decimal", inputs["last"]))
    this = fraction(cast("Decimal", inputs["this"]))
    if not last:
        return Answer({}, (step("上年为 0 或没有数，无增长率。", "Last year is 0 or missing: no rate."),))
    growth = (this - last) * 100 / last
    told_step = step(
        "({this} − {last})/{last}×100% = {growth}%:{verdict}。",
        "({this} − {last}) / {last} × 100 % = {growth} %: {verdict}.",
        this=told(this),
        last=told(last),
        growth=told(growth),
        verdict=Bilingual("负增长", "negative growth")
        if growth < 0
        else Bilingual("零增长", "no growth")
        if growth == 0
        else Bilingual("正增长", "positive growth"),
    )
    return Answer({"percent": decimal(growth), "negative": growth < 0}, (told_step,))


CALCULATIONS = calculations(facts("farmland.toml"))
