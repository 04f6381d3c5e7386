"""What crosses from the business store to the gateway, and what is known of each sender."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from django.utils import timezone
from tests.monitor.frames_of_the_field import MN, entries, upload

from anlan.foundation.access.actor import machine
from anlan.monitor import actions
from anlan.monitor.gateway import taking
from anlan.monitor.gateway.desk import Desk
from anlan.monitor.gateway.gaps import Gap
from anlan.monitor.gateway.heard import Senders
from anlan.monitor.gateway.known import Known
from anlan.monitor.gateway.log import StoreLog
from anlan.monitor.models import Device, Order, Period, Result, Sender, Site

pytestmark = pytest.mark.django_db(databases=["default", "readings"])


class Heap:
    """Where a desk puts what it finds."""

    def __init__(self, connected: Sequence[str] = (), *, admit_unknown: bool = False) -> None:
        self.devices: list[dict[str, Known]] = []
        self.orders: list[Order] = []
        self.results: list[tuple[int, int]] = []
        self.gaps: list[tuple[str, Gap]] = []
        self.desk = Desk(
            self.devices.append,
            self.orders.append,
            lambda found, place: self.results.append((len(found), place)),
            lambda mn, gap: self.gaps.append((mn, gap)),
            lambda: list(connected),
            admit_unknown,
        )


def test_devices_are_read_again_only_when_one_changed() -> None:
    heap = Heap()
    heap.desk.round()
    heap.desk.round()
    assert heap.devices == [{}]
    device = Device.objects.create(mn=MN, name="甲", password="1", minutes=10)
    heap.desk.round()
    heap.desk.round()
    assert heap.devices[1:] == [{MN: Known("1", "in_service", 10)}]
    actions.suspend(machine("test"), device, reason="检修")
    heap.desk.round()
    assert heap.devices[-1][MN].state == "suspended"


def test_an_order_is_given_once_and_those_of_an_earlier_life_are_not_given_again() -> None:
    device = Device.objects.create(mn=MN, name="甲")
    heap = Heap()
    actions.command(machine("test"), device, "1012")
    heap.desk.round()
    heap.desk.round()
    actions.command(machine("test"), device, "1011")
    heap.desk.round()
    assert [order.cn for order in heap.orders] == ["1012", "1011"]


def test_unknown_devices_are_admitted_only_where_that_was_asked_for() -> None:
    for wanted, expected in ((False, 0), (True, 1)):
        heap = Heap(admit_unknown=wanted)
        heap.desk.unknown(MN)
        heap.desk.unknown(MN)
        heap.desk.round()
        assert Device.objects.count() == expected


def test_results_are_handed_over_with_their_place() -> None:
    site = Site.objects.create(code="S1", name="甲断面")
    made = [
        Result.objects.create(
            site=site, factor="w01018", sampled_at=timezone.now(), digits=number, way="api", by_name="a"
        )
        for number in range(3)
    ]
    heap = Heap()
    heap.desk.round()
    heap.desk.round()
    assert heap.results == [(3, made[-1].pk)]


def test_a_connected_device_is_asked_for_its_missing_hours_once() -> None:
    Device.objects.create(mn=MN, name="甲")
    sender = Sender.objects.create(mn=MN, first_at=0, last_at=0)
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    for back in (5, 4, 2):
        at = int((hour - dt.timedelta(hours=back)).timestamp() * 1000)
        Period.objects.create(sender=sender.pk, cn="2061", at=at, received=0)
    heap = Heap([MN])
    # A small field is looked at every fifteen rounds.
    for _ in range(15):
        heap.desk.round()
    # Of the hours from 5 back on, the one of 3 back is missing; that of one hour ago may still come by itself.
    assert [(mn, gap.cn, gap.periods, gap.first) for mn, gap in heap.gaps] == [
        (MN, "2061", 1, hour - dt.timedelta(hours=3))
    ]


def test_a_device_that_is_away_or_out_of_service_is_not_asked() -> None:
    device = Device.objects.create(mn=MN, name="甲")
    sender = Sender.objects.create(mn=MN, first_at=0, last_at=0)
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    Period.objects.create(
        sender=sender.pk, cn="2061", at=int((hour - dt.timedelta(hours=5)).timestamp() * 1000), received=0
    )
    for heap in (Heap(), Heap([MN])):
        if heap.desk.connected():
            actions.suspend(machine("test"), device, reason="检修")
        for _ in range(60):
            heap.desk.round()
        assert heap.gaps == []


def test_clock_and_delay_are_told_by_our_clock() -> None:
    # Received at 08:00:10 by us; the device says 08:15:05 and sends what it measured at 08:15:00.
    received = int(dt.datetime(2026, 8, 1, 0, 0, 10, tzinfo=dt.UTC).timestamp() * 1_000_000)
    made = entries(upload(data_time="20260801081500", qn="20260801081505000"), received=received)
    log, senders = StoreLog(), Senders()
    log.append(made)
    taking.take(made)
    senders.note(made[0])
    senders.write()
    sender = Sender.objects.get()
    assert (sender.offset_ms, sender.delay_ms) == (895_000, -890_000)
    from anlan.monitor import showing

    assert showing.clock(sender.offset_ms) == "快 14\N{NO-BREAK SPACE}分\N{NO-BREAK SPACE}55\N{NO-BREAK SPACE}秒"
    # Measured five seconds before it was sent.
    assert sender.delay_by_our_clock_ms == 5000


def test_a_damaged_frame_says_nothing_of_the_clock() -> None:
    made = entries(upload(), upload(qn="20200101000000000")[:-6] + b"0000\r\n", received=1_785_542_400_000_000)
    log, senders = StoreLog(), Senders()
    log.append(made)
    for entry in made:
        senders.note(entry)
    senders.write()
    assert Sender.objects.get().offset_ms != 1_577_808_000_000 - 1_785_542_400_000
