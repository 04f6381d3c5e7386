"""Forms of the ledger keep what they show."""

from __future__ import annotations

import pytest
from tests.ledger.people import six
from tests.people import account, client

from anlan.foundation.access.roles import Role
from anlan.ledger.models import Problem

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


def test_the_form_of_a_problem_gives_a_browser_its_day_as_a_browser_writes_it() -> None:
    found = six().problem()
    page = client(account(Role.CLERK)).get(f"/ledger/{found.pk}/edit/").content.decode()
    # A localized day would leave the field empty, and saving would lose the deadline.
    assert 'value="2026-12-31"' in page


def test_a_correction_keeps_what_it_does_not_name() -> None:
    found = six().problem()
    browser = client(account(Role.CLERK))
    said = {
        "title": "新名称",
        "text": found.text,
        "place": found.place,
        "term": "limited",
        "deadline": "2026-12-31",
        "lead": found.lead_id,
        "responsible": [found.lead_id],
        "supervisor": found.supervisor_id,
        "lock": found.lock,
    }
    assert browser.post(f"/ledger/{found.pk}/edit/", said).status_code == 302
    again = browser.post(f"/ledger/{found.pk}/edit/", said)
    assert again.status_code == 422
    assert "已被他人改过" in again.content.decode()
    kept = Problem.objects.get()
    assert (kept.title, kept.deadline, kept.lead_id) == ("新名称", found.deadline, found.lead_id)
