"""Gives the tests an ANLAN_HOME of their own, before Django reads its settings. Loaded by pytest with -p."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

for name in [name for name in os.environ if name.startswith("ANLAN_") and not name.startswith("ANLAN_TEST_")]:
    del os.environ[name]
os.environ["ANLAN_HOME"] = tempfile.mkdtemp(prefix="anlan-tests-")
atexit.register(shutil.rmtree, os.environ["ANLAN_HOME"], ignore_errors=True)
# A server of one's own, or the one that tests/postgres.py has started.
os.environ["DATABASE_URL"] = os.environ.get("ANLAN_TEST_DATABASE_URL") or "embedded"
