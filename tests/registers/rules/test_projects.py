"""project.code and project.funds: published codes, one digit off, old codes; money that adds up or does not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.calculations import registry
from anlan.registers.rules.projects import check_digit

# Codes found in published reports.
PUBLISHED = ["2309-510822-04-01-953573", "2209-361099-04-01-455377", "2403-510311-04-01-475922"]


def code(text: str) -> dict[str, Any]:
    return registry().run("project.code", {"code": text})


def funds(**inputs: Any) -> Any:
    return registry().run("project.funds", {"total_wan": 1000, "sources_wan": {"区级": 1000}, **inputs})


@pytest.mark.parametrize("published", PUBLISHED)
def test_published_codes_are_valid(published: str) -> None:
    answer = code(published)
    assert (answer["valid"], answer["error"]) == (True, None)
    assert answer["check"] == int(published[-1])


@pytest.mark.parametrize("published", PUBLISHED)
@pytest.mark.parametrize("place", [0, 6, 12, 20])
def test_one_wrong_digit_is_always_found(published: str, place: int) -> None:
    # A wrong digit in the month would be a wrong form: places of year, region, department and random part.
    for digit in "0123456789":
        wrong = published[:place] + digit + published[place + 1 :]
        if digit != published[place] and code(wrong)["scheme"] == "2020":
            assert (code(wrong)["valid"], code(wrong)["error"]) == (False, "check_digit")


def test_the_check_digit_by_hand() -> None:
    # Of "7": (10 + 7) % 10 = 7, 14 % 11 = 3, (11 − 3) % 10 = 8. Of "0": 0 becomes 10, 20 % 11 = 9, 2.
    # Of "07": after 0 the product is 9: (9 + 7) % 10 = 6, 12 % 11 = 1, (11 − 1) % 10 = 0.
    assert [check_digit(digits) for digits in ("7", "0", "07")] == [8, 2, 0]


@given(st.text("0123456789", min_size=19, max_size=19), st.integers(0, 18), st.integers(1, 9))
def test_the_check_digit_tells_any_single_slip(digits: str, place: int, shift: int) -> None:
    slipped = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    assert check_digit(digits) != check_digit(slipped)


@pytest.mark.parametrize(
    "text",
    [
        "2403-51031-04-01-475922",  # five digits of region, seen beside the right one
        "2400-510311-04-01-475922",
        "2413-510311-04-01-475922",
        "24035103110401475922",
        "2403-510311-04-01-47592X",
        "２４０３-510311-04-01-475922",
        "-",
    ],
)
def test_what_has_another_form_is_told_as_such(text: str) -> None:
    answer = code(text)
    assert (answer["valid"], answer["error"], answer["check"]) == (False, "format", None)


def test_old_codes_are_not_checked() -> None:
    answer = code("2019-360202-48-03-012345")
    assert (answer["valid"], answer["year"], answer["month"], answer["scheme"]) == (None, 2019, None, "old")


def test_a_code_that_may_be_of_2011_or_of_november_2020_is_left_open() -> None:
    head = "2011-360202-04-01-12345"
    right = check_digit(head.replace("-", ""))
    assert code(f"{head}{right}")["valid"] is True
    open_one = code(f"{head}{(right + 1) % 10}")
    assert (open_one["valid"], open_one["scheme"], open_one["year"]) == (None, "ambiguous", None)


def test_a_region_elsewhere_is_pointed_out_but_not_refused() -> None:
    assert any("510822" in one and "不拦截" in one for one in code(PUBLISHED[0])["explain"]["steps"])


@pytest.mark.parametrize(
    "given_wan, balanced", [("1000.01", True), ("1000.011", False), ("999.99", True), (999.98, False)]
)
def test_sources_add_up_within_a_hundred_yuan(given_wan: Any, balanced: bool) -> None:
    answer = funds(sources_wan={"区级": given_wan, "其他": 0})
    assert (answer["sources_balanced"], answer["errors"]) == (balanced, [] if balanced else ["sources_not_balanced"])


def test_sources_are_added_exactly() -> None:
    assert funds(total_wan=0.3, sources_wan={"市级": 0.1, "区级": 0.2})["sources_balanced"] is True


@pytest.mark.parametrize(
    "inputs, completion, errors",
    [
        ({"plan_year": 200, "done_year": 150}, 0.75, []),
        ({"plan_year": 200, "done_year": 200}, 1, []),
        ({"plan_year": 200, "done_year": "200.01"}, 1.00005, ["completion_over_100"]),
        ({"plan_year": 0, "done_year": 10}, None, []),
        ({"done_year": 10}, None, []),
        ({"in_place": 100, "paid": 100}, None, []),
        ({"in_place": 100, "paid": "100.01"}, None, ["paid_over_in_place"]),
    ],
)
def test_completion_and_payment(inputs: dict[str, Any], completion: float | None, errors: list[str]) -> None:
    answer = funds(**inputs)
    assert (answer["year_completion"], answer["errors"]) == (completion, errors)


@pytest.mark.parametrize("done, hints", [(400, []), ("400.1", ["done_far_ahead_of_paid"])])
def test_work_far_ahead_of_payment_is_a_hint(done: Any, hints: list[str]) -> None:
    # (400 − 100)/1000 = 30 points.
    assert funds(done_year=done, paid=100)["hints"] == hints


def test_wrong_figures_are_told_at_once() -> None:
    answer = funds(total_wan=-1, sources_wan={"区级": "x"}, paid=True)
    assert [fault["field"] for fault in answer["errors"]] == ["total_wan", "sources_wan.区级", "paid"]
