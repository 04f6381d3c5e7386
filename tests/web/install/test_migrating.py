"""A migration interrupted at any of its statements has happened whole or not at all, and the next start goes on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django.db.transaction import TransactionManagementError

from anlan.web.install import migrating

# Real transactions: within one of the test, a rollback would be the test's.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "scratch", "readings"])
APP = "interrupted"


class _PowerCutError(Exception):
    """Stands for the process that ends here."""


class _Cut:
    """Wrapper of statements that fails before the n-th, counted from 1; without a number it only counts."""

    def __init__(self, before: int | None = None) -> None:
        self.seen, self.before = 0, before

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.seen += 1
        if self.seen == self.before:
            raise _PowerCutError(sql)
        return execute(sql, params, many, context)


class _First(migrations.Migration):
    operations = (
        migrations.CreateModel("Unit", [("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel("Report", [("id", models.BigAutoField(primary_key=True))]),
    )


class _Second(migrations.Migration):
    """A column that refers, with its index, and a table that refers: the statements that Django puts off."""

    operations = (
        migrations.AddField(
            "Report", "unit", models.ForeignKey(f"{APP}.Unit", models.PROTECT, null=True, related_name="+")
        ),
        migrations.CreateModel(
            "Remark",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("report", models.ForeignKey(f"{APP}.Report", models.PROTECT)),
                ("text", models.CharField(max_length=20, db_index=True)),
            ],
        ),
    )


class _Third(migrations.Migration):
    """A table made anew with its rows, as SQLite does for a column that changes its kind."""

    operations = (migrations.AlterField("Remark", "text", models.TextField(default="")),)


FIRST, SECOND, THIRD = _First("0001_first", APP), _Second("0002_second", APP), _Third("0003_third", APP)


@pytest.fixture
def before() -> Iterator[ProjectState]:
    """State with the first migration applied; whatever tables are there afterwards go."""
    with connection.schema_editor() as editor:
        state = FIRST.apply(ProjectState(), editor)
    yield state
    with connection.cursor() as cursor:
        for name in ("remark", "report", "unit"):
            cursor.execute(f"DROP TABLE IF EXISTS {APP}_{name}")
        cursor.execute("DELETE FROM django_migrations WHERE app = %s", [APP])


def _applied() -> set[str]:
    return {name for app, name in MigrationRecorder(connection).applied_migrations() if app == APP}


def _columns() -> set[str]:
    with connection.cursor() as cursor:
        tables = {table.name for table in connection.introspection.get_table_list(cursor)}
        return {
            f"{name}.{column.name} {column.type_code}"
            for name in ("report", "remark")
            if f"{APP}_{name}" in tables
            for column in connection.introspection.get_table_description(cursor, f"{APP}_{name}")
        }


def _apply(kind: type[MigrationExecutor], state: ProjectState, cut: _Cut) -> None:
    executor = kind(connection)
    with connection.execute_wrapper(cut):
        executor.apply_migration(state.clone(), SECOND)
        executor.apply_migration(SECOND.mutate_state(state), THIRD)


def test_interrupted_at_every_statement_it_is_noted_where_it_is_applied_and_the_next_start_works(
    before: ProjectState,
) -> None:
    found = {frozenset[str](): _columns()}
    executor = migrating.Whole(connection)
    after = executor.apply_migration(before.clone(), SECOND)
    found[frozenset({"0002_second"})] = _columns()
    executor.apply_migration(after, THIRD)
    found[frozenset({"0002_second", "0003_third"})] = whole = _columns()
    assert [len(columns) for columns in found.values()] == [1, 5, 5]
    assert len(set(map(frozenset, found.values()))) == 3
    _undo()
    counted = _Cut()
    _apply(migrating.Whole, before, counted)
    assert counted.seen >= 6
    seen = set()
    for n in range(1, counted.seen + 1):
        _undo()
        with pytest.raises(_PowerCutError):
            _apply(migrating.Whole, before, _Cut(before=n))
        _end()
        seen.add(noted := frozenset(_applied()))
        assert _columns() == found[noted], f"before statement {n}"
        _resume(before, noted)
        assert (_columns(), len(_applied())) == (whole, 2), f"before statement {n}"
    # The last statement of SQLite comes after its transaction: nothing was left to do.
    assert {frozenset(), frozenset({"0002_second"})} <= seen


def test_as_django_does_it_a_migration_may_be_applied_and_not_noted(before: ProjectState) -> None:
    counted = _Cut()
    _apply(MigrationExecutor, before, counted)
    lost = []
    for n in range(1, counted.seen + 1):
        _undo()
        # Where an error is inside the transaction, Django's own editor of SQLite answers with another.
        with pytest.raises((_PowerCutError, TransactionManagementError)):
            _apply(MigrationExecutor, before, _Cut(before=n))
        _end()
        if len(_columns()) > 1 and not _applied():
            lost.append(n)
    assert lost, "Django notes it inside the transaction now: our executor may go"


def _end() -> None:
    """What the end of a process does to a transaction that is still open."""
    if connection.in_atomic_block:
        connection.needs_rollback = False
        connection.atomic_blocks.clear()
        connection.savepoint_ids.clear()
        connection.in_atomic_block = False
        connection.rollback()
        connection.set_autocommit(True)
    connection.enable_constraint_checking()


def _undo() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {APP}_remark")
        cursor.execute(f"DROP TABLE {APP}_report")
        cursor.execute("DELETE FROM django_migrations WHERE app = %s", [APP])
    with connection.schema_editor() as editor:
        FIRST.operations[1].database_forwards(APP, editor, ProjectState(), FIRST.mutate_state(ProjectState()))


def _resume(state: ProjectState, noted: frozenset[str]) -> None:
    """What the next start does: what is noted is left, the rest is applied."""
    executor = migrating.Whole(connection)
    if SECOND.name not in noted:
        executor.apply_migration(state.clone(), SECOND)
    if THIRD.name not in noted:
        executor.apply_migration(SECOND.mutate_state(state), THIRD)


def test_a_store_that_is_up_to_date_is_left_as_it_is_and_its_listeners_are_told() -> None:
    from django.contrib.contenttypes.models import ContentType

    ContentType.objects.all().delete()  # as after a kill between the last migration and the signal
    migrating.migrate("default")
    assert ContentType.objects.filter(app_label="plan", model="task").exists()
    assert migrating.is_up_to_date()
