"""Calculations on legal periods: law.deadline and law.consultation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import cast

from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.foundation.calc.faults import Fault
from anlan.foundation.calc.inputs import Choice, Count, Day, Flag, Input, Number
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output, RuleVersion
from anlan.foundation.calendars.calendar import Calendar, national
from anlan.foundation.calendars.limits import SENSES, TimeLimit, carried
from anlan.foundation.calendars.periods import Convention, Period, Unit, reckon

_LENGTHS = (Unit.NATURAL_DAYS, Unit.WORKDAYS, Unit.MONTHS, Unit.HOURS)
_NOT_PUBLISHED = "holiday_notice_not_published"
_CHINA = dt.timezone(dt.timedelta(hours=8))

_CONVENTIONS = {
    "exclude_first": Bilingual("起始日不计入（法定期间）", "start day not counted (legal periods)"),
    "include_first": Bilingual("起始日计入（公示惯例）", "start day counted (public notices as practised)"),
}
_STATUS = Output("status", "code: ok, unknown", Bilingual("状态", "status"))
_REASON = Output(
    "reason", "code or null: holiday_notice_not_published, limit_not_fixed", Bilingual("未知的原因", "why unknown")
)


def calculations(calendar: Calendar, limits: Mapping[str, TimeLimit]) -> tuple[Calculation, ...]:
    """Both calculations on a calendar and a table of limits: a pack's, or those carried here."""
    return (_deadline(calendar, limits), _consultation(calendar, limits))


def _deadline(calendar: Calendar, limits: Mapping[str, TimeLimit]) -> Calculation:
    def check(inputs: Mapping[str, object]) -> Iterable[Fault]:
        limit = limits[cast("str", inputs["kind"])] if inputs["kind"] else None
        unit = Unit.HOURS if inputs["hours"] else limit.period.unit if limit and limit.period else None
        if unit is Unit.HOURS and not isinstance(inputs["start"], dt.datetime):
            yield Fault(
                "time_needed",
                "start",
                step(
                    "按小时计算，start 须写到时分，如 {form}。",
                    "hours need a time in start, like {form}.",
                    form="2026-02-18T15:30",
                ),
            )

    def function(inputs: Mapping[str, object]) -> Answer:
        start = cast("dt.date", inputs["start"])
        if inputs["kind"]:
            return _by_kind(start, limits[cast("str", inputs["kind"])], inputs, calendar)
        unit = next(unit for unit in _LENGTHS if inputs[unit] is not None)
        period = Period(
            amount=Decimal(cast("int | Decimal", inputs[unit])),
            unit=unit,
            convention=Convention(cast("str", inputs["convention"]) or Convention.EXCLUDE_FIRST),
            extend_if_holiday=inputs["extend_if_holiday"] is True,
        )
        return _reckoned(start, period, calendar, [])

    choices = {id: limit.matter for id, limit in limits.items()}
    length = Bilingual("期限长度", "length of the period")
    return Calculation(
        id="law.deadline",
        title=Bilingual("法定期限截止日", "Last day of a legal period"),
        note=Bilingual(
            "长度与办理期限代码(kind)恰好给一个。给 kind 时，单位、方向、是否顺延取自期限表；起点注明“计入”的计入首日。"
            "“不少于”类期限的末日是最早可以截止的日子。所需年份的放假通知未公布时结果为 unknown，不按普通周末推算；"
            "12 月 29 日起的日子还须有下一年的通知。",
            "Give exactly one length or a kind of the table of limits. With kind, unit, direction and extension come "
            "from the table, and a start marked as counted there counts. "
            "The last day of an at-least limit is the earliest day it may end. Where a notice that is needed is not "
            "published the result is unknown, never plain weekends; "
            "days from 29 December on need the next year's notice too.",
        ),
        inputs=(
            Input("start", Day(or_time=True), Bilingual("起点，按小时计算时写到时分", "start; with a time for hours")),
            Input("natural_days", Count("d", 1, 36_500), length, required=False),
            Input("workdays", Count("d", 1, 10_000), length, required=False),
            Input("months", Count("month", 1, 1_200), length, required=False),
            Input("hours", Number("h", Decimal(0), Decimal(876_000), above=True), length, required=False),
            Input("kind", Choice(choices), Bilingual("办理期限代码", "id in the table of limits"), required=False),
            Input(
                "convention",
                Choice(_CONVENTIONS),
                Bilingual(
                    "首日是否计入；缺省不计入，kind 起点注明计入的除外",
                    "whether the start day counts; by default not, unless the kind says so",
                ),
                required=False,
            ),
            Input(
                "extend_if_holiday",
                Flag(),
                Bilingual(
                    "末日为休息日是否顺延；给 kind 时取自期限表",
                    "whether a rest day as last day extends; the table decides for a kind",
                ),
                required=False,
                default=False,
            ),
        ),
        exactly_one=((*_LENGTHS, "kind"),),
        check=check,
        outputs=(
            Output("last_day", "date or null", Bilingual("末日", "last day")),
            Output("last_time", "time or null", Bilingual("届满时刻（按小时）", "end, for hours")),
            Output(
                "workdays",
                "integer or null",
                Bilingual("计算区间内的工作日数，含末日", "working days of the stretch counted, last day included"),
                unit="d",
            ),
            Output(
                "is_workday", "boolean or null", Bilingual("末日是否工作日", "whether the last day is a working day")
            ),
            _STATUS,
            _REASON,
        ),
        source=Bilingual(
            "《民法典》第二百条至第二百零四条（期间计算）；国务院办公厅历年节假日安排通知；行政期限的适用以法制审核为准",
            "Civil Code arts. 200-204 (reckoning of periods); yearly holiday notices of the State Council office; "
            "use for administrative periods is subject to legal review",
        ),
        versions=(RuleVersion("民法典-2021", dt.date(2021, 1, 1)),),
        examples=(
            # Wed 21 – Fri 30 May: 8 weekdays; 31 May – 2 June off (端午节); 3 and 4 June: 10.
            Example(
                {"start": "2025-05-21", "workdays": 10, "convention": "include_first"},
                {"last_day": "2025-06-04", "workdays": 10, "is_workday": True, "status": "ok"},
            ),
            # 3 days after Tue 28 April 2026 is Fri 1 May, off until 5 May: extended to Wed 6 May.
            Example({"start": "2026-04-28", "kind": "T04"}, {"last_day": "2026-05-06", "is_workday": True}),
            Example({"start": "2025-01-31", "months": 1}, {"last_day": "2025-02-28"}),
            Example({"start": "2026-02-18T15:30", "hours": 24}, {"last_day": None, "last_time": "2026-02-19T15:30:00"}),
            Example(
                {"start": "2026-12-25", "workdays": 10},
                {"last_day": None, "workdays": None, "is_workday": None, "status": "unknown", "reason": _NOT_PUBLISHED},
            ),
        ),
        function=function,
    )


def _by_kind(start: dt.date, limit: TimeLimit, inputs: Mapping[str, object], calendar: Calendar) -> Answer:
    clause = Bilingual(
        f"期限表 {limit.id}:{limit.matter.zh}" + (f"({limit.note})" if limit.note else ""),
        f"table of limits {limit.id}: {limit.matter.en}",
    )
    steps = [
        step(
            "{id} {matter}：起点为{start},{sense}；依据可信度 {confidence}。",
            "{id} {matter}; {sense}; confidence of the source: {confidence}.",
            id=limit.id,
            matter=limit.matter,
            start=limit.start or "—",
            sense=SENSES[limit.sense],
            confidence=limit.confidence,
        )
    ]
    period = limit.period
    if period is None:
        steps.append(step("期限未定:{note}。", "No fixed length: {sense}.", note=limit.note, sense=SENSES[limit.sense]))
        return Answer({"status": "unknown", "reason": "limit_not_fixed"}, tuple(steps), clause)
    if inputs["convention"] is not None:
        period = replace(period, convention=Convention(cast("str", inputs["convention"])))
    if inputs["extend_if_holiday"] and not period.extend_if_holiday:
        steps.append(step("期限表规定不顺延，从表。", "The table says no extension, and it decides."))
    return replace(_reckoned(start, period, calendar, steps), clause=clause)


def _reckoned(start: dt.date, period: Period, calendar: Calendar, before: list[Step]) -> Answer:
    if isinstance(start, dt.datetime) and start.tzinfo is not None and period.unit is not Unit.HOURS:
        # Which day it is, is asked in China.
        start = start.astimezone(_CHINA).date()
    end = reckon(start, period, calendar)
    unknown = bool(end.missing)
    outputs = {
        "last_day": end.last_day,
        "last_time": end.last_time,
        "workdays": end.workdays,
        "is_workday": end.is_workday,
        "status": "unknown" if unknown else "ok",
        "reason": _NOT_PUBLISHED if unknown else None,
    }
    return Answer(outputs, (*before, *end.steps))


def _consultation(calendar: Calendar, limits: Mapping[str, TimeLimit]) -> Calculation:
    # A work plan is usually no normative document: consulting on it is voluntary and its length the district's own.
    design = Period(Decimal(7), Unit.WORKDAYS)
    kinds = {
        "major_decision": Bilingual("重大行政决策(T01)", "major administrative decision (T01)"),
        "normative_doc": Bilingual("行政规范性文件(T02)", "normative document (T02)"),
        "work_plan": Bilingual("工作要点、工作计划", "work plan"),
        "T01": limits["T01"].matter,
        "T02": limits["T02"].matter,
    }

    def check(inputs: Mapping[str, object]) -> Iterable[Fault]:
        if inputs["min_workdays"] is not None and inputs["kind"] != "work_plan":
            yield Fault(
                "not_applicable",
                "min_workdays",
                step("min_workdays 只用于 kind = work_plan。", "min_workdays goes with kind = work_plan only."),
            )

    def shortest(kind: str, configured: object) -> tuple[Period, Step]:
        if kind != "work_plan":
            limit = limits[{"major_decision": "T01", "normative_doc": "T02"}.get(kind, kind)]
            if limit.period is None:
                raise ValueError(f"time limit {limit.id} must have a length")
            said = step(
                "{id} {matter}：征求意见期限不少于规定天数。",
                "{id} {matter}: at least the days laid down.",
                id=limit.id,
                matter=limit.matter,
            )
            return limit.period, said
        period = design if configured is None else replace(design, amount=Decimal(cast("int", configured)))
        origin = (
            Bilingual(
                "设计默认值，非法定，可由本区规定(min_workdays)",
                "a default of this software, not law; the district may set its own (min_workdays)",
            )
            if configured is None
            else Bilingual("按本区规定", "as the district has set")
        )
        return period, step(
            "工作要点的征求意见期限：不少于 {n} 个工作日，{origin}。",
            "Consultation on a work plan: at least {n} working days, {origin}.",
            n=int(period.amount),
            origin=origin,
        )

    def function(inputs: Mapping[str, object]) -> Answer:
        published, deadline = cast("dt.date", inputs["published"]), cast("dt.date | None", inputs["deadline"])
        steps: list[Step] = []
        gap = None
        too_early = False
        if deadline is not None:
            gap = (deadline - published).days
            too_early = gap < 0
            steps.append(_gap(published, deadline, gap))
        earliest, unknown = None, False
        if inputs["kind"]:
            period, said = shortest(cast("str", inputs["kind"]), inputs["min_workdays"])
            end = reckon(published, period, calendar)
            earliest, unknown = end.last_day, bool(end.missing)
            steps += [said, *end.steps]
        elif not too_early:
            steps.append(step("未给出种类，只核对先后。", "No kind is given: only the order is checked."))
        too_short = earliest is not None and deadline is not None and deadline < earliest
        if too_short and not too_early:
            steps.append(
                step(
                    "截止日 {deadline} 早于最早截止日 {earliest}；确需缩短的，应当说明理由。",
                    "The deadline {deadline} is before the earliest one, {earliest}; to shorten it needs a stated "
                    "reason.",
                    deadline=deadline,
                    earliest=earliest,
                )
            )
        valid = False if too_early or too_short else None if deadline is None or unknown else True
        outputs = {
            "valid": valid,
            "error": "deadline_before_publication" if too_early else "period_too_short" if too_short else None,
            "gap_days": gap,
            "earliest_deadline": earliest,
            "status": "unknown" if unknown else "ok",
            "reason": _NOT_PUBLISHED if unknown else None,
        }
        return Answer(outputs, tuple(steps))

    return Calculation(
        id="law.consultation",
        title=Bilingual("征求意见期限", "Length of a consultation"),
        note=Bilingual(
            "核对截止日是否晚于公布日、是否够长；只给种类则给出最早截止日。公布日不计入。gap_days = 截止日 − 公布日。",
            "Checks that the deadline follows publication and leaves enough time; with a kind alone it gives the "
            "earliest deadline. The day of publication is not counted. gap_days = deadline − published.",
        ),
        inputs=(
            Input("published", Day(), Bilingual("公布日", "day of publication")),
            Input("deadline", Day(), Bilingual("截止日", "deadline"), required=False),
            Input("kind", Choice(kinds), Bilingual("文件种类", "kind of document"), required=False),
            Input(
                "min_workdays",
                Count("d", 1, 1_000),
                Bilingual(
                    "本区规定的最短工作日数（仅 work_plan）", "least working days set by the district (work_plan only)"
                ),
                required=False,
            ),
        ),
        at_least_one=(("deadline", "kind"),),
        check=check,
        outputs=(
            Output("valid", "boolean or null", Bilingual("是否合规", "whether it holds")),
            Output(
                "error",
                "code or null: deadline_before_publication, period_too_short",
                Bilingual("不合规的原因", "what is wrong"),
            ),
            Output("gap_days", "integer or null", Bilingual("截止日减公布日", "deadline minus publication"), unit="d"),
            Output("earliest_deadline", "date or null", Bilingual("最早截止日", "earliest permitted deadline")),
            _STATUS,
            _REASON,
        ),
        source=Bilingual(
            "《重大行政决策程序暂行条例》第十五条（一般不少于30日）；国办发〔2018〕37号（规范性文件，7个工作日，地方可更长）；工作要点为设计默认值",
            "Interim Regulations on Major Administrative Decisions art. 15 (30 days); State Council office 2018 No. "
            "37 (normative documents, 7 working days); for work plans a default of this software",
        ),
        versions=(RuleVersion("重大行政决策程序暂行条例-2019", dt.date(2019, 9, 1)),),
        examples=(
            # 6 May back to 19 April: 11 days of April left + 6 = 17.
            Example(
                {"published": "2022-05-06", "deadline": "2022-04-19"},
                {"valid": False, "error": "deadline_before_publication", "gap_days": -17, "earliest_deadline": None},
            ),
            # 30 days after 6 May: 25 in May (to the 31st) + 5 = 5 June.
            Example(
                {"published": "2022-05-06", "kind": "major_decision"},
                {"valid": None, "error": None, "gap_days": None, "earliest_deadline": "2022-06-05"},
            ),
            # After Fri 6 May 2022: Sat 7 is a make-up day (1), 9–13 (6), Mon 16 (7).
            Example(
                {"published": "2022-05-06", "deadline": "2022-05-13", "kind": "work_plan"},
                {"valid": False, "error": "period_too_short", "gap_days": 7, "earliest_deadline": "2022-05-16"},
            ),
        ),
        function=function,
    )


def _gap(published: dt.date, deadline: dt.date, gap: int) -> Step:
    if gap < 0:
        return step(
            "截止日 {deadline} 减公布日 {published} = {gap} 天：截止日早于公布日，公众无从提出意见。",
            "Deadline {deadline} minus publication {published} = {gap} days: it had passed before anyone could "
            "comment.",
            deadline=deadline,
            published=published,
            gap=gap,
        )
    return step(
        "截止日 {deadline} 减公布日 {published} = {gap} 天，首尾都计为 {open} 天。",
        "Deadline {deadline} minus publication {published} = {gap} days, {open} with both ends counted.",
        deadline=deadline,
        published=published,
        gap=gap,
        open=gap + 1,
    )


CALCULATIONS = calculations(national(), carried())
