"""One sheet of accounts, imported twice: by the system administrator, then by the security administrator.

Nobody may both create an account and give it a role. So the same file is taken in at /accounts/import/ (accounts with
their people; the roles are checked, and left) and at /grants/import/ (the roles; the rest is left).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from django.utils import timezone

from anlan.foundation.access import actions as access
from anlan.foundation.access.actor import Actor
from anlan.foundation.access.models import Account, Grant
from anlan.foundation.access.roles import ADMINISTRATORS, AT_A_UNIT, Role
from anlan.foundation.org import queries
from anlan.foundation.org.checks import PostData, person_problems, post_problems
from anlan.foundation.org.models import Division, Person, Post, PostKind, Unit, UnitAlias, in_force
from anlan.foundation.org.names import clean
from anlan.foundation.org.unit_sheet import divisions
from anlan.foundation.search.index import put
from anlan.foundation.sheets.registry import Applied, Secrets
from anlan.foundation.sheets.spec import Choice, Column, Kind, Line, Record, SheetSpec
from anlan.settings import Words

_LOGIN = re.compile(r"[a-z0-9._-]{2,60}")
_ROLES = (
    Choice("system_admin", Words("系统管理员", "System administrator")),
    Choice("security_admin", Words("安全管理员", "Security administrator"), ("安全保密管理员",)),
    Choice("audit_admin", Words("审计管理员", "Audit administrator"), ("审计员", "安全审计员")),
    Choice("clerk", Words("长江办经办人", "Clerk of the office"), ("长江办",)),
    Choice("handler", Words("单位经办人", "Handler of a unit"), ("经办人", "联络员")),
    Choice("unit_leader", Words("单位负责人", "Leader of a unit"), ("负责人",)),
    Choice("verifier", Words("核查人员", "Verifier"), ("核查员",)),
    Choice("leader", Words("区领导", "District leader")),
)
_KINDS = (
    Choice("party_head", Words("党委（党组）负责人", "Party head"), ("党委责任人", "书记", "党委负责人")),
    Choice("government_head", Words("行政负责人", "Government head"), ("政府责任人", "政府负责人")),
    Choice("deputy", Words("分管负责人", "Deputy"), ("分管", "分管领导")),
    Choice("staff", Words("工作人员", "Staff"), ("经办",)),
)


def units() -> dict[str, str]:
    """Names of the units in force, each with the short name that is kept."""
    day = timezone.localdate()
    found: dict[str, str] = {}
    rows = Unit.objects.filter(in_force(day))
    aliases = UnitAlias.objects.filter(unit__in=rows).values_list("name", "unit__short_name")
    found |= {name: str(short) for name, short in aliases}
    for code, short, official in rows.values_list("code", "short_name", "official_name"):
        found |= {name: short for name in (code, official, short) if name}
    return found


_LOGIN_COLUMN = Column(
    "login",
    Words("登录名", "Login name"),
    required=True,
    synonyms=("账号", "账户", "用户名", "帐号"),
    narrow=True,
    longest=60,
    help=Words("字母、数字和 . _ -，不分大小写", "Letters, digits and . _ -, whatever the case"),
    example="zhangsan",
)
_UNIT_COLUMN = Column(
    "unit",
    Words("单位", "Unit"),
    synonyms=("单位简称", "所在单位"),
    reference=units,
    help=Words("单位的简称", "Short name of the unit"),
)
_ROLE_HELP = Words("可填多个；由安全管理员用同一文件授予", "Several may stand; the security administrator grants them")

ACCOUNTS = SheetSpec(
    code="accounts",
    title=Words("账户", "Accounts"),
    columns=(
        _LOGIN_COLUMN,
        Column("person", Words("姓名", "Name"), required=True, synonyms=("人员", "名字"), longest=60),
        Column(
            "unit",
            Words("单位", "Unit"),
            required=True,
            synonyms=_UNIT_COLUMN.synonyms,
            reference=units,
            help=_UNIT_COLUMN.help,
        ),
        Column("title", Words("职务", "Post"), required=True, longest=100, example="办公室主任"),
        Column(
            "kind",
            Words("职务类别", "Kind of post"),
            Kind.CHOICE,
            choices=_KINDS,
            help=Words("不填为工作人员", "Staff where left empty"),
        ),
        Column("phone", Words("电话", "Telephone"), synonyms=("手机", "联系电话", "手机号"), narrow=True, longest=30),
        Column(
            "roles",
            Words("角色", "Roles"),
            Kind.LIST,
            synonyms=("权限", "role"),
            choices=_ROLES,
            stored=False,
            help=_ROLE_HELP,
            width=30,
        ),
    ),
    key=("login",),
    rows=5000,
    notes=(
        Words(
            "系统管理员导入后建账户、发一次性口令；角色再由安全管理员用同一文件授予。",
            "The system administrator creates accounts with one-time codes; the security administrator then grants "
            "the roles with the same file.",
        ),
        Words(
            "换单位、换职务请在人员页面办理交接，不通过导入。",
            "Moves between units and posts are made on the person's page.",
        ),
    ),
)

GRANTS = SheetSpec(
    code="grants",
    title=Words("角色授权", "Grants of roles"),
    columns=(
        _LOGIN_COLUMN,
        _UNIT_COLUMN,
        Column(
            "roles",
            Words("角色", "Roles"),
            Kind.LIST,
            required=True,
            synonyms=("权限", "role"),
            choices=_ROLES,
            width=30,
        ),
        Column(
            "division",
            Words("管辖区划", "Territory"),
            synonyms=("区划", "片区"),
            reference=divisions,
            help=Words("核查人员的片区；不限的不填", "Where a verifier works; empty for everywhere"),
        ),
        Column(
            "since",
            Words("授权起始", "Granted from"),
            Kind.DATE,
            synonyms=("起始日期",),
            stored=False,
            help=Words("不填为导入当日", "The day of the import where left empty"),
        ),
        # In the sheet of accounts, and of no concern here; named so that they are not told as unknown.
        Column("person", Words("姓名", "Name"), synonyms=("人员", "名字"), stored=False),
        Column("title", Words("职务", "Post"), stored=False),
        Column("kind", Words("职务类别", "Kind of post"), stored=False),
        Column("phone", Words("电话", "Telephone"), synonyms=("手机", "联系电话", "手机号"), stored=False),
    ),
    key=("login", "unit", "division"),
    rows=5000,
    notes=(
        Words("只增加授权；收回请在账户页面办理。", "Grants are only added; take one back on the page of the account."),
    ),
)


def login(record: Record) -> str:
    """Natural key of an account: the login name, as it is compared."""
    return str(record.get("login") or "").casefold()


def current_accounts() -> list[Record]:
    """Accounts as rows of the sheet, with the first post of their person."""
    day = timezone.localdate()
    posts: dict[int, Post] = {}
    for post in queries.posts_on(day).order_by("-pk"):
        posts[post.person_id] = post
    roles: dict[int, set[str]] = {}
    for account, role in Grant.objects.filter(in_force(day)).values_list("account_id", "role"):
        roles.setdefault(account, set()).add(role)
    rows: list[Record] = []
    for one in Account.objects.filter(is_active=True).select_related("person"):
        held = posts.get(one.person_id or 0)
        rows.append(
            {
                "login": one.name,
                "person": one.person.name if one.person else "",
                "unit": held.unit.short_name if held else "",
                "title": held.title if held else "",
                "kind": held.kind if held else "",
                "phone": one.person.phone if one.person else "",
                "roles": sorted(roles.get(one.pk, set())),
            }
        )
    return rows


def review_accounts(lines: Sequence[Line]) -> None:
    """What is wrong with each account: its name, its person, and moves that an import must not make."""
    day = timezone.localdate()
    closed = set(Account.objects.filter(is_active=False).values_list("name", flat=True))
    posts: dict[str, list[Post]] = {}
    rows = queries.posts_on(day).filter(person__accounts__isnull=False).distinct()
    for held in rows.prefetch_related("person__accounts"):
        for account in held.person.accounts.all():
            posts.setdefault(account.name, []).append(held)
    heads: dict[tuple[str, str], int] = {}
    for line in lines:
        name = login(line.values)
        if name:
            line.values["login"] = name
        if name and not _LOGIN.fullmatch(name):
            words = Words("只能用字母、数字和 . _ -，2 至 60 个", "may have 2 to 60 letters, digits and . _ - only")
            line.wrong(ACCOUNTS.column("login"), words, name)
        if name in closed:
            words = Words("账户已停用；请先在账户页面启用", "is a closed account; open it again on its page first")
            line.wrong(ACCOUNTS.column("login"), words, name)
        for problem in person_problems(str(line.values.get("person")), str(line.values.get("phone", ""))):
            field = getattr(problem, "field", "")
            if field == "phone":
                line.wrong(ACCOUNTS.column("phone"), problem)
        _post(line, posts.get(name, []), heads)


def _post(line: Line, held: Sequence[Post], heads: dict[tuple[str, str], int]) -> None:
    values = line.values
    if line.before is None:
        values["kind"] = values.get("kind") or PostKind.STAFF.value
        if line.faults:
            return
        unit = Unit.objects.get(short_name=values["unit"])
        kind = str(values["kind"])
        person = _known_person(str(values["person"]), unit)
        if person is None:
            for problem in post_problems(PostData(unit, str(values["title"]), kind), None):
                line.wrong(ACCOUNTS.column("kind"), problem)
        single = (unit.short_name, kind)
        if kind in queries.HEADS and heads.setdefault(single, line.number) != line.number:
            words = Words(
                f"“{unit}”的这一职务在第 {heads[single]} 行已有人", f"row {heads[single]} fills this place at “{unit}”"
            )
            line.wrong(ACCOUNTS.column("kind"), words)
        return
    # Any of the posts held now will do; the sheet shows one of them.
    for post in held:
        same_kind = values.get("kind", "") in ("", post.kind)
        if post.unit.short_name == values["unit"] and post.title == values["title"] and same_kind:
            values |= {key: line.before[key] for key in ("unit", "title", "kind") if key in values}
            return
    shown = "；".join(f"{post.unit} {post.title}" for post in held)
    line.wrong(
        ACCOUNTS.column("title"),
        Words(
            f"与现任职务不同（{shown or '现无职务'}）；调动请在人员页面办理交接",
            f"differs from what is held now ({shown or 'none'}); moves are made on the person's page",
        ),
        f"{values['unit']} {values['title']}",
    )


def _known_person(name: str, unit: Unit) -> Person | None:
    """Person of this name at work at the unit, who has no account yet."""
    rows = queries.posts_at(unit, timezone.localdate()).filter(person__name=clean(name), person__accounts__isnull=True)
    post = rows.first()
    return post.person if post else None


def apply_accounts(actor: Actor, lines: Sequence[Line]) -> Applied:
    """Creates people and accounts; the one-time codes are handed back to be shown once."""
    codes: list[tuple[str, ...]] = []
    for line in lines:
        values = line.full(ACCOUNTS)
        name, phone = clean(str(values["person"])), str(values["phone"])
        if line.before is not None:
            person = Person.objects.get(accounts__name=login(values))
            person.name, person.phone = name, phone
            person.save(update_fields=["name", "phone"])
            put("person", [person])
            continue
        unit = Unit.objects.get(short_name=values["unit"])
        known = _known_person(name, unit)
        if known is None:
            known = Person.objects.create(name=name, phone=phone)
            Post.objects.create(person=known, unit=unit, title=str(values["title"]), kind=str(values["kind"]))
        elif phone and known.phone != phone:
            known.phone = phone
            known.save(update_fields=["phone"])
        account, code = access.create_account(actor, name=login(values), person=known)
        put("person", [known])
        codes.append((account.name, name, unit.short_name, code or ""))
    if not codes:
        return Applied()
    heads = (
        Words("登录名", "Login name"),
        Words("姓名", "Name"),
        Words("单位", "Unit"),
        Words("一次性口令", "One-time code"),
    )
    return Applied(Secrets(Words("一次性口令", "One-time codes"), heads, tuple(codes)), {"accounts": len(codes)})


def current_grants() -> list[Record]:
    """Grants in force as rows of the sheet: one for each account, unit and territory."""
    label = divisions()
    rows: dict[tuple[str, str, str], set[str]] = {}
    grants = Grant.objects.filter(in_force(timezone.localdate()), account__is_active=True)
    for grant in grants.select_related("account", "unit", "division"):
        unit = grant.unit.short_name if grant.unit else ""
        place = label[grant.division.code] if grant.division else ""
        rows.setdefault((grant.account.name, unit, place), set()).add(grant.role)
    return [
        {"login": name, "unit": unit, "division": place, "roles": sorted(roles)}
        for (name, unit, place), roles in sorted(rows.items())
    ]


def review_grants(lines: Sequence[Line]) -> None:
    """What is wrong with each grant, and which of the roles are held already: a sheet only adds."""
    known = set(Account.objects.filter(is_active=True).values_list("name", flat=True))
    held = _held()
    together: dict[str, set[str]] = {}
    for name, role, *_ in held:
        together.setdefault(name, set()).add(role)
    for line in lines:
        name = login(line.values)
        line.values["login"] = name
        if name and name not in known:
            words = Words(
                "没有这个账户；请先由系统管理员导入账户", "is no account; the system administrator imports it first"
            )
            line.wrong(GRANTS.column("login"), words, name)
        roles = _roles(line)
        unit, place = str(line.values.get("unit") or ""), str(line.values.get("division") or "")
        if not unit and (needing := [role for role in roles if Role(role) in AT_A_UNIT]):
            words = Words(
                f"不能为空：{GRANTS.column('roles').show(needing, 'zh')}要写明单位",
                f"must not be empty: {GRANTS.column('roles').show(needing, 'en')} needs a unit",
            )
            line.wrong(GRANTS.column("unit"), words)
        together[name] = together.get(name, set()) | set(roles)
        _apart(line, together[name])
        there = [role for role in roles if (name, role, *_where(role, unit, place)) in held]
        line.before = {**line.values, "roles": there} if there else None


def _apart(line: Line, roles: set[str]) -> None:
    """An administrator does nothing else, whether the sheet says so or the roles that are held."""
    if len(roles) > 1 and any(Role(role) in ADMINISTRATORS for role in roles):
        column = GRANTS.column("roles")
        shown_zh, shown_en = (column.show(sorted(roles), lang) for lang in ("zh", "en"))
        words = Words(
            f"管理员不能兼任其他角色（合计为：{shown_zh}）；请只留一个，或先收回已有的",
            f"an administrator does nothing else (altogether: {shown_en}); keep one, or revoke what is held first",
        )
        line.wrong(column, words)


def _roles(line: Line) -> list[str]:
    roles = line.values.get("roles")
    return sorted(roles) if isinstance(roles, list) else []


def _where(role: str, unit: str, place: str) -> tuple[str, str]:
    """Unit and territory that a role is tied to: a handler's and a leader's unit, a verifier's territory."""
    return (unit if Role(role) in AT_A_UNIT else "", place if role == Role.VERIFIER else "")


def _held() -> set[tuple[str, str, str, str]]:
    label = divisions()
    grants = Grant.objects.filter(in_force(timezone.localdate()))
    return {
        (
            grant.account.name,
            grant.role,
            *_where(
                grant.role,
                grant.unit.short_name if grant.unit else "",
                label[grant.division.code] if grant.division else "",
            ),
        )
        for grant in grants.select_related("account", "unit", "division")
    }


def apply_grants(actor: Actor, lines: Sequence[Line]) -> Applied:
    """Grants the roles that are not held yet."""
    codes = {kept: code for code, kept in divisions().items() if code.isdigit()}
    given = 0
    for line in lines:
        account = Account.objects.get(name=login(line.values))
        held = line.before["roles"] if line.before else []
        since = line.values.get("since")
        for role in _roles(line):
            if isinstance(held, list) and role in held:
                continue
            unit, place = _where(role, str(line.values.get("unit") or ""), str(line.values.get("division") or ""))
            access.grant(
                actor,
                account,
                Role(role),
                unit=Unit.objects.get(short_name=unit) if unit else None,
                division=Division.objects.get(code=codes[place]) if place else None,
                since=dt.date.fromisoformat(since) if isinstance(since, str) else timezone.localdate(),
            )
            given += 1
    return Applied(facts={"grants": given})


def person_label(record: Record) -> str:
    """Name of a row in the preview."""
    return f"{record.get('person') or ''} {record.get('login') or ''}".strip()
