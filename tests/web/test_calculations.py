"""Pages of the calculations: the form made from the spec, its result, and faults beside their fields."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from tests import people

from anlan.foundation.access.roles import Role
from anlan.foundation.calc import forms
from anlan.foundation.calc.installed import registry
from anlan.foundation.calc.pages import group_names

pytestmark = pytest.mark.django_db(databases=["default", "scratch", "readings"])

IDS = [one.id for one in registry()]


@pytest.fixture
def browser() -> Client:
    """Browser of a clerk."""
    return people.client(people.account(Role.CLERK))


def text_of(response: Any) -> str:
    return str(response.content.decode())


def sent(inputs: dict[str, object], id: str) -> dict[str, str]:
    """Fields of a form filled with these inputs."""
    parts = forms.build(registry()[id], "zh")
    forms.fill(parts, inputs, "zh")
    return {one.name: one.value for part in parts for one in part.everything() if one.kind not in ("group", "rows")} | {
        "run": "1"
    }


def test_all_calculations_stand_in_the_list_under_a_named_group(browser: Client) -> None:
    page = text_of(browser.get("/calc/"))
    assert {one.partition(".")[0] for one in IDS} <= set(group_names())
    for one in IDS:
        assert f'href="/calc/{one}/"' in page


def test_the_search_looks_into_titles_sources_and_inputs_in_both_languages(browser: Client) -> None:
    for words in ("法定期限", "民法典", "deadline", "law.deadline", "LEGAL period"):
        assert "law.deadline" in text_of(browser.get("/calc/", {"q": words})), words
    assert "没有符合条件的计算" in text_of(browser.get("/calc/", {"q": "没有这种东西"}))


def test_a_group_that_there_is_not_is_said(browser: Client) -> None:
    assert "没有“moon”这一组" in text_of(browser.get("/calc/", {"group": "moon"}))
    only = text_of(browser.get("/calc/", {"group": "law"}))
    assert "law.deadline" in only
    assert "water.section" not in only


@pytest.mark.parametrize("id", IDS)
def test_every_worked_example_is_shown_with_its_result_and_panel(browser: Client, id: str) -> None:
    for number, _ in enumerate(registry()[id].examples, start=1):
        response = browser.get(f"/calc/{id}/", {"example": number})
        assert response.status_code == 200
        assert "怎么得出的" in text_of(response)
        assert "form-errors" not in text_of(response)


@pytest.mark.parametrize("id", IDS)
def test_what_the_form_sends_gives_the_result_of_the_inputs_it_was_filled_with(id: str) -> None:
    for example in registry()[id].examples:
        inputs = dict(example.inputs)
        read = forms.read(forms.build(registry()[id], "zh"), sent(inputs, id), "zh")
        assert registry().run(id, read) == registry().run(id, inputs)


@pytest.mark.parametrize("id", IDS)
def test_an_empty_form_is_refused_with_links_to_fields_that_are_there(browser: Client, id: str) -> None:
    response = browser.get(f"/calc/{id}/", {"run": "1"})
    page = text_of(response)
    if response.status_code == 200:
        # All its inputs are optional.
        assert not any(one.required for one in registry()[id].inputs)
        return
    assert response.status_code == 422
    links = re.findall(r'<li><a href="#([^"]+)">', page)
    assert links
    for link in links:
        assert f'id="{link}"' in page


def test_a_result_has_an_address_that_can_be_kept_and_sent(browser: Client) -> None:
    page = text_of(browser.get("/calc/water.tli/"))
    assert 'method="get"' in page or 'method="post"' in page
    given = sent(dict(registry()["water.section"].examples[0].inputs), "water.section")
    assert "怎么得出的" in text_of(browser.get("/calc/water.section/", given))


def test_a_form_that_is_long_is_posted(browser: Client) -> None:
    page = text_of(browser.get("/calc/calc.round/"))
    assert 'method="post"' in page
    assert "csrfmiddlewaretoken" in page
    response = browser.post("/calc/calc.round/", {"values": "0.15 0.25", "decimals": "1", "run": "1"})
    assert "0.2、0.2" in text_of(response)


def test_a_fault_stands_beside_its_field_and_what_was_typed_stays(browser: Client) -> None:
    response = browser.post("/calc/calc.round/", {"values": "一二", "decimals": "1", "run": "1"})
    page = text_of(response)
    assert response.status_code == 422
    assert "一二" in page
    assert re.search(r'id="in-values"[^>]*aria-invalid="true"', page)
    assert "收到 &quot;一二&quot;" in page


def test_a_fault_inside_a_row_of_records_finds_its_field() -> None:
    one = registry()["supervise.score"]
    parts = forms.build(one, "zh")
    inputs = json.loads(json.dumps(dict(one.examples[0].inputs), default=str))
    inputs["tasks"][0]["weight"] = "重"
    read = forms.read(parts, sent(inputs, one.id), "zh")
    summary = forms.mark(parts, registry().compute(one.id, read).faults, "zh")
    assert summary[0][0] == "in-tasks-0-weight"
    wrong = [part.name for top in parts for part in top.everything() if part.errors]
    assert wrong == ["tasks[0].weight"]


def test_empty_rows_do_not_count_and_faults_number_what_is_left() -> None:
    one = registry()["supervise.score"]
    inputs = json.loads(json.dumps(dict(one.examples[0].inputs), default=str))
    given = sent(inputs, one.id)
    first = [key for key in given if key.startswith("tasks[0].")]
    read = forms.read(forms.build(one, "zh"), given | dict.fromkeys(first, ""), "zh")
    assert len(read["tasks"]) == len(inputs["tasks"]) - 1  # type: ignore[arg-type]


def test_nothing_is_coerced_in_silence() -> None:
    one = registry()["calc.round"]

    def values(text: str) -> object:
        return forms.read(forms.build(one, "zh"), {"values": text, "decimals": "1"}, "zh")["values"]

    assert [str(v) for v in values("0.150，1 2")] == ["0.150", "1", "2"]  # type: ignore[attr-defined]
    assert values("１") == ["１"]
    assert values("[]") == []
    assert values("1_0") == ["1_0"]


@pytest.mark.parametrize(
    "query", [{"example": "99"}, {"example": "x"}, {"run": "1", "values": "\0"}, {"run": "1", "nonsense[": "1"}]
)
def test_no_address_breaks_a_page(browser: Client, query: dict[str, str]) -> None:
    assert browser.get("/calc/calc.round/", query).status_code in (200, 422)
    assert browser.get("/calc/supervise.score/", query).status_code in (200, 422)


def test_an_unknown_calculation_is_404(browser: Client) -> None:
    response = browser.get("/calc/moon.phase/")
    assert response.status_code == 404
    assert "没有计算“moon.phase”" in text_of(response)
