"""ledger.signs: what in its evidence speaks against a claimed rectification."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.foundation.calc.faults import Fault, wrong_type
from anlan.foundation.calc.inputs import Day, Input, ListOf, Number, OneOrMany, Record, Words
from anlan.foundation.calc.sources import bilingual, source
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output

_CHINA = dt.timezone(dt.timedelta(hours=8))
_HASH = re.compile(r"[0-9a-fA-F]{16}", re.ASCII)
# Pairs of photos are compared; a thousand of them are half a million comparisons.
_MOST = 1000


@dataclass(frozen=True, slots=True)
class PerceptualHash:
    """Perceptual hash of 64 bits, written as 16 hexadecimal digits."""

    def read(self, value: object, field: str, faults: list[Fault]) -> int | None:
        """The bits as a whole number."""
        if not isinstance(value, str) or not _HASH.fullmatch(value):
            faults.append(wrong_type(field, value, " 16 位十六进制数字", "16 hexadecimal digits"))
            return None
        return int(value, 16)

    def describe(self) -> dict[str, object]:
        """Type and form."""
        return {"type": "text", "form": "16 hexadecimal digits"}


def calculation(table: Mapping[str, Any]) -> Calculation:
    """The calculation on a table of signs with their weights and bounds."""
    method, signs = source(table["method"]), table["signs"]
    paper = {word.lower() for word in signs["paper"]}

    def function(inputs: Mapping[str, object]) -> Answer:
        evidence = cast("list[Mapping[str, Any]]", inputs["evidence"])
        measures = cast("list[Any]", inputs["measures_evidence_kinds"] or [])
        done = cast("dt.date", inputs["self_done_at"])
        found = {
            "K03": list(_too_late(evidence, done)),
            "K04": list(_reused(evidence, signs["near_bits"], signs["far_m"])),
            "K06": list(_on_paper(measures, paper)),
        }
        hits = [id for id, said in found.items() if said]
        steps: list[Step] = []
        for id in hits:
            steps.append(step("{id} {title}:", "{id} {title}:", id=id, title=bilingual(signs[id]["title"])))
            steps += found[id]
        undated = sum(1 for one in evidence if one["taken_at"] is None)
        if undated:
            steps.append(
                step(
                    "{n} 件证据没有拍摄时间，未参与时间比较。",
                    "{n} pieces of evidence have no time and were not compared by it.",
                    n=undated,
                )
            )
        weight = sum(signs[id]["weight"] for id in hits)
        steps.append(
            step(
                "疑点 {n} 项，权重合计 {weight}；疑点是核查线索，不是结论。",
                "{n} signs of weight {weight} in sum; a sign is a lead to follow, no verdict.",
                n=len(hits),
                weight=weight,
            )
        )
        return Answer({"signs": hits, "weight": weight}, (*steps, *method.doubt))

    return Calculation(
        id="ledger.signs",
        title=Bilingual("虚假整改疑点", "Signs of a fake rectification"),
        note=Bilingual(
            "只判断凭证据时间、照片和证据种类可认的三项(K03、K04、K06);权重为设计值。",
            "Only the three that times, photos and kinds of evidence show (K03, K04, K06); weights are by design.",
        ),
        inputs=(
            Input("self_done_at", Day(or_time=True), Bilingual("自验完成时间", "when the unit called it done")),
            Input(
                "evidence",
                ListOf(
                    Record(
                        (
                            Input("taken_at", Day(or_time=True), Bilingual("拍摄或形成时间", "when taken"), False),
                            Input("kind", Words(60), Bilingual("种类", "kind"), False),
                            Input("hash", Words(128), Bilingual("文件哈希", "hash of the file"), False),
                            Input("phash", PerceptualHash(), Bilingual("感知哈希", "perceptual hash"), False),
                            Input("problem", Words(60), Bilingual("所属问题编号", "problem it belongs to"), False),
                            Input(
                                "distance_m",
                                Number("m", Decimal(0), text=True),
                                Bilingual("拍摄点距点位", "from where it was taken to the site"),
                                False,
                            ),
                        )
                    ),
                    longest=_MOST,
                ),
                Bilingual("证据", "evidence"),
            ),
            Input(
                "measures_evidence_kinds",
                ListOf(OneOrMany(Words(60)), longest=_MOST),
                Bilingual("各条措施的证据种类", "kinds of evidence of each measure"),
                False,
            ),
        ),
        outputs=(
            Output("signs", "list of ids: K03, K04, K06", Bilingual("疑点", "signs")),
            Output("weight", "integer", Bilingual("权重合计", "sum of their weights")),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # Taken a day after the unit called it done: weight 3; the second measure has papers only: 2.
            Example(
                {
                    "self_done_at": "2025-06-30",
                    "evidence": [{"taken_at": "2025-07-01", "kind": "photo"}],
                    "measures_evidence_kinds": [["photo"], ["meeting", "document"]],
                },
                {"signs": ["K03", "K06"], "weight": 5},
            ),
            Example({"self_done_at": "2025-06-30", "evidence": [{"taken_at": "2025-06-30"}]}, {"signs": []}),
        ),
        function=function,
    )


def _after(taken: dt.date, done: dt.date) -> bool:
    """Whether evidence is younger: by the clock where both have a time, else by the day (in China)."""
    if isinstance(taken, dt.datetime) and isinstance(done, dt.datetime):
        return _local(taken) > _local(done)
    return _day(taken) > _day(done)


def _local(moment: dt.datetime) -> dt.datetime:
    return moment.replace(tzinfo=_CHINA) if moment.tzinfo is None else moment.astimezone(_CHINA)


def _day(moment: dt.date) -> dt.date:
    return _local(moment).date() if isinstance(moment, dt.datetime) else moment


def _too_late(evidence: list[Mapping[str, Any]], done: dt.date) -> Iterator[Step]:
    for n, one in enumerate(evidence, 1):
        if one["taken_at"] is not None and _after(one["taken_at"], done):
            yield step(
                "第 {n} 件证据形成于 {taken}，晚于自验 {done}。",
                "Evidence {n} is of {taken}, later than {done}.",
                n=n,
                taken=one["taken_at"].isoformat(),
                done=done.isoformat(),
            )


def _reused(evidence: list[Mapping[str, Any]], near_bits: int, far_m: int) -> Iterator[Step]:
    for (n, one), (m, other) in itertools.combinations(enumerate(evidence, 1), 2):
        if _elsewhere(one, other) and _alike(one, other, near_bits):
            yield step(
                "第 {n} 件与第 {m} 件照片相同或相近，却用于不同问题或日期。",
                "Evidence {n} and {m} are the same or nearly the same picture, for different problems or days.",
                n=n,
                m=m,
            )
    for n, one in enumerate(evidence, 1):
        if one["distance_m"] is not None and one["distance_m"] > far_m:
            yield step(
                "第 {n} 件拍摄点距点位 {d} m，大于 {far} m。",
                "Evidence {n} was taken {d} m from the site, more than {far} m.",
                n=n,
                d=one["distance_m"],
                far=far_m,
            )


def _elsewhere(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two pieces belong to different problems, or to different days."""
    problems = one["problem"], other["problem"]
    times = one["taken_at"], other["taken_at"]
    return (None not in problems and problems[0] != problems[1]) or (
        None not in times and _day(times[0]) != _day(times[1])
    )


def _alike(one: Mapping[str, Any], other: Mapping[str, Any], near_bits: int) -> bool:
    if one["hash"] is not None and one["hash"] == other["hash"]:
        return True
    if one["phash"] is None or other["phash"] is None:
        return False
    return cast("int", one["phash"] ^ other["phash"]).bit_count() <= near_bits


def _on_paper(measures: list[Any], paper: set[str]) -> Iterator[Step]:
    """Measures whose evidence is papers only. A flat list of kinds is that of one measure."""
    flat = measures and not any(isinstance(one, list) for one in measures)
    for n, kinds in enumerate([measures] if flat else measures, 1):
        words = kinds if isinstance(kinds, list) else [kinds]
        if words and all(word.strip().lower() in paper for word in words):
            yield step(
                "第 {n} 条措施的证据只有会议、文件。", "The evidence of measure {n} is meetings and papers only.", n=n
            )
