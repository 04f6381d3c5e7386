"""Speed of a register of 100,000 rows beside a hand-written Django model of the same fields.

    python -m benchmarks.registers [--rows 100000] [--file 50000] [--rounds 100] [--home FOLDER]

Fills a register of outfalls from Excel files of `--file` rows each, through the same dry run and publishing as the
pages, while another process writes once every 20 ms and tells how long it had to wait; then asks its list (filters,
search, orders, deep pages) and its indicators. The hand-written model has the same columns and indexes, is filled with
bulk_create, and is listed by the same templates. Goals: list p95 below 60 ms, indicators below 300 ms, an import of
50,000 rows below 60 s, other writers waiting below 1 s. Where others use the machine too, the processor's time tells
more than the clock: both are printed. DATABASE_URL puts the stores into PostgreSQL.
"""

from __future__ import annotations

import argparse
import functools
import io
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter

TOWNS = ("鲇鱼山镇", "丽阳镇", "荷塘乡", "吕蒙街道", "西郊街道")
RIVERS = ("昌江", "南河", "西河", "东河")
KINDS = ("工业排污口", "城镇污水处理厂排污口", "农业排口", "其他排口")
UNITS = ("区生态环境局", "区住建局", "区农业农村水利局")
HEAD = (
    "排口编码", "排口名称", "排口类型", "所在乡镇", "受纳水体", "位置经度（度）", "位置纬度（度）", "监管单位",
    "责任主体", "溯源完成日期", "流量（m3/d）", "化学需氧量（mg/L）", "整治措施", "整治时限",
)  # fmt: skip
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False}


def workbook(first: int, count: int) -> bytes:
    """Excel file of so many outfalls, numbered from `first`; the same every time."""
    chance = random.Random(first)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    sheet = book.add_worksheet("排口")
    sheet.write_row(0, 0, HEAD)
    for line in range(1, count + 1):
        number = first + line
        sheet.write_row(
            line,
            0,
            (
                f"PK-{number:07}",
                f"{RIVERS[number % 4]}{number}号排口",
                chance.choice(KINDS),
                chance.choice(TOWNS),
                RIVERS[number % 4],
                round(117.05 + chance.random() * 0.2, 6),
                round(29.2 + chance.random() * 0.2, 6),
                chance.choice(UNITS),
                f"第{number % 500}号责任主体",
                f"2022-{1 + number % 12:02}-{1 + number % 28:02}",
                round(chance.random() * 900, 1),
                round(10 + chance.random() * 80, 1),
                chance.choice(("依法取缔", "清理合并", "规范整治")),
                "2022-12-31",
            ),
        )
    book.close()
    return out.getvalue()


# A process of its own: a thread would wait for the interpreter as well, which on a server it does not share.
_WRITER = """
import select, sys, time
import django
django.setup()
from django.db import transaction
from anlan.foundation.org.models import Person
person, longest = Person.objects.create(name="测速"), 0.0
print("ready", flush=True)
while not select.select([sys.stdin], [], [], 0.02)[0]:
    begun = time.perf_counter()
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(phone=str(begun)[:20])
    longest = max(longest, time.perf_counter() - begun)
print(longest, flush=True)
"""


class Writer:
    """Somebody else who writes every 20 ms, and notes how long each writing took."""

    def __init__(self) -> None:
        self.program = subprocess.Popen(
            [sys.executable, "-c", _WRITER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.program.stdout is not None
        assert self.program.stdout.readline().strip() == "ready"

    def stop(self) -> float:
        """Ends it; seconds that the slowest writing took."""
        told, _nothing = self.program.communicate("\n", timeout=60)
        return float(told)


def spent(work: Callable[[], object], rounds: int) -> tuple[float, float, float]:
    """p50 and p95 of a piece of work by the clock, and p95 of its processor time, in milliseconds.

    The first rounds warm what a running server has warm.
    """
    taken, worked = [], []
    for _ in range(rounds + 3):
        begun, cpu = time.perf_counter(), time.process_time()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
        worked.append((time.process_time() - cpu) * 1000)
    taken, worked = sorted(taken[3:]), sorted(worked[3:])
    at = int(len(taken) * 0.95)
    return statistics.median(taken), taken[at], worked[at]


def memory_mb() -> int:
    """Most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


ASKED = (
    "", "?page=37", "?sort=-name", "?state=open&page=3", "?kind=industrial&remedy=merge", "?q=责任主体", "?q=昌江 99",
    "?sort=due&page=900", "?town=360202102", "?page=1990",
)  # fmt: skip


def lists(code: str) -> Callable[[str], None]:
    """Asks for the list of a register as a browser would, without the network."""
    from django.test import Client

    from anlan.foundation.access.models import Account, Grant
    from anlan.foundation.org.models import Person

    account, made = Account.objects.get_or_create(name="bench", defaults={"person": Person.objects.create(name="测")})
    if made:
        Grant.objects.create(account=account, role="clerk", since="2020-01-01")
    browser = Client()
    browser.force_login(account, backend="anlan.foundation.access.signin.AccountBackend")

    def ask(query: str) -> None:
        answer = browser.get(f"/registers/{code}/{query}")
        assert answer.status_code == 200, query

    return ask


def fill(rows: int, size: int) -> None:
    """Fills the register from files, each looked at and published, and tells how it went."""
    from anlan.foundation.access.actor import machine
    from anlan.foundation.sheets import staging
    from anlan.foundation.sheets.registry import importable
    from anlan.registers.book import get

    there = get("outfall").rows.count()
    actor = machine("benchmark")
    while there < rows:
        data = workbook(there, min(size, rows - there))
        begun, worked = time.perf_counter(), time.process_time()
        run = staging.stage(actor, importable("register-outfall"), data, "排口.xlsx")
        looked = time.perf_counter()
        writer = Writer()
        publishing = time.perf_counter()
        staging.publish(actor, importable("register-outfall"), run, reason="测速")
        published = time.perf_counter()
        waited = writer.stop()
        assert not run.errors, run.faults
        print(
            f"import of {run.new:,} rows: dry run {looked - begun:.1f} s, publishing {published - publishing:.1f} s; "
            f"others waited {waited * 1000:.0f} ms at most; {memory_mb()} MB; "
            f"processor {time.process_time() - worked:.1f} s"
        )
        there = get("outfall").rows.count()


def handwritten() -> Any:
    """The same columns as a model that somebody wrote for this register alone, with the same indexes."""
    from django.apps.registry import Apps
    from django.db import connection, models

    class Outfall(models.Model):
        code = models.CharField(max_length=40, unique=True)
        name = models.CharField(max_length=80, db_index=True)
        kind = models.CharField(max_length=40, db_index=True)
        town = models.CharField(max_length=12, db_index=True)
        river = models.CharField(max_length=40, db_index=True)
        lon = models.BigIntegerField(null=True)
        lat = models.BigIntegerField(null=True)
        responsible = models.BigIntegerField(db_index=True)
        owner = models.CharField(max_length=80)
        traced_on = models.DateField(null=True)
        flow = models.BigIntegerField(null=True)
        cod = models.BigIntegerField(null=True)
        load = models.BigIntegerField(null=True)
        remedy = models.CharField(max_length=40, db_index=True)
        due = models.DateField(null=True, db_index=True)
        state = models.CharField(max_length=40, db_index=True)

        class Meta:
            app_label = "benchmark"
            apps = Apps()
            db_table = "benchmark_outfall"

    if Outfall._meta.db_table not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(Outfall)
    return Outfall


def copied(model: Any) -> float:
    """Fills the hand-written model from the register; seconds of its bulk_create."""
    from anlan.registers.book import get

    if model.objects.exists():
        return 0.0
    made = [
        model(
            code=line["f_code"],
            name=line["f_name"],
            kind=line["f_kind"],
            town=line["f_town"],
            river=line["f_river"],
            lon=line["f_position_lon"],
            lat=line["f_position_lat"],
            responsible=line["f_responsible"],
            owner=line["f_owner"],
            traced_on=line["f_traced_on"],
            flow=line["f_flow"],
            cod=line["f_cod"],
            load=line["f_load"],
            remedy=line["f_remedy"],
            due=line["f_due"],
            state=line["state"],
        )
        for line in get("outfall").rows.values()
    ]
    begun = time.perf_counter()
    model.objects.bulk_create(made, batch_size=2000)
    return time.perf_counter() - begun


def plain_list(model: Any) -> Callable[[str], None]:
    """The list of the hand-written model, by the same listing in the same templates, without the frame of the page."""
    from django.template.loader import render_to_string
    from django.test import RequestFactory

    from anlan.foundation.screens.listing import Column, Filter, Listing, words_in

    names = ("code", "name", "kind", "town", "river", "responsible", "remedy", "due", "state")

    def ask(query: str) -> None:
        filters = [
            Filter(name, name, lambda: [(v, v) for v in ("open", "industrial", "merge", "360202102")], _by(name))
            for name in ("state", "kind", "remedy", "town")
        ]
        listing = Listing(
            RequestFactory().get(f"/{query}"),
            model.objects.all(),
            columns=[Column(name, name, sort=name) for name in names],
            filters=filters,
            search=words_in("code", "name", "river", "owner"),
            sort="code",
        )
        render_to_string("screens/listing.html", {"listing": listing})

    return ask


def _by(name: str) -> Callable[[Any, str], Any]:
    return lambda rows, value: rows.filter(**{name: value})


def measure(rounds: int) -> None:
    """Lists and indicators of both."""
    from django.db.models import Count, Q, Sum

    from anlan.registers.book import get
    from anlan.registers.figures import broken, figures, split

    installed = get("outfall")
    model = handwritten()
    took = copied(model)
    print(f"hand-written model: {model.objects.count():,} rows" + (f", bulk_create {took:.1f} s" if took else ""))
    for name, ask in (("register, whole page", lists("outfall")), ("hand-written, table only", plain_list(model))):
        all_taken = []
        for query in ASKED:
            p50, p95, cpu = spent(functools.partial(ask, query), max(rounds // len(ASKED), 5))
            all_taken.append((p95, cpu))
            print(f"  {name} {query or '(first page)'}: {p50:.0f}/{p95:.0f} ms, processor {cpu:.0f} ms")
        slowest, busiest = (max(values) for values in zip(*all_taken, strict=True))
        print(f"{name}: p95 of the slowest {slowest:.0f} ms, processor {busiest:.0f} ms")
    rows = installed.rows
    for name, work in (
        ("register, all six indicators", lambda: figures(installed, rows)),
        ("register, one indicator", lambda: figures(installed, rows, [installed.spec.indicator("cod_load")])),
        ("register, all by place", lambda: split(installed, rows, "place")),
        ("register, identities", lambda: broken(installed, rows)),
        ("hand-written, sum", lambda: model.objects.aggregate(Sum("load"))),
        (
            "hand-written, six aggregates",
            lambda: model.objects.aggregate(
                a=Count("pk"),
                b=Count("pk", filter=Q(state="closed")),
                c=Count("pk", filter=~Q(state="closed")),
                d=Count("pk", filter=Q(traced_on__isnull=False)),
                e=Count("pk", filter=Q(remedy__isnull=False)),
                f=Sum("load"),
            ),
        ),
    ):
        p50, p95, cpu = spent(work, max(rounds // 5, 5))
        print(f"{name}: {p50:.0f}/{p95:.0f} ms, processor {cpu:.0f} ms")


def main() -> int:
    """Fills, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--file", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--home", help="folder that is kept, instead of a fresh one that is removed")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="anlan-registers-") as fresh:
        os.environ["ANLAN_HOME"] = args.home or fresh
        os.environ["DJANGO_SETTINGS_MODULE"] = "anlan.web.config"
        os.environ["ANLAN_ALLOWED_HOSTS"] = "testserver,localhost"
        import django

        django.setup()
        from anlan.plan import pack
        from anlan.web.install import district, stores

        stores.prepare()
        given = pack.load("changjiang")
        district.bring_divisions(given.divisions)
        district.bring_units(given.organs, sample=True)
        fill(args.rows, args.file)
        measure(args.rounds)
        print(f"most memory: {memory_mb()} MB; store: {_size(Path(os.environ['ANLAN_HOME']))} MB")
    return 0


def _size(home: Path) -> int:
    return sum(path.stat().st_size for path in home.glob("anlan.db*")) // 1_000_000


if __name__ == "__main__":
    raise SystemExit(main())
