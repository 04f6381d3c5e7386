"""A backup is whole, made while people work, and comes back only if every file and the journal are what they were."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import sqlite3
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.cli.running import Site, site
from tests.cli.shell import command

from anlan.settings import InputError
from anlan.web.install import archive, exchange, home


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Installation with the sample data, at work."""
    with site(tmp_path_factory.mktemp("running") / "home") as one:
        one.start()
        yield one


@pytest.fixture(scope="module")
def saved(running: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its backup."""
    target = tmp_path_factory.mktemp("saved") / "anlan.tar.gz"
    done = running.anlan("backup", target)
    assert done.returncode == 0, done.stderr
    return target


def members(path: Path) -> dict[str, bytes]:
    """Contents of an archive by name."""
    with tarfile.open(path) as tar:
        return {one.name: tar.extractfile(one).read() for one in tar}  # type: ignore[union-attr]


def write(path: Path, contents: dict[str, bytes], *extra: tarfile.TarInfo) -> Path:
    """Archive with these contents, further members before the last of them."""
    names = list(contents)
    with tarfile.open(path, "w:gz") as tar:
        for name in names:
            if name == names[-1]:
                for one in extra:
                    tar.addfile(one)
            info = tarfile.TarInfo(name)
            info.size = len(contents[name])
            tar.addfile(info, io.BytesIO(contents[name]))
    return path


def test_a_backup_holds_databases_vault_and_a_manifest_in_the_order_that_keeps_them_whole(saved: Path) -> None:
    found = members(saved)
    names = list(found)
    assert names[0] == "anlan.db"
    assert names[-1] == "manifest.json"
    vault = [name for name in names if name.startswith("vault/")]
    assert vault
    assert max(map(names.index, vault)) < names.index("readings.db")
    # Sessions, caches and the key of this installation stay at home.
    assert not {"scratch.db", "secret.key"} & found.keys()
    manifest = json.loads(found["manifest.json"])
    assert manifest["files"].keys() == found.keys() - {"manifest.json"}
    assert len(manifest["head_hash"]) == 64
    assert saved.stat().st_mode & 0o077 == 0
    assert list(saved.parent.iterdir()) == [saved]


def test_a_backup_never_writes_over_a_file(running: Site, saved: Path) -> None:
    before = saved.read_bytes()
    done = running.anlan("backup", saved, "--lang", "en")
    assert done.returncode == 2
    assert "is there already" in done.stderr
    assert saved.read_bytes() == before


def test_a_backup_that_cannot_be_written_says_so_and_leaves_nothing(running: Site, tmp_path: Path) -> None:
    done = running.anlan("backup", tmp_path / "no" / "such.tar.gz", "--lang", "en")
    assert done.returncode == 2
    assert "cannot write" in done.stderr


def test_a_folder_without_an_installation_is_not_backed_up(tmp_path: Path) -> None:
    done = command("backup", str(tmp_path / "x.tar.gz"), "--lang", "en", ANLAN_HOME=str(tmp_path / "none"))
    assert done.returncode == 2
    assert b"there is no installation" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_backup_made_while_others_write_is_of_one_moment(running: Site, tmp_path: Path) -> None:
    """Two rows are always written together; the copy must never have one of them."""
    path = running.home / "anlan.db"
    stop = threading.Event()

    def work() -> None:
        connection = sqlite3.connect(path, timeout=30, isolation_level=None)
        number = 0
        while not stop.is_set():
            number += 1
            connection.execute("BEGIN IMMEDIATE")
            for side in "ab":
                connection.execute(
                    "INSERT INTO org_division (code, name, kind, note) VALUES (?, 'x', 'pair', '')",
                    (f"{side}{number}",),
                )
            connection.execute("COMMIT")
        connection.execute("DELETE FROM org_division WHERE kind = 'pair'")
        connection.close()

    writer = threading.Thread(target=work)
    writer.start()
    try:
        done = running.anlan("backup", tmp_path / "busy.tar.gz")
    finally:
        stop.set()
        writer.join()
    assert done.returncode == 0, done.stderr
    (tmp_path / "copy.db").write_bytes(members(tmp_path / "busy.tar.gz")["anlan.db"])
    connection = sqlite3.connect(tmp_path / "copy.db")
    pairs = "SELECT count(*), count(DISTINCT substr(code, 2)) FROM org_division WHERE kind = 'pair'"
    rows, numbers = connection.execute(pairs).fetchone()
    connection.close()
    assert rows == 2 * numbers
    assert rows > 0


def test_a_restored_installation_is_the_one_that_was_saved(saved: Path, running: Site, tmp_path: Path) -> None:
    with site(tmp_path / "home") as other:
        done = other.anlan("restore", saved, "--lang", "en")
        assert done.returncode == 0, done.stderr
        assert "the journal is whole" in done.stdout
        query = "SELECT id, name, password FROM access_account"
        assert other.rows(query) == running.rows(query)
        assert other.anlan("vault", "verify").returncode == 0
        said = other.start()
        assert (running.home / "sample-password").read_text().strip() in said
        assert other.rows("SELECT count(*) FROM plan_task") == [(30,)]
        # A second restore keeps what was there.
        other.stop()
        assert other.anlan("restore", saved).returncode == 0
        (kept,) = other.home.glob("before-restore-*")
        assert (kept / "anlan.db").exists()
        assert (kept / "vault").is_dir()


def test_a_running_installation_is_not_restored_over(running: Site, saved: Path) -> None:
    before = running.rows("SELECT count(*) FROM access_account")
    done = running.anlan("restore", saved, "--lang", "en")
    assert done.returncode == 2
    assert "is in use" in done.stderr
    assert running.rows("SELECT count(*) FROM access_account") == before
    assert list(running.home.glob("before-restore-*")) == []


def _member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


@pytest.mark.parametrize(
    "member",
    [
        _member("/etc/anlan"),
        _member("../outside"),
        _member("vault/../../outside"),
        _member("vault/ab/cd/" + "g" * 64),
        _member("vault/ab/cd/ab"),
        _member("vault/ab/cd/" + "00" * 32),
        _member("settings.py"),
        _member("anlan.db", tarfile.SYMTYPE, "/etc/passwd"),
        _member("readings.db", tarfile.LNKTYPE, "anlan.db"),
        _member("vault", tarfile.DIRTYPE),
        _member("readings.db", tarfile.FIFOTYPE),
        _member("readings.db", tarfile.CHRTYPE),
        _member("anlan.db"),
        # Its name is the hash of something else.
        _member("vault/ab/cd/abcd" + "0" * 60),
    ],
    ids=lambda one: f"{one.name}-{one.type.decode()}",
)
def test_what_does_not_belong_into_a_backup_is_refused(saved: Path, tmp_path: Path, member: tarfile.TarInfo) -> None:
    bad = write(tmp_path / "bad.tar.gz", members(saved), member)
    folder = tmp_path / "home" / "part"
    folder.mkdir(parents=True)
    with pytest.raises(InputError, match="nothing was restored"):
        archive.unpack(bad, folder)
    inside = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")}
    assert inside == {"bad.tar.gz", "home"}


def _changed(contents: dict[str, bytes]) -> dict[str, bytes]:
    contents["readings.db"] = contents["readings.db"][:-1] + b"!"
    return contents


def _missing(contents: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in contents.items() if name != "readings.db"}


def _no_manifest(contents: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in contents.items() if name != "manifest.json"}


def _behind(contents: dict[str, bytes]) -> dict[str, bytes]:
    return {"manifest.json": contents["manifest.json"], **_no_manifest(contents)}


def _newer(contents: dict[str, bytes]) -> dict[str, bytes]:
    told = json.loads(contents["manifest.json"]) | {"form": 99}
    return contents | {"manifest.json": json.dumps(told).encode()}


@pytest.mark.parametrize(
    "spoil, words",
    [
        (_changed, "readings.db in .* is not what the manifest says"),
        (_missing, "readings.db in .* is not what the manifest says"),
        (_no_manifest, "no usable manifest"),
        (_behind, "stands behind the manifest"),
        (_newer, "newer form"),
    ],
)
def test_an_archive_that_does_not_fit_its_manifest_is_refused(
    saved: Path, tmp_path: Path, spoil: Callable[[dict[str, bytes]], dict[str, bytes]], words: str
) -> None:
    bad = write(tmp_path / "bad.tar.gz", spoil(members(saved)))
    (tmp_path / "part").mkdir()
    with pytest.raises(InputError, match=words):
        archive.unpack(bad, tmp_path / "part")


@pytest.mark.parametrize("length", [0, 10, 1000, -10])
def test_a_file_that_was_cut_off_is_refused(saved: Path, tmp_path: Path, length: int) -> None:
    (tmp_path / "cut.tar.gz").write_bytes(saved.read_bytes()[:length])
    (tmp_path / "part").mkdir()
    with pytest.raises(InputError):
        archive.unpack(tmp_path / "cut.tar.gz", tmp_path / "part")


def test_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "part").mkdir()
    for data in (b"a plan\n", gzip.compress(b"a plan\n" * 1000)):
        (tmp_path / "other").write_bytes(data)
        with pytest.raises(InputError):
            archive.unpack(tmp_path / "other", tmp_path / "part")


def test_a_rewritten_journal_is_refused_and_the_old_data_stay(saved: Path, tmp_path: Path) -> None:
    """Somebody changes an entry and every hash that the archive itself holds: the chain still tells."""
    contents = members(saved)
    path = tmp_path / "anlan.db"
    path.write_bytes(contents["anlan.db"])
    connection = sqlite3.connect(path)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE journal_entry SET actor_name = 'somebody else' WHERE id = 1")
    connection.commit()
    connection.close()
    contents["anlan.db"] = path.read_bytes()
    told = json.loads(contents["manifest.json"])
    told["files"]["anlan.db"] = [hashlib.sha256(contents["anlan.db"]).hexdigest(), len(contents["anlan.db"])]
    contents["manifest.json"] = json.dumps(told).encode()
    bad = write(tmp_path / "bad.tar.gz", contents)
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "anlan.db").write_bytes(b"as it was")
    done = command("restore", str(bad), "--lang", "en", ANLAN_HOME=str(folder))
    assert done.returncode == 2
    assert b"rewritten" in done.stderr
    assert (folder / "anlan.db").read_bytes() == b"as it was"
    assert {path.name for path in folder.iterdir()} == {"anlan.db", home.LOCK}


@pytest.mark.parametrize("moves", range(8))
def test_a_restore_killed_between_two_moves_is_finished_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    """Three old files leave, three new ones come; after any number of these moves the next call does the rest."""
    ready = tmp_path / exchange.READY
    for folder, text in ((tmp_path, "old"), (ready, "new")):
        folder.mkdir(exist_ok=True)
        for name in ("anlan.db", "version"):
            (folder / name).write_text(text)
        (folder / "vault").mkdir()
        (folder / "vault" / "file").write_text(text)
    (tmp_path / "anlan.db-wal").write_text("old")
    real, count = Path.replace, 0

    def replace(path: Path, target: Path) -> Path:
        nonlocal count
        count += 1
        if count > moves:
            raise KeyboardInterrupt
        return real(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    with contextlib.suppress(KeyboardInterrupt):
        exchange.finish(tmp_path)
    monkeypatch.undo()
    exchange.finish(tmp_path)
    names = ("anlan.db", "version", "vault/file")
    assert [(tmp_path / name).read_text() for name in names] == ["new"] * 3
    # A log of the old database beside the new one would spoil it.
    assert not (tmp_path / "anlan.db-wal").exists()
    (kept,) = tmp_path.glob("before-restore-*")
    assert [(kept / name).read_text() for name in (*names, "anlan.db-wal")] == ["old"] * 4
    assert exchange.finish(tmp_path) is None


def test_on_postgresql_the_commands_of_its_own_tools_are_told() -> None:
    from anlan.cli.backup import dump_command, without_password

    url = "postgresql://anlan:geheim@db.example:5432/anlan"
    assert without_password(url) == "postgresql://anlan@db.example:5432/anlan"
    assert dump_command(url) == (
        "pg_dump --format=custom --schema=anlan --schema=readings --file=anlan.dump "
        "'postgresql://anlan@db.example:5432/anlan'"
    )


def test_an_upgrade_makes_a_backup_first_and_refuses_the_way_back(saved: Path, tmp_path: Path) -> None:
    with site(tmp_path / "home") as one:
        assert one.anlan("restore", saved).returncode == 0
        nothing = one.anlan("upgrade", "--lang", "en")
        assert nothing.returncode == 0
        assert "nothing to do" in nothing.stdout
        # As an older version, without notices, would have left it.
        code = "import django; django.setup(); from django.core.management import call_command as call; "
        back = code + "call('migrate', 'notices', 'zero', verbosity=0)"
        environ = one.environ | {"DJANGO_SETTINGS_MODULE": "anlan.web.config"}
        subprocess.run([sys.executable, "-c", back], env=environ, check=True)
        (one.home / "version").write_text("0.0.1\n")
        told = one.anlan("up", "--lang", "en")
        assert told.returncode == 2
        assert "anlan upgrade" in told.stderr
        done = one.anlan("upgrade", "--lang", "en")
        assert done.returncode == 0, done.stderr
        assert len(list((one.home / "backups").glob("*.tar.gz"))) == 1
        assert one.rows("SELECT count(*) FROM notices_notice") == [(0,)]
        assert one.rows("SELECT count(*) FROM plan_task") == [(30,)]
        (one.home / "version").write_text("99\n")
        refused = one.anlan("upgrade", "--lang", "en")
        assert refused.returncode == 2
        assert "newer version" in refused.stderr
