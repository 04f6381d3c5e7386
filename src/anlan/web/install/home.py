"""The folder of an installation: who is at work in it, and which version wrote it."""

from __future__ import annotations

import fcntl
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import anlan
from anlan.settings import InputError, Words

LOCK = "running.lock"
VERSION = "version"
# The children of a start that was killed need a moment to go.
_PATIENCE_S = 5.0


@contextmanager
def held(home: Path, note: str = "", patience_s: float = _PATIENCE_S) -> Iterator[int]:
    """Keeps everybody else out of the folder; gives the descriptor of the lock. Raises InputError if one is in it.

    `note` is what the next one is told: the address. A process that dies, however, leaves no lock behind.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(home / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        end = time.monotonic() + patience_s
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > end:
                    raise InputError(_at_work(home)) from None
                time.sleep(0.1)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, json.dumps({"pid": os.getpid(), "note": note}).encode())
        yield descriptor
    finally:
        os.close(descriptor)


def _at_work(home: Path) -> Words:
    try:
        told = json.loads((home / LOCK).read_text(encoding="utf-8"))
        pid, note = told["pid"], told["note"]
    except (OSError, ValueError, KeyError, TypeError):
        pid, note = "?", ""
    at = f"，{note}" if note else ""
    return Words(
        f"{home} 正在使用中（进程 {pid}{at}）：请先在那里按 Ctrl-C 停止，或用 ANLAN_HOME 指定另一个文件夹",
        f"{home} is in use (process {pid}{', ' + note if note else ''}): stop it there with Ctrl-C first, "
        "or name another folder with ANLAN_HOME",
    )


def is_running(home: Path) -> bool:
    """Whether somebody is at work in the folder."""
    try:
        with held(home, patience_s=0):
            return False
    except InputError:
        return True


def written_by(home: Path) -> str:
    """Version that wrote the folder, "" if none did yet."""
    try:
        return (home / VERSION).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def mark(home: Path) -> None:
    """Notes that this version has written the folder."""
    part = home / f"{VERSION}.part"
    part.write_text(anlan.__version__ + "\n", encoding="ascii")
    part.replace(home / VERSION)


def number(version: str) -> tuple[int, ...]:
    """Version as numbers that compare.

    >>> number("0.10.1") > number("0.9")
    True
    """
    return tuple(int(part) for part in re.findall("[0-9]+", version))


def refuse_newer(home: Path) -> None:
    """Raises InputError if a newer version wrote the folder: this one would not know what stands in it."""
    found = written_by(home)
    if number(found) > number(anlan.__version__):
        raise InputError(
            Words(
                f"{home} 由较新的版本 {found} 写成，本程序是 {anlan.__version__}：请安装 {found} 或更新的版本，"
                "或用 anlan restore 恢复升级前的备份",
                f"{home} was written by the newer version {found}, this is {anlan.__version__}: install {found} or "
                "newer, or restore the backup made before the upgrade with anlan restore",
            )
        )


def is_older(home: Path) -> bool:
    """Whether an older version wrote the folder."""
    found = written_by(home)
    return bool(found) and number(found) < number(anlan.__version__)
