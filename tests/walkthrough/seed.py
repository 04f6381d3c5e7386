"""Sample data for as long as `anlan up` does not make them: the pack's district, one account a role, its plan issued."""

from __future__ import annotations

import datetime as dt

from django.core.management import call_command

from anlan.foundation.access.actor import machine
from anlan.foundation.access.models import Account, Grant
from anlan.foundation.access.roles import AT_A_UNIT, Role
from anlan.foundation.org.models import Division, Group, Membership, Person, Unit, UnitAlias, UnitKind
from anlan.plan import actions, pack

PASSWORD = "Anlan-sample-2022"
# The unit whose handler and leader sign in; the plan of the pack gives it most to do.
UNIT = "sthj"


def found() -> None:
    """Tables and sample data of a new installation."""
    for store in ("default", "scratch", "readings"):
        call_command("migrate", database=store, verbosity=0, skip_checks=True)
    call_command("createcachetable", database="scratch", verbosity=0)
    changjiang = pack.load("changjiang")
    for division in changjiang.divisions:
        Division.objects.create(code=division.code, name=division.name, kind=division.kind, note=division.note)
    for organ in changjiang.organs:
        body: dict[str, Unit | Group]
        if organ.is_group:
            body = {"group": Group.objects.create(code=organ.id, name=organ.short, sample=True)}
        else:
            body = {
                "unit": Unit.objects.create(
                    code=organ.id, short_name=organ.short, official_name=organ.full, sample=True
                )
            }
        for name in organ.names[1:]:
            if name != organ.full:
                UnitAlias.objects.create(name=name, misprint=name in organ.misprints, **body)
    towns = Group.objects.get(code="xz")
    for division in changjiang.divisions:
        if division.kind in ("street", "town", "township"):
            unit = Unit.objects.create(
                code=division.code, short_name=division.name, kind=UnitKind.TOWNSHIP, sample=True
            )
            Membership.objects.create(group=towns, unit=unit)
    for role in Role:
        account = Account(name=role.value, person=Person.objects.create(name=f"示例{role.label}"), sample=True)
        account.set_password(PASSWORD)
        account.save()
        unit_of = Unit.objects.get(code=UNIT) if role in AT_A_UNIT else None
        Grant.objects.create(account=account, role=role, unit=unit_of, since=dt.date(2020, 1, 1))
    actor = machine("seed")
    plan = actions.receive(actor, changjiang.plan.path.read_bytes(), "plan.txt", year=2022, sample=True)
    actions.issue_sample(actor, plan, on=dt.date(2022, 3, 1))


def session(name: str) -> str:
    """Key of a session in which the account is signed in, for as long as there is no page to sign in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    account = Account.objects.get(name=name)
    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = "anlan.foundation.access.signin.AccountBackend"
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.save()
    assert store.session_key
    return store.session_key
