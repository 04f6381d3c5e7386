"""Triggers in both stores: what happened is not changed afterwards."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_MESSAGE = "events are append-only"
_SQLITE = (
    f"""CREATE TRIGGER flow_event_unchanged BEFORE UPDATE ON flow_event
    BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END""",
)
_POSTGRESQL = (
    f"""CREATE FUNCTION flow_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{_MESSAGE}'; END $$""",
    """CREATE TRIGGER flow_event_unchanged BEFORE UPDATE ON flow_event
    FOR EACH ROW EXECUTE FUNCTION flow_refuse()""",
)


def guard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Puts the triggers in place."""
    if editor.connection.alias != "default":
        return
    for statement in _SQLITE if editor.connection.vendor == "sqlite" else _POSTGRESQL:
        editor.execute(statement)


class Migration(migrations.Migration):
    """No way back: events that can be opened for changes are none."""

    dependencies = [("flow", "0001_initial")]
    operations = [migrations.RunPython(guard, elidable=False)]
