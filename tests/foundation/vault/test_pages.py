"""Files are read by who may read the object they belong to, and a browser never shows them."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from tests import people
from tests.foundation.vault import samples

from anlan.foundation.access.actor import actor_of, machine
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import PERMISSIONS, Own, declare, may, visible
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.notices.models import Notice
from anlan.foundation.vault import actions, owners, storing, types
from anlan.foundation.vault.models import Receipt
from anlan.settings import Words

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:  # type: ignore[no-untyped-def]
    """A vault of the test's own, and a kind whose objects belong to accounts."""
    settings.ANLAN = replace(django_settings.ANLAN, home=tmp_path)
    (tmp_path / "vault").mkdir()
    monkeypatch.setitem(owners._OWNERS, "notices.notice", "test.read")
    declare("test.read", Words("测试", "test"), Own("account"))
    yield tmp_path
    PERMISSIONS.pop("test.read")


def owned(account: Account, name: str = "方案.txt", data: bytes = b"abc") -> Receipt:
    """Receipt of a file that belongs to something of this account's."""
    notice = Notice.objects.create(account=account, code="x", key=name)
    return actions.receive(machine("test"), io.BytesIO(data), name, purpose="test", obj=notice)


def test_a_file_is_saved_and_never_shown_and_carries_its_hash() -> None:
    account = people.account(Role.HANDLER)
    receipt = owned(account)
    answer = people.client(account).get(reverse("file", args=[receipt.pk]))
    assert answer.status_code == 200
    assert b"".join(answer) == b"abc"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E6%96%B9%E6%A1%88.txt"
    assert answer["Content-Type"] == "text/plain"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    digest = base64.b64encode(bytes.fromhex(receipt.file.sha256)).decode()
    assert answer["Repr-Digest"] == f"sha-256=:{digest}:"


@pytest.mark.parametrize(("name", "data"), [("公示.html", samples.HTML), ("公示.mht", samples.MHT)])
def test_a_web_page_leaves_as_it_came_and_as_mere_bytes(name: str, data: bytes) -> None:
    account = people.account(Role.HANDLER)
    notice = Notice.objects.create(account=account, code="x", key=name)
    receipt = actions.receive(
        machine("test"), io.BytesIO(data), name, purpose="test", allowed=types.DOCUMENTS, obj=notice
    )
    browser = people.client(account)
    answer = browser.get(reverse("file", args=[receipt.pk]))
    assert b"".join(answer) == data
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "网页" in browser.get(reverse("receipt", args=[receipt.pk])).content.decode()


def test_the_receipt_shows_both_hashes() -> None:
    account = people.account(Role.HANDLER)
    receipt = owned(account)
    page = people.client(account).get(reverse("receipt", args=[receipt.pk])).content.decode()
    assert receipt.file.sha256 in page
    assert receipt.file.sm3 in page
    assert "方案.txt" in page


@pytest.mark.parametrize("name", ["file", "receipt"])
def test_who_may_not_read_the_object_is_refused_and_it_is_journalled(name: str) -> None:
    receipt = owned(people.account(Role.HANDLER))
    answer = people.client(people.account(Role.CLERK)).get(reverse(name, args=[receipt.pk]))
    assert answer.status_code == 403
    entry = Entry.objects.get(action="vault.see")
    assert (entry.outcome, entry.object_id) == (Outcome.REFUSED, str(receipt.pk))


def test_nobody_reads_the_files_of_a_kind_that_no_room_registered() -> None:
    unit = people.unit()
    account = people.account(Role.CLERK)
    receipt = actions.receive(actor_of(account), io.BytesIO(b"abc"), "a.txt", purpose="test", obj=unit)
    assert people.client(account).get(reverse("file", args=[receipt.pk])).status_code == 403


def test_a_file_that_belongs_to_nothing_yet_is_read_by_who_handed_it_in_only() -> None:
    account = people.account(Role.CLERK)
    receipt = actions.receive(actor_of(account), io.BytesIO(b"abc"), "a.txt", purpose="test")
    url = reverse("file", args=[receipt.pk])
    answer = people.client(account).get(url)
    assert answer.status_code == 200
    assert b"".join(answer) == b"abc"
    assert people.client(people.account(Role.CLERK)).get(url).status_code == 403


def test_the_question_for_one_file_and_for_the_table_have_the_same_answer() -> None:
    one, two = people.account(Role.CLERK), people.account(Role.HANDLER)
    owned(one, "1.txt")
    owned(two, "2.txt")
    actions.receive(actor_of(one), io.BytesIO(b"x"), "3.txt", purpose="test")
    actions.receive(actor_of(one), io.BytesIO(b"x"), "4.txt", purpose="test", obj=people.unit())
    for account, names in ((one, {"1.txt", "3.txt"}), (two, {"2.txt"})):
        actor = actor_of(account)
        assert {r.name for r in visible(actor, "vault.see", Receipt.objects.all())} == names
        assert {r.name for r in Receipt.objects.all() if may(actor, "vault.see", r)} == names


def test_a_file_that_is_missing_is_not_found() -> None:
    account = people.account(Role.CLERK)
    receipt = owned(account)
    storing.path_of(receipt.file.sha256).unlink()
    assert people.client(account).get(reverse("file", args=[receipt.pk])).status_code == 404


def test_a_stranger_has_to_sign_in(client) -> None:  # type: ignore[no-untyped-def]
    receipt = owned(people.account(Role.CLERK))
    assert client.get(reverse("file", args=[receipt.pk])).status_code == 302


def test_files_are_only_read() -> None:
    account = people.account(Role.CLERK)
    receipt = owned(account)
    assert people.client(account).post(reverse("file", args=[receipt.pk])).status_code == 405


def test_a_kind_is_registered_with_one_permission_only() -> None:
    owners.readable_with("notices.notice", "test.read")
    with pytest.raises(ValueError, match="twice"):
        owners.readable_with("notices.notice", "plan.see")
