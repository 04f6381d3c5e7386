"""Pages of background work: found again by who started it, all of it by the system administrator."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests import people
from tests.foundation.jobs import sample_jobs

from anlan.foundation.access.actor import actor_of
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import may, visible
from anlan.foundation.jobs import actions, leases, worker
from anlan.foundation.jobs.models import Progress, Run
from anlan.foundation.journal.models import Entry, Outcome

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


def test_the_list_has_ones_own_and_for_the_system_administrator_all() -> None:
    clerk, admin = people.account(Role.CLERK), people.account(Role.SYSTEM_ADMIN)
    run = actions.enqueue(actor_of(clerk), sample_jobs.count, upto=1)
    link = reverse("run", args=[run.pk])
    assert link in people.client(clerk).get(reverse("runs")).content.decode()
    assert link in people.client(admin).get(reverse("runs")).content.decode()
    assert link not in people.client(people.account(Role.CLERK)).get(reverse("runs")).content.decode()
    assert "计数" in people.client(clerk).get(reverse("runs")).content.decode()


def test_the_administrator_is_told_that_no_worker_runs() -> None:
    admin = people.client(people.account(Role.SYSTEM_ADMIN))
    assert "anlan worker" in admin.get(reverse("runs")).content.decode()
    worker.start_due()
    assert "anlan worker" not in admin.get(reverse("runs")).content.decode()


def test_a_run_is_asked_again_until_it_is_done() -> None:
    clerk = people.account(Role.CLERK)
    run = actions.enqueue(actor_of(clerk), sample_jobs.count, upto=4)
    browser, address = people.client(clerk), reverse("run", args=[run.pk])
    page = browser.get(address).content.decode()
    assert f'hx-get="{address}" hx-trigger="every 2s"' in page
    held = leases.take("one")
    assert held is not None
    Progress.objects.create(run_id=run.pk, done=1, total=4, words_zh="数到 1", words_en="at 1")
    part = browser.get(address, headers={"HX-Request": "true"})
    # 1 of 4 is 25 in 100.
    assert 'value="25"' in part.content.decode()
    assert "数到 1" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part["Vary"]
    leases.finish(held, "/notices/")
    part = browser.get(address, headers={"HX-Request": "true"})
    assert "hx-trigger" not in part.content.decode()
    assert 'href="/notices/"' in part.content.decode()


def test_others_do_not_see_it_and_the_refusal_is_journalled() -> None:
    run = actions.enqueue(people.actor(Role.CLERK), sample_jobs.count, upto=1)
    for role in (Role.CLERK, Role.AUDIT_ADMIN, Role.LEADER):
        assert people.client(people.account(role)).get(reverse("run", args=[run.pk])).status_code == 403
    assert Entry.objects.filter(action="jobs.see", outcome=Outcome.REFUSED, object_id=str(run.pk)).count() == 3


def test_a_failed_one_says_why_and_the_administrator_runs_it_again() -> None:
    clerk, admin = people.account(Role.CLERK), people.account(Role.SYSTEM_ADMIN)
    run = actions.enqueue(actor_of(clerk), sample_jobs.wrong_input)
    worker.work_off()
    again = reverse("run_retry", args=[run.pk])
    page = people.client(clerk).get(reverse("run", args=[run.pk])).content.decode()
    assert "第 3 行没有单位" in page
    assert again not in page
    assert people.client(clerk).post(again).status_code == 403
    browser = people.client(admin)
    assert again in browser.get(reverse("run", args=[run.pk])).content.decode()
    assert "已重新排队" in browser.post(again, follow=True).content.decode()
    assert "没有失败" in browser.post(again, follow=True).content.decode()
    assert browser.get(again).status_code == 405


def test_the_question_for_one_run_and_for_the_table_have_the_same_answer() -> None:
    clerk = people.actor(Role.CLERK)
    actions.enqueue(clerk, sample_jobs.count, upto=1)
    actions.enqueue(people.actor(Role.CLERK), sample_jobs.count, upto=1)
    for actor, number in ((clerk, 1), (people.actor(Role.SYSTEM_ADMIN), 2), (people.actor(Role.LEADER), 0)):
        assert visible(actor, "jobs.see", Run.objects.all()).count() == number
        assert sum(may(actor, "jobs.see", run) for run in Run.objects.all()) == number


def test_a_stranger_has_to_sign_in(client) -> None:  # type: ignore[no-untyped-def]
    assert client.get(reverse("runs")).status_code == 302
