"""Lab results: exact values in the factor's unit, a dry run first, nothing overwritten."""

from __future__ import annotations

import pytest
from tests import people

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.roles import Role
from anlan.foundation.sheets import staging
from anlan.foundation.sheets.models import RowState
from anlan.foundation.sheets.registry import importable
from anlan.monitor import lab
from anlan.monitor.importable import RESULTS
from anlan.monitor.models import Result, Site
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])
HEAD = "点位,采样时间,监测项目,结果,单位,化验单位\n"


@pytest.fixture(autouse=True)
def site() -> Site:
    return Site.objects.create(code="S1", name="青溪断面")


def bring(rows: str, role: Role = Role.CLERK) -> int:
    _, applied = staging.take(people.actor(role), importable("lab-results"), (HEAD + rows).encode(), "化验单.csv")
    return int(str(applied.facts.get("new", 0)))


def faults(rows: str) -> list[str]:
    dry = staging.examine(importable("lab-results"), (HEAD + rows).encode(), "化验单.csv")
    return [fault.speak("zh") for fault in dry.faults]


def kept() -> list[tuple[str, str, str]]:
    return [
        (one.factor, lab.shown(one.digits, one.scale, one.below), one.unit) for one in Result.objects.order_by("pk")
    ]


def test_a_sheet_is_taken_with_names_codes_and_units_as_labs_write_them() -> None:
    assert bring("青溪断面,2026-08-01 08:30,化学需氧量,23.5,mg/L,区监测站\nS1,2026/8/1 9:00,w21003,＜0.025,,\n") == 2
    assert kept() == [("w01018", "23.5", "mg/L"), ("w21003", "<0.025", "mg/L")]


@pytest.mark.parametrize(
    "factor, value, unit, expected",
    [
        # Mercury is kept in µg/L: 0.00005 mg/L is 0.05 µg/L.
        ("w20111", "0.00005", "mg/L", "0.05"),
        ("w20111", "0.05", "ug/L", "0.05"),
        ("w20111", "50", "ng/L", "0.05"),
        # COD in mg/L: 1500 µg/L is 1.5 mg/L.
        ("w01018", "1500", "μg/L", "1.5"),
        ("w01018", "0.01L", "", "<0.01"),
    ],
)
def test_units_are_converted_exactly(factor: str, value: str, unit: str, expected: str) -> None:
    digits, scale, below = lab.value_of(value)
    digits, scale, _ = lab.converted(factor, digits, scale, unit)
    assert lab.shown(digits, scale, below) == expected


def test_the_same_sheet_again_changes_nothing() -> None:
    rows = "青溪断面,2026-08-01 08:30,化学需氧量,23.5,mg/L,区监测站\n"
    assert bring(rows) == 1
    dry = staging.examine(importable("lab-results"), (HEAD + rows).encode(), "化验单.csv")
    assert dry.states == [RowState.UNCHANGED]
    # The same result in another unit is the same result.
    other = "青溪断面,2026-08-01 08:30,COD,23500,ug/L,\n"
    assert staging.examine(importable("lab-results"), (HEAD + other).encode(), "化验单.csv").states == [
        RowState.UNCHANGED
    ]
    assert len(kept()) == 1


def test_another_value_for_the_same_moment_is_a_row_of_its_own() -> None:
    bring("青溪断面,2026-08-01 08:30,化学需氧量,23.5,mg/L,\n")
    assert bring("青溪断面,2026-08-01 08:30,化学需氧量,25,mg/L,\n") == 1
    assert [value for _, value, _ in kept()] == ["23.5", "25"]


def test_everything_that_is_wrong_is_told_at_once_with_its_row() -> None:
    told = faults(
        "没有的断面,2026-08-01 08:30,化学需氧量,23.5,mg/L,\n"
        "青溪断面,昨天,化学需氧量,23.5,mg/L,\n"
        "青溪断面,2026-08-01 08:30,没有的项目,23.5,mg/L,\n"
        "青溪断面,2026-08-01 08:30,化学需氧量,合格,mg/L,\n"
        "青溪断面,2026-08-01 08:30,pH值,7.2,mg/L,\n"
    )
    assert len(told) == 5
    assert [f"第 {row} 行" in said for row, said in enumerate(told, 2)] == [True] * 5


@pytest.mark.parametrize("text", ["合格", "", "1,2", "<0.1L", "1e400", "-0.5", "0.1.2"])
def test_what_is_no_result_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        lab.value_of(text)


def test_a_time_to_come_is_refused() -> None:
    with pytest.raises(InputError):
        lab.moment_of("2999-01-01 08:00")


@pytest.mark.parametrize("role", [Role.HANDLER, Role.LEADER, Role.SYSTEM_ADMIN])
def test_nobody_but_the_clerk_brings_results(role: Role) -> None:
    with pytest.raises(Refused):
        bring("青溪断面,2026-08-01 08:30,化学需氧量,23.5,mg/L,\n", role)
    assert kept() == []


def test_what_is_exported_comes_back_unchanged() -> None:
    bring("青溪断面,2026-08-01 08:30,化学需氧量,23.50,mg/L,区监测站\n青溪断面,2026-08-01 08:30,氨氮,<0.025,,\n")
    sheet = importable("lab-results")
    titles = [column.title.zh for column in RESULTS.columns]
    lines = [",".join(titles)]
    lines += [",".join(str(row[column.key] or "") for column in RESULTS.columns) for row in sheet.current()]
    dry = staging.examine(sheet, "\n".join(lines).encode(), "化验单.csv")
    assert (dry.faults, set(dry.states)) == ([], {RowState.UNCHANGED})
