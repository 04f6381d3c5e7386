"""Triggers in both stores: what happened is not taken away afterwards either."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_SQLITE = (
    """CREATE TRIGGER flow_event_kept BEFORE DELETE ON flow_event
    BEGIN SELECT RAISE(ABORT, 'events are append-only'); END""",
)
_POSTGRESQL = (
    """CREATE TRIGGER flow_event_kept BEFORE DELETE ON flow_event
    FOR EACH ROW EXECUTE FUNCTION flow_refuse()""",
    """CREATE TRIGGER flow_event_not_emptied BEFORE TRUNCATE ON flow_event
    FOR EACH STATEMENT EXECUTE FUNCTION flow_refuse()""",
)


def guard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Puts the triggers in place."""
    if editor.connection.alias != "default":
        return
    for statement in _SQLITE if editor.connection.vendor == "sqlite" else _POSTGRESQL:
        editor.execute(statement)


class Migration(migrations.Migration):
    """No way back: events that can be taken away are none."""

    dependencies = [("flow", "0002_refuse_changes")]
    operations = [migrations.RunPython(guard, elidable=False)]
