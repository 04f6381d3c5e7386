"""Every workbook of the corpus is read field by field as it was meant."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.ledger.corpus import fifth, first, fourth, second, seventh, sixth, third  # noqa: F401 (they put their workbooks on the list)
from tests.ledger.corpus.making import MAKERS, Made
from tests.ledger.corpus.scoring import Score

from anlan.ledger.reading import read


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_a_workbook_is_read_as_it_was_meant(make: Callable[[], Made]) -> None:
    made = make()
    score = Score()
    score.add(made.name, read(made.data, made.name), made.records)
    assert score.faults == []


def test_there_are_workbooks_of_both_halves() -> None:
    assert len(MAKERS) >= 28
    assert len({make().name for make in MAKERS}) == len(MAKERS)


def test_the_same_script_gives_the_same_bytes() -> None:
    for make in MAKERS[:3]:
        assert make().data == make().data


def test_a_field_read_wrong_would_be_found() -> None:
    made = MAKERS[0]()
    spoilt = [dict(record) for record in made.records]
    spoilt[0]["deadline"] = "2022-05-30"
    spoilt.append({"sheet": "台账", "excel_row": 99, "description": "没有这一行"})
    score = Score()
    score.add(made.name, read(made.data, made.name), spoilt)
    assert score.missing == 1
    assert len(score.faults) == 2
