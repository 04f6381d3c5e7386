"""Speed of real pages at the size of a province: one signed-in client in a closed loop against `anlan up`.

    python -m benchmarks.pages [--plans 1000] [--entries 1000000] [--rounds 40] [--home FOLDER]

Fills a store (a fresh folder, or FOLDER, which is kept and used again) with plans of thirty tasks, the parts of their
units, and journal entries; starts the product on one core with two server processes, and the client on the other core.
Each page is asked for in turn; p50 and p95 are of the whole answer, by the wall clock. Beside them stand figures of
other products measured in the same way on the same kind of machine: healthchecks 31/84 ms (100 rows), Redmine 52/80 ms
(25 rows of 10,000).
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import http.client
import io
import os
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anlan.foundation.org.models import Unit
    from anlan.plan.models import Document, Plan

PORT = 8391
PASSWORD = "Benchmark-2022-x"
TASKS_A_PLAN = 30
UNITS = 30
PEERS = {"healthchecks": (31, 84), "Redmine": (52, 80)}
_DAY = dt.date(2022, 3, 1)


def seed(plans: int, entries: int) -> None:
    """Fills the store that Django's settings name, unless it holds as much already."""
    from anlan.foundation.access.models import Account, Grant
    from anlan.foundation.org.models import Person, Unit, UnitKind
    from anlan.plan.models import Document, Measure, Plan, PlanState, Task, TaskDuty
    from anlan.web.install.stores import prepare
    from benchmarks.journal import fill

    prepare()
    units = list(Unit.objects.order_by("pk")[:UNITS])
    if len(units) < UNITS:
        units = Unit.objects.bulk_create(
            Unit(code=f"b{n}", short_name=f"第{n}局", kind=UnitKind.DEPARTMENT) for n in range(UNITS)
        )
    for name, role in (("bench-clerk", "clerk"), ("bench-audit", "audit_admin"), ("bench-handler", "handler")):
        if not Account.objects.filter(name=name).exists():
            account = Account(name=name, person=Person.objects.create(name=name))
            account.set_password(PASSWORD)
            account.save()
            where = units[0] if role == "handler" else None
            Grant.objects.create(account=account, role=role, unit=where, since=_DAY)
    for number in range(Plan.objects.count(), plans):
        plan = Plan.objects.create(title=f"第{number}号工作要点", year=2022, state=PlanState.ISSUED, issued_on=_DAY)
        lines = [f"{n}.完成第{number}号要点第{n}项治理任务，整治排污口{n}个。" for n in range(1, TASKS_A_PLAN + 1)]
        text = "\n".join(lines)
        document = Document.objects.create(
            plan=plan, number=1, name="要点.txt", sha256=f"{number:064x}", format="text", text=text, compiled={}
        )
        _tasks(plan, document, text, units)
    assert Task.objects.count() >= plans * TASKS_A_PLAN, TaskDuty
    assert Measure.objects.exists()
    fill(entries)


def _tasks(plan: Plan, document: Document, text: str, units: Sequence[Unit]) -> None:
    from anlan.plan import lights
    from anlan.plan.models import Measure, Task, TaskDuty

    places, at = [], 0
    for line in text.split("\n"):
        places.append((at, at + len(line)))
        at += len(line) + 1
    measures = Measure.objects.bulk_create(
        Measure(
            document=document,
            order=n,
            number=str(n + 1),
            title=f"第{n + 1}项治理任务",
            chapter=[f"第{n // 10}章"],
            start=start,
            end=end,
        )
        for n, (start, end) in enumerate(places)
    )
    tasks = Task.objects.bulk_create(
        Task(
            plan=plan,
            measure=measure,
            number=measure.number,
            title=measure.title,
            order=measure.order,
            chapter=measure.chapter[0],
            start=_DAY,
            due=dt.date(2022, 6, 30) + dt.timedelta(days=97 * (n % 25)),
        )
        for n, measure in enumerate(measures)
    )
    TaskDuty.objects.bulk_create(
        lights.turned(
            TaskDuty(
                task=task,
                unit=units[(n + k) % UNITS],
                role="lead" if k == 0 else "cooperating",
                owes="report" if k == 0 else "contribution",
                percent=n * 37 % 100,
                done_on=_DAY if n % 6 == 0 else None,
            ),
            task,
        )
        for n, task in enumerate(tasks)
        for k in range(4)
    )


@contextlib.contextmanager
def server(home: str) -> Iterator[int]:
    """The product on core 0, two processes; gives the process id of the family's head."""
    environ = {**os.environ, "ANLAN_HOME": home, "ANLAN_WORKERS": "2"}
    command = ["taskset", "-c", "0", sys.executable, "-m", "anlan", "up", "--real", "--port", str(PORT)]
    with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL) as process:
        try:
            for _ in range(120):
                with contextlib.suppress(OSError):
                    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
                    connection.request("GET", "/login/")
                    if connection.getresponse().status == 200:
                        break
                time.sleep(0.5)
            else:
                raise SystemExit("the server did not start")
            yield process.pid
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


class Client:
    """One browser: keeps its connection and cookies."""

    def __init__(self, name: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=300)
        self.cookies: dict[str, str] = {}
        page = self.ask("/login/").decode()
        status = self.post("/login/", page, {"username": name, "password": PASSWORD})
        assert status == 302, status

    def ask(self, path: str, body: str | None = None) -> bytes:
        """Body of the answer."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Accept-Language": "zh"}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://127.0.0.1:{PORT}/"}
        self.connection.request("GET" if body is None else "POST", path, body=body, headers=headers)
        answer = self.connection.getresponse()
        data = answer.read()
        for value in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        self.status = answer.status
        return data

    def post(self, path: str, page: str, fields: dict[str, str]) -> int:
        """Status of the answer to a form of the page."""
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found, path
        self.ask(path, urllib.parse.urlencode({"csrfmiddlewaretoken": found[1], **fields}))
        return self.status

    def time(self, path: str, rounds: int) -> tuple[float, float, int]:
        """p50 and p95 in milliseconds, and the length of the answer."""
        taken, size = [], 0
        # The server closes a connection that was idle for long; a browser opens a new one.
        self.connection.close()
        for _ in range(rounds + 3):
            begun = time.perf_counter()
            size = len(self.ask(path))
            taken.append((time.perf_counter() - begun) * 1000)
            assert self.status == 200, (path, self.status)
        taken = sorted(taken[3:])  # the first ones warm what a running server has warm
        return statistics.median(taken), taken[int(len(taken) * 0.95)], size


def main() -> int:
    """Seeds, serves, measures, prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=1000)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--home", help="folder that is kept, instead of a fresh one that is removed")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="anlan-pages-") as fresh:
        home = args.home or fresh
        os.environ["ANLAN_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "anlan.web.config"
        import django

        django.setup()
        from django.db import connections

        from anlan.plan.models import Plan, Task
        from anlan.web.install import home as houses

        begun = time.perf_counter()
        seed(args.plans, args.entries)
        houses.mark(Path(home))
        plan, deep = Plan.objects.order_by("-pk")[0].pk, Task.objects.count() // 50
        task = Task.objects.order_by("-pk")[0].pk
        print(
            f"{Task.objects.count():,} tasks, {args.entries:,} journal entries; "
            f"seeded in {time.perf_counter() - begun:.0f} s"
        )
        connections.close_all()
        os.sched_setaffinity(0, {1})
        with server(home):
            _measure(args.rounds, plan, task, deep)
    return 0


def _measure(rounds: int, plan: int, task: int, deep: int) -> None:
    clerk, audit, handler = Client("bench-clerk"), Client("bench-audit"), Client("bench-handler")
    pages = [
        ("tasks, 50 rows", clerk, "/tasks/"),
        ("tasks, the last page", clerk, f"/tasks/?page={deep}"),
        ("tasks of a unit, red", clerk, "/tasks/?unit=1&light=red"),
        ("tasks by due day", clerk, "/tasks/?sort=-due"),
        ("tasks, searched", clerk, "/tasks/?q=第7项"),
        ("tasks of the own unit", handler, "/tasks/"),
        ("one task", clerk, f"/tasks/{task}/"),
        ("plans, 50 rows", clerk, "/plans/"),
        ("reading room", clerk, f"/plans/{plan}/"),
        ("units", clerk, "/units/"),
        ("journal, 50 rows", audit, "/journal/"),
        ("home of the office", clerk, "/"),
        ("home of a unit", handler, "/"),
        ("overview", clerk, f"/overview/?plan={plan}"),
        ("search over everything", clerk, "/search/?q=治理"),
        ("API, 100 tasks", clerk, "/api/tasks"),
    ]
    print(f"{'page':28} {'p50 ms':>8} {'p95 ms':>8} {'KB':>6}   p50 as a share of " + ", ".join(PEERS))
    for name, client, path in pages:
        p50, p95, size = client.time(urllib.parse.quote(path, safe="/?&=%"), rounds)
        shares = ", ".join(f"{p50 / peer[0]:.2f}" for peer in PEERS.values())
        print(f"{name:28} {p50:8.1f} {p95:8.1f} {size / 1000:6.0f}   {shares}")
    _write(clerk, rounds)
    begun = time.perf_counter()
    data = clerk.ask("/tasks/?export=xlsx")
    taken = time.perf_counter() - begun
    assert io.BytesIO(data).read(2) == b"PK"
    print(f"export of all tasks to Excel: {taken:.1f} s, {len(data) / 1e6:.1f} MB")
    print(f"client's own memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _write(clerk: Client, rounds: int) -> None:
    taken = []
    for number in range(rounds):
        page = clerk.ask("/tasks/?due=soon").decode()
        begun = time.perf_counter()
        status = clerk.post("/views/", page, {"path": "/tasks/", "name": f"视图{number % 20}", "query": "due=soon"})
        taken.append((time.perf_counter() - begun) * 1000)
        assert status == 302, status
    print(
        f"{'one write with its entry':28} {statistics.median(taken):8.1f} {sorted(taken)[int(rounds * 0.95) - 1]:8.1f}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
