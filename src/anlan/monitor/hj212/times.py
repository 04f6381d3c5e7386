"""Times of HJ 212: Beijing time without an offset; the time of a mean is the start of its period."""

from __future__ import annotations

import datetime as dt
import functools
import re

from anlan.monitor.hj212 import tables

BEIJING = dt.timezone(dt.timedelta(hours=8))
_MINUTE = re.compile(r"[0-9]{8}(?:[01][0-9]|2[0-3])[0-5][0-9]", re.ASCII)
_SECONDS = frozenset(f"{second:02d}" for second in range(60))
_LENGTH = {"day": dt.timedelta(days=1), "hour": dt.timedelta(hours=1)}


@functools.lru_cache(maxsize=4096)
def _is_minute(digits: str) -> bool:
    if not _MINUTE.fullmatch(digits):
        return False
    try:
        dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True


def is_moment(text: str) -> bool:
    """Whether a text of 14 digits (YYYYMMDDhhmmss), or 17 with milliseconds, is a moment that exists.

    >>> is_moment("20160801085857"), is_moment("20210230000000"), is_moment("20160801240000")
    (True, False, False)
    """
    # The frames of a minute share its digits, which are remembered.
    if text[12:14] not in _SECONDS or not _is_minute(text[:12]):
        return False
    return len(text) == 14 or (len(text) == 17 and text.isascii() and text[14:].isdigit())


def moment(text: str) -> dt.datetime:
    """Moment of 14 or 17 digits. Raises ValueError for a text that `is_moment` refuses."""
    if not is_moment(text):
        raise ValueError(text)
    micro = int(text[14:] or 0) * 1000
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
    return dt.datetime(year, month, day, int(text[8:10]), int(text[10:12]), int(text[12:14]), micro, BEIJING)


def starts_period(cn: str, text: str) -> bool:
    """Whether the DataTime of a mean is the start of a minute, an hour or a day, as its CN asks."""
    end = {"minute": "00", "hour": "0000", "day": "000000"}.get(tables.periods().get(cn, ""), "")
    return text[:14].endswith(end)


def period(cn: str, data_time: str, minutes: int = 10) -> tuple[dt.datetime, dt.datetime] | None:
    """Start and end (exclusive) of the period a DataTime stands for; None where CN is no mean or the time is wrong.

    `minutes` is the interval of minute data (CN 2051), which frames do not carry.

    >>> [edge.isoformat() for edge in period("2061", "20160801080000")]
    ['2016-08-01T08:00:00+08:00', '2016-08-01T09:00:00+08:00']
    """
    unit = tables.periods().get(cn)
    if unit is None or not is_moment(data_time):
        return None
    start = moment(data_time)
    try:
        return start, start + _LENGTH.get(unit, dt.timedelta(minutes=minutes))
    except OverflowError:
        return None


def digits(when: dt.datetime, milliseconds: bool = False) -> str:
    """Moment in the digits of a frame: 14, or 17 as a QN has them. A moment without zone is Beijing time.

    >>> digits(dt.datetime(2016, 8, 1, 0, 58, 57, 223000, dt.UTC), milliseconds=True)
    '20160801085857223'
    """
    if when.tzinfo is not None:
        when = when.astimezone(BEIJING)
    text = f"{when:%Y%m%d%H%M%S}".rjust(14, "0")
    return f"{text}{when.microsecond // 1000:03d}" if milliseconds else text


def floor(when: dt.datetime, length: dt.timedelta) -> dt.datetime:
    """Start of the period of this length, counted from midnight, in which a moment lies."""
    midnight = when.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (when - midnight) // length * length
