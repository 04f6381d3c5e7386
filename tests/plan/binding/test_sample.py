"""Bindings that the pack brings for its sample plan."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.plan.binding import bound as small
from tests.plan.progress.district import District

from anlan.foundation.access.actor import machine
from anlan.plan.binding import sample
from anlan.plan.binding.models import Binding
from anlan.plan.models import Plan

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])
HEAD = "item,target,indicator,narrowed,period\n"


@pytest.fixture
def plan() -> Plan:
    district: District = small.build()
    Plan.objects.update(sample=True)
    return Plan.objects.get(pk=district.plan.pk)


def test_lines_of_the_file_are_bound_once_and_the_rest_is_told(plan: Plan, tmp_path: Path) -> None:
    lines = "3,管网,sewer.laid,kind=main,\n1,排污口,nothing.there,,\n77,别的计划,sewer.laid,,\n"
    (tmp_path / "bindings.csv").write_text(HEAD + lines, encoding="utf-8")
    count, problems = sample.bring(machine("sample"), plan, tmp_path)
    assert count == 1
    (told,) = problems
    assert told.zh.startswith("bindings.csv 第 3 行：")
    assert Binding.objects.get().narrowed == [["kind", "main"]]
    assert sample.bring(machine("sample"), plan, tmp_path)[0] == 0
    assert Binding.objects.count() == 1


def test_a_plan_that_is_no_sample_and_a_pack_without_the_file_stay_as_they_are(plan: Plan, tmp_path: Path) -> None:
    assert sample.bring(machine("sample"), plan, tmp_path) == (0, [])
    (tmp_path / "bindings.csv").write_text(HEAD + "3,管网,sewer.laid,,\n", encoding="utf-8")
    plan.sample = False
    assert sample.bring(machine("sample"), plan, tmp_path) == (0, [])
