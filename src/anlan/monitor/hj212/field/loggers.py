"""Simulated loggers on a virtual clock: what each sends when, what it answers, what it sends again."""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
import math
import random
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from anlan.monitor.hj212 import dialog, tables, times
from anlan.monitor.hj212.decode import Decoder
from anlan.monitor.hj212.encode import Message
from anlan.monitor.hj212.field.damage import DAMAGES
from anlan.monitor.hj212.frame import Frame

# MNs of the simulated loggers begin with these four digits.
SIMULATED_MN = "5A5A"
START = dt.datetime(2026, 8, 1, tzinfo=times.BEIJING)
_PART_BYTES = 420
# Means that it keeps and sends for a range, with the length of their periods; so far back, as loggers do.
_KEPT = {"2051": dt.timedelta(minutes=10), "2061": dt.timedelta(hours=1), "2031": dt.timedelta(days=1)}
_MEMORY = dt.timedelta(days=31)
# Commands that it carries out; any other is answered with QnRtn 8.
_UNDERSTOOD = frozenset({"1011", "1012", "1061", "2011", "2012", *_KEPT})
_OUTAGE_EVERY_S, _OUTAGE_S = 300.0, 60.0
# Factor, mean, swing over a day, noise: an outlet of a sewage works.
_FACTORS = (
    ("w00000", 17.5, 6.0, 0.8),
    ("w01001", 7.3, 0.2, 0.05),
    ("w01010", 19.0, 3.0, 0.1),
    ("w01012", 7.0, 2.0, 0.5),
    ("w01018", 28.0, 8.0, 1.5),
    ("w21003", 1.6, 0.8, 0.1),
    ("w21001", 9.5, 2.0, 0.3),
    ("w21011", 0.31, 0.1, 0.02),
)


class Temper(Enum):
    """How a logger behaves beside sending; loggers take them in turn."""

    STEADY = "steady"
    DRIFTING = "drifting"  # its clock runs away
    OUTAGES = "outages"  # its link fails and it sends later what it could not
    RESENDING = "resending"  # it sends again though it was answered
    SPLITTING = "splitting"  # means go in parts
    OLD = "old"  # the edition of 2005, without QN and Flag
    NEWEST = "newest"  # the edition of 2025


@dataclass(frozen=True, slots=True)
class Sending:
    """Bytes that a logger sends `at` seconds after the start.

    `what` is data, part, backfill, resend, answer or the name of a damage; `fault` the code a receiver should find,
    "" for a frame it should take.
    """

    at: float
    site: int
    data: bytes
    what: str
    fault: str
    qn: str


@dataclass(slots=True)
class _Unanswered:
    sending: Sending
    again_at: float
    left: int


@dataclass(slots=True)
class Logger:
    """One logger. `every_s` seconds pass between two messages; `bad` is the share of frames it spoils.

    With `waits` it sends again, with the same QN, what is not answered in time; without, nobody listens to it.
    """

    site: int
    every_s: float
    seed: int
    bad: float = 0.0
    start: dt.datetime = START
    waits: bool = False
    temper: Temper = field(init=False)
    mn: str = field(init=False)
    version: int = field(init=False)
    clock_offset_s: float = field(init=False, default=0.0)
    _rng: random.Random = field(init=False)
    _next: float = field(init=False)
    _count: int = field(init=False, default=0)
    _serial: int = field(init=False, default=0)
    _stored: deque[Message] = field(init=False)
    _unanswered: dict[str, _Unanswered] = field(init=False, default_factory=dict)
    _decoder: Decoder = field(init=False, default_factory=Decoder)
    _day: dt.date = field(init=False)

    def __post_init__(self) -> None:
        self._rng = random.Random(f"{self.seed}:{self.site}")
        self.temper = tuple(Temper)[self.site % len(Temper)]
        self.mn = f"{SIMULATED_MN}{self.site + 1:020X}"
        self.version = {Temper.OLD: 2005, Temper.NEWEST: 2025}.get(self.temper, 2017)
        self._next = self._rng.random() * self.every_s
        # A day of minutes; older ones are lost, as in a real logger.
        self._stored = deque(maxlen=1440)
        self._day = self._clock(0.0).astimezone(times.BEIJING).date()

    @property
    def next_at(self) -> float:
        """When it has something to send next, in seconds after the start."""
        return min([self._next, *(one.again_at for one in self._unanswered.values())])

    def due(self, at: float) -> list[Sending]:
        """What it sends up to this moment."""
        sendings: list[Sending] = []
        while self._next <= at:
            sendings += self._message(self._next)
            self._next += self.every_s
        for one in list(self._unanswered.values()):
            if one.again_at > at:
                continue
            if not one.left:
                del self._unanswered[one.sending.qn]
                continue
            one.left -= 1
            one.again_at = at + tables.limits()["timeout_s"]
            sendings.append(Sending(at, self.site, one.sending.data, "resend", "", one.sending.qn))
        return sendings

    def receive(self, data: bytes, at: float) -> list[Sending]:
        """What it sends upon bytes from the host: answers, results, and the data that were asked for."""
        return [sending for frame in self._decoder.feed(data) for sending in self._on(frame, at)]

    def _on(self, frame: Frame, at: float) -> Iterator[Sending]:
        if not frame.ok or frame.mn != self.mn:
            return
        if dialog.kind(frame) == "interaction":
            self._unanswered.pop(dialog.answered_qn(frame) or "", None)
            return
        known = frame.cn in _UNDERSTOOD
        answer = dialog.answer(frame, 1 if known or dialog.kind(frame) == "notice" else 8)
        if answer:
            yield self._sent(at, answer, "answer", frame.qn or "")
        if not known or dialog.kind(frame) != "request":
            return
        yield from self._asked(frame, at)
        yield self._sent(at, dialog.result(frame), "answer", frame.qn or "")

    def _asked(self, frame: Frame, at: float) -> Iterator[Sending]:
        if frame.cn == "1012" and times.is_moment(frame.fields.get("SystemTime", "")):
            told = times.moment(frame.fields["SystemTime"])
            self.clock_offset_s = (told - self.start).total_seconds() - at - self._drift(at)
        elif frame.cn in ("1011", "1061"):
            now = times.digits(self._clock(at))
            fields = {"SystemTime": now} if frame.cn == "1011" else {"RtdInterval": str(max(30, round(self.every_s)))}
            reply = Message("32", frame.cn, self.mn, qn=frame.qn, flag=self._flag(wants=False), fields=fields)
            yield self._sent(at, reply.encoded(), "answer", frame.qn or "")
        elif frame.cn in _KEPT:
            for data_time in self._kept(frame.cn or "", frame.fields, at):
                yield from self._sendings(self._made(frame.cn or "", data_time), at, "backfill")

    def _kept(self, cn: str, asked: Mapping[str, str], at: float) -> Iterator[str]:
        """Starts of the periods between BeginTime and EndTime that are over and that it still remembers."""
        begin, end = asked.get("BeginTime", ""), asked.get("EndTime", "")
        if not (times.is_moment(begin) and times.is_moment(end)):
            return
        now, length = self._clock(at).astimezone(times.BEIJING), _KEPT[cn]
        first = max(times.moment(begin), now - _MEMORY)
        start = times.floor(first, length)
        if start < first:
            start += length
        while start <= times.moment(end) and start + length <= now:
            yield times.digits(start)
            start += length

    def _sent(self, at: float, data: bytes, what: str, qn: str) -> Sending:
        return Sending(at, self.site, data, what, "", qn)

    def _drift(self, at: float) -> float:
        # Two seconds an hour, and a quarter of an hour wrong from the beginning.
        return 900.0 + at / 1800 if self.temper is Temper.DRIFTING else 0.0

    def _clock(self, at: float) -> dt.datetime:
        return self.start + dt.timedelta(seconds=at + self._drift(at) + self.clock_offset_s)

    def _flag(self, wants: bool = True) -> int | None:
        if self.version == 2005:
            return None
        return tables.version_bits()[self.version] << 2 | wants

    def _message(self, at: float) -> Iterator[Sending]:
        """The message of one tick: every fifth is a mean of ten minutes, every thirtieth of an hour."""
        self._count += 1
        if (today := self._clock(at).astimezone(times.BEIJING).date()) > self._day:
            # The day that is over, with the first message of the next one.
            yield from self._said(self._made("2031", f"{self._day:%Y%m%d}000000"), at)
            self._day = today
        cn = "2061" if self._count % 30 == 0 else "2051" if self._count % 5 == 0 else "2011"
        now = self._clock(at)
        if cn != "2011":
            # The time of a mean is the start of its period: the last one that is over.
            now = times.floor(now, _KEPT[cn]) - _KEPT[cn]
        yield from self._said(self._made(cn, times.digits(now)), at)

    def _made(self, cn: str, data_time: str) -> Message:
        """Message of a moment or period: the same whenever it is made."""
        return Message(
            "32", cn, self.mn, flag=self._flag(), fields={"DataTime": data_time}, values=self._values(cn, data_time)
        )

    def _said(self, message: Message, at: float) -> Iterator[Sending]:
        """Sends a message, or keeps it while the link is broken."""
        if self.temper is Temper.OUTAGES:
            if at % _OUTAGE_EVERY_S >= _OUTAGE_EVERY_S - _OUTAGE_S:
                self._stored.append(message)
                return
            while self._stored:
                yield from self._sendings(self._stored.popleft(), at, "backfill")
        yield from self._sendings(message, at, "data")

    def _values(self, cn: str, data_time: str) -> dict[str, dict[str, str]]:
        # The mean of a period is the same however often it is sent; so is what was measured at a moment.
        rng = random.Random(f"{self.seed}:{self.site}:{cn}:{data_time}")
        turn = math.sin(times.moment(data_time).timestamp() / 86400 * math.tau + self.site)
        values: dict[str, dict[str, str]] = {}
        for code, mean, swing, noise in _FACTORS:
            middle = mean + swing * turn
            if cn == "2011":
                items = {"Rtd": _number(code, middle + rng.gauss(0, noise))}
            else:
                low, high = sorted((middle + abs(rng.gauss(0, noise)), middle - abs(rng.gauss(0, noise))))
                items = {"Min": _number(code, low), "Avg": _number(code, middle), "Max": _number(code, high)}
            written = tables.factors()[code].code_2005 if self.version == 2005 else code
            # Water temperature has no code of 2005.
            if written:
                values[written] = {**items, "Flag": "N"}
        return values

    def _sendings(self, message: Message, at: float, what: str) -> Iterator[Sending]:
        if self.version == 2005:
            yield self._spoilt(at, message.encoded(), what, "")
            return
        longest = _PART_BYTES if self.temper is Temper.SPLITTING else None
        frames = list(message.parts((self._qn(at) for _ in itertools.count()), longest))
        for data in frames:
            # ## LLLL QN= and 17 digits.
            qn = data[9:26].decode("ascii")
            sending = self._spoilt(at, data, what if len(frames) == 1 else "part", qn)
            yield sending
            if self.waits:
                # What is spoilt is sent again as it should have been.
                good = Sending(at, self.site, data, what, "", qn)
                limits = tables.limits()
                self._unanswered[qn] = _Unanswered(good, at + limits["timeout_s"], limits["resends"])
            if self.temper is Temper.RESENDING and self._count % 4 == 0 and not sending.fault:
                yield Sending(at, self.site, data, "resend", "", qn)

    def _spoilt(self, at: float, data: bytes, what: str, qn: str) -> Sending:
        if self._rng.random() >= self.bad:
            return Sending(at, self.site, data, what, "", qn)
        damage = self._rng.choice(DAMAGES)
        return Sending(at, self.site, damage.spoil(data, self._rng), damage.name, damage.fault, qn)

    def _qn(self, at: float) -> str:
        """QN of this moment; milliseconds tell the messages of one moment apart."""
        self._serial += 1
        moment = self._clock(at).replace(microsecond=0) + dt.timedelta(milliseconds=self._serial % 1000)
        return times.digits(moment, milliseconds=True)


def _number(code: str, value: float) -> str:
    return f"{max(value, 0):.{tables.factors()[code].decimals}f}"


class Field:
    """Several loggers that send `rate` messages a second together."""

    def __init__(
        self, sites: int, rate: float, seed: int = 1, bad: float = 0.0, start: dt.datetime = START, waits: bool = False
    ) -> None:
        self.loggers = [Logger(site, sites / rate, seed, bad, start, waits) for site in range(sites)]

    def sendings(self, seconds: float) -> Iterator[Sending]:
        """Everything the loggers send in this time without being answered, in order of time."""
        ahead = [(logger.next_at, logger.site) for logger in self.loggers]
        heapq.heapify(ahead)
        while ahead and ahead[0][0] < seconds:
            at, site = ahead[0]
            yield from self.loggers[site].due(at)
            heapq.heapreplace(ahead, (self.loggers[site].next_at, site))
