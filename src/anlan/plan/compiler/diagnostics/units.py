"""Names of units: unknown ones, misprints, one unit in several spellings, two units that look like one, groups."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from anlan.plan.compiler import names
from anlan.plan.compiler.diagnostics.source import Finding, Source
from anlan.plan.compiler.model import Span
from anlan.plan.compiler.view import fold

# Shorter names differ by one character because they are different bodies (区林业局, 区农业局).
_SHORTEST = 6
_LONGEST = 40
_BUCKET = 8
_PLACES = 50
# Characters that a name may lose, gain or swap without becoming another body.
_LINKS = frozenset("和与及、的")
_BODIES = frozenset("局委办部处厅")
# Characters that scanning takes for each other, and homophones of the input method.
_CONFUSED = {
    frozenset(pair)
    for pair in (
        *("没设", "未末", "己已", "己巳", "已巳", "曰日", "千干", "人入", "土士", "工土", "洽治", "涝捞"),
        *("燃然", "账帐", "杨扬", "搏博", "住往", "侍待", "侯候", "厂广", "贝见", "天夫", "卫工", "建健"),
    )
}
_ABBREVIATIONS = (
    ("发改", "发展改革"), ("住建", "住房城乡建设"), ("人社", "人力资源社会保障"), ("卫健", "卫生健康"),
    ("工信", "工业信息化"), ("经信", "经济信息化"), ("国资委", "国有资产监督管理委"), ("文旅", "文化旅游"),
    ("市监局", "市场监督管理局"), ("市场监管", "市场监督管理"), ("应急局", "应急管理局"), ("交通局", "交通运输局"),
    ("科技局", "科学技术局"), ("自规", "自然资源规划"), ("生环", "生态环境"), ("城管局", "城市管理局"),
    ("财金", "财政金融"), ("总工会", "工会"), ("委员会", "委"), ("办公室", "办"),
)  # fmt: skip
_ENDING = re.compile(
    "(?:集团有限公司|有限责任公司|股份有限公司|有限公司|集团公司|总公司|分公司|公司|集团|委员会|委|局|办公室|办|中心|处|站|所|会)$"
)
_LEVEL = re.compile("^(?:省|市|区|县|州|旗|镇|乡)")
_PLACE = re.compile("(?:区|县|市|州|镇|乡|村|街道|省|政|纪|党|人大)$")
_OPEN_GROUP = re.compile("有关|相关|其他|其它")
# 办 and then 办公室 once more; words such as 督办办公室 are in order.
_OFFICE = "(?P<word>办)(?:(?:工作)?(?:领导小组|委员会|指挥部)|(?<![督主承交举开协兴筹申经会代]办))办公室$"
_OFFICE_TWICE = (
    re.compile("[区市县省州][^区市县省州，。；：、（）“”]{1,8}?" + _OFFICE),
    re.compile("[一-龥]{2,3}" + _OFFICE),
)
_DOUBLED = re.compile(r"(?P<word>[^各（）]{2,8})(?P=word)|(?P<one>[局委部处厅])(?P=one)")


@dataclass(slots=True)
class _Unit:
    """Name as folded, where it stands, and in which measures."""

    name: str
    spans: list[Span] = field(default_factory=list)
    measures: set[int] = field(default_factory=set)
    is_group: bool = False


def check(source: Source) -> Iterator[Finding]:
    """Findings on the units that measures name."""
    units = _units(source)
    yield from _unnamed(units)
    pairs = _variants(source, units)
    yield from _spelled(source, units, pairs)
    yield from _short_and_long(source, units, pairs)
    yield from _alike(source, units, pairs)
    yield from _repeats(source, units)
    if source.register:
        yield from _looked_up(source, units, pairs)


def _units(source: Source) -> dict[str, _Unit]:
    units: dict[str, _Unit] = {}
    for i, measure in enumerate(source.plan.measures):
        for duty in measure.duties:
            name = fold(duty.unit)
            unit = units.get(name)
            if unit is None:
                unit = units[name] = _Unit(name, is_group=names.is_group(name))
            unit.spans.append(duty.span)
            unit.measures.add(i)
    return units


def _unnamed(units: dict[str, _Unit]) -> Iterator[Finding]:
    for unit in units.values():
        if unit.is_group and _OPEN_GROUP.search(unit.name):
            for span in unit.spans:
                yield Finding("U106", span, {"name": unit.name})


# ——— one unit, several spellings ———


def _variants(source: Source, units: dict[str, _Unit]) -> dict[str, str]:
    """For each rarer spelling the one to prefer: what the register has, else what stands more often, else first."""
    register = source.register
    order = {name: i for i, name in enumerate(units)}

    def rank(name: str) -> tuple[bool, int, int]:
        known = register is not None and register.owner(name) is not None
        return not known, -len(units[name].spans), order[name]

    pairs: dict[str, str] = {}

    def note(one: str, other: str) -> None:
        if register and register.owner(one) and register.owner(other):
            return
        better, worse = sorted((one, other), key=rank)
        if worse not in pairs or rank(better) < rank(pairs[worse]):
            pairs[worse] = better

    for one, other in _near(units):
        note(one, other)
    if register:
        right = {owner: name for name in units if (owner := register.owner(name))}
        for name in units:
            owner = register.misprint(name)
            if owner in right:
                note(name, right[owner])
    return pairs


def _near(units: dict[str, _Unit]) -> Iterator[tuple[str, str]]:
    """Pairs of long names that differ in the order of their characters or in one of them.

    Names meet only in buckets: of those with the same characters, and of those equal without one character.
    """
    anagrams: dict[str, list[str]] = defaultdict(list)
    without_one: dict[str, list[str]] = defaultdict(list)
    for unit in units.values():
        name = unit.name
        if unit.is_group or not _SHORTEST <= len(name) <= _LONGEST:
            continue
        bucket = anagrams["".join(sorted(name))]
        yield from ((name, other) for other in bucket)
        if len(bucket) < _BUCKET:
            bucket.append(name)
        for key in {name, *(name[:i] + name[i + 1 :] for i in range(1, len(name)))}:
            bucket = without_one[key]
            yield from ((name, other) for other in bucket if _slip(name, other))
            if len(bucket) < _BUCKET:
                bucket.append(name)


def _slip(one: str, other: str) -> bool:
    """Whether two names that are equal without one character each are likely one body.

    >>> _slip("市文化和旅游局", "市文化旅游局"), _slip("东湖街道办事处", "南湖街道办事处")
    (True, False)
    """
    if len(one) == len(other):
        at = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        if len(at) != 1 or not 0 < at[0] < len(one) - 1:
            return False
        pair = frozenset((one[at[0]], other[at[0]]))
        return bool(pair & _LINKS) or pair <= _BODIES or pair in _CONFUSED
    longer, shorter = sorted((one, other), key=len, reverse=True)
    i = next((k for k, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b), len(shorter))
    return i > 0 and (longer[i] in _LINKS or longer[i] == longer[i - 1])


def _spelled(source: Source, units: dict[str, _Unit], pairs: dict[str, str]) -> Iterator[Finding]:
    others: dict[str, list[str]] = defaultdict(list)
    for worse, better in pairs.items():
        others[better].append(worse)
        first = units[better].spans[0]
        arguments = {"name": worse, "other": better, "line": source.line(first.start)}
        if source.register and (right := source.register.owner(better)):
            arguments["right"] = right
        for span in units[worse].spans[:_PLACES]:
            yield Finding("U103", span, arguments)
    for better, spellings in others.items():
        arguments = {
            "name": better,
            "other": "”“".join(spellings),
            "line": source.line(units[spellings[0]].spans[0].start),
        }
        if source.register and (right := source.register.owner(better)):
            arguments["right"] = right
        yield Finding("U103", units[better].spans[0], arguments)


def _short_and_long(source: Source, units: dict[str, _Unit], pairs: dict[str, str]) -> Iterator[Finding]:
    """Two names of one unit: by the register, or because one writes out the other's abbreviations."""
    by_unit: dict[str, list[str]] = defaultdict(list)
    for unit in units.values():
        if unit.is_group or unit.name in pairs:
            continue
        owner = source.register.owner(unit.name) if source.register else None
        by_unit[owner or _written_out(unit.name)].append(unit.name)
    for called in by_unit.values():
        if len(called) < 2:
            continue
        for i, name in enumerate(called[:_BUCKET]):
            other = called[0] if i else called[1]
            line = source.line(units[other].spans[0].start)
            yield Finding("U107", units[name].spans[0], {"name": name, "other": other, "line": line})


def _written_out(name: str) -> str:
    """Name without links and with the usual abbreviations in full.

    >>> _written_out("区发展和改革委员会") == _written_out("区发改委")
    True
    """
    for link in "和与及":
        name = name.replace(link, "")
    for short, full in _ABBREVIATIONS:
        if full not in name:
            name = name.replace(short, full)
    return name.replace("委员会", "委").replace("办公室", "办")


# ——— two units that look like one ———


def _alike(source: Source, units: dict[str, _Unit], pairs: dict[str, str]) -> Iterator[Finding]:
    """Names with one stem and different endings, of which one stands only once and never beside the other."""
    stems: dict[str, list[str]] = defaultdict(list)
    for unit in units.values():
        ending = None if unit.is_group or len(unit.name) > _LONGEST else _ENDING.search(unit.name)
        if not ending:
            continue
        stem = unit.name[: ending.start()]
        if len(_LEVEL.sub("", stem)) >= 2 and not _PLACE.search(stem):
            stems[stem].append(unit.name)
    for stem_names in stems.values():
        if len(stem_names) < 2:
            continue
        common = max(stem_names, key=lambda name: len(units[name].spans))
        doubted = [n for n in stem_names if n != common and _doubtful(source, units[n], units[common], pairs)]
        for name in doubted[:_BUCKET]:
            line = source.line(units[common].spans[0].start)
            yield Finding("U104", units[name].spans[0], {"name": name, "other": common, "line": line})
        if doubted:
            line = source.line(units[doubted[0]].spans[0].start)
            yield Finding("U104", units[common].spans[0], {"name": common, "other": "”“".join(doubted), "line": line})


def _doubtful(source: Source, one: _Unit, other: _Unit, pairs: dict[str, str]) -> bool:
    if len(one.spans) > 1 or one.name in pairs or one.measures & other.measures:
        return False
    register = source.register
    if register and register.owner(one.name) and register.owner(other.name):
        return False
    return _written_out(one.name) != _written_out(other.name)


# ——— words said twice inside a name ———


def _repeats(source: Source, units: dict[str, _Unit]) -> Iterator[Finding]:
    text = source.folded
    place = text.find("办公室")
    while place >= 0:
        begin = max(0, place - 18)
        before = text[begin : place + 3]
        match = _OFFICE_TWICE[0].search(before) or _OFFICE_TWICE[1].search(before)
        if match:
            span = Span(begin + match.start(), place + 3)
            yield Finding("U105", span, {"name": match.group(), "word": match["word"]})
        place = text.find("办公室", place + 1)
    for unit in units.values():
        doubled = _DOUBLED.search(unit.name) if len(unit.name) <= _LONGEST else None
        if doubled and not unit.is_group:
            word = doubled["word"] or doubled["one"]
            yield Finding("U105", unit.spans[0], {"name": unit.name, "word": word})


# ——— the register ———


def _looked_up(source: Source, units: dict[str, _Unit], pairs: dict[str, str]) -> Iterator[Finding]:
    register = source.register
    assert register is not None
    for unit in units.values():
        if unit.is_group or register.owner(unit.name):
            continue
        right = register.misprint(unit.name)
        if right:
            if unit.name not in pairs:
                for span in unit.spans:
                    yield Finding("U102", span, {"name": unit.name, "right": right})
            continue
        if unit.name in pairs and register.owner(pairs[unit.name]):
            continue
        arguments = {"name": unit.name}
        if nearest := register.nearest(unit.name):
            arguments["nearest"] = "、".join(nearest)
        for span in unit.spans:
            yield Finding("U101", span, arguments)
