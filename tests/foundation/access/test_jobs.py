"""What is over is cleared away at night, and what still counts stays."""

from __future__ import annotations

import datetime as dt

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests import people

from anlan.foundation.access import jobs
from anlan.foundation.access.actor import machine
from anlan.foundation.access.models import Account, PostCount, ResetCode, SignInCount
from anlan.foundation.access.roles import Role
from anlan.foundation.jobs.catalogue import RECURRING, Step, load

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

KEPT = (Session, AccessAttempt, AccessLog, SignInCount, PostCount, ResetCode)


@pytest.fixture
def account() -> Account:
    """Account that has just signed in, failed elsewhere, sent a form and got a code."""
    account = people.account(Role.CLERK, name="wang")
    browser = Client()
    browser.post(reverse("login"), {"username": "wang", "password": people.PASSWORD})
    browser.post(reverse("language"), {"language": "en"})
    Client().post(reverse("login"), {"username": "zhao", "password": "nonsense"})
    ResetCode.objects.create(account=account, code="!", expires_at=timezone.now() + dt.timedelta(hours=1))
    return account


def clean() -> None:
    jobs.clean.function(Step(1, machine("test"), 1))


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in KEPT}


def test_what_is_still_good_stays(account: Account) -> None:
    before = counts()
    assert all(before.values())
    clean()
    assert counts() == before


def test_what_is_over_goes(account: Account) -> None:
    now = timezone.now()
    Session.objects.update(expire_date=now - dt.timedelta(seconds=1))
    # The lock lasts 30 minutes, logs and codes are kept for 30 days.
    AccessAttempt.objects.update(attempt_time=now - dt.timedelta(minutes=31))
    AccessLog.objects.update(attempt_time=now - dt.timedelta(days=31))
    ResetCode.objects.update(expires_at=now - dt.timedelta(days=31))
    for model in (SignInCount, PostCount):
        model._default_manager.update(minute=1)
    clean()
    assert not any(counts().values())
    assert Account.objects.filter(pk=account.pk).exists()


def test_it_can_run_twice_and_stands_in_the_recurring_table(account: Account) -> None:
    clean()
    clean()
    load()
    assert RECURRING["access.clean"].job is jobs.clean
