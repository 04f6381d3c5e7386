"""A short run over damaged ledgers, the cases that once failed among them."""

from __future__ import annotations

import pytest
from tests.ledger.reading import fuzzing

from anlan.foundation.sheets.reading import Grid

# (seed, case): a column that two tables shared and one of them changed. Cases depend on how many workbooks there are.
ONCE = [(31, 2019), (32, 5294)]


@pytest.fixture(scope="module")
def books() -> list[list[Grid]]:
    return fuzzing.sources()


@pytest.mark.parametrize("seed, number", ONCE)
def test_what_once_failed_is_read(seed: int, number: int, books: list[list[Grid]]) -> None:
    assert fuzzing.fault(fuzzing.case(seed, number, books)) is None


def test_damaged_ledgers_are_read_or_refused(books: list[list[Grid]]) -> None:
    for number in range(150):
        assert fuzzing.fault(fuzzing.case(7, number, books)) is None, number


def test_the_same_seed_gives_the_same_case(books: list[list[Grid]]) -> None:
    # NaN is unlike itself, so the texts are compared.
    assert repr(fuzzing.case(5, 3, books)) == repr(fuzzing.case(5, 3, books))
    assert repr(fuzzing.case(5, 3, books)) != repr(fuzzing.case(5, 4, books))
