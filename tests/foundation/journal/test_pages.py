"""The journal's pages are the audit administrator's alone."""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Iterator
from unittest import mock

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from tests import people
from tests.house.files import ROOT

from anlan.foundation.access.actor import machine
from anlan.foundation.access.roles import Role
from anlan.foundation.jobs import worker
from anlan.foundation.jobs.models import Run
from anlan.foundation.journal import fields, pages, paging, queries
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
    assert {"journal.see", "journal.export", "journal.verify"} <= set(refused)
    assert other.post(reverse("journal-verify")).status_code == 403
    assert Entry.objects.filter(outcome=Outcome.DONE, action__startswith="journal.").count() == 0


def keys(page: str) -> list[int]:
    """Keys of the entries that a page of the list shows, in order."""
    return [int(key) for key in re.findall(r'<a href="/journal/(\d+)/"', page)]


def test_the_list_is_paged_by_key_there_and_back(monkeypatch: pytest.MonkeyPatch) -> None:
    auditor = people.client(people.account(Role.AUDIT_ADMIN))
    made = [write(machine("test"), "test.done", Outcome.DONE).pk for _ in range(120)][::-1]
    # 50 a page: 120 rows are pages of 50, 50 and 20.
    address = f"{reverse('journal')}?action=test.done"
    first = auditor.get(address).content.decode()
    assert keys(first) == made[:50]
    assert "共 120 条" in first
    second = auditor.get(f"{address}&before={made[49]}").content.decode()
    assert keys(second) == made[50:100]
    assert f"after={made[50]}" in second
    assert f"before={made[99]}" in second
    last = auditor.get(f"{address}&before={made[99]}").content.decode()
    assert keys(last) == made[100:]
    assert "before=" not in last.split("listing-pager")[1]
    assert keys(auditor.get(f"{address}&after={made[50]}").content.decode()) == made[:50]
    monkeypatch.setattr(paging, "MOST", 100)
    monkeypatch.setattr(pages, "MOST", 100)
    assert "超过 100 条" in auditor.get(address).content.decode()


@pytest.mark.parametrize("place", ["before=x", "before=-1", "after=99999999999999999999", "page=7", "before="])
def test_a_page_that_is_none_is_no_error(place: str, entry: Entry) -> None:
    auditor = people.client(people.account(Role.AUDIT_ADMIN))
    assert entry.pk in keys(auditor.get(f"{reverse('journal')}?{place}").content.decode())


def test_filters_leave_what_is_asked_for(entry: Entry) -> None:
    who = people.account(Role.AUDIT_ADMIN)
    auditor = people.client(who)
    unit = people.unit("区水利局")
    on_unit = write(machine("test"), "org.edit", Outcome.REFUSED, unit, reason="改名 50%")

    def found(**asked: str | int) -> list[int]:
        return keys(auditor.get(reverse("journal"), asked).content.decode())

    assert found(action="plan.issue") == [entry.pk]
    assert found(outcome="refused") == [on_unit.pk]
    assert found(kind="org.unit") == [on_unit.pk]
    assert found(object=f"org.unit:{unit.pk}") == [on_unit.pk]
    assert found(q="改名 50%") == [on_unit.pk]
    assert found(q="没有这样的") == []
    assert set(found(when="1")) >= {entry.pk, on_unit.pk}
    assert set(found(when=f"{timezone.localdate():%Y-%m}")) >= {entry.pk, on_unit.pk}
    verified = auditor.post(reverse("journal-verify"))
    assert "完好" in verified.content.decode()
    mine = Entry.objects.get(action="journal.verify", actor=who.pk)
    assert found(actor=who.pk, action="journal.verify") == [mine.pk]
    # What is not there is said, and the list stands.
    assert on_unit.pk in found(object="org.unit:0")


def test_a_month_begins_at_midnight_of_the_district() -> None:
    # 2022-10-01 00:00 in Shanghai is 2022-09-30 16:00 UTC.
    made = []
    for moment in ("2022-09-30T15:59:59+00:00", "2022-09-30T16:00:00+00:00", "2022-10-31T16:00:00+00:00"):
        with mock.patch("django.utils.timezone.now", return_value=dt.datetime.fromisoformat(moment)):
            made.append(write(machine("test"), "test.done", Outcome.DONE).pk)
    rows = pages._within(Entry.objects.order_by("pk"), "2022-10")
    assert [row.pk for row in rows] == [made[1]]


def test_codes_in_the_journal_are_found_without_reading_it_all(entry: Entry) -> None:
    write(machine("test"), "old.action", Outcome.DONE)
    write(machine("test"), "old.action", Outcome.DONE, people.unit("区水利局"))
    actor = people.actor(Role.CLERK)
    write(actor, "old.action", Outcome.DONE)
    offered = queries.choices()
    assert (offered.actions, offered.kinds) == (["old.action", "plan.issue"], ["org.unit"])
    assert offered.actors == [(str(actor.account_id), actor.name)]


def test_an_action_of_another_version_is_shown_by_its_code() -> None:
    write(machine("test"), "old.action", Outcome.DONE)
    auditor = people.client(people.account(Role.AUDIT_ADMIN))
    assert "old.action" in auditor.get(reverse("journal")).content.decode()


def test_a_long_journal_is_verified_in_the_background(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "AT_ONCE", 0)
    who = people.account(Role.AUDIT_ADMIN)
    auditor = people.client(who)
    last = head()
    answer = auditor.post(reverse("journal-verify"), {"anchor": f"{last.number}:{last.hash}"})
    run = Run.objects.get(job="journal.verify")
    assert answer.headers["Location"] == reverse("run", args=[run.pk])
    worker.work_off()
    run.refresh_from_db()
    result = auditor.get(run.url).content.decode()
    assert "<td>完好</td><td></td><td>是</td>" in result
    assert "<td>锚点仍在链上</td><td></td><td>是</td>" in result


def test_the_excel_file_of_a_search_is_an_export_too(entry: Entry) -> None:
    auditor = people.client(people.account(Role.AUDIT_ADMIN))
    answer = auditor.get(reverse("journal"), {"export": "xlsx", "action": "plan.issue"})
    assert ".xlsx" in answer.headers["Content-Disposition"]
    assert b"".join(answer.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    made = Entry.objects.get(action="journal.export")
    assert "plan.issue" in made.details


def test_the_pages_are_there_in_english_too(entry: Entry) -> None:
    auditor = people.client(people.account(Role.AUDIT_ADMIN))
    auditor.cookies["anlan_language"] = "en"
    # The language of a request stays in force in its thread.
    with translation.override("en"):
        assert "Journal" in auditor.get(reverse("journal")).content.decode()
        assert "Verify the journal" in auditor.get(reverse("journal-verify")).content.decode()
        assert auditor.get(reverse("journal-entry", args=[entry.pk])).status_code == 200


def test_what_stood_before_and_after_is_told_by_its_title() -> None:
    made = write(
        machine("test"),
        "org.post",
        Outcome.DONE,
        details={"before": {"until": None}, "after": {"until": "2024-06-30", "post": {"unit": "区水利局", "n": 1}}},
    )
    auditor = people.client(people.account(Role.AUDIT_ADMIN))
    shown = auditor.get(reverse("journal-entry", args=[made.pk])).content.decode()
    assert "<td>截止日</td><td></td><td>2024-06-30</td>" in shown
    # Within a record as well; a name that nobody knows stands as it is.
    assert "<td>岗位</td><td></td><td>n：1；单位：区水利局</td>" in shown
    auditor.cookies["anlan_language"] = "en"
    shown = auditor.get(reverse("journal-entry", args=[made.pk])).content.decode()
    assert "<td>post</td><td></td><td>n: 1; unit: 区水利局</td>" in shown


def _written(tree: ast.AST) -> Iterator[str]:
    """Names that code puts into `act.before` and `act.after` as they stand there."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign | ast.AugAssign):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in [one for many in targets for one in (many.elts if isinstance(many, ast.Tuple) else [many])]:
            base = target.value if isinstance(target, ast.Subscript) else target
            if isinstance(base, ast.Attribute) and ast.unparse(base) in ("act.before", "act.after"):
                inside = [one for one in ast.walk(node.value) if isinstance(one, ast.Dict)]
                if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
                    yield str(target.slice.value)
                for found in inside:
                    yield from (str(key.value) for key in found.keys if isinstance(key, ast.Constant))


@pytest.mark.parametrize("room", ["foundation", "web", "cli", "plan"])
def test_every_name_that_an_action_writes_has_words(room: str) -> None:
    unknown = {
        f"{path.name}: {name}"
        for path in (ROOT / "src/anlan" / room).rglob("*.py")
        for name in _written(ast.parse(path.read_text(encoding="utf-8")))
        if not fields.is_known(name)
    }
    assert not unknown, "put them into foundation/journal/fields.py"
