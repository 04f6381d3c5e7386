"""A list that may be millions of rows long: a page begins after a key, and nobody counts to the end.

With OFFSET the store walks over all rows before the page, and a total reads them all.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TypeVar

from django.db.models import Model, QuerySet

from anlan.foundation.screens.listing import Chip, Listing

M = TypeVar("M", bound=Model)

# Counted to here at most.
MOST = 10_000
_PLACES = ("before", "after")


class LongListing(Listing[M]):
    """Listing of rows ordered by falling key. The address says `before=KEY` for older rows, `after=KEY` for newer ones.

    Its columns cannot be sorted. The template is journal/list.html.
    """

    def url(self, **changes: str) -> str:
        """Address of this list with some names set; begins at the newest unless `before` or `after` is set."""
        changes = dict.fromkeys(_PLACES, "") | changes
        return super().url(**changes)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Names and values that the search form carries along."""
        return [(name, value) for name, value in super().kept if name not in _PLACES]

    @cached_property
    def window(self) -> tuple[list[M], bool, bool]:
        """Rows of this page, and whether there are newer and older ones."""
        after, before = self._key("after"), self._key("before")
        if after is not None:
            near = list(self.rows.filter(pk__gt=after).order_by("pk")[: self.per_page + 1])
            return near[: self.per_page][::-1], len(near) > self.per_page, True
        rows: QuerySet[M] = self.rows if before is None else self.rows.filter(pk__lt=before)
        found = list(rows[: self.per_page + 1])
        return found[: self.per_page], before is not None, len(found) > self.per_page

    @cached_property
    def count(self) -> int | None:
        """Number of rows that filters leave, up to MOST + 1; None where a search would read them all to tell."""
        shown, newer, older = self.window
        if self.words:
            return None if newer or older else len(shown)
        return self.rows.order_by()[: MOST + 1].count()

    @property
    def is_long(self) -> bool:
        """Whether there are more than MOST."""
        return self.count is not None and self.count > MOST

    @property
    def newer_url(self) -> str:
        """Address of the page of newer rows, "" where there are none."""
        shown, newer, _ = self.window
        return self.url(after=str(shown[0].pk)) if newer and shown else ""

    @property
    def older_url(self) -> str:
        """Address of the page of older rows, "" where there are none."""
        shown, _, older = self.window
        return self.url(before=str(shown[-1].pk)) if older and shown else ""

    @property
    def newest_url(self) -> str:
        """Address of the first page, "" on it."""
        return self.url() if self.window[1] else ""

    @property
    def shown(self) -> list[M]:
        """Rows of this page."""
        return self.window[0]

    @cached_property
    def chips(self) -> list[Chip]:
        """Filters as shown; those that offer nothing here are left out."""
        return [chip for chip in super().chips if chip.links]

    def _key(self, name: str) -> int | None:
        """Key in the address; what is none is taken for none, and the list begins at the newest."""
        wanted = self.request.GET.get(name, "")
        return int(wanted) if re.fullmatch("[0-9]{1,18}", wanted) else None
