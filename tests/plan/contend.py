"""Two people correct the same measure, adopt the same version, correct and adopt at once; as a program, and in tests.

Each pair meets between what it read and what it writes, if nothing keeps them apart. See the same of the accounts.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import sys
from collections.abc import Iterator
from typing import Any
from unittest import mock

import django
from tests.foundation.access import contend

TEXT = """青溪区2024年水环境整治工作要点

1.排查入河排污口120个以上。6月底前完成。（责任单位：区住建局）
2.新建污水管网6.5公里。12月底前完成。（责任单位：区住建局）
"""


@contextlib.contextmanager
def unguarded() -> Iterator[None]:
    """Takes the guards away: transactions, locked rows, the lock of a measure, the state of a version."""
    from anlan.plan import corrections, versions
    from anlan.plan.models import Document, Measure

    def take(measure: Any, lock: int, seen: Any = None) -> Any:
        return Measure.every.select_related("document__plan").get(pk=measure.pk)

    def decide(actor: Any, document: Any, state: Any, reason: str) -> None:
        Document.objects.filter(pk=document.pk).update(state=state)

    with (
        contend.unguarded(),
        mock.patch.object(corrections, "take", take),
        mock.patch.object(versions, "_decide", decide),
        mock.patch.object(versions, "_refuse_decided", return_value=None),
        # Its own constraint would stop the second one; what is asked here is whether anything else does.
        mock.patch("anlan.foundation.search.index.put_where", return_value=0),
    ):
        yield


def run() -> dict[str, int]:
    """Titles that somebody gave and that are there or told; adoptions; corrections lost between two versions."""
    from tests import people

    from anlan.foundation.access.actor import machine
    from anlan.foundation.journal.models import Entry
    from anlan.plan import actions, corrections, queries, versions
    from anlan.plan.corrections import Wanted, correct
    from anlan.plan.models import Correction

    found = {}
    people.unit("区住建局")
    clerk = machine("test")
    plan = actions.receive(clerk, TEXT.encode(), "要点.txt")
    one = queries.document(plan).measures.get(number="1")
    with mock.patch.object(corrections, "record", contend.meeting(corrections.record)):
        results = contend.together(
            lambda: correct(clerk, one, Wanted(title="甲"), lock=0),
            lambda: correct(clerk, one, Wanted(title="乙"), lock=0),
        )
    found["told"] = sum(isinstance(result, corrections.OvertakenError) for result in results)
    # Of two that were saved, the second must know the first: what it says stood before is the first one's title.
    rows = list(Correction.objects.filter(measure=one).order_by("pk"))
    found["lost"] = sum(later.before != earlier.after for earlier, later in itertools.pairwise(rows))

    document = versions.propose(clerk, plan, TEXT.replace("6.5", "8").encode(), "二稿.txt")
    with mock.patch.object(versions, "_relations", contend.meeting(versions._relations)):
        contend.together(*[lambda: versions.adopt(clerk, document)] * 2)
    found["adopted"] = Entry.objects.filter(action="plan.adopt").count()

    third = versions.propose(clerk, plan, TEXT.replace("6.5", "9").encode(), "三稿.txt")
    two = queries.document(plan).measures.get(number="2")
    with (
        mock.patch.object(corrections, "record", contend.meeting(corrections.record)),
        mock.patch.object(versions, "_keep_tasks", contend.meeting(versions._keep_tasks)),
    ):
        contend.together(
            lambda: correct(clerk, two, Wanted(chapter=("一、管网",)), lock=two.lock),
            lambda: versions.adopt(clerk, third),
        )
    now = queries.document(plan)
    made = Correction.objects.filter(kind="chapter")
    found["between"] = int(made.exists() and not made.filter(measure__document=now).exists())
    return found


def main() -> int:
    """Makes the tables, runs it with and without the guards and tells what came of it."""
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    for store in ("default", "scratch"):
        call_command("migrate", verbosity=0, database=store)
    if sys.argv[1:] == ["unguarded"]:
        with unguarded():
            print(json.dumps(run()))
    else:
        print(json.dumps(run()))
    connections.close_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
