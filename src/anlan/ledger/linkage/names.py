"""Companies and waters named in a description."""

from __future__ import annotations

import functools
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from anlan.ledger.linkage.divisions import names

_LONGEST_NAME, _LONGEST_WATER = 16, 5
# A water that so many descriptions name behind a word like 排入 is looked for in the others without such a word.
_COMMON_WATER = 2
# What follows no name of a water: 清溪镇 is a town, 秋浦河 is not 秋浦.
_NO_WATER = "(?!道|流|段|[河江湖溪港渠库镇乡街村县市区社组])"


@dataclass(frozen=True, slots=True)
class Company:
    """Company as named: 九江永昌陶瓷有限公司 has the core 永昌陶瓷, brand 永昌, trade 陶瓷.

    The core is without the place before and the legal form behind; the trade is empty where the name is short for it
    (永昌公司).
    """

    core: str
    brand: str
    trade: str
    written: str


@functools.cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("anlan.ledger.linkage") / "data" / "names.toml").read_text(encoding="utf-8"))


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word))))


@functools.cache
def _company() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], frozenset[str]]:
    data = _data()["company"]
    trades, forms = _any(data["trades"]), _any(data["forms"])
    # Legal forms are typed badly more often than names: 有公限司, 有限司.
    legal = r"(?:股份|集团)?(?:有[限责任公司]{2,5}|[限责任]{0,4}公司)|集团"
    end = re.compile(
        rf"(?P<trade>{trades})?(?P<legal>{legal})(?:[一-龥]{{0,4}}分公司)?|(?P<form>{forms})|(?P<bare>{trades})"
    )
    before = re.compile(rf".*(?:[^一-龥]|{_any(data['before'])}|(?:街道|镇|乡|村委会|居委会|村|社区|组))")
    trade = re.compile(rf"(?P<trade>{trades}|{forms})$")
    return end, before, trade, frozenset(data["none"])


def companies_of(text: str, places: tuple[str, ...] = ()) -> tuple[Company, ...]:
    """Companies of a folded description, each once, in order. `places` are villages that are no part of a name.

    >>> [(c.brand, c.trade) for c in companies_of("岸线被咸宁源中建材有限公司侵占230米")]
    [('源中', '建材')]
    >>> [(c.brand, c.trade) for c in companies_of("上饶金恒再生资源在太渡街下埠堆存固废,安天公司码头未拆除")]
    [('金恒', '再生资源'), ('安天', '')]
    """
    end, before, trade, none = _company()
    found: dict[str, Company] = {}
    last = 0
    for one in end.finditer(text):
        name_end = one.start("form") if one["form"] else one.start("bare") if one["bare"] else one.start("legal")
        stem = text[max(last, name_end - _LONGEST_NAME) : name_end]
        if cut := before.match(stem):
            stem = stem[cut.end() :]
        said = one["form"] or one["bare"] or ""
        core = _placeless(stem)
        for name in places:
            if len(name) > 1 and core.startswith(name) and len(trade.sub("", core)) - len(name) >= 2:
                core = core[len(name) :]
        told = trade.search(core)
        if one["bare"] and (len(core) < 2 or len(core) > 4):
            continue
        brand, kind = (core[: told.start()], told["trade"]) if told else (core, said)
        if said and not told:
            core += said
        if len(brand) < 2 or len(brand) > 8 or any(brand.startswith(word) for word in none):
            continue
        # Without a legal form only a short word that says nothing else is a name.
        if one["bare"] and any(word in brand for word in none):
            continue
        last = one.end()
        found.setdefault(core, Company(core, brand, kind, stem + text[name_end : one.end()]))
    return tuple(found.values())


def _placeless(stem: str) -> str:
    """Name without the province, city or county it begins with, as long as a brand of two characters is left.

    咸宁泰安水泥 is 泰安水泥, although 泰安 is a city too.
    """
    trade = _company()[2]
    for _ in range(3):
        for name, _, _ in names().get(stem[:2], ()):
            if stem.startswith(name) and len(trade.sub("", stem)) - len(name) >= 2:
                stem = stem[len(name) :]
                break
        else:
            return stem
    return stem


@functools.cache
def _water() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], frozenset[str]]:
    data = _data()["water"]
    name = rf"(?P<name>[一-龥]{{1,{_LONGEST_WATER - 1}}}?(?:{_any(data['ends'])}))"
    behind = re.compile(rf"(?:{_any(data['before'])})了?{name}{_NO_WATER}")
    ahead = re.compile(rf"(?:^|[,，。;；:：(（]){name}(?={_any(data['behind'])})")
    return behind, ahead, re.compile("(?P<name>[一-龥]{2,3}(?:水库|运河))"), frozenset(data["none"])


def waters_of(text: str) -> tuple[str, ...]:
    """Waters that a folded description names in a place where only a water can stand.

    >>> waters_of("污水溢流至博阳河,群众反映强烈"), waters_of("昌江沿线有直排"), waters_of("直排附近河流")
    (('博阳河',), ('昌江',), ())
    """
    *patterns, none = _water()
    told = (_verbless(one["name"]) for pattern in patterns for one in pattern.finditer(text))
    return tuple(dict.fromkeys(name for name in told if len(name) > 1 and name not in none and "附近" not in name))


def _verbless(name: str) -> str:
    """Name of a water without a verb read with it (影响长河)."""
    return _verb().sub("", name)


@functools.cache
def _verb() -> re.Pattern[str]:
    return re.compile(rf"^(?:{_any(word for word in _data()['water']['before'] if len(word) > 1)})了?")


class Waters:
    """Waters that ledgers name at all, found again wherever they stand."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        counted = Counter(name for text in texts for name in waters_of(text))
        known = [name for name, count in counted.items() if count >= _COMMON_WATER and 2 <= len(name) <= 4]
        self._known = re.compile(f"(?:{_any(known)}){_NO_WATER}") if known else None

    def find(self, text: str, own: Iterable[str] = (), places: Iterable[str] = ()) -> frozenset[str]:
        """Waters of a text; `own` are those it names by itself (`waters_of`), `places` the divisions it lies in.

        九江 is a city and 昌江 a district: a name that is also a place of the row counts only as its own.
        """
        named = set(own)
        if self._known:
            # A name read too long (受纳水体乐安河) gives way to the known one inside it.
            known = {one[0] for one in self._known.finditer(text)}.difference(places) | (named & set(places))
            named = {name for name in named if not any(one in name for one in known)} | known
        return frozenset(named)
