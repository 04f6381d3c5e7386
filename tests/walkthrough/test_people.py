"""Everybody's first minutes: signing in, the pages of one's own navigation, the language, the keyboard, the phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.walkthrough.browser import HAN, PHONE, WIDE, Visitor
from tests.walkthrough.conftest import Open
from tests.walkthrough.installation import Installation
from tests.walkthrough.people import Accounts

from anlan.foundation.access.roles import BUSINESS, Role

ROLES = [role.value for role in Role]


def _navigation(visitor: Visitor) -> list[str]:
    """Addresses that the navigation of this account offers, home first."""
    visitor.go("/")
    links = visitor.page.locator(".side li a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert len(links) > 1, "there is no navigation"
    return [str(link) for link in links]


def _word(path: str) -> str:
    """Address as a part of the name of a picture."""
    return path.strip("/").replace("/", "-") or "home"


@pytest.mark.parametrize("role", ROLES)
def test_everyone_signs_in_and_opens_all_of_the_navigation(open_window: Open, role: str) -> None:
    visitor = open_window(role)
    paths = _navigation(visitor)
    assert paths[0] == "/"
    for path in paths:
        assert visitor.go(path).status == 200, path
        visitor.look(f"{role}-{_word(path)}")
    business = {"/plans/", "/tasks/"} & set(paths)
    assert bool(business) == (Role(role) in BUSINESS)


@pytest.mark.parametrize("role", [Role.CLERK.value, Role.HANDLER.value, Role.AUDIT_ADMIN.value])
def test_everything_fits_a_phone(open_window: Open, role: str) -> None:
    visitor = open_window(role, PHONE)
    for path in _navigation(visitor):
        visitor.go(path)
        visitor.look(f"{role}-{_word(path)}")
    # The bar at the bottom holds what is used most, within reach of a thumb.
    bar = visitor.page.locator(".bottom a")
    assert 1 < bar.count() <= 4
    for number in range(bar.count()):
        box = bar.nth(number).bounding_box()
        assert box
        assert box["height"] >= 44


@pytest.mark.parametrize("role", ROLES)
def test_in_english_nothing_but_data_is_chinese(open_window: Open, role: str) -> None:
    visitor = open_window(role)
    visitor.page.locator("header button[lang=en]").click()
    expect(visitor.page.locator("html")).to_have_attribute("lang", re.compile("^en"))
    for path in _navigation(visitor):
        visitor.go(path)
        visitor.look(f"en-{role}-{_word(path)}")
    # And back again, with the account remembering it.
    visitor.page.locator("header button[lang^=zh]").click()
    expect(visitor.page.locator("html")).to_have_attribute("lang", re.compile("^zh"))


def test_the_reading_room_and_a_task_are_english_but_for_their_data(open_window: Open, site: Installation) -> None:
    clerk = open_window("clerk")
    clerk.page.locator("header button[lang=en]").click()
    plan = site.rows("SELECT id FROM plan_plan WHERE sample AND state = 'issued' ORDER BY id LIMIT 1")[0][0]
    task = site.rows("SELECT id FROM plan_task WHERE plan_id = ? ORDER BY id LIMIT 1", plan)[0][0]
    for path in (f"/plans/{plan}/", f"/tasks/{task}/", "/tasks/units/", "/plans/new/"):
        clerk.go(path)
        clerk.look(f"en-{_word(path)}")
    clerk.page.locator("header button[lang^=zh]").click()


def test_a_stranger_sees_the_sign_in_page_and_nothing_else(open_window: Open) -> None:
    for size in (WIDE, PHONE):
        stranger = open_window(size=size)
        stranger.go("/plans/")
        assert "/login/" in stranger.page.url
        assert not stranger.page.locator(".side li a").count()
        stranger.look("sign-in")
        assert stranger.page.locator("input[type=password]").count() == 1


def test_a_wrong_password_is_told_and_lets_nobody_in(open_window: Open, accounts: Accounts) -> None:
    stranger = open_window()
    stranger.go("/login/")
    stranger.page.locator("input[name=username]").fill(accounts.by_role["clerk"])
    stranger.page.locator("input[type=password]").fill("not-the-password")
    stranger.page.locator("form button[type=submit]").last.click()
    expect(stranger.page.locator("[role=alert]").first).to_be_visible()
    stranger.look("sign-in-wrong")
    assert stranger.go("/plans/").url.startswith(f"{stranger.site.address}/login/")


def test_the_keyboard_alone_signs_in_and_opens_a_task(open_window: Open, accounts: Accounts) -> None:
    visitor = open_window()
    visitor.go("/login/")
    name, password = accounts.by_role["handler"], accounts.password
    page = visitor.page
    for _ in range(20):
        if page.evaluate("document.activeElement.name") == "username":
            break
        page.keyboard.press("Tab")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    visitor.tab_to("跳到正文", 1)
    visitor.tab_to("任务")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/tasks/"))
    first = page.locator("tbody tr td a").first.inner_text().strip()
    # Past the navigation at once, then through search and filters to the first row.
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    # The box to tick the row, which comes before, is named after the task as well.
    visitor.tab_to(first, tag="a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/tasks/\d+/"))
    visitor.look("task-by-keyboard")


def test_refusals_and_dead_ends_are_pages_of_their_own(open_window: Open, site: Installation) -> None:
    admin = open_window("system_admin")
    plan = site.rows("SELECT id FROM plan_plan ORDER BY id LIMIT 1")[0][0]
    assert admin.go("/plans/").status == 403
    admin.look("refused")
    assert admin.go(f"/plans/{plan}/").status in (403, 404)
    assert admin.go("/nothing/here/").status == 404
    admin.look("not-found")
    words = admin.page.locator("main").inner_text()
    assert HAN.search(words)
