"""Reading a spec: what is right is kept, what is wrong is told with its place, all of it at once."""

from __future__ import annotations

import contextlib
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.registers.spec.specs import SIGNS, changed, signs

from anlan.registers.spec.lint import lint
from anlan.registers.spec.model import How, Severity, Type
from anlan.registers.spec.output import described, json_schema
from anlan.registers.spec.parse import parse
from anlan.settings import InputError


def test_a_spec_is_kept_as_it_was_written() -> None:
    spec = signs()
    assert spec.id == "river_sign"
    assert spec.effective == dt.date(2022, 5, 6)
    height = spec.field("height")
    assert (height.type, height.unit, height.scale, height.low) == (Type.QUANTITY, "m", 2, Decimal("0.5"))
    assert height.heading.zh == "高度（m）"
    assert spec.checks[0].severity is Severity.WARNING
    assert spec.indicator("good_rate").measure.how is How.RATE
    assert [move.id for move in spec.moves] == ["confirm", "reopen"]


def test_dates_begin_in_1949_unless_the_field_says_otherwise() -> None:
    spec = signs(("min = 2010-01-01\n", ""))
    assert spec.field("checked_on").low == dt.date(1949, 10, 1)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    text = changed(
        ('type = "quantity"\nunit = "m"\n', 'type = "quantity"\n'),
        ("min = 0\nmax = 300", "min = 300\nmax = 0"),
        ('section = "sign"\ntitle = {zh = "河流"', 'section = "nowhere"\ntitle = {zh = "河流"'),
        ('formula = "reach / height"', 'formula = "reach / heigth"'),
        ('needs = ["checked_on"]', 'needs = ["checked"]'),
        ('filters = ["condition"', 'filter = ["condition"'),
        ('is = ["good"]', 'is = ["fine"]'),
    )
    with pytest.raises(InputError) as caught:
        parse(text, "signs.toml")
    told = "\n".join(problem.zh for problem in caught.value.problems)
    for part in ("field[height].unit", "field[reach].min", "field[river].section", "没有名为“heigth”的字段",
                 "move[confirm].needs", "list.filter：没有这一项，是不是 filters", "“fine”不是“condition”的选项"):  # fmt: skip
        assert part in told, part
    assert all(problem.zh.startswith("signs.toml：") for problem in caught.value.problems)
    assert len(caught.value.problems) == 7


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "river_sign"', 'id = "River-Sign"', "id"),
        ("version = 1", "version = 0", "version"),
        ("effective = 2022-05-06", 'effective = "2022-05-06"', "effective"),
        ('key = ["number"]', 'key = ["height"]', "key"),
        ('key = ["number"]', 'key = ["nobody"]', "key"),
        ('unit = "owner"', 'unit = "river"', "unit"),
        ('unit = "owner"\n', "", "unit"),
        ('roles = ["clerk"]}, {roles', 'roles = ["boss"]}, {roles', "fill"),
        ('expression = "reach <= height * 100"', 'expression = "reach + height"', "expression"),
        ("failing = {reach = 300, height = 2}\n", "", "failing"),
        ("{reach} km 太长", "{depth} km 太长", "message"),
        ('field = "reach"', 'field = "river"', "field"),
        ('how = "count"\nunit = "块"', 'how = "growth"\nof = "reach"', "how"),
        ('colours = {good = "#2f7d32"', 'colours = {fine = "green"', "colours"),
        ('by = "place"', 'by = "river"', "by"),
        ('from = ["draft"]', 'from = ["begun"]', "from"),
        ("scale = 3", "scale = 12", "scale"),
        ('type = "photo"', 'type = "photo"\nrequired = true', "required"),
        ('type = "date"', 'type = "day"', "type"),
        ('[list]\ncolumns = ["number"', '[list]\ncolumns = ["photos"', "columns"),
        ("max = 300", "max = 99999999999999999999", "max"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(old: str, new: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(changed((old, new)))
    assert any(told in problem.en.split(":")[0] for problem in caught.value.problems), caught.value.problems


def test_what_is_no_toml_is_told_and_not_raised() -> None:
    with pytest.raises(InputError, match="no valid TOML"):
        parse("id = ", "a.toml")


@given(st.text(max_size=200))
def test_no_text_breaks_the_parser(text: str) -> None:
    with contextlib.suppress(InputError):
        parse(text)


@given(st.integers(0, len(SIGNS) - 1), st.integers(0, 60), st.text("[]{}\"'=,.#\n az09", max_size=4))
def test_no_damage_to_a_spec_breaks_the_parser_or_the_linter(at: int, length: int, put: str) -> None:
    try:
        spec = parse(SIGNS[:at] + put + SIGNS[at + length :])
    except InputError:
        return
    lint([spec])


def test_a_reference_to_a_register_that_is_not_there_is_grave() -> None:
    text = changed(('id = "river"\ntype = "text"', 'id = "river"\ntype = "reference"\nregister = "rivers"'))
    assert any(one.grave and "rivers" in one.words.en for one in lint([parse(text)]))


def test_an_example_that_does_not_fail_is_found() -> None:
    text = changed(("failing = {reach = 300, height = 2}", "failing = {reach = 3, height = 2}"))
    assert [one.words.en for one in lint([parse(text)]) if one.grave] == [
        "river_sign: check reach_fits: the failing row passes"
    ]


def test_a_passing_example_without_the_values_is_found() -> None:
    text = changed(("passing = {reach = 12, height = 2}", "passing = {reach = 12}"))
    assert any("lacks values" in one.words.en for one in lint([parse(text)]) if one.grave)


def test_a_field_of_a_reference_is_known_to_the_linter() -> None:
    other = changed(('id = "river_sign"', 'id = "river"'))
    text = changed(
        ('id = "river"\ntype = "text"', 'id = "river"\ntype = "reference"\nregister = "river"'),
        ('expression = "reach <= height * 100"', 'expression = "reach <= river.hight * 100"'),
        ("height = 2}\npassing", '"river.hight" = 2}\npassing'),
    )
    problems = [one.words.en for one in lint([parse(text), parse(other)]) if one.grave]
    assert any("river.hight" in one for one in problems)


def test_a_spec_as_json_names_its_fields_and_its_schema_its_values() -> None:
    spec = signs()
    told = described(spec, whole=True)
    assert told["fields"][4] == {
        "id": "height", "type": "quantity", "title": {"zh": "高度", "en": "Height"}, "unit": "m",
        "required": False, "min": "0.5", "max": "6", "scale": 2,
    }  # fmt: skip
    schema = json_schema(spec)
    assert schema["required"] == ["number", "river", "town", "owner"]
    assert "per_metre" not in schema["properties"]
