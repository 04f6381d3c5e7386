"""`anlan check` names what is wrong, with the way out, and its status says whether anything is."""

from __future__ import annotations

import itertools
import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.running import Site, site
from tests.cli.shell import command

from anlan.web.install import checks, exchange


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real installation, not running."""
    folder = tmp_path_factory.mktemp("founded") / "home"
    done = command("init", "--system", "sys", "--security", "sec", "--audit", "aud", ANLAN_HOME=str(folder))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def one(founded: Path, tmp_path: Path) -> Iterator[Site]:
    """A copy of it."""
    shutil.copytree(founded, tmp_path / "home")
    with site(tmp_path / "home") as made:
        yield made


def states(one: Site) -> tuple[int, dict[str, str]]:
    """Exit status, and how each thing is."""
    done = one.anlan("check", "--format", "json", "--lang", "en")
    rows = json.loads(done.stdout)
    assert all(row["words"] for row in rows)
    return done.returncode, {row["code"]: row["state"] for row in rows}


def test_a_sound_installation_that_does_not_run_has_only_warnings(one: Site) -> None:
    status, found = states(one)
    assert status == 0
    assert found.keys() == {
        *("settings", "timezone", "pack", "calendar", "home", "disk", "font", "parts"),
        *("database", "worker", "journal", "clock"),
    }
    assert found["worker"] == "warning"
    assert "error" not in found.values()


def test_what_is_broken_is_an_error_with_the_way_out(one: Site) -> None:
    shutil.move(one.home / "anlan.db", one.home / "elsewhere.db")
    status, found = states(one)
    assert (status, found["database"]) == (1, "error")
    assert "anlan up" in one.anlan("check", "--lang", "en").stdout
    # Looking changes nothing.
    assert not (one.home / "anlan.db").exists()


def test_tables_that_wait_for_an_upgrade_are_an_error(one: Site) -> None:
    with sqlite3.connect(one.home / "anlan.db") as connection:
        connection.execute("DELETE FROM django_migrations WHERE app = 'plan'")
    connection.close()
    assert states(one)[1]["database"] == "error"


def test_a_database_of_a_newer_version_is_an_error(one: Site) -> None:
    with sqlite3.connect(one.home / "anlan.db") as connection:
        connection.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('plan', '9999_later', '2030')")
    connection.close()
    status, found = states(one)
    assert (status, found["database"]) == (1, "error")


def test_a_cut_off_restore_and_an_open_folder_are_named(one: Site) -> None:
    one.home.chmod(0o755)
    assert states(one)[1]["home"] == "warning"
    (one.home / exchange.READY).mkdir()
    assert states(one) == (1, states(one)[1] | {"home": "error"})


@pytest.mark.parametrize("name", ["anlan.db", "secret.key", "vault"])
def test_what_others_may_open_inside_the_folder_is_named(one: Site, name: str) -> None:
    # As it was founded nothing is open.
    assert states(one)[1]["home"] == "ok"
    path = one.home / name
    path.chmod(path.stat().st_mode | 0o040)
    assert states(one)[1]["home"] == "warning"
    told = one.anlan("check", "--lang", "zh").stdout
    assert f"{one.home} 里的 {name} 对本机其他账户开放：请运行 chmod -R go-rwx" in told


def test_every_wrong_setting_is_an_error_of_its_own(tmp_path: Path) -> None:
    done = command("check", "--format", "json", ANLAN_HOME=str(tmp_path), ANLAN_PORT="x", ANLAN_LANGUAGE="zh")
    assert done.returncode == 1
    rows = json.loads(done.stdout)
    assert [row["code"] for row in rows] == ["settings", "settings"]


def test_a_missing_folder_is_an_error_and_is_not_made(tmp_path: Path) -> None:
    done = command("check", ANLAN_HOME=str(tmp_path / "none"))
    assert done.returncode == 1
    assert "没有" in done.stdout.decode()
    assert not (tmp_path / "none").exists()


def test_a_wrong_pack_is_an_error(tmp_path: Path) -> None:
    environ = {"ANLAN_HOME": str(tmp_path), "ANLAN_PACK": "atlantis"}
    found = list(itertools.islice(checks.look(environ, lambda: None), 3))
    assert ("pack", "error") in [(one.code, one.state) for one in found]


def test_version_tells_program_and_data(one: Site) -> None:
    import anlan

    told = json.loads(one.anlan("version", "--format", "json").stdout)
    assert told["anlan"] == told["data"] == anlan.__version__
    assert told["home"] == str(one.home)
    assert anlan.__version__ in one.anlan("version").stdout
