"""Tokens: made once, limited to scopes and days, taken back, and never more than their account."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from tests import people
from tests.cli.shell import command
from tests.plan import small

from anlan import cli
from anlan.foundation.access import actions as access
from anlan.foundation.access.actor import Actor, actor_of
from anlan.foundation.access.middleware import POSTS_PER_MINUTE
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.interface import actions, queries
from anlan.foundation.interface.models import Token
from anlan.foundation.journal.models import Entry
from anlan.plan import actions as plans
from anlan.plan.models import Question
from anlan.settings import InputError

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

READ = "plans.read"


def soon() -> dt.date:
    return timezone.localdate() + dt.timedelta(days=30)


def made(account: Account, *scopes: str) -> tuple[Token, str]:
    return actions.create(actor_of(account), "报表程序", scopes or (READ,), soon())


def ask(secret: str, address: str = "/api/plans", **more: Any) -> Any:
    return Client().get(address, headers={"authorization": f"Bearer {secret}"}, **more)


def test_a_program_reads_with_a_token_and_is_named_in_the_journal() -> None:
    clerk = people.account(Role.CLERK)
    token, secret = made(clerk, "plans.read", "plans.write")
    assert ask(secret).status_code == 200
    small.district()
    plan = plans.receive(actor_of(clerk), small.TEXT.encode(), "要点.txt")
    answer = Client(enforce_csrf_checks=True).post(
        f"/api/plans/{plan.pk}/issue", headers={"authorization": f"Bearer {secret}"}
    )
    assert answer.status_code == 422
    # Each question that is still open is an error of its own.
    assert len(answer.json()["errors"]) == Question.objects.count()
    entry = Entry.objects.filter(action="token.create").get()
    assert secret not in str(entry.details)
    assert list(queries.last_used([token])) == [token.pk]


def test_the_token_itself_is_kept_nowhere() -> None:
    token, secret = made(people.account(Role.CLERK))
    assert secret.startswith(token.hint)
    assert secret not in str(Token.objects.filter(pk=token.pk).values().get())


def test_a_token_does_only_what_it_was_made_for() -> None:
    _, secret = made(people.account(Role.CLERK), "calc")
    answer = ask(secret)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "scope_missing")
    assert ask(secret, "/api/calc").status_code == 200


def test_a_token_never_may_more_than_its_account() -> None:
    _, secret = made(people.account(Role.SYSTEM_ADMIN))
    assert ask(secret).status_code == 403


def test_a_token_that_is_over_taken_back_or_unknown_opens_nothing() -> None:
    clerk = people.account(Role.CLERK)
    token, secret = made(clerk)
    Token.objects.filter(pk=token.pk).update(expires_on=timezone.localdate() - dt.timedelta(days=1))
    assert ask(secret).json()["error"]["code"] == "token_expired"
    Token.objects.filter(pk=token.pk).update(expires_on=soon())
    actions.revoke(actor_of(clerk), token)
    assert ask(secret).json()["error"]["code"] == "token_unknown"
    assert ask("anlan_nothing").json()["error"]["code"] == "token_unknown"
    assert ask("\ud800\x00长江".encode("utf-8", "ignore").decode("latin-1", "ignore")).status_code == 401


def test_the_token_of_a_closed_account_opens_nothing() -> None:
    clerk = people.account(Role.CLERK)
    _, secret = made(clerk)
    access.close(people.actor(Role.SYSTEM_ADMIN), clerk, reason="调离")
    assert ask(secret).status_code == 401


def test_a_program_that_runs_wild_is_slowed() -> None:
    _, secret = made(people.account(Role.CLERK), "calc")
    told = {"values": [1], "decimals": 0}
    statuses = [
        Client()
        .post(
            "/api/calc/calc.round",
            told,
            content_type="application/json",
            headers={"authorization": f"Bearer {secret}"},
        )
        .status_code
        for _ in range(POSTS_PER_MINUTE + 1)
    ]
    # The minute may turn while they are sent, then all are taken.
    assert statuses[:POSTS_PER_MINUTE] == [200] * POSTS_PER_MINUTE
    assert statuses[-1] in (200, 429)


def test_everything_wrong_with_a_new_token_is_said_at_once() -> None:
    with pytest.raises(InputError) as caught:
        actions.create(people.actor(Role.CLERK), " ", ["nothing"], dt.date(2000, 1, 1))
    assert [problem.zh.split("：")[0][:8] for problem in caught.value.problems] == [
        "请写明令牌给哪个",
        "没有“nothi",
        "到期日 2000",
    ]


def test_an_account_has_twenty_tokens_at_most() -> None:
    clerk = people.account(Role.CLERK)
    for _ in range(actions.MOST):
        made(clerk)
    with pytest.raises(InputError, match="20"):
        made(clerk)


def test_nobody_takes_back_anothers_token_but_the_security_administrator_with_a_reason() -> None:
    token, _ = made(people.account(Role.CLERK))
    for role in (Role.CLERK, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.LEADER):
        other = people.actor(role)
        with pytest.raises(PermissionDenied):
            actions.revoke(other, token, reason="不用了")
        assert Entry.objects.filter(action="token.revoke", outcome="refused", actor=other.account_id).exists()
    security = people.actor(Role.SECURITY_ADMIN)
    with pytest.raises(InputError):
        actions.revoke(security, token)
    actions.revoke(security, token, reason="程序停用")
    with pytest.raises(InputError, match="taken back already"):
        actions.revoke(security, token, reason="程序停用")


def test_one_sees_ones_own_tokens_the_security_administrator_all() -> None:
    one, other = people.account(Role.CLERK), people.account(Role.CLERK)
    mine, _ = made(one)
    made(other)
    assert list(queries.tokens(actor_of(one))) == [mine]
    assert queries.tokens(people.actor(Role.SECURITY_ADMIN)).count() == 2
    assert not queries.tokens(Actor(None, "")).exists()


def test_in_the_browser_a_token_is_made_shown_once_and_taken_back() -> None:
    browser = people.client(people.account(Role.HANDLER))
    page = browser.post("/tokens/new/", {"name": "报表", "scopes": ["plans.read"], "expires_on": soon().isoformat()})
    secret = page.content.decode().split("<code>")[1].split("</code>")[0]
    assert ask(secret).status_code == 200
    listed = browser.get("/tokens/").content.decode()
    assert "报表" in listed
    assert secret not in listed
    token = Token.objects.get()
    assert browser.post(f"/tokens/{token.pk}/revoke/", {"reason": "换了程序"}).status_code == 302
    assert ask(secret).status_code == 401
    assert browser.post("/tokens/new/", {"name": "", "expires_on": "x"}).status_code == 422
    stranger = people.client(people.account(Role.HANDLER))
    assert stranger.get(f"/tokens/{token.pk}/revoke/").status_code == 404


def test_the_console_makes_lists_and_takes_back(capsys: pytest.CaptureFixture[str]) -> None:
    clerk = people.account(Role.CLERK, name="zhang")
    assert cli.main(["token", "create", "nobody", "--name", "x", "--scope", READ]) == 2
    assert "nobody" in capsys.readouterr().err
    assert cli.main(["token", "create", "zhang", "--name", "x"]) == 2
    assert READ in capsys.readouterr().err
    assert cli.main(["token", "create", "Zhang", "--name", "报表", "--scope", READ]) == 0
    assert ask(capsys.readouterr().out.strip()).status_code == 200
    token = Token.objects.get(account=clerk)
    assert cli.main(["token", "list", "--format", "json"]) == 0
    assert [one["id"] for one in json.loads(capsys.readouterr().out)] == [token.pk]
    assert cli.main(["token", "revoke", str(token.pk), "--reason", "停用"]) == 0
    assert cli.main(["token", "revoke", "999", "--reason", "停用"]) == 2
    assert cli.main(["token", "list"]) == 0
    assert "已收回" in capsys.readouterr().out


def test_a_command_without_an_installation_says_what_to_do(tmp_path: Path) -> None:
    told = command("token", "list", ANLAN_HOME=str(tmp_path / "none"))
    assert (told.returncode, b"anlan init" in told.stderr, b"Traceback" in told.stderr) == (2, True, False)
