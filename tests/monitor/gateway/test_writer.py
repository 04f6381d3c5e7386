"""The writer: groups, answers only after the disk, a store that cannot be written, the end."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from django.db import OperationalError, connections
from tests.monitor.frames_of_the_field import entries, upload

from anlan.monitor.gateway import writer as module
from anlan.monitor.gateway.entry import Entry
from anlan.monitor.gateway.heard import Senders
from anlan.monitor.gateway.log import StoreLog
from anlan.monitor.gateway.writer import Writer
from anlan.monitor.models import READINGS, Frame, Reading, Sender

pytestmark = pytest.mark.django_db(databases=["default", "readings"])


class Full(StoreLog):
    """Log on a disk that is full for a while."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def append(self, entries: Sequence[Entry]) -> None:
        if self.times:
            self.times -= 1
            raise OperationalError("database or disk is full")
        super().append(entries)


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Pauses that the writer makes, without making them."""
    found: list[float] = []
    monkeypatch.setattr(time, "sleep", found.append)
    # The connection of a test must live on.
    monkeypatch.setattr(connections[READINGS], "close", lambda: None)
    return found


def test_what_waits_is_one_group_and_becomes_readings_when_nothing_more_comes() -> None:
    stored: list[list[Entry]] = []
    writer = Writer(StoreLog(), stored.append, Senders())
    writer.submit(entries(upload(), upload(data_time="20260801080100")))
    writer.submit(entries(upload(data_time="20260801080200")))
    writer.step()
    assert [len(group) for group in stored] == [3]
    assert (Frame.objects.count(), Reading.objects.count(), writer.waiting) == (3, 0, 3)
    writer.step()
    assert (Reading.objects.count(), writer.waiting) == (3, 0)
    assert Sender.objects.get().version == 2017


def test_nothing_is_answered_while_the_store_cannot_be_written_and_nothing_is_lost(naps: list[float]) -> None:
    stored: list[list[Entry]] = []
    log = Full(3)
    writer = Writer(log, stored.append, Senders())
    writer.submit(entries(upload()))
    writer.step()
    assert (len(naps), writer.failures) == (3, 3)
    assert [len(group) for group in stored] == [1]
    assert Frame.objects.count() == 1


def test_a_bad_piece_of_work_stops_nothing(naps: list[float]) -> None:
    writer = Writer(StoreLog(), lambda group: None, Senders())
    done: list[str] = []

    def broken() -> None:
        raise OperationalError("locked")

    writer.do(broken)
    writer.do(lambda: done.append("next"))
    writer.step()
    writer.step()
    assert (done, writer.failures) == (["next"], 1)


def test_a_large_crowd_goes_in_several_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_GROUP", 2)
    stored: list[list[Entry]] = []
    writer = Writer(StoreLog(), stored.append, Senders())
    writer.submit(entries(*(upload() for _ in range(5))))
    for _ in range(4):
        writer.step()
    assert [len(group) for group in stored] == [2, 2, 1]
    assert writer.waiting == 0
