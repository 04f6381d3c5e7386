"""An installation of its own for the browser: a fresh ANLAN_HOME with the sample data, served as in an office."""

from __future__ import annotations

import contextlib
import http.client
import importlib.util
import json
import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 90.0
HAS_UP = importlib.util.find_spec("anlan.cli.up") is not None
SETUP = "import django; django.setup()\n"


@dataclass
class Installation:
    """Server and worker on a folder. `programs` are the leaders of process groups that we started."""

    home: Path
    port: int
    environ: dict[str, str] = field(default_factory=dict)
    programs: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where the browser finds it, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What the programs printed."""
        return self.home.parent / f"{self.home.name}.log"

    def start(self) -> None:
        """Starts everything and waits until the sign-in page answers."""
        if HAS_UP:
            # It takes its folder and port from the settings, as it does for everyone.
            self._anlan("up")
        else:
            self._first_time()
            self._granian()
            self._anlan("worker")
        self._wait()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ends all programs: SIGTERM as Ctrl-C would, or SIGKILL, which no program can prepare for."""
        for program in self.programs:
            with contextlib.suppress(ProcessLookupError):
                if how == signal.SIGKILL:
                    # The whole group at once, as when the machine goes down.
                    os.killpg(program.pid, how)
                else:
                    program.send_signal(how)
        for program in self.programs:
            try:
                program.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(program.pid, signal.SIGKILL)
                program.wait()
        self.programs.clear()

    def run(self, code: str) -> Any:
        """Runs Python with the rooms loaded in this installation; gives what it prints as JSON, if it prints."""
        done = subprocess.run(
            [sys.executable, "-c", SETUP + code],
            env=self.environ,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    def rows(self, query: str, *values: object, store: str = "anlan.db") -> list[tuple[Any, ...]]:
        """Rows of a query on a file of this installation, read beside the running server."""
        with contextlib.closing(sqlite3.connect(f"file:{self.home / store}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()

    def texts(self) -> Iterator[str]:
        """Every text that stands in the business rows: the data, which are never translated."""
        with contextlib.closing(sqlite3.connect(f"file:{self.home / 'anlan.db'}?mode=ro", uri=True)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in tables:
                for row in connection.execute(f'SELECT * FROM "{table}"'):
                    yield from (value for value in row if isinstance(value, str))

    def _anlan(self, *words: str) -> None:
        self._launch(str(Path(sys.executable).with_name("anlan")), *words)

    def _granian(self) -> None:
        self._launch(
            str(Path(sys.executable).with_name("granian")),
            *("--interface", "wsgi", "anlan.web.wsgi:application", "--workers", "2"),
            *("--host", "127.0.0.1", "--port", str(self.port)),
        )

    def _launch(self, *command: str) -> None:
        with self.log.open("ab") as log:
            self.programs.append(
                subprocess.Popen(
                    command,
                    env=self.environ,
                    cwd=ROOT,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )

    def _first_time(self) -> None:
        if not (self.home / "anlan.db").exists():
            self.run("from tests.walkthrough import seed; seed.found()")

    def answers(self) -> bool:
        """Whether the sign-in page comes."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
            try:
                connection.request("GET", "/login/")
                return connection.getresponse().status < 500
            except (OSError, http.client.HTTPException):
                return False

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE_S
        while True:
            if self.answers():
                return
            dead = [program for program in self.programs if program.poll() is not None]
            if dead or time.monotonic() > end:
                said = self.log.read_text(errors="replace")[-4000:]
                self.stop(signal.SIGKILL)
                raise AssertionError(f"the installation did not come up:\n{said}")
            time.sleep(0.1)


def free_port() -> int:
    """Port that nobody listens on just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def found(folder: Path) -> Installation:
    """Installation in a folder below `folder`, not yet started; nothing of our own environment leaks into it."""
    home = folder / f"home-{secrets.token_hex(3)}"
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ANLAN_")}
    environ |= {
        "ANLAN_HOME": str(home),
        "ANLAN_HOST": "127.0.0.1",
        "ANLAN_PORT": str(port),
        "DATABASE_URL": "embedded",
        "DJANGO_SETTINGS_MODULE": "anlan.web.config",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }
    return Installation(home, port, environ)
