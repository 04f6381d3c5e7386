"""The frame of every page: what it shows, in which language, at which cost, and that nothing is inline."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import people

from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.org.models import Unit
from anlan.plan.models import Plan

pytestmark = pytest.mark.django_db(databases=["default", "scratch", "readings"])


def page(browser: Client, address: str = "/") -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def clerk() -> Client:
    """Browser of a clerk."""
    return people.client(people.account(Role.CLERK))


def test_a_page_has_its_title_in_the_window_and_above_the_content(clerk: Client) -> None:
    text = page(clerk, "/calc/")
    assert "<title>计算 · 安澜</title>" in text
    assert "<h1>计算</h1>" in text
    assert text.count("<h1") == 1


def test_a_page_begins_with_the_way_past_the_menu(clerk: Client) -> None:
    text = page(clerk)
    assert text.index('class="skip" href="#content"') < text.index("<nav")
    assert '<main id="content"' in text


@pytest.mark.parametrize("address", ["/", "/calc/", "/calc/water.section/?example=1", "/api/docs", "/nowhere/"])
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(clerk: Client, address: str) -> None:
    response = clerk.get(address)
    text = response.content.decode()
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", text)
    for tag in re.findall(r"<script[^>]*>", text):
        assert "src=" in tag or "application/json" in tag
    for where in re.findall(r'(?:src|href|action)="([^"]*)"', text):
        assert where.startswith(("/", "#", "?")), where
        assert not where.startswith("//")
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_every_file_that_the_frame_names_is_there(clerk: Client) -> None:
    for where in set(re.findall(r'"/static/([^"#]*)', page(clerk))):
        assert finders.find(where), where


def test_htmx_may_not_run_text_as_code_nor_ask_elsewhere(clerk: Client) -> None:
    text = page(clerk)
    for part in ('"includeIndicatorStyles":false', '"allowEval":false', '"selfRequestsOnly":true'):
        assert part in text
    assert re.search(r"hx-headers='\{\"X-CSRFToken\": \"\w{64}\"\}'", text)


def test_the_frame_adds_three_queries_at_most_and_always_as_many() -> None:
    who = people.account(Role.CLERK)
    browser = people.client(who)
    counted = []
    # The list of calculations has no query of its own. Session and account belong to every request; the session is
    # written each time, because it ends so many minutes after the last page.
    for _ in range(3):
        with CaptureQueriesContext(connections["default"]) as business:
            page(browser, "/calc/")
        counted.append(len(business))
    # account with its person, its grants; of the frame: samples, to-dos
    assert counted == [4, 4, 4]


def test_samples_are_said_on_every_page_as_long_as_there_are_any(clerk: Client) -> None:
    assert "样例数据" not in page(clerk)
    unit = people.unit("样例局")
    Unit.objects.filter(pk=unit.pk).update(sample=True)
    assert "样例数据" in page(clerk)
    assert "样例数据" in page(clerk, "/calc/")
    Unit.objects.filter(pk=unit.pk).update(sample=False)
    assert "样例数据" not in page(clerk)
    Plan.objects.create(title="样例要点", sample=True)
    assert "样例数据" in page(clerk)


def test_the_language_is_switched_kept_in_the_browser_and_in_the_account(clerk: Client) -> None:
    account = Account.objects.get(pk=clerk.session["_auth_user_id"])
    assert "首页" in page(clerk)
    response = clerk.post("/language/", {"language": "en", "next": "/calc/"})
    assert (response.status_code, response["Location"]) == (302, "/calc/")
    assert clerk.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert "<title>Home · Anlan</title>" in page(clerk)
    assert 'lang="en"' in page(clerk)
    account.refresh_from_db()
    assert account.language == "en"
    clerk.post("/language/", {"language": "zh-hans"})
    assert "首页" in page(clerk)


@pytest.mark.parametrize("language", ["fr", "", "x" * 300])
def test_a_language_that_there_is_not_changes_nothing(clerk: Client, language: str) -> None:
    assert clerk.post("/language/", {"language": language}).status_code == 302
    assert "首页" in page(clerk)
    assert not Account.objects.exclude(language="").exists()


def test_the_switch_leads_to_no_other_site(clerk: Client) -> None:
    response = clerk.post("/language/", {"language": "en", "next": "//example.cn/"})
    assert response["Location"] == "/"


def test_the_language_is_not_switched_by_a_link(clerk: Client) -> None:
    assert clerk.get("/language/?language=en").status_code == 405


def test_pages_need_a_login() -> None:
    for address in ("/", "/calc/", "/api/docs"):
        response = Client().get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/login/")


def test_every_answer_carries_its_number(clerk: Client) -> None:
    numbers = {clerk.get("/")["X-Request-ID"] for _ in range(2)}
    assert len(numbers) == 2
