"""Targets bound to indicators: progress out of rows, the gap to what was reported, refusals, changed definitions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from tests.plan.binding import bound as small
from tests.plan.progress import district as progress
from tests.plan.progress.district import District
from tests.plan.progress.test_sharing import reported

from anlan.foundation.access.acting import Refused
from anlan.foundation.journal.models import Entry
from anlan.plan.binding import actions, queries
from anlan.plan.binding.models import Binding, Reading
from anlan.plan.models import Target, Task
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def district() -> District:
    return small.build()


@pytest.fixture
def target(district: District) -> Target:
    """新建污水管网6.5公里."""
    return district.target("3")


def line(district: District, target: Target) -> queries.Line:
    return next(one for one in queries.lines(district.actor("clerk"), district.plan) if one.target == target)


def test_progress_comes_from_rows_beside_what_was_reported_and_the_gap_is_shown(
    district: District, target: Target
) -> None:
    small.sewer("A-1", 3000)
    small.sewer("A-2", 1200)
    small.sewer("A-3", 9000, passed=False)
    actions.bind(district.actor("clerk"), target, "sewer", "laid")
    progress.called(district)
    reported(district, "elsewhere", "区住建局", "5.2", target)
    found = line(district, target)
    assert found.bound is not None
    # 3000 + 1200 m that were accepted are 4.2 km; the claim of 9000 m does not count; 4.2 of 6.5 is 64.6 %
    assert (found.bound.shown, found.bound.rows) == (Decimal("4.2"), 2)
    assert found.bound.standing is not None
    assert found.bound.standing.percent == 64
    assert not found.bound.meets
    # 5.2 were reported: 1.0 more than the rows say
    assert found.gap == Decimal("1.0")


def test_rows_that_reach_the_target_meet_it_and_no_gap_is_told_where_both_agree(
    district: District, target: Target
) -> None:
    small.sewer("A-1", 6500)
    actions.bind(district.actor("clerk"), target, "sewer", "laid")
    progress.called(district)
    reported(district, "elsewhere", "区住建局", "6500米", target)
    found = line(district, target)
    assert found.bound is not None
    assert found.bound.meets
    assert found.gap == 0


def test_a_binding_can_be_narrowed(district: District, target: Target) -> None:
    small.sewer("A-1", 3000)
    small.sewer("A-2", 1200, kind="支管")
    actions.bind(district.actor("clerk"), target, "sewer", "laid", narrowed={"kind": "branch"})
    found = line(district, target)
    assert found.bound is not None
    assert found.bound.shown == Decimal("1.2")


def test_units_that_do_not_convert_are_refused_with_the_way_out_and_all_errors_at_once(
    district: District, target: Target
) -> None:
    clerk = district.actor("clerk")
    with pytest.raises(InputError) as wrong:
        actions.bind(clerk, target, "sewer", "stretches", narrowed={"colour": "red", "kind": "no"}, period="2022")
    told = [one.zh for one in wrong.value.problems]
    assert len(told) == 4
    assert "不能按“colour”筛选" in told[0]
    assert "没有“no”这个值" in told[1]
    assert "不分期" in told[2]
    assert "“段”" in told[3]
    assert "另选" in told[3]
    with pytest.raises(InputError, match="no indicator sewer"):
        actions.bind(clerk, target, "sewer", "nothing")
    assert not Binding.objects.exists()


def test_only_the_office_binds_unbinds_and_refuses_and_each_is_journalled(district: District, target: Target) -> None:
    for who in ("handler", "leader", "elsewhere", "boss", "verifier", "system", "security", "audit"):
        actor = district.actor(who)
        with pytest.raises(Refused):
            actions.bind(actor, target, "sewer", "laid")
        with pytest.raises(Refused):
            actions.refuse(actor, target, "sewer", "laid")
        with pytest.raises(Refused):
            actions.unbind(actor, target, reason="不是")
    clerk = district.actor("clerk")
    actions.bind(clerk, target, "sewer", "laid")
    actions.unbind(clerk, target, reason="另有台账")
    actions.refuse(clerk, target, "sewer", "laid", reason="口径不同")
    done = Entry.objects.filter(outcome="done", action__startswith="target.").order_by("pk")
    assert list(done.values_list("action", flat=True)) == ["target.bind", "target.unbind", "target.refuse"]
    assert Entry.objects.filter(outcome="refused", action__startswith="target.").count() == 24


def test_a_target_has_one_binding_and_the_former_ones_are_kept(district: District, target: Target) -> None:
    clerk = district.actor("clerk")
    actions.bind(clerk, target, "sewer", "laid")
    actions.bind(clerk, target, "sewer", "laid", narrowed={"kind": "main"})
    (former,) = queries.history(target)
    assert former.ended_by_name == clerk.name
    with pytest.raises(InputError, match="say why"):
        actions.unbind(clerk, target, reason=" ")
    actions.unbind(clerk, target, reason="重复计算")
    with pytest.raises(InputError, match="is not bound"):
        actions.unbind(clerk, target, reason="重复计算")
    assert [one.ended_why for one in queries.history(target)] == ["重复计算", "改绑"]


def test_a_refused_proposal_is_remembered_and_can_be_taken_back(district: District, target: Target) -> None:
    clerk, task = district.actor("clerk"), Task.objects.get(number="3")
    (proposal,) = queries.proposals(target, task)
    assert (proposal.indicator.source, proposal.indicator.id) == ("sewer", "laid")
    assert proposal.owners == ("区住建局",)
    refusal = actions.refuse(clerk, target, "sewer", "laid", reason="含旧管网")
    assert queries.proposals(target, task) == []
    # Refusing it twice is refusing it once.
    actions.refuse(clerk, target, "sewer", "laid")
    assert queries.refusals(target) == [refusal]
    actions.readmit(clerk, refusal)
    assert len(queries.proposals(target, task)) == 1
    actions.refuse(clerk, target, "sewer", "laid")
    actions.bind(clerk, target, "sewer", "laid")
    # Binding it says the opposite.
    assert queries.refusals(target) == []
    with pytest.raises(InputError, match="take it off first"):
        actions.refuse(clerk, target, "sewer", "laid")


def test_a_binding_says_so_when_the_indicator_means_something_else(district: District, target: Target) -> None:
    small.sewer("A-1", 3000, passed=False)
    actions.bind(district.actor("clerk"), target, "sewer", "laid")
    assert queries.to_look_at() == 0
    small.register(where="", version=2)
    found = line(district, target)
    assert found.bound is not None
    assert found.bound.changed
    assert found.bound.needs_a_look
    assert "已验收" in found.bound.binding.told
    assert queries.to_look_at() == 1
    # The figure is that of today: 3000 m, accepted or not.
    assert found.bound.shown == Decimal(3)
    actions.bind(district.actor("clerk"), target, "sewer", "laid")
    assert queries.to_look_at() == 0


def test_an_indicator_that_is_gone_gives_no_figure_and_says_so(district: District, target: Target) -> None:
    actions.bind(district.actor("clerk"), target, "sewer", "laid")
    Binding.objects.update(indicator="former")
    found = line(district, target)
    assert found.bound is not None
    assert found.bound.is_gone
    assert found.bound.shown is None
    assert found.gap is None
    assert queries.to_look_at() == 1


def test_a_corrected_target_keeps_its_binding(district: District, target: Target) -> None:
    actions.bind(district.actor("clerk"), target, "sewer", "laid")
    Target.objects.filter(pk=target.pk).update(struck=True)
    new = Target.objects.create(
        measure=target.measure,
        text="新建污水管网7公里",
        indicator=target.indicator,
        comparator="ge",
        low=7,
        high=7,
        unit=target.unit,
    )
    assert queries.bindings([new])[new.pk].indicator == "laid"
    actions.bind(district.actor("clerk"), new, "sewer", "laid", narrowed={"kind": "main"})
    assert Binding.objects.filter(state="bound").count() == 1


def test_what_the_rows_said_is_kept_by_day_and_only_where_it_changed(district: District, target: Target) -> None:
    small.sewer("A-1", 3000)
    actions.bind(district.actor("clerk"), target, "sewer", "laid")
    first = Reading.objects.get()
    assert (first.value, first.scale, first.rows) == (3, 0, 1)
    Reading.objects.update(day=dt.date(2024, 6, 1))
    found = list(queries.bound([target]).values())
    assert actions.keep(found, dt.date(2024, 6, 2)) == 0
    small.sewer("A-2", 500)
    found = list(queries.bound([target]).values())
    assert actions.keep(found, dt.date(2024, 7, 1)) == 1
    # At the end of June 3 km stood, at the end of July 3.5, and in May nothing was known.
    for day, told in ((dt.date(2024, 6, 30), "3"), (dt.date(2024, 7, 31), "3.5")):
        exact, _binding = queries.then([target], day)[target.pk]
        assert str(exact) == told
    assert queries.then([target], dt.date(2024, 5, 31)) == {}
