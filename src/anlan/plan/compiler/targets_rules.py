"""A figure with its surroundings, and the rules that say why it is no target or why it is one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from anlan.foundation import quantities
from anlan.foundation.quantities import Comparator, Quantity
from anlan.plan.compiler import targets_words as words

_REACH = 60
_YEAR = re.compile("(?<![0-9较比在])(20[0-9]{2})年")
_COUNTS = frozenset({"count", "act", "thing", "people", "body", "animal", ""})
_BEINGS = frozenset({"people", "animal"})
_SIZES = frozenset({"area", "volume", "mass", "length", "money", "energy", "power", "level", "cargo"})
# The longest mark of a fact with what may stand between it and its figure.
_FACT_REACH = 16
# Units that houses are measured in; land that someone looks after has 亩 or 公顷.
_DWELLING = frozenset({"平方米", "平米", "㎡", "m2", "m²"})
_SENTENCE, _CLAUSE = re.compile("[。；！？]"), re.compile("[，：。；！？（）]")


@dataclass(slots=True)
class Site:
    """Figure with its surroundings: `lead` and `tail` to the next comma, `before` and `after` to the next full stop."""

    quantity: Quantity
    kind: str
    lead: str
    tail: str
    before: str
    after: str
    past: bool
    prefix: str = ""
    scored: bool = False

    @property
    def counts(self) -> bool:
        """True for count words, which measure nothing by themselves."""
        return self.kind in _COUNTS

    @property
    def prefixed(self) -> bool:
        """True where a comparator stands before the number."""
        return self.quantity.start < self.quantity.number_place.start

    @property
    def suffixed(self) -> bool:
        """True where a comparator stands behind the unit, as thresholds have it."""
        return self.quantity.end > self.quantity.unit_place.end > self.quantity.unit_place.start

    @property
    def stated(self) -> bool:
        """True where the text says how the figure binds."""
        return self.quantity.comparator is not Comparator.EQ or self.prefixed or self.suffixed

    @property
    def parted(self) -> bool:
        """True where other words stand between the comparator and the number: 不少于年用量的40%."""
        place = self.quantity.comparator_place
        return place is not None and place.end < self.quantity.start

    @property
    def moved(self) -> bool:
        """True where the figure ends a movement: 缩小到6公里."""
        return bool(words.MOVED_TO.fullmatch(self.prefix))

    @property
    def committed(self) -> bool:
        """True where a verb of commitment stands directly before the figure."""
        return bool(words.VERB_BEFORE.search(self.lead, max(0, len(self.lead) - words.NEAR)))


def survey(masked: str, text: str, quantity: Quantity, year: int | None, *, scored: bool = False) -> Site:
    """Surroundings of a figure within its sentence, at most 60 characters after and 120 before.

    Years are read in `text`, for the caller may have masked the dates; the last one before the figure counts.
    `scored` says that the text gives marks.
    """
    start, end = quantity.start, quantity.end
    before = _behind(masked[max(0, start - 2 * _REACH) : start], _SENTENCE)
    after = _ahead(masked[end : end + _REACH], _SENTENCE)
    return Site(
        quantity=quantity,
        kind=quantities.kind(quantity.unit),
        lead=_behind(before, _CLAUSE)[-_REACH:],
        tail=_ahead(after, _CLAUSE),
        before=before,
        after=after,
        past=_dated_back(before, text, quantity, year),
        prefix=masked[start : quantity.number_place.start],
        scored=scored,
    )


def _behind(text: str, marks: re.Pattern[str]) -> str:
    """What follows the last mark."""
    mark = marks.search(text[::-1])
    return text[len(text) - mark.start() :] if mark else text


def _ahead(text: str, marks: re.Pattern[str]) -> str:
    """What precedes the first mark."""
    mark = marks.search(text)
    return text[: mark.start()] if mark else text


def _dated_back(before: str, text: str, quantity: Quantity, year: int | None) -> bool:
    """True where the last date of the sentence before the figure lies behind the plan and nothing looks ahead."""
    start = quantity.start
    first = start - len(before)
    said = text[first:start]
    if not quantity.comparator_place and words.PERIOD.search(said):
        elapsed = words.ELAPSED.search(said)
        if elapsed and not words.AHEAD_AGAIN.search(said, elapsed.end()):
            return True
    if year is None or "20" not in said:
        return False
    years = [(int(m[1]), m.end()) for m in _YEAR.finditer(text, first, start)]
    if not years or years[-1][0] >= year:
        return False
    since = years[-1][1]
    return not words.AHEAD.search(before, since - first) and not words.DUE.search(text, since, start)


def _growth(site: Site) -> bool:
    """负增长 and 零增长 name a direction; the item prints no quantity."""
    return site.quantity.unit_place.start == site.quantity.unit_place.end and site.quantity.value == 0


def _baseline(site: Site) -> bool:
    """由30%提高到50%: the first figure is where it starts."""
    return bool(words.BASE_LINE.search(site.lead) and words.RISE.match(site.tail))


def _fact(site: Site) -> bool:
    """What was found, what exists, what has been done; 不低于 and 不超过 never report."""
    if words.FACT.search(site.lead, max(0, len(site.lead) - _FACT_REACH)) and not (
        site.prefixed and site.quantity.comparator is Comparator.LE
    ):
        return True
    if site.quantity.comparator in (Comparator.GE, Comparator.LE) and (site.prefix.startswith("不") or site.parted):
        return False
    if words.REST.search(site.lead):
        return False
    if words.PARTLY.match(site.after) or (words.EXISTING.search(site.lead) and not site.tail):
        return True
    governed = bool(words.OBJECT.search(site.lead) or words.DISTRIBUTED.search(site.tail[:24]))
    done = [m.end() for m in words.DONE.finditer(site.before) if not _closed(site, m.end(), governed)]
    if done and not words.AHEAD.search(site.before, done[-1]):
        return True
    return site.past


def _closed(site: Site, place: int, governed: bool) -> bool:
    """True where the mark of the past stands in a relative clause and does not reach the figure.

    对已销号的水体…，透明度不低于25厘米; 把去年发现的86亩撂荒地复耕到位, where 把 governs the figure.
    """
    clause = site.before[place:]
    stop = re.search("[，：]", clause)
    if stop:
        return bool(re.search("^[^，：]{1,12}的", clause[: stop.start()]))
    return governed and "的" in clause


def _rhythm(site: Site) -> bool:
    """每月1次 says how often, not how much, unless a comparator makes it a minimum."""
    proper = site.quantity.unit.partition("/")[0]
    return (
        proper in ("次", "轮", "回")
        and not site.stated
        and ("/" in site.quantity.unit or bool(words.RHYTHM.search(site.lead)))
        and not words.MOVED_EACH.search(site.lead)
    )


def _specification(site: Site) -> bool:
    """Width, distance and capacity of a thing: 3.8米直径, 周边500米, 30万千瓦机组."""
    if words.CLASSED.match(site.tail) or (site.kind == "mass" and words.PACKED.search(site.lead)):
        return True
    if site.kind in _SIZES and words.RATED.search(site.lead) and not site.committed:
        return True
    if site.kind in ("power", "mass", "cargo", "volume") and words.MODEL_AFTER.match(site.tail):
        return True
    if site.kind in ("volume", "energy", "power") and site.prefix.startswith("不") and words.CAPACITY.search(site.lead):
        return not site.committed
    if site.kind in ("area", "length", "volume") and words.APIECE.search(site.lead) and not site.committed:
        # 每个园区不小于300亩 is a floor that binds the doer; 每所60平方米以上 and 每户不超过120平方米 are sizes.
        return not (site.prefixed and site.quantity.comparator is Comparator.GE)
    if site.quantity.unit in _DWELLING and site.prefix.startswith(("不", "最")) and words.PER_HEAD.search(site.lead):
        return site.quantity.comparator is Comparator.LE
    if site.kind == "area" and site.lead.endswith(("面积均在", "面积均为", "面积约", "面积各")):
        return True
    if site.kind != "length":
        return False
    if "不小于" in site.prefix and site.quantity.unit == "米" and not words.LEVEL.search(site.lead):
        return True
    if words.DIMENSION.search(site.lead) and not words.LEVEL.search(site.lead) and not site.moved:
        return True
    if site.suffixed and not site.prefixed and site.quantity.comparator is Comparator.LE:
        return True
    return bool(words.EXTENT_AFTER.match(site.tail) or (words.EXTENT_BEFORE.search(site.lead) and not site.stated))


def _grant(site: Site) -> bool:
    """Money that is given, capped or fined by rule; money to be raised or spent is a target."""
    if site.kind != "money":
        return False
    if words.RAISED.search(site.lead) or words.EARNED.search(site.lead):
        return False
    if site.prefix.startswith(("提高", "提升", "增加")):
        return False
    if site.prefixed and site.lead.endswith("标准"):
        return False
    if site.lead.endswith(("标准", "标准为")):
        return True
    if site.quantity.comparator is Comparator.LE and words.FEE.search(site.lead) and not site.suffixed:
        return bool(words.GRANT_NEAR.match(site.after))
    if words.GRANT_NEAR.match(site.after):
        return True
    if not words.GRANT.search(site.before):
        return False
    return not words.BUDGET.search(site.lead) or bool(words.AWARDED.search(site.lead))


def _rate(site: Site) -> bool:
    """Rates by which something is granted, charged or shared; the rate of a sample is a target."""
    if site.kind not in ("ratio", "points", "times"):
        return False
    if words.SAMPLING.search(site.lead) or words.SAMPLING.search(site.tail):
        return False
    if site.prefixed and words.BY.search(site.lead) and not words.GRANT.search(site.tail):
        # 按照不低于20%的比例配建 binds the doer; the same with 给予补助 binds the payer.
        return site.quantity.comparator is not Comparator.GE
    if site.quantity.value != 100 and words.PAID.search(site.lead):
        return True
    if words.COST_OF_LOANS.search(site.lead) or words.RATE_OF_WORK.search(site.lead):
        return False
    if words.BUILT_BY.match(site.tail):
        return False
    if words.COVERED.search(site.lead) and not site.stated:
        return True
    return bool(words.RATE.search(site.lead) or words.GRANT_NEAR.match(site.tail))


def _condition(site: Site) -> bool:
    """每新增1家…, 超过3次的，…: what follows is the rule's consequence."""
    if words.CONDITION.search(site.lead) or words.AFTER_CONDITION.match(site.tail) or words.WHEN.match(site.tail):
        return True
    if site.quantity.unit.endswith("瓦时") and words.LOAD.search(site.lead):
        # 负荷超过90万千瓦时: 时 belongs to the condition, not to the unit.
        return True
    if not site.stated and words.BY_EACH.search(site.lead):
        return True
    if site.suffixed and site.tail.startswith("的") and words.DEVIATION.search(site.lead):
        return True
    if site.stated and site.kind in _SIZES and words.COORDINATED.match(site.after):
        return True
    if words.CLAUSE_CONDITION.match(site.after) or _short_of(site):
        return True
    return site.tail.startswith(("且", "或者", "并且")) and site.suffixed and "的" in site.tail


def _short_of(site: Site) -> bool:
    """整改率低于80%的县 and 超过3次的单位 name whom a measure is for; with a verb (设立超过1亿元的基金) they commit."""
    if not (site.prefixed or site.parted) or site.quantity.comparator not in (Comparator.LT, Comparator.GT):
        return False
    if words.RATE_HEAD.match(site.tail) or not re.match("的?[一-龥]", site.tail):
        return False
    if site.tail.startswith("的") and site.kind in ("ratio", "points", "times"):
        return True
    if not site.tail.startswith("的"):
        return site.kind in ("ratio", "points") and bool(
            words.OWNED.match(site.tail) or words.BODY_AHEAD.match(site.tail)
        )
    return site.quantity.comparator is Comparator.LT or not words.LONG_VERB.search(site.lead)


def _scoring(site: Site) -> bool:
    """Grades of a scheme of scores, and the samples that it takes: 低于85%不得分, 现场抽查3个村."""
    if words.SCORED.match(site.tail):
        return True
    return site.scored and site.counts and bool(words.LOOKED_AT.search(site.lead)) and "每" not in site.lead


def _threshold(site: Site) -> bool:
    """Size of the thing that the next words name: 200亩以上的示范园, 2000万元以上企业, 低于3万元企业."""
    tail = site.tail
    if site.prefixed and site.kind in _SIZES and words.OWNED.match(tail):
        return True
    if site.suffixed and site.kind in _SIZES and _served(site):
        return True
    if words.RATE_HEAD.match(tail) or (site.kind == "money" and words.FUND.match(tail)):
        return False
    attributive = tail.startswith("的")
    bounded = site.suffixed and site.quantity.comparator in (Comparator.GE, Comparator.LE)
    if not attributive and not (bounded and _names(tail)):
        # 单个项目投资5000万元、面积20亩的…: the size ends in 的 a little later.
        return bool(words.SIZE_HEAD.search(site.lead) and re.match("[、和且或及][^，。]{0,14}以上的?[一-龥]", tail))
    if words.SIZE_HEAD.search(site.lead):
        return True
    if site.kind == "ratio":
        return bool(words.OWNER.match(tail)) and not site.committed
    if site.kind == "money":
        return True
    if site.counts and site.kind not in _BEINGS:
        return not (site.committed or (not attributive and words.LONG_VERB.search(site.lead)))
    if not site.committed:
        return True
    return attributive and site.kind not in ("area", "act")


def _served(site: Site) -> bool:
    """True where the size is that of a party that something is done for, or of what the next figure counts.

    对连片造林300亩以上的经营主体给予贴息; 新建50亩以上茶园5个.
    """
    if site.tail.startswith("的") and words.OWNER.match(site.tail) and words.FOR.match(site.lead):
        return True
    return bool(words.COUNTED_NEXT.match(site.tail))


def _names(tail: str) -> bool:
    """True where the text after 以上 goes on with a noun, not with a conjunction or a predicate."""
    return bool(re.match(r"[一-龥“A-Z]", tail)) and not re.match(
        "[并且和与及或的，]|以[及上]|达到|实现|完成|纳入|建立|得到|通过|用于|进行|开展", tail
    )


def _heading(site: Site) -> bool:
    """Counts of headings and of the addressees: 3个方面, 全区12个乡镇, A、B等3个部门."""
    if site.kind not in ("count", "act", "body", "thing") or words.REST.search(site.lead):
        return False
    if (words.STRUCTURE.match(site.tail) and not site.suffixed) or (
        site.lead.endswith("等") and words.ECHO.match(site.tail)
    ):
        return True
    if (
        words.RELIED_ON.search(site.lead)
        or words.EACH_TIME.search(site.lead)
        or (site.quantity.unit == "份" and words.IMPRINT.search(site.lead))
    ):
        return True
    if site.kind == "count" and site.lead.endswith(("围绕", "聚焦", "突出", "紧扣", "坚持", "抓住", "把握")):
        return True
    return bool(words.WHOLE.search(site.lead) and words.TERRITORY.match(site.tail))


def _gang(site: Site) -> bool:
    """由2名以上执法人员: who must be present at an act."""
    return site.kind == "people" and site.lead.endswith(("由", "经"))


def _time(site: Site) -> bool:
    """Durations are no amounts, save the time that a service may take or that something is done for.

    办理时间压缩至3个工作日 and 志愿服务时间不少于4小时 commit; 公示不少于7天 and 停产超过6个月 do not.
    """
    if site.kind == "age":
        return not words.AGES.search(site.lead)
    if site.kind != "time" or site.quantity.unit == "年":
        return False
    q = site.quantity
    if words.STOCK_AFTER.match(site.tail):
        return not words.STOCK.search(site.lead)
    if words.TERM.search(site.lead[-24:]) or site.tail.startswith(("内", "的", "前", "以前", "后")):
        return True
    if site.suffixed and q.comparator is Comparator.LE and words.TAKEN.search(site.lead):
        return False
    if not site.prefixed:
        return "天数" not in site.lead and not (
            words.SHORTENED.search(site.lead) and words.DURATION.search(site.lead) and not site.suffixed
        )
    if q.comparator in (Comparator.LE, Comparator.LT) or (q.comparator is Comparator.EQ and not site.suffixed):
        return False
    if q.comparator is Comparator.RANGE:
        return not words.DURATION.search(site.lead)
    if q.comparator is Comparator.GT and site.prefix != "突破":
        return True
    return not (words.SPENT.search(site.lead) or words.DURATION.search(site.before))


def _plain(site: Site) -> bool:
    """A number without a unit is an amount only of what has none: ratios, coefficients, indices."""
    q = site.quantity
    return not q.unit and not q.spelled and not words.RATIO.search(site.lead)


REJECT: tuple[Callable[[Site], bool], ...] = (
    _growth,
    _baseline,
    _fact,
    _rhythm,
    _specification,
    _grant,
    _rate,
    _condition,
    _scoring,
    _threshold,
    _heading,
    _gang,
    _time,
    _plain,
)


def counted(site: Site, listed: bool) -> bool:
    """True where a count word stands in a commitment; `listed` says that a target precedes it in the sentence."""
    if site.stated or listed or site.committed or words.LONG_VERB.search(site.lead):
        return True
    if words.REST.search(site.lead) or (words.OBJECT.search(site.lead) and not words.PUNISHED.search(site.tail)):
        return True
    if words.LONG_VERB.search(site.tail[:24]) or words.DISTRIBUTED.search(site.tail[:24]):
        return True
    # A noun before and nothing or the next figure behind: 标志牌360块, 河流45条1200公里.
    return (not site.tail or site.tail[0] in "、0123456789") and bool(re.search("[一-龥□）]$", site.lead))


def spelled_out(site: Site) -> bool:
    """True where Chinese numerals mean an amount: 百分之九十以上, 新建两座泵站, but not 一批 or 两个市场."""
    q = site.quantity
    if isinstance(q.value, tuple):
        return not site.counts and bool(words.LONG_VERB.search(site.lead))
    if site.kind in ("count", "act", "") and q.unit:
        return site.prefixed and q.comparator is not Comparator.EQ
    if site.kind == "ratio" or not q.unit or site.kind in ("times", "points"):
        return site.stated or bool(site.lead)
    if q.value < Decimal(2):
        return site.prefixed and q.comparator is not Comparator.EQ
    # 三方, 两度 and 一里 are words; with a scale or two characters the unit is one.
    if not site.counts and len(q.unit) == 1 and q.unit not in "亩吨":
        return False
    return site.committed or (not site.counts and (site.stated or bool(words.LONG_VERB.search(site.lead))))
