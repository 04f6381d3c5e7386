"""The journal's pages are the audit administrator's alone."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests import people

from anlan.foundation.access.actor import machine
from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.journal.sealing import head, seal
from anlan.foundation.journal.writing import write

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def entry() -> Entry:
    made = write(
        machine("test"), "plan.issue", Outcome.DONE, reason="按期", details={"before": {"n": 1}, "after": {"n": 2}}
    )
    seal()
    return made


def test_the_auditor_reads_what_was_done_in_words(entry: Entry) -> None:
    auditor = people.client(people.account(Role.AUDIT_ADMIN))
    assert "下达任务" in auditor.get(reverse("journal")).content.decode()
    shown = auditor.get(reverse("journal-entry", args=[entry.pk])).content.decode()
    assert "<td>n</td><td>1</td><td>2</td>" in shown
    assert "按期" in shown
    assert "第 0 块" in shown


def test_the_auditor_verifies_against_an_anchor(entry: Entry) -> None:
    auditor = people.client(people.account(Role.AUDIT_ADMIN))
    last = head()
    assert (
        "锚点仍在链上"
        in auditor.post(reverse("journal-verify"), {"anchor": f"{last.number}:{last.hash}"}).content.decode()
    )
    assert (
        "锚点不在链上"
        in auditor.post(reverse("journal-verify"), {"anchor": f"{last.number}:{'0' * 64}"}).content.decode()
    )
    assert "“乱写”不是锚点" in auditor.post(reverse("journal-verify"), {"anchor": "乱写"}).content.decode()


def test_the_export_is_an_action_of_its_own(entry: Entry) -> None:
    auditor = people.client(people.account(Role.AUDIT_ADMIN))
    answer = auditor.get(reverse("journal-export"))
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.splitlines()[0].startswith('{"head":')
    assert Entry.objects.filter(action="journal.export", outcome=Outcome.DONE).count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDIT_ADMIN])
def test_nobody_else_reads_verifies_or_exports_it_and_the_attempt_is_kept(role: Role, entry: Entry) -> None:
    account = people.account(role)
    other = people.client(account)
    for name, args in (("journal", []), ("journal-entry", [entry.pk]), ("journal-verify", []), ("journal-export", [])):
        assert other.get(reverse(name, args=args)).status_code == 403, name
    refused = Entry.objects.filter(actor=account.pk, outcome=Outcome.REFUSED).values_list("action", flat=True)
    assert {"journal.see", "journal.export"} <= set(refused)
