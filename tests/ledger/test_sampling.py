"""The sample ledgers of the pack: every row finds its units, one pair is merged, one waits, states are shown."""

from __future__ import annotations

import pytest

from anlan import packs
from anlan.foundation.access.actor import machine
from anlan.ledger import queries, sampling
from anlan.ledger.models import Candidate, Joining, Problem
from anlan.plan import pack
from anlan.web.install import district

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


def test_the_packs_ledgers_come_in_marked_and_show_every_side_of_the_room() -> None:
    given = pack.load("changjiang")
    district.bring_divisions(given.divisions)
    district.bring_units(given.organs, sample=True)
    actor = machine("sample")
    # Six rows and four.
    assert sampling.bring(actor, packs.find("changjiang")) == 10
    rows = Problem.objects.all()
    assert all(one.sample and one.lead_id and one.supervisor_id for one in rows)
    # 1.2 km and 1200 m of the same street are one; the farms of one town are for a person.
    assert Joining.objects.filter(by_rule=True).count() == 1
    assert Candidate.objects.exists()
    assert set(queries.states(queries.problems(actor))) == {"planned", "self_done", "accepted", "submitted", "draft"}
