"""justice.transfer and justice.negotiation: both sides of each limit, holidays, notices not yet published."""

from __future__ import annotations

from typing import Any

import pytest

from anlan.calculations import registry

ALL = [
    "涉嫌犯罪案件移送书",
    "涉嫌犯罪案件情况的调查报告",
    "涉案物品清单",
    "有关检验报告或者鉴定结论",
    "其他有关涉嫌犯罪的材料",
]


def transfer(**inputs: Any) -> Any:
    return registry().run("justice.transfer", {"report_received": "2025-06-09", **inputs})


def negotiation(**inputs: Any) -> Any:
    # 90 days after Tue 4 March 2025: 27 in March, 30 = 57, 31 = 88, 2 June; that is 端午节 leave: extended to 3 June.
    return registry().run(
        "justice.negotiation", {"notice": "2025-03-04", "meetings": 0, "today": "2025-04-01", **inputs}
    )


@pytest.mark.parametrize(
    "received, due",
    [
        ("2025-06-09", "2025-06-12"),  # Monday, Thursday
        ("2025-06-11", "2025-06-16"),  # Saturday 14: extended to Monday
        ("2025-01-25", "2025-02-05"),  # 28 January is 春节: off to 4 February
        ("2025-09-25", "2025-09-28"),  # a Sunday, but made a working day
        ("2025-06-09T23:59", "2025-06-12"),
    ],
)
def test_the_decision_is_due_in_three_days(received: str, due: str) -> None:
    assert transfer(report_received=received)["decision_due"] == due


@pytest.mark.parametrize("decided, in_time", [("2025-06-09", True), ("2025-06-12", True), ("2025-06-13", False)])
def test_a_decision_is_in_time_until_its_last_day(decided: str, in_time: bool) -> None:
    assert transfer(decided=decided)["decision_on_time"] is in_time


@pytest.mark.parametrize("today, in_time", [(None, None), ("2025-06-12", None), ("2025-06-13", False)])
def test_a_decision_not_made_is_late_only_when_its_day_is_past(today: str | None, in_time: bool | None) -> None:
    assert transfer(today=today)["decision_on_time"] is in_time


@pytest.mark.parametrize("hours, in_time", [(0, True), (24, True), ("24.0001", False), (None, None)])
def test_the_case_is_sent_within_24_hours(hours: Any, in_time: bool | None) -> None:
    assert transfer(sent_hours_after_decision=hours)["send_on_time"] is in_time


def test_documents_are_complete_or_named() -> None:
    assert (transfer(documents=ALL)["documents_complete"], transfer(documents=ALL)["missing"]) == (True, [])
    lacking = transfer(documents=[ALL[0], "调查报告 ", ALL[4], "照片"])
    assert (lacking["documents_complete"], lacking["missing"]) == (False, [ALL[2], ALL[3]])
    assert transfer(documents=[])["missing"] == ALL
    assert (transfer()["documents_complete"], transfer()["missing"]) == (None, None)


def test_without_the_notice_of_the_year_the_day_is_unknown() -> None:
    answer = transfer(report_received="2026-12-30", decided="2026-12-31")
    assert (answer["decision_due"], answer["decision_on_time"], answer["status"]) == (None, None, "unknown")
    assert answer["unknown_reason"] == "holiday_notice_not_published"


def test_a_decision_before_the_report_is_refused() -> None:
    assert transfer(decided="2025-06-08")["error"]["field"] == "decided"


@pytest.mark.parametrize(
    "inputs, failed, reason, follows",
    [
        ({}, False, None, "continue"),
        ({"meetings": 2}, False, None, "continue"),
        ({"meetings": 3}, True, "meetings_exhausted", "litigation"),
        ({"today": "2025-06-03"}, False, None, "continue"),
        ({"today": "2025-06-04"}, True, "period_over", "litigation"),
        ({"refused": True}, True, "refused", "litigation"),
        ({"absent": True, "meetings": 3}, True, "absent", "litigation"),
        ({"meetings": 3, "agreement": True, "today": "2025-06-04"}, False, None, "judicial_confirmation"),
    ],
)
def test_what_comes_next(inputs: dict[str, Any], failed: bool, reason: str | None, follows: str) -> None:
    answer = negotiation(**inputs)
    assert (answer["may_declare_failed"], answer["reason"], answer["next"]) == (failed, reason, follows)
    assert answer["deadline"] == "2025-06-03"


@pytest.mark.parametrize(
    "today, meetings, failed, status",
    [
        # 90 days after 15 November 2026: 15 + 31 + 31 = 77 to 31 January, 13 February 2027; the notice is not out.
        ("2027-02-13", 0, False, "ok"),
        ("2027-02-14", 0, None, "unknown"),
        ("2027-02-14", 3, True, "ok"),
    ],
)
def test_a_missing_notice_matters_only_where_it_decides(
    today: str, meetings: int, failed: bool | None, status: str
) -> None:
    answer = negotiation(notice="2026-11-15", today=today, meetings=meetings)
    assert (answer["may_declare_failed"], answer["status"], answer["deadline"]) == (failed, status, None)


def test_the_right_holder_is_not_the_district() -> None:
    assert "district refers" in registry()["justice.negotiation"].note.en  # type: ignore[union-attr]


def test_wrong_input_is_told_at_once() -> None:
    answer = negotiation(notice="x", meetings=-1, agreement="no", today=None)
    assert [fault["field"] for fault in answer["errors"]] == ["notice", "meetings", "agreement", "today"]
