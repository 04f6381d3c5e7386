"""The task breakdown (任务分解表) of a plan as offices print it: from the settled measures, issued or not yet."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from anlan.foundation.papers.excel import excel
from anlan.foundation.papers.paper import Column, Paper, Table
from anlan.foundation.papers.pdf import pdf
from anlan.foundation.papers.word import word
from anlan.plan import queries
from anlan.plan.compiler.model import squeeze
from anlan.plan.models import Duty, DutyRole, Measure, Plan, PlanState

FORMS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def breakdown(plan: Plan, form: str) -> bytes:
    """File of the breakdown; `form` is docx, xlsx or pdf (KeyError for another)."""
    made = paper(plan)
    if form == "xlsx":
        return excel(made, _("任务分解表"))
    return {"docx": word, "pdf": pdf}[form](made)


def paper(plan: Plan) -> Paper:
    """The breakdown: chapters as lines across, one row a measure, in the order of the plan."""
    measures = list(queries.measures(queries.document(plan)))
    rows, groups, above = [], [], ""
    for number, measure in enumerate(measures):
        chapter = " / ".join(measure.chapter)
        if chapter and chapter != above:
            groups.append((number, chapter))
        above = chapter
        rows.append(_row(number, measure))
    issued = _("下达日期 %(day)s") % {"day": plan.issued_on} if plan.issued_on else _("待下达")
    if plan.state == PlanState.WITHDRAWN:
        issued = _("已撤回")
    return Paper(
        title=_("%(plan)s任务分解表") % {"plan": plan.title},
        below_title=_("%(issued)s；共 %(count)d 条") % {"issued": issued, "count": len(measures)},
        table=Table(
            (
                Column(_("序号"), 5, centred=True),
                Column(_("任务"), 13),
                Column(_("具体内容"), 38),
                Column(_("目标"), 16),
                Column(_("牵头单位"), 10, centred=True),
                Column(_("责任单位"), 14, centred=True),
                Column(_("配合单位"), 10, centred=True),
                Column(_("完成时限"), 10, centred=True),
                Column(_("备注"), 8),
            ),
            tuple(rows),
            tuple(groups),
        ),
        mark=_("样例数据，不是正式文件") if plan.sample else "",
        page_words=_("第 {page} 页，共 {pages} 页"),
    )


def _row(number: int, measure: Measure) -> tuple[str, ...]:
    duties = [duty for duty in measure.duties.all() if not duty.struck]
    waived = [question for question in measure.questions.all() if question.waived]
    limits = [
        f"{limit.text}（{limit.date}）" if limit.date and limit.start is not None else limit.text
        for limit in measure.deadlines.all()
    ]
    return (
        measure.number or str(number + 1),
        measure.title,
        _content(measure),
        "；".join(target.text for target in measure.targets.all()),
        _names(duties, DutyRole.LEAD),
        _names(duties, DutyRole.RESPONSIBLE),
        _names(duties, DutyRole.COOPERATING),
        "；".join(limits),
        "；".join(dict.fromkeys(question.reason for question in waived)),
    )


def _names(duties: Iterable[Duty], role: DutyRole) -> str:
    return "、".join(dict.fromkeys(str(duty.body_name or duty.name) for duty in duties if duty.role == role))


def _content(measure: Measure) -> str:
    """Text of the measure after its number, as printed, on one line."""
    text = " ".join(measure.text.split()) if measure.text.isascii() else squeeze(measure.text)
    return text.removeprefix(measure.number).lstrip("、.．,， ") if measure.number else text
