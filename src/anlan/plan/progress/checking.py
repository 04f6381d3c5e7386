"""What must stand in a report before it is handed in, and what is odd in it without being wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anlan.plan.models import Target
from anlan.plan.progress import figures
from anlan.plan.progress.counting import counting
from anlan.plan.progress.models import Owed, Report, ReportState
from anlan.plan.progress.values import Values, values_of
from anlan.settings import InputError, Words


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a report from being handed in: the field of the form, a figure as `figure-7`, and the way out."""

    field: str
    words: Words


def problems(report: Report, today: dt.date) -> list[Words]:
    """Everything that keeps a report from being handed in, each with the way out. Two queries."""
    rows = list(report.figures.select_related("target"))
    targets = {one.target_id: one.target for one in rows}
    found = problems_in(values_of(report, rows), report.owed, targets, today)
    return [
        Words(f"“{named.indicator}”：{one.words.zh}", f"{named.indicator}: {one.words.en}")
        if (named := targets.get(_target(one.field)))
        else one.words
        for one in found
    ]


def _target(field: str) -> int:
    return int(field.removeprefix("figure-")) if field.startswith("figure-") else 0


def problems_in(values: Values, owed: Owed, targets: Mapping[int, Target], today: dt.date) -> list[Problem]:
    """Everything that keeps what was typed from being handed in. Nothing is asked of the store but the owed's task."""
    found = []
    if not values.narrative.strip():
        found.append(
            Problem("narrative", Words("“配合情况”没有填写", "say what your unit contributed"))
            if owed.is_contribution
            else Problem("narrative", Words("“进展情况”没有填写", "say how far the work is"))
        )
    if not owed.is_contribution:
        if values.percent is None:
            words = Words("“完成进度”没有填写：请填 0 到 100", "the percentage is missing: give 0 to 100")
            found.append(Problem("percent", words))
        if values.done_on and values.done_on > today:
            words = Words(
                f"完成日期 {values.done_on} 还没有到", f"the day of completion, {values.done_on}, is yet to come"
            )
            found.append(Problem("done_on", words))
        if values.done_on and values.done_on < owed.task.start:
            words = Words(
                f"完成日期 {values.done_on} 早于任务下达日期 {owed.task.start}",
                f"completed on {values.done_on}, before the task was issued ({owed.task.start})",
            )
            found.append(Problem("done_on", words))
    for key, text in values.figures.items():
        if key in targets and text.strip():
            try:
                figures.read(text, targets[key].unit)
            except InputError as error:
                found += [Problem(f"figure-{key}", one) for one in error.problems]
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
