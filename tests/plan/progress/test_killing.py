"""Processes killed by SIGKILL in every moment of submitting, approving, accepting: the step is done whole, or not."""

from __future__ import annotations

import json

from tests.foundation.jobs.test_killing import home, run

__all__ = ["home"]

# Each child does the next step and kills itself before its n-th statement or commit, until one survives the step.
STEPS = """
import json, os, signal
from django.db import connections
from tests.plan.progress import district as small
from anlan.foundation.flow.queries import events, replayed
from anlan.foundation.journal.models import Entry
from anlan.foundation.notices.models import Notice
from anlan.plan.progress import actions as progress
from anlan.plan.progress.flow import REPORT
from anlan.plan.progress.models import Figure, Owed, Report

made = small.build()
small.called(made)
owed = made.owed("1")
values = small.told(60, figures={made.target("1").pk: "72个"})
key = progress.save_draft(made.actor("handler"), owed, values, None).pk


def stands():
    report = Report.objects.get(pk=key)
    row = Owed.objects.select_related("part").get(pk=owed.pk)
    assert replayed(REPORT, report) == report.state
    assert [one.text for one in Figure.objects.filter(report=report)] == ["72个"]
    return [
        report.state,
        report.narrative,
        [one.transition for one in events(REPORT, report)],
        report.submitted_at is not None,
        report.accepted_at is not None,
        row.sent_on is not None,
        row.accepted_id == key,
        row.part.percent,
        list(Entry.objects.filter(action__startswith="report.").order_by("pk").values_list("action", flat=True)),
        Notice.objects.filter(closed_at=None).count(),
    ]


def step(name, who, last):
    seen = 0

    def moment():
        nonlocal seen
        seen += 1
        if seen == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watched(execute, sql, params, many, context):
        moment()
        return execute(sql, params, many, context)

    report = Report.objects.get(pk=key)
    actor = made.actor(who)
    for alias in ("default", "scratch"):
        connection = connections[alias]
        connection.execute_wrappers.append(watched)
        whole = connection._commit
        connection._commit = lambda whole=whole: (moment(), whole(), moment())
    getattr(progress, name)(actor, report)


told = {}
for name, who in (("submit", "handler"), ("approve", "leader"), ("accept", "clerk")):
    told[name] = {"killed": [], "before": stands()}
    for last in range(1, 1000):
        connections.close_all()
        child = os.fork()
        if not child:
            try:
                step(name, who, last)
            finally:
                os._exit(0 if sys.exc_info()[0] is None else 1)
        status = os.waitpid(child, 0)[1]
        found = stands()
        if os.WIFSIGNALED(status):
            assert os.WTERMSIG(status) == signal.SIGKILL
            told[name]["killed"].append(found)
        if found != told[name]["before"]:
            break
        assert os.WIFSIGNALED(status), (name, last, status)
    told[name]["after"] = stands()
print(json.dumps(told))
"""


def test_whoever_is_killed_between_submission_and_acceptance_leaves_the_report_whole(home: dict[str, str]) -> None:
    told = json.loads(run(home, STEPS))
    assert [told[name]["after"][0] for name in ("submit", "approve", "accept")] == ["submitted", "approved", "accepted"]
    for name, step in told.items():
        # Every step takes ten statements at least, and a child died at each of them.
        assert len(step["killed"]) >= 10, name
        *early, last = step["killed"]
        # Killed before its commit, nothing of the step is there; killed right after it, all of it.
        assert all(one == step["before"] for one in early), name
        assert last == step["after"], name
    # 60 % counts, once the office took it, and the figure is what was typed.
    state, words, steps, *facts, percent, entries, _ = told["accept"]["after"]
    assert (state, words, steps) == ("accepted", "已排查72个排污口。", ["submit", "approve", "accept"])
    assert facts == [True, True, True, True]
    assert percent == 60
    assert entries == ["report.write", "report.submit", "report.approve", "report.accept"]
