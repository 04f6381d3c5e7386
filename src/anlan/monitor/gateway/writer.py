"""The one writer: stores what came in groups, lets the answers go, then takes the frames into the readings.

It runs in a thread of its own. Frames that arrive while it writes make the next group, so that the more come, the more
share one write to the disk.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable

from django.db import DatabaseError, connections, transaction

from anlan.monitor.gateway import taking
from anlan.monitor.gateway.entry import Entry
from anlan.monitor.gateway.heard import Senders
from anlan.monitor.gateway.log import FrameLog
from anlan.monitor.models import READINGS

_LOG = logging.getLogger(__name__)
# Frames may wait so long, and so many of them, to become readings while others are stored first: one transaction for
# many costs less than many.
_BACKLOG = 2000
_BACKLOG_S = 0.25
_PAUSE_S = 0.02
# At most so many frames in one group: one that is killed half way loses no more time than that.
_GROUP = 5000
_SENDERS_EVERY_S = 1.0
_AGAIN_AFTER_S = 1.0
Work = Callable[[], None]


class Writer:
    """Takes entries from any thread (`submit`), and calls `stored` with each group once it stands on the disk.

    `work` is done between groups, in a transaction of its own if it opens one: releasing quarantine, noting commands.
    """

    def __init__(self, log: FrameLog, stored: Callable[[list[Entry]], None], senders: Senders) -> None:
        self._log = log
        self._stored = stored
        self._senders = senders
        self._lock = threading.Condition()
        self._incoming: list[Entry] = []
        self._work: deque[Work] = deque()
        self._backlog: list[Entry] = []
        self._backlog_since = 0.0
        self._stopping = False
        self._senders_at = 0.0
        self._thread: threading.Thread | None = None
        self.groups = 0
        self.failures = 0

    def start(self) -> None:
        """Starts the thread."""
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, entries: Iterable[Entry]) -> None:
        """Hands over entries."""
        with self._lock:
            self._incoming.extend(entries)
            self._lock.notify()

    def do(self, work: Work) -> None:
        """Does something between two groups."""
        with self._lock:
            self._work.append(work)
            self._lock.notify()

    @property
    def waiting(self) -> int:
        """Frames that are not yet stored, or not yet readings."""
        return len(self._incoming) + len(self._backlog)

    def stop(self) -> None:
        """Stores and takes what is there, then ends the thread."""
        with self._lock:
            self._stopping = True
            self._lock.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            self._prepare()
            while self.step(wait=True):
                pass
        finally:
            connections.close_all()

    def step(self, wait: bool = False) -> bool:
        """One round: a group, some of the backlog, one piece of work. False once told to stop and done."""
        with self._lock:
            if wait and not (self._incoming or self._work or self._stopping):
                self._lock.wait(_PAUSE_S if self._backlog else _SENDERS_EVERY_S)
            group, self._incoming = self._incoming[:_GROUP], self._incoming[_GROUP:]
            stopping = self._stopping
        if group:
            self._store(group)
        if self._backlog and (not group or len(self._backlog) >= _BACKLOG or self._is_old()):
            self._take()
        elif self._senders.is_changed and time.monotonic() - self._senders_at > _SENDERS_EVERY_S:
            self._attempt(self._write_senders)
        self._one_piece()
        return not stopping or bool(self._incoming or self._backlog or self._work)

    def _is_old(self) -> bool:
        return time.monotonic() - self._backlog_since > _BACKLOG_S

    def _prepare(self) -> None:
        """Lets SQLite gather more before it copies its log into the file: every copy waits for the disk twice."""
        connection = connections[READINGS]
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_autocheckpoint = 8000")
                cursor.execute("PRAGMA cache_size = -65536")

    def _store(self, group: list[Entry]) -> None:
        while not self._attempt(lambda: self._log.append(group)):
            # Nothing is answered meanwhile, and what is not read makes the senders wait.
            time.sleep(_AGAIN_AFTER_S)
        self.groups += 1
        self._stored(group)
        if not self._backlog:
            self._backlog_since = time.monotonic()
        self._backlog += group

    def _take(self) -> None:
        backlog = self._backlog
        for entry in backlog:
            self._senders.note(entry)
        due = time.monotonic() - self._senders_at > _SENDERS_EVERY_S
        if self._attempt(lambda: taking.take(backlog, self._senders.write if due else None)):
            self._backlog = []
            if due:
                self._senders_written()
        else:
            time.sleep(_AGAIN_AFTER_S)

    def _write_senders(self) -> None:
        with transaction.atomic(using=READINGS):
            self._senders.write()
        self._senders_written()

    def _senders_written(self) -> None:
        self._senders.written()
        self._senders_at = time.monotonic()

    def _one_piece(self) -> None:
        with self._lock:
            work = self._work.popleft() if self._work else None
        if work is not None:
            self._attempt(work)

    def _attempt(self, work: Work) -> bool:
        try:
            work()
        except DatabaseError:
            self.failures += 1
            _LOG.exception("the store of readings cannot be written")
            connections[READINGS].close()
            return False
        return True
