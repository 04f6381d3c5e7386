"""`anlan up` starts everything or nothing, prints who can sign in, and leaves nothing behind, however it ends."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import sqlite3
import ssl
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.running import Site, site, wait_for
from tests.cli.shell import PLAN, command
from tests.monitor.frames_of_the_field import upload

from anlan.settings import InputError
from anlan.web.install import home
from anlan.web.install.family import Child, Family, GivenUpError

ROLES = {
    "audit_admin",
    "clerk",
    "handler",
    "leader",
    "security_admin",
    "system_admin",
    "unit_leader",
    "verifier",
}
COUNTS = """
SELECT (SELECT count(*) FROM access_account), (SELECT count(*) FROM org_unit), (SELECT count(*) FROM plan_plan),
       (SELECT count(*) FROM plan_task)
"""
# Eight roles; 27 organs of the pack and 6 townships and streets; its plan with 30 measures.
FULL = [(8, 33, 1, 30)]


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home with the sample data, stopped; tests work on copies."""
    folder = tmp_path_factory.mktemp("seeded") / "home"
    with site(folder) as one:
        one.start()
        assert one.stop() == 0
    return folder


@pytest.fixture
def running(seeded: Path, tmp_path: Path) -> Iterator[Site]:
    """Installation with the sample data, not started yet."""
    shutil.copytree(seeded, tmp_path / "home")
    with site(tmp_path / "home") as one:
        yield one


def test_the_first_start_brings_a_district_with_people_and_an_issued_plan(tmp_path: Path) -> None:
    with site(tmp_path / "home") as one:
        said = one.start()
        assert f"http://127.0.0.1:{one.port}/" in said
        assert one.answer("/") in (200, 302)
        grants = "SELECT g.role, a.name FROM access_grant g JOIN access_account a ON a.id = g.account_id WHERE a.sample"
        people = dict(one.rows(grants))
        assert set(people) == ROLES
        assert all(name in said for name in people.values())
        assert (one.home / "sample-password").read_text().strip() in said
        assert one.rows(COUNTS) == FULL
        assert one.rows("SELECT state, issued_on, sample FROM plan_plan") == [("issued", "2022-05-10", 1)]
        # Every township and street, and only they, belong to the group that plans mean by it.
        assert one.rows("SELECT count(*) FROM org_membership") == [(6,)]
        assert one.rows("SELECT count(*) FROM org_unit WHERE NOT sample") == [(0,)]
        # Everything is for the account of the service only.
        assert [path for path in one.home.glob("*.db") if path.stat().st_mode & 0o077] == []


def test_a_second_start_reuses_the_data_and_tells_the_same_password(running: Site) -> None:
    before = running.rows("SELECT id, password FROM access_account")
    assert (running.home / "sample-password").read_text().strip() in running.start()
    assert running.rows("SELECT id, password FROM access_account") == before
    assert running.rows(COUNTS) == FULL


def test_what_people_changed_in_the_sample_stays_as_they_left_it(running: Site) -> None:
    with sqlite3.connect(running.home / "anlan.db") as connection:
        connection.execute("DELETE FROM org_membership")
        connection.execute("DELETE FROM org_unitalias")
    connection.close()
    running.start()
    assert running.rows("SELECT (SELECT count(*) FROM org_membership), (SELECT count(*) FROM org_unitalias)") == [
        (0, 0)
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything(running: Site, number: signal.Signals) -> None:
    running.start()
    assert set(running.children()) == {"worker", "web"}
    assert running.stop(number) == 0
    wait_for(lambda: not running.programs(), 10)
    assert running.answer() == 0


def test_kill_9_leaves_nothing_behind_and_the_next_start_works(running: Site) -> None:
    running.start()
    # The command, the worker, the web server and its process for pages.
    assert len(running.programs()) >= 4
    running.stop(signal.SIGKILL)
    wait_for(lambda: not running.programs(), 10)
    running.start()
    assert running.answer("/") in (200, 302)
    assert running.rows(COUNTS) == FULL


def test_a_program_that_dies_is_started_again(running: Site) -> None:
    running.start()
    before = running.children()
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: running.children().keys() == before.keys() and not set(before.values()) & running.programs())
    wait_for(lambda: running.answer("/") in (200, 302))


def test_one_folder_is_served_once(running: Site) -> None:
    running.start()
    second = running.anlan("up", "--lang", "en", "--port", "1")
    assert second.returncode == 2
    assert "is in use" in second.stderr
    assert f"http://127.0.0.1:{running.port}/" in second.stderr
    assert running.answer("/") in (200, 302)


def test_a_port_in_use_is_said_with_the_way_out(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        for lang, words in (("zh", f"端口 {port} 已被别的程序占用"), ("en", f"port {port} is in use")):
            done = command("up", "--lang", lang, "--port", str(port), ANLAN_HOME=str(tmp_path / "home"))
            assert done.returncode == 2
            assert words in done.stderr.decode()
            assert f"--port {port + 1}" in done.stderr.decode()
    assert not (tmp_path / "home" / "anlan.db").exists()


def test_everything_wrong_with_the_options_is_said_at_once(tmp_path: Path) -> None:
    done = command(
        *("up", "--lang", "en", "--port", "0", "--cert", "c.pem", "--real", "--plan", "x"), ANLAN_HOME=str(tmp_path)
    )
    assert done.returncode == 2
    said = done.stderr.decode()
    assert "ANLAN_PORT=0" in said
    assert "--cert and --key belong together" in said
    assert "--plan is a sample" in said


MARKS = "SELECT count(*) FROM journal_entry WHERE action = 'installation.sample'"


def marks(one: Site) -> int:
    """Steps of the sample that are done; 0 while the tables are made."""
    try:
        return int(one.rows(MARKS)[0][0])
    except sqlite3.OperationalError:
        return 0


@pytest.mark.parametrize("steps", [0, 3])
def test_a_sample_that_was_cut_off_is_finished_by_the_next_start(tmp_path: Path, steps: int) -> None:
    """Killed while it makes the tables, and while it compiles the plan after divisions, units and accounts."""
    with site(tmp_path / "home") as one:
        one.launch()
        wait_for(lambda: (one.home / "anlan.db").exists() and marks(one) >= steps)
        one.stop(signal.SIGKILL)
        assert marks(one) < 4, "it was done before it could be killed"
        one.start()
        assert one.rows(COUNTS) == FULL
        assert one.rows("SELECT count(*) FROM access_grant") == [(8,)]


def test_a_plan_of_ones_own_takes_the_place_of_the_packs(tmp_path: Path) -> None:
    path = tmp_path / "own.txt"
    path.write_text(PLAN, encoding="utf-8")
    with site(tmp_path / "home") as one:
        one.start("--plan", str(path))
        assert one.rows("SELECT year, sample FROM plan_plan") == [(2023, 1)]
        assert one.rows("SELECT count(*) FROM plan_task") == [(3,)]


def test_a_real_installation_has_no_samples_and_opens_the_set_up_page_once(tmp_path: Path) -> None:
    with site(tmp_path / "home") as one:
        said = one.start("--real", "--lang", "en")
        assert "setup/?token=" in said
        assert one.rows("SELECT (SELECT count(*) FROM access_account), (SELECT count(*) FROM org_unit)") == [(0, 0)]
        assert not (one.home / "sample-password").exists()


def test_a_home_with_samples_does_not_become_a_real_one(running: Site) -> None:
    done = running.anlan("up", "--real", "--lang", "en")
    assert done.returncode == 2
    assert "holds sample data" in done.stderr


def test_tls_is_served_with_a_certificate_of_its_own(running: Site) -> None:
    assert "SHA-256" in running.start("--tls", "--lang", "en")
    assert running.answer("/", tls=True) in (200, 302)
    assert running.answer("/") == 0
    # The gateway for frames too, with the same certificate; the simulated field speaks it.
    pem = running.home / "tls" / "certificate.pem"
    told = re.search(r"send to 127\.0\.0\.1:(\d+)", running.said)
    assert told
    plain = socket.create_connection(("127.0.0.1", int(told[1])), timeout=10)
    context = ssl.create_default_context(cafile=str(pem))
    with context.wrap_socket(plain, server_hostname="localhost") as wire:
        wire.sendall(upload())
        assert b"CN=9014" in wire.recv(4096)
    here = "SELECT count(*) >= 12 FROM monitor_sender WHERE connected"
    wait_for(lambda: running.rows(here, store="readings.db") == [(1,)])
    key = running.home / "tls" / "key.pem"
    assert key.stat().st_mode & 0o077 == 0


def test_a_gateway_without_tls_is_asked_for_only_beside_tls(running: Site) -> None:
    done = running.anlan("up", "--plain-gateway", "--lang", "en")
    assert done.returncode == 2
    assert "--plain-gateway belongs to --tls" in done.stderr


def test_a_program_that_dies_again_and_again_ends_the_start(tmp_path: Path) -> None:
    program = "print('no disk', flush=True); raise SystemExit(3)"
    child = Child("worker", [sys.executable, "-c", program], tmp_path / "worker.out")
    with home.held(tmp_path) as lock:
        family = Family([child], os.environ, lock)
        family.start()
        with pytest.raises(GivenUpError) as given_up:
            family.watch(deadline=time.monotonic() + 30)
        family.stop()
    assert "no disk" in given_up.value.words.en
    assert "3" in given_up.value.words.zh


def test_a_folder_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "version").write_text("99.0\n")
    with pytest.raises(InputError, match="newer version 99"):
        home.refuse_newer(tmp_path)
    assert command("up", ANLAN_HOME=str(tmp_path)).returncode == 2
