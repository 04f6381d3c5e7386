"""Summary of a plan's progress at the end of a month, from the reports accepted for the rounds up to it.

The caches on `TaskDuty` say what counts now; a summary of September must say what counted in September, so it goes back
to the reports themselves, and gives the same numbers whenever it is made.
"""

from __future__ import annotations

import calendar
import datetime as dt
import io
import re
from collections import defaultdict
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.foundation.access.actor import Actor
from anlan.foundation.org.models import Unit
from anlan.foundation.papers.paper import Column, Paper, Section, Table
from anlan.foundation.papers.pdf import pdf
from anlan.foundation.papers.word import word
from anlan.foundation.screens import marks
from anlan.foundation.screens.texts import language
from anlan.plan import queries as plans
from anlan.plan.binding import summing as bindings
from anlan.plan.lights import STANDINGS, turns
from anlan.plan.models import Owes, Plan, Task, TaskDuty
from anlan.plan.progress import queries
from anlan.plan.progress.figures import written
from anlan.plan.progress.models import Owed, Report, ReportState, Round
from anlan.plan.progress.overview import Line, Overview

FORMS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
_MONTHS = 12
_NAMES = ("一", "二", "三", "四", "五", "六", "七")
# A cell of the table of what is behind holds this much of a report; the whole stands in the product.
_SHORT = 120


@dataclass(slots=True)
class Stood:
    """Part of a task as it stood on a day: its standing, light, and the accepted report that counted."""

    part: TaskDuty
    standing: str
    colour: str
    report: Report | None


@dataclass(slots=True)
class Then:
    """A plan as it stood on a day: parts that owe the report by task, and the round of the time."""

    day: dt.date
    tasks: list[Task]
    parts: dict[int, list[Stood]] = field(default_factory=lambda: defaultdict(list))
    round: Round | None = None

    def standing(self, task: Task) -> str:
        """Standing of a task: the worst of its parts, done only when all are."""
        found = {stood.standing for stood in self.parts[task.pk]}
        for kind in ("overdue", "behind", "on_schedule", "done"):
            if kind in found:
                return kind
        return "none"


def months(found: Overview) -> list[str]:
    """Months of which a summary can be made: those of the rounds, the latest first, twelve at most; else this one."""
    days = Round.objects.filter(plan=found.plan, void=False, first__lte=found.today).values_list("last", flat=True)
    told = sorted({f"{min(day, found.today):%Y-%m}" for day in days}, reverse=True)
    return told[:_MONTHS] or [f"{found.today:%Y-%m}"]


def last_day(month: str) -> dt.date | None:
    """Last day of a month written 2022-09, today for the month that runs; None for a month that is none or to come."""
    if not re.fullmatch(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", month, re.ASCII):
        return None
    year, number = int(month[:4]), int(month[5:])
    today = timezone.localdate()
    day = dt.date(year, number, calendar.monthrange(year, number)[1])
    return None if dt.date(year, number, 1) > today else min(day, today)


def then(actor: Actor, plan: Plan, day: dt.date) -> Then:
    """The plan as it stood on a day, of the tasks the actor may see. Four queries and the lights worked out here."""
    tasks = list(plans.tasks(actor).filter(plan=plan, parent__isnull=True, start__lte=day).order_by("order", "pk"))
    found = Then(day, tasks)
    rounds = Round.objects.filter(plan=plan, void=False, last__lte=day)
    found.round = rounds.order_by("-last", "-pk").first()
    rows = (
        Report.objects.filter(owed__round__in=rounds, state=ReportState.ACCEPTED)
        .select_related("owed")
        .order_by("owed__part_id", "owed__round__last", "owed__round_id", "revision")
    )
    counted = {report.owed.part_id: report for report in rows}
    for task in tasks:
        for part in task.duties.all():
            if part.owes == Owes.REPORT:
                found.parts[task.pk].append(_stood(task, part, counted.get(part.pk), day))
    return found


def _stood(task: Task, part: TaskDuty, report: Report | None, day: dt.date) -> Stood:
    if report is not None and report.done_on is not None:
        return Stood(part, "done", "done", report)
    if task.due is None:
        return Stood(part, "none", "", report)
    yellow, red = turns(task.start, task.due, (report.percent or 0) if report else 0)
    colour = "red" if day >= red else "yellow" if day >= yellow else "green"
    if task.due < day:
        return Stood(part, "overdue", colour, report)
    return Stood(part, "on_schedule" if colour == "green" else "behind", colour, report)


def file(actor: Actor, plan: Plan, day: dt.date, form: str) -> io.BytesIO:
    """The summary as a file; `form` is docx or pdf (KeyError for another)."""
    made = {"docx": word, "pdf": pdf}[form](paper(actor, plan, day))
    return io.BytesIO(made)


def paper(actor: Actor, plan: Plan, day: dt.date) -> Paper:
    """The summary: in all, by chapter, by unit, what is behind and why, who did not report, what is due next."""
    found = then(actor, plan, day)
    parts = [
        (_("总体情况"), _whole(actor, found), None),
        (_("各章情况"), (), _lines(_by_chapter(found), _("章节"))),
        (_("各单位情况"), (), _lines(_by_unit(found), _("单位"))),
        *_targets(actor, plan, found),
        *_behind(found),
        *_missing(actor, found),
        *_next(found),
    ]
    return Paper(
        title=_("%(plan)s进展情况") % {"plan": plan.title},
        below_title=_("截至 %(day)s") % {"day": day},
        sections=tuple(
            Section(_("%(number)s、%(title)s") % {"number": _number(at), "title": title}, paragraphs, table)
            for at, (title, paragraphs, table) in enumerate(parts)
        ),
        notes=(
            _("数字取自各单位截至该日各期中已采纳的报告；各单位按其报告的任务计。"),
            _("时限已过、未完成的为已逾期；黄灯、红灯而时限未到的为落后。"),
        ),
        mark=_("样例数据") if plan.sample else "",
        landscape=False,
    )


def _number(at: int) -> str:
    return str(at + 1) if language() == "en" else _NAMES[at]


_Part = tuple[str, tuple[str, ...], Table | None]


def _words(kind: str) -> str:
    told = {
        "done": _("已完成"),
        "on_schedule": _("按序时推进"),
        "behind": _("落后"),
        "overdue": _("已逾期"),
        "none": _("没有时限"),
    }
    return told[kind]


def _whole(actor: Actor, found: Then) -> tuple[str, ...]:
    counts = dict.fromkeys(STANDINGS, 0)
    for task in found.tasks:
        counts[found.standing(task)] += 1
    told = _("，").join(
        _("%(standing)s %(n)d 条") % {"standing": _words(kind), "n": counts[kind]} for kind in STANDINGS if counts[kind]
    )
    lines = [
        _("截至 %(day)s，共有任务 %(n)d 条：%(told)s。")
        % {"day": found.day, "n": len(found.tasks), "told": told or "—"}
    ]
    if found.round is not None:
        rows = queries.owed(actor).filter(round=found.round)
        stages = {name: rows.filter(queries.STAGES[name][1]).count() for name in ("due", "sent", "late", "missing")}
        lines.append(
            _("%(round)s应报 %(due)d 项，已报送 %(sent)d 项（其中迟报 %(late)d 项），未报送 %(missing)d 项。")
            % {"round": found.round, **stages}
        )
    return tuple(lines)


def _by_chapter(found: Then) -> list[Line]:
    lines: dict[str, Line] = {}
    for task in found.tasks:
        line = lines.setdefault(task.chapter, Line(task.chapter, task.chapter or _("（未分章）")))
        line.counts[found.standing(task)] += 1
    return list(lines.values())


def _by_unit(found: Then) -> list[Line]:
    lines: dict[int, Line] = {}
    units: dict[int, Unit] = {}
    for task in found.tasks:
        for stood in found.parts[task.pk]:
            unit = units.setdefault(stood.part.unit_id, stood.part.unit)
            lines.setdefault(unit.pk, Line(str(unit.pk), unit.short_name)).counts[stood.standing] += 1
    return [lines[key] for key in sorted(lines, key=lambda key: (units[key].kind, units[key].code))]


def _lines(lines: list[Line], head: str) -> Table:
    titles = [_("任务（条）"), *(_words(kind) for kind in STANDINGS)]
    return Table(
        (Column(head, 16), *(Column(title, 6, centred=True) for title in titles)),
        tuple((line.name, str(line.total), *(str(line.counts[kind] or "") for kind in STANDINGS)) for line in lines),
    )


def _targets(actor: Actor, plan: Plan, found: Then) -> list[_Part]:
    """Targets with what was reported and what the rows said by then; only where rows say anything of any of them."""
    lines = bindings.at_the_end(actor, plan, found.day)
    if not any(line.counted for line in lines):
        return []
    rows = tuple(
        (
            line.task.number,
            line.target.text,
            f"{line.reported}{line.target.unit}" if line.reported else _("未报"),
            f"{line.counted}{line.target.unit}" if line.counted else "—",
            _gap(line),
            line.title,
        )
        for line in lines
    )
    columns = (
        Column(_("序号"), 4, centred=True),
        Column(_("目标"), 14),
        Column(_("单位报告"), 8, centred=True),
        Column(_("台账数"), 8, centred=True),
        Column(_("差异"), 9, centred=True),
        Column(_("台账指标"), 12),
    )
    said = _("“单位报告”取截至该日已采纳的数，“台账数”取截至该日台账记录算出的数；差异 = 单位报告 − 台账数。")
    return [(_("目标完成情况"), (said,), Table(columns, rows))]


def _gap(line: bindings.Then) -> str:
    if line.gap is None:
        return "—"
    if not line.gap:
        return _("一致")
    told = f"{written(abs(line.gap))}{line.target.unit}"
    return _("报告多 %(gap)s") % {"gap": told} if line.gap > 0 else _("报告少 %(gap)s") % {"gap": told}


def _behind(found: Then) -> list[_Part]:
    rows = []
    for task in found.tasks:
        if found.standing(task) not in ("behind", "overdue"):
            continue
        late = [stood for stood in found.parts[task.pk] if stood.standing in ("behind", "overdue")]
        worst = "red" if any(stood.colour == "red" for stood in late) else late[0].colour
        said = [(stood.part.unit, stood.report) for stood in late if stood.report]
        rows.append(
            (
                task.number,
                task.title,
                str(task.due or ""),
                str(marks.light(worst)),
                "、".join(stood.part.unit.short_name for stood in late),
                _told([(unit, report.narrative) for unit, report in said]) or _("没有已采纳的报告"),
                _told([(unit, report.obstacles) for unit, report in said]),
            )
        )
    if not rows:
        return []
    columns = (
        Column(_("序号"), 4, centred=True),
        Column(_("任务"), 12),
        Column(_("时限"), 8, centred=True),
        Column(_("亮灯"), 5, centred=True),
        Column(_("单位"), 9),
        Column(_("进展情况"), 16),
        Column(_("存在问题"), 12),
    )
    return [(_("落后和逾期的任务"), (), Table(columns, tuple(rows)))]


def _told(texts: list[tuple[Unit, str]]) -> str:
    """What units said, one under the other; each under its name where there are several."""
    said = [(unit, _short(text)) for unit, text in texts if text]
    if len(texts) < 2:
        return "".join(text for _unit, text in said)
    return "\n".join(_("%(unit)s：%(text)s") % {"unit": unit, "text": text} for unit, text in said)


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"


def _missing(actor: Actor, found: Then) -> list[_Part]:
    if found.round is None:
        return []
    rows = queries.owed(actor).filter(queries.STAGES["missing"][1], round=found.round)
    by_unit: dict[str, list[Owed]] = defaultdict(list)
    for row in rows.order_by("unit__kind", "unit__code", "task__order"):
        by_unit[row.unit.short_name].append(row)
    if not by_unit:
        return []
    told = _("、").join(_("%(unit)s %(n)d 项") % {"unit": unit, "n": len(owed)} for unit, owed in by_unit.items())
    return [(_("未报送的单位"), (_("%(told)s。") % {"told": told},), None)]


def _next(found: Then) -> list[_Part]:
    soon = found.day + dt.timedelta(days=plans.SOON)
    rows = tuple(
        (
            task.number,
            task.title,
            str(task.due),
            "、".join(stood.part.unit.short_name for stood in found.parts[task.pk] if stood.standing != "done"),
        )
        for task in found.tasks
        if task.due and found.day <= task.due <= soon and found.standing(task) != "done"
    )
    if not rows:
        return []
    columns = (
        Column(_("序号"), 4, centred=True),
        Column(_("任务"), 22),
        Column(_("时限"), 9, centred=True),
        Column(_("单位"), 20),
    )
    return [(_("30 天内到期的任务"), (), Table(columns, rows))]
