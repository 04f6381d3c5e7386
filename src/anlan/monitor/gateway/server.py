"""The TCP server: many connections, one decoder each, answers only for what is stored.

A connection that sends faster than the disk takes is not read for a while; one that holds half a frame, says nothing
that could be a frame, or is gone without a word, is closed. Nothing a sender does grows without bound.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import resource
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass

from anlan.monitor.gateway.entry import BAD, TAKEN, Entry, answer_of, key_of
from anlan.monitor.gateway.known import Register, is_name
from anlan.monitor.hj212.decode import Decoder
from anlan.monitor.hj212.frame import Frame

_LOG = logging.getLogger(__name__)
# Damaged frames before the first good one that are laid to whoever turns out to speak.
_MOST_NAMELESS = 50


@dataclass(frozen=True, slots=True)
class Limits:
    """What one connection, and all of them, may do. Times in seconds, sizes in bytes."""

    connections: int = 4096
    # Frames a second of one connection; beyond, it is read more slowly. Nothing is dropped.
    frames_per_s: float = 5000.0
    # Frames of one connection that wait for the disk, and of all together.
    waiting: int = 2000
    waiting_of_all: int = 20_000
    # A frame has to be whole within this time after its first byte, and a stranger has to say one in it.
    frame_s: float = 30.0
    first_frame_s: float = 60.0
    # A frame without a line end is one after this silence.
    line_end_s: float = 1.0
    # No byte for so long: gone. Loggers may send hourly.
    silence_s: float = 2 * 3600.0
    # Damage without any good frame in between, after which the connection is closed.
    damage: int = 200
    # Answers that the other side does not read.
    unread: int = 256 * 1024


class Link(asyncio.Protocol):
    """One connection."""

    __slots__ = (
        "_allowance",
        "_allowance_at",
        "_begun_at",
        "_claimed",
        "_damage",
        "_decoder",
        "_ended",
        "_nameless",
        "_paused_for",
        "_stray",
        "address",
        "at",
        "good",
        "mn",
        "mns",
        "server",
        "transport",
        "waiting",
    )

    def __init__(self, server: Server) -> None:
        self.server = server
        self.transport: asyncio.Transport | None = None
        self.address = ""
        # Who spoke last, and everybody who did: a concentrator speaks for several devices.
        self.mn = ""
        self.mns: set[str] = set()
        self.waiting = 0
        self.good = 0
        self.at = time.monotonic()
        self._begun_at: float | None = None
        self._damage = 0
        self._stray = 0
        self._ended = False
        self._decoder = Decoder()
        # Damaged frames from before anybody said who it is, by number, with the MN that stands in each.
        self._nameless: dict[int, str] = {}
        self._claimed = ""
        self._paused_for: set[str] = set()
        self._allowance = server.limits.frames_per_s
        self._allowance_at = self.at

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Takes the connection, or closes it where there are too many."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        peer = transport.get_extra_info("peername")
        self.address = f"{peer[0]}:{peer[1]}"[:64] if peer else ""
        if not self.server.welcome(self):
            transport.abort()
            return
        transport.set_write_buffer_limits(high=self.server.limits.unread)
        sock = transport.get_extra_info("socket")
        if sock is not None:
            _keep_alive(sock)

    def data_received(self, data: bytes) -> None:
        """Decodes what came; whole frames go to the writer."""
        self.at = time.monotonic()
        frames = self._decoder.feed(data)
        if frames:
            self._begun_at = None
            self._take(frames)
        elif self._decoder.stray_bytes > self._stray + 65_536:
            self._stray = self._decoder.stray_bytes
            self.close("sends bytes that are no frames")
            return
        if self._decoder.held and self._begun_at is None:
            self._begun_at = self.at

    def eof_received(self) -> bool:
        """The other side says no more: what waits is the last of it, and its answers still go out."""
        frames = self._decoder.finish()
        if frames:
            self._take(frames)
        self._begun_at = None
        # Kept open while answers are owed, which TLS cannot.
        self._ended = self.waiting > 0 and self.transport is not None
        return self._ended and self.transport.get_extra_info("sslcontext") is None  # type: ignore[union-attr]

    def connection_lost(self, error: Exception | None) -> None:
        """The connection is gone; what was read of it is stored all the same."""
        if self._decoder.held:
            self._take(self._decoder.finish())
        self.server.farewell(self)

    def pause_writing(self) -> None:
        """The other side does not read its answers: then nothing more is read from it."""
        self.pause("unread")

    def resume_writing(self) -> None:
        """It reads again."""
        self.resume("unread")

    # Frames

    def _take(self, frames: list[Frame]) -> None:
        server = self.server
        received = time.time_ns() // 1000
        entries = []
        for frame in frames:
            state, why, mn = server.register.judge(frame, self.mn or self._claimed)
            if state is BAD or not mn:
                self._damage += 1
            else:
                self._damage = 0
                self.good += 1
                if mn != self.mn or mn not in server.by_mn:
                    server.rename(self, mn)
            if state is not TAKEN and not server.may_hold(mn):
                continue
            entry = Entry(frame, received, state, why, mn, self.address, self, None, key=key_of(frame))
            entry.answer = answer_of(frame)
            entries.append(entry)
        if entries:
            self.waiting += len(entries)
            server.submit(entries)
            if self.waiting > server.limits.waiting:
                self.pause("waiting")
        if self._damage > server.limits.damage:
            self.close("sends nothing but damaged frames")
        self._spend(len(frames))

    def _spend(self, frames: int) -> None:
        """Slows down a sender that is faster than it may be."""
        limit = self.server.limits.frames_per_s
        self._allowance = min(limit, self._allowance + (self.at - self._allowance_at) * limit) - frames
        self._allowance_at = self.at
        if self._allowance < 0:
            self.pause("rate")
            asyncio.get_running_loop().call_later(min(-self._allowance / limit, 5.0), self.resume, "rate")

    def answered(self, entry: Entry) -> None:
        """The entry stands on the disk: its answer may go."""
        self.waiting -= 1
        transport = self.transport
        if entry.answer is not None and transport is not None and not transport.is_closing():
            transport.write(entry.answer)
        if not entry.mn:
            self._suspect(entry)
        elif self._nameless and entry.state is not BAD:
            # Now it is known whose the damage before was.
            self.server.on_named(list(self._nameless), entry.mn)
            self._nameless.clear()
        if self._ended and not self.waiting:
            self.close("said no more")
        if self._paused_for and self.waiting < self.server.limits.waiting // 2:
            self.resume("waiting")

    def _suspect(self, entry: Entry) -> None:
        """Remembers damage that nobody is known for. Two damaged frames with the same MN are believed in that."""
        if entry.repeat or entry.state is not BAD:
            return
        claimed = entry.frame.mn or ""
        if not is_name(claimed) or claimed not in self._nameless.values():
            self._nameless[entry.id] = claimed
            if len(self._nameless) > _MOST_NAMELESS:
                del self._nameless[next(iter(self._nameless))]
            return
        numbers = [number for number, one in self._nameless.items() if one == claimed]
        for number in numbers:
            del self._nameless[number]
        self.server.on_named([*numbers, entry.id], claimed)
        self._claimed = claimed
        if claimed not in self.server.by_mn:
            self.server.rename(self, claimed)

    def send(self, data: bytes) -> bool:
        """Sends bytes to the device; False if it is gone."""
        if self.transport is None or self.transport.is_closing():
            return False
        self.transport.write(data)
        return True

    # Flow

    def pause(self, reason: str) -> None:
        """Does not read on for a reason; reads again once none is left."""
        if not self._paused_for and self.transport is not None and not self.transport.is_closing():
            self.transport.pause_reading()
        self._paused_for.add(reason)

    def resume(self, reason: str) -> None:
        """The reason is gone."""
        if reason not in self._paused_for:
            return
        self._paused_for.discard(reason)
        if not self._paused_for and self.transport is not None and not self.transport.is_closing():
            self.transport.resume_reading()

    def sweep(self, now: float) -> None:
        """Looked at several times a second: half frames, strangers without a word, silence."""
        limits = self.server.limits
        if self._paused_for:
            if "unread" in self._paused_for and now - self.at > limits.frame_s:
                self.close("does not read its answers", at_once=True)
            return
        if self._decoder.held:
            quiet = now - self.at
            begun = now - (self._begun_at or now)
            if (quiet > limits.line_end_s and self._decoder.is_whole) or begun > limits.frame_s:
                self._begun_at = None
                self._take(self._decoder.finish())
        if not self.good and now - self._born > limits.first_frame_s:
            self.close("said no frame")
        elif now - self.at > limits.silence_s:
            self.close("was silent")

    @property
    def _born(self) -> float:
        return self.server.links.get(self, self.at)

    def close(self, why: str, *, at_once: bool = False) -> None:
        """Ends the connection."""
        _LOG.info("%s %s closed: it %s", self.address, self.mn, why)
        if self.transport is not None:
            if at_once:
                self.transport.abort()
            else:
                self.transport.close()


def _keep_alive(sock: socket.socket) -> None:
    """Lets the kernel find out that the other side is gone without a word: after two minutes, not two hours."""
    for level, name, value in (
        (socket.SOL_SOCKET, "SO_KEEPALIVE", 1),
        (socket.IPPROTO_TCP, "TCP_KEEPIDLE", 60),
        (socket.IPPROTO_TCP, "TCP_KEEPINTVL", 15),
        (socket.IPPROTO_TCP, "TCP_KEEPCNT", 4),
        (socket.IPPROTO_TCP, "TCP_USER_TIMEOUT", 120_000),
        (socket.IPPROTO_TCP, "TCP_NODELAY", 1),
    ):
        option = getattr(socket, name, None)
        if option is not None:
            sock.setsockopt(level, option, value)


class Server:
    """All connections. `hand_over` takes entries to be stored; `stored` has to be called with each of them later."""

    def __init__(
        self, register: Register, hand_over: Callable[[list[Entry]], None], limits: Limits | None = None
    ) -> None:
        self.register = register
        self.limits = limits or Limits()
        # Connections with the moment they began, the oldest first.
        self.links: dict[Link, float] = {}
        self.by_mn: dict[str, Link] = {}
        self.on_frame: Callable[[Entry], None] = lambda entry: None
        self.on_link: Callable[[str, bool], None] = lambda mn, connected: None
        # Whether a frame that is not taken may be kept, by its MN ("" for one that nobody is known for).
        self.may_hold: Callable[[str], bool] = lambda mn: True
        # Damaged frames, by number, turned out to be of this MN.
        self.on_named: Callable[[list[int], str], None] = lambda numbers, mn: None
        self._hand_over = hand_over
        self._pending: list[Entry] = []
        self._in_flight = 0
        self._is_held_up = False
        self._server: asyncio.Server | None = None
        self._sweeper: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listens; gives the port. Raises OSError if nobody can listen there."""
        self._loop = asyncio.get_running_loop()
        self._server = await self._loop.create_server(lambda: Link(self), host, port, ssl=tls, backlog=1024)
        self._sweeper = self._loop.create_task(self._sweep())
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Listens no more and lets go of all connections."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        if self._server is not None:
            self._server.close()
        for link in list(self.links):
            if link.transport is not None:
                link.transport.close()

    # Called by connections

    def welcome(self, link: Link) -> bool:
        """Whether there is room for one more. A stranger that said nothing yet makes way."""
        if len(self.links) >= self.limits.connections:
            idle = next((one for one in self.links if not one.good), None)
            if idle is None:
                _LOG.warning("%s refused: %d connections", link.address, len(self.links))
                return False
            idle.close("made way for another", at_once=True)
            self.links.pop(idle, None)
        self.links[link] = time.monotonic()
        if self._is_held_up:
            link.pause("all")
        return True

    def farewell(self, link: Link) -> None:
        """A connection is gone."""
        self.links.pop(link, None)
        for mn in link.mns:
            if self.by_mn.get(mn) is link:
                del self.by_mn[mn]
                self.on_link(mn, False)

    def rename(self, link: Link, mn: str) -> None:
        """A connection speaks for this device now; the newest connection is the one that gets commands."""
        link.mn = mn
        link.mns.add(mn)
        known = mn in self.by_mn
        self.by_mn[mn] = link
        if not known:
            self.on_link(mn, True)

    def submit(self, entries: list[Entry]) -> None:
        """Collects what comes in one round of the loop, and hands it over together."""
        if not self._pending:
            assert self._loop is not None
            self._loop.call_soon(self._flush)
        self._pending += entries
        self._in_flight += len(entries)
        if self._in_flight > self.limits.waiting_of_all and not self._is_held_up:
            self._is_held_up = True
            for link in self.links:
                link.pause("all")

    def _flush(self) -> None:
        pending, self._pending = self._pending, []
        self._hand_over(pending)

    # Called by the writer, in its thread

    def stored(self, entries: list[Entry]) -> None:
        """These stand on the disk."""
        assert self._loop is not None
        # Once the loop has ended, nobody is there to be answered.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._answer, entries)

    def _answer(self, entries: list[Entry]) -> None:
        self._in_flight -= len(entries)
        for entry in entries:
            entry.owner.answered(entry)
            entry.owner = None
            self.on_frame(entry)
        if self._is_held_up and self._in_flight < self.limits.waiting_of_all // 2:
            self._is_held_up = False
            for link in self.links:
                link.resume("all")

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(0.5)
            now = time.monotonic()
            for link in list(self.links):
                link.sweep(now)


def raise_file_limit(connections: int) -> None:
    """Lets this process hold so many connections, as far as the system allows it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + 512
    if soft != resource.RLIM_INFINITY and soft < wanted:
        new = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (new, hard))
