"""justice.transfer and justice.negotiation: whether a case moves in time, and what comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from anlan.foundation.calc.exact import told
from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.foundation.calc.faults import Fault
from anlan.foundation.calc.inputs import Count, Day, Flag, Input, ListOf, Number, Words
from anlan.foundation.calc.sources import Source, source
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output
from anlan.foundation.calendars.calendar import Calendar
from anlan.foundation.calendars.limits import TimeLimit
from anlan.foundation.calendars.periods import Period, Reckoning, reckon

_NOT_PUBLISHED = "holiday_notice_not_published"
_STATUS = Output("status", "code: ok, unknown", Bilingual("状态", "status"))
_UNKNOWN = Output("unknown_reason", f"code or null: {_NOT_PUBLISHED}", Bilingual("未知的原因", "why unknown"))


def calculations(
    table: Mapping[str, Any], calendar: Calendar, limits: Mapping[str, TimeLimit]
) -> tuple[Calculation, ...]:
    """Both calculations on a table of documents, a calendar and a table of limits."""
    transfer, negotiation = table["transfer"], table["negotiation"]
    return (
        _transfer(transfer, calendar, _period(limits, transfer["decide"]), _period(limits, transfer["send"])),
        _negotiation(negotiation, calendar, _period(limits, negotiation["limit"])),
    )


def _period(limits: Mapping[str, TimeLimit], id: str) -> Period:
    period = limits[id].period
    if period is None:
        raise ValueError(f"time limit {id} must have a length")
    return period


def _day(value: object) -> dt.date | None:
    """Day of an input, which may have been given as a time."""
    return value.date() if isinstance(value, dt.datetime) else cast("dt.date | None", value)


def _unknown(end: Reckoning) -> dict[str, object]:
    missing = bool(end.missing)
    return {"status": "unknown" if missing else "ok", "unknown_reason": _NOT_PUBLISHED if missing else None}


def _transfer(table: Mapping[str, Any], calendar: Calendar, decide: Period, send: Period) -> Calculation:
    method = source(table)
    required = table["documents"]

    def function(inputs: Mapping[str, object]) -> Answer:
        received = cast("dt.date", _day(inputs["report_received"]))
        decided, today = _day(inputs["decided"]), _day(inputs["today"])
        end = reckon(received, decide, calendar)
        due = end.last_day
        steps = list(end.steps)
        in_time: bool | None = None
        if due is not None and decided is not None:
            in_time = decided <= due
            steps.append(_compared(decided, due, in_time))
        elif due is not None and today is not None and today > due:
            in_time = False
            steps.append(
                step(
                    "{today} 尚未作出决定，已过 {due}。",
                    "Undecided on {today}, past {due}.",
                    today=today,
                    due=due,
                )
            )
        sent_in_time = None
        if inputs["sent_hours_after_decision"] is not None:
            hours = Fraction(cast("Decimal", inputs["sent_hours_after_decision"]))
            sent_in_time = hours <= send.amount
            steps.append(
                step(
                    "决定后 {hours} 小时移送，限 {limit} 小时（按钟点连续计算）:{verdict}。",
                    "Sent {hours} hours after the decision, allowed {limit} by the clock: {verdict}.",
                    hours=told(hours),
                    limit=told(send.amount),
                    verdict=_verdict(sent_in_time),
                )
            )
        lacking, said = _documents(cast("list[str] | None", inputs["documents"]))
        outputs = {
            "decision_due": due,
            "decision_on_time": in_time,
            "send_on_time": sent_in_time,
            "documents_complete": None if lacking is None else not lacking,
            "missing": lacking,
            **_unknown(end),
        }
        return Answer(outputs, (*steps, *said))

    def _documents(given: list[str] | None) -> tuple[list[str] | None, list[Step]]:
        if given is None:
            return None, []
        have = {name.strip() for name in given}
        rows = [row for row in required if not have.intersection((row["name"], *row["also"]))]
        names = Bilingual("、".join(row["name"] for row in rows), ", ".join(row["en"] for row in rows))
        said = (
            step("应附材料缺:{names}。", "Documents missing: {names}.", names=names)
            if rows
            else step("应附材料 {n} 种齐全。", "All {n} documents are there.", n=len(required))
        )
        return [row["name"] for row in rows], [said]

    def check(inputs: Mapping[str, object]) -> Iterable[Fault]:
        received, decided = _day(inputs["report_received"]), _day(inputs["decided"])
        if received and decided and decided < received:
            yield _before("decided", "report_received")

    return Calculation(
        id="justice.transfer",
        title=Bilingual("涉嫌犯罪案件移送时限", "Transfer of a suspected crime"),
        note=Bilingual(
            "负责人自接到报告起 3 日内决定（首日不计，末日为休息日顺延），决定后 24 小时内移送。"
            "不得以行政处罚代替移送。",
            "The head decides within 3 days of the report (first day not counted, a rest day at the end extends), and "
            "the case is sent within 24 hours. A fine never takes the place of a transfer.",
        ),
        inputs=(
            Input("report_received", Day(or_time=True), Bilingual("接到报告日", "day the report came")),
            Input("decided", Day(or_time=True), Bilingual("决定日，未决定不填", "day of the decision"), False),
            Input(
                "sent_hours_after_decision",
                Number("h", Decimal(0), text=True),
                Bilingual("决定后多少小时移送", "hours from decision to sending"),
                False,
            ),
            Input("documents", ListOf(Words(100)), Bilingual("所附材料", "documents attached"), False),
            Input("today", Day(or_time=True), Bilingual("判断日，用于未决定的案件", "day of judgement"), False),
        ),
        check=check,
        outputs=(
            Output("decision_due", "date or null", Bilingual("决定最迟日", "last day of the decision")),
            Output("decision_on_time", "boolean or null", Bilingual("决定是否按时", "decided in time")),
            Output("send_on_time", "boolean or null", Bilingual("移送是否按时", "sent in time")),
            Output("documents_complete", "boolean or null", Bilingual("材料是否齐全", "documents complete")),
            Output("missing", "list of names or null", Bilingual("缺少的材料", "documents missing")),
            _STATUS,
            _UNKNOWN,
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # 3 days after Tue 28 April 2026 is Fri 1 May, off until 5 May: extended to Wed 6 May.
            Example(
                {
                    "report_received": "2026-04-28",
                    "decided": "2026-05-06",
                    "sent_hours_after_decision": 24.5,
                    "documents": ["移送书", "调查报告", "物品清单", "检验报告"],
                },
                {
                    "decision_due": "2026-05-06",
                    "decision_on_time": True,
                    "send_on_time": False,
                    "documents_complete": False,
                    "missing": ["其他有关涉嫌犯罪的材料"],
                },
            ),
        ),
        function=function,
    )


def _compared(day: dt.date, due: dt.date, in_time: bool) -> Step:
    return step(
        "{day} 决定，最迟 {due}:{verdict}。",
        "Decided on {day}, no later than {due}: {verdict}.",
        day=day,
        due=due,
        verdict=_verdict(in_time),
    )


def _verdict(in_time: bool) -> Bilingual:
    return Bilingual("按时", "in time") if in_time else Bilingual("逾期", "late")


def _before(later: str, earlier: str) -> Fault:
    return Fault(
        "out_of_range",
        later,
        step("{later} 早于 {earlier}。", "{later} is before {earlier}.", later=later, earlier=earlier),
    )


_REASONS = {
    "refused": Bilingual("对方明确拒绝或逾期未答复", "the other side refused or did not answer"),
    "absent": Bilingual("对方无故不参加或退出", "the other side stayed away or left"),
    "meetings_exhausted": Bilingual("已开满规定次数仍未达成", "the meetings allowed are used up"),
    "period_over": Bilingual("超过磋商期限", "the period is over"),
}
_NEXT = {
    "judicial_confirmation": Bilingual("协议后申请司法确认", "judicial confirmation of the agreement"),
    "litigation": Bilingual("依法提起诉讼", "a suit"),
    "continue": Bilingual("继续磋商", "negotiation goes on"),
}


def _negotiation(table: Mapping[str, Any], calendar: Calendar, period: Period) -> Calculation:
    method: Source = source(table)
    most = int(table["meetings"])

    def function(inputs: Mapping[str, object]) -> Answer:
        notice, today = cast("dt.date", _day(inputs["notice"])), cast("dt.date", _day(inputs["today"]))
        meetings = cast("int", inputs["meetings"])
        end = reckon(notice, period, calendar)
        steps = list(end.steps)
        # Without the notice the last day may still be extended, but it never comes before the plain count.
        nominal = notice + dt.timedelta(days=int(period.amount))
        over = today > end.last_day if end.last_day is not None else None if today > nominal else False
        steps.append(
            step(
                "已磋商 {n} 次，限 {most} 次；今日 {today}。",
                "{n} meetings held, {most} allowed; today is {today}.",
                n=meetings,
                most=most,
                today=today,
            )
        )
        reason = next((name for name in ("refused", "absent") if inputs[name]), None)
        if reason is None and meetings >= most:
            reason = "meetings_exhausted"
        if reason is None and over:
            reason = "period_over"
        failed: bool | None = reason is not None
        follows: str | None
        if inputs["agreement"]:
            failed, reason, follows = False, None, "judicial_confirmation"
        elif failed:
            follows = "litigation"
        elif over is None:
            failed, follows = None, None
        else:
            follows = "continue"
        if reason:
            steps.append(
                step("{reason}，可认定失败。", "{reason}: it may be declared failed.", reason=_REASONS[reason])
            )
        if follows:
            steps.append(step("下一步:{next}。", "Next: {next}.", next=_NEXT[follows]))
        # An agreement, or another ground, does not hang on the missing notice.
        known = end.last_day is not None or failed is not None
        outputs = {
            "may_declare_failed": failed,
            "reason": reason,
            "next": follows,
            "deadline": end.last_day,
            "status": "ok" if known else "unknown",
            "unknown_reason": None if end.last_day is not None else _NOT_PUBLISHED,
        }
        return Answer(outputs, (*steps, *method.doubt))

    def check(inputs: Mapping[str, object]) -> Iterable[Fault]:
        notice, today = _day(inputs["notice"]), _day(inputs["today"])
        if notice and today and today < notice:
            yield _before("today", "notice")

    return Calculation(
        id="justice.negotiation",
        title=Bilingual("生态环境损害赔偿磋商", "Negotiation of ecological damage"),
        note=Bilingual(
            "自通知送达起 90 日（首日不计，末日为休息日顺延），最多 3 次；权利人是市级以上政府，区里只移送线索和配合。",
            "90 days from service of the notice (first day not counted, a rest day at the end extends), 3 meetings; "
            "the right holder is the city or province, the district refers and assists.",
        ),
        inputs=(
            Input("notice", Day(or_time=True), Bilingual("磋商通知送达日", "day the notice was served")),
            Input("meetings", Count("", 0), Bilingual("已开磋商会次数", "meetings held")),
            Input("agreement", Flag(), Bilingual("是否达成协议", "whether agreed"), False, False),
            Input("today", Day(or_time=True), Bilingual("判断日", "day of judgement")),
            Input("refused", Flag(), Bilingual("明确拒绝或逾期未答复", "refused or unanswered"), False, False),
            Input("absent", Flag(), Bilingual("无故不参加或退出", "stayed away or left"), False, False),
        ),
        check=check,
        outputs=(
            Output("may_declare_failed", "boolean or null", Bilingual("可否认定失败", "may be declared failed")),
            Output("reason", "code or null: " + ", ".join(_REASONS), Bilingual("失败的理由", "why")),
            Output("next", "code or null: " + ", ".join(_NEXT), Bilingual("下一步", "next")),
            Output("deadline", "date or null", Bilingual("磋商期限末日", "last day")),
            _STATUS,
            _UNKNOWN,
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # 90 days after 2 March 2026: 29 in March, 30 in April = 59, 31 in May = 90: Sun 31 May, extended to Monday.
            Example(
                {"notice": "2026-03-02", "meetings": 2, "agreement": False, "today": "2026-06-01"},
                {"may_declare_failed": False, "reason": None, "next": "continue", "deadline": "2026-06-01"},
            ),
            Example(
                {"notice": "2026-03-02", "meetings": 3, "agreement": False, "today": "2026-04-01"},
                {"may_declare_failed": True, "reason": "meetings_exhausted", "next": "litigation"},
            ),
        ),
        function=function,
    )
