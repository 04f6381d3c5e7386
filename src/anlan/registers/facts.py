"""What registers tell the other rooms: rows that are late, and objects of a kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.urls import reverse

from anlan.foundation.facts.kinds import LATENESS, OBJECTS, Late, Object
from anlan.foundation.facts.providers import FACTS
from anlan.registers.book import book
from anlan.registers.missing import missing
from anlan.registers.queries import DEGREE, holding
from anlan.registers.spec.model import Type
from anlan.registers.tables import column


def late(unit_ids: Iterable[int] | None = None, today: dt.date | None = None) -> Iterator[Late]:
    """Rows that are owed, not there and past their day, of these units or of all."""
    units = None if unit_ids is None else list(unit_ids)
    for one in book().values():
        for owed in missing(one, today=today, units=units, only_late=True):
            if owed.unit_id is not None:
                title = f"{one.register.title_zh} {owed.about} {owed.period}".replace("  ", " ")
                yield Late(title, owed.unit_id, owed.due, reverse("register-missing", args=[one.code]))


def objects(of: str = "", place: str = "", words: str = "") -> Iterator[Object]:
    """Live rows of one register, or of all; within a division; with these words."""
    for one in book().values():
        if of and one.code != of:
            continue
        rows = one.rows.filter(place__startswith=place) if place else one.rows
        if words:
            rows = holding(rows, words)
        points = one.spec.of_type(Type.POINT)
        sides = [f"{column(points[0])}_{part}" for part in ("lon", "lat")] if points else []
        for line in rows.order_by("row_id").values("row_id", "label", "unit_id", "place", *sides).iterator(1000):
            lon, lat = (line[side] for side in sides) if sides else (None, None)
            yield Object(
                one.code,
                line["row_id"],
                line["label"],
                reverse("register-row", args=[one.code, line["row_id"]]),
                line["unit_id"],
                line["place"],
                None if lon is None else lon / DEGREE,
                None if lat is None else lat / DEGREE,
            )


def offer() -> None:
    """Names the providers."""
    FACTS.offer(LATENESS.name, "registers", late)
    FACTS.offer(OBJECTS.name, "registers", objects)
