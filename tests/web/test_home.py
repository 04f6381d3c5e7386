"""Home: what waits for whom, each count opening its rows."""

from __future__ import annotations

import pytest
from tests import people

from anlan.foundation.access.roles import Role
from anlan.foundation.screens import counts

pytestmark = pytest.mark.django_db(databases=["default", "scratch", "readings"])


@pytest.mark.parametrize("role", Role)
def test_every_count_on_home_opens_a_page_that_this_role_may_see(role: Role) -> None:
    who = people.account(role)
    browser = people.client(who)
    home = browser.get("/").content.decode()
    for _, group in counts.shown(people.actor(role)):
        for one in group:
            assert browser.get(one.url).status_code == 200, one.url
            assert one.title in home


def test_a_count_shows_its_number_and_leads_to_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "_COUNTS", {})
    counts.register("a", "到期的事", lambda: "/calc/?group=law", "", lambda actor: 7, group="期限内", tone="red")
    counts.register("b", "没有的事", lambda: "/calc/", "", lambda actor: 0, tone="red")
    home = people.client(people.account(Role.CLERK)).get("/").content.decode()
    assert '<li class="next-red"><a href="/calc/?group=law">' in home
    assert '<span class="next-count">7</span>' in home
    # Nothing red where there is nothing.
    assert '<li class="next-zero"><a href="/calc/">' in home


def test_who_has_nothing_to_do_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "_COUNTS", {})
    assert "现在没有等您办理的事项" in people.client(people.account(Role.LEADER)).get("/").content.decode()
