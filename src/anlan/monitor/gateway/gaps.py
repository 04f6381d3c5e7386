"""Gaps: periods of which a device sent nothing, and which of them to ask for next. Pure."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from anlan.monitor.hj212 import times

_LENGTH = {"2031": dt.timedelta(days=1), "2061": dt.timedelta(hours=1)}
# How far back gaps are looked for: loggers keep about so much, and people care about so much.
LOOK_BACK = {"2051": dt.timedelta(days=1), "2061": dt.timedelta(days=3), "2031": dt.timedelta(days=30)}
# After its end, a period has so much time to come by itself.
GRACE = {"2051": dt.timedelta(minutes=5), "2061": dt.timedelta(minutes=20), "2031": dt.timedelta(hours=2)}
# Asked in vain so often, then no more.
MOST_ASKED = 3


class Gap(NamedTuple):
    """Periods in a row that are missing: the start of the first and of the last, and how many they are."""

    cn: str
    first: dt.datetime
    last: dt.datetime
    periods: int


def length_of(cn: str, minutes: int) -> dt.timedelta | None:
    """Length of the periods of a command, None for minute data whose interval is not known."""
    return _LENGTH.get(cn) or (dt.timedelta(minutes=minutes) if minutes else None)


def expected(cn: str, since: dt.datetime, now: dt.datetime, minutes: int = 0) -> Iterator[dt.datetime]:
    """Starts of the periods that should be there by now, in Beijing time: from the first that begins after `since`."""
    length = length_of(cn, minutes)
    if length is None:
        return
    since = max(since, now - LOOK_BACK[cn]).astimezone(times.BEIJING)
    at = times.floor(since, length)
    if at < since:
        at += length
    while at + length + GRACE[cn] <= now:
        yield at
        at += length


def gaps(cn: str, there: Collection[dt.datetime], since: dt.datetime, now: dt.datetime, minutes: int = 0) -> list[Gap]:
    """Gaps among the periods that should be there, the oldest first.

    >>> day = dt.datetime(2026, 8, 1, tzinfo=times.BEIJING)
    >>> hours = [day + dt.timedelta(hours=n) for n in (0, 1, 4)]
    >>> [(gap.first.hour, gap.last.hour) for gap in gaps("2061", hours, day, day + dt.timedelta(hours=6))]
    [(2, 3)]
    """
    length = length_of(cn, minutes)
    found: list[Gap] = []
    for at in expected(cn, since, now, minutes):
        if at in there:
            continue
        if found and length is not None and found[-1].last + length == at:
            found[-1] = found[-1]._replace(last=at, periods=found[-1].periods + 1)
        else:
            found.append(Gap(cn, at, at, 1))
    return found


def interval(starts: Collection[dt.datetime]) -> int:
    """Interval of minute data by those that are there: the commonest distance in minutes, 0 where there are too few."""
    ordered = sorted(starts)
    counts: dict[int, int] = {}
    for one, following in itertools.pairwise(ordered):
        minutes = round((following - one).total_seconds() / 60)
        if 0 < minutes <= 60:
            counts[minutes] = counts.get(minutes, 0) + 1
    if sum(counts.values()) < 3:
        return 0
    return max(counts, key=lambda minutes: (counts[minutes], -minutes))


@dataclass(slots=True)
class Asked:
    """How often a gap was asked for, and when it may be asked for again."""

    times: int
    again_at: dt.datetime


class Memory:
    """Remembers what was asked for, so that a device that has nothing is not asked for ever."""

    def __init__(self) -> None:
        self._asked: dict[tuple[str, str, dt.datetime], Asked] = {}

    def choose(self, mn: str, found: Collection[Gap], now: dt.datetime) -> Gap | None:
        """Gap to ask this device for now, the oldest that may be; notes that it is asked for."""
        for gap in found:
            key = (mn, gap.cn, gap.first)
            asked = self._asked.get(key)
            if asked is not None and (asked.times >= MOST_ASKED or now < asked.again_at):
                continue
            times_asked = asked.times + 1 if asked else 1
            # 10 minutes, 40 minutes, then no more.
            self._asked[key] = Asked(times_asked, now + dt.timedelta(minutes=10 * 4 ** (times_asked - 1)))
            if len(self._asked) > 100_000:
                self._asked.pop(next(iter(self._asked)))
            return gap
        return None
