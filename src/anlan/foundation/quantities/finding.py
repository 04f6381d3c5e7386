"""Finding figures in running text: number, unit, and the words that say how it binds.

Every step looks at a bounded stretch round one number, so the work is linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from anlan.foundation.quantities import numerals, units
from anlan.foundation.quantities.values import Comparator, Place, Quantity

_D = "[0-9０-９]"
_MIXED = re.compile(rf"(?:{_D}{{1,9}}(?:[.．]{_D}{{1,9}})?[百千万亿]{{1,2}}){{1,3}}{_D}{{1,9}}[百千万]{{0,2}}")
_TOKEN = re.compile(
    r"翻(?P<doubled>[一两二三]?)番|(?P<growth>[零负])增长"
    rf"|(?P<share>(?:百|千|万)分之(?=[{numerals.SPELLED}0-9０-９]))?"
    rf"(?:(?P<arabic>{_D}++(?:[,，]{_D}{{3}}(?!{_D}))*+(?:[.．]{_D}++)?+)"
    rf"|(?P<spelled>[{numerals.SPELLED}]++(?:点[{''.join(numerals.DIGITS)}]++)?+))"
)
# What a token begins with. Looked for first, for a search for the token itself tries it at every character.
_FIRST = re.compile(f"[翻负{numerals.SPELLED}0-9０-９]")
_SHARE_UNIT = {"百": "%", "千": "‰", "万": "‱"}
_TO = re.compile(r"-{1,2}|—{1,2}|[－–―~～∼至到]")
# Vital statistics: 8.5/10万 is a rate of deaths, 12/万 a rate of cases.
_POPULATION = re.compile("[/／](?:10万|十万|万)(?![一-龥])|[/／](?:10万|十万|万)(?=以[上下内]|左右)")
_ABOUT = re.compile("[余多来几]")
_AFTER = re.compile(r"(?:[（(]含[）)]|含)?(?:及|或|（含）)?(以上|以内|之内|以下|左右|上下)")
_SUFFIXES = {
    "以上": Comparator.GE,
    "以内": Comparator.LE,
    "之内": Comparator.LE,
    "以下": Comparator.LE,
    "左右": Comparator.EQ,
    "上下": Comparator.EQ,
}
_PREFIXES = {
    Comparator.GE: (
        "不低于 不少于 不小于 不得低于 不得少于 不得小于 不能低于 不能少于 不应低于 不应少于 至少 至少为 最少 最低 "
        "最低为 达 达到 达到了 达到或超过 均达到 均达 高达 多达 可达 要达到 应达到 ≥ >= ≧ ＞＝ ＞= =>"
    ),
    Comparator.LE: (
        "不超过 不高于 不大于 不多于 不得超过 不得高于 不得大于 不得多于 不能超过 不应超过 不超 不突破 不得突破 不逾 "
        "最高不超过 最多 至多 控制在 控制到 限制在 ≤ <= ≦ =<"
    ),
    Comparator.GT: "超过 高于 大于 多于 突破 超 逾 超出 > ＞",
    Comparator.LT: "低于 小于 少于 不足 不到 不满 < ＜",
    Comparator.EQ: "约 近 大约 约为 大概 将近 接近",
}
# A movement to a figure says where it ends; only a word of comparison makes that a minimum or a maximum.
_MOVED = (
    "提高 提升 增加 增长 增 扩大 扩 上升 升 拓展 扩展 扩充 扩容 延伸 延长 发展 壮大 恢复 上调 提级 调整 优化 "
    "压减 压缩 压降 降 下降 降低 减少 减 缩短 缩小 缩减 精简 压低 回落 下调 放宽 提前 推迟 收窄 整合 合并 归并"
)
_MOVEMENTS = frozenset(verb + to for verb in _MOVED.split() for to in "到至为")
_BEFORE = {word: comparator for comparator, words in _PREFIXES.items() for word in words.split()}
_BEFORE |= dict.fromkeys(_MOVEMENTS, Comparator.EQ)
_LONGEST = max(map(len, _BEFORE))
_LAST = frozenset(word[-1] for word in _BEFORE)
# A number without a unit is a figure where a comparator binds it and nothing else follows: 容积率不低于1.2.
_BARE = re.compile("(?:以上|以内|以下|左右)?(?:[，。；、）]|$)")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
# Bare, these name a date; only a comparator makes them an amount: 30日, but 不少于30日.
_DATED = frozenset({"日", "年"})
# The last characters of other words that end like a comparator: 附近 is no 近, 节约 no 约, 下达 no 达.
_OTHER_WORDS = {
    "近": "附最临就邻靠远",
    "约": "节公合预条邀签契简制履违",
    "达": "下抵到传转通直表送发畅布",
    "超": "赶反高",
    "不到": "达找得看做",
}


@dataclass(slots=True)
class _Number:
    """Number with the unit directly after it; `unit` may be empty."""

    start: int
    end: int
    value: Decimal
    unit: str
    unit_start: int
    unit_end: int
    approximate: bool
    spelled: bool
    low: Decimal | None = None
    share: bool = False


def find(text: str) -> list[Quantity]:
    """Figures of a text in order, apart from each other.

    Ordinals (第3批), codes (DN300, 5G), dates, years and months are none, nor is a number without a unit, save a share
    (三分之二) and one that a comparator binds (容积率不低于1.2).
    Takes raw or folded text; positions count in the text given. Fractions that do not end are rounded at 28 digits.

    >>> [(q.comparator.value, str(q.value), q.unit) for q in find("新建管网4.6公里，集中处理率达到98%以上")]
    [('eq', '4.6', '公里'), ('ge', '98', '%')]
    >>> [(q.comparator.value, q.value, q.unit) for q in find("5万至6万亩")]
    [('range', (Decimal('5'), Decimal('6')), '万亩')]
    """
    found: list[Quantity] = []
    place = 0
    while first := _FIRST.search(text, place):
        token = _TOKEN.match(text, first.start())
        if token is None:
            place = first.end()
            continue
        place = token.end()
        if token["growth"] or token["doubled"] is not None:
            found.append(_idiom(token))
            continue
        number, place = _number(text, token)
        if number is None:
            continue
        if separator := _TO.match(text, number.end):
            following = _TOKEN.match(text, separator.end())
            if following and (following["arabic"] or following["spelled"]):
                second, after = _number(text, following)
                if second and second.unit and second.spelled == number.spelled:
                    place = after
                    number = _range(number, second)
        if number and (number.unit or number.share or _bound(text, number)):
            quantity = _quantity(text, number)
            place = max(place, quantity.end)
            if quantity.unit not in _DATED or _lasts(text, quantity):
                found.append(quantity)
    return found


def _number(text: str, token: re.Match[str]) -> tuple[_Number | None, int]:
    """Number at a token with its unit, and the place to read on from; None for a code or an ordinal."""
    start, end = token.span()
    before = text[start - 1 : start]
    if before == "第" or (before in ".．" and before and text[start - 2 : start - 1].isdecimal()):
        return None, end
    spelled = token["spelled"] is not None
    if token["share"]:
        digits = token["spelled"] or token["arabic"]
        value = Decimal(100) if digits == "百" else numerals.spelled(digits) if spelled else numerals.arabic(digits)
        unit = _SHARE_UNIT[token["share"][0]]
        if value is None:
            return None, end
        return _Number(start, end, value, unit, end, end, False, spelled), end
    if spelled:
        return _spelled(text, start, end)
    mixed = _MIXED.match(text, start)
    if mixed and mixed.end() > end and (value := numerals.mixed(mixed[0].translate(_NARROW))) is not None:
        end = mixed.end()
    elif (value := numerals.arabic(token["arabic"])) is None or len(token["arabic"]) > numerals.MOST_DIGITS:
        return None, end
    number = _with_unit(text, start, end, value, False)
    # A number behind a letter is a model or a standard (DN300, IPv6), save where its unit can only be measured.
    if before.isascii() and before.isalpha() and units.kind(number.unit) != "ratio" and number.unit.find("/") < 0:
        return None, end
    return number, number.end


_NARROW = str.maketrans("０１２３４５６７８９．", "0123456789.")


def _spelled(text: str, start: int, end: int) -> tuple[_Number | None, int]:
    """Number in Chinese numerals: 三分之二, 三万亩 (3 of 万亩), 百分之九十."""
    if text.startswith("分之", end):
        above = _TOKEN.match(text, end + 2)
        value = numerals.share_of(above[0], text[start:end]) if above and above.end() - start < 40 else None
        if above and value is not None:
            stop = above.end()
            return _Number(start, stop, value, "", stop, stop, False, True, share=True), stop
        return None, end
    stop = end
    # The scale goes with the unit as in 3万亩, unless lower places follow it (三万五千亩).
    while end - stop < 2 and stop - start > 1 and text[stop - 1] in "万亿" and units.read(text, stop - 1) > end:
        stop -= 1
    # 千 opens 千米 and 千瓦.
    if stop == end and end - start > 1 and text[end - 1] == "千" and units.read(text, end) == end:
        stop -= units.read(text, end - 1) > end
    pair = _either(text[start:stop])
    value = pair[1] if pair else numerals.spelled(text[start:stop])
    if value is None:
        return None, end
    number = _with_unit(text, start, stop, value, True)
    return (replace(number, low=pair[0]) if pair else number), max(number.end, end)


def _with_unit(text: str, start: int, end: int, value: Decimal, spelled: bool) -> _Number:
    """Number with the unit that follows, across 余, 多 and 来 on either side of a scale: 10余万元, 2万多户."""
    number_end, unit_start, approximate = end, end, False
    if population := _POPULATION.match(text, end):
        return _Number(start, population.end(), value, population[0], end, population.end(), False, spelled)
    if _ABOUT.match(text, end) and units.read(text, end + 1) > end + 1:
        unit_start, approximate = end + 1, True
    unit_end = units.read(text, unit_start)
    unit = text[unit_start:unit_end]
    if unit in ("万", "亿") and _ABOUT.match(text, unit_end):
        further = units.read(text, unit_end + 1)
        if further > unit_end + 1:
            unit, unit_end, approximate = unit + text[unit_end + 1 : further], further, True
    return _Number(start, max(number_end, unit_end), value, unit, unit_start, unit_end, approximate, spelled)


def _bound(text: str, number: _Number) -> bool:
    """True for a number without a unit that stands between a comparator and the end of its clause."""
    if number.spelled or not _BARE.match(text, number.end) or _YEAR.fullmatch(text, number.start, number.end):
        return False
    word = _before(text, number.start)
    return word is not None and len(word) > 1 and (_BEFORE[word] is not Comparator.EQ or word in _MOVEMENTS)


def _lasts(text: str, quantity: Quantity) -> bool:
    """True for 不少于30日 and 降到12年, not for 30日, 12年 and 延长到2027年."""
    return quantity.comparator_place is not None and not _YEAR.fullmatch(text, *quantity.number_place)


def _range(low: _Number, high: _Number) -> _Number | None:
    """Range in the unit of its upper end; None where the two are none (an item number before a figure)."""
    value = low.value
    if low.unit and low.unit != high.unit:
        scale, unit = units.base(low.unit)
        other, proper = units.base(high.unit)
        if unit and unit != proper:
            return None
        value = value * scale / other
    return replace(high, start=low.start, low=value) if value < high.value else None


def _quantity(text: str, number: _Number) -> Quantity:
    """Quantity with its comparator words."""
    start, first, end = number.start, number.start, number.end
    comparator, place, approximate = Comparator.EQ, None, number.approximate
    if word := _before(text, start):
        first = start - len(word)
        comparator, place = _BEFORE[word], Place(first, start)
        approximate = approximate or (comparator is Comparator.EQ and word not in _MOVEMENTS)
    if suffix := _AFTER.match(text, end):
        end = suffix.end()
        # 超过…以上 stays "more than": the suffix only repeats it.
        if comparator not in (Comparator.GT, Comparator.LT) or suffix[1] in ("左右", "上下"):
            comparator, place = _SUFFIXES[suffix[1]], Place(suffix.start(1), end)
        approximate = approximate or suffix[1] in ("左右", "上下")
    return Quantity(
        start=first,
        end=end,
        value=number.value if number.low is None else (number.low, number.value),
        unit=number.unit,
        comparator=comparator if number.low is None else Comparator.RANGE,
        number_place=Place(start, number.unit_start),
        unit_place=Place(number.unit_start, number.unit_end),
        comparator_place=place,
        approximate=approximate,
        spelled=number.spelled,
    )


def _either(printed: str) -> tuple[Decimal, Decimal] | None:
    """两三 and 三五 before a unit mean "two to three", "three to five"."""
    if len(printed) != 2 or any(c not in numerals.DIGITS for c in printed):
        return None
    low, high = (numerals.DIGITS[c] for c in printed)
    return (Decimal(low), Decimal(high)) if 0 < low < high <= low + 2 else None


def _before(text: str, start: int) -> str | None:
    """Comparator word that ends where the number starts, longest first."""
    if text[start - 1 : start] not in _LAST:
        return None
    for length in range(min(_LONGEST, start), 0, -1):
        word = text[start - length : start]
        if word in _BEFORE:
            preceding = text[start - length - 1 : start - length]
            return None if preceding and preceding in _OTHER_WORDS.get(word, "") else word
    return None


def _idiom(token: re.Match[str]) -> Quantity:
    """翻一番 is twice, 翻两番 four times; 零增长 is at most 0 %, 负增长 less than 0 %."""
    start, end = token.span()
    whole = Place(start, end)
    if token["growth"]:
        comparator = Comparator.LE if token["growth"] == "零" else Comparator.LT
        return Quantity(start, end, Decimal(0), "%", comparator, whole, Place(end, end), whole, spelled=True)
    times = 2 ** numerals.DIGITS[token["doubled"] or "一"]
    return Quantity(start, end, Decimal(times), "倍", Comparator.EQ, whole, Place(end, end), spelled=True)
