"""Writing changed rows back, many at a time.

Django's own way builds one statement with a case for every row and column: for the targets of a large plan that takes
ten seconds, in which nobody else may write.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def rewrite(rows: Iterable[models.Model], names: Sequence[str]) -> int:
    """Writes these fields of rows of one model, one statement for all; gives their number. In a transaction."""
    changed = list(rows)
    if not changed:
        return 0
    meta = changed[0]._meta
    wanted = set(names)
    fields = [field for field in meta.concrete_fields if field.name in wanted]
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    values: list[list[Any]] = [
        [*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields), row.pk]
        for row in changed
    ]
    key = quote(str(meta.pk.column))
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {key} = %s", values)
    return len(changed)
