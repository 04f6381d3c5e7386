"""Tasks by month, chapter and light: what the timeline shows, counted by the store."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Case, Count, IntegerField, Max, Min, QuerySet, Value, When
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from anlan.foundation.screens.marks import light
from anlan.plan.lights import shining
from anlan.plan.models import Task

COLOURS = ("red", "yellow", "green", "done", "")
_MOST_MONTHS = 60
_CODES = {colour: code for code, colour in enumerate(COLOURS)}


@dataclass(slots=True)
class Cell:
    """Tasks of one chapter due in one month (None: without a date): how many of each colour."""

    month: dt.date | None
    lights: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many in all."""
        return sum(self.lights.values())

    @property
    def worst(self) -> str:
        """The worst colour among them."""
        return next((colour for colour in COLOURS if self.lights.get(colour)), "")

    @property
    def told(self) -> str:
        """The same in words: 红灯 2，绿灯 5."""
        found = [(light(colour), self.lights[colour]) for colour in COLOURS if self.lights.get(colour)]
        return _("，").join(f"{mark} {number}" for mark, number in found)


@dataclass(slots=True)
class Timeline:
    """Months that have tasks (None for tasks without a date), and a line of cells for each chapter."""

    months: list[dt.date | None]
    lines: list[tuple[str, list[Cell]]]
    totals: list[Cell]


def timeline(rows: QuerySet[Task], today: dt.date) -> Timeline:
    """Counts of the tasks by chapter (in the order of the plan), month of their due day and light. One query."""
    counted = (
        rows.order_by()
        .annotate(month=TruncMonth("due"), colour=_colour(today))
        .values("chapter", "month", "colour")
        .annotate(n=Count("pk"), first=Min("order"))
    )
    cells: dict[tuple[str, dt.date | None], Cell] = {}
    order: dict[str, int] = {}
    months: set[dt.date | None] = set()
    for row in counted:
        chapter, month, colour = row["chapter"], row["month"], COLOURS[row["colour"]]
        order[chapter] = min(order.get(chapter, row["first"]), row["first"])
        months.add(month)
        for key in ((chapter, month), ("\0", month)):
            cell = cells.setdefault(key, Cell(month))
            cell.lights[colour] = cell.lights.get(colour, 0) + row["n"]
    across = sorted((month for month in months if month), key=lambda month: month)
    columns: list[dt.date | None] = [*across, *([None] if None in months else [])]
    return Timeline(
        columns,
        [
            (chapter, [cells.get((chapter, month)) or Cell(month) for month in columns])
            for chapter in sorted(order, key=lambda one: (order[one], one))
        ],
        [cells["\0", month] for month in columns],
    )


def colours(rows: QuerySet[Task], today: dt.date) -> dict[str, int]:
    """How many of the tasks are of each colour. One query."""
    counted = rows.order_by().annotate(colour=_colour(today)).values_list("colour").annotate(n=Count("pk"))
    found = dict.fromkeys(COLOURS, 0)
    for code, number in counted:
        found[COLOURS[code]] = number
    return found


def in_month(rows: QuerySet[Task], month: dt.date) -> QuerySet[Task]:
    """Those of the tasks that are due in the month of this day."""
    first = month.replace(day=1)
    after = (first + dt.timedelta(days=31)).replace(day=1)
    return rows.filter(due__gte=first, due__lt=after)


def months(rows: QuerySet[Task]) -> list[dt.date]:
    """First days of the months from the first to the last day on which a task is due, five years of them at most.

    From the two ends, which an index gives: to ask each of ten thousand tasks for its month takes a tenth of a second.
    """
    ends = rows.order_by().aggregate(first=Min("due"), last=Max("due"))
    first, last = ends["first"], ends["last"]
    if first is None or last is None:
        return []
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    start = first.year * 12 + first.month - 1
    return [dt.date(n // 12, n % 12 + 1, 1) for n in range(start, start + min(count, _MOST_MONTHS))]


def _colour(today: dt.date) -> Case:
    whens = [When(shining(colour, today), then=Value(code)) for colour, code in _CODES.items() if colour]
    return Case(*whens, default=Value(_CODES[""]), output_field=IntegerField())
