"""The catalogue and its page: every code has a heading, every heading a code, every message both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.plan.compiler.diagnostics.finding import HEAD, plan_of
from tests.plan.compiler.diagnostics.test_checks import CASES, DOCUMENTS, ORGANS

from anlan.plan.compiler.compile import compile_text
from anlan.plan.compiler.diagnostics.messages import CATALOGUE, fields, message, title
from anlan.plan.compiler.model import Severity
from anlan.plan.compiler.output import to_dict

HEADING = re.compile(r"^### ([A-Z]\d{3}) (\S+)$", re.MULTILINE)


def test_the_page_has_one_heading_for_every_code_and_no_other(root: Path) -> None:
    page = (root / "docs" / "diagnostics.md").read_text(encoding="utf-8")
    assert HEADING.findall(page) == [(entry.code, entry.name) for entry in CATALOGUE.values()]


def test_the_page_says_the_severity_and_an_example_for_every_code(root: Path) -> None:
    page = (root / "docs" / "diagnostics.md").read_text(encoding="utf-8")
    parts = re.split(r"^### ", page, flags=re.MULTILINE)[1:]
    for part in parts:
        entry = CATALOGUE[part[:4]]
        assert f"*{entry.severity.value}* · {entry.title.zh} · {entry.title.en}" in part
        assert "\n- Example: " in part
        assert "\n- Way out: " in part


def test_codes_are_a_letter_and_three_digits_in_order() -> None:
    codes = list(CATALOGUE)
    assert all(re.fullmatch("[URDTWSN][1-7]\\d\\d", code) for code in codes)
    assert len({entry.name for entry in CATALOGUE.values()}) == len(codes)


@pytest.mark.parametrize("code", CATALOGUE)
def test_both_languages_use_the_same_arguments(code: str) -> None:
    for words in CATALOGUE[code].texts:
        assert fields(words.zh) == fields(words.en)
    assert title(code, "zh") != title(code, "en")


@pytest.mark.parametrize("code", CASES)
def test_messages_are_filled_in_both_languages(code: str) -> None:
    plan = compile_text(DOCUMENTS[code][0]) if code in DOCUMENTS else plan_of(CASES[code][0], ORGANS)
    told = [(message(d, "zh"), message(d, "en")) for d in plan.diagnostics]
    assert told
    assert not any("{" in text for pair in told for text in pair)
    assert all(re.search("[一-龥]", zh) and re.search("[a-z]{3}", en) for zh, en in told)


def test_json_holds_code_severity_message_place_and_measure() -> None:
    plan = compile_text(HEAD + "1.清淤。2月30日前完成。（区水利局负责）\n")
    found = [d for d in to_dict(plan, "en")["diagnostics"] if d["code"] == "D303"]
    start = plan.text.index("2月30日")
    assert found == [
        {
            "code": "D303",
            "severity": "error",
            "message": "“2月30日” is no day of the calendar: check month and day",
            "start": start,
            "end": start + 5,
            "measure": 0,
        }
    ]


def test_only_contradictions_of_the_text_or_the_calendar_are_errors() -> None:
    assert {c for c, e in CATALOGUE.items() if e.severity is Severity.ERROR} == {"D303", "D304", "N701"}
