"""The CP of a frame: `DataTime=…;code-Rtd=…,code-Flag=…;…` taken apart into fields and values.

A logger says the same items in the same order all its life. So the names and separators of a CP are studied once
and the result, its layout, is kept; of each frame only the values are looked at anew.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from anlan.foundation.calc.explain import Bilingual
from anlan.monitor.hj212 import tables, times
from anlan.monitor.hj212.frame import Values
from anlan.monitor.hj212.oddities import Oddity

_KEY = re.compile(r"([A-Za-z0-9_]{1,32})(?:-([A-Za-z0-9_]{1,16}))?", re.ASCII)
_OLD_CODE = re.compile(r"[0-9]{3}|B01", re.ASCII)
# Text of logs stands between // and may hold separators.
_ITEM = re.compile(r"((?://.*?//|[^;,])*)([;,]?)", re.DOTALL)
# Number of which nothing is to be told.
PLAIN_NUMBER = r"[0-9]{1,15}+(?:\.[0-9]{1,32}+)?+"
_PLAIN_NUMBERS = re.compile(f"(?:{PLAIN_NUMBER};)*+", re.ASCII)
_NUMBER = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?([eE][+-]?[0-9]{1,4})?", re.ASCII)
_PLACEHOLDER = re.compile(r"-9{2,6}(?:\.0*|\.9+)?", re.ASCII)
# No quantity of water or air has more than 15 whole digits in its unit.
_IMPOSSIBLE = 1e15
_CACHED_CP = 2048
_NO_SEPARATORS = bytes(set(range(256)) - set(b"=;,"))
_FLAGS = frozenset(tables.flags())
Pick = Callable[[Sequence[str]], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where in the row of a CP's values what stands, with what is odd about its names and separators."""

    fields: tuple[tuple[str, int], ...]
    factors: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    numbers: tuple[tuple[str, int], ...]
    pick_numbers: Pick
    flags: tuple[int, ...]
    pick_flags: Pick
    moments: tuple[tuple[str, int], ...]
    old_codes: tuple[str, ...]
    oddities: tuple[Oddity, ...]
    problems: tuple[Bilingual, ...]


@dataclass(slots=True)
class Content:
    """Fields and values of a CP, with what is odd (`oddities`) and what cannot be (`problems`)."""

    fields: dict[str, str]
    values: Values
    oddities: list[Oddity]
    problems: list[Bilingual]
    old_codes: tuple[str, ...] = ()


def read(cp: str) -> Content:
    """Content of the text between && and &&. Any text gives one."""
    pieces = cp.replace(";", "=").replace(",", "=").split("=")
    layout = None
    if len(cp) <= _CACHED_CP and "//" not in cp:
        # What is left without the values: the names, and which separators stand between them.
        layout = _regular(cp.encode("utf-8", "replace").translate(None, _NO_SEPARATORS), *pieces[::2])
    if layout is not None:
        return _apply(layout, pieces[1::2])
    names, values, separators = _taken_apart(cp)
    return _apply(_study(tuple(names), "".join(separators)), values)


def names_of(cp: str) -> tuple[tuple[str, ...], str]:
    """Names of the items of a CP in ASCII, and all its separators (=;,) in their order."""
    names = tuple(cp.replace(";", "=").replace(",", "=").split("=")[::2])
    return names, cp.encode("ascii").translate(None, _NO_SEPARATORS).decode("ascii")


def regular(cp: str) -> Layout | None:
    """Layout of a CP in ASCII whose names and values take turns, without text between //; None for any other."""
    return None if "//" in cp or len(cp) > _CACHED_CP else regular_of(*names_of(cp))


def regular_of(names: tuple[str, ...], separators: str) -> Layout | None:
    """Layout of a CP with these names and separators if they take turns and all can be, else None."""
    found = _regular(separators.encode("ascii"), *names)
    return None if found is None or found.problems else found


@functools.lru_cache(maxsize=1024)
def _regular(separators: bytes, *names: str) -> Layout | None:
    """Layout of a CP whose names and values take turns; None for any other."""
    between = separators[1::2]
    ends_with_a_name = len(separators) % 2 == 0
    if separators[::2].strip(b"=") or b"=" in between or "" in names[:-1] or ends_with_a_name is bool(names[-1]):
        return None
    return _study(names, between.decode("ascii"))


def _taken_apart(cp: str) -> tuple[list[str], list[str], list[str]]:
    """Names, values and the separators after each but the last, for a CP in which they do not simply take turns."""
    names, values, separators = [], [], []
    for item, separator in _ITEM.findall(cp):
        name, equals, value = item.partition("=")
        if not (item or separator):
            break
        # What is no name=value gets a name that cannot be, so that it is told.
        names.append(name if bool(equals) is bool(name) else f"{name}=")
        values.append(value)
        separators.append(separator)
    if separators and separators[-1]:
        names.append("")
        values.append("")
    else:
        del separators[-1:]
    return names, values, separators


@functools.lru_cache(maxsize=512)
def _study(names: tuple[str, ...], between: str) -> Layout:
    """Layout from the names of the items and the separators between them."""
    oddities: dict[Oddity, None] = {}
    problems: list[Bilingual] = []
    fields: dict[str, int] = {}
    factors: dict[str, dict[str, int]] = {}
    groups: dict[str, int] = {}
    old: dict[str, None] = {}
    group = 0
    before = ""
    for index, name in enumerate(names):
        separator = between[index - 1 : index] if index else ""
        group += separator == ";"
        if not name:
            if len(names) > 1:
                oddities[Oddity("separator_at_end" if index == len(names) - 1 else "empty_item")] = None
            continue
        match = _KEY.fullmatch(name)
        if match is None:
            problems.append(_broken(name))
            continue
        code, suffix = match[1], match[2]
        if suffix is None or suffix not in tables.suffixes():
            owner = ""
            taken = fields.setdefault(name, index)
        else:
            owner = code
            if _OLD_CODE.fullmatch(code) and code in tables.current_code():
                old[code] = None
                owner = tables.current_code()[code]
            taken = factors.setdefault(owner, {}).setdefault(suffix, index)
            if groups.setdefault(owner, group) != group:
                oddities[Oddity("item_split", code)] = None
        if taken != index:
            oddities[Oddity("repeated_item", name)] = None
        if separator == "," and owner != before:
            oddities[Oddity("comma_between_items", name)] = None
        before = owner or name
    unknown = [code for code in factors if code not in tables.factors() and tables.site_code(code) is None]
    if unknown:
        oddities[Oddity("vendor_factor", ",".join(unknown))] = None
    kinds = tables.suffixes()
    items = [(f"{code}-{suffix}", kinds[suffix], i) for code, per in factors.items() for suffix, i in per.items()]
    numbers = tuple((name, i) for name, kind, i in items if kind == "measured")
    flags = tuple(i for _, kind, i in items if kind == "flag")
    moments = [(name, i) for name, kind, i in items if kind == "time"]
    moments += [(name, i) for name, i in fields.items() if name in tables.time_fields()]
    return Layout(
        fields=tuple(fields.items()),
        factors=tuple((code, tuple(per.items())) for code, per in factors.items()),
        numbers=numbers,
        pick_numbers=_pick([i for _, i in numbers]),
        flags=flags,
        pick_flags=_pick(flags),
        moments=tuple(moments),
        old_codes=tuple(old),
        oddities=tuple(oddities),
        problems=tuple(problems),
    )


def _pick(places: Iterable[int]) -> Pick:
    """Function from a row to its cells at these places."""
    places = tuple(places)
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: tuple(row[place] for place in places)


def _broken(name: str) -> Bilingual:
    shown = repr(name.rstrip("=")[:40])[1:-1]
    if name.endswith("="):
        return Bilingual(f"项“{shown}”没有等号", f"the item “{shown}” has no =")
    return Bilingual(f"项的名称“{shown}”不合规定", f"“{shown}” is not the name of an item")


def _apply(layout: Layout, row: Sequence[str]) -> Content:
    """Content of a row of values that has this layout."""
    values: Values = {}
    # Plain loops: measured twice as fast as a comprehension within one.
    for code, items in layout.factors:
        values[code] = items_of_factor = {}
        for suffix, i in items:
            items_of_factor[suffix] = row[i]
    fields = {name: row[i] for name, i in layout.fields}
    content = Content(fields, values, list(layout.oddities), list(layout.problems), layout.old_codes)
    if layout.numbers and not _PLAIN_NUMBERS.fullmatch(";".join(layout.pick_numbers(row)) + ";"):
        for name, i in layout.numbers:
            _check_number(name, row[i], content)
    if not _FLAGS.issuperset(layout.pick_flags(row)):
        for flag in dict.fromkeys(row[i] for i in layout.flags if row[i] not in _FLAGS):
            content.oddities.append(Oddity("unknown_flag", flag[:16]))
    for name, i in layout.moments:
        _check_moment(name, row[i], content)
    return content


def _check_number(name: str, text: str, content: Content) -> None:
    if not text:
        content.oddities.append(Oddity("empty_value", name))
        return
    match = _NUMBER.fullmatch(text) if len(text) <= 48 else None
    if match is None or not (match[2] or match[3]):
        content.problems.append(Bilingual(f"{name}={text[:24]} 不是数", f"{name}={text[:24]} is not a number"))
        return
    number = float(text)
    if not math.isfinite(number) or abs(number) >= _IMPOSSIBLE:
        content.problems.append(Bilingual(f"{name}={text[:24]} 不可能", f"{name}={text[:24]} is impossible"))
        return
    if match[4]:
        content.oddities.append(Oddity("exponent", f"{name}={text}"))
    if _PLACEHOLDER.fullmatch(text):
        content.oddities.append(Oddity("placeholder", f"{name}={text}"))
    elif number < 0:
        content.oddities.append(Oddity("negative_value", f"{name}={text}"))


def is_placeholder(text: str) -> bool:
    """Whether a value stands for no value: nothing, or -99, -999 and the like.

    >>> [is_placeholder(text) for text in ("-99.000000", "-9999", "", "-0.041", "99")]
    [True, True, True, False, False]
    """
    return not text or _PLACEHOLDER.fullmatch(text) is not None


def _check_moment(name: str, text: str, content: Content) -> None:
    if not times.is_moment(text):
        content.problems.append(Bilingual(f"{name}={text[:24]} 不是时间", f"{name}={text[:24]} is not a time"))
    elif len(text) == 17:
        content.oddities.append(Oddity("milliseconds", f"{name}={text}"))
