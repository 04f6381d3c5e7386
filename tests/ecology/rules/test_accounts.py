"""New forest, the wetland bank, pledged water rights: bounds on both sides, and books that always add up."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.calculations import registry


def run(id: str, **inputs: Any) -> Any:
    return registry().run(f"eco.{id}", inputs)


@pytest.mark.parametrize(
    "survival, word",
    [
        (100, "合格"),
        (85, "合格"),
        ("84.999", "补植"),
        (41, "补植"),
        ("40.999", "重新造林"),
        (40, "重新造林"),
        (0, "重新造林"),
    ],
)
def test_survival_turns_at_its_bounds(survival: Any, word: str) -> None:
    assert run("afforestation", subplots=[{"mu": 1, "survival": survival}])["result"] == [word]


def test_survival_is_weighted_by_area() -> None:
    # (900×90 + 100×10)/1000 = 82, not the mean of 90 and 10, which is 50.
    answer = run("afforestation", subplots=[{"mu": 900, "survival": 90}, {"mu": 100, "survival": 10}])
    assert (answer["weighted_survival"], answer["area_pass_rate"]) == (82, 0.9)
    assert (answer["qualified_mu"], answer["replant_mu"], answer["redo_mu"]) == (900, 0, 100)


def test_without_subplots_the_rates_are_not_defined() -> None:
    answer = run("afforestation", subplots=[])
    assert (answer["weighted_survival"], answer["area_pass_rate"], answer["result"]) == (None, None, [])


def test_an_account_by_hand() -> None:
    # 100×0.8 = 80; freeze 30 → 50 / 30; unfreeze 10 → 60 / 20; sell 25 → 35; cancel 5 → 30; use 20 of 25.
    events = [["accept", 100, 0.8], ["freeze", 30], ["unfreeze", 10], ["sell", 25], ["cancel", 5], ["use", 20]]
    answer = run("wetland_bank", events=events)
    assert [answer[key] for key in ("available", "frozen", "sold_unused", "used")] == [30, 20, 5, 20]
    assert (answer["allowed"], answer["reason"]) == (True, None)


@pytest.mark.parametrize(
    "events, available",
    [
        ([["sell", 1]], 0),
        ([["accept", 10], ["use", 1]], 10),  # nothing was sold
        ([["accept", 10], ["freeze", 10], ["sell", 1]], 0),  # what is frozen cannot be sold
        ([["accept", 10, "0.9"], ["sell", "9.0001"]], 9),
        ([["accept", 10], ["sell", 11], ["accept", 10]], 10),  # nothing is booked after a refusal
    ],
)
def test_no_balance_goes_below_zero(events: list[Any], available: int) -> None:
    answer = run("wetland_bank", events=events)
    assert (answer["allowed"], answer["reason"], answer["available"]) == (False, "negative_balance", available)


def test_everything_may_be_sold_and_used_to_the_last() -> None:
    answer = run("wetland_bank", events=[["accept", "0.3", 1], ["sell", "0.1"], ["sell", "0.2"], ["use", "0.3"]])
    assert (answer["available"], answer["used"], answer["allowed"]) == (0, 0.3, True)


@pytest.mark.parametrize("accepted, allowed", [("2025-05-31", True), ("2025-06-01", True), ("2025-06-02", False)])
def test_restoring_comes_before_occupying(accepted: str, allowed: bool) -> None:
    events = [["accept", 10], ["sell", 10], ["use", 10]]
    answer = run("wetland_bank", events=events, accept_date=accepted, occupation_approved="2025-06-01")
    assert (answer["allowed"], answer["used"]) == (allowed, 10 if allowed else 0)
    assert answer["reason"] == (None if allowed else "先补后占")


def test_wrong_events_are_told_all_at_once() -> None:
    answer = run("wetland_bank", events=[["sel", 1], ["accept", 0, 1.5], ["sell", 1, 1], "accept", ["use"]])
    assert [fault["field"] for fault in answer["errors"]] == [
        "events[0][0]",
        "events[1][1]",
        "events[1][2]",
        "events[2][2]",
        "events[3]",
        "events[4]",
    ]


@given(st.lists(st.tuples(st.sampled_from(["accept", "freeze", "unfreeze", "sell", "use"]), st.integers(1, 20))))
def test_balances_add_up_to_what_was_accepted(events: list[tuple[str, int]]) -> None:
    answer = run("wetland_bank", events=[list(event) for event in events])
    balances = [answer[key] for key in ("available", "frozen", "sold_unused", "used")]
    assert min(balances) >= 0
    accepted = sum(mu for kind, mu in events if kind == "accept")
    assert sum(balances) == accepted if answer["allowed"] else sum(balances) <= accepted


@pytest.mark.parametrize(
    "pledged, new, allowed, excess",
    [
        (900, 100, True, 0),
        (900, "100.5", False, 0.5),
        ([400, 500], 100, True, 0),
        ([], 1000, True, 0),
        (1200, 0, False, 200),
    ],
)
def test_pledges_stay_within_the_permit(pledged: Any, new: Any, allowed: bool, excess: float) -> None:
    answer = run("water_right", permit_m3=1000, pledged=pledged, new_pledge=new)
    assert (answer["allowed"], answer["excess_m3"]) == (allowed, excess)
