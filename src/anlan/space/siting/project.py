"""A project as the siting rules see it, and the inputs it is read from."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from anlan.foundation.calc.explain import Bilingual, step
from anlan.foundation.calc.faults import Fault, shown, wrong_type
from anlan.foundation.calc.inputs import Choice, Flag, Input, ListOf, Number, Record

ACTIONS = {
    "新建": "build new",
    "改建": "rebuild",
    "扩建": "expand",
    "新设": "set up (outfall)",
    "改设": "alter (outfall)",
    "扩大": "enlarge (outfall)",
    "挖沙": "dig sand",
    "采砂": "extract sand",
    "采矿": "mine",
    "生产性捕捞": "fish commercially",
    "围湖造田": "reclaim lakes",
    "围海造地": "reclaim the sea",
    "围填海": "fill the sea",
    "存量": "standing project",
}
RIVER_KINDS = {
    "main_stem": Bilingual("长江干流", "the Yangtze itself"),
    "important_tributary": Bilingual("重要支流", "important tributary"),
    "tributary": Bilingual("支流（直接或间接）", "tributary, direct or indirect"),
    "important_lake": Bilingual("重要湖泊", "important lake"),
    "lake": Bilingual("其他湖泊", "other lake"),
}
_RIVER_WORDS = {
    "干流": "main_stem",
    "长江干流": "main_stem",
    "main": "main_stem",
    "mainstem": "main_stem",
    "重要支流": "important_tributary",
    "支流": "tributary",
    "indirect_tributary": "tributary",
    "重要湖泊": "important_lake",
    "湖泊": "lake",
}
SYSTEMS = {
    "cgcs2000": Bilingual("国家大地坐标系", "CGCS2000"),
    "wgs84": Bilingual("WGS-84，与 CGCS2000 差厘米级", "WGS-84, centimetres from CGCS2000"),
    "gcj02": Bilingual("互联网地图加密坐标，偏数百米", "GCJ-02 of internet maps, off by hundreds of metres"),
    "bd09": Bilingual("百度坐标，偏数百米", "BD-09, off by hundreds of metres"),
}
_SYSTEM_WORDS = {
    "gcj-02": "gcj02",
    "bd-09": "bd09",
    "wgs-84": "wgs84",
    "epsg:4490": "cgcs2000",
    "epsg:4548": "cgcs2000",
    "epsg:4527": "cgcs2000",
    "epsg:4326": "wgs84",
}
_INDUSTRY = re.compile(r"[A-T]?(\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Text:
    """Text of at most `longest` characters; empty text is the same as none."""

    longest: int = 500

    def read(self, value: object, field: str, faults: list[Fault]) -> str | None:
        """The text without the spaces around it, None when there is none."""
        if not isinstance(value, str):
            faults.append(wrong_type(field, value, "文字", "text"))
            return None
        if len(value) > self.longest:
            faults.append(
                Fault(
                    "wrong_length",
                    field,
                    step("{field} 最长 {n} 字。", "{field} has at most {n} characters.", field=field, n=self.longest),
                )
            )
        return value.strip() or None

    def describe(self) -> dict[str, object]:
        """Type and longest length."""
        return {"type": "text", "longest": self.longest}


@dataclass(frozen=True, slots=True)
class Code:
    """One of a few codes, also as other words print it; upper and lower case are the same."""

    names: Mapping[str, Bilingual]
    words: Mapping[str, str]

    def read(self, value: object, field: str, faults: list[Fault]) -> str | None:
        """The code."""
        if not isinstance(value, str):
            faults.append(wrong_type(field, value, "代码", "a code"))
            return None
        key = value.strip().lower()
        return Choice(self.names).read(self.words.get(key, key), field, faults) if key else None

    def describe(self) -> dict[str, object]:
        """Type and the codes with their names."""
        return Choice(self.names).describe()


@dataclass(frozen=True, slots=True)
class IndustryCode:
    """Four digits of GB/T 4754, the letter of the section before them or not: 2614, C2614."""

    def read(self, value: object, field: str, faults: list[Fault]) -> str | None:
        """The four digits."""
        if not isinstance(value, str):
            faults.append(wrong_type(field, value, "四位行业代码（文字）", "a code of four digits, as text"))
            return None
        if not value.strip():
            return None
        match = _INDUSTRY.fullmatch(value.strip())
        if match is None:
            faults.append(
                Fault(
                    "not_a_choice",
                    field,
                    step(
                        "{field} 应为 GB/T 4754 四位小类代码，收到 {value}。",
                        "{field} must be a code of four digits of GB/T 4754, got {value}.",
                        field=field,
                        value=shown(value),
                    ),
                )
            )
            return None
        return match[1]

    def describe(self) -> dict[str, object]:
        """Type."""
        return {"type": "text", "form": "four digits of GB/T 4754"}


@dataclass(frozen=True, slots=True)
class Industry:
    """What the rules ask of an industry. `national` and `provincial` chemical: yes, no or review."""

    code: str
    group: str
    national: str
    provincial: str


def read_industries(text: str) -> dict[str, Industry]:
    """Industries by code of a CSV with columns code, name, class, jiangxi_chemical, national_chemical."""
    rows = csv.DictReader(text.splitlines())
    return {r["code"]: Industry(r["code"], r["class"], r["national_chemical"], r["jiangxi_chemical"]) for r in rows}


@dataclass(frozen=True, slots=True)
class Project:
    """A project to be checked. None is not known; `words` are facility and purpose in one text."""

    river_kind: str | None
    basin_km2: Fraction | None
    zones: frozenset[str] | None
    action: str | None
    industry: Industry | None
    distance_m: Fraction | None
    crs: str | None
    words: str
    capacity_increase: bool | None
    discharges: bool | None
    approval_no: str | None
    park_name: str | None
    recognised: bool | None
    compliant: bool | None


INPUTS = (
    Input("river", Text(), Bilingual("河流、湖泊名", "name of the river or lake"), False),
    Input("river_kind", Code(RIVER_KINDS, _RIVER_WORDS), Bilingual("河湖类别", "kind of river or lake"), False),
    Input(
        "basin_km2",
        Number("km²", Decimal(0), text=True),
        Bilingual("流域面积，1 万以上的支流为重要支流", "area of the basin; from 10,000 a tributary is important"),
        False,
    ),
    Input("zones", ListOf(Text()), Bilingual("所在分区，不在任何分区内写 []", "zones it lies in; [] for none"), False),
    Input(
        "action",
        Choice({zh: Bilingual(zh, en) for zh, en in ACTIONS.items()}),
        Bilingual("建设性质", "what is done"),
        False,
    ),
    Input("industry", IndustryCode(), Bilingual("行业小类代码", "industry, GB/T 4754"), False),
    Input(
        "distance_m",
        Number("m", Decimal(0), text=True),
        Bilingual("用地红线到岸线边界的最短平面距离", "shortest plane distance from the site to the shoreline"),
        False,
    ),
    Input("crs", Code(SYSTEMS, _SYSTEM_WORDS), Bilingual("量距所用坐标系", "reference system of the distance"), False),
    Input("facility", Text(), Bilingual("设施，如尾矿库、排污口、码头", "facility"), False),
    Input("purpose", Text(), Bilingual("建设目的", "purpose"), False),
    Input("capacity_increase", Flag(), Bilingual("是否扩大产能", "whether capacity grows"), False),
    Input("discharges_pollutants", Flag(), Bilingual("是否排放污染物", "whether it discharges pollutants"), False),
    Input("approval_no", Text(), Bilingual("有管辖权机关的同意文号", "number of the approval"), False),
    Input(
        "park",
        Record(
            (
                Input("name", Text(), Bilingual("园区名", "name of the park"), False),
                Input("recognised", Flag(), Bilingual("是否省认定化工园区", "chemical park recognised?"), False),
                Input("compliant", Flag(), Bilingual("是否列入合规园区名录", "on the list of parks?"), False),
            )
        ),
        Bilingual("所在园区", "park it lies in"),
        False,
    ),
)


def project(
    inputs: Mapping[str, object], national: Mapping[str, Any], parks: Mapping[str, Any], table: Mapping[str, Industry]
) -> Project:
    """Project from its inputs, with what the tables know about the river, the industry and the park put in."""
    terms = national["terms"]
    river: Mapping[str, Any] = next((row for row in national["river"] if inputs["river"] in row["names"]), {})
    basin: Any = inputs["basin_km2"] if inputs["basin_km2"] is not None else river.get("basin_km2")
    kind = cast("str | None", inputs["river_kind"] or river.get("kind"))
    if kind == "tributary" and basin is not None and basin >= terms["important_basin_km2"]:
        kind = "important_tributary"
    zones = None
    if inputs["zones"] is not None:
        given = (zone for zone in cast("list[str | None]", inputs["zones"]) if zone)
        zones = frozenset(terms["zone_aliases"].get(zone, zone) for zone in given)
    park = cast("Mapping[str, Any]", inputs["park"] or {})
    name, recognised = park.get("name"), park.get("recognised")
    if recognised is None and name in parks["recognised"]:
        recognised = True
    compliant = park.get("compliant")
    if zones and compliant is None and terms["outside_park"] in zones:
        compliant = False
    elif compliant is None and (recognised or (zones and terms["inside_park"] in zones)):
        compliant = True
    if recognised is None and compliant is False:
        # Recognised chemical parks are on the list of compliant ones.
        recognised = False
    code = cast("str | None", inputs["industry"])
    distance = cast("Decimal | None", inputs["distance_m"])
    return Project(
        river_kind=kind,
        basin_km2=None if basin is None else Fraction(basin),
        zones=zones,
        action=cast("str | None", inputs["action"]),
        industry=None if code is None else table.get(code, _unlisted(code, terms["doubtful_divisions"])),
        distance_m=None if distance is None else Fraction(distance),
        crs=cast("str | None", inputs["crs"]),
        words=" ".join(cast("str", word) for word in (inputs["facility"], inputs["purpose"], inputs["action"]) if word),
        capacity_increase=cast("bool | None", inputs["capacity_increase"]),
        discharges=cast("bool | None", inputs["discharges_pollutants"]),
        approval_no=cast("str | None", inputs["approval_no"]),
        park_name=name,
        recognised=recognised,
        compliant=compliant,
    )


def _unlisted(code: str, doubtful: list[str]) -> Industry:
    verdict = "review" if code[:2] in doubtful else "no"
    return Industry(code, "", verdict, verdict)
