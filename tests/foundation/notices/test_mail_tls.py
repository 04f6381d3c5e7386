"""E-mail to a server that asks for encryption and a login: both ways of TLS, and what is never sent in the clear."""

from __future__ import annotations

import base64
import dataclasses
import socketserver
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import people

from anlan.foundation.access.actor import actor_of, machine
from anlan.foundation.access.roles import Role
from anlan.foundation.jobs.catalogue import Step
from anlan.foundation.notices import actions, catalogue, jobs
from anlan.foundation.notices.models import Delivery, State
from anlan.settings import Words
from anlan.web.install import tls

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])
USER, PASSWORD = "anlan", "a-password-of-the-test"


class Post(socketserver.ThreadingTCPServer):
    """SMTP server that takes mail only from who signed in; `heard` is all that came before the line was encrypted."""

    daemon_threads = True

    def __init__(self, context: ssl.SSLContext, *, at_once: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.context, self.at_once, self.offers = context, at_once, True
        self.heard: list[str] = []
        self.mails: list[str] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves in the middle is what some tests are about."""


class _Session(socketserver.StreamRequestHandler):
    server: Post

    def _encrypt(self) -> None:
        self.rfile.close()
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.encrypted = True

    def _say(self, *lines: str) -> None:
        self.connection.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def finish(self) -> None:
        self.rfile.close()
        self.connection.close()

    def handle(self) -> None:
        self.encrypted = signed_in = False
        if self.server.at_once:
            self._encrypt()
        self._say("220 here")
        while raw := self.rfile.readline():
            line = raw.decode().strip()
            verb, _, rest = line.partition(" ")
            verb = verb.upper()
            if not self.encrypted:
                self.server.heard.append(line)
            if verb == "EHLO":
                can = ["AUTH PLAIN"] if self.encrypted else ["STARTTLS"] if self.server.offers else []
                self._say("250-here", *(f"250-{one}" for one in can), "250 8BITMIME")
            elif verb == "STARTTLS":
                self._say("220 go on")
                self._encrypt()
            elif verb == "AUTH":
                given = base64.b64decode(rest.split()[1]).decode().split("\0")
                signed_in = given == ["", USER, PASSWORD]
                self._say("235 welcome" if signed_in else "535 no")
            elif verb == "MAIL" and not signed_in:
                self._say("530 sign in first")
            elif verb == "DATA":
                self._say("354 go on")
                lines = []
                while (one := self.rfile.readline().decode()) != ".\r\n":
                    lines.append(one)
                self.server.mails.append("".join(lines))
                self._say("250 ok")
            else:
                self._say("221 bye" if verb == "QUIT" else "250 ok")


@pytest.fixture(params=["starttls", "tls"])
def post(
    request: pytest.FixtureRequest, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Post]:
    certificate, key = tls.self_signed(("127.0.0.1",), tmp_path)
    # What a district with an authority of its own does.
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    (tmp_path / "password").write_text(PASSWORD + "\n", encoding="utf-8")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    catalogue.declare("test.tls", Words("通知", "a notice"))
    with Post(context, at_once=request.param == "tls") as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        settings.ANLAN = dataclasses.replace(
            settings.ANLAN,
            mail_host="127.0.0.1",
            mail_port=int(server.server_address[1]),
            mail_tls=request.param,
            mail_from="anlan@office.example",
            mail_user=USER,
            mail_password_file=str(tmp_path / "password"),
        )
        account = people.account(Role.CLERK)
        actions.set_mail(actor_of(account), "someone@office.example", agreed=True)
        actions.notify([account], "test.tls", key="1", url="/tasks/3/")
        yield server
        server.shutdown()
    catalogue.TEMPLATES.pop("test.tls")


def deliver() -> Delivery:
    jobs.deliver.function(Step(1, machine("test"), 1))
    return Delivery.objects.get()


def test_a_mail_is_sent_encrypted_after_a_login(post: Post) -> None:
    one = deliver()
    assert (one.state, one.fault) == (State.SENT, "")
    assert len(post.mails) == 1
    # Nothing but the greeting and the wish to encrypt was readable on the way.
    assert {line.split()[0].upper() for line in post.heard} <= {"EHLO", "STARTTLS"}


def test_a_certificate_nobody_knows_gets_neither_mail_nor_password(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    one = deliver()
    assert one.state == State.WAITING
    assert one.fault.startswith("SSLCertVerificationError")
    assert post.mails == []
    assert {line.split()[0].upper() for line in post.heard} <= {"EHLO", "STARTTLS"}


def test_a_certificate_of_another_name_is_refused(post: Post, settings: Any) -> None:
    settings.ANLAN = dataclasses.replace(settings.ANLAN, mail_host="localhost")
    assert deliver().fault.startswith("SSLCertVerificationError")
    assert post.mails == []


def test_a_wrong_password_is_recorded_by_its_number(post: Post, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("another", encoding="utf-8")
    assert deliver().fault == "SMTPAuthenticationError 535"
    # Put right, the next attempt takes it without a new start.
    (tmp_path / "password").write_text(PASSWORD, encoding="utf-8")
    Delivery.objects.update(next_at="2022-09-30T00:00:00Z")
    assert deliver().state == State.SENT


def test_a_password_file_that_is_gone_is_recorded(post: Post, tmp_path: Path) -> None:
    (tmp_path / "password").unlink()
    assert deliver().fault.startswith("FileNotFoundError")
    assert post.heard == []


@pytest.mark.parametrize("post", ["starttls"], indirect=True)
def test_a_server_that_offers_no_encryption_gets_no_password(post: Post) -> None:
    post.offers = False
    assert deliver().fault.startswith("SMTPNotSupportedError")
    assert {line.split()[0].upper() for line in post.heard} <= {"EHLO", "HELO", "QUIT"}
