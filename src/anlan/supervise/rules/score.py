"""supervise.score: the yearly score of a unit, from its tasks, rectifications, reports and replies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from anlan.foundation.calc.exact import decimal, told
from anlan.foundation.calc.explain import Bilingual, Step, step
from anlan.foundation.calc.faults import Fault
from anlan.foundation.calc.inputs import Count, Input, ListOf, Number, Record
from anlan.foundation.calc.sources import source
from anlan.foundation.calc.spec import Answer, Calculation, Example, Output

_PAIRS = (("closed_on_time", "due_close"), ("reports_on_time", "reports_due"), ("letters_on_time", "letters_due"))
# An overfulfilled task reports more than 1; more than ten times its target is a percentage by mistake.
_MOST = Decimal(10)


def calculation(table: Mapping[str, Any]) -> Calculation:
    """The calculation on a table of points: a district's, or the one carried here."""
    method, scheme = source(table["method"]), table["score"]
    grades = scheme["grades"]
    points = {name: Fraction(value) for name, value in scheme.items() if isinstance(value, int | Decimal)}

    def function(inputs: Mapping[str, object]) -> Answer:
        counts = {name: value for name, value in inputs.items() if isinstance(value, int)}
        task, task_step = _task(cast("list[Mapping[str, Decimal]]", inputs["tasks"]), points["task"])
        on_time = _share(points["rectify"], counts["closed_on_time"], counts["due_close"])
        rectify = max(on_time - points["fake"] * counts["fake"] - points["rebound"] * counts["rebound"], Fraction(0))
        report = _share(points["report"], counts["reports_on_time"], counts["reports_due"])
        reply = _share(points["reply"], counts["letters_on_time"], counts["letters_due"])
        innovation = Fraction(cast("Decimal", inputs["innovation"]))
        deductions = points["yellow_twice"] * counts["yellow_twice"] + points["red"] * counts["red"]
        steps = [
            task_step,
            step(
                "问题整改:{share} − 虚假整改 {fake}×{f} − 反弹 {rebound}×{r}，不低于 0，得 {out}。",
                "Rectification: {share} − fakes {fake}×{f} − relapses {rebound}×{r}, not below 0: {out}.",
                share=_shared(points["rectify"], counts["closed_on_time"], counts["due_close"]),
                fake=told(points["fake"]),
                f=counts["fake"],
                rebound=told(points["rebound"]),
                r=counts["rebound"],
                out=told(rectify),
            ),
            step(
                "日常调度报送:{share} = {out}。",
                "Progress reports: {share} = {out}.",
                share=_shared(points["report"], counts["reports_on_time"], counts["reports_due"]),
                out=told(report),
            ),
            step(
                "督办回复:{share} = {out}。",
                "Replies to letters: {share} = {out}.",
                share=_shared(points["reply"], counts["letters_on_time"], counts["letters_due"]),
                out=told(reply),
            ),
            step(
                "扣分：连续两次黄灯 {yellow}×{y} + 红灯 {red}×{r} = {out}。",
                "Deductions: two yellows running {yellow}×{y} + reds {red}×{r} = {out}.",
                yellow=told(points["yellow_twice"]),
                y=counts["yellow_twice"],
                red=told(points["red"]),
                r=counts["red"],
                out=told(deductions),
            ),
        ]
        parts = {"rectify": rectify, "report": report, "reply": reply, "innovation": innovation}
        outputs: dict[str, object] = {name: decimal(value) for name, value in parts.items()}
        outputs["deductions"] = decimal(deductions)
        if task is None:
            return Answer(outputs, (*steps, *method.doubt))
        total = task + sum(parts.values()) - deductions
        grade, said = _grade(total, counts["fake"])
        steps.append(
            step(
                "合计:{task} + {rectify} + {report} + {reply} + {innovation} − {deductions} = {total}。",
                "Total: {task} + {rectify} + {report} + {reply} + {innovation} − {deductions} = {total}.",
                task=told(task),
                deductions=told(deductions),
                total=told(total),
                **{name: told(value) for name, value in parts.items()},
            )
        )
        outputs |= {"task": decimal(task), "total": decimal(total), "grade": grade}
        return Answer(outputs, (*steps, *said, *method.doubt))

    def _grade(total: Fraction, fakes: int) -> tuple[str, list[Step]]:
        names = [row["grade"] for row in grades]
        place = next(n for n, row in enumerate(grades) if "at_least" not in row or total >= Fraction(row["at_least"]))
        said = [step("等次（按未修约的总分）:{grade}。", "Grade, by the total as it is: {grade}.", grade=_name(place))]
        if fakes and place < (cap := names.index(scheme["veto"])):
            place = cap
            said.append(
                step(
                    "虚假整改查实 {n} 件，等次不得高于{grade}。",
                    "{n} proven fakes: the grade is not above {grade}.",
                    n=fakes,
                    grade=_name(place),
                )
            )
        return names[place], said

    def _name(place: int) -> Bilingual:
        return Bilingual(grades[place]["grade"], grades[place]["en"])

    return Calculation(
        id="supervise.score",
        title=Bilingual("年度评估评分", "Yearly score"),
        note=Bilingual(
            "应销号、应报、应复为 0 时该项得满分（无应办）。没有任务或权重全为 0 时任务分无定义，总分和等次为 null。"
            "完成率超过 1 按 1 计。得分不修约，等次按未修约的总分。",
            "Where nothing was due to close, report or answer, the item gets full points. Without tasks or weights the "
            "task score is not defined, and total and grade are null. A completion above 1 counts as 1. Nothing is "
            "rounded before grading.",
        ),
        inputs=(
            Input(
                "tasks",
                ListOf(
                    Record(
                        (
                            Input("weight", Number("", Decimal(0), text=True), Bilingual("权重", "weight")),
                            Input(
                                "completion",
                                Number("", Decimal(0), _MOST, text=True),
                                Bilingual("完成率，1 为完成", "completion, 1 is complete"),
                            ),
                        )
                    )
                ),
                Bilingual("任务", "tasks"),
            ),
            Input("due_close", Count("", 0), Bilingual("应销号件数", "problems due to be closed")),
            Input("closed_on_time", Count("", 0), Bilingual("按期销号件数", "closed in time")),
            Input("fake", Count("", 0), Bilingual("查实的虚假整改件数", "proven fake rectifications"), False, 0),
            Input("rebound", Count("", 0), Bilingual("反弹件数", "relapses"), False, 0),
            Input("reports_due", Count("", 0), Bilingual("应报次数", "reports due")),
            Input("reports_on_time", Count("", 0), Bilingual("按时报送次数", "reports in time")),
            Input("letters_due", Count("", 0), Bilingual("应复督办函数", "letters to answer")),
            Input("letters_on_time", Count("", 0), Bilingual("按期回复数", "letters answered in time")),
            Input(
                "innovation",
                Number("", Decimal(0), decimal(points["innovation"]), text=True),
                Bilingual("创新与宣传得分", "points for innovation and publicity"),
                required=False,
                default=0,
            ),
            Input(
                "yellow_twice", Count("", 0), Bilingual("连续两次黄灯次数", "cases of two yellows running"), False, 0
            ),
            Input("red", Count("", 0), Bilingual("红灯次数", "red lights"), False, 0),
        ),
        check=_check,
        outputs=(
            Output("task", "number or null", Bilingual("任务完成得分", "points for tasks")),
            Output("rectify", "number", Bilingual("问题整改得分", "points for rectification")),
            Output("report", "number", Bilingual("日常调度报送得分", "points for reports")),
            Output("reply", "number", Bilingual("督办回复得分", "points for replies")),
            Output("innovation", "number", Bilingual("创新与宣传得分", "points for innovation and publicity")),
            Output("deductions", "number", Bilingual("扣分（正数）", "points deducted, a positive figure")),
            Output("total", "number or null", Bilingual("总分", "total")),
            Output("grade", "grade word or null", Bilingual("等次", "grade")),
        ),
        source=method.title,
        versions=(method.version,),
        examples=(
            # Tasks (3×1 + 1×0.6)/4 × 40 = 36; 30×9/10 − 3×1 = 24; 10×12/12 = 10; no letters: 10;
            # 36 + 24 + 10 + 10 + 6 − (1×1 + 2×1) = 83.
            Example(
                {
                    "tasks": [{"weight": 3, "completion": 1}, {"weight": 1, "completion": 0.6}],
                    "due_close": 10,
                    "closed_on_time": 9,
                    "fake": 0,
                    "rebound": 1,
                    "reports_due": 12,
                    "reports_on_time": 12,
                    "letters_due": 0,
                    "letters_on_time": 0,
                    "innovation": 6,
                    "yellow_twice": 1,
                    "red": 1,
                },
                {"task": 36, "rectify": 24, "report": 10, "reply": 10, "deductions": 3, "total": 83, "grade": "良好"},
            ),
        ),
        function=function,
    )


def _task(tasks: list[Mapping[str, Decimal]], points: Fraction) -> tuple[Fraction | None, Step]:
    weights = sum((Fraction(task["weight"]) for task in tasks), Fraction(0))
    if not weights:
        return None, step(
            "没有带权重的任务，任务完成得分无定义。", "No task has a weight: the points for tasks are not defined."
        )
    done = sum(
        (Fraction(task["weight"]) * min(Fraction(task["completion"]), Fraction(1)) for task in tasks), Fraction(0)
    )
    score = done / weights * points
    over = sum(1 for task in tasks if task["completion"] > 1)
    return score, step(
        "任务完成：Σ权重×完成率 {done} ÷ Σ权重 {weights} × {points} = {out}{over}。",
        "Tasks: Σ weight × completion {done} ÷ Σ weight {weights} × {points} = {out}{over}.",
        done=told(done),
        weights=told(weights),
        points=told(points),
        out=told(score),
        over=Bilingual(f"(其中 {over} 项完成率超过 1，按 1 计)", f" ({over} completions above 1 count as 1)")
        if over
        else Bilingual("", ""),
    )


def _share(points: Fraction, part: int, whole: int) -> Fraction:
    return points * part / whole if whole else points


def _shared(points: Fraction, part: int, whole: int) -> Bilingual:
    if not whole:
        return Bilingual(f"满分 {told(points)}(无应办)", f"full {told(points)} (nothing was due)")
    said = f"{told(points)}×{part}/{whole}"
    return Bilingual(said, said)


def _check(inputs: Mapping[str, object]) -> Iterable[Fault]:
    for part, whole in _PAIRS:
        if cast("int", inputs[part]) > cast("int", inputs[whole]):
            yield Fault(
                "out_of_range",
                part,
                step(
                    "{part}({n})不应多于 {whole}({m})。",
                    "{part} ({n}) cannot be more than {whole} ({m}).",
                    part=part,
                    whole=whole,
                    n=inputs[part],
                    m=inputs[whole],
                ),
            )
