"""Pages of units, groups and people as a browser sees them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import FileResponse
from django.test import Client
from django.urls import reverse
from tests import people
from tests.foundation.org.district import district, holder

from anlan.foundation.access.actor import machine
from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.org import queries
from anlan.foundation.org.importable import UNITS
from anlan.foundation.org.models import Group, Person, Post, PostKind, Unit, UnitAlias
from anlan.foundation.search.index import search
from anlan.foundation.sheets import staging

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def saved(browser: Client, where: str, **asked: str) -> bytes:
    answer = browser.get(where, asked)
    assert isinstance(answer, FileResponse)
    return answer.getvalue()


def test_the_list_finds_a_unit_by_an_alias_and_filters_by_kind_state_and_missing_heads() -> None:
    units = district()
    UnitAlias.objects.create(name="河道处", unit=units["区水利局"])
    units["区工信局"].until = dt.date(2022, 12, 31)
    units["区工信局"].save()
    holder(units["区水利局"], PostKind.PARTY_HEAD)
    holder(units["区水利局"], PostKind.GOVERNMENT_HEAD, "乙")
    browser = people.client(people.account(Role.LEADER))
    page = text(browser.get(reverse("units"), {"q": "河道处"}))
    assert "区水利局" in page
    assert "上渡镇" not in page
    assert "上渡镇" in text(browser.get(reverse("units"), {"kind": "township"}))
    assert ">区工信局<" in text(browser.get(reverse("units"), {"state": "ended"}))
    lacking = text(browser.get(reverse("units"), {"heads": "missing"}))
    assert ">上渡镇<" in lacking
    assert ">区水利局<" not in lacking
    assert saved(browser, reverse("units"), export="xlsx")


def test_a_handler_sees_units_and_no_buttons_that_change_them() -> None:
    units = district()
    browser = people.client(people.account(Role.HANDLER, at=units["区水利局"]))
    page = text(browser.get(reverse("unit", args=[units["区水利局"].pk])))
    for name in ("unit-edit", "unit-end", "unit-name-new"):
        assert reverse(name, args=[units["区水利局"].pk]) not in page
    assert reverse("unit-new") not in text(browser.get(reverse("units")))


@pytest.mark.parametrize("name", ["unit-edit", "unit-end", "unit-name-new"])
def test_a_handler_who_knows_the_address_is_refused_and_journalled(name: str) -> None:
    units = district()
    browser = people.client(people.account(Role.HANDLER, at=units["区水利局"]))
    assert browser.get(reverse(name, args=[units["区水利局"].pk])).status_code == 403
    assert Entry.objects.filter(outcome=Outcome.REFUSED).count() == 1


def test_a_clerk_makes_a_unit_and_errors_stand_beside_their_fields() -> None:
    district()
    browser = people.client(people.account(Role.CLERK))
    values = {"short_name": "区水利局", "kind": "department", "division": "无此镇", "aliases": "各乡(镇)街道"}
    answer = browser.post(reverse("unit-new"), values)
    assert answer.status_code == 422
    assert "没有“无此镇”这个区划" in text(answer)
    answer = browser.post(reverse("unit-new"), values | {"division": "青溪区"})
    page = text(answer)
    # Summed up at the top with links, and beside each field.
    assert page.count("“区水利局”已是“区水利局”的名称") == 2
    assert 'href="#id_short_name"' in page
    assert 'href="#id_aliases"' in page
    answer = browser.post(
        reverse("unit-new"), values | {"division": "青溪区", "short_name": "区林业局", "aliases": "林业局\n区林场"}
    )
    made = Unit.objects.get(short_name="区林业局")
    assert answer["Location"] == reverse("unit", args=[made.pk])
    page = text(browser.get(answer["Location"]))
    assert "区林场" in page
    assert "新增单位" in page


def test_a_correction_asks_for_a_reason_and_its_story_shows_both_values() -> None:
    units = district()
    unit = units["区水利局"]
    browser = people.client(people.account(Role.CLERK))
    values = {"short_name": "区水务局", "kind": "department", "code": unit.code}
    assert browser.post(reverse("unit-edit", args=[unit.pk]), values).status_code == 422
    browser.post(reverse("unit-edit", args=[unit.pk]), values | {"reason": "名称写错了"})
    page = text(browser.get(reverse("unit", args=[unit.pk])))
    assert "<del>区水利局</del> → 区水务局" in page
    assert "理由：名称写错了" in page


def test_a_unit_is_ended_by_naming_its_successors() -> None:
    units = district()
    up = units["上渡镇"]
    browser = people.client(people.account(Role.CLERK))
    values = {"day": "2023-06-30", "how": "merge", "successors": "中渡镇", "hand_on_groups": "on", "reason": "撤并"}
    answer = browser.post(reverse("unit-end", args=[up.pk]), values)
    assert answer.status_code == 422
    assert "没有“中渡镇”这个单位，是不是“" in text(answer)
    browser.post(reverse("unit-end", args=[up.pk]), values | {"successors": "下渡镇"})
    up.refresh_from_db()
    assert up.until == dt.date(2023, 6, 30)
    page = text(browser.get(reverse("unit", args=[up.pk])))
    assert "现由谁承接" in page
    assert "并入另一单位" in page


def test_a_name_is_added_and_taken_away_with_a_reason() -> None:
    units = district()
    browser = people.client(people.account(Role.CLERK))
    unit = units["区水利局"]
    browser.post(reverse("unit-name-new", args=[unit.pk]), {"name": "区水力局", "misprint": "on"})
    alias = UnitAlias.objects.get()
    assert alias.misprint
    assert browser.post(reverse("name-remove", args=[alias.pk]), {"reason": ""}).status_code == 422
    browser.post(reverse("name-remove", args=[alias.pk]), {"reason": "另有其人"})
    assert not UnitAlias.objects.exists()


def test_members_are_ticked_several_at_once_and_shown_for_any_day() -> None:
    units = district()
    group = Group.objects.get()
    browser = people.client(people.account(Role.CLERK))
    page = text(browser.get(reverse("group-members", args=[group.pk])))
    assert page.count(" checked") == 2
    values = {"units": [units["区水利局"].pk, units["区工信局"].pk], "day": "2024-01-01", "reason": "调整分工"}
    browser.post(reverse("group-members", args=[group.pk]), values)
    assert set(queries.members(group, dt.date(2024, 1, 1))) == {units["区水利局"], units["区工信局"]}
    url = reverse("group", args=[group.pk])
    assert "成员（2 个）" in text(browser.get(url, {"day": "2023-12-31"}))
    assert "成员（0 个）" in text(browser.get(url, {"day": "2019-12-31"}))
    assert "“昨天”不是日期" in text(browser.get(url, {"day": "昨天"}))


def test_a_group_is_made_by_the_clerk_and_the_administrator_is_refused() -> None:
    assert people.client(people.account(Role.SYSTEM_ADMIN)).get(reverse("group-new")).status_code == 403
    browser = people.client(people.account(Role.CLERK))
    answer = browser.post(reverse("group-new"), {"name": "区直有关单位", "aliases": "有关部门"})
    group = Group.objects.get()
    assert answer["Location"] == reverse("group-members", args=[group.pk])
    assert browser.get(answer["Location"]).status_code == 200
    browser.post(reverse("group-edit", args=[group.pk]), {"name": "区直单位", "code": "qz", "reason": "更正"})
    browser.post(reverse("group-name-new", args=[group.pk]), {"name": "各单位"})
    assert "区直单位" in text(browser.get(reverse("groups"), {"q": "各单位"}))


def test_a_post_is_handed_over_on_the_page_of_whoever_holds_it() -> None:
    units = district()
    post = holder(units["区水利局"])
    browser = people.client(people.account(Role.CLERK))
    assert reverse("post-hand-over", args=[post.pk]) in text(browser.get(reverse("person", args=[post.person_id])))
    url = reverse("post-hand-over", args=[post.pk])
    assert "两者取其一" in text(browser.post(url, {"day": "2023-07-01", "reason": "调任"}))
    assert "没有叫“乙”的人员" in text(browser.post(url, {"to": "乙", "day": "2023-07-01", "reason": "调任"}))
    answer = browser.post(url, {"name": "乙", "day": "2023-07-01", "reason": "调任"})
    made = Post.objects.get(predecessor=post)
    assert answer["Location"] == reverse("person", args=[made.person_id])
    page = text(browser.get(answer["Location"]))
    assert "前任" in page
    assert "甲" in page


def test_two_people_of_one_name_are_told_apart_by_their_number() -> None:
    units = district()
    post = holder(units["区水利局"])
    one, _ = Person.objects.create(name="乙"), Person.objects.create(name="乙")
    browser = people.client(people.account(Role.CLERK))
    url = reverse("post-hand-over", args=[post.pk])
    values = {"to": "乙", "day": "2023-07-01", "reason": "调任"}
    assert f"乙 #{one.pk}" in text(browser.post(url, values))
    browser.post(url, values | {"to": f"乙 #{one.pk}"})
    assert Post.objects.get(predecessor=post).person == one


def test_a_unit_leader_takes_in_own_people_and_is_refused_elsewhere() -> None:
    units = district()
    other = holder(units["区工信局"], name="乙")
    browser = people.client(people.account(Role.UNIT_LEADER, at=units["区水利局"]))
    values = {"name": "丙", "unit": "区水利局", "title": "科员", "kind": "staff"}
    browser.post(reverse("person-new"), values)
    person = Person.objects.get(name="丙")
    assert browser.get(reverse("person-edit", args=[person.pk])).status_code == 200
    assert browser.post(reverse("person-new"), values | {"unit": "区工信局"}).status_code == 403
    assert browser.get(reverse("post-end", args=[other.pk])).status_code == 403
    browser.post(reverse("post-end", args=[person.posts.get().pk]), {"day": "2026-11-01", "reason": "调离"})
    assert person.posts.get().until == dt.date(2026, 11, 1)


def test_posts_and_people_are_corrected_with_a_reason() -> None:
    units = district()
    post = holder(units["区水利局"])
    browser = people.client(people.account(Role.SYSTEM_ADMIN))
    values = {
        "unit": "区水利局",
        "title": "局长（正科）",
        "kind": "government_head",
        "since": "2020-01-01",
        "reason": "更正",
    }
    browser.post(reverse("post-edit", args=[post.pk]), values)
    browser.post(
        reverse("person-edit", args=[post.person_id]), {"name": "甲", "phone": "0798-1234567", "reason": "换号"}
    )
    browser.post(reverse("post-new", args=[post.person_id]), {"unit": "区工信局", "title": "副局长", "kind": "deputy"})
    page = text(browser.get(reverse("person", args=[post.person_id])))
    for shown in ("局长（正科）", "0798-1234567", "副局长"):
        assert shown in page
    assert "副局长" in text(browser.get(reverse("people"), {"q": "区工信局"}))
    assert saved(browser, reverse("people"), kind="deputy", now="yes", export="xlsx")


def test_units_without_heads_are_counted_and_listed() -> None:
    units = district()
    holder(units["区水利局"], PostKind.PARTY_HEAD)
    browser = people.client(people.account(Role.CLERK))
    page = text(browser.get(reverse("missing-heads")))
    # Four units; three without anybody, three without a party head, four without a government head.
    assert [f"<dd>{number}</dd>" in page for number in (4, 3)] == [True, True]
    assert page.count("<dd>3</dd>") == 2
    assert page.count("<dd>4</dd>") == 2


def test_units_people_and_groups_are_found_from_the_top_bar_as_soon_as_they_are_saved() -> None:
    browser = people.client(people.account(Role.CLERK))
    browser.post(reverse("unit-new"), {"short_name": "区林业局", "kind": "department", "misprints": "区林业业局"})
    browser.post(reverse("group-new"), {"name": "各林场"})
    browser.post(reverse("person-new"), {"name": "张某某", "unit": "区林业局", "title": "局长", "kind": "staff"})
    actor = people.actor(Role.LEADER)
    assert [hit.title for group in search(actor, "业业") for hit in group.hits] == ["区林业局"]
    assert [hit.title for group in search(actor, "林场") for hit in group.hits] == ["各林场"]
    assert [hit.title for group in search(actor, "张某") for hit in group.hits] == ["张某某"]


def test_the_list_of_units_asks_the_database_the_same_however_long_it_is(django_assert_max_num_queries: object) -> None:
    for number in range(30):
        people.unit(f"第{number}单位")
    browser = people.client(people.account(Role.CLERK))
    browser.get(reverse("units"))
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        browser.get(reverse("units"))


def test_the_story_of_a_unit_tells_what_an_import_changed_in_it() -> None:
    unit = people.unit("区水利局")
    data = f"编码,简称,全称,类别\n{unit.code},区水利局,青溪区水利局,区直\n,区林业局,,区直\n".encode()
    staging.take(machine("试"), UNITS, data, "a.csv", reason="核实全称")
    browser = people.client(people.account(Role.LEADER))
    page = text(browser.get(reverse("unit", args=[unit.pk])))
    assert "理由：核实全称" in page
    assert "全称：青溪区水利局" in page
    # A unit that the import made, without a code in the file, has it in its story too.
    made = Unit.objects.get(short_name="区林业局")
    assert "理由：核实全称" in text(browser.get(reverse("unit", args=[made.pk])))
