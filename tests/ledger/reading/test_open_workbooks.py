"""The three open workbooks of clerks, where they are at hand."""

from __future__ import annotations

import json

import pytest
from benchmarks.ledger_reading import IN_FILE, SHARED, Open

from anlan.ledger.reading import read


@pytest.mark.parametrize("name", IN_FILE)
def test_an_open_workbook_is_read_to_the_last_field(name: str) -> None:
    path = SHARED / f"{name}.xlsx"
    if not path.exists():
        pytest.skip("the shared corpus is not here")
    truth = json.loads((SHARED / f"{name}.truth.json").read_text(encoding="utf-8"))
    score = Open()
    score.add(name, read(path.read_bytes(), path.name), truth["records"], IN_FILE[name])
    assert score.faults == []
