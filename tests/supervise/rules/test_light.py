"""supervise.light: precedence of the lights, both sides of every bound, and what a configured table changes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.calculations import registry
from anlan.foundation.calc.registry import Registry
from anlan.foundation.calc.sources import facts
from anlan.supervise.rules import light


def run(**inputs: Any) -> dict[str, Any]:
    # 2026-01-01 to 2026-04-11 is 30 + 28 + 31 + 11 = 100 days: one percent of schedule a day.
    return registry().run("supervise.light", {"start": "2026-01-01", "due": "2026-04-11", **inputs})


def on(day: int) -> str:
    return (dt.date(2026, 1, 1) + dt.timedelta(days=day)).isoformat()


@pytest.mark.parametrize(
    "percent, day, expected",
    [
        (20, 50, "red"),  # 50 − 20 = 30 behind
        ("20.0001", 50, "yellow"),  # 29.9999 behind
        (40, 50, "yellow"),  # 10 behind
        (40.01, 50, "green"),
        (50, 50, "green"),
        (85, 85, "yellow"),  # 15 days left, less than 90 done
        (84, 84, "green"),  # 16 days left
        (90, 85, "green"),  # 90 is not less than 90
        (89.99, 99, "yellow"),
        (100, 100, "green"),  # the due day itself is not past due
        (70, 100, "red"),  # 100 − 70 = 30 behind on the due day
        (100, 101, "red"),  # past due and not accepted, whatever is reported
        (0, 0, "green"),
        (0, -10, "green"),  # not yet begun: schedule 0
    ],
)
def test_the_light_turns_at_its_bounds(percent: Any, day: int, expected: str) -> None:
    assert run(percent=percent, today=on(day), state="planned")["light"] == expected


@pytest.mark.parametrize("state", ["accepted", "public_notice", "closed", "consolidating"])
def test_what_is_done_is_done_even_when_late(state: str) -> None:
    answer = run(percent=0, today=on(300), state=state)
    assert (answer["light"], answer["schedule_percent"]) == ("done", None)


@pytest.mark.parametrize("state", ["draft", "planned", "self_done", "reopened", None])
def test_a_unit_that_calls_itself_done_is_not_done(state: str | None) -> None:
    assert run(percent=100, today=on(101), state=state)["light"] == "red"


def test_the_schedule_stays_within_0_and_100() -> None:
    assert [run(percent=0, today=on(day))["schedule_percent"] for day in (-5, 0, 37, 100, 150)] == [0, 0, 37, 100, 100]


def test_a_bound_is_compared_exactly() -> None:
    # A third of the way: 33.333… − 23.333… is less than 10 by a hair when the percent is written a hair larger.
    inputs = {"start": "2026-01-01", "due": "2026-01-31", "today": "2026-01-11", "state": "planned"}
    ran = [registry().run("supervise.light", {**inputs, "percent": p})["light"] for p in ("23." + "3" * 30, "23.34")]
    assert ran == ["yellow", "green"]


def test_a_task_of_one_day_is_fully_due_on_that_day() -> None:
    inputs = {"start": "2026-05-01", "due": "2026-05-01", "percent": 100}
    assert registry().run("supervise.light", {**inputs, "today": "2026-05-01"})["schedule_percent"] == 100
    assert registry().run("supervise.light", {**inputs, "today": "2026-04-30"})["schedule_percent"] == 0


def test_everything_wrong_is_told_at_once() -> None:
    answer: Any = registry().run("supervise.light", {"percent": 101, "start": "2026-02-30", "today": "x", "stat": "y"})
    assert sorted(fault["field"] for fault in answer["errors"]) == ["due", "percent", "start", "stat", "today"]


def test_a_due_day_before_the_start_is_refused() -> None:
    answer: Any = run(percent=1, today=on(1), due="2025-12-31")
    assert (answer["error"]["code"], answer["error"]["field"]) == ("out_of_range", "due")


def test_it_says_that_the_bounds_are_no_law() -> None:
    assert "并非法定" in run(percent=1, today=on(1))["explain"]["steps"][-1]


def test_a_district_may_set_its_own_bounds() -> None:
    table = facts("anlan.supervise.rules", "supervision.toml")
    own = Registry([light.calculation({**table, "light": {**table["light"], "yellow_behind": 5, "done": ["归档"]}})])
    inputs = {"start": "2026-01-01", "due": "2026-04-11", "today": on(50), "percent": 45}
    assert own.run("supervise.light", inputs)["light"] == "yellow"
    assert own.run("supervise.light", {**inputs, "state": "归档"})["light"] == "done"


@given(st.integers(0, 100), st.integers(0, 100), st.integers(-50, 150))
def test_more_done_never_gives_a_worse_light(less: int, more: int, day: int) -> None:
    order = ["red", "yellow", "green"]
    low, high = sorted((less, more))
    lights = [run(percent=percent, today=on(day))["light"] for percent in (low, high)]
    assert order.index(lights[0]) <= order.index(lights[1])
