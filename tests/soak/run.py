"""A server under steady use: people sign in, open lists, tasks and the reading room, one after the other, for a while.

`python -m tests.soak.run --seconds 60` starts `anlan up` on a fresh folder, and fails if any answer is wrong or the
memory of its processes keeps growing once they are warm.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.walkthrough import installation
from tests.walkthrough.installation import Installation
from tests.walkthrough.people import Accounts

# Two people who never pause are more than thirty who work.
PEOPLE = ("clerk", "handler")
# From signing in to signing out. All come from one address, which may sign in 30 times a minute (access.signin).
DAY_S = 10.0
# Processes grow while they load what they need; after that they may not, but for what the allocator holds back.
WARM = 0.4
MOST_GROWTH = 1.15


@dataclass
class Tally:
    """What came of it: answers by status, times in seconds, and everything that was wrong."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, status: int, expected: int, seconds: float) -> None:
        """Counts one answer."""
        with self.lock:
            self.statuses[status] += 1
            self.seconds.append(seconds)
            if status != expected:
                self.wrong.append(f"{what}: {status}, not {expected}")


@dataclass
class Person:
    """Someone who uses the product over one connection, as a browser does."""

    site: Installation
    tally: Tally
    name: str
    password: str
    cookies: dict[str, str] = field(default_factory=dict)

    def live(self, paths: Sequence[str], until: float) -> None:
        """Signs in, opens every page again and again, signs out, and begins anew, until the time is over."""
        while time.monotonic() < until:
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=30)) as wire:
                try:
                    self._day(wire, paths, until)
                except (OSError, http.client.HTTPException) as error:
                    with self.tally.lock:
                        self.tally.wrong.append(f"{self.name}: {type(error).__name__} {error}")

    def _day(self, wire: http.client.HTTPConnection, paths: Sequence[str], until: float) -> None:
        self.cookies.clear()
        token = self._token(self._ask(wire, "GET", "/login/", 200))
        self._ask(
            wire, "POST", "/login/", 302, f"csrfmiddlewaretoken={token}&username={self.name}&password={self.password}"
        )
        evening = min(until, time.monotonic() + DAY_S)
        while True:
            for path in paths:
                if time.monotonic() > until:
                    return
                text = self._ask(wire, "GET", path, 200)
            if time.monotonic() > evening:
                break
        self._ask(wire, "POST", "/logout/", 302, f"csrfmiddlewaretoken={self._token(text)}")

    def _ask(self, wire: http.client.HTTPConnection, method: str, path: str, expected: int, form: str = "") -> str:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.monotonic()
        wire.request(method, path, form or None, headers)
        answer = wire.getresponse()
        text = answer.read().decode("utf-8", "replace")
        self.tally.note(f"{self.name}: {method} {path}", answer.status, expected, time.monotonic() - began)
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return text

    @staticmethod
    def _token(text: str) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        return found.group(1) if found else ""


def memory_mb(site: Installation) -> float:
    """Memory of `anlan up` and all that it started, each page counted once for those who share it (Linux)."""
    assert site.program
    family, total = {site.program.pid}, 0.0
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    for pid in family:
        with contextlib.suppress(OSError):
            found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
            total += int(found.group(1)) / 1000 if found else 0.0
    return total


def soak(seconds: float) -> int:
    """Runs it; gives 0 if all went well."""
    with tempfile.TemporaryDirectory(prefix="anlan-soak-", ignore_cleanup_errors=True) as folder:
        site = installation.found(Path(folder))
        site.start()
        try:
            return _run(site, seconds)
        finally:
            site.stop()


def _run(site: Installation, seconds: float) -> int:
    accounts, tally = Accounts.of(site), Tally()
    plan = site.rows("SELECT id FROM plan_plan WHERE state = 'issued' ORDER BY id LIMIT 1")[0][0]
    begin = time.monotonic()
    threads = []
    for role in PEOPLE:
        unit = site.rows("SELECT min(unit_id) FROM access_grant WHERE role = 'handler'")[0][0]
        task = site.rows("SELECT min(task_id) FROM plan_taskduty WHERE unit_id = ?", unit)[0][0]
        paths = [
            "/",
            "/tasks/",
            f"/tasks/?unit={unit}",
            f"/tasks/{task}/",
            "/tasks/units/",
            "/plans/",
            f"/plans/{plan}/",
        ]
        person = Person(site, tally, accounts.by_role[role], accounts.password)
        threads.append(threading.Thread(target=person.live, args=(paths, begin + seconds), daemon=True))
    for thread in threads:
        thread.start()
    samples: list[tuple[float, float]] = []
    while any(thread.is_alive() for thread in threads):
        samples.append((time.monotonic() - begin, memory_mb(site)))
        time.sleep(1)
    return _judge(tally, samples, seconds)


def _judge(tally: Tally, samples: list[tuple[float, float]], seconds: float) -> int:
    warm = [used for at, used in samples if at > seconds * WARM]
    third = max(1, len(warm) // 3)
    early, late = (sum(part) / len(part) if part else 0.0 for part in (warm[:third], warm[-third:]))
    times = sorted(tally.seconds)
    print(
        f"{len(times)} answers in {seconds:g} s, median {1000 * times[len(times) // 2]:.0f} ms, "
        f"95 of 100 within {1000 * times[int(len(times) * 0.95)]:.0f} ms; memory {early:.0f} MB, then {late:.0f} MB"
    )
    wrong = list(dict.fromkeys(tally.wrong))
    if early and late > early * MOST_GROWTH:
        wrong.append(f"the memory grows: {early:.0f} MB when warm, {late:.0f} MB at the end")
    for one in wrong[:20]:
        print(one, file=sys.stderr)
    return 1 if wrong else 0


def main(argv: Sequence[str] | None = None) -> int:
    """Reads the options and runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    return soak(parser.parse_args(argv).seconds)


if __name__ == "__main__":
    sys.exit(main())
