"""The three stores made ready: schemas, tables, the table of the cache. Doing it again changes nothing."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from anlan import packs
from anlan.foundation.access.actor import machine
from anlan.registers import installing
from anlan.settings import InputError, Words
from anlan.web.install import migrating
from anlan.web.stores import SCHEMAS

_LOG = logging.getLogger(__name__)


def prepare() -> None:
    """Makes what is missing in all three stores. Settings of Django must be loaded."""
    for alias, schema in SCHEMAS.items():
        connection = connections[alias]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # The names are our own, no input of anybody.
                cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        migrating.migrate(alias)
    call_command("createcachetable", database="scratch", verbosity=0)
    bring_registers()


def bring_registers() -> None:
    """Puts the specs of registers in force, of the product and of the pack; what is wrong with one is logged."""
    done = installing.bring(machine("start"), packs.find(settings.ANLAN.pack))
    for problem in done.problems:
        _LOG.warning("%s", problem.zh)


def waiting() -> dict[str, list[str]]:
    """Migrations that each store still waits for, as "app.name"."""
    found = {}
    for alias in SCHEMAS:
        executor = MigrationExecutor(connections[alias])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        found[alias] = [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
    return found


def unknown() -> list[str]:
    """Migrations applied to the business store that this version does not know: a newer one wrote it."""
    executor = MigrationExecutor(connections["default"])
    ours = executor.loader.disk_migrations or {}
    applied = executor.loader.applied_migrations or {}
    installed = {app for app, _ in ours}
    return sorted(f"{app}.{name}" for app, name in applied if app in installed and (app, name) not in ours)


def refuse_unknown() -> None:
    """Raises InputError if a newer version wrote the business store: there is no way back."""
    if names := unknown():
        raise InputError(
            Words(
                f"数据库由较新的版本写成（{names[0]} 等），不能降级：请安装较新的版本，或恢复升级前的备份",
                f"a newer version wrote the database ({names[0]}, …), and there is no way back: install that "
                "version, or restore the backup made before the upgrade",
            )
        )
