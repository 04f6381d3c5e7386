"""Paging of lists in the interface: {"items": [...], "count": how many there are in all}."""

# No annotations of the future here: the interface reads these as types when the module is loaded.

from ninja import Schema
from ninja.pagination import LimitOffsetPagination
from pydantic import Field


class Paging(LimitOffsetPagination):
    """`limit` rows from `offset` on: 100 at a time unless asked otherwise, 500 at most."""

    class Input(Schema):
        """Which rows."""

        limit: int = Field(100, ge=1, le=500)
        # Beyond it no table has rows, and no store counts that far.
        offset: int = Field(0, ge=0, le=1_000_000_000)
