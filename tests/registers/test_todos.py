"""Rows that are owed each period: told to the unit when they are due and when they are late, and counted at home."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.registers import signs as small
from tests.registers.test_figures import visit

from anlan.foundation.notices.models import Notice
from anlan.foundation.screens import counts
from anlan.registers import missing, todos
from anlan.registers.book import get

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])
# Rows of March 2022 are due on 10 April.
DUE, LATE = dt.date(2022, 4, 5), dt.date(2022, 4, 11)


def open_codes(account_id: int | None) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(account=account_id, closed_at__isnull=True, key__contains="2022-03").order_by("pk")
    return list(rows.values_list("code", "key"))


def test_a_unit_is_told_when_a_row_is_due_once_and_again_when_it_is_late() -> None:
    there = small.district()
    visits = small.visits()
    small.sign(there.clerk, "CJ-01")
    for _again in range(2):
        todos.tell(visits, DUE)
    assert [code for code, _key in open_codes(there.handler.account_id)] == ["registers.due"]
    # Nobody of the other township owes it.
    assert open_codes(there.stranger.account_id) == []
    todos.tell(visits, LATE)
    assert [code for code, _key in open_codes(there.handler.account_id)][-1] == "registers.late"


def test_the_to_do_closes_when_the_row_is_in() -> None:
    there = small.district()
    visits = small.visits()
    small.sign(there.clerk, "CJ-01")
    todos.tell(visits, DUE)
    visit(there, "2022-03", "4")
    assert open_codes(there.handler.account_id) == []
    assert not any(one.period == "2022-03" for one in missing.missing(visits, today=DUE))


def test_home_counts_what_is_due_and_what_is_late_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    there = small.district()
    small.visits()
    small.sign(there.clerk, "CJ-01")
    monkeypatch.setattr("anlan.registers.missing.timezone.localdate", lambda: DUE)
    # January and February are late, March is due: see `starts` of the spec.
    gaps = missing.missing(get("sign_visit"), today=DUE)
    assert sorted((one.period, one.late) for one in gaps) == [("2022-01", True), ("2022-02", True), ("2022-03", False)]
    by_code = {one.code: one for one in counts.registered()}
    numbers = [(by_code[f"registers.{code}"].count(there.handler)) for code in ("late", "due")]
    assert numbers == [2, 1]
    assert by_code["registers.due"].count(there.stranger) == 0
    assert by_code["registers.due"].count(there.leader) is None
