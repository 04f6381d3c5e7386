"""Gaps among the periods of a device, and which to ask for."""

from __future__ import annotations

import datetime as dt

from anlan.monitor.gateway import gaps
from anlan.monitor.hj212.times import BEIJING

DAY = dt.datetime(2026, 8, 1, tzinfo=BEIJING)
HOUR = dt.timedelta(hours=1)


def test_missing_hours_in_a_row_are_one_gap() -> None:
    there = {DAY + n * HOUR for n in (0, 1, 4, 6)}
    found = gaps.gaps("2061", there, DAY, DAY + 8 * HOUR)
    # 7:00 is over at 8:00 and has until 8:20 to come by itself.
    assert [(gap.first.hour, gap.last.hour, gap.periods) for gap in found] == [(2, 3, 2), (5, 5, 1)]


def test_the_last_hour_has_time_to_come_by_itself() -> None:
    assert gaps.gaps("2061", {DAY}, DAY, DAY + 2 * HOUR + dt.timedelta(minutes=19)) == []
    (gap,) = gaps.gaps("2061", {DAY}, DAY, DAY + 2 * HOUR + dt.timedelta(minutes=20))
    assert gap.first == DAY + HOUR


def test_days_begin_at_midnight_in_beijing() -> None:
    (gap,) = gaps.gaps("2031", {DAY}, DAY, DAY + dt.timedelta(days=2, hours=3))
    assert gap.first == DAY + dt.timedelta(days=1)


def test_minutes_need_their_interval() -> None:
    there = {DAY + n * dt.timedelta(minutes=10) for n in (0, 1, 2, 4)}
    now = DAY + dt.timedelta(minutes=55)
    assert gaps.gaps("2051", there, DAY, now) == []
    (gap,) = gaps.gaps("2051", there, DAY, now, gaps.interval(there))
    assert (gap.first.minute, gap.periods) == (30, 1)


def test_the_interval_is_the_commonest_distance() -> None:
    assert gaps.interval({DAY + dt.timedelta(minutes=n) for n in (0, 5, 10, 15, 40)}) == 5
    assert gaps.interval({DAY, DAY + dt.timedelta(minutes=5)}) == 0


def test_nothing_is_looked_for_beyond_what_loggers_keep() -> None:
    found = gaps.gaps("2061", set(), DAY, DAY + dt.timedelta(days=30))
    assert found[0].first == DAY + dt.timedelta(days=27)


def test_a_gap_is_asked_for_three_times_and_ever_later() -> None:
    memory = gaps.Memory()
    gap = gaps.Gap("2061", DAY, DAY, 1)
    asked = []
    for minute in range(0, 600, 5):
        now = DAY + dt.timedelta(minutes=minute)
        if memory.choose("mn", [gap], now):
            asked.append(minute)
    assert asked == [0, 10, 50]


def test_the_oldest_gap_that_may_be_asked_for_comes_first() -> None:
    memory = gaps.Memory()
    one, other = gaps.Gap("2061", DAY, DAY, 1), gaps.Gap("2061", DAY + 5 * HOUR, DAY + 5 * HOUR, 1)
    assert memory.choose("mn", [one, other], DAY) == one
    assert memory.choose("mn", [one, other], DAY) == other
    assert memory.choose("mn", [one, other], DAY) is None
    assert memory.choose("another", [one], DAY) == one
