"""Provinces, cities and counties of the country, their short names and the names they had before.

The list is `data/divisions.csv`: a city a line with its counties; after `<` stand former names whose first part is
another (九江县 is 柴桑区 today). A name that only changed its last character (监利县, 监利市) needs no entry, for
counties are compared by what stands before it. Source: the divisions published by the ministry of civil affairs.
"""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass
from importlib.resources import files

_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|"
    "土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|塔吉克|怒|鄂温克|保安|裕固|独龙|普米|各"
)
_LAST = re.compile(
    rf"(?:(?:{_PEOPLES})族)*(?:自治[区州县旗]|特别行政区)$|维吾尔自治区$|(?:省|市|林区|特区|新区|矿区|区|县|旗|盟|地区|州)$"
)


@dataclass(frozen=True, slots=True)
class Division:
    """Short names of a division and of those above it; `county` is empty for a city, `city` for a province too."""

    province: str
    city: str = ""
    county: str = ""

    @property
    def level(self) -> int:
        """1 for a province, 2 for a city, 3 for a county."""
        return 1 + bool(self.city) + bool(self.county)

    def within(self, other: Division) -> bool:
        """Whether nothing in it says that it lies outside of `other`."""
        return all(
            not theirs or not own or own == theirs
            for own, theirs in (
                (self.province, other.province), (self.city, other.city), (self.county, other.county),
            )
        )  # fmt: skip


@functools.cache
def short(name: str) -> str:
    """Name without what kind of division it is; as it is where too little would be left.

    >>> short("恩施土家族苗族自治州"), short("柴桑区"), short("浦东新区"), short("郧县"), short("内蒙古自治区")
    ('恩施', '柴桑', '浦东', '郧县', '内蒙古')
    """
    cut = _LAST.sub("", name)
    return cut if len(cut) > 1 else name


@functools.cache
def shared_names() -> frozenset[str]:
    """Short names that counties of several cities bear (鼓楼, 城关, 新华)."""
    cities: dict[str, set[tuple[str, str]]] = {}
    for listed in names().values():
        for _, divisions, _ in listed:
            for one in divisions:
                if one.county:
                    cities.setdefault(one.county, set()).add((one.province, one.city))
    return frozenset(county for county, found in cities.items() if len(found) > 1)


# Names by their first two characters, longest first; each with the divisions it may stand for.
Names = dict[str, list[tuple[str, tuple[Division, ...], bool]]]


@functools.cache
def names() -> Names:
    """All names, full and short, current and former. The flag tells whether the name is a full one."""
    told: dict[str, dict[Division, bool]] = {}

    def tell(written: str, division: Division) -> None:
        told.setdefault(written, {})[division] = True
        told.setdefault(short(written), {}).setdefault(division, False)

    with (files("anlan.ledger.linkage") / "data" / "divisions.csv").open(encoding="utf-8") as lines:
        for line in csv.DictReader(lines):
            province = short(line["province"])
            tell(line["province"], Division(province))
            city, *before = line["city"].split("<")
            for name in (city, *before):
                tell(name, Division(province, short(city)))
            for county in line["counties"].split():
                name, *before = county.split("<")
                for each in (name, *before):
                    tell(each, Division(province, short(city), short(name)))
    found: Names = {}
    for written in sorted(told, key=lambda name: (-len(name), name)):
        divisions = told[written]
        full = tuple(d for d, whole in divisions.items() if whole)
        brief = tuple(divisions)
        entry = (written, full or brief, bool(full))
        found.setdefault(written[:2], []).append(entry)
        if full and len(brief) > len(full):
            found[written[:2]].append((written, tuple(d for d in brief if d not in full), False))
    return found
