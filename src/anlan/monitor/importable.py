"""Sheets of this room: lab results, one a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from django.utils import timezone

from anlan.foundation.access.actor import Actor
from anlan.foundation.sheets.cells import Unfit, text_of
from anlan.foundation.sheets.registry import Applied, Importable, register
from anlan.foundation.sheets.spec import Column, Line, Record, SheetSpec, Value, fold
from anlan.monitor import lab
from anlan.monitor.lab import Found
from anlan.monitor.models import Result, Site
from anlan.settings import InputError, Words


def _sites() -> dict[str, str]:
    """Sites by name and code, each with its name, which is kept."""
    found: dict[str, str] = {}
    for code, name in Site.objects.values_list("code", "name"):
        found |= {code: name, name: name}
    return found


def _moment(cell: object) -> Value:
    """Moment in a cell, as 2026-08-01 08:30."""
    if isinstance(cell, dt.datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, dt.date):
        return f"{cell:%Y-%m-%d} 00:00"
    text = text_of(cell)  # type: ignore[arg-type]
    if not text.strip():
        return ""
    try:
        return f"{lab.moment_of(text):%Y-%m-%d %H:%M}"
    except InputError as error:
        raise Unfit(error.problems[0]) from error


RESULTS = SheetSpec(
    code="lab-results",
    title=Words("化验结果", "Lab results"),
    columns=(
        Column(
            "site",
            Words("点位", "Site"),
            required=True,
            synonyms=("点位名称", "监测点位", "采样点", "断面"),
            reference=_sites,
            help=Words("点位的名称或编码", "Name or code of the site"),
        ),
        Column(
            "sampled_at",
            Words("采样时间", "Sampled at"),
            required=True,
            synonyms=("采样日期", "监测时间", "日期"),
            reader=_moment,
            help=Words("如 2026-08-01 08:30", "Such as 2026-08-01 08:30"),
            example="2026-08-01 08:30",
        ),
        Column(
            "factor",
            Words("项目", "Factor"),
            required=True,
            synonyms=("监测项目", "因子", "监测因子", "指标"),
            reference=lab.factor_names,
            help=Words("名称或编码，如“化学需氧量”“w01018”", "Name or code, such as COD or w01018"),
        ),
        Column(
            "value",
            Words("结果", "Result"),
            required=True,
            synonyms=("监测结果", "数值", "浓度", "检测结果"),
            narrow=True,
            longest=40,
            help=Words("低于检出限的写 <0.01 或 0.01L", "Below the detection limit: <0.01 or 0.01L"),
            example="0.05",
        ),
        Column(
            "unit",
            Words("单位", "Unit"),
            synonyms=("计量单位",),
            longest=16,
            help=Words("不填按项目的标准单位", "The factor's own unit if empty"),
            example="mg/L",
        ),
        Column("lab", Words("化验单位", "Laboratory"), synonyms=("检测单位", "监测单位"), longest=100),
        Column("note", Words("备注", "Note"), longest=300, width=32),
    ),
    key=("site", "sampled_at", "factor", "value"),
    notes=(
        Words(
            "已有的结果不会被覆盖：同一点位、项目、时间的另一个值另存一条，并标为冲突",
            "A result that is there is never overwritten: another value for the same site, factor and time is kept "
            "beside it, and marked as a conflict",
        ),
    ),
)


def _current() -> Iterator[Record]:
    for one in Result.objects.select_related("site").order_by("pk").iterator():
        yield {
            "site": one.site.name,
            "sampled_at": f"{timezone.localtime(one.sampled_at):%Y-%m-%d %H:%M}",
            "factor": one.factor,
            "value": lab.shown(one.digits, one.scale, one.below),
            "unit": one.unit,
            "lab": one.lab,
            "note": one.note,
        }


def _identify() -> Callable[[Record], str]:
    def key(record: Record) -> str:
        value = str(record.get("value") or "")
        try:
            digits, scale, below = lab.value_of(value)
            digits, scale, _ = lab.converted(str(record.get("factor")), digits, scale, str(record.get("unit") or ""))
            value = lab.shown(digits, scale, below)
        except (InputError, KeyError):
            # What is wrong with it is told by the review.
            pass
        return (
            "\x1f".join(fold(str(record.get(name) or "")) for name in ("site", "sampled_at", "factor")) + f"\x1f{value}"
        )

    return key


def _review(lines: Sequence[Line]) -> None:
    for line in lines:
        if line.faults:
            continue
        if line.before is not None:
            # Exactly this result is there: nothing to change, whatever else the row says.
            line.values.update({key: line.before[key] for key in line.values})
            continue
        try:
            digits, scale, below = lab.value_of(str(line.values["value"]))
            digits, scale, unit = lab.converted(
                str(line.values["factor"]), digits, scale, str(line.values.get("unit") or "")
            )
        except InputError as error:
            for problem in error.problems:
                line.wrong(None, problem)
            continue
        line.values["value"], line.values["unit"] = lab.shown(digits, scale, below), unit


def _apply(actor: Actor, lines: Sequence[Line]) -> Applied:
    sites = {site.name: site for site in Site.objects.all()}
    found = []
    for line in lines:
        full = line.full(RESULTS)
        digits, scale, below = lab.value_of(str(full["value"]))
        found.append(
            Found(
                sites[str(full["site"])],
                str(full["factor"]),
                lab.moment_of(str(full["sampled_at"])),
                digits,
                scale,
                below,
                str(full["unit"]),
                str(full["lab"]),
                str(full["note"]),
            )
        )
    return Applied(facts={"new": lab.write(actor, found, "sheet")})


def _label(record: Record) -> str:
    return f"{record.get('site') or ''} {record.get('factor') or ''} {record.get('sampled_at') or ''}"


register(
    Importable(
        spec=RESULTS,
        action="monitor.results",
        back="sites",
        current=_current,
        apply=_apply,
        label=_label,
        identify=_identify,
        review=_review,
        see="monitor.see",
    )
)
