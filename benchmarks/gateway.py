"""The gateway under load: frames a second stored and acknowledged, against an echo server in the same run; many
connections; memory; loss after kill -9.

    python -m benchmarks.gateway [--seconds S] [--connections N] [--kills K] [--many N] [--memory-minutes M] [--short]
    python -m benchmarks.gateway --minutes 30

Every figure comes from a gateway started as anybody starts it (`anlan gateway`, on a fresh ANLAN_HOME), and a client in
a process of its own that sends one frame (about 350 bytes, 8 factors) on each connection and waits for its answer. The
echo server is the plainest asyncio server there is, on the same machine, with the same client, just before. Frames are
made before the clock starts. `--short` is what continuous integration runs: at most 60 seconds each.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import os
import random
import select
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from anlan.monitor.gateway.server import raise_file_limit
from anlan.monitor.hj212.encode import enclose

_CODES = ("w00000", "w01001", "w01010", "w01012", "w01018", "w21001", "w21003", "w21011")
_PATIENCE_S = 180.0
# Of the run that looks at the memory: a client sends and is answered, then the rest of these seconds is waited for.
_ROUND_S = 5.0
_ANLAN = str(Path(sys.executable).with_name("anlan"))


def frame(logger: int, number: int) -> bytes:
    """Real-time frame of a logger, each with another QN, another time and other values."""
    second = number % 86400
    when = f"2026{8 + number // 86400 // 28 % 4:02d}{1 + number // 86400 % 28:02d}"
    when += f"{second // 3600:02d}{second // 60 % 60:02d}{second % 60:02d}"
    values = ";".join(
        f"{code}-Rtd={(number * 7 + logger) * (place + 3) % 9973 / 100:.2f},{code}-Flag=N"
        for place, code in enumerate(_CODES)
    )
    mn = f"BE{logger:022X}"
    head = f"QN={when}{number // 86400 % 1000:03d};ST=32;CN=2011;PW=123456;MN={mn};Flag=5;"
    return enclose(f"{head}CP=&&DataTime={when};{values}&&".encode())


@dataclass
class Outcome:
    """What a client saw: answers, seconds, and QN and MN of every frame answered (if it was asked to keep them)."""

    answered: int = 0
    seconds: float = 0.0
    slowest_s: float = 0.0
    qns: list[bytes] = field(default_factory=list)


def play(port: int, frames: list[list[bytes]], seconds: float, *, keep: bool = False) -> Outcome:
    """One frame on each connection, its answer, the next: until time is up, frames are out or the server is gone."""
    poll = select.epoll()
    wires: dict[int, socket.socket] = {}
    queues: dict[int, Iterator[bytes]] = {}
    sent: dict[int, tuple[bytes, float]] = {}
    outcome = Outcome()
    for own in frames:
        wire = socket.create_connection(("127.0.0.1", port), timeout=30)
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number = wire.fileno()
        wires[number], queues[number] = wire, iter(own)
        poll.register(number, select.EPOLLIN)
    begun = time.perf_counter()
    end = begun + seconds
    with contextlib.suppress(OSError):
        for number, wire in wires.items():
            data = next(queues[number])
            sent[number] = (data, begun)
            wire.sendall(data)
    last = begun
    while sent and (now := time.perf_counter()) < end:
        for number, _ in poll.poll(min(1.0, end - now)):
            wire = wires[number]
            try:
                got = wire.recv(65536)
            except OSError:
                got = b""
            if not got:
                poll.unregister(number)
                sent.pop(number, None)
                continue
            if not got.endswith(b"\n"):
                # Half an answer; the rest will come.
                continue
            last = time.perf_counter()
            data, at = sent[number]
            outcome.answered += 1
            outcome.slowest_s = max(outcome.slowest_s, last - at)
            if keep:
                outcome.qns.append(data[9:26] + data[data.index(b"MN=") + 3 : data.index(b"MN=") + 27])
            following = next(queues[number], None)
            if following is None or last >= end:
                sent.pop(number, None)
                continue
            sent[number] = (following, last)
            try:
                wire.sendall(following)
            except OSError:
                sent.pop(number, None)
    outcome.seconds = last - begun
    for wire in wires.values():
        wire.close()
    return outcome


def _client(pipe: Connection, port: int, loggers: range, first: int, count: int, seconds: float, keep: bool) -> None:
    raise_file_limit(len(loggers))
    frames = [[frame(logger, first + number) for number in range(count)] for logger in loggers]
    pipe.send("ready")
    pipe.recv()
    pipe.send(play(port, frames, seconds, keep=keep))


class Client:
    """A client in a process of its own, its frames made and its clock not yet started."""

    def __init__(
        self, port: int, loggers: range, first: int, count: int, seconds: float, *, keep: bool = False
    ) -> None:
        self._pipe, other = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        self._process = context.Process(target=_client, args=(other, port, loggers, first, count, seconds, keep))
        self._process.start()
        assert self._pipe.recv() == "ready"

    def start(self) -> None:
        """Starts its clock."""
        self._pipe.send("go")

    def outcome(self) -> Outcome:
        """What it saw."""
        found: Outcome = self._pipe.recv()
        self._process.join()
        return found


class _Echo(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._transport.write(data)


def _echo(pipe: Connection) -> None:
    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(_Echo, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


@contextlib.contextmanager
def echo_server() -> Iterator[int]:
    """An asyncio echo server in a process of its own; gives its port."""
    mine, other = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_echo, args=(other,))
    process.start()
    try:
        yield mine.recv()
    finally:
        process.terminate()
        process.join()


@dataclass
class Gateway:
    """`anlan gateway` on a folder of its own."""

    home: Path
    admit_unknown: bool = True
    port: int = 0
    program: subprocess.Popen[bytes] | None = None

    @property
    def environ(self) -> dict[str, str]:
        """Environment of the program: nothing of ours but the folder."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ANLAN_")}
        return kept | {"ANLAN_HOME": str(self.home), "DATABASE_URL": "embedded"}

    def start(self) -> None:
        """Starts it and waits until it listens."""
        self.port = self.port or _free_port()
        self.program = subprocess.Popen(
            [_ANLAN, "gateway", "--port", str(self.port), *(["--admit-unknown"] if self.admit_unknown else [])],
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + _PATIENCE_S
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            if self.program.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the gateway did not come up")
            time.sleep(0.05)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Ends it, with kill -9 where that is wanted."""
        if self.program is not None:
            self.program.send_signal(number)
            self.program.wait()
            self.program = None

    def anlan(self, *words: str) -> Iterator[str]:
        """Lines that a command on this folder prints."""
        with subprocess.Popen([_ANLAN, *words], env=self.environ, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout
            yield from program.stdout

    def memory_mb(self) -> float:
        """Memory of the program (Linux)."""
        assert self.program
        status = Path(f"/proc/{self.program.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmRSS:")[1].split()[0]) / 1000


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def speed(gateway: Gateway, connections: int, seconds: float) -> tuple[float, float, float]:
    """Frames a second of the echo server and of the gateway, and seconds until all were readings as well."""
    most = int(30_000 * seconds / connections) + 50
    with echo_server() as port:
        client = Client(port, range(connections), 0, most, seconds / 2)
        client.start()
        echo = client.outcome()
    _introduce(gateway, connections)
    client = Client(gateway.port, range(connections), 100, most, seconds)
    client.start()
    outcome = client.outcome()
    begun = time.monotonic()
    while _behind(gateway):
        time.sleep(0.05)
    rate = outcome.answered / outcome.seconds
    print(
        f"ping-pong, {connections} connections: echo {echo.answered / echo.seconds:,.0f} frames/s, "
        f"gateway {rate:,.0f} frames/s stored and acknowledged "
        f"(ratio {rate / (echo.answered / echo.seconds):.2f}, slowest answer {outcome.slowest_s * 1000:.0f} ms, "
        f"all readings {time.monotonic() - begun:.1f} s later)",
        flush=True,
    )
    return echo.answered / echo.seconds, rate, time.monotonic() - begun


def _introduce(gateway: Gateway, loggers: int) -> None:
    """Lets the gateway meet its devices: they are admitted before the clock starts."""
    client = Client(gateway.port, range(loggers), 0, 1, 60)
    client.start()
    client.outcome()
    time.sleep(3)


def _behind(gateway: Gateway) -> bool:
    import sqlite3

    with contextlib.closing(sqlite3.connect(f"file:{gateway.home / 'readings.db'}?mode=ro", uri=True)) as store:
        last = store.execute("SELECT max(id) FROM monitor_frame").fetchone()[0]
        place = store.execute("SELECT value FROM monitor_place WHERE name = 'readings'").fetchone()
    return bool(last and (place is None or place[0] < last))


def kills(gateway: Gateway, count: int, connections: int, seed: int = 1) -> int:
    """Kills it under load again and again; gives how many acknowledged frames are not there at the end."""
    rng = random.Random(seed)
    acknowledged: set[str] = set()
    sent = 0
    for number in range(count):
        if gateway.program is None:
            gateway.start()
        # Numbers never used before, so that no frame repeats an earlier one.
        client = Client(gateway.port, range(connections), 1000 + number * 3000, 3000, 20, keep=True)
        client.start()
        time.sleep(rng.uniform(0.2, 1.0))
        gateway.stop(signal.SIGKILL)
        outcome = client.outcome()
        sent += outcome.answered
        acknowledged |= {qn.decode() for qn in outcome.qns}
    gateway.start()
    gateway.stop()
    there = set()
    total = 0
    for line in gateway.anlan("gateway", "frames", "--format", "jsonl"):
        row = json.loads(line)
        if not (row["mn"] or "").startswith("BE"):
            # Of somebody else.
            continue
        there.add(f"{row['qn']}{row['mn']}")
        total += 1
    lost = acknowledged - there
    print(
        f"kill -9 under load, {count} times: {sent:,} acknowledged, {total:,} stored, {total - len(there)} twice, "
        f"{len(lost)} lost",
        flush=True,
    )
    return len(lost) + total - len(there)


def many(gateway: Gateway, connections: int, seconds: float) -> float:
    """Frames a second with so many connections at once."""
    raise_file_limit(connections + 100)
    _introduce(gateway, connections)
    count = max(3, int(20_000 * seconds / connections))
    client = Client(gateway.port, range(connections), 200_000, count, seconds)
    client.start()
    outcome = client.outcome()
    rate = outcome.answered / outcome.seconds
    print(f"{connections:,} connections: {rate:,.0f} frames/s, slowest answer {outcome.slowest_s:.2f} s", flush=True)
    return rate


def slope_per_hour(seconds: list[float], sizes: list[float]) -> float:
    """Growth an hour of the straight line that lies nearest (least squares), 0 for less than two points.

    >>> slope_per_hour([0, 1800, 3600], [100, 101, 102])
    2.0
    """
    middle, mean = statistics.fmean(seconds), statistics.fmean(sizes)
    spread = sum((one - middle) ** 2 for one in seconds)
    if not spread:
        return 0.0
    return sum((one - middle) * (size - mean) for one, size in zip(seconds, sizes, strict=True)) / spread * 3600


def memory(gateway: Gateway, minutes: float, connections: int = 50, rate: float = 1000.0) -> float:
    """Prints the memory under steady load and its slope from the first third on; gives the slope in MB an hour."""
    _introduce(gateway, connections)
    begun = time.monotonic()
    each = max(1, round(rate * _ROUND_S / connections))
    seconds: list[float] = []
    sizes: list[float] = []
    sent, first = 0, 400_000
    while (now := time.monotonic() - begun) < minutes * 60:
        client = Client(gateway.port, range(connections), first, each, 60)
        client.start()
        sent += client.outcome().answered
        first += each
        time.sleep(max(0.0, _ROUND_S - (time.monotonic() - begun - now)))
        seconds.append(time.monotonic() - begun)
        sizes.append(gateway.memory_mb())
    # One figure a minute, or about ten in a short run.
    step = max(1, round(min(60.0, minutes * 6) / _ROUND_S))
    series = " ".join(f"{size:.0f}" for size in sizes[::step])
    warm = len(sizes) // 3
    slope = slope_per_hour(seconds[warm:], sizes[warm:])
    print(
        f"memory over {minutes:g} min, {sent / seconds[-1]:,.0f} frames/s on {connections} connections, in MB, "
        f"every {step * _ROUND_S:g} s: {series}\n"
        f"from minute {seconds[warm] / 60:.1f} on: {min(sizes[warm:]):.1f} to {max(sizes[warm:]):.1f} MB, "
        f"slope {slope:+.1f} MB an hour",
        flush=True,
    )
    return slope


def main() -> int:
    """Prints the figures; 1 if an acknowledged frame was lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=20.0, help="length of the speed run")
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--many", type=int, default=2000, help="connections of the run with many; 0 leaves it out")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--memory-minutes", type=float, default=30.0, help="0 leaves it out")
    parser.add_argument("--minutes", type=float, help="only the memory, over so many minutes")
    parser.add_argument("--short", action="store_true", help="what continuous integration runs")
    asked = parser.parse_args()
    if asked.short:
        asked.seconds, asked.many, asked.kills, asked.memory_minutes = 8.0, 500, 10, 0.5
    lost = 0
    with tempfile.TemporaryDirectory(prefix="anlan-gateway-") as folder:
        gateway = Gateway(Path(folder) / "home")
        gateway.start()
        try:
            if asked.minutes:
                memory(gateway, asked.minutes)
                return 0
            speed(gateway, asked.connections, asked.seconds)
            if asked.many:
                many(gateway, asked.many, asked.seconds)
            if asked.memory_minutes:
                memory(gateway, asked.memory_minutes)
            if asked.kills:
                lost = kills(gateway, asked.kills, 50)
        finally:
            gateway.stop(signal.SIGKILL)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
