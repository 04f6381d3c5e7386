"""The projection table of a register: typed, indexed columns made from its spec. A model in a registry of its own.

One row a live row of the register. Numbers are whole, of the spec's scale; a point is two whole numbers of 10**-7
degrees; what a reference is called stands beside its key, so that lists sort and search by it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.apps.registry import Apps
from django.db import connection, models

from anlan.registers.spec.model import FILES, OF_CHOICES, Field, Spec, Type

_NUMBERS = (Type.INTEGER, Type.DECIMAL, Type.QUANTITY, Type.COMPUTED)
_INDEXED = (Type.UNIT, Type.PLACE, Type.REFERENCE)
# Of few values each: an index would lead SQLite to sort half of the table instead of reading it in the order asked for,
# and cost every import a second.
_OF_FEW = (Type.CHOICE, Type.JUDGED, Type.YESNO)


def name(spec: Spec) -> str:
    """Name of the table of this version."""
    return f"reg_{spec.id}_v{spec.version}"


def column(field: Field | str) -> str:
    """Column of a field, or of the period or state."""
    if isinstance(field, str):
        return field if field in ("period", "state") else f"f_{field}"
    return f"f_{field.id}"


def model(spec: Spec, table: str) -> type[models.Model]:
    """Model of the projection, unknown to Django's own registry: no migration makes it."""
    meta = type("Meta", (), {"app_label": "registers", "apps": Apps(), "db_table": table, "managed": False})
    attributes: dict[str, Any] = {
        "__module__": __name__,
        "Meta": meta,
        "row_id": models.BigIntegerField(primary_key=True),
        "label": models.CharField(max_length=300),
        "words": models.TextField(),
        "unit_id": models.BigIntegerField(null=True),
        "place": models.CharField(max_length=12),
        "period": models.CharField(max_length=8),
        "state": models.CharField(max_length=40),
        "flags": models.IntegerField(),
        "sample": models.BooleanField(),
        "changed_at": models.DateTimeField(),
    }
    for field in spec.fields:
        for column_name, made in _columns(field):
            attributes[column_name] = made
    attributes["__str__"] = lambda self: self.label
    made_model: type[models.Model] = type("Projected", (models.Model,), attributes)
    return made_model


def _columns(field: Field) -> Iterable[tuple[str, models.Field[Any, Any]]]:
    front = column(field)
    if field.type in _NUMBERS or field.type is Type.UNIT:
        yield front, models.BigIntegerField(null=True)
    elif field.type is Type.DATE:
        yield front, models.DateField(null=True)
    elif field.type is Type.YESNO:
        yield front, models.BooleanField(null=True)
    elif field.type in OF_CHOICES:
        yield front, models.CharField(max_length=40, null=True)
    elif field.type is Type.PLACE:
        yield front, models.CharField(max_length=12, null=True)
    elif field.type is Type.POINT:
        yield f"{front}_lon", models.BigIntegerField(null=True)
        yield f"{front}_lat", models.BigIntegerField(null=True)
    elif field.type is Type.GEOMETRY:
        yield front, models.TextField(null=True)
        for side in ("west", "south", "east", "north"):
            yield f"{front}_{side}", models.BigIntegerField(null=True)
    elif field.type in FILES:
        yield front, models.IntegerField(null=True)
    elif field.type is Type.REFERENCE:
        yield front, models.BigIntegerField(null=True)
        yield f"{front}_label", models.TextField(null=True)
    else:
        yield front, models.TextField(null=True)


def indexed(spec: Spec) -> list[tuple[str, ...]]:
    """Columns with an index: what lists filter and sort by, what permissions and references ask."""
    found: list[tuple[str, ...]] = []
    if spec.unit:
        found.append(("unit_id",))
    if spec.place:
        found.append(("place",))
    if spec.period:
        found.append(("period",))
    for field in spec.fields:
        if field.id in (spec.unit, spec.place):
            continue
        if field.type is Type.REFERENCE:
            found += [(column(field),), (f"{column(field)}_label",)]
        elif field.type in _INDEXED or (field.id in spec.columns and field.type not in _OF_FEW):
            found.append((column(field),))
        elif field.type is Type.GEOMETRY:
            found.append((f"{column(field)}_west", f"{column(field)}_east"))
        elif any(field.id in check.unique for check in spec.checks):
            found.append((column(field),))
    return found


def create(spec: Spec, table: str, made: type[models.Model]) -> None:
    """Makes table and indexes, within the transaction that is open."""
    columns = []
    for field in made._meta.local_fields:
        if field.primary_key:
            # On SQLite the key is then the row's own number, and needs no index.
            kind = "integer" if connection.vendor == "sqlite" else "bigint"
            columns.append(f"{_quoted(field.column)} {kind} NOT NULL PRIMARY KEY")
        else:
            null = "NULL" if field.null else "NOT NULL"
            columns.append(f"{_quoted(field.column)} {field.db_type(connection)} {null}")
    with connection.cursor() as cursor:
        # One that an installation left half done, or whose register is gone.
        cursor.execute(f"DROP TABLE IF EXISTS {_quoted(table)}")
        cursor.execute(f"CREATE TABLE {_quoted(table)} ({', '.join(columns)})")
        for parts in indexed(spec):
            index = f"{table}_{hashlib.sha256('/'.join(parts).encode()).hexdigest()[:8]}"
            cursor.execute(
                f"CREATE INDEX {_quoted(index)} ON {_quoted(table)} ({', '.join(_quoted(part) for part in parts)})"
            )


def drop(table: str) -> None:
    """Removes a table; its revisions stay."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {_quoted(table)}")


def _quoted(identifier: str | None) -> str:
    return connection.ops.quote_name(str(identifier))
