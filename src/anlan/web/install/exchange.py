"""Putting restored files in the place of the old ones. Cut off in the middle, it is finished at the next start."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

# Unpacked and not yet checked; checked, waiting to be put in place.
PART, READY = "restore.part", "restore.ready"
_CLEARED = "old-moved"
_KEEPS_IN = "keeps-in"
_BASES = ("anlan.db", "scratch.db", "readings.db")
OLD = (
    *(base + tail for base in _BASES for tail in ("", "-wal", "-shm")),
    "vault",
    "version",
    "sample-password",
    "setup-token",
)


def begin(home: Path) -> Path:
    """Empty folder to unpack into; what a killed restore left is removed."""
    folder = home / PART
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    return folder


def finish(home: Path) -> Path | None:
    """Moves what is ready into its place; gives the folder with what was there before, None if there is nothing to do.

    Only renames, in an order in which each can be done again.
    """
    # Never checked to its end, so of no use.
    shutil.rmtree(home / PART, ignore_errors=True)
    ready = home / READY
    if not ready.is_dir():
        return None
    note = ready / _KEEPS_IN
    if not note.exists():
        note.write_text(f"before-restore-{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S}", encoding="ascii")
    kept = home / note.read_text(encoding="ascii")
    if not (ready / _CLEARED).exists():
        for name in OLD:
            if (home / name).exists():
                kept.mkdir(mode=0o700, exist_ok=True)
                (home / name).replace(kept / name)
        (ready / _CLEARED).touch()
    for name in OLD:
        if (ready / name).exists():
            (ready / name).replace(home / name)
    shutil.rmtree(ready)
    return kept if kept.exists() else None
