"""The page of figures: groups in the order of the spec, parts of a rate as people write numbers, both languages."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from tests import people
from tests.registers import signs as small
from tests.registers.spec.specs import changed

from anlan.foundation.access.roles import Role

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

RATE = """how = "rate"
part = {how = "count", where = [{field = "condition", is = ["good"]}]}
whole = {how = "count", where = [{field = "condition", filled = true}]}"""
LONG = """how = "rate"
part = {how = "sum", field = "reach", where = [{field = "condition", is = ["good"]}]}
whole = {how = "sum", field = "reach"}
basis = {zh = "完好河段 ÷ 全部河段", en = "reach in good condition by all reaches"}"""
BY_PLACE = 'indicator = "signs"\nby = "place"'


def page(lang: str = "zh-hans", **query: str) -> str:
    browser = people.client(people.account(Role.CLERK))
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = lang
    return browser.get("/registers/river_sign/indicators/", query).content.decode()


def add(*conditions: str) -> None:
    district = small.district()
    small.put(changed((RATE, LONG), (BY_PLACE, BY_PLACE.replace("place", "condition"))))
    for number, condition in enumerate(conditions):
        small.sign(district.clerk, f"CJ-0{number}", condition=condition, reach="12.5")


def test_groups_of_a_choice_stand_in_the_order_of_the_spec_in_chart_and_table() -> None:
    add("缺失", "破损", "完好", "破损")
    shown = page(by="condition")
    assert re.findall(r'<th scope="row">(.*?)</th>', shown) == ["完好", "破损", "缺失"]
    chart = shown[shown.index("<svg", shown.index("register-chart")) :]
    assert chart.index("完好") < chart.index("破损") < chart.index("缺失")


def test_parts_of_a_rate_are_told_as_decimals() -> None:
    # Two of five reaches of 12.5 km are in good condition: 25 by 62.5.
    add("完好", "破损", "完好", "破损", "缺失")
    assert "25 ÷ 62.5" in page()


def test_the_definition_of_a_figure_is_told_in_the_language_of_the_reader() -> None:
    add("完好")
    assert "完好河段 ÷ 全部河段" in page()
    english = page("en")
    assert "reach in good condition by all reaches" in english
    assert "完好河段" not in english


def test_the_page_that_explains_a_register_shows_the_condition_of_each_check_and_the_formula_of_a_field() -> None:
    small.district()
    small.put(changed())
    shown = people.client(people.account(Role.CLERK)).get("/registers/river_sign/help/").content.decode()
    assert "<code>reach &lt;= height * 100</code>" in shown
    assert "<code>reach / height</code>" in shown
    assert "图形不能重叠" not in shown
