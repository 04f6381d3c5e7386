"""The catalogue: every spec is sound, and every check fails on one row and passes on another."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.house.files import ROOT

import anlan
from anlan import packs
from anlan.registers import sources
from anlan.registers.spec.model import NUMBERS, Type
from anlan.registers.spec.output import worded

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


def test_every_row_of_the_seed_is_kept_by_a_register_or_by_a_room_that_is_named(shared: Path) -> None:
    with (shared / "reference" / "seed-rows.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = [line["row"] for line in csv.DictReader(lines)]
    served = {row for one in FOUND.sources.values() for row in one.spec.seed_rows}
    assert [row for row in rows if row not in served and row not in sources.elsewhere()] == []
    assert sorted((served | sources.elsewhere().keys()) - set(rows)) == []


def test_rooms_named_elsewhere_are_there_and_those_that_keep_nothing_yet_say_so() -> None:
    folder = Path(anlan.__file__).parent
    rooms = set(sources.elsewhere().values())
    assert {room for room in rooms if not (folder / room / "__init__.py").is_file()} == set()
    assert {room for room in rooms if not (folder / room / "models.py").is_file()} == sources.unbuilt()


@pytest.mark.parametrize("id", FOUND.sources)
def test_a_register_says_more_than_number_name_and_remark(id: str) -> None:
    """Each has figures or dates of its own, and choices that are those of its subject."""
    spec = FOUND.sources[id].spec
    assert len(spec.fields) >= 7, "few fields"
    measured = [one for one in spec.fields if one.type in NUMBERS or one.type in (Type.DATE, Type.POINT)]
    assert len(measured) >= 2, "measures nothing"
    assert {one.id for one in spec.fields if one.id in {"remark", "remarks", "note", "memo"}} == set()
    assert len(spec.columns) >= 5
    assert spec.charts, "no chart"
    assert spec.basis


@pytest.mark.parametrize("id", FOUND.sources)
def test_what_lies_somewhere_can_be_seen_on_the_map(id: str) -> None:
    spec = FOUND.sources[id].spec
    if spec.of_type(Type.POINT, Type.GEOMETRY):
        assert spec.map is not None


@pytest.mark.parametrize("id", FOUND.sources)
def test_checks_look_across_fields_rows_or_registers(id: str) -> None:
    """At least two that ask for more than one field, a reference, an earlier period or other rows."""
    spec = FOUND.sources[id].spec
    across = [
        one
        for one in spec.checks
        if one.expression is None or len(one.expression.names) >= 2 or any("." in name for name in one.expression.names)
    ]
    assert len(across) >= 2


def test_the_documentation_lists_the_catalogue_as_it_is() -> None:
    text = (ROOT / "docs" / "registers.md").read_text(encoding="utf-8")
    section = text.split("## The catalogue\n")[1].split("\n## ")[0]
    told = [line for line in section.splitlines() if line.startswith("| `")]
    specs = [one.spec for one in FOUND.sources.values() if one.origin == "catalog"]
    assert sorted(told) == sorted(
        f"| `{one.id}` | {one.title.zh} {one.title.en} | {' '.join(one.seed_rows)} |" for one in specs
    )


def test_the_help_page_names_fields_where_a_row_would_fill_them_in() -> None:
    specs = {id: one.spec for id, one in FOUND.usable.items()}
    for spec in specs.values():
        for check in spec.checks:
            told = worded(check, spec, specs)
            assert "{" not in told.zh + told.en, f"{spec.id}.{check.id}"
    entry = specs["wetland_entry"]
    told = worded(next(one for one in entry.checks if one.id == "made_good_before"), entry, specs)
    assert told.en == "Wetland was taken on [Approved on], before it was made good on [Accepted on of Parcel]"
    assert told.zh.startswith("占用批准日期 〔占用批准日期〕 早于补充湿地验收日期 〔地块的验收日期〕")
