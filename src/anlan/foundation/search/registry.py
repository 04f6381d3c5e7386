"""What the rooms let people find. A room says so in its `searchable.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules


@dataclass(frozen=True, slots=True)
class Found:
    """How an object is shown and found: title, a line below it, address, and further text it is found by."""

    title: str
    url: str
    detail: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Kind of object that can be found: its heading, its rows, the permission that shows one, how one is found.

    `found` gives None for a row that is not to be found (a void task).
    """

    kind: str
    heading: str | Promise
    rows: Callable[[], models.QuerySet[Any]]
    permission: str
    found: Callable[[Any], Found | None]


_SOURCES: dict[str, Source] = {}


def register(source: Source) -> None:
    """Registers a kind; the last one of a name counts."""
    _SOURCES[source.kind] = source


def sources() -> dict[str, Source]:
    """All kinds, in the order of their registration."""
    autodiscover_modules("searchable")
    return _SOURCES
