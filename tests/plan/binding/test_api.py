"""Targets through the interface and the command."""

from __future__ import annotations

import json

import pytest
from tests import people
from tests.plan.binding import bound as small
from tests.plan.progress.district import District

from anlan.cli import main
from anlan.plan.binding.models import Binding
from anlan.plan.models import Target

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def district() -> District:
    found = small.build()
    small.sewer("A-1", 3000)
    return found


@pytest.fixture
def target(district: District) -> Target:
    return district.target("3")


def test_a_program_reads_proposals_binds_and_reads_the_figures(district: District, target: Target) -> None:
    clerk = people.client(district.accounts["clerk"])
    (proposal,) = clerk.get(f"/api/targets/{target.pk}/proposals").json()
    assert (proposal["indicator"], proposal["unit"]) == ("sewer.laid", "m")
    sent = {"indicator": "sewer.laid", "narrowed": {"kind": "main"}}
    answer = clerk.put(f"/api/targets/{target.pk}/binding", json.dumps(sent), content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["bound"]["value"] == "3"
    lines = clerk.get(f"/api/plans/{district.plan.pk}/targets").json()
    told = next(one for one in lines if one["target"] == target.pk)
    # 3 of 6.5 km is 46.1 %
    assert (told["bound"]["percent"], told["bound"]["rows"], told["reported"], told["gap"]) == (46, 1, None, None)
    answer = clerk.delete(f"/api/targets/{target.pk}/binding?reason=重复")
    assert answer.json()["bound"] is None
    answer = clerk.put(
        f"/api/targets/{target.pk}/refuse", json.dumps({"indicator": "sewer.laid"}), content_type="application/json"
    )
    assert answer.json() == []


def test_wrong_units_are_answered_with_the_way_out(district: District, target: Target) -> None:
    clerk = people.client(district.accounts["clerk"])
    sent = json.dumps({"indicator": "sewer.stretches"})
    answer = clerk.put(f"/api/targets/{target.pk}/binding", sent, content_type="application/json")
    assert 400 <= answer.status_code < 500
    assert "段" in answer.json()["error"]["message"]


def test_others_are_refused(district: District, target: Target) -> None:
    handler = people.client(district.accounts["elsewhere"])
    sent = json.dumps({"indicator": "sewer.laid", "reason": "不是"})
    for method, tail in (("put", "binding"), ("delete", "binding"), ("put", "refuse")):
        answer = getattr(handler, method)(f"/api/targets/{target.pk}/{tail}", sent, content_type="application/json")
        assert answer.status_code == 403, tail
    assert handler.get(f"/api/targets/{target.pk}/proposals").status_code == 403
    assert handler.get(f"/api/plans/{district.plan.pk}/targets").status_code == 200


def test_the_command_binds_and_lists(district: District, target: Target, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "bind", str(target.pk), "sewer.laid", "--by", "kind=main", "--reason", "验收数"]) == 0
    assert "3公里" in capsys.readouterr().out
    assert main(["plan", "targets", str(district.plan.pk)]) == 0
    assert "sewer.laid" in capsys.readouterr().out
    assert main(["plan", "targets", str(district.plan.pk), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert any(one["bound"] and one["bound"]["value"] == "3" for one in told)
    assert main(["plan", "unbind", str(target.pk), "--reason", "重复"]) == 0
    assert main(["plan", "proposals", str(target.pk)]) == 0
    assert main(["plan", "refuse", str(target.pk), "sewer.laid"]) == 0
    assert main(["plan", "bind", str(target.pk), "sewer.stretches"]) == 2
    assert "段" in capsys.readouterr().err
    assert main(["plan", "bind", "99999", "sewer.laid"]) == 2
    assert main(["plan", "targets", "99999"]) == 2
    assert Binding.objects.filter(state="bound").count() == 0
