"""What any log between gateway and readings must do (`FrameLog`), run on ours and on one that knows no database.

An adapter to a replicated log is added to `LOGS`; docs/gateway.md says in words what is held here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from tests.monitor.frames_of_the_field import MN, entries, upload

from anlan.monitor.gateway.entry import QUARANTINE, TAKEN, Entry
from anlan.monitor.gateway.log import FOR_WHO, FrameLog, Stored, StoreLog

pytestmark = pytest.mark.django_db(databases=["default", "readings"])
STRANGER = "CD00000000000000000000F2"


class ListLog:
    """Log in a list: what the contract asks for and nothing else. Several of them share one `kept`, as lives do."""

    def __init__(self, kept: dict[str, Any]) -> None:
        self._rows: dict[int, Stored] = kept.setdefault("rows", {})
        self._keys: set[bytes] = kept.setdefault("keys", set())
        self._senders: dict[str, int] = kept.setdefault("senders", {})

    def append(self, entries: Sequence[Entry]) -> None:
        rows: dict[int, Stored] = {}
        keys: set[bytes] = set()
        number = max(self._rows, default=0)
        for entry in entries:
            number += 1
            entry.id, entry.sender = number, self._sender(entry.mn)
            entry.repeat = entry.key in self._keys or entry.key in keys
            keys.add(entry.key)
            if not entry.repeat:
                raw = bytes(entry.frame.raw)
                rows[number] = Stored(number, entry.received, entry.sender, entry.state, entry.why, raw)
        self._rows.update(rows)
        self._keys.update(keys)

    def _sender(self, mn: str) -> int | None:
        return self._senders.setdefault(mn, len(self._senders) + 1) if mn else None

    def after(self, number: int, most: int) -> list[Stored]:
        return [row for row in self._rows.values() if row.id > number][:most]

    def held(self, sender: int, after: int, most: int) -> list[Stored]:
        rows = self.after(after, 1 << 30)
        return [one for one in rows if one.sender == sender and one.state == QUARANTINE and one.why in FOR_WHO][:most]

    def senders_held(self) -> dict[int, str]:
        held = {row.sender for row in self._rows.values() if row.state == QUARANTINE}
        return {number: mn for mn, number in self._senders.items() if number in held}

    def release(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self._rows[number] = self._rows[number]._replace(state=TAKEN, why="")

    def name(self, numbers: Sequence[int], mn: str) -> list[Stored]:
        found = [self._rows[number] for number in numbers if self._rows[number].sender is None]
        for one in found:
            self._rows[one.id] = one._replace(sender=self._sender(mn))
        return [self._rows[one.id] for one in found]


LOGS: dict[str, Callable[[dict[str, Any]], FrameLog]] = {"table": lambda kept: StoreLog(), "list": ListLog}


@pytest.fixture(params=LOGS)
def life(request: pytest.FixtureRequest) -> Callable[[], FrameLog]:
    """Makes the log as the next life of the gateway finds it."""
    kept: dict[str, Any] = {}
    return lambda: LOGS[request.param](kept)


def damaged() -> list[Entry]:
    """Damaged frame that is nobody's."""
    return entries(upload(mn="AB00000000000000000000Z1")[:-6] + b"0000\r\n")


def test_what_was_appended_is_there_for_the_next_life_byte_for_byte(life: Callable[[], FrameLog]) -> None:
    odd = replace(entries(upload())[0], key=b"odd", received=1_785_542_400_123_456)
    odd.frame.raw = b"##0010\x00\xff\xfe" + "试剂".encode("gbk")
    life().append([odd])
    assert life().after(0, 10) == [Stored(odd.id, 1_785_542_400_123_456, odd.sender, TAKEN, "", odd.frame.raw)]


def test_numbers_grow_and_are_never_given_twice(life: Callable[[], FrameLog]) -> None:
    numbers = []
    for _ in range(3):
        log = life()
        for _ in range(2):
            made = entries(upload(), upload())
            log.append(made)
            numbers += [entry.id for entry in made]
    assert numbers == sorted(set(numbers))
    assert [stored.id for stored in life().after(0, 100)] == numbers


def test_a_repeat_is_told_within_a_batch_in_the_next_one_and_in_the_next_life(life: Callable[[], FrameLog]) -> None:
    data = upload()
    log = life()
    batch = entries(data, upload(), data)
    log.append(batch)
    assert [entry.repeat for entry in batch] == [False, False, True]
    for again in (log, life()):
        made = entries(data)
        again.append(made)
        assert made[0].repeat
    assert len(life().after(0, 100)) == 2


def test_a_batch_is_stored_whole_or_not_at_all(life: Callable[[], FrameLog]) -> None:
    log = life()
    log.append(entries(upload()))
    bad = entries(upload(), upload())
    bad[1].frame.raw = None  # type: ignore[assignment]
    from django.db import transaction

    with pytest.raises(Exception), transaction.atomic(using="readings"):  # noqa: B017, PT011 (each log has its own)
        log.append(bad)
    assert len(log.after(0, 100)) == 1
    # And it goes on.
    good = entries(upload())
    log.append(good)
    assert [stored.id for stored in log.after(0, 100)][-1] == good[0].id


def test_reading_goes_on_behind_a_number_in_order_and_in_pieces(life: Callable[[], FrameLog]) -> None:
    log = life()
    made = entries(*(upload() for _ in range(7)))
    log.append(made)
    numbers, place = [], 0
    while block := log.after(place, 3):
        assert len(block) <= 3
        place = block[-1].id
        numbers += [stored.id for stored in block]
    assert numbers == [entry.id for entry in made]
    assert log.after(place, 3) == []


def test_a_sender_has_one_number_in_all_lives_and_nobody_has_none(life: Callable[[], FrameLog]) -> None:
    first, second = entries(upload()), entries(upload(), upload(mn=STRANGER))
    nobody = damaged()
    life().append(first)
    life().append([*second, *nobody])
    assert first[0].sender is not None
    assert first[0].sender == second[0].sender != second[1].sender
    assert nobody[0].sender is None


def test_what_is_held_back_for_who_sent_it_is_found_and_let_go_once(life: Callable[[], FrameLog]) -> None:
    log = life()
    held = entries(upload(), upload(), upload(), known=False)
    # Held back for what it says: never let go.
    wrong = entries(upload(value="NaN"))
    log.append([*held, *wrong])
    sender = held[0].sender
    assert sender is not None
    assert log.senders_held() == {sender: MN}
    assert [stored.id for stored in log.held(sender, 0, 2)] == [held[0].id, held[1].id]
    assert [stored.id for stored in log.held(sender, held[1].id, 9)] == [held[2].id]
    log.release([held[0].id, held[2].id])
    assert [stored.id for stored in life().held(sender, 0, 9)] == [held[1].id]
    states = {stored.id: (stored.state, stored.why) for stored in life().after(0, 9)}
    assert states[held[0].id] == (TAKEN, "")
    assert states[wrong[0].id] == (QUARANTINE, "format")


def test_what_was_nobodys_is_laid_to_a_sender_and_stays_there(life: Callable[[], FrameLog]) -> None:
    log = life()
    nobodys, good = damaged(), entries(upload())
    log.append([*nobodys, *good])
    (named,) = log.name([nobodys[0].id], MN)
    assert (named.id, named.sender) == (nobodys[0].id, good[0].sender)
    # What is somebody's already stays so.
    assert log.name([nobodys[0].id, good[0].id], STRANGER) == []
    assert [stored.sender for stored in life().after(0, 9)] == [good[0].sender] * 2
