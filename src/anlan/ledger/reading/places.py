"""Towns and villages in texts that nobody has cut into words, and places put together from what is known. Pure.

A town's name in running text has an end (镇, 乡, 街道) but no beginning. Names that the workbook itself states in cells
of their own (units, sections, columns) are known; of others the beginning is where something ends that no name holds:
a county, a river, 位于, a company.
"""

# ruff: noqa: E501 (a pattern stays on its line)

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

_HAN: Final = r"[\u3400-\u9fff]"
_TOWN_END: Final = r"(?:街道办事处|街道办|街道|镇|乡)"
_VILLAGE_END: Final = r"(?:村民委员会|居民委员会|村委会|居委会|社区|村民小组|林场|农场|村|组|屯)"
# These end in 镇 or 乡 and are no towns, or hold one of the two and are a city.
_NO_TOWN: Final = re.compile(
    r"^各|^(?:城|集|村|该|本|全|下|家|建制|小|古|重点|中心|两|多个|几个|有关|相关|所属|所在|水|景德|个|特色|建|住房和城|故|回|异|老)$"
)
_NO_COUNTY: Final = re.compile(
    r"^(?:全|本|我|该|各|两|城|园|老城|新城|库|矿|厂|景|市|主城|中心城|县城|建成|保护)(?:区|县|市)$"
)
_NO_VILLAGE: Final = re.compile(
    r"^村|^.*(?:农|行政|自然|新农|美丽乡|城中|两岸|附近|周边)(?:村|社区|组)$|"
    r"^(?:全|该|本|各|此|每个|所在|整|邻|个|进|驻|乡|示范|贫困|我|入|沿线|到|从|出)(?:村|社区|组)$|"
    r"^(?:工作|专项|领导|检查|督察|巡查|整改|党|小|机|一|专班|调查|核查)组$|"
    r".*(?:工作|领导|督察|督查|检查|巡查|调查|核查|督导|巡视|审计)组$"
)
# A name begins behind these.
_SOFT: Final = (
    "省", "市", "县", "区", "州", "位于", "地处", "坐落于", "在", "于", "经查", "查实", "发现", "沿线", "沿岸", "岸线", "支沟",
    "支流", "河道", "河段", "干流", "流域", "河流", "水体", "附近", "流入", "排入", "汇入", "流向", "影响", "属", "邻近", "紧邻", "毗邻", "上游", "下游", "左岸", "右岸", "两岸", "岸边", "旁", "公司", "厂", "有限公司", "企业",
    "对", "向", "到", "从", "与", "和", "及", "至", "经", "由", "反映", "举报", "称", "我", "该", "段", "侧", "园区", "农场", "水库",
    "是", "将", "因", "为", "指出", "显示", "涉及", "包括", "其中", "流经", "途经", "辖区", "属地", "的", "责令", "督促", "要求",
    "场", "站", "店", "院", "校", "矿", "现场", "检查", "巡查", "暗访", "排查", "调查", "核实", "投诉", "群众", "居民", "关于", "针对", "存在",
    "处", "时", "边", "内", "口", "来信", "来电", "查明", "查获", "接报", "通报", "督察", "督查", "曝光", "披露", "以及", "位置",
)  # fmt: skip
_SOFT_WORDS: Final = tuple(word for word in _SOFT if word not in "省市县区州")
# Where water flows to, or whom it harms, is not where the problem is.
_AWAY: Final = re.compile(
    r"(?:流入|排入|汇入|流向|排向|流经|途经|通往|运往|运至|倒往|影响|波及|殃及|危及|扩散到|属|邻近|紧邻|毗邻|交界)[^，。；,;]{0,4}$"
)
_NEAR: Final = re.compile(r"(?:周边|周围|下游|邻村|通向)$")
_RIVER: Final = "河江湖溪水库港渠"
_HARD: Final = re.compile(r"[^\u3400-\u9fff]")
_PARSED: Final = re.compile(
    rf"^(?P<province>{_HAN}{{2,3}}省|{_HAN}{{2,6}}自治区|北京市|上海市|天津市|重庆市)?"
    rf"(?P<city>(?:(?!村|社区){_HAN}){{2,6}}?(?:市(?!场)|自治州|地区|盟))?"
    rf"(?P<county>(?:(?!村|社区){_HAN}){{1,6}}?(?:自治县|县|市(?!场)|新区|林区|(?<![园社库片辖地小校厂牧渔景护发])区))?"
)
_TOWN_AT: Final = re.compile(rf"^({_HAN}{{1,5}}?{_TOWN_END})(?!市)")
_VILLAGE_AT: Final = re.compile(rf"^({_HAN}{{1,6}}?{_VILLAGE_END})")
_UNIT_TOWN: Final = re.compile(
    rf"^(?P<town>{_HAN}{{1,5}}?(?:街道|镇|乡))(?:党委|党工委|党委政府|党委、政府|人民政府|政府|办事处|街道办事处|街道办|办|管委会)?$"
)
_SPLIT: Final = re.compile(r"[、，,；;/／\n\r\s（()）|&＋+]+|和(?=\S{2,6}(?:镇|乡|街道))")


@dataclass(frozen=True, slots=True)
class Place:
    """A place from province to village, each None where it is not known; `rest` is what follows."""

    province: str | None = None
    city: str | None = None
    county: str | None = None
    town: str | None = None
    village: str | None = None
    rest: str = ""

    @property
    def text(self) -> str:
        """All of it in one."""
        return "".join(part or "" for part in (self.province, self.city, self.county, self.town, self.village))

    def over(self, other: Place) -> Place:
        """This place, completed by another where it says nothing itself."""
        return replace(
            self,
            province=self.province or other.province,
            city=self.city or other.city,
            county=self.county or other.county,
            town=self.town or other.town,
            village=self.village or other.village,
        )


def town_name(name: str) -> str:
    """Name of a town without the office that bears it (新枫街道办事处).

    >>> town_name("新枫街道办事处")
    '新枫街道'
    """
    return re.sub(r"街道(?:办事处|办)$", "街道", name)


def stem(name: str) -> str:
    """Name without its kind: 鱼山 of 鱼山镇.

    >>> stem("下湾村"), stem("桃桥街道"), stem("梅岭社区")
    ('下湾', '桃桥', '梅岭')
    """
    short = re.sub(rf"(?:{_TOWN_END}|{_VILLAGE_END})$", "", name)
    return short or name


def parse(text: str) -> Place:
    """A place that stands by itself, from its beginning.

    >>> parse("湖北省荆州市石首市仙坝街道下口村三组").text
    '湖北省荆州市石首市仙坝街道下口村'
    >>> parse("公安县金林兴渡")
    Place(province=None, city=None, county='公安县', town=None, village=None, rest='金林兴渡')
    """
    text = "".join(text.split())
    head = _PARSED.match(text)
    assert head is not None
    province, city, county = head["province"], head["city"], head["county"]
    end = head.end()
    if (county and _NO_COUNTY.match(county)) or (city and _NO_COUNTY.match(city)):
        return Place(rest=text)
    town: str | None = None
    if county and re.match(_TOWN_END, text[end:]):
        # 城区街道 is one name.
        end, county = head.start("county"), None
    if city and not county and not province and (city.endswith("市")):
        # A city that a town follows is one of county rank.
        city, county = None, city
    if (found := _TOWN_AT.match(text[end:])) and not _NO_TOWN.match(stem(found[1])):
        town = town_name(found[1])
        end += len(found[1])
    village = None
    if (found := _VILLAGE_AT.match(text[end:])) and not _NO_VILLAGE.match(found[1]):
        village = found[1]
        end += len(village)
    elif town and re.fullmatch(rf"{_HAN}{{2,4}}社", text[end:]):
        # 梅岭社 is short for 梅岭社区.
        village, end = text[end:] + "区", len(text)
    return Place(province, city, county, town, village, text[end:])


def _begin(text: str, end: int) -> int:
    """Where the name that ends at `end` (its kind left out) begins."""
    at = end
    while at > 0 and end - at < 6 and not _HARD.match(text[at - 1]):
        held = end - at
        before = text[max(0, at - 4) : at]
        if (
            held >= 1
            and any(before.endswith(word) for word in _SOFT if not (word in "省市县区州" and held < 1))
            and held >= 2
        ):
            return at
        if held >= 2 and text[at - 1] in _RIVER:
            return at
        at -= 1
    held = end - at
    if held <= 3 and (at == 0 or _HARD.match(text[at - 1])):
        return at
    # Two characters are what most names have.
    return max(at, end - 2)


def towns_in_units(text: str) -> list[str]:
    """Towns among responsible units.

    >>> towns_in_units("石首市交通运输局\\n湖港街道人民政府"), towns_in_units("住房和城乡建设局/湖山乡政府")
    (['湖港街道'], ['湖山乡'])
    """
    found = []
    for item in _SPLIT.split(text):
        rest = item
        head = _PARSED.match(item)
        if head and head.end() and not _UNIT_TOWN.match(item):
            rest = item[head.end() :]
        match = _UNIT_TOWN.match(rest)
        if not match and head and head.end():
            match = _UNIT_TOWN.match(item[head.end() :])
        if match and not _NO_TOWN.match(stem(match["town"])):
            name = match["town"]
            inner = _PARSED.match(name)
            if inner and inner.end() and len(name) - inner.end() >= 2 and _UNIT_TOWN.match(name[inner.end() :]):
                name = name[inner.end() :]
            found.append(town_name(name))
    return found


def _upper(text: str, at: int) -> Place:
    """Province, city and county that stand right before `at`."""
    if at == 0 or text[at - 1] not in "省市县区州盟":
        return Place()
    begin = at
    while begin > 0 and not _HARD.match(text[begin - 1]) and at - begin < 16:
        begin -= 1
    for start in range(begin, at):
        head = _PARSED.match(text[start:at])
        if head and head.end() == at - start and head.end():
            place = parse(text[start:at])
            if all(len(name) >= 2 for name in (place.city, place.county) if name):
                return _trimmed(place)
    return Place()


def _trimmed(place: Place) -> Place:
    """Without what no name of a city or county begins with (在景德镇市, 沮漳河黄石市)."""

    def cut(name: str | None) -> str | None:
        if name is None or name.endswith("经开区"):
            return name and name[-3:]
        for at in range(len(name) - 2, 0, -1):
            if name[:at].endswith(_SOFT_WORDS) or (name[at - 1] in "河江" and len(name) - at >= 3):
                return name[at:]
        return name

    return replace(place, city=cut(place.city), county=cut(place.county))


class Towns:
    """Towns that are known, to be found in running text by their names and by their names without 镇, 乡, 街道.

    >>> sorted(Towns(["鱼山镇"]).stems.items())
    [('鱼山', '鱼山镇')]
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names: Final = frozenset(town_name(name) for name in names)
        self.longest: Final = max(map(len, self.names), default=0)
        found: dict[str, str | None] = {}
        for name in sorted(self.names):
            short = stem(name)
            # One short name of two towns names neither.
            found[short] = name if short not in found else None
        self.stems: Final = {short: name for short, name in found.items() if name and len(short) >= 2}

    def ending(self, text: str, end: int) -> str | None:
        """The longest known town whose name ends there."""
        for size in range(min(self.longest, end), 1, -1):
            if text[end - size : end] in self.names:
                return text[end - size : end]
        return None


NO_TOWNS: Final = Towns()


def find(text: str, known: Towns = NO_TOWNS) -> Place:
    """Town, village and what stands over them in running text; towns that are known first.

    >>> find("信江支沟莲泉乡湖坝村段水体发黑发臭").text
    '莲泉乡湖坝村'
    >>> find("景德镇金东陶瓷有限公司在景德镇市昌江区石塘镇梅岭村违规堆存").text
    '景德镇市昌江区石塘镇梅岭村'
    """
    text = "".join(text.split())
    guess: tuple[int, int] | None = None
    cut = len(text)
    for match in re.finditer(_TOWN_END, text):
        if match.start() == 0 or text.startswith("市", match.end()):
            continue
        end = match.start() + len(town_name(match[0]))
        if name := known.ending(text, end):
            if _AWAY.search(text[: end - len(name)]):
                cut = min(cut, end - len(name))
                continue
            return _from(text, end - len(name), match.end(), name)
        begin = _begin(text, match.start())
        name = text[begin : match.end()]
        if begin == match.start() or _NO_TOWN.match(stem(name)) or name.endswith(("景德镇", "城乡", "乡镇")):
            continue
        if _AWAY.search(text[:begin]):
            cut = min(cut, begin)
            continue
        guess = guess or (begin, match.end())
    if guess:
        return _from(text, *guess, town_name(text[guess[0] : guess[1]]))
    return _by_short(text[:cut], known) or _village_only(text[:cut])


def _by_short(text: str, known: Towns) -> Place | None:
    """A known town that a clause begins with, or that follows a county there, without its kind (公安桃桥街仙亭组)."""
    if not known.stems:
        return None
    sizes = sorted({len(short) for short in known.stems}, reverse=True)
    for clause in re.finditer(rf"{_HAN}+", text):
        for at in range(min(7, len(clause[0]))):
            for size in sizes:
                town = known.stems.get(clause[0][at : at + size])
                if town and not re.match(_VILLAGE_END, clause[0][at + size :]):
                    rest = clause[0][at + size :]
                    rest = rest.removeprefix("街道").removeprefix("街") if town.endswith("街道") else rest
                    found = _VILLAGE_AT.match(rest)
                    village = found[1] if found and not _NO_VILLAGE.match(found[1]) else None
                    return replace(_upper(clause[0], at), town=town, village=village)
    return None


def _from(text: str, begin: int, end: int, town: str) -> Place:
    rest = re.sub(r"^(?:人民政府|政府|辖区内?|境内|的)", "", text[end:])
    village = None
    if (found := _VILLAGE_AT.match(rest)) and not _NO_VILLAGE.match(found[1]):
        village = found[1]
    upper = _upper(text, begin)
    return replace(upper, town=town, village=village)


def _village_only(text: str) -> Place:
    for match in re.finditer(r"村民小组|村委会|居委会|社区|村|组", text):
        begin = _begin(text, match.start())
        name = text[begin : match.end()]
        if begin == match.start() or len(name) < 3 - (match[0] == "村") or _NO_VILLAGE.match(name):
            continue
        if _AWAY.search(text[:begin]) or _NEAR.search(text[:begin]):
            continue
        if name.endswith("组") and not re.search(rf"{_HAN}{{2}}组$", name):
            continue
        return replace(_upper(text, begin), village=name)
    return Place()
