"""Signing in: by password or one-time code, slowed, locked, journalled, and never further than the password page if due."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests import people

from anlan.foundation.access import actions, signin
from anlan.foundation.access.actor import actor_of
from anlan.foundation.access.models import Account, ResetCode, SignInCount
from anlan.foundation.access.roles import Role
from anlan.foundation.journal.models import Entry
from anlan.settings import InputError, Words

pytestmark = pytest.mark.django_db(databases=["default", "scratch", "readings"])


@pytest.fixture
def account() -> Account:
    return people.account(Role.CLERK, name="wang")


def sign_in(client: Client, name: str = "wang", password: str = people.PASSWORD, **more: str) -> tuple[int, str, str]:
    answer = client.post(reverse("login"), {"username": name, "password": password, **more})
    return answer.status_code, answer.headers.get("Location", ""), answer.content.decode()


def actions_of(name: str) -> list[str]:
    return list(
        Entry.objects.filter(action__startswith="access.", actor_name__contains=name).values_list("action", flat=True)
    )


def test_the_right_password_opens_the_home_page_and_is_journalled(account: Account) -> None:
    assert sign_in(Client())[:2] == (302, "/")
    assert actions_of("wang") == ["access.sign_in"]


def test_the_name_is_taken_in_any_case(account: Account) -> None:
    assert sign_in(Client(), name=" WANG ")[0] == 302


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(account: Account) -> None:
    wrong_password = sign_in(Client(), password="nonsense")
    wrong_name = sign_in(Client(), name="nobody")
    assert wrong_password[0] == wrong_name[0] == 422
    assert "登录名或口令不对" in wrong_password[2]
    assert "登录名或口令不对" in wrong_name[2]


def test_what_is_typed_as_a_name_is_kept_only_if_it_is_one(account: Account) -> None:
    sign_in(Client(), name="My-Secret-1", password="x")
    assert not Entry.objects.filter(actor_name__icontains="secret").exists()
    assert Entry.objects.filter(action="access.sign_in_failed", actor_name="?").count() == 1


def test_no_password_is_ever_in_the_journal(account: Account) -> None:
    sign_in(Client(), password="Falsch-12345")
    sign_in(Client())
    for entry in Entry.objects.all():
        assert people.PASSWORD not in f"{entry.label}{entry.details}{entry.reason}"
        assert "Falsch-12345" not in f"{entry.label}{entry.details}{entry.reason}"


def test_five_failures_lock_the_account_even_for_the_right_password(account: Account) -> None:
    for name in ("wang", "WANG", " Wang", "wanG"):
        assert sign_in(Client(), name=name, password="nonsense")[0] == 422
    # The fifth failure locks.
    assert sign_in(Client(), password="nonsense")[0] == 429
    status, _where, said = sign_in(Client())
    assert status == 429
    assert "锁定 30 分钟" in said
    assert Entry.objects.filter(action="access.locked").exists()
    people.account(Role.CLERK, name="li")
    assert sign_in(Client(), name="li")[0] == 302


def test_a_name_that_nobody_has_is_locked_like_any_other(account: Account) -> None:
    # Else the lock would tell which names there are.
    assert [sign_in(Client(), name="nobody")[0] for _ in range(5)] == [422] * 4 + [429]


def test_a_locked_account_is_told_when_the_lock_ends(account: Account) -> None:
    for _ in range(5):
        said = sign_in(Client(), password="nonsense")[2]
    # Five failures now, 30 minutes of lock.
    end = signin.locked_until("wang")
    assert end is not None
    assert dt.timedelta(minutes=29) < end - timezone.now() <= dt.timedelta(minutes=30)
    assert f"到 {timezone.localtime(end):%H:%M} 自动解开" in said
    AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=31))
    assert signin.locked_until("wang") is None
    assert sign_in(Client())[0] == 302


def test_the_lock_ends_when_enough_failures_have_lapsed(account: Account) -> None:
    now = timezone.now()
    for minutes, failures in ((20, 3), (10, 2), (5, 1)):
        AccessAttempt.objects.create(
            username="wang",
            user_agent=f"browser {minutes}",
            failures_since_start=failures,
            attempt_time=now - dt.timedelta(minutes=minutes),
        )
    AccessAttempt.objects.filter(user_agent="browser 5").update(attempt_time=now - dt.timedelta(minutes=5))
    # 6 failures; when the oldest 3 lapse, 30 - 20 = 10 minutes from now, 3 are left, fewer than 5.
    AccessAttempt.objects.filter(user_agent="browser 20").update(attempt_time=now - dt.timedelta(minutes=20))
    assert signin.locked_until("wang") == now + dt.timedelta(minutes=10)


def test_a_closed_account_signs_in_no_more_and_its_session_ends(account: Account) -> None:
    browser = Client()
    sign_in(browser)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert browser.get("/").status_code == 302
    assert sign_in(Client())[0] == 422


@pytest.mark.parametrize(
    "wanted, opened",
    [
        ("/tasks/?due=soon", "/tasks/?due=soon"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        # Whoever is signed in already would be sent from the sign-in page to the sign-in page.
        ("/login/?next=/", "/"),
    ],
)
def test_after_signing_in_only_an_address_of_our_own_opens(account: Account, wanted: str, opened: str) -> None:
    assert sign_in(Client(), next=wanted)[1] == opened


def test_signing_out_is_a_deliberate_step_and_journalled(account: Account) -> None:
    browser = Client()
    sign_in(browser)
    assert browser.get(reverse("logout")).status_code == 405
    browser.post(reverse("logout"))
    assert browser.get("/").status_code == 302
    assert actions_of("wang")[-1] == "access.sign_out"


def test_an_address_that_tries_too_often_is_slowed(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signin, "PER_MINUTE", 2)
    assert [sign_in(Client())[0] for _ in range(3)] == [302, 302, 429]
    elsewhere = Client(REMOTE_ADDR="10.0.0.7")
    assert sign_in(elsewhere)[0] == 302
    # The minute before is over, and its counts are cleared away.
    SignInCount.objects.update(minute=1)
    assert sign_in(Client())[0] == 302
    assert SignInCount.objects.count() == 1


def code_for(account: Account) -> str:
    return actions.issue_reset_code(people.actor(Role.SYSTEM_ADMIN), account)


def test_a_one_time_code_opens_only_the_password_page_and_only_once(account: Account) -> None:
    code = code_for(account)
    browser = Client()
    assert sign_in(browser, password=code.lower())[:2] == (302, reverse("password"))
    assert browser.get("/").headers["Location"] == reverse("password")
    assert sign_in(Client(), password=code)[0] == 422
    new = {"new_password1": "Lian-Jiang-2027", "new_password2": "Lian-Jiang-2027"}
    assert browser.post(reverse("password"), new).headers["Location"] == "/"
    assert browser.get("/").status_code == 200
    assert sign_in(Client(), password="Lian-Jiang-2027")[0] == 302


def test_a_one_time_code_ends_after_a_day_and_with_the_next_one(account: Account) -> None:
    first = code_for(account)
    second = code_for(account)
    assert sign_in(Client(), password=first)[0] == 422
    ResetCode.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert sign_in(Client(), password=second)[0] == 422


def test_only_the_hash_of_a_code_is_kept(account: Account) -> None:
    code = code_for(account)
    assert code not in ResetCode.objects.get().code


def change(browser: Client, old: str, new: str) -> tuple[int, str]:
    answer = browser.post(reverse("password"), {"old_password": old, "new_password1": new, "new_password2": new})
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("new", ["Ab1-ef", "abcdefghijklm", "Password123", people.PASSWORD])
def test_a_weak_or_an_old_password_is_refused(account: Account, new: str) -> None:
    # Too short; one kind of characters only; in everybody's list; the one in use.
    browser = people.client(account)
    assert change(browser, people.PASSWORD, new)[0] == 422
    assert sign_in(Client())[0] == 302


def test_none_of_the_last_five_passwords_is_taken_again(account: Account) -> None:
    browser = Client()
    sign_in(browser)
    used = [people.PASSWORD, *(f"Chang-Jiang-{n}" for n in range(1, 6))]
    for old, new in itertools.pairwise(used):
        assert change(browser, old, new)[0] == 302
    # The first of six was used five passwords ago.
    assert change(browser, used[-1], used[0])[0] == 422


def test_changing_the_password_ends_the_other_sessions(account: Account) -> None:
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)
    change(here, people.PASSWORD, "Lian-Jiang-2027")
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302


def test_a_password_of_ninety_one_days_must_be_changed_first(account: Account) -> None:
    browser = people.client(account)
    Account.objects.filter(pk=account.pk).update(password_at=timezone.now() - dt.timedelta(days=91))
    assert browser.get("/").headers["Location"] == reverse("password")


def test_nobody_changes_the_password_of_another(account: Account) -> None:
    with pytest.raises(InputError, match="only your own"):
        actions.change_password(actor_of(people.account(Role.CLERK)), account, people.PASSWORD, "Lian-Jiang-2027")


def test_the_current_password_is_asked_for_unless_somebody_else_set_it(account: Account) -> None:
    with pytest.raises(InputError, match="current password is wrong"):
        actions.change_password(actor_of(account), account, "nonsense", "Lian-Jiang-2027")
    account.must_change = True
    account.save()
    actions.change_password(actor_of(account), account, "", "Lian-Jiang-2027")
    assert not Account.objects.get(pk=account.pk).must_change


def test_what_is_wrong_with_a_password_is_said_in_both_languages(account: Account) -> None:
    with pytest.raises(InputError) as caught:
        actions.change_password(actor_of(account), account, people.PASSWORD, "abc")
    # Too short, in everybody's list, and of one kind.
    assert len(caught.value.problems) == 3
    assert caught.value.problems[0] == Words(
        "口令太短：至少 10 个字符", "the password is too short: at least 10 characters"
    )
    said = change(people.client(account), people.PASSWORD, "abc")[1]
    assert all(problem.zh in said for problem in caught.value.problems)


def test_a_new_password_is_typed_twice_and_the_old_one_once(account: Account) -> None:
    browser = people.client(account)
    sent = {"old_password": "nonsense", "new_password1": "Lian-Jiang-2027", "new_password2": "Lian-Jiang-2028"}
    said = browser.post(reverse("password"), sent).content.decode()
    assert "现在的口令不对" in said
    assert "两次输入的新口令不一样" in said


def test_a_one_time_code_ends_the_lock(account: Account) -> None:
    for _ in range(5):
        sign_in(Client(), password="nonsense")
    assert sign_in(Client(), password=code_for(account))[:2] == (302, reverse("password"))
