"""Lets Django empty the tables after a test with real transactions: the journal's triggers refuse it otherwise."""

from __future__ import annotations

import importlib

from django.db import connection
from django.test import TransactionTestCase

_migration = importlib.import_module("anlan.foundation.journal.migrations.0002_refuse_changes")
_flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def _teardown(case: TransactionTestCase) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'journal_%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("DROP FUNCTION IF EXISTS journal_refuse, journal_only_seal CASCADE")
    _flush(case)
    with connection.schema_editor() as editor:
        _migration.guard(None, editor)


def allow_flush() -> None:
    """Puts it in force for the run."""
    TransactionTestCase._fixture_teardown = _teardown  # type: ignore[attr-defined]
