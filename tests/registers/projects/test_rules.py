"""Where money, time and works of a project disagree: each rule on both sides of its bound."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from anlan.registers.projects import rules
from anlan.registers.projects.rules import Stand

DAY = dt.date(2022, 9, 30)
# 1000 in all, secured; half of the time over, half invested and built, half paid.
FINE = Stand(
    "building",
    Decimal(1000),
    secured=Decimal(1000),
    planned_start=dt.date(2022, 1, 1),
    planned_finish=dt.date(2023, 6, 30),
    started_on=dt.date(2022, 1, 1),
    year_plan=Decimal(700),
    done_year=Decimal(500),
    done_total=Decimal(500),
    in_place=Decimal(600),
    paid=Decimal(450),
    image=Decimal(50),
    reported="2022-08",
)


def broken(**changed: Any) -> list[str]:
    return [one.rule for one in rules.warnings(replace(FINE, **changed), DAY)]


def test_a_project_whose_figures_agree_breaks_no_rule() -> None:
    assert broken() == []


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        # More than the total; the works are then behind the money as well.
        (
            {"done_total": Decimal(1001), "image": Decimal(99), "paid": Decimal(800), "in_place": Decimal(1000)},
            "over_total",
        ),
        ({"paid": Decimal("600.01")}, "paid_over"),
        # 76 % of the works against 50 % invested: 26 points.
        ({"image": Decimal(76)}, "works_money"),
        # 500 invested, 199 paid: 30.1 % of 1000.
        ({"paid": Decimal(199), "in_place": Decimal(300)}, "unpaid"),
        # 600 received, 299 paid: 50.2 % idle at half of the works.
        ({"paid": Decimal(299)}, "idle"),
        ({"secured": Decimal("999.99")}, "gap"),
        ({"planned_finish": dt.date(2022, 9, 29)}, "overdue"),
        # 243 of 365 days are over at the end of August, 66.6 %; 46 % of the works are 20.6 points behind.
        ({"planned_finish": dt.date(2022, 12, 31), "image": Decimal(46)}, "behind"),
        ({"reported": "2022-07"}, "silent"),
        ({"late_milestones": (("主体完工", dt.date(2022, 9, 1)),)}, "milestone"),
        # 243 of 365 days are 66.6 %; 41.5 % of the year's plan are 25.1 points behind.
        ({"year_plan": Decimal(1000), "done_year": Decimal(415)}, "year"),
    ],
)
def test_each_rule_is_broken_beyond_its_bound(changed: dict[str, object], rule: str) -> None:
    assert rule in broken(**changed)


@pytest.mark.parametrize(
    "changed",
    [
        # Exactly 25 points apart, exactly 30 % unpaid, exactly half idle.
        {"image": Decimal(75)},
        {"paid": Decimal(200), "in_place": Decimal(300)},
        {"paid": Decimal(300)},
        {"planned_finish": DAY, "image": Decimal(90), "done_total": Decimal(900), "paid": Decimal(600)},
        {"year_plan": Decimal(1000), "done_year": Decimal(416)},
    ],
)
def test_no_rule_is_broken_at_its_bound(changed: dict[str, object]) -> None:
    assert broken(**changed) == []


def test_what_was_not_reported_breaks_no_rule_but_that_of_reporting() -> None:
    found = rules.warnings(Stand("building", Decimal(1000), secured=Decimal(1000)), DAY)
    assert [one.rule for one in found] == ["silent"]
    assert "从来没有填报过" in found[0].words.zh


def test_a_project_not_begun_is_late_after_thirty_days() -> None:
    one = Stand("approved", Decimal(1000), planned_start=dt.date(2022, 8, 31))
    # 30 days on 30 September, 31 on 1 October
    assert rules.warnings(one, DAY) == []
    (found,) = rules.warnings(one, DAY + dt.timedelta(days=1))
    assert found.rule == "not_started"
    assert "31 天" in found.words.zh


def test_a_finished_project_is_not_held_to_its_time() -> None:
    one = replace(FINE, state="finished", planned_finish=dt.date(2022, 1, 1), reported="2022-01")
    assert rules.warnings(one, DAY) == []


def test_warnings_tell_the_figures_they_rest_on() -> None:
    (found,) = [one for one in rules.warnings(replace(FINE, image=Decimal(80)), DAY) if one.rule == "works_money"]
    for figure in ("80%", "50.0%", "30.0", "25"):
        assert figure in found.words.zh
        assert figure.rstrip("%") in found.words.en
