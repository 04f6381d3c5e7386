"""Why somebody may, and when he signed in."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests import people

from anlan.foundation.access import queries
from anlan.foundation.access.models import Account, Grant
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import PERMISSIONS
from anlan.foundation.journal.models import Entry

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


def explained(account: Account) -> dict[str, queries.Explained]:
    return {one.permission.code: one for one in queries.explained(account)}


def test_every_permission_is_explained() -> None:
    assert list(explained(people.account())) == sorted(PERMISSIONS)


def test_a_permission_names_the_grants_that_give_it() -> None:
    place = people.unit("区水利局")
    handler = people.account(Role.HANDLER, at=place)
    held = handler.grants.get()
    told = explained(handler)
    assert (told["task.see"].allowed, told["task.see"].everywhere, told["task.see"].by) == (True, False, (held,))
    assert (told["access.grant"].allowed, told["access.grant"].by) == (False, ())


def test_with_every_object_and_with_some_are_told_apart() -> None:
    clerk = explained(people.account(Role.CLERK))
    assert (clerk["task.see"].allowed, clerk["task.see"].everywhere) == (True, True)
    # Only drafts are issued.
    assert (clerk["plan.issue"].allowed, clerk["plan.issue"].everywhere) == (True, False)
    assert not explained(people.account())["plan.see"].allowed


def test_a_grant_that_has_ended_or_not_begun_gives_nothing() -> None:
    account = people.account()
    today = timezone.localdate()
    day = dt.timedelta(days=1)
    Grant.objects.create(account=account, role=Role.CLERK, since=people.LONG_AGO, until=today - day)
    Grant.objects.create(account=account, role=Role.CLERK, since=today + day)
    assert queries.grants_in_force(account) == []
    assert not explained(account)["plan.receive"].allowed
    # The first and the last day both count.
    last = Grant.objects.create(account=account, role=Role.CLERK, since=today, until=today)
    assert queries.grants_in_force(account) == [last]
    assert explained(account)["plan.receive"].by == (last,)


def test_a_closed_account_may_nothing_not_even_what_everybody_may() -> None:
    account = people.account(Role.CLERK)
    account.is_active = False
    account.save()
    assert not any(one.allowed for one in queries.explained(account))


def test_sign_ins_failures_and_locks_of_one_account_are_listed_the_newest_first() -> None:
    account = people.account(Role.CLERK, name="wang")
    other = people.account(Role.CLERK, name="li")
    for name, password in (("wang", people.PASSWORD), ("li", "nonsense"), ("wang", "nonsense"), ("nobody", "x")):
        Client().post(reverse("login"), {"username": name, "password": password})
    assert [one.action for one in queries.sign_ins(account)] == ["access.sign_in_failed", "access.sign_in"]
    assert [one.action for one in queries.sign_ins(other)] == ["access.sign_in_failed"]
    assert len(queries.sign_ins(account, 1)) == 1


def test_the_own_account_shows_its_sign_ins_and_what_it_may() -> None:
    place = people.unit("区水利局")
    account = people.account(Role.HANDLER, at=place, name="wang")
    browser = Client(REMOTE_ADDR="10.9.8.7")
    browser.post(reverse("login"), {"username": "wang", "password": "nonsense"})
    browser.post(reverse("login"), {"username": "wang", "password": people.PASSWORD})
    page = browser.get(reverse("me")).content.decode()
    assert "10.9.8.7" in page
    assert page.index("已登录") < page.index("登录失败")
    row = page[page.index("task.see") :].partition("</tr>")[0]
    assert "单位经办人（区水利局）" in row
    assert "能，限范围" in row
    # What one may not is not told here.
    assert "access.grant" not in page
    assert Entry.objects.filter(object_id=str(account.pk), kind="access.account").count() == 2
