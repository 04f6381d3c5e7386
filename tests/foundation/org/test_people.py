"""People and posts: taken in with a post, handed over with a link back, ended; a unit leader's reach."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from tests import people
from tests.foundation.org.district import LONG_AGO, district, holder

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.roles import Role
from anlan.foundation.access.rules import may, visible
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.org import queries, staffing
from anlan.foundation.org.checks import PostData
from anlan.foundation.org.models import Person, Post, PostKind
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

DAY = dt.date(2023, 7, 1)


def problems(call: object) -> list[str]:
    with pytest.raises(InputError) as caught:
        call()  # type: ignore[operator]
    return [problem.zh for problem in caught.value.problems]


def test_a_person_is_taken_in_with_a_first_post() -> None:
    units = district()
    person = staffing.create_person(
        people.actor(Role.CLERK),
        name="甲",
        phone="0798-1234567",
        post=PostData(units["区水利局"], "局长", PostKind.GOVERNMENT_HEAD),
    )
    assert [post.title for post in queries.posts_at(units["区水利局"], DAY)] == ["局长"]
    assert json.loads(Entry.objects.latest("pk").details)["after"]["post"]["unit"] == "区水利局"
    assert person.phone == "0798-1234567"


def test_handing_over_ends_one_post_and_begins_another_the_next_day() -> None:
    units = district()
    old = holder(units["区水利局"])
    new = Person.objects.create(name="乙")
    made = staffing.hand_over(people.actor(Role.CLERK), old, new, day=DAY, reason="调任")
    old.refresh_from_db()
    # Taken over on 1 July, so 30 June was the last day of the one before.
    assert old.until == dt.date(2023, 6, 30)
    assert (made.since, made.title, made.kind, made.predecessor) == (DAY, "局长", "government_head", old)
    assert [post.person.name for post in queries.posts_at(units["区水利局"], dt.date(2023, 6, 30))] == ["甲"]
    assert [post.person.name for post in queries.posts_at(units["区水利局"], DAY)] == ["乙"]
    entry = Entry.objects.latest("pk")
    assert (entry.action, entry.reason) == ("org.hand_over", "调任")


def test_a_post_is_handed_over_to_somebody_new_in_one_step() -> None:
    units = district()
    made = staffing.hand_over(
        people.actor(Role.CLERK),
        holder(units["区水利局"]),
        staffing.Newcomer("丁", "0798-1765432"),
        day=DAY,
        reason="调任",
    )
    assert made.person.name == "丁"


def test_a_handover_that_cannot_be_is_told() -> None:
    units = district()
    clerk = people.actor(Role.CLERK)
    post = holder(units["区水利局"])
    assert "就是现任" in problems(lambda: staffing.hand_over(clerk, post, post.person, day=DAY, reason="调任"))[0]
    # The post began on 2020-01-01, so the earliest day for a successor is 2020-01-02.
    told = problems(
        lambda: staffing.hand_over(clerk, post, Person.objects.create(name="乙"), day=LONG_AGO, reason="调任")
    )
    assert told == ["接任日期 2020-01-01 应晚于现任的任职日期 2020-01-01"]
    staffing.end_post(clerk, post, day=dt.date(2023, 1, 1), reason="退休")
    told = problems(lambda: staffing.hand_over(clerk, post, Person.objects.create(name="丙"), day=DAY, reason="调任"))
    assert told == ["这一职务已于 2023-01-01 结束"]


def test_a_unit_has_one_head_of_a_kind_at_a_time() -> None:
    units = district()
    clerk = people.actor(Role.CLERK)
    holder(units["区水利局"])
    told = problems(
        lambda: staffing.create_person(
            clerk, name="乙", post=PostData(units["区水利局"], "代局长", PostKind.GOVERNMENT_HEAD, DAY)
        )
    )
    assert told[0].endswith("换人请用“交接”")
    # Several deputies are usual.
    for name in ("丙", "丁"):
        staffing.create_person(clerk, name=name, post=PostData(units["区水利局"], "副局长", PostKind.DEPUTY))
    # And whoever held it before the other began does not count.
    staffing.create_person(
        clerk,
        name="戊",
        post=PostData(units["区水利局"], "局长", PostKind.GOVERNMENT_HEAD, dt.date(2018, 1, 1), dt.date(2019, 12, 31)),
    )


def test_everything_wrong_with_a_person_is_told_at_once() -> None:
    units = district()
    told = problems(
        lambda: staffing.create_person(
            people.actor(Role.CLERK), name=" ", phone="无", post=PostData(units["区水利局"], "", "boss", DAY, LONG_AGO)
        )
    )
    # Name, telephone, title, kind, period.
    assert len(told) == 5


def test_a_post_is_corrected_with_its_reason_and_both_states() -> None:
    units = district()
    post = holder(units["区水利局"])
    staffing.edit_post(
        people.actor(Role.CLERK),
        post,
        PostData(units["区水利局"], "党组书记", PostKind.PARTY_HEAD, LONG_AGO),
        reason="写错了",
    )
    assert json.loads(Entry.objects.latest("pk").details) == {
        "before": {"title": "局长", "kind": "government_head"},
        "after": {"title": "党组书记", "kind": "party_head"},
    }


def test_a_unit_leader_keeps_the_people_of_the_own_unit_only() -> None:
    units = district()
    leader = people.actor(Role.UNIT_LEADER, at=units["区水利局"])
    own, other = holder(units["区水利局"]), holder(units["区工信局"], name="乙")
    staffing.edit_person(leader, own.person, name="甲", phone="0798-1234567", reason="换号")
    staffing.create_person(leader, name="丙", post=PostData(units["区水利局"], "科员"))
    with pytest.raises(Refused):
        staffing.edit_person(leader, other.person, name="乙", phone="0798-1234567", reason="换号")
    with pytest.raises(Refused):
        staffing.create_person(leader, name="丁", post=PostData(units["区工信局"], "科员"))
    with pytest.raises(Refused):
        staffing.hand_over(leader, other, own.person, day=DAY, reason="调任")
    # To move a post to another unit is to make one there.
    with pytest.raises(Refused):
        staffing.edit_post(leader, own, PostData(units["区工信局"], "局长", own.kind, LONG_AGO), reason="调动")
    assert Entry.objects.filter(outcome=Outcome.REFUSED).count() == 4


def test_whoever_left_a_unit_is_no_longer_its_leaders() -> None:
    units = district()
    post = holder(units["区水利局"])
    leader = people.actor(Role.UNIT_LEADER, at=units["区水利局"])
    assert may(leader, "org.people", post.person)
    staffing.end_post(people.actor(Role.CLERK), post, day=dt.date(2021, 1, 1), reason="调离")
    assert not may(leader, "org.people", post.person)
    assert post.person not in visible(leader, "org.people", Person.objects.all())


def test_rule_and_query_of_people_agree() -> None:
    units = district()
    holder(units["区水利局"])
    holder(units["区工信局"], name="乙")
    Person.objects.create(name="丙")
    for role in Role:
        actor = people.actor(role, at=units["区水利局"])
        for code, rows in (("org.people", Person.objects.all()), ("org.post", Post.objects.all())):
            seen = set(visible(actor, code, rows))
            assert seen == {row for row in rows if may(actor, code, row)}, (role, code)


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.HANDLER, Role.VERIFIER, Role.LEADER])
def test_others_may_change_neither_people_nor_posts(role: Role) -> None:
    units = district()
    post = holder(units["区水利局"])
    actor = people.actor(role, at=units["区水利局"])
    with pytest.raises(Refused):
        staffing.edit_person(actor, post.person, name="甲", phone="", reason="更正")
    with pytest.raises(Refused):
        staffing.add_post(actor, post.person, PostData(units["区水利局"], "书记", PostKind.PARTY_HEAD))
    with pytest.raises(Refused):
        staffing.end_post(actor, post, day=DAY, reason="离任")
    assert Entry.objects.filter(outcome=Outcome.REFUSED).count() == 3
