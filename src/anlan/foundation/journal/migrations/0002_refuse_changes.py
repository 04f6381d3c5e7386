"""Triggers in both stores: entries are only ever sealed, blocks never touched, neither is deleted."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_FIELDS = (
    "id", "at", "action", "outcome", "actor", "actor_name", "unit", "unit_name", "address", "request",
    "kind", "object_id", "label", "reason", "details",
)  # fmt: skip
_SAME = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in _FIELDS)
_MESSAGE = "the journal is append-only"

_SQLITE = (
    f"""CREATE TRIGGER journal_entry_kept BEFORE DELETE ON journal_entry
    BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END""",
    f"""CREATE TRIGGER journal_entry_only_sealed BEFORE UPDATE ON journal_entry
    WHEN NOT (OLD.block_id IS NULL AND NEW.block_id IS NOT NULL
      AND {_SAME.replace("IS NOT DISTINCT FROM", "IS")})
    BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END""",
    f"""CREATE TRIGGER journal_block_kept BEFORE DELETE ON journal_block
    BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END""",
    f"""CREATE TRIGGER journal_block_unchanged BEFORE UPDATE ON journal_block
    BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END""",
)
_POSTGRESQL = (
    f"""CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{_MESSAGE}'; END $$""",
    f"""CREATE FUNCTION journal_only_seal() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.block_id IS NULL AND NEW.block_id IS NOT NULL AND {_SAME} THEN RETURN NEW; END IF;
      RAISE EXCEPTION '{_MESSAGE}';
    END $$""",
    """CREATE TRIGGER journal_entry_kept BEFORE DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_refuse()""",
    """CREATE TRIGGER journal_entry_only_sealed BEFORE UPDATE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_only_seal()""",
    """CREATE TRIGGER journal_entry_not_emptied BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()""",
    """CREATE TRIGGER journal_block_kept BEFORE UPDATE OR DELETE ON journal_block
    FOR EACH ROW EXECUTE FUNCTION journal_refuse()""",
    """CREATE TRIGGER journal_block_not_emptied BEFORE TRUNCATE ON journal_block
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()""",
)


def guard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Puts the triggers in place."""
    if editor.connection.alias != "default":
        return
    for statement in _SQLITE if editor.connection.vendor == "sqlite" else _POSTGRESQL:
        editor.execute(statement)


class Migration(migrations.Migration):
    """No way back: a journal that can be opened for changes is none."""

    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(guard, elidable=False)]
