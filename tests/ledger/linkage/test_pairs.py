"""Pairs that a person judged (`pairs.toml`), each on its own: the smallest ledger there is."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from anlan.ledger.linkage import Index, Row, merge

PAIRS: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "pairs.toml").read_text(encoding="utf-8"))["pair"]


def rows(pair: dict[str, Any]) -> tuple[Row, Row]:
    return Row(id="a", **pair["a"]), Row(id="b", **pair["b"])


def test_there_are_enough_of_both_sorts() -> None:
    assert len(PAIRS) >= 30
    assert min(sum(pair["same"] for pair in PAIRS), sum(not pair["same"] for pair in PAIRS)) >= 15


@pytest.mark.parametrize("pair", PAIRS, ids=[pair["why"] for pair in PAIRS])
def test_a_pair_is_judged_as_a_person_judged_it(pair: dict[str, Any]) -> None:
    merged = merge(rows(pair))
    assert (len(merged.clusters) == 1) == pair["same"], merged.pairs


@pytest.mark.parametrize("pair", PAIRS, ids=[pair["why"] for pair in PAIRS])
def test_the_index_says_what_the_merge_says(pair: dict[str, Any]) -> None:
    a, b = rows(pair)
    found = Index([a]).match(b)
    assert bool(found and found[0].probability >= 0.5) == pair["same"]
