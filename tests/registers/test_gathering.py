"""Figures gathered from other rows, collisions with other registers, fields that are judged: a bank of parcels."""

from __future__ import annotations

from typing import Any

import pytest
from tests.registers import signs as small

from anlan.foundation.access.actor import Actor
from anlan.foundation.sheets import staging
from anlan.registers import actions
from anlan.registers.book import get
from anlan.registers.importable import Sheet
from anlan.registers.models import Row
from anlan.registers.spec.expression import texts_of
from anlan.registers.spec.lint import lint
from anlan.registers.spec.parse import parse
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

_HEAD = """
version = 1
effective = 2022-05-06
lead = {zh = "一行一条", en = "One row each"}
basis = "测试"
[access]
fill = [{roles = ["clerk"]}]
read = [{roles = ["leader"]}]
[list]
columns = ["number"]
[[field]]
id = "number"
type = "text"
title = {zh = "编号", en = "Number"}
required = true
"""

PARCEL = (
    'id = "parcel"\ntitle = {zh = "图斑", en = "Parcels"}\nkey = ["number"]'
    + _HEAD
    + """
[[field]]
id = "map_code"
type = "text"
title = {zh = "图斑号", en = "Map code"}
[[field]]
id = "credit"
type = "quantity"
unit = "亩"
min = 0
max = 1000
title = {zh = "指标", en = "Credit"}
[[field]]
id = "quality"
type = "judged"
title = {zh = "等级", en = "Grade"}
choices = [{id = "large", zh = "大", en = "large"}, {id = "small", zh = "小", en = "small"}]
formula = "'large' if credit >= 10 else 'small'"
[[gather]]
id = "used"
register = "entry"
how = "sum"
field = "area"
match = {parcel = "row"}
[[check]]
id = "covers"
expression = "credit >= gathered.used"
message = {zh = "指标 {credit} 少于已用 {gathered.used}", en = "{credit} is less than the {gathered.used} used"}
failing = {credit = 3, "gathered.used" = 4}
passing = {credit = 5, "gathered.used" = 4}
[[check]]
id = "once"
unique = ["map_code"]
beside = [{register = "entry", fields = ["number"]}]
message = {zh = "图斑号与“{other}”相同", en = "the map code is that of {other}"}
failing = {map_code = "A"}
passing = {map_code = "B"}
others = [{map_code = "A"}]
[[indicator]]
id = "parcels"
title = {zh = "图斑数", en = "Parcels"}
how = "count"
"""
)

ENTRY = (
    'id = "entry"\ntitle = {zh = "支用", en = "Entries"}\nkey = ["number"]'
    + _HEAD
    + """
[[field]]
id = "parcel"
type = "reference"
register = "parcel"
title = {zh = "图斑", en = "Parcel"}
required = true
[[field]]
id = "area"
type = "quantity"
unit = "亩"
min = 0
max = 1000
title = {zh = "面积", en = "Area"}
required = true
[[gather]]
id = "sold"
register = "entry"
how = "sum"
field = "area"
match = {parcel = "parcel"}
[[check]]
id = "balance"
expression = "gathered.sold + area <= parcel.credit"
message = {zh = "已用 {gathered.sold} 加上 {area} 超过 {parcel.credit}", en = "{gathered.sold} used and {area} exceed {parcel.credit}"}
failing = {"gathered.sold" = 4, area = 2, "parcel.credit" = 5}
passing = {"gathered.sold" = 3, area = 2, "parcel.credit" = 5}
[[indicator]]
id = "area"
title = {zh = "面积", en = "Area"}
how = "sum"
field = "area"
"""
)


@pytest.fixture
def clerk() -> Actor:
    there = small.district()
    # Each names the other: a reference there, a sum here.
    small.put(PARCEL, ENTRY)
    small.put(ENTRY, PARCEL)
    return there.clerk


def parcel(clerk: Actor, number: str, **more: Any) -> Row:
    return actions.add(clerk, get("parcel"), {"number": number, "credit": "5", **more})


def entry(clerk: Actor, number: str, of: Row, area: str) -> Row:
    return actions.add(clerk, get("entry"), {"number": number, "parcel": of.pk, "area": area})


def test_both_specs_are_sound_together() -> None:
    assert [one.words for one in lint([parse(PARCEL), parse(ENTRY)]) if one.grave] == []


def test_entries_cannot_use_more_than_their_parcel_has(clerk: Actor) -> None:
    there, other = parcel(clerk, "P1"), parcel(clerk, "P2")
    first = entry(clerk, "E1", there, "4")
    entry(clerk, "E2", other, "5")
    # 4 + 2 > 5, 4 + 1 = 5.
    with pytest.raises(InputError, match=r"4 used and 2\.00 exceed 5\.00"):
        entry(clerk, "E3", there, "2")
    second = entry(clerk, "E3", there, "1")
    # A correction is asked with the others, not with what it replaces: 1 + 4 = 5.
    actions.correct(clerk, first, {"area": "3.5"}, reason="实测更正")
    with pytest.raises(InputError, match=r"3\.5 used"):
        actions.correct(clerk, second, {"area": "2"}, reason="实测更正")
    # What is deleted is not counted.
    actions.delete(clerk, second, reason="登记重复")
    entry(clerk, "E4", there, "1.5")


def test_a_row_gathers_what_refers_to_it(clerk: Actor) -> None:
    there = parcel(clerk, "P1")
    entry(clerk, "E1", there, "4")
    with pytest.raises(InputError, match=r"3\.00 is less than the 4 used"):
        actions.correct(clerk, there, {"credit": "3"}, reason="复核")
    actions.correct(clerk, there, {"credit": "4"}, reason="复核")


def test_the_lines_of_one_sheet_count_together(clerk: Actor) -> None:
    parcel(clerk, "P1")
    sheet = Sheet(get("entry"), clerk).importable()
    head = "编号,图斑,面积（亩）\n"
    with pytest.raises(InputError, match=r"exceed 5\.00"):
        staging.take(clerk, sheet, f"{head}E1,P1,3\nE2,P1,2.5\n".encode(), "a.csv", reason="导入")
    sheet = Sheet(get("entry"), clerk).importable()
    staging.take(clerk, sheet, f"{head}E1,P1,3\nE2,P1,2\n".encode(), "a.csv", reason="导入")
    assert Row.objects.filter(register__code="entry").count() == 2


def test_a_value_may_not_stand_in_another_register(clerk: Actor) -> None:
    there = parcel(clerk, "P1", map_code="M1")
    entry(clerk, "M2", there, "1")
    with pytest.raises(InputError, match="that of P1"):
        parcel(clerk, "P2", map_code="M1")
    with pytest.raises(InputError, match="that of 支用 M2"):
        parcel(clerk, "P2", map_code="M2")
    parcel(clerk, "P2", map_code="M3")


def test_a_judged_field_follows_from_the_others(clerk: Actor) -> None:
    there = parcel(clerk, "P1", credit="10")
    line = get("parcel").rows.get(row_id=there.pk)
    assert line.f_quality == "large"
    actions.correct(clerk, there, {"credit": "9.99"}, reason="复核")
    assert get("parcel").rows.get(row_id=there.pk).f_quality == "small"
    actions.correct(clerk, there, {"credit": None}, reason="复核")
    assert get("parcel").rows.get(row_id=there.pk).f_quality is None
    with pytest.raises(InputError, match="no field “quality” to fill in"):
        parcel(clerk, "P2", quality="large")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("'large' if credit", "'huge' if credit", "“huge” is no choice"),
        ("'small'\"", 'credit"', "both sides of if"),
        ('match = {parcel = "row"}', 'match = {parcel = "river"}', "“river” cannot be matched"),
        ('how = "sum"\nfield = "area"\nmatch', 'how = "sum"\nmatch', "count takes no field"),
        ('fields = ["number"]', 'fields = ["number", "area"]', "must be 1, as many as here"),
    ],
)
def test_slips_of_a_spec_are_told(old: str, new: str, told: str) -> None:
    assert old in PARCEL
    with pytest.raises(InputError, match=told):
        parse(PARCEL.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('register = "entry"\nhow', 'register = "nothing"\nhow', "there is no register nothing"),
        ('field = "area"\nmatch', 'field = "parcel"\nmatch', "has no field “parcel” that can be gathered"),
        ("match = {parcel", "match = {plot", "“plot” of entry cannot be matched"),
        ('fields = ["number"]', 'fields = ["area"]', "has no field “area” of the kind of “map_code”"),
    ],
)
def test_slips_that_concern_another_register_are_told(old: str, new: str, told: str) -> None:
    assert old in PARCEL
    found = [one.words.en for one in lint([parse(PARCEL.replace(old, new)), parse(ENTRY)]) if one.grave]
    assert any(told in one for one in found), found


def test_texts_of_an_expression_are_those_it_may_give() -> None:
    assert texts_of("'a' if x == 'c' else 'b' if y else z") == ["a", "b"]
