"""Files that wait for a job to look at them: ANLAN_HOME/vault/waiting/<key>. They are no evidence yet.

A large upload is answered at once and read by a job. Until then it lies here, because what turns out to be no plan or
no sheet, or bears a mark of secrecy, must not be kept. The job takes the file away when it is done with it.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import time
import uuid
from collections.abc import Collection
from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings

from anlan.foundation.vault import storing
from anlan.foundation.vault.types import Type
from anlan.settings import InputError, Words

# A worker that stands still over a long holiday loses nothing.
KEPT: Final = dt.timedelta(days=14)
_KEY: Final = re.compile("[0-9a-f]{32}")


class Waiting(NamedTuple):
    """File that waits: key for the job, name as cleaned, SHA-256, size in bytes."""

    key: str
    name: str
    sha256: str
    size: int


def folder() -> Path:
    """Folder of the files that wait."""
    path = storing.folder() / "waiting"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def keep(stream: storing.Readable, name: str, allowed: Collection[Type] | None = None) -> Waiting:
    """Writes a file down to wait for a job, flushed to the disk.

    Raises InputError if it is too large, or (with `allowed`) of no type allowed or not what its name says.
    """
    name, key = storing.clean_name(name), uuid.uuid4().hex
    path = folder() / key
    try:
        with storing.naming(name):
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                sums = storing.sums(stream, file, settings.ANLAN.max_file_bytes)
                file.flush()
                os.fsync(file.fileno())
            if allowed is not None:
                storing.check(path, name, allowed)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Waiting(key, name, sums.sha256, sums.size)


def read(key: str, name: str) -> bytes:
    """Bytes of a file that waits. InputError if it is gone: taken away by its job, swept, or lost with a restore."""
    try:
        return _path(key).read_bytes()
    except FileNotFoundError as error:
        raise InputError(
            Words(f"“{name}”已不在服务器上，请重新上传", f"“{name}” is no longer on the server: upload it again")
        ) from error


def drop(key: str) -> None:
    """Takes a file away; nothing happens if it is gone already."""
    _path(key).unlink(missing_ok=True)


def sweep(older_than: dt.timedelta = KEPT) -> int:
    """Removes files whose job never came; gives the number."""
    removed = 0
    for path in folder().iterdir():
        try:
            if path.stat().st_mtime < time.time() - older_than.total_seconds():
                path.unlink()
                removed += 1
        except FileNotFoundError:
            # Its job came in between.
            continue
    return removed


def _path(key: str) -> Path:
    if not _KEY.fullmatch(key):
        raise ValueError(f"{key!r} is no key of a waiting file")
    return folder() / key
