"""Every message is complete, in both languages, and documented."""

import re
from pathlib import Path

import pytest

import anlan.plan.compiler.reading as reading
from anlan.plan.compiler.reading import limits
from anlan.plan.compiler.reading.messages import REFUSALS, REMARKS
from anlan.plan.compiler.reading.source import Format

ROOT = Path(__file__).parents[4]
CODE = "\n".join(path.read_text("utf-8") for path in Path(reading.__file__).parent.glob("*.py"))
PAGE = (ROOT / "docs" / "reading.md").read_text("utf-8")


@pytest.mark.parametrize("code", [*REFUSALS, *REMARKS])
def test_both_languages_fill_in_the_same_arguments(code: str) -> None:
    zh, en = {**REFUSALS, **REMARKS}[code]
    assert set(re.findall(r"{(\w+)}", zh)) == set(re.findall(r"{(\w+)}", en))


def test_every_refusal_that_is_raised_has_its_message_and_every_message_is_raised() -> None:
    assert set(re.findall(r'Unreadable\(\s*"(\w+)"', CODE)) == set(REFUSALS)


def test_every_remark_that_is_made_has_its_message_and_every_message_is_made() -> None:
    made = set(re.findall(r'Remark\("(\w+)"', CODE))
    for call in re.findall(r"counted\(((?:[^()]|\([^()]*\))*)\)", CODE):
        made |= set(re.findall(r"(\w+)=", call))
    assert made == set(REMARKS)


@pytest.mark.parametrize("code", [*REFUSALS, *REMARKS])
def test_every_code_stands_in_the_documentation(code: str) -> None:
    assert f"`{code}`" in PAGE


@pytest.mark.parametrize("form", Format)
def test_every_format_stands_in_the_documentation(form: Format) -> None:
    assert f"`{form}`" in PAGE


@pytest.mark.parametrize("name", [name for name in vars(limits) if name.isupper() and name != "MB"])
def test_every_limit_stands_in_the_documentation(name: str) -> None:
    assert f"`{name}`" in PAGE
