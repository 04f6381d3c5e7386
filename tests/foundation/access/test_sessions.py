"""Sessions: how long they last, what they carry, and what stays of an attempt to sign in."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from unittest import mock

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.forms.models import model_to_dict
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from tests import people

from anlan.foundation.access import actions
from anlan.foundation.access.actor import machine
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.org.models import Person

pytestmark = pytest.mark.django_db(databases=["default", "scratch", "readings"])


@pytest.fixture
def account() -> Account:
    return people.account(Role.CLERK, name="wang")


def sign_in(browser: Client, name: str = "wang", password: str = people.PASSWORD) -> int:
    return browser.post(reverse("login"), {"username": name, "password": password}).status_code


def test_a_session_ends_when_nothing_was_asked_for_half_an_hour(account: Account) -> None:
    browser = Client()
    sign_in(browser)
    left = Session.objects.get().expire_date - timezone.now()
    assert dt.timedelta(minutes=29) < left <= dt.timedelta(minutes=settings.ANLAN.session_minutes)
    assert browser.get("/").status_code == 200
    Session.objects.update(expire_date=timezone.now() - dt.timedelta(seconds=1))
    answer = browser.get("/tasks/?due=soon")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/?next=/tasks/%3Fdue%3Dsoon")


def test_every_request_begins_the_half_hour_anew(account: Account) -> None:
    browser = Client()
    sign_in(browser)
    soon = timezone.now() + dt.timedelta(minutes=1)
    Session.objects.update(expire_date=soon)
    browser.get("/")
    assert Session.objects.get().expire_date > soon + dt.timedelta(minutes=28)


def test_signing_in_begins_a_new_session_and_signing_out_ends_it(account: Account) -> None:
    browser = Client()
    # Somebody has left his own session in this browser.
    browser.cookies[settings.SESSION_COOKIE_NAME] = planted = "a" * 32
    sign_in(browser)
    mine = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert mine != planted
    browser.post(reverse("logout"))
    assert not Session.objects.filter(session_key=mine).exists()
    browser.cookies[settings.SESSION_COOKIE_NAME] = mine
    assert browser.get("/").status_code == 302


def test_the_cookie_is_for_the_browser_alone_and_goes_with_it(account: Account) -> None:
    browser = Client()
    sign_in(browser)
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")


def test_sessions_and_counters_stand_in_the_disposable_store() -> None:
    for model in (Session, AccessAttempt, AccessLog, AccessFailureLog):
        assert model._default_manager.all().db == "scratch"
        assert model._meta.db_table in connections["scratch"].introspection.table_names()
        if connection.vendor == "sqlite":
            assert model._meta.db_table not in connections["default"].introspection.table_names()


def test_no_password_stays_in_the_disposable_store(account: Account) -> None:
    sign_in(Client(), password="Falsch-12345")
    sign_in(Client())
    kept = [model_to_dict(row) for model in (AccessAttempt, AccessLog, Session) for row in model._default_manager.all()]
    assert kept
    assert "Falsch-12345" not in str(kept)
    assert people.PASSWORD not in str(kept)


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"])
@pytest.mark.parametrize("who", ["nobody", "wrong password", "closed", "with a code", "new"])
def test_every_failure_computes_as_much_so_that_its_time_tells_nothing(account: Account, who: str) -> None:
    # The algorithm of the product; that of the tests calls one of its two steps in the other.
    account.set_password(people.PASSWORD)
    account.save()
    if who == "closed":
        Account.objects.filter(pk=account.pk).update(is_active=False)
    if who == "with a code":
        actions.issue_reset_code(machine("test"), account)
    if who == "new":
        # Without a password of its own yet.
        actions.create_account(machine("test"), name="zhao", person=Person.objects.create(name="赵五"))
    name = {"nobody": "nobody", "new": "zhao"}.get(who, "wang")
    hasher = Argon2PasswordHasher
    with (
        mock.patch.object(hasher, "encode", autospec=True, side_effect=hasher.encode) as made,
        mock.patch.object(hasher, "verify", autospec=True, side_effect=hasher.verify) as checked,
    ):
        assert sign_in(Client(), name=name, password="nonsense") == 422
    # One for the password, one for the one-time code.
    assert made.call_count + checked.call_count == 2


@pytest.mark.parametrize(
    "address", ["/", "/me/", "/tasks/", "/units/", "/calc/", "/nothing-here/", "/api/openapi.json"]
)
def test_who_must_change_the_password_reaches_no_other_page(account: Account, address: str) -> None:
    Account.objects.filter(pk=account.pk).update(must_change=True)
    browser = people.client(account)
    for answer in (browser.get(address), browser.post(address)):
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("password"))


def test_who_must_change_the_password_changes_nothing_else() -> None:
    system = people.account(Role.SYSTEM_ADMIN)
    Account.objects.filter(pk=system.pk).update(must_change=True)
    people.client(system).post(reverse("account-new"), {"name": "zhao", "person": "赵五"})
    assert not Account.objects.filter(name="zhao").exists()


def test_who_must_change_the_password_may_sign_out_and_choose_the_language(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(must_change=True)
    browser = people.client(account)
    assert browser.get(reverse("password")).status_code == 200
    assert (
        browser.post(reverse("language"), {"language": "en", "next": "/password/"}).headers["Location"] == "/password/"
    )
    assert browser.post(reverse("logout")).headers["Location"] == reverse("login")


def test_passwords_are_kept_by_argon2_and_nothing_else() -> None:
    # In the product: the tests of this process have a faster one in front of it.
    told = subprocess.run(
        [sys.executable, "-c", "from anlan.web import config; print(config.PASSWORD_HASHERS)"],
        env=os.environ | {"ANLAN_HOME": str(settings.HOME)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "['django.contrib.auth.hashers.Argon2PasswordHasher']"


@pytest.mark.parametrize("page", ["login", "password"])
def test_pages_with_passwords_are_kept_by_no_browser(account: Account, page: str) -> None:
    browser = people.client(account) if page == "password" else Client()
    assert "no-store" in browser.get(reverse(page)).headers["Cache-Control"]


def test_the_sign_in_page_works_without_scripts_and_names_its_fields(account: Account) -> None:
    page = Client().get(reverse("login"), {"next": "/tasks/"}).content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert '<input type="hidden" name="next" value="/tasks/">' in page
    assert 'name="viewport"' in page


def test_names_are_text_wherever_they_are_shown() -> None:
    mark = "<script>alert(1)</script>"
    account = people.account(Role.CLERK, name="wang")
    Person.objects.filter(accounts=account).update(name=mark)
    browser = people.client(people.account(Role.SYSTEM_ADMIN))
    for address in (reverse("accounts"), reverse("account", args=[account.pk])):
        page = browser.get(address).content.decode()
        assert mark not in page
        assert "&lt;script&gt;" in page
