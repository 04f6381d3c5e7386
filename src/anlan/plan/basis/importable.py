"""The sheet of the library: how it reads, what must be right, and how it is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from anlan.foundation.access.actor import Actor
from anlan.foundation.search.index import put
from anlan.foundation.sheets.registry import Applied, Importable, register
from anlan.foundation.sheets.spec import Choice, Column, Kind, Line, Record, SheetSpec, Value
from anlan.plan.basis.models import Basis, Level, Validity
from anlan.settings import Words

_LEVELS = (
    Choice(Level.NATIONAL.value, Words("国家", "National"), ("国家级", "中央")),
    Choice(Level.PROVINCE.value, Words("省级", "Province"), ("省",)),
    Choice(Level.CITY.value, Words("市级", "City"), ("市",)),
    Choice(Level.DISTRICT.value, Words("县区级", "District"), ("区", "县", "区级", "县级")),
    Choice(Level.STANDARD.value, Words("标准规范", "Standard"), ("标准", "规范")),
    Choice(Level.OTHER.value, Words("其他", "Other")),
)
_VALIDITY = (
    Choice(Validity.IN_FORCE.value, Words("现行有效", "In force"), ("有效", "生效", "现行")),
    Choice(Validity.TRIAL.value, Words("试行", "On trial"), ("暂行",)),
    Choice(Validity.REPEALED.value, Words("已废止", "Repealed"), ("废止", "失效")),
    Choice(Validity.UNKNOWN.value, Words("待核实", "To be looked up"), ("不详",)),
)
BASES = SheetSpec(
    code="bases",
    title=Words("依据文件", "Basis documents"),
    columns=(
        Column(
            "title",
            Words("文件名称", "Title"),
            required=True,
            synonyms=("名称", "标题", "文件"),
            longest=300,
            width=44,
            example="长江经济带发展实施方案",
        ),
        Column("number", Words("文号", "Number"), synonyms=("发文字号", "编号"), longest=100, width=20),
        Column("issuer", Words("发文机关", "Issuer"), synonyms=("发文单位", "印发单位"), longest=200, width=28),
        Column("level", Words("层级", "Level"), Kind.CHOICE, choices=_LEVELS),
        Column("validity", Words("效力", "Validity"), Kind.CHOICE, synonyms=("状态", "有效性"), choices=_VALIDITY),
        Column("since", Words("生效日期", "In force since"), Kind.DATE, synonyms=("施行日期", "印发日期")),
        Column("until", Words("失效日期", "In force until"), Kind.DATE, synonyms=("废止日期", "有效期至")),
        Column("note", Words("备注", "Note"), longest=500, width=40),
    ),
    key=("title", "number"),
    notes=(
        Words("一行一份文件；名称不带书名号。", "One document a row; the title without the title marks."),
        Words("文件里没有的不受影响。", "Documents that are not in the file stay as they are."),
    ),
)


def current() -> list[Record]:
    """Documents as rows of the sheet."""
    return [
        {
            "title": one.title,
            "number": one.number,
            "issuer": one.issuer,
            "level": one.level,
            "validity": one.validity,
            "since": one.since.isoformat() if one.since else None,
            "until": one.until.isoformat() if one.until else None,
            "note": one.note,
        }
        for one in Basis.objects.all()
    ]


def review(lines: Sequence[Line]) -> None:
    """What is wrong within rows: an end before the beginning."""
    for line in lines:
        full = line.full(BASES)
        since, until = full["since"], full["until"]
        if isinstance(since, str) and isinstance(until, str) and until < since:
            line.wrong(
                BASES.column("until"),
                Words(f"早于生效日期 {since}；请改正", f"is before {since}, when it begins; correct one of them"),
                until,
            )


def apply(actor: Actor, lines: Sequence[Line]) -> Applied:
    """Writes new and changed rows."""
    for line in lines:
        full = line.full(BASES)
        facts = {
            "issuer": str(full["issuer"] or ""),
            "level": str(full["level"] or Level.OTHER),
            "validity": str(full["validity"] or Validity.UNKNOWN),
            "since": _day(full["since"]),
            "until": _day(full["until"]),
            "note": str(full["note"] or ""),
        }
        Basis.objects.update_or_create(
            title=str(full["title"]).strip("《》 "),
            number=str(full["number"] or ""),
            defaults=facts,
            create_defaults={**facts, "created_by_id": actor.account_id},
        )
    put("basis", Basis.objects.filter(title__in=[str(line.full(BASES)["title"]).strip("《》 ") for line in lines]))
    return Applied()


def _day(value: Value) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) and value else None


def label(record: Record) -> str:
    """What a row is called."""
    return str(record.get("title") or "")


register(
    Importable(
        spec=BASES,
        action="basis.edit",
        back="bases",
        current=current,
        apply=apply,
        label=label,
        review=review,
        see="basis.see",
    )
)
