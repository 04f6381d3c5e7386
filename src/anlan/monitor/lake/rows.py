"""From a frame to rows of readings. Pure."""

from __future__ import annotations

import functools
from decimal import ROUND_HALF_EVEN, Decimal

from anlan.monitor.hj212 import times
from anlan.monitor.hj212.frame import Frame
from anlan.monitor.hj212.layout import is_placeholder
from anlan.monitor.lake import kinds

OK, NO_VALUE = 0, 1
# More digits than any instrument has, and as many as both stores keep in a whole number.
_MOST_DIGITS = 18
# at, sender, factor, kind, digits, scale, flag, state, frame
Row = tuple[int, int, str, int, int | None, int, str, int, int]


@functools.lru_cache(maxsize=1 << 12)
def milliseconds(data_time: str) -> int | None:
    """Milliseconds since 1970 of a DataTime (Beijing time), None where it is no moment.

    >>> milliseconds("20160801080000")
    1470009600000
    """
    if not times.is_moment(data_time):
        return None
    return round(times.moment(data_time).timestamp() * 1000)


@functools.lru_cache(maxsize=1 << 14)
def exact(text: str) -> tuple[int | None, int]:
    """Whole number and decimals of a value as sent; None for a placeholder. Beyond 18 digits it is rounded half even.

    >>> exact("7.030"), exact("-0.041"), exact("-99.0"), exact("2.5e1")
    ((7030, 3), (-41, 3), (None, 0), (25, 0))
    """
    if (not text or text[0] == "-") and is_placeholder(text):
        return None, 0
    whole, _, part = text.partition(".")
    if len(text) <= _MOST_DIGITS and "e" not in text and "E" not in text:
        return int(whole + part), len(part)
    value = Decimal(text)
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    if len(digits) > _MOST_DIGITS or exponent < -_MOST_DIGITS:
        keep = max(0, min(_MOST_DIGITS - max(value.adjusted() + 1, 1), _MOST_DIGITS))
        value = value.quantize(Decimal(1).scaleb(-keep), ROUND_HALF_EVEN)
        exponent = -keep
    scale = max(0, -exponent)
    return int(value.scaleb(scale)), scale


def of(frame: Frame, sender: int, number: int) -> list[Row]:
    """Readings of a good frame: none where its command carries none, or its DataTime is missing."""
    kind_of = kinds.of_upload(frame.cn or "")
    if not kind_of or not frame.values:
        return []
    at = milliseconds(frame.fields.get("DataTime", ""))
    if at is None:
        return []
    rows: list[Row] = []
    for factor, items in frame.values.items():
        flag = items.get("Flag", "")[:16]
        for suffix, text in items.items():
            if suffix not in kind_of:
                continue
            kind = kind_of[suffix]
            digits, scale = exact(text)
            rows.append((at, sender, factor, kind, digits, scale, flag, OK if digits is not None else NO_VALUE, number))
    return rows
