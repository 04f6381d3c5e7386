"""Figures that registers offer other rooms: what can be asked for, in words, and what is answered."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.registers import signs as small
from tests.registers.test_figures import visit

from anlan.foundation.facts.kinds import COUNTED, INDICATORS, Asked
from anlan.foundation.facts.providers import FACTS
from anlan.registers import facts_counted
from anlan.registers.book import get

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


def test_an_indicator_says_how_it_is_worked_out_and_by_what_it_can_be_narrowed() -> None:
    small.district()
    small.signs()
    found = {one.id: one for one in FACTS.ask(INDICATORS.name, source="river_sign")}
    rate = found["good_rate"]
    assert rate.unit == "%"
    assert "÷" in rate.told.zh
    assert "完好" in rate.told.zh
    assert {"unit", "place", "condition"} <= {one.id for one in rate.narrowings}
    assert rate.every == ""


def test_a_figure_is_worked_out_of_the_rows_that_are_asked_for() -> None:
    there = small.district()
    small.signs()
    small.sign(there.clerk, "CJ-1", reach="1.5")
    small.sign(there.clerk, "CJ-2", reach="2.5", owner="下渡镇", town="下渡镇", condition="破损")
    asked = [
        Asked("river_sign", "reach"),
        Asked("river_sign", "reach", (("place", "990101102"),)),
        Asked("river_sign", "good_rate"),
    ]
    found = {counted.asked: counted for counted in FACTS.ask(COUNTED.name, asked=asked)}
    whole, one, rate = (found[question] for question in asked)
    # 1.5 + 2.5 km; the second sign alone; 1 good of 2 judged
    assert (whole.value, whole.rows) == (Fraction(4), 2)
    assert (one.value, one.rows) == (Fraction(5, 2), 1)
    assert (rate.value, rate.rows) == (Fraction(50), 2)


def test_the_latest_period_is_the_last_that_has_rows_and_a_year_takes_all_its_months() -> None:
    there = small.district()
    small.visits()
    small.sign(there.clerk, "CJ-01")
    visit(there, "2022-01", "3")
    visit(there, "2022-02", "4")
    latest, year, other = FACTS.ask(
        COUNTED.name,
        asked=[Asked("sign_visit", "litter", period=p) for p in ("latest", "2022", "2021")],
    )
    assert (latest.value, latest.period) == (Fraction(4), "2022-02")
    # 3 + 4
    assert (year.value, year.period) == (Fraction(7), "2022")
    assert other.value == 0
    assert other.rows == 0


def test_what_is_not_known_is_not_answered() -> None:
    small.district()
    small.signs()
    asked = [
        Asked("river_sign", "nothing"),
        Asked("nothing", "reach"),
        Asked("river_sign", "reach", (("colour", "red"),)),
    ]
    assert list(FACTS.ask(COUNTED.name, asked=asked)) == []


def test_the_definition_changes_with_the_meaning_and_not_with_the_title() -> None:
    small.district()
    spec = small.signs().spec
    one = spec.indicator("good_rate")
    before = facts_counted.definition(spec, one)
    assert before == facts_counted.definition(get("river_sign").spec, one)
    assert before != facts_counted.definition(spec, spec.indicator("reach"))
