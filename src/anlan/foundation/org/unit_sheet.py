"""The sheet of units and groups: how it reads, what must be right between its rows, and how it is written.

A district pack's organs.csv is such a sheet. A row of kind 集合 is a group; the column of groups makes a unit a member.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from django.utils import timezone

from anlan.foundation.org import names, queries
from anlan.foundation.org.models import Division, Group, Unit, UnitAlias
from anlan.foundation.sheets.spec import Choice, Column, Kind, Line, Record, SheetSpec
from anlan.settings import Words

GROUP = "group"
_CODE = re.compile(r"[0-9A-Za-z._-]{1,40}")
# Brackets and commas may stand in a name, so only what never does parts two of them.
_PARTED = re.compile(r"[;；\n]+")
_KINDS = (
    Choice("department", Words("区直部门", "District department"), ("区直", "部门", "政府部门")),
    Choice(
        "field_office", Words("上级派出机构", "Field office of a higher authority"), ("市局派出", "派出机构", "垂管")
    ),
    Choice("township", Words("乡镇街道", "Township or street"), ("乡镇", "街道", "镇", "乡", "乡(镇)街道")),
    Choice("party", Words("党委部门", "Party department"), ("党委", "区委部门")),
    Choice("judicial", Words("司法机关", "Court or procuratorate"), ("司法",)),
    Choice("institution", Words("事业单位", "Public institution"), ("事业",)),
    Choice("mass", Words("群团组织", "Mass organisation"), ("群团",)),
    Choice("coordination", Words("协调机构", "Coordinating body"), ("议事协调机构",)),
    Choice("company", Words("企业", "Company"), ("国企",)),
    Choice("other", Words("其他", "Other")),
    Choice(GROUP, Words("集合", "Group of units"), ("单位集合",)),
)


def divisions() -> dict[str, str]:
    """Names and codes of divisions, each with the text that is kept: the name, with the code where two share it."""
    found: dict[str, str] = {}
    rows = list(Division.objects.values_list("code", "name"))
    by_name = [name for _, name in rows]
    for code, name in rows:
        label = name if by_name.count(name) == 1 else f"{name}（{code}）"
        found |= {code: label, label: label}
    return found


UNITS = SheetSpec(
    code="units",
    title=Words("单位", "Units"),
    columns=(
        Column(
            "code",
            Words("编码", "Code"),
            synonyms=("id", "单位编码", "代码", "机构编码"),
            narrow=True,
            longest=40,
            help=Words(
                "系统内的编号；新单位可不填，由系统编", "Number in the system; may be left to it for a new unit"
            ),
            example="sthj",
        ),
        Column(
            "short",
            Words("简称", "Short name"),
            required=True,
            synonyms=("单位简称", "单位", "单位名称", "short_name"),
            longest=100,
            help=Words("文件里印的名称", "The name that plans print"),
            example="区生态环境局",
        ),
        Column(
            "official",
            Words("全称", "Official name"),
            synonyms=("full_name", "单位全称", "正式名称", "official_name"),
            longest=200,
            help=Words("没有核实的不填", "Leave empty what nobody has confirmed"),
            width=32,
        ),
        Column(
            "kind", Words("类别", "Kind"), Kind.CHOICE, required=True, synonyms=("单位类别", "性质"), choices=_KINDS
        ),
        Column(
            "division",
            Words("所在区划", "Division"),
            synonyms=("区划", "乡镇街道", "行政区划"),
            reference=divisions,
            help=Words("区划名称或代码", "Name or code of the division"),
        ),
        Column("aliases", Words("别名", "Aliases"), Kind.LIST, longest=200, parted=_PARTED, width=32),
        Column(
            "misprints",
            Words("误写", "Misprints"),
            Kind.LIST,
            synonyms=("常见误写", "错写"),
            longest=200,
            parted=_PARTED,
            help=Words("文件里出现过的错误写法", "Wrong ways in which plans were seen to print it"),
            width=32,
        ),
        Column(
            "groups",
            Words("所属集合", "Groups"),
            Kind.LIST,
            synonyms=("集合", "分组"),
            longest=100,
            parted=_PARTED,
            help=Words("如“各乡(镇)街道”", "Such as “every township”"),
            width=32,
        ),
        Column(
            "office",
            Words("牵头办公室", "Coordinating office"),
            Kind.BOOL,
            synonyms=("是否长江办", "is_office"),
            help=Words("长江办所在的单位填“是”", "“Yes” for the unit that coordinates the work"),
        ),
        Column("since", Words("启用日期", "In force since"), Kind.DATE, synonyms=("成立日期", "起始日期")),
        Column("until", Words("停用日期", "In force until"), Kind.DATE, synonyms=("撤销日期", "截止日期")),
        Column("note", Words("备注", "Note"), longest=300, width=40),
    ),
    key=("code",),
    rows=60_000,
    notes=(
        Words("一行一个单位；“集合”也占一行。", "One unit a row; a group has a row as well."),
        Words(
            "一个名称只能指一个单位或集合；与别处重复的会列为错误。",
            "A name means one body; one that is in use elsewhere is told as an error.",
        ),
        Words("文件里没有的单位不受影响。", "Units that are not in the file stay as they are."),
    ),
)


def current() -> list[Record]:
    """Units and groups as rows of the sheet."""
    day = timezone.localdate()
    label = divisions()
    groups: dict[int, list[str]] = {}
    for unit, name in queries.memberships(day).values_list("unit_id", "group__name"):
        groups.setdefault(unit, []).append(name)
    rows: list[Record] = []
    for one in Unit.objects.prefetch_related("aliases").select_related("division").order_by("kind", "code"):
        rows.append(
            {
                "code": one.code,
                "short": one.short_name,
                "official": one.official_name,
                "kind": one.kind,
                "division": label[one.division.code] if one.division else "",
                "aliases": [alias.name for alias in one.aliases.all() if not alias.misprint],
                "misprints": [alias.name for alias in one.aliases.all() if alias.misprint],
                "groups": sorted(groups.get(one.pk, [])),
                "office": one.is_office,
                "since": one.since.isoformat() if one.since else None,
                "until": one.until.isoformat() if one.until else None,
                "note": one.note,
            }
        )
    for group in Group.objects.prefetch_related("aliases").order_by("code"):
        rows.append(
            UNITS.blank()
            | {
                "code": group.code,
                "short": group.name,
                "kind": GROUP,
                "aliases": [alias.name for alias in group.aliases.all() if not alias.misprint],
                "misprints": [alias.name for alias in group.aliases.all() if alias.misprint],
                "note": group.note,
            }
        )
    return rows


def identify() -> Callable[[Record], str]:
    """Key of a row: its code; without one, the code of the body of that short name, or the name of a new one."""
    codes = {names.fold(name): code for code, name in Unit.objects.values_list("code", "short_name")}
    codes |= {names.fold(name): code for code, name in Group.objects.values_list("code", "name")}

    def key(record: Record) -> str:
        code, short = str(record.get("code") or ""), names.fold(str(record.get("short") or ""))
        return code or codes.get(short) or (f"name:{short}" if short else "")

    return key


def review(lines: Sequence[Line]) -> None:
    """What is wrong between rows, and with what is there: names used twice, codes, groups, periods."""
    bodies = {code: ("unit", pk) for code, pk in Unit.objects.values_list("code", "pk")}
    bodies |= {code: ("group", pk) for code, pk in Group.objects.values_list("code", "pk")}
    groups = _groups(lines)
    codes = dict(Group.objects.values_list("name", "code")) | dict(Unit.objects.values_list("short_name", "code"))
    book = names.NameBook.load()
    renewed = set()
    for line in lines:
        if line.before is not None:
            if not line.values.get("code"):
                line.values["code"] = line.before["code"]
            renewed.add(bodies[str(line.before["code"])])
    book.forget(renewed)
    for line in lines:
        full = line.full(UNITS)
        _code(line, full, codes)
        _shape(line, full)
        _memberships(line, groups)
        body = bodies[str(line.before["code"])] if line.before else ("unit", f"row {line.number}")
        short = str(full["short"])
        own: set[str] = set()
        for key in ("short", "official", "aliases", "misprints"):
            value = full[key]
            for name in value if isinstance(value, list) else [str(value)]:
                _name(line, key, name, body, book, own)
                book.enter(name, body, short)


def _name(line: Line, key: str, name: str, body: names.Body, book: names.NameBook, own: set[str]) -> None:
    column = UNITS.column(key)
    if not name:
        return
    if key in ("aliases", "misprints") and names.fold(name) in own:
        line.wrong(column, Words("这个名称在本行已经有了；请删去", "stands in this row already; take it out"), name)
    own.add(names.fold(name))
    for words in book.taken([(key, name)], body):
        line.wrong(column, words)


def _groups(lines: Sequence[Line]) -> dict[str, str]:
    """Names of groups, there or in the file, folded, each with the name of the group."""
    found = {names.fold(name): name for name in Group.objects.values_list("name", flat=True)}
    aliases = UnitAlias.objects.filter(group__isnull=False).values_list("name", "group__name")
    found |= {names.fold(name): str(group) for name, group in aliases}
    for line in lines:
        if line.values.get("kind") == GROUP:
            found[names.fold(str(line.values.get("short")))] = str(line.values.get("short"))
    return found


def _memberships(line: Line, groups: dict[str, str]) -> None:
    wanted = line.values.get("groups")
    if not isinstance(wanted, list):
        return
    column = UNITS.column("groups")
    for name in wanted:
        if names.fold(name) not in groups:
            unknown = Words(
                "没有这个集合；请先建集合，或改正名称", "is no group; make the group first, or correct the name"
            )
            line.wrong(column, unknown, name)
    line.values["groups"] = sorted({groups.get(names.fold(name), name) for name in wanted})


def _code(line: Line, full: Record, codes: dict[str, str]) -> None:
    code = str(line.values.get("code") or "")
    column = UNITS.column("code")
    if code and not _CODE.fullmatch(code):
        line.wrong(column, Words("只能用字母、数字和 . _ -", "may have letters, digits and . _ - only"), code)
    if line.before is not None:
        was, will = line.before["kind"] == GROUP, full["kind"] == GROUP
        if was != will:
            words = Words(
                "单位和集合不能互换；请另用编码", "a unit cannot become a group, nor a group a unit; use another code"
            )
            line.wrong(UNITS.column("kind"), words)
    elif code:
        # A new code with the short name of somebody who is there: renumbered by hand, most likely.
        there = codes.get(str(full["short"]))
        if there:
            words = Words(
                f"“{full['short']}”的编码是 {there}；请改成它", f"“{full['short']}” has the code {there}; use that"
            )
            line.wrong(column, words, code)


def _shape(line: Line, full: Record) -> None:
    since, until = full["since"], full["until"]
    if isinstance(since, str) and isinstance(until, str) and until < since:
        words = Words(f"早于启用日期 {since}；请改正", f"is before {since}, when it begins; correct one of them")
        line.wrong(UNITS.column("until"), words, until)
    if full["kind"] == GROUP:
        for key in ("official", "division", "groups", "office", "since", "until"):
            if full[key]:
                words = Words("集合没有这一项；请清空", "is not for a group; leave it empty")
                line.wrong(UNITS.column(key), words, UNITS.column(key).show(full[key], "zh"))


def label(record: Record) -> str:
    """Name of a row in the preview."""
    return str(record.get("short") or record.get("code") or "")


def sample(codes: Iterable[str]) -> None:
    """Marks units and groups of these codes as sample data: those of a pack that nobody has confirmed."""
    known = list(codes)
    Unit.objects.filter(code__in=known).update(sample=True)
    Group.objects.filter(code__in=known).update(sample=True)
