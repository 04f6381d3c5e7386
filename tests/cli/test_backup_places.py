"""Backups from and to places that are not like any other: odd names, sticks without links, what a killed one left."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import sqlite3
import tarfile
from pathlib import Path

import pytest
from tests.cli.running import site
from tests.cli.shell import command

from anlan.cli import restore
from anlan.foundation.access.actor import machine
from anlan.foundation.journal import sealing
from anlan.foundation.journal.models import Outcome
from anlan.foundation.journal.writing import write
from anlan.settings import InputError, load
from anlan.web.install import archive, exchange

FIRST = ("--system", "sys", "--security", "sec", "--audit", "aud")


def stores(home: Path) -> Path:
    """Home with the two databases that a backup copies, one row in each."""
    home.mkdir(parents=True)
    for name in (archive.BUSINESS, archive.READINGS):
        connection = sqlite3.connect(home / name)
        connection.execute("CREATE TABLE things (name)")
        connection.execute("INSERT INTO things VALUES ('one')")
        connection.commit()
        connection.close()
    return home


def things(path: Path, folder: Path) -> list[tuple[str]]:
    """Rows of the business store in an archive."""
    with tarfile.open(path) as tar:
        member = tar.extractfile(archive.BUSINESS)
        assert member is not None
        copy = folder / "copy.db"
        copy.write_bytes(member.read())
    connection = sqlite3.connect(copy)
    found = connection.execute("SELECT name FROM things").fetchall()
    connection.close()
    return found


@pytest.mark.parametrize("name", ["a#b", "a?mode=memory", "50%20", "家 里", "a&b'c"])
def test_a_home_is_copied_whatever_signs_are_in_its_name(tmp_path: Path, name: str) -> None:
    """SQLite takes the name as an address: at a "#" it would end, and an empty database be made and copied."""
    home = stores(tmp_path / name)
    archive.write(tmp_path / "x.tar.gz", home, (0, ""), databases=True)
    assert things(tmp_path / "x.tar.gz", tmp_path) == [("one",)]
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([name, "copy.db", "x.tar.gz"])


def test_an_installation_in_such_a_home_comes_back_whole(tmp_path: Path) -> None:
    with site(tmp_path / "50% #1?") as one, site(tmp_path / "新 #2") as other:
        assert one.anlan("init", *FIRST).returncode == 0
        assert one.anlan("backup", tmp_path / "x.tar.gz").returncode == 0
        done = other.anlan("restore", tmp_path / "x.tar.gz", "--lang", "en")
        assert done.returncode == 0, done.stderr
        for home in (one.home, other.home):
            connection = sqlite3.connect(home / "anlan.db")
            assert connection.execute("SELECT count(*) FROM access_account").fetchone() == (3,)
            connection.close()


def test_a_place_that_knows_no_second_name_of_a_file_takes_a_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(source: object, target: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", link)
    home = stores(tmp_path / "home")
    target = tmp_path / "stick" / "x.tar.gz"
    target.parent.mkdir()
    archive.write(target, home, (0, ""), databases=True)
    assert things(target, tmp_path) == [("one",)]
    before = target.read_bytes()
    with pytest.raises(InputError, match="is there already"):
        archive.write(target, home, (0, ""), databases=True)
    assert target.read_bytes() == before
    assert list(target.parent.iterdir()) == [target]


def test_what_a_killed_backup_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    home = stores(tmp_path / "home")
    target = tmp_path / "out" / "x.tar.gz"
    (target.parent / "x.tar.gz.part.copies").mkdir(parents=True)
    (target.parent / "x.tar.gz.part.copies" / "anlan.db").write_bytes(b"half")
    # Longer than what comes, so that a rest would show at the end.
    (target.parent / "x.tar.gz.part").write_bytes(b"x" * 1_000_000)
    archive.write(target, home, (0, ""), databases=True)
    assert things(target, tmp_path) == [("one",)]
    assert list(target.parent.iterdir()) == [target]
    unpacked = tmp_path / "unpacked"
    unpacked.mkdir()
    assert archive.unpack(target, unpacked).files.keys() == {archive.BUSINESS, archive.READINGS}


def test_two_backups_do_not_write_into_one_file(tmp_path: Path) -> None:
    home = stores(tmp_path / "home")
    part = tmp_path / "x.tar.gz.part"
    with part.open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(InputError, match="another backup"):
            archive.write(tmp_path / "x.tar.gz", home, (0, ""), databases=True)
        assert part.exists()
    archive.write(tmp_path / "x.tar.gz", home, (0, ""), databases=True)
    assert things(tmp_path / "x.tar.gz", tmp_path) == [("one",)]


def test_a_backup_with_an_empty_database_is_refused(tmp_path: Path) -> None:
    """Its journal has no block that could be broken, so nothing else would show."""
    home = tmp_path / "home"
    home.mkdir()
    for name in (archive.BUSINESS, archive.READINGS):
        (home / name).write_bytes(b"")
    archive.write(tmp_path / "x.tar.gz", home, sealing.Head(-1, sealing.GENESIS), databases=True)
    fresh = tmp_path / "fresh"
    done = command("restore", tmp_path / "x.tar.gz", "--lang", "en", ANLAN_HOME=str(fresh))
    assert done.returncode == 2
    assert b"is empty: nothing was restored" in done.stderr
    assert not (fresh / archive.BUSINESS).exists()


def test_what_a_killed_restore_unpacked_is_removed(tmp_path: Path) -> None:
    folder = exchange.begin(tmp_path)
    (folder / "anlan.db").write_bytes(b"half")
    assert exchange.finish(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db(transaction=True, databases=["default", "scratch", "readings"])
def test_a_dump_that_is_older_than_its_vault_is_taken_and_said(tmp_path: Path) -> None:
    """pg_dump runs before the vault is read, so that the journal may end before the block that the vault names."""
    write(machine("test"), "plan.see", Outcome.DONE)
    sealing.seal()
    head = sealing.head()
    settings = load({**os.environ, "DATABASE_URL": "postgresql://anlan@/anlan"})

    def manifest(number: int, digest: str) -> archive.Manifest:
        return archive.Manifest("2026-01-01T00:00:00+00:00", "0.1", "postgresql", number, digest, {})

    assert "earlier" not in restore._check(manifest(*head), settings, tmp_path, tmp_path / "x").en
    later = hashlib.sha256(b"later").hexdigest()
    said = restore._check(manifest(head.number + 3, later), settings, tmp_path, tmp_path / "x")
    assert f"ends with block {head.number}, the backup names block {head.number + 3}" in said.en
    assert "数据库早于文件库" in said.zh
    # A block that the database has must be the one that the vault names.
    with pytest.raises(InputError, match="was rewritten"):
        restore._check(manifest(head.number, later), settings, tmp_path, tmp_path / "x")


def test_neither_start_nor_upgrade_touches_a_database_of_a_newer_version(tmp_path: Path) -> None:
    with site(tmp_path / "home") as one:
        assert one.anlan("init", *FIRST).returncode == 0
        connection = sqlite3.connect(one.home / "anlan.db")
        connection.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('plan', '9999_later', '2030')")
        connection.commit()
        connection.close()
        for verb in ("up", "upgrade"):
            done = one.anlan(verb, "--lang", "en")
            assert done.returncode == 2, done.stdout
            assert "a newer version wrote the database (plan.9999_later" in done.stderr


def test_check_says_of_a_wrong_database_address_what_it_must_be(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o700)
    done = command(
        "check", "--format", "json", ANLAN_HOME=str(tmp_path / "home"), DATABASE_URL="mysql://root:s3cret@h/x"
    )
    assert done.returncode == 1
    assert done.stderr == b""
    [wrong] = [row for row in json.loads(done.stdout) if row["state"] == "error"]
    assert wrong["code"] == "settings"
    assert "embedded" in wrong["words"]
    assert "s3cret" not in wrong["words"]
