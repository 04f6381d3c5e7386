"""Where the disk is full, backup and restore say so, and leave what was there as it was.

The quota of a process stands for the disk: the kernel refuses to let any of its files grow beyond it.
"""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.running import Site
from tests.cli.shell import command

FIRST = ("--system", "zhang=张三", "--security", "li=李四", "--audit", "wang=王五")


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real installation that nobody has used yet."""
    folder = tmp_path_factory.mktemp("founded") / "home"
    done = command("init", *FIRST, ANLAN_HOME=str(folder))
    assert done.returncode == 0, done.stderr.decode()
    return folder


def limited(home: Path, most: int, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Result of a command none of whose files may grow beyond `most` bytes."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("anlan")), *map(str, words)],
        env=Site(home).environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )


def contents(folder: Path) -> dict[str, str]:
    """Hash of every file below a folder, but for those that a reader changes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in (".lock", ".log") and "scratch.db" not in path.name
    }


def test_a_backup_says_that_the_disk_is_full_and_leaves_nothing(founded: Path, tmp_path: Path) -> None:
    business = (founded / "anlan.db").stat().st_size
    assert business > 200_000
    target = tmp_path / "anlan.tar.gz"
    done = limited(founded, business - 4_096, "backup", target, "--lang", "en")
    assert done.returncode == 2, done.stdout
    # SQLite, which makes the copy, does not tell a quota from a broken disk.
    assert f"cannot write {target}: disk I/O error" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_restore_says_that_the_disk_is_full_and_the_old_data_stay(founded: Path, tmp_path: Path) -> None:
    saved, home = tmp_path / "anlan.tar.gz", tmp_path / "home"
    assert command("backup", saved, ANLAN_HOME=str(founded)).returncode == 0
    assert command("restore", saved, ANLAN_HOME=str(home)).returncode == 0
    before = contents(home)
    business = (founded / "anlan.db").stat().st_size
    for most in (100_000, business - 4_096):
        for lang, words in (("zh", "磁盘已满或超出配额"), ("en", "the disk is full")):
            done = limited(home, most, "restore", saved, "--lang", lang)
            assert done.returncode == 2, done.stdout
            assert words in done.stderr
            assert "Traceback" not in done.stderr
    assert contents(home) == before
    assert not any(path.name.startswith(("restore.", "before-restore")) for path in home.iterdir())
    # With room again it comes back.
    assert command("restore", saved, ANLAN_HOME=str(home)).returncode == 0
    assert os.path.exists(home / "anlan.db")
