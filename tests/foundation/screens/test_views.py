"""Views of lists: kept under a name, opened again, deleted; everybody's own."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from tests import people

from anlan.foundation.access.actor import actor_of
from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Entry
from anlan.foundation.screens import actions
from anlan.foundation.screens.models import SavedView
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


def test_what_is_narrowed_is_kept_under_a_name_and_opened_again() -> None:
    browser = people.client(people.account(Role.CLERK))
    given = {"path": "/tasks/", "query": "due=soon&sort=-due&page=3", "name": "  本月 到期 "}
    answer = browser.post("/views/", given)
    # The page one stood on belongs to no view.
    assert (answer.status_code, answer["Location"]) == (302, "/tasks/?due=soon&sort=-due")
    assert "本月 到期" in browser.get("/tasks/").content.decode()
    browser.post("/views/", {**given, "query": "due=overdue"})
    assert [view.query for view in SavedView.objects.all()] == ["due=overdue"]


def test_everything_wrong_is_said_at_once_and_nothing_is_kept() -> None:
    with pytest.raises(InputError) as caught:
        actions.save_view(people.actor(Role.CLERK), "//elsewhere/", " ", "page=2")
    assert len(caught.value.problems) == 3
    browser = people.client(people.account(Role.CLERK))
    answer = browser.post("/views/", {"path": "//elsewhere/x", "query": "a=b", "name": "x"})
    assert answer["Location"] == "/"
    assert not SavedView.objects.exists()


def test_a_list_keeps_thirty_views_of_an_account() -> None:
    clerk = people.actor(Role.CLERK)
    for number in range(actions.MOST):
        actions.save_view(clerk, "/tasks/", f"视图{number}", "due=soon")
    actions.save_view(clerk, "/tasks/", "视图0", "due=later")
    with pytest.raises(InputError, match="30"):
        actions.save_view(clerk, "/tasks/", "又一个", "due=soon")


def test_nobody_sees_or_deletes_the_view_of_another() -> None:
    owner = people.account(Role.CLERK)
    view = actions.save_view(actor_of(owner), "/tasks/", "我的", "due=soon")
    other = people.account(Role.CLERK)
    assert "我的视图" not in people.client(other).get("/tasks/").content.decode()
    assert people.client(other).post(f"/views/{view.pk}/drop/").status_code == 404
    with pytest.raises(PermissionDenied):
        actions.drop_view(actor_of(other), view)
    assert Entry.objects.filter(action="view.drop", outcome="refused").exists()
    assert people.client(owner).post(f"/views/{view.pk}/drop/")["Location"] == "/tasks/"
    assert not SavedView.objects.exists()
