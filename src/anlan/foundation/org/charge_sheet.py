"""Sheet of the chain of responsibility: for each unit the leader in charge, the office, the township's post."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from anlan.foundation.access.actor import Actor
from anlan.foundation.org.account_sheet import units
from anlan.foundation.org.charging import charge_problems, put_charge
from anlan.foundation.org.models import Charge, Unit, in_force
from anlan.foundation.org.names import clean
from anlan.foundation.sheets.registry import Applied
from anlan.foundation.sheets.spec import Choice, Column, Kind, Line, Record, SheetSpec
from anlan.settings import Words

CHARGES = SheetSpec(
    code="charges",
    title=Words("责任链", "Chain of responsibility"),
    columns=(
        Column("unit", Words("单位", "Unit"), required=True, reference=units, synonyms=("责任单位",)),
        Column(
            "place",
            Words("环节", "Link"),
            Kind.CHOICE,
            required=True,
            choices=(
                Choice("leader", Words("分管区领导", "Leader in charge"), ("分管领导", "区领导")),
                Choice("office", Words("责任科室", "Office"), ("科室", "股室")),
                Choice("township", Words("乡镇责任人", "Township"), ("乡镇", "镇街责任人")),
            ),
        ),
        Column(
            "at",
            Words("职务所在单位", "Post at"),
            reference=units,
            help=Words("不填为本单位；分管区领导填区政府等", "The unit itself where left empty"),
        ),
        Column("title", Words("职务", "Post"), required=True, longest=100, example="副区长"),
        Column(
            "since",
            Words("起始日期", "From"),
            Kind.DATE,
            stored=False,
            help=Words("不填为导入当日", "The day of the import where left empty"),
        ),
    ),
    key=("unit", "place"),
    rows=5000,
    notes=(
        Words(
            "填职务，不填人名：谁任这一职务，以人员页面为准；换人在人员页面交接，这里不用改。",
            "Enter posts, no names: the pages of people say who holds a post, and a handover leaves this as it is.",
        ),
    ),
)


def current() -> list[Record]:
    """Charges in force today as rows of the sheet."""
    rows = Charge.objects.filter(in_force(timezone.localdate())).select_related("unit", "at")
    return [
        {
            "unit": one.unit.short_name,
            "place": one.place,
            "at": one.at.short_name if one.at_id != one.unit_id else "",
            "title": one.title,
            "since": one.since.isoformat() if one.since else None,
        }
        for one in rows.order_by("unit__kind", "unit__code", "place")
    ]


def review(lines: Sequence[Line]) -> None:
    """What is wrong with each link."""
    known = {one.short_name: one for one in Unit.objects.all()}
    for line in lines:
        if line.faults:
            continue
        values = line.full(CHARGES)
        unit = known[str(values["unit"])]
        at = known.get(str(values["at"] or ""), unit)
        for problem in charge_problems(unit, str(values["place"]), clean(str(values["title"])), at, _since(line)):
            line.wrong(CHARGES.column("title"), problem)


def apply(actor: Actor, lines: Sequence[Line]) -> Applied:
    """Sets the links; what stood before ends the day before."""
    known = {one.short_name: one for one in Unit.objects.all()}
    for line in lines:
        values = line.full(CHARGES)
        unit = known[str(values["unit"])]
        at = known.get(str(values["at"] or ""), unit)
        put_charge(unit, str(values["place"]), at, clean(str(values["title"])), _since(line))
    return Applied()


def label(record: Record) -> str:
    """How a row is named in the preview."""
    return f"{record.get('unit', '')} {record.get('title', '')}"


def _since(line: Line) -> dt.date:
    since = line.values.get("since")
    return dt.date.fromisoformat(since) if isinstance(since, str) and since else timezone.localdate()
