"""ledger.identity and ledger.transition: the ledger's balance, and whether a problem may change its state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, cast

from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.foundation.calc.faults import Fault
from anlan.foundation.calc.inputs import Choice, Count, Day, Input, Words
from anlan.foundation.calc.sources import bilingual, source
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output
from anlan.foundation.calendars.calendar import Calendar
from anlan.foundation.calendars.limits import TimeLimit
from anlan.foundation.calendars.periods import Convention, Period, Unit, reckon

_NOT_PUBLISHED = "holiday_notice_not_published"


def calculations(
    table: Mapping[str, Any], calendar: Calendar, limits: Mapping[str, TimeLimit]
) -> tuple[Calculation, ...]:
    """Both calculations on a table of states, a calendar and a table of limits."""
    notice = limits[table["method"]["notice"]].period
    if notice is None:
        raise ValueError("the public notice must have a length")
    return (_identity(table), _transition(table, calendar, notice))


def _identity(table: Mapping[str, Any]) -> Calculation:
    method = source(table["method"])

    def function(inputs: Mapping[str, object]) -> Answer:
        begin, new, reopened, closed = (
            cast("int", inputs[name]) for name in ("open_begin", "new", "reopened", "closed")
        )
        end = begin + new + reopened - closed
        said = step(
            "期末存量 = 期初 {begin} + 新增 {new} + 重开 {reopened} − 销号 {closed} = {end}。",
            "Open at the end = {begin} + new {new} + reopened {reopened} − closed {closed} = {end}.",
            begin=begin,
            new=new,
            reopened=reopened,
            closed=closed,
            end=end,
        )
        return Answer({"open_end": end}, (said,))

    def check(inputs: Mapping[str, object]) -> Iterable[Fault]:
        most = sum(cast("int", inputs[name]) for name in ("open_begin", "new", "reopened"))
        if cast("int", inputs["closed"]) > most:
            yield Fault(
                "out_of_range",
                "closed",
                step(
                    "销号 {closed} 多于期初、新增、重开之和 {most}。",
                    "{closed} closed, but only {most} were open, new or reopened.",
                    closed=inputs["closed"],
                    most=most,
                ),
            )

    return Calculation(
        id="ledger.identity",
        title=Bilingual("台账平衡", "Balance of the ledger"),
        inputs=(
            Input("open_begin", Count("", 0), Bilingual("期初存量", "open at the beginning")),
            Input("new", Count("", 0), Bilingual("新增", "new")),
            Input("reopened", Count("", 0), Bilingual("重开", "reopened"), False, 0),
            Input("closed", Count("", 0), Bilingual("销号", "closed")),
        ),
        check=check,
        outputs=(Output("open_end", "integer", Bilingual("期末存量", "open at the end")),),
        source=method.title,
        versions=(method.version,),
        examples=(
            # 12 + 5 + 1 − 8 = 10.
            Example({"open_begin": 12, "new": 5, "reopened": 1, "closed": 8}, {"open_end": 10}),
        ),
        function=function,
    )


def _transition(table: Mapping[str, Any], calendar: Calendar, carried: Period) -> Calculation:
    method = source(table["method"])
    states = {id: bilingual(words) for id, words in table["state"].items()}
    ways = {(row["from"], row["to"]): bilingual(row["needs"]) for row in table["transition"]}

    def function(inputs: Mapping[str, object]) -> Answer:
        way = (cast("str", inputs["from"]), cast("str", inputs["to"]))
        end, missing, steps = notice(inputs)
        refused: list[tuple[str, Step]] = []
        if way not in ways:
            onward = [to for start, to in ways if start == way[0]]
            said = step(
                "由 {start} 不能到 {to}；可到 {onward}。",
                "There is no way from {start} to {to}, only to {onward}.",
                start=way[0],
                to=way[1],
                onward=", ".join(onward) or "–",
            )
            refused.append(("transition", said))
        else:
            steps.append(
                step(
                    "{start} → {to} 须有:{needs}。",
                    "{start} → {to} needs: {needs}.",
                    start=states[way[0]],
                    to=states[way[1]],
                    needs=ways[way],
                )
            )
        refused += _self_accepted(inputs, way)
        if way == ("public_notice", "closed"):
            refused += _still_on_notice(inputs, end, missing)
            if inputs["objections"]:
                said = step("尚有 {n} 件异议未处理。", "{n} objections are open.", n=inputs["objections"])
                refused.append(("objections", said))
        if way == ("public_notice", "planned") and not inputs["objections"]:
            refused.append(("objections", step("没有属实的异议。", "No objection proved true.")))
        steps += [said for _, said in refused]
        unknown = missing and way == ("public_notice", "closed") and not refused
        outputs = {
            "allowed": None if unknown else not refused,
            "rule": refused[0][0] if refused else None,
            "notice_end": end,
            "status": "unknown" if missing else "ok",
            "reason": _NOT_PUBLISHED if missing else None,
        }
        return Answer(outputs, (*steps, *method.doubt))

    def notice(inputs: Mapping[str, object]) -> tuple[dt.date | None, bool, list[Step]]:
        """Last day of the public notice, whether a holiday notice is missing for it, and the steps."""
        if inputs["notice_start"] is None:
            return None, False, []
        length = cast("int | None", inputs["notice_workdays"])
        # The first day of the notice counts, as the province practises it.
        own = None if length is None else Period(Decimal(length), Unit.WORKDAYS, Convention.INCLUDE_FIRST)
        end = reckon(cast("dt.date", inputs["notice_start"]), own or carried, calendar)
        return end.last_day, bool(end.missing), list(end.steps)

    return Calculation(
        id="ledger.transition",
        title=Bilingual("整改状态变更", "Change of state of a problem"),
        note=Bilingual(
            "rule 为不准所依据的规则：transition 无此变更；i1 验收单位不得是责任单位；i2 销号日须晚于公示止日；"
            "objections 异议。公示按工作日，首日计入。",
            "rule says what refuses it: transition, no such way; i1, who accepts is not who is responsible; i2, closed "
            "after the last day of the notice; objections. The notice counts working days and its first day.",
        ),
        inputs=(
            Input("from", Choice(states), Bilingual("现状态", "present state")),
            Input("to", Choice(states), Bilingual("目标状态", "next state")),
            Input("responsible", Words(200), Bilingual("责任单位", "unit responsible"), False),
            Input("acceptor", Words(200), Bilingual("验收单位", "unit that accepts"), False),
            Input("notice_start", Day(), Bilingual("公示首日", "first day of the public notice"), False),
            Input(
                "notice_workdays",
                Count("d", 1, 250),
                Bilingual("公示工作日数，缺省取期限表", "working days of the notice; the table decides by default"),
                False,
            ),
            Input("close_date", Day(), Bilingual("销号日", "day of closing"), False),
            Input(
                "objections",
                Count("", 0),
                Bilingual("未处理（或属实）的异议件数", "objections open, or proved true"),
                False,
                0,
            ),
        ),
        outputs=(
            Output("allowed", "boolean or null", Bilingual("是否准许", "whether it is allowed")),
            Output(
                "rule", "code or null: transition, i1, i2, objections", Bilingual("不准的规则", "rule that refuses")
            ),
            Output("notice_end", "date or null", Bilingual("公示止日", "last day of the notice")),
            Output("status", "code: ok, unknown", Bilingual("状态", "status")),
            Output("reason", f"code or null: {_NOT_PUBLISHED}", Bilingual("未知的原因", "why unknown")),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # 21 May to 4 June 2025 are 10 working days with the first, 端午节 taken out: closed on the day after.
            Example(
                {
                    "from": "public_notice",
                    "to": "closed",
                    "notice_start": "2025-05-21",
                    "notice_workdays": 10,
                    "close_date": "2025-06-05",
                    "objections": 0,
                },
                {"allowed": True, "rule": None, "notice_end": "2025-06-04"},
            ),
            Example({"from": "planned", "to": "closed"}, {"allowed": False, "rule": "transition"}),
        ),
        function=function,
    )


def _self_accepted(inputs: Mapping[str, object], way: tuple[str, str]) -> list[tuple[str, Step]]:
    responsible, acceptor = (cast("str | None", inputs[name]) for name in ("responsible", "acceptor"))
    if responsible is not None and acceptor is not None:
        if responsible.strip() == acceptor.strip():
            return [("i1", step("验收单位与责任单位相同。", "The unit that accepts is the unit responsible."))]
    elif way == ("self_done", "accepted"):
        said = step(
            "未给出责任单位和验收单位，不能认定二者不同。",
            "Both units are needed to see that they differ.",
        )
        return [("i1", said)]
    return []


def _still_on_notice(inputs: Mapping[str, object], end: dt.date | None, missing: bool) -> list[tuple[str, Step]]:
    closing = cast("dt.date | None", inputs["close_date"])
    if inputs["notice_start"] is None or closing is None:
        said = step("未给出公示首日或销号日。", "The first day of the notice and the day of closing are needed.")
        return [("i2", said)]
    if not missing and end is not None and closing <= end:
        said = step(
            "销号日 {closing} 不晚于公示止日 {end}。",
            "Closed on {closing}, not after the last day of the notice {end}.",
            closing=closing,
            end=end,
        )
        return [("i2", said)]
    return []
