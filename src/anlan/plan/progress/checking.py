"""What must stand in a report before it is handed in, and what is odd in it without being wrong."""

from __future__ import annotations

import datetime as dt
from typing import Any

from anlan.plan.progress import figures
from anlan.plan.progress.counting import counting
from anlan.plan.progress.models import Report, ReportState
from anlan.settings import InputError, Words


def problems(report: Report, today: dt.date) -> list[Words]:
    """Everything that keeps a report from being handed in, each with the way out. Two queries."""
    found = []
    if not report.narrative.strip():
        found.append(
            Words("“配合情况”没有填写", "say what your unit contributed")
            if report.owed.is_contribution
            else Words("“进展情况”没有填写", "say how far the work is")
        )
    if not report.owed.is_contribution:
        if report.percent is None:
            found.append(Words("“完成进度”没有填写：请填 0 到 100", "the percentage is missing: give 0 to 100"))
        if report.done_on and report.done_on > today:
            found.append(
                Words(f"完成日期 {report.done_on} 还没有到", f"the day of completion, {report.done_on}, is yet to come")
            )
        if report.done_on and report.done_on < report.owed.task.start:
            found.append(
                Words(
                    f"完成日期 {report.done_on} 早于任务下达日期 {report.owed.task.start}",
                    f"completed on {report.done_on}, before the task was issued ({report.owed.task.start})",
                )
            )
    for figure in report.figures.select_related("target"):
        if figure.value is None:
            try:
                figures.read(figure.text, figure.target.unit)
            except InputError as error:
                found += [
                    Words(f"“{figure.target.indicator}”：{one.zh}", f"{figure.target.indicator}: {one.en}")
                    for one in error.problems
                ]
    return found


def oddities(report: Report) -> list[Words]:
    """What a reader should look at twice: less than before, whole without a day, done below its target. Two queries."""
    found = []
    last = counting([report.owed.part_id]).get(report.owed.part_id)
    if last and last.pk != report.pk and last.percent and report.percent is not None and report.percent < last.percent:
        found.append(
            Words(
                f"完成进度 {report.percent}% 低于已采纳的 {last.percent}%",
                f"{report.percent}% is less than the {last.percent}% accepted before",
            )
        )
    if report.percent == 100 and not report.done_on:
        found.append(Words("进度为 100%，没有填完成日期", "100%, and no day of completion"))
    if report.done_on:
        for figure in report.figures.select_related("target"):
            short = figures.shortfall(figure, figure.target)
            if short:
                found.append(short)
    return found


def told(report: Report) -> dict[str, Any]:
    """What the journal keeps of a report that moves on."""
    return {
        "percent": report.percent,
        "done_on": report.done_on and report.done_on.isoformat(),
        "figures": {str(one.target_id): one.text for one in report.figures.all()},
        "state": ReportState(report.state).value,
    }
