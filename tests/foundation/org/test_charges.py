"""The chain of responsibility: set by posts, read on a day, taken in and out as a sheet."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from tests import people

from anlan.foundation.access.actor import machine
from anlan.foundation.access.roles import Role
from anlan.foundation.org import staffing
from anlan.foundation.org.chain import Chains, Link
from anlan.foundation.org.charging import set_charge
from anlan.foundation.org.importable import CHARGES
from anlan.foundation.org.models import Charge, ChargePlace, Person, Post, PostKind, Unit, UnitKind
from anlan.foundation.sheets import staging, writing
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])
JANUARY, JULY = dt.date(2024, 1, 1), dt.date(2024, 7, 1)


def post(unit: Unit, title: str, name: str, kind: PostKind = PostKind.STAFF) -> Post:
    return Post.objects.create(
        person=Person.objects.create(name=name), unit=unit, title=title, kind=kind, since=dt.date(2020, 1, 1)
    )


@pytest.fixture
def bureau() -> Unit:
    """Bureau with both heads, an office, and a vice head of the district over it."""
    unit, district = people.unit("区水利局"), people.unit("区政府")
    post(district, "副区长", "甲")
    post(unit, "党组书记", "乙", PostKind.PARTY_HEAD)
    post(unit, "局长", "丙", PostKind.GOVERNMENT_HEAD)
    post(unit, "河湖科科长", "丁")
    return unit


def told(links: list[Link]) -> list[str]:
    return [link.told.zh for link in links]


def complete(unit: Unit) -> None:
    clerk = people.actor(Role.CLERK)
    set_charge(clerk, unit, ChargePlace.LEADER, at=Unit.objects.get(short_name="区政府"), title="副区长", since=JANUARY)
    set_charge(clerk, unit, ChargePlace.OFFICE, at=None, title="河湖科科长", since=JANUARY)


def test_the_chain_goes_from_the_leader_over_the_heads_to_the_office(bureau: Unit) -> None:
    complete(bureau)
    assert told(Chains(JULY).of(bureau)) == ["区政府 副区长 甲", "党组书记 乙", "局长 丙", "河湖科科长 丁"]


def test_gaps_are_named(bureau: Unit) -> None:
    bare = people.unit("区林业局")
    assert told(Chains(JULY).of(bare)) == [
        "“区林业局”没有指定分管区领导",
        "“区林业局”缺党委（党组）负责人",
        "“区林业局”缺行政负责人",
        "“区林业局”没有指定责任科室",
    ]
    complete(bureau)
    Post.objects.filter(title="副区长").update(until=dt.date(2024, 6, 30))
    first = Chains(JULY).of(bureau)[0]
    assert (first.told.zh, first.told.en) == ("区政府 副区长空缺", "区政府 副区长: vacant")


def test_a_handover_changes_the_person_and_the_day_before_still_names_the_old_one(bureau: Unit) -> None:
    complete(bureau)
    held = Post.objects.get(title="副区长")
    staffing.hand_over(people.actor(Role.CLERK), held, staffing.Newcomer("戊"), day=JULY, reason="调整分工")
    assert told(Chains(JULY).of(bureau))[0] == "区政府 副区长 戊"
    assert told(Chains(dt.date(2024, 6, 30)).of(bureau))[0] == "区政府 副区长 甲"


def test_a_change_ends_what_was_set_the_day_before(bureau: Unit) -> None:
    complete(bureau)
    post(bureau, "水政科科长", "己")
    set_charge(people.actor(Role.CLERK), bureau, ChargePlace.OFFICE, at=None, title="水政科科长", since=JULY)
    assert told(Chains(JULY).of(bureau))[3] == "水政科科长 己"
    assert told(Chains(dt.date(2024, 6, 30)).of(bureau))[3] == "河湖科科长 丁"
    # Nothing is set before the first day.
    assert Chains(dt.date(2023, 12, 31)).of(bureau)[3].gap is not None
    # The same day again corrects, an empty post takes away.
    set_charge(people.actor(Role.CLERK), bureau, ChargePlace.OFFICE, at=None, title="河湖科科长", since=JULY)
    assert told(Chains(JULY).of(bureau))[3] == "河湖科科长 丁"
    set_charge(people.actor(Role.CLERK), bureau, ChargePlace.OFFICE, at=None, title="", since=JULY)
    assert Chains(JULY).of(bureau)[3].gap is not None


def test_in_a_township_the_last_link_is_its_post_or_else_its_head() -> None:
    town = people.unit("上渡镇", UnitKind.TOWNSHIP)
    post(town, "镇长", "庚", PostKind.GOVERNMENT_HEAD)
    assert told([Chains(JULY).township(town)]) == ["镇长 庚"]
    post(town, "副镇长", "辛")
    set_charge(people.actor(Role.CLERK), town, ChargePlace.TOWNSHIP, at=None, title="副镇长", since=JANUARY)
    assert told([Chains(JULY).township(town)]) == ["副镇长 辛"]


def test_what_cannot_be_is_refused_with_the_way_out(bureau: Unit) -> None:
    clerk = people.actor(Role.CLERK)
    with pytest.raises(InputError, match="is no township"):
        set_charge(clerk, bureau, ChargePlace.TOWNSHIP, at=None, title="科长", since=JULY)
    with pytest.raises(InputError, match="must be at 区水利局 itself"):
        set_charge(clerk, bureau, ChargePlace.OFFICE, at=people.unit("区政府"), title="科长", since=JULY)
    set_charge(clerk, bureau, ChargePlace.OFFICE, at=None, title="河湖科科长", since=JULY)
    with pytest.raises(InputError, match="begin no earlier"):
        set_charge(clerk, bureau, ChargePlace.OFFICE, at=None, title="另一科", since=JANUARY)


@pytest.mark.parametrize("role", [Role.HANDLER, Role.UNIT_LEADER, Role.LEADER, Role.SYSTEM_ADMIN, Role.VERIFIER])
def test_only_the_office_sets_the_chain(bureau: Unit, role: Role) -> None:
    actor = people.actor(role, at=bureau if role in (Role.HANDLER, Role.UNIT_LEADER) else None)
    with pytest.raises(PermissionDenied):
        set_charge(actor, bureau, ChargePlace.OFFICE, at=None, title="河湖科科长", since=JULY)
    assert not Charge.objects.exists()


def test_a_sheet_sets_it_and_comes_back_unchanged(bureau: Unit) -> None:
    rows = "单位,环节,职务所在单位,职务,起始日期\n区水利局,分管领导,区政府,副区长,2024-01-01\n区水利局,责任科室,,河湖科科长,2024-01-01\n"
    staging.take(machine("试"), CHARGES, rows.encode(), "责任链.csv")
    assert told(Chains(JULY).of(bureau)) == ["区政府 副区长 甲", "党组书记 乙", "局长 丙", "河湖科科长 丁"]
    out = writing.book(CHARGES.spec, CHARGES.current(), "zh")
    dry = staging.examine(CHARGES, out, "导出.xlsx")
    assert not dry.work
    assert not dry.faults


def test_errors_of_a_sheet_are_told_all_at_once(bureau: Unit) -> None:
    rows = "单位,环节,职务所在单位,职务\n区水利局,乡镇责任人,,科长\n没有的局,责任科室,,科长\n"
    with pytest.raises(InputError) as caught:
        staging.take(machine("试"), CHARGES, rows.encode(), "责任链.csv")
    assert len(caught.value.problems) == 2


def test_the_page_shows_the_day_the_gaps_and_lets_the_office_set_one(bureau: Unit) -> None:
    people.unit("区林业局")
    clerk = people.client(people.account(Role.CLERK))
    form = {"unit": "区水利局", "place": "leader", "at": "区政府", "title": "副区长", "since": "2024-01-01"}
    assert clerk.post(reverse("charge-new"), form).status_code == 302
    assert clerk.post(reverse("charge-new"), {**form, "unit": "没有的局"}).status_code == 422
    html = clerk.get(reverse("charges")).content.decode()
    assert "区政府 副区长 甲" in html
    assert html.count("sign-yellow") > 3
    assert "区政府 副区长 甲" not in clerk.get(reverse("charges") + "?on=2023-12-31").content.decode()
    assert "没有缺口" not in clerk.get(reverse("charges") + "?gaps=1").content.decode()
    handler = people.client(people.account(Role.HANDLER, at=bureau))
    assert handler.get(reverse("charges")).status_code == 200
    assert handler.get(reverse("charge-new")).status_code == 403
