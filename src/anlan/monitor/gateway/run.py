"""The gateway put together: server, writer, desk and dialogues, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import ssl
from collections import Counter
from collections.abc import Callable, Sequence

from django.utils import timezone

from anlan.monitor.gateway import taking
from anlan.monitor.gateway.desk import Desk, take_results
from anlan.monitor.gateway.dialogs import Command, Dialogs, Target
from anlan.monitor.gateway.entry import TAKEN, Entry
from anlan.monitor.gateway.gaps import Gap
from anlan.monitor.gateway.heard import Senders
from anlan.monitor.gateway.known import Known, Register
from anlan.monitor.gateway.log import StoreLog
from anlan.monitor.gateway.server import Limits, Server, raise_file_limit
from anlan.monitor.gateway.writer import Writer
from anlan.monitor.hj212 import times
from anlan.monitor.models import ENDED, Order, Result, Run, RunState, Sender

_LOG = logging.getLogger(__name__)
# Strangers, and frames of each, that are kept: enough to see what is wrong, too few to fill a disk.
_MOST_STRANGERS = 5000
_MOST_OF_A_STRANGER = 50_000
AUTOMATIC = "gateway"
_SETTLED_S = 2.0


class Gateway:
    """One running gateway."""

    def __init__(self, limits: Limits | None = None, *, admit_unknown: bool = False) -> None:
        self.log = StoreLog()
        self.senders = Senders()
        self.register = Register()
        self.server = Server(self.register, self._submit, limits)
        self.writer = Writer(self.log, self.server.stored, self.senders)
        self.dialogs = Dialogs(self._target, self._note, timezone.now)
        self.desk = Desk(
            self._devices_changed, self._ordered, self._results, self._fill, self._connected, admit_unknown
        )
        self.server.on_frame = self._on_frame
        self.server.on_link = self._on_link
        self.server.may_hold = self._may_hold
        self.server.on_named = self._named
        self._held: Counter[str] = Counter()
        self._nameless_day = 0
        self._numbers = 0
        self._last: dict[str, tuple[str, str, int]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Catches up with the log, then listens; gives the port. Raises OSError if nobody can listen there."""
        self._loop = asyncio.get_running_loop()
        await asyncio.to_thread(self._begin)
        port = await self.server.start(host, port, tls)
        self.writer.start()
        self._expirer = self._loop.create_task(self._expire())
        return port

    async def stop(self) -> None:
        """Answers what is stored, stores what was read, ends the threads."""
        self._expirer.cancel()
        await asyncio.to_thread(self.desk.stop)
        await self.server.stop()
        await asyncio.sleep(0)
        await asyncio.to_thread(self.writer.stop)

    def _begin(self) -> None:
        taken = taking.catch_up(self.log)
        if taken:
            _LOG.info("%d frames were stored and not yet taken when the gateway ended", taken)
        Sender.objects.filter(connected=True).update(connected=False)
        Run.objects.exclude(state__in=ENDED).update(state=RunState.LOST)
        self._numbers = Run.objects.order_by("-id").values_list("id", flat=True).first() or 0
        for mn, st, password, version in Sender.objects.values_list("mn", "st", "password", "version"):
            self._last[mn] = (st, password, version or 2017)
        if self.desk.admit_unknown:
            # Stored by a life that ended before it could admit them; they may never call again.
            for sender, mn in self.log.senders_held().items():
                if self.log.held(sender, 0, 1):
                    self.desk.unknown(mn)
        self.desk.start()

    # From the server

    def _submit(self, entries: list[Entry]) -> None:
        self.writer.submit(entries)

    def _may_hold(self, mn: str) -> bool:
        if mn in self.register.devices:
            return True
        if not mn and (today := timezone.localdate().toordinal()) != self._nameless_day:
            # What nobody is known for has its share each day.
            self._nameless_day = today
            del self._held[""]
        if mn not in self._held and len(self._held) >= _MOST_STRANGERS:
            return False
        self._held[mn] += 1
        return self._held[mn] <= _MOST_OF_A_STRANGER

    def _on_frame(self, entry: Entry) -> None:
        frame = entry.frame
        if entry.state == TAKEN:
            if frame.st and frame.st != "91" and entry.mn not in self._last:
                self._last[entry.mn] = (frame.st, frame.pw or "", frame.version or 2017)
            if frame.cn == "1013" and not entry.repeat:
                self._ask(entry.mn, "1012", {"PolId": frame.fields["PolId"]} if "PolId" in frame.fields else {})
            else:
                self.dialogs.heard(entry)
        elif entry.why == "unknown":
            # Admitted in a moment it may be given an order before it speaks again.
            if frame.st and frame.st != "91" and entry.mn in self._held:
                self._last.setdefault(entry.mn, (frame.st, frame.pw or "", frame.version or 2017))
            self.desk.unknown(entry.mn)

    def _named(self, numbers: list[int], mn: str) -> None:
        self.writer.do(lambda: taking.name(self.log, numbers, mn))

    def _on_link(self, mn: str, connected: bool) -> None:
        self.writer.do(lambda: self.senders.link(mn, connected))
        self.dialogs.linked(mn, connected)

    # From the desk, in its thread

    def _devices_changed(self, devices: dict[str, Known]) -> None:
        self.register.devices = devices
        self.writer.do(self._release)
        # Once more in a moment: a frame that was judged just before may not be stored yet.
        self._call(self._release_later)

    def _release_later(self) -> None:
        assert self._loop is not None
        self._loop.call_later(_SETTLED_S, self.writer.do, self._release)

    def _ordered(self, order: Order) -> None:
        command = self._command(order.device.mn, order.cn, dict(order.fields), order.by_name, order.pk)
        self._call(lambda: self.dialogs.ask(command))

    def _results(self, found: Sequence[Result], place: int) -> None:
        self.writer.do(lambda: take_results(found, place))

    def _fill(self, mn: str, gap: Gap) -> None:
        fields = {"BeginTime": times.digits(gap.first), "EndTime": times.digits(gap.last)}
        self._call(lambda: self._ask(mn, gap.cn, fields))

    def _connected(self) -> list[str]:
        return list(self.server.by_mn)

    def _call(self, what: Callable[[], object]) -> None:
        assert self._loop is not None
        # The loop may have ended meanwhile: then nobody is connected any more.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(what)

    # Commands

    def _ask(self, mn: str, cn: str, fields: dict[str, str]) -> None:
        if not self.dialogs.is_busy(mn):
            self.dialogs.ask(self._command(mn, cn, fields, AUTOMATIC, None))

    def _command(self, mn: str, cn: str, fields: dict[str, str], by: str, order: int | None) -> Command:
        self._numbers += 1
        return Command(self._numbers, mn, cn, fields, by, order, int(timezone.now().timestamp() * 1e6))

    def _target(self, mn: str) -> Target | None:
        link = self.server.by_mn.get(mn)
        device = self.register.devices.get(mn)
        if link is None or device is None or device.state != "in_service":
            return None
        st, password, version = self._last.get(mn, ("32", "", 2017))
        return Target(st or "32", device.password or password, version, link.send)

    def _note(self, command: Command) -> None:
        number, kept = command.id, _row_of(command)
        self.writer.do(lambda: _keep(number, kept))

    async def _expire(self) -> None:
        while True:
            await asyncio.sleep(30)
            self.dialogs.expire(timezone.now())

    # In the writer's thread

    def _release(self) -> None:
        """Takes what was held back of devices that have been admitted since, a block at a time."""
        for sender, mn in self.log.senders_held().items():
            if self.register.holds_back(mn, None) in ("", "password"):
                self._release_one(sender, mn, 0)

    def _release_one(self, sender: int, mn: str, after: int) -> None:
        # Frame by frame: one that came with a wrong password stays where it is, whatever the others had.
        last = taking.release(self.log, sender, after, lambda password: not self.register.holds_back(mn, password))
        if last is not None:
            self.writer.do(lambda: self._release_one(sender, mn, last))


def _row_of(command: Command) -> dict[str, object]:
    """Fields of a command as a row has them."""
    names = ("mn", "cn", "fields", "by", "order", "created", "qn", "state", "tries", "qn_rtn", "exe_rtn", "frames")
    return {name: getattr(command, name) for name in (*names, "sent", "ended")}


def _keep(number: int, values: dict[str, object]) -> None:
    Run.objects.update_or_create(id=number, defaults=values)


async def serve(
    host: str,
    port: int,
    *,
    admit_unknown: bool = False,
    tls: ssl.SSLContext | None = None,
    limits: Limits | None = None,
    ready: Callable[[int], None] = lambda port: None,
) -> None:
    """Runs a gateway until SIGTERM or SIGINT; `ready` is told the port. Raises OSError if it cannot listen."""
    limits = limits or Limits()
    raise_file_limit(limits.connections)
    gateway = Gateway(limits, admit_unknown=admit_unknown)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    ready(await gateway.start(host, port, tls))
    # What was made for good is not looked at again; what frames leave behind goes without the collector.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    await stop.wait()
    await gateway.stop()
