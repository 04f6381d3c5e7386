"""What must be right before units, groups, people and posts are written. Every problem at once, each with its field."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.db.models import Q

from anlan.foundation.org.models import Division, Group, Person, Post, PostKind, Unit, UnitKind
from anlan.foundation.org.names import At, NameBook, at, clean
from anlan.settings import InputError, Words

_PHONE = re.compile(r"[0-9+()\- 转]{5,30}")
_CODE = re.compile(r"[0-9A-Za-z._-]{1,40}")
# Posts of which a unit has one holder at a time.
_SINGLE = frozenset({PostKind.PARTY_HEAD, PostKind.GOVERNMENT_HEAD})


@dataclass(frozen=True, slots=True)
class UnitData:
    """Facts of a unit as entered. An empty code is made by the system."""

    short_name: str
    code: str = ""
    official_name: str = ""
    kind: str = UnitKind.DEPARTMENT
    division: Division | None = None
    is_office: bool = False
    since: dt.date | None = None
    until: dt.date | None = None
    note: str = ""

    def cleaned(self) -> UnitData:
        """Same facts without white space around the texts."""
        return replace(
            self,
            short_name=clean(self.short_name),
            code=self.code.strip(),
            official_name=clean(self.official_name),
            note=self.note.strip(),
        )


@dataclass(frozen=True, slots=True)
class PostData:
    """Facts of a post as entered."""

    unit: Unit
    title: str
    kind: str = PostKind.STAFF
    since: dt.date | None = None
    until: dt.date | None = None


@contextmanager
def worded() -> Iterator[None]:
    """A constraint that the database finds broken, after all checks, was broken by somebody else meanwhile."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise InputError(
            Words(
                "刚才有人改了同一条记录，没有保存；请刷新页面后重做",
                "somebody just changed the same record and nothing was saved; reload the page and do it again",
            )
        ) from error


def demand_right(problems: Sequence[Words]) -> None:
    """Raises InputError with all the problems, if there are any."""
    if problems:
        raise InputError(*problems)


def unit_problems(data: UnitData, unit: Unit | None, book: NameBook) -> list[Words]:
    """What is wrong with the facts of a unit, new or there already."""
    body = ("unit", unit.pk) if unit is not None else None
    problems: list[Words] = []
    if not data.short_name:
        problems.append(at("short_name", "简称不能为空；请填写文件里印的名称", "write the short name that plans print"))
    problems += _length("short_name", "简称", "short name", data.short_name, 100)
    problems += _length("official_name", "全称", "official name", data.official_name, 200)
    problems += _length("note", "备注", "note", data.note, 300)
    if data.kind not in UnitKind.values:
        problems.append(
            at("kind", f"没有“{data.kind}”这个类别；请选一个", f"there is no kind “{data.kind}”; choose one")
        )
    if data.code:
        problems += code_problems(data.code, unit=unit)
    problems += period_problems(data.since, data.until)
    problems += book.taken((("short_name", data.short_name), ("official_name", data.official_name)), body)
    return problems


def code_problems(code: str, *, unit: Unit | None = None, group: Group | None = None) -> list[Words]:
    """What is wrong with a code: units and groups share them."""
    if not _CODE.fullmatch(code):
        return [
            at(
                "code",
                f"编码“{code}”只能用字母、数字和 . _ -，最多 40 个",
                f"code “{code}”: letters, digits and . _ - only, at most 40",
            )
        ]
    unit_there = Unit.objects.filter(code=code).first()
    group_there = Group.objects.filter(code=code).first()
    there = unit_there if unit_there != unit else group_there if group_there != group else None
    if there is not None:
        return [
            at("code", f"编码“{code}”已是“{there}”的；请换一个", f"code “{code}” is that of “{there}”; use another")
        ]
    return []


def period_problems(since: dt.date | None, until: dt.date | None) -> list[Words]:
    """A period must not end before it begins."""
    if since and until and until < since:
        return [
            at(
                "until",
                f"截止日期 {until} 早于起始日期 {since}；请改正",
                f"it ends on {until}, before it begins on {since}; correct one of them",
            )
        ]
    return []


def end_problems(unit: Unit, day: dt.date, successors: Sequence[Unit], how: str) -> list[Words]:
    """What is wrong with ending a unit on a day in favour of these successors."""
    problems: list[Words] = []
    if unit.until is not None and unit.until <= day:
        problems.append(at("day", f"“{unit}”已于 {unit.until} 停用", f"“{unit}” was ended on {unit.until} already"))
    if unit.since is not None and day < unit.since:
        problems.append(
            at("day", f"停用日期 {day} 早于启用日期 {unit.since}", f"{day} is before the unit begins on {unit.since}")
        )
    wanted = {"merge": (1, 1), "rename": (1, 1), "split": (2, 99), "close": (0, 0)}.get(how)
    if wanted is None:
        problems.append(at("how", f"没有“{how}”这种方式；请选一种", f"there is no way “{how}”; choose one"))
    elif not wanted[0] <= len(successors) <= wanted[1]:
        needs = {
            "merge": ("合并要选 1 个承接单位", "a merger needs one successor"),
            "rename": ("更名要选 1 个新单位", "a renaming needs one successor"),
            "split": ("拆分要选 2 个以上承接单位", "a split needs two successors or more"),
            "close": ("撤销不选承接单位", "a closure has no successor"),
        }[how]
        problems.append(
            at("successors", f"{needs[0]}，现在选了 {len(successors)} 个", f"{needs[1]}; {len(successors)} chosen")
        )
    for other in successors:
        if other.pk == unit.pk:
            problems.append(at("successors", "承接单位不能是它自己", "a unit cannot succeed itself"))
        elif other.until is not None and other.until <= day:
            problems.append(
                at(
                    "successors",
                    f"“{other}”已于 {other.until} 停用，不能承接",
                    f"“{other}” ended on {other.until} and cannot succeed",
                )
            )
        elif _leads_to(other, unit):
            problems.append(
                at("successors", f"“{other}”本身由“{unit}”承接，会成循环", f"“{other}” is itself succeeded by “{unit}”")
            )
    return problems


def _leads_to(start: Unit, goal: Unit) -> bool:
    seen: set[int] = set()
    todo = [start.pk]
    while todo:
        key = todo.pop()
        if key == goal.pk:
            return True
        if key not in seen:
            seen.add(key)
            todo += Unit.successors.through.objects.filter(from_unit_id=key).values_list("to_unit_id", flat=True)
    return False


def person_problems(name: str, phone: str) -> list[Words]:
    """What is wrong with name and telephone of a person."""
    problems: list[Words] = []
    if not name:
        problems.append(at("name", "姓名不能为空", "write the name"))
    problems += _length("name", "姓名", "name", name, 60)
    if phone and not _PHONE.fullmatch(phone):
        problems.append(
            at(
                "phone",
                f"电话“{phone}”不对；只写数字，可加 + - ( ) 和“转”",
                f"telephone “{phone}”: digits only, with + - ( ) where needed",
            )
        )
    return problems


def post_problems(data: PostData, person: Person | None, *, but: Sequence[int] = ()) -> list[Words]:
    """What is wrong with a post. `but` are the posts that it replaces."""
    problems: list[Words] = []
    if not data.title:
        problems.append(at("title", "职务名称不能为空，如“局长”", "write the title of the post, such as “director”"))
    problems += _length("title", "职务", "title", data.title, 100)
    if data.kind not in PostKind.values:
        problems.append(
            at("kind", f"没有“{data.kind}”这类职务；请选一个", f"there is no kind “{data.kind}”; choose one")
        )
    problems += period_problems(data.since, data.until)
    if data.unit.until and (data.until is None or data.until > data.unit.until):
        problems.append(
            at(
                "unit",
                f"“{data.unit}”已于 {data.unit.until} 停用，任职不能晚于那天；请选承接单位",
                f"“{data.unit}” ended on {data.unit.until}, and no post there lasts longer; choose its successor",
            )
        )
    if problems:
        return problems
    overlapping = Post.objects.filter(unit=data.unit).exclude(pk__in=but).filter(_overlaps(data.since, data.until))
    same = overlapping.filter(person=person, title=data.title).first() if person else None
    if same is not None:
        problems.append(
            at(
                "title",
                f"{person}在“{data.unit}”已有“{same.title}”这一职务（{span(same.since, same.until)[0]}）",
                f"{person} holds “{same.title}” at “{data.unit}” already ({span(same.since, same.until)[1]})",
            )
        )
    elif data.kind in _SINGLE and (holder := overlapping.filter(kind=data.kind).select_related("person").first()):
        label = PostKind(data.kind).label
        zh, en = span(holder.since, holder.until)
        problems.append(
            at(
                "kind",
                f"“{data.unit}”的{label}这段时间是{holder.person}（{zh}）；换人请用“交接”",
                f"“{data.unit}” has {holder.person} in this place ({en}); use “hand over” to change who holds it",
            )
        )
    return problems


def _overlaps(since: dt.date | None, until: dt.date | None) -> Q:
    condition = Q()
    if until is not None:
        condition &= Q(since__isnull=True) | Q(since__lte=until)
    if since is not None:
        condition &= Q(until__isnull=True) | Q(until__gte=since)
    return condition


def span(since: dt.date | None, until: dt.date | None) -> tuple[str, str]:
    """Period in Chinese and in English.

    >>> span(None, dt.date(2022, 5, 1))
    ('至 2022-05-01', 'until 2022-05-01')
    """
    if since and until:
        return f"{since} 至 {until}", f"{since} to {until}"
    if since:
        return f"{since} 起", f"since {since}"
    return (f"至 {until}", f"until {until}") if until else ("一直", "always")


def _length(field: str, zh: str, en: str, text: str, limit: int) -> list[At]:
    if len(text) <= limit:
        return []
    return [
        at(
            field,
            f"{zh}有 {len(text)} 个字，最多 {limit} 个；请缩短",
            f"the {en} has {len(text)} characters, at most {limit}; shorten it",
        )
    ]
