"""ledger.identity, ledger.transition, ledger.signs: every way and no other, the notice to the day, signs of a fake."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.calculations import registry

STATES = ["draft", "planned", "self_done", "accepted", "public_notice", "closed", "consolidating", "reopened"]
WAYS = {
    ("draft", "planned"),
    ("planned", "self_done"),
    ("self_done", "accepted"),
    ("accepted", "public_notice"),
    ("public_notice", "closed"),
    ("public_notice", "planned"),
    ("closed", "consolidating"),
    ("consolidating", "reopened"),
    ("reopened", "planned"),
}
# The real notice of 2025: 21 May to 4 June are ten working days, the first counted.
NOTICE: dict[str, Any] = {"notice_start": "2025-05-21", "close_date": "2025-06-05"}


def go(start: str, end: str, **inputs: Any) -> Any:
    return registry().run("ledger.transition", {"from": start, "to": end, **inputs})


def close(**changes: Any) -> Any:
    return go("public_notice", "closed", **{**NOTICE, **changes})


def signs(evidence: list[Any], done: str = "2025-06-30", **inputs: Any) -> Any:
    return registry().run("ledger.signs", {"self_done_at": done, "evidence": evidence, **inputs})


@given(*(st.integers(0, 10**6) for _ in range(4)))
def test_the_ledger_balances_or_is_refused(begin: int, new: int, reopened: int, closed: int) -> None:
    given_counts = {"open_begin": begin, "new": new, "reopened": reopened, "closed": closed}
    answer: Any = registry().run("ledger.identity", given_counts)
    if closed <= begin + new + reopened:
        assert answer["open_end"] + closed == begin + new + reopened
    else:
        assert answer["error"]["field"] == "closed"


def test_every_way_of_the_table_is_open_and_no_other() -> None:
    facts = {"responsible": "甲局", "acceptor": "乙局", **NOTICE}
    for way in itertools.product(STATES, STATES):
        answer = go(*way, **facts, objections=1 if way == ("public_notice", "planned") else 0)
        assert (answer["allowed"], answer["rule"]) == ((True, None) if way in WAYS else (False, "transition")), way


@pytest.mark.parametrize(
    "inputs, rule",
    [
        ({"responsible": "甲局", "acceptor": "乙局"}, None),
        ({"responsible": "甲局", "acceptor": "甲局"}, "i1"),
        ({"responsible": "甲局", "acceptor": " 甲局"}, "i1"),
        ({"responsible": "甲局"}, "i1"),  # not known is not different
        ({}, "i1"),
    ],
)
def test_nobody_accepts_his_own_work(inputs: dict[str, str], rule: str | None) -> None:
    answer = go("self_done", "accepted", **inputs)
    assert (answer["allowed"], answer["rule"]) == (rule is None, rule)


@pytest.mark.parametrize(
    "changes, rule, end",
    [
        ({}, None, "2025-06-04"),
        ({"close_date": "2025-06-04"}, "i2", "2025-06-04"),  # the last day of the notice is still notice
        ({"notice_workdays": 11, "close_date": "2025-06-05"}, "i2", "2025-06-05"),
        ({"notice_workdays": 1, "close_date": "2025-05-22"}, None, "2025-05-21"),
        ({"close_date": None}, "i2", "2025-06-04"),
        ({"notice_start": None}, "i2", None),
        ({"objections": 1}, "objections", "2025-06-04"),
        ({"responsible": "甲局", "acceptor": "甲局"}, "i1", "2025-06-04"),
    ],
)
def test_closing_waits_for_the_notice(changes: dict[str, Any], rule: str | None, end: str | None) -> None:
    answer = close(**changes)
    assert (answer["allowed"], answer["rule"], answer["notice_end"]) == (rule is None, rule, end)


def test_an_objection_that_proved_true_leads_back_to_the_plan() -> None:
    assert go("public_notice", "planned")["rule"] == "objections"
    assert go("public_notice", "planned", objections=1)["allowed"] is True


def test_without_the_notice_of_the_year_closing_is_unknown() -> None:
    answer = close(notice_start="2026-12-25", close_date="2027-02-01")
    assert (answer["allowed"], answer["notice_end"], answer["status"]) == (None, None, "unknown")
    assert answer["reason"] == "holiday_notice_not_published"
    assert close(notice_start="2026-12-25", close_date="2027-02-01", objections=1)["allowed"] is False


@pytest.mark.parametrize(
    "done, taken, late",
    [
        ("2025-06-30", "2025-06-30", False),
        ("2025-06-30", "2025-07-01", True),
        ("2025-06-30", "2025-06-30T23:59", False),  # the day is all that is known of the check
        ("2025-06-30T10:00", "2025-06-30T10:00", False),
        ("2025-06-30T10:00", "2025-06-30T10:01", True),
        ("2025-06-30T10:00", "2025-06-30T02:00Z", False),  # 10:00 in China
        ("2025-06-30T10:00", "2025-06-30T02:01Z", True),
        ("2025-06-30", "2025-06-30T17:00Z", True),  # 01:00 on 1 July in China
        ("2025-06-30T10:00", "2025-06-30", False),
    ],
)
def test_evidence_younger_than_the_check_is_a_sign(done: str, taken: str, late: bool) -> None:
    assert signs([{"taken_at": taken}], done)["signs"] == (["K03"] if late else [])


def photo(phash: int, **more: Any) -> dict[str, Any]:
    return {"phash": f"{phash:016x}", "taken_at": "2025-06-01", **more}


@pytest.mark.parametrize(
    "one, other, reused",
    [
        ({"hash": "aa", "problem": "1"}, {"hash": "aa", "problem": "2"}, True),
        ({"hash": "aa", "problem": "1"}, {"hash": "aa", "problem": "1"}, False),  # filed twice, no fake
        ({"hash": "aa", "problem": "1"}, {"hash": "ab", "problem": "2"}, False),
        ({"problem": "1"}, {"problem": "2"}, False),  # nothing to compare
        ({"hash": "aa", "taken_at": "2025-06-01"}, {"hash": "aa", "taken_at": "2025-06-02"}, True),
        (photo(0, problem="1"), photo(0b111111, problem="2"), True),  # six bits apart
        (photo(0, problem="1"), photo(0b1111111, problem="2"), False),  # seven
    ],
)
def test_a_photo_used_twice_is_a_sign(one: dict[str, Any], other: dict[str, Any], reused: bool) -> None:
    assert signs([one, other])["signs"] == (["K04"] if reused else [])


@pytest.mark.parametrize("distance, far", [(200, False), ("200.1", True), (0, False)])
def test_a_photo_taken_elsewhere_is_a_sign(distance: Any, far: bool) -> None:
    assert signs([{"distance_m": distance}])["signs"] == (["K04"] if far else [])


@pytest.mark.parametrize(
    "measures, paper",
    [
        ([["会议", "发文"]], True),
        ([["会议", "照片"]], False),
        ([["照片"], ["Minutes"]], True),  # one measure with papers only is enough
        (["meeting", "document"], True),  # a flat list is that of one measure
        (["meeting", "photo"], False),
        ([[]], False),
        (None, False),
    ],
)
def test_papers_in_place_of_work_are_a_sign(measures: Any, paper: bool) -> None:
    answer = signs([], measures_evidence_kinds=measures)
    assert (answer["signs"], answer["weight"]) == ((["K06"], 2) if paper else ([], 0))


def test_signs_are_leads_with_their_weights() -> None:
    answer = signs(
        [{"taken_at": "2025-07-01", "hash": "a", "problem": "1"}, {"hash": "a", "problem": "2"}],
        measures_evidence_kinds=["会议"],
    )
    assert (answer["signs"], answer["weight"]) == (["K03", "K04", "K06"], 8)  # 3 + 3 + 2
    assert "不是结论" in answer["explain"]["steps"][-2]


def test_wrong_evidence_is_told_at_once() -> None:
    answer = signs([{"taken_at": "x", "phash": "12", "distance_m": -1, "who": "me"}])
    fields = ["who", "taken_at", "phash", "distance_m"]
    assert [fault["field"] for fault in answer["errors"]] == [f"evidence[0].{name}" for name in fields]
