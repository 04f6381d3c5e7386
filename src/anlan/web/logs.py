"""The log file that all processes of an installation share."""

from __future__ import annotations

import contextlib
import fcntl
import logging.handlers
import os
from pathlib import Path


class SharedRotatingHandler(logging.handlers.WatchedFileHandler):
    """Appends to one file from many processes, and begins a new one when it is full.

    Python's own rotating handler loses lines when two processes turn the file over. Here only the one that gets the
    lock renames; the others notice at their next line that the name means another file, and follow.
    """

    def __init__(self, filename: str | Path, max_bytes: int, keep: int) -> None:
        super().__init__(filename, encoding="utf-8", delay=True)
        self._max_bytes = max_bytes
        self._keep = keep

    def emit(self, record: logging.LogRecord) -> None:
        """Writes the record, into a new file if the old one is full."""
        with contextlib.suppress(OSError):
            if os.stat(self.baseFilename).st_size > self._max_bytes:
                self._turn_over()
        super().emit(record)

    def _turn_over(self) -> None:
        base = Path(self.baseFilename)
        descriptor = os.open(base.with_name(f".{base.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            # Whoever had the lock before may have done it.
            if base.stat().st_size <= self._max_bytes:
                return
            for number in range(self._keep - 1, 0, -1):
                older = base.with_name(f"{base.name}.{number}")
                if older.exists():
                    older.replace(base.with_name(f"{base.name}.{number + 1}"))
            base.replace(base.with_name(f"{base.name}.1"))
        finally:
            os.close(descriptor)
