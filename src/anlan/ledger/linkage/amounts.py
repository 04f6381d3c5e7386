"""Quantities of a description in one unit a dimension: 2280米, 2.28公里 and 二千二百八十m are the same length.

Looser than `foundation.quantities`, which reads plans: a ledger is typed in a hurry, and a unit cut short (2.25公) or a
thousands comma taken for a mark must not hide the figure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from anlan.foundation.quantities import numerals, units

# Units that describe, in the spelling left by folding, and what they are told by.
_AREA, _LENGTH, _VOLUME, _MASS, _FLOW = "m2", "m", "m3", "kg", "m3/d"
_PER_DAY = r"(?:/|每|／)(?:日|天|d)"
_UNITS = (
    r"平方公里|平方千米|平方米|平米|平方|公顷|亩|km2|hm2|ha|m2|立方米|立方|方(?![面案法式向便针位可责主协共会联圆])|m3|"
    r"公里|千米|km|毫米|mm|厘米|cm|米(?![粮面粉])|m(?![a-z0-9])|公斤|千克|kg|吨|t(?![a-z])|斤|"
    r"头|只|羽|尾|匹|倍|%|毫克/升|mg/l|分贝|db|万元|元|处|个|家|户|人|口|座|艘|条|辆|台|套|株|棵|车|根|起|批|眼|栋|间"
)
_NUMBER = (
    r"(?P<arabic>\d{1,3}(?:,\d{1,3})+(?:\.\d+)?|\d+(?:\.\d+)?)|"
    r"(?P<spelled>[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?)"
)
_FIGURE = re.compile(
    rf"(?P<code>dn|φ|ф|Φ)?(?:{_NUMBER})(?P<about>[余多来几]?)(?P<scale>万|亿|千(?!米|克|瓦)|百)?[余多]?(?P<unit>{_UNITS})?(?P<rate>{_PER_DAY})?"
)
_DATE = re.compile(
    r"(?:\d{4}|\d{2}|[二〇零一三四五六七八九]{4})年(?:[\d一二三四五六七八九十]{1,3}月(?:[\d一二三四五六七八九十]{1,3}日)?)?|[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日|\d{4}[-.]\d{1,2}[-.]\d{1,2}"
)
_CLAUSE = re.compile("[,，。;；]")
# 4,110平方米 whose comma was taken for the mark between two clauses that then changed places.
_HEAD = re.compile(r"(?<![\da-z.])(\d{1,3})$")
_TAIL = re.compile(r"^\d{3}(?!\d)")
_COUNTS = frozenset("处个家户人口座艘条辆台套株棵车根起批眼栋间")
_SCALES = {"万": 10**4, "亿": 10**8, "千": 1000, "百": 100, "": 1, None: 1}
# Distances to something tell where, not how much: 距离长江不足3公里.
_DISTANCE = re.compile(r"(?:距离?|相距)[^,。;]{0,12}$|(?:下游|上游)(?:约)?$")

_ABOUT = re.compile(r"[约近]为?$")


@dataclass(frozen=True, slots=True)
class Amount:
    """Figure in the base of its dimension. `digits` are its digits as typed, `written` is as folded.

    An empty dimension means that no unit was read. `unit` is as typed, with its scale; `about` is set by 约, 余, 近.
    `aside` marks a distance.
    """

    value: Fraction
    dimension: str
    digits: str
    written: str
    unit: str = ""
    about: bool = False
    aside: bool = False


def find(text: str) -> tuple[Amount, ...]:
    """Amounts of a folded description, each once, in order.

    >>> [(str(a.value), a.dimension) for a in find("黑臭水体长2.28公里,每天约290m3/d,堆放二千九百三十余吨")]
    [('2280', 'm'), ('290', 'm3/d'), ('2930000', 'kg')]
    >>> [(str(a.value), a.dimension) for a in find("110m2,未批先建4,仙坊镇码头占用岸线")]
    [('4110', 'm2')]
    """
    text = _DATE.sub("#", text)
    found = [a for one in _FIGURE.finditer(_mended(text)) if (a := _amount(one))]
    return tuple({(a.value, a.dimension): a for a in found}.values())


def _mended(text: str) -> str:
    """Text whose one number torn at its comma is whole again; as it is where that is not certain."""
    clauses = _CLAUSE.split(text)
    if len(clauses) < 2:
        return text
    heads = [place for place, clause in enumerate(clauses) if _HEAD.search(clause)]
    tails = [place for place, clause in enumerate(clauses) if _TAIL.match(clause)]
    if len(heads) != 1 or len(tails) != 1 or heads == tails:
        return text
    head, tail = heads[0], tails[0]
    digits = _HEAD.search(clauses[head])
    assert digits is not None
    clauses[tail] = clauses[head][: digits.start()] + digits[0] + clauses[tail]
    clauses[head] = ""
    return ",".join(clauses)


def _amount(one: re.Match[str]) -> Amount | None:
    unit, rate = one["unit"] or "", bool(one["rate"])
    value = _value(one["arabic"], one["spelled"])
    if value is None or not value:
        return None
    value *= _SCALES[one["scale"]]
    if one["spelled"] and not unit:
        return None
    if one["code"] and unit in ("", "mm", "毫米"):
        value, dimension = value / 1000, _LENGTH
    elif not unit:
        # Without a unit only a number of some length is likely to be the amount and not a label.
        if one["arabic"] is None or len(one["arabic"]) < 3:
            return None
        dimension = ""
    else:
        factor, dimension = _base(unit)
        value *= factor
    if rate:
        dimension, value = (_FLOW, value / 1000) if dimension == _MASS else (dimension and dimension + "/d", value)
    if dimension in _COUNTS and (value == 1 or (one["spelled"] and value < 10)):
        return None
    # 三里 and 四方 are names of villages; nobody spells so small an amount.
    if one["spelled"] and dimension == _VOLUME and unit == "方" and value < 10:
        return None
    aside = dimension == _LENGTH and bool(_DISTANCE.search(one.string, 0, one.start()))
    about = bool(one["about"]) or bool(_ABOUT.search(one.string, max(0, one.start() - 3), one.start()))
    digits = _digits(one["arabic"], one["spelled"])
    return Amount(value, dimension, digits, one[0], (one["scale"] or "") + unit, about, aside)


@lru_cache(maxsize=65536)
def _value(arabic: str | None, spelled: str | None) -> Fraction | None:
    if arabic is not None:
        return Fraction(arabic.replace(",", "")) if len(arabic) <= 2 * numerals.MOST_DIGITS else None
    number = numerals.spelled(spelled or "")
    return None if number is None else Fraction(number)


@lru_cache(maxsize=256)
def _base(unit: str) -> tuple[Fraction, str]:
    known = {"平方": "平方米", "mg/l": "mg/L", "db": "分贝", "口": "人"}.get(unit, unit)
    if known == "毫克/升":
        return Fraction(1), "mg/L"
    entry = units.table().get(known)
    if entry is None or entry.kind in ("thing", "count", "body", "people"):
        return Fraction(1), known
    return entry.factor, entry.dimension


def _digits(arabic: str | None, spelled: str | None) -> str:
    """Digits of a number as typed: 228 of 2.28, 2930 of 二千九百三十."""
    if arabic is not None:
        return arabic.replace(",", "").replace(".", "").lstrip("0")
    return str(numerals.spelled(spelled or ""))
