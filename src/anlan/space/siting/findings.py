"""What one rule says of one project. Rules are data; the tests they may name are here, one function each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from anlan.foundation.calc.exact import told
from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.space.siting.project import RIVER_KINDS, Project

Outcome = Literal["block", "missing", "review", "evidence", "none"]
# Reference systems in which a distance on the ground may be measured.
_TRUE = {"cgcs2000", "wgs84"}


@dataclass(frozen=True, slots=True)
class Finding:
    """Outcome of a rule, the sentence that says why, and the inputs it lacks."""

    rule: str
    outcome: Outcome
    said: Step | None = None
    lacks: tuple[str, ...] = ()


_NONE = Finding("", "none")


def _lacks(*names: str) -> Finding:
    return Finding("", "missing", None, names)


def _found(outcome: Outcome, zh: str, en: str, **numbers: object) -> Finding:
    return Finding("", outcome, step(zh, en, **numbers))


def _any(words: list[str], text: str) -> bool:
    return any(word in text for word in words)


def finding(rule: Mapping[str, Any], one: Project, terms: Mapping[str, Any]) -> Finding:
    """What the rule says: none where its conditions do not hold, missing where it cannot be told."""
    lacks: list[str] = []
    if "words" in rule and rule["test"] != "chemical_distance" and not _any(rule["words"], one.words):
        return _NONE
    if "zones" in rule:
        if one.zones is None:
            lacks.append("zones")
        elif not one.zones.intersection(rule["zones"]):
            return _NONE
    if "rivers" in rule and "within_m" not in rule:
        if one.river_kind is None:
            lacks.append("river_kind")
        elif one.river_kind not in rule["rivers"]:
            return _NONE
    if "actions" in rule and rule["test"] != "chemical_distance":
        if one.action is None:
            lacks.append("action")
        elif one.action not in rule["actions"]:
            return _NONE
    if "classes" in rule or "codes" in rule:
        if one.industry is None:
            if _any(terms["plain_facilities"], one.words):
                return _NONE
            lacks.append("industry")
        elif one.industry.group not in rule.get("classes", ()) and one.industry.code not in rule.get("codes", ()):
            return _NONE
    found = _lacks(*lacks) if lacks else _TESTS[rule["test"]](rule, one, terms)
    return Finding(rule["id"], found.outcome, found.said and _titled(rule, found.said), found.lacks)


def _titled(rule: Mapping[str, Any], said: Step) -> Step:
    """Sentence with the number, the title and the clause of its rule before it."""
    clause = rule.get("clause")
    head = {
        "rule": rule["id"],
        "title": Bilingual(rule["title"]["zh"], rule["title"]["en"]),
        "clause": Bilingual(f"({clause['zh']})", f" ({clause['en']})") if clause else Bilingual("", ""),
    }
    return step(
        "{rule} {title}{clause}:" + said.words.zh, "{rule} {title}{clause}: " + said.words.en, **head, **said.numbers
    )


def _forbidden(rule: Mapping[str, Any], one: Project, terms: Mapping[str, Any]) -> Finding:
    if _excepted(rule, one):
        return _evidence()
    return _found("block", "在禁止范围内，不属例外。", "inside, and no exception applies.")


def _excepted(rule: Mapping[str, Any], one: Project) -> bool:
    actions = rule.get("exception_actions")
    return _any(rule.get("exceptions", []), one.words) and (actions is None or one.action in actions)


def _evidence() -> Finding:
    return _found("evidence", "属但书所列情形，须附证明材料。", "falls under an exception; proof has to be attached.")


def _manual(rule: Mapping[str, Any], one: Project, terms: Mapping[str, Any]) -> Finding:
    return _ask(rule)


def _ask(rule: Mapping[str, Any]) -> Finding:
    question = Bilingual(rule["ask"]["zh"], rule["ask"]["en"])
    return _found("review", "{question}，须人工判断。", "{question}? A person has to decide.", question=question)


def _keywords(rule: Mapping[str, Any], one: Project, terms: Mapping[str, Any]) -> Finding:
    if _any(rule["keywords"], one.words):
        return _found("block", "属列明的禁止活动。", "one of the activities forbidden there.")
    return _ask(rule) if "ask" in rule else _NONE


def _production(rule: Mapping[str, Any], one: Project, terms: Mapping[str, Any]) -> Finding:
    if one.industry is not None:
        return _found(
            "block",
            "有行业代码 {code}，属生产经营项目。",
            "with the industry code {code} it is a project of production.",
            code=one.industry.code,
        )
    return _keywords(rule, one, terms)


def _discharge(rule: Mapping[str, Any], one: Project, terms: Mapping[str, Any]) -> Finding:
    if one.discharges is None:
        return _lacks("discharges_pollutants")
    if one.discharges:
        return _found("block", "排放污染物的项目。", "the project discharges pollutants.")
    return _NONE


def _approval(rule: Mapping[str, Any], one: Project, terms: Mapping[str, Any]) -> Finding:
    if one.approval_no is None:
        return _found("block", "没有有管辖权机关的同意文号。", "there is no number of an approval.")
    return _found(
        "evidence",
        "有同意文号，须附同意文件。",
        "a number of an approval is given; the approval has to be attached.",
    )


def _chemical_distance(rule: Mapping[str, Any], one: Project, terms: Mapping[str, Any]) -> Finding:
    if one.action is not None and one.action not in (*rule["actions"], "改建"):
        return _NONE
    chemical = "yes" if _any(rule["words"], one.words) else one.industry.national if one.industry else None
    if chemical is None and _any(terms["plain_facilities"], one.words):
        chemical = "no"
    if chemical == "no":
        return _NONE
    if one.action == "改建" and one.capacity_increase is False:
        return _found("none", "改建且不扩大产能，不在此条。", "a rebuilding without more capacity is not covered.")
    limit = Fraction(rule["within_m"])
    lacks = [*(["action"] if one.action is None else []), *(["industry"] if chemical is None else [])]
    distance, unknown = _distance(one)
    if distance is not None and distance > limit:
        return _beyond(distance, limit)
    lacks += unknown
    if one.action == "改建" and one.capacity_increase is None:
        lacks.append("capacity_increase")
    if one.river_kind is None:
        lacks.append("river_kind")
    if lacks:
        return _lacks(*lacks)
    if one.river_kind == "lake":
        question = Bilingual("该湖泊是否属重要湖泊", "is the lake an important one")
    elif chemical == "review":
        question = Bilingual("该行业是否按化工论", "does this industry count as chemical")
    elif one.action == "改建":
        question = Bilingual("扩大产能的改建是否按扩建论", "does a rebuilding with more capacity count as expansion")
    else:
        return _within(distance, limit, one)
    return _found(
        "review",
        "距离 {distance} m 不超过 {limit} m;{question}，须人工判断。",
        "the distance of {distance} m is at most {limit} m; {question}? A person has to decide.",
        distance=told(distance or 0),
        limit=told(limit),
        question=question,
    )


def _tailings_distance(rule: Mapping[str, Any], one: Project, terms: Mapping[str, Any]) -> Finding:
    limits = {kind: Fraction(limit) for kind, limit in rule["within_m"].items()}
    distance, lacks = _distance(one)
    if distance is not None and distance > max(limits.values()):
        return _beyond(distance, max(limits.values()))
    if one.river_kind is None:
        return _lacks("river_kind", *lacks)
    kind = one.river_kind
    if kind == "tributary" and one.basin_km2 is None:
        # It may turn out to be an important one.
        kind, lacks = "important_tributary", ["basin_km2", *lacks]
    if kind not in limits:
        basin = Bilingual("", "")
        if one.basin_km2 is not None:
            area, bound = told(one.basin_km2), terms["important_basin_km2"]
            basin = Bilingual(f",流域 {area} km² 不足 {bound} km²", f", its basin of {area} km² is below {bound} km²")
        return _found(
            "none",
            "{kind}不在此条{basin}；省级细则另行指定的从其规定。",
            "not for this kind of water: {kind}{basin}; a province may name it all the same.",
            kind=RIVER_KINDS[kind],
            basin=basin,
        )
    if distance is not None and distance > limits[kind]:
        return _beyond(distance, limits[kind])
    if lacks:
        return _lacks(*lacks)
    return _evidence() if _excepted(rule, one) else _within(distance, limits[kind], one)


def _distance(one: Project) -> tuple[Fraction | None, list[str]]:
    """Distance where it can be used, and the names of what it lacks."""
    if one.distance_m is None or one.crs not in _TRUE:
        return None, [*(["distance_m"] if one.distance_m is None else []), *(["crs"] if one.crs not in _TRUE else [])]
    return one.distance_m, []


def _beyond(distance: Fraction, limit: Fraction) -> Finding:
    return _found(
        "none",
        "距离 {distance} m 大于 {limit} m。",
        "the distance of {distance} m is more than {limit} m.",
        distance=told(distance),
        limit=told(limit),
    )


def _within(distance: Fraction | None, limit: Fraction, one: Project) -> Finding:
    raw = one.industry is not None and one.industry.group == "医药"
    return _found(
        "block",
        "{kind}，距离 {distance} m 不超过 {limit} m(等于即落入){raw}。",
        "{kind}, the distance of {distance} m is at most {limit} m (equal is within){raw}.",
        kind=RIVER_KINDS[one.river_kind or "tributary"],
        distance=told(distance or 0),
        limit=told(limit),
        raw=Bilingual(";原料药按化工论，提请人工复核", "; raw medicines count as chemical, to be reviewed by a person")
        if raw
        else Bilingual("", ""),
    )


def _outside_park(rule: Mapping[str, Any], one: Project, terms: Mapping[str, Any]) -> Finding:
    if one.compliant is None:
        return _lacks("park")
    if one.compliant:
        return _found("none", "在合规园区内。", "inside a compliant park.")
    return _found("block", "在合规园区以外。", "outside any compliant park.")


def _unrecognised_park(rule: Mapping[str, Any], one: Project, terms: Mapping[str, Any]) -> Finding:
    scope = one.industry.provincial if one.industry else None
    if scope is None and _any(terms["plain_facilities"], one.words):
        scope = "no"
    if scope == "no":
        return _NONE
    if one.recognised is None or scope is None:
        statistical = one.park_name in terms["statistical"] and one.recognised is None
        lacks = [*(["industry"] if scope is None else []), *(["park"] if one.recognised is None else [])]
        said = step(
            "该名称是统计区划名，不是认定证明；须给出省认定情况。",
            "the name is one of the statistical divisions and proves no recognition; say whether the province "
            "recognised it.",
        )
        return Finding("", "missing", said if statistical else None, tuple(lacks))
    if one.recognised and one.park_name in terms["statistical"]:
        return _found(
            "review",
            "所报园区为统计区划名，不在已见的认定名单，认定情况须人工核对。",
            "the park bears the name of a statistical division and is on no list seen: a person has to check.",
        )
    if one.recognised:
        return _found("none", "在省认定化工园区内。", "inside a chemical park recognised by the province.")
    if scope == "review":
        return _found(
            "review",
            "园区未经省认定；该行业是否在认定范围内须人工判断。",
            "the park is not recognised; whether the industry is in scope a person has to decide.",
        )
    return _found(
        "block",
        "不在省认定化工园区内（不涉及危险化学品的物理加工等个别豁免须人工确认）。",
        "outside any chemical park recognised by the province (single exemptions need a person's confirmation).",
    )


_TESTS: Mapping[str, Callable[[Mapping[str, Any], Project, Mapping[str, Any]], Finding]] = {
    "forbidden": _forbidden,
    "manual": _manual,
    "keywords": _keywords,
    "production": _production,
    "discharge": _discharge,
    "approval": _approval,
    "chemical_distance": _chemical_distance,
    "tailings_distance": _tailings_distance,
    "outside_park": _outside_park,
    "unrecognised_park": _unrecognised_park,
}
