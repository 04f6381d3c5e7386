"""Founding the real installation of a district: divisions, units, the first three administrators. No sample data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from anlan.foundation.access import actions as access
from anlan.foundation.access.acting import acting
from anlan.foundation.access.actor import machine
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.org.models import Group, Person, Unit
from anlan.plan.pack import Division, Organ
from anlan.settings import InputError, Words
from anlan.web.install import district, sample

# One person may not be two of them: whoever grants must not open accounts, whoever audits must not do either.
FIRST = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
# Key of the advisory lock on PostgreSQL: "INIT" as a number.
_LOCK = 0x494E4954


@dataclass(frozen=True, slots=True)
class First:
    """Administrator to be: login name and the person's name."""

    name: str
    person: str


@dataclass(frozen=True, slots=True)
class Founded:
    """What was made: how many units and groups, and for each administrator the login name with a one-time code."""

    units: int
    groups: int
    codes: dict[Role, tuple[str, str]]


def found(divisions: Iterable[Division], organs: Iterable[Organ], first: Mapping[Role, First]) -> Founded:
    """Founds the installation, all of it or nothing.

    Raises InputError with everything that is wrong: somebody has an account already, the same name twice, a name that
    is no login name.
    """
    actor = machine("init")
    with acting(actor, "installation.found") as act:
        if connection.vendor == "postgresql":
            # On SQLite the transaction itself keeps a second one out.
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        _refuse_what_is_there()
        _refuse_twice(first)
        district.bring_divisions(divisions)
        units = district.bring_units(organs, sample=False)
        codes = {}
        problems: list[Words] = []
        for role in FIRST:
            one = first[role]
            try:
                person = Person.objects.create(name=one.person.strip()[:60] or one.name)
                account, code = access.create_account(actor, name=one.name, person=person)
                access.grant(actor, account, role)
            except InputError as error:
                problems += error.problems
            else:
                codes[role] = (account.name, code or "")
        if problems:
            raise InputError(*problems)
        groups = Group.objects.count()
        act.after = {"units": units, "groups": groups, "administrators": [name for name, _ in codes.values()]}
    return Founded(units, groups, codes)


def _refuse_what_is_there() -> None:
    if sample.is_sample():
        raise InputError(
            Words(
                "这里是示例数据：正式安装请用 ANLAN_HOME 指定一个新的文件夹",
                "there are sample data here: name a new folder with ANLAN_HOME for a real installation",
            )
        )
    if Account.objects.exists() or Unit.objects.exists():
        raise InputError(
            Words(
                "本区的安装已经建立：单位和账户请登录后管理",
                "the installation is founded already: sign in to manage units and accounts",
            )
        )


def _refuse_twice(first: Mapping[Role, First]) -> None:
    names = [first[role].name.strip().lower() for role in FIRST]
    people = [first[role].person.strip() for role in FIRST if first[role].person.strip()]
    problems = []
    if len(set(names)) < len(names):
        problems.append(
            Words(
                f"三个管理员要用不同的登录名，现为：{'、'.join(names)}",
                f"the three administrators need different login names, these are {', '.join(names)}",
            )
        )
    if len(set(people)) < len(people):
        problems.append(
            Words(
                f"三个管理员要由不同的人担任，现为：{'、'.join(people)}",
                f"the three administrators must be different people, these are {', '.join(people)}",
            )
        )
    if problems:
        raise InputError(*problems)
