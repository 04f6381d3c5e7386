"""siting.negative_list: a project against the national list and the overlay of its province."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.foundation.calc.faults import shown
from anlan.foundation.calc.sources import facts, source, text
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output
from anlan.space.siting.findings import Finding, finding
from anlan.space.siting.project import INPUTS, Industry, Project, project, read_industries

_ENGLISH = {
    "block": Bilingual("禁止", "blocked"),
    "incomplete": Bilingual("资料不全，不得给通过", "incomplete: no pass can be given"),
    "review": Bilingual("须人工判断并写明理由", "a person has to decide and say why"),
    "pass_with_evidence": Bilingual("附证明材料后通过", "passes with the proof attached"),
    "pass": Bilingual("未命中", "no rule forbids it"),
}


def calculation(
    national: Mapping[str, Any], province: Mapping[str, Any], industries: Mapping[str, Industry]
) -> Calculation:
    """The calculation on a national list, the overlay of a province and a table of industries."""
    method = source(national["method"])
    overlay = source(province["method"])
    rules = [*national["rule"], *province["rule"]]
    terms = {**national["terms"], **province["parks"]}
    known = {zone for rule in rules for zone in rule.get("zones", ())} | set(terms["plain_zones"])

    def function(inputs: Mapping[str, object]) -> Answer:
        one = project(inputs, national, province["parks"], industries)
        found = [finding(rule, one, terms) for rule in rules]
        strange = sorted((one.zones or frozenset()) - known)
        by = {outcome: _ids(found, outcome) for outcome in ("block", "missing", "review", "evidence")}
        lacks = list(dict.fromkeys(name for f in found if f.outcome == "missing" for name in f.lacks))
        if by["block"]:
            verdict = "block"
        elif lacks:
            verdict = "incomplete"
        elif by["review"] or strange:
            verdict = "review"
        else:
            verdict = "pass_with_evidence" if by["evidence"] else "pass"
        outputs = {
            "verdict": verdict,
            "hits": by["block"],
            "review": by["review"],
            "evidence": by["evidence"],
            "missing": lacks,
        }
        return Answer(outputs, (*_told(one, found, strange, lacks, terms), _verdict(verdict), *method.doubt))

    return Calculation(
        id="siting.negative_list",
        title=Bilingual("负面清单准入校核", "Siting against the negative list"),
        note=Bilingual(
            "先看是否有已能认定的禁止情形(block),再看是否缺资料(incomplete)、须人工(review)、须附证明"
            "(pass_with_evidence),都没有才是 pass。距离等于限值即落入；GCJ-02、BD-09 量得的距离不能用,"
            "先用 geo.convert 换算。不认识的分区名一律转人工。省级细则正文未取得，只含省化工园区认定一条。",
            "First what is established as forbidden (block), then what is not known (incomplete), what a person "
            "decides (review), what needs proof (pass_with_evidence); pass only if none. A distance equal to the limit "
            "is within. Distances in GCJ-02 or BD-09 are no use: convert with geo.convert first. Zones of unknown name "
            "go to a person. The province's own list was not found; only its recognition of chemical parks is here.",
        ),
        inputs=INPUTS,
        outputs=(
            Output(
                "verdict", "code: block, incomplete, review, pass_with_evidence, pass", Bilingual("结论", "verdict")
            ),
            Output("hits", "list of rule ids", Bilingual("命中的禁止条款", "rules that forbid it")),
            Output("review", "list of rule ids", Bilingual("须人工判断的条款", "rules a person has to decide")),
            Output("evidence", "list of rule ids", Bilingual("须附证明的条款", "rules that need proof")),
            Output("missing", "list of input names", Bilingual("缺少的资料", "inputs that are missing")),
        ),
        source=Bilingual(f"{method.title.zh};{overlay.title.zh}", f"{method.title.en}; {overlay.title.en}"),
        versions=(method.version,),
        examples=(
            # 昌江 is a tributary by the table of rivers; 2614 is chemical; 800 ≤ 1,000.
            Example(
                {
                    "river": "昌江",
                    "zones": [],
                    "action": "新建",
                    "industry": "2614",
                    "distance_m": 800,
                    "crs": "cgcs2000",
                    "park": {"recognised": True},
                },
                {"verdict": "block", "hits": ["N08a"], "missing": []},
            ),
            # The basin of 昌江, about 6,000 km², is below 10,000: the rule for tailings does not reach it.
            Example(
                {
                    "river": "昌江",
                    "zones": [],
                    "action": "新建",
                    "facility": "尾矿库",
                    "distance_m": 800,
                    "crs": "cgcs2000",
                },
                {"verdict": "pass", "hits": []},
            ),
            Example(
                {"river": "昌江", "zones": [], "action": "扩建", "industry": "2614", "distance_m": 800, "crs": "gcj02"},
                {"verdict": "incomplete", "hits": [], "missing": ["crs", "park"]},
            ),
        ),
        function=function,
    )


def _ids(found: list[Finding], outcome: str) -> list[str]:
    return list(dict.fromkeys(f.rule for f in found if f.outcome == outcome))


def _told(
    one: Project, found: list[Finding], strange: list[str], lacks: list[str], terms: Mapping[str, Any]
) -> Iterator[Step]:
    for f in found:
        if f.said is not None:
            yield f.said
    for zone in strange:
        yield step(
            "分区 {zone} 不在规则表内，须人工认定。",
            "zone {zone} is in no rule: a person has to decide.",
            zone=shown(zone),
        )
    if lacks:
        yield step("缺少:{names}。", "Missing: {names}.", names=", ".join(lacks))
    if "crs" in lacks and one.crs is not None:
        yield step(
            "{crs} 坐标偏移数百米，所量距离不能用于判定，先换算为 cgcs2000。",
            "Coordinates in {crs} are off by hundreds of metres: convert to cgcs2000 before measuring.",
            crs=one.crs,
        )
    silent = [rule for rule in _ids(found, "none") if all(f.said is None for f in found if f.rule == rule)]
    yield step("比对后不适用:{rules}。", "Checked, not applicable: {rules}.", rules=", ".join(silent) or "–")
    yield step(
        "{rules} 无法由机器判断，须人工留意。",
        "{rules} cannot be tested by machine: mind them.",
        rules=", ".join(terms["untested"]),
    )


def _verdict(verdict: str) -> Step:
    return step("结论:{verdict}。", "Verdict: {verdict}.", verdict=_ENGLISH[verdict])


_PACKAGE = "anlan.space.siting"
CALCULATIONS = (
    calculation(
        facts(_PACKAGE, "national-2022.toml"),
        facts(_PACKAGE, "jiangxi.toml"),
        read_industries(text(_PACKAGE, "industry-codes.csv")),
    ),
)
