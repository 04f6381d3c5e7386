"""Migrations of the two small stores, without the work that only the business store needs.

Django runs every migration on every store, and for each step it rebuilds the models that hang on the changed one, also
where the step does nothing in that store. Nine of ten steps do nothing in `scratch` and `readings`: these are noted as
applied, and only the others are carried out. It makes a first start three times as fast.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

from django.apps import apps
from django.db import connections, router
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState


class _SmallStore(MigrationExecutor):
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
    """Brings a store other than the business store up to date."""
    executor = _SmallStore(connections[alias])
    executor.migrate(executor.loader.graph.leaf_nodes())


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
