"""People and units for tests: an account with a role at a unit, its actor, a signed-in browser."""

from __future__ import annotations

import datetime as dt
import itertools

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client

from anlan.foundation.access.actor import Actor, actor_of
from anlan.foundation.access.models import Account, Grant
from anlan.foundation.access.roles import AT_A_UNIT, Role
from anlan.foundation.org.models import Person, Unit, UnitKind

PASSWORD = "Chang-jiang-2022"
LONG_AGO = dt.date(2000, 1, 1)
_numbers = itertools.count(1)


def unit(name: str = "", kind: UnitKind = UnitKind.DEPARTMENT) -> Unit:
    """Unit of this short name, made if it is not there."""
    name = name or f"第{next(_numbers)}局"
    found, _ = Unit.objects.get_or_create(short_name=name, defaults={"code": f"u{next(_numbers)}", "kind": kind})
    return found


def account(*roles: Role, at: Unit | None = None, name: str = "") -> Account:
    """Account that holds these roles, those of a unit at `at` (or a unit of its own)."""
    name = name or f"person{next(_numbers)}"
    made = Account(name=name, person=Person.objects.create(name=f"测试{name}"))
    made.set_password(PASSWORD)
    made.save()
    for role in roles:
        where = at or (unit() if role in AT_A_UNIT else None)
        Grant.objects.create(account=made, role=role, unit=where, since=LONG_AGO)
    return made


def actor(*roles: Role, at: Unit | None = None) -> Actor:
    """Actor of a new account with these roles."""
    return actor_of(account(*roles, at=at))


def finish(answer: HttpResponseBase) -> None:
    """Reads a file to its end, which closes it; any other answer is finished already.

    Closing it by hand would end the connection to PostgreSQL, as at the end of a request on a server.
    """
    if isinstance(answer, StreamingHttpResponse):
        for _piece in answer:
            pass


def client(who: Account) -> Client:
    """Browser in which `who` is signed in."""
    browser = Client()
    browser.force_login(who, backend="anlan.foundation.access.signin.AccountBackend")
    return browser
