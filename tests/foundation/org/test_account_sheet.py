"""Accounts by sheet: people and one-time codes by one administrator, roles by another, from the same file."""

from __future__ import annotations

import datetime as dt

import pytest
from tests import people
from tests.foundation.org.district import district, holder

from anlan.foundation.access.acting import Refused
from anlan.foundation.access.actor import actor_of
from anlan.foundation.access.models import Account, Grant
from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.org.importable import ACCOUNTS, GRANTS
from anlan.foundation.org.models import Person, Post
from anlan.foundation.sheets import staging, writing
from anlan.foundation.sheets.models import ImportRun, RowState
from anlan.foundation.sheets.registry import Applied, Importable
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

HEAD = "登录名,姓名,单位,职务,电话,角色\n"
FILE = (
    HEAD + "zhang,张某,区水利局,科员,0798-1234567,单位经办人\nLi,李某,区工信局,局长,,单位负责人；单位经办人\n"
).encode()


def publish(role: Role, sheet: Importable, data: bytes = FILE) -> tuple[ImportRun, Applied]:
    actor = people.actor(role)
    run = staging.stage(actor, sheet, data, "账户.csv")
    return run, staging.publish(actor, sheet, run, reason="开通")


def faults(sheet: Importable, data: str) -> list[str]:
    return [fault.speak("zh") for fault in staging.examine(sheet, (HEAD + data).encode(), "a.csv").faults]


def test_the_system_administrator_makes_accounts_with_people_posts_and_codes_but_no_roles() -> None:
    district()
    _, applied = publish(Role.SYSTEM_ADMIN, ACCOUNTS)
    assert applied.secrets is not None
    assert [row[:3] for row in applied.secrets.rows] == [("zhang", "张某", "区水利局"), ("li", "李某", "区工信局")]
    assert all(row[3] for row in applied.secrets.rows)
    account = Account.objects.get(name="zhang")
    assert account.person is not None
    assert account.person.phone == "0798-1234567"
    assert [post.title for post in account.person.posts.all()] == ["科员"]
    assert not Grant.objects.filter(account=account).exists()
    # Nothing of the codes is kept in words.
    assert not any(row[3] in entry.details for entry in Entry.objects.all() for row in applied.secrets.rows)


def test_the_security_administrator_then_grants_the_roles_from_the_same_file() -> None:
    units = district()
    publish(Role.SYSTEM_ADMIN, ACCOUNTS)
    publish(Role.SECURITY_ADMIN, GRANTS)
    actor = actor_of(Account.objects.get(name="li"))
    assert {held.role for held in actor.held} == {Role.UNIT_LEADER, Role.HANDLER}
    assert actor.units() == {units["区工信局"].pk}
    assert Entry.objects.filter(action="org.grants", outcome=Outcome.DONE).count() == 1


def test_a_second_import_of_both_changes_nothing() -> None:
    district()
    for role, sheet in ((Role.SYSTEM_ADMIN, ACCOUNTS), (Role.SECURITY_ADMIN, GRANTS)):
        publish(role, sheet)
        dry = staging.examine(sheet, FILE, "a.csv")
        assert [fault.speak("zh") for fault in dry.faults] == []
        assert dry.count(RowState.UNCHANGED) == 2


@pytest.mark.parametrize("sheet", [ACCOUNTS, GRANTS], ids=["accounts", "grants"])
def test_what_is_exported_comes_back_unchanged(sheet: Importable) -> None:
    district()
    publish(Role.SYSTEM_ADMIN, ACCOUNTS)
    publish(Role.SECURITY_ADMIN, GRANTS)
    dry = staging.examine(sheet, writing.book(sheet.spec, sheet.current()), "a.xlsx")
    told = [fault.speak("zh") for fault in dry.faults if "测试" not in fault.speak("zh")]
    # The administrators that the tests made hold no post, and a sheet cannot give them one.
    assert [text for text in told if "不能为空" not in text and "现无职务" not in text] == []
    assert dry.count(RowState.CHANGED) == dry.count(RowState.NEW) == 0


@pytest.mark.parametrize(
    ("sheet", "may", "code"),
    [(ACCOUNTS, Role.SYSTEM_ADMIN, "org.accounts"), (GRANTS, Role.SECURITY_ADMIN, "org.grants")],
    ids=["accounts", "grants"],
)
def test_nobody_else_may_import_them_and_each_refusal_is_journalled(sheet: Importable, may: Role, code: str) -> None:
    district()
    others = [role for role in Role if role != may]
    for role in others:
        with pytest.raises(Refused):
            staging.stage(people.actor(role), sheet, FILE, "a.csv")
    assert Entry.objects.filter(action=code, outcome=Outcome.REFUSED).count() == len(others) == 7


def test_the_security_administrator_cannot_grant_to_the_own_account() -> None:
    district()
    account = people.account(Role.SECURITY_ADMIN, name="safe")
    actor = actor_of(account)
    data = (HEAD + "safe,某,区水利局,科员,,单位经办人\n").encode()
    # The sheet says it already: an administrator does nothing else.
    assert "不能兼任" in staging.examine(GRANTS, data, "a.csv").faults[0].speak("zh")
    Grant.objects.filter(account=account).update(until=dt.date(2001, 1, 1))
    run = staging.stage(actor, GRANTS, data, "a.csv")
    with pytest.raises(InputError, match="cannot grant yourself"):
        staging.publish(actor, GRANTS, run, reason="试")
    assert not Grant.objects.filter(account=account, role=Role.HANDLER).exists()


def test_somebody_who_works_there_already_is_taken_and_not_made_again() -> None:
    units = district()
    post = holder(units["区水利局"], name="张某", title="科员")
    publish(Role.SYSTEM_ADMIN, ACCOUNTS)
    assert Account.objects.get(name="zhang").person == post.person
    assert Person.objects.filter(name="张某").count() == 1
    assert Post.objects.filter(person=post.person).count() == 1


def test_a_telephone_is_corrected_and_a_move_is_not_made_by_import() -> None:
    district()
    publish(Role.SYSTEM_ADMIN, ACCOUNTS)
    _, applied = publish(Role.SYSTEM_ADMIN, ACCOUNTS, (HEAD + "zhang,张某,区水利局,科员,0798-1765432,\n").encode())
    assert applied.secrets is None
    assert Person.objects.get(name="张某").phone == "0798-1765432"
    assert faults(ACCOUNTS, "zhang,张某,区工信局,科员,0798-1765432,\n") == [
        "第 2 行“职务”写的是“区工信局 科员”，与现任职务不同（区水利局 科员）；调动请在人员页面办理交接"
    ]


def test_all_errors_of_accounts_and_of_grants_are_told() -> None:
    units = district()
    people.account(Role.AUDIT_ADMIN, name="audit")
    gone = people.account(name="gone")
    gone.is_active = False
    gone.save()
    found = faults(ACCOUNTS, "张 三,张某,区水力局,科员,打我手机,经办\ngone,某,区水利局,,,\n")
    assert [text.split("，", 1)[0] for text in found] == [
        "第 2 行“单位”写的是“区水力局”",
        "第 2 行“角色”写的是“经办”",
        "第 2 行“登录名”写的是“张 三”",
        "第 2 行“电话”：电话“打我手机”不对；只写数字",
        "第 3 行“职务”：不能为空；请填写",
        "第 3 行“登录名”写的是“gone”",
    ]
    found = faults(GRANTS, "none,某,区水利局,科员,,经办人\naudit,某,,科员,,审计员；经办人\n")
    assert found == [
        "第 2 行“登录名”写的是“none”，没有这个账户；请先由系统管理员导入账户",
        "第 3 行“单位”：不能为空：单位经办人要写明单位",
        "第 3 行“角色”：管理员不能兼任其他角色（合计为：审计管理员；单位经办人）；请只留一个，或先收回已有的",
    ]
    assert units
