"""Notices leave the house by e-mail and webhook only where settings and accounts say so, and failures are recorded."""

from __future__ import annotations

import dataclasses
import datetime as dt
import email
import email.policy
import hashlib
import hmac
import json
import logging
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from tests import people

from anlan.foundation.access.actor import NOBODY, actor_of, machine
from anlan.foundation.access.models import Account
from anlan.foundation.access.roles import Role
from anlan.foundation.jobs.catalogue import Step
from anlan.foundation.journal.models import Entry
from anlan.foundation.notices import actions, catalogue, jobs
from anlan.foundation.notices.models import Delivery, MailAddress, Notice, State
from anlan.settings import InputError, Words

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])
SECRET = "a-secret-of-the-test"


@pytest.fixture(autouse=True)
def words() -> Iterator[None]:
    catalogue.declare("test.plain", Words("通知", "a notice"))
    yield
    catalogue.TEMPLATES.pop("test.plain")


class Receiver(ThreadingHTTPServer):
    """HTTP server on loopback that answers `status` and keeps what came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.status = 200
        self.got: list[tuple[str, dict[str, str], bytes]] = []


class _Answer(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the terminal."""


class Post(socketserver.ThreadingTCPServer):
    """SMTP server on loopback: as much of the protocol as one mail needs."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Smtp)
        self.mails: list[str] = []
        self.to: list[str] = []
        self.refuse = False


class _Smtp(socketserver.StreamRequestHandler):
    server: Post

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for raw in self.rfile:
            line = raw.decode().strip()
            verb = line[:4].upper()
            if verb == "RCPT":
                self.server.to.append(line)
                self.wfile.write(b"550 secret words of the server\r\n" if self.server.refuse else b"250 ok\r\n")
            elif verb == "DATA":
                self.wfile.write(b"354 go on\r\n")
                lines: list[str] = []
                while (one := self.rfile.readline().decode()) != ".\r\n":
                    lines.append(one)
                self.server.mails.append("".join(lines))
                self.wfile.write(b"250 ok\r\n")
            elif verb == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def receiver(settings: Any, tmp_path: Path) -> Iterator[Receiver]:
    (tmp_path / "secret").write_text(SECRET + "\n", encoding="utf-8")
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        settings.ANLAN = dataclasses.replace(
            settings.ANLAN,
            webhook_url=f"http://127.0.0.1:{server.server_address[1]}/in",
            webhook_secret_file=str(tmp_path / "secret"),
        )
        yield server
        server.shutdown()


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    with Post() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        settings.ANLAN = dataclasses.replace(
            settings.ANLAN,
            mail_host="127.0.0.1",
            mail_port=int(server.server_address[1]),
            mail_from="anlan@office.example",
        )
        yield server
        server.shutdown()


def tell(account: Account, key: str = "1") -> Notice:
    actions.notify([account], "test.plain", key=key, url="/tasks/3/")
    return Notice.objects.get(account=account, key=key)


def deliver() -> None:
    jobs.deliver.function(Step(1, machine("test"), 1))


def hour_comes() -> None:
    Delivery.objects.update(next_at=timezone.now() - dt.timedelta(seconds=1))


def agree(account: Account) -> None:
    actions.set_mail(actor_of(account), "someone@office.example", agreed=True)


def test_without_settings_nothing_is_put_out() -> None:
    account = people.account(Role.CLERK)
    agree(account)
    tell(account)
    deliver()
    assert not Delivery.objects.exists()


def test_a_webhook_gets_the_notice_once_and_can_check_the_signature(receiver: Receiver) -> None:
    account = people.account(Role.CLERK)
    notice = tell(account)
    tell(account)
    deliver()
    hour_comes()
    deliver()
    assert len(receiver.got) == 1
    path, headers, body = receiver.got[0]
    assert path == "/in"
    assert json.loads(body) == {
        "id": notice.pk,
        "code": "test.plain",
        "text": {"zh": "通知", "en": "a notice"},
        "url": "/tasks/3/",
        "account": account.name,
        "created": notice.created.isoformat(),
    }
    found = {name.lower(): value for name, value in headers.items()}
    signed = found["x-anlan-time"].encode() + b"." + body
    assert found["x-anlan-signature"] == "sha256=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert Delivery.objects.get().state == State.SENT


def test_a_notice_told_before_the_way_was_opened_is_not_sent_later(settings: Any, receiver: Receiver) -> None:
    given, account = settings.ANLAN, people.account(Role.CLERK)
    settings.ANLAN = dataclasses.replace(given, webhook_url="off")
    tell(account)
    settings.ANLAN = given
    tell(account)
    assert not Delivery.objects.exists()


def test_a_refusal_is_tried_again_and_recorded_after_the_last_attempt(receiver: Receiver) -> None:
    receiver.status = 503
    tell(people.account(Role.CLERK))
    deliver()
    one = Delivery.objects.get()
    assert (one.state, one.attempts, one.fault) == (State.WAITING, 1, "HTTPError 503")
    # Not due again at once.
    deliver()
    assert len(receiver.got) == 1
    # The first attempt and five more: after the sixth it has failed.
    for _ in range(7):
        hour_comes()
        deliver()
    one.refresh_from_db()
    assert (one.state, one.attempts, len(receiver.got)) == (State.FAILED, 6, 6)
    assert one.ended is not None


def test_a_server_that_is_back_gets_what_waited(receiver: Receiver) -> None:
    receiver.status = 500
    tell(people.account(Role.CLERK))
    deliver()
    receiver.status = 204
    hour_comes()
    deliver()
    one = Delivery.objects.get()
    assert (one.state, one.attempts, one.fault) == (State.SENT, 2, "")


@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    receiver.status = status
    tell(people.account(Role.CLERK))
    deliver()
    assert [path for path, _, _ in receiver.got] == ["/in"]
    assert Delivery.objects.get().fault == f"HTTPError {status}"


def test_a_server_that_is_down_is_recorded_without_its_address_or_the_secret(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.shutdown()
    receiver.server_close()
    tell(people.account(Role.CLERK))
    with caplog.at_level(logging.DEBUG):
        deliver()
    assert Delivery.objects.get().fault == "ConnectionRefusedError"
    assert SECRET not in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_a_mail_goes_to_who_agreed_and_to_nobody_else(post: Post) -> None:
    one, other = people.account(Role.CLERK), people.account(Role.CLERK)
    agree(one)
    tell(one)
    tell(other)
    deliver()
    assert len(post.to) == 1
    assert "someone@office.example" in post.to[0]
    assert len(post.mails) == 1
    assert Delivery.objects.get().state == State.SENT


def test_a_mail_that_is_refused_keeps_the_number_and_not_the_words(post: Post) -> None:
    post.refuse = True
    account = people.account(Role.CLERK)
    agree(account)
    tell(account)
    deliver()
    one = Delivery.objects.get()
    assert (one.state, one.fault) == (State.WAITING, "SMTPRecipientsRefused")


def test_a_mail_leads_to_the_page_at_the_address_of_the_settings_without_a_login(post: Post, settings: Any) -> None:
    account = people.account(Role.CLERK)
    agree(account)
    tell(account)
    deliver()
    settings.ANLAN = dataclasses.replace(settings.ANLAN, site_url="https://anlan.office.example")
    tell(account, key="2")
    deliver()
    bodies = [email.message_from_bytes(one.encode(), policy=email.policy.default) for one in post.mails]
    texts = [str(one.get_content()).replace("\r", "") for one in bodies]
    assert "请登录安澜查看：/tasks/3/\n" in texts[0]
    assert "请登录安澜查看：https://anlan.office.example/tasks/3/\n" in texts[1]


def test_the_environment_leads_the_webhook_nowhere_else(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    # A proxy on a port where nobody listens: taken, it would fail.
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    tell(people.account(Role.CLERK))
    deliver()
    assert [path for path, _, _ in receiver.got] == ["/in"]


def test_an_idle_installation_makes_no_runs(receiver: Receiver) -> None:
    assert not jobs.is_due()
    tell(people.account(Role.CLERK))
    assert jobs.is_due()
    deliver()
    assert not jobs.is_due()


def test_what_waits_for_a_way_that_is_closed_is_not_due(receiver: Receiver, settings: Any) -> None:
    tell(people.account(Role.CLERK))
    settings.ANLAN = dataclasses.replace(settings.ANLAN, webhook_url="off")
    assert not jobs.is_due()


def test_old_records_are_removed_and_newer_ones_and_the_notices_kept(receiver: Receiver, settings: Any) -> None:
    settings.ANLAN = dataclasses.replace(settings.ANLAN, delivery_days=30)
    account, now = people.account(Role.CLERK), timezone.now()
    for key, days in (("a", 31), ("b", 29)):
        Delivery.objects.filter(notice=tell(account, key)).update(
            state=State.SENT, ended=now - dt.timedelta(days=days), next_at=now - dt.timedelta(days=days)
        )
    # One left waiting for a way that was closed since, and one that still waits for its next attempt.
    Delivery.objects.filter(notice=tell(account, "c")).update(next_at=now - dt.timedelta(days=31))
    Notice.objects.filter(key="c").update(created=now - dt.timedelta(days=31))
    tell(account, "d")
    jobs.clean.function(Step(1, machine("test"), 1))
    assert sorted(Delivery.objects.values_list("notice__key", flat=True)) == ["b", "d"]
    assert Notice.objects.count() == 4


def test_what_was_read_or_taken_back_is_not_sent(post: Post) -> None:
    account = people.account(Role.CLERK)
    agree(account)
    actions.read(actor_of(account), tell(account))
    tell(account, key="2")
    actions.set_mail(actor_of(account), "", agreed=False)
    deliver()
    assert {one.state for one in Delivery.objects.all()} == {State.DROPPED}
    assert post.to == []


def test_an_address_needs_its_form_and_consent_and_stays_out_of_the_journal() -> None:
    account = people.account(Role.CLERK)
    with pytest.raises(InputError) as caught:
        actions.set_mail(actor_of(account), "nobody", agreed=False)
    assert len(caught.value.problems) == 2
    with pytest.raises(InputError):
        actions.set_mail(NOBODY, "someone@office.example", agreed=True)
    agree(account)
    assert "someone" not in str(list(Entry.objects.filter(action="notices.mail").values()))


def test_the_page_takes_the_address_of_ones_own_account() -> None:
    account = people.account(Role.HANDLER)
    browser = people.client(account)
    given = {"address": "someone@office.example"}
    assert browser.post(reverse("notices_mail"), given).status_code == 422
    assert browser.post(reverse("notices_mail"), {**given, "agreed": "1"}).status_code == 302
    assert MailAddress.objects.get().account == account
    assert "someone@office.example" in browser.get(reverse("notices_mail")).content.decode()


def test_failures_are_shown_to_the_system_administrator_only(receiver: Receiver) -> None:
    receiver.status = 500
    tell(people.account(Role.CLERK))
    deliver()
    page = people.client(people.account(Role.SYSTEM_ADMIN)).get(reverse("notices_deliveries"))
    assert "HTTPError 500" in page.content.decode()
    assert people.client(people.account(Role.CLERK)).get(reverse("notices_deliveries")).status_code == 403
