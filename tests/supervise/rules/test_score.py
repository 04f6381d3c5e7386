"""supervise.score: each part by hand, grades at their bounds, the veto of a fake, and what is not defined."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.calculations import registry

FULL: dict[str, Any] = {
    "tasks": [{"weight": 1, "completion": 1}],
    "due_close": 4,
    "closed_on_time": 4,
    "reports_due": 4,
    "reports_on_time": 4,
    "letters_due": 4,
    "letters_on_time": 4,
    "innovation": 10,
}


def run(**changes: Any) -> dict[str, Any]:
    return registry().run("supervise.score", {**FULL, **changes})


def test_a_perfect_year_has_a_hundred_points() -> None:
    answer = run()
    assert (answer["total"], answer["grade"], answer["deductions"]) == (100, "优秀", 0)


def test_tasks_count_by_their_weight() -> None:
    # (5×0.5 + 3×1 + 2×0)/10 × 40 = 5.5/10 × 40 = 22.
    tasks = [{"weight": 5, "completion": 0.5}, {"weight": 3, "completion": 1}, {"weight": 2, "completion": 0}]
    assert run(tasks=tasks)["task"] == 22


def test_what_is_overfulfilled_counts_as_complete_and_says_so() -> None:
    answer = run(tasks=[{"weight": 1, "completion": 1.2}, {"weight": 1, "completion": 0.5}])
    # (1 + 0.5)/2 × 40 = 30, not (1.2 + 0.5)/2 × 40 = 34.
    assert answer["task"] == 30
    assert "按 1 计" in answer["explain"]["steps"][0]


def test_a_percentage_in_place_of_a_share_is_refused() -> None:
    answer: Any = run(tasks=[{"weight": 1, "completion": 85}])
    assert (answer["error"]["code"], answer["error"]["field"]) == ("out_of_range", "tasks[0].completion")


@pytest.mark.parametrize(
    "changes, rectify",
    [
        ({"closed_on_time": 3}, 22.5),  # 30 × 3/4
        ({"fake": 1}, 20),
        ({"rebound": 2}, 24),
        ({"fake": 2, "rebound": 3}, 1),  # 30 − 20 − 9
        ({"fake": 2, "rebound": 4}, 0),  # 30 − 20 − 12 would be −2
        ({"due_close": 0, "closed_on_time": 0}, 30),
        ({"due_close": 0, "closed_on_time": 0, "fake": 1}, 20),
    ],
)
def test_rectification_loses_points_for_fakes_and_relapses(changes: dict[str, int], rectify: float) -> None:
    assert run(**changes)["rectify"] == rectify


def test_where_nothing_was_due_the_points_are_full_and_it_says_so() -> None:
    answer = run(due_close=0, closed_on_time=0, reports_due=0, reports_on_time=0, letters_due=0, letters_on_time=0)
    assert (answer["rectify"], answer["report"], answer["reply"]) == (30, 10, 10)
    assert sum("无应办" in one for one in answer["explain"]["steps"]) == 3


@pytest.mark.parametrize(
    "innovation, red, total, grade",
    [
        (0, 0, 90, "优秀"),
        ("9.99", 5, 89.99, "良好"),  # 90 + 9.99 − 10
        (0, 5, 80, "良好"),
        ("9.99", 10, 79.99, "合格"),
        (0, 15, 60, "合格"),
        ("9.99", 20, 59.99, "不合格"),
    ],
)
def test_the_grade_turns_at_its_bounds_without_rounding(innovation: Any, red: int, total: float, grade: str) -> None:
    answer = run(innovation=innovation, red=red)
    assert (answer["total"], answer["grade"]) == (total, grade)


def test_a_proven_fake_caps_the_grade_but_not_a_worse_one() -> None:
    assert (run(fake=1)["total"], run(fake=1)["grade"]) == (90, "合格")
    assert run(fake=1, red=20)["grade"] == "不合格"  # 90 − 40 = 50


def test_two_yellows_running_cost_one_point_a_red_two() -> None:
    answer = run(yellow_twice=3, red=2)
    assert (answer["deductions"], answer["total"]) == (7, 93)


@pytest.mark.parametrize("tasks", [[], [{"weight": 0, "completion": 1}]])
def test_without_tasks_the_total_is_not_defined(tasks: list[Any]) -> None:
    answer = run(tasks=tasks)
    assert (answer["task"], answer["total"], answer["grade"], answer["rectify"]) == (None, None, None, 30)


def test_more_in_time_than_due_is_refused_for_each_pair() -> None:
    answer: Any = run(closed_on_time=5, reports_on_time=5, letters_on_time=5)
    assert [f["field"] for f in answer["errors"]] == ["closed_on_time", "reports_on_time", "letters_on_time"]


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_parts_stay_within_their_points_and_add_up(closed: int, fake: int, rebound: int, red: int) -> None:
    answer = run(due_close=9, closed_on_time=closed, fake=fake, rebound=rebound, red=red)
    assert 0 <= answer["rectify"] <= 30
    parts = sum(answer[name] for name in ("task", "rectify", "report", "reply", "innovation"))
    assert answer["total"] == pytest.approx(parts - answer["deductions"])
