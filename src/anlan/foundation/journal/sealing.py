"""Sealing entries into a chain of blocks, and checking the chain.

A block's hash covers its number, the hash of the block before it, and of every entry its key and content, in the order
of the keys. Whoever changes or removes an entry breaks its block, and every later one. Against somebody who rewrites
the whole chain only a head hash helps that left the house: `verify` takes one as an anchor.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils import timezone

from anlan.foundation.journal.models import Block, Entry
from anlan.foundation.journal.writing import canonical

GENESIS = "0" * 64
# Entries in one block at most, so that neither sealing nor checking holds more in memory.
LARGEST = 10_000
# Key of the advisory lock on PostgreSQL: "ANLN" as a number.
_LOCK = 0x414E4C4E
_EVERY_SECONDS = 0.5
_log = logging.getLogger(__name__)


class Head(NamedTuple):
    """Last block: its number and hash; number -1 and zeros where nothing is sealed yet."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a block: `kind` is missing, count, hash or link; `stored` and `computed` show both values."""

    kind: str
    block: int
    stored: str = ""
    computed: str = ""


@dataclass(slots=True)
class Report:
    """Result of checking: the first faults, how much was checked, the unsealed tail, the anchor if one was given."""

    head: Head
    blocks: int = 0
    entries: int = 0
    faults: list[Fault] = field(default_factory=list)
    unsealed: int = 0
    oldest_unsealed_seconds: float = 0.0
    anchor_holds: bool | None = None

    @property
    def is_sound(self) -> bool:
        """Whether nothing is broken and the anchor, if any, is in the chain."""
        return not self.faults and self.anchor_holds is not False


def content(entry: Entry) -> str:
    """Canonical text of everything an entry says; sealing changes none of it."""
    return canonical(
        {
            "at": entry.at.isoformat(),
            "action": entry.action,
            "outcome": entry.outcome,
            "actor": entry.actor,
            "actor_name": entry.actor_name,
            "unit": entry.unit,
            "unit_name": entry.unit_name,
            "address": entry.address,
            "request": entry.request,
            "kind": entry.kind,
            "object_id": entry.object_id,
            "label": entry.label,
            "reason": entry.reason,
            "details": entry.details,
        }
    )


class _Hash:
    """Hash of a block, fed entry by entry."""

    def __init__(self, number: int, previous: str) -> None:
        self._sum = hashlib.sha256(f"{number}\n{previous}\n".encode())
        self.count = 0

    def add(self, entry: Entry) -> None:
        inner = hashlib.sha256(content(entry).encode()).hexdigest()
        self._sum.update(f"{entry.pk} {inner}\n".encode())
        self.count += 1

    def hex(self) -> str:
        return self._sum.hexdigest()


def head() -> Head:
    """Last block of the chain."""
    last = Block.objects.order_by("-number").first()
    return Head(last.number, last.hash) if last else Head(-1, GENESIS)


def seal() -> int:
    """Links all finished entries that no block holds yet into a block; gives their number.

    Only one process seals at a time: on SQLite the transaction takes the write lock at its start, on PostgreSQL an
    advisory lock is tried, and 0 is given where another holds it. An entry that commits late goes into a later block.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
                row = cursor.fetchone()
                if not row or not row[0]:
                    return 0
        entries = list(Entry.objects.filter(block__isnull=True).order_by("pk")[:LARGEST])
        if not entries:
            return 0
        last = head()
        total = _Hash(last.number + 1, last.hash)
        for entry in entries:
            total.add(entry)
        block = Block.objects.create(
            number=last.number + 1,
            previous=last.hash,
            hash=total.hex(),
            count=total.count,
            sealed_at=timezone.now(),
        )
        # In slices: SQLite takes a limited number of values in one statement.
        keys = [entry.pk for entry in entries]
        for begin in range(0, len(keys), 500):
            Entry.objects.filter(pk__in=keys[begin : begin + 500]).update(block=block)
    return len(entries)


def verify(anchor: Head | None = None, *, most: int = 20) -> Report:
    """Checks the whole chain from its first block; `most` faults are listed. Memory does not grow with the journal.

    `anchor` is a head that was written down elsewhere: it must still be in the chain.
    """
    report = Report(head())
    report.anchor_holds = None if anchor is None else anchor == Head(-1, GENESIS)
    previous, expected = GENESIS, 0
    for block in Block.objects.order_by("number").iterator(chunk_size=500):
        if len(report.faults) >= most:
            break
        if block.number != expected:
            names = str(expected) if block.number == expected + 1 else f"{expected}–{block.number - 1}"
            report.faults.append(Fault("missing", expected, names))
        elif block.previous != previous:
            report.faults.append(Fault("link", block.number, block.previous, previous))
        total = _Hash(block.number, block.previous)
        for entry in block.entries.order_by("pk").iterator(chunk_size=2000):
            total.add(entry)
        if total.count != block.count:
            report.faults.append(Fault("count", block.number, str(block.count), str(total.count)))
        elif total.hex() != block.hash:
            report.faults.append(Fault("hash", block.number, block.hash, total.hex()))
        if anchor == Head(block.number, block.hash):
            report.anchor_holds = True
        report.blocks += 1
        report.entries += total.count
        previous, expected = block.hash, block.number + 1
    tail = Entry.objects.filter(block__isnull=True)
    report.unsealed = tail.count()
    if oldest := tail.order_by("at").first():
        report.oldest_unsealed_seconds = max(0.0, (timezone.now() - oldest.at).total_seconds())
    return report


def run_sealer(stop: threading.Event) -> None:
    """Seals at least every second until `stop` is set. A locked or lost database is tried again, and logged once."""
    failing = False
    while not stop.is_set():
        try:
            while seal() == LARGEST:
                pass
            failing = False
        except DatabaseError as error:
            if not failing:
                _log.warning("the journal could not be sealed, trying again: %s", error)
            failing = True
            close_old_connections()
        stop.wait(_EVERY_SECONDS)
    with contextlib.suppress(DatabaseError):
        seal()


def export() -> Iterator[str]:
    """The journal as lines of JSON for an auditor, the head first, so that what he holds is an anchor."""
    last = head()
    yield canonical({"head": {"number": last.number, "hash": last.hash}})
    for entry in Entry.objects.order_by("pk").iterator(chunk_size=2000):
        block = "null" if entry.block_id is None else entry.block_id
        yield f'{{"id":{entry.pk},"block":{block},"entry":{content(entry)}}}'
