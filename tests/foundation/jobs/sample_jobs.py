"""Jobs for tests, also loaded by the worker processes that tests start and kill."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.db import OperationalError

from anlan.foundation.jobs.catalogue import Step, job
from anlan.settings import InputError, Words


@job("test.count", Words("计数", "count"))
def count(step: Step, *, upto: int) -> str:
    """Counts and tells it."""
    for number in range(upto):
        step.progress(number + 1, upto, Words(f"数到 {number + 1}", f"at {number + 1}"))
    return "/notices/"


@job("test.wrong_input", Words("读表", "read a sheet"))
def wrong_input(step: Step) -> None:
    """Finds its input wrong."""
    raise InputError(Words("第 3 行没有单位", "row 3 has no unit"))


@job("test.broken", Words("出错", "break"))
def broken(step: Step) -> None:
    """Has a fault."""
    raise ZeroDivisionError


@job("test.locked", Words("等锁", "wait for a lock"))
def locked(step: Step) -> None:
    """Finds the database locked."""
    raise OperationalError("database is locked")


@job("test.slow", Words("慢活", "slow work"))
def slow(step: Step, *, folder: str) -> None:
    """Leaves a mark for each start, works until the file `go` is there, and leaves one for its end."""
    started = Path(folder) / f"started-{step.attempt}-{os.getpid()}"
    started.touch()
    while not (Path(folder) / "go").exists():
        step.progress(1, 2)
        time.sleep(0.05)
    (Path(folder) / f"ended-{step.attempt}-{os.getpid()}").touch()
