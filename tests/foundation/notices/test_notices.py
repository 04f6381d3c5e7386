"""Notices are told once, read by their own account only, and closed when what they ask for is done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse
from tests import people

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import NOBODY, actor_of
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.notices import actions, catalogue, queries
from anlan.foundation.notices.models import Notice
from anlan.settings import InputError, Words

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture(autouse=True)
def words() -> Iterator[None]:
    catalogue.declare(
        "test.issued", Words("《{plan}》已下达，本单位有 {n} 项任务", "{plan} is issued: {n} tasks are yours")
    )
    catalogue.declare("test.plain", Words("通知", "a notice"))
    yield
    for code in ("test.issued", "test.plain"):
        catalogue.TEMPLATES.pop(code)


def tell(*accounts: Account, key: str = "1", **kwargs: object) -> Notice:
    actions.notify(accounts, "test.plain", key=key, **kwargs)  # type: ignore[arg-type]
    return Notice.objects.get(account=accounts[0], key=key)


def test_telling_twice_tells_once() -> None:
    one, two = people.account(Role.CLERK), people.account(Role.HANDLER)
    tell(one, two)
    tell(one, two)
    tell(one, key="2")
    assert Notice.objects.filter(account=one).count() == 2
    assert Notice.objects.filter(account=two).count() == 1


def test_words_are_put_together_when_they_are_read_in_either_language() -> None:
    account = people.account(Role.CLERK)
    actions.notify([account], "test.issued", key="1", args={"plan": Words("要点", "Key points"), "n": 3})
    notice = Notice.objects.get()
    assert catalogue.words(notice.code, notice.args) == Words(
        "《要点》已下达，本单位有 3 项任务", "Key points is issued: 3 tasks are yours"
    )


def test_braces_in_a_value_mean_nothing() -> None:
    told = catalogue.words("test.issued", {"plan": "{n}{0.__class__}", "n": 3})
    assert told.zh == "《{n}{0.__class__}》已下达，本单位有 3 项任务"


def test_a_notice_of_a_code_that_is_gone_shows_the_code() -> None:
    assert catalogue.words("gone.away", {}) == Words("gone.away", "gone.away")


def test_missing_values_unknown_codes_and_foreign_addresses_are_faults_of_the_caller() -> None:
    account = people.account(Role.CLERK)
    with pytest.raises(ValueError, match="lacks n"):
        actions.notify([account], "test.issued", key="1", args={"plan": "x"})
    with pytest.raises(KeyError, match="declare it"):
        actions.notify([account], "test.unknown", key="1")
    for url in ("http" + "://192.0.2.1/a", "//192.0.2.1/a", "javascript:alert(1)", "plans/1"):
        with pytest.raises(ValueError, match="out of the house"):
            tell(account, url=url)


def test_a_code_is_declared_once_and_names_the_same_values_in_both_languages() -> None:
    with pytest.raises(ValueError, match="twice"):
        catalogue.declare("test.plain", Words("别的", "other"))
    with pytest.raises(ValueError, match="other values"):
        catalogue.declare("test.new", Words("{a}", "{b}"))


def test_the_number_in_the_top_bar_counts_what_is_neither_read_nor_closed() -> None:
    account, unit = people.account(Role.CLERK), people.unit()
    actor = actor_of(account)
    assert queries.unread(actor) == 0
    tell(account, key="1")
    read = tell(account, key="2")
    tell(account, key="3", obj=unit)
    tell(people.account(Role.CLERK), key="4")
    assert queries.unread(actor) == 3
    actions.read(actor, read)
    assert queries.unread(actor) == 2
    assert actions.close(unit, "test.other") == 0
    assert actions.close(unit) == 1
    assert queries.unread(actor) == 1
    assert queries.unread(NOBODY) == 0


def test_only_the_account_itself_reads_its_notices_and_a_refusal_is_journalled() -> None:
    notice = tell(people.account(Role.CLERK))
    for role in (Role.CLERK, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.LEADER):
        with pytest.raises(Refused):
            actions.read(people.actor(role), notice)
    assert Entry.objects.filter(action="notices.read", outcome=Outcome.REFUSED).count() == 5
    notice.refresh_from_db()
    assert notice.read_at is None


def test_reading_is_journalled_and_reading_again_keeps_the_first_time() -> None:
    account = people.account(Role.CLERK)
    notice = tell(account)
    actions.read(actor_of(account), notice)
    notice.refresh_from_db()
    first = notice.read_at
    actions.read(actor_of(account), notice)
    notice.refresh_from_db()
    assert notice.read_at == first
    entries = Entry.objects.filter(action="notices.read").order_by("id")
    assert [entry.details for entry in entries] == ['{"after":{"read":1}}', '{"after":{"read":0}}']


def test_all_are_read_at_once_and_nobody_elses() -> None:
    account, other = people.account(Role.CLERK), people.account(Role.CLERK)
    for key in "123":
        tell(account, other, key=key)
    assert actions.read_all(actor_of(account)) == 3
    assert queries.unread(actor_of(account)) == 0
    assert queries.unread(actor_of(other)) == 3
    assert Entry.objects.get(action="notices.read_all").details == '{"after":{"read":3}}'
    with pytest.raises(InputError):
        actions.read_all(NOBODY)


def test_the_page_lists_ones_own_and_filters() -> None:
    account = people.account(Role.CLERK)
    browser = people.client(account)
    assert "没有待办的消息" in browser.get(reverse("notices")).content.decode()
    actions.notify([account], "test.issued", key="1", args={"plan": "要点", "n": 3}, url="/tasks/")
    actions.notify([people.account(Role.CLERK)], "test.issued", key="1", args={"plan": "他人", "n": 1})
    page = browser.get(reverse("notices")).content.decode()
    assert "《要点》已下达" in page
    assert "他人" not in page
    actions.read_all(actor_of(account))
    assert "《要点》已下达" not in browser.get(reverse("notices")).content.decode()
    assert "《要点》已下达" in browser.get(reverse("notices"), {"show": "all"}).content.decode()
    assert browser.get(reverse("notices"), {"show": "x", "page": "y"}).status_code == 200


def test_opening_marks_as_read_and_goes_there() -> None:
    account = people.account(Role.CLERK)
    notice = tell(account, url="/tasks/")
    address = reverse("notice_open", args=[notice.pk])
    assert people.client(people.account(Role.CLERK)).post(address).status_code == 403
    assert people.client(account).get(address).status_code == 405
    answer = people.client(account).post(address)
    assert (answer.status_code, answer["Location"]) == (302, "/tasks/")
    assert queries.unread(actor_of(account)) == 0


def test_the_button_reads_all() -> None:
    account = people.account(Role.CLERK)
    tell(account)
    answer = people.client(account).post(reverse("notices_read"), follow=True)
    assert "1 条消息已标为已读" in answer.content.decode()
    assert queries.unread(actor_of(account)) == 0


def test_the_page_asks_a_fixed_number_of_queries(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    account = people.account(Role.CLERK)
    browser = people.client(account)
    for key in range(30):
        tell(account, key=str(key))
    with django_assert_max_num_queries(20):
        browser.get(reverse("notices"))


def test_a_stranger_has_to_sign_in(client) -> None:  # type: ignore[no-untyped-def]
    assert client.get(reverse("notices")).status_code == 302
