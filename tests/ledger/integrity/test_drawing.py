"""Re-checks are drawn so that nobody can choose and everybody can draw again."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from anlan.ledger.integrity import draw, sealed, weights
from anlan.settings import InputError

LIST = {"Q1": 1, "Q2": 4, "Q3": 1, "Q4": 1}


def test_the_list_is_hashed_in_its_own_order() -> None:
    assert sealed({"b": 1, "a": 2}) == sealed({"a": 2, "b": 1}) == hashlib.sha256(b'[["a",2],["b",1]]').hexdigest()
    assert sealed({"a": 2, "b": 1}) != sealed({"a": 2, "b": 2})


def test_the_same_seed_draws_the_same_for_ever() -> None:
    drawn = draw(LIST, "2025-09-01 福彩 3D 371", 2, list_sha256=sealed(LIST))
    assert drawn == draw(dict(reversed(LIST.items())), "2025-09-01 福彩 3D 371", 2, list_sha256=sealed(LIST))
    # Written down once: another result means that draws of the past can no longer be checked.
    assert [(one.id, f"{one.number:.6f}") for one in drawn.drawn] == EXPECTED


EXPECTED = [("Q2", "0.161084"), ("Q3", "0.806950")]


def test_a_heavier_one_is_drawn_more_often() -> None:
    # One of four: the weights are 1, 4, 1, 1, so Q2 comes in 4 of 7. Of 2,000 draws 1,143 ± 22 (one sigma).
    count = Counter(draw(LIST, str(n), 1, list_sha256=sealed(LIST)).drawn[0].id for n in range(2000))
    assert 1143 - 66 < count["Q2"] < 1143 + 66
    assert min(count.values()) > 2000 / 7 - 60


def test_everyone_has_a_weight_and_signs_add_to_it() -> None:
    assert weights({"Q1": [], "Q2": [3, 2]}) == {"Q1": 1, "Q2": 6}


def test_a_changed_list_an_empty_seed_and_a_wrong_number_are_all_said_at_once() -> None:
    with pytest.raises(InputError) as error:
        draw(LIST, " ", 5, list_sha256=sealed({**LIST, "Q1": 2}))
    assert len(error.value.problems) == 3
    with pytest.raises(InputError, match="weight 0"):
        draw({"Q1": 0}, "x", 1, list_sha256=sealed({"Q1": 0}))
