"""Why somebody may, and when he signed in."""

from __future__ import annotations

import datetime as dt

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests import people

from anlan.foundation.access import queries, signin
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
    row = page[page.index(">查看任务<") :].partition("</tr>")[0]
    assert "单位经办人（区水利局）" in row
    assert "能，限范围" in row
    # What one may not is not told here.
    assert "授予角色" not in page
    assert Entry.objects.filter(object_id=str(account.pk), kind="access.account").count() == 2


@pytest.mark.parametrize(
    "last_login_days, opened_days, active, idle",
    [
        (89, 400, True, False),
        (91, 400, True, True),
        # Never signed in: from the day it was opened.
        (None, 91, True, True),
        (None, 89, True, False),
        # What is closed is no more to be closed.
        (91, 400, False, False),
    ],
)
def test_an_account_unused_for_ninety_days_is_shown_for_closing(
    last_login_days: int | None, opened_days: int, active: bool, idle: bool
) -> None:
    account = people.account(name="wang")
    now = timezone.now()
    account.last_login = None if last_login_days is None else now - dt.timedelta(days=last_login_days)
    account.created_at = now - dt.timedelta(days=opened_days)
    account.is_active = active
    account.save()
    assert queries.is_idle(account) is idle
    assert Account.objects.filter(queries.idle(), pk=account.pk).exists() is idle
    page = people.client(people.account(Role.SYSTEM_ADMIN)).get(reverse("accounts")).content.decode()
    row = page[page.index(">wang<") :].partition("</tr>")[0]
    assert ("90 天未登录" in row) is idle


def test_a_try_during_the_lock_does_not_move_its_end() -> None:
    people.account(name="wang")
    sent = {"username": "wang", "password": "nonsense"}
    for _ in range(5):
        Client().post(reverse("login"), sent)
    earlier = timezone.now() - dt.timedelta(minutes=20)
    AccessAttempt.objects.update(attempt_time=earlier)
    answer = Client().post(reverse("login"), sent)
    assert answer.status_code == 429
    # 30 minutes from the fifth failure, which was 20 minutes ago.
    assert signin.locked_until("wang") == earlier + dt.timedelta(minutes=30)
    assert 590 <= int(answer.headers["Retry-After"]) <= 600
