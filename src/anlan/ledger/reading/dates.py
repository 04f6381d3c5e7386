"""Dates as clerks write them, in cells of every kind: no finer than the cell, a time limit to its last day. Pure."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from anlan.foundation.sheets.reading import Cell

# Serial numbers of 1954 to 2119; from 1904 on, days count four years less.
_SERIALS: Final = range(20_000, 80_001)
_ZERO: Final = dt.date(1899, 12, 30)
_ZERO_1904: Final = dt.date(1904, 1, 1)
_DIGITS: Final = dict(zip("〇○零一二三四五六七八九", (0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_SPELLED: Final = re.compile(
    r"[〇○零一二三四五六七八九]{4}(?=年)|[一二三]?十[一二三四五六七八九]?(?=[月日号个天年])|[一二三四五六七八九](?=[月日号])"
)
_MONTHS: Final = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_YEAR: Final = r"(?P<y>(?:19|20)\d{2}|(?<!\d)\d{2})"
_POINT: Final = re.compile(
    r"""
    (?P<plan>["“]?十[三四五六]五["”]?(?:规划)?(?:期)?(?:末|期间|期内)?)
    |(?P<iso>(?<!\d)(?P<iy>(?:19|20)\d{2}|\d{2}(?=[./\-]\d{1,2}[./\-]))\s?[./\-]\s?(?P<im>1[0-2]|0?[1-9])
        (?:\s?[./\-]\s?(?P<id>3[01]|[12]\d|0?[1-9]))?(?!\d)(?P<isuf>月?[底末])?)
    |(?P<long>(?<!\d)(?P<ly>(?:19|20)\d{2})(?P<lm>1[0-2]|0[1-9])(?P<ld>3[01]|[12]\d|0[1-9])?(?!\d))
    |(?P<us>(?<!\d)(?P<um>\d{1,2})[/.\-](?P<ud>\d{1,2})[/.\-](?P<uy>(?:19|20)\d{2})(?!\d))
    |(?P<en>(?<![a-z])(?P<ed>\d{1,2})?[\s\-]?(?P<em>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\s\-,]{0,2}(?P<ey>(?:19|20)?\d{2})(?!\d))
    |(?P<cn>(?:(?P<cy>(?:19|20)\d{2}|(?<!\d)\d{2}(?=年)|今|本|当|明|次|去|上|翌)\s?年?度?\s?)?
        (?:
          (?P<cm>(?<!\d)(?:1[0-2]|0?[1-9])|元)\s?月份?(?:\s?(?P<cd>3[01]|[12]\d|0?[1-9])\s?[日号]?(?!\d|个|天|年|月|%)|\s?(?P<part>上旬|中旬|下旬|月?底|月?末|初|中))?
          |第?(?P<q>[一二三四1-4])季度(?:末|底)?
          |(?P<h>[上下])半年(?:末|底)?
          |(?P<ye>年?[底末]|年内|全年|年中|年初)
        ))
    |(?P<only>(?<!\d)(?P<oy>(?:19|20)\d{2})(?:年(?!度?\d)|(?=$|前|之前|底|末)))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BARE_YEAR: Final = re.compile(r"(?:19|20)\d{2}年?度?")
# What has been done already is no limit; nor is a law's date or a number of a document.
_DONE: Final = re.compile(r"已(?:经)?于?[^，。；;,、）)]{0,24}(?:完成|整改|销号|办结|到位)|实际完成[^，。；;]*")
_NUMBERED: Final = re.compile(r"[〔\[【（(](?:19|20)\d{2}[〕\]】）)]\s*\d+\s*号")
# 2021年3-5月 are two months of one year.
_TWO_MONTHS: Final = re.compile(r"((?:19|20)\d{2})年(\d{1,2})月?[-—–~～至到、,]+(\d{1,2})月(?!\d)")
_AIR: Final = re.compile(r"(?<=\d) +(?=[年月日号度季底])|(?<=[年月]) +(?=\d)")


@dataclass(frozen=True, slots=True)
class Moment:
    """Point in time as fine as it was written: a year, a month, a day. `last` is its last day."""

    year: int
    month: int | None = None
    day: int | None = None
    end: dt.date | None = None

    @property
    def text(self) -> str:
        """2021, 2021-08 or 2021-08-06."""
        if self.month is None:
            return f"{self.year:04d}"
        if self.day is None:
            return f"{self.year:04d}-{self.month:02d}"
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"

    @property
    def last(self) -> dt.date:
        """The day itself, the last day of the month, 31 December, or the end that was written (年中, 中旬)."""
        if self.end:
            return self.end
        if self.month is None:
            return dt.date(self.year, 12, 31)
        if self.day is None:
            return dt.date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])
        return dt.date(self.year, self.month, self.day)


def plain(text: str) -> str:
    """Text with digits of one kind: full-width folded, years, months and days in Chinese numerals spelled out.

    >>> plain("二〇二二年十二月三十一日前")
    '2022年12月31日前'
    """

    def spell(match: re.Match[str]) -> str:
        token = match[0]
        if "十" in token:
            tens, _, ones = token.partition("十")
            return str((_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0))
        return "".join(str(_DIGITS[letter]) for letter in token)

    return _SPELLED.sub(spell, unicodedata.normalize("NFKC", text))


def moments(cell: Cell, *, year: int | None = None, shape: str | None = None, since_1904: bool = False) -> list[Moment]:
    """Points in time that a cell names, in their order. `year` is that of months that name none; see `Grid.shapes`.

    >>> [one.text for one in moments("2021年8月至2022年5月6日")]
    ['2021-08', '2022-05-06']
    >>> [one.text for one in moments(44409.0, shape="month")]
    ['2021-08']
    """
    if cell is None or isinstance(cell, bool):
        return []
    if isinstance(cell, dt.datetime):
        cell = cell.date()
    if isinstance(cell, dt.date):
        return [_shaped(cell, shape)]
    if isinstance(cell, int | float):
        return _number(cell, shape, since_1904)
    text = _TWO_MONTHS.sub(r"\1年\2月-\1年\3月", _AIR.sub("", plain(cell.strip()).strip("'‘’`")))
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return _number(float(text), shape, since_1904)
    if _BARE_YEAR.fullmatch(text):
        return [Moment(int(text[:4]))]
    return _in_text(text, year)


def disclosed(cell: Cell, *, year: int | None = None, shape: str | None = None, since_1904: bool = False) -> str | None:
    """The first point in time, as fine as it was written.

    >>> disclosed("2021年8月中旬"), disclosed("二〇二一年"), disclosed("长期")
    ('2021-08', '2021', None)
    """
    found = moments(cell, year=year, shape=shape, since_1904=since_1904)
    return found[0].text if found else None


def deadline(cell: Cell, *, year: int | None = None, shape: str | None = None, since_1904: bool = False) -> str | None:
    """Last day of the last point in time; None where there is none.

    >>> deadline("2022年5月底前"), deadline("立行立改"), deadline("5月底", year=2022), deadline("2023年2月")
    ('2022-05-31', None, '2022-05-31', '2023-02-28')
    """
    if isinstance(cell, str):
        cell = _NUMBERED.sub("", _DONE.sub("", plain(cell)))
    found = moments(cell, year=year, shape=shape, since_1904=since_1904)
    # 2023年汛期前（2023年4月）: the month says what the year leaves open.
    finer = {one.year for one in found if one.month}
    found = [one for one in found if one.month or one.end or one.year not in finer]
    return max(one.last for one in found).isoformat() if found else None


def _shaped(day: dt.date, shape: str | None) -> Moment:
    if shape == "month":
        return Moment(day.year, day.month)
    if shape == "year":
        return Moment(day.year)
    return Moment(day.year, day.month, day.day)


def _number(number: float, shape: str | None, since_1904: bool) -> list[Moment]:
    if not 0 < number < 10**9:
        return []
    whole = int(number)
    if number == whole and 19_000_101 <= whole <= 21_991_231:
        found = _day(whole // 10_000, whole // 100 % 100, whole % 100)
        return [found] if found else []
    if number == whole and 190_001 <= whole <= 219_912 and 1 <= whole % 100 <= 12:
        return [Moment(whole // 100, whole % 100)]
    if number == whole and 1990 <= whole <= 2100:
        return [Moment(whole)]
    if 1990 <= number <= 2100:
        # 2022.5 and 2022.05 are May; what was typed as 2022.10 is kept as 2022.1 and, unless its format tells, January.
        digits = f"{number:.2f}" if shape == "0.00" else f"{number:.10g}"
        month = int(digits.partition(".")[2] or 0)
        return [Moment(whole, month)] if 1 <= month <= 12 else []
    if shape not in (None, "0.00") or whole in _SERIALS or (since_1904 and whole + 1462 in _SERIALS):
        try:
            day = (_ZERO_1904 if since_1904 else _ZERO) + dt.timedelta(days=whole)
        except OverflowError:
            return []
        return [_shaped(day, shape)]
    return []


def _day(year: int, month: int, day: int) -> Moment | None:
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return Moment(year, month, day)


def _full(text: str) -> int:
    return int(text) + 2000 if len(text) == 2 else int(text)


def _in_text(text: str, year: int | None) -> list[Moment]:
    found: list[Moment] = []
    current = year
    for match in _POINT.finditer(text):
        moment = _moment(match, current)
        if moment is None:
            continue
        found.append(moment)
        current = moment.year
    return found


def _moment(match: re.Match[str], year: int | None) -> Moment | None:
    if match["plan"]:
        return Moment(2015 + 5 * "三四五六".index(match["plan"].strip('"“')[1]) + 5)
    if match["iso"]:
        ahead = _full(match["iy"])
        if match["id"]:
            return _day(ahead, int(match["im"]), int(match["id"]))
        return Moment(ahead, int(match["im"]))
    if match["long"]:
        if match["ld"]:
            return _day(int(match["ly"]), int(match["lm"]), int(match["ld"]))
        return Moment(int(match["ly"]), int(match["lm"]))
    if match["us"]:
        first, second = int(match["um"]), int(match["ud"])
        return _day(int(match["uy"]), first, second) or _day(int(match["uy"]), second, first)
    if match["en"]:
        month = _MONTHS[match["em"].lower()[:3]]
        ahead = _full(match["ey"])
        return _day(ahead, month, int(match["ed"])) if match["ed"] else Moment(ahead, month)
    if match["only"]:
        return Moment(int(match["oy"]))
    return _chinese(match, year)


def _chinese(match: re.Match[str], year: int | None) -> Moment | None:
    token = match["cy"]
    if token and token.isdigit():
        year = _full(token)
    elif token in ("明", "次", "翌"):
        year = year + 1 if year else None
    elif token in ("去", "上"):
        year = year - 1 if year else None
    if year is None or not 1900 <= year <= 2199:
        return None
    if match["cm"]:
        month = 1 if match["cm"] == "元" else int(match["cm"])
        if match["cd"]:
            return _day(year, month, int(match["cd"]))
        part = match["part"] or ""
        if part in ("上旬", "初"):
            return Moment(year, month, end=dt.date(year, month, 10))
        if part in ("中旬", "中"):
            return Moment(year, month, end=dt.date(year, month, 20 if part == "中旬" else 15))
        return Moment(year, month)
    if match["q"]:
        quarter = "一二三四1234".index(match["q"]) % 4
        return Moment(year, end=Moment(year, 3 * quarter + 3).last)
    if match["h"]:
        return Moment(year, end=dt.date(year, 6, 30) if match["h"] == "上" else dt.date(year, 12, 31))
    if match["ye"] in ("年中",):
        return Moment(year, end=dt.date(year, 6, 30))
    if match["ye"] == "年初":
        return Moment(year, end=dt.date(year, 1, 31))
    return Moment(year)
