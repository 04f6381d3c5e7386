"""The end of a session moves as somebody works, and most pages write nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests import people

from anlan.foundation.access.roles import Role
from anlan.web import sessions

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


def _written(client: Client) -> int:
    with CaptureQueriesContext(connections["scratch"]) as asked:
        assert client.get("/plans/").status_code == 200
    return sum(one["sql"].startswith(("UPDATE", "INSERT")) for one in asked)


def test_a_page_within_the_minute_writes_nothing_and_one_after_it_moves_the_end() -> None:
    client = people.client(people.account(Role.CLERK))
    assert _written(client) == 0
    ends = Session.objects.get().expire_date
    Session.objects.update(expire_date=ends - sessions.STEP)
    assert _written(client) == 1
    moved = Session.objects.get().expire_date
    assert moved >= ends
    assert _written(client) == 0


def test_a_session_that_ended_is_not_moved() -> None:
    client = people.client(people.account(Role.CLERK))
    Session.objects.update(expire_date=timezone.now() - dt.timedelta(seconds=1))
    assert client.get("/plans/").status_code == 302
    assert not Session.objects.filter(expire_date__gt=timezone.now()).exists()
