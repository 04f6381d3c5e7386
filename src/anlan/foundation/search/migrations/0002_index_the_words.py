"""The stores' own full-text indexes over the tokens."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def index(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Makes the index; tokens are separated by spaces already, so neither store needs to know Chinese."""
    if editor.connection.alias != "default":
        return
    if editor.connection.vendor == "sqlite":
        editor.execute("CREATE VIRTUAL TABLE search_words USING fts5(tokens, tokenize='unicode61')")
    else:
        editor.execute("CREATE INDEX search_hit_words ON search_hit USING gin (to_tsvector('simple', tokens))")


class Migration(migrations.Migration):
    """Made once; the nightly job fills it anew."""

    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(index, elidable=False)]
