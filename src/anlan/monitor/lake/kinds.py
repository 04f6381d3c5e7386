"""Kinds of readings: what stands behind a value (statistic) and for how long it stands (period), as one number."""

from __future__ import annotations

import functools

from anlan.monitor.hj212 import tables
from anlan.settings import Words

# The order is kept for ever: rows hold the numbers.
_STATISTICS = ("Rtd", "Min", "Avg", "Max", "Cou", "ZsRtd", "ZsMin", "ZsAvg", "ZsMax")
_PERIODS = ("", "minute", "hour", "day", "lab")
_WIDTH = 32
# Uploads whose values are readings, with the period their DataTime begins.
_UPLOADS = {"2011": "", "2051": "minute", "2061": "hour", "2031": "day"}
LAB = _PERIODS.index("lab") * _WIDTH
_STATISTIC_WORDS = {
    "Rtd": Words("实时值", "real-time"),
    "Min": Words("最小值", "minimum"),
    "Avg": Words("均值", "mean"),
    "Max": Words("最大值", "maximum"),
    "Cou": Words("累计值", "total"),
    "ZsRtd": Words("折算实时值", "converted, real-time"),
    "ZsMin": Words("折算最小值", "converted, minimum"),
    "ZsAvg": Words("折算均值", "converted, mean"),
    "ZsMax": Words("折算最大值", "converted, maximum"),
}
_PERIOD_WORDS = {
    "": Words("", ""),
    "minute": Words("分钟", "minute"),
    "hour": Words("小时", "hour"),
    "day": Words("日", "day"),
    "lab": Words("化验", "lab"),
}


@functools.cache
def of_upload(cn: str) -> dict[str, int]:
    """Kind of each item of an upload by its suffix; empty for a message whose values are no readings.

    >>> of_upload("2061")["Avg"]
    66
    """
    if cn not in _UPLOADS:
        return {}
    first = _PERIODS.index(_UPLOADS[cn]) * _WIDTH
    measured = [suffix for suffix, kind in tables.suffixes().items() if kind == "measured"]
    return {suffix: first + _STATISTICS.index(suffix) for suffix in measured}


def name(kind: int) -> str:
    """Kind as exports print it: Rtd, minute-Avg, hour-Avg, day-Cou, lab.

    >>> [name(0), name(66), name(LAB)]
    ['Rtd', 'hour-Avg', 'lab']
    """
    period, statistic = divmod(kind, _WIDTH)
    if kind == LAB:
        return "lab"
    return "-".join(filter(None, (_PERIODS[period], _STATISTICS[statistic])))


def words(kind: int) -> Words:
    """Kind in words."""
    period, statistic = divmod(kind, _WIDTH)
    if kind == LAB:
        return _PERIOD_WORDS["lab"]
    first, second = _PERIOD_WORDS[_PERIODS[period]], _STATISTIC_WORDS[_STATISTICS[statistic]]
    return Words(first.zh + second.zh, f"{first.en} {second.en}".strip())
