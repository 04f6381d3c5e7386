"""Black-odorous water: one sample, a monitoring point, a whole body."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any, cast

from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.foundation.calc.faults import Fault
from anlan.foundation.calc.inputs import Choice, Count, Input, ListOf, MapOf, Number
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output
from anlan.monitor.standards.exact import decimal, fraction, percent, told
from anlan.monitor.standards.words import facts, source, word

HEAVY, LIGHT = "重度黑臭", "轻度黑臭"
_AREAS = {"urban": Bilingual("城市建成区", "urban built-up area"), "rural": Bilingual("农村", "rural")}
# Input key, code of the item, name, unit.
_ITEMS = {
    "sd_cm": ("sd", Bilingual("透明度", "transparency"), "cm"),
    "do": ("do", Bilingual("溶解氧", "dissolved oxygen"), "mg/L"),
    "orp": ("orp", Bilingual("氧化还原电位", "redox potential"), "mV"),
    "nh3n": ("nh3n", Bilingual("氨氮", "ammonia nitrogen"), "mg/L"),
}
_CODES = tuple(code for code, _, _ in _ITEMS.values())


def calculations(table: Mapping[str, Any]) -> tuple[Calculation, ...]:
    """The three calculations on a table of limits: a pack's, or the one carried here."""
    urban, rural = source(table["urban"]), source(table["rural"])
    rule = {name: fraction(value) for name, value in table["urban"]["rule"].items()}
    shallow = fraction(table["shallow"]["depth_cm"])
    part = fraction(table["shallow"]["percent"]) / 100

    def bounds(area: str, key: str, depth: Fraction | None) -> tuple[Fraction, Fraction] | None:
        """Limit to light and limit to heavy of an item, the same for rural water; None where it is not judged."""
        row = table[area]["items"].get(key)
        if row is None:
            return None
        light = row.get("light") or (row["limit"], row["limit"])
        low, high = (fraction(figure) for figure in light)
        first, second = (high, low) if row["bad"] == "below" else (low, high)
        if key == "sd_cm" and depth is not None and depth < shallow:
            second = depth * part
            # Seen to the bottom is not black; the text does not say how 40 % moves the upper bound.
            first = second if area == "rural" else depth
        return first, second

    def grade(area: str, key: str, value: Fraction, depth: Fraction | None) -> tuple[int, Step] | None:
        """0 good, 1 light, 2 heavy (rural: 0 or 2); None where the area does not judge the item."""
        limits = bounds(area, key, depth)
        if limits is None:
            return None
        first, second = limits
        is_below = table[area]["items"][key]["bad"] == "below"
        is_heavy = value < second if is_below else value > second
        reached = value <= first if is_below else value >= first
        # Shallow water seen to the bottom lies on the first bound and is good.
        if key == "sd_cm" and depth is not None and depth < shallow and value >= depth:
            reached = False
        found = 2 if is_heavy else 1 if reached and area == "urban" else 0
        _, name, unit = _ITEMS[key]
        sentence = step(
            "{item} {value} {unit},{range}:{verdict}。",
            "{item} {value} {unit}, {range}: {verdict}.",
            item=name,
            value=told(value),
            unit=unit,
            range=Bilingual(
                f"轻度 {told(min(limits))}~{told(max(limits))},{'低于' if is_below else '高于'} {told(second)} 为重度",
                f"light {told(min(limits))} to {told(max(limits))}, "
                f"heavy {'below' if is_below else 'above'} {told(second)}",
            )
            if area == "urban"
            else Bilingual(
                f"{'低于' if is_below else '高于'} {told(second)} 为黑臭",
                f"black-odorous {'below' if is_below else 'above'} {told(second)}",
            ),
            verdict=(Bilingual("正常", "good"), word(LIGHT), word(HEAVY if area == "urban" else "黑臭"))[found],
        )
        return found, sentence

    def sample(inputs: Mapping[str, object]) -> Answer:
        area = cast("str", inputs["area"])
        depth = None if inputs["depth_cm"] is None else fraction(cast("Decimal", inputs["depth_cm"]))
        steps: list[Step] = []
        grades: dict[str, int] = {}
        missing: list[str] = []
        for key, (code, _, _) in _ITEMS.items():
            if key not in table[area]["items"]:
                continue
            if inputs[key] is None:
                missing.append(code)
                continue
            found = grade(area, key, fraction(cast("Decimal", inputs[key])), depth)
            if found is not None:
                grades[code] = found[0]
                steps.append(found[1])
        worst = max(grades.values(), default=0)
        heavy = [code for code, one in grades.items() if one == 2]
        # A missing item is never read as met.
        good = None if missing else "不黑臭"
        name = (good, LIGHT, HEAVY if area == "urban" else "黑臭")[worst]
        steps.append(
            step(
                "结论:{grade}{missing}。",
                "Verdict: {grade}{missing}.",
                grade=word(name),
                missing=Bilingual(f"(缺测 {'、'.join(missing)})", f" (missing: {', '.join(missing)})")
                if missing
                else "",
            )
        )
        used = urban if area == "urban" else rural
        outputs = {"grade": name, "sample_heavy_items": heavy, "missing": missing}
        return Answer(outputs, tuple(steps), used.title, used.version.name)

    def point(inputs: Mapping[str, object]) -> Answer:
        samples = cast("int", inputs["samples"])
        counts = cast("Mapping[str, int]", inputs["heavy"])
        if not samples:
            return Answer({}, (step("没有数据，不评价。", "No samples: not judged."),))
        shares = {item: Fraction(count * 100, samples) for item, count in counts.items()}
        steps = [
            step(
                "{item} 重度 {count}/{samples} = {share}%。",
                "{item}: heavy {count}/{samples} = {share} %.",
                item=item,
                count=counts[item],
                samples=samples,
                share=told(share),
            )
            for item, share in shares.items()
        ]
        one = [item for item, share in shares.items() if share >= rule["one_item"]]
        several = [item for item, share in shares.items() if share >= rule["two_items"]]
        name = HEAVY if one or len(several) >= 2 else LIGHT
        steps.append(
            step(
                "达到 {one}% 的 {n} 项，达到 {two}% 的 {m} 项（须 1 项或 2 项）:{name}。",
                "{n} items reach {one} %, {m} reach {two} % (1 or 2 are needed): {name}.",
                one=told(rule["one_item"]),
                two=told(rule["two_items"]),
                n=len(one),
                m=len(several),
                name=word(name),
            )
        )
        return Answer({"point": name}, tuple(steps))

    def body(inputs: Mapping[str, object]) -> Answer:
        points = cast("list[str]", inputs["points"])
        heavy = sum(1 for one in points if one == HEAVY)
        share = percent(heavy, len(points))
        if share is None:
            return Answer({"stretches": []}, (step("没有点位，不评价。", "No points: not judged."),))
        name = HEAVY if share >= rule["body"] else LIGHT
        stretches = [run for run in _runs(points) if run[1] - run[0] + 1 >= rule["row"]]
        steps = [
            step(
                "重度点位 {heavy}/{n} = {share}%，界限 {limit}%：整个水体为{name}。",
                "Heavy points {heavy}/{n} = {share} %, bound {limit} %: the whole body is {name}.",
                heavy=heavy,
                n=len(points),
                share=told(share),
                limit=told(rule["body"]),
                name=word(name),
            )
        ]
        steps += [
            step(
                "第 {start} 至 {end} 个点位连续重度，其间水体为重度黑臭。",
                "Points {start} to {end} are heavy in a row: the stretch between them is heavy.",
                start=start,
                end=end,
            )
            for start, end in stretches
        ]
        outputs = {"heavy_percent": decimal(share), "body": name, "stretches": [list(run) for run in stretches]}
        return Answer(outputs, tuple(steps))

    percents = Output("heavy_percent", "number or null", Bilingual("重度点位比例", "share of heavy points"), "%")
    return (
        Calculation(
            id="water.black_odor",
            title=Bilingual("黑臭水体单次监测判别", "Black-odorous water, one sample"),
            note=Bilingual(
                "城市四项、农村三项。水深不足 25 cm 时透明度按水深的 40%；清澈见底不算。没有超出且有缺测的，不下结论。"
                "点位分级以水体已认定黑臭为前提。农村限值可信度中。",
                "Four items in towns, three in the country. In water shallower than 25 cm transparency is held against "
                "40 % of the depth; seen to the bottom is good. Nothing found and something missing gives no verdict. "
                "Points are graded in a body already found black-odorous. Rural limits: medium confidence.",
            ),
            inputs=(
                Input("area", Choice(_AREAS), Bilingual("城市或农村", "urban or rural")),
                Input("sd_cm", Number("cm", Decimal(0)), Bilingual("透明度", "transparency"), required=False),
                Input("do", Number("mg/L", Decimal(0)), Bilingual("溶解氧", "dissolved oxygen"), required=False),
                Input(
                    "orp",
                    Number("mV"),
                    Bilingual("氧化还原电位（仅城市）", "redox potential, urban only"),
                    required=False,
                ),
                Input("nh3n", Number("mg/L", Decimal(0)), Bilingual("氨氮", "ammonia nitrogen"), required=False),
                Input("depth_cm", Number("cm", Decimal(0), above=True), Bilingual("水深", "depth"), required=False),
            ),
            at_least_one=(tuple(_ITEMS),),
            outputs=(
                Output("grade", "grade word or null", Bilingual("级别", "grade")),
                Output(
                    "sample_heavy_items",
                    "list of sd, do, orp, nh3n",
                    Bilingual("重度（农村：超标）项目", "items that are heavy (rural: over)"),
                ),
                Output("missing", "list of item codes", Bilingual("缺测项目", "items without a result")),
            ),
            source=Bilingual(f"{urban.title.zh};{rural.title.zh}", f"{urban.title.en}; {rural.title.en}"),
            versions=(urban.version, rural.version),
            examples=(
                # 12 cm and 1.5 mg/L are light, 60 mV is good, 15.1 mg/L is above 15.
                Example(
                    {"area": "urban", "sd_cm": 12, "do": 1.5, "orp": 60, "nh3n": 15.1},
                    {"grade": HEAVY, "sample_heavy_items": ["nh3n"], "missing": []},
                ),
                Example(
                    {"area": "rural", "sd_cm": 25, "do": 2, "nh3n": 15}, {"grade": "不黑臭", "sample_heavy_items": []}
                ),
                # Depth 20 cm: 40 % are 8 cm; 7 is below.
                Example(
                    {"area": "urban", "sd_cm": 7, "depth_cm": 20, "do": 3, "orp": 60, "nh3n": 1},
                    {"grade": HEAVY, "sample_heavy_items": ["sd"]},
                ),
            ),
            function=sample,
        ),
        Calculation(
            id="water.black_odor_point",
            title=Bilingual("黑臭水体点位分级", "Grade of a point in black-odorous water"),
            note=Bilingual(
                "一项重度达 60%，或两项以上各达 30%，为重度黑臭，其余为轻度。至少监测 3 次。",
                "Heavy when one item is heavy in 60 % of the samples, or two items in 30 % each; light otherwise. "
                "At least 3 samples.",
            ),
            inputs=(
                Input("samples", Count("", 0), Bilingual("监测次数", "number of samples")),
                Input(
                    "heavy", MapOf(Count("", 0), _CODES), Bilingual("各项目达到重度的次数", "times each item was heavy")
                ),
            ),
            check=_not_more_than_samples,
            outputs=(Output("point", "grade word or null", Bilingual("点位级别", "grade of the point")),),
            source=urban.title,
            versions=(urban.version,),
            examples=(
                Example({"samples": 5, "heavy": {"nh3n": 3}}, {"point": HEAVY}),
                # 3/10 each for two items; then 3/10 for one alone.
                Example({"samples": 10, "heavy": {"do": 3, "nh3n": 3}}, {"point": HEAVY}),
                Example({"samples": 10, "heavy": {"do": 2, "nh3n": 5}}, {"point": LIGHT}),
            ),
            function=point,
        ),
        Calculation(
            id="water.black_odor_body",
            title=Bilingual("黑臭水体分级", "Grade of a black-odorous body"),
            inputs=(
                Input(
                    "points",
                    ListOf(Choice({name: word(name) for name in (HEAVY, LIGHT, "不黑臭")})),
                    Bilingual("各点位级别，按上下游顺序", "grade of each point, along the water"),
                ),
            ),
            outputs=(
                percents,
                Output("body", "grade word or null", Bilingual("水体级别", "grade of the body")),
                Output(
                    "stretches",
                    "list of [first, last], counted from 1",
                    Bilingual("连续 3 个以上重度点位的河段", "stretches of 3 or more heavy points in a row"),
                ),
            ),
            source=urban.title,
            versions=(urban.version,),
            examples=(
                # 3 of 5 are 60 %, and the first three stand in a row.
                Example(
                    {"points": [HEAVY, HEAVY, HEAVY, LIGHT, LIGHT]},
                    {"heavy_percent": 60, "body": HEAVY, "stretches": [[1, 3]]},
                ),
                Example(
                    {"points": [HEAVY, LIGHT, HEAVY, LIGHT]}, {"heavy_percent": 50, "body": LIGHT, "stretches": []}
                ),
            ),
            function=body,
        ),
    )


def _runs(points: list[str]) -> Iterable[tuple[int, int]]:
    """First and last number, from 1, of each run of heavy points."""
    for name, run in groupby(enumerate(points, 1), key=lambda pair: pair[1]):
        numbers = [number for number, _ in run]
        if name == HEAVY:
            yield numbers[0], numbers[-1]


def _not_more_than_samples(inputs: Mapping[str, object]) -> Iterable[Fault]:
    samples = cast("int", inputs["samples"])
    for item, count in cast("Mapping[str, int]", inputs["heavy"]).items():
        if count > samples:
            yield Fault(
                "out_of_range",
                f"heavy.{item}",
                step(
                    "{item} 的重度次数 {count} 多于监测次数 {samples}。",
                    "{item} was heavy {count} times of {samples} samples.",
                    item=item,
                    count=count,
                    samples=samples,
                ),
            )


CALCULATIONS = calculations(facts("black_odor.toml"))
