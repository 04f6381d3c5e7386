"""Groups: members with days, each change dated, resolved on any day."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from tests import people
from tests.foundation.org.district import LONG_AGO, district

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.org import actions, queries
from anlan.foundation.org.models import Group, Membership
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

DAY = dt.date(2023, 6, 30)


def members(day: dt.date) -> set[str]:
    return {unit.short_name for unit in queries.members(Group.objects.get(), day)}


def test_a_group_resolves_to_its_members_on_a_day() -> None:
    units = district()
    clerk = people.actor(Role.CLERK)
    done = actions.set_members(clerk, Group.objects.get(), [units["上渡镇"], units["区水利局"]], day=DAY, reason="调整")
    assert done
    assert members(DAY - dt.timedelta(days=1)) == {"上渡镇", "下渡镇"}
    assert members(DAY) == {"上渡镇", "区水利局"}
    assert members(dt.date(2019, 1, 1)) == set()
    entry = Entry.objects.latest("pk")
    assert (entry.action, entry.reason) == ("org.group", "调整")
    assert json.loads(entry.details)["after"] == {"from": "2023-06-30", "members": ["上渡镇", "区水利局"]}


def test_the_same_members_again_change_nothing_and_are_not_journalled() -> None:
    units = district()
    before = Entry.objects.count()
    clerk = people.actor(Role.CLERK)
    assert not actions.set_members(clerk, Group.objects.get(), [units["上渡镇"], units["下渡镇"]], day=DAY, reason="无")
    assert Entry.objects.count() == before


def test_two_changes_of_one_day_leave_no_membership_that_never_was() -> None:
    units = district()
    clerk = people.actor(Role.CLERK)
    group = Group.objects.get()
    actions.set_members(clerk, group, [units["区水利局"]], day=DAY, reason="一")
    actions.set_members(clerk, group, [units["区工信局"]], day=DAY, reason="二")
    assert members(DAY) == {"区工信局"}
    assert not Membership.objects.filter(unit=units["区水利局"]).exists()


def test_a_change_replaces_what_was_planned_for_later() -> None:
    units = district()
    clerk = people.actor(Role.CLERK)
    group = Group.objects.get()
    actions.set_members(clerk, group, [units["上渡镇"]], day=dt.date(2023, 12, 1), reason="年底调整")
    # 下渡镇 was to leave, and stays after all.
    actions.set_members(clerk, group, [units["上渡镇"], units["下渡镇"]], day=DAY, reason="不调整")
    assert members(dt.date(2024, 1, 1)) == {"上渡镇", "下渡镇"}


def test_a_unit_that_has_ended_is_no_member_and_cannot_be_made_one() -> None:
    units = district()
    clerk = people.actor(Role.CLERK)
    units["上渡镇"].until = dt.date(2022, 12, 31)
    units["上渡镇"].save()
    assert members(DAY) == {"下渡镇"}
    with pytest.raises(InputError) as caught:
        actions.set_members(clerk, Group.objects.get(), [units["上渡镇"]], day=DAY, reason="调整")
    assert (
        caught.value.problems[0].zh == "“上渡镇”已于 2022-12-31 停用；请改选承接单位"
        or "停用" in caught.value.problems[0].zh
    )


@pytest.mark.parametrize(
    "role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.HANDLER, Role.UNIT_LEADER, Role.LEADER]
)
def test_only_the_clerk_sets_members_and_others_are_refused_and_journalled(role: Role) -> None:
    units = district()
    with pytest.raises(Refused):
        actions.set_members(people.actor(role), Group.objects.get(), [units["区水利局"]], day=DAY, reason="调整")
    assert Entry.objects.filter(action="org.group", outcome=Outcome.REFUSED).count() == 1
    assert members(DAY) == {"上渡镇", "下渡镇"}


def test_a_group_is_made_and_corrected_under_a_name_of_its_own() -> None:
    district()
    clerk = people.actor(Role.CLERK)
    made = actions.create_group(clerk, name="区直有关单位", aliases=["有关部门"])
    actions.edit_group(clerk, made, name="区直单位", code="qz", note="派发前落实", reason="更正")
    assert json.loads(Entry.objects.latest("pk").details)["before"]["name"] == "区直有关单位"
    with pytest.raises(InputError) as caught:
        actions.create_group(clerk, name="区水利局", code="qz")
    # The code is that of the group above, the name that of a unit.
    assert len(caught.value.problems) == 2
    assert LONG_AGO < DAY
