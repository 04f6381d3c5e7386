"""From the log to readings: what frames say becomes rows, counters of the day and periods that are there.

The place in the log moves in the same transaction, so that every frame is taken once, whenever the gateway died.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from django.db import connections, transaction

from anlan.monitor.gateway.entry import BAD, QUARANTINE, TAKEN, Entry
from anlan.monitor.gateway.log import FrameLog, Stored
from anlan.monitor.hj212 import times
from anlan.monitor.hj212.decode import decode
from anlan.monitor.hj212.frame import Frame
from anlan.monitor.lake import hot, rows
from anlan.monitor.models import READINGS, moment

PLACE = "readings"
# Data that come more than an hour after their period is over are late.
LATE_MS = 3_600_000
_BLOCK = 1000
_COUNTERS = ("frames", "crc", "length", "format", "held", "repeats", "late", "conflicts")
_DAY_MS = 86_400_000
_COUNT = (
    f"INSERT INTO monitor_day (sender, day, {', '.join(_COUNTERS)}) VALUES (%s, %s{', %s' * len(_COUNTERS)}) "
    f"ON CONFLICT (sender, day) DO UPDATE SET "
    + ", ".join(f"{name} = monitor_day.{name} + excluded.{name}" for name in _COUNTERS)
)
_PERIOD = """INSERT INTO monitor_period (sender, cn, at, received) VALUES (%s, %s, %s, %s)
ON CONFLICT (sender, cn, at) DO NOTHING"""
_LENGTH_MS = {"2031": _DAY_MS, "2051": 600_000, "2061": 3_600_000}
Counts = dict[tuple[int, int], list[int]]


def read_place(name: str) -> int:
    """How far a reader has come, 0 before it began."""
    with connections[READINGS].cursor() as cursor:
        cursor.execute("SELECT value FROM monitor_place WHERE name = %s", [name])
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def write_place(name: str, value: int) -> None:
    """Notes how far a reader has come, in the transaction that is open."""
    with connections[READINGS].cursor() as cursor:
        cursor.execute(
            "INSERT INTO monitor_place (name, value) VALUES (%s, %s) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [name, value],
        )


def take(entries: Sequence[Entry], more: Callable[[], None] | None = None) -> None:
    """Takes stored frames into the readings; `more` is done in the same transaction."""
    with transaction.atomic(using=READINGS):
        counts: Counts = defaultdict(lambda: [0] * len(_COUNTERS))
        found: list[rows.Row] = []
        periods: list[tuple[int, str, int, int]] = []
        last = 0
        for entry in entries:
            if entry.repeat:
                if entry.sender is not None:
                    _counter(counts, entry.sender, entry.received)[5] += 1
                continue
            last = max(last, entry.id)
            if entry.sender is None:
                continue
            _count(_counter(counts, entry.sender, entry.received), entry.state, entry.why)
            if entry.state == TAKEN:
                _frame(entry.frame, entry.sender, entry.id, entry.received, found, periods, counts)
        _write(found, periods, counts)
        if last:
            write_place(PLACE, last)
        if more is not None:
            more()


def catch_up(log: FrameLog) -> int:
    """Takes what stands in the log behind the place, as after a sudden end; gives the number of frames."""
    taken = 0
    while block := log.after(read_place(PLACE), _BLOCK):
        with transaction.atomic(using=READINGS):
            counts: Counts = defaultdict(lambda: [0] * len(_COUNTERS))
            found: list[rows.Row] = []
            periods: list[tuple[int, str, int, int]] = []
            for stored in block:
                if stored.sender is None:
                    continue
                _count(_counter(counts, stored.sender, stored.received), stored.state, stored.why)
                if stored.state == TAKEN:
                    _stored(stored, found, periods, counts)
            _write(found, periods, counts)
            write_place(PLACE, block[-1].id)
        taken += len(block)
    return taken


def release(
    log: FrameLog, sender: int, after: int, lets_in: Callable[[str | None], bool], most: int = 500
) -> int | None:
    """Takes frames of a sender that were held back for who it was, those whose password `lets_in` accepts.

    Gives the number of the last one looked at, None if there were none.
    """
    block = log.held(sender, after, most)
    if not block:
        return None
    looked_at = block[-1].id
    block = [stored for stored in block if all(lets_in(frame.pw) for frame in decode(stored.raw + b"\r\n"))]
    with transaction.atomic(using=READINGS):
        counts: Counts = defaultdict(lambda: [0] * len(_COUNTERS))
        found: list[rows.Row] = []
        periods: list[tuple[int, str, int, int]] = []
        log.release(stored.id for stored in block)
        for stored in block:
            _counter(counts, sender, stored.received)[4] -= 1
            _stored(stored, found, periods, counts)
        _write(found, periods, counts)
    return looked_at


def name(log: FrameLog, numbers: Sequence[int], mn: str) -> None:
    """Lays damaged frames that were nobody's to a sender, and counts them for it."""
    with transaction.atomic(using=READINGS):
        counts: Counts = defaultdict(lambda: [0] * len(_COUNTERS))
        for stored in log.name(numbers, mn):
            assert stored.sender is not None
            _count(_counter(counts, stored.sender, stored.received), stored.state, stored.why)
        _write([], [], counts)


def _stored(stored: Stored, found: list[rows.Row], periods: list[tuple[int, str, int, int]], counts: Counts) -> None:
    assert stored.sender is not None
    for frame in decode(stored.raw + b"\r\n"):
        if frame.ok:
            _frame(frame, stored.sender, stored.id, stored.received, found, periods, counts)


def _frame(
    frame: Frame,
    sender: int,
    number: int,
    received: int,
    found: list[rows.Row],
    periods: list[tuple[int, str, int, int]],
    counts: Counts,
) -> None:
    values = rows.of(frame, sender, number)
    if not values:
        return
    found += values
    cn, at = frame.cn or "", values[0][0]
    length = _LENGTH_MS.get(cn, 0)
    if length:
        periods.append((sender, cn, at, received))
    if received // 1000 - at - length > LATE_MS:
        _counter(counts, sender, received)[6] += 1


def _counter(counts: Counts, sender: int, received: int) -> list[int]:
    return counts[sender, day_of(received)]


def _count(counter: list[int], state: str, why: str) -> None:
    counter[0] += 1
    if state == BAD or why == "format":
        counter[_COUNTERS.index(why)] += 1
    elif state == QUARANTINE:
        counter[4] += 1


def _write(found: list[rows.Row], periods: list[tuple[int, str, int, int]], counts: Counts) -> None:
    with connections[READINGS].cursor() as cursor:
        differing = hot.put(found)
        by_frame = {row[8]: row[1] for row in differing}
        for sender in by_frame.values():
            # On the day of the newest counter of this sender: a conflict is news of today.
            counts[max(key for key in counts if key[0] == sender)][7] += 1
        if periods:
            cursor.executemany(_PERIOD, periods)
        if counts:
            cursor.executemany(_COUNT, [(*key, *counter) for key, counter in counts.items()])


_DAYS: dict[int, int] = {}


def day_of(received: int) -> int:
    """Day of a moment (microseconds) in Beijing time, as YYYYMMDD.

    >>> day_of(1470009600000000)
    20160801
    """
    number = (received // 1000 + 28_800_000) // _DAY_MS
    found = _DAYS.get(number)
    if found is None:
        if len(_DAYS) > 1000:
            _DAYS.clear()
        found = _DAYS[number] = int(times.digits(moment(received / 1000))[:8])
    return found
