"""kill -9 while something is under way, then a new start: what was asked for has happened whole, or not at all."""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from tests.walkthrough import installation
from tests.walkthrough.installation import Installation
from tests.walkthrough.people import Accounts

# Enough rows that handing them out takes far longer than the moment it takes to kill.
MEASURES = 10_000
BOUNDARY = "----anlan"


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Installation of one's own, not yet started: others would not like to see theirs killed."""
    made = installation.found(tmp_path_factory.mktemp("killed"))
    try:
        yield made
    finally:
        made.kill()


@dataclass
class Session:
    """Clerk who is signed in, without a browser: nothing is sent but what the test says."""

    site: Installation
    cookies: dict[str, str]

    @classmethod
    def of_clerk(cls, site: Installation) -> Session:
        """Signs in by the page."""
        accounts = Accounts.of(site)
        session = cls(site, {})
        token = session.token("/login/")
        form = f"csrfmiddlewaretoken={token}&username={accounts.by_role['clerk']}&password={accounts.password}"
        status, _ = session.ask("POST", "/login/", form.encode(), "application/x-www-form-urlencoded")
        assert status == 302
        return session

    def ask(self, method: str, path: str, body: bytes = b"", media: str = "") -> tuple[int, str]:
        """Status and text of an answer; cookies are kept."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=120)) as connection:
            connection.request(method, path, body or None, self.headers(media))
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, _, rest = line.partition("=")
                self.cookies[name] = rest.partition(";")[0]
            return answer.status, answer.read().decode("utf-8", "replace")

    def headers(self, media: str = "") -> dict[str, str]:
        """Headers of a request, with the cookies so far."""
        found = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        return found | ({"Content-Type": media} if media else {})

    def token(self, path: str) -> str:
        """Token that a form of the page carries."""
        status, text = self.ask("GET", path)
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        assert status == 200
        assert found, text[:500]
        return found.group(1)

    def begin(self, path: str, body: bytes, media: str, send: int | None = None) -> socket.socket:
        """Sends a POST, or its first `send` bytes of the body, and does not wait for the answer."""
        head = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{self.site.port}", f"Content-Length: {len(body)}"]
        head += [f"{name}: {value}" for name, value in self.headers(media).items()]
        wire = socket.create_connection(("127.0.0.1", self.site.port), timeout=30)
        wire.sendall("\r\n".join([*head, "", ""]).encode() + body[:send])
        return wire


def _plan(measures: int) -> bytes:
    """Plan of that many measures, a hundred in each chapter, as nobody numbers them to ten thousand."""
    lines = ["青溪区2024年工作要点", ""]
    for n in range(measures):
        chapter, place = divmod(n, 100)
        if place == 0:
            lines.append(f"{_chinese(chapter + 1)}、第{chapter + 1}方面的工作")
        lines.append(f"{place + 1}.办好第{n + 1}件事。2024年12月底前办好第{n + 1}件事。（责任单位：区生态环境局）")
    return "\n".join(lines).encode()


def _chinese(n: int) -> str:
    """Number from 1 to 100 as headings count."""
    if n == 100:
        return "一百"
    tens, ones = divmod(n, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十") + (_DIGITS[ones] if ones else "")


_DIGITS = "零一二三四五六七八九"


def _form(token: str, name: str, data: bytes) -> bytes:
    parts = []
    for key, value in (("csrfmiddlewaretoken", token), ("text", ""), ("year", "")):
        parts.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode())
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/plain\r\n\r\n'
    return b"".join(parts) + head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()


MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def _whole(site: Installation) -> None:
    """Nothing is half done: no part of anything without the rest, and every chain and file verifies."""
    assert site.rows("PRAGMA integrity_check") == [("ok",)]
    assert site.rows("PRAGMA foreign_key_check") == []
    lonely = "SELECT count(*) FROM plan_plan p WHERE NOT EXISTS (SELECT 1 FROM plan_document d JOIN vault_receipt r ON r.id = d.receipt_id WHERE d.plan_id = p.id)"
    assert site.rows(lonely) == [(0,)], "a plan without its document"
    counted = """SELECT p.id, p.state,
        (SELECT count(*) FROM plan_measure m JOIN plan_document d ON d.id = m.document_id WHERE d.plan_id = p.id),
        (SELECT count(*) FROM plan_task t WHERE t.plan_id = p.id AND t.parent_id IS NULL),
        (SELECT count(*) FROM journal_entry e WHERE e.action = 'plan.issue' AND e.outcome = 'done' AND e.object_id = CAST(p.id AS TEXT)),
        (SELECT count(*) FROM journal_entry e WHERE e.action = 'plan.receive' AND e.outcome = 'done' AND e.object_id = CAST(p.id AS TEXT))
        FROM plan_plan p"""
    for key, state, measures, tasks, issues, receives in site.rows(counted):
        assert measures > 0, f"plan {key} has no measures"
        assert (tasks, issues) == ((measures, 1) if state == "issued" else (0, 0)), f"plan {key} is issued in part"
        assert receives == 1, f"plan {key} has no entry of its receipt"
    for words in (("journal", "verify"), ("vault", "verify")):
        done = site.anlan(*words)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"


def _plans(site: Installation) -> int:
    count: int = site.rows("SELECT count(*) FROM plan_plan")[0][0]
    return count


def test_the_first_start_is_killed_again_and_again_and_comes_up_whole_at_last(site: Installation) -> None:
    # From before the tables to after the sample plan; where a moment falls does not matter, that they differ does.
    for moment_s in (0.6, 1.2, 1.8, 2.4, 3.2):
        site.launch()
        time.sleep(moment_s)
        site.kill()
    site.start()
    _whole(site)
    assert site.rows("SELECT state, sample FROM plan_plan") == [("issued", 1)]
    roles = site.rows("SELECT role, count(*) FROM access_grant GROUP BY role")
    assert roles
    assert {count for _, count in roles} == {1}
    site.stop()


def test_an_upload_that_is_cut_off_by_a_kill_leaves_nothing(site: Installation) -> None:
    site.start()
    before = _plans(site)
    clerk = Session.of_clerk(site)
    body = _form(clerk.token("/plans/new/"), "要点.txt", _plan(2000))
    with clerk.begin("/plans/new/", body, MULTIPART, send=len(body) // 2):
        time.sleep(0.5)
        site.kill()
    site.start()
    assert _plans(site) == before
    _whole(site)
    # What the vault had begun to write is known to be nobody's, and swept away.
    site.run("from anlan.foundation.vault import queries; queries.sweep()")
    known = {sha for (sha,) in site.rows("SELECT sha256 FROM vault_file")}
    kept = {path.name for path in (site.home / "vault").rglob("*") if path.is_file() and len(path.name) == 64}
    assert known <= kept


def test_a_kill_while_a_plan_is_taken_in_keeps_all_of_it_or_nothing(site: Installation) -> None:
    site.start()
    before = _plans(site)
    data = _plan(1500)
    killed = 0
    for moment_s in (0.1, 0.5, 1.2):
        clerk = Session.of_clerk(site)
        body = _form(clerk.token("/plans/new/"), "要点.txt", data)
        with clerk.begin("/plans/new/", body, MULTIPART):
            time.sleep(moment_s)
            site.kill()
        site.start()
        _whole(site)
        if _plans(site) > before:
            break
        killed += 1
    assert killed, "the plan was taken in before anybody could kill: nothing was tested"
    if _plans(site) == before:
        # What was cut off is sent again, and it is not refused as something that had come before.
        clerk = Session.of_clerk(site)
        status, text = clerk.ask("POST", "/plans/new/", _form(clerk.token("/plans/new/"), "要点.txt", data), MULTIPART)
        assert status == 302, text[-2000:]
    assert _plans(site) == before + 1


def test_a_kill_while_ten_thousand_tasks_are_handed_out_hands_out_all_or_none(site: Installation) -> None:
    site.start()
    key = site.run(f"""
from anlan.foundation.access.actor import machine
from anlan.plan import actions, queries
from tests.walkthrough.test_killing import _plan
plan = actions.receive(machine("test"), _plan({MEASURES}), "大要点.txt")
assert not queries.questions(plan).filter(closed_at__isnull=True).exists()
print(plan.pk)
""")
    state = f"SELECT state, (SELECT count(*) FROM plan_task WHERE plan_id = p.id) FROM plan_plan p WHERE id = {key}"
    killed = 0
    for moment_s in (0.2, 0.6, 1.2):
        clerk = Session.of_clerk(site)
        token = clerk.token(f"/plans/{key}/issue/")
        form = f"csrfmiddlewaretoken={token}&on=2024-01-02".encode()
        with clerk.begin(f"/plans/{key}/issue/", form, "application/x-www-form-urlencoded"):
            time.sleep(moment_s)
            site.kill()
        site.start()
        _whole(site)
        if site.rows(state) == [("issued", MEASURES)]:
            break
        assert site.rows(state) == [("draft", 0)]
        killed += 1
    assert killed, "the plan was issued before anybody could kill: nothing was tested"
    if site.rows(state) == [("draft", 0)]:
        assert (
            site.run(f"""
from anlan.foundation.access.actor import machine
from anlan.plan import actions
from anlan.plan.models import Plan
print(actions.issue(machine("test"), Plan.objects.get(pk={key})))
""")
            == MEASURES
        )
        _whole(site)
