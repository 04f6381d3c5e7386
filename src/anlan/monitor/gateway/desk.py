"""What crosses from the business store to the gateway: devices that were admitted, orders, lab results. It only reads
there, but for the admission of unknown devices where that was asked for. A thread of its own, once a second.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import connections, transaction
from django.db.models import Count, Max
from django.utils import timezone

from anlan.foundation.access.actor import machine
from anlan.monitor import actions
from anlan.monitor.gateway import gaps, taking
from anlan.monitor.gateway.known import Known
from anlan.monitor.hj212 import times
from anlan.monitor.lake import hot, kinds, rows
from anlan.monitor.models import READINGS, Device, Order, Period, Result, Run, Sender, moment

_LOG = logging.getLogger(__name__)
_EVERY_S = 1.0
# Devices whose gaps are looked at in one round.
_GAPS_AT_ONCE = 20
_BLOCK = 1000
ORDERS, RESULTS = "orders", "results"


@dataclass(slots=True)
class Desk:
    """The thread. Its callbacks are called in it: `devices` with all devices when one changed, `order` with each new
    order, `results` with rows to write and the place to note, `fill` with a gap to ask a device for.
    """

    devices: Callable[[dict[str, Known]], None]
    order: Callable[[Order], None]
    results: Callable[[Sequence[Result], int], None]
    fill: Callable[[str, gaps.Gap], None]
    connected: Callable[[], list[str]]
    admit_unknown: bool = False
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _seen: object = None
    _unknown: set[str] = field(default_factory=set)
    _orders: int = 0
    _results: int = 0
    _round: int = 0
    _memory: gaps.Memory = field(default_factory=gaps.Memory)
    _known: dict[str, Known] = field(default_factory=dict)

    def start(self) -> None:
        """Reads all once, then goes on in its thread."""
        self._orders = Run.objects.aggregate(most=Max("order"))["most"] or 0
        self._results = taking.read_place(RESULTS)
        self.round()
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def unknown(self, mn: str) -> None:
        """An unknown device sent a frame."""
        if self.admit_unknown and mn not in self._known:
            self._unknown.add(mn)

    def _run(self) -> None:
        try:
            while not self._stop.wait(_EVERY_S):
                try:
                    self.round()
                except Exception:  # noqa: BLE001 (whatever it is, frames go on being stored; the next round tries again)
                    _LOG.exception("the business store cannot be read")
                    connections.close_all()
        finally:
            connections.close_all()

    def round(self) -> None:
        """One look at everything."""
        if self._unknown:
            new = set(self._unknown)
            actions.admit_unknown(machine("gateway"), sorted(new))
            self._unknown -= new
        self._read_devices()
        for order in Order.objects.filter(pk__gt=self._orders).select_related("device").order_by("pk")[:_BLOCK]:
            self.order(order)
            self._orders = order.pk
        found = list(Result.objects.filter(pk__gt=self._results).select_related("site").order_by("pk")[:_BLOCK])
        if found:
            self._results = found[-1].pk
            self.results(found, self._results)
        self._look_for_gaps()

    def _read_devices(self) -> None:
        seen = Device.objects.aggregate(Max("changed_at"), Count("pk"))
        if seen == self._seen:
            return
        fields = ("mn", "password", "state", "minutes")
        self._known = {
            mn: Known(password, state, minutes) for mn, password, state, minutes in Device.objects.values_list(*fields)
        }
        self._seen = seen
        self.devices(self._known)

    def _look_for_gaps(self) -> None:
        # Every device four times a minute where there are few, a few at a time where there are many.
        self._round += 1
        connected = [mn for mn in self.connected() if self._known.get(mn, Known("", "", 0)).state == "in_service"]
        if not connected or (len(connected) <= _GAPS_AT_ONCE and self._round % 15 != 5):
            return
        begin = self._round * _GAPS_AT_ONCE % len(connected)
        for mn in [*connected, *connected][begin : begin + min(_GAPS_AT_ONCE, len(connected))]:
            sender = Sender.objects.filter(mn=mn).first()
            if sender is None:
                continue
            now = timezone.now()
            gap = self._memory.choose(mn, missing(sender.pk, self._known[mn].minutes, now), now)
            if gap is not None:
                self.fill(mn, gap)


def missing(sender: int, minutes: int, now: dt.datetime) -> list[gaps.Gap]:
    """Gaps of a sender among the days, hours and minutes that it has sent since they began. Three queries."""
    found: list[gaps.Gap] = []
    for cn, back in gaps.LOOK_BACK.items():
        since = int((now - back).timestamp() * 1000)
        rows_there = Period.objects.filter(sender=sender, cn=cn, at__gte=since).values_list("at", flat=True)
        there = {moment(at).astimezone(times.BEIJING) for at in rows_there}
        if there:
            found += gaps.gaps(cn, there, min(there), now, minutes or gaps.interval(there))
    return found


def lab_name(code: str) -> str:
    """Name under which the lab results of a site stand among the readings."""
    return f"LAB-{code}"


def take_results(found: Sequence[Result], place: int) -> None:
    """Takes lab results into the readings, in one transaction with the place. For the writer."""
    now = int(timezone.now().timestamp() * 1_000_000)
    with transaction.atomic(using=READINGS):
        values: list[rows.Row] = []
        for result in found:
            name = lab_name(result.site.code)
            sender, _ = Sender.objects.get_or_create(
                mn=name, defaults={"first_at": now, "last_at": now, "connected": False}
            )
            at = int(result.sampled_at.timestamp() * 1000)
            flag = "L" if result.below else "N"
            values.append(
                (at, sender.pk, result.factor, kinds.LAB, result.digits, result.scale, flag, rows.OK, -result.pk)
            )
        hot.put(values)
        taking.write_place(RESULTS, place)
