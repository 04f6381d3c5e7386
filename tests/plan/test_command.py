"""`anlan plan versions` and `anlan plan compare` on the console."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests import people
from tests.plan import small
from tests.plan.test_versions import CLAUSES, text

from anlan.cli import main
from anlan.foundation.access.roles import Role
from anlan.plan import actions, versions
from anlan.plan.models import Plan

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def plan() -> Plan:
    small.district()
    return actions.receive(people.actor(Role.CLERK), text(*CLAUSES).encode(), "要点.txt")


def test_versions_are_listed(plan: Plan, capsys: pytest.CaptureFixture[str]) -> None:
    versions.put_aside(
        people.actor(Role.CLERK),
        versions.propose(people.actor(Role.CLERK), plan, text("outfalls").encode(), "二稿.txt"),
        "发错了文件",
    )
    assert main(["plan", "versions", str(plan.pk), "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["version"], row["state"], row["measures"], row["reason"]) for row in rows] == [
        (1, "in_force", 6, None),
        (2, "aside", 1, "发错了文件"),
    ]


def test_a_file_is_compared_and_not_taken_in(plan: Plan, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "二稿.txt"
    changed = CLAUSES["pipes"].replace("6.5公里", "8公里")
    file.write_text(text("farming", "outfalls", changed, "litter", "publicity"), encoding="utf-8")
    assert main(["plan", "compare", str(plan.pk), str(file), "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["kind"], (row["old"] or "")[:2], (row["new"] or "")[:2]) for row in rows] == [
        ("dropped", "2 ", ""),
        ("changed", "3 ", "3 "),
    ]
    assert main(["plan", "compare", str(plan.pk), str(file), "--all"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 7
    assert plan.documents.count() == 1


def test_a_plan_that_is_not_there_is_2(plan: Plan, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["plan", "versions", "999"]) == 2
    assert "anlan plan list" in capsys.readouterr().err
