"""The chart of milestones as a drawing of its own: a line a project, a mark a milestone, months below. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

# Size of the drawing, in its own units.
WIDTH = 960
_LABEL, _RIGHT, _TOP, _ROW = 230, 24, 34, 40
# More months than this are labelled every third.
_MOST_LABELS = 14


@dataclass(frozen=True, slots=True)
class Point:
    """Milestone to draw: planned day, day reached (None while it is not)."""

    name: str
    planned: dt.date
    reached: dt.date | None


@dataclass(frozen=True, slots=True)
class Row:
    """Project to draw: its key and name, planned start and finish (None where unknown), milestones."""

    key: int
    name: str
    start: dt.date | None
    finish: dt.date | None
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Mark:
    """Milestone as drawn. `tone`: done, late_done (reached after its day), late, or open."""

    x: float
    y: float
    tone: str
    title: str
    path: str


@dataclass(frozen=True, slots=True)
class Line:
    """Project as drawn: its bar from planned start to finish, and its marks."""

    key: int
    name: str
    y: int
    middle: int
    bar: float
    width: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """Month on the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All of it; `today` is the place of the day's line, None where it lies outside."""

    width: int
    height: int
    left: int
    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    today: float | None
    bottom: int


def draw(rows: Iterable[Row], day: dt.date) -> Drawing | None:
    """Drawing of the projects that have milestones or planned days; None where none has any."""
    drawn = [one for one in rows if one.points or one.start or one.finish]
    days = [d for one in drawn for d in (one.start, one.finish, *_days(one)) if d is not None]
    if not days:
        return None
    first, last = min(days).replace(day=1), _month_after(max(days))
    room = WIDTH - _LABEL - _RIGHT
    span = (last - first).days

    def x(when: dt.date) -> float:
        return round(_LABEL + (when - first).days / span * room, 1)

    lines = []
    for place, one in enumerate(drawn):
        y = _TOP + place * _ROW
        middle = y + _ROW // 2
        known = [d for d in (one.start, one.finish, *_days(one)) if d is not None]
        begin, end = x(one.start or min(known)), x(one.finish or max(known))
        marks = tuple(_mark(point, x(point.reached or point.planned), middle, day) for point in one.points)
        name = one.name if len(one.name) <= 16 else one.name[:15] + "…"
        lines.append(Line(one.key, name, y, middle, begin, max(round(end - begin, 1), 1.0), marks))
    height = _TOP + len(drawn) * _ROW + 8
    today = x(day) if first <= day <= last else None
    return Drawing(WIDTH, height, _LABEL, tuple(lines), tuple(_ticks(first, last, x)), today, height - 8)


def _days(one: Row) -> list[dt.date]:
    return [d for point in one.points for d in (point.planned, point.reached) if d is not None]


def _month_after(day: dt.date) -> dt.date:
    return dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _ticks(first: dt.date, last: dt.date, x: Callable[[dt.date], float]) -> list[Tick]:
    months = []
    month = first
    while month < last:
        months.append(month)
        month = _month_after(month)
    step = 1 if len(months) <= _MOST_LABELS else 3 if len(months) <= 3 * _MOST_LABELS else 12
    return [Tick(x(one), f"{one:%Y-%m}") for place, one in enumerate(months) if place % step == 0]


def _mark(point: Point, x: float, y: int, day: dt.date) -> Mark:
    if point.reached is not None:
        tone = "late_done" if point.reached > point.planned else "done"
        title = f"{point.name} {point.planned} → {point.reached}"
    else:
        tone = "late" if point.planned < day else "open"
        title = f"{point.name} {point.planned}"
    # Shapes differ, so that a print without colour says the same.
    size = 7
    paths = {
        "done": f"M{x - size} {y}a{size} {size} 0 1 0 {2 * size} 0a{size} {size} 0 1 0 {-2 * size} 0",
        "late_done": f"M{x} {y - size}L{x + size} {y}L{x} {y + size}L{x - size} {y}Z",
        "late": f"M{x - size} {y - size}H{x + size}V{y + size}H{x - size}Z",
        "open": f"M{x} {y - size}L{x + size} {y + size}H{x - size}Z",
    }
    return Mark(x, y, tone, title, paths[tone])
