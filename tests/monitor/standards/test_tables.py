"""The tables carried here against the reference beside the checkout, and how tables are read."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from anlan.monitor.standards import classes, limits
from anlan.monitor.standards.items import by_code, by_name, names_of
from anlan.monitor.standards.words import facts

GRADES = ("I", "II", "III", "IV", "V")


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / "reference" / name).read_text(encoding="utf-8").splitlines()))


def test_every_limit_of_surface_water_is_that_of_the_reference(shared: Path) -> None:
    table = classes.carried()
    seen: dict[str, set[str]] = {"river": set(), "lake": set()}
    for row in rows(shared, "gb3838-table1.csv"):
        if row["op"] == "special":
            continue
        for body in ("river", "lake") if row["water_body"] == "any" else (row["water_body"],):
            limit = table.limits[body][row["key"]]
            seen[body].add(row["key"])
            assert (row["key"] in table.apart) == (row["judged"] == "0")
            if row["op"] == "range":
                assert limit.op == "inside"
                assert [str(bound) for bound in limit.bounds] == row["I"].split("~")
            else:
                assert limit.op == {"<=": "at_most", ">=": "at_least"}[row["op"]]
                assert list(limit.bounds) == [Fraction(row[grade]) for grade in GRADES]
    # Total nitrogen has limits for lakes only.
    assert {body: set(found) for body, found in table.limits.items()} == seen
    assert "tn" not in seen["river"]


def test_twenty_one_items_are_judged_in_rivers_and_lakes() -> None:
    assert [len(classes.carried().judged(body)) for body in ("river", "lake")] == [21, 21]


def test_every_discharge_limit_is_that_of_the_reference(shared: Path) -> None:
    def key(standard: str, grade: str, item: str, since: str) -> tuple[str, str, str, str]:
        return standard, grade, item, since

    expected: dict[tuple[str, str, str, str], tuple[Any, ...]] = {}
    for row in rows(shared, "wastewater-limits.csv"):
        built = "old" if "up to 2005" in row["condition"] else "new" if "from 2006" in row["condition"] else ""
        # One bound, or the two of a range; 不得检出 has none.
        bounds = () if row["op"] == "not_detected" else tuple(map(Fraction, row["limit"].split("~")))
        cold = Fraction(row["limit_cold"]) if row["limit_cold"] else None
        expected[key(row["standard"], row["grade"], row["item"], built)] = (
            bounds,
            cold,
            "" if row["unit"] == "无量纲" else row["unit"],
            row["confidence"],
        )
    found: dict[tuple[str, str, str, str], tuple[Any, ...]] = {}
    for id, standard in limits.carried().items():
        for grade, items in standard.limits.items():
            for item, several in items.items():
                for one in several:
                    built = "old" if one.until == 2005 else "new" if one.since == 2006 else ""
                    found[key(id, grade, item, built)] = (one.bounds, one.cold, one.unit, standard.source.confidence)
    assert found == expected


def test_every_code_has_one_name_and_names_lead_back_to_it() -> None:
    assert len(by_code()) == 25
    assert names_of("cu") == ("铜", "总铜")
    assert by_name()["总铜"].code == "cu"
    assert all(item.name.en for item in by_name().values())


def test_a_table_with_an_unknown_item_is_refused() -> None:
    table = facts("discharge.toml")
    table["standard"][0]["table"][0]["limits"]["臭氧"] = [1, 1, 1, 1]
    with pytest.raises(ValueError, match="臭氧"):
        limits.discharge_standards(table)


def test_facts_are_read_as_exact_decimals() -> None:
    assert facts("surface.toml")["at_most"]["nh3n"][0] == Decimal("0.15")
    assert classes.carried().limits["river"]["nh3n"].bounds[0] == Fraction(15, 100)
