"""Rows as the layer of a map: GeoJSON, written piece by piece."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from anlan.registers import tables
from anlan.registers.book import Installed
from anlan.registers.queries import DEGREE
from anlan.registers.spec.model import STATE, Type


def style(installed: Installed) -> dict[str, Any]:
    """How the layer is drawn: symbol, colour, colours by value."""
    drawn = installed.spec.map
    assert drawn is not None
    return {"symbol": drawn.symbol, "colour": drawn.colour, "by": drawn.by, "colours": dict(drawn.colours)}


def collection(installed: Installed, rows: QuerySet[Any], lang: str) -> Iterator[str]:
    """FeatureCollection of the rows that have a place; coordinates are degrees of CGCS2000."""
    spec, drawn = installed.spec, installed.spec.map
    assert drawn is not None
    field, column = spec.field(drawn.field), tables.column(drawn.field)
    by = "" if not drawn.by else STATE if drawn.by == STATE else tables.column(drawn.by)
    names = ["row_id", "label", "state", *([by] if by and by != STATE else [])]
    names += [f"{column}_lon", f"{column}_lat"] if field.type is Type.POINT else [column]
    head = {"type": "FeatureCollection", "title": spec.title.speak(lang), "style": style(installed)}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "features": ['
    placed = f"{column}_lon" if field.type is Type.POINT else column
    first = True
    for line in rows.filter(**{f"{placed}__isnull": False}).order_by("row_id").values(*names).iterator(chunk_size=1000):
        if field.type is Type.POINT:
            point = [line[f"{column}_lon"] / DEGREE, line[f"{column}_lat"] / DEGREE]
            geometry: Any = {"type": "Point", "coordinates": point}
        else:
            geometry = json.loads(line[column])
        feature = {
            "type": "Feature",
            "id": line["row_id"],
            "geometry": geometry,
            "properties": {
                "label": line["label"],
                "state": line["state"],
                "by": line[by] if by else "",
                "url": f"/registers/{spec.id}/{line['row_id']}/",
            },
        }
        yield ("" if first else ",\n") + json.dumps(feature, ensure_ascii=False)
        first = False
    yield "]}\n"
