"""An installation of its own for the browser: a fresh ANLAN_HOME with the sample data, served as in an office."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
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
ANLAN = str(Path(sys.executable).with_name("anlan"))
SETUP = "import django; django.setup()\n"


@dataclass
class Installation:
    """`anlan up` on a folder of its own: `program` while it runs."""

    home: Path
    port: int
    environ: dict[str, str] = field(default_factory=dict)
    program: subprocess.Popen[bytes] | None = None

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
        self.launch()
        self._wait()

    def launch(self) -> None:
        """Starts `anlan up`, which takes its folder and port from the settings, as it does for everyone."""
        with self.log.open("ab") as log:
            self.program = subprocess.Popen(
                [ANLAN, "up"],
                env=self.environ,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def stop(self) -> None:
        """Ends it as Ctrl-C would, and waits until it has gone."""
        if self.program is None:
            return
        self.program.terminate()
        try:
            self.program.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("`anlan up` did not stop when it was told to") from None
        self.program = None

    def kill(self) -> None:
        """kill -9, for which no program can prepare; its children go with it."""
        if self.program is None:
            return
        self.program.kill()
        self.program.wait()
        self.program = None
        end = time.monotonic() + PATIENCE_S
        while self.answers():
            assert time.monotonic() < end, "the web server outlives `anlan up`"
            time.sleep(0.05)

    def anlan(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Result of a command on this installation."""
        return subprocess.run([ANLAN, *words], env=self.environ, cwd=ROOT, capture_output=True, text=True, check=False)

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
            if self.program is None or self.program.poll() is not None or time.monotonic() > end:
                said = self.log.read_text(errors="replace")[-4000:]
                self.kill()
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
        # This checkout, whatever the environment has installed.
        "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
        "PYTHONWARNINGS": "ignore",
    }
    return Installation(home, port, environ)
