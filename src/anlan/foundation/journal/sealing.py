"""Sealing entries into a chain of blocks, and checking the chain.

A block's hash covers its number, the hash of the block before it, and of every entry its key and content, in the order
of the keys. Whoever changes or removes an entry breaks its block, and every later one. A chain alone does not help
against somebody who rewrites the whole of it: `verify` takes a head that was written down elsewhere (in a backup, a
report, an auditor's export) as an anchor and says whether it is in the chain still.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import re
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

import django.db
from django.db import close_old_connections, connection, transaction
from django.db.models import Exists, Max, Min, OuterRef, Sum
from django.utils import timezone

from anlan.foundation.journal.models import Block, Entry
from anlan.foundation.journal.writing import canonical
from anlan.settings import InputError, Words

GENESIS = "0" * 64
# Entries in one block at most, so that neither sealing nor checking holds more in memory.
LARGEST = 10_000
# What an entry says; sealing changes none of it. The order is that of `content`.
FIELDS = (
    "at", "action", "outcome", "actor", "actor_name", "unit", "unit_name", "address", "request", "kind", "object_id",
    "label", "reason", "details",
)  # fmt: skip
# Key of the advisory lock on PostgreSQL: "ANLN" as a number.
_LOCK = 0x414E4C4E
_EVERY_SECONDS = 0.5
# While checking: blocks whose entries are fetched by one query, and the entries held at a time.
_BLOCKS, _ROWS = 200, 2000
# Entries of one broken block that are named.
_NAMED = 20
_LEAF = struct.Struct(">q32s")
Progress = Callable[[int, int], object]
_log = logging.getLogger(__name__)


class Head(NamedTuple):
    """Last block: its number and hash; number -1 and zeros where nothing is sealed yet."""

    number: int
    hash: str


def anchor(text: str) -> Head:
    """Head as people write it down, number:hash. Raises InputError for anything else."""
    number, _, hexadecimal = text.strip().partition(":")
    if not re.fullmatch("-1|[0-9]{1,18}", number) or not re.fullmatch("[0-9a-fA-F]{64}", hexadecimal):
        raise InputError(
            Words(
                f"“{text[:80]}”不是锚点：应为 区块号:64 位校验值，照备份或报告上的抄写",
                f"“{text[:80]}” is no anchor: it is NUMBER:64 hex digits, as a backup or a report has it",
            )
        )
    return Head(int(number), hexadecimal.lower())


def content(said: tuple[Any, ...]) -> str:
    """Canonical text of what an entry says, given as the values of FIELDS."""
    values = dict(zip(FIELDS, said, strict=True))
    return canonical(values | {"at": values["at"].isoformat()})


class Chaining:
    """Hash of a block, fed entry by entry in the order of their keys."""

    def __init__(self, number: int, previous: str) -> None:
        self._sum = hashlib.sha256(f"{number}\n{previous}\n".encode())
        self.count = 0

    def add(self, key: int, digest: bytes) -> None:
        """Adds an entry by its key and the SHA-256 of its content."""
        self._sum.update(f"{key} {digest.hex()}\n".encode())
        self.count += 1

    def hex(self) -> str:
        """Hash over what was added so far."""
        return self._sum.hexdigest()


def digest(said: tuple[Any, ...]) -> bytes:
    """SHA-256 of the content of an entry, given as the values of FIELDS."""
    return hashlib.sha256(content(said).encode()).digest()


def leaves(block: Block) -> dict[int, bytes] | None:
    """Hashes of the entries of a block by their keys, as they were when it was sealed; None if nobody can tell.

    They are told only where they give the hash of the block.
    """
    raw = bytes(block.leaves or b"")
    if not raw or len(raw) % _LEAF.size:
        return None
    found = dict(_LEAF.iter_unpack(raw))
    total = Chaining(block.number, block.previous)
    for key, one in found.items():
        total.add(key, one)
    return found if total.hex() == block.hash else None


def head() -> Head:
    """Last block of the chain."""
    last = Block.objects.order_by("-number").values_list("number", "hash").first()
    return Head(*last) if last else Head(-1, GENESIS)


def seal() -> int:
    """Links all finished entries that no block holds yet into a block; gives their number.

    Only one process seals at a time: on SQLite the transaction takes the write lock at its start, on PostgreSQL an
    advisory lock is tried, and 0 is given where another holds it. An entry that commits late goes into a later block.
    """
    if not Entry.objects.filter(block__isnull=True).exists():
        # Looked at twice a second: the one write lock of SQLite is not taken for nothing.
        return 0
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
                row = cursor.fetchone()
                if not row or not row[0]:
                    return 0
        unsealed = Entry.objects.filter(block__isnull=True).order_by("pk")
        entries = list(unsealed.values_list("pk", *FIELDS)[:LARGEST])
        if not entries:
            return 0
        last = head()
        total = Chaining(last.number + 1, last.hash)
        packed = bytearray()
        for key, *said in entries:
            one = digest(tuple(said))
            total.add(key, one)
            packed += _LEAF.pack(key, one)
        block = Block.objects.create(
            number=last.number + 1,
            previous=last.hash,
            hash=total.hex(),
            count=total.count,
            sealed_at=timezone.now(),
            leaves=bytes(packed),
        )
        # In slices: SQLite takes a limited number of values in one statement.
        keys = [key for key, *_ in entries]
        for begin in range(0, len(keys), 500):
            Entry.objects.filter(pk__in=keys[begin : begin + 500]).update(block=block)
    return len(entries)


def seal_all() -> int:
    """Seals all finished entries, in as many blocks as they need; gives their number.

    What others write meanwhile waits for the next time, else a busy hour would be sealed entry by entry.
    """
    count = 0
    while sealed := seal():
        count += sealed
        if sealed < LARGEST:
            break
    return count


def run_sealer(stop: threading.Event) -> None:
    """Seals at least every second until `stop` is set. A locked or lost database is tried again, and logged once."""
    failing = False
    while not stop.is_set():
        try:
            seal_all()
            failing = False
        except django.db.Error as error:
            if not failing:
                _log.warning("the journal could not be sealed, trying again: %s", error)
            failing = True
            close_old_connections()
        stop.wait(_EVERY_SECONDS)
    with contextlib.suppress(django.db.Error):
        seal_all()


@dataclass(frozen=True, slots=True)
class Breach:
    """What is wrong with a block. `stored` and `computed` show both values, `entries` the keys of those that broke it.

    kind     stored                          computed
    missing  numbers of the blocks           –
    link     hash of the block before        hash that the block before has
    count    number of entries               number that are there
    hash     hash of the block               hash of what is there
    """

    kind: str
    block: int
    stored: str = ""
    computed: str = ""
    entries: tuple[int, ...] = ()


@dataclass(slots=True)
class Report:
    """Result of checking: the first faults, how much was checked, the unsealed tail, the anchor if one was given."""

    head: Head
    blocks: int = 0
    entries: int = 0
    faults: list[Breach] = field(default_factory=list)
    unsealed: int = 0
    oldest_unsealed_seconds: float = 0.0
    anchor_holds: bool | None = None

    @property
    def is_sound(self) -> bool:
        """Whether nothing is broken and the anchor, if any, is in the chain."""
        return not self.faults and self.anchor_holds is not False


def verify(anchor: Head | None = None, *, most: int = 20, told: Progress | None = None) -> Report:
    """Checks the whole chain from its first block; it stops after `most` faults. Memory does not grow with the journal.

    `anchor` is a head that was written down elsewhere. `told` is given the number of entries checked and of all.
    """
    report = Report(head())
    if anchor is not None:
        known = Block.objects.filter(number=anchor.number, hash=anchor.hash).exists()
        report.anchor_holds = known or anchor == Head(-1, GENESIS)
    total = Block.objects.aggregate(total=Sum("count"))["total"] or 0
    previous = Head(-1, GENESIS)
    while len(report.faults) < most:
        rows = Block.objects.filter(number__gt=previous.number).order_by("number")
        blocks = list(rows.values_list("number", "previous", "hash", "count")[:_BLOCKS])
        if not blocks:
            break
        entries = _entries(blocks[0][0], blocks[-1][0])
        ahead = next(entries, None)
        for number, linked, stored, count in blocks:
            report.faults += _link(number, linked, previous)
            there = Chaining(number, linked)
            while ahead is not None and ahead[0] <= number:
                # An entry of a smaller number belongs to a block that is missing, which is told already.
                if ahead[0] == number:
                    there.add(ahead[1], digest(ahead[2:]))
                ahead = next(entries, None)
            report.faults += _content(number, stored, count, there)
            report.blocks += 1
            report.entries += there.count
            previous = Head(number, stored)
        if told:
            told(report.entries, total)
    report.faults += _beyond(previous.number)
    del report.faults[most:]
    tail = Entry.objects.filter(block__isnull=True)
    report.unsealed = tail.count()
    if oldest := tail.order_by("pk").values_list("at", flat=True).first():
        report.oldest_unsealed_seconds = max(0.0, (timezone.now() - oldest).total_seconds())
    return report


def _entries(first: int, last: int) -> Iterator[tuple[Any, ...]]:
    """Block, key and content of the entries of these blocks, block by block."""
    rows = Entry.objects.filter(block_id__gte=first, block_id__lte=last).order_by("block_id", "pk")
    return rows.values_list("block_id", "pk", *FIELDS).iterator(chunk_size=_ROWS)


def _link(number: int, linked: str, previous: Head) -> list[Breach]:
    expected = previous.number + 1
    if number != expected:
        return [Breach("missing", expected, _span(expected, number - 1))]
    return [] if linked == previous.hash else [Breach("link", number, linked, previous.hash)]


def _content(number: int, stored: str, count: int, there: Chaining) -> list[Breach]:
    if there.count != count:
        return [Breach("count", number, str(count), str(there.count), _culprits(number))]
    return [] if there.hex() == stored else [Breach("hash", number, stored, there.hex(), _culprits(number))]


def _culprits(number: int) -> tuple[int, ...]:
    """Entries of a broken block that were changed, taken away or slipped in; none if its leaves were changed too."""
    then = leaves(Block.objects.get(pk=number))
    if then is None:
        return ()
    now = {one[1]: digest(one[2:]) for one in _entries(number, number)}
    keys = sorted(then.keys() | now.keys())
    return tuple(islice((key for key in keys if then.get(key) != now.get(key)), _NAMED))


def _beyond(last: int) -> list[Breach]:
    """Blocks after the last one to which entries still point."""
    standing = Block.objects.filter(number=OuterRef("block_id"))
    rows = Entry.objects.filter(~Exists(standing), block_id__gt=last)
    found = rows.aggregate(first=Min("block_id"), last=Max("block_id"))
    if found["first"] is None:
        return []
    return [Breach("missing", last + 1, _span(last + 1, found["last"]))]


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def export() -> Iterator[str]:
    """The journal as lines of JSON for an auditor, the head first, so that what he holds is an anchor."""
    last = head()
    yield canonical({"head": {"number": last.number, "hash": last.hash}})
    rows = Entry.objects.order_by("pk").values_list("pk", "block_id", *FIELDS)
    for key, block, *said in rows.iterator(chunk_size=2000):
        yield f'{{"id":{key},"block":{"null" if block is None else block},"entry":{content(tuple(said))}}}'
