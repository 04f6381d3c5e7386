"""Import of units at the size of a province: how long it takes, how long others wait to write, how much memory.

    python -m benchmarks.units [--units 50000]

Makes an Excel file of so many units with an alias and a group each, examines it and publishes it in a fresh folder,
once as new units and once with every note corrected. Another process writes a small entry all the while; the longest
that it waited is what an office would have waited.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import resource
import tempfile
import time
from multiprocessing.synchronize import Event as Flag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.queues import Queue


def file(units: int, note: str) -> bytes:
    """Excel file of units."""
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["编码", "简称", "全称", "类别", "别名", "所属集合", "备注"])
        page.write_row(1, 0, ["xz", "各乡(镇)街道", "", "集合"])
        for n in range(units):
            row = [f"m{n}", f"第{n}号单位", f"某省第{n}号单位", "乡镇", f"{n}号", "各乡(镇)街道", note]
            page.write_row(n + 2, 0, row)
    return stream.getvalue()


def write_all_the_while(stop: Flag, told: Queue[tuple[float, int]]) -> None:
    """Writes an entry every few milliseconds; tells the longest wait in seconds, and how many."""
    import django

    django.setup()
    from anlan.foundation.access.actor import machine
    from anlan.foundation.journal.models import Outcome
    from anlan.foundation.journal.writing import write

    longest, count = 0.0, 0
    while not stop.is_set():
        begun = time.perf_counter()
        write(machine("bench"), "bench.write", Outcome.DONE)
        longest, count = max(longest, time.perf_counter() - begun), count + 1
        time.sleep(0.005)
    told.put((longest, count))


def main() -> int:
    """Fills, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=50_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="anlan-units-") as home:
        os.environ["ANLAN_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "anlan.web.config"
        import django

        django.setup()
        from django.db import connections

        from anlan.foundation.access.actor import machine
        from anlan.foundation.org.importable import UNITS
        from anlan.foundation.org.models import Membership, Unit, UnitAlias
        from anlan.foundation.search.models import Hit
        from anlan.foundation.sheets import staging
        from anlan.web.install import stores

        stores.prepare()
        for title, note in (("new", "一"), ("corrected", "二")):
            data = file(args.units, note)
            begun = time.perf_counter()
            run = staging.stage(machine("bench"), UNITS, data, "单位.xlsx")
            staged = time.perf_counter() - begun
            assert run.is_publishable, run.faults
            connections.close_all()
            context = multiprocessing.get_context("spawn")
            stop, told = context.Event(), context.Queue()
            other = context.Process(target=write_all_the_while, args=(stop, told))
            other.start()
            time.sleep(5)  # it sets itself up
            begun = time.perf_counter()
            staging.publish(machine("bench"), UNITS, run, reason="首次导入")
            published = time.perf_counter() - begun
            stop.set()
            longest, count = told.get()
            other.join()
            print(
                f"{args.units:,} units, {title}: examined in {staged:.1f} s, published and indexed in "
                f"{published:.1f} s; another process wrote {count} times and waited {longest * 1000:.0f} ms at most"
            )
        assert Unit.objects.filter(note="二").count() == args.units == Hit.objects.filter(kind="unit").count()
        assert UnitAlias.objects.count() == args.units == Membership.objects.count()
        print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
