"""law.deadline and law.consultation through the registry, and the table of limits behind them."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from anlan.calculations import registry
from anlan.foundation.calc.registry import Registry
from anlan.foundation.calendars import law
from anlan.foundation.calendars.calendar import Mark, national
from anlan.foundation.calendars.limits import carried, read_limits

REPOSITORY = Path(__file__).parents[3]
REFERENCE = REPOSITORY.parent / "shared" / "reference" / "time-limits.csv"


def run(id: str, inputs: object) -> Any:
    return registry().run(id, inputs)


def deadline(start: str, **inputs: Any) -> dict[str, Any]:
    return registry().run("law.deadline", {"start": start, **inputs})


def consultation(published: str, **inputs: Any) -> dict[str, Any]:
    return registry().run("law.consultation", {"published": published, **inputs})


def faults(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(fault["code"], fault["field"]) for fault in answer["errors"]]


@pytest.mark.parametrize(
    "kind, start, last",
    [
        ("T01", "2022-05-06", "2022-06-05"),  # 30 natural days, a Sunday, not extended
        ("T02", "2022-05-06", "2022-05-16"),  # Sat 7 made up (1), 9–13 (6), Mon 16 (7)
        ("T03", "2025-05-20", "2025-05-13"),  # 7 days before the hearing
        ("T04", "2026-04-28", "2026-05-06"),  # Fri 1 May is off to the 5th: extended
        ("T09", "2024-12-31", "2025-02-28"),  # 2 months, no 31 February; a Friday
        ("T10", "2025-09-18", "2025-10-09"),  # 3 October is off to the 8th: extended
        ("T11", "2025-01-02", "2025-02-05"),  # Sat 1 Feb, 春节 to the 4th: extended to Wed 5
        ("T13", "2025-05-21", "2025-06-04"),  # the first day of the notice counts
        ("T14", "2024-02-29", "2026-02-28"),  # 2 years are 24 months
        ("T16", "2025-08-31", "2026-02-28"),  # 6 months; a make-up Saturday
        ("T19", "2025-12-05", "2026-01-10"),  # by the 10th of the month after
    ],
)
def test_a_kind_brings_unit_direction_and_extension(kind: str, start: str, last: str) -> None:
    answer = deadline(start, kind=kind)
    assert (answer["last_day"], answer["last_time"], answer["status"]) == (last, None, "ok")
    assert kind in answer["explain"]["clause"]


def test_a_kind_of_hours_gives_a_time() -> None:
    answer = deadline("2026-02-14T17:00", kind="T05")
    assert (answer["last_day"], answer["last_time"]) == (None, "2026-02-15T17:00:00")


def test_a_limit_that_each_batch_sets_is_not_invented() -> None:
    answer = deadline("2025-05-20", kind="T18")
    assert (answer["status"], answer["reason"], answer["last_day"]) == ("unknown", "limit_not_fixed", None)


def test_the_table_decides_on_extension_whatever_the_caller_says() -> None:
    assert deadline("2026-04-28", kind="T04", extend_if_holiday=False)["last_day"] == "2026-05-06"
    told = deadline("2022-05-06", kind="T01", extend_if_holiday=True)
    assert told["last_day"] == "2022-06-05"
    assert any("从表" in sentence for sentence in told["explain"]["steps"])


def test_a_convention_named_by_the_caller_counts_for_a_kind_too() -> None:
    assert deadline("2025-05-21", kind="T13", convention="exclude_first")["last_day"] == "2025-06-05"
    assert deadline("2022-05-06", kind="T01", convention="include_first")["last_day"] == "2022-06-04"


def test_by_default_the_first_day_is_excluded_and_nothing_extends() -> None:
    # Sat 24 May 2025 + 1 = Sunday.
    assert deadline("2025-05-24", natural_days=1) | {"explain": None} == {
        "last_day": "2025-05-25",
        "last_time": None,
        "workdays": 0,
        "is_workday": False,
        "status": "ok",
        "reason": None,
        "explain": None,
    }


def test_a_year_without_notice_is_unknown() -> None:
    answer = deadline("2026-12-25", workdays=10)
    assert {key: answer[key] for key in ("status", "reason", "last_day", "workdays", "is_workday")} == {
        "status": "unknown",
        "reason": "holiday_notice_not_published",
        "last_day": None,
        "workdays": None,
        "is_workday": None,
    }


def test_an_instant_counts_as_its_day_in_china() -> None:
    # 17:00 UTC on 20 May is 01:00 on 21 May in China.
    assert deadline("2025-05-20T17:00Z", natural_days=1)["last_day"] == "2025-05-22"
    assert deadline("2025-05-20T17:00", natural_days=1)["last_day"] == "2025-05-21"


@pytest.mark.parametrize(
    "inputs, expected",
    [
        ({"start": "2025-05-21"}, [("exactly_one", "natural_days")]),
        ({"start": "2025-05-21", "workdays": 3, "kind": "T01"}, [("exactly_one", "kind")]),
        (
            {"start": "2025-05-21", "workdays": 3, "months": 1, "hours": 2},
            [("exactly_one", "months"), ("exactly_one", "hours")],
        ),
        ({"start": "2025-05-21", "hours": 24}, [("time_needed", "start")]),
        ({"start": "2025-05-21", "kind": "T05"}, [("time_needed", "start")]),
        ({"start": "2025-02-29", "workdays": 3}, [("not_a_date", "start")]),
        ({"start": "2025/05/21", "workdays": 3}, [("not_a_date", "start")]),
        ({"start": 20250521, "workdays": 3}, [("wrong_type", "start")]),
        ({"start": "1800-01-01", "workdays": 3}, [("out_of_range", "start")]),
        ({"start": "2025-05-21", "workdays": True}, [("wrong_type", "workdays")]),
        ({"start": "2025-05-21", "workdays": "3"}, [("wrong_type", "workdays")]),
        ({"start": "2025-05-21", "workdays": 2.5}, [("wrong_type", "workdays")]),
        ({"start": "2025-05-21", "workdays": 0}, [("out_of_range", "workdays")]),
        ({"start": "2025-05-21", "workdays": float("nan")}, [("not_finite", "workdays")]),
        ({"start": "2025-05-21T08:00", "hours": 0}, [("out_of_range", "hours")]),
        ({"start": "2025-05-21", "kind": "T99"}, [("not_a_choice", "kind")]),
        ({"start": "2025-05-21", "workdays": 3, "extend_if_holiday": 1}, [("wrong_type", "extend_if_holiday")]),
        # All at once: an unknown key, a missing one, a wrong word, and no length.
        (
            {"stat": "2025-05-21", "convention": "first"},
            [
                ("unknown_field", "stat"),
                ("missing", "start"),
                ("not_a_choice", "convention"),
                ("exactly_one", "natural_days"),
            ],
        ),
    ],
)
def test_wrong_input_names_every_fault(inputs: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    answer = run("law.deadline", inputs)
    assert faults(answer) == expected
    assert answer["error"] == answer["errors"][0]
    assert set(answer) == {"error", "errors"}


def test_the_seed_notice_is_refused() -> None:
    # 6 May back to 19 April: 11 days to the end of April + 6 = 17.
    answer = consultation("2022-05-06", deadline="2022-04-19")
    assert (answer["valid"], answer["error"], answer["gap_days"]) == (False, "deadline_before_publication", -17)
    assert answer["earliest_deadline"] is None


@pytest.mark.parametrize(
    "kind, earliest",
    [
        ("major_decision", "2022-06-05"),  # 30 natural days, 6 May not counted
        ("T01", "2022-06-05"),
        ("normative_doc", "2022-05-16"),  # 7 working days, Sat 7 May made up
        ("T02", "2022-05-16"),
        ("work_plan", "2022-05-16"),
    ],
)
def test_a_kind_gives_the_earliest_deadline(kind: str, earliest: str) -> None:
    alone = consultation("2022-05-06", kind=kind)
    assert (alone["valid"], alone["error"], alone["gap_days"]) == (None, None, None)
    assert alone["earliest_deadline"] == earliest
    on_time = consultation("2022-05-06", kind=kind, deadline=earliest)
    assert (on_time["valid"], on_time["error"]) == (True, None)
    day_before = (dt.date.fromisoformat(earliest) - dt.timedelta(1)).isoformat()
    too_short = consultation("2022-05-06", kind=kind, deadline=day_before)
    assert (too_short["valid"], too_short["error"]) == (False, "period_too_short")


def test_the_seed_notice_with_its_kind_says_both_what_is_wrong_and_what_would_do() -> None:
    answer = consultation("2022-05-06", deadline="2022-04-19", kind="work_plan")
    assert (answer["error"], answer["earliest_deadline"]) == ("deadline_before_publication", "2022-05-16")


def test_the_length_for_a_work_plan_is_the_districts_own() -> None:
    default = consultation("2022-05-06", kind="work_plan")
    assert "设计默认值" in " ".join(default["explain"]["steps"])
    # After 16 May, the 7th: 17, 18, 19.
    own = consultation("2022-05-06", kind="work_plan", min_workdays=10)
    assert own["earliest_deadline"] == "2022-05-19"
    assert "按本区规定" in " ".join(own["explain"]["steps"])
    assert faults(consultation("2022-05-06", kind="T01", min_workdays=10)) == [("not_applicable", "min_workdays")]


def test_without_a_kind_only_the_order_is_checked() -> None:
    answer = consultation("2022-05-06", deadline="2022-05-06")
    assert (answer["valid"], answer["gap_days"], answer["earliest_deadline"]) == (True, 0, None)


def test_a_consultation_needs_a_deadline_or_a_kind() -> None:
    assert faults(consultation("2022-05-06")) == [("at_least_one", "deadline")]


def test_a_consultation_over_a_missing_notice_is_neither_valid_nor_invalid() -> None:
    answer = consultation("2026-12-25", deadline="2027-01-20", kind="normative_doc")
    assert (answer["valid"], answer["status"], answer["reason"]) == (None, "unknown", "holiday_notice_not_published")
    before = consultation("2026-12-25", deadline="2026-12-01", kind="normative_doc")
    assert (before["valid"], before["error"]) == (False, "deadline_before_publication")


def test_a_pack_with_its_own_calendar_gets_its_own_answers() -> None:
    calendar = national().overlaid([Mark(dt.date(2025, 5, 22), False, "本区放假", 2025)])
    own = Registry(law.calculations(calendar, carried()))
    assert own.run("law.deadline", {"start": "2025-05-21", "workdays": 1})["last_day"] == "2025-05-23"
    assert deadline("2025-05-21", workdays=1)["last_day"] == "2025-05-22"


def test_the_table_of_limits_is_that_of_the_reference() -> None:
    if not REFERENCE.exists():
        pytest.skip("the reference tables are not beside this checkout")
    ours = Path(law.__file__).parent / "data" / "time-limits.csv"
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        theirs = list(csv.DictReader(file))
    with ours.open(encoding="utf-8", newline="") as file:
        rows = [{k: v for k, v in row.items() if k != "matter_en"} for row in csv.DictReader(file)]
    assert rows == theirs


@pytest.mark.parametrize("column, value", [("direction", "大约"), ("unit", "周"), ("extend_if_holiday", "maybe")])
def test_a_table_of_limits_with_an_unknown_word_is_refused(column: str, value: str) -> None:
    row = {"id": "T01", "matter": "m", "matter_en": "m", "amount": "3", "unit": "自然日", "start": "s"}
    row |= {"direction": "不超过", "extend_if_holiday": "no", "confidence": "H", "note": ""} | {column: value}
    with pytest.raises(ValueError, match="T01"):
        read_limits(",".join(row) + "\n" + ",".join(row.values()) + "\n")
