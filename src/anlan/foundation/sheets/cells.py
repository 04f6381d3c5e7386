"""What one cell means: the value of its column's kind, or why it is none. Pure; nothing is corrected in silence."""

from __future__ import annotations

import datetime as dt
import difflib
import functools
import re
import unicodedata
from collections.abc import Mapping

from anlan.foundation.sheets.reading import Cell
from anlan.foundation.sheets.spec import NO_SPELLINGS, YES_SPELLINGS, Column, Kind, Value, fold, listed
from anlan.settings import Words

# Excel keeps numbers as binary floats: of longer ones the last digits are lost.
_EXACT = 10**15
# Day 1 of Excel's calendar, one earlier for the 29 February 1900 that it takes to exist; serials of 1954 to 2119.
_DAY_ZERO = dt.date(1899, 12, 30)
_SERIALS = range(20_000, 80_001)
_DATES = (
    re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})"),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
_MONTH = re.compile(r"\d{4}(?:[-./]\d{1,2}|年\d{1,2}月)")
_INT = re.compile(r"[+-]?\d{1,18}")


class Unfit(Exception):  # noqa: N818
    """The cell does not fit its column. `words` say why and what to do; `value` is the part that is meant."""

    def __init__(self, words: Words, value: str = "") -> None:
        super().__init__(words.en)
        self.words = words
        self.value = value


def trimmed(text: str) -> str:
    """Text without white space around it, that of other widths and the invisible kinds included.

    >>> trimmed("　区水利局\\u200b ")
    '区水利局'
    """
    return text.strip().strip("\u200b\ufeff\u2060").strip()


def text_of(cell: Cell) -> str:
    """What the cell shows. Unfit for a number of which Excel has lost digits."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float | int):
        if abs(cell) >= _EXACT:
            raise Unfit(
                Words(
                    "是按数字存放的长号码，Excel 已丢掉后几位；请把该列设为文本格式，重新输入",
                    "is a long number kept as a number, of which Excel has lost the last digits; "
                    "format the column as text and type it again",
                )
            )
        return str(int(cell)) if float(cell).is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return trimmed(cell)


def value_of(column: Column, cell: Cell, names: Mapping[str, str] | None) -> Value:
    """Value of a cell that is not empty. `names` are those of the column's reference, folded. Raises Unfit."""
    if column.reader is not None:
        return column.reader(cell)
    match column.kind:
        case Kind.INT:
            return _int(column, text_of(cell))
        case Kind.DATE:
            return _date(cell).isoformat()
        case Kind.CHOICE:
            return _choice(column, text_of(cell))
        case Kind.BOOL:
            return _bool(text_of(cell))
        case Kind.LIST:
            entries = [trimmed(entry) for entry in column.parted.split(text_of(cell))]
            one = _choice if column.choices else functools.partial(_text, names=names)
            return list(dict.fromkeys(one(column, entry) for entry in entries if entry))
        case _:
            return _text(column, text_of(cell), names)


def _text(column: Column, text: str, names: Mapping[str, str] | None) -> str:
    if column.narrow:
        text = unicodedata.normalize("NFKC", text)
    if len(text) > column.longest:
        raise Unfit(
            Words(
                f"有 {len(text)} 个字，最多 {column.longest} 个；请缩短",
                f"has {len(text)} characters, at most {column.longest}; shorten it",
            ),
            text,
        )
    if names is None:
        return text
    found = names.get(fold(text))
    if found is None:
        near = difflib.get_close_matches(fold(text), names, n=1, cutoff=0.6)
        raise Unfit(
            Words(
                f"系统里没有；{f'是不是“{names[near[0]]}”？请改正' if near else '请改正'}，或先录入",
                f"is not known{f' (was “{names[near[0]]}” meant?)' if near else ''}; correct it, or enter it first",
            ),
            text,
        )
    return found


def _int(column: Column, text: str) -> int:
    digits = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    if not _INT.fullmatch(digits):
        raise Unfit(Words("不是整数；请只填数字，不带单位", "is no whole number; write digits only, without a unit"))
    number = int(digits)
    low, high = column.low, column.high
    if (low is not None and number < low) or (high is not None and number > high):
        raise Unfit(
            Words(
                f"超出范围；应在 {'' if low is None else low} 到 {'' if high is None else high} 之间",
                f"is out of bounds; must be from {'' if low is None else low} to {'' if high is None else high}",
            )
        )
    return number


def _date(cell: Cell) -> dt.date:
    if isinstance(cell, dt.datetime):
        raise Unfit(Words("带有时刻；请只填日期", "has a time of day; write the date only"))
    if isinstance(cell, dt.date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool) and cell in _SERIALS:
        # A date whose cell was formatted as a number.
        return _DAY_ZERO + dt.timedelta(days=int(cell))
    text = unicodedata.normalize("NFKC", text_of(cell)).replace(" ", "")
    for pattern in _DATES:
        if found := pattern.fullmatch(text):
            try:
                return dt.date(*map(int, found.groups()))
            except ValueError:
                raise Unfit(
                    Words("没有这一天；请核对月和日", "is no day of the calendar; see to month and day")
                ) from None
    if text.isdigit() and int(text) in _SERIALS:
        return _DAY_ZERO + dt.timedelta(days=int(text))
    if _MONTH.fullmatch(text):
        raise Unfit(Words("缺“日”；请写到日，如 2022-05-06", "lacks the day; write it in full, like 2022-05-06"))
    raise Unfit(Words("不是日期；请写成 2022-05-06", "is no date; write it like 2022-05-06"))


def _choice(column: Column, text: str) -> str:
    folded = fold(text)
    for one in column.choices:
        if folded in {fold(spelling) for spelling in one.spellings}:
            return one.code
    raise Unfit(
        Words(
            f"不在可选项中；可填：{listed(one.words.zh for one in column.choices)}",
            f"is none of the choices: {listed(one.words.en for one in column.choices)}",
        )
    )


def _bool(text: str) -> bool:
    folded = fold(text)
    if folded in YES_SPELLINGS or folded in NO_SPELLINGS:
        return folded in YES_SPELLINGS
    raise Unfit(Words("应为“是”或“否”", "must be Yes or No"))
