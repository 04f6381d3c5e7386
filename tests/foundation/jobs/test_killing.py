"""A real worker process, killed with no chance to say goodbye: its job runs again and ends once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.house.files import ROOT

SETUP = """
import django, sys, threading, datetime as dt
django.setup()
from tests.foundation.jobs import sample_jobs
from anlan.foundation.access.actor import machine
from anlan.foundation.jobs import actions, catalogue, worker
from anlan.foundation.jobs.models import Run
"""
WORK = """
# Leases of two seconds, looked at twice a second, so that the test takes seconds and not minutes.
worker.run_worker(
    threading.Event(), threads=1, sealing=False, pace=worker.Pace(dt.timedelta(seconds=2), look_s=0.1, sweep_s=0.5)
)
"""
PATIENCE_S = 60.0


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An installation of its own, with its stores made."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ANLAN_")}
    environ |= {
        "ANLAN_HOME": str(tmp_path / "home"),
        "DATABASE_URL": "embedded",
        "DJANGO_SETTINGS_MODULE": "anlan.web.config",
        "PYTHONPATH": str(ROOT),
    }
    for store in ("default", "scratch"):
        run(
            environ,
            f"from django.core.management import call_command\ncall_command('migrate', database='{store}', verbosity=0, skip_checks=True)",
        )
    return environ


def run(environ: dict[str, str], code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SETUP + code], env=environ, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def start(environ: dict[str, str], work: str = WORK) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", SETUP + work],
        env=environ,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def until(what: Callable[[], Any]) -> Any:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError("waited in vain")


def test_a_job_whose_worker_is_killed_runs_again_and_ends_once(home: dict[str, str], tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    run(home, f"actions.enqueue(machine('test'), sample_jobs.slow, folder={str(marks)!r})")
    first = start(home)
    try:
        until(lambda: list(marks.glob("started-1-*")))
    finally:
        first.kill()
        first.wait()
    state = "one = Run.objects.get()\nprint(one.state, one.attempts)"
    assert run(home, state) == "running 1"
    second, third = start(home), start(home)
    try:
        # Two workers at once: one of them takes it, after the lease of the dead one ran out.
        until(lambda: list(marks.glob("started-2-*")))
        # Longer than a lease of two seconds: a living worker keeps it.
        time.sleep(3)
        (marks / "go").touch()
        until(lambda: list(marks.glob("ended-*")))
        until(lambda: run(home, state) == "done 2")
        time.sleep(1)
    finally:
        for process in (second, third):
            process.kill()
            process.wait()
    assert sorted(path.name.rsplit("-", 1)[0] for path in marks.iterdir()) == [
        "ended-2",
        "go",
        "started-1",
        "started-2",
    ]


def test_a_worker_that_is_told_to_stop_gives_its_job_back_and_ends(home: dict[str, str], tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    run(home, f"actions.enqueue(machine('test'), sample_jobs.slow, folder={str(marks)!r})")
    command = """
import argparse
from anlan.foundation.jobs import worker as real
from anlan.cli import worker as verb
whole = real.run_worker
real.run_worker = lambda stop, threads: whole(stop, threads=threads, sealing=False)
parser = argparse.ArgumentParser()
verb.add(parser.add_subparsers())
args = parser.parse_args(["worker", "--threads", "1"])
args.lang = "zh"
sys.exit(verb.run(args))
"""
    process = start(home, command)
    try:
        until(lambda: list(marks.glob("started-1-*")))
        process.terminate()
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.wait()
    # Given back at once, without counting the attempt and without waiting for the lease.
    assert run(home, "one = Run.objects.get()\nprint(one.state, one.attempts)") == "waiting 0"
