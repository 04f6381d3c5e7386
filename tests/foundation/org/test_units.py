"""Units: made, corrected, named, ended; a name means one body; who may, and that refusals are journalled."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import pytest
from tests import people
from tests.foundation.org.district import LONG_AGO, district

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.org import actions, queries
from anlan.foundation.org.checks import UnitData
from anlan.foundation.org.models import Division, Group, Unit, UnitAlias, UnitKind
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

DAY = dt.date(2023, 6, 30)


def details() -> dict[str, dict[str, object]]:
    entry = Entry.objects.latest("pk")
    found: dict[str, dict[str, object]] = json.loads(entry.details)
    return found


def problems(call: object) -> list[str]:
    with pytest.raises(InputError) as caught:
        call()  # type: ignore[operator]
    return [problem.zh for problem in caught.value.problems]


def test_a_clerk_makes_a_unit_with_all_its_names() -> None:
    district()
    unit = actions.create_unit(
        people.actor(Role.CLERK),
        UnitData(" 区林业局 ", official_name="青溪区林业局", division=Division.objects.get(code="990101")),
        aliases=["青溪林业局"],
        misprints=["区林业业局"],
    )
    assert unit.short_name == "区林业局"
    assert unit.code
    assert queries.unit_by_name("区林业业局") == unit
    assert details()["after"]["aliases"] == ["青溪林业局"]


@pytest.mark.parametrize(
    "role", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.HANDLER, Role.UNIT_LEADER, Role.VERIFIER, Role.LEADER]
)
def test_others_may_not_make_a_unit_and_the_refusal_is_journalled(role: Role) -> None:
    with pytest.raises(Refused):
        actions.create_unit(people.actor(role), UnitData("区林业局"))
    assert Entry.objects.filter(action="org.create", outcome=Outcome.REFUSED).count() == 1
    assert not Unit.objects.filter(short_name="区林业局").exists()


@pytest.mark.parametrize("action", ["edit", "end", "name"])
def test_a_handler_may_not_change_a_unit_and_the_refusal_is_journalled(action: str) -> None:
    unit = people.unit("区水利局")
    actor = people.actor(Role.HANDLER, at=unit)
    doing: dict[str, Callable[[], object]] = {
        "edit": lambda: actions.edit_unit(actor, unit, UnitData("区水务局"), reason="更名"),
        "end": lambda: actions.end_unit(actor, unit, day=DAY, how="close", reason="撤销"),
        "name": lambda: actions.add_alias(actor, unit, "水利局"),
    }
    with pytest.raises(Refused):
        doing[action]()
    assert Entry.objects.filter(action=f"org.{action}", outcome=Outcome.REFUSED, object_id=str(unit.pk)).count() == 1


def test_everything_wrong_with_a_unit_is_told_at_once() -> None:
    district()
    told = problems(
        lambda: actions.create_unit(
            people.actor(Role.CLERK),
            UnitData("区水利局", code="编 码", kind="ministry", since=DAY, until=LONG_AGO),
            aliases=["各乡（镇）街道"],
        )
    )
    # Kind, code, period, the short name of a unit, the name of a group with brackets of another width.
    assert len(told) == 5
    assert any("“各乡（镇）街道”已是“各乡(镇)街道”的名称" in words for words in told)
    assert any("“区水利局”已是“区水利局”的名称" in words for words in told)


def test_a_name_means_one_body_and_the_message_says_who_has_it() -> None:
    units = district()
    clerk = people.actor(Role.CLERK)
    actions.add_alias(clerk, units["区水利局"], "水利局")
    told = problems(lambda: actions.add_alias(clerk, units["区工信局"], " 水利局 "))
    assert told == ["“水利局”已是“区水利局”的名称，一个名称只能指一个单位或集合；请换一个，或先从那里去掉"]
    told = problems(lambda: actions.add_alias(clerk, Group.objects.get(), "水利局"))
    assert "“区水利局”" in told[0]
    assert UnitAlias.objects.count() == 1


def test_a_group_gets_names_by_the_clerk_only() -> None:
    district()
    group = Group.objects.get()
    actions.add_alias(people.actor(Role.CLERK), group, "各乡镇")
    with pytest.raises(Refused):
        actions.add_alias(people.actor(Role.SYSTEM_ADMIN), group, "各镇")
    assert [alias.name for alias in group.aliases.all()] == ["各乡镇"]


def test_taking_a_name_away_says_in_the_journal_what_it_was() -> None:
    unit = people.unit("区水利局")
    clerk = people.actor(Role.CLERK)
    alias = actions.add_alias(clerk, unit, "区水力局", misprint=True)
    actions.remove_alias(clerk, alias, reason="是另一单位")
    assert queries.unit_by_name("区水力局") is None
    assert details()["before"] == {"alias": "区水力局", "misprint": True}


def test_a_correction_keeps_what_stood_there_before_in_the_journal() -> None:
    unit = people.unit("区水利局")
    actions.edit_unit(
        people.actor(Role.SYSTEM_ADMIN),
        unit,
        UnitData("区水务局", code=unit.code, official_name="青溪区水务局", kind=UnitKind.DEPARTMENT),
        reason="名称写错",
    )
    assert details() == {
        "before": {"short_name": "区水利局", "official_name": ""},
        "after": {"short_name": "区水务局", "official_name": "青溪区水务局"},
    }
    assert Entry.objects.latest("pk").reason == "名称写错"


def test_a_unit_merged_into_another_ends_and_hands_on_its_groups() -> None:
    units = district()
    up, down = units["上渡镇"], units["下渡镇"]
    new = people.unit("大渡镇", UnitKind.TOWNSHIP)
    actions.end_unit(people.actor(Role.CLERK), up, day=DAY, how="merge", successors=[new], reason="撤并")
    group = Group.objects.get()
    next_day = DAY + dt.timedelta(days=1)
    assert {unit.short_name for unit in queries.members(group, DAY)} == {"上渡镇", "下渡镇"}
    assert set(queries.members(group, next_day)) == {down, new}
    assert queries.followed(up, next_day) == [new]
    assert queries.followed(up, DAY) == [up]


def test_successors_are_followed_through_several_reforms() -> None:
    units = district()
    clerk = people.actor(Role.CLERK)
    first, second = units["区水利局"], units["区工信局"]
    third, fourth = people.unit("区水务局"), people.unit("区河道局")
    actions.end_unit(clerk, first, day=dt.date(2021, 1, 1), how="rename", successors=[second], reason="改革")
    actions.end_unit(clerk, second, day=dt.date(2022, 1, 1), how="split", successors=[third, fourth], reason="改革")
    assert queries.followed(first, dt.date(2021, 6, 1)) == [second]
    assert queries.followed(first, dt.date(2023, 1, 1)) == [third, fourth]
    assert list(third.predecessors.all()) == [second]


def test_an_end_that_cannot_be_is_told_with_all_its_reasons() -> None:
    units = district()
    clerk = people.actor(Role.CLERK)
    water, industry = units["区水利局"], units["区工信局"]
    actions.end_unit(clerk, water, day=DAY, how="rename", successors=[industry], reason="改革")
    told = problems(lambda: actions.end_unit(clerk, industry, day=DAY, how="split", successors=[water], reason="改革"))
    # One successor only, and that one ended the same day.
    assert len(told) == 2
    told = problems(
        lambda: actions.end_unit(
            clerk, industry, day=dt.date(2022, 1, 1), how="rename", successors=[water], reason="改革"
        )
    )
    assert told == ["“区水利局”本身由“区工信局”承接，会成循环"]
    assert (
        "自己"
        in problems(
            lambda: actions.end_unit(clerk, industry, day=DAY, how="rename", successors=[industry], reason="改革")
        )[0]
    )
    assert (
        "现在选了 1 个"
        in problems(
            lambda: actions.end_unit(clerk, industry, day=DAY, how="close", successors=[units["上渡镇"]], reason="改革")
        )[0]
    )


def test_a_collision_that_the_checks_could_not_see_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    people.unit("区水利局")
    # As if the other clerk saved between our check and our writing.
    monkeypatch.setattr(actions, "unit_problems", lambda data, unit, book: [])
    assert "刚才有人改了" in problems(lambda: actions.create_unit(people.actor(Role.CLERK), UnitData("区水利局")))[0]


def test_units_of_a_territory_are_found_by_the_beginning_of_its_code() -> None:
    units = district()
    units["上渡镇"].division = Division.objects.get(code="990101101")
    units["上渡镇"].save()
    units["区水利局"].division = Division.objects.get(code="990101")
    units["区水利局"].save()
    assert {unit.short_name for unit in queries.in_territory("990101")} == {"上渡镇", "区水利局"}
    assert {unit.short_name for unit in queries.in_territory("990101101")} == {"上渡镇"}
    units["上渡镇"].until = DAY
    units["上渡镇"].save()
    assert not queries.in_territory("990101101", DAY + dt.timedelta(days=1)).exists()


def test_units_without_anybody_in_charge_are_told_with_what_they_lack() -> None:
    from tests.foundation.org.district import holder

    from anlan.foundation.org.models import PostKind

    units = district()
    people.unit("青溪集团", UnitKind.COMPANY)
    holder(units["区水利局"], PostKind.GOVERNMENT_HEAD, "甲")
    holder(units["区工信局"], PostKind.GOVERNMENT_HEAD, "乙")
    holder(units["区工信局"], PostKind.PARTY_HEAD, "丙", "党组书记")
    found = {one.unit.short_name: one.kinds for one in queries.missing_heads(DAY)}
    both = (PostKind.PARTY_HEAD, PostKind.GOVERNMENT_HEAD)
    # Neither the company, nor the unit that has both.
    assert found == {"上渡镇": both, "下渡镇": both, "区水利局": (PostKind.PARTY_HEAD,)}
    # Those without anybody stand first.
    assert [one.is_bare for one in queries.missing_heads(DAY)] == [True, True, False]
