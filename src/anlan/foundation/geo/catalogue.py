"""geo.convert and geo.check: a point in another reference system, and whether it can be where it says."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from anlan.foundation.calc.exact import told
from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.foundation.calc.inputs import Choice, Input, Number
from anlan.foundation.calc.sources import bilingual, facts, source
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output
from anlan.foundation.geo.systems import Point, convert, shift_m

_SYSTEMS = Choice(
    {
        "wgs84": Bilingual("WGS-84", "WGS-84"),
        "cgcs2000": Bilingual("国家大地坐标系 CGCS2000", "CGCS2000"),
        "gcj02": Bilingual("GCJ-02（高德、腾讯地图）", "GCJ-02 (Amap, Tencent)"),
        "bd09": Bilingual("BD-09（百度地图）", "BD-09 (Baidu)"),
    }
)
_LNG = Bilingual("经度", "longitude")
_LAT = Bilingual("纬度", "latitude")
_STATUSES = {
    "ok": Bilingual("位置合理", "plausible"),
    "swapped_suspected": Bilingual(
        "疑似经纬度互换，请人工确认，不自动改", "longitude and latitude seem swapped: to be confirmed by a person"
    ),
    "outside_area": Bilingual("在本市范围以外，请核对", "outside the area: please check"),
}


def calculations(table: Mapping[str, Any]) -> tuple[Calculation, ...]:
    """Both calculations on a table with the box of an area."""
    return (_convert(table), _check(table))


def _point(inputs: Mapping[str, object]) -> Point:
    return Point(float(cast("Decimal", inputs["lng"])), float(cast("Decimal", inputs["lat"])))


def _degrees(low: Decimal | int, high: Decimal | int) -> Number:
    return Number("°", Decimal(low), Decimal(high), text=True)


def _convert(table: Mapping[str, Any]) -> Calculation:
    method, china = source(table["method"]), table["china"]

    def function(inputs: Mapping[str, object]) -> Answer:
        start, end = cast("str", inputs["from"]), cast("str", inputs["to"])
        point = _point(inputs)
        out = convert(point, start, end)
        moved = shift_m(point, out)
        steps = [
            step(
                "{start} ({lng}, {lat}) 换算为 {end}:({x:.8f}, {y:.8f}),移动 {m:.2f} m。",
                "{start} ({lng}, {lat}) to {end}: ({x:.8f}, {y:.8f}), moved by {m:.2f} m.",
                start=start,
                end=end,
                lng=point.lng,
                lat=point.lat,
                x=out.lng,
                y=out.lat,
                m=moved,
            )
        ]
        if {start, end} == {"wgs84", "cgcs2000"}:
            steps.append(step("两者相差厘米级，业务上视同。", "The two differ by centimetres and count as the same."))
        elif start != end:
            steps.append(
                step(
                    "GCJ-02、BD-09 偏移数百米，未换算的坐标不得用于距离判定；反算用迭代，误差小于 1e-9 度。",
                    "GCJ-02 and BD-09 are off by hundreds of metres: never judge a distance on them unconverted. The "
                    "way back is iterated to better than 1e-9 degrees.",
                )
            )
        return Answer({"lng": out.lng, "lat": out.lat, "shift_m": moved}, tuple(steps))

    return Calculation(
        id="geo.convert",
        title=Bilingual("坐标换算", "Conversion of coordinates"),
        inputs=(
            Input("from", _SYSTEMS, Bilingual("原坐标系", "from the system")),
            Input("to", _SYSTEMS, Bilingual("目标坐标系", "to the system")),
            Input("lng", _degrees(*china["lng"]), _LNG),
            Input("lat", _degrees(*china["lat"]), _LAT),
        ),
        outputs=(
            Output("lng", "number", _LNG, "°"),
            Output("lat", "number", _LAT, "°"),
            Output("shift_m", "number", Bilingual("移动距离", "distance moved"), "m"),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            Example(
                {"from": "wgs84", "to": "cgcs2000", "lng": 117.178, "lat": 29.269},
                {"lng": 117.178, "lat": 29.269, "shift_m": 0.0},
            ),
        ),
        function=function,
    )


def _check(table: Mapping[str, Any]) -> Calculation:
    method, area = source(table["method"]), table["area"]
    west, south, east, north = area["box"]

    def function(inputs: Mapping[str, object]) -> Answer:
        lng, lat = cast("Decimal", inputs["lng"]), cast("Decimal", inputs["lat"])
        system = cast("str | None", inputs["from"])
        steps: list[Step] = []
        if lat > area["most_lat"] or lng < area["least_lng"]:
            status = "swapped_suspected"
            steps.append(
                step(
                    "经度 {lng} 小于 {least} 或纬度 {lat} 大于 {most}。",
                    "The longitude {lng} is below {least} or the latitude {lat} above {most}.",
                    lng=told(lng),
                    lat=told(lat),
                    least=area["least_lng"],
                    most=area["most_lat"],
                )
            )
        else:
            inside = west <= lng <= east and south <= lat <= north
            status = "ok" if inside else "outside_area"
            steps.append(
                step(
                    "{name}范围约为东经 {west}–{east}、北纬 {south}–{north}，点在 ({lng}, {lat})。",
                    "{name} is about {west}–{east} E, {south}–{north} N; the point is at ({lng}, {lat}).",
                    name=bilingual(area["name"]),
                    west=west,
                    east=east,
                    south=south,
                    north=north,
                    lng=told(lng),
                    lat=told(lat),
                )
            )
        if system is None:
            steps.append(
                step(
                    "未写坐标系：每个坐标都须带坐标系，否则可能差数百米。",
                    "No reference system is named: every point needs one, or it may be off by hundreds of metres.",
                )
            )
        steps.append(step("结论:{status}。", "Verdict: {status}.", status=_STATUSES[status]))
        return Answer({"status": status}, tuple(steps))

    return Calculation(
        id="geo.check",
        title=Bilingual("坐标合理性", "Plausibility of a point"),
        note=Bilingual(
            "只提示，不改坐标。范围为近似值，以配置为准。",
            "It points out and changes nothing. The box is approximate; configuration decides.",
        ),
        inputs=(
            Input("lng", _degrees(-180, 180), _LNG),
            Input("lat", _degrees(-180, 180), _LAT),
            Input("from", _SYSTEMS, Bilingual("坐标系", "reference system"), False),
        ),
        outputs=(Output("status", "code: " + ", ".join(_STATUSES), Bilingual("结论", "verdict")),),
        source=method.title,
        versions=(method.version,),
        examples=(
            Example({"lng": 117.178, "lat": 29.269, "from": "cgcs2000"}, {"status": "ok"}),
            Example({"lng": 29.269, "lat": 117.178}, {"status": "swapped_suspected"}),
            Example({"lng": 116.404, "lat": 39.915, "from": "wgs84"}, {"status": "outside_area"}),
        ),
        function=function,
    )


CALCULATIONS = calculations(facts("anlan.foundation.geo", "coordinates.toml"))
