"""Two at once on one plan: nobody's correction is lost, a version is adopted once; without the guards it would be lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from tests.house.files import ROOT
from tests.plan import contend

pytestmark = pytest.mark.django_db(databases=["default", "scratch"])

# The second of the two is told, no correction goes over another unseen, one adoption, none lost between two versions.
GUARDED = {"told": 1, "lost": 0, "adopted": 1, "between": 0}
UNGUARDED = {"told": 0, "lost": 1, "adopted": 2}


def in_a_file(home: Path, *arguments: str) -> dict[str, int]:
    """What comes of it on an embedded store of its own."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ANLAN_")}
    environ |= {"ANLAN_HOME": str(home), "DATABASE_URL": "embedded"}
    command = [sys.executable, "-m", contend.__name__, *arguments]
    ended = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, ended.stderr
    found: dict[str, int] = json.loads(ended.stdout)
    return found


def test_of_two_at_once_nobody_loses_anything(tmp_path: Path) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("on PostgreSQL it is done in the database of the tests, below")
    assert in_a_file(tmp_path / "home") == GUARDED


def test_without_the_guards_somebody_would(tmp_path: Path) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("on PostgreSQL it is done in the database of the tests, below")
    found = in_a_file(tmp_path / "home", "unguarded")
    assert {key: found[key] for key in UNGUARDED} == UNGUARDED


class TestWithRealTransactions:
    """Several connections to one server."""

    pytestmark = pytest.mark.django_db(databases=["default", "scratch"], transaction=True)

    def test_of_two_at_once_nobody_loses_anything_here_either(self) -> None:
        if connection.vendor == "sqlite":
            pytest.skip("connections to a database in memory lock each other out; done in a file, above")
        assert contend.run() == GUARDED

    def test_without_the_guards_somebody_would_here_too(self) -> None:
        if connection.vendor == "sqlite":
            pytest.skip("connections to a database in memory lock each other out; done in a file, above")
        with contend.unguarded():
            found = contend.run()
        assert {key: found[key] for key in UNGUARDED} == UNGUARDED
