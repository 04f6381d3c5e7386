"""Triggers in both stores: a revision is never changed or deleted, a row never deleted."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_MESSAGE = "revisions of registers are append-only"
_GUARDED = (
    ("registers_revision", "UPDATE"),
    ("registers_revision", "DELETE"),
    ("registers_row", "DELETE"),
)
_FUNCTION = f"""CREATE FUNCTION registers_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{_MESSAGE}'; END $$"""


def guard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Puts the triggers in place."""
    if editor.connection.alias != "default":
        return
    sqlite = editor.connection.vendor == "sqlite"
    if not sqlite:
        editor.execute(_FUNCTION)
    for table, what in _GUARDED:
        name = f"{table}_no_{what.lower()}"
        body = (
            f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
            if sqlite
            else "FOR EACH ROW EXECUTE FUNCTION registers_refuse()"
        )
        editor.execute(f"CREATE TRIGGER {name} BEFORE {what} ON {table} {body}")


class Migration(migrations.Migration):
    """No way back: revisions that can be opened for changes are none."""

    dependencies = [("registers", "0001_registers_rows_revisions")]
    operations = [migrations.RunPython(guard, elidable=False)]
