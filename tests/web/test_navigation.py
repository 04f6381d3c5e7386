"""The navigation: every entry leads somewhere, and each role sees what it may use and nothing else."""

from __future__ import annotations

import pytest
from tests import people

from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import PERMISSIONS, may, permission
from anlan.web import navigation
from anlan.web.parts import icons

pytestmark = pytest.mark.django_db(databases=["default", "scratch", "readings"])


@pytest.mark.parametrize("entry", navigation.ENTRIES, ids=lambda entry: entry.url)
def test_every_entry_leads_to_a_page_and_names_a_permission_and_an_icon(entry: navigation.Entry) -> None:
    assert navigation.address(entry.url).startswith("/")
    if entry.permission:
        assert permission(entry.permission).words.zh
    assert entry.icon in icons()


@pytest.mark.parametrize("role", Role)
def test_a_role_sees_what_it_may_use_and_nothing_else(role: Role) -> None:
    actor = people.actor(role)
    shown = {entry.address for _, entries in navigation.groups(navigation.allowed(actor, "/")) for entry in entries}
    wanted = {
        navigation.address(entry.url)
        for entry in navigation.ENTRIES
        if not entry.permission or (entry.permission in PERMISSIONS and may(actor, entry.permission))
    }
    assert shown == wanted - {""}
    assert {"/", "/calc/"} <= shown


@pytest.mark.parametrize("role", Role)
def test_every_page_that_a_role_sees_in_the_navigation_opens(role: Role) -> None:
    who = people.account(role)
    browser = people.client(who)
    for _, entries in navigation.groups(navigation.allowed(people.actor(role), "/")):
        for entry in entries:
            assert (entry.address, browser.get(entry.address).status_code) == (entry.address, 200)


def test_administrators_see_no_plans_and_clerks_no_journal() -> None:
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        shown = {
            entry.title
            for _, entries in navigation.groups(navigation.allowed(people.actor(role), "/"))
            for entry in entries
        }
        assert not shown & {"文稿", "任务"}
    clerk = {
        entry.title
        for _, entries in navigation.groups(navigation.allowed(people.actor(Role.CLERK), "/"))
        for entry in entries
    }
    assert "任务" in clerk
    assert not clerk & {"审计", "账户"}


def test_the_groups_stand_in_the_order_of_the_work() -> None:
    names = [name for name, _ in navigation.groups(navigation.allowed(people.actor(Role.CLERK), "/"))]
    assert names == ["", "工作要点", "台账", "问题", "监测", "系统"]


def test_the_entry_of_the_page_open_now_is_marked() -> None:
    actor = people.actor(Role.CLERK)
    for path, title in (("/", "首页"), ("/tasks/7/", "任务"), ("/calc/law.deadline/", "计算")):
        current = [
            e.title for _, entries in navigation.groups(navigation.allowed(actor, path)) for e in entries if e.current
        ]
        assert current == [title]


@pytest.mark.parametrize("role", Role)
def test_the_bar_of_a_phone_has_at_most_four_entries_and_begins_at_home(role: Role) -> None:
    bar = navigation.most_used(navigation.allowed(people.actor(role), "/"))
    assert bar[0].address == "/"
    assert 2 <= len(bar) <= 4


def test_a_page_that_is_not_there_has_no_address() -> None:
    assert navigation.address("no_such_page") == ""
