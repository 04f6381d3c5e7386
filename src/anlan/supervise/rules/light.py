"""supervise.light: the light of a task on a day, from its progress against the time gone by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from anlan.foundation.calc.exact import decimal, told
from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.foundation.calc.faults import Fault
from anlan.foundation.calc.inputs import Day, Input, Number, Words
from anlan.foundation.calc.sources import source
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output

_LIGHTS = {
    "done": Bilingual("蓝灯（完成）", "blue (done)"),
    "red": Bilingual("红灯", "red"),
    "yellow": Bilingual("黄灯", "yellow"),
    "green": Bilingual("绿灯", "green"),
}


def schedule_percent(start: dt.date, due: dt.date, today: dt.date) -> Fraction:
    """Share of the time gone by in percent, within 0–100. A task of a single day is fully due on that day."""
    if today >= due:
        return Fraction(100)
    if today <= start:
        return Fraction(0)
    return Fraction((today - start).days * 100, (due - start).days)


def calculation(table: Mapping[str, Any]) -> Calculation:
    """The calculation on a table of bounds: a district's, or the one carried here."""
    method, bounds = source(table["method"]), table["light"]

    def function(inputs: Mapping[str, object]) -> Answer:
        state = cast("str | None", inputs["state"])
        if state in bounds["done"]:
            said = step("状态 {state} 已属完成:{light}。", "State {state} counts as done: {light}.", state=state)
            return _answer("done", None, [said])
        start, due, today = (cast("dt.date", inputs[name]) for name in ("start", "due", "today"))
        percent = Fraction(cast("Decimal", inputs["percent"]))
        planned = schedule_percent(start, due, today)
        left, behind = (due - today).days, planned - percent
        steps = [
            step(
                "序时进度：自 {start} 至 {today} {gone} 天，全程至 {due} {total} 天，取 0–100% 之间，得 {planned}%。",
                "Schedule: {gone} days from {start} to {today}, of {total} days to {due}, kept within 0–100 %: "
                "{planned} %.",
                start=start,
                today=today,
                due=due,
                gone=(today - start).days,
                total=(due - start).days,
                planned=told(planned),
            )
        ]
        if left < 0:
            steps.append(
                step(
                    "已过时限 {n} 天，状态不属完成（以验收等状态为准，不看自报完成率）:{light}。",
                    "{n} days past due and not done by its state (the percent reported does not count): {light}.",
                    n=-left,
                )
            )
            return _answer("red", planned, steps)
        steps.append(
            step(
                "完成 {percent}%，落后 {planned} − {percent} = {behind} 个百分点；距时限 {left} 天。",
                "Done {percent} %, behind by {planned} − {percent} = {behind} percentage points; {left} days left.",
                percent=told(percent),
                planned=told(planned),
                behind=told(behind),
                left=left,
            )
        )
        if behind >= Fraction(bounds["red_behind"]):
            light, why = "red", _behind(bounds["red_behind"])
        elif behind >= Fraction(bounds["yellow_behind"]):
            light, why = "yellow", _behind(bounds["yellow_behind"])
        elif left <= bounds["yellow_days"] and percent < Fraction(bounds["yellow_below"]):
            light, why = (
                "yellow",
                step(
                    "距时限不超过 {days} 天且完成不足 {below}%:{light}。",
                    "At most {days} days left with less than {below} % done: {light}.",
                    days=bounds["yellow_days"],
                    below=bounds["yellow_below"],
                ),
            )
        else:
            light, why = "green", step("不属红灯、黄灯情形:{light}。", "Neither red nor yellow: {light}.")
        return _answer(light, planned, [*steps, why])

    def _answer(light: str, planned: Fraction | None, steps: list[Step]) -> Answer:
        verdict = Step(steps[-1].words, {**steps[-1].numbers, "light": _LIGHTS[light]})
        outputs = {"light": light, "schedule_percent": None if planned is None else decimal(planned)}
        return Answer(outputs, (*steps[:-1], verdict, *method.doubt))

    return Calculation(
        id="supervise.light",
        title=Bilingual("进度亮灯", "Progress light"),
        note=Bilingual(
            "依次判断：完成、红、黄、绿。是否完成看状态，不看自报完成率；天数按自然日；长期坚持类以当年里程碑作 due。",
            "In this order: done, red, yellow, green. The state says whether it is done, not the percent reported; "
            "natural days; for long-term tasks due is this year's milestone.",
        ),
        inputs=(
            Input(
                "percent",
                Number("%", Decimal(0), Decimal(100), text=True),
                Bilingual("完成百分比", "percent done"),
            ),
            Input("start", Day(), Bilingual("任务下达日", "day the task was given")),
            Input("due", Day(), Bilingual("时限", "due day")),
            Input("today", Day(), Bilingual("判断日", "day of judgement")),
            Input(
                "state",
                Words(60),
                Bilingual(
                    "状态代码；" + "、".join(bounds["done"]) + " 属完成",
                    "state code; done are " + ", ".join(bounds["done"]),
                ),
                required=False,
            ),
        ),
        check=_check,
        outputs=(
            Output("light", "code: done, red, yellow, green", Bilingual("灯", "light"), choices=_LIGHTS),
            Output(
                "schedule_percent",
                "number or null",
                Bilingual("序时进度；完成时不给", "time gone by; null when done"),
                "%",
            ),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # 31 + 28 + 31 = 90 days to 1 April, + 30 = 120 to 1 May: 90/120 = 75 %; behind by 75 − 50 = 25.
            Example(
                {"percent": 50, "start": "2026-01-01", "due": "2026-05-01", "today": "2026-04-01", "state": "planned"},
                {"light": "yellow", "schedule_percent": 75},
            ),
            Example(
                {"percent": 100, "start": "2026-01-01", "due": "2026-05-01", "today": "2026-05-02", "state": "planned"},
                {"light": "red", "schedule_percent": 100},
            ),
            Example(
                {"percent": 100, "start": "2026-01-01", "due": "2026-05-01", "today": "2026-05-02", "state": "closed"},
                {"light": "done", "schedule_percent": None},
            ),
        ),
        function=function,
    )


def _behind(bound: object) -> Step:
    return step(
        "落后不少于 {bound} 个百分点:{light}。", "Behind by at least {bound} percentage points: {light}.", bound=bound
    )


def _check(inputs: Mapping[str, object]) -> Iterable[Fault]:
    start, due = cast("dt.date", inputs["start"]), cast("dt.date", inputs["due"])
    if due < start:
        yield Fault(
            "out_of_range",
            "due",
            step(
                "时限 due {due} 早于下达日 start {start}。",
                "due {due} is before start {start}.",
                due=due,
                start=start,
            ),
        )
