"""The log between the gateway and the readings: append and read on from a place. Nothing is answered before `append`.

`FrameLog` is all that the gateway asks of it, so that a replicated log (such as NATS JetStream) may stand in the place
of the table: append a batch durably and learn which of it was there already, read on after a number, read what of one
sender is held back, and let it go.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from django.db import connections, transaction

from anlan.monitor.gateway.entry import QUARANTINE, TAKEN, Entry
from anlan.monitor.lake import bulk
from anlan.monitor.models import READINGS


class Stored(NamedTuple):
    """Frame as the log gives it back."""

    id: int
    received: int
    sender: int | None
    state: str
    why: str
    raw: bytes


class FrameLog(Protocol):
    """Ordered log of frames. Numbers grow; a number is never given twice."""

    def append(self, entries: Sequence[Entry]) -> None:
        """Stores entries durably, all or none: sets their `id`, `sender` and `repeat`."""

    def after(self, number: int, most: int) -> list[Stored]:
        """Frames behind a number, in order."""

    def held(self, sender: int, after: int, most: int) -> list[Stored]:
        """Frames of a sender that are held back for who it is, in order."""

    def senders_held(self) -> dict[int, str]:
        """Senders of which frames are held back, with their MN."""

    def release(self, numbers: Iterable[int]) -> None:
        """Marks frames as taken, in the transaction that is open."""

    def name(self, numbers: Sequence[int], mn: str) -> list[Stored]:
        """Lays frames that are nobody's to a sender, in the transaction that is open; gives those it did."""


_SENDER = """INSERT INTO monitor_sender (mn, st, password, address, connected, first_at, last_at)
VALUES (%s, '', '', '', %s, %s, %s) ON CONFLICT (mn) DO NOTHING"""
_FRAME = ("id", "received", "sender", "key", "state", "why", "mn", "cn", "qn", "address", "raw")
_COLUMNS = "id, received, sender, state, why, raw"
# Held back for who sent it, not for what it says.
FOR_WHO = ("unknown", "password", "suspended", "refused")


class StoreLog:
    """The log as a table of the store of readings. One writer at a time."""

    def __init__(self) -> None:
        self._next = 0
        self._senders: dict[str, int] = {}

    def sender(self, mn: str) -> int | None:
        """Number of a sender that was heard before."""
        return self._senders.get(mn)

    def append(self, entries: Sequence[Entry]) -> None:
        """See FrameLog. One transaction, on the disk when it returns."""
        with transaction.atomic(using=READINGS), connections[READINGS].cursor() as cursor:
            if not self._next:
                cursor.execute("SELECT coalesce(max(id), 0) FROM monitor_frame")
                self._next = cursor.fetchone()[0] + 1
            new = {entry.mn: entry.received for entry in entries if entry.mn and entry.mn not in self._senders}
            known = self._known(new) if new else {}
            number = self._next
            rows = []
            for entry in entries:
                entry.id = number
                entry.sender = self._senders.get(entry.mn) or known.get(entry.mn)
                frame = entry.frame
                rows.append(
                    (
                        number,
                        entry.received,
                        entry.sender,
                        entry.key,
                        entry.state,
                        entry.why,
                        _storable(entry.mn or frame.mn or "", 64),
                        _storable(frame.cn or "", 8),
                        _storable(frame.qn or "", 40),
                        entry.address,
                        frame.raw,
                    )
                )
                number += 1
            if bulk.insert("monitor_frame", _FRAME, "key", rows) != len(rows):
                cursor.execute("SELECT id FROM monitor_frame WHERE id >= %s", [self._next])
                there = {row[0] for row in cursor.fetchall()}
                for entry in entries:
                    entry.repeat = entry.id not in there
        # Only now: what was rolled back must not be remembered.
        self._next = number
        self._senders |= known

    def _known(self, new: dict[str, int]) -> dict[str, int]:
        with connections[READINGS].cursor() as cursor:
            cursor.executemany(_SENDER, [(mn, False, at, at) for mn, at in new.items()])
            marks = ", ".join(["%s"] * len(new))
            cursor.execute(f"SELECT mn, id FROM monitor_sender WHERE mn IN ({marks})", list(new))
            return dict(cursor.fetchall())

    def after(self, number: int, most: int) -> list[Stored]:
        """See FrameLog."""
        return self._read("id > %s ORDER BY id LIMIT %s", [number, most])

    def held(self, sender: int, after: int, most: int) -> list[Stored]:
        """See FrameLog."""
        marks = ", ".join(["%s"] * len(FOR_WHO))
        condition = f"sender = %s AND id > %s AND state = '{QUARANTINE}' AND why IN ({marks}) ORDER BY id LIMIT %s"
        return self._read(condition, [sender, after, *FOR_WHO, most])

    def name(self, numbers: Sequence[int], mn: str) -> list[Stored]:
        """See FrameLog."""
        marks = ", ".join(["%s"] * len(numbers))
        found = self._read(f"id IN ({marks}) AND sender IS NULL ORDER BY id", list(numbers))
        if not found:
            return []
        sender = self._known({mn: found[0].received})[mn]
        with connections[READINGS].cursor() as cursor:
            cursor.executemany(
                "UPDATE monitor_frame SET sender = %s, mn = %s WHERE id = %s", [(sender, mn, one.id) for one in found]
            )
        return [one._replace(sender=sender) for one in found]

    def _read(self, condition: str, values: list[Any]) -> list[Stored]:
        with connections[READINGS].cursor() as cursor:
            cursor.execute(f"SELECT {_COLUMNS} FROM monitor_frame WHERE {condition}", values)
            return [Stored._make((*row[:-1], bytes(row[-1]))) for row in cursor.fetchall()]

    def senders_held(self) -> dict[int, str]:
        """See FrameLog."""
        with connections[READINGS].cursor() as cursor:
            cursor.execute(
                "SELECT s.id, s.mn FROM monitor_sender s WHERE EXISTS (SELECT 1 FROM monitor_frame f"
                f" WHERE f.sender = s.id AND f.state = '{QUARANTINE}')"
            )
            return dict(cursor.fetchall())

    def release(self, numbers: Iterable[int]) -> None:
        """See FrameLog."""
        with connections[READINGS].cursor() as cursor:
            cursor.executemany(
                f"UPDATE monitor_frame SET state = '{TAKEN}', why = '' WHERE id = %s", [(one,) for one in numbers]
            )


def _storable(text: str, longest: int) -> str:
    """Text that both stores take: PostgreSQL knows no NUL, and neither knows half a character."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")[:longest]
