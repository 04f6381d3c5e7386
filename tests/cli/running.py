"""`anlan up` as people start it: in a process of its own, on a free port, with a folder of its own."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

PATIENCE_S = 90.0


def free_port() -> int:
    """Port that nobody listens on just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def wait_for(what: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
    """Returns once `what` is true; fails after a while."""
    end = time.monotonic() + patience_s
    while not what():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


class Site:
    """An installation in `home`; `start` runs `anlan up` with the options given."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home
        self.port = free_port()
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None
        self.log = home.parent / f"{home.name}-{self.port}.log"

    @property
    def environ(self) -> dict[str, str]:
        """Environment of the commands: nothing of the test's own settings."""
        known = {name: value for name, value in os.environ.items() if not name.startswith(("ANLAN_", "DATABASE_URL"))}
        known |= {"ANLAN_HOME": str(self.home), "ANLAN_PORT": str(self.port), "PYTHONWARNINGS": "ignore"}
        # One process for pages: what is tested here is not speed.
        return known | {"ANLAN_WORKERS": "1"} | self.environment

    def anlan(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Result of a command on this installation."""
        command = [str(Path(sys.executable).with_name("anlan")), *map(str, words)]
        return subprocess.run(command, env=self.environ, capture_output=True, text=True, check=False, timeout=120)

    def launch(self, *options: str) -> None:
        """Starts `anlan up` and does not wait."""
        command = [str(Path(sys.executable).with_name("anlan")), "up", *options]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, env=self.environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def start(self, *options: str) -> str:
        """Starts `anlan up`; gives what it has printed once it is up."""
        self.launch(*options)
        wait_for(lambda: "Ctrl-C" in self.said or self._ended())
        assert self.process is not None
        assert self.process.poll() is None, self.said
        return self.said

    def _ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    @property
    def said(self) -> str:
        """What it has printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Sends a signal to the process that was started; gives its exit status."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        status = self.process.wait(timeout=60)
        self.process = None
        return status

    def answer(self, path: str = "/login/", *, tls: bool = False) -> int:
        """Status of a page, 0 where nobody answers."""
        connection: http.client.HTTPConnection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        if tls:
            context = ssl._create_unverified_context()
            connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=10, context=context)
        with contextlib.closing(connection):
            try:
                connection.request("GET", path)
                return connection.getresponse().status
            except (OSError, http.client.HTTPException):
                return 0

    def rows(self, query: str, store: str = "anlan.db") -> list[tuple[Any, ...]]:
        """Rows of a query, read beside whatever runs."""
        with contextlib.closing(sqlite3.connect(f"file:{self.home / store}?mode=ro", uri=True, timeout=30)) as one:
            return one.execute(query).fetchall()

    def programs(self) -> set[int]:
        """Every process that works on this folder, as their environment says."""
        mark = f"ANLAN_HOME={self.home}\0".encode()
        found = set()
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in (folder / "environ").read_bytes() and b"\nState:\tZ" not in (folder / "status").read_bytes():
                    found.add(int(folder.name))
        return found

    def children(self) -> dict[str, int]:
        """Worker and web server by their names."""
        found = {}
        for pid in self.programs():
            with contextlib.suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
                if self.process is not None and parent == self.process.pid:
                    found["worker" if b"worker" in words else "web"] = pid
        return found


@contextlib.contextmanager
def site(home: Path, **environment: str) -> Iterator[Site]:
    """An installation whose programs are all gone afterwards."""
    made = Site(home, **environment)
    try:
        yield made
    finally:
        if made.process is not None:
            made.process.send_signal(signal.SIGTERM)
            try:
                made.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                made.process.kill()
                made.process.wait()
        for pid in made.programs():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
