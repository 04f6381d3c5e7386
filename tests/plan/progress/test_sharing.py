"""Targets split over units and periods, and how far each is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from tests import people
from tests.plan.progress import district as small
from tests.plan.progress.district import CALLED, District

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import actor_of
from anlan.foundation.access.roles import Role
from anlan.plan import actions as plans
from anlan.plan.models import Target, Task
from anlan.plan.progress import actions, figures, on_task, sharing, standing
from anlan.plan.progress.sharing import ShareLine
from anlan.plan.progress.values import Values
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def district() -> District:
    return small.build()


@pytest.fixture
def area(district: District) -> Target:
    """The target of task 3 as an area: 6.05万亩, at least."""
    target = district.target("3")
    Target.objects.filter(pk=target.pk).update(
        text="营造林6.05万亩", indicator="营造林", comparator="ge", low=605, high=605, scale=2, unit="万亩"
    )
    target.refresh_from_db()
    return target


def lines(district: District, *amounts: tuple[str, str]) -> list[ShareLine]:
    return [ShareLine(district.units[name], None, text) for name, text in amounts]


def test_shares_in_any_unit_add_up_exactly_and_are_confirmed(district: District, area: Target) -> None:
    clerk = district.actor("clerk")
    # 2.05 + 40000/10000 = 6.05
    split = sharing.share(clerk, area, lines(district, ("上渡镇", "2.05"), ("下渡镇", "40000亩")), 0)
    found = sharing.summed(area, split.shares.all())
    assert (found.total, found.difference, str(found)) == (Decimal("6.05"), Decimal(0), "6.05万亩")
    sharing.confirm(clerk, split)
    assert split.confirmed_at is not None


def test_an_uneven_split_shows_the_difference_and_needs_a_reason(district: District, area: Target) -> None:
    clerk = district.actor("clerk")
    split = sharing.share(clerk, area, lines(district, ("上渡镇", "2"), ("下渡镇", "4")), 0)
    # 2 + 4 = 6, 0.05 too little
    with pytest.raises(InputError) as wrong:
        sharing.confirm(clerk, split)
    assert "少 0.05万亩" in wrong.value.problems[0].zh
    assert split.confirmed_at is None
    sharing.confirm(clerk, split, "余下部分由区林业局直接组织实施")
    assert split.reason == "余下部分由区林业局直接组织实施"
    # Changed shares must be confirmed anew.
    split = sharing.share(clerk, area, lines(district, ("上渡镇", "6.05")), split.lock)
    assert (split.confirmed_at, split.reason) == (None, "")


def test_nothing_is_split_by_anybody_but_the_office_or_on_an_old_page(district: District, area: Target) -> None:
    for who in ("handler", "leader", "boss", "verifier", "system"):
        with pytest.raises(Refused):
            sharing.share(district.actor(who), area, lines(district, ("上渡镇", "6.05")), 0)
    clerk = district.actor("clerk")
    split = sharing.share(clerk, area, lines(district, ("上渡镇", "6.05")), 0)
    with pytest.raises(InputError, match="reload"):
        sharing.share(clerk, area, lines(district, ("下渡镇", "6.05")), 0)
    assert [share.unit.short_name for share in split.shares.all()] == ["上渡镇"]
    with pytest.raises(Refused):
        sharing.confirm(district.actor("handler"), split)


def test_every_wrong_share_is_named(district: District, area: Target) -> None:
    town = district.units["上渡镇"]
    wrong_lines = [
        ShareLine(town, None, "约2万亩"),
        ShareLine(town, dt.date(2024, 6, 30), "1"),
        ShareLine(town, dt.date(2024, 6, 30), "1"),
        ShareLine(district.units["下渡镇"], None, "5公里"),
    ]
    with pytest.raises(InputError) as wrong:
        sharing.share(district.actor("clerk"), area, wrong_lines, 0)
    said = " ".join(problem.zh for problem in wrong.value.problems)
    assert "约2万亩" in said
    assert "写了两次" in said
    assert "5公里" in said


def test_a_rate_is_reached_by_each_unit_and_never_added(district: District, area: Target) -> None:
    Target.objects.filter(pk=area.pk).update(unit="%", low=95, high=95, scale=0)
    area.refresh_from_db()
    clerk = district.actor("clerk")
    split = sharing.share(clerk, area, lines(district, ("上渡镇", "95"), ("下渡镇", "96%")), 0)
    found = sharing.summed(area, split.shares.all())
    assert (found.adds_up, found.difference) == (False, None)
    sharing.confirm(clerk, split)
    assert split.reason == ""


def test_shares_of_periods_are_due_as_their_periods_end(district: District, area: Target) -> None:
    town = district.units["上渡镇"]
    split = sharing.share(
        district.actor("clerk"),
        area,
        [ShareLine(town, dt.date(2024, 6, 30), "2"), ShareLine(town, dt.date(2024, 12, 31), "4.05")],
        0,
    )
    shares = list(split.shares.all())
    due = [sharing.due_by(shares, day) for day in (dt.date(2024, 6, 29), dt.date(2024, 6, 30), dt.date(2024, 12, 31))]
    assert [one and str(one) for one in due] == [None, "2", "6.05"]


def reported(district: District, who: str, unit: str, text: str, target: Target, number: str = "3") -> None:
    owed = district.owed(number, unit)
    percent = None if owed.is_contribution else 50
    values = Values(percent=percent, narrative="完成一部分。", figures={target.pk: text})
    actions.enter(district.actor("clerk"), owed, values, "电话", today=CALLED)
    owed.refresh_from_db()
    assert owed.current is not None
    actions.accept(district.actor("clerk"), owed.current)


def test_a_target_stands_where_those_who_report_on_it_say(district: District, area: Target) -> None:
    small.called(district)
    reported(district, "elsewhere", "区住建局", "30250亩", area)
    task = Task.objects.get(number="3")
    told = on_task.of(district.actor("clerk"), task)
    (line,) = told.targets
    assert line.standing is not None
    # 3.025 of 6.05 is a half
    assert (str(line.standing.reached), line.standing.percent) == ("3.025", 50)
    assert [part.unit.short_name for part, _report in told.parts] == ["区住建局"]
    # Somebody of another unit sees the target and no report.
    other = on_task.of(actor_of(people.account(Role.HANDLER)), task)
    assert (other.parts, other.lines) == ([], [])


def test_a_target_is_not_reached_before_it_is() -> None:
    # 99.6 % are 99 %, rounded down.
    assert sharing.Standing(figures.Exact(996, 1), figures.Exact(100, 0), "").percent == 99


def test_contributors_report_figures_where_a_share_was_given_to_them(district: District) -> None:
    clerk = district.actor("clerk")
    target = district.target("1")
    split = sharing.share(clerk, target, lines(district, ("上渡镇", "70个"), ("下渡镇", "50个")), 0)
    sharing.confirm(clerk, split)
    small.called(district)
    reported(district, "", "上渡镇", "35个", target, "1")
    reported(district, "", "区生态环境局", "60个", target, "1")
    task = Task.objects.get(number="1", parent__isnull=True)
    rows = standing.of_shares(clerk, target, task, list(split.shares.select_related("unit")), CALLED)
    # 35 of 70, and nothing said of the other
    assert [(row.unit.short_name, row.percent()) for row in rows] == [("上渡镇", 50), ("下渡镇", 0)]
    # The whole is what the lead says: what contributors did is in it, and not counted twice.
    (line,) = on_task.of(clerk, task).targets
    assert line.standing is not None
    assert str(line.standing.reached) == "60"
    page = people.client(people.account(Role.HANDLER, at=district.units["下渡镇"]))
    answer = page.get(f"/progress/owed/{district.owed('1', '下渡镇').pk}/")
    assert "本单位份额：50个" in answer.content.decode()


def test_parts_below_a_task_roll_up_visibly(district: District) -> None:
    clerk = district.actor("clerk")
    task = Task.objects.get(number="1", parent__isnull=True)
    towns = [district.units["上渡镇"], district.units["下渡镇"]]
    parts = plans.split(clerk, task, [(town, f"排查{town}", None) for town in towns])
    small.called(district)
    for part, percent in zip(parts, (40, 71), strict=True):
        owed = part.owed.get()
        actions.enter(clerk, owed, small.told(percent), "电话", today=CALLED)
        owed.refresh_from_db()
        assert owed.current is not None
        actions.accept(clerk, owed.current)
    below = on_task.of(clerk, task).below
    assert below is not None
    # (40 + 71) / 2 = 55.5, rounded down
    assert (below.percent, below.count, below.done, below.worst, below.least) == (55, 2, 0, "上渡镇", 40)
