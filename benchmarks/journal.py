"""Speed of the journal on the embedded store or DATABASE_URL: writing with sealing, verifying, paging.

    python -m benchmarks.journal [--entries N] [--home FOLDER]

The store is one of its own in a fresh folder (ANLAN_HOME is set to it) unless DATABASE_URL names a server, whose
database must be empty. Each entry is written as actions write it: one transaction an entry, synchronous=FULL, with the
sealer at work beside it. Then the journal is filled to N entries at a stroke, verified and paged. Times are of the
wall clock, since they are spent waiting for the disk.
"""

from __future__ import annotations

import argparse
import os
import resource
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

_SINGLE_SECONDS = 5.0
_BATCH = 10_000


def disk(folder: Path, seconds: float = 2.0) -> float:
    """Commits a second of SQLite alone with a row as long as an entry: what the disk allows."""
    store = sqlite3.connect(folder / "disk.db", isolation_level=None)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE row (text)"):
        store.execute(statement)
    begun, count = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        store.execute("INSERT INTO row VALUES (?)", ("x" * 500,))
        count += 1
    store.close()
    return count / seconds


def write_singly(seconds: float) -> tuple[float, float]:
    """Entries a second with one transaction each, the sealer running; and the longest that one waited for its seal."""
    from django.db import connections

    from anlan.foundation.access.actor import machine
    from anlan.foundation.journal import sealing
    from anlan.foundation.journal.models import Entry, Outcome
    from anlan.foundation.journal.writing import write

    stop = threading.Event()

    def sealer() -> None:
        sealing.run_sealer(stop)
        connections.close_all()

    thread = threading.Thread(target=sealer)
    thread.start()
    begun, count = time.perf_counter(), 0
    actor = machine("benchmark")
    while time.perf_counter() - begun < seconds:
        write(actor, "plan.issue", Outcome.DONE, reason="按期下达", details={"after": {"tasks": count}})
        count += 1
    rate = count / (time.perf_counter() - begun)
    waited = time.perf_counter()
    while Entry.objects.filter(block__isnull=True).exists():
        time.sleep(0.01)
    waited = time.perf_counter() - waited
    stop.set()
    thread.join()
    return rate, waited


def fill(total: int) -> float:
    """Fills the journal up to `total` entries, sealed in blocks as the sealer makes them; gives entries a second."""
    import datetime as dt

    from django.utils import timezone

    from anlan.foundation.journal.models import Entry
    from anlan.foundation.journal.sealing import seal_all
    from anlan.foundation.journal.writing import canonical

    missing = total - Entry.objects.count()
    begun, first = time.perf_counter(), timezone.now() - dt.timedelta(days=365)
    for start in range(0, missing, _BATCH):
        Entry.objects.bulk_create(
            [
                Entry(
                    at=first + dt.timedelta(seconds=n),
                    action=("plan.issue", "task.report", "access.sign_in", "ledger.close")[n % 4],
                    outcome="refused" if n % 97 == 0 else "done",
                    actor=n % 130,
                    actor_name=f"经办人{n % 130}",
                    unit=n % 30,
                    unit_name=f"第{n % 30}局",
                    address="10.0.0.7",
                    request=f"{n:032x}",
                    kind="plan.task",
                    object_id=str(n % 5000),
                    label=f"{n % 5000} 整治入河排污口",
                    reason="按期",
                    details=canonical({"before": {"state": "open"}, "after": {"state": "closed", "n": n}}),
                )
                for n in range(start, min(start + _BATCH, missing))
            ],
            batch_size=1000,
        )
        seal_all()
    return missing / (time.perf_counter() - begun) if missing > 0 else 0.0


def milliseconds(work: Callable[[], object], times: int = 5) -> float:
    """Median time of some calls."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1000


def pages() -> dict[str, float]:
    """Milliseconds of what the list page asks the store for."""
    from django.test import RequestFactory

    from anlan.foundation.journal import pages as journal
    from anlan.foundation.journal import queries
    from anlan.foundation.journal.models import Entry
    from anlan.foundation.journal.paging import LongListing
    from anlan.foundation.screens.listing import Column, words_in

    last = Entry.objects.order_by("-pk").values_list("pk", flat=True)[0]

    def listed(query: str) -> Callable[[], object]:
        def work() -> object:
            request = RequestFactory().get(f"/journal/?{query}")
            listing = LongListing(
                request,
                Entry.objects.order_by("-pk"),
                columns=[Column("action", "")],
                filters=journal._filters(request, queries.ends()[1]),
                search=words_in("actor_name", "unit_name", "label", "address", "reason"),
            )
            return listing.window, listing.count

        return work

    return {
        "first page": milliseconds(listed("")),
        "page in the middle": milliseconds(listed(f"before={last // 2}")),
        "last page": milliseconds(listed("after=0")),
        "filter: action": milliseconds(listed("action=task.report")),
        "filter: account": milliseconds(listed("actor=7")),
        "filter: refused": milliseconds(listed("outcome=refused")),
        "filter: one object": milliseconds(listed("object=plan.task:77")),
        "filter: a month ago": milliseconds(listed("when=30")),
        "search, found often": milliseconds(listed("q=排污口"), 3),
        "search, never found": milliseconds(listed("q=没有这样的词"), 3),
        "choices of the filters": milliseconds(queries.choices),
    }


def main() -> int:
    """Runs all and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--home", type=Path, help="folder that is kept, instead of a fresh one that is removed")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="anlan-journal-") as fresh:
        os.environ["ANLAN_HOME"] = str(args.home or fresh)
        os.environ["DJANGO_SETTINGS_MODULE"] = "anlan.web.config"
        import django

        django.setup()
        from django.db import connection, connections

        from anlan.foundation.journal.sealing import verify
        from anlan.web.install.stores import prepare

        prepare()
        print(f"store: {connection.vendor}")
        if connection.vendor == "sqlite":
            print(f"the disk alone, one row a transaction: {disk(Path(fresh)):,.0f} rows/s")
        rate, waited = write_singly(_SINGLE_SECONDS)
        print(f"one transaction an entry, sealed beside it: {rate:,.0f} entries/s; last seal after {waited:.2f} s")
        print(f"at a stroke, with sealing: {fill(args.entries):,.0f} entries/s")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begun = time.perf_counter()
        report = verify()
        taken = time.perf_counter() - begun
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        assert report.is_sound
        print(
            f"verify: {taken / report.entries * 1e6:.1f} s a million ({report.blocks} blocks), memory +{grown:.0f} MB"
        )
        for name, taken_ms in pages().items():
            print(f"{name}: {taken_ms:.1f} ms")
        connections.close_all()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
