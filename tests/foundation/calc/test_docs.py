"""docs/calculations.md says of every calculation what it takes and gives, and its examples are true."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import anlan
from anlan.calculations import registry

PAGE = (Path(__file__).parents[3] / "docs" / "calculations.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## ([a-z]+\.[a-z0-9_]+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
IDS = [one.id for one in registry()]


def test_every_calculation_has_a_heading_and_every_heading_a_calculation() -> None:
    assert sorted(SECTIONS) == sorted(IDS)


@pytest.mark.parametrize("id", IDS)
def test_every_key_is_named_in_its_section(id: str) -> None:
    keys = [one.name for one in registry()[id].inputs] + [one.name for one in registry()[id].outputs]
    assert [key for key in keys if f"`{key}`" not in SECTIONS[id]] == []


@pytest.mark.parametrize("id", IDS)
def test_every_section_has_an_example_that_is_true(id: str) -> None:
    examples = re.findall(r"^    (\{.*\})  →  (.*)$", SECTIONS[id], re.MULTILINE)
    assert examples
    for given, expected in examples:
        answer: dict[str, Any] = registry().run(id, json.loads(given))
        outputs = json.loads("{" + expected + "}")
        assert {key: answer[key] for key in outputs} == outputs


def test_every_code_of_wrong_input_is_listed() -> None:
    listed = set(re.findall(r"^\| `([a-z_]+)` \|", PAGE, re.MULTILINE))
    used: set[str] = set()
    for file in Path(anlan.__file__).parent.rglob("*.py"):
        used.update(re.findall(r'\bFault\(\s*"([a-z_]+)"', file.read_text(encoding="utf-8")))
    assert used == listed
