"""The catalogue: every spec is sound, and every check fails on one row and passes on another."""

from __future__ import annotations

import pytest

from anlan import packs
from anlan.registers import sources

FOUND = sources.gather(packs.find("changjiang"))


def test_every_spec_of_the_catalogue_and_the_pack_can_be_read_and_has_nothing_wrong_with_it() -> None:
    assert FOUND.grave == []
    assert FOUND.sources.keys() == FOUND.usable.keys()


@pytest.mark.parametrize("id", FOUND.sources)
def test_every_register_says_something_of_its_own(id: str) -> None:
    spec = FOUND.sources[id].spec
    assert spec.indicators, "no indicator"
    assert len(spec.checks) >= 2, "fewer than two checks"


def test_no_row_is_kept_both_by_a_register_and_elsewhere() -> None:
    served = {row for one in FOUND.sources.values() for row in one.spec.seed_rows}
    assert served & sources.elsewhere().keys() == set()
