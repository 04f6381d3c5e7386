"""Pages of the administrators and of the own account, as the browser gets them."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook
from tests import people

from anlan.foundation.access.models import Account, Grant, ResetCode
from anlan.foundation.access.roles import ADMINISTRATORS, Role
from anlan.foundation.journal.models import Entry, Outcome
from anlan.foundation.org.models import Division, Person, Post, UnitAlias

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])


@pytest.fixture
def account() -> Account:
    return people.account(name="wang")


@pytest.fixture
def system() -> Client:
    return people.client(people.account(Role.SYSTEM_ADMIN, name="system"))


@pytest.fixture
def security() -> Client:
    return people.client(people.account(Role.SECURITY_ADMIN, name="security"))


def said(browser: Client, name: str, *args: object, **query: str) -> str:
    answer = browser.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", ["accounts", "account", "account-permissions"])
@pytest.mark.parametrize("role", sorted(set(Role) - ADMINISTRATORS))
def test_who_is_refused_a_page_of_accounts_is_in_the_journal(name: str, role: Role, account: Account) -> None:
    other = people.account(role)
    args = [] if name == "accounts" else [account.pk]
    assert people.client(other).get(reverse(name, args=args)).status_code == 403
    assert Entry.objects.filter(action="access.see", outcome=Outcome.REFUSED, actor=other.pk).count() == 1


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM_ADMIN}))
def test_who_is_refused_the_form_of_a_new_account_is_in_the_journal(role: Role) -> None:
    other = people.account(role)
    assert people.client(other).get(reverse("account-new")).status_code == 403
    assert Entry.objects.filter(action="access.create_account", outcome=Outcome.REFUSED, actor=other.pk).exists()


@pytest.mark.parametrize("do", ["close", "reopen", "code"])
def test_the_security_administrator_is_refused_the_steps_of_the_system_administrator(
    do: str, security: Client, account: Account
) -> None:
    assert security.post(reverse("account-change", args=[account.pk]), {"do": do, "reason": "理由"}).status_code == 403
    assert Entry.objects.filter(outcome=Outcome.REFUSED, object_id=str(account.pk)).count() == 1


@pytest.mark.parametrize("do", ["grant", "revoke"])
def test_the_system_administrator_is_refused_the_steps_of_the_security_administrator(
    do: str, system: Client, account: Account
) -> None:
    held = Grant.objects.create(account=account, role=Role.CLERK, since=people.LONG_AGO)
    sent = {"do": do, "role": "verifier", "since": "元旦", "grant": str(held.pk), "reason": "理由"}
    assert system.post(reverse("account-change", args=[account.pk]), sent).status_code == 403
    assert Entry.objects.filter(action=f"access.{do}", outcome=Outcome.REFUSED).count() == 1


def test_accounts_are_searched_and_filtered_by_role_and_state(system: Client, account: Account) -> None:
    people.account(Role.CLERK, name="zhao")
    old = people.account(Role.CLERK, name="qian")
    Grant.objects.filter(account=old).update(until=timezone.localdate() - dt.timedelta(days=1))
    closed = people.account(name="sun")
    Account.objects.filter(pk=closed.pk).update(is_active=False)

    def shown(**query: str) -> set[str]:
        page = said(system, "accounts", **query)
        return {
            name for name in ("wang", "zhao", "qian", "sun", "system") if f"（{name}）" in page or f">{name}<" in page
        }

    assert {"wang", "zhao", "qian", "sun"} <= shown()
    assert shown(q="zhao") - {"system"} == {"zhao"}
    # Whose grant ended yesterday is no clerk today.
    assert shown(role="clerk") - {"system"} == {"zhao"}
    assert shown(state="closed") - {"system"} == {"sun"}
    assert "sun" not in shown(state="open")


def test_an_account_unused_for_ninety_days_is_idle(system: Client, account: Account) -> None:
    assert ">wang<" not in said(system, "accounts", state="idle")
    Account.objects.filter(pk=account.pk).update(created_at=timezone.now() - dt.timedelta(days=91))
    assert ">wang<" in said(system, "accounts", state="idle")
    Account.objects.filter(pk=account.pk).update(last_login=timezone.now() - dt.timedelta(days=89))
    assert ">wang<" not in said(system, "accounts", state="idle")


def test_the_list_comes_as_a_sheet_with_roles_and_places(system: Client) -> None:
    people.account(Role.HANDLER, at=people.unit("区水利局"), name="zhao")
    answer = system.get(reverse("accounts"), {"export": "xlsx", "q": "zhao"})
    body = b"".join(answer) if answer.streaming else answer.content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()
    assert any("zhao" in row and "单位经办人（区水利局）" in row for row in rows)


def test_the_page_of_an_account_offers_each_administrator_his_own_steps(
    system: Client, security: Client, account: Account
) -> None:
    Grant.objects.create(account=account, role=Role.CLERK, since=people.LONG_AGO)
    by_system, by_security = said(system, "account", account.pk), said(security, "account", account.pk)
    by_audit = said(people.client(people.account(Role.AUDIT_ADMIN)), "account", account.pk)
    for step, where in (("close", by_system), ("code", by_system), ("grant", by_security), ("revoke", by_security)):
        for page in (by_system, by_security, by_audit):
            assert (f'name="do" value="{step}"' in page) == (page is where), step


def test_the_own_account_is_offered_no_step_but_a_code(system: Client) -> None:
    page = said(system, "account", Account.objects.get(name="system").pk)
    assert 'value="close"' not in page
    assert 'value="reopen"' not in page


def test_a_closed_account_is_offered_to_be_reopened(system: Client, account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(is_active=False)
    page = said(system, "account", account.pk)
    assert 'value="reopen"' in page
    assert 'value="code"' not in page
    system.post(reverse("account-change", args=[account.pk]), {"do": "reopen"})
    account.refresh_from_db()
    assert account.is_active


def test_a_role_is_revoked_with_its_reason_and_the_story_tells_it(security: Client, account: Account) -> None:
    held = Grant.objects.create(account=account, role=Role.CLERK, since=people.LONG_AGO)
    where = reverse("account-change", args=[account.pk])
    sent = {"do": "revoke", "grant": str(held.pk)}
    assert "请写明收回的理由" in security.post(where, sent, follow=True).content.decode()
    assert "调任区水利局" in security.post(where, {**sent, "reason": "调任区水利局"}, follow=True).content.decode()
    held.refresh_from_db()
    assert held.until == timezone.localdate() - dt.timedelta(days=1)
    assert "已到期" in said(security, "account", account.pk)


def test_a_grant_of_another_account_is_not_revoked_through_this_one(security: Client, account: Account) -> None:
    other = people.account(Role.CLERK)
    sent = {"do": "revoke", "grant": str(other.grants.get().pk), "reason": "理由"}
    assert security.post(reverse("account-change", args=[account.pk]), sent).status_code == 404
    assert other.grants.get().until is None


def test_a_unit_is_meant_by_any_of_its_names_but_a_misprint(security: Client, account: Account) -> None:
    unit = people.unit("区水务和湖泊局")
    unit.official_name = "某区水务和湖泊管理局"
    unit.save()
    UnitAlias.objects.create(name="区水务局", unit=unit)
    UnitAlias.objects.create(name="区水务句", unit=unit, misprint=True)
    where = reverse("account-change", args=[account.pk])
    sent = {"do": "grant", "role": "handler", "since": "2024-01-01"}
    answer = security.post(where, {**sent, "unit": "区水务句"})
    assert answer.status_code == 422
    # The value stays in its field, with what is wrong beside it.
    assert "没有“区水务句”这个单位" in answer.content.decode()
    assert 'value="区水务句"' in answer.content.decode()
    for name in ("区水务和湖泊局", "某区水务和湖泊管理局", "区水务局"):
        security.post(where, {**sent, "unit": name})
        assert account.grants.get().unit_id == unit.pk
        account.grants.all().delete()


def test_a_territory_is_meant_by_code_or_by_a_name_that_only_one_has(security: Client, account: Account) -> None:
    Division.objects.create(code="990101", name="城关镇", kind="town")
    far = Division.objects.create(code="990201", name="城关镇", kind="town")
    where = reverse("account-change", args=[account.pk])
    sent = {"do": "grant", "role": "verifier", "since": "2024-01-01"}
    assert security.post(where, {**sent, "division": "城关镇"}).status_code == 422
    assert security.post(where, {**sent, "division": "990201"}).status_code == 302
    assert account.grants.get().division_id == far.pk


def test_what_the_action_refuses_is_shown_on_the_form(security: Client, account: Account) -> None:
    Grant.objects.create(account=account, role=Role.CLERK, since=people.LONG_AGO)
    sent = {"do": "grant", "role": "audit_admin", "since": "2024-01-01"}
    answer = security.post(reverse("account-change", args=[account.pk]), sent)
    assert answer.status_code == 422
    assert "不能由同一人担任" in answer.content.decode()


def test_where_somebody_has_the_name_already_the_form_asks_which_person_is_meant(system: Client) -> None:
    known = Person.objects.create(name="赵五")
    Post.objects.create(person=known, unit=people.unit("区水利局"), title="科长")
    where = reverse("account-new")
    first = system.post(where, {"name": "zhao", "person": "赵五"})
    assert first.status_code == 422
    assert "赵五（区水利局 科长）" in first.content.decode()
    system.post(where, {"name": "zhao", "person": "赵五", "who": str(known.pk)})
    assert Account.objects.get(name="zhao").person_id == known.pk
    system.post(where, {"name": "zhao2", "person": "赵五"})
    assert Account.objects.get(name="zhao2").person_id != known.pk
    assert Person.objects.filter(name="赵五").count() == 2


def test_a_login_name_that_is_taken_makes_no_person(system: Client, account: Account) -> None:
    answer = system.post(reverse("account-new"), {"name": "WANG", "person": "赵五"})
    assert answer.status_code == 422
    assert "已有人用" in answer.content.decode()
    assert not Person.objects.filter(name="赵五").exists()


def test_a_one_time_code_is_shown_once_and_kept_by_no_browser(system: Client, account: Account) -> None:
    answer = system.post(reverse("account-change", args=[account.pk]), {"do": "code"})
    assert "no-store" in answer.headers["Cache-Control"]
    shown = next(part for part in answer.content.decode().split("<code>")[1:]).split("</code>")[0]
    assert check_password(shown, ResetCode.objects.get().code)
    assert shown not in said(system, "account", account.pk)


def test_the_reasons_of_a_permission_name_the_role(system: Client) -> None:
    handler = people.account(Role.HANDLER)
    page = said(system, "account-permissions", handler.pk)
    row = page[page.index("task.see") :].partition("</tr>")[0]
    assert "单位经办人" in row
    grant = page[page.index("access.grant") :].partition("</tr>")[0]
    assert "不能" in grant
    assert "安全管理员" in grant


def test_a_closed_account_may_nothing(system: Client) -> None:
    clerk = people.account(Role.CLERK)
    Account.objects.filter(pk=clerk.pk).update(is_active=False)
    page = said(system, "account-permissions", clerk.pk)
    assert "circle-filled" not in page[page.index("<tbody>") :]


def test_the_own_account_shows_roles_in_force_and_changes_the_language() -> None:
    clerk = people.account(Role.CLERK, name="zhao")
    Grant.objects.create(account=clerk, role=Role.VERIFIER, since=timezone.localdate() + dt.timedelta(days=1))
    browser = people.client(clerk)
    page = said(browser, "me")
    roles = page[page.index("<ul>\n" if "<ul>\n" in page else "<ul>") :].partition("</section>")[0]
    assert "长江办经办人" in roles
    # From tomorrow on.
    assert "核查人员" not in roles
    browser.post(reverse("language"), {"language": "en", "next": reverse("me")})
    assert "<h1>My account</h1>" in said(browser, "me")
    clerk.refresh_from_db()
    assert clerk.language == "en"
