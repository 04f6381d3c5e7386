"""A login name can be changed; what was done under the old one stays under it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests import people

from anlan.foundation.access import actions
from anlan.foundation.access.acting import Refused
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.journal.queries import told
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def account() -> Account:
    return people.account(Role.CLERK, name="wang")


def sign_in(name: str) -> int:
    return Client().post(reverse("login"), {"username": name, "password": people.PASSWORD}).status_code


def test_the_new_name_signs_in_and_the_old_one_no_more(account: Account) -> None:
    actions.rename(people.actor(Role.SYSTEM_ADMIN), account, name=" Wang.Wei ")
    assert account.name == "wang.wei"
    assert (sign_in("wang.wei"), sign_in("wang")) == (302, 422)


def test_the_journal_keeps_both_names(account: Account) -> None:
    sign_in("wang")
    actions.rename(people.actor(Role.SYSTEM_ADMIN), account, name="zhao")
    assert told(Entry.objects.get(action="access.rename")).changes == (("name", "wang", "zhao"),)
    assert "wang" in Entry.objects.get(action="access.sign_in").label


@pytest.mark.parametrize("name", ["", "a b", "x" * 61, "<b>", "TAKEN", "Wang"])
def test_a_name_that_does_not_do_is_refused(account: Account, name: str) -> None:
    people.account(name="taken")
    with pytest.raises(InputError):
        actions.rename(people.actor(Role.SYSTEM_ADMIN), account, name=name)
    account.refresh_from_db()
    assert account.name == "wang"


def test_a_name_taken_after_it_was_looked_up_is_refused_too(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    people.account(name="taken")
    monkeypatch.setattr(actions, "_check_name", lambda name: None)
    with pytest.raises(InputError, match="is taken"):
        actions.rename(people.actor(Role.SYSTEM_ADMIN), account, name="taken")
    with pytest.raises(InputError, match="is taken"):
        actions.create_account(people.actor(Role.SYSTEM_ADMIN), name="taken", person=account.person)  # type: ignore[arg-type]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM_ADMIN}))
def test_only_the_system_administrator_renames_and_others_are_journalled(account: Account, role: Role) -> None:
    actor = people.actor(role)
    with pytest.raises(Refused):
        actions.rename(actor, account, name="zhao")
    assert Entry.objects.filter(action="access.rename", outcome=Outcome.REFUSED, actor=actor.account_id).count() == 1
    account.refresh_from_db()
    assert account.name == "wang"


def test_it_is_done_on_the_page_of_the_account(account: Account) -> None:
    browser = people.client(people.account(Role.SYSTEM_ADMIN))
    shown = browser.get(reverse("account", args=[account.pk])).content.decode()
    assert "修改登录名" in shown
    where = reverse("account-change", args=[account.pk])
    assert "已保存" in browser.post(where, {"do": "rename", "name": "zhao"}, follow=True).content.decode()
    assert (
        "已有人用" in browser.post(where, {"do": "rename", "name": people.account().name}, follow=True).content.decode()
    )
    account.refresh_from_db()
    assert account.name == "zhao"


def test_the_page_offers_it_to_nobody_else(account: Account) -> None:
    for role in (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        shown = people.client(people.account(role)).get(reverse("account", args=[account.pk])).content.decode()
        assert "修改登录名" not in shown
