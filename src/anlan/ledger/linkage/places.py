"""Places of ledgers, from the province to the village, whole or short, with the names of today.

A place is the county it lies in and a tail, which is what stands below the county. 江西省九江市九江县港口镇茶岭村,
柴桑区港口镇茶岭 and 柴桑港口茶岭村 are all the county 柴桑 with the tail 港口茶岭.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from anlan.ledger.linkage.divisions import Division, Names, names, shared_names, short

_TOWN = re.compile(
    r"(?P<name>[一-龥a-z\d]{1,7}?)(?P<kind>街道办事处|街道办|街道|民族乡|苏木|镇(?!镇|街道)|乡|街(?![镇乡道路])|"
    r"(?:经济|高新|技术|产业)*(?:开发区|园区|工业园|示范区|管理区)|农场|林场|垦殖场|渔场|管委会)"
)
_VILLAGE = re.compile(
    r"(?P<name>.{1,8}?)(?P<kind>村民委员会|居民委员会|村委会|居委会|行政村|自然村|社区居委会|社区|村|嘎查|居|组|社|屯)(?![湾庄口])(?P<rest>.*)"
)
_VILLAGE_END = re.compile(
    r"(?:村民委员会|居民委员会|村委会|居委会|行政村|自然村|社区居委会|社区|村|嘎查|居|组|社|屯|队)$"
)
_NEAR = re.compile(r"(?:附近|一带|境内|辖区|周边|沿线|路段|河段|段|处|内|旁|等地)+$")
_MARK = re.compile(r"[^一-龥a-z\d]+")
# Town and village in running text; a village without its kind has no end there.
_ENDED = re.compile(r"(?P<village>[一-龥]{1,4}?(?:社区|村|组))")
_BELOW = re.compile(rf"(?P<town>[一-龥]{{1,5}}?)(?P<kind>街道|镇|乡|街)(?![镇乡街]){_ENDED.pattern}")
_UPPER_NAME = "[^\\W\\d镇乡村街社组]"
_UPPER = re.compile(
    rf"(?:(?P<province>{_UPPER_NAME}{{2,6}}?(?:省|自治区)))?(?:(?P<city>{_UPPER_NAME}{{2,6}}?(?:市|自治州|地区|盟)))?"
    rf"(?:(?P<county>{_UPPER_NAME}{{1,6}}?(?:自治县|县|区|旗|市|管委会)))?(?=[^镇乡]{{1,5}}?(?:镇|乡|街道))"
)
# Cells that have to name a county that nobody knows before it is believed.
_HEARD = 2
# A short name of a county before one of these is no county but a town or village of that name: 永安乡.
_KINDS = frozenset("镇乡街村社组屯道路")
# 市生态环境局彭泽分局 is the branch for the county 彭泽.
_BRANCH = re.compile(r"局([一-龥]{2,5}?)分局")
_RANKS = frozenset("县市区旗")
_NOWHERE = Division("")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem is. Names are without their kind (镇, 村). `tail` is town and village in one.

    `town` and `village` are empty where the two could not be told apart, `spot` is what is finer than the village
    (3组, 大桥下游); the kinds are one of 镇, 乡, 街 and 村, 社, empty where not written. `written` is the text it was
    read from, folded.
    """

    province: str = ""
    city: str = ""
    county: str = ""
    tail: str = ""
    town: str = ""
    village: str = ""
    spot: str = ""
    town_kind: str = ""
    village_kind: str = ""
    written: str = ""


_VILLAGE_KINDS = {
    "社区": "社",
    "社": "社",
    "居委会": "社",
    "居民委员会": "社",
    "社区居委会": "社",
    "居": "社",
    "组": "组",
}


class _Below(NamedTuple):
    town: str = ""
    village: str = ""
    spot: str = ""
    town_kind: str = ""
    village_kind: str = ""


@dataclass(slots=True)
class Gazetteer:
    """What the ledgers themselves tell of places: counties they name in full, towns they name with their kind.

    A county that the list of the country does not know (an economic zone, a new district) is learned from the cells
    that name it before a town. Made of all rows before any is read, so that the order of rows changes nothing.
    """

    counties: Counter[Division] = field(default_factory=Counter)
    towns: dict[str, Counter[str]] = field(default_factory=dict)
    _local: Names = field(default_factory=dict)
    _above: set[Division] = field(default_factory=set)

    def learn(self, texts: Iterable[str]) -> None:
        """Takes in folded places."""
        texts = list(texts)
        unknown: Counter[Division] = Counter()
        written: dict[Division, set[tuple[str, Division]]] = {}
        for text in texts:
            division, rest = self._division(text, full=False)
            if not division.county and (told := _UPPER.match(rest)) and (told["city"] or told["county"]):
                self._unknown(division, told, unknown, written)
        for division, count in sorted(unknown.items(), key=lambda one: str(one)):
            if count >= _HEARD:
                for name, above in sorted(written[division], key=str):
                    for spelling, full in ((name, True), (short(name), False)):
                        entry = (spelling, (above,), full)
                        listed = self._local.setdefault(spelling[:2], [])
                        if entry not in listed:
                            listed.append(entry)
        for text in texts:
            division, rest = self._division(text, full=True)
            if division.county:
                self._count(division, 1)
            town = _TOWN.match(rest)
            if town and len(town["name"]) > 1 and town.end() < len(rest):
                self.towns.setdefault(division.county, Counter())[town["name"]] += 1
                self.towns.setdefault("", Counter())[town["name"]] += 1

    def _count(self, county: Division, times: int) -> None:
        self.counties[county] += times
        self._above |= {Division(county.province), Division(county.province, county.city)}

    def hear(self, units: Iterable[str]) -> None:
        """Takes in folded cells of units, for the counties they name: 婺源县交通运输局."""
        for text, times in Counter(units).items():
            for start in range(len(text) - 2):
                for name, divisions, full in names().get(text[start : start + 2], ()):
                    if full and len(name) > 2 and len(divisions) == 1 and text.startswith(name, start):
                        for one in divisions:
                            if one.county:
                                self._count(one, times)

    def _unknown(
        self,
        known: Division,
        told: re.Match[str],
        unknown: Counter[Division],
        written: dict[Division, set[tuple[str, Division]]],
    ) -> None:
        """Notes a province, city or county that the list of the country does not have."""
        province = known.province or short(told["province"] or "")
        city = known.city or short(told["city"] or "")
        found = Division(province, city, short(told["county"] or ""))
        unknown[found] += 1
        names_of = written.setdefault(found, set())
        if told["province"] and not known.province:
            names_of.add((told["province"], Division(province)))
        if told["city"] and not known.city:
            names_of.add((told["city"], Division(province, city)))
        if told["county"]:
            names_of.add((told["county"], found))

    def _named(self, beginning: str) -> Iterable[tuple[str, tuple[Division, ...], bool]]:
        known = names().get(beginning, ())
        return (*known, *self._local.get(beginning, ())) if self._local else known

    def read(self, text: str, description: str = "", unit: str = "") -> Place:
        """Place of a folded cell; what it lacks is looked for in the description and the responsible units."""
        division, rest = self._division(text, full=False)
        below = self._below(_MARK.sub("", rest), division.county)
        if not below.village and description:
            named, further = self._told(description)
            if named.within(division) and below.town in ("", further.town) and further.village:
                division, below = (named if named.county else division), further
        if not division.county:
            division = self._elsewhere(division, description, unit)
        return Place(
            division.province, division.city, division.county, below.town + below.village, *below, written=text
        )

    def told_in(self, description: str) -> str:
        """The words of a description that tell the place by a county and a town, empty if none do."""
        for start in range(len(description) - 3):
            for name, _, full in self._named(description[start : start + 2]):
                if full and description.startswith(name, start):
                    division, rest = self._division(description[start:], full=True)
                    if division.county and (told := _BELOW.match(rest)):
                        return description[start : len(description) - len(rest) + told.end()]
        return ""

    def _told(self, text: str) -> tuple[Division, _Below]:
        """County, town and village that a description tells."""
        for start in range(len(text) - 3):
            if not any(text.startswith(name, start) for name, _, _ in self._named(text[start : start + 2])):
                continue
            division, rest = self._division(text[start:], full=False)
            if division.level > 1 and (below := self._town_and_village(rest, division.county)):
                return division, below
        if told := _BELOW.search(text):
            town = told["town"]
            known = self.towns.get("") or Counter()
            # A water or another word read with the town: 陆水河大源乡.
            for length in (2, 3, 4):
                if len(town) > length and town[-length:] in known:
                    town = town[-length:]
            return _NOWHERE, self._below(town + told["kind"] + told["village"], "")
        return _NOWHERE, _Below()

    def _town_and_village(self, rest: str, county: str) -> _Below | None:
        """Town and village at the beginning of a text; the village has its kind, the town has it or is known."""
        if told := _BELOW.match(rest):
            return self._below(told[0], county)
        known = self.towns.get(county) or self.towns.get("") or Counter()
        for length in (4, 3, 2):
            if rest[:length] in known and (told := _ENDED.match(rest, length)):
                return self._below(rest[: told.end()], county)
        return None

    def _elsewhere(self, division: Division, description: str, unit: str) -> Division:
        """County named in full by the description or the units: 南昌市生态环境局新建分局, 婺源县交通运输局."""
        for text in (description, unit):
            for place in range(len(text) - 2):
                for name, divisions, full in self._named(text[place : place + 2]):
                    if full and len(name) > 2 and text.startswith(name, place):
                        fits = [d for d in divisions if d.within(division) and d.county]
                        fits = [d for d in fits if self.counties[d]] or (fits if len(fits) == 1 else [])
                        if len(fits) == 1:
                            return fits[0]
        for told in _BRANCH.finditer(unit):
            for name, divisions, _ in self._named(told[1][:2]):
                if name == told[1]:
                    fits = [d for d in divisions if d.within(division) and d in self.counties]
                    if len(fits) == 1:
                        return fits[0]
        return division

    def _division(self, text: str, *, full: bool) -> tuple[Division, str]:
        """Deepest division at the beginning of a text, and what follows it."""
        best, best_rank, rest = _NOWHERE, (0, 0), text
        stack = [(_NOWHERE, 0, 0)]
        while stack:
            above, place, wholes = stack.pop()
            for name, divisions, whole in self._named(text[place : place + 2]):
                if not text.startswith(name, place) or (full and not whole):
                    continue
                end = place + len(name)
                if not whole and (end >= len(text) or text[end] in _KINDS):
                    continue
                if not whole and text[end] in _RANKS:
                    # 监利县 is 监利市 of today, but 南昌市 is not the county 南昌.
                    if any(other == text[place : end + 1] for other, _, _ in self._named(text[place : place + 2])):
                        continue
                    end += 1
                fits = [d for d in divisions if d.level > above.level - (not above.province) and d.within(above)]
                if not fits and whole and above.level == 2 and len(divisions) == 1 and divisions[0].county:
                    # A county that has passed to another city is still itself under the name of the old one.
                    fits = [one for one in divisions if one.county not in shared_names()]
                if len(fits) > 1 or not whole:
                    fits = self._likely(fits, above, whole)
                for one in fits:
                    if one == above:
                        continue
                    rank = (one.level, end if whole else end - 1)
                    if rank > best_rank:
                        best, best_rank, rest = one, rank, text[end:]
                    if one.level < 3:
                        stack.append((one, end, wholes + whole))
        return best, rest

    def _likely(self, fits: list[Division], above: Division, whole: bool) -> list[Division]:
        """Of divisions of one name those that the ledgers speak of; a short name alone must be one of them."""
        known = [d for d in fits if self._spoken(d)]
        if known or not self.counties:
            return known or fits
        if above.province and (above.city or above.level > 1):
            return fits
        return fits if whole and len(fits) == 1 else [d for d in fits if d.level < 3 and whole]

    def _spoken(self, one: Division) -> bool:
        return one in self.counties if one.county else one in self._above

    def _below(self, rest: str, county: str) -> _Below:
        """What stands below the county, taken apart."""
        rest = _NEAR.sub("", rest)
        town, after, town_kind = "", rest, ""
        told = _TOWN.match(rest)
        if told and not (told.end() == len(rest) and told["kind"] == "街"):
            town, after, town_kind = told["name"], rest[told.end() :], told["kind"][0]
        else:
            known: Counter[str] = self.towns.get(county) or self.towns.get("") or Counter()
            for length in (4, 3, 2):
                if len(rest) > length and rest[:length] in known:
                    town, after = rest[:length], rest[length:]
                    break
        spot, village_kind = "", ""
        if told := _VILLAGE.match(after):
            village, spot = told["name"], _NEAR.sub("", told["rest"])
            village_kind = _VILLAGE_KINDS.get(told["kind"], "村")
        else:
            village = _VILLAGE_END.sub("", after) if len(after) > 2 else after
        # Without a town the tail may be a town and a village in one word.
        return _Below(town, village, spot, town_kind if town else "", village_kind)
