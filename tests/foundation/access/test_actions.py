"""Accounts and roles: who may change them, and what keeps the three administrators apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.urls import reverse
from tests import people

from anlan.foundation.access import actions
from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import Actor, actor_of
from anlan.foundation.access.models import Account, Grant
from anlan.foundation.access.roles import ADMINISTRATORS, BUSINESS, Role
from anlan.foundation.access.rules import PERMISSIONS
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.org.models import Person
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def system() -> Actor:
    return people.actor(Role.SYSTEM_ADMIN)


@pytest.fixture
def security() -> Actor:
    return people.actor(Role.SECURITY_ADMIN)


@pytest.fixture
def account() -> Account:
    return people.account()


def account_of(actor: Actor) -> Account:
    assert actor.account_id is not None
    return Account.objects.get(pk=actor.account_id)


def test_an_account_is_opened_with_a_one_time_code_and_no_role(system: Actor) -> None:
    made, code = actions.create_account(system, name=" Li.Si ", person=Person.objects.create(name="李四"))
    assert (made.name, made.must_change, made.grants.count()) == ("li.si", True, 0)
    assert code is not None


@pytest.mark.parametrize("name", ["", "  ", "a b", "x" * 61, "<b>", "TAKEN"])
def test_a_login_name_that_does_not_do_is_refused(system: Actor, name: str) -> None:
    people.account(name="taken")
    before = Account.objects.count()
    with pytest.raises(InputError):
        actions.create_account(system, name=name, person=Person.objects.create(name="李四"))
    assert Account.objects.count() == before


@pytest.mark.parametrize("administrator", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("other", list(Role))
def test_an_administrator_holds_no_other_role_in_either_order(
    security: Actor, administrator: Role, other: Role
) -> None:
    if other == administrator:
        return
    place = people.unit()
    for first, second in ((administrator, other), (other, administrator)):
        account = people.account(first, at=place)
        with pytest.raises(InputError, match="excludes"):
            actions.grant(security, account, second, unit=place)


def test_roles_that_follow_one_another_in_time_do_not_exclude_each_other(security: Actor, account: Account) -> None:
    actions.grant(security, account, Role.CLERK, since=dt.date(2020, 1, 1), until=dt.date(2020, 12, 31))
    actions.grant(security, account, Role.AUDIT_ADMIN, since=dt.date(2021, 1, 1))


def test_a_grant_says_all_that_stands_against_it(security: Actor, account: Account) -> None:
    with pytest.raises(InputError) as caught:
        actions.grant(security, account, Role.HANDLER, since=dt.date(2026, 2, 1), until=dt.date(2026, 1, 1))
    assert len(caught.value.problems) == 2
    actions.grant(security, account, Role.CLERK)
    with pytest.raises(InputError, match="already"):
        actions.grant(security, account, Role.CLERK)


def test_nobody_grants_to_or_revokes_from_himself() -> None:
    account = people.account(Role.SECURITY_ADMIN)
    people.account(Role.SECURITY_ADMIN)
    actor = actor_of(account)
    with pytest.raises(InputError, match="yourself"):
        actions.grant(actor, account, Role.SECURITY_ADMIN, since=dt.date(2030, 1, 1))
    with pytest.raises(InputError, match="of your own"):
        actions.revoke(actor, account.grants.get(), reason="理由")


def test_nobody_closes_his_own_account() -> None:
    account = people.account(Role.SYSTEM_ADMIN)
    people.account(Role.SYSTEM_ADMIN)
    with pytest.raises(InputError, match="your own"):
        actions.close(actor_of(account), account, reason="理由")


def test_the_last_administrator_of_a_kind_stays(system: Actor, security: Actor) -> None:
    last = Account.objects.get(pk=security.account_id or 0)
    with pytest.raises(InputError, match="last security_admin"):
        actions.close(system, last, reason="离任")
    only = Account.objects.get(pk=system.account_id or 0).grants.get()
    with pytest.raises(InputError, match="last system_admin"):
        actions.revoke(security, only, reason="离任")
    people.account(Role.SYSTEM_ADMIN)
    actions.revoke(security, only, reason="离任")
    assert not actor_of(Account.objects.get(pk=system.account_id or 0)).held


def test_the_last_grant_stays_but_the_second_of_one_account_goes(security: Actor) -> None:
    only = people.account(Role.SYSTEM_ADMIN)
    second = Grant.objects.create(account=only, role=Role.SYSTEM_ADMIN, unit=people.unit(), since=people.LONG_AGO)
    actions.revoke(security, second, reason="重复")
    assert actor_of(only).has(Role.SYSTEM_ADMIN)
    with pytest.raises(InputError, match="last system_admin"):
        actions.revoke(security, only.grants.get(until=None), reason="离任")


def test_a_closed_administrator_does_not_count_as_one_left(system: Actor, security: Actor) -> None:
    away = people.account(Role.SECURITY_ADMIN)
    actions.close(system, away, reason="调离")
    with pytest.raises(InputError, match="last security_admin"):
        actions.close(system, account_of(security), reason="离任")


def test_what_has_ended_is_neither_ended_nor_begun_again(system: Actor, security: Actor, account: Account) -> None:
    old = Grant.objects.create(account=account, role=Role.CLERK, since=dt.date(2020, 1, 1), until=dt.date(2020, 12, 31))
    with pytest.raises(InputError, match="ended already"):
        actions.revoke(security, old, reason="理由")
    old.refresh_from_db()
    assert old.until == dt.date(2020, 12, 31)
    with pytest.raises(InputError, match="not closed"):
        actions.reopen(system, account)
    actions.close(system, account, reason="调离")
    with pytest.raises(InputError, match="closed already"):
        actions.close(system, account, reason="调离")
    with pytest.raises(InputError, match="reopen it first"):
        actions.issue_reset_code(system, account)


def test_separation_is_of_people_and_not_of_login_names(security: Actor) -> None:
    clerk = people.account(Role.CLERK)
    other = Account.objects.create(name="second", person=clerk.person, password="!")
    with pytest.raises(InputError, match="excludes clerk"):
        actions.grant(security, other, Role.AUDIT_ADMIN)
    actions.grant(security, other, Role.CLERK)
    first = people.account(Role.SECURITY_ADMIN)
    own = Account.objects.create(name="third", person=first.person, password="!")
    with pytest.raises(InputError, match="yourself"):
        actions.grant(actor_of(first), own, Role.SECURITY_ADMIN)


def test_closing_and_revoking_need_a_reason(system: Actor, security: Actor, account: Account) -> None:
    held = actions.grant(security, account, Role.CLERK)
    with pytest.raises(InputError, match="reason"):
        actions.revoke(security, held, reason=" ")
    with pytest.raises(InputError, match="reason"):
        actions.close(system, account, reason="")


def test_a_closed_account_holds_nothing_until_it_is_reopened(system: Actor, security: Actor, account: Account) -> None:
    actions.grant(security, account, Role.CLERK)
    actions.close(system, account, reason="调离")
    assert actor_of(account).held == ()
    actions.reopen(system, account)
    assert actor_of(account).has(Role.CLERK)


ALLOWED = {
    "access.create_account": Role.SYSTEM_ADMIN,
    "access.close": Role.SYSTEM_ADMIN,
    "access.reopen": Role.SYSTEM_ADMIN,
    "access.issue_reset_code": Role.SYSTEM_ADMIN,
    "access.grant": Role.SECURITY_ADMIN,
    "access.revoke": Role.SECURITY_ADMIN,
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("code", sorted(ALLOWED))
def test_each_step_is_one_administrator_s_and_refused_to_everybody_else(code: str, role: Role) -> None:
    account = people.account(Role.CLERK)
    held = account.grants.get()
    actor = people.actor(role)
    if code == "access.reopen":
        Account.objects.filter(pk=account.pk).update(is_active=False)
    steps: dict[str, Callable[[], object]] = {
        "access.create_account": lambda: actions.create_account(actor, name="new", person=account.person),  # type: ignore[arg-type]
        "access.close": lambda: actions.close(actor, account, reason="理由"),
        "access.reopen": lambda: actions.reopen(actor, account),
        "access.issue_reset_code": lambda: actions.issue_reset_code(actor, account),
        "access.grant": lambda: actions.grant(actor, account, Role.VERIFIER),
        "access.revoke": lambda: actions.revoke(actor, held, reason="理由"),
    }
    if role == ALLOWED[code]:
        steps[code]()
        assert Entry.objects.filter(action=code, outcome=Outcome.DONE).count() == 1
        return
    with pytest.raises(Refused):
        steps[code]()
    assert Entry.objects.filter(action=code, outcome=Outcome.REFUSED, actor=actor.account_id).count() == 1
    assert Grant.objects.filter(account=account).count() == 1


def test_no_permission_mixes_administration_with_business() -> None:
    shared = {"org", "jobs", "notices", "vault", "sheets"}
    for code, permission in PERMISSIONS.items():
        named = permission.rule.roles()
        room = code.partition(".")[0]
        if room in ("access", "journal", "token"):
            assert not named & BUSINESS, code
        elif room not in shared:
            assert not named & ADMINISTRATORS, code


@pytest.mark.parametrize("name", ["accounts", "account-new", "account", "account-permissions"])
@pytest.mark.parametrize("role", list(Role))
def test_the_pages_of_accounts_are_the_administrators(name: str, role: Role, account: Account) -> None:
    args = [account.pk] if name in ("account", "account-permissions") else []
    status = people.client(people.account(role)).get(reverse(name, args=args)).status_code
    allowed = {Role.SYSTEM_ADMIN} if name == "account-new" else ADMINISTRATORS
    assert status == (200 if role in allowed else 403)


def test_an_account_is_opened_granted_and_closed_in_the_browser() -> None:
    system, security = (
        people.client(people.account(Role.SYSTEM_ADMIN)),
        people.client(people.account(Role.SECURITY_ADMIN)),
    )
    shown = system.post(reverse("account-new"), {"name": "zhao", "person": "赵五"}).content.decode()
    made = Account.objects.get(name="zhao")
    assert "一次性口令" in shown
    where = reverse("account-change", args=[made.pk])
    place = people.unit()
    sent = {"do": "grant", "role": "handler", "unit": place.short_name, "since": "2024-01-01"}
    assert "已保存" in security.post(where, sent, follow=True).content.decode()
    assert actor_of(made).units(Role.HANDLER) == {place.pk}
    assert "不是日期" in security.post(where, {**sent, "since": "元旦"}, follow=True).content.decode()
    assert system.post(where, sent).status_code == 403
    system.post(where, {"do": "close", "reason": "调离"})
    made.refresh_from_db()
    assert not made.is_active
