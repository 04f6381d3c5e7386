"""Expressions of checks: exact, three-valued, and nothing but what is on the list."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from anlan.registers.spec.expression import Expression, Kind, read
from anlan.registers.spec.functions import FUNCTIONS
from anlan.settings import InputError

KINDS = {
    "a": Kind.NUMBER,
    "b": Kind.NUMBER,
    "name": Kind.TEXT,
    "kind": Kind.TEXT,
    "day": Kind.DATE,
    "other": Kind.DATE,
    "yes": Kind.YESNO,
    "photo": Kind.THING,
    "here": Kind.POINT,
    "there": Kind.POINT,
    "plant.capacity": Kind.NUMBER,
}
CHOICES = {"kind": frozenset({"pond", "river"})}


def expr(text: str) -> Expression:
    return read(text, KINDS, CHOICES)


@pytest.mark.parametrize(
    ("text", "given", "wanted"),
    [
        ("a / b * b == a", {"a": Fraction(1), "b": Fraction(3)}, True),
        # 0.1 + 0.2 as floats is 0.30000000000000004.
        ("0.1 + 0.2 == 0.3", {}, True),
        ("a > b", {"a": Fraction(2)}, None),
        ("a > 1 or b > 1", {"a": Fraction(2)}, True),
        ("a > 1 and b > 1", {"a": Fraction(0)}, False),
        ("a > 1 and b > 1", {"a": Fraction(2)}, None),
        ("not a > 1", {}, None),
        ("a / b > 1", {"a": Fraction(1), "b": Fraction(0)}, None),
        ("1 <= a < 3", {"a": Fraction(3)}, False),
        ("kind in ('pond', 'river')", {"kind": "pond"}, True),
        ("kind not in ('pond',)", {"kind": "pond"}, False),
        ("missing(photo)", {}, True),
        ("filled(photo)", {"photo": True}, True),
        ("count(photo, a, b) == 2", {"photo": True, "a": Fraction(0)}, True),
        ("(a if yes else b) == 1", {"yes": True, "a": Fraction(1)}, True),
        ("days(day, other) == 31", {"day": dt.date(2022, 1, 1), "other": dt.date(2022, 2, 1)}, True),
        ("day >= date('2022-01-01')", {"day": dt.date(2021, 12, 31)}, False),
        ("round(2.345, 2) == 2.35 and round(-0.5) == -1", {}, True),
        ("sum(a, b) == 2", {"a": Fraction(2)}, True),
        ("or_zero(a) == 0", {}, True),
        ("a <= plant.capacity * 1.2", {"a": Fraction(900), "plant.capacity": Fraction(720)}, False),
        ("starts(name, '昌') and contains(name, '江') and length(name) == 2", {"name": "昌江"}, True),
        ("project_code(name)", {"name": "2309-510822-04-01-953573"}, True),
        ("project_code(name)", {"name": "2309-510822-04-01-953574"}, False),
        ("credit_code(name)", {"name": "91350100M000100Y43"}, True),
    ],
)
def test_an_expression_is_exact_and_unknown_where_a_value_is(
    text: str, given: dict[str, object], wanted: bool | None
) -> None:
    assert expr(text)(given) is wanted  # type: ignore[arg-type]


def test_a_degree_of_latitude_is_about_111_km() -> None:
    # 2 * pi * 6371.0088 km / 360 = 111.195 km
    found = expr("distance(here, there)")(
        {"here": (Fraction(117), Fraction(29)), "there": (Fraction(117), Fraction(30))}
    )
    assert isinstance(found, Fraction)
    assert 111_190 < found < 111_200


@pytest.mark.parametrize(
    "text",
    [
        "a +",
        "unknown > 1",
        "a == name",
        "kind == 'lake'",
        "kind in ('pond', 'lake')",
        "a ** 9",
        "a % 2",
        "__import__('os')",
        "().__class__",
        "a.b.c > 1",
        "[x for x in (1,)]",
        "lambda: 1",
        "f'{a}'",
        "a if b else 1",
        "photo == 1",
        "here < there",
        "round(name)",
        "round()",
        "max(a, b=1)",
        "1e400 > a",
        "a in b",
        "a; b",
        "a" * 2000,
        "(" * 300 + "a" + ")" * 300,
        "not " * 100 + "yes",
    ],
)
def test_whatever_is_not_on_the_list_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        expr(text)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        expr("nothing > 1 and kind == 'lake' and nobody < 2")
    assert len(caught.value.problems) == 3


def test_a_name_of_a_register_that_is_not_at_hand_is_let_through() -> None:
    found = read("a <= farm.area and farm.kind == 'x'", KINDS, {}, ("farm",))
    assert found.names == {"a", "farm.area", "farm.kind"}
    with pytest.raises(InputError):
        read("a <= farm.area.more", KINDS, {}, ("farm",))


def test_every_function_says_what_it_gives() -> None:
    for name, function in FUNCTIONS.items():
        assert function.words.zh, name
        assert function.least <= function.most
