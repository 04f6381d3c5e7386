"""Why two rows are, or are not, the same problem, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from anlan.ledger.linkage.comparing import Term
from anlan.ledger.linkage.model import Model
from anlan.settings import Words

_FIELDS = {
    "place": Words("地点", "place"),
    "crowd": Words("同地问题数", "problems at the place"),
    "spot": Words("具体点位", "spot"),
    "kind": Words("问题类型", "kind of problem"),
    "amount": Words("数量", "quantity"),
    "company": Words("企业", "company"),
    "water": Words("水体", "water"),
    "disclosed": Words("披露时间", "disclosed"),
    "deadline": Words("整改时限", "deadline"),
    "source": Words("来源", "source"),
    "office": Words("责任部门", "office in charge"),
    "text": Words("文字", "wording"),
    "start": Words("起点", "to begin with"),
}
_LEVELS = {
    ("place", "same"): Words("同一村（社区）", "the same village"),
    ("place", "renamed"): Words(
        "同名，镇、乡、街道或村、社区不同", "the same name, but another kind of town or village"
    ),
    ("place", "open"): Words("写到的部分相同", "the same as far as both say"),
    ("place", "town"): Words("同一乡镇，村不详", "the same town, village not given"),
    ("place", "near"): Words("地名只差一字", "names differ by one character"),
    ("place", "village"): Words("同一乡镇的不同村", "different villages of one town"),
    ("place", "other"): Words("不同地点", "different places"),
    ("place", "elsewhere"): Words("不同县（市、区）", "different counties"),
    ("place", "unknown"): Words("有一方没有写明", "not given by one of them"),
    ("crowd", "rows"): Words("该地台账问题较多", "the ledger has several problems there"),
    ("spot", "same"): Words("点位相同", "the same spot"),
    ("spot", "other"): Words("点位不同", "different spots"),
    ("kind", "same"): Words("类型相同", "the same kind"),
    ("kind", "near"): Words("类型相近", "kinds that are near to each other"),
    ("kind", "other"): Words("类型不同", "different kinds"),
    ("amount", "same"): Words("数量相等", "equal"),
    ("amount", "rounded"): Words("四舍五入后相等", "equal when rounded"),
    ("amount", "slip"): Words("疑似漏写或错写一位数字", "perhaps a digit left out or exchanged"),
    ("amount", "digits"): Words("数字相同，单位缺失", "the same digits, unit missing"),
    ("amount", "other"): Words("数量不同", "different"),
    ("amount", "one"): Words("只有一方写明数量", "given by one of them only"),
    ("company", "same"): Words("同一企业", "the same company"),
    ("company", "brand"): Words("字号相同，一方为简称", "the same name, one of them short"),
    ("company", "slip"): Words("企业名称相近", "names much alike"),
    ("company", "other"): Words("不同企业", "different companies"),
    ("company", "one"): Words("只有一方写明企业", "named by one of them only"),
    ("water", "same"): Words("同一水体", "the same water"),
    ("water", "other"): Words("不同水体", "different waters"),
    ("disclosed", "day"): Words("同一天", "the same day"),
    ("disclosed", "overlap"): Words("写到的范围相符", "they agree as far as both say"),
    ("disclosed", "month"): Words("相差不到一个月", "less than a month apart"),
    ("disclosed", "season"): Words("相差几个月", "months apart"),
    ("disclosed", "year"): Words("只知同年，或相差不到一年", "within a year, or only the year known"),
    ("disclosed", "far"): Words("相差一年以上", "more than a year apart"),
    ("deadline", "same"): Words("同一个月", "the same month"),
    ("deadline", "near"): Words("相差不大", "close to each other"),
    ("deadline", "other"): Words("相差较大", "far apart"),
    ("source", "same"): Words("来源相同", "the same source"),
    ("source", "year"): Words("来源相同，年度不同", "the same source in different years"),
    ("source", "other"): Words("来源不同", "different sources"),
    ("office", "same"): Words("部门相同", "the same office"),
    ("office", "other"): Words("部门不同", "different offices"),
    ("text", "high"): Words("表述很接近", "nearly the same words"),
    ("text", "good"): Words("表述较接近", "much the same words"),
    ("text", "some"): Words("表述有相同之处", "some of the same words"),
    ("text", "low"): Words("表述不同", "other words"),
}
_RIVAL = Words("另有一行同样相符，而两者不能同时成立", "another row fits too, and both can't be right")
# A weight below this is not worth a line.
_LEAST = 0.05


@dataclass(frozen=True, slots=True)
class Reason:
    """What a field contributed: `weight` in natural log odds, `words` to read, `left` and `right` as compared."""

    field: str
    level: str
    weight: float
    words: Words
    left: str = ""
    right: str = ""


def reasons(terms: Iterable[Term], model: Model, rivalry: float = 0.0) -> tuple[Reason, ...]:
    """Reasons, strongest first; their weights add up to the log odds, but for those too small to tell.

    `rivalry` is what another row costs that fits as well and excludes this one.
    """
    told = [Reason("start", "odds", round(model.start, 2), _FIELDS["start"])]
    for term in terms:
        weight = model.weight(term.field, term.level) * term.strength
        if abs(weight) < _LEAST:
            continue
        told.append(Reason(term.field, term.level, round(weight, 2), _words(term), term.left, term.right))
    if rivalry >= _LEAST:
        told.append(Reason("rival", "other", round(-rivalry, 2), _RIVAL))
    return tuple(sorted(told, key=lambda reason: (-abs(reason.weight), reason.field)))


def _words(term: Term) -> Words:
    field = _FIELDS[term.field]
    level = _LEVELS.get((term.field, term.level), Words(term.level, term.level))
    if term.field == "text":
        return Words(f"{field.zh}：{level.zh}（相似度{term.left}）", f"{field.en}: {level.en} (likeness {term.left})")
    if term.field == "crowd" or not (term.left or term.right):
        return Words(f"{field.zh}：{level.zh}", f"{field.en}: {level.en}")
    return Words(
        f"{field.zh}：{level.zh}（{term.left or '—'}｜{term.right or '—'}）",
        f"{field.en}: {level.en} ({term.left or '—'} | {term.right or '—'})",
    )
