"""Accounts of nature: survival of new forest, the wetland bank, pledged water rights."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, cast

from anlan.foundation.calc.exact import decimal, told
from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.foundation.calc.faults import Fault, wrong_type
from anlan.foundation.calc.inputs import Choice, Day, Input, ListOf, Number, OneOrMany, Record
from anlan.foundation.calc.sources import source
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output

_AREA = Number("mu", Decimal(0), above=True, text=True)
_RESULTS = {
    "合格": Bilingual("合格", "qualified"),
    "补植": Bilingual("补植", "replant"),
    "重新造林": Bilingual("重新造林", "plant anew"),
}


def calculations(table: Mapping[str, Any]) -> tuple[Calculation, ...]:
    """The three calculations on a table of bounds and sources."""
    return (_afforestation(table["forest"]), _wetland(table["wetland"]), _water_right(table["water_right"]))


def _afforestation(table: Mapping[str, Any]) -> Calculation:
    method = source(table)
    good, fair = Fraction(table["qualified_from"]), Fraction(table["replant_from"])

    def result(survival: Fraction) -> str:
        return "合格" if survival >= good else "补植" if survival >= fair else "重新造林"

    def function(inputs: Mapping[str, object]) -> Answer:
        plots = [
            (Fraction(plot["mu"]), Fraction(plot["survival"]))
            for plot in cast("list[Mapping[str, Decimal]]", inputs["subplots"])
        ]
        results = [result(survival) for _, survival in plots]
        areas = dict.fromkeys(_RESULTS, Fraction(0))
        for (mu, _), word in zip(plots, results, strict=True):
            areas[word] += mu
        total = sum(areas.values())
        mean = sum((mu * survival for mu, survival in plots), Fraction(0)) / total if total else None
        steps = [
            step(
                "成活率达 {good}% 合格，{fair}% 至不足 {good}% 补植，不足 {fair}% 重新造林。",
                "From {good} % qualified, from {fair} to below {good} % replant, below {fair} % plant anew.",
                good=told(good),
                fair=told(fair),
            )
        ]
        steps += [
            step(
                "{word} {n} 个小班，{mu} 亩。",
                "{word}: {n} subplots, {mu} mu.",
                word=name,
                n=results.count(word),
                mu=told(areas[word]),
            )
            for word, name in _RESULTS.items()
        ]
        if mean is None:
            steps.append(step("没有小班，成活率和合格率无定义。", "No subplots: the rates are not defined."))
        else:
            steps.append(
                step(
                    "面积加权成活率 {mean}%；面积合格率 {good}/{total} = {rate}。",
                    "Survival weighted by area {mean} %; qualified area {good}/{total} = {rate}.",
                    mean=told(mean),
                    good=told(areas["合格"]),
                    total=told(total),
                    rate=told(areas["合格"] / total),
                )
            )
        outputs = {
            "weighted_survival": None if mean is None else decimal(mean),
            "qualified_mu": decimal(areas["合格"]),
            "replant_mu": decimal(areas["补植"]),
            "redo_mu": decimal(areas["重新造林"]),
            "area_pass_rate": decimal(areas["合格"] / total) if total else None,
            "result": results,
        }
        return Answer(outputs, (*steps, *method.doubt))

    return Calculation(
        id="eco.afforestation",
        title=Bilingual("营造林成活率", "Survival of new forest"),
        note=Bilingual(
            "成活率按面积加权，不作简单平均。规程按整数写 40% 和 41%，其间（如 40.5%）归重新造林。",
            "Survival is weighted by area, never averaged. The standard prints whole percents; between 40 and 41 the "
            "subplot is planted anew.",
        ),
        inputs=(
            Input(
                "subplots",
                ListOf(
                    Record(
                        (
                            Input("mu", _AREA, Bilingual("面积", "area")),
                            Input(
                                "survival",
                                Number("%", Decimal(0), Decimal(100), text=True),
                                Bilingual("成活率", "survival"),
                            ),
                        )
                    )
                ),
                Bilingual("小班", "subplots"),
            ),
        ),
        outputs=(
            Output("weighted_survival", "number or null", Bilingual("面积加权成活率", "survival by area"), "%"),
            Output("qualified_mu", "number", Bilingual("合格面积", "qualified area"), "mu"),
            Output("replant_mu", "number", Bilingual("补植面积", "area to replant"), "mu"),
            Output("redo_mu", "number", Bilingual("重新造林面积", "area to plant anew"), "mu"),
            Output("area_pass_rate", "number or null, 0–1", Bilingual("面积合格率", "share of qualified area")),
            Output("result", "list of words", Bilingual("各小班结论", "result of each subplot")),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # (100×90 + 50×60 + 50×40)/200 = 14,000/200 = 70; 100/200 = 0.5.
            Example(
                {
                    "subplots": [
                        {"mu": 100, "survival": 90},
                        {"mu": 50, "survival": 60},
                        {"mu": 50, "survival": 40},
                    ]
                },
                {
                    "weighted_survival": 70,
                    "qualified_mu": 100,
                    "replant_mu": 50,
                    "redo_mu": 50,
                    "area_pass_rate": 0.5,
                    "result": ["合格", "补植", "重新造林"],
                },
            ),
        ),
        function=function,
    )


_EVENTS = {
    "accept": Bilingual("验收入库", "accept"),
    "freeze": Bilingual("冻结", "freeze"),
    "unfreeze": Bilingual("解冻", "unfreeze"),
    "sell": Bilingual("成交", "sell"),
    "use": Bilingual("核销", "use"),
    "cancel": Bilingual("失效", "cancel"),
}
# What each event takes from and gives to; accept gives only, cancel takes only.
_MOVES = {
    "accept": (None, "available"),
    "freeze": ("available", "frozen"),
    "unfreeze": ("frozen", "available"),
    "sell": ("available", "sold_unused"),
    "use": ("sold_unused", "used"),
    "cancel": ("available", None),
}


class Event(NamedTuple):
    """One event of an account: what, how many mu, at what quality factor."""

    kind: str
    mu: Fraction
    factor: Fraction


@dataclass(frozen=True, slots=True)
class EventType:
    """Event written as an array: ["accept", mu, factor] or [another event, mu]."""

    kinds: Choice = field(default_factory=lambda: Choice(_EVENTS))
    factor: Number = field(default_factory=lambda: Number("", Decimal(0), Decimal(1), above=True, text=True))

    def read(self, value: object, field: str, faults: list[Fault]) -> Event | None:
        """The event; the factor of an acceptance is 1 unless given, others have none."""
        if not isinstance(value, list | tuple) or not 2 <= len(value) <= 3:
            faults.append(wrong_type(field, value, "[事件，亩数]", "[event, mu] or [accept, mu, k]"))
            return None
        before = len(faults)
        kind = self.kinds.read(value[0], f"{field}[0]", faults)
        mu = _AREA.read(value[1], f"{field}[1]", faults)
        factor: Decimal | None = Decimal(1)
        if len(value) == 3 and kind != "accept" and len(faults) == before:
            faults.append(
                Fault(
                    "not_applicable",
                    f"{field}[2]",
                    step("质量系数只用于 accept。", "a quality factor goes with accept only."),
                )
            )
        elif len(value) == 3:
            factor = self.factor.read(value[2], f"{field}[2]", faults)
        if mu is None or factor is None:
            return None
        return Event(kind, Fraction(mu), Fraction(factor))

    def describe(self) -> dict[str, object]:
        """Form and the events."""
        return {**self.kinds.describe(), "type": "event", "form": "[event, mu] or [accept, mu, factor ≤ 1]"}


def _wetland(table: Mapping[str, Any]) -> Calculation:
    method = source(table)

    def function(inputs: Mapping[str, object]) -> Answer:
        balances = dict.fromkeys(("available", "frozen", "sold_unused", "used"), Fraction(0))
        accepted, occupied = (cast("dt.date | None", inputs[name]) for name in ("accept_date", "occupation_approved"))
        too_early = accepted is not None and occupied is not None and accepted > occupied
        steps: list[Step] = []
        reason = None
        for n, event in enumerate(cast("list[Event]", inputs["events"]), 1):
            if event.kind == "use" and too_early:
                break
            source_of, goes_to = _MOVES[event.kind]
            credit = event.mu * event.factor
            if source_of and balances[source_of] < credit:
                reason = "negative_balance"
                steps.append(
                    step(
                        "第 {n} 笔 {event} {mu} 亩：余额只有 {left} 亩，不准，其后各笔不再记。",
                        "Event {n}, {event} {mu} mu: only {left} mu are there; refused, nothing after it is booked.",
                        n=n,
                        event=_EVENTS[event.kind],
                        mu=told(credit),
                        left=told(balances[source_of]),
                    )
                )
                break
            if source_of:
                balances[source_of] -= credit
            if goes_to:
                balances[goes_to] += credit
            steps.append(
                step(
                    "第 {n} 笔 {event} {mu} 亩 × {k} = {credit} 亩。",
                    "Event {n}, {event} {mu} mu × {k} = {credit} mu.",
                    n=n,
                    event=_EVENTS[event.kind],
                    mu=told(event.mu),
                    k=told(event.factor),
                    credit=told(credit),
                )
            )
        if too_early and reason is None:
            reason = "先补后占"
        steps.append(_order(accepted, occupied))
        steps.append(
            step(
                "余额：可用 {available}，冻结 {frozen}，已售未用 {sold_unused}，已核销 {used}。",
                "Balances: available {available}, frozen {frozen}, sold and unused {sold_unused}, used {used}.",
                **{name: told(value) for name, value in balances.items()},
            )
        )
        outputs = {name: decimal(value) for name, value in balances.items()}
        return Answer({**outputs, "allowed": reason is None, "reason": reason}, (*steps, *method.doubt))

    return Calculation(
        id="eco.wetland_bank",
        title=Bilingual("湿地银行账户", "Account of the wetland bank"),
        note=Bilingual(
            "成交、失效出自可用余额，冻结的先解冻再成交；核销出自已售未用。补充验收日须不晚于占用批准日（先补后占）。"
            "被拒的一笔及其后各笔不记账。",
            "Sales and cancellations come from what is available (unfreeze first), uses from what is sold. Acceptance "
            "must not be later than the approval of the occupation. A refused event and those after it are not booked.",
        ),
        inputs=(
            Input("events", ListOf(EventType()), Bilingual("账户事件，按先后", "events in their order")),
            Input("accept_date", Day(), Bilingual("补充湿地验收日", "day the restored wetland was accepted"), False),
            Input("occupation_approved", Day(), Bilingual("占用批准日", "day the occupation was approved"), False),
        ),
        outputs=(
            Output("available", "number", Bilingual("已验收可用", "available"), "mu"),
            Output("frozen", "number", Bilingual("冻结", "frozen"), "mu"),
            Output("sold_unused", "number", Bilingual("已售未用", "sold, not used"), "mu"),
            Output("used", "number", Bilingual("已核销", "used"), "mu"),
            Output("allowed", "boolean", Bilingual("是否准许", "whether all events are allowed")),
            Output("reason", "word or null: negative_balance, 先补后占", Bilingual("不准的原因", "why not")),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # 100 × 0.9 = 90; − 20 frozen − 30 sold = 40 left; of the 30 sold 10 are used.
            Example(
                {"events": [["accept", 100, 0.9], ["freeze", 20], ["sell", 30], ["use", 10]]},
                {"available": 40, "frozen": 20, "sold_unused": 20, "used": 10, "allowed": True, "reason": None},
            ),
            Example(
                {"events": [["accept", 10], ["sell", 11]]},
                {"available": 10, "allowed": False, "reason": "negative_balance"},
            ),
            Example(
                {
                    "events": [["accept", 10], ["sell", 10], ["use", 10]],
                    "accept_date": "2025-06-02",
                    "occupation_approved": "2025-06-01",
                },
                {"used": 0, "sold_unused": 10, "allowed": False, "reason": "先补后占"},
            ),
        ),
        function=function,
    )


def _order(accepted: dt.date | None, occupied: dt.date | None) -> Step:
    if accepted is None or occupied is None:
        return step(
            "未给出验收日和占用批准日，没有核对先补后占。",
            "Without both dates it was not checked that restoring came before occupying.",
        )
    return step(
        "补充验收日 {a}，占用批准日 {o}:{verdict}。",
        "Accepted on {a}, occupation approved on {o}: {verdict}.",
        a=accepted,
        o=occupied,
        verdict=Bilingual("符合先补后占", "restored first")
        if accepted <= occupied
        else Bilingual("违反先补后占，不准核销", "occupied before restored, no use is allowed"),
    )


def _water_right(table: Mapping[str, Any]) -> Calculation:
    method = source(table)
    volume = Number("m³", Decimal(0), text=True)

    def function(inputs: Mapping[str, object]) -> Answer:
        pledged = inputs["pledged"]
        standing = sum(
            (Fraction(one) for one in cast("list[Decimal]", pledged if isinstance(pledged, list) else [pledged])),
            Fraction(0),
        )
        permit, new = (Fraction(cast("Decimal", inputs[name])) for name in ("permit_m3", "new_pledge"))
        excess = max(standing + new - permit, Fraction(0))
        said = step(
            "已质押 {standing} + 新增 {new} = {sum}，许可 {permit} m³/a，超出 {excess}。",
            "Pledged {standing} + new {new} = {sum}, permit {permit} m³ a year, in excess {excess}.",
            standing=told(standing),
            new=told(new),
            sum=told(standing + new),
            permit=told(permit),
            excess=told(excess),
        )
        return Answer({"allowed": not excess, "excess_m3": decimal(excess)}, (said, *method.doubt))

    return Calculation(
        id="eco.water_right",
        title=Bilingual("取水权质押核对", "Pledge of a water right"),
        inputs=(
            Input("permit_m3", volume, Bilingual("许可水量", "permitted volume")),
            Input(
                "pledged",
                OneOrMany(volume),
                Bilingual("已质押水量，一个数或各笔", "pledged already, one figure or each"),
            ),
            Input("new_pledge", volume, Bilingual("新增质押水量", "volume to pledge")),
        ),
        outputs=(
            Output("allowed", "boolean", Bilingual("是否准许", "whether it is allowed")),
            Output("excess_m3", "number", Bilingual("超出许可的水量", "volume beyond the permit"), "m³"),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # 300 + 200 + 500 = 1000, exactly the permit; one more is too much.
            Example({"permit_m3": 1000, "pledged": [300, 200], "new_pledge": 500}, {"allowed": True, "excess_m3": 0}),
            Example({"permit_m3": 1000, "pledged": 500, "new_pledge": 501}, {"allowed": False, "excess_m3": 1}),
        ),
        function=function,
    )
