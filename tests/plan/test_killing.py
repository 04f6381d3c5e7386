"""A worker that is killed while it takes a large document in: the next one takes it in, once and whole."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from tests.foundation.jobs.test_killing import home, run, start, until

__all__ = ["home"]

# A lease that outlasts what else the machine has to do.
WORK = """
worker.run_worker(
    threading.Event(), threads=1, sealing=False, pace=worker.Pace(dt.timedelta(seconds=30), look_s=0.1, sweep_s=0.5)
)
"""
ENQUEUE = """
import io, re
from tests.plan import small
from anlan.plan import jobs
# Each round six measures with numbers of their own; long enough that a kill falls into the work.
text = small.TEXT[: small.TEXT.index("一、")] + "".join(
    re.sub(r"(?m)^\\d(?=\\.)", lambda found: str(n * 6 + int(found[0])), small.TEXT[small.TEXT.index("一、") :])
    for n in range(600)
)
jobs.receive_later(machine("test"), io.BytesIO(text.encode()), "要点.txt")
"""
STATE = """
from anlan.plan.models import Document, Measure, Plan, Question
from anlan.foundation.vault import queries, waiting
one = Run.objects.get()
sound = queries.verify()
print(one.state, Plan.objects.count(), Document.objects.count(), Measure.objects.count() > 0,
      Question.objects.count() > 0, len(list(waiting.folder().iterdir())), sound.is_sound, len(sound.orphans))
"""


def begun(home: dict[str, str]) -> bool:
    """Whether a run has said how far it is; asked of the file, because a process of ours would ask too late."""
    with contextlib.closing(sqlite3.connect(Path(home["ANLAN_HOME"]) / "scratch.db")) as store:
        return bool(store.execute("SELECT count(*) FROM jobs_progress").fetchone()[0])


def test_a_large_document_is_taken_in_once_and_whole(home: dict[str, str]) -> None:
    run(home, ENQUEUE)
    first = start(home)
    try:
        until(lambda: begun(home))
    finally:
        first.kill()
        first.wait()
    # Cut off in the middle: no plan, no part of one, and the document still waits.
    assert run(home, STATE) == "running 0 0 False False 1 True 0"
    second = start(home, WORK)
    try:
        until(lambda: "done" in run(home, STATE))
    finally:
        second.kill()
        second.wait()
    assert run(home, STATE) == "done 1 1 True True 0 True 0"
