"""Targets and quantities: what is missing, said twice, or larger than it can be."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from anlan.plan.compiler.diagnostics.source import Finding, Source
from anlan.plan.compiler.model import Measure, Span, Target, squeeze

_FIGURE = re.compile(r"\d[\d,，]*(?:\.\d+)?")
# A round figure (360, 1000) comes twice by chance; one with three digits that count hardly does.
_DIGITS_THAT_COUNT = 3
_PLACES = 50
_WITHOUT_UNIT_FINE = re.compile(
    "[零负翻]|全覆盖|全部|清零|番|倍|半|[值比]|指数|系数|PUE|pH|容积率|密度|得分|评分|满意度", re.IGNORECASE
)
_GROWTH = re.compile(
    r"(?:增长|提高|提升|下降|降低|减少|压减|削减|增加|上升)(?:了|约|不低于|不少于|超过|力争)?\d{1,3}(?:\.\d{1,2})?%(?:以上|左右|以内)?"
)
_HAS_BASE = re.compile("比|较|同期|年均|年增|基础上|每年|逐年|基数|基准|同口径|累计|上年|去年")
_CLAUSE = 30
# Patterns here look behind only after their first character: the search then skips where none can begin.
_SHARE = re.compile(r"(?P<figure>\d(?<![\d.]\d)\d{2,6}(?:\.\d{1,3})?)%")
_SHARE_WORD = re.compile("(?:率|占比|比例|比重|覆盖面|覆盖|达标)[^，。；：、\n]{0,12}$")
_CAN_EXCEED = re.compile(
    "增长|增幅|负荷率|增速|提高|倍|拨备|流动比|复种|资产负债|投入产出|回报|周转|产能利用|扩大|增加"
)
_BARE_SHARE = re.compile(
    r"率(?<![功频速汇费倍效积税]率)(?:要|应|均|总体|稳定|保持|继续)?(?:达到|达|不低于|不少于|保持在|稳定在|提高到|提升到|提高至|提升至|在|≥|为)"
    r"(?P<figure>\d{1,6}(?:\.\d{1,2})?)(?=以上|左右|以内|[，。；、）\n]|$)"
)
_DN = re.compile(r"DN[ \t]?\d{2,4}(?P<mm>[ \t]?(?:mm|毫米))?(?![\d])", re.IGNORECASE)

# Notations of one unit. The first of each family is only its key.
_FAMILIES = (
    ("m3", "m³", "㎥", "立方米"),
    ("m2", "m²", "㎡", "平方米", "平米"),
    ("km2", "km²", "平方公里", "平方千米"),
    ("km", "公里", "千米"),
    ("kg", "公斤", "千克"),
    ("hm2", "hm²", "公顷"),
    ("t/d", "吨/天", "吨/日", "吨每天"),
    ("m3/d", "m³/d", "立方米/天", "立方米/日"),
    ("mg/L", "mg/l", "毫克/升"),
    ("kW", "kw", "KW", "千瓦"),
    ("t", "吨"),
    ("m", "米"),
)
_FAMILY_OF = {notation: family[0] for family in _FAMILIES for notation in family}
_NOTATION = re.compile(
    r"[\d万亿多余](?=[ \t]?(?P<unit>"
    + "|".join(sorted(map(re.escape, _FAMILY_OF), key=len, reverse=True))
    + r")(?![A-Za-z0-9/²³]))"
)


def check(source: Source) -> Iterator[Finding]:
    """Findings on targets and quantities."""
    for i, measure in enumerate(source.plan.measures):
        if not measure.targets:
            yield Finding("T401", source.head(i), {"measure": source.name(i)})
        yield from _bare(measure)
        yield from _twice(source, measure)
    yield from _growth(source)
    yield from _pipes(source)
    yield from _notations(source)
    yield from _magnitude(source)


def _bare(measure: Measure) -> Iterator[Finding]:
    for target in measure.targets:
        if not target.unit and not _WITHOUT_UNIT_FINE.search(target.text):
            value = target.value if isinstance(target.value, Decimal) else target.value[1]
            yield Finding("T402", target.span, {"text": squeeze(target.text), "value": format(value, "f")})


def _twice(source: Source, measure: Measure) -> Iterator[Finding]:
    same: dict[tuple[Decimal, str], list[Target]] = defaultdict(list)
    for target in measure.targets:
        if isinstance(target.value, Decimal) and _counts(target.value):
            same[target.value, target.unit].append(target)
    for targets in same.values():
        objects = {target.indicator for target in targets}
        if len(objects) < 2:
            continue
        for target in targets:
            other = next(t for t in targets if t.indicator != target.indicator)
            span = quantity_span(source, target)
            yield Finding(
                "T404",
                span,
                {
                    "text": squeeze(source.plan.printed(span)),
                    "name": squeeze(target.indicator),
                    "other": squeeze(other.text),
                    "line": source.line(other.span.start),
                },
            )


def _counts(value: Decimal) -> bool:
    digits = value.normalize().as_tuple().digits
    return len(digits) >= _DIGITS_THAT_COUNT and value >= 100


def quantity_span(source: Source, target: Target) -> Span:
    """Figure and unit of a target, without the words round them; all of it where the figure is not found again."""
    folded = source.folded
    for match in _FIGURE.finditer(folded, target.span.start, target.span.end):
        if Decimal(match.group().replace(",", "").replace("，", "")) != target.value:
            continue
        end = match.end()
        if target.unit:
            unit = folded.find(target.unit[-1], end, min(target.span.end, end + len(target.unit) + 4))
            end = unit + 1 if unit >= 0 else end
        return Span(match.start(), end)
    return target.span


def _growth(source: Source) -> Iterator[Finding]:
    text = source.folded
    for match in _GROWTH.finditer(text):
        span = Span(*match.span())
        if source.measure_at(span.start) is None:
            continue
        before = re.split("[。；]", text[max(0, match.start() - _CLAUSE) : match.start()])[-1]
        after = text[match.end() : match.end() + 8]
        if not _HAS_BASE.search(before) and not _HAS_BASE.search(after):
            yield Finding("T403", span, {"text": match.group()})


def _pipes(source: Source) -> Iterator[Finding]:
    """Nominal widths with and without mm (DN110mm, DN220): each one, if the document has both."""
    found = list(_DN.finditer(source.folded))
    kinds = {bool(match["mm"]): match for match in reversed(found)}
    if len(kinds) < 2:
        return
    for match in found[:_PLACES]:
        other = kinds[not match["mm"]]
        yield Finding(
            "T405",
            Span(*match.span()),
            {"text": match.group(), "other": other.group(), "line": source.line(other.start())},
        )


def _notations(source: Source) -> Iterator[Finding]:
    """First place of each notation of a unit that the document writes in several."""
    first: dict[str, dict[str, re.Match[str]]] = defaultdict(dict)
    for match in _NOTATION.finditer(source.folded):
        first[_FAMILY_OF[match["unit"]]].setdefault(match["unit"], match)
    for notations in first.values():
        if len(notations) < 2:
            continue
        printed = list(notations.values())
        for match in printed:
            other = printed[0] if match is not printed[0] else printed[1]
            yield Finding(
                "T405",
                Span(*match.span("unit")),
                {"text": match["unit"], "other": other["unit"], "line": source.line(other.start("unit"))},
            )


def _magnitude(source: Source) -> Iterator[Finding]:
    text = source.folded
    for match in _SHARE.finditer(text):
        figure = Decimal(match["figure"])
        if figure <= 100:
            continue
        before = text[max(0, match.start() - _CLAUSE) : match.start()]
        clause = re.split("[，。；：、]", before)[-1]
        share = _SHARE_WORD.search(before)
        if (share and not _CAN_EXCEED.search(clause)) or figure >= 1000:
            start = match.start() - (len(before) - share.start() if share else 0)
            yield _beyond(source, Span(start, match.end()))
    for match in _BARE_SHARE.finditer(text):
        span = Span(*match.span())
        if Decimal(match["figure"]) > 100:
            yield _beyond(source, span)
        elif source.measure_at(span.start) is not None:
            yield Finding("T402", span, {"text": squeeze(source.plan.printed(span)), "value": match["figure"]})


def _beyond(source: Source, span: Span) -> Finding:
    return Finding("T406", span, {"text": squeeze(source.plan.printed(span))})
