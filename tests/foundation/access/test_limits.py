"""How fast is too fast: sign-ins of an address, forms of an account; counted over all processes (test_races.py)."""

from __future__ import annotations

import datetime as dt
from unittest import mock

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests import people

from anlan.foundation.access import middleware
from anlan.foundation.access.models import Account, PostCount, SignInCount
from anlan.foundation.access.roles import Role

pytestmark = pytest.mark.django_db(databases=["default", "scratch", "readings"])


@pytest.fixture
def account() -> Account:
    return people.account(Role.CLERK, name="wang")


@pytest.fixture(autouse=True)
def two_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "POSTS_PER_MINUTE", 2)


def send(browser: Client) -> int:
    return browser.post(reverse("language"), {"language": "zh-hans"}).status_code


def test_an_account_that_sends_too_many_forms_is_slowed_and_told_for_how_long(account: Account) -> None:
    browser = people.client(account)
    assert [send(browser) for _ in range(3)] == [302, 302, 429]
    answer = browser.post(reverse("language"), {"language": "zh-hans"})
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert f"请 {answer['Retry-After']} 秒后" in answer.content.decode()


def test_the_limit_is_the_account_s_in_all_its_browsers_and_nobody_else_s(account: Account) -> None:
    assert [send(people.client(account)) for _ in range(3)] == [302, 302, 429]
    assert send(people.client(people.account(Role.CLERK))) == 302


def test_reading_and_signing_out_are_never_too_much(account: Account) -> None:
    browser = people.client(account)
    assert [send(browser) for _ in range(3)][-1] == 429
    assert browser.get("/").status_code == 200
    assert browser.post(reverse("logout")).status_code == 302


def test_the_next_minute_counts_anew_and_clears_what_is_over(account: Account) -> None:
    browser = people.client(account)
    assert [send(browser) for _ in range(3)][-1] == 429
    later = timezone.now() + dt.timedelta(minutes=2)
    with mock.patch("anlan.foundation.access.models.timezone.now", return_value=later):
        assert send(browser) == 302
    assert PostCount.objects.count() == 1


def test_a_program_is_told_in_the_shape_of_the_api(account: Account) -> None:
    browser = people.client(account)
    address = reverse("api:calculated", args=["water.section"])
    answers = [browser.post(address, {}, content_type="application/json") for _ in range(3)]
    assert answers[-1].status_code == 429
    assert answers[-1].json()["error"]["code"] == "http_429"


def test_a_refused_form_changes_nothing(account: Account) -> None:
    browser = people.client(account)
    for _ in range(2):
        send(browser)
    browser.post(reverse("language"), {"language": "en"})
    account.refresh_from_db()
    assert account.language == "zh-hans"


def test_counts_stand_in_the_disposable_store(account: Account) -> None:
    SignInCount.add(address="10.0.0.1")
    PostCount.add(account=account.pk)
    for model in (SignInCount, PostCount):
        assert model.objects.all().db == "scratch"
        assert model._meta.db_table in connections["scratch"].introspection.table_names()
        if connection.vendor == "sqlite":
            assert model._meta.db_table not in connections["default"].introspection.table_names()
