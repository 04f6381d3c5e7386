"""Habits of clerks put together by chance: every one of a run of workbooks is read wholly."""

from __future__ import annotations

import pytest
from tests.ledger.corpus.mixing import workbook
from tests.ledger.corpus.scoring import Score

from anlan.ledger.reading import read

# 590 and 652 have headings in the column of deadlines, 794 values that read like titles: they were misread once.
NUMBERS = (*range(24), 590, 652, 794)


@pytest.mark.parametrize("number", NUMBERS)
def test_any_mixture_of_habits_is_read(number: int) -> None:
    made = workbook(number)
    score = Score()
    score.add(made.name, read(made.data, made.name), made.records)
    assert score.faults == []


def test_a_number_names_one_workbook() -> None:
    assert workbook(3).data == workbook(3).data
    assert workbook(3).data != workbook(4).data
