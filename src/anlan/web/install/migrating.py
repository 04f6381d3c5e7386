"""Migrations of the three stores: each whole or not at all, and none where it does nothing.

Django notes a migration as applied after its transaction whenever statements were put off to the end of it, such as an
index or a foreign key: killed in between, it is applied and not noted, and can never be applied again. Here they run
and it is noted inside the transaction.

Django also runs every migration on every store, and for each step it rebuilds the models that hang on the changed one,
also where the step does nothing in that store. Nine of ten steps do nothing in `scratch` and `readings`: these are
noted as applied, and only the others are carried out. It makes a first start three times as fast.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connections, router, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django.utils import translation


class Whole(MigrationExecutor):
    """Executor of a store that can roll back changes of tables: a migration and the note of it are one transaction."""

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        """Applies one migration; one that asks for no transaction, or only for the note, is left to Django."""
        if fake or fake_initial or not migration.atomic:
            return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
        # The inner block, as on leaving after an error the editor of SQLite asks a transaction that answers no more,
        # and would hide what went wrong and stay inside it.
        with self.connection.schema_editor(atomic=True) as editor, transaction.atomic(using=self.connection.alias):
            state = migration.apply(state, editor)
            # What the editor would do on leaving, after the last moment to note anything.
            for statement in editor.deferred_sql:
                editor.execute(statement, None)
            editor.deferred_sql.clear()
            self.record_migration(migration)  # type: ignore[call-arg,arg-type]
        return state


class _SmallStore(Whole):
    """Executor that carries out what concerns its store, and only notes the rest."""

    def _migrate_all_forwards(
        self,
        state: ProjectState,
        plan: list[tuple[Migration, bool]],
        full_plan: list[tuple[Migration, bool]],
        fake: bool,
        fake_initial: bool,
    ) -> ProjectState:
        to_run = {migration for migration, _ in plan}
        for migration, _ in full_plan:
            if not to_run:
                break
            if migration in to_run and concerns(self.connection.alias, migration):
                _ = state.apps
                state = self.apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
            else:
                # Without rendered models, a change of the state is a change of a few dictionaries.
                state.__dict__.pop("apps", None)
                state = migration.mutate_state(state, preserve=False)
                if migration in to_run:
                    self.record_migration(migration)  # type: ignore[call-arg,arg-type]
            to_run.discard(migration)
        return state


def concerns(alias: str, migration: Migration) -> bool:
    """Whether a step of this migration does something in the store."""
    return any(_concerns(alias, migration.app_label, operation) for operation in migration.operations)


def _concerns(alias: str, app: str, operation: Operation) -> bool:
    inner: list[Any] = [*getattr(operation, "database_operations", ())]
    if inner:
        return any(_concerns(alias, app, one) for one in inner)
    model = getattr(operation, "model_name", "") or getattr(operation, "name", "")
    hints = getattr(operation, "hints", None)
    if hints is not None:
        return bool(router.allow_migrate(alias, app, **hints))
    return bool(router.allow_migrate(alias, app, model_name=str(model).lower()))


def migrate(alias: str) -> None:
    """Brings a store up to date. Killed at any moment, it goes on from there when called again."""
    connection = connections[alias]
    if alias != "default":
        executor: Whole = _SmallStore(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        return
    executor = Whole(connection)
    executor.loader.check_consistent_history(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    before: ProjectState = executor._create_project_state(with_applied_migrations=True)  # type: ignore[attr-defined]
    # Names of models that Django keeps as rows are in the language of the code, whoever calls.
    with translation.override(None):
        # Sent also if nothing waits: a start killed between the last migration and these is made good by the next.
        emit_pre_migrate_signal(0, False, alias, apps=before.apps, plan=plan)
        after = executor.migrate(executor.loader.graph.leaf_nodes(), plan=plan, state=before.clone())
        # Models are rendered anew: what a migration left rendered may point at models of before.
        after.clear_delayed_apps_cache()
        emit_post_migrate_signal(0, False, alias, apps=after.apps, plan=plan)


def is_up_to_date() -> bool:
    """Whether every migration of this version has been applied to every store; quicker than making a plan of them."""
    ours = set()
    for config in apps.get_app_configs():
        try:
            module = importlib.import_module(f"{config.name}.migrations")
        except ModuleNotFoundError:
            continue
        ours |= {(config.label, one.name) for one in pkgutil.iter_modules(module.__path__) if one.name[0] not in "_~"}
    return all(ours <= MigrationRecorder(connections[alias]).applied_migrations().keys() for alias in connections)
