"""Lets Django empty the tables after a test with real transactions: triggers of journal and flow refuse it otherwise."""

from __future__ import annotations

import importlib

from django.db import connection
from django.test import TransactionTestCase

_MIGRATIONS = [
    importlib.import_module(f"anlan.foundation.{name}")
    for name in (
        "journal.migrations.0002_refuse_changes",
        "flow.migrations.0002_refuse_changes",
        "flow.migrations.0003_refuse_deletion",
    )
]
_MIGRATIONS.append(importlib.import_module("anlan.registers.migrations.0002_refuse_changes"))
_flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def _teardown(case: TransactionTestCase) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
                " AND tbl_name IN ('journal_entry', 'journal_block', 'flow_event', 'registers_row', 'registers_revision')"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute(
                "DROP FUNCTION IF EXISTS journal_refuse, journal_only_seal, flow_refuse, registers_refuse CASCADE"
            )
    _flush(case)
    with connection.schema_editor() as editor:
        for migration in _MIGRATIONS:
            migration.guard(None, editor)


def allow_flush() -> None:
    """Puts it in force for the run."""
    TransactionTestCase._fixture_teardown = _teardown  # type: ignore[attr-defined]
