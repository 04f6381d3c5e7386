"""What the gateway knows of each sender at the moment: address, clock, delay. Kept in memory, written once a second."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from django.db import connections

from anlan.monitor.gateway.entry import BAD, Entry
from anlan.monitor.hj212 import dialog
from anlan.monitor.lake.rows import milliseconds
from anlan.monitor.models import READINGS

_UPDATE = """UPDATE monitor_sender SET st = %s, version = %s, password = %s, address = %s, last_at = %s,
data_at = coalesce(%s, data_at), offset_ms = coalesce(%s, offset_ms), delay_ms = coalesce(%s, delay_ms) WHERE id = %s"""
_CONNECTED = "UPDATE monitor_sender SET connected = %s WHERE mn = %s"
_REMEMBERED = 32
# A sender at full speed need not have its clock compared with each frame.
_COMPARE_EVERY_US = 500_000


@dataclass(slots=True)
class Heard:
    """Last that was heard of one sender; moments in milliseconds but `last_at` (microseconds)."""

    st: str = ""
    version: int | None = None
    password: str = ""
    address: str = ""
    last_at: int = 0
    data_at: int | None = None
    delay_ms: int | None = None
    compared_at: int = 0
    # How far its clock was ahead of ours, by its latest frames. The way here takes time, so the largest is nearest.
    offsets: deque[int] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    @property
    def offset_ms(self) -> int | None:
        """How far its clock is ahead of ours."""
        return max(self.offsets) if self.offsets else None

    def note(self, entry: Entry) -> None:
        """Takes up what a stored frame says. A frame that was damaged says nothing but that somebody is there."""
        self.last_at, self.address = entry.received, entry.address
        frame = entry.frame
        if frame.fault is not None:
            return
        if frame.st and frame.st != dialog.ANSWER_ST:
            self.st = frame.st
        self.version, self.password = frame.version, (frame.pw or "")[:32]
        if entry.repeat or entry.received - self.compared_at < _COMPARE_EVERY_US:
            return
        self.compared_at = entry.received
        received_ms = entry.received // 1000
        if frame.qn and (sent := milliseconds(frame.qn)) is not None and len(frame.qn) == 17:
            self.offsets.append(sent - received_ms)
        if frame.cn == "2011" and (at := milliseconds(frame.fields.get("DataTime", ""))) is not None:
            if self.data_at is None or at > self.data_at:
                self.data_at, self.delay_ms = at, received_ms - at
            if not frame.qn:
                self.offsets.append(at - received_ms)


class Senders:
    """All senders heard since the start, and which of them changed since they were written last."""

    def __init__(self) -> None:
        self._heard: dict[int, Heard] = {}
        self._changed: set[int] = set()
        self._links: dict[str, bool] = {}

    def note(self, entry: Entry) -> None:
        """Takes up a stored frame."""
        if entry.sender is None:
            return
        heard = self._heard.get(entry.sender)
        if heard is None:
            heard = self._heard[entry.sender] = Heard()
        elif entry.state == BAD and not heard.last_at:
            return
        heard.note(entry)
        self._changed.add(entry.sender)

    def link(self, mn: str, connected: bool) -> None:
        """Notes that a sender came or went."""
        self._links[mn] = connected

    @property
    def is_changed(self) -> bool:
        """Whether there is something to write."""
        return bool(self._changed or self._links)

    def write(self) -> None:
        """Writes what changed, in the transaction that is open. `written` says that it was committed."""
        with connections[READINGS].cursor() as cursor:
            rows = []
            for sender in self._changed:
                one = self._heard[sender]
                offset = one.offset_ms
                values = (
                    one.st,
                    one.version,
                    one.password,
                    one.address,
                    one.last_at,
                    one.data_at,
                    offset,
                    one.delay_ms,
                )
                rows.append((*values, sender))
            if rows:
                cursor.executemany(_UPDATE, rows)
            if self._links:
                cursor.executemany(_CONNECTED, [(connected, mn) for mn, connected in self._links.items()])

    def written(self) -> None:
        """Forgets what changed; called once it stands on the disk."""
        self._changed.clear()
        self._links.clear()
