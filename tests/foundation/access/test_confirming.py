"""The one-time code of an administrator's account opens it only once an administrator of another kind confirmed it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests import people

from anlan.foundation.access import actions
from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import Actor, actor_of, machine
from anlan.foundation.access.models import Account, Grant, ResetCode
from anlan.foundation.access.roles import ADMINISTRATORS, BUSINESS, Role
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.notices.models import Notice
from anlan.foundation.org.models import Person
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def system() -> Account:
    return people.account(Role.SYSTEM_ADMIN)


@pytest.fixture
def security() -> Account:
    return people.account(Role.SECURITY_ADMIN)


@pytest.fixture
def audit() -> Account:
    return people.account(Role.AUDIT_ADMIN)


def opens(account: Account, code: str) -> bool:
    """Whether one signs in with it."""
    given = {"username": account.name, "password": code}
    return Client().post(reverse("login"), given).status_code == 302


def confirm(actor: Actor) -> None:
    actions.confirm_reset_code(actor, ResetCode.objects.get())


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_no_administrator_takes_over_another_s_account_alone(
    role: Role, system: Account, security: Account, audit: Account
) -> None:
    victim = people.account(role)
    code = actions.issue_reset_code(actor_of(system), victim)
    answer = Client().post(reverse("login"), {"username": victim.name, "password": code})
    assert answer.status_code == 422
    assert "还须另一位管理员确认" in answer.content.decode()
    with pytest.raises(Refused):
        confirm(actor_of(system))
    with pytest.raises((Refused, InputError)):
        confirm(actor_of(victim))
    assert not opens(victim, code)
    confirm(actor_of(audit))
    assert opens(victim, code)
    assert not opens(victim, code)
    done = Entry.objects.filter(outcome=Outcome.DONE, kind="access.account", object_id=str(victim.pk))
    assert [(one.action, one.actor) for one in done.order_by("pk")][:2] == [
        ("access.issue_reset_code", system.pk),
        ("access.confirm_reset_code", audit.pk),
    ]


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, *sorted(BUSINESS)])
def test_nobody_but_security_and_audit_administrators_confirms(role: Role, system: Account, security: Account) -> None:
    actions.issue_reset_code(actor_of(system), people.account(Role.AUDIT_ADMIN))
    with pytest.raises(Refused):
        confirm(people.actor(role, at=people.unit()))
    assert Entry.objects.filter(action="access.confirm_reset_code", outcome=Outcome.REFUSED).count() == 1
    assert ResetCode.objects.get().confirmed_by is None


def test_nobody_confirms_his_own_code_not_even_under_another_account(system: Account, security: Account) -> None:
    owner = people.account(Role.AUDIT_ADMIN)
    second = Account.objects.create(name="second", person=owner.person, password="!")
    Grant.objects.create(account=second, role=Role.SECURITY_ADMIN, since=people.LONG_AGO)
    actions.issue_reset_code(actor_of(system), owner)
    for one in (owner, second):
        with pytest.raises(InputError, match="your own one-time code"):
            confirm(actor_of(one))


def test_who_issued_a_code_does_not_confirm_it_in_a_role_he_has_since(system: Account, security: Account) -> None:
    actions.issue_reset_code(actor_of(system), people.account(Role.AUDIT_ADMIN))
    system.grants.update(role=Role.SECURITY_ADMIN)
    with pytest.raises(InputError, match="you have issued"):
        confirm(actor_of(system))


def test_the_code_of_a_new_account_waits_once_it_is_an_administrator_s(system: Account, security: Account) -> None:
    """Else who opens the account could be its administrator before its owner is."""
    made, code = actions.create_account(actor_of(system), name="new", person=Person.objects.create(name="李四"))
    assert code is not None
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    actions.grant(actor_of(security), made, Role.AUDIT_ADMIN, since=tomorrow)
    assert not opens(made, code)
    confirm(actor_of(security))
    assert opens(made, code)


def test_the_code_of_anybody_else_needs_nobody(system: Account) -> None:
    clerk = people.account(Role.CLERK)
    # The role is over, and its holder a clerk.
    Grant.objects.create(account=clerk, role=Role.AUDIT_ADMIN, since=dt.date(2020, 1, 1), until=dt.date(2020, 12, 31))
    assert opens(clerk, actions.issue_reset_code(actor_of(system), clerk))
    code = actions.issue_reset_code(actor_of(system), clerk)
    with pytest.raises(InputError, match="needs no confirmation"):
        actions.confirm_reset_code(people.actor(Role.SECURITY_ADMIN), ResetCode.objects.get(used_at=None))
    assert opens(clerk, code)


def test_what_is_used_over_or_replaced_is_not_confirmed(system: Account, security: Account) -> None:
    victim = people.account(Role.AUDIT_ADMIN)
    actions.issue_reset_code(actor_of(system), victim)
    first = ResetCode.objects.get()
    second_code = actions.issue_reset_code(actor_of(system), victim)
    with pytest.raises(InputError, match="was replaced"):
        actions.confirm_reset_code(actor_of(security), first)
    ResetCode.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    with pytest.raises(InputError, match="is over"):
        confirm(actor_of(security))
    ResetCode.objects.update(expires_at=timezone.now() + dt.timedelta(hours=1))
    confirm(actor_of(security))
    with pytest.raises(InputError, match="any more"):
        confirm(actor_of(security))
    assert opens(victim, second_code)
    with pytest.raises(InputError, match="was used"):
        confirm(actor_of(security))


def test_where_nobody_could_confirm_the_console_is_the_way_out(system: Account) -> None:
    only = people.account(Role.SECURITY_ADMIN)
    Account.objects.filter(pk=people.account(Role.AUDIT_ADMIN).pk).update(is_active=False)
    with pytest.raises(InputError, match=f"anlan init --code {only.name}"):
        actions.issue_reset_code(actor_of(system), only)
    assert not ResetCode.objects.exists()
    assert opens(only, actions.issue_reset_code(machine("console"), only))
    entry = Entry.objects.get(action="access.issue_reset_code", outcome=Outcome.DONE)
    assert (entry.actor, entry.actor_name) == (None, "console")


def test_the_owner_is_told_and_who_may_confirm_until_it_is_done(
    system: Account, security: Account, audit: Account
) -> None:
    code = actions.issue_reset_code(actor_of(system), security)
    told = {(one.account_id, one.code) for one in Notice.objects.all()}
    # The owner is a security administrator, but cannot confirm his own.
    assert told == {(security.pk, "access.code_issued"), (audit.pk, "access.code_to_confirm")}
    # Issued again: one is asked for, not two.
    actions.issue_reset_code(actor_of(system), security)
    assert Notice.objects.filter(code="access.code_to_confirm", closed_at=None).count() == 1
    confirm(actor_of(audit))
    assert not Notice.objects.filter(code="access.code_to_confirm", closed_at=None).exists()
    assert Notice.objects.filter(account=security, code="access.code_confirmed").count() == 1
    assert not opens(security, code)


def test_it_is_confirmed_on_the_page_of_the_account(system: Account, security: Account, audit: Account) -> None:
    page, change = reverse("account", args=[audit.pk]), reverse("account-change", args=[audit.pk])
    browser = people.client(system)
    shown = browser.post(change, {"do": "code"}).content.decode()
    assert "确认后才能登录" in shown
    assert security.name in shown
    row = ResetCode.objects.get()
    button = f'name="code" value="{row.pk}"'
    assert "一次性口令待确认" in browser.get(page).content.decode()
    assert button not in browser.get(page).content.decode()
    assert button not in people.client(audit).get(page).content.decode()
    assert browser.post(change, {"do": "confirm", "code": row.pk}).status_code == 403
    other = people.client(security)
    assert button in other.get(page).content.decode()
    # A code of another account, or none, is not found.
    assert other.post(change, {"do": "confirm", "code": ""}).status_code == 404
    assert other.post(change, {"do": "confirm", "code": row.pk}).status_code == 302
    row.refresh_from_db()
    assert row.confirmed_by == security
    assert "一次性口令待确认" not in other.get(page).content.decode()
