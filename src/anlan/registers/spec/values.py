"""Values of fields: what is kept, whether it fits its field, and what expressions and people see of it. Pure.

Kept, as JSON: texts; whole numbers; decimals and quantities as texts of the field's scale ("640.0"), so that no digit
is lost; dates as "2022-09-30"; true and false; choices by id; a point as two texts, ["117.2034", "29.2921"]; a geometry
as GeoJSON; units and rows by key, divisions by code, files by the keys of their receipts.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from anlan.foundation.quantities.units import convert
from anlan.registers.spec.expression import Value
from anlan.registers.spec.model import FILES, OF_CHOICES, Field, Type
from anlan.settings import Words

# Decimals of a degree that are kept: about a centimetre.
POINT_SCALE = 7
# The rectangle in which every place of the country lies, in degrees.
_LONGITUDES, _LATITUDES = (Decimal("73"), Decimal("136")), (Decimal("3"), Decimal("54"))
_NUMBER = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,18})?")
_DATES = (
    re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})"),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
YES = frozenset({"是", "y", "yes", "true", "1", "√", "✓", "有", "t", "on"})
NO = frozenset({"否", "n", "no", "false", "0", "×", "x", "无", "f", "off"})


class Unfit(Exception):  # noqa: N818
    """The value does not fit its field; `words` say why and what to do, without naming the field."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.words = Words(zh, en)


def fit(field: Field, value: Any) -> Any:
    """Kept form of a value as it comes from a form, a cell or JSON; None where nothing was filled in.

    Raises Unfit. Units, divisions, rows and files are looked up by the engine, not here.
    """
    if value is None or (isinstance(value, str) and not value.strip()) or value == []:
        return None
    match field.type:
        case Type.TEXT:
            return _text(field, value)
        case Type.INTEGER | Type.DECIMAL | Type.QUANTITY | Type.COMPUTED:
            return _number(field, value)
        case Type.DATE:
            return _date(field, value)
        case Type.YESNO:
            return _yesno(value)
        case Type.CHOICE | Type.JUDGED:
            return _choice(field, value)
        case Type.POINT:
            return point(value)
        case _:
            return value


def point(value: Any) -> list[str]:
    """Kept form of a point: longitude and latitude in degrees, from a list of two or a text like 117.2034, 29.2921."""
    if isinstance(value, Mapping):
        value = [value.get("lon"), value.get("lat")]
    if isinstance(value, str):
        value = [part for part in re.split(r"[,，;；\s]+", unicodedata.normalize("NFKC", value).strip()) if part]
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise Unfit("应为经度、纬度两个数", "must be two numbers, longitude and latitude")
    lon, lat = (_decimal(part) for part in value)
    if lon is None or lat is None:
        raise Unfit("经度、纬度应为十进制的度", "longitude and latitude must be decimal degrees")
    if not _LONGITUDES[0] <= lon <= _LONGITUDES[1] or not _LATITUDES[0] <= lat <= _LATITUDES[1]:
        swapped = _LATITUDES[0] <= lon <= _LATITUDES[1] and _LONGITUDES[0] <= lat <= _LONGITUDES[1]
        hint = ("；经度、纬度像是写反了", "; longitude and latitude seem to be swapped") if swapped else ("", "")
        raise Unfit(
            f"不在国内（经度 73 到 136，纬度 3 到 54）{hint[0]}",
            f"is not within the country (longitude 73 to 136, latitude 3 to 54){hint[1]}",
        )
    step = Decimal(1).scaleb(-POINT_SCALE)
    return [_plain(lon.quantize(step)), _plain(lat.quantize(step))]


def _text(field: Field, value: Any) -> str:
    text = str(value).strip().strip("\u200b\ufeff\u2060").strip()
    if field.narrow:
        text = unicodedata.normalize("NFKC", text)
    if "\0" in text:
        raise Unfit("含有不可见的控制字符", "holds a control character")
    if len(text) > field.longest:
        raise Unfit(
            f"有 {len(text)} 个字，最多 {field.longest} 个；请缩短",
            f"has {len(text)} characters, at most {field.longest}; shorten it",
        )
    if field.pattern is not None and not field.pattern.fullmatch(text):
        help = field.pattern_words or Words("格式不对", "is not of the form that is wanted")
        raise Unfit(f"格式不对；{help.zh}", f"is not of the form that is wanted; {help.en}")
    return text


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    text = repr(value) if isinstance(value, float) else unicodedata.normalize("NFKC", str(value))
    text = text.strip().replace(",", "").replace(" ", "")
    if "e" in text.lower() and isinstance(value, float):
        text = format(Decimal(text), "f")
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _number(field: Field, value: Any) -> int | str:
    number = _decimal(value)
    if number is None:
        number = _with_unit(field, str(value))
    scale = 0 if field.type is Type.INTEGER else field.scale
    if abs(number) * 10**scale >= 10**18:
        raise Unfit("数太大，存不下", "is too large to be kept")
    if number != number.quantize(Decimal(1).scaleb(-scale)):
        if scale == 0:
            raise Unfit("不是整数", "is no whole number")
        raise Unfit(f"最多 {scale} 位小数", f"has more than {scale} decimals")
    low, high = field.low, field.high
    unit = f" {field.unit}" if field.unit else ""
    if isinstance(low, Decimal) and number < low:
        raise Unfit(_range_zh(low, high, unit), _range_en(low, high, unit))
    if isinstance(high, Decimal) and number > high:
        raise Unfit(_range_zh(low, high, unit), _range_en(low, high, unit))
    return int(number) if field.type is Type.INTEGER else format(number.quantize(Decimal(1).scaleb(-scale)), "f")


def _with_unit(field: Field, text: str) -> Decimal:
    """Number of a text that names its unit too: the field's own is let go, another one is told, never converted."""
    folded = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "").strip()
    found = re.fullmatch(r"([+-]?\d{1,18}(?:\.\d{1,18})?)(\D.{0,19})", folded)
    if found is None:
        raise Unfit("不是数；请只填数字，不带单位", "is no number; write digits only, without a unit")
    number, unit = Decimal(found[1]), found[2]
    if field.unit and unit.casefold() == unicodedata.normalize("NFKC", field.unit).replace(" ", "").casefold():
        return number
    if not field.unit:
        raise Unfit(f"带有单位“{unit}”；请只填数字", f"carries the unit “{unit}”; write digits only")
    zh = en = ""
    try:
        converted = convert(number, unit, field.unit)
    except ValueError:
        converted = None
    if converted == number:
        # Another way to write the same unit: 吨/天 for t/d.
        return number
    if converted is not None:
        shown = _plain(converted)[:20]
        zh, en = f"，换算后是 {shown}", f", which makes {shown} of it"
    raise Unfit(
        f"单位是“{unit}”，这里要用“{field.unit}”{zh}；请换算后只填数字",
        f"is in “{unit}”, but “{field.unit}” is wanted{en}; convert it and write digits only",
    )


def _range_zh(low: Any, high: Any, unit: str) -> str:
    if low is None or high is None:
        return f"超出范围；应{'不大于 ' + str(high) if low is None else '不小于 ' + str(low)}{unit}"
    return f"超出范围；应在 {low} 到 {high}{unit} 之间"


def _range_en(low: Any, high: Any, unit: str) -> str:
    if low is None or high is None:
        return f"is out of range; must be {'at most ' + str(high) if low is None else 'at least ' + str(low)}{unit}"
    return f"is out of range; must be from {low} to {high}{unit}"


def _date(field: Field, value: Any) -> str:
    day = value.date() if isinstance(value, dt.datetime) else value if isinstance(value, dt.date) else None
    if day is None:
        text = unicodedata.normalize("NFKC", str(value)).replace(" ", "").strip()
        for pattern in _DATES:
            if found := pattern.fullmatch(text):
                try:
                    day = dt.date(*map(int, found.groups()))
                except ValueError:
                    raise Unfit("没有这一天；请核对月和日", "is no day of the calendar; see to month and day") from None
                break
        else:
            raise Unfit("不是日期；请写成 2022-05-06", "is no date; write it like 2022-05-06")
    assert isinstance(field.low, dt.date)
    assert isinstance(field.high, dt.date)
    if not field.low <= day <= field.high:
        raise Unfit(
            f"超出范围；应在 {field.low} 到 {field.high} 之间，请核对年份",
            f"is out of range; must be from {field.low} to {field.high}; see to the year",
        )
    return day.isoformat()


def _yesno(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    folded = unicodedata.normalize("NFKC", str(value)).strip().casefold()
    if folded in YES or folded in NO:
        return folded in YES
    raise Unfit("应为“是”或“否”", "must be Yes or No")


def _choice(field: Field, value: Any) -> str:
    for one in field.choices:
        if value == one.id:
            return one.id
    folded = unicodedata.normalize("NFKC", str(value)).strip().casefold()
    for one in field.choices:
        if folded in {unicodedata.normalize("NFKC", text).casefold() for text in (one.id, *one.words, *one.also)}:
            return one.id
    raise Unfit(
        f"不在可选项中；可填：{'、'.join(one.words.zh for one in field.choices)}",
        f"is none of the choices: {', '.join(one.words.en for one in field.choices)}",
    )


def seen(field: Field, kept: Any) -> Value:
    """Value of a field as expressions see it: numbers as fractions, a thing that is there as true."""
    if kept is None or kept == []:
        return None
    match field.type:
        case Type.INTEGER | Type.DECIMAL | Type.QUANTITY | Type.COMPUTED:
            return Fraction(kept)
        case Type.DATE:
            return dt.date.fromisoformat(kept)
        case Type.POINT:
            return Fraction(kept[0]), Fraction(kept[1])
        case Type.UNIT | Type.GEOMETRY | Type.REFERENCE:
            return True
        case _ if field.type in FILES:
            return True
        case _:
            result: Value = kept
            return result


def told(field: Field, kept: Any, lang: str) -> str:
    """Value as a person reads it; units, divisions, rows and files are named by the engine."""
    if kept is None or kept == []:
        return ""
    if field.type is Type.YESNO:
        return ("Yes" if kept else "No") if lang == "en" else ("是" if kept else "否")
    if field.type in OF_CHOICES:
        one = field.choice(kept)
        return one.words.speak(lang) if one else str(kept)
    if field.type is Type.POINT:
        return f"{kept[0]}, {kept[1]}"
    if field.type is Type.GEOMETRY:
        return str(kept.get("type", "")) if isinstance(kept, Mapping) else str(kept)
    return str(kept)


def scaled(field: Field, kept: Any) -> int | None:
    """Number as the whole number that the projection keeps: 10**-scale of the field's unit.

    >>> from anlan.registers.spec.model import Field, Type
    >>> scaled(Field("x", Type.QUANTITY, Words("量", "x"), scale=1), "640.5")
    6405
    """
    if kept is None:
        return None
    return int(Decimal(kept).scaleb(0 if field.type is Type.INTEGER else field.scale))


def unscaled(field: Field, number: int | None) -> Decimal | None:
    """Exact number of what the projection keeps."""
    return None if number is None else Decimal(number).scaleb(-field.scale if field.type is not Type.INTEGER else 0)


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
