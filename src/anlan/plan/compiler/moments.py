"""Moments as plans print them (2025年9月底, 三季度末, 2025.6.30): their patterns, and the last day of each."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from anlan.plan.compiler.model import Precision

_DIGITS = dict(zip("○零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
YEAR = r"(?:(?:19|20)\d{2}|[一二][○零九][○零一二三四五六七八九]{2}|今|本|明|当)年"
_YG = rf"(?P<y>{YEAR})(?:度)?"
MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九元])月份?"
DAY = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|二十|[一二三四五六七八九])[日号]"
QUARTER = "第?[一二三四1-4]季度"
HALF_YEAR = "[上下]半年"
PART = "上旬|中旬|下旬|月?底|月?末|月?初|月?中"
HOUR = r"(?:下班|(?:上午|下午|中午|晚上?)?\d{1,2}[时点：:](?:\d{1,2}分?)?)?"
BEFORE = "(?:之前|以前(?!沿|期)|前(?!沿|期|述))"
INSIDE = "(?:之内|以内|内)"
_DOTTED = r"(?:20\d{2}[./-](?:1[0-2]|0?[1-9])(?:[./-](?:3[01]|[12]\d|0?[1-9]))?(?![\d.%]))"
POINT = rf"(?:(?:{YEAR}度?)?{MONTH}(?:{DAY}|{PART})?|(?:{YEAR}度?)?(?:{QUARTER}|{HALF_YEAR})(?:底|末|初|中)?|{YEAR}(?:年?底|年?末|年?初|年?中|全年)?|{_DOTTED})"  # noqa: E501
_BY_DOTS = re.compile(r"20\d{2}[./-]")
_PARSE = re.compile(
    rf"(?:{_YG})?(?:(?P<m>{MONTH})(?:(?P<d>{DAY})|(?P<part>{PART}))?|(?P<q>{QUARTER})|(?P<h>{HALF_YEAR})|(?P<yp>年?底|年?末|年?初|年?中|全年))?"
)


def year_of(token: str | None, default: int | None, document: int | None) -> int | None:
    """Year that a token names (2025年, 今年); `default` without a token, `document` is the year of 今年."""
    if not token:
        return default
    token = token.rstrip("年")
    if token in ("今", "本", "当"):
        return document
    if token == "明":
        return document + 1 if document else None
    if token.isdigit():
        return int(token)
    return int("".join(str(_DIGITS.get(c, 0)) for c in token))


def month_of(token: str) -> int:
    """Month that 9月, 十二月 or 元月 names."""
    token = token.removesuffix("份").removesuffix("月")
    if token.isdigit():
        return int(token)
    if token == "元":
        return 1
    return 10 + _DIGITS.get(token[1:], 0) if token.startswith("十") else _DIGITS[token]


def day_number(token: str) -> int:
    """Day that 15日 or 三十一日 names."""
    token = token[:-1]
    if token.isdigit():
        return int(token)
    tens, found, ones = token.partition("十")
    if not found:
        return _DIGITS[token]
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def month_end(year: int, month: int) -> dt.date:
    """Last day of a month."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def resolve(point: str, default: int | None, document: int | None) -> tuple[dt.date | None, Precision, int | None]:
    """Last day of a point in time, its precision, and the year it fell in."""
    if _BY_DOTS.match(point):
        parts = [int(p) for p in re.split("[./-]", point)]
        if len(parts) == 2:
            return month_end(parts[0], parts[1]), Precision.MONTH, parts[0]
        return day_of(parts[0], parts[1], parts[2]), Precision.DAY, parts[0]
    match = _PARSE.match(point)
    assert match is not None
    year = year_of(match["y"], default, document)
    if match["m"]:
        month = month_of(match["m"])
        if match["d"]:
            return (day_of(year, month, day_number(match["d"])) if year else None), Precision.DAY, year
        if not year:
            return None, Precision.MONTH, year
        part = (match["part"] or "").removeprefix("月")
        if part in ("上旬", "初"):
            return dt.date(year, month, 10), Precision.DAY, year
        if part in ("中旬", "中"):
            return dt.date(year, month, 20 if part == "中旬" else 15), Precision.DAY, year
        return month_end(year, month), Precision.MONTH, year
    if match["q"]:
        quarter = "一二三四1234".index(match["q"].removeprefix("第")[0]) % 4
        return (month_end(year, 3 * quarter + 3) if year else None), Precision.QUARTER, year
    if match["h"]:
        return (month_end(year, 6 if match["h"][0] == "上" else 12) if year else None), Precision.HALF_YEAR, year
    if not year:
        return None, Precision.YEAR, year
    if (match["yp"] or "").endswith("中"):
        return dt.date(year, 6, 30), Precision.HALF_YEAR, year
    if (match["yp"] or "").endswith("初"):
        return dt.date(year, 1, 31), Precision.MONTH, year
    return dt.date(year, 12, 31), Precision.YEAR, year


def day_of(year: int | None, month: int, day: int) -> dt.date | None:
    """The day, or None where the calendar has no such day (2月30日)."""
    if not year or day > calendar.monthrange(year, month)[1]:
        return None
    return dt.date(year, month, day)
