"""Units as the rows of a list, and a request for it, for the tests of this folder."""

from __future__ import annotations

from typing import Any

from django.test import RequestFactory
from tests import people

from anlan.foundation.org.models import Unit, UnitKind
from anlan.foundation.screens.listing import Column, Filter, Listing, words_in

COLUMNS = [
    Column[Unit]("short_name", "单位", sort="short_name", link=lambda unit: f"/unit/{unit.code}/"),
    Column[Unit]("kind", "类别", value=lambda unit: unit.get_kind_display(), sort="kind"),
    Column[Unit]("note", "说明", wide=True),
    Column[Unit]("number", "序号", value=lambda unit: unit.pk, kind="number", unit="号"),
]
FILTERS = [Filter[Unit]("kind", "类别", lambda: UnitKind.choices, lambda rows, value: rows.filter(kind=value))]


def listing(address: str = "/", **changes: Any) -> Listing[Unit]:
    """List of all units as this address asks for it."""
    options: dict[str, Any] = {
        "columns": COLUMNS,
        "filters": FILTERS,
        "search": words_in("short_name", "aliases__name"),
        "sort": "short_name",
        "per_page": 10,
        "export": "单位",
    }
    return Listing(RequestFactory().get(address), Unit.objects.all(), **(options | changes))


def names(one: Listing[Unit]) -> list[str]:
    """Names on the page in force."""
    return [line[0].text for line in one.lines()]


def twelve() -> list[Unit]:
    """Ten departments 甲00 … 甲09 and two townships 乙10, 乙11."""
    departments = [people.unit(f"甲{n:02}") for n in range(10)]
    return departments + [people.unit(f"乙{n}", UnitKind.TOWNSHIP) for n in (10, 11)]
