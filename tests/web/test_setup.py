"""The set-up page opens for whoever holds the token of the console, founds the installation, and is gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anlan.foundation.access.models import Account
from anlan.foundation.access.signin import AccountBackend
from anlan.foundation.org.models import Unit
from anlan.web.install import token

pytestmark = pytest.mark.django_db(databases=["default", "scratch", "readings"])

FIRST = {
    "system_name": "zhang",
    "system_person": "张三",
    "security_name": "li",
    "security_person": "李四",
    "audit_name": "wang",
    "audit_person": "王五",
}


@pytest.fixture
def opened() -> Iterator[str]:
    """Token of the console."""
    yield token.make(settings.HOME)
    token.spend(settings.HOME)


def test_nobody_without_the_token_sees_the_page(client: Client, opened: str) -> None:
    for query in ({}, {"token": ""}, {"token": "guess"}, {"token": opened[:-1]}, {"token": opened + "a"}):
        assert client.get("/setup/", query).status_code == 404
    assert client.post("/setup/", FIRST | {"token": "guess"}).status_code == 404
    assert Account.objects.count() == 0


def test_without_an_open_token_there_is_no_page(client: Client) -> None:
    token.spend(settings.HOME)
    assert client.get("/setup/", {"token": ""}).status_code == 404


def test_only_the_hash_of_the_token_is_kept_and_a_new_one_ends_the_old(opened: str) -> None:
    kept = (Path(settings.HOME) / "setup-token").read_text()
    assert opened not in kept
    assert token.fits(settings.HOME, opened)
    newer = token.make(settings.HOME)
    assert not token.fits(settings.HOME, opened)
    assert token.fits(settings.HOME, newer)


def test_the_page_founds_the_installation_and_is_gone(client: Client, opened: str) -> None:
    page = client.get("/setup/", {"token": opened})
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert "景德镇市昌江区" in page.content.decode()
    done = client.post("/setup/", FIRST | {"token": opened})
    assert done.status_code == 200
    assert "no-store" in done["Cache-Control"]
    assert set(Account.objects.values_list("name", flat=True)) == {"zhang", "li", "wang"}
    # 27 bodies of the pack's register and its six townships and streets.
    assert Unit.objects.filter(sample=False).count() == 33
    words = done.content.decode()
    codes = [code for code, _, _ in (part.partition("<") for part in words.split("<code>")[1:])]
    assert len(codes) == 3
    assert AccountBackend().authenticate(None, "zhang", codes[0]) is not None
    for answer in (client.get("/setup/", {"token": opened}), client.post("/setup/", FIRST | {"token": opened})):
        assert answer.status_code == 404
    assert Account.objects.count() == 3


def test_units_come_from_the_sheet_that_is_uploaded(client: Client, opened: str) -> None:
    sheet = SimpleUploadedFile("units.csv", "编号,简称\nsw,区水务局\n".encode("gb18030"))
    assert client.post("/setup/", FIRST | {"token": opened, "units": sheet}).status_code == 200
    assert Unit.objects.exclude(kind="township").get().short_name == "区水务局"


def test_what_is_wrong_is_said_and_the_page_stays_open(client: Client, opened: str) -> None:
    sheet = SimpleUploadedFile("units.csv", "编号,简称\nsw,区水务局\nsw,区林业局\n".encode())
    answers = [
        client.post("/setup/", FIRST | {"token": opened, "units": sheet}),
        client.post("/setup/", FIRST | {"token": opened, "audit_name": "Zhang"}),
        client.post("/setup/", FIRST | {"token": opened, "audit_person": " "}),
    ]
    words = [answer.content.decode() for answer in answers]
    assert "编号 sw 与第 2 行重复" in words[0]
    assert "三个管理员要用不同的登录名" in words[1]
    assert "form-errors" in words[2]
    assert (Account.objects.count(), Unit.objects.count()) == (0, 0)
    assert token.is_open(settings.HOME)


def test_the_form_is_protected_against_other_sites(opened: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/setup/", FIRST | {"token": opened}).status_code == 403
    assert Account.objects.count() == 0


def test_a_token_that_outlived_the_founding_opens_nothing(client: Client, opened: str) -> None:
    assert client.post("/setup/", FIRST | {"token": opened}).status_code == 200
    # As if the power had gone between the founding and the end of its token.
    again = token.make(settings.HOME)
    assert client.get("/setup/", {"token": again}).status_code == 404
    other = {key: f"{value}2" for key, value in FIRST.items()}
    assert client.post("/setup/", other | {"token": again}).status_code == 404
    assert Account.objects.count() == 3
